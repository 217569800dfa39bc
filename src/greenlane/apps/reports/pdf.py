"""Sets the health report as PDF/A for the file of an office or an oversight body."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from greenlane.apps.documents.typeset import NotTypeset, typeset
from greenlane.core.canonical import Json
from greenlane.core.errors import GreenlaneError

if TYPE_CHECKING:
    from greenlane.core.health import Health

_SHEET: Final = Path(__file__).with_name("typst") / "health.typ"
_TITLES: Final = {
    "en": ("Health of the program", "As known on that day", "As known now"),
    "es": ("Salud del programa", "Según lo conocido ese día", "Según lo conocido hoy"),
}


class ReportNotSet(GreenlaneError):
    """The report could not be set as PDF."""

    code = "report.not_set"


def health_pdf(report: Health, *, program_title: str, language: str) -> bytes:
    """Return the report as PDF/A-3b.

    Raises:
        ReportNotSet: the typesetter refused.
    """
    base = language.partition("-")[0]
    title, then, now = _TITLES.get(base, _TITLES["en"])
    varying: dict[str, Json] = {
        "title": title,
        "program": program_title,
        "on": report.on.isoformat(),
        "known": now if report.known_now else then,
        "language": base,
        "tables": [
            {
                "title": table.title.in_(language),
                "definition": table.definition.in_(language),
                "columns": [column.title.in_(language) for column in table.columns],
                "lines": [
                    [line.title.in_(language), *("" if v is None else str(v) for v in line.values)]
                    for line in table.lines
                ],
            }
            for table in report.tables
        ],
    }
    try:
        return typeset(_SHEET, varying)
    except NotTypeset as refusal:
        raise ReportNotSet(f"The report could not be set: {refusal.message}") from refusal
