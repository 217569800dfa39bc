"""Fuzz every list reader and the normalizer for a while each; guided where atheris is installed.

``GREENLANE_FUZZ_SECONDS`` sets the time for each (600 by default); words choose some. The
normalizer is done twice: compiled, and as plain Python, which notices an index out of bounds.
Adds what it did to ``benchmarks/results/fuzz_lists.json`` and ends with 1 where anything was found.
"""

from __future__ import annotations

import importlib.util
import json
import os
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
import traceback
from pathlib import Path

from benchmarks import longer
from tests.fuzz.screening.list_fuzzing import TARGETS, Target, mutate
from tests.fuzz.screening.name_fuzzing import NORMALIZER, NameTarget

EVERYTHING: tuple[Target | NameTarget, ...] = (*TARGETS, NORMALIZER)
PLAIN = "normalizer_plain"
"""The normalizer without its compiler: a process of its own."""
RESULTS = Path(__file__).resolve().parent / "results"
SLOWEST_SECONDS = 5.0
"""CPU time that no single small input may take."""


def fuzz(target: Target | NameTarget, seconds: float, seed: int) -> dict[str, object]:
    """Mutate for a while; mutants that give parties become samples themselves."""
    chance = random.Random(seed)
    pool = [target.sample]
    target.check(target.sample)  # where nothing is cached this compiles, which no input shall pay
    end = time.monotonic() + seconds
    done = 0
    slowest = 0.0
    while time.monotonic() < end:
        content = mutate(chance, chance.choice(pool))
        begin = time.process_time()
        try:
            count = target.check(content)
        except Exception:  # noqa: BLE001 - every exception is a finding
            RESULTS.mkdir(exist_ok=True)
            path = RESULTS / f"fuzz-{target.name}-{seed}-{done}.bin"
            path.write_bytes(content)
            return {"inputs": done, "finding": traceback.format_exc(), "input": path.name}
        taken = time.process_time() - begin
        slowest = max(slowest, taken)
        if taken > SLOWEST_SECONDS:
            RESULTS.mkdir(exist_ok=True)
            path = RESULTS / f"fuzz-{target.name}-{seed}-{done}.bin"
            path.write_bytes(content)
            return {"inputs": done, "finding": f"{taken:.1f} CPU-s", "input": path.name}
        done += 1
        if count and len(content) < 20_000 and chance.random() < 0.02:
            pool = [target.sample, *pool[-40:], content]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return {"inputs": done, "slowest_cpu_s": round(slowest, 3), "peak_mb": peak}


def guided(target: Target | NameTarget, seconds: int) -> dict[str, object] | None:
    """Run atheris in a process of its own; ``None`` where it is not installed."""
    code = (
        "import sys, atheris\n"
        "with atheris.instrument_imports(include=['greenlane.screening.formats']):\n"
        "    from benchmarks.long_fuzz_lists import EVERYTHING\n"
        f"target = next(t for t in EVERYTHING if t.name == {target.name!r})\n"
        "atheris.Setup(sys.argv, lambda content: target.check(content) and None)\n"
        "atheris.Fuzz()\n"
    )
    if importlib.util.find_spec("atheris") is None:
        return None
    words = [
        f"-max_total_time={seconds}",
        "-max_len=65536",
        "-rss_limit_mb=600",
        "-timeout=10",
        "-print_final_stats=1",
        f"-artifact_prefix={RESULTS}/fuzz-{target.name}-",
    ]
    with tempfile.TemporaryDirectory() as corpus:
        (Path(corpus) / "sample").write_bytes(target.sample)
        done = subprocess.run(
            [sys.executable, "-c", code, *words, corpus],
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode:
        return {"finding": done.stderr[-2_000:]}
    told = {key: int(value) for key, value in re.findall(r"stat::(\w+):\s+(\d+)", done.stderr)}
    return {
        "inputs": told.get("number_of_executed_units", 0),
        "kept_for_new_paths": told.get("new_units_added", 0),
        "slowest_s": told.get("slowest_unit_time_sec", 0),
        "peak_mb": told.get("peak_rss_mb", 0),
        "is_guided": True,
    }


def plain(seconds: float) -> dict[str, object]:
    """Fuzz the normalizer in a process where nothing is compiled."""
    code = (
        "import json, sys\n"
        "from benchmarks.long_fuzz_lists import NORMALIZER, fuzz\n"
        "print(json.dumps(fuzz(NORMALIZER, float(sys.argv[1]), int(sys.argv[2]))))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(seconds), str(int(time.time()))],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "GREENLANE_SCREENING_COMPILED": "0"},
    )
    if done.returncode:
        return {"finding": done.stderr[-2_000:]}
    found: dict[str, object] = json.loads(done.stdout)
    return found


def keep(name: str, found: dict[str, object]) -> None:
    """Put one target's outcome among those of earlier runs."""
    path = RESULTS / "fuzz_lists.json"
    results = json.loads(path.read_text())["targets"] if path.is_file() else {}
    results[name] = found | longer.measured_here()
    longer.keep("fuzz_lists", {"targets": dict(sorted(results.items()))})


def main() -> int:
    """Fuzz the named targets, or all; return 1 where anything was found."""
    seconds = float(os.environ.get("GREENLANE_FUZZ_SECONDS", "600"))
    named = [word for word in sys.argv[1:] if not word.startswith("-")]
    has_found = False
    for name in [*(target.name for target in EVERYTHING), PLAIN]:
        if named and name not in named:
            continue
        if name == PLAIN:
            found = plain(seconds)
        else:
            target = next(one for one in EVERYTHING if one.name == name)
            # what atheris writes into functions cannot be compiled: the normalizer goes unguided
            is_reader = isinstance(target, Target)
            found = (guided(target, int(seconds)) if is_reader else None) or fuzz(
                target, seconds, seed=int(time.time())
            )
        found["seconds"] = seconds
        has_found = has_found or "finding" in found
        print(f"{name}: {found}", flush=True)
        keep(name, found)
    return int(has_found)


if __name__ == "__main__":
    sys.exit(main())
