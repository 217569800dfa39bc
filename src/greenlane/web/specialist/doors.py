"""Who may pass at the specialist door: address name to who. What stands not here is closed."""

from __future__ import annotations

from greenlane.core.access import (
    Access,
    case_workers,
    deciding,
    having,
    marking,
    only,
    people_reading,
)
from greenlane.core.marks import Mark
from greenlane.core.vocabulary import Matter, Power

_OFFICE = only(case_workers)
_VETTING = only(people_reading(Matter.VETTING))
_VETTERS = only(having(Power.VET))
_APPEALS = only(case_workers, marking(Mark.APPEAL_DECIDED))
_KEEPING = only(case_workers, having(Power.CONFIRM_CRITERIA))

DOORS: dict[str, Access] = {
    "specialist:queue": _OFFICE,
    "specialist:members": _OFFICE,
    "specialist:health": _OFFICE,
    "specialist:program": _KEEPING,
    "specialist:office_act": _KEEPING,
    "specialist:cells": _KEEPING,
    "specialist:cell": _KEEPING,
    "specialist:case": _OFFICE,
    "specialist:act": _OFFICE,
    "specialist:editions": _OFFICE,
    "specialist:past": _OFFICE,
    "specialist:review": _OFFICE,
    "specialist:criterion": _OFFICE,
    "specialist:vetting": _VETTING,
    "specialist:screen": _VETTERS,
    "specialist:hits": _VETTING,
    "specialist:levels": only(having(Power.CONFIRM_HITS)),
    "specialist:hit": _VETTING,
    "specialist:customs": _VETTERS,
    "specialist:plan": _OFFICE,
    "specialist:capacity": only(marking(Mark.ANNUAL_PLAN_ADOPTED), deciding),
    "specialist:adopt_plan": only(marking(Mark.ANNUAL_PLAN_ADOPTED)),
    "specialist:decrees": _OFFICE,
    "specialist:validation": _OFFICE,
    "specialist:validation_visit": _OFFICE,
    "specialist:validation_check": _OFFICE,
    "specialist:validation_draft": _OFFICE,
    "specialist:validation_photo": _OFFICE,
    "specialist:validation_new_finding": _OFFICE,
    "specialist:validation_finding": _OFFICE,
    "specialist:validation_act": _OFFICE,
    "specialist:certify": _OFFICE,
    "specialist:record": _OFFICE,
    "specialist:letters": _OFFICE,
    "specialist:document": _APPEALS,
    "specialist:trust_queue": _APPEALS,
    "specialist:trust": _OFFICE,
    "specialist:propose_suspension": only(having(Power.REVIEW), marking(Mark.URGENTLY_SUSPENDED)),
    "specialist:suspension": _OFFICE,
    "specialist:suspension_act": _OFFICE,
    "specialist:plan_step": only(having(Power.REVIEW)),
    "specialist:appeal": _APPEALS,
    "specialist:incidents": _OFFICE,
    "specialist:discover": only(having(Power.STATE_FACTS)),
    "specialist:incident": _OFFICE,
    "specialist:incident_act": only(
        having(Power.STATE_FACTS), marking(Mark.INCIDENT_REVIEWED, Mark.ANALYSIS_ASKED)
    ),
    "specialist:discovery_act": only(having(Power.STATE_FACTS)),
}
