"""The same random lives through the real actions, on a database of their own."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from benchmarks.years.lives import Life, World
from greenlane.core.errors import GreenlaneError
from greenlane.core.facts import FactValue, check_may_declare

_NOON_AT_THE_OFFICE = time(17, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Recorded:
    """What the record came to: acts asked of it, refused by it, and what was found wrong."""

    accounts: int
    acts: int
    differing_days: int
    faults: Sequence[str]


def record(world: World, lives: Sequence[Life], days: Sequence[date], folder: Path) -> Recorded:
    """Do every act of ``lives`` through the product; compare the due lists of ``days``.

    The list of each day is read from the product's own anchor projection, and recomputed from the
    events recorded until the end of that day.
    """
    _start(folder)
    from greenlane.apps.audit.queries import events_of
    from greenlane.apps.audit.verify import verify
    from greenlane.apps.members.queries import due_list, office_decrees
    from greenlane.core.deadlines import duties
    from greenlane.core.ledger import step_of

    _employ(world)
    _decree(world)
    done = sum(_play(world, number, life) for number, life in enumerate(lives))
    decrees = office_decrees()
    steps = {
        _key(number): [
            step for event in events_of(_key(number)) if (step := step_of(event.fields)) is not None
        ]
        for number in range(len(lives))
    }
    differing = 0
    for on in days:
        listed = {row.stream: row.duties for row in due_list(on=on)}
        cut = {key: [s for s in all_ if s.recorded_on <= on and s.on <= on]
               for key, all_ in steps.items()}  # fmt: skip
        then = tuple(decree for decree in decrees if decree.recorded_on <= on)
        recomputed = {
            key: tuple(duties(world.program, known, on=on, decrees=then))
            for key, known in cut.items()
            if known
        }
        differing += listed != recomputed
    faults = [str(fault) for fault in verify().faults]
    return Recorded(len(lives), done, differing, faults)


def _start(folder: Path) -> None:
    os.environ["GREENLANE_DATABASE_URL"] = f"sqlite:///{folder / 'years.sqlite3'}"
    os.environ["GREENLANE_DATA_DIR"] = str(folder)
    os.environ["GREENLANE_DEMO"] = "1"
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "greenlane.project.settings")
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def _employ(world: World) -> None:
    from greenlane.apps.accounts import actions as people

    began = datetime(2015, 1, 5, 12, tzinfo=UTC)
    people.register_person(
        name="A Specialist",
        email="specialist@example.org",
        at=began,
        program=world.program,
        key="U-0123456789",
    )
    people.grant(
        person="U-0123456789",
        role="specialist",
        by=people.BY_SYSTEM,
        at=began,
        program=world.program,
    )


def _decree(world: World) -> None:
    from greenlane.apps.members.actions.steps import office_step
    from greenlane.core.lifecycle.decide import Actor
    from greenlane.core.vocabulary import Purpose

    for decree in world.decrees:
        row = world.program.act_that(Purpose.DECREE_OUTAGE)
        given: Mapping[str, str] = {
            "starts_on": decree.starts_on.isoformat(),
            "ends_on": (decree.ends_on or decree.starts_on).isoformat(),
            "includes_office": "yes" if decree.includes_office else "no",
            "reason": "other",
        }
        office_step(
            program=world.program,
            act=row.id,
            by=Actor("U-first", min(row.by)),
            at=datetime.combine(decree.recorded_on, _NOON_AT_THE_OFFICE),
            on=decree.recorded_on,
            given={
                key: value for key, value in given.items() if key in row.requires | row.may_give
            },
        )


def _key(number: int) -> str:
    return f"A-{number:010d}"


def _play(world: World, number: int, life: Life) -> int:
    from greenlane.apps.members import queries
    from greenlane.apps.members.actions.accounts import open_account
    from greenlane.apps.members.actions.steps import step

    for place, act in enumerate(life.acts):
        at = datetime.combine(act.today, _NOON_AT_THE_OFFICE) + timedelta(minutes=place)
        shared = {
            "act": act.id,
            "by": act.by,
            "at": at,
            "on": act.on,
            "second": act.second,
            "given": act.given,
        }
        if place == 0:
            open_account(
                program=world.program,
                entity_type=life.case.entity_type,
                organization="O-0000000000",
                company_name=f"Company {number}",
                facts=_declared(world, life, act.by.role),
                key=_key(number),
                **shared,
            )
        else:
            step(account=queries.account(_key(number)), facts=life.facts, words="So.", **shared)
    return len(life.acts)


def _declared(world: World, life: Life, role: str) -> dict[str, FactValue]:
    """Return what somebody of this role may declare of the account."""
    side = world.program.roles[role].side
    found: dict[str, FactValue] = {}
    for name, value in life.facts.items():
        with contextlib.suppress(GreenlaneError):
            check_may_declare(name, side)
            found[name] = value
    return found


def in_a_folder(world: World, lives: Sequence[Life], days: Sequence[date]) -> Recorded:
    """Record in a temporary folder that is gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        return record(world, lives, days, Path(folder))
