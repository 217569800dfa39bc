"""Who may pass at the specialist door: address name to who. What stands not here is closed."""

from __future__ import annotations

from greenlane.core.access import Access, case_workers, having, only, people_reading
from greenlane.core.vocabulary import Matter, Power

_OFFICE = only(case_workers)
_VETTING = only(people_reading(Matter.VETTING))
_VETTERS = only(having(Power.VET))
_KEEPING = only(case_workers, having(Power.CONFIRM_CRITERIA))

DOORS: dict[str, Access] = {
    "specialist:queue": _OFFICE,
    "specialist:members": _OFFICE,
    "specialist:health": _OFFICE,
    "specialist:cells": _KEEPING,
    "specialist:cell": _KEEPING,
    "specialist:case": _OFFICE,
    "specialist:act": _OFFICE,
    "specialist:review": _OFFICE,
    "specialist:criterion": _OFFICE,
    "specialist:vetting": _VETTING,
    "specialist:screen": _VETTERS,
    "specialist:hits": _VETTING,
    "specialist:hit": _VETTING,
    "specialist:customs": _VETTERS,
    "specialist:certify": _OFFICE,
    "specialist:record": _OFFICE,
    "specialist:letters": _OFFICE,
    "specialist:document": _OFFICE,
}
