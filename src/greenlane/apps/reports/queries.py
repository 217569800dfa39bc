"""Reads the program's health on any day from the anchor projection: one row an account."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from greenlane.apps.members.models import Account
from greenlane.apps.members.queries import office_decrees, office_duties
from greenlane.core.deadlines import duties, worst
from greenlane.core.health import Health, Life, health
from greenlane.core.lifecycle.standing import Step, fold, known_on

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from greenlane.core.program import Program

_COLUMNS = ("stream", "entity_type", "office", "steps")


def health_of(
    program: Program,
    *,
    on: date,
    known_now: bool = False,
    accounts: QuerySet[Account] | None = None,
) -> Health:
    """Return the health of a program on a day, as known then or (``known_now``) as known now.

    Args:
        program: The pack; only its accounts count.
        on: The day, past or future.
        known_now: Whether facts about the day that were recorded later count too (R24).
        accounts: Only these, for a reader who does not see all; None for every account.
    """
    found = Account.objects.all() if accounts is None else accounts
    rows = found.filter(program=program.id).order_by("stream").values(*_COLUMNS)
    return health(
        program,
        _lives(program, rows.iterator(chunk_size=500), on=on, known_now=known_now),
        on=on,
        office_duties=office_duties(on=on, known_now=known_now),
        known_now=known_now,
    )


def _lives(
    program: Program, rows: Iterable[dict[str, Any]], *, on: date, known_now: bool
) -> Iterator[Life]:
    decrees = office_decrees()
    for row in rows:
        steps = [Step.from_json(step) for step in row["steps"]]
        known = known_on(steps, on=on, known_now=known_now)
        if not known:
            continue
        owed = duties(program, steps, on=on, decrees=decrees, known_now=known_now)
        yield Life(
            row["stream"],
            row["entity_type"],
            row["office"],
            fold(row["entity_type"], known),
            known,
            owed,
            worst(owed),
        )
