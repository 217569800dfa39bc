"""``greenlane annual`` and ``greenlane edition``: the yearly acts on a profile, as a named person.

The same rules as on the pages: who acts must hold a role that may, answers are confirmed by
category, and a new edition is applied by the company's own people.
"""

from __future__ import annotations

import json
from datetime import datetime

import click

from greenlane.cli.named import (
    AS_PERSON,
    DAY,
    FORMAT,
    VIA,
    actor_on,
    command,
    now,
    program_of,
    row_of,
    today_in,
)
from greenlane.core.errors import BadInput
from greenlane.core.vocabulary import Power


@click.group()
def annual() -> None:
    """Look at the annual review of an account, and confirm its standing answers."""


@annual.command("show")
@click.argument("key", metavar="ACCOUNT")
@FORMAT
@command
def show(key: str, form: str) -> None:
    """Say where the review of ACCOUNT stands: its window, what comes first, what is left."""
    from greenlane.apps.profiles.annual import annual_review

    row = row_of(key)
    review = annual_review(row, on=today_in(program_of(row)))
    duty = review.counting.duty
    shown = {
        "account": key,
        "is_open": review.is_open,
        "counts_from": review.counting.from_on,
        "due_on": duty.due_on if duty else None,
        "days_left": duty.days_left if duty else None,
        "next_opens": review.counting.next_opens,
        "first": {one.id: [why.value for why in one.whys] for one in review.first},
        "standing": {one.id: one.category for one in review.standing},
        "done": [one.id for one in review.done],
    }
    if form == "json":
        click.echo(json.dumps(shown, default=str))
        return
    if not review.is_open:
        click.echo(f"{key}: the review opens on {review.counting.next_opens}.")
        return
    due = f"due {duty.due_on}, {duty.days_left} days left" if duty else "no day is set"
    click.echo(f"{key}: {due}; {len(review.done)} of {len(review.items)} answers done.")
    for one in review.first:
        click.echo(f"  {one.id}: {', '.join(why.value for why in one.whys)}")


@annual.command("confirm")
@click.argument("key", metavar="ACCOUNT")
@click.argument("criteria", nargs=-1, required=True, metavar="CRITERION...")
@AS_PERSON
@command
def confirm_(key: str, criteria: tuple[str, ...], person: str) -> None:
    """Confirm that the answers to these criteria, of one category, were read and still hold."""
    from greenlane.apps.profiles.actions.annual import confirm
    from greenlane.apps.profiles.queries import profile_of

    row = row_of(key)
    program = program_of(row)
    answers = {one.criterion.id: one.answer for one in profile_of(row, on=today_in(program)).rows}
    read = {name: found.seq for name in criteria if (found := answers.get(name)) is not None}
    if len(read) < len(set(criteria)):
        missing = ", ".join(sorted(set(criteria) - read.keys()))
        raise BadInput("Nothing to confirm: {missing} has no answer.", missing=missing)
    by = actor_on(person, program.own_roles, row)
    confirm(account=row, answers=read, by=by, at=now(), via=VIA)
    click.echo(f"Confirmed: {', '.join(read)}.")


@click.group()
def edition() -> None:
    """Preview, apply and undo a new edition of the criteria; read a profile as it was."""


@edition.command("preview")
@click.argument("key", metavar="ACCOUNT")
@FORMAT
@command
def preview(key: str, form: str) -> None:
    """Say what the edition in force changes for ACCOUNT, and what becomes of each answer."""
    from greenlane.apps.profiles.editions import edition_state

    row = row_of(key)
    state = edition_state(row, on=today_in(program_of(row)))
    changed = state.change.changed if state.change else ()
    if form == "json":
        shown = {
            "account": key,
            "standing": state.standing.id,
            "in_force": state.present.id,
            "binds_from": state.binds_from,
            "undo_until": state.undo_until,
            "carried_over": len(state.change.untouched) if state.change else 0,
            "changed": [
                {"criterion": o.id, "kinds": list(o.kinds), "answer": o.fate} for o in changed
            ],
        }
        click.echo(json.dumps(shown, default=str))
        return
    if state.change is None:
        click.echo(f"{key} stands under {state.standing.id}, the edition in force.")
        return
    click.echo(f"{key}: {state.standing.id} -> {state.present.id}, binding from {state.binds_from}")
    for one in changed:
        click.echo(f"  {one.id}: {', '.join(one.kinds)}; answer {one.fate.replace('_', ' ')}")
    click.echo(f"  {len(state.change.untouched)} answers are carried over as they are")


