"""``greenlane import``: take an office's earlier records into the register, every day explained."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

if TYPE_CHECKING:
    from greenlane.apps.migration.planning import Plan
    from greenlane.core.lifecycle.decide import Actor
    from greenlane.core.program import Program

VIA: Final = "cli"
_FILE: Final = click.Path(path_type=Path, exists=True, dir_okay=False)
_SHOWN: Final = 200


@click.group("import")
def import_() -> None:
    """Take earlier records into the register, every day of them explained."""


@import_.command()
@click.argument("file", type=_FILE)
@click.option(
    "--explain", "explaining", type=_FILE, help="CSV: row, column, person, reason, value."
)
@click.option("--as", "person", required=True, help="Who takes them over: key (U-...) or address.")
@click.option("--apply", "is_applied", is_flag=True, help="Record it; else it is only looked at.")
@click.option("--skip-refused", is_flag=True, help="Record sound rows though others are refused.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json", "csv"]),
    default="table",
    show_default=True,
)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="File to write the report to; without it, standard output.",
)
@click.pass_context
def members(
    context: click.Context,
    file: Path,
    explaining: Path | None,
    person: str,
    is_applied: bool,
    skip_refused: bool,
    form: str,
    out: Path | None,
) -> None:
    """Take an office's existing accounts from FILE (CSV or XLSX) with their dates.

    Without --apply nothing is recorded: the report says what the file would do, and of each row all
    that is differing, impossible or missing in it. The same file twice changes nothing; a changed
    day is a correction that a named person explains. Ends with status 1 while a row is refused.
    """
    from greenlane.cli.django_start import start_django

    start_django()
    from django.conf import settings

    from greenlane.apps.migration.actions import record_members
    from greenlane.apps.migration.earlier_rows import read_explanations, read_members
    from greenlane.apps.migration.planning import plan_members
    from greenlane.apps.migration.sheets import MOST_BYTES
    from greenlane.content.packs import load_program

    def content(path: Path) -> bytes:
        with path.open("rb") as stream:
            return stream.read(MOST_BYTES + 1)

    program, at = load_program(settings.GREENLANE_PACK), datetime.now(UTC)
    by = _taker(person, program, at)
    plan = plan_members(
        program=program,
        sheet=read_members(content(file)),
        explanations=read_explanations(content(explaining)) if explaining else {},
        by=by,
        today=program.day_of(at),
    )
    is_recorded = is_applied and (plan.is_sound or skip_refused)
    if is_recorded:
        record_members(program=program, plan=plan, by=by, at=at, skip_refused=skip_refused, via=VIA)
    report = _report(plan, form, is_recorded=is_recorded, is_applied=is_applied)
    if out is not None:
        out.write_text(report, encoding="utf-8")
    else:
        click.echo(report, nl=False)
    if not plan.is_sound:
        context.exit(1)


def _taker(person: str, program: Program, at: datetime) -> Actor:
    """Return a person as who takes earlier records over.

    Raises:
        NoSuchPerson: nobody has this key or address. RoleNotAllowed: they hold no such role.
    """
    from greenlane.apps.accounts import queries
    from greenlane.core.lifecycle.decide import Actor
    from greenlane.core.vocabulary import Power

    found = queries.person_by_email(person) if "@" in person else queries.person(person)
    if found is None:
        raise queries.NoSuchPerson("Nobody signs in with {person}.", person=person)
    role = queries.acting_role(
        found.key,
        wanted=program.roles_that_may(Power.CARRY_OVER),
        program=program,
        on=program.day_of(at),
    )
    return Actor(found.key, role)


def _report(plan: Plan, form: str, *, is_recorded: bool, is_applied: bool) -> str:
    from greenlane.apps.migration.earlier_rows import written

    if form == "csv":
        return written(plan.findings)
    if form == "json":
        return json.dumps(_as_json(plan, is_recorded=is_recorded), ensure_ascii=False) + "\n"
    lines = [
        f"  row {one.line}, {one.column}: {one.what} [{one.code}, "
        + (f"explained by {one.explained.person}]" if one.explained else "refused]")
        for one in plan.findings[:_SHOWN]
    ]
    if len(plan.findings) > _SHOWN:
        lines.append(f"  ... and {len(plan.findings) - _SHOWN:,} more: --format csv shows all.")
    lines += [
        f"  row {one.line}, {one.column}: the explanation is not needed, or there is no such row."
        for one in plan.unused
    ]
    counts = ", ".join(f"{name.replace('_', ' ')} {count:,}" for name, count in plan.counts.items())
    overdue = ", ".join(f"{name} {count:,}" for name, count in plan.overdue.items()) or "none"
    lines.append(f"Overdue today in these accounts: {overdue}.")
    refused = "Nothing recorded, rows are refused" if is_applied else "Dry run, nothing recorded"
    lines.append(f"{'Recorded' if is_recorded else refused}: {counts}.")
    return "\n".join(lines) + "\n"


def _as_json(plan: Plan, *, is_recorded: bool) -> dict[str, object]:
    return {
        "recorded": is_recorded,
        "file_sha256": plan.sha256,
        "counts": plan.counts,
        "overdue": plan.overdue,
        "rows": [
            {
                "row": one.row.line,
                "outcome": one.outcome,
                "account": one.stream,
                "overdue": [
                    {"duty": duty.name, "due_on": duty.due_on.isoformat()} for duty in one.overdue
                ],
            }
            for one in plan.rows
        ],
        "findings": [
            {
                "row": one.line,
                "column": one.column,
                "code": one.code,
                "what": one.what,
                "explained": None
                if one.explained is None
                else {
                    "person": one.explained.person,
                    "reason": one.explained.reason,
                    "value": one.explained.value,
                },
            }
            for one in plan.findings
        ],
        "unused_explanations": [{"row": one.line, "column": one.column} for one in plan.unused],
    }
