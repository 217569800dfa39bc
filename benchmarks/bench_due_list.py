"""How long the whole due list of 12,000 accounts takes, read from a database; bar: one second.

Fills a fresh SQLite file with
lives made by the pack's own acts (see ``benchmarks/due/lives.py``), then times
``members.queries.due_list``: query, decoding, duties and buckets of every account. Processor time
of this process, best of eight; starting Python and reading the pack are not in it.

Usage: ``./dev bench due_list``.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections import Counter
from datetime import date
from pathlib import Path

ON, BAR_SECONDS, ACCOUNTS = date(2026, 11, 24), 1.0, 12_000


def measured() -> dict[str, object]:
    """Fill the database that the settings name, and measure."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from benchmarks.due.lives import rows_of
    from greenlane.apps.members.models import Account
    from greenlane.apps.members.queries import due_list
    from greenlane.content.packs import load_program

    call_command("migrate", verbosity=0)
    lives = rows_of(load_program("ctpat"), ACCOUNTS)
    Account.objects.bulk_create(
        Account(
            stream=f"A-{number:010}",
            program="ctpat",
            entity_type="importer",
            organization="O-1",
            opened_on=ON,
            steps=steps,
        )
        for number, steps in enumerate(lives)
    )
    best, count, buckets = float("inf"), 0, Counter[str]()
    for _ in range(8):
        count, buckets = 0, Counter[str]()
        began = time.process_time()
        for row in due_list(on=ON):
            count += len(row.duties)
            buckets[row.bucket.state.value if row.bucket else "nothing due"] += 1
        best = min(best, time.process_time() - began)
    return {
        "database": connection.vendor,
        "accounts": ACCOUNTS,
        "steps": sum(map(len, lives)),
        "duties": count,
        "buckets": dict(sorted(buckets.items())),
        "cpu_seconds": round(best, 3),
        "bar_seconds": BAR_SECONDS,
        "holds": best <= BAR_SECONDS,
    }


def main() -> int:
    """Measure on a file of its own; return 1 when the bar does not hold."""
    from benchmarks.longer import keep

    with tempfile.TemporaryDirectory() as folder:
        os.environ["GREENLANE_DATABASE_URL"] = f"sqlite:///{Path(folder) / 'due.sqlite3'}"
        os.environ.setdefault("GREENLANE_DEMO", "yes")
        os.environ["GREENLANE_DATA_DIR"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "greenlane.project.settings"
        figures = measured()
    keep("due_list", figures)
    return 0 if figures["holds"] else 1


if __name__ == "__main__":
    sys.exit(main())
