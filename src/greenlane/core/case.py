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
from greenlane.core.lifecycle.standing import (
    CORRECTS,
    RIGHT_ON,
    Standing,
    Step,
    corrected,
    fold,
    known_on,
)
from greenlane.core.marks import Mark
from greenlane.core.program import EXPLAINING_PURPOSES, Program
from greenlane.core.vocabulary import DutyState, Purpose

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

    def set_running(self, *marks: Mark, on: date) -> list[Duty]:
        """Return the duties that an act of ``on`` with these marks would set running."""
        seq = max((step.seq for step in self.steps), default=0) + 1
        then = self.after(Step(seq, "", on, on, marks=marks))
        return [duty for duty in then.duties(on=on, known_now=True) if duty.anchor_seq == seq]

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
        # Counting every duty is most of the work of a decision, and few acts ask for one.
        is_on_duties = act.id in self.program.acts_on_duties
        facts = self.facts(on=act.on) if is_on_duties else self.declared
        decision = decide(self.program, self.standing(), act, facts)
        if row is not None and row.does in EXPLAINING_PURPOSES:
            self._check_explained(act)
        if row is not None and row.does is Purpose.CORRECT_DAY:
            self._check_corrected(act)
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

    def _check_corrected(self, act: Act) -> None:
        """Refuse a correction of what was not carried over, or one that cannot be true.

        Every carried day lies on or after the certification, and none after the day on which it was
        recorded; a revalidation lies on or after the first validation.
        """
        named, right_on = act.given[CORRECTS], date.fromisoformat(act.given[RIGHT_ON])
        found = next((step for step in self.steps if str(step.seq) == named), None)
        if found is None or Mark.CARRIED_OVER not in found.marks:
            raise Refused(
                "correction.not_carried",
                "{act}: event {named} is no carried-over day of this account.",
                act=act.id,
                named=named,
            )
        after = corrected((*self.steps, Step(0, act.id, act.on, act.today, given=act.given)))
        carried = [step for step in after if Mark.CARRIED_OVER in step.marks]
        certified = max(s.on for s in carried if Mark.CERTIFIED in s.marks)
        first = [step.on for step in carried if Mark.VALIDATED in step.marks]
        later = [step.on for step in carried if Mark.REVALIDATED in step.marks]
        moved = next(step for step in carried if step.seq == found.seq)
        is_out_of_order = min(step.on for step in carried) < certified or (
            bool(first) and bool(later) and min(later) < first[0]
        )
        if is_out_of_order or moved.on > moved.recorded_on:
            raise Refused(
                "correction.out_of_order",
                "{act}: {right_on} cannot be: a carried-over day lies on or after the "
                "certification, a revalidation after the first validation, and none after the "
                "day it was recorded.",
                act=act.id,
                right_on=right_on,
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
