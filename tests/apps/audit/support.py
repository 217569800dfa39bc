"""For the tests of every app: real commits and flushes beside the record's triggers.

A test that is rolled back (``django_db``) needs nothing of this. A transactional one (live server,
browser, threads) is flushed at its end, and the triggers refuse that; the fixture here takes them
away just before, in the test database only. The flush ends with post_migrate, which puts them back.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection

from greenlane.apps.audit.triggers import install_triggers, postgres_triggers, sqlite_triggers


def drop_triggers() -> None:
    """Take the record's triggers away, as the owner of the database could."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for name, statement in postgres_triggers().items():
                table = statement.split(" ON ")[1].split(" ")[0]
                cursor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")
        else:
            for name in sqlite_triggers():
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")


@contextmanager
def owner_of_the_database() -> Iterator[None]:
    """Let a test tamper with the record: without triggers inside, with them again afterwards."""
    drop_triggers()
    try:
        yield
    finally:
        install_triggers(connection)


@pytest.fixture
def committed_record(transactional_db: None) -> Iterator[None]:
    """Give a transactional test a record that can be flushed at its end."""
    yield
    drop_triggers()
