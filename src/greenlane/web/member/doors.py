"""Who may pass at the member door: address name to who. What stands not here is closed."""

from __future__ import annotations

from greenlane.core.access import (
    Access,
    company_actors,
    company_people,
    doing,
    having,
    marking,
    only,
)
from greenlane.core.marks import Mark
from greenlane.core.vocabulary import Power, Purpose

_OWN = only(company_actors)
_ANSWERING = only(having(Power.ANSWER))
_APPLYING = only(having(Power.APPLY_EDITION))
_READING = only(company_people)

DOORS: dict[str, Access] = {
    "member:work": _READING,
    "member:choose": _OWN,
    "member:eligibility": _OWN,
    "member:account": _READING,
    "member:company": _READING,
    "member:people": _READING,
    "member:party_new": _OWN,
    "member:party": _OWN,
    "member:party_remove": _OWN,
    "member:agreement": _READING,
    "member:sign": only(doing(Purpose.SIGN_AGREEMENT)),
    "member:risk": _READING,
    "member:withdraw": _OWN,
    "member:profile": _READING,
    "member:annual": _READING,
    "member:annual_category": _READING,
    "member:confirm": _OWN,
    "member:edition": _READING,
    "member:apply_edition": _APPLYING,
    "member:undo_edition": _APPLYING,
    "member:past": _READING,
    "member:criterion": _READING,
    "member:draft": _ANSWERING,
    "member:evidence": _ANSWERING,
    "member:withdraw_evidence": _ANSWERING,
    "member:submit": _READING,
    "member:validation": _READING,
    "member:validation_paper": _OWN,
    "member:waive_notice": _OWN,
    "member:finding": _READING,
    "member:submit_answers": only(marking(Mark.VALIDATION_ANSWERED)),
    "member:standing": _READING,
    "member:appeal": only(marking(Mark.APPEAL_FILED)),
    "member:hear": only(marking(Mark.HEARING_ANSWERED, Mark.SUSPENSION_ANSWERED)),
    "member:plan": only(marking(Mark.SUSPENSION_ANSWERED)),
    "member:plan_step": only(marking(Mark.SUSPENSION_ANSWERED)),
    "member:incidents": _READING,
    "member:report_incident": only(marking(Mark.INCIDENT_REPORTED)),
    "member:incident": _READING,
    "member:letters": _READING,
    "member:record": _READING,
    "member:receipt": _READING,
    "member:document": _READING,
}
