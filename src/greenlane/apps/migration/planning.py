"""Plans what a file of an office's earlier records would do, row by row; writes nothing.

The whole file is judged first: every row is new, unchanged, corrected or refused, and of each it is
known which duties it will have. What is recorded afterwards is this plan and nothing else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from greenlane.apps.accounts import queries as people
from greenlane.apps.audit.queries import places_of
from greenlane.apps.members import queries as members
from greenlane.apps.members.actions.accounts import clean_company_name
from greenlane.apps.members.models import Account
from greenlane.apps.migration import queries
from greenlane.apps.migration.earlier_rows import EarlierRow, Explanation, Finding, read_row
from greenlane.apps.migration.models import CarriedAccount
from greenlane.apps.migration.sheets import Sheet
from greenlane.apps.parties.queries import compact, companies_with, latest_company
from greenlane.core.access import reaches
from greenlane.core.case import Case
from greenlane.core.deadlines import Decree, Duty
from greenlane.core.errors import GreenlaneError, NotFound
from greenlane.core.facts import Facts
from greenlane.core.lifecycle.decide import Act, Actor, Decision, Refused, reasons_of
from greenlane.core.lifecycle.standing import Step, corrected
from greenlane.core.program import Program, Transition
from greenlane.core.vocabulary import DutyState, Power, Purpose

FIRST_STEP: Final = 4
"""Place of the first step: the account, what it was taken from and the company stand before it."""
_SOURCED: Final = Facts({"migration.is_sourced": True})
_PURPOSES: Final = {
    "certified_on": Purpose.CARRY_CERTIFICATION,
    "initial_validated_on": Purpose.CARRY_VALIDATION,
    "revalidated_on": Purpose.CARRY_REVALIDATION,
    "last_annual_review_on": Purpose.CARRY_REVIEW,
    "suspended_on": Purpose.CARRY_SUSPENSION,
}
_FREE: Final = frozenset({"source_document", "group"})
"""Columns that change nothing but what an account was taken from."""
_IMPLIED: Final = frozenset({"status", "tier", "suspension_ground", "risk_band"})


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """One row with what it would do.

    Attributes:
        outcome: ``new``, ``unchanged``, ``corrected`` or ``refused``.
        stream: The account on the record; "" for a new one.
        seq: Number of its events when it was planned.
        decisions: Steps to record, in order.
        duties: Its duties on the day, after these steps; empty for a refused row.
    """

    row: EarlierRow
    outcome: str
    stream: str = ""
    seq: int = 0
    company: str = ""
    decisions: tuple[Decision, ...] = ()
    duties: tuple[Duty, ...] = ()

    @property
    def overdue(self) -> tuple[Duty, ...]:
        """The duties that are overdue on the day."""
        return tuple(duty for duty in self.duties if duty.state is DutyState.OVERDUE)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a file would do.

    Attributes:
        unused: Explanations of what needs none, or of no row.
        last_company: Row of the latest company on the record when it was planned.
    """

    sha256: str
    rows: tuple[PlannedRow, ...]
    unused: tuple[Explanation, ...]
    last_company: int = 0

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Every finding, refused or explained, in the order of the file."""
        return tuple(finding for row in self.rows for finding in row.row.findings)

    @property
    def is_sound(self) -> bool:
        """Tell whether every row can be recorded."""
        return all(row.outcome != "refused" for row in self.rows)

    @property
    def counts(self) -> dict[str, int]:
        """The reconciliation: rows = new + unchanged + corrected + refused."""
        kinds = Counter(row.outcome for row in self.rows)
        findings = self.findings
        return {
            "rows": len(self.rows),
            **{kind: kinds[kind] for kind in ("new", "unchanged", "corrected", "refused")},
            "findings_refused": sum(one.explained is None for one in findings),
            "findings_explained": sum(one.explained is not None for one in findings),
            "explanations_unused": len(self.unused),
        }

    @property
    def overdue(self) -> dict[str, int]:
        """How many duties of each rule are overdue on the day, missed windows among them."""
        found = Counter(duty.id for row in self.rows for duty in row.overdue)
        return dict(sorted(found.items()))


class NothingCarries(NotFound):
    """The program has no act that takes earlier records over."""

    code = "import.not_in_program"


@dataclass(frozen=True, slots=True)
class _Ground:
    """What every row is compared with; read once."""

    program: Program
    today: date
    acts: Mapping[Purpose, Transition]
    decrees: tuple[Decree, ...]
    places: Mapping[str, int]
    accounts: Mapping[str, Account]
    carried: Mapping[str, CarriedAccount]
    borne: Mapping[tuple[str, str], set[str]]
    twice: Mapping[int, tuple[int, ...]]
    specialists: Mapping[tuple[str, str], tuple[str, str]]
    by: Actor


def plan_members(
    *,
    program: Program,
    sheet: Sheet,
    explanations: Mapping[tuple[int, str], Explanation],
    by: Actor,
    today: date,
) -> Plan:
    """Plan what a file says of the register.

    Args:
        program: The pack.
        sheet: The file, as `read_members` gives it.
        explanations: By row and column, as `read_explanations` gives them; whoever explains must
            be a person of the office.
        by: Who takes the records over, in a role that may.
        today: The day on which it is recorded.

    Raises:
        NothingCarries: the pack has no acts for it.
        NoSuchPerson: an explanation names nobody of the office.
    """
    acts = {row.does: row for row in program.transitions.values() if row.does is not None}
    if any(purpose not in acts for purpose in (*_PURPOSES.values(), Purpose.CORRECT_DAY)):
        raise NothingCarries(
            "The program {program} has no acts that take earlier records over: "
            "`does: carry_certification` and the like.",
            program=program.id,
        )
    # Where records end is read before the records: who writes meanwhile makes a conflict later.
    places, last_company = places_of(), latest_company()
    decrees = members.office_decrees()
    known = _explained_by(explanations, program, today)
    of_row: dict[int, dict[str, Explanation]] = {}
    for (line, column), one in known.items():
        of_row.setdefault(line, {})[column] = one
    rows = [
        read_row(
            program,
            line,
            dict(zip(sheet.columns, cells, strict=True)),
            of_row.get(line, {}),
            today=today,
            decrees=decrees,
        )
        for line, cells in sheet.rows
    ]
    carried = queries.carried_accounts()
    numbers = {number for row in rows for number in row.identifiers}
    ground = _Ground(
        program,
        today,
        acts,
        decrees,
        places,
        {row.stream: row for row in members.accounts(program=program.id).iterator(2_000)},
        carried,
        companies_with(numbers),
        _twice(rows),
        _specialists(
            frozenset((row.cells["specialist"], row.cells["office"]) for row in rows),
            program,
            today,
        ),
        by,
    )
    planned = tuple(_planned(row, of_row.get(row.line, {}), ground) for row in rows)
    used = {
        (one.line, one.column)
        for row in planned
        for one in row.row.findings
        if one.explained is not None
    }
    unused = tuple(one for place, one in known.items() if place not in used)
    return Plan(sheet.sha256, planned, unused, last_company)


def _explained_by(
    explanations: Mapping[tuple[int, str], Explanation], program: Program, today: date
) -> dict[tuple[int, str], Explanation]:
    """Return the explanations with the key of each person, who must be one of the office."""
    may = program.roles_that_may(Power.STATE_FACTS) | program.roles_that_may(Power.CARRY_OVER)
    keys: dict[str, str] = {}
    for one in explanations.values():
        if one.person in keys:
            continue
        person = one.person
        found = people.person_by_email(person) if "@" in person else people.person(person)
        held = people.held_by(found.key, program=program, on=today) if found else []
        if found is None or not any(row.role in may for row in held):
            raise people.NoSuchPerson(
                "{person} is nobody of the office who can explain a day. Name somebody by key or "
                "address.",
                person=person[:80],
            )
        keys[one.person] = found.key
    return {place: replace(one, person=keys[one.person]) for place, one in explanations.items()}


def _twice(rows: Sequence[EarlierRow]) -> dict[int, tuple[int, ...]]:
    """Return for each row the other rows of one entity type that bear one of its numbers."""
    lines: dict[tuple[str, str, str], list[int]] = {}
    for row in rows:
        for scheme, value in row.identifiers:
            lines.setdefault((row.cells["entity_type"], scheme, compact(value)), []).append(
                row.line
            )
    found: dict[int, set[int]] = {}
    for shared in lines.values():
        if len(shared) > 1:
            for line in shared:
                found.setdefault(line, set()).update(set(shared) - {line})
    return {line: tuple(sorted(others)) for line, others in found.items()}


def _specialists(
    named: frozenset[tuple[str, str]], program: Program, today: date
) -> dict[tuple[str, str], tuple[str, str]]:
    """Return (key, what is wrong) of each named specialist at each field office, by both."""
    assignable = program.roles_that_may(Power.BE_ASSIGNED)
    found: dict[tuple[str, str], tuple[str, str]] = {}
    for name, office in named:
        key, wrong = "", ""
        if name:
            try:
                person = people.person_by_email(name) if "@" in name else people.person(name)
            except GreenlaneError:
                person = None
            key = person.key if person else ""
            held = people.held_by(key, program=program, on=today) if key else []
            if not any(
                one.role in assignable and reaches(one, organization="", office=office)
                for one in held
            ):
                wrong = f"{name[:60]!r} is no specialist for this account's field office."
        found[name, office] = key, wrong
    return found


def _planned(row: EarlierRow, explained: Mapping[str, Explanation], ground: _Ground) -> PlannedRow:
    others = ground.twice.get(row.line, ())
    if others:
        shown = ", ".join(str(line) for line in others[:10])
        what = f"the same number and entity type stand in row {shown}."
        return _refused(row, [Finding(row.line, "identifiers", "identifier.twice", what)])
    streams = {
        stream
        for scheme, value in row.identifiers
        for stream in ground.borne.get((scheme, compact(value)), ())
        if stream in ground.accounts
        and ground.accounts[stream].entity_type == row.cells["entity_type"]
    }
    if len(streams) > 1:
        what = f"its numbers are those of several accounts: {', '.join(sorted(streams))}."
        return _refused(row, [Finding(row.line, "identifiers", "record.several", what)])
    if streams:
        return _compared(row, streams.pop(), explained, ground)
    faults = []
    if fault := ground.specialists[row.cells["specialist"], row.cells["office"]][1]:
        faults.append(Finding(row.line, "specialist", "person.unknown", fault))
    try:
        company = clean_company_name(row.cells["company"])
    except GreenlaneError as error:
        company = ""
        if row.cells["company"]:
            faults.append(Finding(row.line, "company", "cell.unreadable", error.message))
    if row.refused or faults:
        return _refused(row, faults)
    return _new(row, company, ground)


def _refused(row: EarlierRow, found: Iterable[Finding], stream: str = "") -> PlannedRow:
    return PlannedRow(row.with_findings(found), "refused", stream)


def _new(row: EarlierRow, company: str, ground: _Ground) -> PlannedRow:
    case = Case(ground.program, row.cells["entity_type"], (), _SOURCED, ground.decrees)
    wanted = _wanted(row, ground)
    decided = _decided(case, wanted, ground, first=FIRST_STEP)
    if isinstance(decided, Finding):
        return _refused(row, [replace(decided, line=row.line)])
    case, decisions = decided
    duties = tuple(case.duties(on=ground.today, known_now=True))
    return PlannedRow(row, "new", company=company, decisions=decisions, duties=duties)


_Wanted = tuple[str, date, dict[str, str]]


def _wanted(row: EarlierRow, ground: _Ground) -> list[_Wanted]:
    """Return the acts that a row asks for, by day: (column, day, given)."""
    found: list[_Wanted] = []
    for column in _PURPOSES:
        found += [(column, day, _given(row, column, ground)) for day in row.days[column]]
    # The certification opens the account; of one day, a validation comes before a review, and a
    # suspension last.
    ranks = list(_PURPOSES)
    return sorted(found, key=lambda one: (one[0] != "certified_on", one[1], ranks.index(one[0])))


def _given(row: EarlierRow, column: str, ground: _Ground) -> dict[str, str]:
    cells = row.cells
    if column == "certified_on":
        key = ground.specialists[cells["specialist"], cells["office"]][0]
        return {"specialist": key} if key else {}
    if column == "initial_validated_on":
        given = {"tier": cells["tier"]}
        return {**given, "risk_band": cells["risk_band"]} if cells["risk_band"] else given
    if column == "revalidated_on" and cells["risk_band"]:
        return {"risk_band": cells["risk_band"]}
    return {"ground": cells["suspension_ground"]} if column == "suspended_on" else {}


def _decided(
    case: Case, wanted: Iterable[_Wanted], ground: _Ground, *, first: int
) -> tuple[Case, tuple[Decision, ...]] | Finding:
    """Decide each act in order; the first that the rules refuse is a finding of its column."""
    decisions: list[Decision] = []
    for column, day, given in wanted:
        act = ground.acts[_PURPOSES[column]].id
        try:
            decision = case.decide(Act(act, ground.by, day, ground.today, given=given))
        except Refused as refused:
            return Finding(0, column, f"rule.{refused.refusal}", refused.message)
        decisions.append(decision)
        case = case.after(decision.step(first + len(decisions) - 1))
    return case, tuple(decisions)


# --- A row whose account is on the record ---------------------------------------------------------


def _compared(
    row: EarlierRow, stream: str, explained: Mapping[str, Explanation], ground: _Ground
) -> PlannedRow:
    kept = ground.carried.get(stream)
    if kept is None:
        what = f"account {stream} bears this number and was opened here; its days are decided here."
        return _refused(row, [Finding(row.line, "identifiers", "record.opened_here", what)], stream)
    if kept.is_erased:
        what = f"what account {stream} was taken from was erased; nothing can be compared with it."
        return _refused(row, [Finding(row.line, "identifiers", "record.erased", what)], stream)
    before: Mapping[str, str] = kept.cells["understood"]
    if dict(row.given) == kept.cells["given"] or (
        not row.refused and dict(row.cells) == dict(before)
    ):
        # The same row again, explained or not: what was said of it then stands on the record.
        return PlannedRow(replace(row, findings=()), "unchanged", stream)
    if row.refused:
        return _refused(row, (), stream)
    return _changed(row, stream, before, explained, ground)


def _changed(
    row: EarlierRow,
    stream: str,
    before: Mapping[str, str],
    explained: Mapping[str, Explanation],
    ground: _Ground,
) -> PlannedRow:
    """Plan corrections: a changed day is one of its own, and a named person says why."""
    columns = [name for name in row.cells if row.cells[name] != before.get(name, "")]
    corrections = [name for name in columns if name in _PURPOSES]
    faults: list[Finding] = []
    acts: list[tuple[str, dict[str, str]]] = []
    added: list[_Wanted] = []
    steps = corrected(members.steps_of(ground.accounts[stream]))
    for name in columns:
        what = f"the record has {before.get(name, '')!r}, the file {row.cells[name]!r}"
        one = explained.get(name)
        if name in _PURPOSES:
            faults += _differing(row, name, what, one)
            found = _mended(row, name, before, steps, ground, one)
            if isinstance(found, Finding):
                faults.append(found)
            else:
                acts += found[0]
                added += found[1]
        elif name in _FREE or (name in _IMPLIED and corrections):
            faults += _differing(row, name, what, one) if name in _FREE else []
        else:
            says = f"{what}: change it by its own act here; a file corrects days alone."
            faults.append(Finding(row.line, name, "record.differs", says))
    if any(one.explained is None for one in faults):
        return _refused(row, faults, stream)
    return _corrected(row.with_findings(faults), stream, acts, added, ground)


def _differing(row: EarlierRow, column: str, what: str, one: Explanation | None) -> list[Finding]:
    return [Finding(row.line, column, "record.differs", f"{what}.", may_stand=True, explained=one)]


def _mended(
    row: EarlierRow,
    column: str,
    before: Mapping[str, str],
    steps: Sequence[Step],
    ground: _Ground,
    one: Explanation | None,
) -> tuple[list[tuple[str, dict[str, str]]], list[_Wanted]] | Finding:
    """Return what makes the record's days those of the file: corrections, and days to add."""
    purpose = _PURPOSES[column]
    was = [date.fromisoformat(day) for day in before.get(column, "").split(";") if day]
    now = list(row.days[column])
    gone = [day for day in was if day not in now]
    come = [day for day in now if day not in was]
    if len(gone) > len(come):
        what = f"{column} no longer names {gone[-1]}: what is on the record is not taken back."
        return Finding(row.line, column, "record.taken_back", what)
    acts = []
    for old, new in zip(gone, come, strict=False):
        step = next((s for s in steps if s.act == ground.acts[purpose].id and s.on == old), None)
        if step is None:
            what = f"the record has no carried-over day {old} of {column} any more."
            return Finding(row.line, column, "record.moved", what)
        given = {"corrects": str(step.seq), "right_on": new.isoformat()}
        acts.append((column, {**given, "reason": _reason(ground, one)}))
    fresh = [(column, day, _given(row, column, ground)) for day in come[len(gone) :]]
    return acts, fresh


