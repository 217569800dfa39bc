"""The account a page is about: found only for somebody who may see it, else "no such account".

Whose company an account is stays hidden from everybody else: the answer is the same for an account
that does not exist.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse

from greenlane.apps.accounts.queries import acting_role, may_read, sight_of
from greenlane.apps.documents import store
from greenlane.apps.members import queries
from greenlane.apps.suspensions.queries import document_for
from greenlane.content.packs import load_program
from greenlane.core.access import RoleNotAllowed, marking
from greenlane.core.lifecycle.decide import Actor
from greenlane.core.marks import Mark
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


def may_act(request: HttpRequest, account: Account, wanted: Collection[str]) -> bool:
    """Tell whether whoever asks holds one of the wanted roles for an account, today."""
    try:
        acting_role(
            signed_in(request).key,
            wanted=wanted,
            program=load_program(account.program),
            on=today(),
            organization=account.organization,
            office=account.office,
        )
    except RoleNotAllowed:
        return False
    return True


def works_on_cases(request: HttpRequest, account: Account) -> bool:
    """Tell whether whoever asks works on the account for the office: they read all of a case."""
    return may_act(request, account, load_program(account.program).case_roles)


def document_given(request: HttpRequest, account: Account, seq: int) -> HttpResponse:
    """Return a document of an account as a download, to whoever may have it.

    Who works on the account gets any; whoever decides appeals those of the appeals and of their
    cases beside what the company gets. It is never shown inside a page of ours.

    Raises:
        NoSuchDocument: there is none, or it is not theirs; the answer does not tell which.
    """
    authority = marking(Mark.APPEAL_DECIDED)(load_program(account.program))
    found = document_for(
        account.stream,
        seq,
        works_on_cases=works_on_cases(request, account),
        decides_appeals=may_act(request, account, authority),
    )
    answer = HttpResponse(store.read(found.sha256), content_type=found.media_type)
    name = quote(found.name or f"document-{seq}")
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
