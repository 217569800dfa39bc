"""``greenlane retention``: what may be erased, erasing it, and legal holds that stop it.

Whoever can run this command runs the installation, so it acts as the system; each act is an event
that says what was erased, when and by which rule. Erasing cannot be undone.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import click

from greenlane.cli.django_start import start_django
from greenlane.cli.named import now, today_in

if TYPE_CHECKING:
    from greenlane.apps.audit.erasing import Due
    from greenlane.core.ledger import Event
    from greenlane.core.program import Program

_STREAM = click.argument("stream")
_OF = click.option("--of", default="", metavar="KEY", help="Only of this U-, O- or I- key.")
_PEOPLE = "people"


def _program(stream: str = "") -> Program:
    from django.conf import settings

    from greenlane.apps.members import queries
    from greenlane.content.packs import load_program

    own = queries.account(stream).program if stream.startswith("A-") else settings.GREENLANE_PACK
    return load_program(own)


@click.group()
def retention() -> None:
    """List and erase what is no longer kept; place and lift legal holds."""


@retention.command()
@click.option("--on", "day", type=click.DateTime(["%Y-%m-%d"]), help="Day asked for; today.")
@click.option("--stream", help="Only this stream: A-..., people, office.")
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True
)
def due(day: datetime | None, stream: str | None, form: str) -> None:
    """List the sealed records that may be erased, of whom, by which rule and since when.

    A rule of the pack without a period keeps, so nothing of its class is ever listed.
    """
    start_django()
    from greenlane.apps.audit.erasing import holds_against

    shown: list[dict[str, Any]] = [
        {
            "stream": one.stream,
            "of": one.of,
            "rule": one.rule,
            "events": list(one.seqs),
            "since": one.since.isoformat(),
            "why": one.says,
            "held_by": holds_against(one.stream, [one.of] if one.of else []),
        }
        for one in _due(stream, None if day is None else day.date())
    ]
    if form == "json":
        click.echo(json.dumps(shown, ensure_ascii=False, indent=2))
        return
    for row in shown:
        held = f"  HELD by {', '.join(row['held_by'])}" if row["held_by"] else ""
        count = len(row["events"])
        click.echo(
            f"{row['stream']}  {row['of'] or '-'}  {row['rule']}  {count} "
            f"record{'s' * (count != 1)}  {row['why']}{held}"
        )
    if not shown:
        click.echo("Nothing may be erased.")


def _due(stream: str | None, on: date | None) -> Iterator[Due]:
    from greenlane.apps.audit.erasing import due_for_erasure
    from greenlane.apps.audit.queries import streams

    for key in [stream] if stream else streams():
        program = _program(key)
        yield from due_for_erasure(key, program=program, on=on or today_in(program))


@retention.command()
@_STREAM
@click.option("--rule", required=True, help="Retention rule of the pack, such as contact.")
@_OF
@click.confirmation_option(prompt="What is erased is gone for good, except from backups. Erase?")
def erase(stream: str, rule: str, of: str) -> None:
    """Erase what RULE keeps no longer of STREAM, with the files it was the record of.

    In the stream `people` give --of for one person, organization or offer; without it everything
    that is due is erased. What is still kept, or held, is refused with the reason.
    """
    start_django()
    from greenlane.apps.documents.actions import forget_erased
    from greenlane.core.ledger import read_body

    for event in _erase(stream, rule, of):
        count = len(read_body(event.body)["payload"]["seqs"])
        click.echo(
            f"{count} record{'s' * (count != 1)} erased; event {stream}:{event.seq} says so."
        )
    _tell_removed(forget_erased())


@retention.command()
def sweep() -> None:
    """Remove the files of documents that were erased, should an erasure have been cut short."""
    start_django()
    from greenlane.apps.documents.actions import forget_erased

    _tell_removed(forget_erased())


def _tell_removed(count: int) -> None:
    click.echo(f"{count} file{'s' * (count != 1)} removed from the document store.")


def _erase(stream: str, rule: str, of: str) -> Iterator[Event]:
    from django.db import transaction

    from greenlane.apps.accounts.actions import BY_SYSTEM
    from greenlane.apps.accounts.erasure import erase_of_people
    from greenlane.apps.audit import actions
    from greenlane.apps.audit.queries import head_of, kept_seqs

    program = _program(stream)
    over = [one for one in _due(stream, None) if one.rule == rule]
    if stream == _PEOPLE:
        for subject in [of] if of else [one.of for one in over]:
            yield erase_of_people(
                subject=subject, rule=rule, by=BY_SYSTEM, at=now(), program=program
            )
        return
    # Nothing is due: what the rule keeps is asked for all the same, and refused with its day.
    seqs: Sequence[int] = [seq for one in over for seq in one.seqs] or kept_seqs(stream, rule)
    if not seqs:
        click.echo(f"Nothing is kept of {stream} by rule {rule}.")
        return
    with transaction.atomic():
        yield actions.erase(
            stream=stream,
            expected=head_of(stream).seq,
            seqs=seqs,
            rule=rule,
            actor=BY_SYSTEM.id,
            role=BY_SYSTEM.role,
            on=today_in(program),
            at=now(),
            program=program,
        )


@retention.command()
@_STREAM
@click.argument("name")
@click.option("--ground", required=True, help="Code of the ground, such as litigation.")
@_OF
def hold(stream: str, name: str, ground: str, of: str) -> None:
    """Place a legal hold NAME on STREAM: nothing of it is erased until it is lifted.

    A hold on an account also keeps the names of everybody who acted for its organization.
    """
    start_django()
    from django.db import transaction

    from greenlane.apps.accounts.actions import BY_SYSTEM
    from greenlane.apps.audit.actions import place_hold
    from greenlane.apps.audit.queries import head_of

    program = _program(stream)
    with transaction.atomic():
        place_hold(
            stream=stream,
            expected=head_of(stream).seq,
            hold=name,
            ground=ground,
            of=of,
            actor=BY_SYSTEM.id,
            role=BY_SYSTEM.role,
            on=today_in(program),
            at=now(),
            program=program,
        )
    click.echo(f"Hold {name} stands on {of or stream}.")


@retention.command()
@_STREAM
@click.argument("name")
def lift(stream: str, name: str) -> None:
    """Lift the legal hold NAME on STREAM."""
    start_django()
    from django.db import transaction

    from greenlane.apps.accounts.actions import BY_SYSTEM
    from greenlane.apps.audit.actions import lift_hold
    from greenlane.apps.audit.queries import head_of

    program = _program(stream)
    with transaction.atomic():
        lift_hold(
            stream=stream,
            expected=head_of(stream).seq,
            hold=name,
            actor=BY_SYSTEM.id,
            role=BY_SYSTEM.role,
            on=today_in(program),
            at=now(),
            program=program,
        )
    click.echo(f"Hold {name} is lifted.")


@retention.command()
@click.option("--stream", help="Only this stream.")
def holds(stream: str | None) -> None:
    """List legal holds, standing and lifted."""
    start_django()
    from greenlane.apps.audit.queries import holds_of, streams

    for key in [stream] if stream else streams():
        for one in holds_of(key):
            lifted = f"lifted {one.lifted_on}" if one.lifted_on else "stands"
            click.echo(
                f"{key}  {one.of or '-'}  {one.hold}  {one.ground}  {one.placed_on}  {lifted}"
            )
