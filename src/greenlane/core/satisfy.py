"""Finds facts on which a rule holds: for demonstrations and for tests of packs.

Derived facts (of the record) cannot be chosen; a rule that asks for one is left to the record.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from greenlane.core.facts import Facts, FactType, FactValue, definition
from greenlane.core.program import EligibilityRule
from greenlane.core.rules.evaluate import evaluate
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

_SOME: dict[FactType, FactValue] = {
    FactType.BOOL: True,
    FactType.INT: 1,
    FactType.TEXT: "X",
    FactType.SET: frozenset({"X"}),
}


def facts_satisfying(rules: Iterable[EligibilityRule], *, on: date) -> dict[str, FactValue]:
    """Return declared facts on which every eligibility statement holds on ``on``."""
    found: dict[str, FactValue] = {}
    for rule in rules:
        _satisfy(rule.rule, found, on, wanted=True)
    return {name: value for name, value in found.items() if not definition(name).is_derived}


def _satisfy(rule: Rule, found: dict[str, FactValue], on: date, *, wanted: bool) -> None:
    if isinstance(rule, Not):
        _satisfy(rule.part, found, on, wanted=not wanted)
    elif isinstance(rule, AllOf | AnyOf):
        # All parts of an "all" must hold; of a "none of" all must fail. One is enough otherwise.
        if isinstance(rule, AllOf) == wanted:
            for part in rule.parts:
                _satisfy(part, found, on, wanted=wanted)
        else:
            found.update(_first_way(rule.parts, found, on, wanted=wanted))
    else:
        value = _value(rule, on, wanted=wanted)
        if value is not None:
            found.setdefault(rule.fact, value)


def _first_way(
    parts: tuple[Rule, ...], found: dict[str, FactValue], on: date, *, wanted: bool
) -> dict[str, FactValue]:
    """Return the facts of the first part that does not contradict what was chosen before."""
    truth = Truth.YES if wanted else Truth.NO
    for part in parts:
        tried = dict(found)
        _satisfy(part, tried, on, wanted=wanted)
        if evaluate(part, Facts({**tried, "act.on": on})) is truth:
            return tried
    return {}


def _value(
    rule: Is | OneOf | Includes | AtLeast | AtMost | Within | Beyond | Known,
    on: date,
    *,
    wanted: bool,
) -> FactValue | None:
    if isinstance(rule, Is):
        if isinstance(rule.value, bool):
            return rule.value is wanted
        return rule.value if wanted else None
    if isinstance(rule, OneOf):
        return min(rule.values) if wanted else "OTHER"
    if isinstance(rule, Includes):
        return rule.values if wanted else frozenset({"OTHER"})
    if isinstance(rule, AtLeast):
        return rule.value if wanted else rule.value - 1
    if isinstance(rule, AtMost):
        return rule.value if wanted else rule.value + 1
    if isinstance(rule, Within | Beyond):
        is_recent = isinstance(rule, Within) == wanted
        return on - timedelta(days=1 if is_recent else 40_000)
    return _SOME.get(definition(rule.fact).type, on) if wanted else None
