"""Reads people, organizations and the roles they hold; answers who may act and read.

Days are given by the door; a role counts on ``[since, until)`` and only while its holder's sign-in
is open. Who may do what follows from ``core.access``.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from greenlane.apps.accounts.models import ApiToken, Grant, Invitation, Organization, SignIn, User
from greenlane.core import access
from greenlane.core.access import Held
from greenlane.core.errors import NotFound
from greenlane.core.program import Program
from greenlane.core.vocabulary import Matter, Relation


class NoSuchPerson(NotFound):
    """There is no such person, or they are not yours to see."""

    code = "person.not_found"


class NoSuchOrganization(NotFound):
    """There is no such organization, or it is not yours to see."""

    code = "organization.not_found"


class NoSuchGrant(NotFound):
    """There is no such grant, or it is not yours to see."""

    code = "grant.not_found"


class NoSuchInvitation(NotFound):
    """There is no such invitation. It was withdrawn, or the address was copied in part."""

    code = "invitation.not_found"


class NoSuchToken(NotFound):
    """There is no such token, or it is not yours."""

    code = "token.not_found"


@dataclass(frozen=True, slots=True)
class RoleHeld:
    """One role of one person in one place, for a list of people."""

    grant: str
    person: str
    name: str
    email: str
    is_active: bool
    role: str
    organization: str
    office: str
    relation: str
    since: date
    until: date | None
    granted_by: str
    is_stated: bool


@dataclass(frozen=True, slots=True)
class OwnOrganization:
    """An organization that a person acts for, with the roles they hold there."""

    key: str
    name: str
    roles: tuple[str, ...]


def person(key: str) -> User:
    """Return the person.

    Raises:
        NoSuchPerson: there is none of that key.
    """
    found = User.objects.filter(key=key).first()
    if found is None:
        raise NoSuchPerson(
            "There is no person {key!r}, or they are not yours to see.", key=key[:40]
        )
    return found


def person_by_email(email: str) -> User | None:
    """Return who signs in with this address, in any capitalization."""
    return User.objects.filter(email=clean_email(email)).first()


def clean_email(email: str) -> str:
    """Return an address as it is kept: without blanks around it, lower case."""
    return email.strip().lower()


def names_of(keys: Collection[str]) -> dict[str, str]:
    """Return names by person key, one query; unknown keys are left out, erased ones are ""."""
    return dict(User.objects.filter(key__in=set(keys)).values_list("key", "name"))


def organization(key: str) -> Organization:
    """Return the organization.

    Raises:
        NoSuchOrganization: there is none of that key.
    """
    found = Organization.objects.filter(key=key).first()
    if found is None:
        raise NoSuchOrganization(
            "There is no organization {key!r}, or it is not yours to see.", key=key[:40]
        )
    return found


def organizations_of(person: str, *, on: date, program: Program) -> list[OwnOrganization]:
    """Return the organizations a person acts for on ``on``, by name; one query."""
    rows = (
        _standing(on, program)
        .filter(user_id=person, organization__isnull=False)
        .select_related("organization")
    )
    roles: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in rows:
        if row.organization is not None:
            roles[row.organization.name, row.organization.key].add(row.role)
    return [
        OwnOrganization(key, name, tuple(one for one in program.roles if one in held))
        for (name, key), held in sorted(roles.items())
    ]


def people_of(organization: str, *, on: date, program: Program) -> list[RoleHeld]:
    """Return the roles held in an organization on ``on``; in the pack's order, then by name."""
    return _role_rows(_standing(on, program).filter(organization_id=organization), program)


def people_of_office(*, on: date, program: Program, office: str = "") -> list[RoleHeld]:
    """Return the roles held on the office's side; of one field office and of all, where named."""
    rows = _standing(on, program).filter(organization__isnull=True)
    if office:
        rows = rows.filter(office__in=("", office))
    return _role_rows(rows, program)


def people_of_companies(
    *, on: date, program: Program, text: str = "", at_most: int = 60
) -> list[RoleHeld]:
    """Return company roles in the pack's order, for a demonstration's entrance.

    Args:
        on: The day.
        program: The pack.
        text: Only people or organizations whose name contains it.
        at_most: So many, the longest recorded first.
    """
    rows = _standing(on, program).filter(organization__isnull=False)
    if text:
        rows = rows.filter(Q(user__name__icontains=text) | Q(organization__name__icontains=text))
    return _role_rows(rows.order_by("since", "key")[:at_most], program)


def organization_names(keys: Collection[str]) -> dict[str, str]:
    """Return names by organization key, one query; unknown keys are left out."""
    return dict(Organization.objects.filter(key__in=set(keys)).values_list("key", "name"))


def grant(key: str) -> Grant:
    """Return the grant.

    Raises:
        NoSuchGrant: there is none of that key.
    """
    found = Grant.objects.filter(key=key).first()
    if found is None:
        raise NoSuchGrant("There is no grant {key!r}, or it is not yours to see.", key=key[:40])
    return found


def held_by(person: str, *, program: Program, on: date) -> list[Held]:
    """Return what a person holds on ``on``; one query, nothing once their sign-in is closed."""
    return [held_of(row) for row in _standing(on, program).filter(user_id=person)]


def held_of(row: Grant) -> Held:
    """Return a grant as ``core.access`` judges it."""
    return Held(
        row.role,
        row.organization_id or "",
        row.office,
        Relation(row.relation),
        row.since,
        row.until,
    )


