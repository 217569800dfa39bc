"""The words of the office's own acts reach a day on which they may be erased."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from django.db import transaction

from greenlane.apps.audit.actions import HoldRefused, StillKept, erase, place_hold
from greenlane.apps.audit.erasing import due_for_erasure
from greenlane.apps.audit.queries import content_of, events_of, head_of
from greenlane.apps.audit.verify import verify
from greenlane.apps.members.actions.steps import office_step
from greenlane.apps.members.models import StepNote
from greenlane.apps.validations.actions.planning import decree_outage
from greenlane.apps.vetting.levels import set_levels
from greenlane.core.calendar import Period
from greenlane.core.lifecycle.decide import Actor
from greenlane.core.marks import Mark
from greenlane.core.program import Program
from tests.apps.audit.program import rule
from tests.factories.people import NOW, person_with, the_program

pytestmark = pytest.mark.django_db

OFFICE = "office"
TODAY = NOW.date()
YEARS = Period(years=7)


def a_program() -> Program:
    """Return the program with periods set, counted from the end of an account."""
    program = the_program()
    own = ("account_content", "vetting_detail")
    kept = {key: rule(key, {Mark.WITHDRAWN, Mark.REMOVED}, YEARS) for key in own}
    return replace(program, retention={**program.retention, **kept})


def explained(at: datetime) -> int:
    """Let the director say why a duty of the year is late; return the event's place."""
    program = a_program()
    director = Actor(person_with("director").key, "director")
    office_step(program=program, act="O00", by=Actor("system", "system"), at=NOW)
    office_step(
        program=program,
        act="O03",
        by=director,
        at=at,
        words="Delays were caused by Ana Núñez.",
    )
    return head_of(OFFICE).seq


def due_on(day: date) -> dict[str, tuple[int, ...]]:
    return {one.rule: one.seqs for one in due_for_erasure(OFFICE, program=a_program(), on=day)}


def erased(seq: int, category: str, on: date) -> None:
    with transaction.atomic():
        erase(
            stream=OFFICE,
            expected=head_of(OFFICE).seq,
            seqs=[seq],
            rule=category,
            actor="system",
            role="system",
            on=on,
            at=NOW,
            program=a_program(),
        )


def test_the_words_of_a_duty_are_kept_for_the_period_from_their_own_day() -> None:
    seq = explained(NOW)
    ends = YEARS.after(TODAY)

    assert due_on(ends - timedelta(days=1)) == {}
    assert due_on(ends) == {"account_content": (seq,)}
    with pytest.raises(StillKept, match=f"until {ends}"):
        erased(seq, "account_content", ends - timedelta(days=1))
    erased(seq, "account_content", ends)

    assert content_of(OFFICE, seq) is None
    assert not StepNote.objects.filter(stream=OFFICE).exclude(words="").exists()
    assert due_on(ends) == {}
    assert verify(OFFICE).faults == []


def test_the_words_of_an_outage_are_kept_from_its_last_day() -> None:
    explained(NOW)
    last = TODAY + timedelta(days=30)
    decree_outage(
        program=a_program(),
        starts_on=TODAY,
        ends_on=last,
        reason="outage.planned",
        includes_office=True,
        words="The move of the servers.",
        by=Actor(person_with("director").key, "director"),
        at=NOW,
    )
    decree = head_of(OFFICE).seq

    assert decree not in due_on(YEARS.after(last) - timedelta(days=1))["account_content"]
    assert decree in due_on(YEARS.after(last))["account_content"]


def test_the_reason_of_levels_is_kept_while_they_hold_and_for_the_period_after() -> None:
    by = Actor(person_with("vetting_analyst").key, "vetting_analyst")
    later = NOW + timedelta(days=400)
    for review, at in ((300_000, NOW), (400_000, later)):
        set_levels(program=a_program(), review=review, alert=900_000, words="Curve", by=by, at=at)
    first, second = (event.seq for event in events_of(OFFICE, kinds=["levels"]))

    assert due_on(YEARS.after(later.date()) - timedelta(days=1)) == {}
    assert due_on(YEARS.after(later.date())) == {"vetting_detail": (first,)}
    with pytest.raises(StillKept, match="decides again"):
        erased(second, "vetting_detail", date(2200, 1, 1))


def test_without_a_period_the_office_s_words_are_kept() -> None:
    seq = explained(NOW)
    program = replace(
        a_program(), retention={"account_content": rule("account_content", set(), None)}
    )

    assert due_for_erasure(OFFICE, program=program, on=date(2200, 1, 1)) == []
    assert content_of(OFFICE, seq) is not None


def test_a_hold_on_the_office_s_record_is_on_all_of_it() -> None:
    explained(NOW)

    with pytest.raises(HoldRefused), transaction.atomic():
        place_hold(
            stream=OFFICE,
            expected=head_of(OFFICE).seq,
            hold="case-9",
            ground="litigation",
            actor="system",
            role="system",
            on=TODAY,
            at=NOW,
            program=a_program(),
            of="U-0000000001",
        )
