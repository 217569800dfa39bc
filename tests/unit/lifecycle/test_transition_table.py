"""The whole table of the CTPAT pack: every act from every status, by every role, on every guard.

What comes out is compared with ``transitions.txt``, which is reviewed when it changes. To write it
anew after a change of the pack, run this file with GREENLANE_WRITE_SNAPSHOTS=1 and read the diff.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from greenlane.content.packs import load_program
from greenlane.core.facts import VOCABULARY, Facts, FactType, FactValue
from greenlane.core.lifecycle.decide import Act, Actor, Decision, Refused, available, decide
from greenlane.core.lifecycle.standing import OPENING, Standing, Step
from greenlane.core.marks import Mark
from greenlane.core.program import FROM_FILES_ALONE, Guard, Program, TargetRule, Transition
from greenlane.core.rules.tree import Is
from greenlane.core.vocabulary import Axis, MembershipStatus, Origin

SNAPSHOT = Path(__file__).with_name("transitions.txt")
DAY = date(2026, 5, 4)
GIVEN = {
    "agreement": "partner-agreement-demo-1",
    "text_sha256": "ab" * 32,
    "assessed_on": "2026-05-01",
    "specialist": "U-1",
    "ground": "G1",
    "reason": "other",
    "duty": "D01",
    "into_account": "A-2",
    "source_account": "A-2",
    "visit_on": "2026-07-01",
    "effort_days": "2",
    "new_due_on": "2026-09-01",
    "outcome": "DILIGENCE_SHOWN",
    "starts_on": "2026-05-01",
    "ends_on": "2026-05-03",
    "corrects": "3",
    "right_on": "2026-05-02",
}

# What reviews an urgent suspension starts from one.
URGENT = dict.fromkeys((Mark.SUSPENDED, Mark.URGENTLY_SUSPENDED), Step(1, "T28", DAY, DAY))


def plain(program: Program) -> tuple[Program, dict[str, str]]:
    """Return the program with each guard asking for one fact of its own: the table alone counts."""
    free = sorted(
        word.name
        for word in VOCABULARY.values()
        if word.type is FactType.BOOL and not word.is_derived
    )
    facts = dict(zip(program.guards, free, strict=False))
    assert len(facts) == len(program.guards)
    guards: dict[str, Guard] = {
        code: replace(guard, rule=Is(facts[code], True)) for code, guard in program.guards.items()
    }
    return replace(program, guards=guards), facts


@pytest.fixture(scope="module")
def table() -> tuple[Program, dict[str, str]]:
    return plain(load_program("ctpat"))


def standing_for(row: Transition, status: str | None = None) -> Standing:
    """Return a standing from which the act starts, but for the membership status given."""
    axes = {**OPENING, **{axis: min(values) for axis, values in row.sources.items()}}
    if status is not None:
        axes[Axis.MEMBERSHIP] = status
    return Standing("importer", axes, latest=URGENT, before_loss=("VALIDATED", "T2"))


def tried(
    program: Program,
    row: Transition,
    facts: Mapping[str, FactValue],
    *,
    status: str | None = None,
    role: str | None = None,
    second: str | None = None,
) -> str:
    """Return the refusal of the act, or "" when it goes through."""
    by = Actor("P-1", role or min(row.by))
    partner = second or (min(row.second_by) if row.second_by else None)
    given = {key: GIVEN[key] for key in row.requires}
    for axis, target in row.changes.items():
        if target.rule is TargetRule.GIVEN:
            given[axis.value] = min(target.allowed)
    act = Act(row.id, by, DAY, DAY, Actor("P-2", partner) if partner else None, given)
    try:
        decide(program, standing_for(row, status), act, Facts(dict(facts)))
    except Refused as refused:
        return refused.refusal
    return ""


def lines(program: Program, facts_of_guard: Mapping[str, str]) -> Iterator[str]:
    everything: dict[str, FactValue] = dict.fromkeys(facts_of_guard.values(), True)
    statuses = ["NONE", *(s.value for s in program.statuses)]
    for row in program.transitions.values():
        lawful, refused = [], set()
        for status in statuses:
            for role in program.roles:
                code = tried(program, row, everything, status=status, role=role)
                if code:
                    refused.add(code)
                else:
                    lawful.append((status, role))
        places = list(dict.fromkeys(status for status, _ in lawful))
        roles = list(dict.fromkeys(role for _, role in lawful))
        assert len(lawful) == len(places) * len(roles), "a role is lawful from every source or none"
        yield f"{row.id} {row.title}"
        yield f"  from {' '.join(places) if len(places) < len(statuses) else 'anywhere'}"
        yield f"  by {' '.join(roles)}; else {' '.join(sorted(refused)) or 'nothing'}"
        if row.second_by:
            able = [r for r in program.roles if not tried(program, row, everything, second=r)]
            yield f"  with {' '.join(able)}"
        for code in row.guards:
            known = {k: v for k, v in everything.items() if k != facts_of_guard[code]}
            no = tried(program, row, {**known, facts_of_guard[code]: False})
            unknown = tried(program, row, known)
            assert (no, unknown) == (f"guard.{code}", f"guard.{code}.unknown")
            yield f"  needs {code}"


def test_the_table_is_the_one_that_was_reviewed(table: tuple[Program, dict[str, str]]) -> None:
    found = "\n".join(lines(*table)) + "\n"

    if os.environ.get("GREENLANE_WRITE_SNAPSHOTS"):
        SNAPSHOT.write_text(found, encoding="utf-8")
    assert found == SNAPSHOT.read_text(encoding="utf-8")


def test_an_act_starts_only_from_the_states_of_its_row(
    table: tuple[Program, dict[str, str]],
) -> None:
    program, facts_of_guard = table
    everything: dict[str, FactValue] = dict.fromkeys(facts_of_guard.values(), True)

    for row in program.transitions.values():
        for axis, allowed in row.sources.items():
            standing = standing_for(row)
            wrong = replace(standing, axes={**standing.axes, axis: "ELSEWHERE"})
            act = Act(row.id, Actor("P-1", min(row.by)), DAY, DAY)
            with pytest.raises(Refused, match="starts from") as refused:
                decide(program, wrong, act, Facts(everything))
            assert refused.value.refusal == "status.wrong"
            assert allowed


def test_what_an_act_requires_must_be_given(table: tuple[Program, dict[str, str]]) -> None:
    program, facts_of_guard = table
    everything: dict[str, FactValue] = dict.fromkeys(facts_of_guard.values(), True)

    for row in program.transitions.values():
        for missing in row.requires:
            given = {key: GIVEN[key] for key in row.requires if key != missing}
            second = Actor("P-2", min(row.second_by)) if row.second_by else None
            act = Act(row.id, Actor("P-1", min(row.by)), DAY, DAY, second, given)
            with pytest.raises(Refused, match=missing) as refused:
                decide(program, standing_for(row), act, Facts(everything))
            assert refused.value.refusal == "given.missing"


def test_each_row_asks_for_a_second_person_who_is_another_one(
    table: tuple[Program, dict[str, str]],
) -> None:
    program, _ = table
    for row in program.transitions.values():
        if not row.second_by:
            continue
        for second, code in (
            (None, "second.missing"),
            (Actor("P-2", "consultant"), "second.role_not_allowed"),
            (Actor("P-1", min(row.second_by)), "second.same_person"),
        ):
            act = Act(row.id, Actor("P-1", min(row.by)), DAY, DAY, second)
            with pytest.raises(Refused) as refused:
                decide(program, standing_for(row), act, Facts())
            assert refused.value.refusal == code


def test_what_is_offered_is_what_the_table_allows(table: tuple[Program, dict[str, str]]) -> None:
    program, facts_of_guard = table
    everything = Facts(dict.fromkeys(facts_of_guard.values(), True))

    for status in MembershipStatus:
        axes = {**OPENING, Axis.MEMBERSHIP: status.value}
        standing = Standing("importer", axes, latest=URGENT)
        for role in program.roles:
            offered = available(program, standing, Actor("P-1", role), everything, on=DAY)
            expected = {
                row.id
                for row in program.transitions.values()
                if row.stream == "account"
                and row.does not in FROM_FILES_ALONE
                and role in row.by | row.second_by
                and all(standing.axes[axis] in allowed for axis, allowed in row.sources.items())
            }
            assert {item.transition.id for item in offered} == expected
            assert all(item.is_lawful for item in offered)


def test_an_offer_that_a_guard_refuses_says_so_and_comes_last(
    table: tuple[Program, dict[str, str]],
) -> None:
    program, facts_of_guard = table
    facts = Facts({facts_of_guard["eligibility_confirmed"]: False})
    standing = Standing("importer")

    offered = available(program, standing, Actor("P-1", "point_of_contact"), facts, on=DAY)

    assert [item.transition.id for item in offered] == ["T01"]
    assert offered[0].refusal == "guard.eligibility_confirmed"
    assert not offered[0].is_lawful
    assert "confirms each eligibility" in offered[0].message


def outside(program: Program, act: str, role: str, document: str = "ab" * 32) -> Decision:
    row = program.transition(act)
    wanted = Act(
        act,
        Actor("P-1", role),
        DAY,
        DAY,
        given={key: GIVEN[key] for key in row.requires},
        origin=Origin.OUTSIDE,
        document=document,
    )
    return decide(program, standing_for(row), wanted, Facts())


def test_an_outside_decision_is_asked_no_guard_but_who_and_which_letter(
    table: tuple[Program, dict[str, str]],
) -> None:
    program, _ = table

    assert outside(program, "T06", "point_of_contact").changes[Axis.MEMBERSHIP] == "CERTIFIED"
    for act, role, document, code in (
        ("T06", "consultant", "ab", "role.not_allowed"),
        ("T06", "stranger", "ab", "role.not_allowed"),
        ("T06", "company_officer", "", "outside.document_missing"),
        ("T02", "point_of_contact", "ab", "role.not_allowed"),
    ):
        with pytest.raises(Refused) as refused:
            outside(program, act, role, document)
        assert refused.value.refusal == code


def test_an_outside_decision_is_asked_the_guards_that_hold_for_those_too(
    table: tuple[Program, dict[str, str]],
) -> None:
    program, facts_of_guard = table
    guard = replace(program.guards["letter_signed"], holds_outside=True)
    strict = replace(program, guards={**program.guards, "letter_signed": guard})

    with pytest.raises(Refused) as refused:
        outside(strict, "T06", "company_officer")

    assert refused.value.refusal == "guard.letter_signed.unknown"
    assert [answer.guard.code for answer in refused.value.answers] == ["letter_signed"]
    assert facts_of_guard["letter_signed"] in refused.value.answers[0].why.says
