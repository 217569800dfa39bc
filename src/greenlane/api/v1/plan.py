"""The year's plan of validations, what it rests on, and outages by decree (office only)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from ninja import Field

from greenlane.api.v1.base import VIA, Body, api
from greenlane.apps.members.queries import office_decrees
from greenlane.apps.validations import plans
from greenlane.apps.validations.actions import planning
from greenlane.apps.validations.acts import capacity_setters, plan_adopters
from greenlane.core.deadlines import duty_json
from greenlane.core.errors import BadInput
from greenlane.core.vocabulary import Purpose
from greenlane.gate.access import acting, now, the_program, today
from greenlane.gate.records import accounts_in_sight

if TYPE_CHECKING:
    from greenlane.apps.validations.plans import PlanRow


class CapacityIn(Body):
    """How many visits a specialist of a field office can hold in a month."""

    office: str = Field("", description="Field office; empty for all without a decision")
    visits: int


class AdoptIn(Body):
    """The year whose plan is adopted."""

    year: int = Field(ge=2000, le=2200)


class OutageIn(Body):
    """An outage: first and last day, both inside; the reason is a code of the pack."""

    starts_on: date
    ends_on: date
    reason: str
    words: str = ""
    includes_office: bool = Field(False, description="The office's own limits stop too.")


@api.get("/plan", url_name="plan", summary="The year's plan (office only)")
def plan(
    request: HttpRequest, year: int | None = None, office: str = "", on: date | None = None
) -> dict[str, Any]:
    """List who must be validated in a year by each reading, and what will be late.

    Figures and rows are those of the accounts in your sight; ``on`` asks as known on a past day.
    """
    program, day = the_program(), on or today()
    chosen = day.year if year is None else year
    if not 2000 <= chosen <= 2200:
        raise BadInput("The year {year} is out of reach. Use one from 2000 to 2200.", year=chosen)
    found = plans.plan_of(
        program,
        year=chosen,
        on=day,
        among=accounts_in_sight(request, program.id),
        offices=frozenset({office}) if office else None,
    )
    return {
        "year": found.year,
        "on": found.on,
        "due": len(found.rows),
        "late": len(found.late),
        "capacity": found.capacity,
        "not_due": found.not_due,
        "offices": [
            {
                "office": one.office,
                "specialists": one.specialists,
                "visits_a_month": one.monthly,
                "due": one.due,
                "overdue": one.overdue,
                "late": one.late,
                "cannot_be_held": one.blocked,
                "under_way": one.under_way,
            }
            for one in found.offices
        ],
        "accounts": [_row(row) for row in found.rows],
    }


def _row(row: PlanRow) -> dict[str, Any]:
    return {
        "account": row.stream,
        "company_name": row.company_name,
        "office": row.office,
        "specialist": row.specialist,
        "membership": row.membership,
        "tier": row.tier,
        "validation": row.validation,
        "risk_band": row.risk_band,
        "due_on": row.due.due_on,
        "readings": [duty_json(duty) for duty in row.readings],
        "missed_windows": [duty_json(duty) for duty in row.breaches],
        "will_be_late": row.will_be_late,
        "visit_on": row.visit_on,
        "held_by": plans.will_be_held(row),
        "cannot_be_held": {"reason": row.reason, "new_due_on": row.new_due_on}
        if row.is_blocked
        else None,
    }


@api.get("/plan/capacity", url_name="capacity", summary="Staff and capacity (office only)")
def capacity(request: HttpRequest) -> dict[str, Any]:
    """Return how many specialists each field office has, and what one can hold in a month."""
    return {
        "specialists": plans.staff_of(the_program(), on=today()),
        "visits_a_month": plans.capacities(on=today()),
    }


@api.post("/plan/capacity", url_name="set_capacity", summary="Set the capacity")
def set_capacity(request: HttpRequest, body: CapacityIn) -> dict[str, Any]:
    """Decide how many visits a specialist can hold in a month; the plan rests on it."""
    program = the_program()
    by = acting(request, capacity_setters(program))
    planning.set_capacity(program=program, by=by, at=now(), via=VIA, **body.dict())
    return capacity(request)


@api.post("/plan/adoption", url_name="adopt_plan", summary="Adopt a year's plan")
def adopt(request: HttpRequest, body: AdoptIn) -> dict[str, Any]:
    """Adopt a year's plan with the figures of this moment."""
    program = the_program()
    by = acting(request, plan_adopters(program))
    planning.adopt_plan(program=program, year=body.year, by=by, at=now(), via=VIA)
    done = plans.adopted_plans()[0]
    return {
        "year": done.year,
        "on": done.on,
        "due": done.due,
        "capacity": done.capacity,
        "late": done.late,
        "specialists": done.specialists,
    }


@api.get("/outages", url_name="outages", summary="Decreed outages (office only)")
def outages(request: HttpRequest) -> dict[str, Any]:
    """List the outages on whose days clocks stand still."""
    return {
        "outages": [
            {
                "starts_on": one.starts_on,
                "ends_on": one.ends_on,
                "includes_office": one.includes_office,
            }
            for one in office_decrees()
        ]
    }


@api.post("/outages", url_name="decree_outage", summary="Decree an outage")
def decree(request: HttpRequest, body: OutageIn) -> dict[str, Any]:
    """Decree an outage: the clocks of all concerned stand still on these days."""
    program = the_program()
    by = acting(request, program.act_that(Purpose.DECREE_OUTAGE).by)
    planning.decree_outage(program=program, by=by, at=now(), via=VIA, **body.dict())
    return outages(request)
