"""The deadline register at work: from the steps of an account to its dated duties, on any day.

Due dates are computed from the event that anchors them, never typed in and never stored as truth.
No limit does anything by itself: a passed day changes the state of the duty and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from greenlane.core.calendar import HolidayRule, Period, WorkingCalendar, anniversary
from greenlane.core.canonical import Json
from greenlane.core.facts import DUTY_PREFIX, FactValue
from greenlane.core.lifecycle.standing import Step, known_on
from greenlane.core.marks import Mark
from greenlane.core.program import Count, Deadline, Program
from greenlane.core.vocabulary import DutyNature, DutyState, Side

EXPLAIN_ACT: Final = "O01"
"""The act that gives the mandatory reason for an overdue duty."""
_RISK_BAND: Final = "risk_band"
_ONE_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Decree:
    """A decreed outage: whole days, both ends inside, on which clocks stand still (R23, P16).

    ``ends_on`` None means it still lasts. Company duties and rights stop; the office's limits only
    when the decree says so.
    """

    seq: int
    starts_on: date
    ends_on: date | None
    includes_office: bool = False
    recorded_on: date = date.min

    def stops(self, deadline: Deadline) -> bool:
        """Tell whether this decree stops the clock of ``deadline``."""
        return deadline.owed_by is Side.COMPANY or self.includes_office


@dataclass(frozen=True, slots=True)
class Duty:
    """One dated duty, right, bar or limit, on one day.

    ``anchor_seq`` is the event it is counted from; ``cycle`` numbers yearly cycles and windows
    from 1. ``days_left`` is negative when overdue. ``why`` is a sentence.
    """

    deadline: Deadline
    anchor_seq: int
    anchor_on: date
    due_on: date
    state: DutyState
    why: str
    cycle: int = 0
    opens_on: date | None = None
    met_on: date | None = None
    met_seq: int | None = None
    is_late: bool = False
    days_left: int | None = None
    reason: str = ""

    @property
    def id(self) -> str:
        """The rule's id in the pack ("D05")."""
        return self.deadline.id

    @property
    def key(self) -> str:
        """Stable key within the account: rule, anchor event, cycle."""
        return f"{self.deadline.id}:{self.anchor_seq}:{self.cycle}"


def duties(
    program: Program,
    steps: Sequence[Step],
    *,
    on: date,
    stream: str = "account",
    decrees: Sequence[Decree] = (),
    known_now: bool = False,
) -> list[Duty]:
    """Return every duty of one account on ``on``, in the order of the pack's register.

    Args:
        program: The pack's rules.
        steps: The account's steps in the order of its chain.
        on: The day asked for; past or future.
        stream: ``account`` or ``office`` (duties of the program office as such).
        decrees: Outages on the office's record.
        known_now: False answers as known on that day, True as known now (R24).

    Returns:
        Duties whose anchor has happened by ``on``; a duty ended by the account's closing is
        ``lapsed``, but for missed windows, which stay overdue (R1).
    """
    known = known_on(steps, on=on, known_now=known_now)
    if not known:
        return []
    asked = [d for d in decrees if d.starts_on <= on and (known_now or d.recorded_on <= on)]
    case = _Case(program, known, on, asked)
    found: list[Duty] = []
    for deadline in program.register.get(stream, ()):
        if not deadline.anchors.isdisjoint(case.marks):
            found.extend(_COUNTS[deadline.count](case, deadline))
    return found


class _Case:
    """What the counting functions share for one account and day."""

    __slots__ = ("calendar", "closed", "decrees", "explained", "marks", "on", "steps")

    def __init__(
        self, program: Program, steps: list[Step], on: date, decrees: list[Decree]
    ) -> None:
        self.steps = steps
        self.on = on
        self.calendar: WorkingCalendar = program.calendar
        self.decrees = decrees
        self.marks: dict[Mark, list[Step]] = {}
        self.explained: dict[str, str] = {}
        self.closed: list[Step] = []
        for step in steps:
            for mark in step.marks:
                self.marks.setdefault(mark, []).append(step)
                if mark in program.closing_marks:
                    self.closed.append(step)
            if step.act == EXPLAIN_ACT:
                self.explained[step.given.get("duty", "")] = step.given.get("reason", "")

    def first_after(
        self, marks: Iterable[Mark], anchor: Step, before: Step | None = None
    ) -> Step | None:
        """Return the earliest step after ``anchor`` with one of ``marks``, by place in chain."""
        best: Step | None = None
        for mark in marks:
            for step in self.marks.get(mark, ()):
                if step.seq <= anchor.seq or (before is not None and step.seq >= before.seq):
                    continue
                if best is None or step.seq < best.seq:
                    best = step
                break
        return best

    def closing_after(self, anchor: Step) -> Step | None:
        """Return the step that closed the account after ``anchor``, if any."""
        return next((step for step in self.closed if step.seq > anchor.seq), None)


