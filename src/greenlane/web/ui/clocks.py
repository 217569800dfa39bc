"""Clocks: how many days are left of how many, until when, and by which rule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from greenlane.core.calendar import anniversary
from greenlane.core.deadlines import Duty
from greenlane.core.program import Count
from greenlane.core.vocabulary import DutyState
from greenlane.gate.access import the_program
from greenlane.web.ui.words import short_day

_FULL: Final = 100


@dataclass(frozen=True, slots=True)
class Clock:
    """One running, stopped or finished limit.

    Attributes:
        days_left: Whole days to the due day; negative when over; None when it does not run.
        due_on: The last day that is still in time.
        length: Whole days from the anchor to the due day; None when nobody set a length.
        act: A verb, "certify": the clock reads "certify by 14 Mar 2026".
        title: What the limit is called, shown before everything else.
        source: The citation it comes from, and ``href`` the rule's page.
        state: A value of ``DutyState``; ``is_late`` says that it was met after its day.
        reason: Why it stands still, or the reason given for being late.
        is_effort: It counts working days of somebody's time, not days of the calendar.
    """

    days_left: int | None
    due_on: date
    length: int | None = None
    act: str = ""
    title: str = ""
    source: str = ""
    href: str = ""
    state: str = "open"
    reason: str = ""
    rule: str = ""
    met_on: date | None = None
    is_late: bool = False
    is_effort: bool = False

    @property
    def is_over(self) -> bool:
        """Whether the due day has passed without the act."""
        return self.state == DutyState.OVERDUE or (
            self.state == DutyState.OPEN and self.days_left is not None and self.days_left < 0
        )

    @property
    def tone(self) -> str:
        """Tone: red when over, amber in the last third, calm before."""
        if self.is_over:
            return "bad"
        if self.state == DutyState.STOPPED:
            return "waiting"
        if self.state == DutyState.MET:
            return "good"
        if self.state == DutyState.LAPSED:
            return "ended"
        left = self.days_left
        if left is not None and self.length and left * 3 <= self.length:
            return "warning"
        return "neutral"

    @property
    def icon(self) -> str:
        """Icon of the tone, a plain clock while all is calm."""
        icons = {
            "bad": "error",
            "warning": "warning",
            "waiting": "hourglass_empty",
            "good": "check_circle",
            "ended": "do_not_disturb",
        }
        return icons.get(self.tone, "schedule")

    @property
    def spent(self) -> int | None:
        """Share of the time that is spent, in whole percent; None without a length."""
        if self.length is None or self.length <= 0 or self.days_left is None:
            return None
        if self.is_over:
            return _FULL
        return max(0, min(_FULL, round(_FULL * (self.length - self.days_left) / self.length)))

    @property
    def words(self) -> str:
        """The state in words: "42 days left of 90", "3 days over", "due today"."""
        if self.state == DutyState.MET:
            if self.met_on:
                return _("met on %(day)s") % {"day": short_day(self.met_on)}
            return _("met")
        if self.state == DutyState.LAPSED:
            return _("lapsed")
        if self.state == DutyState.STOPPED:
            return _("stopped")
        left = self.days_left
        if left is None:
            return _("open")
        if self.is_effort:
            return _effort_words(left, self.length or 0)
        if left < 0 or self.is_over:
            return ngettext("%(days)d day over", "%(days)d days over", abs(left)) % {
                "days": abs(left)
            }
        if left == 0:
            return _("due today")
        if self.length:
            return ngettext(
                "%(days)d day left of %(length)d", "%(days)d days left of %(length)d", left
            ) % {"days": left, "length": self.length}
        return ngettext("%(days)d day left", "%(days)d days left", left) % {"days": left}

    @property
    def due_words(self) -> str:
        """What must be done until when: "certify by 14 Mar 2026"; of an effort, nothing."""
        if self.is_effort:
            return ""
        day = short_day(self.due_on)
        if self.act:
            return _("%(act)s by %(day)s") % {"act": self.act, "day": day}
        return _("by %(day)s") % {"day": day}


def _effort_words(left: int, limit: int) -> str:
    if left < 0:
        return ngettext("%(days)d working day over", "%(days)d working days over", -left) % {
            "days": -left
        }
    return ngettext(
        "%(days)d of %(limit)d working day left", "%(days)d of %(limit)d working days left", limit
    ) % {"days": left, "limit": limit}


def _length(duty: Duty) -> int | None:
    if duty.deadline.count is Count.EFFORT:
        return duty.deadline.limit_days
    return (duty.due_on - _begins_on(duty)).days or None


def _begins_on(duty: Duty) -> date:
    """Return the day from which the bar is drawn: of a duty that returns, this cycle's own."""
    if duty.cycle <= 1:
        return duty.anchor_on
    if duty.deadline.count is Count.YEARLY:
        return anniversary(duty.anchor_on, duty.cycle - 1)
    if duty.deadline.count is Count.CALENDAR:
        return duty.opens_on or duty.anchor_on
    period = duty.deadline.period
    years = period.years if period else 0
    return anniversary(duty.anchor_on, years * (duty.cycle - 1)) if years else duty.anchor_on


def _reason(duty: Duty, language: str) -> str:
    """Return the pack's words for the code that was given as the reason of a delay."""
    words = the_program().reasons.get(duty.reason)
    return words.in_(language) if words else duty.reason


def clock_of(duty: Duty, *, language: str, href: str = "") -> Clock:
    """Return the clock of a computed duty, in the words of its pack."""
    return Clock(
        days_left=duty.days_left,
        due_on=duty.due_on,
        length=_length(duty),
        title=duty.deadline.title.in_(language),
        source=duty.deadline.source.citation,
        href=href,
        state=duty.state.value,
        reason=_reason(duty, language) or (duty.why if duty.state is DutyState.STOPPED else ""),
        rule=duty.id,
        met_on=duty.met_on,
        is_late=duty.is_late,
        is_effort=duty.deadline.count is Count.EFFORT,
    )


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One point of an account's time: ``past`` (solid), ``present`` (a clock) or ``future``."""

    title: str
    state: str
    moment: object = None
    note: str = ""
    clock: Clock | None = None
    href: str = ""
    why_href: str = ""

    @property
    def state_word(self) -> str:
        """The state in words, for those who do not see the dot."""
        return {"past": _("happened"), "present": _("running now")}.get(self.state, _("to come"))
