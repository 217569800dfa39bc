"""What commands share in which a named person acts: who, in which role, when, and refusals."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Collection, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Final, ParamSpec

import click

from greenlane.cli.django_start import start_django
from greenlane.core.errors import BadInput, GreenlaneError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from greenlane.apps.members.models import Account
    from greenlane.core.lifecycle.decide import Actor
    from greenlane.core.program import Program

P = ParamSpec("P")
VIA: Final = "cli"


@contextmanager
def _one_sentence() -> Iterator[None]:
    """Turn a refusal into one sentence on the error stream and status 2."""
    from greenlane.core.lifecycle.decide import Refused

    try:
        yield
    except GreenlaneError as refusal:
        code = refusal.refusal if isinstance(refusal, Refused) else refusal.code
        click.echo(f"greenlane: {refusal.message} [{code}]", err=True)
        sys.exit(2)


def command(action: Callable[P, None]) -> Callable[P, None]:
    """Start Django before a command, and let it end in one sentence where it is refused."""

    @wraps(action)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        with _one_sentence():
            start_django()
            for given in kwargs.values():
                _check_words(given)
            action(*args, **kwargs)

    return run


def _check_words(given: object) -> None:
    words = given if isinstance(given, tuple) else (given,)
    for word in words:
        # A shell gives bytes that are no UTF-8 as halves of characters.
        if isinstance(word, str) and any(c == "\x00" or "\ud800" <= c <= "\udfff" for c in word):
            raise BadInput("A word on the command line is no UTF-8 text. Write it again.")


AS_PERSON: Final = click.option(
    "--as", "person", required=True, metavar="PERSON", help="Who acts: key (U-...) or address."
)
FORMAT: Final = click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True
)
DAY: Final = click.DateTime(["%Y-%m-%d"])
FILE: Final = click.Path(exists=True, dir_okay=False, path_type=Path)


def now() -> datetime:
    return datetime.now(UTC)


def today_in(program: Program) -> date:
    return program.day_of(now())


def program_of(account: Account | None = None) -> Program:
    from django.conf import settings

    from greenlane.content.packs import load_program

    return load_program(account.program if account else settings.GREENLANE_PACK)


def row_of(key: str) -> Account:
    from greenlane.apps.members import queries

    return queries.account(key)


def actor_in(
    person: str, wanted: Collection[str], program: Program, *, organization: str, office: str = ""
) -> Actor:
    """Return a person as who acts, in a wanted role that they hold there.

    Raises:
        NoSuchPerson: nobody has this key or address. RoleNotAllowed: they hold none of the roles.
    """
    from greenlane.apps.accounts import queries
    from greenlane.core.lifecycle.decide import Actor

    found = queries.person_by_email(person) if "@" in person else queries.person(person)
    if found is None:
        raise queries.NoSuchPerson(f"Nobody signs in with {person}.")
    role = queries.acting_role(
        found.key,
        wanted=wanted,
        program=program,
        on=today_in(program),
        organization=organization,
        office=office,
    )
    return Actor(found.key, role)


def actor_on(person: str, wanted: Collection[str], account: Account) -> Actor:
    return actor_in(
        person,
        wanted,
        program_of(account),
        organization=account.organization,
        office=account.office,
    )


def pairs(given: tuple[str, ...]) -> dict[str, str]:
    """Read ``name=value`` words.

    Raises:
        BadInput: a word has no name or no equals sign, or a name comes twice.
    """
    read: dict[str, str] = {}
    for word in given:
        name, sign, value = word.partition("=")
        if not sign or not name or name in read:
            raise BadInput(f"{word[:60]!r} must be NAME=VALUE, each name once.")
        read[name] = value
    return read


def tell(form: str, shown: Mapping[str, object], line: str) -> None:
    click.echo(
        json.dumps(shown, indent=2, ensure_ascii=False, default=str) if form == "json" else line
    )
