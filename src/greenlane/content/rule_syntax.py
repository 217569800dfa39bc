"""Turns the YAML form of a rule into a rule tree; docs/reference/pack-format.md has the forms."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from greenlane.core.calendar import Period
from greenlane.core.deadlines import NO_DUTY
from greenlane.core.errors import BadInput
from greenlane.core.facts import FactType, checked, definition
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
from greenlane.core.vocabulary import DutyState

_LONGEST = {"years": 100, "months": 1200, "days": 36525}
_UNITS = tuple(_LONGEST)


class RuleRefused(BadInput):
    """A rule is not written as a rule tree; the message names the place and the remedy."""

    code = "pack.rule_refused"


def parse_rule(value: Any, where: str = "rule") -> Rule:
    """Return the rule tree of a YAML value.

    Raises:
        RuleRefused: not a rule: unknown operator, unknown fact, wrong type of value.
        UnknownFact, WrongFactType: see `core.facts`.
    """
    if not isinstance(value, dict) or not value:
        raise RuleRefused(
            f"{where} is not a rule. Write `all:`, `any:`, `not:`, `known:` or `fact:`."
        )
    for key, node in (("all", AllOf), ("any", AnyOf)):
        if key in value:
            _only(value, {key}, where)
            parts = value[key]
            if not isinstance(parts, list) or not parts:
                raise RuleRefused(f"{where}.{key} needs a list of rules.")
            made = tuple(parse_rule(part, f"{where}.{key}[{i}]") for i, part in enumerate(parts))
            return node(made)
    if "not" in value:
        _only(value, {"not"}, where)
        return Not(parse_rule(value["not"], f"{where}.not"))
    if "known" in value:
        _only(value, {"known"}, where)
        return Known(definition(str(value["known"])).name)
    return _leaf(value, where)


def _leaf(value: dict[str, Any], where: str) -> Rule:
    name = value.get("fact")
    if not isinstance(name, str):
        raise RuleRefused(f"{where} names no fact. Write `fact: ...` and one operator.")
    operators = [key for key in value if key != "fact"]
    if len(operators) != 1 or operators[0] not in _LEAVES:
        raise RuleRefused(f"{where} needs exactly one operator: {', '.join(_LEAVES)}.")
    word, operator = definition(name), operators[0]
    type_, make = _LEAVES[operator]
    if type_ is not None and word.type not in type_:
        raise RuleRefused(f"{where}: `{operator}` does not fit {name}, which is {word.type.value}.")
    return make(name, value[operator], where)


def _is(name: str, value: Any, where: str) -> Rule:
    known = checked(name, value)
    _check_duty_state(name, [known], where)
    return Is(name, known)


def _one_of(name: str, value: Any, where: str) -> Rule:
    words = _words(value, where)
    _check_duty_state(name, list(words), where)
    for word in words:
        checked(name, word)
    return OneOf(name, words)


def _check_duty_state(name: str, values: list[Any], where: str) -> None:
    states = {NO_DUTY, *(state.value for state in DutyState)}
    if name.startswith("duty.") and not set(values) <= states:
        raise RuleRefused(f"{where}: {name} is one of {', '.join(sorted(states))}.")


def _words(value: Any, where: str) -> frozenset[str]:
    if not isinstance(value, list) or not value or not all(isinstance(v, str) for v in value):
        raise RuleRefused(f"{where} needs a list of words; put codes such as NO in quotes.")
    return frozenset(value)


def _whole(value: Any, where: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise RuleRefused(f"{where} needs a whole number, not {value!r}.")
    return value


def parse_period(value: Any, where: str) -> Period:
    """Return a period written as ``{years: 1}``, ``{months: 12}`` or ``{days: 90}``.

    Raises:
        RuleRefused: another unit, a negative or no whole number.
    """
    if not isinstance(value, dict) or not value or set(value) - set(_UNITS):
        raise RuleRefused(
            f"{where} is a period: write {{days: 90}}, {{months: 12}} or {{years: 1}}."
        )
    counts = {unit: _whole(count, f"{where}.{unit}") for unit, count in value.items()}
    if min(counts.values()) < 0:
        raise RuleRefused(f"{where} is negative; a period is not.")
    if any(count > _LONGEST[unit] for unit, count in counts.items()):
        raise RuleRefused(f"{where} is longer than a hundred years.")
    return Period(**counts)


def _only(value: dict[str, Any], keys: set[str], where: str) -> None:
    other = set(value) - keys
    if other:
        raise RuleRefused(f"{where} holds {', '.join(sorted(other))} beside {', '.join(keys)}.")


_Maker = Callable[[str, Any, str], Rule]
_LEAVES: dict[str, tuple[frozenset[FactType] | None, _Maker]] = {
    "is": (None, _is),
    "one_of": (frozenset({FactType.TEXT}), _one_of),
    "includes": (
        frozenset({FactType.SET}),
        lambda name, value, where: Includes(name, _words(value, where)),
    ),
    "at_least": (
        frozenset({FactType.INT}),
        lambda name, value, where: AtLeast(name, _whole(value, where)),
    ),
    "at_most": (
        frozenset({FactType.INT}),
        lambda name, value, where: AtMost(name, _whole(value, where)),
    ),
    "within": (
        frozenset({FactType.DATE}),
        lambda name, value, where: Within(name, parse_period(value, where)),
    ),
    "beyond": (
        frozenset({FactType.DATE}),
        lambda name, value, where: Beyond(name, parse_period(value, where)),
    ),
}
