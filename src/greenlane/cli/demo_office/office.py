"""What the demonstration's office did of its own duties, year by year, and what it did late."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Final

from greenlane.apps.members.actions.steps import office_step
from greenlane.apps.members.queries import office_case
from greenlane.apps.validations.actions.planning import adopt_plan
from greenlane.apps.validations.acts import act_that_adopts
from greenlane.core.deadlines import Duty
from greenlane.core.lifecycle.decide import Actor
from greenlane.core.program import Program
from greenlane.core.vocabulary import DutyState

DIRECTOR: Final = Actor("U-DEM0000001", "director")
EDITOR: Final = Actor("U-DEM0000008", "program_editor")
# Act, month and day it is done each year, by whom, and where the outcome is written down.
_YEARLY: Final = (
    ("O03", 1, 28, DIRECTOR, "Sent with the budget papers; copy in the program's own file."),
    ("O04", 9, 21, DIRECTOR, "Adopted at the September meeting; minutes are with the secretariat."),
    ("O02", 11, 10, EDITOR, "All categories read against the year's incidents; note to the file."),
)
_STRATEGIC: Final = ("O05", 9, 21, DIRECTOR, "Five years, with outcome measures; minutes filed.")


def keep_duties(program: Program, *, start: date, today: date, via: str) -> None:
    """Do the office's yearly acts from ``start`` to ``today``, and explain what was missed.

    As it happens, last year's plan was adopted three weeks late and one review of the criteria was
    missed: such days stay on the record. Each autumn adopts the plan of the year to come with the
    figures of that day, so the companies' stories are told first.
    """
    for year in range(start.year, today.year + 1):
        acts = [*_YEARLY, _STRATEGIC] if (year - start.year) % 5 == 1 else [*_YEARLY]
        for act, month, day, by, words in sorted(acts, key=lambda one: one[1:3]):
            on = date(year, month, day)
            if act == "O04" and year == today.year - 1:
                on = date(year, 10, 22)
            if start < on <= today and (act, year) != ("O02", today.year - 4):
                _do(program, act, on, by, words, via)
    for duty in office_case(program).duties(on=today):
        if duty.state is DutyState.OVERDUE:
            _explain(program, duty, today, via)


def _do(program: Program, act: str, on: date, by: Actor, words: str, via: str) -> None:
    at = datetime.combine(on, time(15, tzinfo=UTC))
    if act == act_that_adopts(program):
        adopt_plan(program=program, year=on.year + 1, by=by, at=at, via=via)
        return
    office_step(program=program, act=act, by=by, at=at, words=words, via=via)


def _explain(program: Program, duty: Duty, today: date, via: str) -> None:
    office_step(
        program=program,
        act="O07",
        by=DIRECTOR,
        at=datetime.combine(today, time(15, 30, tzinfo=UTC)),
        given={"duty": duty.key, "reason": "overdue.resources"},
        words="The staff were lent to the ports; the work is set down for the next quarter.",
        via=via,
    )
