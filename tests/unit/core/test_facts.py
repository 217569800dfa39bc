"""The closed vocabulary of facts: who can know what, and of which type."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from greenlane.core.facts import (
    VOCABULARY,
    Facts,
    FactType,
    NotYoursToDeclare,
    UnknownFact,
    WrongFactType,
    check_declarable,
    check_may_declare,
    checked,
    definition,
)
from greenlane.core.vocabulary import Side


def test_every_word_has_a_meaning_and_a_family() -> None:
    assert all(word.meaning and "." in word.name for word in VOCABULARY.values())


def test_states_of_duties_are_words_too() -> None:
    assert definition("duty.D05").type is FactType.TEXT
    assert definition("overdue.D05").type is FactType.BOOL
    assert definition("duty.D05").is_derived


def test_an_unknown_word_names_near_ones() -> None:
    with pytest.raises(UnknownFact, match=r"Did you mean trade\.is_active"):
        definition("trade.active")
    with pytest.raises(UnknownFact, match=r"no fact 'zzz' in the vocabulary\.$"):
        definition("zzz")


@pytest.mark.parametrize(
    ("name", "given", "kept"),
    [
        ("trade.is_active", True, True),
        ("company.employees", 12, 12),
        ("trade.last_import_on", "2024-02-29", date(2024, 2, 29)),
        ("trade.last_import_on", date(2024, 2, 29), date(2024, 2, 29)),
        ("trade.borders", ["US-MX", "US-CA"], frozenset({"US-CA", "US-MX"})),
        ("trade.borders", frozenset({"US-CA"}), frozenset({"US-CA"})),
        ("standing.tier", "T2", "T2"),
    ],
)
def test_a_value_of_the_right_type_is_kept(name: str, given: object, kept: object) -> None:
    assert checked(name, given) == kept


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("trade.is_active", 1),
        ("trade.is_active", "yes"),
        ("company.employees", True),
        ("company.employees", "12"),
        ("company.employees", 1.0),
        ("trade.last_import_on", "2024-02-30"),
        ("trade.last_import_on", "20240229"),
        ("trade.last_import_on", "0009-01-01"),
        ("trade.last_import_on", date(9999, 1, 1)),
        ("trade.last_import_on", datetime(2024, 2, 29, tzinfo=UTC)),
        ("trade.last_import_on", 20240229),
        ("trade.borders", "US-CA"),
        ("trade.borders", [1]),
        ("standing.tier", "T9"),
    ],
)
def test_a_value_of_another_type_is_refused(name: str, value: Any) -> None:
    with pytest.raises(WrongFactType, match=name):
        checked(name, value)


def test_a_computed_fact_cannot_be_declared() -> None:
    for name in ("standing.tier", "has.certified", "duty.D01", "overdue.D01", "act.on"):
        with pytest.raises(UnknownFact, match="computed from the record"):
            check_declarable(name)
        with pytest.raises(UnknownFact, match="computed from the record"):
            Facts.declared({name: "x"})
    check_declarable("trade.is_active")


def test_each_side_declares_what_it_can_know() -> None:
    check_may_declare("trade.is_active", Side.COMPANY)
    check_may_declare("application.eligibility_is_confirmed", Side.COMPANY)
    check_may_declare("suspension.field_recommended", Side.OFFICE)
    for name, side in (
        ("suspension.plan_is_fulfilled", Side.COMPANY),
        ("vetting.has_open_hit", Side.OFFICE),
        ("profile.musts_unanswered", Side.COMPANY),
    ):
        with pytest.raises(NotYoursToDeclare, match=name):
            check_may_declare(name, side)


def test_declared_facts_are_checked_and_none_means_unknown() -> None:
    facts = Facts.declared({"trade.is_active": None, "trade.borders": ["US-CA"]})

    assert dict(facts) == {"trade.borders": frozenset({"US-CA"})}
    assert len(facts) == 1
    assert "US-CA" in repr(facts)


def test_later_facts_win_and_a_selection_keeps_only_what_was_asked() -> None:
    facts = Facts({"trade.is_active": True}).with_({"trade.is_active": False, "debt.x": 1})

    assert facts["trade.is_active"] is False
    assert dict(facts.only(frozenset({"trade.is_active"}))) == {"trade.is_active": False}


def test_the_written_form_has_days_as_text_and_sets_in_order() -> None:
    facts = Facts(
        {
            "trade.last_import_on": date(2024, 2, 29),
            "trade.borders": frozenset({"US-MX", "US-CA"}),
            "trade.is_active": True,
        }
    )

    assert facts.as_json() == {
        "trade.last_import_on": "2024-02-29",
        "trade.borders": ["US-CA", "US-MX"],
        "trade.is_active": True,
    }
