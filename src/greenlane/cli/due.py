"""``greenlane due``: every dated duty on any day, past or future, with what set it and why."""

from __future__ import annotations

import json
import sys
from collections import Counter
from datetime import date, datetime
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from greenlane.apps.members.queries import AccountDuties
    from greenlane.core.deadlines import Duty

_STATES = ("open", "overdue", "met", "lapsed", "stopped")


@click.command()
@click.option("--on", "day", type=click.DateTime(["%Y-%m-%d"]), help="Day asked for; else today.")
@click.option("--format", "form", type=click.Choice(["json", "table"]), default="table")
@click.option(
    "--known",
    type=click.Choice(["then", "now"]),
    default="then",
    help="As known on that day (default), or as known now.",
)
@click.option("--account", "stream", help="Only this account.")
@click.option("--state", "states", multiple=True, type=click.Choice(_STATES), help="Only these.")
@click.option("--rule", "rules", multiple=True, help="Only these rule ids, such as D05.")
def due(
    day: datetime | None,
    form: str,
    known: str,
    stream: str | None,
    states: tuple[str, ...],
    rules: tuple[str, ...],
) -> None:
    """List every duty of every account on a day, and each account's one bucket.

    A past day answers as known then; with --known now it counts what was recorded later too.
    """
    from greenlane.cli.django_start import start_django

    start_django()
    from greenlane.apps.members.queries import due_list, must_be_bucketed

    on = day.date() if day else _today()
    rows = [
        row for row in due_list(on=on, known_now=known == "now") if stream in (None, row.stream)
    ]
    if stream is not None and not rows:
        click.echo(
            f"greenlane: there is no account {stream!r} on {on}. [account.not_found]", err=True
        )
        sys.exit(2)

    def wanted(duty: Duty) -> bool:
        return (not states or duty.state.value in states) and (not rules or duty.id in rules)

    office = [duty for duty in _office_duties(on, known_now=known == "now") if wanted(duty)]
    if form == "json":
        shown = {
            "on": on.isoformat(),
            "known": known,
            "duties": [_duty_row(row, duty) for row in rows for duty in row.duties if wanted(duty)],
            "office": [_office_row(duty) for duty in office],
            "buckets": [
                {
                    "account": row.stream,
                    "membership": row.membership,
                    "bucket": row.bucket.id if row.bucket else "nothing due",
                    "state": row.bucket.state.value if row.bucket else None,
                    "due_on": row.bucket.due_on.isoformat() if row.bucket else None,
                }
                for row in rows
                if must_be_bucketed(row)
            ],
        }
        click.echo(json.dumps(shown, indent=2, ensure_ascii=False))
        return
    for row in rows:
        for duty in row.duties:
            if wanted(duty):
                click.echo(
                    f"{row.stream}  {duty.id:6} {duty.state.value:8} {duty.due_on}  "
                    f"event {duty.anchor_seq}  {duty.deadline.source.citation}  ({duty.why})"
                )
    for duty in office:
        click.echo(f"office        {duty.id:6} {duty.state.value:8} {duty.due_on}  ({duty.why})")
    counts = Counter(
        row.bucket.state.value if row.bucket else "nothing due"
        for row in rows
        if must_be_bucketed(row)
    )
    total = ", ".join(f"{count} {state}" for state, count in sorted(counts.items())) or "no member"
    click.echo(f"On {on}, as known {known}: {total}.")


def _today() -> date:
    from django.utils import timezone

    return timezone.localdate()


def _office_duties(on: date, *, known_now: bool) -> list[Duty]:
    from greenlane.apps.members.queries import office_duties

    return office_duties(on=on, known_now=known_now)


def _duty_row(row: AccountDuties, duty: Duty) -> dict[str, object]:
    from greenlane.core.deadlines import duty_json

    shown = duty_json(duty)
    return {
        "account": row.stream,
        "company": row.company_name,
        "program": row.program,
        "entity_type": row.entity_type,
        "membership": row.membership,
        **shown,
        "rule": shown["id"],
        "anchor_event": f"{row.stream}:{duty.anchor_seq}",
    }


def _office_row(duty: Duty) -> dict[str, object]:
    from greenlane.core.deadlines import duty_json

    shown = duty_json(duty)
    return {
        "account": "office",
        **shown,
        "rule": shown["id"],
        "anchor_event": f"office:{duty.anchor_seq}",
    }
