"""Two people acting at the same moment, on a database where both really commit."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connections
from pytest_django import DjangoDbBlocker

from greenlane.apps.accounts import actions, queries
from greenlane.core.access import GrantRefused
from greenlane.core.errors import GreenlaneError
from greenlane.project.env import sqlite_entry
from tests.apps.audit.databases import administered, connected, scratch_folder
from tests.factories.people import NOW, actor, an_organization, person_with, the_program

PROGRAM = the_program()


@pytest.fixture
def place(django_db_blocker: DjangoDbBlocker) -> Iterator[dict[str, Any]]:
    """Give the entry of a database of its own, with people's tables, thrown away afterwards."""
    with django_db_blocker.unblock():
        if connections["default"].vendor == "sqlite":
            folder = scratch_folder()
            entry = sqlite_entry(str(folder / "people.sqlite3"))
            with _migrated(entry):
                yield entry
            shutil.rmtree(folder)
            return
        name = f"greenlane_people_{os.getpid()}"
        with administered() as cursor:
            cursor.execute(f"CREATE DATABASE {name}")
        entry = {**connections["default"].settings_dict, "NAME": name, "CONN_MAX_AGE": 0}
        try:
            with _migrated(entry):
                yield entry
        finally:
            with administered() as cursor:
                cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _migrated(entry: dict[str, Any]) -> Any:
    with connected(entry):
        for app in ("audit", "accounts"):
            call_command("migrate", app, verbosity=0)
    return connected(entry)


def at_once(entry: dict[str, Any], *acts: Callable[[], object]) -> list[GreenlaneError | None]:
    """Start all acts at the same moment, each on a connection of its own; return the refusals."""
    start = threading.Barrier(len(acts))
    ends: dict[int, GreenlaneError | None] = {}

    def run(number: int, act: Callable[[], object]) -> None:
        with connected(entry):
            start.wait(timeout=30)
            try:
                act()
            except GreenlaneError as refused:
                ends[number] = refused
            else:
                ends[number] = None

    threads = [threading.Thread(target=run, args=item) for item in enumerate(acts)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(timeout=60)
    return [ends[number] for number in range(len(acts))]


def test_two_officers_who_end_each_other_leave_one(place: dict[str, Any]) -> None:
    company = an_organization()
    first = person_with("company_officer", company)
    second = person_with("company_officer", company)
    roles = {
        one.person: one.grant
        for one in queries.people_of(company.key, on=NOW.date(), program=PROGRAM)
    }

    refusals = at_once(
        place,
        lambda: actions.end_grant(
            grant=roles[second.key], by=actor(first, "company_officer"), at=NOW, program=PROGRAM
        ),
        lambda: actions.end_grant(
            grant=roles[first.key], by=actor(second, "company_officer"), at=NOW, program=PROGRAM
        ),
    )

    left = queries.people_of(company.key, on=NOW.date(), program=PROGRAM)
    assert len(left) == 1
    assert sum(one is None for one in refusals) == 1


def test_one_address_registers_one_person(place: dict[str, Any]) -> None:
    def register() -> object:
        return actions.register_person(name="Ana", email="ana@example.com", at=NOW, program=PROGRAM)

    refusals = at_once(place, register, register, register)

    assert sum(one is None for one in refusals) == 1
    assert {type(one) for one in refusals if one} == {actions.EmailTaken}


def test_an_invitation_is_used_once_by_two_presses(place: dict[str, Any]) -> None:
    officer = person_with("company_officer", an_organization())
    (own,) = queries.organizations_of(officer.key, on=NOW.date(), program=PROGRAM)
    sent = actions.invite(
        email="ana@example.com",
        role="auditor",
        organization=own.key,
        by=actor(officer, "company_officer"),
        at=NOW,
        program=PROGRAM,
    )
    ana = actions.register_person(name="Ana", email="ana@example.com", at=NOW, program=PROGRAM)

    def accept() -> object:
        return actions.accept_invitation(
            invitation=sent.key, person=ana.key, at=NOW, program=PROGRAM
        )

    refusals = at_once(place, accept, accept)

    assert sum(one is None for one in refusals) == 1
    assert {type(one) for one in refusals if one} <= {actions.InvitationOver, GrantRefused}
