"""Rows under a header line, as cells by column name. Nothing here knows a particular list."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import BinaryIO

from greenlane.screening.formats.report import ImportReport, Limits, UnreadableList
from greenlane.screening.formats.rows import read_rows

_NOT_WORD = re.compile(r"[^a-z0-9]+")


def column_key(title: str) -> str:
    """Return a column title as a key: lower case, words joined by underscores.

    >>> column_key("Nationality(/ies)")
    'nationality_ies'
    """
    return _NOT_WORD.sub("_", title.strip().lower()).strip("_")


class Cells:
    """One row: the line it began in and its cells by column key; a missing column is empty."""

    __slots__ = ("_columns", "_row", "line")

    def __init__(self, line: int, columns: dict[str, int], row: list[str]) -> None:
        self.line = line
        self._columns = columns
        self._row = row

    def __getitem__(self, key: str) -> str:
        place = self._columns.get(key, -1)
        return self._row[place] if 0 <= place < len(self._row) else ""

    def has(self, key: str) -> bool:
        """Whether the file has such a column at all."""
        return key in self._columns

    @property
    def start(self) -> str:
        """The beginning of the row, for a report."""
        return ",".join(self._row)[:200]


def read_headed(
    stream: BinaryIO,
    *,
    needed: tuple[str, ...],
    limits: Limits,
    report: ImportReport,
    delimiter: str = ",",
    header_within: int = 3,
    reshape: Callable[[list[str]], list[str]] | None = None,
    on_preamble: Callable[[list[str]], None] | None = None,
) -> Iterator[Cells]:
    """Yield the rows below the header; the header is the first row that has all needed columns.

    A header line that occurs again further down is skipped and counted: a real export has one.

    Args:
        stream: Binary, at its start.
        needed: Column keys (`column_key`) without which the file is not this list.
        limits: Bounds of the reading.
        report: Takes counts, notes and damage.
        delimiter: One character.
        header_within: Rows that may stand before the header, plus one.
        reshape: Repairs every row before it is looked at.
        on_preamble: Called with each row before the header.

    Raises:
        UnreadableList: No header with the needed columns.
    """
    header: list[str] | None = None
    columns: dict[str, int] = {}
    shortest = 0
    before = 0
    last_short = line = 0
    for line, raw in read_rows(stream, limits=limits, report=report, delimiter=delimiter):
        row = reshape(raw) if reshape is not None else raw
        if header is None:
            report.rows -= 1
            keys = [column_key(title) for title in row]
            if not set(needed) <= set(keys):
                before += 1
                if before >= header_within:
                    break
                if on_preamble is not None:
                    on_preamble(row)
                continue
            header = row
            for place, key in enumerate(keys):
                columns.setdefault(key, place)
            shortest = 1 + max((columns[key] for key in needed), default=0)
            continue
        if row == header:
            report.rows -= 1
            report.note("the header line occurs again and was skipped")
            continue
        if len(row) < shortest:
            report.put_aside(
                line, f"The row has {len(row)} of {len(header)} columns.", ",".join(row)
            )
            last_short = line
            continue
        yield Cells(line, columns, row)
    if header is None:
        raise UnreadableList(
            "The file has no header line with the columns " + ", ".join(needed) + ". Check which "
            "file it is."
        )
    if last_short and last_short == line:
        report.found_damage(f"The last row (line {line}) breaks off.")
