"""A folder of watch lists of its own for each test, and an account to vet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from greenlane.apps.members import queries
from greenlane.apps.members.actions.accounts import open_account
from greenlane.apps.members.models import Account
from greenlane.apps.parties.actions import PartyGiven, declare_party
from greenlane.apps.parties.models import Party
from greenlane.apps.vetting.actions import record_check, vetting_step
from greenlane.apps.vetting.models import Hit
from greenlane.core.lifecycle.decide import Actor
from tests.factories.people import NOW, an_organization, person_with, the_program


@pytest.fixture(autouse=True)
def own_lists(settings: Any, tmp_path: Path) -> Path:
    """Keep the lists of a test apart from those of every other."""
    folder = tmp_path / "watchlists"
    settings.WATCHLISTS_DIR = folder
    return folder


@dataclass
class Office:
    """An account carried over as certified, and everybody who has to do with its vetting."""

    account: Account
    officer: Actor
    analyst: Actor
    colleague: Actor
    manager: Actor
    specialist: Actor

    @property
    def stream(self) -> str:
        """Key of the account."""
        return self.account.stream

    def fresh(self) -> Account:
        """Read the account again."""
        return queries.account(self.stream)

    def declare(self, at: datetime = NOW, *, party: str = "", **given: Any) -> Party:
        """Declare a party as the company."""
        return declare_party(
            account=self.account,
            given=PartyGiven(**given),
            by=self.officer,
            at=at,
            party=party,
        )

    def start(self, at: datetime = NOW) -> None:
        """Start vetting, after a new review is asked for where it had passed."""
        if self.fresh().vetting == "PASSED":
            vetting_step(
                account=self.account,
                act="V04",
                by=self.analyst,
                at=at,
                given={"reason": "vetting.periodic"},
            )
        vetting_step(account=self.account, act="V01", by=self.analyst, at=at)

    def clear(self, *, at: datetime = NOW, but: tuple[str, ...] = ()) -> None:
        """Record every check as clear, but some."""
        for check in the_program().checks:
            if check not in but:
                record_check(
                    account=self.fresh(),
                    check=check,
                    result="CLEAR",
                    source="Register of the test",
                    detail="",
                    by=self.analyst,
                    at=at,
                )

    def hits(self, *states: str) -> list[Hit]:
        """Return the hits, of some states if any are named."""
        found = Hit.objects.filter(stream=self.stream).order_by("pk")
        return [hit for hit in found if not states or hit.state in states]


@pytest.fixture
def office(db: None) -> Office:
    """Give an account and its office."""
    return make_office()


def make_office(name: str = "Harbor Lane Imports") -> Office:
    """Open an account whose certification was carried over (M01), with its people."""
    company = an_organization(name, at=NOW - timedelta(days=400))
    people: dict[str, Actor] = {}
    officer = person_with("company_officer", company, at=NOW - timedelta(days=400))
    for place, role in (
        ("analyst", "vetting_analyst"),
        ("colleague", "vetting_analyst"),
        ("manager", "field_manager"),
        ("specialist", "specialist"),
    ):
        people[place] = Actor(person_with(role, at=NOW - timedelta(days=400)).key, role)
    account = open_account(
        program=the_program(),
        entity_type="importer",
        organization=company.key,
        company_name=name,
        facts={"restructuring.is_documented": True},
        by=people["specialist"],
        second=people["manager"],
        act="M01",
        given={"source_account": "A-0000000001"},
        at=NOW - timedelta(days=300),
    )
    return Office(account=account, officer=Actor(officer.key, "company_officer"), **people)


@pytest.fixture
def another_office(db: None) -> Callable[[str], Office]:
    """Give a maker of further accounts."""
    return make_office
