"""Who must be validated when, by which reading of the law, and what will be late.

Computed from the record for any day, past or future; nothing here is stored. A year's plan sets it
against the capacity that the office decided.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import QuerySet

from greenlane.apps.accounts.queries import people_of_office
from greenlane.apps.members.keeping import OFFICE
from greenlane.apps.members.models import Account
from greenlane.apps.members.queries import accounts, office_decrees
from greenlane.apps.validations.models import AdoptedPlan, Capacity
from greenlane.core.deadlines import RUNNING, Decree, Duty, duties
from greenlane.core.forecast import Demand, Expected, Slot, forecast, last_of
from greenlane.core.lifecycle.standing import Standing, Step, fold, known_on
from greenlane.core.marks import Mark
from greenlane.core.program import Count, Program
from greenlane.core.vocabulary import (
    Axis,
    DutyNature,
    DutyState,
    Phase,
    Power,
    ValidationStatus,
)

_COLUMNS: Final = ("stream", "company_name", "entity_type", "office", "specialist", "steps")
_DONE: Final = frozenset({Mark.VALIDATED, Mark.REVALIDATED})
_TO_VISIT: Final = frozenset({ValidationStatus.PLANNED, ValidationStatus.NOTIFIED})
_UNDER_WAY: Final = frozenset(
    {
        ValidationStatus.VISITED,
        ValidationStatus.REPORTED,
        ValidationStatus.ANSWERED,
        ValidationStatus.ACTIONS_OPEN,
        ValidationStatus.READY,
    }
)


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One member of the plan.

    Attributes:
        readings: The running duty of each rule that asks for a validation, earliest first; the
            first one is the day that counts, each is shown with its rule and citation.
        filled: The window of the law in which the day lies, where a revalidation has filled it.
        breaches: Windows of the law that were missed: they stay, and are never healed (R1).
        visit_on: Day of the visit that is planned, or None.
        reason, new_due_on: Of a validation that was deferred: why, and until when (P24).
        expected: When it can be held with the capacity there is; None before the forecast.
    """

    stream: str
    company_name: str
    entity_type: str
    office: str
    specialist: str
    membership: str
    tier: str
    validation: str
    readings: tuple[Duty, ...]
    breaches: tuple[Duty, ...]
    filled: tuple[Duty, ...] = ()
    risk_band: str = ""
    visit_on: date | None = None
    reason: str = ""
    new_due_on: date | None = None
    expected: Expected | None = None

    @property
    def due(self) -> Duty:
        """The earliest reading: it wins."""
        return self.readings[0]

    @property
    def is_blocked(self) -> bool:
        """Tell whether the validation cannot be held now, for a reason on the record."""
        return self.validation == ValidationStatus.DEFERRED

    @property
    def is_under_way(self) -> bool:
        """Tell whether the visit was held and the case goes on."""
        return self.validation in _UNDER_WAY

    @property
    def will_be_late(self) -> bool:
        """Tell whether it is overdue, or cannot be held by its day with the capacity there is."""
        if self.due.state is DutyState.OVERDUE:
            return True
        return self.expected is not None and self.expected.is_late


@dataclass(frozen=True, slots=True)
class OfficePlan:
    """A field office's year: ``monthly`` is None where no capacity is set for it."""

    office: str
    specialists: int
    monthly: int | None
    due: int
    overdue: int
    late: int
    blocked: int
    under_way: int


@dataclass(frozen=True, slots=True)
class Plan:
    """A year's plan as known on a day."""

    year: int
    on: date
    rows: tuple[PlanRow, ...]
    offices: tuple[OfficePlan, ...]
    slots: tuple[Slot, ...]
    not_due: int

    @property
    def late(self) -> tuple[PlanRow, ...]:
        """The rows that are or will be late."""
        return tuple(row for row in self.rows if row.will_be_late)

    @property
    def capacity(self) -> int:
        """Visits that can still be held in the year, all offices together."""
        return sum(slot.capacity for slot in self.slots if slot.month.year == self.year)


