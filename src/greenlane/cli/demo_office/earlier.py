"""Members that the demonstration's office took over from an older register, dates and all."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from greenlane.apps.migration.actions import record_members
from greenlane.apps.migration.earlier_rows import Explanation, read_members
from greenlane.apps.migration.planning import plan_members

if TYPE_CHECKING:
    from greenlane.core.lifecycle.decide import Actor
    from greenlane.core.program import Program

# Days are counted back from the taking over.
_ROWS: Final[tuple[dict[str, str | int], ...]] = (
    {
        "company": "Sandbar Marine Supply",
        "entity_type": "importer",
        "identifiers": "ein:12-3456789",
        "status": "VALIDATED",
        "tier": "T2",
        "certified_on": 1290,
        "initial_validated_on": 1010,
        "last_annual_review_on": 210,
    },
    {
        "company": "Kettle Creek Drayage",
        "entity_type": "highway_carrier",
        "identifiers": "scac:KTCD;duns:123456789",
        "status": "CERTIFIED",
        "certified_on": 140,
    },
)
_SHARED: Final = {
    "specialist": "specialist@demo.example",
    "office": "NEWARK",
    "source_document": "Register of the northern district, page 12",
}
TAKEN_DAYS_AGO: Final = 30


def take_over(program: Program, *, by: Actor, today: date, via: str) -> None:
    """Take the members of an older register over, as ``greenlane import members`` does.

    One of the rows wears a day that cannot be, which the director explains.
    """
    on = today - timedelta(days=TAKEN_DAYS_AGO)
    rows = [_row(row, on) for row in _ROWS]
    rows[0]["certified_on"] = f"{rows[0]['certified_on'][:4]}-02-30"
    certified = (on - timedelta(days=int(_ROWS[0]["certified_on"]))).isoformat()
    explained = {
        (2, "certified_on"): Explanation(
            2, "certified_on", by.id, "The letter on paper has the right day.", certified
        )
    }
    plan = plan_members(
        program=program,
        sheet=read_members(_file(rows)),
        explanations=explained,
        by=by,
        today=on,
    )
    at = datetime.combine(on, time(10), tzinfo=ZoneInfo(program.timezone))
    record_members(program=program, plan=plan, by=by, at=at, via=via)


def _row(row: dict[str, str | int], on: date) -> dict[str, str]:
    found = {
        name: (on - timedelta(days=value)).isoformat() if isinstance(value, int) else value
        for name, value in row.items()
    }
    return {**found, **_SHARED}


def _file(rows: list[dict[str, str]]) -> bytes:
    out = io.StringIO()
    table = csv.DictWriter(out, sorted({name for row in rows for name in row}), restval="")
    table.writeheader()
    table.writerows(rows)
    return out.getvalue().encode()
