"""Writers of one SQLite file wait for their turn, however long the one before them takes."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import DatabaseError, transaction
from django.db.utils import ConnectionHandler

from greenlane.project.env import sqlite_entry

pytestmark = pytest.mark.django_db
AT_MOST = 20.0


@contextmanager
def connected(path: Path) -> Iterator[ConnectionHandler]:
    """Connect as the product does, but with a busy wait too short to save anybody."""
    entry = sqlite_entry(str(path))
    entry["OPTIONS"]["timeout"] = 0.05
    handler = ConnectionHandler({"default": entry})
    try:
        yield handler
    finally:
        handler["default"].close()


@contextmanager
def writing(handler: ConnectionHandler) -> Iterator[None]:
    """Be in a transaction that writes, on that connection."""
    connection = handler["default"]
    connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    try:
        yield
        connection.commit()
    except BaseException:
        connection.rollback()
        raise
    finally:
        connection.set_autocommit(True)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "turns.sqlite3"
    with connected(path) as handler, handler["default"].cursor() as cursor:
        cursor.execute("CREATE TABLE turn (who TEXT)")
    return path


def write(handler: ConnectionHandler, who: str) -> None:
    with writing(handler), handler["default"].cursor() as cursor:
        cursor.execute("INSERT INTO turn VALUES (%s)", [who])


def turns(path: Path) -> list[str]:
    with connected(path) as handler, handler["default"].cursor() as cursor:
        cursor.execute("SELECT who FROM turn ORDER BY rowid")
        return [row[0] for row in cursor.fetchall()]


def test_a_writer_waits_for_a_long_one_instead_of_being_refused(path: Path) -> None:
    waits, ends = threading.Event(), threading.Event()
    troubles: list[DatabaseError] = []

    def second() -> None:
        with connected(path) as handler:
            waits.set()
            try:
                write(handler, "second")
            except DatabaseError as error:
                troubles.append(error)
            ends.set()

    with connected(path) as handler:
        thread = threading.Thread(target=second)
        with writing(handler), handler["default"].cursor() as cursor:
            cursor.execute("INSERT INTO turn VALUES ('first')")
            thread.start()
            assert waits.wait(AT_MOST)
            # Many times the busy wait: without a queue the second is refused by now.
            assert not ends.wait(0.5)
        thread.join(AT_MOST)

    assert troubles == []
    assert turns(path) == ["first", "second"]


def test_who_is_undone_gives_the_turn_back(path: Path) -> None:
    with connected(path) as first, connected(path) as second:
        with pytest.raises(RuntimeError), writing(first):
            raise RuntimeError("undone")

        write(second, "second")

    assert turns(path) == ["second"]


def test_who_loses_the_connection_gives_the_turn_back(path: Path) -> None:
    with connected(path) as first, connected(path) as second:
        connection = first["default"]
        connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
        connection.close()

        write(second, "second")

    assert turns(path) == ["second"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")
def test_who_is_killed_gives_the_turn_back(path: Path) -> None:
    inside, tell = os.pipe()
    child = os.fork()
    if child == 0:
        with connected(path) as handler, writing(handler):
            os.write(tell, b"x")
            signal.pause()
    assert os.read(inside, 1) == b"x"
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)

    with connected(path) as handler:
        write(handler, "next")

    assert turns(path) == ["next"]


def test_the_product_connects_with_turns_on_sqlite() -> None:
    connection = transaction.get_connection()

    if connection.vendor == "sqlite":
        assert connection.settings_dict["ENGINE"] == "greenlane.project.fair_sqlite"
