"""Reads the rows of a CSV or XLSX file that comes from outside and is not trusted.

Sizes, rows, columns and characters are bounded, and a workbook is measured as it really unpacks
before anything reads it. What the cells mean is not known here.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import IO, Final

from greenlane.core.errors import BadInput

MOST_BYTES: Final = 25_000_000
MOST_ROWS: Final = 50_000
MOST_COLUMNS: Final = 100
MOST_UNPACKED: Final = 400_000_000
LONGEST_CELL: Final = 4_000
_MOST_PARTS: Final = 2_000
_CHUNK: Final = 1 << 20
_ZIP: Final = b"PK\x03\x04"
# A workbook says where a cell stands; the reader makes room for every place up to the farthest.
_PLACE: Final = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]{0,7})([0-9]{1,12})["']""")
_LONGEST_PLACE: Final = 64
# What the library raises for parts that cannot be unpacked. It has no family of its own for them.
_UNREADABLE_PARTS: Final = (
    zipfile.BadZipFile,  # no archive, or a part with a wrong checksum
    zlib.error,  # a damaged stream
    EOFError,  # cut short
    NotImplementedError,  # a way of packing that this Python lacks
    RuntimeError,  # locked by a password
    OSError,  # an offset that lies outside the file
)
_FORBIDDEN: Final = frozenset({"Cc", "Cs", "Co", "Cn"})


class FileUnreadable(BadInput):
    """The file cannot be read as a table. Nothing was recorded."""

    code = "import.unreadable"


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its words, and the day or number that a workbook keeps as such."""

    text: str
    day: date | None = None
    number: float | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table as it was read: ``rows`` are (row of the file, cells), the header not among them."""

    sha256: str
    columns: tuple[str, ...]
    rows: tuple[tuple[int, tuple[Cell, ...]], ...]


def read_sheet(content: bytes) -> Sheet:
    """Read a CSV in UTF-8, or the first sheet of an XLSX workbook; told apart by their first bytes.

    Raises:
        FileUnreadable: too large, of another format, damaged, with no header, a column named twice,
            or more rows and columns than are taken.
    """
    if len(content) > MOST_BYTES:
        raise FileUnreadable(
            "The file is larger than {most} MB. Split it and give the parts.",
            most=MOST_BYTES // 1_000_000,
        )
    rows = _workbook(content) if content.startswith(_ZIP) else _csv(content)
    return _sheet(hashlib.sha256(content).hexdigest(), rows)


def _sheet(sha256: str, rows: Iterator[tuple[int, tuple[Cell, ...]]]) -> Sheet:
    found = next(rows, None)
    if found is None:
        raise FileUnreadable("The file is empty. Its first row names the columns.")
    columns = tuple("_".join(cell.text.lower().split()) for cell in found[1])
    while columns and not columns[-1]:
        columns = columns[:-1]
    named = [name for name in columns if name]
    if len(columns) > MOST_COLUMNS:
        raise FileUnreadable("The file has more than {most} columns.", most=MOST_COLUMNS)
    if not named:
        raise FileUnreadable("The first row is empty. It names the columns.")
    if len(named) != len(set(named)):
        twice = sorted({name for name in named if named.count(name) > 1})
        raise FileUnreadable(
            "The first row names a column twice: {columns}. Name each once.",
            columns=", ".join(name[:40] for name in twice),
        )
    kept: list[tuple[int, tuple[Cell, ...]]] = []
    for line, cells in rows:
        if not any(cell.text for cell in cells):
            continue
        if len(kept) >= MOST_ROWS:
            raise FileUnreadable(
                "The file has more than {most} rows. Split it and give the parts.", most=MOST_ROWS
            )
        if any(cell.text for cell in cells[len(columns) :]):
            raise FileUnreadable(
                "Row {line} has more cells than the first row names columns.", line=line
            )
        _check_cells(line, cells)
        padding = (Cell(""),) * (len(columns) - len(cells))
        kept.append((line, (*cells[: len(columns)], *padding)))
    return Sheet(sha256, columns, tuple(kept))


