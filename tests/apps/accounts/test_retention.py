"""Retention in the stream of people: counted for each person, though one chain holds everybody."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction

from greenlane.apps.accounts import actions, erasure, queries
from greenlane.apps.accounts.models import Invitation, Organization, User
from greenlane.apps.audit.actions import HoldRefused, OnHold, StillKept, lift_hold, place_hold
from greenlane.apps.audit.erasing import due_for_erasure
from greenlane.apps.audit.queries import content_of, events_of, head_of, holds_of
from greenlane.apps.audit.verify import verify
from greenlane.apps.members.actions.accounts import open_account
from greenlane.core.calendar import Period
from greenlane.core.program import Program
from greenlane.core.satisfy import facts_satisfying
from greenlane.core.vocabulary import PersonEnd
from tests.factories.people import NOW, a_person, actor, an_organization, person_with, the_program

pytestmark = pytest.mark.django_db
PEOPLE = "people"
TODAY = date(2026, 5, 4)
LEFT = NOW + timedelta(days=30)
LEFT_ON = date(2026, 6, 3)


def program(end: PersonEnd = PersonEnd.LAST_ROLE_ENDED, *, years: int = 6) -> Program:
    """Return the pack with a period for what is kept of people."""
    pack = the_program()
    contact = replace(pack.retention["contact"], period=Period(years=years), person_from=end)
    sign_in = replace(pack.retention["sign_in"], period=Period(days=90))
    return replace(pack, retention={**pack.retention, "contact": contact, "sign_in": sign_in})


def years_later(years: int, days: int = 0) -> Any:
    return LEFT.replace(year=LEFT.year + years) + timedelta(days=days)


def erase(subject: str, at: Any, *, pack: Program | None = None, rule: str = "contact") -> Any:
    return erasure.erase_of_people(
        subject=subject, rule=rule, by=actions.BY_SYSTEM, at=at, program=pack or program()
    )


def an_auditor_who_left() -> User:
    """Return somebody of a company whose only role ended on `LEFT_ON`."""
    company = an_organization()
    officer = person_with("company_officer", company)
    auditor = person_with("auditor", company, name="Ana Núñez", email="ana@example.com")
    (grant,) = auditor.grants.all()
    actions.end_grant(
        grant=grant.key, by=actor(officer, "company_officer"), at=LEFT, program=program()
    )
    return auditor


def test_the_period_runs_from_the_end_of_the_persons_last_role() -> None:
    left = an_auditor_who_left()
    stays = person_with("specialist", name="Dora", email="dora@example.com")

    with pytest.raises(StillKept, match=r"until 2032-06-03, 6 years after the last role .* ended"):
        erase(left.key, years_later(6, -1))
    with pytest.raises(StillKept, match="has not happened"):
        erase(stays.key, years_later(60))
    event = erase(left.key, years_later(6))

    row = queries.person(left.key)
    assert (row.is_erased, row.name, row.email, row.is_active) == (True, "", None, False)
    assert queries.person(stays.key).name == "Dora"
    report = verify(PEOPLE)
    assert report.faults == []
    assert [(one.rule, one.at[:10], one.by) for one in report.erased] == [
        ("contact", "2032-06-03", f"people:{event.seq}")
    ]
    assert events_of(PEOPLE)[event.seq - 1].fields["payload"]["of"] == [left.key]


def test_who_comes_back_is_kept_again() -> None:
    person = an_auditor_who_left()
    other = an_organization()
    actions.grant(
        person=person.key,
        role="auditor",
        organization=other.key,
        by=actions.BY_SYSTEM,
        at=years_later(5),
        program=program(),
    )

    with pytest.raises(StillKept):
        erase(person.key, years_later(9))

    assert queries.person(person.key).name == "Ana Núñez"


def test_a_closed_sign_in_ends_the_roles_and_who_never_had_one_counts_from_the_first_day() -> None:
    person = person_with("specialist")
    person_with("director")
    stranger = a_person()
    actions.deactivate_person(
        person=person.key, why="left", by=actor(person), at=LEFT, program=program(), words="Moved."
    )

    with pytest.raises(StillKept, match=str(LEFT_ON.replace(year=2032))):
        erase(person.key, years_later(6, -1))
    erase(person.key, years_later(6))
    with pytest.raises(StillKept, match="2032-05-04"):
        erase(stranger.key, NOW.replace(year=2032) - timedelta(days=1))
    erase(stranger.key, NOW.replace(year=2032))

    closing = next(one for one in events_of(PEOPLE) if one.act == "person.closed")
    assert content_of(PEOPLE, closing.seq) is None
    assert User.objects.filter(is_erased=True).count() == 2
    assert verify(PEOPLE).faults == []


def test_a_rule_may_count_from_the_closing_of_the_sign_in_instead() -> None:
    pack = program(PersonEnd.SIGN_IN_CLOSED)
    person = an_auditor_who_left()

    with pytest.raises(StillKept, match="sign_in_closed"):
        erase(person.key, years_later(20), pack=pack)
    actions.deactivate_person(
        person=person.key, why="left", by=actor(person), at=years_later(20), program=pack
    )
    erase(person.key, years_later(26), pack=pack)

    assert queries.person(person.key).is_erased


def test_a_legal_hold_stops_it_for_one_person_and_for_all() -> None:
    held, free = an_auditor_who_left(), a_person()
    by: dict[str, Any] = {"stream": PEOPLE, "actor": "p9", "role": "director", "at": LEFT}
    by |= {"on": LEFT_ON, "program": program()}
    with transaction.atomic():
        expected = head_of(PEOPLE).seq
        place_hold(hold="case-7", ground="litigation", of=held.key, expected=expected, **by)

    with pytest.raises(OnHold, match="case-7"):
        erase(held.key, years_later(7))
    erase(free.key, years_later(7))
    with transaction.atomic():
        place_hold(hold="case-8", ground="audit", expected=head_of(PEOPLE).seq, **by)
    with transaction.atomic():
        lift_hold(hold="case-7", expected=head_of(PEOPLE).seq, **by)
    with pytest.raises(OnHold, match="case-8"):
        erase(held.key, years_later(7))
    with transaction.atomic():
        lift_hold(hold="case-8", expected=head_of(PEOPLE).seq, **by)
    erase(held.key, years_later(7))

    assert [(one.hold, one.of) for one in holds_of(PEOPLE)] == [
        ("case-7", held.key),
        ("case-8", ""),
    ]
    assert verify(PEOPLE).faults == []


def test_an_accounts_stream_has_one_owner_so_a_hold_there_names_none() -> None:
    with pytest.raises(HoldRefused, match="whole record"), transaction.atomic():
        place_hold(
            stream="A-0000000001",
            hold="case-1",
            ground="litigation",
            of="U-0000000001",
            expected=1,
            actor="p9",
            role="director",
            on=TODAY,
            at=NOW,
            program=program(),
        )


def test_a_hold_on_an_account_holds_who_acted_for_it() -> None:
    left = an_auditor_who_left()
    company = left.grants.get().organization_id or ""
    officer = person_with("company_officer", company)
    facts = facts_satisfying(program().entity_type("importer").eligibility, on=TODAY)
    opened = open_account(
        organization=company,
        company_name="Halyard Imports",
        entity_type="importer",
        facts={**facts, "application.eligibility_is_confirmed": True},
        by=actor(officer, "company_officer"),
        at=LEFT,
        program=program(),
    )
    by: dict[str, Any] = {"stream": opened.stream, "actor": "p9", "role": "director", "at": LEFT}
    with transaction.atomic():
        place_hold(
            hold="case-9",
            ground="litigation",
            expected=head_of(opened.stream).seq,
            on=LEFT_ON,
            program=program(),
            **by,
        )

    with pytest.raises(OnHold, match=rf"case-9 \({opened.stream}"):
        erase(left.key, years_later(7))

    assert not queries.person(left.key).is_erased


def test_a_sign_in_counts_from_its_own_day_and_its_erasure_keeps_the_person() -> None:
    person = person_with("specialist", can_sign_in=True)
    actions.record_sign_in(
        person=person.key,
        method="password",
        second_factor="totp",
        at=NOW,
        program=program(),
        ip="192.0.2.7",
        device="A browser",
    )

    with pytest.raises(StillKept, match="90 days after it was recorded"):
        erase(person.key, NOW + timedelta(days=89), rule="sign_in")
    erase(person.key, NOW + timedelta(days=90), rule="sign_in")

    (row,) = queries.sign_ins_of(person.key)
    assert (row.ip, row.device, row.second_factor) == ("", "", "totp")
    assert queries.person(person.key).is_active
    assert verify(PEOPLE).faults == []


def test_an_organization_counts_from_its_last_role_and_an_offer_from_its_end() -> None:
    company = an_organization("Halyard Imports")
    officer = person_with("company_officer", company)
    offer = actions.invite(
        email="nobody@example.com",
        role="auditor",
        organization=company.key,
        by=actor(officer, "company_officer"),
        at=NOW,
        program=program(),
    )

    with pytest.raises(StillKept, match="has not happened"):
        erase(company.key, years_later(20))
    erase(offer.key, NOW.replace(year=2033))

    assert Invitation.objects.get().is_erased
    assert not Organization.objects.get().is_erased
    assert verify(PEOPLE).faults == []


def test_what_may_be_erased_is_listed_by_whom_it_is_of() -> None:
    left = an_auditor_who_left()
    stays = person_with("specialist")

    due = due_for_erasure(PEOPLE, program=program(), on=date(2032, 6, 3))

    assert left.key in {one.of for one in due}
    assert stays.key not in {one.of for one in due}
    assert due_for_erasure(PEOPLE, program=program(), on=LEFT_ON) == []
    assert due_for_erasure(PEOPLE, program=the_program(), on=date(2099, 1, 1)) == []
