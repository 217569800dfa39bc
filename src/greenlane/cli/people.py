"""``greenlane people``: the first people of an installation, and help that no page can give.

Whoever can run this command runs the installation, so it acts as the system; each act is recorded
so. Everybody else grants roles on the pages.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from greenlane.cli.django_start import start_django

if TYPE_CHECKING:
    from greenlane.core.program import Program

_ADDRESS = click.option(
    "--address",
    help="Address for the link; without it GREENLANE_PUBLIC_ADDRESS.",
)


def _now() -> datetime:
    return datetime.now(UTC)


def _program() -> Program:
    from django.conf import settings

    from greenlane.content.packs import load_program

    return load_program(settings.GREENLANE_PACK)


def _key_of(person: str) -> str:
    """Return the key of somebody named by key or address."""
    from greenlane.apps.accounts import queries

    if "@" not in person:
        return queries.person(person).key
    found = queries.person_by_email(person)
    if found is None:
        raise queries.NoSuchPerson(f"Nobody signs in with {person}.")
    return found.key


def _password_link(person: str, address: str | None) -> str:
    from django.conf import settings
    from django.utils.module_loading import import_string

    from greenlane.apps.accounts import queries

    found = queries.person(person)
    token = import_string(settings.ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR)().make_token(found)
    if address is None:
        # A browser gives passkeys to plain HTTP under this name alone.
        address = "http://localhost:8000" if settings.IS_LOCAL_HTTP else settings.PUBLIC_ADDRESS
    return f"{address.rstrip('/')}/accounts/password/reset/key/{found.key}-{token}/"


@click.group()
def people() -> None:
    """Record the first people, grant and end roles, help with sign-ins."""


@people.command()
@click.argument("name")
@click.argument("email")
@click.option("--role", help="A role on the office's side, such as director or operator.")
@click.option("--office", default="", help="Field office of the role; all of them without it.")
@click.option("--language", default="en", show_default=True)
@_ADDRESS
def add(
    name: str, email: str, role: str | None, office: str, language: str, address: str | None
) -> None:
    """Record NAME, who signs in with EMAIL; print the link to choose a password.

    Begin a new installation with a director and an operator; they invite everybody else.
    """
    start_django()
    from django.db import transaction

    from greenlane.apps.accounts import actions

    program = _program()
    with transaction.atomic():
        made = actions.register_person(
            name=name,
            email=email,
            language=language,
            by=actions.BY_SYSTEM,
            at=_now(),
            program=program,
        )
        if role:
            actions.grant(
                person=made.key,
                role=role,
                office=office,
                by=actions.BY_SYSTEM,
                at=_now(),
                program=program,
            )
    click.echo(f"{made.key} {made.email}")
    click.echo(f"Link to choose a password, for one day: {_password_link(made.key, address)}")


@people.command()
@click.argument("person")
@click.argument("role")
@click.option("--organization", default="", help="Key (O-...) of the company; none: the office.")
@click.option("--office", default="", help="Field office of an office's role.")
@click.option(
    "--relation",
    type=click.Choice(["officer", "employee", "outside"]),
    help="What the person is to the company; without it, what is usual for the role.",
)
def grant(person: str, role: str, organization: str, office: str, relation: str | None) -> None:
    """Grant ROLE to PERSON (key or e-mail address), as the system.

    For a company whose last officer is gone; everything else is granted on the pages.
    """
    start_django()
    from greenlane.apps.accounts import actions
    from greenlane.core.vocabulary import Relation

    given = actions.grant(
        person=_key_of(person),
        role=role,
        organization=organization,
        office=office,
        relation=Relation(relation) if relation else None,
        by=actions.BY_SYSTEM,
        at=_now(),
        program=_program(),
    )
    click.echo(f"{given.key} {given.role}")


@people.command()
@click.argument("key", metavar="GRANT")
def end(key: str) -> None:
    """End the role of GRANT (G-...), as the system."""
    start_django()
    from greenlane.apps.accounts import actions

    ended = actions.end_grant(grant=key, by=actions.BY_SYSTEM, at=_now(), program=_program())
    click.echo(f"{ended.key} {ended.role} ended {ended.until}")


@people.command(name="list")
@click.option("--organization", default="", help="Key (O-...) of a company; none: the office.")
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True
)
def list_(organization: str, form: str) -> None:
    """List who holds which role in the office, or in a company."""
    start_django()
    from greenlane.apps.accounts import queries

    program = _program()
    on = program.day_of(_now())
    rows = (
        queries.people_of(queries.organization(organization).key, on=on, program=program)
        if organization
        else queries.people_of_office(on=on, program=program)
    )
    shown = [
        {
            "grant": one.grant,
            "person": one.person,
            "name": one.name,
            "email": one.email,
            "role": one.role,
            "office": one.office,
            "since": one.since.isoformat(),
        }
        for one in rows
    ]
    if form == "json":
        click.echo(json.dumps(shown, ensure_ascii=False, indent=2))
        return
    for row in shown:
        click.echo("  ".join(value for value in row.values() if value))


@people.command()
@click.argument("person")
@_ADDRESS
def link(person: str, address: str | None) -> None:
    """Print a link with which PERSON chooses a new password; it works once, for one day."""
    start_django()
    click.echo(_password_link(_key_of(person), address))


@people.command("reset-second-factor")
@click.argument("person")
@click.confirmation_option(prompt="Did you make sure, by another way than mail, who is asking?")
def reset_second_factor(person: str) -> None:
    """Remove the second factors of PERSON, who lost them; they set up a new one."""
    start_django()
    from greenlane.apps.accounts import actions

    key = _key_of(person)
    actions.reset_second_factor(person=key, by=actions.BY_SYSTEM, at=_now(), program=_program())
    click.echo(f"{key} sets up a new second factor at the next sign-in.")


@people.command()
@click.argument("person")
@click.argument("why")
def close(person: str, why: str) -> None:
    """Close the sign-in of PERSON; WHY is left, at_own_wish, role_ended, misuse or duplicate."""
    start_django()
    from greenlane.apps.accounts import actions

    key = _key_of(person)
    actions.deactivate_person(
        person=key, why=why, by=actions.BY_SYSTEM, at=_now(), program=_program()
    )
    click.echo(f"{key} is closed.")
