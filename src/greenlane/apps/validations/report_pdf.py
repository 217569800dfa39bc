"""Sets a validation report as PDF, with the signed head of the record attached inside."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from greenlane.apps.certification.letter_pdf import LetterNotSet

_SHEET: Final = Path(__file__).with_name("typst") / "report.typ"


@dataclass(frozen=True, slots=True)
class SiteText:
    """One line of the table of sites."""

    name: str
    country: str
    owner: str
    is_foreign: bool
    how: str
    state: str
    reason: str


@dataclass(frozen=True, slots=True)
class FindingText:
    """One finding; ``evidence`` are SHA-256 hashes, ``framework`` (requirement, answer, reason)."""

    number: int
    kind: str
    criterion: str
    title: str
    site: str
    judgment: str
    asks: str
    due_text: str
    evidence: tuple[str, ...]
    framework: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class ReportText:
    """Everything a report prints, as plain text."""

    program: str
    authority: str
    disclaimer: str
    language: str
    company: str
    account: str
    entity_type: str
    number: str
    version: int
    reason: str
    on_text: str
    visit_text: str
    mode: str
    edition: str
    scope: str
    rationale: str
    team: tuple[str, ...]
    sites: tuple[SiteText, ...]
    judged: int
    asked: int
    musts_judged: int
    musts: int
    findings: tuple[FindingText, ...]
    signer: str
    signer_role: str
    head_text: str


def set_report(text: ReportText, *, receipt: str) -> bytes:
    """Return the report as PDF/A-3b with the receipt attached as a file.

    Raises:
        LetterNotSet: the typesetter refused.
    """
    import typst

    sheet: Any = str(_SHEET)  # the stub's type variable has no solution for a plain text
    varying = {**asdict(text), "receipt": receipt}
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
        raise LetterNotSet(f"The report could not be set: {error}") from error
    else:
        return pdf
