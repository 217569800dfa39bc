"""Reads the parties of accounts; who may read them is asked above."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from typing import Any, Final

from django.db.models import Max, QuerySet

from greenlane.apps.accounts.queries import acting_role
from greenlane.apps.members.models import Account, CompanyProfile
from greenlane.apps.parties.models import Party
from greenlane.content.packs import load_program
from greenlane.core.access import RoleNotAllowed
from greenlane.core.errors import BadInput, NotFound
from greenlane.core.vocabulary import Matter

COMPANY = "P-COMPANY"
"""Key of the company itself among its parties."""
PERSONAL_NUMBERS: Final = ("passport", "national_id", "driver_license", "trusted_traveler")
"""Kinds of numbers that name a person and have no form of their own to check."""
_SHOWN_AT_END: Final = 3

_KEY: Final = re.compile(r"P-[0-9A-Z]{1,14}")


class NoSuchParty(NotFound):
    """There is no such person or place on this account."""

    code = "party.not_found"


def parties_of(stream: str, *, role: str = "") -> Sequence[Party]:
    """Return the present parties of an account, by role and in the order of their declaration."""
    found = Party.objects.filter(stream=stream, is_removed=False)
    if role:
        found = found.filter(role=role)
    return list(found.order_by("role", "pk"))


def names_of_parties(stream: str, keys: Collection[str]) -> dict[str, str]:
    """Return names of parties by key, of those that left too; "" where one was erased."""
    rows = Party.objects.filter(stream=stream, party__in=sorted(keys))
    return dict(rows.values_list("party", "name"))


def parties_of_many(streams: Iterable[str]) -> dict[str, list[Party]]:
    """Return the present parties of several accounts, by account; one query."""
    by_stream: dict[str, list[Party]] = {}
    rows = Party.objects.filter(stream__in=list(streams), is_removed=False)
    for party in rows.order_by("stream", "role", "pk"):
        by_stream.setdefault(party.stream, []).append(party)
    return by_stream


def party(stream: str, key: str) -> Party:
    """Return one party, present or gone.

    Raises:
        NoSuchParty: the account has none of that key.
    """
    found = None
    if _KEY.fullmatch(key):
        found = Party.objects.filter(stream=stream, party=key).first()
    if found is None:
        raise NoSuchParty("This account has no person or place of that key.")
    return found


def address_of(stream: str, key: str) -> str:
    """Return the address that a party declared, as it is now; empty where there is none."""
    details = Party.objects.filter(stream=stream, party=key).values_list("details", flat=True)
    return str((details.first() or {}).get("address") or "")


def present_party(stream: str, key: str) -> Party:
    """Return one party that was not removed.

    Raises:
        NoSuchParty: the account has none of that key. BadInput: it was removed.
    """
    found = party(stream, key)
    if found.is_removed:
        raise BadInput("This entry was removed already.")
    return found


def reads_in_full(person: str, account: Account, *, on: date) -> bool:
    """Tell whether a person reads the numbers and birth dates of an account's people in full.

    Those who act for the company as a whole, having declared them, and who reads vetting, for
    which they are declared; everybody else who reads the account needs to know who, not more.
    """
    program = load_program(account.program)
    try:
        acting_role(
            person,
            wanted=program.own_roles | program.readers_of(Matter.VETTING),
            program=program,
            on=on,
            organization=account.organization,
            office=account.office,
        )
    except RoleNotAllowed:
        return False
    return True


def shown_details(one: Party, *, in_full: bool) -> dict[str, Any]:
    """Return a party's details as they are shown.

    Args:
        one: The party.
        in_full: False: of a birth date only the year; of a person's numbers, and of numbers that
            only people have, an ellipsis and the last three characters.
    """
    details: dict[str, Any] = dict(one.details)
    if in_full:
        return details
    if details.get("birth_date"):
        details["birth_date"] = details["birth_date"][:4]
    if "identifiers" in details:
        details["identifiers"] = [
            [kind, _end_of(value), country]
            if one.kind == "PERSON" or kind in PERSONAL_NUMBERS
            else [kind, value, country]
            for kind, value, country in details["identifiers"]
        ]
    return details


def _end_of(value: str) -> str:
    return f"…{value[-_SHOWN_AT_END:]}"


def with_identifier(values: Iterable[str]) -> dict[str, set[str]]:
    """Return which accounts bear which of these identifier values; those of partners do not count.

    Reads the identifiers of every present party once: a file is matched with all accounts at a
    time, never row by row.

    Args:
        values: Compared without blanks, dashes and case (see `compact`).

    Returns:
        Value to the keys of the accounts; values that nobody bears are missing.
    """
    wanted = set(values)
    found: dict[str, set[str]] = {}
    for stream, _, value in _borne(Party.objects.exclude(role="PARTNER")):
        if value in wanted:
            found.setdefault(value, set()).add(stream)
    return found


def companies_with(
    numbers: Iterable[tuple[str, str]], *, after: int = 0
) -> dict[tuple[str, str], set[str]]:
    """Return which accounts declare these numbers, scheme and value, as the company's own.

    Reads the company of every account once, as `with_identifier` does; with ``after``, only those
    that came after `latest_company` said so.
    """
    wanted = {(scheme, compact(value)) for scheme, value in numbers}
    found: dict[tuple[str, str], set[str]] = {}
    for stream, scheme, value in _borne(Party.objects.filter(party=COMPANY, pk__gt=after)):
        if (scheme, value) in wanted:
            found.setdefault((scheme, value), set()).add(stream)
    return found


def latest_company() -> int:
    """Return the row of the company that was declared first time last; 0 for none."""
    latest: int | None = Party.objects.filter(party=COMPANY).aggregate(latest=Max("pk"))["latest"]
    return latest or 0


def _borne(parties: QuerySet[Party]) -> Iterator[tuple[str, str, str]]:
    """Give account, scheme and plain value of each identifier of present parties."""
    rows = parties.filter(is_removed=False).values_list("stream", "details")
    for stream, details in rows.iterator(chunk_size=2_000):
        for scheme, value, _ in details.get("identifiers", ()):
            yield stream, scheme, compact(value)


def compact(value: str) -> str:
    """Return an identifier as it is compared: letters and digits only, upper case."""
    return "".join(letter for letter in value.upper() if letter.isalnum())


def latest_changes() -> dict[str, int]:
    """Return for each account the place of the latest event that changed who is screened."""
    latest: dict[str, int] = dict(
        Party.objects.order_by().values_list("stream").annotate(Max("seq"))
    )
    for stream, seq in CompanyProfile.objects.values_list("stream", "seq"):
        latest[stream] = max(seq, latest.get(stream, 0))
    return latest
