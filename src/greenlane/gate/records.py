"""The account a page is about: found only for somebody who may see it, else "no such account".

Whose company an account is stays hidden from everybody else: the answer is the same for an account
that does not exist.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from django.http import HttpRequest

from greenlane.apps.accounts.queries import may_read, sight_of
from greenlane.apps.members import queries
from greenlane.content.packs import load_program
from greenlane.core.lifecycle.decide import Actor
from greenlane.core.vocabulary import Matter
from greenlane.gate.access import acting, signed_in, today

if TYPE_CHECKING:
    from datetime import date

    from django.db.models import QuerySet

    from greenlane.apps.members.models import Account
    from greenlane.core.program import Program

VIA = "web"


def may_see(request: HttpRequest, account: Account, matter: Matter) -> bool:
    """Tell whether whoever asks may read a matter of an account."""
    return may_read(
        signed_in(request).key,
        matter,
        program=load_program(account.program),
        on=today(),
        organization=account.organization,
        office=account.office,
    )


def account_for(request: HttpRequest, key: str, *, matter: Matter = Matter.ACCOUNT) -> Account:
    """Return an account that whoever asks may see.

    Args:
        request: The request of somebody signed in.
        key: Key of the account.
        matter: What of it is wanted: the account, its record, its vetting ...

    Raises:
        NoSuchAccount: there is none, or it is not theirs to see.
    """
    found = queries.account(key)
    if not may_see(request, found, matter):
        raise queries.NoSuchAccount(
            "There is no account {key!r}, or it is not yours to see.", key=key[:40]
        )
    return found


def accounts_in_sight(
    request: HttpRequest, program_id: str, *, matter: Matter = Matter.ACCOUNT
) -> QuerySet[Account]:
    """Return the accounts of a program of which whoever asks may see ``matter``; one query."""
    return in_sight(signed_in(request).key, load_program(program_id), on=today(), matter=matter)


def in_sight(
    person: str, program: Program, *, on: date, matter: Matter = Matter.ACCOUNT
) -> QuerySet[Account]:
    """Return the accounts of which a person may see ``matter`` on a day."""
    from django.db.models import Q

    sight = sight_of(person, program=program, on=on, matter=matter)
    found = queries.accounts(program=program.id)
    own = Q(organization__in=sight.organizations)
    if not sight.sees_all:
        return found.filter(own)
    if sight.offices is None:
        return found
    return found.filter(own | Q(office__in=("", *sight.offices)))


def actor_on(request: HttpRequest, account: Account, wanted: Collection[str]) -> Actor:
    """Return whoever asks as the actor of an act on an account, in a role it is open to.

    Raises:
        RoleNotAllowed: they hold none of these roles there.
    """
    return acting(request, wanted, organization=account.organization, office=account.office)