def _finished(
    case: _Case,
    deadline: Deadline,
    anchor: Step,
    base_due: date,
    *,
    met: Step | None,
    cycle: int = 0,
    opens_on: date | None = None,
    counted: str = "",
    never_healed: bool = False,
) -> Duty:
    """Turn a counted day into a duty: roll, extend by decrees, then tell its state on the day."""
    due = case.calendar.roll(base_due) if deadline.rolls else base_due
    due, is_stopped, extended = _extended(case, deadline, anchor.on, due)
    why = counted or f"{deadline.period} from {anchor.act} of {anchor.on}"
    if extended:
        why += f"; {extended} days added by decree"
    if due != base_due and not extended:
        why += f"; {base_due} is no working day"
    closing = None if deadline.survives_closing else case.closing_after(anchor)
    on = case.on
    met_on = met.on if met else None
    if met is not None and closing is not None and closing.seq < met.seq:
        met, met_on = None, None
    if met is not None and met_on is not None and (not never_healed or met_on <= due):
        is_late = met_on > due
        why += f"; met by {met.act} of {met_on}" + (" (late)" if is_late else "")
        state = DutyState.MET
    elif closing is not None and not (never_healed and closing.on > due):
        is_late, state = closing.on > due, DutyState.LAPSED
        why += f"; ended by {closing.act} of {closing.on}"
        met = None
    elif is_stopped:
        is_late, state = False, DutyState.STOPPED
        why += "; the clock stands still by decree"
    elif on <= due:
        is_late, state = False, DutyState.OPEN
    elif deadline.nature in _LAPSING:
        is_late, state = False, DutyState.LAPSED
    else:
        is_late, state = True, DutyState.OVERDUE
    key = f"{deadline.id}:{anchor.seq}:{cycle}"
    return Duty(
        deadline,
        anchor.seq,
        anchor.on,
        due,
        state,
        why,
        cycle,
        opens_on,
        met_on if state is DutyState.MET else None,
        met.seq if met is not None and state is DutyState.MET else None,
        is_late,
        (due - on).days if state in _RUNNING else None,
        case.explained.get(key, ""),
    )


_LAPSING: Final = frozenset({DutyNature.RIGHT, DutyNature.LAPSE, DutyNature.BAR})
_RUNNING: Final = frozenset({DutyState.OPEN, DutyState.OVERDUE, DutyState.STOPPED})


def _extended(
    case: _Case, deadline: Deadline, anchor_on: date, due: date
) -> tuple[date, bool, int]:
    """Return the due day with decreed days added, whether the clock stands now, and the days."""
    is_stopped, added = False, 0
    for decree in sorted(case.decrees, key=lambda d: d.starts_on):
        if not decree.stops(deadline) or decree.starts_on > due:
            continue
        first = max(decree.starts_on, anchor_on + _ONE_DAY)
        last = min(decree.ends_on or case.on, case.on)
        if last < first:
            continue
        days = (last - first).days + 1
        due += timedelta(days=days)
        added += days
        is_stopped = is_stopped or (first <= case.on and (decree.ends_on or case.on) >= case.on)
    return due, is_stopped, added


def _after(case: _Case, deadline: Deadline) -> Iterator[Duty]:
    """One duty for each anchor: the period after it. A later anchor of the same duty ends it."""
    anchors = sorted(
        {step.seq: step for mark in deadline.anchors for step in case.marks.get(mark, ())}.items()
    )
    for _, anchor in anchors:
        period = _period(deadline, anchor)
        if period is None:
            continue
        met = case.first_after(deadline.met_by, anchor)
        if met is not None:
            reopened = case.first_after(deadline.reopened_by, met) if deadline.reopened_by else None
            while reopened is not None and met is not None:
                met = case.first_after(deadline.met_by, reopened)
                reopened = case.first_after(deadline.reopened_by, met) if met else None
        yield _finished(
            case,
            deadline,
            anchor,
            period.after(anchor.on),
            met=met,
            counted=f"{period} from {anchor.act} of {anchor.on}",
        )


def _period(deadline: Deadline, anchor: Step) -> Period | None:
    if deadline.by_band:
        return deadline.by_band.get(anchor.given.get(_RISK_BAND, ""))
    return deadline.period


def _before_visit(case: _Case, deadline: Deadline) -> Iterator[Duty]:
    """Notice before a planned visit: the day named by the anchor, less the period."""
    for anchor in (s for mark in deadline.anchors for s in case.marks.get(mark, ())):
        named = anchor.given.get("visit_on")
        if not named or deadline.period is None:
            continue
        visit_on = date.fromisoformat(named)
        due = visit_on - timedelta(days=deadline.period.days)
        yield _finished(
            case,
            deadline,
            anchor,
            due,
            met=case.first_after(deadline.met_by, anchor),
            counted=f"{deadline.period} before the visit of {visit_on}",
        )


