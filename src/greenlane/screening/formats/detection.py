"""Which list a file is, told by its content and never by its name.

Nothing here reads a whole file.
"""

from __future__ import annotations

import csv
import re
from enum import StrEnum
from pathlib import Path

from greenlane.screening.formats.headed import column_key
from greenlane.screening.formats.report import UnreadableList

_HEAD_BYTES = 1 << 16
_ROOT = re.compile(r"<([A-Za-z_][\w.:-]*)")


class Format(StrEnum):
    """The files that can be read. The four OFAC tables are read together as one set."""

    OFAC_SDN_CSV = "OFAC_SDN_CSV"
    OFAC_ALT_CSV = "OFAC_ALT_CSV"
    OFAC_ADD_CSV = "OFAC_ADD_CSV"
    OFAC_COMMENTS_CSV = "OFAC_COMMENTS_CSV"
    OFAC_XML = "OFAC_XML"
    OFAC_ADVANCED_XML = "OFAC_ADVANCED_XML"
    CSL_CSV = "CSL_CSV"
    CSL_TSV = "CSL_TSV"
    CSL_JSON = "CSL_JSON"
    BIS_DENIED_TSV = "BIS_DENIED_TSV"
    UN_XML = "UN_XML"
    EU_XML = "EU_XML"
    EU_CSV = "EU_CSV"
    EU_CSV_WRAPPED = "EU_CSV_WRAPPED"
    UK_XML = "UK_XML"
    UK_CSV = "UK_CSV"
    OWN_CSV = "OWN_CSV"


OFAC_TABLES = {
    Format.OFAC_SDN_CSV: "sdn",
    Format.OFAC_ALT_CSV: "alt",
    Format.OFAC_ADD_CSV: "add",
    Format.OFAC_COMMENTS_CSV: "comments",
}
_ROOTS = {
    "sdnList": Format.OFAC_XML,
    "Sanctions": Format.OFAC_ADVANCED_XML,
    "CONSOLIDATED_LIST": Format.UN_XML,
    "export": Format.EU_XML,
    "Designations": Format.UK_XML,
}


def detect(path: Path) -> Format:
    """Return the format of a file; reads its first 64 KiB.

    Raises:
        UnreadableList: The file is empty, missing, or like none of the known lists.
    """
    try:
        with path.open("rb") as stream:
            head = stream.read(_HEAD_BYTES)
    except OSError as error:
        raise UnreadableList(f"{path.name} cannot be opened: {error.strerror}.") from error
    found = detect_head(head)
    if found is None:
        raise UnreadableList(
            f"{path.name} is like none of the known watch lists. The formats are described in the "
            "manual under list formats; an office's own list needs the columns entity_id and name."
        )
    return found


def detect_head(head: bytes) -> Format | None:
    """Return the format that a file beginning like this has, ``None`` where it is none."""
    text = head.decode("utf-8", "replace").lstrip("\ufeff \t\r\n")
    if not text:
        return None
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = head.decode("utf-16", "replace").lstrip("\ufeff \t\r\n")
        return _detect_xml(text) if text.startswith("<") else None
    if text.startswith("<"):
        return _detect_xml(text)
    if text.startswith(("{", "[")):
        return Format.CSL_JSON if '"source"' in text or '"results"' in text else None
    return _detect_table(text)


def _detect_xml(text: str) -> Format | None:
    # A comment before the root may name anything.
    begin = 0
    while (comment := text.find("<!--", begin)) >= 0:
        root = _ROOT.search(text, begin, comment)
        if root is not None:
            break
        end = text.find("-->", comment)
        if end < 0:
            return None
        begin = end + 3
    else:
        root = _ROOT.search(text, begin)
    if root is None:
        return None
    return _ROOTS.get(root[1].rsplit(":", 1)[-1])


def _rows(text: str, delimiter: str) -> list[list[str]]:
    lines = text.splitlines()
    # The head may end within a line, and one line within a cell.
    rows: list[list[str]] = []
    try:
        for row in csv.reader(lines[:40], delimiter=delimiter):
            rows.append(row)
            if len(rows) == 12:
                break
    except csv.Error:
        pass
    return [row for row in rows if any(row)]


def _detect_table(text: str) -> Format | None:
    commas = _rows(text, ",")
    if not commas:
        return None
    for row in commas[:3]:
        keys = {column_key(title) for title in row}
        if {"unique_id", "name_6"} <= keys:
            return Format.UK_CSV
    keys = {column_key(title) for title in commas[0]}
    if {"source", "name"} <= keys and keys & {"entity_number", "alt_names", "source_list_url"}:
        return Format.CSL_CSV
    if {"entity_id", "name"} <= keys:
        return Format.OWN_CSV
    return _detect_other_delimiter(text) or _detect_ofac(commas)


def _detect_other_delimiter(text: str) -> Format | None:
    tabs = _rows(text, "\t")
    keys = {column_key(title) for title in tabs[0]} if tabs else set()
    if {"name", "effective_date", "expiration_date"} <= keys:
        return Format.BIS_DENIED_TSV
    if {"source", "name"} <= keys and keys & {"entity_number", "alt_names", "source_list_url"}:
        return Format.CSL_TSV
    first = text.split("\n", 1)[0]
    is_wrapped = first.startswith('"') and ";" in first
    titles = {column_key(title) for title in first.replace('"', "").split(";")}
    if titles & {"entity_logical_id", "entity_logicalid"}:
        is_wrapped = is_wrapped and '";' not in first and ';"' not in first
        return Format.EU_CSV_WRAPPED if is_wrapped else Format.EU_CSV
    return None


def _detect_ofac(rows: list[list[str]]) -> Format | None:
    """Tell OFAC's four tables, which have no header, by the shape of their first rows."""
    numbered = [row for row in rows if row[0].strip().isdecimal() and row[0].isascii()]
    if not numbered or len(numbered) * 2 < len(rows):
        return None
    row = numbered[0]
    if len(row) >= 11:
        return Format.OFAC_SDN_CSV
    if len(row) in (4, 5) and row[1].strip().isdecimal() and row[2].strip().lower()[1:3] == "ka":
        return Format.OFAC_ALT_CSV
    if len(row) in (5, 6) and row[1].strip().isdecimal():
        return Format.OFAC_ADD_CSV
    return Format.OFAC_COMMENTS_CSV if len(row) == 2 else None