def _check_cells(line: int, cells: Sequence[Cell]) -> None:
    for place, cell in enumerate(cells, start=1):
        if len(cell.text) > LONGEST_CELL:
            raise FileUnreadable(
                "Row {line}, cell {place} is longer than {most} characters.",
                line=line,
                place=place,
                most=LONGEST_CELL,
            )
        if any(unicodedata.category(one) in _FORBIDDEN for one in cell.text):
            raise FileUnreadable(
                "Row {line}, cell {place} holds a control character.", line=line, place=place
            )


def _words(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def _csv(content: bytes) -> Iterator[tuple[int, tuple[Cell, ...]]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FileUnreadable(
            "The file is neither an XLSX workbook nor a CSV in UTF-8. Save it again as one of them."
        ) from None
    if "\x00" in text:
        raise FileUnreadable("The file holds NUL characters; it is no text.")
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for cells in reader:
            yield reader.line_num, tuple(Cell(_words(cell)) for cell in cells)
    except csv.Error:
        raise FileUnreadable(
            "The file cannot be read as CSV after line {line}. Save it again as CSV in UTF-8.",
            line=reader.line_num,
        ) from None


def _workbook(content: bytes) -> Iterator[tuple[int, tuple[Cell, ...]]]:
    _check_workbook(content)
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheet = book.get_sheet_by_index(0)
        rows = sheet.to_python(skip_empty_area=False)
    except (CalamineError, ValueError, IndexError, OSError):
        raise FileUnreadable("The workbook is damaged, or locked by a password.") from None
    for line, cells in enumerate(rows, start=1):
        yield line, tuple(_cell(value) for value in cells)


def _check_workbook(content: bytes) -> None:
    """Refuse a workbook that unpacks to more than is read, or spreads its cells too far."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            names = parts.infolist()
            if len(names) > _MOST_PARTS:
                raise FileUnreadable("The workbook has more than {n} parts.", n=_MOST_PARTS)
            if not any(part.filename.lower() == "xl/workbook.xml" for part in names):
                raise FileUnreadable("The file is no XLSX workbook. Save it again as XLSX or CSV.")
            unpacked = 0
            for part in names:
                is_sheet = "worksheets" in part.filename.lower()
                with parts.open(part) as stream:
                    for chunk in _chunks(stream):
                        unpacked += len(chunk[1])
                        if unpacked > MOST_UNPACKED:
                            raise FileUnreadable("The workbook unpacks to more than is read.")
                        if is_sheet:
                            _check_places(chunk)
    except _UNREADABLE_PARTS:
        raise FileUnreadable("The workbook is damaged, or locked by a password.") from None


def _chunks(stream: IO[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """Yield each chunk with the end of the one before it: a place may lie across both."""
    before = b""
    while chunk := stream.read(_CHUNK):
        yield before, chunk
        before = chunk[-_LONGEST_PLACE:]


def _check_places(chunk: tuple[bytes, bytes]) -> None:
    for letters, digits in _PLACE.findall(chunk[0] + chunk[1]):
        if int(digits) > MOST_ROWS + 1 or _column(letters) > MOST_COLUMNS:
            raise FileUnreadable(
                "The workbook has a cell at {place}; at most {rows} rows and {columns} columns are "
                "read. Delete what lies beyond them.",
                place=(letters + digits).decode("ascii"),
                rows=MOST_ROWS,
                columns=MOST_COLUMNS,
            )


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _cell(value: object) -> Cell:
    if isinstance(value, datetime):
        # A day is kept as its midnight; with a time of day it is no day, and is told so later.
        if value.time() == time():
            return Cell(value.date().isoformat(), day=value.date())
        return Cell(value.isoformat(sep=" "))
    if isinstance(value, date):
        return Cell(value.isoformat(), day=value)
    if isinstance(value, bool):
        return Cell("yes" if value else "no")
    if isinstance(value, int | float):
        shown = str(int(value)) if float(value).is_integer() else repr(value)
        return Cell(shown, number=float(value))
    if isinstance(value, time | timedelta):
        return Cell(str(value))
    return Cell(_words(str(value)))
