"""Evaluates one case: Kleene logic, in which "cannot tell" never becomes yes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from greenlane.core.facts import Facts, FactValue
from greenlane.core.rules.tree import (
    AllOf,
    AnyOf,
    AtLeast,
    AtMost,
    Beyond,
    Includes,
    Is,
    Known,
    Not,
    OneOf,
    Rule,
    Within,
)
from greenlane.core.vocabulary import Truth


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a rule answered as it did: the tree again, each leaf with the value it saw.

    ``rule`` is a leaf's own, so that a page can say it in another language.
    """

    says: str
    truth: Truth
    value: FactValue | None = None
    parts: tuple[Explanation, ...] = ()
    rule: Rule | None = None


def evaluate(rule: Rule, facts: Facts) -> Truth:
    """Return the rule's answer on these facts.

    Example:
        >>> evaluate(Is("debt.is_final_unpaid", False), Facts())
        <Truth.UNKNOWN: 'cannot_tell'>
    """
    return explain(rule, facts).truth


def explain(rule: Rule, facts: Facts) -> Explanation:
    """Return the answer with the value of each leaf: what a page shows under "why"."""
    if isinstance(rule, AllOf):
        return _joined("all of", rule.parts, facts, decisive=Truth.NO, else_=Truth.YES)
    if isinstance(rule, AnyOf):
        return _joined("any of", rule.parts, facts, decisive=Truth.YES, else_=Truth.NO)
    if isinstance(rule, Not):
        part = explain(rule.part, facts)
        return Explanation("not", _turned(part.truth), None, (part,))
    value = facts.get(rule.fact)
    if isinstance(rule, Known):
        return Explanation(f"{rule.fact} is known", _truth(value is not None), value, rule=rule)
    if value is None:
        return Explanation(in_words(rule), Truth.UNKNOWN, rule=rule)
    return Explanation(in_words(rule), _leaf(rule, value, facts), value, rule=rule)


def _joined(
    says: str, parts: tuple[Rule, ...], facts: Facts, *, decisive: Truth, else_: Truth
) -> Explanation:
    explained = tuple(explain(part, facts) for part in parts)
    truths = {part.truth for part in explained}
    if decisive not in truths:
        decisive = Truth.UNKNOWN if Truth.UNKNOWN in truths else else_
    return Explanation(says, decisive, None, explained)


def _leaf(
    rule: Is | OneOf | Includes | AtLeast | AtMost | Within | Beyond,
    value: FactValue,
    facts: Facts,
) -> Truth:
    if isinstance(rule, Is):
        return _truth(value == rule.value)
    if isinstance(rule, OneOf):
        return _truth(value in rule.values)
    if isinstance(rule, Includes):
        return _truth(isinstance(value, frozenset) and bool(value & rule.values))
    if isinstance(rule, AtLeast):
        return _truth(isinstance(value, int) and value >= rule.value)
    if isinstance(rule, AtMost):
        return _truth(isinstance(value, int) and value <= rule.value)
    on = facts.get("act.on")
    if not isinstance(value, date) or not isinstance(on, date):
        return Truth.UNKNOWN
    last_day = rule.period.after(value)
    if isinstance(rule, Within):
        return _truth(value <= on <= last_day)
    return _truth(on > last_day)


def in_words(rule: Rule) -> str:
    """Return a leaf in plain words, for pages and messages."""
    if isinstance(rule, Is):
        return f"{rule.fact} is {_word(rule.value)}"
    if isinstance(rule, OneOf):
        return f"{rule.fact} is one of {', '.join(sorted(rule.values))}"
    if isinstance(rule, Includes):
        return f"{rule.fact} includes one of {', '.join(sorted(rule.values))}"
    if isinstance(rule, AtLeast):
        return f"{rule.fact} is at least {rule.value}"
    if isinstance(rule, AtMost):
        return f"{rule.fact} is at most {rule.value}"
    if isinstance(rule, Within):
        return f"{rule.fact} is within {rule.period} before the day of the act"
    if isinstance(rule, Beyond):
        return f"more than {rule.period} have passed since {rule.fact}"
    if isinstance(rule, Known):
        return f"{rule.fact} is known"
    if isinstance(rule, Not):
        return f"not ({in_words(rule.part)})"
    word = " and " if isinstance(rule, AllOf) else " or "
    return "(" + word.join(in_words(part) for part in rule.parts) + ")"


def _word(value: FactValue) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _truth(answer: bool) -> Truth:
    return Truth.YES if answer else Truth.NO


def _turned(truth: Truth) -> Truth:
    return {Truth.YES: Truth.NO, Truth.NO: Truth.YES}.get(truth, Truth.UNKNOWN)
