"""Sets a letter as PDF: text in any script, a QR code, the signed head of the record inside."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from greenlane.apps.documents.typeset import NotTypeset, typeset
from greenlane.core.errors import GreenlaneError

_SHEET: Final = Path(__file__).with_name("typst") / "letter.typ"


class LetterNotSet(GreenlaneError):
    """The letter could not be set as PDF; nothing was issued."""

    code = "letter.not_set"


@dataclass(frozen=True, slots=True)
class Signer:
    """One person under a letter, with the role's title in the letter's language."""

    name: str
    role: str


@dataclass(frozen=True, slots=True)
class LetterText:
    """Everything a letter prints, as plain text; ``qr`` is an SVG."""

    program: str
    authority: str
    disclaimer: str
    language: str
    subject: str
    on_text: str
    account: str
    greeting: str
    body: tuple[str, ...]
    closing: str
    signers: tuple[Signer, ...]
    check_title: str
    check_text: str
    head_text: str
    footer: str
    qr: str


def set_letter(text: LetterText, *, receipt: str) -> bytes:
    """Return the letter as PDF/A-3b with the receipt attached as a file.

    Args:
        text: What it prints; markup in it is printed as it stands.
        receipt: The signed chain head, verifiable with ``greenlane audit verify --against``.

    Raises:
        LetterNotSet: the typesetter refused.
    """
    try:
        return typeset(_SHEET, {**asdict(text), "receipt": receipt})
    except NotTypeset as refusal:
        raise LetterNotSet(f"The letter could not be set: {refusal.message}") from refusal
