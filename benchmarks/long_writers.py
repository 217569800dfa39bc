"""Eight writers for a minute on each database there is: none lost, none doubled.

Runs ``record/writers.py`` on SQLite, and on PostgreSQL when there is a server, and keeps throughput
and the longest wait with what a commit means there. The server of ``./dev long`` writes through to
the disk (``fsync``), as an office's does.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks.longer import databases, keep

SCRIPT = Path(__file__).resolve().parent / "record" / "writers.py"


def main() -> int:
    """Write; return 1 when an act was lost or doubled anywhere."""
    worst = 0
    for kind, given in databases().items():
        if len(sys.argv) > 1 and kind not in sys.argv[1:]:
            continue
        command = [sys.executable, str(SCRIPT)]
        env = {**os.environ, **given}
        done = subprocess.run(command, env=env, stdout=subprocess.PIPE, text=True, check=False)
        worst = max(worst, done.returncode)
        figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        keep(f"writers_{kind}", {**figures, "benchmark": f"writers_{kind}"})
    return worst


if __name__ == "__main__":
    raise SystemExit(main())
