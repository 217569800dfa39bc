"""Reads what a row of an office's earlier records says, and tells all that cannot be true in it.

Nothing here knows the register or writes anything. A day is taken only where it can mean one day
alone; what is differing, impossible or missing is a finding of its row and column, which a named
person explains or the file puts right.
"""

from __future__ import annotations

import csv
import difflib
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Final

from greenlane.apps.migration.sheets import Cell, FileUnreadable, Sheet, read_sheet
from greenlane.content.identifiers import UnknownScheme, WrongIdentifier, normalize
from greenlane.core.calendar import anniversary
from greenlane.core.deadlines import Decree, duties
from greenlane.core.facts import day_of, is_of_this_age
from greenlane.core.lifecycle.standing import Step
from greenlane.core.marks import Mark
from greenlane.core.program import Count, Program, UnknownRuleId
from greenlane.core.vocabulary import DutyState, MembershipStatus, Tier

NEEDED: Final = ("company", "entity_type", "identifiers", "status", "certified_on")
DAYS: Final = ("certified_on", "initial_validated_on", "last_annual_review_on", "suspended_on")
LISTS: Final = ("revalidated_on",)
COLUMNS: Final = (
    *NEEDED,
    "tier",
    "initial_validated_on",
    "revalidated_on",
    "last_annual_review_on",
    "suspended_on",
    "suspension_ground",
    "risk_band",
    "specialist",
    "office",
    "group",
    "source_document",
)
EXPLAINING: Final = ("row", "column", "person", "reason", "value")
STATUSES: Final = (
    MembershipStatus.CERTIFIED,
    MembershipStatus.VALIDATED,
    MembershipStatus.SUSPENDED,
)
_ASIDE: Final = "note_"
_MOST_DAYS: Final = 40
_OFFICE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,31}|")
_SLASHED: Final = re.compile(r"([0-9]{1,4})[./-]([0-9]{1,2})[./-]([0-9]{1,4})")
_SERIAL: Final = re.compile(r"[0-9]{4,6}(\.[0-9]+)?")
_1900, _1904 = date(1899, 12, 30), date(1904, 1, 1)


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a named person says of one cell: why it stands, or which value is meant instead."""

    line: int
    column: str
    person: str
    reason: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """What cannot be taken as it stands.

    Attributes:
        code: Stable word, such as ``day.impossible``.
        may_stand: A reason alone explains it; else the value that is meant must be given.
        explained: By whom and why; None when it is refused.
    """

    line: int
    column: str
    code: str
    what: str
    may_stand: bool = False
    explained: Explanation | None = None


@dataclass(frozen=True, slots=True)
class EarlierRow:
    """One row as it was read: ``given`` its cells, ``cells`` the same as they are understood."""

    line: int
    given: Mapping[str, str]
    cells: Mapping[str, str]
    days: Mapping[str, tuple[date, ...]]
    identifiers: tuple[tuple[str, str], ...]
    findings: tuple[Finding, ...]

    @property
    def refused(self) -> tuple[Finding, ...]:
        """What nobody has explained."""
        return tuple(one for one in self.findings if one.explained is None)

    def day(self, column: str) -> date | None:
        """Return the one day of a column, or None."""
        found = self.days.get(column, ())
        return found[0] if found else None

    def with_findings(self, found: Iterable[Finding]) -> EarlierRow:
        """Return the row with more findings."""
        return replace(self, findings=(*self.findings, *found))


@dataclass(slots=True)
class _Read:
    """What is gathered while one row is read."""

    line: int
    findings: list[Finding] = field(default_factory=list)
    cells: dict[str, str] = field(default_factory=dict)
    days: dict[str, tuple[date, ...]] = field(default_factory=dict)
    identifiers: tuple[tuple[str, str], ...] = ()

    def find(self, column: str, code: str, what: str, *, may_stand: bool = False) -> None:
        self.findings.append(Finding(self.line, column, code, what, may_stand))


def read_members(content: bytes) -> Sheet:
    """Read a file of members; its columns are checked, its rows not yet.

    Raises:
        FileUnreadable: as `read_sheet` says; a needed column is missing, or one is not known.
    """
    sheet = read_sheet(content)
    missing = [name for name in NEEDED if name not in sheet.columns]
    if missing:
        raise FileUnreadable(
            "The first row lacks {missing}. Needed columns: {needed}.",
            missing=", ".join(missing),
            needed=", ".join(NEEDED),
        )
    for name in sheet.columns:
        if name and name not in COLUMNS and not name.startswith(_ASIDE):
            near = difflib.get_close_matches(name, COLUMNS, n=1)
            hint = f"Is it {near[0]}? " if near else ""
            raise FileUnreadable(
                "There is no column {name!r}. {hint}Begin the name of a column that is not to be "
                "taken with {aside!r}.",
                name=name[:40],
                hint=hint,
                aside=_ASIDE,
            )
    return sheet


def read_explanations(content: bytes) -> dict[tuple[int, str], Explanation]:
    """Read a CSV or XLSX of explanations by (row, column): row, column, person, reason, value.

    Raises:
        FileUnreadable: a column is missing, a row names no row, column, person or reason, or one
            cell is explained twice.
    """
    sheet = read_sheet(content)
    needed = EXPLAINING[:-1]
    missing = [name for name in needed if name not in sheet.columns]
    if missing:
        raise FileUnreadable(
            "The explanations lack the column {missing}. They have: {needed}, and value.",
            missing=", ".join(missing),
            needed=", ".join(needed),
        )
    found: dict[tuple[int, str], Explanation] = {}
    for line, cells in sheet.rows:
        told = {name: cell.text for name, cell in zip(sheet.columns, cells, strict=True)}
        empty = [name for name in needed if not told[name]]
        if empty or not re.fullmatch(r"[0-9]{1,6}", told["row"]):
            raise FileUnreadable(
                "Row {line} of the explanations lacks {empty}. Name the row of the file by its "
                "number, its column, who explains it, and why.",
                line=line,
                empty=", ".join(empty) or "the number of a row",
            )
        one = Explanation(
            int(told["row"]), told["column"], told["person"], told["reason"], told.get("value", "")
        )
        if one.column not in COLUMNS:
            raise FileUnreadable(
                "Row {line} of the explanations names no column of members: {column!r}.",
                line=line,
                column=one.column[:40],
            )
        if (one.line, one.column) in found:
            raise FileUnreadable(
                "Row {row}, column {column}, is explained twice. Explain it once.",
                row=one.line,
                column=one.column,
            )
        found[one.line, one.column] = one
    return found


def read_row(
    program: Program,
    line: int,
    cells: Mapping[str, Cell],
    explained: Mapping[str, Explanation],
    *,
    today: date,
    decrees: Sequence[Decree] = (),
) -> EarlierRow:
    """Return what one row says, with all that is wrong in it, explained or not.

    Args:
        program: The pack.
        line: The row of the file, the header being row 1.
        cells: The row by column.
        explained: Explanations of this row, by column.
        today: No day may lie after it.
        decrees: Outages the office decreed; they move due days.
    """
    first = _read(program, line, cells, today, decrees)
    values = {name: Cell(one.value) for name, one in explained.items() if one.value}
    last = _read(program, line, {**cells, **values}, today, decrees) if values else first
    # What another value cured stays told, with who gave it; what is left must be able to stand.
    left = {(one.column, one.code) for one in last.findings}
    cured = [
        replace(one, explained=explained[one.column])
        for one in first.findings
        if one.column in values and (one.column, one.code) not in left
    ]
    told = {one.column for one in first.findings}
    cured += [
        Finding(
            line,
            column,
            "cell.replaced",
            f"{column} was {cells.get(column, Cell('')).text[:40]!r}; {one.text[:40]!r} is taken.",
            explained=explained[column],
        )
        for column, one in values.items()
        if column not in told and one.text != cells.get(column, Cell("")).text
    ]
    standing = [
        replace(one, explained=explained[one.column])
        if one.may_stand and one.column in explained
        else one
        for one in last.findings
    ]
    return EarlierRow(
        line,
        {name: cell.text for name, cell in cells.items() if cell.text},
        last.cells,
        last.days,
        last.identifiers,
        tuple(cured + standing),
    )


def _read(
    program: Program,
    line: int,
    cells: Mapping[str, Cell],
    today: date,
    decrees: Sequence[Decree],
) -> _Read:
    read = _Read(line)
    for name in COLUMNS:
        if name not in (*DAYS, *LISTS):
            read.cells[name] = cells.get(name, Cell("")).text
    for name in DAYS:
        _one_day(read, name, cells.get(name, Cell("")), today)
    for name in LISTS:
        _days(read, name, cells.get(name, Cell("")), today)
    for column, needed in (("company", True), ("source_document", False)):
        if not read.cells[column]:
            what = f"{column} is empty."
            read.find(column, "cell.missing", what, may_stand=not needed)
    _identifiers(read)
    _codes(read, program)
    _order(read, program, today, decrees)
    return read


# --- Days ---------------------------------------------------------------------------------------


def _one_day(read: _Read, column: str, cell: Cell, today: date) -> None:
    day = _day(read, column, cell, today)
    read.cells[column] = day.isoformat() if day else ""
    read.days[column] = (day,) if day else ()


def _days(read: _Read, column: str, cell: Cell, today: date) -> None:
    parts = [cell] if cell.day or cell.number is not None else []
    parts = parts or [Cell(part.strip()) for part in cell.text.split(";") if part.strip()]
    if len(parts) > _MOST_DAYS:
        read.find(column, "day.too_many", f"{column} names more than {_MOST_DAYS} days.")
        parts = []
    found = [day for part in parts if (day := _day(read, column, part, today))]
    if len(found) != len(set(found)):
        read.find(column, "day.twice", f"{column} names a day twice.")
    days = tuple(sorted(set(found)))
    read.cells[column] = ";".join(day.isoformat() for day in days)
    read.days[column] = days


def _day(read: _Read, column: str, cell: Cell, today: date) -> date | None:
    """Return the one day that a cell can mean; anything else is a finding."""
    found = cell.day
    if found is None and cell.text:
        try:
            found = day_of(cell.text)
        except ValueError:
            code, what = _why_no_day(cell)
            read.find(column, code, f"{column} is {cell.text[:40]!r}: {what}")
            return None
    if found is None:
        return None
    if not is_of_this_age(found):
        read.find(column, "day.of_another_age", f"{column} is {found}: no day of this age.")
        return None
    if found > today:
        read.find(column, "day.future", f"{column} is {found}: that day is still to come.")
        return None
    return found


def _why_no_day(cell: Cell) -> tuple[str, str]:
    text = cell.text
    if cell.number is not None or _SERIAL.fullmatch(text):
        return "day.serial", _serial(text)
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        try:
            date.fromisoformat(text)
        except ValueError:
            return "day.impossible", "there is no such day."
        return "day.of_another_age", "it is no day of this age."
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[ T].+", text):
        return "day.has_time", "a day has no time of day; which day is meant depends on the zone."
    parts = _SLASHED.fullmatch(text)
    if parts is None:
        return "day.unreadable", "write the day as 2026-05-03."
    if max(len(part) for part in parts.groups()) < 3:
        return "day.two_digit_year", "a year of two digits may be of any century."
    readings = _readings(*parts.groups())
    if not readings:
        return "day.impossible", "there is no such day in any order of day, month and year."
    shown = " or ".join(day.isoformat() for day in readings)
    if len(readings) > 1:
        return "day.ambiguous", f"it may mean {shown}."
    return "day.other_form", f"it seems to mean {shown}; write it so."


def _readings(first: str, second: str, third: str) -> list[date]:
    """Return every day that three numbers may mean, each once."""
    if len(first) > 2:
        orders = [(first, second, third), (first, third, second)]
    else:
        orders = [(third, second, first), (third, first, second)]
    found: list[date] = []
    for year, month, day in orders:
        try:
            one = date(int(year), int(month), int(day))
        except ValueError:
            continue
        if one not in found:
            found.append(one)
    return found


def _serial(text: str) -> str:
    days = int(float(text))
    try:
        since_1900, since_1904 = (start + timedelta(days=days) for start in (_1900, _1904))
    except OverflowError:
        return "a number is no day."
    return (
        f"a number of days from a spreadsheet means {since_1900} counted from 1900 and "
        f"{since_1904} counted from 1904."
    )


# --- Codes and numbers --------------------------------------------------------------------------


def _identifiers(read: _Read) -> None:
    found: list[tuple[str, str]] = []
    text = read.cells["identifiers"]
    for part in text.split(";"):
        if not part.strip():
            continue
        scheme, _, value = (one.strip() for one in part.partition(":"))
        try:
            normal = normalize(scheme.lower(), value)
        except UnknownScheme:
            what = f"{scheme[:20]!r} is no kind of identifier. Write them as ein:NUMBER;scac:CODE."
            read.find("identifiers", "identifier.unknown", what)
        except WrongIdentifier as wrong:
            read.find("identifiers", "identifier.wrong", str(wrong.what))
        else:
            found.append((normal.scheme, normal.value))
    if not text:
        read.find("identifiers", "cell.missing", "identifiers is empty: nothing tells it apart.")
    read.identifiers = tuple(dict.fromkeys(found))
    read.cells["identifiers"] = ";".join(f"{scheme}:{value}" for scheme, value in read.identifiers)


def _codes(read: _Read, program: Program) -> None:
    cells = read.cells
    cells["entity_type"] = cells["entity_type"].lower()
    if cells["entity_type"] not in program.entity_types:
        known = ", ".join(program.entity_types)
        what = f"{cells['entity_type'][:40]!r} is no entity type. There are: {known}."
        read.find("entity_type", "code.unknown", what)
    cells["status"] = cells["status"].upper().replace(" ", "_")
    if cells["status"] not in STATUSES:
        what = (
            f"{cells['status'][:40]!r} cannot be taken over. Take {', '.join(STATUSES)}; whoever "
            "is none of them applies anew."
        )
        read.find("status", "code.unknown", what)
    cells["tier"] = _tier(cells["tier"])
    if cells["tier"] not in {one.value for one in Tier}:
        read.find("tier", "code.unknown", f"{cells['tier'][:20]!r} is no tier: use T1, T2 or T3.")
    cells["suspension_ground"] = cells["suspension_ground"].upper()
    for column, known_codes in (
        ("suspension_ground", set(program.grounds)),
        ("risk_band", set(program.risk_bands)),
    ):
        if cells[column] and cells[column] not in known_codes:
            what = f"{cells[column][:20]!r} is none of {', '.join(sorted(known_codes))}."
            read.find(column, "code.unknown", what)
    if not _OFFICE.fullmatch(cells["office"]):
        read.find("office", "code.unknown", "office is a code of letters and digits.")
    if not cells["specialist"]:
        read.find("specialist", "cell.missing", "nobody is assigned to the account (problem P31).")


def _tier(text: str) -> str:
    plain = text.upper().removeprefix("TIER").strip()
    return {"": "NONE", "I": "T1", "II": "T2", "III": "T3", "1": "T1", "2": "T2", "3": "T3"}.get(
        plain, plain
    )


# --- What two columns say together ----------------------------------------------------------------


def _order(read: _Read, program: Program, today: date, decrees: Sequence[Decree]) -> None:
    days, status = read.days, read.cells["status"]
    certified = _first(days["certified_on"])
    initial = _first(days["initial_validated_on"])
    later, reviewed = days["revalidated_on"], _first(days["last_annual_review_on"])
    suspended = _first(days["suspended_on"])
    told = {one.column for one in read.findings}
    if certified is None and "certified_on" not in told:
        what = "certified_on is empty: every duty is counted from it."
        read.find("certified_on", "cell.missing", what)
    if initial is None and "initial_validated_on" not in told and (status == "VALIDATED" or later):
        what = "initial_validated_on is empty, and the account was validated."
        read.find("initial_validated_on", "cell.missing", what)
    if initial and status == "CERTIFIED":
        what = "status says CERTIFIED, and there is a day of validation."
        read.find("status", "columns.differ", what)
    _tier_fits(read, program, is_validated=bool(initial))
    if suspended is None and status == "SUSPENDED" and "suspended_on" not in told:
        what = "suspended_on is empty, and status says SUSPENDED."
        read.find("suspended_on", "cell.missing", what)
    if suspended and status in STATUSES and status != "SUSPENDED":
        what = f"there is a day of suspension, and status says {status}."
        read.find("suspended_on", "columns.differ", what)
    if status == "SUSPENDED" and not read.cells["suspension_ground"]:
        what = "suspension_ground is empty: the days to appeal depend on it."
        read.find("suspension_ground", "cell.missing", what)
    for column, found in days.items():
        for day in found:
            if certified and column != "certified_on" and day < certified:
                what = f"{column} {day} lies before certified_on {certified}."
                read.find(column, "days.out_of_order", what)
    if initial and later and later[0] <= initial:
        what = f"revalidated_on {later[0]} does not lie after initial_validated_on {initial}."
        read.find("revalidated_on", "days.out_of_order", what)
    if suspended and any(day > suspended for day in (*later, *filter(None, (initial,)))):
        what = f"it was validated after suspended_on {suspended}, and is still suspended."
        read.find("suspended_on", "days.out_of_order", what)
    if initial:
        _windows_filled(read, program, initial, later, today, decrees)
    is_old = certified is not None and anniversary(certified, 1) <= today
    if is_old and reviewed is None and "last_annual_review_on" not in told:
        what = "last_annual_review_on is empty: every anniversary will show as overdue."
        read.find("last_annual_review_on", "cell.missing", what, may_stand=True)


def _first(days: Sequence[date]) -> date | None:
    return days[0] if days else None


def _tier_fits(read: _Read, program: Program, *, is_validated: bool) -> None:
    tier = read.cells["tier"]
    try:
        entity = program.entity_type(read.cells["entity_type"])
    except UnknownRuleId:
        return
    if any(one.column == "tier" for one in read.findings):
        return
    if not entity.tiers:
        if tier != "NONE":
            what = f"tier {tier}, and {entity.id} has no tiers."
            read.find("tier", "columns.differ", what)
        return
    entry = entity.entry_tier.value
    if not is_validated and tier not in ("NONE", entry):
        what = f"tier {tier} without a validation: before one it is {entry}."
        read.find("tier", "columns.differ", what)
    elif is_validated and tier in ("NONE", entry):
        what = f"tier is {'empty' if tier == 'NONE' else tier}, and the account was validated."
        read.find("tier", "columns.differ", what)
    elif tier != "NONE" and tier not in {one.value for one in entity.tiers}:
        read.find("tier", "columns.differ", f"{entity.id} has no tier {tier}.")
    if tier == "NONE" and not is_validated:
        read.cells["tier"] = entry


def _windows_filled(
    read: _Read,
    program: Program,
    initial: date,
    later: Sequence[date],
    today: date,
    decrees: Sequence[Decree],
) -> None:
    """Tell each closed window without a revalidation: it will show as missed, for good (R1)."""
    days = [(initial, Mark.VALIDATED), *((day, Mark.REVALIDATED) for day in later)]
    steps = [
        Step(seq, "", day, today, {}, (mark,)) for seq, (day, mark) in enumerate(days, start=1)
    ]
    for duty in duties(program, steps, on=today, decrees=decrees, known_now=True):
        if duty.deadline.count is Count.WINDOWS and duty.state is DutyState.OVERDUE:
            what = (
                f"no revalidation between {duty.opens_on} and {duty.due_on}: {duty.name} will show "
                "as missed."
            )
            read.find("revalidated_on", "window.empty", what, may_stand=True)


def written(findings: Iterable[Finding]) -> str:
    """Return findings as CSV; no cell of it is ever read as a formula."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(("row", "column", "code", "state", "what", "explained_by", "reason", "value"))
    for one in findings:
        said = one.explained
        state = "explained" if said else "refused"
        words = (said.person, said.reason, said.value) if said else ("", "", "")
        table.writerow(
            _plain(str(cell)) for cell in (one.line, one.column, one.code, state, one.what, *words)
        )
    return out.getvalue()


def _plain(cell: str) -> str:
    return f"'{cell}" if cell[:1] in "=+-@\t" else cell
