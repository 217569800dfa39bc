"""The decision bar: which acts start from here, which of their conditions are open, who may."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.urls import reverse
from django.utils.translation import get_language

from greenlane.apps.members import queries
from greenlane.apps.suspensions.acts import CaseKind, kind_of_case
from greenlane.apps.suspensions.queries import act_facts, has_page
from greenlane.core.deadlines import Duty
from greenlane.core.lifecycle.decide import Actor, Available
from greenlane.core.program import Transition
from greenlane.core.rules.tree import facts_of
from greenlane.core.vocabulary import Axis, DutyState, ProfileStatus, Purpose
from greenlane.gate.access import the_program, today
from greenlane.web.specialist.frame import rule_href, to
from greenlane.web.ui.pieces import Gate
from greenlane.web.ui.reasons import gate_of
from greenlane.web.ui.words import in_language

if TYPE_CHECKING:
    from greenlane.apps.members.models import Account

# The order in which an application and an annual review go forward.
_FORWARD: Final = (
    Purpose.ASSIGN,
    Purpose.TAKE_INTO_REVIEW,
    Purpose.CLOSE_REVIEW,
    Purpose.START_VETTING,
    Purpose.APPROVE_VETTING,
    Purpose.CERTIFY,
)
# Harmless and often done: one press does them. Every other act asks on a page of its own first.
_DIRECT: Final = frozenset(
    {
        Purpose.TAKE_INTO_REVIEW,
        Purpose.START_VETTING,
        Purpose.APPROVE_VETTING,
        Purpose.SEND_NOTICE,
    }
)
# The page on which a case of each kind is worked.
_PAGES: Final = {
    CaseKind.VALIDATION: "validation",
    CaseKind.INCIDENT: "incidents",
    CaseKind.SUSPENSION: "trust",
    CaseKind.APPEAL: "trust",
}
_LETTER_FACT: Final = "certification.letter_is_signed"


@dataclass(frozen=True, slots=True)
class BarItem:
    """One act of the bar. ``is_direct`` acts need nothing but a press of the button.

    ``href`` is "" where the reader's role does not do this act; ``who`` then says whose it is.
    """

    id: str
    does: Purpose | None
    title: str
    is_lawful: bool
    gates: tuple[Gate, ...]
    href: str
    is_direct: bool
    who: str
    why_href: str


def bar(account: Account, held: Iterable[str]) -> list[BarItem]:
    """Return the acts that start from here for the roles ``held``, lawful ones first."""
    found = starting(account, held)
    if not overdue(account):
        found = [one for one in found if one.transition.does is not Purpose.EXPLAIN_DELAY]
    found.sort(key=lambda one: (not one.is_lawful, not _is_forward(one.transition)))
    return [_item(account, one, set(held)) for one in found]


def _is_forward(row: Transition) -> bool:
    """Tell whether an act brings a case forward; of those that close a review, the approval."""
    target = row.changes.get(Axis.PROFILE)
    approves = target is not None and target.value == ProfileStatus.APPROVED
    return row.does in _FORWARD and (row.does is not Purpose.CLOSE_REVIEW or approves)


def overdue(account: Account) -> list[Duty]:
    """Return the duties of the account that are overdue today, those the office must explain."""
    duties = queries.case_of(account).duties(on=today())
    return [duty for duty in duties if duty.state is DutyState.OVERDUE]


def starting(account: Account, held: Iterable[str]) -> list[Available]:
    """Return the acts that start from here for any of the roles ``held``, each once.

    The letter is set and signed in the moment of the approval, so its condition counts as open.
    """
    facts = {**act_facts(account, on=today()), _LETTER_FACT: True}
    case = queries.case_of(account, facts)
    found: dict[str, Available] = {}
    for role in the_program().case_roles:
        if role in set(held):
            for one in case.available(Actor("", role), on=today()):
                found.setdefault(one.transition.id, one)
    return list(found.values())


def next_forward(account: Account) -> BarItem | None:
    """Return the act that brings the case forward, whoever may do it; None: it is not ours."""
    found = [
        one
        for one in starting(account, the_program().case_roles)
        if _is_forward(one.transition)
        and not (account.specialist and one.transition.does is Purpose.ASSIGN)
    ]
    places = {purpose: place for place, purpose in enumerate(_FORWARD)}
    found.sort(key=lambda one: places[one.transition.does or Purpose.CERTIFY])
    return _item(account, found[0], set()) if found else None


def gates_of(account: Account, act: str, held: Iterable[str] | None = None) -> list[Gate]:
    """Return the conditions of an act that starts from here; none where it does not."""
    asked = the_program().case_roles if held is None else held
    found = [one for one in starting(account, asked) if one.transition.id == act]
    return [gate for one in found for gate in _gates(one)]


def _gates(one: Available) -> tuple[Gate, ...]:
    """Return an act's conditions without that of the letter, which comes with the approval."""
    language = get_language() or "en"
    return tuple(
        gate_of(answer, language=language)
        for answer in one.answers
        if _LETTER_FACT not in facts_of(answer.guard.rule)
    )


def _item(account: Account, one: Available, held: set[str]) -> BarItem:
    row = one.transition
    is_mine = bool(held & (row.by | row.second_by))
    return BarItem(
        row.id,
        row.does,
        in_language(row.title),
        one.is_lawful,
        _gates(one),
        _href(account, row) if is_mine else "",
        row.does in _DIRECT and not row.requires,
        " / ".join(in_language(the_program().roles[role].title) for role in sorted(row.by)),
        rule_href(row.id),
    )


def _href(account: Account, row: Transition) -> str:
    if row.does is Purpose.CLOSE_REVIEW:
        return to("review", account)
    if row.does is Purpose.CERTIFY:
        return to("certify", account)
    if has_page(account, row):
        return to(_PAGES[kind_of_case(the_program(), row)], account)
    return reverse("specialist:act", args=[account.stream, row.id])
