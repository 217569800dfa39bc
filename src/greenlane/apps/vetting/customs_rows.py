"""Reads a CSV of debts, seizures, penalties and violations; every faulty row is told by its line.

Nothing here knows an account or writes anything. The file comes from outside and is not trusted:
its size, rows, cells and characters are bounded.
"""

from __future__ import annotations

import csv
import hashlib
import io
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final

from greenlane.core.errors import BadInput
from greenlane.core.facts import day_of

KINDS: Final = ("DEBT", "SEIZURE", "PENALTY", "VIOLATION")
STATUSES: Final = ("OPEN", "FINAL", "PAID", "CLOSED", "CANCELLED")
NEEDED: Final = ("kind", "status", "reference", "identifier")
OPTIONAL: Final = ("happened_on", "amount", "currency", "note")
MOST_BYTES: Final = 10_000_000
MOST_ROWS: Final = 50_000
MOST_FAULTS: Final = 200
_LONGEST: Final = {"note": 4_000}
_LONGEST_CELL: Final = 200
_SHORTEST_IDENTIFIER: Final = 4


class CustomsFileUnreadable(BadInput):
    """The file cannot be read as a list of debts, seizures and violations. Nothing was recorded."""

    code = "customs.unreadable"


@dataclass(frozen=True, slots=True)
class CustomsEntry:
    """One sound row; ``identifier`` is letters and digits only, ``amount`` plain decimal text."""

    line: int
    kind: str
    status: str
    reference: str
    identifier: str
    happened_on: str = ""
    amount: str = ""
    currency: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class RowFault:
    """A row that cannot be used: its line in the file, and what is wrong with it."""

    line: int
    what: str


@dataclass(frozen=True, slots=True)
class CustomsFile:
    """A file as it was read; ``faults`` holds the first `MOST_FAULTS`, ``refused`` counts all."""

    sha256: str
    entries: tuple[CustomsEntry, ...]
    faults: tuple[RowFault, ...]
    refused: int

    @property
    def rows(self) -> int:
        """Rows in the file, sound or not."""
        return len(self.entries) + self.refused


def read_customs_file(content: bytes) -> CustomsFile:
    """Read a CSV in UTF-8 with a header.

    Needed columns: ``kind`` (DEBT, SEIZURE, PENALTY, VIOLATION), ``status`` (OPEN, FINAL, PAID,
    CLOSED, CANCELLED), ``reference``, ``identifier``. Optional: ``happened_on`` (2026-05-03),
    ``amount``, ``currency`` (three letters), ``note``. Other columns are passed over.

    Raises:
        CustomsFileUnreadable: too large, no UTF-8, no CSV, a needed column missing or named twice,
            or more than 50,000 rows.
    """
    reader = csv.reader(io.StringIO(_text(content), newline=""), strict=True)
    entries: list[CustomsEntry] = []
    faults: list[RowFault] = []
    refused = 0
    seen: set[tuple[str, str, str]] = set()
    try:
        header = _header(next(reader, []))
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if len(entries) + refused >= MOST_ROWS:
                raise CustomsFileUnreadable(
                    "The file has more than {most} rows. Split it and give the parts.",
                    most=MOST_ROWS,
                )
            found = _entry(header, cells, reader.line_num, seen)
            if isinstance(found, CustomsEntry):
                entries.append(found)
                continue
            refused += 1
            if len(faults) < MOST_FAULTS:
                faults.append(found)
    except csv.Error as error:
        raise CustomsFileUnreadable(
            "The file cannot be read as CSV after line {line}. Save it again as CSV in UTF-8.",
            line=reader.line_num,
        ) from error
    return CustomsFile(hashlib.sha256(content).hexdigest(), tuple(entries), tuple(faults), refused)


def _text(content: bytes) -> str:
    if len(content) > MOST_BYTES:
        raise CustomsFileUnreadable(
            "The file is larger than {most} MB. Split it and give the parts.",
            most=MOST_BYTES // 1_000_000,
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise CustomsFileUnreadable(
            "The file is not in UTF-8. Save it again as CSV in UTF-8."
        ) from None
    if "\x00" in text:
        raise CustomsFileUnreadable("The file holds NUL characters; it is no text.")
    return text


def _header(cells: list[str]) -> Mapping[str, int]:
    names = [cell.strip().lower() for cell in cells]
    missing = [name for name in NEEDED if name not in names]
    if missing:
        raise CustomsFileUnreadable(
            "The first line lacks {missing}. Needed columns: {needed}.",
            missing=", ".join(missing),
            needed=", ".join(NEEDED),
        )
    known = [name for name in names if name in (*NEEDED, *OPTIONAL)]
    if len(known) != len(set(known)):
        raise CustomsFileUnreadable("The first line names a column twice. Name each once.")
    return {name: names.index(name) for name in known}


def _entry(
    header: Mapping[str, int], cells: list[str], line: int, seen: set[tuple[str, str, str]]
) -> CustomsEntry | RowFault:
    told = {
        name: " ".join(unicodedata.normalize("NFC", cells[place]).split())
        if place < len(cells)
        else ""
        for name, place in header.items()
    }
    told["kind"], told["status"] = told["kind"].upper(), told["status"].upper()
    told["identifier"] = "".join(c for c in told["identifier"].upper() if c.isalnum())
    told["currency"] = told.get("currency", "").upper()
    what = _fault(told)
    key = (told["kind"], told["reference"], told["identifier"])
    if not what and key in seen:
        what = "The same kind, reference and identifier stand in an earlier row."
    if what:
        return RowFault(line, what)
    seen.add(key)
    return CustomsEntry(line=line, **told)


def _fault(told: Mapping[str, str]) -> str:
    for name, text in told.items():
        if len(text) > _LONGEST.get(name, _LONGEST_CELL):
            return f"{name} is longer than {_LONGEST.get(name, _LONGEST_CELL)} characters."
        if any(unicodedata.category(c) in ("Cc", "Cs", "Cn", "Co") for c in text):
            return f"{name} holds a control character."
    if told["kind"] not in KINDS:
        return f"kind is none of {', '.join(KINDS)}."
    if told["status"] not in STATUSES:
        return f"status is none of {', '.join(STATUSES)}."
    if not told["reference"]:
        return "reference is empty."
    if not (told["identifier"].isascii() and len(told["identifier"]) >= _SHORTEST_IDENTIFIER):
        return f"identifier needs at least {_SHORTEST_IDENTIFIER} letters or digits."
    return _day_fault(told.get("happened_on", "")) or _money_fault(
        told.get("amount", ""), told["currency"]
    )


def _day_fault(text: str) -> str:
    if text:
        try:
            day_of(text)
        except ValueError:
            return "happened_on is no day written as 2026-05-03."
    return ""


def _money_fault(amount: str, currency: str) -> str:
    if amount:
        try:
            found = Decimal(amount) if amount.isascii() and len(amount) <= 20 else None
        except InvalidOperation:
            found = None
        if found is None or not found.is_finite() or "e" in amount.lower() or "_" in amount:
            return "amount is no number written as 1234.50."
        if not (len(currency) == 3 and currency.isascii() and currency.isalpha()):
            return "currency needs its three letters, such as USD, beside an amount."
    return ""


def is_after(happened_on: str, as_of: date) -> bool:
    """Tell whether a row lies after the day of its own source."""
    return bool(happened_on) and day_of(happened_on) > as_of
