"""Sets the health report as PDF/A for the file of an office or an oversight body."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings

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
    import typst

    base = language.partition("-")[0]
    title, then, now = _TITLES.get(base, _TITLES["en"])
    varying = {
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
    sheet: Any = str(_SHEET)  # the stub's type variable has no solution for a plain text
    try:
        pdf: bytes = typst.compile(
            sheet,
            sys_inputs={"report": json.dumps(varying, ensure_ascii=False)},
            font_paths=[str(settings.FONTS_DIR)],
            ignore_system_fonts=True,
            pdf_standards=["a-3b"],
        )
    except Exception as error:
        # The library raises untyped errors of its own.
        raise ReportNotSet(f"The report could not be set: {error}") from error
    else:
        return pdf
