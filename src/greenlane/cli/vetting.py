"""``greenlane vetting``: screen accounts, take debts and seizures from a file, read the queue."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from greenlane.cli.django_start import start_django
from greenlane.cli.named import DAY, VIA, actor_in, now, program_of, today_in
from greenlane.core.vocabulary import Power

if TYPE_CHECKING:
    from greenlane.apps.vetting.customs_actions import ImportPlan
    from greenlane.core.lifecycle.decide import Actor
    from greenlane.core.program import Program

_JSON = click.option("--json", "is_json", is_flag=True, help="Write JSON.")


def _started() -> Program:
    start_django()
    return program_of()


def _holder(person: str, program: Program, power: Power) -> Actor:
    """Return a person of the office in a role that has a power.

    Raises:
        NoSuchPerson: nobody has this key or address. RoleNotAllowed: they hold no such role.
    """
    return actor_in(person, program.roles_that_may(power), program, organization="")


@click.group()
def vetting() -> None:
    """Screen accounts; take debts, seizures and violations from a file."""


@vetting.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--source", default="", help="System the file was taken from; needed to record.")
@click.option("--as-of", type=DAY, required=True, help="Day the source speaks of.")
@click.option("--as", "person", default="", help="Who records it: key (U-...) or address.")
@click.option("--dry-run", is_flag=True, help="Show what the file would do; record nothing.")
@_JSON
def import_(
    file: Path, source: str, as_of: datetime, person: str, dry_run: bool, is_json: bool
) -> None:
    """Take debts, seizures, penalties and violations from the CSV FILE, keyed on identifiers.

    Columns: kind, status, reference, identifier; optional happened_on, amount, currency, note.
    Every row is accounted for. The same file twice changes nothing the second time.
    """
    program = _started()
    from greenlane.apps.vetting.customs_actions import plan_import, record_import
    from greenlane.apps.vetting.customs_rows import MOST_BYTES, read_customs_file
    from greenlane.core.vocabulary import Matter
    from greenlane.gate.records import in_sight

    with file.open("rb") as stream:
        read = read_customs_file(stream.read(MOST_BYTES + 1))
    streams = None
    if person:
        # Whoever records does so for the accounts whose vetting they read; no other is told of.
        reader = _holder(person, program, Power.VET).id
        seen = in_sight(reader, program, on=today_in(program), matter=Matter.VETTING)
        streams = list(seen.values_list("stream", flat=True))
    plan = plan_import(program=program, file=read, as_of=as_of.date(), streams=streams)
    if not dry_run:
        if not (source and person):
            raise click.UsageError("Give --source and --as to record, or --dry-run to look only.")
        record_import(
            program=program,
            plan=plan,
            source=source,
            as_of=as_of.date(),
            by=_holder(person, program, Power.VET),
            at=now(),
            via=VIA,
        )
    _show(plan, dry_run=dry_run, is_json=is_json)


def _show(plan: ImportPlan, *, dry_run: bool, is_json: bool) -> None:
    if is_json:
        told = {
            "recorded": not dry_run,
            "sha256": plan.file.sha256,
            **plan.counts,
            "faults": [{"line": fault.line, "what": fault.what} for fault in plan.file.faults],
            "late_lines": [entry.line for entry in plan.late],
            "unmatched_lines": [entry.line for entry in plan.unmatched],
            "accounts_concerned": [one.stream for one in plan.matched],
        }
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    for fault in plan.file.faults:
        click.echo(f"  line {fault.line}: {fault.what}")
    for entry in plan.late:
        click.echo(f"  line {entry.line}: It is dated after the day of the source.")
    for entry in plan.unmatched:
        click.echo(f"  line {entry.line}: no account bears the identifier.")
    for one in plan.matched:
        click.echo(f"  {one.stream}: {len(one.fresh)} new or changed, {one.unchanged} on file")
    counts = ", ".join(f"{name.replace('_', ' ')} {count:,}" for name, count in plan.counts.items())
    click.echo(f"{'Dry run, nothing recorded' if dry_run else 'Recorded'}: {counts}.")


@vetting.command()
@click.argument("accounts", nargs=-1, metavar="[ACCOUNT]...")
@click.option("--full", "is_full", is_flag=True, help="Screen every party in any case.")
@_JSON
def screen(accounts: tuple[str, ...], is_full: bool, is_json: bool) -> None:
    """Screen the accounts named, or all, against the lists in force; what is found is recorded.

    All accounts: only what changed of parties and lists since the last time is compared again.
    """
    program = _started()
    from greenlane.apps.members import queries
    from greenlane.apps.vetting.lists import make_ready
    from greenlane.apps.vetting.screening_actions import screen_account, screen_all

    if accounts:
        make_ready(on=today_in(program))
        for key in accounts:
            done = screen_account(account=queries.account(key), at=now(), via=VIA)
            told = {"account": key, "parties": done.parties, "waiting": done.waiting}
            words = f"{key}: {done.parties} parties screened, {done.waiting} hits wait"
            click.echo(json.dumps(told) if is_json else words)
        return
    all_done = screen_all(program=program, at=now(), via=VIA, is_full=is_full)
    told_all = {
        "kind": all_done.kind,
        "accounts": all_done.accounts,
        "parties": all_done.parties,
        "recorded": all_done.recorded,
        "opened": all_done.opened,
        "closed": all_done.closed,
    }
    words = (
        f"{all_done.kind.lower()} run ({all_done.reason}): {all_done.parties:,} parties of "
        f"{all_done.accounts:,} accounts; {all_done.opened:,} hits opened, "
        f"{all_done.closed:,} closed; recorded on {all_done.recorded:,} accounts."
    )
    click.echo(json.dumps(told_all) if is_json else words)


@vetting.command()
@click.option("--review", type=float, help="Look at a hit from this score, a share of 1.")
@click.option("--alert", type=float, help="Alert from this score, a share of 1.")
@click.option("--reason", default="", help="Why, and on which measurement; sealed.")
@click.option("--as", "person", default="", help="Who decides: key (U-...) or address.")
@_JSON
def levels(
    review: float | None, alert: float | None, reason: str, person: str, is_json: bool
) -> None:
    """Show the levels of review and alert and who set them, or set others.

    To set: --review, --alert, --reason and --as. Every party is screened again with new levels.
    """
    program = _started()
    from greenlane.apps.vetting.levels import MOST, levels_in_force, millionths, set_levels

    # A reason or a person alone is a wish to set levels too: it is not dropped silently.
    if review is not None or alert is not None or reason or person:
        if review is None or alert is None or not (reason and person):
            raise click.UsageError("Give --review, --alert, --reason and --as to set the levels.")
        set_levels(
            program=program,
            review=millionths(review),
            alert=millionths(alert),
            words=reason,
            by=_holder(person, program, Power.CONFIRM_HITS),
            at=now(),
            via=VIA,
        )
    found = levels_in_force()
    if is_json:
        told = {
            "review": found.review / MOST,
            "alert": found.alert / MOST,
            "by": found.by,
            "on": found.on.isoformat() if found.on else None,
            "words": found.words,
        }
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    who = f"set by {found.by} on {found.on}" if found.on else "the shipped levels"
    click.echo(f"review {found.review / MOST}, alert {found.alert / MOST}: {who}")
