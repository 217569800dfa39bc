"""Server and worker killed 200 times with SIGKILL while people write, on each database.

``GREENLANE_TEST_KILLS`` sets how often (200), ``GREENLANE_TEST_SEED`` when. After each restart the
record must verify and hold every act that was acknowledged; see
``tests/record/test_killed_installation.py`` and ``tests/apps/audit/test_processes.py``.
"""

from __future__ import annotations

from benchmarks.longer import databases, keep, ran, times

TESTS = {
    "server_and_worker": ["tests/record/test_killed_installation.py"],
    "writer_and_sequencer": ["tests/apps/audit/test_processes.py", "-k", "killed"],
}


def main() -> int:
    """Run both kinds of kills on both databases; return 1 when one test fails."""
    kills = times("GREENLANE_TEST_KILLS", 200)
    given = {"GREENLANE_TEST_KILLS": str(kills)}
    outcomes = {
        kind: {which: ran(words, {**given, **chosen}) for which, chosen in databases().items()}
        for kind, words in TESTS.items()
    }
    holds = all(one["holds"] for runs in outcomes.values() for one in runs.values())
    keep("kills", {"kills_each": kills, "runs": outcomes, "holds": holds})
    return 0 if holds else 1


if __name__ == "__main__":
    raise SystemExit(main())
