"""Who may pass at the specialist door: address name to roles. What stands not here is closed."""

from __future__ import annotations

from greenlane.core.access import Access, only

_OFFICE = ("specialist", "vetting_analyst", "field_manager", "director")

DOORS: dict[str, Access] = {
    "specialist:queue": only(*_OFFICE),
    "specialist:members": only(*_OFFICE),
    "specialist:health": only(*_OFFICE),
    "specialist:case": only(*_OFFICE),
    "specialist:act": only(*_OFFICE),
    "specialist:review": only(*_OFFICE),
    "specialist:criterion": only(*_OFFICE),
    "specialist:vetting": only(*_OFFICE),
    "specialist:certify": only(*_OFFICE),
    "specialist:record": only(*_OFFICE),
    "specialist:letters": only(*_OFFICE),
    "specialist:document": only(*_OFFICE),
}
