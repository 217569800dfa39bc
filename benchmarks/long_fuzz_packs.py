"""Packs, criteria and OSCAL files damaged 10,000 times each: refused, or read as another program.

``GREENLANE_FUZZ`` sets how often a pack is damaged, ``GREENLANE_FUZZ_ROUNDS`` how often criteria
and OSCAL files are; see ``tests/fuzz/packs``. A round costs 36 ms for a pack, 63 ms for criteria
and 7 ms for OSCAL, so 10,000 of each are some 18 minutes of one core; two run at a time.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from benchmarks.longer import WITHOUT_DJANGO, keep, ran, times

# The longest first, so that the two that run at a time end together.
TESTS = ("test_criteria_fuzz", "test_pack_fuzz", "test_oscal_fuzz")
AT_A_TIME = 2


def main() -> int:
    """Damage; return 1 when a loader crashed or took a damage for the whole."""
    packs, files = times("GREENLANE_FUZZ", 10_000), times("GREENLANE_FUZZ_ROUNDS", 10_000)
    given = {"GREENLANE_FUZZ": str(packs), "GREENLANE_FUZZ_ROUNDS": str(files)}

    def run(name: str) -> dict[str, object]:
        return ran([*WITHOUT_DJANGO, f"tests/fuzz/packs/{name}.py"], given)

    with ThreadPoolExecutor(AT_A_TIME) as pool:
        runs = dict(zip(TESTS, pool.map(run, TESTS), strict=True))
    holds = all(one["holds"] for one in runs.values())
    keep("fuzz_packs", {"packs": packs, "files": files, "runs": runs, "holds": holds})
    return 0 if holds else 1


if __name__ == "__main__":
    raise SystemExit(main())
