"""Sets the health report as PDF/A for the file of an office or an oversight body."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from greenlane.apps.certification.actions import day_words
from greenlane.apps.documents.typeset import NotTypeset, typeset
from greenlane.apps.reports.words import named_with_keys, said
from greenlane.core.canonical import Json
from greenlane.core.errors import GreenlaneError

if TYPE_CHECKING:
    from greenlane.core.health import Health, HealthTable
    from greenlane.core.program import Program

_SHEET: Final = Path(__file__).with_name("typst") / "health.typ"
_TITLES: Final = {
    "en": ("Health of the program", "As known on that day", "As known now"),
    "es": ("Salud del programa", "Según lo conocido ese día", "Según lo conocido hoy"),
}


class ReportNotSet(GreenlaneError):
    """The report could not be set as PDF."""

    code = "report.not_set"


def health_pdf(
    report: Health, *, program: Program, names: Mapping[str, str], language: str
) -> bytes:
    """Return the report as PDF/A-3b.

    Args:
        report: The report.
        program: The pack, for its title and its reasons in words.
        names: Names of companies by the key of their account.
        language: Such as "es".

    Raises:
        ReportNotSet: the typesetter refused.
    """
    base = language.partition("-")[0]
    title, then, now = _TITLES.get(base, _TITLES["en"])
    varying: dict[str, Json] = {
        "title": title,
        "program": program.title.in_(language),
        "on": day_words(report.on, base),
        "known": now if report.known_now else then,
        "language": base,
        "tables": [
            {
                "title": table.title.in_(language),
                "definition": table.definition.in_(language),
                "columns": [column.title.in_(language) for column in table.columns],
                "lines": _lines(table, program, names, language),
            }
            for table in report.tables
        ],
    }
    try:
        return typeset(_SHEET, varying)
    except NotTypeset as refusal:
        raise ReportNotSet(f"The report could not be set: {refusal.message}") from refusal


def _lines(
    table: HealthTable, program: Program, names: Mapping[str, str], language: str
) -> list[Json]:
    keyed, base = named_with_keys(names), language.partition("-")[0]

    def words(value: str | int | date | None) -> str:
        if isinstance(value, date):
            return day_words(value, base)
        return "" if value is None else str(value)

    return [
        [
            line.title.in_(language),
            *(
                words(said(value, column.unit, names=keyed, program=program, language=language))
                for column, value in zip(table.columns, line.values, strict=True)
            ),
        ]
        for line in table.lines
    ]
