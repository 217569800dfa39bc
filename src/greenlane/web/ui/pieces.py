"""What templates are given: frozen values that know their words and their tone, and no query.

A tone is one of ``neutral``, ``waiting``, ``good``, ``warning``, ``bad``, ``ended``. It chooses an
icon and a color; the word always stands beside them, so color never speaks alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from greenlane.core.rules.evaluate import Explanation
from greenlane.core.vocabulary import Phase, Truth

TONE_ICONS: Final = {
    "neutral": "radio_button_unchecked",
    "waiting": "hourglass_empty",
    "good": "check_circle",
    "warning": "warning",
    "bad": "error",
    "ended": "do_not_disturb",
}
_TONES: Final = {
    "good": {"APPROVED", "PASSED", "GRANTED", "READY", "met"},
    "waiting": {
        "SUBMITTED",
        "IN_REVIEW",
        "IN_PROGRESS",
        "PENDING",
        "NOTIFIED",
        "VISITED",
        "REPORTED",
        "ANSWERED",
    },
    "warning": {"RETURNED", "REVIEW_REQUIRED", "ACTIONS_OPEN", "DEFERRED", "OPEN", "stopped"},
    "bad": {"REJECTED", "FAILED", "UPHELD", "overdue"},
    "ended": {"lapsed"},
}
_TONES_OF_PHASES: Final = {
    Phase.APPLYING: "waiting",
    Phase.MEMBER: "good",
    Phase.SUSPENDED: "bad",
    Phase.CLOSED: "ended",
}


def tone_of(value: str) -> str:
    """Return the tone of a state of an axis or a duty; ``neutral`` for those that ask nothing.

    Example:
        >>> tone_of("FAILED")
        'bad'
    """
    return next((tone for tone, values in _TONES.items() if value in values), "neutral")


def tone_of_phase(phase: Phase) -> str:
    """Return the tone of a membership status: that of its phase, for its name is the pack's.

    Example:
        >>> tone_of_phase(Phase.SUSPENDED)
        'bad'
    """
    return _TONES_OF_PHASES.get(phase, "neutral")


@dataclass(frozen=True, slots=True)
class NavItem:
    """One place in the left navigation; ``count_words`` says what the count counts."""

    title: str
    href: str
    icon: str = ""
    is_current: bool = False
    count: int | None = None
    count_words: str = ""


@dataclass(frozen=True, slots=True)
class Crumb:
    """One step of the breadcrumb; the last has no address."""

    title: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of a menu."""

    title: str
    href: str
    is_current: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Header:
    """What a door puts into the header; an empty slot is not shown.

    ``person`` is the signed-in person's name and ``role`` the role they act in here.
    """

    person: str = ""
    role: str = ""
    accounts: Sequence[Choice] = ()
    search_href: str = ""
    search_label: str = ""
    inbox_href: str = ""
    inbox_count: int = 0
    person_links: Sequence[Choice] = ()

    @property
    def account(self) -> str:
        """Title of the account that is open, or of the first."""
        current = [choice.title for choice in self.accounts if choice.is_current]
        return current[0] if current else _("Choose an account")


@dataclass(frozen=True, slots=True)
class Moment:
    """A day or an instant, what set it, and the address of the event that did."""

    on: date
    set_by: str = ""
    href: str = ""
    prefix: str = ""


@dataclass(frozen=True, slots=True)
class Status:
    """A status: a word, since when, by whom, and the address of the rule behind "why?"."""

    word: str
    tone: str = "neutral"
    since: date | None = None
    by: str = ""
    why_href: str = ""
    meaning: str = ""
    icon: str = ""

    @property
    def icon_name(self) -> str:
        """The icon given, or that of the tone."""
        return self.icon or TONE_ICONS.get(self.tone, TONE_ICONS["neutral"])


@dataclass(frozen=True, slots=True)
class Link:
    """A text that leads somewhere, with a gray note under it."""

    text: str
    href: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Number:
    """A number with its unit, written the way the reader's language writes numbers."""

    value: int | float | Decimal
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Money:
    """An amount with its ISO 4217 currency code."""

    amount: Decimal | int
    currency: str


@dataclass(frozen=True, slots=True)
class Hash:
    """A SHA-256 in hexadecimal, shown short."""

    hex: str


@dataclass(frozen=True, slots=True)
class Lines:
    """Several values, one under the other."""

    values: Sequence[object]


@dataclass(frozen=True, slots=True)
class Muted:
    """A text that matters less than its neighbors."""

    text: str


@dataclass(frozen=True, slots=True)
class Pair:
    """One label and its value in a key-value list."""

    label: str
    value: object
    note: str = ""


@dataclass(frozen=True, slots=True)
class Tab:
    """One view of the same thing, each with its own address."""

    title: str
    href: str
    is_current: bool = False
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a journey: ``done``, ``current`` or ``future``."""

    title: str
    state: str = "future"
    href: str = ""
    note: str = ""

    @property
    def state_word(self) -> str:
        """The state in words, for those who do not see the mark."""
        return {"done": _("done"), "current": _("now")}.get(self.state, _("to come"))


@dataclass(frozen=True, slots=True)
class CheckLine:
    """One point: met (``yes``), not met (``no``), or ``unknown`` when we cannot tell."""

    text: str
    state: str
    note: str = ""
    href: str = ""

    @property
    def icon(self) -> str:
        """Icon of the state."""
        return {"yes": "check_circle", "no": "highlight_off"}.get(self.state, "help_outline")

    @property
    def state_word(self) -> str:
        """The state in words."""
        return {"yes": pgettext("point", "met"), "no": pgettext("point", "not met")}.get(
            self.state, _("cannot tell")
        )


@dataclass(frozen=True, slots=True)
class Empty:
    """What stands where nothing is yet: it teaches the first step."""

    title: str
    text: str = ""
    action: Link | None = None


@dataclass(frozen=True, slots=True)
class WhyNode:
    """One line of "why?": what the rule says, the answer, and what the record holds.

    ``told`` stands in place of the answer where "yes" or "no" would mislead.
    """

    says: str
    answer: str
    seen: str = ""
    parts: tuple[WhyNode, ...] = ()
    told: str = ""

    @property
    def icon(self) -> str:
        """Icon of the answer."""
        return _ANSWER_ICONS.get(self.answer, "help_outline")

    @property
    def word(self) -> str:
        """The answer in words."""
        return self.told or answer_word(self.answer)


@dataclass(frozen=True, slots=True)
class Gate:
    """One condition of an act: open (yes), closed (no), or cannot tell, which never opens.

    ``truth`` is a ``Truth`` or its value. ``why`` is the rule's explanation on the facts at hand.
    """

    title: str
    truth: str
    message: str = ""
    source: str = ""
    confidence: str = ""
    href: str = ""
    why: Explanation | None = None

    @property
    def icon(self) -> str:
        """Icon of the answer: an open gate is checked, a closed one locked."""
        return {Truth.YES: "check_circle", Truth.NO: "lock"}.get(Truth(self.truth), "help_outline")

    @property
    def word(self) -> str:
        """The answer in words."""
        words = {
            Truth.YES: pgettext("condition", "open"),
            Truth.NO: pgettext("condition", "closed"),
        }
        return words.get(Truth(self.truth), _("cannot tell"))


_ANSWER_ICONS: Final = {Truth.YES.value: "check_circle", Truth.NO.value: "highlight_off"}


def answer_word(answer: str) -> str:
    """Return a three-valued answer in words."""
    return {Truth.YES.value: _("yes"), Truth.NO.value: _("no")}.get(answer, _("cannot tell"))
