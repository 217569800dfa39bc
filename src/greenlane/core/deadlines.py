"""The deadline register at work: from the steps of an account to its dated duties, on any day.

Due dates are computed from the event that anchors them, never typed in and never stored as truth.
No limit does anything by itself: a passed day changes the state of the duty and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import MAXYEAR, date, timedelta
from functools import lru_cache
from itertools import zip_longest
from typing import Final, NamedTuple, cast

from greenlane.core.calendar import HolidayRule, Period, WorkingCalendar, anniversary
from greenlane.core.canonical import Json
from greenlane.core.facts import DUTY_PREFIX, OVERDUE_PREFIX, FactValue
from greenlane.core.lifecycle.standing import CORRECTS, RIGHT_ON, Step, known_on
from greenlane.core.marks import Mark
from greenlane.core.program import Anchored, Count, Deadline, Program
from greenlane.core.vocabulary import Axis, DutyNature, DutyState, Origin, Side

_EXPLAINED: Final = "duty"
"""What a step gives that explains an overdue duty; how a pack calls the act is its own matter."""
NO_DUTY: Final = "none"
"""What ``duty.<id>`` is before there is such a duty: the record is complete, so that is known."""
_EFFORT: Final = "effort_days"
_RISK_BAND: Final = "risk_band"
_NEW_DAY: Final = "new_due_on"
_ONE_DAY: Final = timedelta(days=1)
_LAPSING: Final = frozenset({DutyNature.RIGHT, DutyNature.LAPSE, DutyNature.BAR})
RUNNING: Final = frozenset({DutyState.OPEN, DutyState.OVERDUE, DutyState.STOPPED})
"""States of a duty that somebody still has to meet."""
# Enum members looked up once: an attribute of an enum class costs as much as a comparison.
_BAR: Final = DutyNature.BAR
_MET_IN_TIME: Final = "met by {} of {}"
_MET_LATE: Final = "met by {} of {} (late)"
_OPEN, _OVERDUE, _MET = DutyState.OPEN, DutyState.OVERDUE, DutyState.MET
_LAPSED, _STOPPED = DutyState.LAPSED, DutyState.STOPPED


@dataclass(frozen=True, slots=True)
class Decree:
    """A decreed outage: whole days, both ends inside, on which clocks stand still (R23, P16).

    ``ends_on`` None means it still lasts. Company duties and rights stop; the office's limits only
    when the decree says so. A bar runs on: an outage does not lengthen it.
    """

    seq: int
    starts_on: date
    ends_on: date | None
    includes_office: bool = False
    recorded_on: date = date.min

    def stops(self, deadline: Deadline) -> bool:
        """Tell whether this decree stops the clock of ``deadline``."""
        if deadline.nature is DutyNature.BAR:
            return False
        return deadline.owed_by is Side.COMPANY or self.includes_office


KnownRow = tuple[int, str, str, str, dict[str, str], list[str], dict[str, str], object, object]
"""A step as its account's row keeps it: what `Step.as_json` wrote."""
Telling = tuple[tuple[object, ...], ...]
"""Parts of a sentence, each a template with its values: written out only when somebody reads it."""


