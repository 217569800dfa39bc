"""Name screening beside its peers, on the same labelled names, in one run.

Quality (F1; recall at 1, 5 and 10 % false alerts with intervals; every class of variation; the
hand-labelled pairs), queries per CPU-second over 60,000 queries, one explained query's p50 and p99,
memory over a process that only imported its libraries, and the time to build. Each engine runs in a
process of its own, one after another; run it alone on the machine: ``./dev bench screening``.

Peers are those that are installed here (``requirements/bench.in``) or in the environment whose
Python ``GREENLANE_BENCH_PEERS`` names; one that is not is reported so. Words choose engines, whose
figures then replace those of the earlier run.
Figures go to ``benchmarks/results/screening.json``; the rules are in ``screening/labelled.py``.
Re-screening by change and the cluster are measured by the two benchmarks beside this one.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks import longer
from benchmarks.screening.engine_peers import ENGINES
from benchmarks.screening.labelled import matching_folder

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "benchmarks" / "results"
BARS = {
    "queries_per_cpu_s": 25_000,
    "f1": 0.93,
    "recall at 1 %": 0.75,
    "recall at 5 %": 0.88,
    "real_alias at 5 %": 0.82,
    "hand_labelled_f1": 0.87,
    "memory_mb": 150,
    "build_cpu_s": 3,
    "explained p50_ms": 1,
    "explained p99_ms": 3,
    "explained over plain": 2,
}


def _run(python: str, module: str, *words: str) -> dict[str, Any]:
    done = subprocess.run(
        [python, "-m", f"benchmarks.screening.{module}", *words],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'src'}"},
    )
    if done.returncode:
        return {"engine": words[0] if words else module, "failed": done.stderr.strip()[-400:]}
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def _has(python: str, library: str) -> bool:
    code = f"import importlib.util, sys; sys.exit(importlib.util.find_spec({library!r}) is None)"
    return subprocess.run([python, "-c", code], check=False).returncode == 0


def _row(found: dict[str, Any]) -> str:
    if "quality" not in found:
        return f"{found['engine']:<40} {found.get('failed') or found.get('skipped')}"
    good, hand = found["quality"], found["hand_labelled"]
    at = good["recall_at"]
    return (
        f"{found['engine']:<40}{found['queries_per_cpu_s']:>9,.0f}{good['f1']:>8.3f}"
        f"{at['0.01']['recall']:>8.3f}{at['0.05']['recall']:>8.3f}"
        f"{good['classes']['+real_alias']['share']:>8.3f}{hand['f1']:>8.3f}"
        f"{found['memory_mb']:>8.0f}{found['build_cpu_s']:>7.1f}"
    )


def _held(found: dict[str, Any]) -> dict[str, bool]:
    """Return which bars hold."""
    good, explained = found["quality"], found["explained"]
    values = {
        "queries_per_cpu_s": found["queries_per_cpu_s"],
        "f1": good["f1"],
        "recall at 1 %": good["recall_at"]["0.01"]["recall"],
        "recall at 5 %": good["recall_at"]["0.05"]["recall"],
        "real_alias at 5 %": good["classes"]["+real_alias"]["share"],
        "hand_labelled_f1": found["hand_labelled"]["f1"],
        "memory_mb": found["memory_mb"],
        "build_cpu_s": found["build_cpu_s"],
        "explained p50_ms": explained["p50_ms"],
        "explained p99_ms": explained["p99_ms"],
        "explained over plain": explained["cpu_of_explained_over_plain"],
    }
    at_most = {
        "memory_mb", "build_cpu_s", "explained p50_ms", "explained p99_ms", "explained over plain"
    }  # fmt: skip
    return {
        name: values[name] <= bar if name in at_most else values[name] >= bar
        for name, bar in BARS.items()
    }


def main() -> None:
    """Measure, print a table, write the figures."""
    if not matching_folder().is_dir():
        print("Skipped: the shared data is not on this machine.")
        return
    count = os.environ.get("GREENLANE_BENCH_QUERIES", "60000")
    peers = os.environ.get("GREENLANE_BENCH_PEERS", sys.executable)
    named = [word for word in sys.argv[1:] if not word.startswith("-")]
    results: dict[str, dict[str, Any]] = {}
    title = f"{'engine':<40}{'q/cpu-s':>9}{'F1':>8}{'R@1%':>8}{'R@5%':>8}{'alias':>8}{'hand':>8}"
    print(f"{title}{'MB':>8}{'build':>7}", flush=True)

    def keep(key: str, found: dict[str, Any]) -> None:
        found |= longer.measured_here()
        results[key] = found
        print(_row(found), flush=True)

    own: dict[str, Any] = {}
    if not named or "greenlane" in named:
        own = _run(sys.executable, "engine_greenlane", count)
        if "failed" not in own:
            own |= _run(sys.executable, "engine_greenlane", "--compile")
            own["bars"] = _held(own)
        keep("greenlane", own)
    for name, (library, _) in ENGINES.items():
        if named and name not in named:
            continue
        if _has(peers, library):
            keep(name, _run(peers, "engine_peers", name, count))
        else:
            keep(name, {"engine": name, "skipped": f"{library} is not installed"})
    path = RESULTS / "screening.json"
    earlier = json.loads(path.read_text())["engines"] if named and path.is_file() else {}
    longer.keep("screening", {"bars": BARS, "engines": {**earlier, **results}})
    for name, holds in own.get("bars", {}).items():
        print(f"{'holds' if holds else 'MISSED':>7}  {name} (bar {BARS[name]:,})")


if __name__ == "__main__":
    main()
