"""Fuzz every list reader for a while each; coverage-guided where atheris is installed.

``GREENLANE_FUZZ_SECONDS`` sets the time per reader (600 by default). Writes what it did to
``benchmarks/results/fuzz_lists.json`` and ends with 1 where anything was found.
"""

from __future__ import annotations

import importlib.util
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
import traceback
from pathlib import Path

from tests.fuzz.screening.list_fuzzing import TARGETS, Target, mutate, one

RESULTS = Path(__file__).resolve().parent / "results"
SLOWEST_SECONDS = 5.0
"""CPU time that no single small input may take."""


def fuzz(target: Target, seconds: float, seed: int) -> dict[str, object]:
    """Mutate for a while; mutants that give parties become samples themselves."""
    chance = random.Random(seed)
    pool = [target.sample]
    end = time.monotonic() + seconds
    done = 0
    slowest = 0.0
    while time.monotonic() < end:
        content = mutate(chance, chance.choice(pool))
        begin = time.process_time()
        try:
            count = one(target, content)
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


def guided(target: Target, seconds: int) -> dict[str, object] | None:
    """Run atheris in a process of its own; ``None`` where it is not installed."""
    code = (
        "import sys, atheris\n"
        "with atheris.instrument_imports(include=['greenlane.screening.formats']):\n"
        "    from tests.fuzz.screening.list_fuzzing import TARGETS, one\n"
        f"target = next(t for t in TARGETS if t.name == {target.name!r})\n"
        "atheris.Setup(sys.argv, lambda content: one(target, content) and None)\n"
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
    ]
    with tempfile.TemporaryDirectory() as corpus:
        (Path(corpus) / "sample").write_bytes(target.sample)
        done = subprocess.run(
            [sys.executable, "-c", code, *words, corpus],
            capture_output=True,
            text=True,
            check=False,
        )
    tail = done.stderr[-700:]
    return {"guided": tail} if done.returncode == 0 else {"finding": tail}


def main() -> int:
    """Fuzz the named readers, or all; return 1 where anything was found."""
    seconds = float(os.environ.get("GREENLANE_FUZZ_SECONDS", "600"))
    named = [word for word in sys.argv[1:] if not word.startswith("-")]
    results: dict[str, object] = {}
    has_found = False
    for target in TARGETS:
        if named and target.name not in named:
            continue
        found = guided(target, int(seconds)) or fuzz(target, seconds, seed=int(time.time()))
        results[target.name] = found
        has_found = has_found or "finding" in found
        print(f"{target.name}: {found}", flush=True)
    RESULTS.mkdir(exist_ok=True)
    text = json.dumps({"seconds_each": seconds, "readers": results}, indent=1)
    (RESULTS / "fuzz_lists.json").write_text(text + "\n")
    return int(has_found)


if __name__ == "__main__":
    sys.exit(main())
