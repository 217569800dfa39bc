"""How fast a record is proved: its chains verified, its tables rebuilt and compared.

Chains: 2,000 accounts of 30 events as long as real ones, read from the database, hashed, chained,
compared with their columns and their anchors (``record/verify_chains.py``). Tables: the
demonstration office, with the real projectors of every app (``record/rebuild_demo.py``). Events per
second of processor time, the best of a few runs.

Usage: ``./dev bench record``; ``python benchmarks/bench_record.py --office FOLDER`` takes the data
folder of a demonstration office that was made before.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.longer import keep

HERE = Path(__file__).resolve().parent


def printed(script: str, env: dict[str, str]) -> dict[str, Any]:
    """Run a script of ``record/`` and return the figures of its last line."""
    command = [sys.executable, str(HERE / "record" / script)]
    done = subprocess.run(command, env=env, check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def main() -> int:
    """Measure; return 1 when a bar does not hold."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("GREENLANE_")}
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--office", help="data folder of an office that is there")
    chosen = parser.parse_args()
    chains = printed("verify_chains.py", kept)
    with tempfile.TemporaryDirectory() as folder:
        env = {**kept, "GREENLANE_DEMO": "yes", "GREENLANE_DATA_DIR": chosen.office or folder}
        if not chosen.office:
            build = [sys.executable, "-m", "greenlane", "demo", "--no-serve"]
            subprocess.run(build, env=env, check=True, stdout=subprocess.DEVNULL)
        tables = printed("rebuild_demo.py", env)
    holds = all(one["events_per_cpu_second"] >= one["bar"] for one in (chains, tables))
    keep("record", {"database": "sqlite", "chains": chains, "tables": tables, "holds": holds})
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