def _reason(ground: _Ground, one: Explanation | None) -> str:
    """Return the pack's code: the one that the explanation begins with, else the first of them."""
    fitting = reasons_of(ground.program, ground.acts[Purpose.CORRECT_DAY])
    named = one.reason.partition(":")[0].strip() if one else ""
    return named if named in fitting else min(fitting)


def _corrected(
    row: EarlierRow,
    stream: str,
    acts: Iterable[tuple[str, dict[str, str]]],
    added: Sequence[_Wanted],
    ground: _Ground,
) -> PlannedRow:
    account = ground.accounts[stream]
    place = ground.places.get(stream, 0)
    # What is known of the account otherwise does not matter: the guard asks for the source alone.
    case = Case(
        ground.program, account.entity_type, members.steps_of(account), _SOURCED, ground.decrees
    )
    decisions: list[Decision] = []
    act = ground.acts[Purpose.CORRECT_DAY].id
    for column, given in acts:
        try:
            decision = case.decide(Act(act, ground.by, ground.today, ground.today, given=given))
        except Refused as refused:
            found = Finding(row.line, column, f"rule.{refused.refusal}", refused.message)
            return _refused(row, [found], stream)
        decisions.append(decision)
        case = case.after(decision.step(place + 1 + len(decisions)))
    decided = _decided(case, added, ground, first=place + 2 + len(decisions))
    if isinstance(decided, Finding):
        return _refused(row, [replace(decided, line=row.line)], stream)
    case, more = decided
    duties = tuple(case.duties(on=ground.today, known_now=True))
    return PlannedRow(
        row, "corrected", stream, place, account.company_name, (*decisions, *more), duties
    )
