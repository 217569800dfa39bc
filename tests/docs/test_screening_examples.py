"""The examples of the screening reference run as they stand there, one after another."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "screening.md"


def test_the_examples_of_the_screening_reference_run(tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text('entity_id,name\ne1,"VARNHOLM, Rasmus"\n', "utf-8")
    (tmp_path / "parties.csv").write_text("subject_id,name\nM-17,Rasmus Varnholm\n", "utf-8")
    blocks = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    program = "\n".join(["from datetime import date", *blocks])
    program = program.replace('"un-sc", [Path("consolidated.xml")]', '"own", [Path("own.csv")]')
    program = program.replace("parties.parquet", "parties.csv")

    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert "ALERT" in done.stdout
    assert "own-e1" in (tmp_path / "hits.csv").read_text("utf-8")
