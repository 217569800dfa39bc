"""Database triggers that refuse to change or remove what the record holds, on both databases.

An owner of the database can drop them; what then was changed is found by ``verify``, which also
reports missing triggers. They are here against slips: a stray ``update()``, a shell, an admin.
"""

from __future__ import annotations

from typing import Any, Final

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from greenlane.core.errors import GreenlaneError


class MissingTriggers(GreenlaneError):
    """The database lacks triggers that protect the record. Run `greenlane manage migrate`."""

    code = "record.triggers_missing"


_KEEP: Final = "Greenlane keeps what is recorded: {table} takes no {verb}"
_ERASURE: Final = "Greenlane keeps what is recorded: audit_sealedrecord can only be emptied, once"
_EMPTIED: Final = (
    "OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL AND NEW.erased_by <> '' "
    "AND length(NEW.ciphertext) = 0 AND length(NEW.nonce) = 0 "
    "AND NEW.id = OLD.id AND NEW.stream = OLD.stream AND NEW.seq = OLD.seq "
    "AND NEW.commitment = OLD.commitment AND NEW.category = OLD.category "
    "AND NEW.key_id = OLD.key_id"
)
# SQLite's INSERT OR REPLACE removes a row without firing DELETE triggers, so an insert that would
# replace one is refused as well.
_SQLITE_TAKEN: Final = {
    "audit_event": "(stream = NEW.stream AND seq = NEW.seq) OR hash = NEW.hash OR id = NEW.id",
    "audit_installationanchor": "number = NEW.number OR hash = NEW.hash",
    "audit_sealedrecord": "(stream = NEW.stream AND seq = NEW.seq) OR id = NEW.id",
}


def sqlite_triggers() -> dict[str, str]:
    """Return the triggers of SQLite: name to the statement that makes it."""
    made: dict[str, str] = {}
    for table, taken in _SQLITE_TAKEN.items():
        changes = f"WHEN NOT ({_EMPTIED}) " if table == "audit_sealedrecord" else ""
        refusal = _ERASURE if changes else _KEEP.format(table=table, verb="UPDATE")
        for verb, condition, says in (
            ("UPDATE", changes, refusal),
            ("DELETE", "", _KEEP.format(table=table, verb="DELETE")),
            (
                "INSERT",
                f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {taken}) ",  # noqa: S608 - constants
                _KEEP.format(table=table, verb="REPLACE"),
            ),
        ):
            name = f"{table}_no_{verb.lower()}"
            made[name] = (
                f"CREATE TRIGGER {name} BEFORE {verb} ON {table} {condition}"
                f"BEGIN SELECT RAISE(ABORT, '{says}'); END"
            )
    return made


_POSTGRES_FUNCTION: Final = f"""
CREATE OR REPLACE FUNCTION audit_keep_record() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    IF TG_TABLE_NAME = 'audit_sealedrecord' AND TG_OP = 'UPDATE' THEN
        IF {_EMPTIED} THEN RETURN NEW; END IF;
        RAISE EXCEPTION '{_ERASURE}' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RAISE EXCEPTION 'Greenlane keeps what is recorded: % takes no %', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END $body$
"""


def postgres_triggers() -> dict[str, str]:
    """Return the triggers of PostgreSQL: name to the statement that makes it."""
    made: dict[str, str] = {}
    for table in _SQLITE_TAKEN:
        for verb, each in (("UPDATE", "ROW"), ("DELETE", "ROW"), ("TRUNCATE", "STATEMENT")):
            name = f"{table}_no_{verb.lower()}"
            made[name] = (
                f"CREATE TRIGGER {name} BEFORE {verb} ON {table} "
                f"FOR EACH {each} EXECUTE FUNCTION audit_keep_record()"
            )
    return made


def install_triggers(connection: BaseDatabaseWrapper) -> None:
    """Make every trigger afresh, in one transaction where the database allows it."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_POSTGRES_FUNCTION)
            for name, statement in postgres_triggers().items():
                table = statement.split(" ON ")[1].split(" ")[0]
                cursor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")
                cursor.execute(statement)
            return
        for name, statement in sqlite_triggers().items():
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
            cursor.execute(statement)


def missing_triggers(connection: BaseDatabaseWrapper | None = None) -> list[str]:
    """Return the names of the triggers that are absent, disabled or other than they should be.

    Args:
        connection: The database to look at; by default the installation's.
    """
    database = connection if connection is not None else connections["default"]
    if database.vendor == "postgresql":
        return _missing_in_postgres(database)
    wanted = sqlite_triggers()
    with database.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        there: dict[str, str] = dict(cursor.fetchall())
    return [name for name, statement in wanted.items() if there.get(name) != statement]


def _missing_in_postgres(database: BaseDatabaseWrapper) -> list[str]:
    with database.cursor() as cursor:
        # tgtype: bit 0 row, 1 before, 3 delete, 4 update, 5 truncate; tgenabled O or A: it fires.
        cursor.execute(
            "SELECT t.tgname, c.relname, p.proname, t.tgtype FROM pg_trigger t "
            "JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid "
            "JOIN pg_namespace n ON n.oid = c.relnamespace "
            "WHERE NOT t.tgisinternal AND t.tgenabled IN ('O', 'A') AND t.tgqual IS NULL "
            "AND n.nspname = ANY (current_schemas(false))"
        )
        there = {row[0]: row[1:] for row in cursor.fetchall()}
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = 'audit_keep_record'")
        sources = [row[0] for row in cursor.fetchall()]
    body = _POSTGRES_FUNCTION.split("$body$")[1]
    kinds = {"UPDATE": 0b010011, "DELETE": 0b001011, "TRUNCATE": 0b100010}
    missing = [] if sources == [body] else ["audit_keep_record"]
    for name, statement in postgres_triggers().items():
        words = statement.split()
        if there.get(name) != (words[6], "audit_keep_record", kinds[words[4]]):
            missing.append(name)
    return missing


def check_triggers(connection: BaseDatabaseWrapper | None = None) -> None:
    """Raise when a trigger is missing.

    Raises:
        MissingTriggers: with the names and the remedy.
    """
    missing = missing_triggers(connection)
    if missing:
        raise MissingTriggers(
            f"The database lacks {len(missing)} trigger(s) that protect the record: "
            f"{', '.join(missing)}. Run `greenlane manage migrate` to put them back, and "
            "`greenlane audit verify` to learn whether anything was changed meanwhile."
        )


def after_migrate(**sent: Any) -> None:
    """Put the triggers in place after a migrate, where the app's tables exist, and check them."""
    connection = connections[sent["using"]]
    if "audit_event" not in connection.introspection.table_names():
        return  # `migrate audit zero` has taken the tables away
    install_triggers(connection)
    check_triggers(connection)
