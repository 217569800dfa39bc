"""The database itself refuses to change or remove what is recorded."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.db.models import Model

from greenlane.apps.audit.models import Event, InstallationAnchor, SealedRecord
from greenlane.apps.audit.sequencer import anchor_pending
from greenlane.apps.audit.triggers import (
    MissingTriggers,
    check_triggers,
    install_triggers,
    missing_triggers,
)
from greenlane.apps.audit.verify import verify
from tests.apps.audit.acts import AT, small_record

pytestmark = pytest.mark.usefixtures("record")
KEPT: list[type[Model]] = [Event, InstallationAnchor, SealedRecord]


def run(statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize("model", KEPT)
def test_no_row_can_be_changed_or_removed(model: type[Model]) -> None:
    small_record()
    anchor_pending(at=AT)
    rows = model._base_manager.all()
    before = list(rows.values())
    column = "hash" if model is not SealedRecord else "commitment"

    for act in (lambda: rows.update(**{column: "f" * 64}), rows.delete):
        with (
            pytest.raises(DatabaseError, match="Greenlane keeps what is recorded"),
            transaction.atomic(),
        ):
            act()

    assert list(rows.values()) == before


@pytest.mark.parametrize("model", KEPT)
def test_postgresql_refuses_to_truncate(model: type[Model]) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("TRUNCATE is PostgreSQL's; SQLite has DELETE only, which is tested above")
    small_record()

    with pytest.raises(DatabaseError, match="takes no TRUNCATE"):
        run(f"TRUNCATE {model._meta.db_table}")


def test_sqlite_refuses_to_replace_a_row() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("INSERT OR REPLACE is SQLite's; PostgreSQL has nothing like it")
    small_record()

    columns = '(id, stream, seq, kind, act, "on", recorded_at, hash, body)'
    with pytest.raises(DatabaseError, match="takes no REPLACE"):
        run(
            f"INSERT OR REPLACE INTO audit_event {columns} SELECT id, stream, seq, kind, 'forged', "  # noqa: S608 - constants
            '"on", recorded_at, hash, body FROM audit_event WHERE seq = 1 LIMIT 1'
        )


def test_a_sealed_record_cannot_be_emptied_half_or_brought_back() -> None:
    small_record()
    row = SealedRecord.objects.filter(seq=1)[:1].get()
    same = SealedRecord.objects.filter(pk=row.pk)
    whole: dict[str, Any] = {
        "ciphertext": b"",
        "nonce": b"",
        "erased_at": AT,
        "erased_by": "A-0000000001:9",
    }

    for left_out in whole:
        half = {name: value for name, value in whole.items() if name != left_out}
        with pytest.raises(DatabaseError), transaction.atomic():
            same.update(**half)
    same.update(**whole)
    with pytest.raises(DatabaseError, match="only be emptied, once"), transaction.atomic():
        same.update(ciphertext=bytes(row.ciphertext), erased_at=None, erased_by="")
    with pytest.raises(DatabaseError, match="only be emptied, once"), transaction.atomic():
        same.update(**whole)


def test_every_trigger_is_there_after_migrating() -> None:
    assert missing_triggers() == []


def test_a_trigger_that_is_dropped_is_named_and_put_back_by_migrate() -> None:
    table = "" if connection.vendor == "sqlite" else " ON audit_event"
    run(f"DROP TRIGGER audit_event_no_update{table}")

    assert missing_triggers() == ["audit_event_no_update"]
    with pytest.raises(MissingTriggers, match="audit_event_no_update"):
        check_triggers()
    first = verify().first
    assert first is not None
    assert first.code == "database.triggers"

    call_command("migrate", verbosity=0)

    assert missing_triggers() == []


def test_a_trigger_that_was_weakened_is_named() -> None:
    if connection.vendor == "sqlite":
        run("DROP TRIGGER audit_event_no_delete")
        run("CREATE TRIGGER audit_event_no_delete BEFORE DELETE ON audit_event BEGIN SELECT 1; END")
        assert missing_triggers() == ["audit_event_no_delete"]
    else:
        run("ALTER TABLE audit_event DISABLE TRIGGER audit_event_no_delete")
        assert missing_triggers() == ["audit_event_no_delete"]
        install_triggers(connection)
        assert missing_triggers() == []
        run(
            "CREATE OR REPLACE FUNCTION audit_keep_record() RETURNS trigger LANGUAGE plpgsql "
            "AS 'BEGIN RETURN NEW; END'"
        )
        assert missing_triggers() == ["audit_keep_record"]

    install_triggers(connection)

    assert missing_triggers() == []


def test_rebuilding_a_table_loses_triggers_on_sqlite_and_the_check_says_so() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL alters a table in place and keeps its triggers")
    with connection.schema_editor() as editor:
        editor._remake_table(Event)  # type: ignore[attr-defined]  # what AlterField does

    assert "audit_event_no_update" in missing_triggers()
