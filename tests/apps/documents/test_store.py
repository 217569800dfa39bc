"""A file that is erased and given again at the same moment stays, on both kinds of database."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connections, transaction
from django.db.transaction import TransactionManagementError
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from greenlane.apps.audit.actions import erase
from greenlane.apps.audit.queries import head_of
from greenlane.apps.documents import store
from greenlane.apps.documents.actions import forget_erased, give_document
from greenlane.apps.documents.models import Document
from greenlane.core.calendar import Period
from greenlane.core.lifecycle.decide import Actor
from greenlane.core.program import Program
from greenlane.project.env import sqlite_entry
from tests.apps.audit.databases import administered, connected, scratch_folder
from tests.apps.audit.program import rule
from tests.factories.people import NOW, the_program

FIRST, SECOND = "A-0000000001", "A-0000000002"
RULE = "account_content"
AT_MOST = 30.0


@pytest.fixture
def place(django_db_blocker: DjangoDbBlocker) -> Iterator[dict[str, Any]]:
    """Give the entry of a database with documents and people, thrown away afterwards."""
    is_file = connections["default"].vendor == "sqlite"
    folder, name = scratch_folder(), f"greenlane_files_{os.getpid()}"
    own = override_settings(
        GREENLANE_PROJECTIONS=[
            f"greenlane.apps.{app}.projections" for app in ("accounts", "documents")
        ]
    )
    with django_db_blocker.unblock(), own:
        if is_file:
            entry = sqlite_entry(str(folder / "documents.sqlite3"))
        else:
            with administered() as cursor:
                cursor.execute(f"CREATE DATABASE {name}")
            entry = {**connections["default"].settings_dict, "NAME": name, "CONN_MAX_AGE": 0}
        try:
            with connected(entry):
                for app in ("audit", "accounts", "documents"):
                    call_command("migrate", app, verbosity=0)
                yield entry
        finally:
            if not is_file:
                with administered() as cursor:
                    cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")
    shutil.rmtree(folder)


def a_program() -> Program:
    """Return the program, with documents that may be erased on request."""
    program = the_program()
    return replace(program, retention={**program.retention, RULE: rule(RULE, set(), Period())})


def given(stream: str, content: bytes) -> Document:
    return give_document(
        stream=stream,
        name="plan.txt",
        content=content,
        purpose="evidence",
        by=Actor("U-0000000001", "company_officer"),
        at=NOW,
        program=a_program(),
    )


def erased(stream: str) -> None:
    with transaction.atomic():
        erase(
            stream=stream,
            expected=head_of(stream).seq,
            seqs=[1],
            rule=RULE,
            actor="system",
            role="system",
            on=NOW.date(),
            at=NOW,
            program=a_program(),
        )


def test_a_file_that_is_given_again_while_it_is_forgotten_stays(place: dict[str, Any]) -> None:
    content = os.urandom(8).hex().encode()
    sha256 = given(FIRST, content).sha256
    erased(FIRST)
    removed: list[int] = []

    def forget() -> None:
        with connected(place):
            removed.append(forget_erased())

    other = threading.Thread(target=forget)
    with transaction.atomic():
        given(SECOND, content)
        other.start()
        other.join(0.7)
    other.join(AT_MOST)

    assert removed == [0]
    assert store.read(sha256) == content


@pytest.mark.usefixtures("place")
def test_a_file_is_kept_only_with_the_record_that_names_it() -> None:
    with pytest.raises(TransactionManagementError):
        store.keep(b"nobody names this")
