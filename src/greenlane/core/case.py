"""One account as the law sees it: its steps, what is declared of it, the decrees that stop clocks.

The product's actions and the scenario runner both decide through this module, so that what a
lawyer tries in a scenario is what the product does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from greenlane.core.deadlines import Decree, Duty, duties, duty_facts, worst
from greenlane.core.facts import Facts
from greenlane.core.lifecycle.decide import (
    Act,
    Actor,
    Available,
    Decision,
    Refused,
    available,
    decide,
)
from greenlane.core.lifecycle.standing import Standing, Step, fold, known_on
from greenlane.core.program import EXPLAINING_PURPOSES, Program
from greenlane.core.vocabulary import DutyState

_OUTAGE_DAYS: Final = frozenset({"starts_on", "ends_on"})


@dataclass(frozen=True, slots=True)
class Case:
    """An account's history with what is known about it. ``stream`` is ``account`` or ``office``."""

    program: Program
    entity_type: str
    steps: tuple[Step, ...] = ()
    declared: Facts = field(default_factory=Facts)
    decrees: tuple[Decree, ...] = ()
    stream: str = "account"

    def standing(self, *, on: date | None = None, known_now: bool = False) -> Standing:
        """Return the standing after all steps, or as it was on ``on``."""
        steps = self.steps if on is None else known_on(self.steps, on=on, known_now=known_now)
        return fold(self.entity_type, steps)

    def duties(self, *, on: date, known_now: bool = False) -> list[Duty]:
        """Return every duty on ``on``."""
        return duties(
            self.program,
            self.steps,
            on=on,
            stream=self.stream,
            decrees=self.decrees,
            known_now=known_now,
        )

    def bucket(self, *, on: date, known_now: bool = False) -> Duty | None:
        """Return the worst running duty, or None for "nothing due"."""
        return worst(self.duties(on=on, known_now=known_now))

    def facts(self, *, on: date) -> Facts:
        """Return what is declared and the state of each duty; `decide` adds the standing's own."""
        found = self.duties(on=on, known_now=True)
        register = self.program.register.get(self.stream, ())
        return self.declared.with_(duty_facts(found, register))

    def decide(self, act: Act) -> Decision:
        """Return what ``act`` changes.

        Raises:
            Refused: as `core.lifecycle.decide.decide` says; and ``act.wrong_stream`` for an act of
                the office on an account or the other way round, ``duty.not_overdue`` for a reason
                given for a duty that is not overdue.
        """
        row = self.program.transitions.get(act.id)
        if row is not None and row.stream != self.stream:
            raise Refused(
                "act.wrong_stream",
                "{act} ({title}) belongs on the record of an account."
                if row.stream == "account"
                else "{act} ({title}) belongs on the record of the office.",
                act=act.id,
                title=row.title,
            )
        decision = decide(self.program, self.standing(), act, self.facts(on=act.on))
        if row is not None and row.does in EXPLAINING_PURPOSES:
            self._check_explained(act)
        return decision

    def _check_explained(self, act: Act) -> None:
        named = act.given["duty"]
        found = self.duties(on=act.on, known_now=True)
        overdue = [duty for duty in found if duty.state is DutyState.OVERDUE]
        if all(named not in (duty.key, duty.name) for duty in overdue):
            raise Refused(
                "duty.not_overdue",
                "{duty} is not overdue on {on}. Overdue are: {running}."
                if overdue
                else "{duty} is not overdue on {on}. Overdue are: none.",
                duty=named,
                on=act.on,
                running=", ".join(duty.name for duty in overdue),
            )

    def available(self, actor: Actor, *, on: date) -> tuple[Available, ...]:
        """Return the acts this role may see from here, lawful ones first."""
        return available(
            self.program, self.standing(), actor, self.facts(on=on), on=on, stream=self.stream
        )

    def after(self, step: Step) -> Case:
        """Return the case with one more step."""
        return replace(self, steps=(*self.steps, step))

    def knowing(self, facts: Facts) -> Case:
        """Return the case with other declared facts."""
        return replace(self, declared=facts)


def decrees_of(office_steps: Sequence[Step]) -> tuple[Decree, ...]:
    """Return the decreed outages on the office's own stream: the steps that give their days."""
    return tuple(
        Decree(
            seq=step.seq,
            starts_on=date.fromisoformat(step.given["starts_on"]),
            ends_on=date.fromisoformat(step.given["ends_on"]),
            includes_office=step.given.get("includes_office") == "yes",
            recorded_on=step.recorded_on,
        )
        for step in office_steps
        if step.given.keys() >= _OUTAGE_DAYS
    )
