"""How long the packs take to be read and checked; bar for the pack of CTPAT: 1.5 seconds.

Each round is a fresh process that does what ``greenlane pack check`` does: it reads and checks the
rules, every edition of the criteria, the crosswalk and every scenario, and plays these. Starting
Python and importing the package are told apart, since every command pays for them.

Usage: ``./dev bench packs``. ``GREENLANE_PACKS_TIMES`` sets how often.
"""

from __future__ import annotations

import contextlib
import json
import os
import statistics
import subprocess
import sys
import time
from time import perf_counter, process_time

ROUNDS, BAR_SECONDS = 9, 1.5
NAMES = ("ctpat", "wco-safe", "supplier-program")


def read_and_checked(name: str) -> dict[str, float]:
    """Read and check one pack in this process; return seconds: whole by the wall, parts by CPU."""
    began, began_wall = process_time(), perf_counter()
    from greenlane.content.criteria_files import load_editions
    from greenlane.content.crosswalk_files import NoCrosswalk, load_crosswalk
    from greenlane.content.packs import pack_dir, read_program
    from greenlane.content.scenario_files import read_scenario
    from greenlane.core.scenario import run

    imported, imported_wall = process_time(), perf_counter()
    folder = pack_dir(name)
    program = read_program(folder)
    rules = process_time()
    editions = load_editions(folder)
    with contextlib.suppress(NoCrosswalk):
        load_crosswalk(folder, editions)
    criteria = process_time()
    stories = [read_scenario(path) for path in sorted((folder / "scenarios").rglob("*.yaml"))]
    if any(run(program, story).failures for story in stories):
        raise SystemExit(f"A scenario of {name} fails; see: greenlane pack check {name}")
    played = process_time()
    return {
        "start_seconds": imported_wall - began_wall,
        "seconds": perf_counter() - imported_wall,
        "cpu_seconds": played - imported,
        "cpu_rules": rules - imported,
        "cpu_criteria": criteria - rules,
        "cpu_scenarios": played - criteria,
        "cpu_start": imported - began,
    }


def measured(name: str, rounds: int) -> dict[str, object]:
    """Return the medians of ``rounds`` fresh processes."""
    runs, whole = [], []
    for _ in range(rounds):
        began = time.perf_counter()
        done = subprocess.run(
            [sys.executable, __file__, "--one", name], stdout=subprocess.PIPE, check=True
        )
        whole.append(time.perf_counter() - began)
        runs.append(json.loads(done.stdout))
    figures: dict[str, object] = {
        key: round(statistics.median(run[key] for run in runs), 3) for key in runs[0]
    }
    return {"n": rounds, **figures, "whole_process_seconds": round(statistics.median(whole), 3)}


def main() -> int:
    """Measure; return 1 when the bar does not hold."""
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(read_and_checked(sys.argv[2])))
        return 0
    from benchmarks.longer import keep, times

    rounds = times("GREENLANE_PACKS_TIMES", ROUNDS)
    load = round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None
    found = {name: measured(name, rounds) for name in NAMES}
    holds = float(str(found["ctpat"]["seconds"])) <= BAR_SECONDS
    figures = {"load_before": load, "bar_seconds": BAR_SECONDS, "packs": found, "holds": holds}
    keep("packs", figures)
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
