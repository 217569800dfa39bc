"""Reads names to screen and lists to screen against from CSV or Parquet, and writes scored matches.

The columns are those of ``greenlane screen``; nothing here scores a name.
"""

from __future__ import annotations

import csv
import os
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Final

from greenlane.core.errors import BadInput
from greenlane.screening.records import Kind
from greenlane.screening.subjects import is_parquet, odd_columns, pyarrow

KINDS = {
    "individual": Kind.PERSON,
    "person": Kind.PERSON,
    "entity": Kind.ORGANIZATION,
    "company": Kind.ORGANIZATION,
    "organization": Kind.ORGANIZATION,
    "organisation": Kind.ORGANIZATION,
    "vessel": Kind.VESSEL,
    "ship": Kind.VESSEL,
    "aircraft": Kind.AIRCRAFT,
    "airplane": Kind.AIRCRAFT,
}
"""Kinds by their usual words; any other word is read as unknown, which agrees with every kind."""


class TableUnreadable(BadInput):
    """The file cannot be read as a table. Give CSV in UTF-8 with a header line, or Parquet."""

    code: ClassVar[str] = "screening.table_unreadable"


class OutputUnusable(BadInput):
    """The output cannot be written there. Name a file of its own in a folder that can be."""

    code: ClassVar[str] = "screening.output_unusable"


def check_output(path: Path, *inputs: Path | None) -> None:
    """Refuse an output that cannot be written or is one of the inputs, before any work is done.

    Raises:
        OutputUnusable: The folder is missing or closed to writing, or the file is being read.
    """
    folder = path.absolute().parent
    if not folder.is_dir():
        raise OutputUnusable(f"{path} cannot be written: there is no folder {folder}. Make it.")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise OutputUnusable(
            f"{path} cannot be written: the folder {folder} is closed to writing. Name another."
        )
    for other in inputs:
        if other is not None and path.resolve() == other.resolve():
            raise OutputUnusable(
                f"{path} is also named for something else; writing it would destroy that. Name "
                "another file."
            )


@dataclass(frozen=True, slots=True)
class Table:
    """Some columns of a file, each a list of texts of one length."""

    columns: dict[str, list[str]]

    def __len__(self) -> int:
        return len(next(iter(self.columns.values()), []))

    def __getitem__(self, name: str) -> list[str]:
        return self.columns[name]


def kind_of(word: str) -> Kind:
    """Return the kind a file's word stands for."""
    return KINDS.get(word.strip().lower(), Kind.UNKNOWN)


def read_table(path: Path, needed: Sequence[str], optional: Sequence[str] = ()) -> Table:
    """Read columns of a CSV or Parquet file; further columns are ignored.

    Args:
        path: Parquet if its name ends in ``.parquet`` or ``.pq``, else CSV in UTF-8 with a header.
        needed: Columns that must be there, with a value in the first of them in every row.
        optional: Columns that are empty texts where the file has none.

    Raises:
        TableUnreadable: The file, a needed column or a row cannot be read; says which line.
        ParquetUnavailable: Parquet is asked for and pyarrow is not installed.
    """
    return (
        _read_parquet(path, needed, optional)
        if is_parquet(path)
        else _read_csv(path, needed, optional)
    )


def _missing(path: Path, header: Sequence[str], needed: Sequence[str]) -> None:
    missing = [name for name in needed if name not in header]
    if missing:
        given = ", ".join(header[:12]) or "nothing"
        raise TableUnreadable(
            f"{path.name} has no column {' and no column '.join(missing)} (its first line names "
            f"{given}). Give a first line with {','.join(needed)}."
        )


def _read_csv(path: Path, needed: Sequence[str], optional: Sequence[str]) -> Table:
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            rows = csv.reader(stream, strict=True)
            header = [cell.strip() for cell in next(rows, [])]
            _missing(path, header, needed)
            wanted = [name for name in (*needed, *optional) if name in header]
            places = [header.index(name) for name in wanted]
            least = max(header.index(name) for name in needed) + 1
            columns: list[list[str]] = [[] for _ in wanted]
            adders = list(zip([column.append for column in columns], places, strict=True))
            width = max(places) + 1
            for row in rows:
                if len(row) < width:
                    if not row:
                        continue
                    if len(row) < least:
                        raise TableUnreadable(
                            f"{path.name}, line {rows.line_num}: {len(row)} cells where "
                            f"{least} are needed. A name with a comma must stand in quotes."
                        )
                    row = [*row, *[""] * (width - len(row))]  # noqa: PLW2901 - padded copy
                for add, place in adders:
                    add(row[place])
    except OSError as error:
        raise TableUnreadable(f"{path.name} cannot be opened: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise TableUnreadable(
            f"{path.name} is not UTF-8 (byte {error.start}). Save it again as CSV UTF-8."
        ) from error
    except csv.Error as error:
        raise TableUnreadable(
            f"{path.name}, line {rows.line_num}: {error}. Mend the line or save the file again."
        ) from error
    found = dict(zip(wanted, columns, strict=True))
    return _completed(path, found, needed, optional)