def _yearly(case: _Case, deadline: Deadline) -> Iterator[Duty]:
    """One duty for each anniversary of the latest anchor whose window has opened by the day.

    A review counts when it lies inside ``[anniversary - window, anniversary]``, or later (late);
    with ``any_review_counts`` any review since the last anniversary does (P18). A rejection after
    it reopens the duty (R6).
    """
    steps = [step for mark in deadline.anchors for step in case.marks.get(mark, ())]
    if not steps:
        return
    anchor = max(steps, key=lambda step: step.seq)
    window = timedelta(days=deadline.window.days) if deadline.window else timedelta()
    meeting = sorted(
        (s for mark in deadline.met_by for s in case.marks.get(mark, ()) if s.seq > anchor.seq),
        key=lambda step: step.seq,
    )
    used: set[int] = set()
    for cycle in range(1, 200):
        due = anniversary(anchor.on, cycle)
        opens_on = due - window
        if opens_on > case.on:
            return
        counts_from = anniversary(anchor.on, cycle - 1) if deadline.any_review_counts else opens_on
        met = _first_standing(case, deadline, meeting, counts_from, used)
        if met is not None:
            used.add(met.seq)
        yield _finished(
            case,
            deadline,
            anchor,
            due,
            met=met,
            cycle=cycle,
            opens_on=opens_on,
            counted=f"anniversary {cycle} of {anchor.act} of {anchor.on}",
        )


def _first_standing(
    case: _Case, deadline: Deadline, meeting: list[Step], counts_from: date, used: set[int]
) -> Step | None:
    """Return the first review from ``counts_from`` on that was not rejected afterwards."""
    for index, step in enumerate(meeting):
        if step.seq in used or step.on < counts_from:
            continue
        following = meeting[index + 1] if index + 1 < len(meeting) else None
        if case.first_after(deadline.reopened_by, step, before=following) is None:
            return step
        used.add(step.seq)
    return None


def _windows(case: _Case, deadline: Deadline) -> Iterator[Duty]:
    """Fixed windows ``(V0 + 4k years, V0 + 4(k+1) years]`` from the first anchor (programme a.5).

    Every window up to the one the day lies in is a duty of its own; a missed one stays overdue and
    is never healed by a later revalidation (R1). Only a positive revalidation fills it (R2).
    """
    if deadline.period is None:
        return
    steps = [step for mark in deadline.anchors for step in case.marks.get(mark, ())]
    reset = max((s.seq for s in case.closed), default=0)
    candidates = [step for step in steps if step.seq > reset] or steps
    if not candidates:
        return
    anchor = min(candidates, key=lambda step: step.seq)
    filling = [
        s for mark in deadline.met_by for s in case.marks.get(mark, ()) if s.seq > anchor.seq
    ]
    years = deadline.period.years
    for cycle in range(1, 60):
        starts = anniversary(anchor.on, years * (cycle - 1))
        ends = anniversary(anchor.on, years * cycle)
        if cycle > 1 and starts >= case.on:
            return
        inside = [step for step in filling if starts < step.on <= ends]
        yield _finished(
            case,
            deadline,
            anchor,
            ends,
            met=min(inside, key=lambda step: step.seq) if inside else None,
            cycle=cycle,
            opens_on=starts,
            counted=f"window {cycle} ({starts}, {ends}] from {anchor.act} of {anchor.on}",
            never_healed=True,
        )


def _effort(case: _Case, deadline: Deadline) -> Iterator[Duty]:
    """Effort of a visit in working days of the company's time (D10, R22): a limit, not a day."""
    for anchor in (s for mark in deadline.anchors for s in case.marks.get(mark, ())):
        closing = case.first_after(deadline.met_by, anchor)
        end = closing.seq if closing else None
        spent = sum(
            int(step.given.get("effort_days", "0") or 0)
            for step in case.steps
            if step.seq >= anchor.seq and (end is None or step.seq <= end)
        )
        limit = deadline.limit_days or 0
        is_over = spent > limit
        state = DutyState.OVERDUE if is_over else DutyState.MET if closing else DutyState.OPEN
        yield Duty(
            deadline,
            anchor.seq,
            anchor.on,
            closing.on if closing else case.on,
            state,
            f"{spent} of {limit} working days spent since {anchor.act} of {anchor.on}",
            met_on=closing.on if closing and not is_over else None,
            met_seq=closing.seq if closing and not is_over else None,
            is_late=is_over,
            days_left=limit - spent,
        )


