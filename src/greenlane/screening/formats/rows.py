"""Delimited text as a bounded stream of rows: CSV, TSV and `;`-separated files.

Nothing here knows what a column means.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import BinaryIO

from greenlane.screening.formats.report import HostileList, ImportReport, Limits, UnreadableList

_OTHER_ENCODINGS = ((b"\xff\xfe", "UTF-16"), (b"\xfe\xff", "UTF-16"))


class _Lines:
    """Decoded lines of a binary stream, each at most ``limits.line_characters`` long.

    UTF-8 is expected; a line that is not is read as Windows-1252 and counted, because spreadsheets
    save that way and one bad letter must not lose a whole list.
    """

    def __init__(self, stream: BinaryIO, limits: Limits, report: ImportReport) -> None:
        start = stream.read(2)
        for mark, name in _OTHER_ENCODINGS:
            if start == mark:
                raise UnreadableList(
                    f"The file is written in {name}; watch lists are read as UTF-8. "
                    "Save it again as CSV UTF-8."
                )
        stream.seek(0)
        # Latin-1 maps every byte to one character and back, so that lines can be split on any of
        # the three line ends before each line is decoded on its own.
        self._text = io.TextIOWrapper(stream, encoding="latin-1", newline="")
        self._limits = limits
        self._report = report
        self._bytes = 0
        self.number = 0
        self.consumed: list[str] = []

    def __iter__(self) -> Iterator[str]:
        limit = self._limits.line_characters
        while line := self._text.readline(limit + 1):
            self.number += 1
            self._bytes += len(line)
            if len(line) > limit:
                raise HostileList(
                    f"Line {self.number} is longer than {limit:,} characters; no watch list has "
                    "such lines. Check which file it is."
                )
            if self._bytes > self._limits.file_bytes:
                raise HostileList(f"The file is larger than {self._limits.file_bytes:,} bytes.")
            if line.startswith("\x1a") and not line.strip("\x1a\r\n "):
                # OFAC's files end in the Ctrl-Z that CP/M once asked for.
                continue
            decoded = self._decode(line)
            self.consumed.append(decoded)
            yield decoded

    def _decode(self, line: str) -> str:
        if line.isascii():
            return line
        raw = line.encode("latin-1")
        if self.number == 1 and raw.startswith(b"\xef\xbb\xbf"):
            raw = raw[3:]
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError:
            self._report.note("a line is not UTF-8 and was read as Windows-1252")
            return raw.decode("cp1252", "replace")

    def release(self) -> None:
        """Give the stream back to its owner unclosed."""
        self._text.detach()


def read_rows(
    stream: BinaryIO,
    *,
    limits: Limits,
    report: ImportReport,
    delimiter: str = ",",
) -> Iterator[tuple[int, list[str]]]:
    """Yield (line number, cells) for every row that is not empty. One pass, bounded memory.

    Quotes are taken strictly. Where that fails, each line is split on its own: a sloppily quoted
    line is noted, and a quote that ran over line ends counts as damage, because read leniently it
    would have swallowed the next party without a word.

    Args:
        stream: Seekable, at its start; left open.
        limits: Bounds of the reading.
        report: Takes notes, rows set aside and damage.
        delimiter: One character.

    Raises:
        UnreadableList: Another encoding than UTF-8 or Windows-1252.
        HostileList: A line or the file is beyond the limits.
    """
    lines = _Lines(stream, limits, report)
    reader = csv.reader(iter(lines), delimiter=delimiter, strict=True)
    first = 1
    try:
        while True:
            try:
                rows = [next(reader)]
            except StopIteration:
                return
            except csv.Error:
                rows = _split_singly(lines.consumed, delimiter)
                if len(lines.consumed) > 1:
                    report.found_damage(f"A quote in line {first} is not closed on its line.")
                else:
                    report.note("a line has quotes inside a cell and was split leniently")
            for line, row in enumerate(rows, first):
                if any(row):
                    report.rows += 1
                    yield line, row
            first = lines.number + 1
            lines.consumed.clear()
    finally:
        lines.release()


def _split_singly(lines: list[str], delimiter: str) -> list[list[str]]:
    """Split each line on its own and leniently; one that cannot be split at all is one cell."""
    rows: list[list[str]] = []
    for line in lines:
        try:
            rows.append(next(csv.reader([line], delimiter=delimiter), []))
        except csv.Error:
            rows.append([line[:200]])
    return rows
