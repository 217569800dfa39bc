"""Random lives: whoever may act does something lawful now and then, for years.

Nothing here knows what an act of the pack is for: what starts from where the account stands is
tried, and what the pack refuses has not happened. Acts that end or interrupt a membership are rarer
than the others, else nobody would live for ten years.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from greenlane.core.case import Case
from greenlane.core.deadlines import Decree
from greenlane.core.facts import VOCABULARY, Facts, FactType, FactValue
from greenlane.core.lifecycle.decide import Act, Actor, Refused
from greenlane.core.program import Program, TargetRule, Transition
from greenlane.core.satisfy import facts_satisfying
from greenlane.core.vocabulary import Axis, DutyState, Phase, Purpose

_ENDING = frozenset({Phase.CLOSED, Phase.SUSPENDED})
_USUAL, _NOTED, _RARE = 12, 3, 1
_LONGEST_WAIT = 90
_TRIES = 4
# Facts that are bad news when they hold.
_BAD = ("_failure", "_hit", "_unpaid", "is_lost", "_events")


@dataclass(slots=True)
class Life:
    """One account with its acts as they were asked for, and what was refused."""

    case: Case
    facts: dict[str, FactValue]
    acts: list[Act] = field(default_factory=list)
    refused: int = 0


class World:
    """A program with its office, its decreed outages and ten years of time."""

    def __init__(
        self, program: Program, *, first: date, last: date, decrees: Sequence[Decree] = ()
    ) -> None:
        self.program = program
        self.first, self.last = first, last
        self.decrees = tuple(decrees)
        self.kinds = [key for key, one in program.entity_types.items() if not one.is_overlay]
        self.rows = [row for row in program.transitions.values() if row.stream == "account"]
        self.weights = {row.id: self._weight(row) for row in self.rows}

    def _weight(self, row: Transition) -> int:
        if not row.changes:
            return _NOTED
        target = row.changes.get(Axis.MEMBERSHIP)
        if target is None or target.rule is not TargetRule.VALUE:
            return _USUAL
        return _RARE if self.program.phase_of(target.value) in _ENDING else _USUAL

    def live(self, chance: random.Random) -> Life:
        """Return one account's life from a random first day to the last day."""
        kind = chance.choice(self.kinds)
        days = (self.last - self.first).days
        day = self.first + timedelta(days=int(days * 0.8 * chance.random()))
        facts = self._facts(kind, day)
        case = Case(self.program, kind, declared=Facts(facts), decrees=self.decrees)
        life = Life(case, facts)
        while day <= self.last:
            self._try(life, day, chance)
            day += timedelta(days=chance.randint(1, _LONGEST_WAIT))
        return life

    def _facts(self, kind: str, day: date) -> dict[str, FactValue]:
        known: dict[str, FactValue] = dict(
            facts_satisfying(self.program.entity_type(kind).eligibility, on=day)
        )
        for word in VOCABULARY.values():
            if not word.is_derived and word.name not in known:
                if word.type is FactType.BOOL:
                    known[word.name] = not word.name.endswith(_BAD)
                elif word.type is FactType.INT:
                    known[word.name] = 0
        return known

    def _try(self, life: Life, day: date, chance: random.Random) -> None:
        axes = life.case.standing().axes
        open_rows = [
            row
            for row in self.rows
            if all(axes[axis] in allowed for axis, allowed in row.sources.items())
        ]
        weights = [self.weights[row.id] for row in open_rows]
        for row in chance.choices(open_rows, weights, k=_TRIES) if open_rows else ():
            act = self._act(life, row, day, chance)
            try:
                decision = life.case.decide(act)
            except Refused:
                life.refused += 1
                continue
            life.case = life.case.after(decision.step(len(life.case.steps) + 1))
            life.acts.append(act)
            return

    def _act(self, life: Life, row: Transition, day: date, chance: random.Random) -> Act:
        given = {key: self._code(life, row, key, day, chance) for key in sorted(row.requires)}
        for axis, target in row.changes.items():
            if target.rule is TargetRule.GIVEN:
                given[axis.value] = chance.choice(sorted(target.allowed))
        second = Actor("U-second", min(row.second_by)) if row.second_by else None
        # One in ten is recorded some days late: "as known then" differs from "as known now".
        late = chance.randint(1, 6) if chance.random() < 0.1 else 0
        by = Actor("U-first", min(row.by))
        return Act(row.id, by, day - timedelta(days=late), day, second, given)

    def _code(self, life: Life, row: Transition, key: str, day: date, chance: random.Random) -> str:
        program = self.program
        if key == "ground":
            return chance.choice(sorted(program.grounds))
        if key == "reason":
            return chance.choice(sorted(program.reasons))
        if key == "duty" and row.does is Purpose.EXPLAIN_DELAY:
            found = life.case.duties(on=day, known_now=True)
            late = [duty.name for duty in found if duty.state is DutyState.OVERDUE]
            return chance.choice(late) if late else "none"
        if key == "agreement":
            return program.agreement_on(day).id
        if key == "text_sha256":
            return "ab" * 32
        if key == "specialist":
            return "U-0123456789"
        if key.endswith("_account"):
            return "A-0000000000"
        if key.endswith("_days"):
            return str(chance.randint(1, 12))
        if key.endswith("_on"):
            return (day + timedelta(days=chance.choice((0, 0, 30, 60)))).isoformat()
        return "yes"
