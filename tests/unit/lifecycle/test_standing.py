"""The fold: what stands after each step, since when, and what was known on a day."""

from __future__ import annotations

import json
from datetime import date

import pytest

from greenlane.core.lifecycle.standing import (
    OPENING,
    Since,
    Standing,
    Step,
    apply,
    fold,
    has_benefits,
    known_on,
)
from greenlane.core.marks import Mark
from greenlane.core.vocabulary import Axis, MembershipStatus, Origin, Tier
from tests.unit.core.stories import CTPAT, changed, day

MEMBERSHIP, TIER = Axis.MEMBERSHIP, Axis.TIER


def test_before_the_first_step_nothing_stands() -> None:
    standing = fold("importer", [])

    assert standing.axes == OPENING
    assert (standing.membership, standing.tier) == (MembershipStatus.NONE, Tier.NONE)
    assert not has_benefits(CTPAT, standing)
    assert standing.latest_decision is None


def test_the_day_of_a_status_is_that_of_its_first_step() -> None:
    chain = [
        changed(1, "2024-01-08", MEMBERSHIP, "CERTIFIED", Mark.CERTIFIED),
        changed(2, "2024-02-05", TIER, "T1"),
        changed(3, "2024-03-04", MEMBERSHIP, "CERTIFIED"),
    ]

    standing = fold("importer", chain)

    assert standing.since[MEMBERSHIP] == Since(day("2024-01-08"), 1, "S1")
    assert standing.last_seq == 3
    assert has_benefits(CTPAT, standing)


def lost(seq: int, on: str, before: tuple[str, str] | None, *marks: Mark) -> Step:
    return Step(seq, f"S{seq}", day(on), day(on), {}, marks, {"ground": "G1"}, before)


@pytest.mark.parametrize(
    ("mark", "kept"),
    [
        (Mark.REMOVED, True),
        (Mark.WITHDRAWN, True),
        (Mark.APPEAL_FILED, True),
        (Mark.REVALIDATED, True),
        (Mark.REINSTATED, False),
        (Mark.OPENED, False),
        (Mark.REAPPLIED, False),
        (Mark.CERTIFIED, False),
        (Mark.VALIDATED, False),
        (Mark.TIER_RAISED, False),
    ],
)
def test_what_was_lost_is_remembered_until_it_is_settled(mark: Mark, kept: bool) -> None:
    standing = fold(
        "importer",
        [
            lost(1, "2024-01-08", ("VALIDATED", "T3"), Mark.SUSPENDED),
            lost(2, "2024-02-05", None, mark),
        ],
    )

    assert standing.before_loss == (("VALIDATED", "T3") if kept else None)


@pytest.mark.parametrize(
    ("marks", "in_part"),
    [
        ([Mark.PARTLY_SUSPENDED], True),
        ([Mark.PARTLY_SUSPENDED, Mark.SUSPENDED, Mark.REINSTATED], True),
        ([Mark.PARTLY_SUSPENDED, Mark.PARTLY_RESTORED], False),
        ([Mark.PARTLY_SUSPENDED, Mark.WITHDRAWN, Mark.REAPPLIED], False),
        ([Mark.PARTLY_SUSPENDED, Mark.FOUND_INELIGIBLE, Mark.OPENED], False),
    ],
)
def test_a_partial_suspension_stands_until_it_is_lifted(marks: list[Mark], in_part: bool) -> None:
    chain = [lost(seq, "2024-01-08", None, mark) for seq, mark in enumerate(marks, start=1)]

    assert fold("importer", chain).benefits_suspended_in_part is in_part


def test_the_latest_decision_is_the_last_in_the_chain() -> None:
    standing = fold(
        "importer",
        [
            lost(1, "2024-01-08", None, Mark.DECIDED_NONCOMPLIANCE),
            lost(2, "2024-02-05", None, Mark.DECIDED_FALSEHOOD),
        ],
    )

    facts = standing.facts(CTPAT, on=day("2024-03-04"))

    assert facts["standing.decided_act"] == "S2"
    assert facts["standing.decided_falsehood"] is True


