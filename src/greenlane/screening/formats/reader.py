"""One door to all formats: files in, a stream of parties and a report out.

Nothing here stores what was read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from greenlane.screening.formats import (
    csl,
    denied_persons,
    eu,
    ofac_advanced,
    ofac_csv,
    ofac_xml,
    own,
    uk,
    un,
)
from greenlane.screening.formats.cleaning import digest
from greenlane.screening.formats.detection import OFAC_TABLES, Format, detect
from greenlane.screening.formats.report import (
    DEFAULT_LIMITS,
    HostileList,
    ImportReport,
    Limits,
    UnreadableList,
)
from greenlane.screening.records import ListedParty

PARSER_VERSION = "1"
"""Rises with every change after which the same bytes give other parties."""


class ListReading:
    """One reading of one list: iterate it once for the parties; ``report`` is complete afterwards.

    Attributes:
        format: The format of the (first) file.
        report: Counts, rows set aside, notes and damage.
    """

    def __init__(self, paths: dict[Format, Path], source: str, limits: Limits) -> None:
        self._paths = paths
        self._source = source
        self._limits = limits
        self.format = next(iter(paths))
        self.report = ImportReport(format=self.format.value)

    def __iter__(self) -> Iterator[ListedParty]:
        with ExitStack() as stack:
            streams: dict[Format, BinaryIO] = {
                format_: stack.enter_context(path.open("rb"))
                for format_, path in self._paths.items()
            }
            yield from self._counted(self._parties(streams))
        if not self.report.parties:
            self.report.found_damage("The list has no party.")

    def _parties(self, streams: dict[Format, BinaryIO]) -> Iterator[ListedParty]:
        source, limits, report = self._source, self._limits, self.report
        if self.format in OFAC_TABLES:
            tables = {OFAC_TABLES[format_]: stream for format_, stream in streams.items()}
            return ofac_csv.read(tables, source=source, limits=limits, report=report)
        stream = streams[self.format]
        match self.format:
            case Format.CSL_CSV | Format.CSL_TSV:
                delimiter = "," if self.format is Format.CSL_CSV else "\t"
                return csl.read_table(
                    stream, source=source, limits=limits, report=report, delimiter=delimiter
                )
            case Format.EU_CSV | Format.EU_CSV_WRAPPED:
                is_wrapped = self.format is Format.EU_CSV_WRAPPED
                return eu.read_csv(
                    stream, source=source, limits=limits, report=report, is_wrapped=is_wrapped
                )
            case _:
                read = _SINGLE_FILES[self.format]
                return read(stream, source=source, limits=limits, report=report)

    def _counted(self, parties: Iterator[ListedParty]) -> Iterator[ListedParty]:
        """Count, keep uids unique and stop at the limit."""
        report = self.report
        uids: set[str] = set()
        for found in parties:
            party = found
            if party.uid in uids:
                # Seen in a real file: one number, two parties. Both are kept; the second is named
                # after its principal name, so that it stays the same in the next version.
                report.note("a party's number occurs twice; the later one got a uid of its own")
                party = replace(party, uid=f"{party.uid}~{digest(party.names[0].text)}")
                if party.uid in uids:
                    report.put_aside(0, f"{party.uid} stands in the file already.")
                    continue
            uids.add(party.uid)
            if len(uids) > self._limits.parties:
                raise HostileList(f"The list has more than {self._limits.parties:,} parties.")
            report.parties += 1
            report.names += len(party.names)
            report.weak_names += sum(name.is_weak for name in party.names)
            report.kinds[party.kind.value] += 1
            yield party


_SINGLE_FILES = {
    Format.OFAC_XML: ofac_xml.read,
    Format.OFAC_ADVANCED_XML: ofac_advanced.read,
    Format.CSL_JSON: csl.read_json,
    Format.BIS_DENIED_TSV: denied_persons.read,
    Format.UN_XML: un.read,
    Format.EU_XML: eu.read_xml,
    Format.UK_XML: uk.read_xml,
    Format.UK_CSV: uk.read_csv,
    Format.OWN_CSV: own.read,
}


def read_list(
    files: Sequence[Path], *, source: str, limits: Limits = DEFAULT_LIMITS
) -> ListReading:
    """Prepare the reading of a list; the formats are told by content.

    Args:
        files: One file, or the tables of one OFAC set in any order.
        source: Source key, the first part of every uid.
        limits: Bounds of the reading.

    Raises:
        UnreadableList: No file, an unknown format, or files that do not belong together.
    """
    if not files:
        raise UnreadableList("No file was given.")
    paths: dict[Format, Path] = {}
    for path in files:
        found = detect(path)
        if found in paths:
            raise UnreadableList(
                f"{path.name} and {paths[found].name} are both {found}; a list has one of them."
            )
        paths[found] = path
    if len(paths) > 1 and not set(paths) <= set(OFAC_TABLES):
        raise UnreadableList(
            "The files do not belong together: "
            + ", ".join(sorted(paths))
            + ". Only the tables of "
            "one OFAC set are read together."
        )
    order = list(Format)
    return ListReading(dict(sorted(paths.items(), key=lambda i: order.index(i[0]))), source, limits)
