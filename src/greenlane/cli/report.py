"""``greenlane report``: what oversight asks for, on any day, from the record."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path

import click


@click.group()
def report() -> None:
    """Report on the program from the record."""


@report.command()
@click.option("--on", "day", type=click.DateTime(["%Y-%m-%d"]), help="Day asked for; else today.")
@click.option("--format", "form", type=click.Choice(["json", "xlsx", "pdf"]), default="json")
@click.option(
    "--known",
    type=click.Choice(["then", "now"]),
    default="then",
    help="As known on that day (default), or as known now.",
)
@click.option("--language", type=click.Choice(["en", "es"]), default="en")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="File to write; without it the report goes to standard output.",
)
def health(day: datetime | None, form: str, known: str, language: str, out: Path | None) -> None:
    """Report the program's health: counts, duties, ages, each with its definition.

    A past day gives the figures as they were known on it, however often it is asked.
    """
    from greenlane.cli.django_start import start_django

    start_django()
    from django.conf import settings
    from django.utils import timezone

    from greenlane.apps.members.queries import accounts, names_in
    from greenlane.apps.reports.pdf import health_pdf
    from greenlane.apps.reports.queries import health_of
    from greenlane.apps.reports.workbook import health_workbook
    from greenlane.content.packs import load_program

    program = load_program(settings.GREENLANE_PACK)
    on = day.date() if day else timezone.localdate()
    found = health_of(program, on=on, known_now=known == "now")
    names = names_in(accounts(program=program.id))
    if form == "json":
        text = json.dumps(found.as_json(language), indent=2, ensure_ascii=False)
        content = f"{text}\n".encode()
    elif form == "xlsx":
        content = health_workbook(found, program=program, names=names, language=language)
    else:
        content = health_pdf(found, program=program, names=names, language=language)
    if out is not None:
        out.write_bytes(content)
    elif form != "json" and sys.stdout.isatty():
        raise click.UsageError("A terminal cannot show this format: name a file with --out.")
    else:
        click.echo(content, nl=False)
