"""A company's record: its own events, numbered among themselves, with no trace of the others."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from greenlane.apps.members.actions.accounts import open_account
from greenlane.apps.members.actions.steps import step
from greenlane.core.lifecycle.decide import Actor
from greenlane.gate.access import now
from tests.factories.browsers import signed_in_client
from tests.factories.people import an_organization, person_with, the_program

pytestmark = pytest.mark.django_db


def pages_after_an_inquiry() -> tuple[str, str]:
    """Return record and standing of a company into which the office inquired in between."""
    long_ago, program = now() - timedelta(days=2), the_program()
    company = an_organization(at=long_ago)
    officer = person_with("company_officer", company, at=long_ago)
    specialist, chief = (person_with(r, at=long_ago) for r in ("specialist", "field_manager"))
    by, second = Actor(specialist.key, "specialist"), Actor(chief.key, "field_manager")
    account = open_account(
        program=program,
        entity_type="importer",
        organization=company.key,
        company_name="Harbor Lane",
        facts={"restructuring.is_documented": True},
        by=by,
        second=second,
        act="M01",
        given={"source_account": "A-0000000001"},
        at=now() - timedelta(hours=2),
    )
    at = now() - timedelta(hours=1)
    needs_two = bool(program.transition("F01").second_by)
    step(
        account=account,
        act="F01",
        by=by,
        second=second if needs_two else None,
        at=at,
        words="The log was made up.",
    )
    step(
        account=account,
        act="S02",
        by=second,
        at=now(),
        given={"specialist": specialist.key},
    )
    client = signed_in_client(officer)
    record, standing = (
        client.get(reverse(f"member:{name}", args=[account.stream])).content.decode()
        for name in ("record", "standing")
    )
    return record, standing


def test_withheld_events_leave_neither_a_line_nor_a_gap() -> None:
    record, _standing = pages_after_an_inquiry()

    numbers = [int(one) for one in re.findall(r'<tr role="row" id="e(\d+)"', record)]
    assert numbers == list(range(1, len(numbers) + 1))
    assert "Work of the program office" not in record
    assert "Record a knowing falsehood" not in record
    assert "Hand over to another specialist" in record


def test_the_standing_leads_to_the_entry_by_its_number_on_the_page() -> None:
    record, standing = pages_after_an_inquiry()

    linked = set(re.findall(r"/record/#(e\d+)", standing))
    assert linked
    assert linked <= set(re.findall(r'id="(e\d+)"', record))