@pytest.mark.parametrize(
    ("chain", "expected"),
    [
        ([], False),
        ([Mark.APPEAL_FILED], False),
        ([Mark.DECIDED_NONCOMPLIANCE], False),
        ([Mark.DECIDED_NONCOMPLIANCE, Mark.APPEAL_FILED], False),
        ([Mark.DECIDED_NONCOMPLIANCE, Mark.APPEAL_FILED, Mark.DECIDED_FALSEHOOD], True),
    ],
    ids=["nothing", "filed", "decided", "appealed", "overlaid"],
)
def test_a_decision_after_the_appeal_overlays_the_one_that_is_appealed(
    chain: list[Mark], expected: bool
) -> None:
    rows = [lost(seq, "2024-01-08", None, mark) for seq, mark in enumerate(chain, start=1)]

    facts = fold("importer", rows).facts(CTPAT, on=day("2024-03-04"))

    assert facts["standing.decided_after_appeal"] is expected


def test_the_record_knows_each_mark_or_that_there_is_none() -> None:
    chain = [
        changed(1, "2024-01-08", MEMBERSHIP, "SUSPENDED"),
        lost(2, "2024-01-08", ("CERTIFIED", "T1"), Mark.SUSPENDED),
    ]

    facts = fold("importer", chain).facts(CTPAT, on=day("2024-02-07"))

    assert facts["days_since.suspended"] == 30
    assert facts["mark.suspended"] == day("2024-01-08")
    assert facts["has.suspended"] is True
    assert facts["has.certified"] is False
    assert "days_since.certified" not in facts
    assert facts["standing.suspension_ground"] == "G1"
    assert facts["standing.suspended_from"] == "CERTIFIED"
    assert facts["standing.since_act"] == "S1"
    assert facts["standing.is_tiered"] is True


def test_an_entity_type_the_pack_does_not_have_has_no_tiers() -> None:
    assert fold("balloon", []).facts(CTPAT, on=day("2024-02-07"))["standing.is_tiered"] is False


def test_a_past_day_counts_what_was_recorded_by_then_or_what_is_known_now() -> None:
    late = Step(2, "S2", day("2024-08-05"), day("2024-09-02"))
    chain = [Step(1, "S1", day("2024-01-08"), day("2024-01-08")), late]

    assert [s.seq for s in known_on(chain, on=day("2024-08-20"))] == [1]
    assert [s.seq for s in known_on(chain, on=day("2024-08-20"), known_now=True)] == [1, 2]
    assert [s.seq for s in known_on(chain, on=day("2024-09-02"))] == [1, 2]
    assert known_on(chain, on=date(2020, 1, 1), known_now=True) == []


@pytest.mark.parametrize(
    "step",
    [
        Step(1, "T01", day("2024-01-08"), day("2024-01-09")),
        Step(
            7,
            "T12",
            day("2024-01-08"),
            day("2024-01-09"),
            {MEMBERSHIP: "SUSPENDED"},
            (Mark.SUSPENDED, Mark.DECIDED_NONCOMPLIANCE),
            {"ground": "G1"},
            ("VALIDATED", "T2"),
            Origin.OUTSIDE,
        ),
    ],
)
def test_a_step_is_read_as_it_was_written(step: Step) -> None:
    written = json.loads(json.dumps(step.as_json()))

    assert Step.from_json(written) == step


def test_standing_is_the_same_folded_at_once_or_step_by_step() -> None:
    chain = [
        changed(1, "2024-01-08", MEMBERSHIP, "CERTIFIED", Mark.CERTIFIED),
        lost(2, "2024-02-05", ("CERTIFIED", "T1"), Mark.SUSPENDED),
    ]

    standing = Standing("importer")
    for step in chain:
        standing = apply(standing, [step])

    assert standing == fold("importer", chain)
