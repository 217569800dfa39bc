"""Rule trees: Kleene logic, where "cannot tell" never becomes yes."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest

from greenlane.core.calendar import Period
from greenlane.core.facts import Facts, FactValue
from greenlane.core.rules.evaluate import evaluate, explain, in_words
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
    facts_of,
)
from greenlane.core.vocabulary import Truth

YES, NO, UNKNOWN = Truth.YES, Truth.NO, Truth.UNKNOWN
ORDER = {NO: 0, UNKNOWN: 1, YES: 2}
A, B = "trade.is_active", "trade.crosses_border"
ON = date(2024, 6, 1)


def facts(first: Truth, second: Truth) -> Facts:
    known = {YES: True, NO: False}
    values = {A: known.get(first), B: known.get(second)}
    return Facts({name: value for name, value in values.items() if value is not None})


@pytest.mark.parametrize(("first", "second"), list(product(Truth, Truth)))
def test_and_is_the_least_and_or_the_greatest_of_the_parts(first: Truth, second: Truth) -> None:
    parts: tuple[Rule, ...] = (Is(A, True), Is(B, True))
    seen = facts(first, second)

    assert evaluate(AllOf(parts), seen) is min(first, second, key=ORDER.__getitem__)
    assert evaluate(AnyOf(parts), seen) is max(first, second, key=ORDER.__getitem__)


@pytest.mark.parametrize(("part", "turned"), [(YES, NO), (NO, YES), (UNKNOWN, UNKNOWN)])
def test_not_turns_yes_and_no_and_leaves_cannot_tell(part: Truth, turned: Truth) -> None:
    assert evaluate(Not(Is(A, True)), facts(part, UNKNOWN)) is turned


@pytest.mark.parametrize(("first", "second"), list(product(Truth, Truth)))
def test_de_morgan_holds_with_cannot_tell(first: Truth, second: Truth) -> None:
    seen = facts(first, second)
    one, other = Is(A, True), Is(B, True)

    left = evaluate(Not(AllOf((one, other))), seen)
    assert left is evaluate(AnyOf((Not(one), Not(other))), seen)


LEAVES: list[tuple[Rule, FactValue, Truth]] = [
    (Is(A, True), True, YES),
    (Is(A, True), False, NO),
    (OneOf("standing.tier", frozenset({"T2", "T3"})), "T2", YES),
    (OneOf("standing.tier", frozenset({"T2", "T3"})), "T1", NO),
    (Includes("trade.borders", frozenset({"US-CA"})), frozenset({"US-MX", "US-CA"}), YES),
    (Includes("trade.borders", frozenset({"US-CA"})), frozenset({"US-MX"}), NO),
    (Includes("trade.borders", frozenset({"US-CA"})), frozenset[str](), NO),
    (AtLeast("company.employees", 5), 5, YES),
    (AtLeast("company.employees", 5), 4, NO),
    (AtMost("company.employees", 5), 5, YES),
    (AtMost("company.employees", 5), 6, NO),
    (Within("trade.last_import_on", Period(months=12)), date(2023, 6, 1), YES),
    (Within("trade.last_import_on", Period(months=12)), date(2023, 5, 31), NO),
    (Within("trade.last_import_on", Period(months=12)), date(2024, 6, 1), YES),
    (Within("trade.last_import_on", Period(months=12)), date(2024, 6, 2), NO),
    (Beyond("trade.last_import_on", Period(months=12)), date(2023, 6, 1), NO),
    (Beyond("trade.last_import_on", Period(months=12)), date(2023, 5, 31), YES),
    (Known(A), True, YES),
]


@pytest.mark.parametrize(("rule", "value", "truth"), LEAVES)
def test_a_leaf_answers_on_the_value_it_sees(rule: Rule, value: FactValue, truth: Truth) -> None:
    (name,) = facts_of(rule) - {"act.on"}

    found = explain(rule, Facts({name: value, "act.on": ON}))

    assert found.truth is truth
    assert found.value == value
    assert found.says == in_words(rule)


@pytest.mark.parametrize("rule", [rule for rule, _, _ in LEAVES if not isinstance(rule, Known)])
def test_a_leaf_without_its_fact_cannot_tell(rule: Rule) -> None:
    assert evaluate(rule, Facts({"act.on": ON})) is UNKNOWN


def test_known_alone_is_never_cannot_tell() -> None:
    assert evaluate(Known(A), Facts()) is NO


def test_a_period_without_the_day_of_the_act_cannot_be_told() -> None:
    rule = Within("trade.last_import_on", Period(months=12))

    assert evaluate(rule, Facts({"trade.last_import_on": ON})) is UNKNOWN


def test_the_whole_tree_can_be_said_in_words() -> None:
    rule = AnyOf(
        (
            AllOf((Is(A, True), Not(Is("standing.tier", "T1")))),
            OneOf("standing.tier", frozenset({"T3", "T2"})),
            Includes("trade.borders", frozenset({"US-CA"})),
            AtLeast("company.employees", 5),
            AtMost("company.employees", 9),
            Within("trade.last_import_on", Period(months=12)),
            Beyond("trade.last_import_on", Period(days=1)),
            Known(B),
        )
    )

    assert in_words(rule) == (
        "((trade.is_active is yes and not (standing.tier is T1)) or standing.tier is one of T2, T3 "
        "or trade.borders includes one of US-CA or company.employees is at least 5 "
        "or company.employees is at most 9 "
        "or trade.last_import_on is within 12 months before the day of the act "
        "or more than 1 day have passed since trade.last_import_on "
        "or trade.crosses_border is known)"
    )
    assert facts_of(rule) == {
        A,
        B,
        "act.on",
        "company.employees",
        "standing.tier",
        "trade.borders",
        "trade.last_import_on",
    }


def test_an_explanation_keeps_the_shape_of_the_rule() -> None:
    found = explain(AllOf((Is(A, True), Not(Is(B, True)))), facts(YES, UNKNOWN))

    assert (found.says, found.truth) == ("all of", UNKNOWN)
    assert [part.truth for part in found.parts] == [YES, UNKNOWN]
    assert found.parts[1].says == "not"
