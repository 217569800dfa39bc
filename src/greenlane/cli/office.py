"""``greenlane office``: the program office's own yearly duties, and the acts that meet them."""

from __future__ import annotations

import click

from greenlane.cli.named import (
    AS_PERSON,
    FORMAT,
    VIA,
    actor_in,
    command,
    now,
    pairs,
    program_of,
    tell,
    today_in,
)
from greenlane.core.errors import BadInput


@click.group()
def office() -> None:
    """Read what the office owes; do its acts as a named person."""


@office.command()
@FORMAT
@command
def duties(form: str) -> None:
    """List the office's own duties today; `greenlane due --on DAY` has any other day."""
    _show_duties(form)


@office.command()
@click.argument("act", metavar="ACT")
@click.argument("given", nargs=-1, metavar="NAME=CODE...")
@click.option("--words", required=True, help="What was done, and where it is written down.")
@AS_PERSON
@FORMAT
@command
def act(act: str, given: tuple[str, ...], words: str, person: str, form: str) -> None:
    """Do ACT of the pack's table on the office's own record, such as O02."""
    from greenlane.apps.members.actions.steps import office_step
    from greenlane.apps.validations.acts import OwnWay, own_way_of

    program = program_of()
    row = program.transition(act)
    if row.stream == "account":
        raise BadInput(f"{act} is an act on an account: greenlane account act ACCOUNT {act}.")
    way = own_way_of(program, row)
    if way is OwnWay.OUTAGE:
        raise BadInput(f"{act} is done by `greenlane validation outage`, which asks for its days.")
    if way is OwnWay.PLAN:
        raise BadInput(f"{act} is done on the page of the plan, which records its figures.")
    if not words.strip():
        raise BadInput("Say with --words what was done, and where it is written down.")
    office_step(
        program=program,
        act=act,
        by=actor_in(person, row.by, program, organization=""),
        at=now(),
        given=pairs(given),
        words=words.strip(),
        via=VIA,
    )
    _show_duties(form)


def _show_duties(form: str) -> None:
    from greenlane.apps.members.queries import office_duties
    from greenlane.core.deadlines import duty_json

    found = office_duties(on=today_in(program_of()))
    lines = [
        f"{one.id:6} {one.state.value:8} {one.due_on}  {one.deadline.title}  ({one.why})"
        for one in found
    ]
    text = "\n".join(lines) or "The program was not started: greenlane pack start."
    tell(form, {"duties": [duty_json(one) for one in found]}, text)
