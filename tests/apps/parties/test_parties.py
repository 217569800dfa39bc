"""Declaring parties: what is refused rather than dropped, and who reads whose numbers."""

from __future__ import annotations

from typing import Any

import pytest

from greenlane.apps.parties.actions import MOST_OF_ONE, remove_party
from greenlane.apps.parties.queries import (
    parties_of,
    party,
    present_party,
    reads_in_full,
    shown_details,
)
from greenlane.core.errors import BadInput
from tests.apps.vetting.conftest import Office, make_office
from tests.factories.people import NOW, an_organization, person_with

pytestmark = pytest.mark.django_db

TODAY = NOW.date()


@pytest.fixture
def office(db: None) -> Office:
    """Give an account and its office."""
    return make_office()


def test_a_party_that_was_removed_does_not_come_back_by_declaring_it_again(office: Office) -> None:
    one = office.declare(role="OFFICER", name="Ana Prado")
    remove_party(account=office.fresh(), party=one.party, by=office.officer, at=NOW)

    with pytest.raises(BadInput, match="removed already"):
        office.declare(party=one.party, role="OFFICER", name="Ana Prado")
    with pytest.raises(BadInput, match="removed already"):
        present_party(office.stream, one.party)

    assert party(office.stream, one.party).is_removed


@pytest.mark.parametrize(
    ("what", "one"),
    [
        ("other_names", "Name {}"),
        ("countries", "MX"),
        ("identifiers", ("passport", "G123456{}", "")),
    ],
)
def test_more_than_twenty_of_one_kind_are_refused_and_never_dropped(
    office: Office, what: str, one: Any
) -> None:
    def of(count: int) -> Any:
        if isinstance(one, str):
            return tuple(one.format(place) for place in range(count))
        return tuple((one[0], one[1].format(place), one[2]) for place in range(count))

    kept = office.declare(role="OFFICER", name="Ana Prado", **{what: of(MOST_OF_ONE)})
    with pytest.raises(BadInput, match="at most 20 other names, 20 countries and 20 numbers"):
        office.declare(role="OFFICER", name="Ana Luna", **{what: of(MOST_OF_ONE + 1)})

    assert len(kept.details[what]) == MOST_OF_ONE
    assert [row.name for row in parties_of(office.stream)] == ["Ana Prado"]


def test_of_a_person_the_year_and_the_ends_of_numbers_are_shown(office: Office) -> None:
    person = office.declare(
        role="OFFICER",
        name="Ana Prado",
        birth_date="1975-06-14",
        identifiers=(("passport", "G12345678", "MX"), ("rfc", "PALA750614AB1", "")),
    )

    masked = shown_details(person, in_full=False)

    assert masked["birth_date"] == "1975"
    assert masked["identifiers"] == [["passport", "…678", "MX"], ["rfc", "…AB1", ""]]
    assert shown_details(person, in_full=True) == person.details
    assert person.details["birth_date"] == "1975-06-14"


def test_numbers_of_a_company_are_shown_whole(office: Office) -> None:
    company = office.declare(
        role="COMPANY", name="Harbor Lane", identifiers=(("ein", "12-3456789", ""),)
    )

    assert shown_details(company, in_full=False) == company.details


def test_only_who_acts_for_this_company_or_reads_vetting_reads_in_full(office: Office) -> None:
    company = office.account.organization
    full = {
        role: reads_in_full(person_with(role, company).key, office.account, on=TODAY)
        for role in (
            "company_officer",
            "point_of_contact",
            "contributor",
            "consultant",
            "auditor",
        )
    } | {
        role: reads_in_full(person_with(role).key, office.account, on=TODAY)
        for role in ("specialist", "vetting_analyst", "director", "appeal_authority", "operator")
    }
    rival = person_with("company_officer", an_organization())

    assert {role for role, is_full in full.items() if is_full} == {
        "company_officer",
        "point_of_contact",
        "specialist",
        "vetting_analyst",
        "director",
    }
    assert not reads_in_full(rival.key, office.account, on=TODAY)