def _calendar(case: _Case, deadline: Deadline) -> Iterator[Duty]:
    """A yearly day of the program office, counted from the year the program started here."""
    steps = [step for mark in deadline.anchors for step in case.marks.get(mark, ())]
    if not steps or deadline.on_day is None:
        return
    anchor = min(steps, key=lambda step: step.seq)
    days = _calendar_days(deadline.on_day, anchor.on, case.on, deadline.every_years)
    previous = anchor.on
    meeting = [s for mark in deadline.met_by for s in case.marks.get(mark, ())]
    for cycle, day in enumerate(days, start=1):
        # A report handed in after its day meets that day late, never the next one too.
        following = days[cycle] if cycle < len(days) else date.max
        inside = [s for s in meeting if previous < s.on <= day]
        late = [s for s in meeting if day < s.on < following - (following - day) / 2]
        yield _finished(
            case,
            deadline,
            anchor,
            day,
            met=min(inside or late, key=lambda s: s.seq, default=None),
            cycle=cycle,
            opens_on=previous,
            counted=f"{deadline.on_day.name}, cycle {cycle}",
        )
        previous = day


def _calendar_days(rule: HolidayRule, start: date, on: date, every_years: int) -> list[date]:
    """Return the days of ``rule`` after ``start``; the last one is the first after ``on``."""
    found: list[date] = []
    year = start.year
    while not found or found[-1] <= on:
        day = rule.in_year(year)
        if day is None or day <= start:
            year += 1
            continue
        found.append(day)
        year += every_years
    return found


def _span(case: _Case, deadline: Deadline) -> Iterator[Duty]:
    """A fixed span: from its first day, for at most the period (a pilot)."""
    steps = [step for mark in deadline.anchors for step in case.marks.get(mark, ())]
    if not steps or deadline.starts_on is None or deadline.period is None:
        return
    anchor = min(steps, key=lambda step: step.seq)
    ends = deadline.period.after(deadline.starts_on)
    yield _finished(
        case,
        deadline,
        anchor,
        ends,
        met=case.first_after(deadline.met_by, anchor),
        opens_on=deadline.starts_on,
        counted=f"at most {deadline.period} from {deadline.starts_on}",
    )


_COUNTS: Final = {
    Count.AFTER: _after,
    Count.BEFORE_VISIT: _before_visit,
    Count.YEARLY: _yearly,
    Count.WINDOWS: _windows,
    Count.EFFORT: _effort,
    Count.CALENDAR: _calendar,
    Count.SPAN: _span,
}


def duty_facts(found: Iterable[Duty]) -> dict[str, FactValue]:
    """Return ``duty.<id>`` facts: the state of the latest such duty, for guards to ask."""
    return {f"{DUTY_PREFIX}{duty.id}": duty.state.value for duty in found}


def duty_json(duty: Duty) -> dict[str, Json]:
    """Return a duty as the command line and the API print it."""
    return {
        "id": duty.id,
        "title": str(duty.deadline.title),
        "owed_by": duty.deadline.owed_by.value,
        "nature": duty.deadline.nature.value,
        "anchor": duty.anchor_seq,
        "anchor_on": duty.anchor_on.isoformat(),
        "cycle": duty.cycle,
        "opens_on": duty.opens_on.isoformat() if duty.opens_on else None,
        "due_on": duty.due_on.isoformat(),
        "state": duty.state.value,
        "met_on": duty.met_on.isoformat() if duty.met_on else None,
        "late": duty.is_late,
        "why": duty.why,
        "reason": duty.reason,
        "source": duty.deadline.source.citation,
        "confidence": duty.deadline.source.confidence.value,
    }


def next_revalidation(found: Iterable[Duty], ids: Mapping[str, str]) -> dict[str, Duty]:
    """Return the running duty of each reading of the four-year rule (a.5), by reading.

    ``ids`` names the reading of a deadline id, as the pack does: the earliest due wins, each is
    shown.
    """
    running: dict[str, Duty] = {}
    for duty in found:
        reading = ids.get(duty.id)
        if reading and duty.state in _RUNNING:
            current = running.get(reading)
            if current is None or duty.due_on < current.due_on:
                running[reading] = duty
    return running


_WORST: Final = {DutyState.OVERDUE: 0, DutyState.OPEN: 1, DutyState.STOPPED: 2}


def worst(found: Iterable[Duty]) -> Duty | None:
    """Return the worst running duty of an account, or None when nothing is due.

    Overdue before open before stopped, then the earliest due day. This is the account's one bucket
    in the due list (P2). Rights and bars are no duties and never a bucket.
    """
    owed = [
        duty
        for duty in found
        if duty.state in _WORST
        and duty.deadline.nature in (DutyNature.DUTY, DutyNature.LIMIT, DutyNature.LAPSE)
    ]
    return min(owed, key=lambda duty: (_WORST[duty.state], duty.due_on, duty.id), default=None)
