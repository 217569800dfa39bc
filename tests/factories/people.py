"""People in roles, made by the real actions, so that no test rests on an impossible record."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from itertools import count

from django.conf import settings

from greenlane.apps.accounts import actions
from greenlane.apps.accounts.credentials import encode_password
from greenlane.apps.accounts.models import Organization, User
from greenlane.content.packs import load_program
from greenlane.core.lifecycle.decide import Actor
from greenlane.core.program import Program
from greenlane.core.vocabulary import Relation

NOW = datetime(2026, 5, 4, 15, 0, tzinfo=UTC)
PASSWORD = "three quiet harbors at dawn"
_number = count(1)


def the_program() -> Program:
    """Return the pack that people hold roles in."""
    return load_program(settings.GREENLANE_PACK)


def encoded_password() -> str:
    """Return the hash of `PASSWORD`; once, since it takes half a second on purpose."""
    return _encoded(tuple(settings.PASSWORD_HASHERS))


@cache
def _encoded(hashers: tuple[str, ...]) -> str:
    return encode_password(PASSWORD)


def a_person(
    name: str | None = None,
    email: str | None = None,
    *,
    at: datetime = NOW,
    language: str = "en",
    can_sign_in: bool = False,
) -> User:
    """Record a person without a role; with ``can_sign_in`` their password is `PASSWORD`."""
    number = next(_number)
    return actions.register_person(
        name=name or f"Person {number}",
        email=email or f"person{number}@example.com",
        language=language,
        encoded_password=encoded_password() if can_sign_in else "",
        by=actions.BY_SYSTEM,
        at=at,
        program=the_program(),
    )


def an_organization(name: str | None = None, *, at: datetime = NOW) -> Organization:
    """Record an organization that nobody acts for yet."""
    return actions.register_organization(
        name=name or f"Company {next(_number)}", by=actions.BY_SYSTEM, at=at, program=the_program()
    )


def person_with(
    role: str,
    organization: Organization | str | None = None,
    *,
    office: str = "",
    relation: Relation | None = None,
    name: str | None = None,
    email: str | None = None,
    at: datetime = NOW,
    language: str = "en",
    can_sign_in: bool = False,
) -> User:
    """Record a person and grant them a role; a company's role without a company makes one."""
    made = a_person(name, email, at=at, language=language, can_sign_in=can_sign_in)
    program = the_program()
    key = organization.key if isinstance(organization, Organization) else organization or ""
    if not key and program.roles[role].side == "company":
        key = an_organization(at=at).key
    actions.grant(
        person=made.key,
        role=role,
        organization=key,
        office=office,
        relation=relation,
        by=actions.BY_SYSTEM,
        at=at,
        program=program,
    )
    return made


def actor(person: User, role: str = "") -> Actor:
    """Return a person as who acts, in a role."""
    return Actor(person.key, role)
