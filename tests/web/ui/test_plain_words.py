"""Conditions read as plain sentences: a capital first, and nothing turned round twice."""

from __future__ import annotations

import pytest

from greenlane.core.facts import Facts
from greenlane.core.lifecycle.decide import GuardAnswer
from greenlane.core.program import Guard, Source
from greenlane.core.rules.evaluate import explain
from greenlane.core.rules.tree import Is, Not
from greenlane.core.text import Text
from greenlane.core.vocabulary import Confidence, Truth
from greenlane.web.ui.reasons import gate_of, why_tree

NO_DEBT = Is("debt.is_final_unpaid", False)


@pytest.mark.parametrize(
    ("held", "icon", "word"),
    [(False, "check_circle", "no"), (True, "highlight_off", "yes")],
)
def test_what_must_be_no_shows_what_the_record_says(held: bool, icon: str, word: str) -> None:
    node = why_tree(explain(NO_DEBT, Facts({"debt.is_final_unpaid": held})))

    assert node.says.endswith("(must be “no”)")
    assert " is no" not in node.says
    assert (node.icon, node.word) == (icon, word)


def test_what_is_not_recorded_stays_cannot_tell() -> None:
    node = why_tree(explain(NO_DEBT, Facts()))

    assert (node.word, node.seen) == ("cannot tell", "not recorded")


def test_a_turned_rule_is_met_or_not_met() -> None:
    rule = Not(Is("office.is_staffed", True))

    assert why_tree(explain(rule, Facts({"office.is_staffed": False}))).word == "met"
    assert why_tree(explain(rule, Facts({"office.is_staffed": True}))).word == "not met"


def test_a_condition_begins_with_a_capital() -> None:
    guard = Guard("x", NO_DEBT, Text({"en": "every debt is paid."}), Source("S", Confidence.S))
    answer = GuardAnswer(guard, Truth.YES, explain(NO_DEBT, Facts()))

    assert gate_of(answer, language="en").title == "Every debt is paid."