class Duty(NamedTuple):
    """One dated duty, right, bar or limit, on one day.

    ``anchor_seq`` is the event it is counted from; ``cycle`` numbers yearly cycles and windows
    from 1. ``days_left`` is negative when overdue. A named tuple, because a due list makes a
    quarter of a million of them and a frozen dataclass takes four times as long to make.
    """

    deadline: Deadline
    anchor_seq: int
    anchor_on: date
    due_on: date
    state: DutyState
    telling: str | Telling
    cycle: int = 0
    opens_on: date | None = None
    met_on: date | None = None
    met_seq: int | None = None
    is_late: bool = False
    days_left: int | None = None
    reason: str = ""

    @property
    def why(self) -> str:
        """A sentence: what it is counted from, what moved it, what met or ended it."""
        if isinstance(self.telling, str):
            return self.telling
        return "; ".join(str(part[0]).format(*part[1:]) for part in self.telling)

    @property
    def id(self) -> str:
        """The rule's id in the pack ("D05")."""
        return self.deadline.id

    @property
    def key(self) -> str:
        """Stable key within the account: rule, anchor event, cycle."""
        return f"{self.deadline.id}:{self.anchor_seq}:{self.cycle}"

    @property
    def name(self) -> str:
        """How a person names it in an act: ``D04``, or ``D05#2`` for the second window."""
        return f"{self.deadline.id}#{self.cycle}" if self.cycle else self.deadline.id


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
        decrees: Outages on the office's record. One that is announced counts from the day it is
            recorded: the due days that it moves are known then.
        known_now: False answers as known on that day, True as known now (R24).

    Returns:
        Duties whose anchor has happened by ``on``; a duty ended by the account's closing is
        ``lapsed``, but for missed windows, which stay overdue (R1).
    """
    known = known_on(steps, on=on, known_now=known_now)
    asked = [d for d in decrees if known_now or d.recorded_on <= on] if decrees else ()
    return duties_of_known(program, known, on=on, stream=stream, decrees=asked)


def duties_of_known(
    program: Program,
    known: list[Step],
    *,
    on: date,
    stream: str = "account",
    decrees: Sequence[Decree] = (),
) -> list[Duty]:
    """Return what `duties` does, of steps and outages that are known to count on ``on``.

    Args:
        program: The pack's rules.
        known: What `known_on` or `duty_steps` returned for that day.
        on: The day asked for.
        stream: As in `duties`.
        decrees: Outages that were recorded by that day, or are asked for as known now.
    """
    if not known:
        return []
    case = _Case(program, known, on, decrees)
    found: list[Duty] = []
    for rule in program.rules_anchored(stream, frozenset(case.marks)):
        _COUNTS[rule.deadline.count](case, rule, found)
    return found


def known_rows(rows: Sequence[Json], *, on: date, known_now: bool = False) -> list[KnownRow]:
    """Return the rows of an anchor projection that count on ``on``, as `known_on` does of steps.

    Args:
        rows: The column ``steps`` of an account: what `Step.as_json` wrote, in chain order.
        on: The day asked for.
        known_now: As in `duties`.
    """
    # ISO days compare as text in the order of days. The third column is the day on which a step
    # took effect, the fourth the one on which it was recorded, the seventh what it gave.
    day = on.isoformat()
    found = cast("Sequence[KnownRow]", rows)
    if not known_now:
        found = [row for row in found if row[3] <= day]
    right = {row[6][CORRECTS]: row[6][RIGHT_ON] for row in found if row[6] and CORRECTS in row[6]}
    if right:
        found = [(*row[:2], right.get(str(row[0]), row[2]), *row[3:]) for row in found]
    return [row for row in found if row[2] <= day]


def duty_steps(program: Program, rows: Sequence[KnownRow]) -> list[Step]:
    """Return the steps of an anchor projection that duties can depend on.

    The due list reads every account of a program; this parses only what counts for it: steps which
    set a mark of the register, give a reason or an effort. What they change on the axes is left
    out, so a standing cannot be folded from them.

    Args:
        program: The pack's rules.
        rows: What `known_rows` returned for the day asked for.
    """
    alone, is_idle = program.duty_marks_alone, program.duty_marks.isdisjoint
    read_day = date.fromisoformat
    found: list[Step] = []
    for seq, act, took_effect, recorded, _, marks, given, _, _ in rows:
        known = alone.get(marks[0]) if len(marks) == 1 else None
        if known is None:
            if is_idle(marks) and not (given and (_EXPLAINED in given or _EFFORT in given)):
                continue
            known = tuple([_MARKS[mark] for mark in marks])
        effective = read_day(took_effect)
        recorded_on = effective if recorded == took_effect else read_day(recorded)
        row = (seq, act, effective, recorded_on, _NO_CHANGES, known, given, None, Origin.HERE)
        found.append(_made(Step, row))
    return found


def membership_on(rows: Sequence[KnownRow]) -> str | None:
    """Return the membership by the rows of an anchor projection, as `fold` would find it.

    Args:
        rows: What `known_rows` returned for the day asked for.

    Returns:
        The status; ``NONE`` before there is one; None when no step was known by that day.
    """
    # From the end: the latest change settles it, and most rows change something else.
    for row in reversed(rows):
        if _MEMBERSHIP in row[4]:
            return row[4][_MEMBERSHIP]
    return _NO_STATUS if rows else None


_MEMBERSHIP: Final = Axis.MEMBERSHIP.value
_NO_STATUS: Final = "NONE"
_made: Final = tuple.__new__
"""Makes a named tuple of a whole row of fields in half the time that its own class takes."""
_NO_CHANGES: Final[Mapping[Axis, str]] = {}
_MARKS: Final = {mark.value: mark for mark in Mark}


class _Case:
    """What the counting functions share for one account and day."""

    __slots__ = ("calendar", "closed", "decrees", "efforts", "explained", "marks", "on")

    def __init__(
        self, program: Program, steps: list[Step], on: date, decrees: Sequence[Decree]
    ) -> None:
        self.on = on
        self.calendar: WorkingCalendar = program.calendar
        self.decrees = sorted(decrees, key=lambda decree: decree.starts_on)
        self.marks: dict[Mark, list[Step]] = {}
        self.explained: list[Step] = []
        self.efforts: list[Step] = []
        self.closed: list[Step] = []
        restarted, marks, turning = 0, self.marks, program.turning_marks
        for step in steps:
            for mark in step[5]:
                if mark in marks:
                    marks[mark].append(step)
                else:
                    marks[mark] = [step]
                if mark not in turning:
                    continue
                if mark in program.closing_marks:
                    if not self.closed or self.closed[-1] is not step:
                        self.closed.append(step)
                elif mark is Mark.REINSTATED:
                    # A granted appeal undoes the closing: the clocks ran on unmoved (R16, R17).
                    del self.closed[restarted:]
                else:
                    restarted = len(self.closed)
            given = step[6]
            if given:
                if _EXPLAINED in given:
                    self.explained.append(step)
                if _EFFORT in given:
                    self.efforts.append(step)

    def with_marks(self, marks: tuple[Mark, ...]) -> list[Step]:
        """Return the steps that set one of ``marks``, in the order of the chain.

        Here and below, ``marks`` are those of a rule that the account has (`Anchored`).
        """
        if len(marks) == 1:
            return self.marks[marks[0]]
        by_place = {step.seq: step for mark in marks for step in self.marks[mark]}
        return [by_place[seq] for seq in sorted(by_place)]

    def first_after(
        self, marks: tuple[Mark, ...], seq: int, before: int | None = None
    ) -> Step | None:
        """Return the earliest step with one of ``marks`` after place ``seq`` of the chain."""
        best: Step | None = None
        for mark in marks:
            for step in self.marks[mark]:
                if step[0] > seq:
                    if before is None or step.seq < before:
                        before, best = step.seq, step
                    break
        return best

    def latest_before(self, marks: tuple[Mark, ...], seq: int) -> int | None:
        """Return the place of the latest step with one of ``marks`` before place ``seq``."""
        latest: int | None = None
        for mark in marks:
            for step in self.marks[mark]:
                if (latest or 0) < step[0] < seq:
                    latest = step[0]
        return latest

    def closing_after(self, seq: int) -> Step | None:
        """Return the step that closed the account after place ``seq``, if any."""
        for step in self.closed:
            if step.seq > seq:
                return step
        return None

    def life_of(self, step: Step) -> int:
        """Return the number of times the account was closed before ``step``."""
        return sum(closing.seq < step.seq for closing in self.closed)

    def latest_life(self, anchors: list[Step]) -> Step:
        """Return the first anchor since the account was last closed, else of the life before.

        The first one, for an anchor date never moves; the next life has its own.
        """
        if not self.closed:
            return anchors[0]
        life = self.life_of(anchors[-1])
        return next(step for step in anchors if self.life_of(step) == life)

    def reason(self, deadline: Deadline, anchor: Step, cycle: int, until: int | None) -> str:
        """Return the code of the reason given for an overdue duty, the latest one, or ""."""
        names = {f"{deadline.id}:{anchor.seq}:{cycle}"}
        plain = f"{deadline.id}#{cycle}" if cycle else deadline.id
        reason = ""
        for step in self.explained:
            asked = step.given.get("duty", "")
            # A plain name means the duty that ran when the reason was given.
            is_plain = asked == plain and step.seq > anchor.seq and (not until or step.seq < until)
            if asked in names or is_plain:
                reason = step.given.get("reason", "")
        return reason


def _finished(
    case: _Case,
    deadline: Deadline,
    anchor: Step,
    base_due: date,
    telling: tuple[object, ...],
    met: Step | None,
    ended: Step | None = None,
    until: int | None = None,
    cycle: int = 0,
    opens_on: date | None = None,
    runs_from: date | None = None,
    is_window: bool = False,
) -> Duty:
    """Turn a counted day into a duty: extend by decrees, roll, then tell its state on the day.

    ``runs_from`` is the day after which the clock runs, where it is not the anchor's. ``ended`` is
    a step that ended the duty without meeting it; ``until`` the place of the next anchor. A window
    is met inside it or never (R1).
    """
    on, anchor_seq, anchor_on = case.on, anchor[0], anchor[2]
    due, is_stopped = base_due, False
    parts: Telling | None = None
    if case.decrees:
        due, is_stopped, extended = _extended(case, deadline, runs_from or anchor_on, base_due)
        if extended:
            parts = (telling, ("{} days added by decree", extended))
    if deadline.rolls:
        rolled = case.calendar.roll(due)
        if rolled != due:
            parts = (*(parts or (telling,)), ("{} is no working day", due))
            due = rolled
    closing = ended
    if case.closed and not deadline.survives_closing:
        closed = case.closing_after(anchor_seq)
        if closed is not None and (closing is None or closed[0] < closing[0]):
            closing = closed
    if met is not None and closing is not None and closing[0] < met[0]:
        met = None
    is_late, met_on, met_seq, days_left = False, None, None, None
    end: tuple[object, ...] | None = None
    if met is not None and not (is_window and met[2] > due):
        is_late = met[2] > due
        if deadline.nature is _BAR:
            state, end = _LAPSED, ("ended by {} of {}", met[1], met[2])
        else:
            state, met_seq, met_on = _MET, met[0], met[2]
            end = (_MET_LATE if is_late else _MET_IN_TIME, met[1], met_on)
    elif closing is not None and not (is_window and closing[2] > due):
        is_late, state = closing[2] > due, _LAPSED
        end = ("ended by {} of {}", closing[1], closing[2])
    elif is_stopped:
        state, days_left, end = _STOPPED, (due - on).days, ("the clock stands still by decree",)
    elif on <= due:
        state, days_left = _OPEN, (due - on).days
    elif deadline.nature in _LAPSING:
        state = _LAPSED
    else:
        is_late, state, days_left = True, _OVERDUE, (due - on).days
    if parts is None:
        parts = (telling,) if end is None else (telling, end)
    elif end is not None:
        parts = (*parts, end)
    reason = case.reason(deadline, anchor, cycle, until) if case.explained else ""
    # fmt: off
    return _made(Duty, (
        deadline, anchor_seq, anchor_on, due, state, parts,
        cycle, opens_on, met_on, met_seq, is_late, days_left, reason,
    ))
    # fmt: on


def _extended(
    case: _Case, deadline: Deadline, runs_from: date, base_due: date
) -> tuple[date, bool, int]:
    """Return the due day with decreed days added, whether the clock stands now, and the days.

    Each day counts once however many decrees name it. A decree that begins after the due day, or
    after the working day it rolls to, comes too late to stop anything.
    """
    due, is_stopped, added, counted_to = base_due, False, 0, runs_from
    for decree in case.decrees:
        starts_on, ends_on = decree.starts_on, decree.ends_on or case.on
        first = max(starts_on, counted_to + _ONE_DAY)
        if ends_on < first or not decree.stops(deadline):
            continue
        if starts_on > due and not (deadline.rolls and starts_on <= case.calendar.roll(due)):
            continue
        days = (ends_on - first).days + 1
        counted_to = ends_on
        due += timedelta(days=days)
        added += days
        is_stopped = is_stopped or decree.starts_on <= case.on <= ends_on
    return due, is_stopped, added


def _after(case: _Case, rule: Anchored, found: list[Duty]) -> None:
    """One duty for each anchor: the period after it."""
    deadline, anchor_marks, met_by, ended_by, reopened_by, met_since, days = rule
    marks = case.marks
    # Half of a due list is made here: what is asked of a rule with one mark is spelled out.
    anchors = marks[anchor_marks[0]] if len(anchor_marks) == 1 else case.with_marks(anchor_marks)
    count = len(anchors)
    for index, anchor in enumerate(anchors, start=1):
        period = _period(deadline, anchor) if deadline.by_band else deadline.period
        if period is None:
            continue
        since = seq = anchor[0]
        anchor_on = anchor[2]
        if met_since:
            # What was finished before the clock was set running needs no finishing again.
            since = case.latest_before(met_since, seq) or seq
        met: Step | None = None
        if len(met_by) == 1:
            for step in marks[met_by[0]]:
                if step[0] > since:
                    met = step
                    break
        elif met_by:
            met = case.first_after(met_by, since)
        while reopened_by and met is not None:
            reopened = case.first_after(reopened_by, met.seq)
            if reopened is None:
                break
            met = case.first_after(met_by, reopened.seq)
        found.append(
            _finished(
                case,
                deadline,
                anchor,
                anchor_on + days if days is not None else period.after(anchor_on),
                ("{} from {} of {}", period, anchor[1], anchor_on),
                met,
                case.first_after(ended_by, seq) if ended_by else None,
                anchors[index][0] if index < count else None,
            )
        )


def _period(deadline: Deadline, anchor: Step) -> Period | None:
    return deadline.by_band.get(anchor.given.get(_RISK_BAND, ""))


def _before_visit(case: _Case, rule: Anchored, found: list[Duty]) -> None:
    """Notice before a planned visit: the day named by the anchor, less the period.

    A visit planned anew before the notice went out ends the earlier limit and sets its own.
    """
    deadline = rule.deadline
    anchors = [step for step in case.with_marks(rule.anchors) if step.given.get("visit_on")]
    if deadline.period is None:
        return
    for index, anchor in enumerate(anchors):
        visit_on = date.fromisoformat(anchor.given["visit_on"])
        following = anchors[index + 1] if index + 1 < len(anchors) else None
        ended = case.first_after(rule.ended_by, anchor.seq)
        if following is not None and (ended is None or following.seq < ended.seq):
            ended = following
        met = _notice_standing(case, rule, anchor)
        if met is None:
            met = case.first_after(rule.met_by, anchor.seq)
        found.append(
            _finished(
                case,
                deadline,
                anchor,
                visit_on - timedelta(days=deadline.period.days),
                ("{} before the visit of {}", deadline.period, visit_on),
                met=met,
                ended=ended,
                until=following.seq if following else None,
            )
        )


def _notice_standing(case: _Case, rule: Anchored, anchor: Step) -> Step | None:
    """Return the notice already given when a visit is moved: it needs no second one."""
    given = [
        step
        for mark in rule.met_by
        for step in case.marks[mark]
        if step.seq < anchor.seq and case.first_after(rule.ended_by, step.seq, anchor.seq) is None
    ]
    return max(given, key=lambda step: step.seq, default=None)


def _yearly(case: _Case, rule: Anchored, found: list[Duty]) -> None:
    """One duty for each anniversary of the anchor whose window has opened by the day.

    A review meets the anniversary in whose window it lies, and late any earlier one that is still
    unmet (R6). With ``any_review_counts`` any review since the last anniversary counts, and then
    one that came late for the year before does not count twice (P18). A rejection after it reopens
    the duty. A closed account has no further anniversaries.
    """
    deadline = rule.deadline
    anchor = case.latest_life(case.with_marks(rule.anchors))
    seq, act, anchor_on = anchor[:3]
    meeting = _standing_reviews(case, rule, anchor)
    closing = case.closing_after(seq) if case.closed else None
    last_day = case.on if closing is None else min(case.on, closing.on)
    # An account carried over from another brings its anniversary along; what was due before it was
    # opened here was that other account's duty.
    first_day = anchor.recorded_on if Mark.SPLIT in anchor.marks else date.min
    # Of an office's earlier records the latest review alone is carried over: whether those of the
    # years before it were in time, nobody can tell here.
    earliest = meeting[0].on if meeting and Mark.CARRIED_OVER in meeting[0].marks else None
    any_counts, has_decrees = deadline.any_review_counts, bool(case.decrees)
    previous = anchor_on
    opening = deadline.window.days if deadline.window else 0
    days = _anniversaries(anchor_on, opening, last_day.year)
    for cycle, (opens_on, due) in enumerate(days, start=1):
        if opens_on > last_day:
            return
        counts_from, previous = previous if any_counts else opens_on, due
        if due < first_day:
            continue
        if earliest is not None and due < earliest:
            # The earliest review known lies in the time of a later year.
            opens_next = anniversary(anchor_on, cycle + 1) - timedelta(days=opening)
            if any_counts or opens_next <= earliest:
                continue
        met = None
        for step in meeting:
            if step[2] >= counts_from:
                met = step
                break
        if met is not None and any_counts:
            meeting.remove(met)
        found.append(
            _finished(
                case,
                deadline,
                anchor,
                due,
                ("anniversary {} of {} of {}", cycle, act, anchor_on),
                met,
                None,
                None,
                cycle,
                opens_on,
                opens_on - _ONE_DAY if has_decrees else None,
            )
        )


def next_window(
    program: Program, rule: Deadline, steps: Sequence[Step], *, on: date
) -> date | None:
    """Return the first day after ``on`` on which a window of a yearly duty of an account opens.

    Args:
        program: The pack's rules.
        rule: A deadline of its register that counts from year to year.
        steps: The account's steps in the order of its chain.
        on: The day asked for; steps count as known on it.

    Returns:
        None where the duty has not begun, or the account was closed since.
    """
    case = _Case(program, known_on(steps, on=on), on, ())
    anchored = program.rules_anchored("account", frozenset(case.marks))
    found = next((one for one in anchored if one.deadline is rule), None)
    if found is None:
        return None
    anchor = case.latest_life(case.with_marks(found.anchors))
    if case.closing_after(anchor.seq) is not None:
        return None
    days = _anniversaries(anchor.on, rule.window.days if rule.window else 0, on.year + 1)
    return next((opens_on for opens_on, _ in days if opens_on > on), None)


@lru_cache(maxsize=16_384)
def _anniversaries(anchor_on: date, opening: int, year: int) -> tuple[tuple[date, date], ...]:
    """Return the anniversaries of ``anchor_on`` whose windows have opened by the end of ``year``.

    Each is (the day its window opens, the day itself), from the first one on; a few that open later
    may stand at the end. Kept, since the accounts of a program share some two thousand days.
    ``opening`` is how many days before its day a window opens.
    """
    last_year = min(year + 1 + opening // 365, MAXYEAR)
    days = (anniversary(anchor_on, cycle) for cycle in range(1, last_year - anchor_on.year + 1))
    return tuple((day - timedelta(days=opening), day) for day in days)


def _standing_reviews(case: _Case, rule: Anchored, anchor: Step) -> list[Step]:
    """Return the reviews after the anchor that were not rejected before the next one came."""
    if not rule.met_by:
        return []
    seq, reopened_by = anchor[0], rule.reopened_by
    reviews = [step for step in case.with_marks(rule.met_by) if step[0] > seq]
    if not reopened_by:
        return reviews
    return [
        step
        for step, following in zip_longest(reviews, reviews[1:])
        if case.first_after(reopened_by, step.seq, following.seq if following is not None else None)
        is None
    ]


def _windows(case: _Case, rule: Anchored, found: list[Duty]) -> None:
    """Fixed windows ``(V0 + 4k years, V0 + 4(k+1) years]`` from the first anchor (programme a.5).

    Every window up to the one the day lies in is a duty of its own; a missed one stays overdue and
    is never healed by a later revalidation (R1), not even by a new application after the account
    was closed. Only a positive revalidation fills it (R2). An account that is closed and comes
    back has windows of its own, from its new first validation.
    """
    period = rule.deadline.period
    if period is None:
        return
    anchors = case.with_marks(rule.anchors)
    lives: dict[int, Step] = {}
    for step in anchors:
        lives.setdefault(case.life_of(step) if case.closed else 0, step)
    for anchor in lives.values():
        _windows_of(case, rule, period.years, anchor, found)


def _windows_of(case: _Case, rule: Anchored, years: int, anchor: Step, found: list[Duty]) -> None:
    closing = case.closing_after(anchor.seq)
    last_day = case.on if closing is None else min(case.on, closing.on)
    filling = [
        step
        for mark in rule.met_by
        for step in case.marks[mark]
        if step.seq > anchor.seq and (closing is None or step.seq < closing.seq)
    ]
    starts = anchor.on
    for cycle in range(1, (MAXYEAR - anchor.on.year) // years + 1):
        if cycle > 1 and starts >= last_day:
            return
        ends = anniversary(anchor.on, years * cycle)
        inside = [step for step in filling if starts < step.on <= ends]
        found.append(
            _finished(
                case,
                rule.deadline,
                anchor,
                ends,
                ("window {} ({}, {}] from {} of {}", cycle, starts, ends, anchor.act, anchor.on),
                min(inside, key=lambda step: step.seq) if inside else None,
                cycle=cycle,
                opens_on=starts,
                runs_from=starts,
                is_window=True,
            )
        )
        starts = ends


def _effort(case: _Case, rule: Anchored, found: list[Duty]) -> None:
    """Effort of a visit in working days of the company's time (D10, R22): a limit, not a day."""
    deadline = rule.deadline
    limit = deadline.limit_days or 0
    for anchor in case.with_marks(rule.anchors):
        met, closing = case.first_after(rule.met_by, anchor.seq), case.closing_after(anchor.seq)
        if met is not None and closing is not None and closing.seq < met.seq:
            met = None
        closing = met or closing
        end = closing.seq if closing else None
        spent = sum(
            int(step.given[_EFFORT])
            for step in case.efforts
            if step.seq >= anchor.seq and (end is None or step.seq <= end)
        )
        is_over = spent > limit
        if met:
            state = _MET
        elif closing:
            state = _LAPSED
        else:
            state = _OVERDUE if is_over else _OPEN
        says = "{} of {} working days spent since {} of {}"
        telling = (says, spent, limit, anchor.act, anchor.on)
        # fmt: off
        found.append(_made(Duty, (
            deadline, anchor.seq, anchor.on, closing.on if closing else case.on, state, (telling,),
            0, None, met.on if met else None, met.seq if met else None, is_over, limit - spent,
            case.reason(deadline, anchor, 0, end) if case.explained else "",
        )))
        # fmt: on