def _read_parquet(path: Path, needed: Sequence[str], optional: Sequence[str]) -> Table:
    pa, pq = pyarrow()
    try:
        with pq.ParquetFile(path) as file:
            header = file.schema_arrow.names
            _missing(path, header, needed)
            wanted = [name for name in (*needed, *optional) if name in header]
            if odd := odd_columns(file.schema_arrow, wanted):
                raise TableUnreadable(
                    f"{path.name} holds no text in {', '.join(odd)}. Write these columns as text."
                )
            read = file.read(columns=wanted)
    except (OSError, pa.ArrowException) as error:
        raise TableUnreadable(f"{path.name} cannot be read as Parquet: {error}.") from error
    found = {
        name: ["" if value is None else str(value) for value in read.column(name).to_pylist()]
        for name in wanted
    }
    return _completed(path, found, needed, optional)


def _completed(
    path: Path, found: dict[str, list[str]], needed: Sequence[str], optional: Sequence[str]
) -> Table:
    for row, cell in enumerate(found[needed[0]]):
        if not cell:
            raise TableUnreadable(
                f"{path.name}, row {row + 1} after the header has no {needed[0]}. Give every row "
                "one."
            )
    length = len(found[needed[0]])
    for name in optional:
        found.setdefault(name, [""] * length)
    return Table(found)


def write_table(path: Path, header: Sequence[str], rows: Iterator[Sequence[Any]]) -> int:
    """Write rows to CSV or Parquet in one step (a reader never sees half a file); return how many.

    Raises:
        OutputUnusable: The folder cannot be written to, or is full.
        ParquetUnavailable: Parquet is asked for and pyarrow is not installed.
    """
    tools = pyarrow() if is_parquet(path) else None
    try:
        handle, draft = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    except OSError as error:
        raise OutputUnusable(f"{path} cannot be written: {error.strerror}.") from error
    try:
        if tools is None:
            count = _write_csv(handle, header, rows)
        else:
            os.close(handle)
            count = _write_parquet(draft, header, rows, tools)
        umask = os.umask(0)
        os.umask(umask)
        Path(draft).chmod(0o666 & ~umask)
        Path(draft).replace(path)
    except OSError as error:
        Path(draft).unlink(missing_ok=True)
        raise OutputUnusable(f"{path} cannot be written: {error.strerror}.") from error
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise
    return count


def _write_csv(handle: int, header: Sequence[str], rows: Iterator[Sequence[Any]]) -> int:
    count = 0
    with os.fdopen(handle, "w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(header)
        names = {place for place, name in enumerate(header) if name in NAMES}
        for row in rows:
            writer.writerow(
                no_formula(cell) if place in names else cell for place, cell in enumerate(row)
            )
            count += 1
    return count


NAMES: Final = frozenset({"matched_name", "subject_name", "listed_name"})
"""Columns of written tables that hold what somebody typed."""


def no_formula(name: str) -> str:
    """Return a name as a cell of a CSV that no spreadsheet takes for a formula.

    Members type names, and lists come from elsewhere; keys are left as they are, for they are
    joined on.
    """
    return f"'{name}" if name[:1] in _FORMULA else name


_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def _write_parquet(
    draft: str, header: Sequence[str], rows: Iterator[Sequence[Any]], tools: tuple[Any, Any]
) -> int:
    pa, pq = tools
    found = list(rows)
    columns = {
        name: [float(row[place]) if name == "score" else row[place] for row in found]
        for place, name in enumerate(header)
    }
    schema = pa.schema(
        [(name, pa.float64() if name == "score" else pa.string()) for name in header]
    )
    pq.write_table(pa.table(columns, schema=schema), draft)
    return len(found)
