"""An office with its director, a specialist, and files of its earlier records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

import pytest

from greenlane.apps.accounts.models import User
from greenlane.apps.members.models import Account
from greenlane.apps.migration.actions import record_members
from greenlane.apps.migration.earlier_rows import read_explanations, read_members
from greenlane.apps.migration.planning import Plan, plan_members
from greenlane.core.lifecycle.decide import Actor
from tests.factories.people import NOW, person_with, the_program

TODAY = NOW.date()
HEAD = (
    "company",
    "entity_type",
    "identifiers",
    "status",
    "tier",
    "certified_on",
    "initial_validated_on",
    "revalidated_on",
    "last_annual_review_on",
    "suspended_on",
    "suspension_ground",
    "specialist",
    "office",
    "source_document",
)
SOUND = {
    "company": "Harbor Lane Imports",
    "entity_type": "importer",
    "identifiers": "ein:12-3456789",
    "status": "VALIDATED",
    "tier": "T2",
    "certified_on": "2018-02-05",
    "initial_validated_on": "2019-01-10",
    "revalidated_on": "2022-06-01",
    "last_annual_review_on": "2026-01-20",
    "specialist": "spec@example.gov",
    "office": "NEWARK",
    "source_document": "Register of 2025, page 12",
}


def file_of(*rows: Mapping[str, str]) -> bytes:
    """Return a CSV of these rows."""
    import csv
    import io

    out = io.StringIO()
    table = csv.writer(out)
    table.writerow(HEAD)
    for row in rows:
        table.writerow([row.get(name, "") for name in HEAD])
    return out.getvalue().encode()


def row(**other: str) -> dict[str, str]:
    """Return a sound row with other cells."""
    return {**SOUND, **other}


@dataclass(slots=True)
class Office:
    """Who takes records over, and how."""

    director: User
    specialist: User

    @property
    def by(self) -> Actor:
        """The director."""
        return Actor(self.director.key, "director")

    def plan(self, content: bytes, *, explain: str = "", today: date = TODAY) -> Plan:
        """Plan a file; ``explain`` holds rows of explanations."""
        head = "row,column,person,reason,value\n"
        return plan_members(
            program=the_program(),
            sheet=read_members(content),
            explanations=read_explanations((head + explain).encode()) if explain else {},
            by=self.by,
            today=today,
        )

    def take(self, content: bytes, *, explain: str = "", at: datetime = NOW) -> Plan:
        """Record a file; return what was planned."""
        plan = self.plan(content, explain=explain, today=at.date())
        record_members(program=the_program(), plan=plan, by=self.by, at=at)
        return plan


@pytest.fixture
def office(db: None) -> Office:
    return Office(
        person_with("director"),
        person_with("specialist", office="NEWARK", email="spec@example.gov"),
    )


def the_account() -> Account:
    """Return the one account there is."""
    return Account.objects.get()
