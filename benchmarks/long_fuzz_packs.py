"""Packs, criteria and OSCAL files damaged 10,000 times each: refused, or read as another program.

``GREENLANE_FUZZ`` sets how often a pack is damaged, ``GREENLANE_FUZZ_ROUNDS`` how often criteria
and OSCAL files are; see ``tests/fuzz/packs``.
"""

from __future__ import annotations

from benchmarks.longer import WITHOUT_DJANGO, keep, ran, times

TESTS = ("test_pack_fuzz", "test_criteria_fuzz", "test_oscal_fuzz")


def main() -> int:
    """Damage; return 1 when a loader crashed or took a damage for the whole."""
    packs, files = times("GREENLANE_FUZZ", 10_000), times("GREENLANE_FUZZ_ROUNDS", 10_000)
    given = {"GREENLANE_FUZZ": str(packs), "GREENLANE_FUZZ_ROUNDS": str(files)}
    runs = {name: ran([*WITHOUT_DJANGO, f"tests/fuzz/packs/{name}.py"], given) for name in TESTS}
    holds = all(one["holds"] for one in runs.values())
    keep("fuzz_packs", {"packs": packs, "files": files, "runs": runs, "holds": holds})
    return 0 if holds else 1


if __name__ == "__main__":
    raise SystemExit(main())
