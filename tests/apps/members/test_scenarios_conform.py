"""The conformance test: every scenario of every pack, through the real actions, comes out the same.

The scenario runner and the product decide through one core; this proves that nothing between the
core and the tables (declared facts, projections, the record) makes a difference.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from greenlane.apps.accounts import actions as people
from greenlane.apps.audit.actions import append_new
from greenlane.apps.audit.verify import verify
from greenlane.apps.members import queries
from greenlane.apps.members.actions.accounts import account_draft, open_account
from greenlane.apps.members.actions.steps import office_step, step, step_draft
from greenlane.content.packs import load_program, pack_dir, pack_names
from greenlane.content.scenario_files import read_scenario
from greenlane.core.case import Case
from greenlane.core.deadlines import duty_json
from greenlane.core.errors import GreenlaneError
from greenlane.core.facts import Facts, FactValue, check_may_declare
from greenlane.core.lifecycle.decide import Act, Refused
from greenlane.core.lifecycle.standing import has_benefits
from greenlane.core.program import Program
from greenlane.core.scenario import OFFICE, Outcome, ScenarioAct, run
from greenlane.core.vocabulary import Origin, Power

pytestmark = pytest.mark.django_db
PATHS = [
    path for name in pack_names() for path in sorted(pack_dir(name).rglob("scenarios/**/*.yaml"))
]
NOON_AT_THE_OFFICE = time(17, 0, tzinfo=UTC)


class Replay:
    """Plays a scenario's acts on the database."""

    def __init__(self, program: Program, outcome: Outcome) -> None:
        self.program = program
        self.story = outcome.scenario
        self.facts: dict[str, dict[str, FactValue]] = {
            key: dict(self.story.facts.get(key, {})) for key in self.story.accounts
        }
        self.keys = {key: f"A-{index:010d}" for index, key in enumerate(self.story.accounts)}
        self.opened: set[str] = set()
        self.minutes = 0
        for person in sorted(
            {a.given["specialist"] for a in self.story.acts if a.given.get("specialist")}
        ):
            self.employ(person)

    def employ(self, person: str) -> None:
        """Give somebody the role that a case is assigned to: without it nobody can be assigned."""
        began = datetime(1950, 1, 1, 12, tzinfo=UTC)
        people.register_person(
            name=person, email=f"{person}@example.org", at=began, program=self.program, key=person
        )
        role = min(self.program.roles_that_may(Power.BE_ASSIGNED))
        people.grant(person=person, role=role, by=people.BY_SYSTEM, at=began, program=self.program)

    def codes(self) -> list[str]:
        """Return the refusal of each act, or "" for one that went through."""
        return [self.refusal_of(act) for act in self.story.acts]

    def refusal_of(self, act: ScenarioAct) -> str:
        self.minutes += 1
        moment = datetime.combine(act.recorded_on, NOON_AT_THE_OFFICE)
        at = moment + timedelta(minutes=self.minutes)
        known = self.facts.setdefault(act.account, {})
        for name, value in act.facts.items():
            if value is None:
                known.pop(name, None)
            else:
                known[name] = value
        try:
            self.do(act, at, known)
        except Refused as refused:
            return refused.refusal
        return ""

    def do(self, act: ScenarioAct, at: datetime, known: dict[str, FactValue]) -> None:
        if act.account == OFFICE:
            office_step(
                program=self.program, act=act.act, by=act.by, at=at, on=act.on, given=act.given
            )
            return
        shared: dict[str, Any] = {
            "act": act.act,
            "by": act.by,
            "at": at,
            "on": act.on,
            "second": act.second,
            "given": self.placed(act.given),
            "origin": Origin.OUTSIDE if act.document else Origin.HERE,
            "document": act.document,
        }
        key = self.keys[act.account]
        if act.account in self.opened:
            step(account=queries.account(key), facts=known, **shared)
            return
        if "migration.is_sourced" in known:
            self.take_over(act, at, key, known)
            return
        open_account(
            program=self.program,
            entity_type=self.story.accounts[act.account],
            organization="O-0000000000",
            company_name=f"Company {act.account}",
            facts={name: value for name, value in known.items() if self.may_declare(act, name)},
            key=key,
            **shared,
        )
        self.opened.add(act.account)

    def placed(self, given: Mapping[str, str]) -> dict[str, str]:
        """Return codes whose place of a step counts the event that opened the account too."""
        moved = {"corrects": str(int(given["corrects"]) + 1)} if "corrects" in given else {}
        return {**given, **moved}

    def take_over(
        self, act: ScenarioAct, at: datetime, key: str, known: dict[str, FactValue]
    ) -> None:
        """Open an account from an earlier record, with the drafts that the import writes."""
        entity, today = (
            self.story.accounts[act.account],
            at.astimezone(ZoneInfo(self.program.timezone)).date(),
        )
        wanted = Act(act.act, act.by, act.on, today, act.second, dict(act.given))
        decision = Case(self.program, entity, declared=Facts(known)).decide(wanted)
        opened = account_draft(
            program=self.program,
            entity_type=entity,
            organization="O-0000000000",
            company_name=f"Company {act.account}",
            by=act.by,
            on=act.on,
        )
        append_new(
            {key: [opened, (step_draft(decision, seq=2), None)]}, at=at, program=self.program
        )
        self.opened.add(act.account)

    def may_declare(self, act: ScenarioAct, name: str) -> bool:
        try:
            check_may_declare(name, self.program.roles[act.by.role].side)
        except GreenlaneError:
            return False
        return True

    def case(self, key: str) -> Case:
        """Return the account as the product sees it now."""
        if key == OFFICE:
            return queries.office_case(self.program)
        if key not in self.opened:
            return Case(self.program, self.story.accounts[key], decrees=queries.office_decrees())
        return queries.case_of(queries.account(self.keys[key]))


def days_of(outcome: Outcome) -> Iterator[tuple[date, bool]]:
    for snapshot in outcome.snapshots:
        yield snapshot.on, snapshot.known_now
    for act in outcome.scenario.acts:
        yield act.recorded_on, False
        yield act.recorded_on + timedelta(days=1), True


def told(case: Case, on: date, *, known_now: bool) -> dict[str, object]:
    """Return what an account comes to on a day, without the places in its chain."""
    standing = case.standing(on=on, known_now=known_now)
    bucket = case.bucket(on=on, known_now=known_now)
    found = [duty_json(duty) for duty in case.duties(on=on, known_now=known_now)]
    return {
        "standing": {axis.value: value for axis, value in standing.axes.items()},
        "since": {axis.value: (s.on, s.act) for axis, s in standing.since.items()},
        "benefits": has_benefits(case.program, standing),
        "bucket": bucket.id if bucket else None,
        "duties": [{k: v for k, v in duty.items() if k != "anchor"} for duty in found],
    }


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_a_scenario_comes_out_the_same_through_the_real_actions(path: Path) -> None:
    story = read_scenario(path)
    program = load_program(story.pack)
    outcome = run(program, story)
    replay = Replay(program, outcome)

    codes = replay.codes()

    assert codes == [act.expects for act in story.acts]
    for key, case in outcome.cases.items():
        mine = replay.case(key)
        for on, known_now in set(days_of(outcome)):
            assert told(mine, on, known_now=known_now) == told(case, on, known_now=known_now)
    report = verify()
    assert report.faults == []


def test_there_are_scenarios_to_replay() -> None:
    assert len(PATHS) >= 40
