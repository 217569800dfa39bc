"""Looking things up in a program: what is there, and what is said when it is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from greenlane.core.eligibility import eligibility
from greenlane.core.facts import Facts
from greenlane.core.program import UnknownRuleId
from greenlane.core.satisfy import facts_satisfying
from greenlane.core.vocabulary import Purpose, Truth
from tests.unit.core.stories import CTPAT

ON = date(2026, 5, 4)
MEMBER = {
    "standing.tier": "T2",
    "standing.membership": "VALIDATED",
    "standing.entity_type": "importer",
}


def test_what_is_there_is_found() -> None:
    assert CTPAT.transition("T06").id == "T06"
    assert CTPAT.entity_type("importer").id == "importer"
    assert CTPAT.risk_bands == {"high", "elevated", "normal"}
    assert set(CTPAT.register) == {"account", "office"}


def test_the_day_of_a_moment_is_that_of_the_programs_office() -> None:
    """At half past two in the morning in Greenwich it is still yesterday in Washington."""
    at = datetime(2026, 3, 1, 2, 30, tzinfo=UTC)

    assert CTPAT.timezone == "America/New_York"
    assert CTPAT.day_of(at) == date(2026, 2, 28)
    assert replace(CTPAT, timezone="Asia/Tokyo").day_of(at) == date(2026, 3, 1)


def test_what_is_not_there_is_refused_with_what_is() -> None:
    with pytest.raises(UnknownRuleId, match=r"no act 'T99'\. It has: T17"):
        CTPAT.transition("T99")
    with pytest.raises(UnknownRuleId, match="importer"):
        CTPAT.entity_type("balloon")


def test_the_agreement_in_force_is_the_latest_that_began() -> None:
    first = CTPAT.agreements[0]
    second = replace(first, id="second", valid_from=date(2024, 1, 1))
    third = replace(first, id="third", valid_from=date(2025, 1, 1), valid_until=date(2025, 12, 31))
    program = replace(CTPAT, agreements=(first, second, third))

    assert program.agreement_on(date(2023, 12, 31)).id == first.id
    assert program.agreement_on(date(2024, 1, 1)).id == "second"
    assert program.agreement_on(date(2025, 12, 31)).id == "third"
    assert replace(CTPAT, agreements=(first, third)).agreement_on(ON).id == first.id
    with pytest.raises(UnknownRuleId, match="in force on 2019-12-31"):
        program.agreement_on(date(2019, 12, 31))


@pytest.mark.parametrize("key", list(CTPAT.entity_types))
def test_facts_can_be_found_on_which_an_entity_type_is_eligible(key: str) -> None:
    rules = CTPAT.entity_type(key).eligibility
    facts = Facts({**facts_satisfying(rules, on=ON), "act.on": ON, **MEMBER})

    found = eligibility(CTPAT, key, facts)

    assert found.truth is Truth.YES, [a.rule.id for a in found.answers if a.truth is not Truth.YES]


def test_one_no_is_a_no_and_one_unknown_cannot_tell() -> None:
    rules = CTPAT.entity_type("importer").eligibility
    good = {**facts_satisfying(rules, on=ON), "act.on": ON}
    less = {name: value for name, value in good.items() if name != "debt.is_final_unpaid"}

    bad = Facts({**less, "debt.is_final_unpaid": True})
    assert eligibility(CTPAT, "importer", bad).truth is Truth.NO
    assert eligibility(CTPAT, "importer", Facts(less)).truth is Truth.UNKNOWN


def test_an_entity_type_that_is_not_there_cannot_tell() -> None:
    assert eligibility(CTPAT, "balloon", Facts()).truth is Truth.UNKNOWN


def test_an_act_that_a_program_does_without_is_refused_by_its_purpose() -> None:
    act = CTPAT.act_that(Purpose.ASSIGN)
    without = replace(CTPAT, transitions={})

    assert act in CTPAT.acts_that(Purpose.ASSIGN)
    assert act.starts_from({axis: min(allowed) for axis, allowed in act.sources.items()})
    assert not act.starts_from(dict.fromkeys(act.sources, "elsewhere"))
    with pytest.raises(UnknownRuleId, match="no act that does"):
        without.act_that(Purpose.ASSIGN)