def plan_of(
    program: Program,
    *,
    year: int,
    on: date,
    among: QuerySet[Account] | None = None,
    offices: frozenset[str] | None = None,
) -> Plan:
    """Return the plan of a year: every active member whose validation falls due by its end.

    Args:
        program: The pack; which deadlines ask for a validation is read from it.
        year: Calendar year.
        on: The day of the question; the record as known then (R24).
        among: Accounts to plan; without it all of the program.
        offices: Field offices to show; None for all. Capacity and forecast are those of each.

    Returns:
        Rows in the order of their due day. Every active member is in exactly one of ``rows`` and
        ``not_due``.

    Cost: one query for all accounts, about 0.3 ms for each of them.

    Source: 6 U.S.C. 969 and 971; programme dossier a.5 and P25.
    """
    found = [
        row for row in owed(program, on=on, among=among) if offices is None or row.office in offices
    ]
    ends = date(year, 12, 31)
    within = [row for row in found if row.due.due_on <= ends or row.validation != "NONE"]
    staff, monthly = staff_of(program, on=on), capacities(on=on)
    pools = _pools(within, staff, monthly)
    result = forecast((_demand(row, staff) for row in within if not row.is_under_way), pools, on=on)
    placed = sorted(
        (_expecting(row, result.expected.get(row.stream)) for row in within),
        key=lambda row: (row.due.due_on, row.stream),
    )
    return Plan(
        year,
        on,
        tuple(placed),
        tuple(_offices(placed, staff, pools)),
        tuple(slot for slot in result.slots if slot.month <= ends),
        len(found) - len(within),
    )


def owed(program: Program, *, on: date, among: QuerySet[Account] | None = None) -> list[PlanRow]:
    """Return every active member with what the law asks of it, in the order of the key."""
    listed = accounts(program=program.id) if among is None else among
    return _owed(program, listed.order_by("stream").values(*_COLUMNS), on=on)


def _owed(program: Program, rows: Iterable[dict[str, Any]], *, on: date) -> list[PlanRow]:
    decrees = office_decrees()
    found = []
    for row in rows:
        steps = known_on([Step.from_json(step) for step in row["steps"]], on=on)
        if steps:
            made = _row(program, row, steps, decrees, on)
            if made is not None:
                found.append(made)
    return found


def plan_row(program: Program, account: Account, *, on: date) -> PlanRow | None:
    """Return what the law asks of one account, or None when it asks for no validation."""
    row = {column: getattr(account, column) for column in _COLUMNS}
    found = _owed(program, [row], on=on)
    return found[0] if found else None


def _row(
    program: Program,
    row: Mapping[str, Any],
    steps: Sequence[Step],
    decrees: Sequence[Decree],
    on: date,
) -> PlanRow | None:
    standing = fold(row["entity_type"], steps)
    if standing.membership not in program.statuses_in(Phase.MEMBER, Phase.SUSPENDED):
        return None
    asked = [
        duty
        for duty in duties(program, steps, on=on, decrees=decrees)
        if duty.deadline.nature is DutyNature.LIMIT and not duty.deadline.met_by.isdisjoint(_DONE)
    ]
    running = [duty for duty in asked if duty.state in RUNNING]
    filled = [
        duty
        for duty in asked
        if duty.deadline.count is Count.WINDOWS
        and duty.state is DutyState.MET
        and duty.due_on >= on
    ]
    breaches = [
        duty
        for duty in running
        if duty.deadline.count is Count.WINDOWS and duty.state is DutyState.OVERDUE
    ]
    readings = sorted((d for d in running if d not in breaches), key=lambda d: (d.due_on, d.id))
    if not readings:
        return None
    case = _case(standing)
    latest = max(
        (standing.latest[mark] for mark in _DONE if mark in standing.latest),
        key=lambda step: step.seq,
        default=None,
    )
    return PlanRow(
        row["stream"],
        row["company_name"],
        row["entity_type"],
        row["office"],
        row["specialist"],
        standing.membership.value,
        standing.tier.value,
        standing.axes[Axis.VALIDATION],
        tuple(readings),
        tuple(breaches),
        tuple(filled),
        latest.given.get("risk_band", "") if latest else "",
        *case,
    )


