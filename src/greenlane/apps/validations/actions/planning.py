"""The office's own decisions about the plan: capacity, adoption of a year, an outage by decree."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Final

from greenlane.apps.audit.actions import append, one_at_a_time_in
from greenlane.apps.audit.queries import head_of
from greenlane.apps.members.actions.steps import office_step
from greenlane.apps.members.keeping import OFFICE
from greenlane.apps.validations import plans
from greenlane.apps.validations.actions.recording import check_role
from greenlane.apps.validations.acts import act_that_adopts, capacity_setters
from greenlane.core.canonical import Json
from greenlane.core.errors import BadInput
from greenlane.core.ledger import EventDraft
from greenlane.core.lifecycle.decide import Actor
from greenlane.core.program import Program
from greenlane.core.vocabulary import Purpose

MOST_VISITS: Final = 200
_OFFICE: Final = re.compile(r"[A-Z0-9-]{0,32}")


def _record(
    kind: str, act: str, payload: dict[str, Json], *, by: Actor, at: datetime, program: Program,
    via: str,
) -> None:  # fmt: skip
    draft = EventDraft(kind, act, program.day_of(at), by.id, by.role, payload=payload, via=via)
    append(
        stream=OFFICE,
        expected=head_of(OFFICE).seq,
        drafts=[(draft, None)],
        at=at,
        program=program,
    )


@one_at_a_time_in(OFFICE)
def set_capacity(
    *, program: Program, office: str, visits: int, by: Actor, at: datetime, via: str = ""
) -> None:
    """Decide how many visits a specialist of a field office can hold in a month.

    Args:
        office: Key of the field office; "" for every office without a decision of its own.
        visits: Visits a month for each specialist, 0 to 200.

    Raises:
        NotAllowed: the role may not. BadInput: no such key or number. Conflict.

    Source: 6 U.S.C. 969 and 971 (resources matched to the workload); P25.
    """
    check_role(by, capacity_setters(program))
    if not _OFFICE.fullmatch(office):
        raise BadInput("{office!r} is no key of a field office.", office=office[:40])
    if not 0 <= visits <= MOST_VISITS:
        raise BadInput("A specialist holds 0 to {most} visits a month.", most=MOST_VISITS)
    payload: dict[str, Json] = {"office": office, "visits": visits}
    _record("capacity", "capacity.set", payload, by=by, at=at, program=program, via=via)


@one_at_a_time_in(OFFICE)
def adopt_plan(*, program: Program, year: int, by: Actor, at: datetime, via: str = "") -> None:
    """Adopt a year's plan (O04) with the figures it rests on, computed at this moment.

    Raises:
        Refused: the role may not. Conflict: the office's record changed meanwhile.

    Source: 6 U.S.C. 969 (number to be revalidated, personnel needed) and 971.
    """
    plan = plans.plan_of(program, year=year, on=program.day_of(at))
    payload: dict[str, Json] = {
        "year": year,
        "due": len(plan.rows),
        "capacity": plan.capacity,
        "late": len(plan.late),
        "specialists": sum(plans.staff_of(program, on=plan.on).values()),
    }
    _record("plan", "plan.adopted", payload, by=by, at=at, program=program, via=via)
    office_step(program=program, act=act_that_adopts(program), by=by, at=at, via=via)


@one_at_a_time_in(OFFICE)
def decree_outage(
    *,
    program: Program,
    starts_on: date,
    ends_on: date,
    reason: str,
    includes_office: bool,
    words: str,
    by: Actor,
    at: datetime,
    via: str = "",
) -> None:
    """Decree an outage (O10): the clocks of all concerned stand still on these days (P16, R23).

    Args:
        starts_on, ends_on: First and last day, both inside.
        reason: A code of the pack's family ``outage``.
        includes_office: The office's own limits stop too, not only the companies' duties.

    Raises:
        BadInput: it ends before it starts. Refused, Conflict.
    """
    if ends_on < starts_on:
        raise BadInput("The outage ends on {day}, before it starts.", day=ends_on)
    given = {
        "starts_on": starts_on.isoformat(),
        "ends_on": ends_on.isoformat(),
        "reason": reason,
        "includes_office": "yes" if includes_office else "no",
    }
    office_step(
        program=program,
        act=program.act_that(Purpose.DECREE_OUTAGE).id,
        by=by,
        at=at,
        given=given,
        words=words,
        via=via,
    )