def _calendar(case: _Case, rule: Anchored, found: list[Duty]) -> None:
    """A yearly day of the program office, counted from the year the program started here.

    What is done after its day meets that day late, and never the next one too; more than half way
    to the next day it belongs to that one.
    """
    deadline = rule.deadline
    if deadline.on_day is None:
        return
    anchor = case.with_marks(rule.anchors)[0]
    days = _calendar_days(deadline.on_day, anchor.on, case.on, deadline.every_years)
    previous = anchor.on
    meeting = sorted((s for mark in rule.met_by for s in case.marks[mark]), key=lambda s: s.on)
    for cycle, day in enumerate(days, start=1):
        following = days[cycle] if cycle < len(days) else date.max
        late_until = day + (following - day) / 2
        met = next((s for s in meeting if previous < s.on <= late_until), None)
        if met is not None:
            meeting.remove(met)
        found.append(
            _finished(
                case,
                deadline,
                anchor,
                day,
                ("{}, cycle {}", deadline.on_day.name, cycle),
                met=met,
                cycle=cycle,
                opens_on=previous,
                runs_from=previous,
            )
        )
        previous = day


def _calendar_days(rule: HolidayRule, start: date, on: date, every_years: int) -> list[date]:
    """Return the days of ``rule`` after ``start``; the last one is the first after ``on``."""
    found: list[date] = []
    year = start.year
    while year <= MAXYEAR and (not found or found[-1] <= on):
        day = rule.in_year(year)
        if day is None or day <= start:
            year += 1
            continue
        found.append(day)
        year += every_years
    return found


