"""Reads whom an installation screens, from CSV or Parquet, and writes hits to the same.

Nothing here matches a name. Columns: ``subject_id`` and ``name`` are needed; ``names`` (further
names), ``kind``, ``birth_dates``, ``countries`` and ``identifiers`` (``TYPE:value`` or
``TYPE:value:country``) may be there, several values in one cell parted by ``|``.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from greenlane.core.errors import BadInput
from greenlane.screening.formats.cleaning import clean
from greenlane.screening.formats.countries import country_code
from greenlane.screening.formats.dates import read_date
from greenlane.screening.records import Identifier, Kind, Subject

COLUMNS = ("subject_id", "name", "names", "kind", "birth_dates", "countries", "identifiers")
_NEEDED = frozenset({"subject_id", "name"})
_KINDS = {
    "": Kind.UNKNOWN,
    "COMPANY": Kind.ORGANIZATION,
    "ENTITY": Kind.ORGANIZATION,
    "INDIVIDUAL": Kind.PERSON,
    "LEGALENTITY": Kind.ORGANIZATION,
    "ORGANISATION": Kind.ORGANIZATION,
    "SHIP": Kind.VESSEL,
}
_LONGEST_CELL = 20_000


class PartiesUnreadable(BadInput):
    """The file of parties cannot be read. It needs the columns subject_id and name."""

    code = "screening.parties_unreadable"


def is_parquet(path: Path) -> bool:
    """Whether a file name asks for Parquet; everything else is CSV."""
    return path.suffix.lower() in (".parquet", ".pq")


def fingerprint(path: Path) -> str:
    """Return the SHA-256 of a file's bytes: equal fingerprints, equal parties."""
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise PartiesUnreadable(f"{path.name} cannot be opened: {error.strerror}.") from error


def subject_of(cells: Mapping[str, Any], line: int = 0) -> Subject:
    """Make a subject of one row.

    Args:
        cells: Column to value; a value may be text, a list (Parquet) or missing.
        line: For the message.

    Raises:
        PartiesUnreadable: No subject_id, no name, an unknown kind, or a cell that is no text.
    """

    def texts(column: str) -> list[str]:
        value = cells.get(column)
        if value is None:
            return []
        found = value if isinstance(value, list) else str(value).split("|")
        return [text for item in found if (text := clean(str(item)[:_LONGEST_CELL]))]

    subject_id = clean(str(cells.get("subject_id") or ""))
    whole_name = clean(str(cells.get("name") or "")[:_LONGEST_CELL])
    names = tuple(dict.fromkeys([*([whole_name] if whole_name else []), *texts("names")]))
    if not subject_id or not names:
        raise PartiesUnreadable(f"Row {line} has no subject_id or no name; every party needs both.")
    spelled = clean(str(cells.get("kind") or "")).upper()
    kind = Kind(spelled) if spelled in Kind.__members__ else _KINDS.get(spelled)
    if kind is None:
        raise PartiesUnreadable(
            f"Row {line} has the kind {spelled[:40]!r}; write PERSON, ORGANIZATION, VESSEL, "
            "AIRCRAFT or leave it empty."
        )
    identifiers = []
    for number in texts("identifiers"):
        type_, _, rest = number.partition(":")
        value, _, country = rest.partition(":")
        if not value.strip():
            raise PartiesUnreadable(
                f"Row {line} has the identifier {number[:40]!r}; write TYPE:value, such as "
                "IMO:7406784."
            )
        country = country_code(country.strip())
        identifiers.append(Identifier(type_.strip().upper(), value.strip(), country))
    dates = []
    for born in texts("birth_dates"):
        if (date := read_date(born)) is None:
            raise PartiesUnreadable(
                f"Row {line} has the birth date {born[:40]!r}; write 1975-06-14, 1975-06 or 1975."
            )
        dates.append(date)
    return Subject(
        subject_id=subject_id,
        names=names,
        kind=kind,
        birth_dates=tuple(dates),
        # What is no country in our table corroborates nothing; it is dropped, not guessed.
        countries=tuple(code for text in texts("countries") if (code := country_code(text))),
        identifiers=tuple(identifiers),
    )


