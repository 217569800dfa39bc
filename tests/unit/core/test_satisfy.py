"""Finding facts on which rules hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from greenlane.core.calendar import Period
from greenlane.core.facts import Facts
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
from greenlane.core.satisfy import facts_satisfying
from greenlane.core.vocabulary import Truth
from tests.unit.core.stories import CTPAT

ON = date(2026, 5, 4)
DAY, NUMBER = "trade.last_import_on", "company.employees"
BORDERS = "trade.borders"
YEAR = Period(years=1)
CODES = frozenset({"US-CA"})
LEAVES: list[Rule] = [
    Is("trade.is_active", True),
    Is("trade.is_active", False),
    Includes(BORDERS, CODES),
    AtLeast(NUMBER, 5),
    AtMost(NUMBER, 5),
    Within(DAY, YEAR),
    Beyond(DAY, YEAR),
]
RULES: list[Rule] = [
    *LEAVES,
    *(Not(leaf) for leaf in LEAVES),
    Known(DAY),
    Known(NUMBER),
    Known(BORDERS),
    Not(Known(BORDERS)),
    AllOf((Is("trade.is_active", True), AtLeast(NUMBER, 5))),
    Not(AllOf((Is("trade.is_active", True), AtLeast(NUMBER, 5)))),
    Not(AnyOf((Is("trade.is_active", True), AtLeast(NUMBER, 5)))),
    AllOf((Is("trade.is_active", False), AnyOf((Is("trade.is_active", True), AtMost(NUMBER, 1))))),
]


@pytest.mark.parametrize("rule", RULES)
def test_the_facts_found_make_the_rule_hold(rule: Rule) -> None:
    statement = replace(CTPAT.entity_type("importer").eligibility[0], rule=rule)

    found = facts_satisfying([statement], on=ON)

    assert evaluate(rule, Facts({**found, "act.on": ON})) is Truth.YES


def test_what_only_the_record_knows_is_left_to_it() -> None:
    rules: list[Rule] = [
        OneOf("standing.tier", frozenset({"T2"})),
        Not(OneOf("standing.tier", frozenset({"T2"}))),
        Is("standing.tier", "T2"),
        Not(Is("standing.tier", "T2")),
    ]
    for rule in rules:
        statement = replace(CTPAT.entity_type("importer").eligibility[0], rule=rule)
        assert facts_satisfying([statement], on=ON) == {}


def test_where_no_way_is_open_nothing_is_found() -> None:
    contradiction = AllOf((Is("trade.is_active", True), AnyOf((Is("trade.is_active", False),))))
    statement = replace(CTPAT.entity_type("importer").eligibility[0], rule=contradiction)

    assert facts_satisfying([statement], on=ON) == {"trade.is_active": True}
