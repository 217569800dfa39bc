"""``greenlane demo``: a demonstration office on this machine, made by the real actions."""

from __future__ import annotations

import os
from datetime import date, datetime
from time import monotonic

import click


@click.command()
@click.option("--port", default=8000, show_default=True, help="Port to serve on.")
@click.option("--no-serve", is_flag=True, help="Build the demonstration and stop.")
@click.option("--fresh", is_flag=True, help="Remove the present demonstration first.")
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="Build it as of this day.")
def demo(port: int, no_serve: bool, fresh: bool, day: datetime | None) -> None:
    """Build the demonstration office if it is not there, print its sign-ins, and serve it."""
    os.environ["GREENLANE_DEMO"] = "1"
    # The invented list has ten parties: compiling the comparison takes longer than comparing.
    os.environ.setdefault("GREENLANE_SCREENING_COMPILED", "0")
    os.environ.setdefault("GREENLANE_PUBLIC_ADDRESS", f"http://127.0.0.1:{port}")
    from greenlane.cli.django_start import start_django

    start_django()
    if fresh:
        _remove()
    _migrate()
    from greenlane.cli.demo_office.build import PASSWORD, Built, build, how_far

    if how_far() is Built.CUT_SHORT:
        click.echo("An earlier build was cut short: what it left is removed, and made anew.")
        _remove()
        _migrate()
    if how_far() is Built.ABSENT:
        click.echo("Making the demonstration office (61 companies, by the real actions) ...")
        began = monotonic()
        build(today=day.date() if day else _today(), say=click.echo)
        click.echo(f"Made in {monotonic() - began:.0f} seconds.")
    _print_sign_ins(port, PASSWORD)
    if not no_serve:
        from greenlane.cli.serve import serve_here

        serve_here(host="127.0.0.1", port=port)


def _today() -> date:
    from django.utils import timezone

    return timezone.localdate()


def _migrate() -> None:
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)


def _remove() -> None:
    """Remove the demonstration's SQLite file and documents; refuse for any other database."""
    import shutil
    from pathlib import Path

    from django.conf import settings
    from django.db import connection

    if connection.vendor != "sqlite":
        raise click.ClickException(
            "Only a demonstration in a SQLite file is removed by this command. Drop and create "
            "the database yourself, then run it again."
        )
    connection.close()
    name = Path(settings.DATABASES["default"]["NAME"])
    for path in (name, name.with_name(f"{name.name}-wal"), name.with_name(f"{name.name}-shm")):
        path.unlink(missing_ok=True)
    for folder in (settings.DATA_DIR / "documents", settings.WATCHLISTS_DIR):
        shutil.rmtree(folder, ignore_errors=True)


def _print_sign_ins(port: int, password: str) -> None:
    from greenlane.cli.demo_office.cast import COMPANIES, OFFICE_PEOPLE

    first = COMPANIES[0]
    click.echo("")
    click.echo("A demonstration: invented people and companies. CTPAT is a program of U.S.")
    click.echo("Customs and Border Protection, which neither made nor endorses this software.")
    click.echo("")
    click.echo(f"  Tour and one-click sign-ins:  http://127.0.0.1:{port}/tour/")
    click.echo(f"  Password of everybody:        {password}")
    for person in OFFICE_PEOPLE:
        click.echo(f"    {person.role:17} {person.email:32} {person.name}")
    click.echo(f"    {'company_officer':17} officer1@demo.example             {first.officer}")
    click.echo(f"    {'point_of_contact':17} contact1@demo.example             {first.contact}")
    click.echo("")
