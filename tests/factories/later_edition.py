"""An invented edition that follows the pack's own, with one criterion changed in each way."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date

from greenlane.apps.criteria import queries
from greenlane.core.criteria import Compliance, Criterion, Edition
from greenlane.core.text import Text
from greenlane.core.vocabulary import CriterionLevel

LATER = "2026-09-01"
IN_FORCE = date(2026, 9, 1)
REWORDED, GUIDED, RAISED, LOWERED, WITHDRAWN, ADDED = "1.1", "1.3", "4.4", "2.1", "2.4", "1.9"


def _changed(criterion: Criterion) -> Criterion:
    words = criterion.requirement
    if criterion.id == REWORDED:
        says = {"en": "A harbor patrol is named.", "es": "Se nombra una ronda portuaria."}
        return replace(criterion, requirement=Text(says))
    if criterion.id == GUIDED:
        return replace(criterion, guidance=Text({"en": "A hint.", "es": "Una pista."}))
    level = {RAISED: CriterionLevel.MUST, LOWERED: CriterionLevel.SHOULD}.get(criterion.id)
    if level is None:
        return replace(criterion, requirement=words)
    cells = tuple(replace(cell, level=None) for cell in criterion.cells)
    return replace(criterion, level=level, cells=cells)


def later_edition(before: Edition, *, binds_from: date = IN_FORCE) -> Edition:
    """Return an edition after ``before``, in force from 1 September 2026."""
    kept = [_changed(one) for one in before.criteria if one.id != WITHDRAWN]
    first = next(one for one in before.criteria if one.id == "1.2")
    says = {"en": "Drones over the yard are reported.", "es": "Se reportan drones sobre el patio."}
    added = replace(first, id=ADDED, title=Text(says), requirement=Text(says))
    return replace(
        before,
        id=LATER,
        title=Text({"en": "Invented criteria of 2026", "es": "Criterios inventados de 2026"}),
        valid_from=IN_FORCE,
        compliance=Compliance(IN_FORCE, binds_from),
        supersedes=before.id,
        criteria=tuple(sorted([*kept, added], key=lambda one: one.category)),
    )


@contextmanager
def a_later_edition(program: str = "ctpat", *, binds_from: date = IN_FORCE) -> Iterator[Edition]:
    """Let the program have the invented edition while the block runs."""
    own = queries.editions(program)
    later = later_edition(own[-1], binds_from=binds_from)
    queries._EDITIONS[program] = (*own[:-1], replace(own[-1], valid_to=IN_FORCE), later)
    try:
        yield later
    finally:
        queries._EDITIONS[program] = own
