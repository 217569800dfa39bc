"""Runs dated acts on a program without a database, through the product's own decide and apply.

The written form is read by ``content.scenario_files``; docs/reference/scenarios.md describes it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from greenlane.core.canonical import Json
from greenlane.core.case import Case, decrees_of
from greenlane.core.deadlines import Duty, duty_json
from greenlane.core.facts import Facts, FactValue
from greenlane.core.lifecycle.decide import Act, Actor, Refused
from greenlane.core.lifecycle.standing import Standing, has_benefits
from greenlane.core.program import Program
from greenlane.core.vocabulary import Origin

OFFICE = "office"
FIRST = "A1"


@dataclass(frozen=True, slots=True)
class ScenarioAct:
    """One dated act. ``facts`` become known before it; a value of None makes one unknown again.

    ``expects`` is the refusal code that must come, or "" when the act must go through.
    """

    account: str
    on: date
    recorded_on: date
    act: str
    by: Actor
    second: Actor | None = None
    given: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, FactValue | None] = field(default_factory=dict)
    document: str = ""
    expects: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Expectation:
    """What must be true on a day: axes of the standing, duties by id, benefits, the bucket."""

    account: str
    on: date
    known_now: bool = False
    standing: Mapping[str, str] = field(default_factory=dict)
    duties: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    has_benefits: bool | None = None
    bucket: str | None = None
    line: int = 0


@dataclass(frozen=True, slots=True)
class Scenario:
    """A story: accounts with their entity types, what is known of them, acts, expectations."""

    name: str
    title: str
    source: str
    pack: str
    accounts: Mapping[str, str]
    facts: Mapping[str, Mapping[str, FactValue]]
    acts: tuple[ScenarioAct, ...]
    expectations: tuple[Expectation, ...]


@dataclass(frozen=True, slots=True)
class Refusal:
    """An act that did not go through: it leaves no trace in standing or duties."""

    account: str
    act: str
    on: date
    code: str
    message: str
    was_expected: bool


@dataclass(frozen=True, slots=True)
class Snapshot:
    """An account on a day asked for."""

    account: str
    on: date
    known_now: bool
    standing: Standing
    duties: tuple[Duty, ...]
    bucket: Duty | None
    has_benefits: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a scenario came to. ``failures`` are sentences; empty when all expectations hold."""

    scenario: Scenario
    cases: Mapping[str, Case]
    refusals: tuple[Refusal, ...]
    snapshots: tuple[Snapshot, ...]
    failures: tuple[str, ...]

    def as_json(self) -> dict[str, Json]:
        """Return the machine-readable outcome printed by ``greenlane scenario run``."""
        return {
            "scenario": self.scenario.name,
            "pack": self.scenario.pack,
            "passed": not self.failures,
            "failures": list(self.failures),
            "refusals": [
                {
                    "account": refusal.account,
                    "act": refusal.act,
                    "on": refusal.on.isoformat(),
                    "code": refusal.code,
                    "message": refusal.message,
                    "expected": refusal.was_expected,
                }
                for refusal in self.refusals
            ],
            "days": [_snapshot_json(snapshot) for snapshot in self.snapshots],
        }


