"""A record of any size in a database that is thrown away: the ground the benchmarks stand on.

The database is a fresh SQLite file, or a fresh database on the server of GREENLANE_DATABASE_URL.
Events are as long as real ones (about 1.3 KB: a step with the facts it rested on).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
FACTS = {f"has.mark_number_{n}": bool(n % 3) for n in range(20)} | {
    f"days_since.mark_number_{n}": n * 17 for n in range(10)
}


def start() -> None:
    """Load Django with the test settings and keys made for this run."""
    sys.path[:0] = [str(ROOT / "src"), str(ROOT)]
    import tests.plugins.environment

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "greenlane.project.settings")
    import django

    assert tests.plugins.environment
    django.setup()
    from django.conf import settings

    from greenlane.apps.audit.keys import new_seal_key, new_signing_key

    settings.GREENLANE_SEAL_KEY = new_seal_key()
    settings.GREENLANE_SIGNING_KEY = new_signing_key()
    settings.GREENLANE_PROJECTIONS = ["tests.apps.audit.testapp.projections"]


@contextmanager
def fresh() -> Iterator[dict[str, Any]]:
    """Give the entry of an empty record, with Django connected to it."""
    import shutil

    from tests.apps.audit.databases import Databases, connected, scratch_folder

    folder = scratch_folder()
    databases = Databases(folder)
    try:
        with databases.fresh() as entry, connected(entry):
            yield entry
    finally:
        databases.drop(databases.template)
        shutil.rmtree(folder)


def fill(streams: int, events: int, *, sealed_every: int = 4) -> None:
    """Write ``streams`` x ``events`` in bulk: what `append` would write, without its time."""
    from django.db import transaction

    from greenlane.apps.audit import models
    from greenlane.apps.audit.projection import Memory
    from greenlane.apps.audit.seal import Sealed, seal, unseal
    from greenlane.core.ledger import GENESIS, EventDraft, compose, read_body
    from tests.apps.audit.testapp.models import Card, Visit

    at = datetime(2026, 3, 1, 12, 0, 0, 5, tzinfo=UTC)
    stamp = at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    on = date(2026, 3, 1)
    for number in range(streams):
        key = f"A-{number:010}"
        prev, memory = GENESIS, Memory(key)
        rows: list[models.Event] = []
        boxes: list[models.SealedRecord] = []
        for seq in range(1, events + 1):
            box, content = None, None
            if seq % sealed_every == 1:
                box = seal(Sealed("K01", {"title": f"Company {number}"}), stream=key, seq=seq)
                content = unseal(box, stream=key, seq=seq)
                boxes.append(
                    models.SealedRecord(
                        stream=key,
                        seq=seq,
                        commitment=box.commitment,
                        category=box.category,
                        key_id=box.key_id,
                        nonce=box.nonce,
                        ciphertext=box.ciphertext,
                    )
                )
            draft = EventDraft(
                "card",
                "card.changed",
                on,
                "p1",
                "specialist",
                payload={"card": f"c{seq % 5}"},
                facts=FACTS,
                sealed=box.commitment if box else "",
            )
            event = compose(
                draft,
                stream=key,
                seq=seq,
                prev=prev,
                recorded_at=stamp,
                recorded_on=on,
                pack="test/1",
                pack_digest="0" * 64,
            )
            prev = event.hash
            memory.replay(read_body(event.body), content)
            rows.append(
                models.Event(
                    stream=key,
                    seq=seq,
                    kind="card",
                    act="card.changed",
                    on=on,
                    recorded_at=at,
                    hash=event.hash,
                    body=event.body,
                )
            )
        with transaction.atomic():
            models.Stream.objects.create(key=key, seq=events, head=prev)
            models.Event.objects.bulk_create(rows)
            models.SealedRecord.objects.bulk_create(boxes)
            for model in (Card, Visit):
                made = memory.rows.get(model, {}).values()
                model._base_manager.bulk_create([model(**row) for row in made])


def report(**figures: Any) -> None:
    """Print figures as one JSON object, with what they were measured on."""
    import json
    import platform

    from django.db import connection

    print(
        json.dumps(
            {
                "database": connection.vendor,
                "python": platform.python_version(),
                "cpus": os.cpu_count(),
                **figures,
            }
        )
    )


def durability() -> str:
    """Return what the database does before it says that something is committed."""
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            levels = ("OFF", "NORMAL", "FULL", "EXTRA")
            journal = str(cursor.execute("PRAGMA journal_mode").fetchone()[0]).upper()
            level = levels[int(cursor.execute("PRAGMA synchronous").fetchone()[0])]
            return f"SQLite, {journal}, synchronous={level}"
        asked = ("fsync", "synchronous_commit")
        told = []
        for name in asked:
            cursor.execute(f"SHOW {name}")
            told.append(f"{name}={cursor.fetchone()[0]}")
        return "PostgreSQL, " + ", ".join(told)
