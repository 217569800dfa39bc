"""What the company is told of an incident is kept with it, whoever put the incident on file."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from greenlane.apps.audit.verify import verify
from greenlane.apps.incidents import actions, queries
from tests.factories.certified import Member, a_member, moment

pytestmark = pytest.mark.django_db

ON = date(2026, 9, 1)


@pytest.fixture
def member() -> Member:
    return a_member()


def told(member: Member, words: str, *, incident: int = 0, after: int = 0) -> int:
    """Let the office find something and tell it; return the incident's place."""
    day = ON + timedelta(days=after)
    found = actions.discover(
        account=member.account,
        kind="incident.seal",
        words="Seen on camera.",
        source="The port unit.",
        by=member.by("specialist"),
        at=moment(day),
        incident=incident,
    )
    return actions.disclose(
        account=member.account,
        discovery=found.seq,
        words=words,
        by=member.by("specialist"),
        at=moment(day, 5),
    ).seq


def test_what_is_told_of_a_reported_incident_stands_beside_the_report(member: Member) -> None:
    seq = actions.report(
        account=member.account,
        given=actions.IncidentGiven("incident.seal", "A seal was cut."),
        by=member.by("point_of_contact"),
        at=moment(ON),
    ).seq

    told(member, "The office had seen it.", incident=seq, after=1)
    told(member, "There were two trailers.", incident=seq, after=2)

    found = queries.incident(member.stream, seq)
    assert found.words == "A seal was cut."
    assert found.told_words == "The office had seen it.\n\nThere were two trailers."
    assert verify().is_clean


def test_what_the_office_told_first_is_its_words_and_not_the_companys(member: Member) -> None:
    seq = told(member, "A loss on 3 May is known.")

    found = queries.incident(member.stream, seq)
    assert (found.words, found.told_words) == ("", "A loss on 3 May is known.")
    assert verify().is_clean


def test_the_company_does_not_read_who_reviewed_its_report(member: Member) -> None:
    seq = told(member, "A loss on 3 May is known.")

    found = queries.incident_for_company(member.stream, seq)

    assert found.told_words == "A loss on 3 May is known."
    assert not hasattr(found, "reviewed_by")
    with pytest.raises(queries.NoSuchIncident):
        queries.incident_for_company(member.stream, seq + 1)