def run(program: Program, scenario: Scenario) -> Outcome:
    """Return what the scenario comes to. Never raises for a refused act: it is reported."""
    cases = {
        key: Case(program, entity, declared=Facts(dict(scenario.facts.get(key, {}))))
        for key, entity in scenario.accounts.items()
    }
    cases[OFFICE] = Case(program, OFFICE, stream=OFFICE)
    refusals: list[Refusal] = []
    failures: list[str] = []
    for act in scenario.acts:
        case = cases[act.account].knowing(_facts_now(cases[act.account].declared, act.facts))
        try:
            decision = case.decide(as_act(act))
        except Refused as refused:
            ok = refused.refusal == act.expects
            refusals.append(
                Refusal(act.account, act.act, act.on, refused.refusal, refused.message, ok)
            )
            if not ok:
                wanted = f"refusal {act.expects}" if act.expects else "no refusal"
                failures.append(
                    f"line {act.line}: {act.act} on {act.on}: expected {wanted}, "
                    f"got {refused.refusal}: {refused.message}"
                )
        else:
            case = case.after(decision.step(len(case.steps) + 1))
            if act.expects:
                failures.append(
                    f"line {act.line}: {act.act} on {act.on}: expected refusal {act.expects}, "
                    "and it went through"
                )
        cases[act.account] = case
        if act.account == OFFICE:
            decrees = decrees_of(case.steps)
            cases = {key: replace(one, decrees=decrees) for key, one in cases.items()}
    snapshots = tuple(look(cases[e.account], e) for e in scenario.expectations)
    for expectation, snapshot in zip(scenario.expectations, snapshots, strict=True):
        failures.extend(_compare(expectation, snapshot))
    return Outcome(scenario, cases, tuple(refusals), snapshots, tuple(failures))


def as_act(act: ScenarioAct) -> Act:
    """Return the core act of a scenario's line."""
    return Act(
        id=act.act,
        by=act.by,
        on=act.on,
        today=act.recorded_on,
        second=act.second,
        given=act.given,
        origin=Origin.OUTSIDE if act.document else Origin.HERE,
        document=act.document,
    )


def _facts_now(before: Facts, news: Mapping[str, FactValue | None]) -> Facts:
    merged = {**before, **{k: v for k, v in news.items() if v is not None}}
    return Facts({k: v for k, v in merged.items() if news.get(k, v) is not None})


def look(case: Case, expectation: Expectation) -> Snapshot:
    """Return the account on the day of the expectation."""
    on, known_now = expectation.on, expectation.known_now
    standing = case.standing(on=on, known_now=known_now)
    return Snapshot(
        expectation.account,
        on,
        known_now,
        standing,
        tuple(case.duties(on=on, known_now=known_now)),
        case.bucket(on=on, known_now=known_now),
        has_benefits(case.program, standing),
    )


def _compare(wanted: Expectation, found: Snapshot) -> list[str]:
    where = f"line {wanted.line}: {wanted.account} on {wanted.on}"
    faults = []
    for axis, value in wanted.standing.items():
        got = {a.value: v for a, v in found.standing.axes.items()}.get(axis)
        if got != value:
            faults.append(f"{where}: {axis} is {got}, expected {value}")
    for key, want in wanted.duties.items():
        faults.extend(_compare_duty(where, key, want, found))
    if wanted.has_benefits is not None and wanted.has_benefits != found.has_benefits:
        faults.append(f"{where}: benefits are {found.has_benefits}, expected {wanted.has_benefits}")
    if wanted.bucket is not None:
        got = found.bucket.id if found.bucket else "nothing due"
        if got != wanted.bucket:
            faults.append(f"{where}: the bucket is {got}, expected {wanted.bucket}")
    return faults


def _compare_duty(where: str, key: str, want: Mapping[str, str], found: Snapshot) -> list[str]:
    rule, _, cycle = key.partition("#")
    rows = [duty for duty in found.duties if duty.id == rule]
    if cycle:
        rows = [duty for duty in rows if str(duty.cycle) == cycle]
    if not rows:
        return [] if want.get("state") == "none" else [f"{where}: there is no duty {key}"]
    duty = rows[-1]
    got = duty_json(duty)
    return [
        f"{where}: {key} has {name} {got.get(name)}, expected {value}"
        for name, value in want.items()
        if str(got.get(name)) != value
    ]


def _snapshot_json(snapshot: Snapshot) -> Json:
    return {
        "account": snapshot.account,
        "on": snapshot.on.isoformat(),
        "known": "now" if snapshot.known_now else "then",
        "standing": {axis.value: value for axis, value in snapshot.standing.axes.items()},
        "tier": snapshot.standing.tier.value,
        "benefits": snapshot.has_benefits,
        "bucket": snapshot.bucket.id if snapshot.bucket else "nothing due",
        "duties": [duty_json(duty) for duty in snapshot.duties],
    }
