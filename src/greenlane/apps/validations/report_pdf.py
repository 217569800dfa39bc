"""Sets a validation report as PDF, with the signed head of the record attached inside."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from greenlane.apps.certification.letter_pdf import LetterNotSet
from greenlane.apps.documents.typeset import NotTypeset, typeset

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
    try:
        return typeset(_SHEET, {**asdict(text), "receipt": receipt})
    except NotTypeset as refusal:
        raise LetterNotSet(f"The report could not be set: {refusal.message}") from refusal