def _span(case: _Case, rule: Anchored, found: list[Duty]) -> None:
    """A fixed span: from its first day, for at most the period (a pilot)."""
    deadline = rule.deadline
    if deadline.starts_on is None or deadline.period is None:
        return
    anchor = case.with_marks(rule.anchors)[0]
    found.append(
        _finished(
            case,
            deadline,
            anchor,
            deadline.period.after(deadline.starts_on),
            ("at most {} from {}", deadline.period, deadline.starts_on),
            met=case.first_after(rule.met_by, anchor.seq),
            opens_on=deadline.starts_on,
        )
    )


def _given(case: _Case, rule: Anchored, found: list[Duty]) -> None:
    """The new day that the anchor gives: a deferral is a promise with a date, not a blank (P24).

    A later deferral ends the earlier promise and makes its own.
    """
    anchors = [step for step in case.with_marks(rule.anchors) if step.given.get(_NEW_DAY)]
    for index, anchor in enumerate(anchors):
        following = anchors[index + 1] if index + 1 < len(anchors) else None
        ended = case.first_after(rule.ended_by, anchor.seq)
        if following is not None and (ended is None or following.seq < ended.seq):
            ended = following
        found.append(
            _finished(
                case,
                rule.deadline,
                anchor,
                date.fromisoformat(anchor.given[_NEW_DAY]),
                ("the day that {} of {} gives", anchor.act, anchor.on),
                met=case.first_after(rule.met_by, anchor.seq),
                ended=ended,
                until=following.seq if following else None,
            )
        )


