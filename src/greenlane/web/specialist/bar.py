"""The decision bar: which acts start from here, which of their conditions are open, who may."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.urls import reverse
from django.utils.translation import get_language

from greenlane.apps.certification.facts import act_facts
from greenlane.apps.members import queries
from greenlane.core.deadlines import EXPLAIN_ACT, Duty
from greenlane.core.lifecycle.decide import Actor, Available
from greenlane.core.program import Transition
from greenlane.core.rules.tree import facts_of
from greenlane.core.vocabulary import DutyState
from greenlane.gate.access import the_program, today
from greenlane.web.specialist.frame import OFFICE, rule_href, to
from greenlane.web.ui.pieces import Gate
from greenlane.web.ui.reasons import gate_of
from greenlane.web.ui.words import in_language

if TYPE_CHECKING:
    from greenlane.apps.members.models import Account

CLOSING: Final = ("T04", "T05", "AR03", "AR04", "AR05")
VETTING: Final = ("V01", "V02", "V03", "V04")
CERTIFY: Final = "T06"
# The order in which an application and an annual review go forward.
_FORWARD: Final = ("S01", "P01", "T05", "AR03", "V01", "V02", CERTIFY)
# Harmless and often done: one press does them. Every other act asks on a page of its own first.
_DIRECT: Final = frozenset({"P01", "V01", "V02", "AR01"})
_LETTER_FACT: Final = "certification.letter_is_signed"


@dataclass(frozen=True, slots=True)
class BarItem:
    """One act of the bar. ``is_direct`` acts need nothing but a press of the button.

    ``href`` is "" where the reader's role does not do this act; ``who`` then says whose it is.
    """

    id: str
    title: str
    is_lawful: bool
    gates: tuple[Gate, ...]
    href: str
    is_direct: bool
    who: str
    why_href: str


def bar(account: Account, held: Iterable[str]) -> list[BarItem]:
    """Return the acts that start from here for the roles ``held``, lawful ones first."""
    found = [_item(account, one, set(held)) for one in starting(account, held)]
    if not overdue(account):
        found = [item for item in found if item.id != EXPLAIN_ACT]
    return sorted(found, key=lambda item: (not item.is_lawful, item.id not in _FORWARD))


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
    for role in OFFICE:
        if role in set(held):
            for one in case.available(Actor("", role), on=today()):
                found.setdefault(one.transition.id, one)
    return list(found.values())


def next_forward(account: Account) -> BarItem | None:
    """Return the act that brings the case forward, whoever may do it; None: it is not ours."""
    found = {one.transition.id: one for one in starting(account, OFFICE)}
    if account.specialist:
        found.pop("S01", None)
    act = next((act for act in _FORWARD if act in found), None)
    return _item(account, found[act], set()) if act else None


def gates_of(account: Account, act: str, held: Iterable[str] = OFFICE) -> list[Gate]:
    """Return the conditions of an act that starts from here; none where it does not."""
    found = [one for one in starting(account, held) if one.transition.id == act]
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
        in_language(row.title),
        one.is_lawful,
        _gates(one),
        _href(account, row) if is_mine else "",
        row.id in _DIRECT and not row.requires,
        " / ".join(in_language(the_program().roles[role].title) for role in sorted(row.by)),
        rule_href(row.id),
    )


def _href(account: Account, row: Transition) -> str:
    if row.id in CLOSING:
        return to("review", account)
    if row.id == CERTIFY:
        return to("certify", account)
    if row.second_by:
        return ""
    return reverse("specialist:act", args=[account.stream, row.id])
