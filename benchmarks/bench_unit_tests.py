"""How long the unit tests take, run as ``./dev test`` runs them; bar: ten seconds.

Wall time and processor time of pytest and its workers, the least of two runs: the first one
compiles what has changed.

Usage: ``./dev bench unit_tests``.
"""

from __future__ import annotations

import os
import re
import resource
import subprocess
import sys
import time

from benchmarks.longer import ROOT, WITHOUT_DJANGO, keep

BAR_SECONDS, RUNS = 10.0, 2


def spent() -> float:
    """Return the processor seconds of all children that ended."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return ended.ru_utime + ended.ru_stime


def main() -> int:
    """Measure; return 1 when the bar does not hold."""
    workers = min(2, os.cpu_count() or 1)
    command = [sys.executable, "-m", "pytest", "-q", *WITHOUT_DJANGO, "tests/unit"]
    command += ["-p", "no:hypothesispytest", "-p", "no:anyio"]
    command += ["-n", str(workers), "--dist", "loadscope"]
    # As ./dev has it: compiled once for all runs, yet outside the tree.
    env = {**os.environ, "GREENLANE_SCREENING_COMPILED": "0"}
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    env["PYTHONPYCACHEPREFIX"] = str(ROOT / ".dev" / "bytecode")
    found: list[tuple[float, float, str]] = []
    for _ in range(RUNS):
        began, before = time.monotonic(), spent()
        done = subprocess.run(
            command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True, check=False
        )
        seconds = time.monotonic() - began
        found.append((seconds, spent() - before, done.stdout.splitlines()[-1]))
        assert done.returncode == 0, found[-1]
    seconds, cpu_seconds, line = min(found)
    counts = {name: int(count) for count, name in re.findall(r"(\d+) (\w+)", line)}
    figures = {
        "tests": counts.get("passed", 0),
        "skipped": counts.get("skipped", 0),
        "workers": workers,
        "seconds": round(seconds, 1),
        "cpu_seconds": round(cpu_seconds, 1),
        "bar_seconds": BAR_SECONDS,
        "holds": seconds <= BAR_SECONDS,
    }
    keep("unit_tests", figures)
    return 0 if figures["holds"] else 1


if __name__ == "__main__":
    sys.exit(main())