_COUNTS: Final = {
    Count.AFTER: _after,
    Count.BEFORE_VISIT: _before_visit,
    Count.YEARLY: _yearly,
    Count.WINDOWS: _windows,
    Count.EFFORT: _effort,
    Count.CALENDAR: _calendar,
    Count.SPAN: _span,
    Count.GIVEN: _given,
}


def duty_facts(found: Iterable[Duty], deadlines: Iterable[Deadline] = ()) -> dict[str, FactValue]:
    """Return what guards may ask about duties.

    ``duty.<id>`` is the state of the latest such duty; of ``deadlines`` without one it is "none",
    but for a period that the office has not set: nobody can tell then (R11). ``overdue.<id>`` tells
    whether any such duty is overdue.
    """
    facts: dict[str, FactValue] = {}
    for deadline in deadlines:
        facts[OVERDUE_PREFIX + deadline.id] = False
        if not deadline.is_unset:
            facts[DUTY_PREFIX + deadline.id] = NO_DUTY
    for duty in found:
        facts[DUTY_PREFIX + duty.id] = duty.state.value
        if duty.state is _OVERDUE:
            facts[OVERDUE_PREFIX + duty.id] = True
    return facts


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
        if reading and duty.state in RUNNING:
            current = running.get(reading)
            if current is None or duty.due_on < current.due_on:
                running[reading] = duty
    return running


_WORST: Final = {DutyState.OVERDUE: 0, DutyState.OPEN: 1, DutyState.STOPPED: 2}
_OWED: Final = frozenset({DutyNature.DUTY, DutyNature.LIMIT, DutyNature.LAPSE})


def worst(found: Iterable[Duty]) -> Duty | None:
    """Return the worst running duty of an account, or None when nothing is due.

    Overdue before open before stopped, then the earliest due day. This is the account's one bucket
    in the due list (P2). Rights and bars are no duties and never a bucket; nor is an effort that
    is still inside its limit, for no day ends it.
    """
    best: Duty | None = None
    best_rank: tuple[int, date, str] | None = None
    for duty in found:
        order = _WORST.get(duty.state)
        if order is None or duty.deadline.nature not in _OWED:
            continue
        if order and duty.deadline.count is Count.EFFORT:
            continue
        rank = (order, duty.due_on, duty.deadline.id)
        if best_rank is None or rank < best_rank:
            best, best_rank = duty, rank
    return best
