"""Deciding: dates, codes and what a step takes along; the table itself is tested beside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest

from greenlane.core.case import Case, decrees_of
from greenlane.core.deadlines import Decree
from greenlane.core.facts import Facts
from greenlane.core.lifecycle.decide import Act, Actor, Decision, Refused, available, decide
from greenlane.core.lifecycle.standing import OPENING, Since, Standing, Step
from greenlane.core.marks import Mark
from greenlane.core.rules.tree import Is
from greenlane.core.vocabulary import Axis, Origin, Purpose
from tests.unit.core.stories import CTPAT, day, steps

DIRECTOR = Actor("U-1", "director")
SPECIALIST = Actor("U-2", "specialist")
REASONS = Facts(
    {
        "suspension.reasons_are_written": True,
        "suspension.protections_considered": True,
        "suspension.field_recommended": True,
        "validation.no_longer_exceeds": True,
    }
)
ON = day("2024-06-03")


def member(membership: str = "VALIDATED", tier: str = "T3", **axes: str) -> Standing:
    more = {Axis(name): value for name, value in axes.items()}
    return Standing("importer", {**OPENING, Axis.MEMBERSHIP: membership, Axis.TIER: tier, **more})


def act(name: str, given: Mapping[str, str] | None = None, *, by: Actor = DIRECTOR) -> Act:
    return Act(name, by, ON, ON, given=given or {})


def code_of(standing: Standing, wanted: Act, facts: Facts = REASONS) -> str:
    with pytest.raises(Refused) as refused:
        decide(CTPAT, standing, wanted, facts)
    assert str(refused.value.text) in refused.value.message
    return refused.value.refusal


def test_an_unknown_act_is_refused() -> None:
    assert code_of(member(), act("T99")) == "act.unknown"


@pytest.mark.parametrize(
    ("on", "today", "code"),
    [
        (date(2024, 6, 4), date(2024, 6, 3), "date.in_future"),
        (date(1899, 12, 31), date(2024, 6, 3), "date.out_of_range"),
        (date(2200, 1, 1), date(9999, 1, 1), "date.out_of_range"),
        (date(2024, 5, 31), date(2024, 6, 3), "date.before_last_step"),
    ],
)
def test_an_act_takes_effect_on_a_day_that_can_be(on: date, today: date, code: str) -> None:
    since = {Axis.MEMBERSHIP: Since(day("2024-06-01"), 4, "T08")}
    standing = replace(member(), since=since)

    assert code_of(standing, Act("T12", DIRECTOR, on, today, given={"ground": "G1"})) == code


def test_an_act_cannot_be_dated_before_what_its_guards_rest_on() -> None:
    standing = replace(
        member("PROFILE_APPROVED", vetting="PASSED"),
        since={Axis.VETTING: Since(day("2024-06-02"), 4, "V02")},
    )
    wanted = Act("T06", SPECIALIST, day("2024-06-01"), ON, Actor("U-3", "field_manager"))

    assert code_of(standing, wanted) == "date.before_last_step"


def test_an_axis_on_which_an_act_does_not_rest_does_not_hold_it_back() -> None:
    standing = replace(member(), since={Axis.APPEAL: Since(day("2024-06-02"), 4, "A01")})
    wanted = Act("T12", DIRECTOR, day("2024-06-01"), ON, given={"ground": "G1"})

    assert decide(CTPAT, standing, wanted, REASONS.with_({"overdue.D08": False})).act is wanted


@pytest.mark.parametrize(
    "given",
    [
        {"ground": "G99"},
        {"ground": "G1", "note": "the truck of Mr. Doe was late"},
        {"ground": "G1", "Note": "x"},
        {"ground": "G1", "a" * 41: "x"},
        {"ground": "G1", "visit_on": "2024-02-30"},
        {"ground": "G1", "visit_on": "0001-01-05"},
        {"ground": "G1", "visit_on": ""},
        {"ground": "G1", "effort_days": "-3"},
        {"ground": "G1", "effort_days": "9999"},
        {"ground": "G1", "reason": "because"},
        {"ground": "G1", "risk_band": "no-such-band"},
        {"ground": "G1", "includes_office": "maybe"},
        {"ground": "G1", "starts_on": "2024-06-10", "ends_on": "2024-06-09"},
    ],
)
def test_what_is_given_must_be_codes_and_days(given: dict[str, str]) -> None:
    assert code_of(member(), act("T12", given)) == "given.not_allowed"


def test_empty_codes_and_good_ones_pass() -> None:
    given = {"ground": "G1", "reason": ""}

    assert decide(CTPAT, member(), act("T12", given), REASONS).given == given


def test_what_an_act_does_not_take_is_refused_since_an_event_is_never_erased() -> None:
    given = {"ground": "G1", "person": "Elena.Ruiz:123-45-6789"}

    assert code_of(member(), act("T12", given)) == "given.not_allowed"
    assert code_of(member(), act("T12", {"ground": "G1", "membership": "REMOVED"})) == (
        "given.not_allowed"
    )


def test_a_reason_of_another_family_does_not_fit() -> None:
    lower = {"reason": "withdrawal.cost"}

    assert code_of(member(), act("T11", lower)) == "given.not_allowed"
    assert decide(CTPAT, member(), act("T11", {"reason": "other"}), REASONS).given["reason"]


def test_a_program_without_reasons_or_bands_takes_any_code() -> None:
    free = replace(CTPAT, reasons={}, deadlines={})

    done = decide(free, member(), act("T12", {"ground": "G1", "reason": "x"}), REASONS)
    assert done.act.id == "T12"


def test_a_decision_marks_what_kind_it_is_and_remembers_the_loss() -> None:
    ordinary = decide(CTPAT, member(), act("T12", {"ground": "G1"}), REASONS)
    falsehood = decide(CTPAT, member(), act("T12", {"ground": "G4"}), REASONS)

    assert ordinary.marks == (Mark.SUSPENDED, Mark.DECIDED_NONCOMPLIANCE)
    assert falsehood.marks[1:] == (Mark.DECIDED_FALSEHOOD, Mark.FALSEHOOD_DECIDED)
    assert ordinary.before_loss == ("VALIDATED", "T3")
    assert ordinary.step(9) == Step(
        9,
        "T12",
        ON,
        ON,
        {Axis.MEMBERSHIP: "SUSPENDED"},
        ordinary.marks,
        {"ground": "G1"},
        ("VALIDATED", "T3"),
    )


def test_a_removal_after_a_suspension_leaves_the_first_loss_to_be_given_back() -> None:
    facts = REASONS.with_({"suspension.is_aggravated": True})
    suspended = replace(member("SUSPENDED", "T3"), before_loss=("VALIDATED", "T3"))

    assert decide(CTPAT, suspended, act("T14", {"ground": "G1"}), facts).before_loss is None


def test_single_benefits_take_neither_status_nor_tier() -> None:
    assert decide(CTPAT, member(), act("T26", {"ground": "G1"}), REASONS).before_loss is None


def test_a_lowered_tier_is_remembered() -> None:
    given = {"reason": "tier.no_longer_exceeds"}

    assert decide(CTPAT, member(), act("T11", given), REASONS).before_loss == ("VALIDATED", "T3")


def granted(standing: Standing) -> Decision:
    wanted = act("T18", by=Actor("U-9", "appeal_authority"))
    return decide(CTPAT, standing, wanted, Facts({"appeal.is_reasoned": True}))


def test_a_granted_appeal_gives_back_what_was_lost() -> None:
    standing = replace(member("REMOVED", "T1", appeal="PENDING"), before_loss=("VALIDATED", "T3"))

    assert granted(standing).changes == {
        Axis.APPEAL: "GRANTED",
        Axis.MEMBERSHIP: "VALIDATED",
        Axis.TIER: "T3",
    }


def test_nothing_can_be_given_back_when_nothing_is_known_to_be_lost() -> None:
    with pytest.raises(Refused) as refused:
        granted(member("REMOVED", "T1", appeal="PENDING"))

    assert refused.value.refusal == "loss.unknown"


def test_a_step_keeps_the_facts_it_rested_on_and_no_others() -> None:
    found = decide(CTPAT, member(), act("T12", {"ground": "G1"}), REASONS).facts

    assert found["suspension.reasons_are_written"] is True
    assert found["act.ground"] == "G1"
    assert "validation.no_longer_exceeds" not in found


def test_what_the_record_knows_wins_over_what_is_said() -> None:
    facts = Facts({"standing.vetting": "PASSED", "vetting.has_open_hit": False})
    wanted = Act("T06", SPECIALIST, ON, ON, Actor("U-3", "field_manager"))

    assert code_of(member("PROFILE_APPROVED"), wanted, facts) == "guard.vetting_passed"


def test_a_plain_no_is_told_before_a_cannot_tell() -> None:
    facts = Facts({"suspension.protections_considered": False})

    assert code_of(member(), act("T12", {"ground": "G1"}), facts) == "guard.protections_considered"


# -- the case ------------------------------------------------------------------------------------


def case(*rows: tuple[str, str], stream: str = "account") -> Case:
    return Case(CTPAT, "importer", tuple(steps(*rows)), stream=stream)


def test_an_act_belongs_on_the_record_of_its_row() -> None:
    for wanted, where in (("O02", "account"), ("T12", "office")):
        with pytest.raises(Refused) as refused:
            case(stream=where).decide(act(wanted))
        assert refused.value.refusal == "act.wrong_stream"
    with pytest.raises(Refused, match="no act"):
        case().decide(act("T99"))


def test_a_reason_is_given_for_a_duty_that_is_overdue_by_its_key_or_its_name() -> None:
    late = case(("2022-05-15", "certified"))
    for named in ("D04", "D04:1:0", "D06#1"):
        assert late.decide(act("O01", {"duty": named, "reason": "other"})).act.id == "O01"
    with pytest.raises(Refused, match=r"Overdue are: D04, D06#1, D06#2\.") as refused:
        late.decide(act("O01", {"duty": "D01", "reason": "other"}))
    assert refused.value.refusal == "duty.not_overdue"
    with pytest.raises(Refused, match="Overdue are: none"):
        case(("2024-05-15", "certified")).decide(act("O01", {"duty": "D04", "reason": "other"}))


def test_the_case_offers_its_own_acts_only() -> None:
    office = case(stream="office").available(DIRECTOR, on=ON)

    assert {item.transition.stream for item in office} == {"office"}
    assert {item.transition.stream for item in case().available(DIRECTOR, on=ON)} == {"account"}


def test_guards_are_told_of_duties_as_known_now_on_the_day_of_the_act() -> None:
    opened = Case(CTPAT, "importer", tuple(steps(("2024-01-08<2024-06-03", "opened suspended"))))

    assert opened.facts(on=day("2024-04-09"))["duty.D11"] == "overdue"
    assert opened.facts(on=day("2024-04-05"))["duty.D11"] == "open"


def test_a_case_grows_by_steps_and_facts() -> None:
    first = case(("2024-05-15", "certified"))
    more = first.after(Step(2, "AR01", ON, ON, marks=(Mark.REVIEW_NOTICE_SENT,)))
    told = more.knowing(Facts({"trade.is_active": True}))

    assert [s.seq for s in told.steps] == [1, 2]
    assert told.facts(on=ON)["trade.is_active"] is True
    assert first.bucket(on=ON) is not None
    assert case().bucket(on=ON) is None
    assert told.standing(on=day("2024-05-20")).last_seq == 1


def test_decrees_are_read_from_the_office_s_acts() -> None:
    given = {"starts_on": "2024-06-10", "ends_on": "2024-06-19", "includes_office": "yes"}
    chain = [
        Step(1, "O00", ON, ON),
        Step(2, "O10", day("2024-06-12"), day("2024-06-12"), given=given),
    ]

    assert decrees_of(chain) == (
        Decree(2, day("2024-06-10"), day("2024-06-19"), True, day("2024-06-12")),
    )


def test_an_outside_act_says_so_in_its_step() -> None:
    wanted = replace(
        act("T12", {"ground": "G1"}, by=Actor("U-5", "company_officer")),
        origin=Origin.OUTSIDE,
        document="ab" * 32,
    )

    assert decide(CTPAT, member(), wanted, Facts()).step(2).origin is Origin.OUTSIDE


def test_what_somebody_typed_never_enters_an_event() -> None:
    for typed in ("two words", "é", "x" * 2000, "line\nbreak"):
        assert code_of(member(), act("T12", {"ground": "G1", "reason": typed})) == (
            "given.not_allowed"
        )


def test_words_are_refused_where_no_list_of_codes_would_refuse_them() -> None:
    by = Actor("U-1", min(CTPAT.transition("S01").by))
    words = act("S01", {"specialist": "two words"}, by=by)

    assert code_of(member("APPLICANT", "NONE"), words) == "given.not_allowed"
    assert decide(
        CTPAT,
        member("APPLICANT", "NONE"),
        act("S01", {"specialist": "U-0123456789"}, by=by),
        Facts(),
    ).given == {"specialist": "U-0123456789"}


def test_a_specialist_who_was_assigned_is_not_offered_to_be_assigned_again() -> None:
    waiting = member("APPLICANT", "NONE")
    assigned = Step(4, "S01", ON, ON, {}, (Mark.ASSIGNED_TO_SPECIALIST,))
    later = replace(waiting, latest={Mark.ASSIGNED_TO_SPECIALIST: assigned})

    def offered(standing: Standing) -> set[tuple[str, str]]:
        return {
            (role, one.transition.id)
            for role in CTPAT.roles
            for one in available(CTPAT, standing, Actor("U-1", role), Facts(), on=ON)
        }

    lost = offered(waiting) - offered(later)
    assert {act for _, act in lost} == {"S01"}
    assert offered(later) <= offered(waiting)


def test_a_refusal_keeps_its_message_and_its_fields() -> None:
    refused = Refused("some.code", "{act} is refused: {why}.", act="T12", why="it rains")

    assert (str(refused), str(refused.text)) == ("T12 is refused: it rains.",) * 2
    assert refused.fields == {"act": "T12", "why": "it rains"}


def test_a_refusal_says_what_an_act_takes() -> None:
    for name, takes in (("T12", r"It takes: .*ground.*\."), ("AR01", "It takes nothing")):
        row = CTPAT.transition(name)
        standing = member(**{axis.value: min(v) for axis, v in row.sources.items()})
        given = dict.fromkeys(row.requires, "G1")

        with pytest.raises(Refused, match=takes):
            decide(
                CTPAT,
                standing,
                act(name, {**given, "person": "x"}, by=Actor("U-1", min(row.by))),
                REASONS,
            )


def test_eligibility_that_asks_for_a_duty_is_told_of_it() -> None:
    importer = CTPAT.entity_type("importer")
    statement = replace(importer.eligibility[0], rule=Is("duty.D04", "none"))
    stated = replace(importer, eligibility=(statement,))
    program = replace(CTPAT, entity_types={**CTPAT.entity_types, "importer": stated})
    facts = Facts({"application.eligibility_is_confirmed": True})
    opened = act("T01", by=Actor("U-1", min(CTPAT.transition("T01").by)))

    decided = Case(program, "importer", declared=facts).decide(opened)

    assert decided.facts["eligibility.holds"] is True
    assert "T01" not in CTPAT.acts_on_duties
    assert "duty.D04" not in decided.facts


@pytest.mark.parametrize(
    ("marks", "is_there"),
    [
        ([], False),
        ([Mark.SUSPENDED], False),
        ([Mark.SUSPENDED, Mark.URGENTLY_SUSPENDED], True),
    ],
    ids=["carried", "normal", "urgent"],
)
@pytest.mark.parametrize("wanted", ["U01", "T29"])
def test_only_a_suspension_on_the_urgent_path_is_reviewed_afterwards(
    marks: list[Mark], is_there: bool, wanted: str
) -> None:
    suspended = Step(4, "T28", ON, ON)
    standing = replace(
        member("SUSPENDED"),
        latest=dict.fromkeys(marks, suspended),
        before_loss=("VALIDATED", "T3"),
    )

    offered = {one.transition.id for one in available(CTPAT, standing, DIRECTOR, Facts(), on=ON)}

    assert (wanted in offered) is is_there
    if not is_there:
        assert code_of(standing, act(wanted)) == "urgency.none"


@pytest.mark.parametrize(
    ("latest", "expected"),
    [
        # Suspended urgently, lifted, and later suspended again with notice.
        ({Mark.URGENTLY_SUSPENDED: 4, Mark.URGENCY_REVIEWED: 5, Mark.SUSPENDED: 9}, set()),
        ({Mark.URGENTLY_SUSPENDED: 4, Mark.SUSPENDED: 4, Mark.URGENCY_REVIEWED: 5}, {"T29"}),
        ({Mark.URGENTLY_SUSPENDED: 9, Mark.SUSPENDED: 9, Mark.URGENCY_REVIEWED: 5}, {"U01", "T29"}),
    ],
    ids=["normal again", "reviewed already", "urgent again"],
)
def test_an_urgent_suspension_is_confirmed_once_and_may_still_be_lifted(
    latest: dict[Mark, int], expected: set[str]
) -> None:
    found = {mark: Step(seq, "T28", ON, ON) for mark, seq in latest.items()}
    standing = replace(member("SUSPENDED"), latest=found)

    offered = {one.transition.id for one in available(CTPAT, standing, DIRECTOR, Facts(), on=ON)}

    assert offered & {"U01", "T29"} == expected


def message_of(standing: Standing, wanted: Act, facts: Facts = REASONS) -> str:
    with pytest.raises(Refused) as refused:
        decide(CTPAT, standing, wanted, facts)
    return refused.value.message


def test_a_refusal_for_the_status_says_since_when_where_that_is_known() -> None:
    known = replace(
        member("WITHDRAWN"), since={Axis.MEMBERSHIP: Since(day("2024-05-06"), 4, "T15")}
    )

    assert message_of(known, act("T12")).endswith("is WITHDRAWN since 6 May 2024 (T15).")
    assert message_of(member("WITHDRAWN"), act("T12")).endswith("is WITHDRAWN.")


def test_a_refusal_of_a_guard_says_whether_it_fails_or_cannot_be_told() -> None:
    no = message_of(
        member(),
        act("T12", {"ground": "G1"}),
        Facts(
            {
                **REASONS,
                "suspension.protections_considered": False,
            }
        ),
    )
    unknown = message_of(member(), act("T12", {"ground": "G1"}), Facts())

    assert "cannot tell yet" not in no
    assert "cannot tell yet" in unknown


def test_a_refusal_names_the_codes_there_are_and_cuts_what_somebody_typed() -> None:
    assert "use G1" in message_of(member(), act("T12", {"ground": "G99"}))
    typed = message_of(member(), act("T12", {"ground": "G1", "x" * 50: "y"}))
    assert repr("x" * 40) in typed
    typed = message_of(member(), act("T12", {"ground": "G1", "reason": "two words " + "y" * 50}))
    assert repr(("two words " + "y" * 50)[:40]) in typed


def test_an_outage_of_one_day_is_one() -> None:
    row = CTPAT.act_that(Purpose.DECREE_OUTAGE)
    given = {"starts_on": "2024-06-03", "ends_on": "2024-06-03", "includes_office": "no"}
    given |= dict.fromkeys(row.requires - given.keys(), "other")
    by = Actor("U-1", min(row.by))

    decided = Case(CTPAT, "importer", stream="office").decide(act(row.id, given, by=by))

    assert decided.given == given
    with pytest.raises(Refused, match="before 2024-06-03"):
        Case(CTPAT, "importer", stream="office").decide(
            act(row.id, {**given, "ends_on": "2024-06-02"}, by=by)
        )


def test_an_application_that_is_received_and_assigned_in_one_step_is_assigned() -> None:
    marks = (Mark.APPLICATION_RECEIVED, Mark.ASSIGNED_TO_SPECIALIST)
    both = Step(4, "S01", ON, ON, {}, marks)
    standing = replace(member("APPLICANT", "NONE"), latest=dict.fromkeys(marks, both))
    by = Actor("U-1", min(CTPAT.transition("S01").by))

    with pytest.raises(Refused) as refused:
        decide(CTPAT, standing, act("S01", by=by), Facts())
    assert refused.value.refusal == "assignment.made"
