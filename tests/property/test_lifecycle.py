"""Random lives: lawful and unlawful acts by anybody, and what must hold after each of them."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from greenlane.content.packs import load_program
from greenlane.core.case import Case
from greenlane.core.deadlines import Decree, duties, duty_json, duty_steps, known_rows, worst
from greenlane.core.facts import VOCABULARY, Facts, FactType, FactValue
from greenlane.core.ledger import step_of, step_payload
from greenlane.core.lifecycle.decide import Act, Actor, Refused
from greenlane.core.lifecycle.standing import Step, fold, has_benefits
from greenlane.core.program import TargetRule
from greenlane.core.satisfy import facts_satisfying
from greenlane.core.vocabulary import Axis, DutyState, MembershipStatus, Origin

CTPAT = load_program("ctpat")
ACTS = sorted(row.id for row in CTPAT.transitions.values() if row.stream == "account")
ROLES = sorted(CTPAT.roles)
REASON = next(iter(CTPAT.reasons))
BUCKETED = {MembershipStatus.CERTIFIED, MembershipStatus.VALIDATED, MembershipStatus.SUSPENDED}
CODES: dict[str, list[str]] = {
    "agreement": ["partner-agreement-demo-1"],
    "text_sha256": ["ab" * 32],
    "specialist": ["U-1"],
    "ground": sorted(CTPAT.grounds),
    "reason": [REASON],
    "duty": ["D04", "D06#1", "D99"],
    "into_account": ["A-2"],
    "source_account": ["A-2"],
    "effort_days": ["1", "6"],
    "corrects": ["1", "2", "3", "5"],
}


CAREER = ["T01", "C01", "T02", "V01", "T05", "V02", "T06", "X01", "X03", "X04", "X05", "X08", "T08"]


STORIES = (
    "X01 X02 X03 40 X04 X05 X06 X07 X08 T08",
    "X01 X03 35 X04 X05 X08 T09 T10 365 T11 A02 A03",
    "X01 X09 30 X10 X03 X11",
    "AR01 AR02 P01 AR05 P02 AR03",
    "T12 S03 30 T13",
    "T12 T17 100 A01",
    "T12 T17 100 T22 T16 A07 T19",
    "T12 100 T22 400 T19 V01 V02 T05 T06",
    "T12 100 T14 T17 T18",
    "T26 A02 A06 T26 T27",
    "T20 E01 T20 E02 A02 A04",
    "T01 C01 40 T03 T01 C01 T02",
    "F01 T08 T09 F02",
    "O01 400 O01",
    "TC01 400 TC02",
)


def kindly(on: date) -> dict[str, FactValue]:
    """Return facts on which most guards hold: else a random life hardly leaves its first day."""
    known: dict[str, FactValue] = dict(
        facts_satisfying(CTPAT.entity_type("importer").eligibility, on=on)
    )
    for word in VOCABULARY.values():
        if not word.is_derived and word.name not in known:
            if word.type is FactType.BOOL:
                known[word.name] = not word.name.endswith(
                    ("_failure", "_hit", "_unpaid", "is_lost")
                )
            elif word.type is FactType.INT:
                known[word.name] = 0
    return known


class Lives(RuleBasedStateMachine):
    """One account and the office's decrees, over years."""

    def __init__(self) -> None:
        super().__init__()
        self.day = date(2020, 1, 6)
        self.case = Case(CTPAT, "importer")
        self.printed: list[tuple[date, str]] = []

    @initialize(
        entity=st.sampled_from(["importer", "importer", "customs_broker"]),
        length=st.sampled_from([0, 4, len(CAREER), len(CAREER)]),
    )
    def begin(self, entity: str, length: int) -> None:
        """Begin with nothing, as an applicant, or with a validated member."""
        facts = kindly(self.day)
        facts |= facts_satisfying(CTPAT.entity_type(entity).eligibility, on=self.day)
        self.case = Case(CTPAT, entity, declared=Facts(facts))
        for act in CAREER[:length]:
            row = CTPAT.transition(act)
            given = {k: CODES.get(k, [self.day.isoformat()])[0] for k in row.requires}
            second = Actor("P-2", min(row.second_by)) if row.second_by else None
            wanted = Act(act, Actor("P-1", min(row.by)), self.day, self.day, second, given)
            self.case = self.case.after(self.case.decide(wanted).step(len(self.case.steps) + 1))

    @rule(days=st.sampled_from([1, 1, 7, 30, 31, 89, 90, 91, 200, 365, 1461]))
    def wait(self, days: int) -> None:
        self.print_list()
        self.day += timedelta(days=days)

    def print_list(self) -> None:
        """Keep the list of this day as it is printed today."""
        self.printed.append((self.day, told(self.case, self.day)))

    @rule(
        act=st.sampled_from(ACTS),
        role=st.sampled_from(ROLES),
        late=st.sampled_from([0, 0, 0, 3]),
        data=st.data(),
    )
    def somebody_tries_anything(self, act: str, role: str, late: int, data: Any) -> None:
        self.do(act, role, late, data)

    @precondition(lambda self: bool(self.open_acts()))
    @rule(data=st.data(), late=st.sampled_from([0, 0, 0, 5]))
    def somebody_able_tries_what_starts_from_here(self, data: Any, late: int) -> None:
        act = data.draw(st.sampled_from(self.open_acts()), label="act")
        role = data.draw(st.sampled_from(sorted(CTPAT.transition(act).by)), label="role")
        self.do(act, role, late, data)

    @rule(story=st.sampled_from(STORIES), data=st.data())
    def a_usual_story_is_tried(self, story: str, data: Any) -> None:
        """Try acts that follow each other in life; a word that is no act lets so many days pass."""
        for word in story.split():
            if word.isdigit():
                self.wait(int(word))
            else:
                self.do(word, min(CTPAT.transition(word).by), 0, data, is_usual=True)

    def open_acts(self) -> list[str]:
        axes = self.case.standing().axes
        return [
            act
            for act in ACTS
            if all(axes[a] in allowed for a, allowed in CTPAT.transition(act).sources.items())
        ]

    def do(self, act: str, role: str, late: int, data: Any, *, is_usual: bool = False) -> None:
        row = CTPAT.transition(act)
        given = {
            key: data.draw(st.sampled_from(CODES.get(key, [self.day.isoformat()])), label=key)
            for key in sorted(row.requires)
        }
        for axis, target in row.changes.items():
            if target.rule is TargetRule.GIVEN:
                given[axis.value] = data.draw(st.sampled_from(sorted(target.allowed)))
        is_outside = not is_usual and data.draw(st.sampled_from([False, False, True]), label="out")
        second = Actor("P-2", min(row.second_by)) if row.second_by else None
        wanted = Act(
            act,
            Actor("P-1", role),
            self.day - timedelta(days=late),
            self.day,
            second,
            given,
            Origin.OUTSIDE if is_outside else Origin.HERE,
            "ab" * 32 if is_outside else "",
        )
        odd = "" if is_usual else data.draw(st.sampled_from([*VOCABULARY, "", ""]), label="unknown")
        facts = {k: v for k, v in self.case.declared.items() if k != odd}
        before = self.case
        try:
            decision = before.knowing(Facts(facts)).decide(wanted)
        except Refused as refusal:
            refused = refusal
        else:
            self.case = before.after(decision.step(len(before.steps) + 1))
            self.lawful(before, decision.step(0))
            return
        assert refused.refusal
        assert refused.message
        assert self.case is before

    def lawful(self, before: Case, step: Step) -> None:
        """Check what must hold of each lawful step."""
        row, was = CTPAT.transition(step.act), before.standing()
        assert all(was.axes[axis] in allowed for axis, allowed in row.sources.items())
        if step.act in {"T17", "A02"} and not before.decrees:
            then = {duty.key: duty.due_on for duty in before.duties(on=step.on, known_now=True)}
            now = {duty.key: duty.due_on for duty in self.case.duties(on=step.on, known_now=True)}
            assert all(now[key] >= due for key, due in then.items()), "an appeal shortens nothing"
            assert self.case.standing().membership == was.membership, "an appeal lifts nothing"

    @rule(length=st.integers(0, 40), office=st.booleans(), ahead=st.integers(-10, 10))
    def the_office_decrees_an_outage(self, length: int, office: bool, ahead: int) -> None:
        starts = self.day + timedelta(days=ahead)
        decree = Decree(1, starts, starts + timedelta(days=length), office, recorded_on=self.day)
        if len(self.case.decrees) < 3:
            self.case = Case(
                CTPAT,
                self.case.entity_type,
                self.case.steps,
                self.case.declared,
                (*self.case.decrees, decree),
            )

    @invariant()
    def replay_gives_the_same_standing(self) -> None:
        written = json.loads(json.dumps([step.as_json() for step in self.case.steps]))
        events = [
            json.loads(
                json.dumps(
                    {
                        "kind": "step",
                        "seq": step.seq,
                        "act": step.act,
                        "on": step.on.isoformat(),
                        "recorded_on": step.recorded_on.isoformat(),
                        "origin": step.origin.value,
                        "payload": step_payload(step),
                    }
                )
            )
            for step in self.case.steps
        ]
        standing = self.case.standing()

        assert fold(self.case.entity_type, map(Step.from_json, written)) == standing
        replayed = [step for event in events if (step := step_of(event)) is not None]
        assert fold(self.case.entity_type, replayed) == standing

    @invariant()
    def there_are_no_benefits_without_certification(self) -> None:
        standing = self.case.standing()
        certified = any(
            step.changes.get(Axis.MEMBERSHIP) == "CERTIFIED" for step in self.case.steps
        )
        if has_benefits(CTPAT, standing):
            assert standing.membership in {MembershipStatus.CERTIFIED, MembershipStatus.VALIDATED}
            assert certified

    @invariant()
    def no_status_is_without_an_exit(self) -> None:
        standing = self.case.standing()
        status = CTPAT.statuses.get(standing.membership)
        if status is None or not status.is_terminal:
            leaving = [
                act for act in self.open_acts() if Axis.MEMBERSHIP in CTPAT.transition(act).changes
            ]
            assert leaving

    @invariant()
    def a_pending_appeal_can_be_granted_and_upheld(self) -> None:
        if self.case.standing().axes[Axis.APPEAL] == "PENDING":
            ends = {
                CTPAT.transition(act).changes[Axis.APPEAL].value
                for act in self.open_acts()
                if Axis.APPEAL in CTPAT.transition(act).changes
            }
            assert {"GRANTED", "UPHELD"} <= ends

    @invariant()
    def every_member_is_in_one_bucket_of_the_due_list(self) -> None:
        found = self.case.duties(on=self.day)
        bucket = worst(found)
        keys = [duty.key for duty in found]
        assert len(keys) == len(set(keys))
        for duty in found:
            assert (duty.state is DutyState.MET) == (duty.met_on is not None)
            assert duty.why
        if self.case.standing(on=self.day).membership in BUCKETED:
            overdue = [
                duty
                for duty in found
                if duty.state is DutyState.OVERDUE and duty.deadline.nature.value != "right"
            ]
            assert bucket is None or bucket in found
            assert not overdue or (bucket is not None and bucket.state is DutyState.OVERDUE)

    @invariant()
    def the_anchor_projection_gives_the_duties_of_a_replay(self) -> None:
        rows = [step.as_json() for step in self.case.steps]
        kept = duty_steps(CTPAT, known_rows(rows, on=self.day))
        found = duties(CTPAT, kept, on=self.day, decrees=self.case.decrees)

        assert [duty_json(duty) for duty in found] == [
            duty_json(duty) for duty in self.case.duties(on=self.day)
        ]

    def teardown(self) -> None:
        for day, printed in self.printed:
            assert told(self.case, day) == printed, "a past list can be printed again"


def told(case: Case, day: date) -> str:
    return json.dumps([duty_json(duty) for duty in case.duties(on=day)], sort_keys=True)


TestLives = Lives.TestCase
TestLives.settings = settings(
    max_examples=40,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