def _case(standing: Standing) -> tuple[date | None, str, date | None]:
    """Return planned day of the visit, reason and new day of a deferral, of the open case."""
    state = standing.axes[Axis.VALIDATION]
    opened = standing.latest.get(Mark.VALIDATION_OPENED)
    if opened is None or state == ValidationStatus.NONE:
        return None, "", None
    deferred = standing.latest.get(Mark.VALIDATION_DEFERRED)
    if state == ValidationStatus.DEFERRED and deferred is not None:
        given = deferred.given
        return None, given.get("reason", ""), date.fromisoformat(given["new_due_on"])
    scheduled = standing.latest.get(Mark.VALIDATION_SCHEDULED)
    since = max(opened.seq, deferred.seq if deferred else 0)
    if state not in _TO_VISIT or scheduled is None or scheduled.seq < since:
        return None, "", None
    return date.fromisoformat(scheduled.given["visit_on"]), "", None


def _pool(row: PlanRow, staff: Mapping[str, int]) -> str:
    """Return whose capacity a member's visit takes: its office's, else that of the whole office."""
    return row.office if row.office in staff else ""


def _pools(
    rows: Iterable[PlanRow], staff: Mapping[str, int], monthly: Mapping[str, int]
) -> dict[str, int]:
    found = {}
    for pool in {_pool(row, staff) for row in rows}:
        visits = monthly.get(pool, monthly.get(""))
        if visits is not None:
            found[pool] = visits * staff.get(pool, 0)
    return found


def _demand(row: PlanRow, staff: Mapping[str, int]) -> Demand:
    return Demand(row.stream, _pool(row, staff), row.due.due_on, row.new_due_on, row.visit_on)


def _expecting(row: PlanRow, expected: Expected | None) -> PlanRow:
    from dataclasses import replace

    return replace(row, expected=expected)


def _offices(
    rows: Sequence[PlanRow], staff: Mapping[str, int], pools: Mapping[str, int]
) -> list[OfficePlan]:
    found = []
    for office in sorted({row.office for row in rows}):
        own = [row for row in rows if row.office == office]
        pool = office if office in staff else ""
        found.append(
            OfficePlan(
                office,
                staff.get(office, 0),
                pools.get(pool),
                len(own),
                sum(row.due.state is DutyState.OVERDUE for row in own),
                sum(row.will_be_late for row in own),
                sum(row.is_blocked for row in own),
                sum(row.is_under_way for row in own),
            )
        )
    return found


# --- Capacity -------------------------------------------------------------------------------------


def capacities(*, on: date) -> dict[str, int]:
    """Return visits a specialist can hold in a month, by field office, as decided by ``on``."""
    found: dict[str, int] = {}
    for row in Capacity.objects.filter(stream=OFFICE, on__lte=on).order_by("seq"):
        found[row.office] = row.visits
    return found


def staff_of(program: Program, *, on: date) -> dict[str, int]:
    """Return how many specialists each field office has on a day; one query."""
    found: dict[str, int] = {}
    assignable = program.roles_that_may(Power.BE_ASSIGNED)
    for one in people_of_office(on=on, program=program):
        if one.role in assignable:
            found[one.office] = found.get(one.office, 0) + 1
    return found


def adopted_plans() -> Sequence[AdoptedPlan]:
    """Return the plans that the director adopted, latest first."""
    return list(AdoptedPlan.objects.order_by("-seq"))


def will_be_held(row: PlanRow) -> date | None:
    """Return the last day of the month in which a visit can be held, or its planned day."""
    if row.visit_on is not None:
        return row.visit_on
    month = row.expected.month if row.expected else None
    return last_of(month) if month else None
