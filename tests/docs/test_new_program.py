"""The how-to for a new program: every command in it is run, in its order, by a shell."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "how-to" / "new-program.md"
BLOCK = re.compile(r"```sh\n(.*?)```", re.DOTALL)


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Let a shell find the commands, and nothing of this machine's own installation."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("GREENLANE_")}
    return {
        **kept,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{kept['PATH']}",
        "PYTHONWARNINGS": "ignore",
    }


def test_every_command_of_the_page_works(tmp_path: Path, environment: dict[str, str]) -> None:
    blocks = BLOCK.findall(PAGE.read_text(encoding="utf-8"))
    # The server runs until it is ended; that it starts at all is enough here.
    told = "".join(blocks).replace(
        "greenlane serve\n",
        "greenlane serve --port 58731 --workers 1 --no-worker & server=$!\n"
        "for _ in $(seq 60); do sleep 0.5\n"
        "  python -c 'import urllib.request as r; "
        'print(r.urlopen("http://127.0.0.1:58731/").status)\' && break\n'
        "done 2>/dev/null\n"
        "kill $server; wait $server || true\n",
    )

    done = subprocess.run(
        ["bash", "-euc", told],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("harbor 0.1: ") == 2
    assert done.stdout.count(": sound") == 2
    assert "harbor is started here." in done.stdout
    assert done.stdout.count("http://localhost:8000/accounts/password/reset/key/") == 4
    assert "\n200\n" in done.stdout


def test_the_page_names_files_roles_and_pages_that_there_are() -> None:
    text = PAGE.read_text(encoding="utf-8")
    skeleton = ROOT / "src" / "greenlane" / "content" / "skeleton"

    named = re.findall(r"`([a-z]+\.yaml|transitions/|editions/1/)`", text)
    missing = [name for name in named if not (skeleton / name).exists()]

    assert named
    assert missing == []
