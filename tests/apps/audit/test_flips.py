"""Bytes of a copied SQLite file flipped at random: what touches the record is found, always."""

from __future__ import annotations

import os
import random
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from greenlane.apps.audit.sequencer import anchor_pending
from greenlane.apps.audit.verify import verify
from greenlane.project.env import sqlite_entry
from tests.apps.audit.acts import A1, AT, small_record, write
from tests.apps.audit.databases import MODELS, connected
from tests.apps.audit.testapp.models import Visit

FLIPS = int(os.environ.get("GREENLANE_TEST_FLIPS", "150"))
SEED = int(os.environ.get("GREENLANE_TEST_SEED", "20260301"))


@pytest.fixture
def original(record: dict[str, Any]) -> bytes:
    """Give the bytes of a database with a record of some length."""
    if connection.vendor != "sqlite":
        pytest.skip("a PostgreSQL cluster has checksums of its own; its pages are not flipped here")
    small_record()
    for turn in range(60):
        write(f"A-000000000{turn % 5}", "card.changed", card=f"c{turn % 7}", title=f"Name {turn}")
    anchor_pending(at=AT)
    write(A1, "card.changed")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return Path(record["NAME"]).read_bytes()


def contents(file: Path) -> list[Any] | None:
    """Return every value of the record's tables with its type, or None if they cannot be read."""
    database = sqlite3.connect(f"file:{file}?mode=ro&immutable=1", uri=True)
    database.text_factory = bytes
    found: list[Any] = []
    try:
        for model in MODELS:
            names = [
                column.column
                for column in model._meta.concrete_fields
                if not (model is Visit and column.name == "last_login")
            ]
            values = ", ".join(f'"{name}", typeof("{name}")' for name in names)
            statement = f"SELECT {values} FROM {model._meta.db_table} NOT INDEXED"  # noqa: S608 - names of our own columns
            found.append(sorted(map(repr, database.execute(statement))))
    except (sqlite3.Error, UnicodeDecodeError):
        return None
    finally:
        database.close()
    return found


def replace(file: Path, content: bytes | bytearray) -> None:
    for ending in ("", "-wal", "-shm"):
        Path(f"{file}{ending}").unlink(missing_ok=True)
    file.write_bytes(content)


def places(original: bytes, chance: random.Random) -> list[int]:
    """Return where to flip: half anywhere, half within the text of events and of rows."""
    anywhere = [chance.randrange(len(original)) for _ in range(FLIPS // 2)]
    marks = [b'"act":"card', b"Name ", b"c3"]
    aimed: list[int] = []
    while len(aimed) < FLIPS - len(anywhere):
        mark = chance.choice(marks)
        at = original.find(mark, chance.randrange(len(original)))
        if at >= 0:
            aimed.append(min(at + chance.randrange(-30, 500), len(original) - 1))
    return anywhere + aimed


@pytest.mark.slow
def test_every_flip_that_touches_the_record_is_found(original: bytes, tmp_path: Path) -> None:
    chance = random.Random(SEED)  # noqa: S311 - where to flip, not a secret
    file = tmp_path / "copy.sqlite3"
    file.write_bytes(original)
    before = contents(file)
    touched = 0

    for place in places(original, chance):
        flipped = bytearray(original)
        flipped[place] ^= chance.choice([1 << chance.randrange(8), chance.randrange(1, 256)])
        replace(file, flipped)
        after = contents(file)
        with connected(sqlite_entry(str(file))):
            report = verify()
        if after != before:
            touched += 1
            assert not report.is_clean, f"byte {place}: {original[place]} -> {flipped[place]}"

    assert before is not None
    assert touched > FLIPS // 4


def test_a_file_that_is_no_database_is_reported_without_a_traceback(
    original: bytes, tmp_path: Path
) -> None:
    file = tmp_path / "copy.sqlite3"
    halves = (original[: len(original) // 2], b"", b"\x00" * 4096, original[:100], b"noise" * 999)
    for content in halves:
        replace(file, content)
        with connected(sqlite_entry(str(file))):
            first = verify().first
        assert first is not None
        assert first.code.startswith("database.")
