"""Made lives of members: lawful steps of the CTPAT pack, as the anchor projection keeps them."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta

from greenlane.core.canonical import Json
from greenlane.core.lifecycle.standing import Standing, Step, apply
from greenlane.core.marks import Mark
from greenlane.core.program import Program, TargetRule
from greenlane.core.vocabulary import Axis

_DECIDED = (Mark.DECIDED_NONCOMPLIANCE,)


class Life:
    """One account's steps, taken from the rows of the pack without asking its guards."""

    def __init__(self, program: Program, chance: random.Random, start: date) -> None:
        self.program = program
        self.chance = chance
        self.day = start
        self.steps: list[Step] = []
        self.standing = Standing("importer")

    def wait(self, least: int, most: int) -> None:
        """Let some days pass."""
        self.day += timedelta(days=self.chance.randint(least, most))

    def do(self, act: str, **given: str) -> None:
        """Take one step of the table."""
        row = self.program.transition(act)
        changes: dict[Axis, str] = {}
        for axis, target in row.changes.items():
            if target.rule is TargetRule.VALUE:
                changes[axis] = target.value
            elif target.rule is TargetRule.ENTRY_TIER:
                changes[axis] = "T1"
            elif target.rule is TargetRule.VALIDATED_TIER:
                changes[axis] = "T2"
            else:
                before = self.standing.before_loss or ("CERTIFIED", "T1")
                changes[axis] = before[0 if axis is Axis.MEMBERSHIP else 1]
        axes = self.standing.axes
        before_loss = (axes[Axis.MEMBERSHIP], axes[Axis.TIER]) if act == "T12" else None
        marks = row.marks + _DECIDED if row.is_decision else row.marks
        # The account and its declared facts come first in a chain, and other events between.
        seq = 3 + len(self.steps) * 2
        step = Step(seq, act, self.day, self.day, changes, marks, given, before_loss)
        self.steps.append(step)
        self.standing = apply(self.standing, [step])


def life(program: Program, chance: random.Random, until: date) -> list[Step]:
    """Return one member's 8 to 20 steps, begun some time in the seven years before ``until``."""
    made = Life(program, chance, until - timedelta(days=chance.randint(200, 2600)))
    made.do("T01")
    made.wait(1, 3)
    made.do("C01")
    made.wait(1, 5)
    made.do("C02", agreement="partner-agreement-demo-1", text_sha256="ab" * 32)
    made.do("T02")
    made.wait(1, 10)
    made.do("S01", specialist="U-0123456789")
    made.do("V01")
    made.wait(10, 40)
    made.do("T05")
    made.do("V02")
    made.wait(2, 20)
    made.do("T06")
    longest = chance.randint(10, 20)
    for act, given in _later(chance):
        made.wait(*((5, 40) if act[0] == "X" else (20, 330)))
        if made.day > until or len(made.steps) >= longest:
            break
        made.do(act, **given)
    return made.steps


def _later(chance: random.Random) -> Iterator[tuple[str, dict[str, str]]]:
    band = chance.choice(["normal", "normal", "elevated", "high"])
    if chance.random() < 0.5:
        yield "AR02", {}
    if chance.random() < 0.8:
        for act in ("X01", "X03", "X05", "X08"):
            yield act, {}
        yield "T08", {"risk_band": band}
    if chance.random() < 0.15:
        yield "T12", {"ground": "G2"}
        if chance.random() < 0.6:
            yield "T13", {}
    for _ in range(8):
        yield "AR02", {}


def rows_of(program: Program, accounts: int, *, seed: int = 24) -> list[list[Json]]:
    """Return the column ``steps`` of that many accounts: one list of rows for each."""
    chance = random.Random(seed)
    until = date(2026, 11, 24)
    return [[step.as_json() for step in life(program, chance, until)] for _ in range(accounts)]