def read_subjects(path: Path) -> Iterator[Subject]:
    """Yield the parties of a CSV or Parquet file, in its order, in bounded memory.

    Raises:
        PartiesUnreadable: The file, a needed column or a row cannot be read, or there is no row.
        ParquetUnavailable: Parquet is asked for and pyarrow is not installed.
    """
    is_empty = True
    for subject in _read_parquet(path) if is_parquet(path) else _read_csv(path):
        is_empty = False
        yield subject
    if is_empty:
        raise PartiesUnreadable(
            f"{path.name} has no party. A run without parties would close every hit; give all of "
            "them."
        )


def _read_csv(path: Path) -> Iterator[Subject]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream)
            check_columns(path.name, reader.fieldnames or [])
            for cells in reader:
                yield subject_of(cells, reader.line_num)
    except OSError as error:
        raise PartiesUnreadable(f"{path.name} cannot be opened: {error.strerror}.") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise PartiesUnreadable(
            f"{path.name} cannot be read as CSV in UTF-8: {error}. Save it again as CSV UTF-8."
        ) from error


def check_columns(name: str, columns: Iterable[str]) -> None:
    """Raise `PartiesUnreadable` unless the needed columns are there."""
    missing = _NEEDED - set(columns)
    if missing:
        raise PartiesUnreadable(
            f"{name} has no column {' and no column '.join(sorted(missing))}; it needs "
            "subject_id and name."
        )


class ParquetUnavailable(BadInput):
    """Parquet needs pyarrow, which is not installed. Install greenlane[batch], or give CSV."""

    code = "screening.parquet_unavailable"


def pyarrow() -> tuple[Any, Any]:
    """Return (pyarrow, pyarrow.parquet), or refuse with what to install."""
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        raise ParquetUnavailable from error
    return pa, pq


def odd_columns(schema: Any, wanted: Iterable[str], lists: Iterable[str] = ()) -> list[str]:
    """Return columns of an Arrow schema that hold neither texts nor whole numbers, with their type.

    Args:
        schema: The file's Arrow schema.
        wanted: Columns that are read.
        lists: Columns that may hold lists of texts as well.
    """
    pa, _ = pyarrow()
    types = pa.types

    def is_text(kind: Any) -> bool:
        if types.is_dictionary(kind):
            return is_text(kind.value_type)
        return bool(
            types.is_string(kind)
            or types.is_large_string(kind)
            or types.is_string_view(kind)
            or types.is_integer(kind)
            or types.is_null(kind)
        )

    odd = []
    for name in wanted:
        kind = schema.field(name).type
        is_list = types.is_list(kind) or types.is_large_list(kind)
        if not is_text(kind.value_type if is_list and name in lists else kind):
            odd.append(f"{name} ({kind})")
    return odd


def _read_parquet(path: Path) -> Iterator[Subject]:
    pa, pq = pyarrow()
    row = 0
    try:
        with pq.ParquetFile(path) as file:
            names = file.schema_arrow.names
            check_columns(path.name, names)
            wanted = [column for column in COLUMNS if column in names]
            if odd := odd_columns(file.schema_arrow, wanted, lists=COLUMNS[2:]):
                raise PartiesUnreadable(
                    f"{path.name} holds no text in {', '.join(odd)}. Write these columns as text."
                )
            for batch in file.iter_batches(batch_size=10_000, columns=wanted):
                for cells in batch.to_pylist():
                    row += 1
                    yield subject_of(cells, row)
    except (OSError, pa.ArrowException) as error:
        raise PartiesUnreadable(f"{path.name} cannot be read as Parquet: {error}.") from error
