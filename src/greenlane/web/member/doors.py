"""Who may pass at the member door: address name to roles. What stands not here is closed."""

from __future__ import annotations

from greenlane.core.access import Access, only

_OWN = ("company_officer", "point_of_contact")
_ANSWERING = (*_OWN, "contributor", "consultant")
_READING = (*_ANSWERING, "auditor")

DOORS: dict[str, Access] = {
    "member:work": only(*_READING),
    "member:choose": only(*_OWN),
    "member:eligibility": only(*_OWN),
    "member:account": only(*_READING),
    "member:company": only(*_READING),
    "member:agreement": only(*_READING),
    "member:sign": only("company_officer"),
    "member:risk": only(*_READING),
    "member:withdraw": only(*_OWN),
    "member:profile": only(*_READING),
    "member:reaffirm": only(*_OWN),
    "member:criterion": only(*_READING),
    "member:draft": only(*_ANSWERING),
    "member:evidence": only(*_ANSWERING),
    "member:withdraw_evidence": only(*_ANSWERING),
    "member:submit": only(*_READING),
    "member:standing": only(*_READING),
    "member:letters": only(*_READING),
    "member:record": only(*_READING),
    "member:receipt": only(*_READING),
    "member:document": only(*_READING),
}
