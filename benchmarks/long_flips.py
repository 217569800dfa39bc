"""Bytes of a copied database flipped at random, 5,000 times: what touches the record is found.

``GREENLANE_TEST_FLIPS`` sets how often, ``GREENLANE_TEST_SEED`` where; see
``tests/apps/audit/test_flips.py``.
"""

from __future__ import annotations

from benchmarks.longer import databases, keep, ran, times


def main() -> int:
    """Flip; return 1 when a flip that touched the record was not found."""
    flips = times("GREENLANE_TEST_FLIPS", 5000)
    given = {"GREENLANE_TEST_FLIPS": str(flips), **databases()["sqlite"]}
    outcome = ran(["tests/apps/audit/test_flips.py"], given)
    keep("flips", {"flips": flips, **outcome})
    return 0 if outcome["holds"] else 1


if __name__ == "__main__":
    raise SystemExit(main())
