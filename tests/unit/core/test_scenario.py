"""The runner of stories: expectations that fail say where and what was found."""

from __future__ import annotations

import json
from datetime import date

import pytest

from greenlane.core.lifecycle.decide import Actor
from greenlane.core.satisfy import facts_satisfying
from greenlane.core.scenario import FIRST, OFFICE, Expectation, Outcome, Scenario, ScenarioAct, run
from tests.unit.core.stories import CTPAT

ON = date(2026, 5, 4)
POC = Actor("P-1", "point_of_contact")


def act(name: str = "T01", by: Actor = POC, account: str = FIRST, **more: object) -> ScenarioAct:
    return ScenarioAct(account, ON, ON, name, by, **more)  # type: ignore[arg-type]  # test data


def told(acts: list[ScenarioAct], *expectations: Expectation) -> Outcome:
    facts = facts_satisfying(CTPAT.entity_type("importer").eligibility, on=ON)
    facts["application.eligibility_is_confirmed"] = True
    story = Scenario(
        "s", "t", "u", "ctpat", {FIRST: "importer"}, {FIRST: facts}, tuple(acts), expectations
    )
    return run(CTPAT, story)


def test_a_story_that_comes_true_has_no_failures() -> None:
    outcome = told(
        [act(), act("C01")],
        Expectation(
            FIRST,
            ON,
            standing={"membership": "PRE_APPLICANT"},
            duties={"D02": {"state": "open", "due_on": "2026-06-03"}, "D01": {"state": "none"}},
            has_benefits=False,
            bucket="D02",
        ),
    )

    printed = json.loads(json.dumps(outcome.as_json()))
    assert outcome.failures == ()
    assert printed["passed"] is True
    assert printed["days"][0]["bucket"] == "D02"
    assert printed["days"][0]["known"] == "then"
    assert printed["days"][0]["duties"][0]["id"] == "D02"


def test_each_expectation_that_fails_is_a_sentence_with_its_line() -> None:
    outcome = told(
        [act(), act("C01")],
        Expectation(
            FIRST,
            ON,
            standing={"membership": "CERTIFIED", "mood": "GOOD"},
            duties={
                "D01": {"state": "open"},
                "D02": {"state": "met"},
                "D02#3": {"state": "open"},
            },
            has_benefits=True,
            bucket="nothing due",
            line=7,
        ),
    )

    assert outcome.failures == (
        "line 7: A1 on 2026-05-04: membership is PRE_APPLICANT, expected CERTIFIED",
        "line 7: A1 on 2026-05-04: mood is None, expected GOOD",
        "line 7: A1 on 2026-05-04: there is no duty D01",
        "line 7: A1 on 2026-05-04: D02 has state open, expected met",
        "line 7: A1 on 2026-05-04: there is no duty D02#3",
        "line 7: A1 on 2026-05-04: benefits are False, expected True",
        "line 7: A1 on 2026-05-04: the bucket is D02, expected nothing due",
    )


def test_nothing_due_is_a_bucket_too() -> None:
    outcome = told([], Expectation(FIRST, ON, bucket="D01"), Expectation(FIRST, ON, known_now=True))

    assert outcome.failures == (
        "line 0: A1 on 2026-05-04: the bucket is nothing due, expected D01",
    )
    assert outcome.as_json()["days"][1]["bucket"] == "nothing due"  # type: ignore[index,call-overload]  # JSON
    assert outcome.as_json()["passed"] is False


@pytest.mark.parametrize(
    ("acts", "says"),
    [
        ([act("T02")], "expected no refusal, got"),
        ([act("T02", expects="date.in_future")], "expected refusal date.in_future, got"),
        (
            [act("T01", expects="status.wrong")],
            "expected refusal status.wrong, and it went through",
        ),
    ],
)
def test_a_refusal_that_was_not_foretold_is_a_failure(acts: list[ScenarioAct], says: str) -> None:
    outcome = told([act(), *acts] if acts[0].act != "T01" else acts)

    assert len(outcome.failures) == 1
    assert says in outcome.failures[0]


def test_a_refusal_that_was_foretold_is_reported() -> None:
    outcome = told([act("T12", expects="status.wrong")])

    assert outcome.failures == ()
    assert [(r.code, r.was_expected) for r in outcome.refusals] == [("status.wrong", True)]
    assert outcome.cases[FIRST].steps == ()


def test_a_fact_told_with_an_act_stays_known_and_none_makes_it_unknown() -> None:
    fact = "debt.is_final_unpaid"
    outcome = told(
        [
            act(facts={fact: None}, expects="guard.eligibility_holds.unknown"),
            act(expects="guard.eligibility_holds.unknown"),
            act(facts={fact: False}),
        ]
    )

    assert outcome.failures == ()


def test_a_decree_of_the_office_reaches_every_account() -> None:
    director = Actor("D-1", "director")
    given = {"starts_on": "2026-05-01", "ends_on": "2026-05-10", "reason": "outage.failure"}
    outcome = told([act("O10", director, OFFICE, given=given)])

    assert outcome.failures == ()
    assert all(case.decrees for key, case in outcome.cases.items() if key == FIRST)
