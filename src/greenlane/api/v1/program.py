"""The program office's own yearly duties: what runs, what was done, doing it."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django.http import HttpRequest
from ninja import Field

from greenlane.api.v1.base import VIA, Body, api
from greenlane.apps.members.actions.steps import office_step
from greenlane.apps.members.queries import office_acts, office_duties
from greenlane.apps.validations.acts import OwnWay, own_way_of
from greenlane.core.deadlines import duty_json
from greenlane.core.errors import BadInput
from greenlane.gate.access import acting, now, the_program, today

_ADDRESSES: Final = {OwnWay.PLAN: "/plan/adoption", OwnWay.OUTAGE: "/outages"}


class OfficeActIn(Body):
    """What was done; for a late duty, which one and why."""

    words: str = Field(description="What was done, and where it is written down.", min_length=1)
    given: dict[str, str] = Field(default_factory=dict, description="Codes, such as reason.")


@api.get("/program/duties", url_name="program_duties", summary="What the office owes (office only)")
def program_duties(
    request: HttpRequest, on: date | None = None, known: str = "then"
) -> dict[str, Any]:
    """List the office's own duties on a day, and its latest acts."""
    day = on or today()
    return {
        "on": day,
        "known": known,
        "duties": [duty_json(one) for one in office_duties(on=day, known_now=known == "now")],
        "acts": [
            {"act": one.act, "on": one.on, "by": one.by, "words": one.words}
            for one in office_acts(at_most=20)
        ],
    }


@api.post("/program/acts/{act}", url_name="program_act", summary="Do an act of the office")
def program_act(request: HttpRequest, act: str, body: OfficeActIn) -> dict[str, Any]:
    """Do an act of the pack's table on the office's own record, such as O02."""
    program = the_program()
    row = program.transition(act)
    if row.stream == "account":
        raise BadInput("{act} is an act on an account: POST /accounts/ACCOUNT/acts/{act}.", act=act)
    way = own_way_of(program, row)
    if way:
        raise BadInput(
            "{act} has an address of its own, which asks for more: POST {address}.",
            act=act,
            address=_ADDRESSES[way],
        )
    office_step(
        program=program,
        act=act,
        by=acting(request, row.by),
        at=now(),
        given=body.given,
        words=body.words.strip(),
        via=VIA,
    )
    return program_duties(request)