def roles_of(
    person: str, *, program: Program, on: date, organization: str | None = None
) -> tuple[str, ...]:
    """Return the roles a person holds, in the pack's order.

    Args:
        person: Key of the person.
        program: The pack.
        on: The day.
        organization: Only roles in this organization ("": only the office's); None for all.
    """
    held = {
        one.role
        for one in held_by(person, program=program, on=on)
        if organization is None or one.organization == organization
    }
    return tuple(role for role in program.roles if role in held)


def acting_role(
    person: str,
    *,
    wanted: Collection[str],
    program: Program,
    on: date,
    organization: str = "",
    office: str = "",
) -> str:
    """Return the role in which a person may act on an organization's affairs, or the office's.

    Args:
        person: Key of the person.
        wanted: Roles that the act is open to.
        program: The pack.
        on: The day.
        organization: Key of the organization whose account it is; "" for the office's own acts.
        office: Field office of the account, "" when it has none.

    Raises:
        RoleNotAllowed: the person holds none of these roles here.
    """
    held = held_by(person, program=program, on=on)
    return access.acting_role(
        program, held, wanted=wanted, on=on, organization=organization, office=office
    )


def may_read(
    person: str,
    matter: Matter,
    *,
    program: Program,
    on: date,
    organization: str = "",
    office: str = "",
) -> bool:
    """Tell whether a person may read a matter of an organization's account."""
    held = held_by(person, program=program, on=on)
    return access.reads(program, held, matter, on=on, organization=organization, office=office)


def may_see_account(
    person: str, *, program: Program, on: date, organization: str, office: str = ""
) -> bool:
    """Tell whether a person may see an account of this organization (and field office)."""
    return may_read(
        person,
        Matter.ACCOUNT,
        program=program,
        on=on,
        organization=organization,
        office=office,
    )


@dataclass(frozen=True, slots=True)
class Sight:
    """Whose accounts a person sees: a filter for lists, so that no row is asked one by one.

    ``offices`` None means every field office; else accounts of these, and those without one.
    """

    organizations: frozenset[str]
    sees_all: bool
    offices: frozenset[str] | None

    @property
    def is_empty(self) -> bool:
        """Tell that nothing at all is seen."""
        return not self.organizations and not self.sees_all


def sight_of(person: str, *, program: Program, on: date, matter: Matter = Matter.ACCOUNT) -> Sight:
    """Return whose accounts a person reads; one query.

    Filter with ``organization in sight.organizations``, or, where ``sees_all``, with
    ``office in ("", *sight.offices)`` unless ``offices`` is None.
    """
    readers = program.readers_of(matter)
    held = [one for one in held_by(person, program=program, on=on) if one.role in readers]
    offices = {one.office for one in held if not one.organization}
    return Sight(
        frozenset(one.organization for one in held if one.organization),
        bool(offices),
        None if "" in offices else frozenset(offices),
    )


def invitation(key: str) -> Invitation:
    """Return the invitation.

    Raises:
        NoSuchInvitation: there is none of that key.
    """
    found = Invitation.objects.select_related("organization").filter(key=key).first()
    if found is None:
        raise NoSuchInvitation
    return found


def open_invitations(*, organization: str, program: Program, on: date) -> list[Invitation]:
    """Return the invitations of an organization ("": the office's) that can still be accepted."""
    rows = Invitation.objects.filter(
        program=program.id,
        organization_id=organization or None,
        accepted_by="",
        withdrawn_by="",
        expires_on__gte=on,
    )
    return list(rows.order_by("invited_on", "key"))


def sign_ins_of(person: str, *, at_most: int = 20) -> list[SignIn]:
    """Return how and from where a person signed in and changed credentials, the newest first."""
    return list(SignIn.objects.filter(user_id=person).order_by("-seq")[:at_most])


def tokens_of(person: str) -> list[ApiToken]:
    """Return a person's tokens, the newest first, the revoked ones too."""
    return list(ApiToken.objects.filter(user_id=person).order_by("-created_on", "key"))


def token(key: str) -> ApiToken:
    """Return the token of that key.

    Raises:
        NoSuchToken: there is none.
    """
    found = ApiToken.objects.filter(key=key).first()
    if found is None:
        raise NoSuchToken
    return found


def digest_of_token(token: str) -> str:
    """Return what is kept of a token. It has 256 random bits, so a plain hash is enough."""
    return hashlib.sha256(b"greenlane api token 1\n" + token.encode("utf-8", "replace")).hexdigest()


def token_in_force(token: str, *, on: date) -> ApiToken | None:
    """Return the record of a token with its owner; None when it opens nothing (any more)."""
    return (
        ApiToken.objects.select_related("user")
        .filter(digest=digest_of_token(token), revoked_on__isnull=True, user__is_active=True)
        .filter(Q(expires_on__isnull=True) | Q(expires_on__gte=on))
        .first()
    )


def person_of_token(token: str, *, on: date) -> User | None:
    """Return whose token it is; None when it is unknown, revoked, expired, or its owner closed."""
    found = token_in_force(token, on=on)
    return None if found is None else found.user


def _standing(on: date, program: Program) -> QuerySet[Grant]:
    return Grant.objects.filter(
        Q(until__isnull=True) | Q(until__gt=on),
        program=program.id,
        since__lte=on,
        user__is_active=True,
    )


def _role_rows(rows: QuerySet[Grant], program: Program) -> list[RoleHeld]:
    order = {role: place for place, role in enumerate(program.roles)}
    found = [
        RoleHeld(
            row.key,
            row.user_id,
            row.user.name,
            row.user.email or "",
            row.user.is_active,
            row.role,
            row.organization_id or "",
            row.office,
            row.relation,
            row.since,
            row.until,
            row.granted_by,
            row.is_stated,
        )
        for row in rows.select_related("user")
    ]
    return sorted(found, key=lambda one: (order.get(one.role, len(order)), one.name, one.grant))