@edition.command("apply")
@click.argument("key", metavar="ACCOUNT")
@click.argument("edition_id", metavar="EDITION")
@AS_PERSON
@command
def apply_(key: str, edition_id: str, person: str) -> None:
    """Move the profile of ACCOUNT to EDITION, the one in force."""
    from greenlane.apps.profiles.actions.editions import apply_edition

    row = row_of(key)
    by = actor_on(person, program_of(row).roles_that_may(Power.APPLY_EDITION), row)
    apply_edition(account=row, edition=edition_id, by=by, at=now(), via=VIA)
    click.echo(f"{key} stands under {edition_id}.")


@edition.command("undo")
@click.argument("key", metavar="ACCOUNT")
@AS_PERSON
@command
def undo(key: str, person: str) -> None:
    """Go back to the edition before, every answer of ACCOUNT as it stood."""
    from greenlane.apps.profiles.actions.editions import undo_edition
    from greenlane.apps.profiles.editions import held_edition

    row = row_of(key)
    by = actor_on(person, program_of(row).roles_that_may(Power.APPLY_EDITION), row)
    undo_edition(account=row, by=by, at=now(), via=VIA)
    held = held_edition(key)
    click.echo(f"{key} stands under {held.edition if held else ''} again.")


@edition.command("behind")
@FORMAT
@command
def behind_(form: str) -> None:
    """List the members whose profile stands under an edition that is no longer in force."""
    from greenlane.apps.members.queries import accounts
    from greenlane.apps.profiles.editions import behind

    program = program_of(None)
    on = today_in(program)
    rows = behind(program.id, list(accounts()), on=on)
    if form == "json":
        shown = [
            {
                "account": one.account.stream,
                "edition": one.edition,
                "binds_from": one.binds_from,
                "is_overdue": one.is_overdue(on),
            }
            for one in rows
        ]
        click.echo(json.dumps(shown, default=str))
        return
    for one in rows:
        word = "binding since" if one.is_overdue(on) else "binds from"
        click.echo(f"{one.account.stream} {one.edition} {word} {one.binds_from}")
    click.echo(f"{len(rows)} behind")


@edition.command("past")
@click.argument("key", metavar="ACCOUNT")
@click.option("--on", "day", type=DAY, required=True, help="The day to look back to.")
@FORMAT
@command
def past(key: str, day: datetime, form: str) -> None:
    """Show the profile of ACCOUNT as the record had it on a day, under the edition of then."""
    from greenlane.apps.profiles.past import profile_as_of

    row = row_of(key)
    found = profile_as_of(row, on=day.date(), today=today_in(program_of(row)))
    answers = {
        one.criterion.id: {
            "state": one.state.value,
            "outcome": one.answer.outcome if one.answer else None,
            "words": one.answer.words if one.answer else None,
        }
        for one in found.profile.rows
    }
    if form == "json":
        head = {"account": key, "on": found.on, "edition": found.profile.edition.id}
        click.echo(
            json.dumps({**head, "until_event": found.until, "answers": answers}, default=str)
        )
        return
    click.echo(f"{key} on {found.on}: edition {found.profile.edition.id}, event {found.until}")
    for name, one in answers.items():
        click.echo(f"  {name} {one['state']}: {one['words'] or ''}")
