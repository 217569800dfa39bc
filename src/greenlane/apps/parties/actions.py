"""Declares people, owners, sites, vessels and partners of an account, and takes them away."""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Final

from greenlane.apps.audit.actions import append, one_at_a_time
from greenlane.apps.audit.queries import head_of
from greenlane.apps.audit.seal import Sealed
from greenlane.apps.members.models import Account
from greenlane.apps.parties import queries
from greenlane.apps.parties.models import Party
from greenlane.content.identifiers import SCHEMES, normalize
from greenlane.content.packs import load_program
from greenlane.core.access import check_role_among
from greenlane.core.canonical import Json
from greenlane.core.errors import BadInput
from greenlane.core.ledger import EventDraft
from greenlane.core.lifecycle.decide import Actor
from greenlane.screening.formats.dates import read_date

MOST: Final = 500
MOST_OF_ONE: Final = 20
"""Other names, countries and numbers that one party has at most, of each."""
_KINDS_OF: Final = {
    "COMPANY": ("ORGANIZATION",),
    "OFFICER": ("PERSON",),
    "OWNER": ("PERSON", "ORGANIZATION"),
    "SITE": ("ORGANIZATION",),
    "VESSEL": ("VESSEL",),
    "PARTNER": ("ORGANIZATION", "PERSON"),
}
_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_PARTIAL_DATE: Final = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?")
_FIRST_BIRTH: Final = 1880
_LONGEST: Final = 400


@dataclass(frozen=True, slots=True)
class PartyGiven:
    """One party as the company declares it.

    Attributes:
        role: OFFICER, OWNER, SITE, VESSEL, PARTNER, or COMPANY for the company itself.
        name: Full name of a person; registered name of a company; name of a ship or site.
        kind: PERSON, ORGANIZATION or VESSEL; "" where the role leaves no choice.
        other_names: Former names, names in another script, trading names.
        birth_date: ``1975-06-14``, ``1975-06`` or ``1975``; for people.
        countries: ISO 3166 alpha-2 codes.
        identifiers: (kind, value, country): a scheme of `content.identifiers` or of
            `queries.PERSONAL_NUMBERS`.
        address: Where a site is, or a person or company can be reached.
        title: What an officer or partner is.
        share: Per cent that an owner holds, 0 to 100; "" where it is not known.
        owned: Key of the party that is owned; "" for the company.
    """

    role: str
    name: str
    kind: str = ""
    other_names: tuple[str, ...] = ()
    birth_date: str = ""
    countries: tuple[str, ...] = ()
    identifiers: tuple[tuple[str, str, str], ...] = ()
    address: str = ""
    title: str = ""
    share: str = ""
    owned: str = ""


@one_at_a_time
def declare_party(
    *,
    account: Account,
    given: PartyGiven,
    by: Actor,
    at: datetime,
    party: str = "",
    via: str = "",
) -> Party:
    """Declare one party, new or changed; all that names it is sealed on the account's record.

    Args:
        party: Key of the party that changes; "" for a new one.

    Raises:
        RoleNotAllowed: the role does not speak for the company.
        BadInput: a name, day, share or number cannot be, or the party was removed; the message
            says which.
        NoSuchParty: there is no party of that key.
        Conflict: the account changed meanwhile.
    """
    program = load_program(account.program)
    check_role_among(program, role=by.role, wanted=program.own_roles)
    key = party
    if given.role == "COMPANY":
        key = queries.COMPANY
    elif party:
        if queries.present_party(account.stream, party).role != given.role:
            raise BadInput("What somebody is cannot be changed. Remove them and add them anew.")
    else:
        if len(queries.parties_of(account.stream)) >= MOST:
            raise BadInput(
                "An account holds at most {most} people and places. Remove some first.", most=MOST
            )
        key = "P-" + "".join(secrets.choice(_ALPHABET) for _ in range(8))
    _check_count(given)
    kind, content = _cleaned(account, given, key)
    category = "account_content"
    if kind == "PERSON":
        wanted = "identifier" if content["identifiers"] else "contact"
        category = wanted if wanted in program.retention else category
    draft = EventDraft(
        "party",
        "party.declared",
        program.day_of(at),
        by.id,
        by.role,
        payload={"party": key, "role": given.role, "kind": kind},
        via=via,
    )
    append(
        stream=account.stream,
        expected=head_of(account.stream).seq,
        drafts=[(draft, Sealed(category, content))],
        at=at,
        program=program,
    )
    return queries.party(account.stream, key)


def company_draft(
    *, name: str, identifiers: Sequence[tuple[str, str]], by: Actor, on: date, via: str = ""
) -> tuple[EventDraft, Sealed]:
    """Return the event that declares the company itself, for an account that begins with it.

    Args:
        name: Its registered name, cleaned.
        identifiers: Scheme of `content.identifiers` and normal form, each.
    """
    content: dict[str, Json] = {
        "name": name,
        "other_names": [],
        "birth_date": "",
        "countries": [],
        "identifiers": [[scheme, value, ""] for scheme, value in identifiers],
        "address": "",
        "title": "",
    }
    payload: dict[str, Json] = {
        "party": queries.COMPANY,
        "role": "COMPANY",
        "kind": "ORGANIZATION",
    }
    draft = EventDraft("party", "party.declared", on, by.id, by.role, payload=payload, via=via)
    return draft, Sealed("account_content", content)


@one_at_a_time
def remove_party(*, account: Account, party: str, by: Actor, at: datetime, via: str = "") -> None:
    """Take a party away: it left, was sold, is no partner any more. What was recorded stays.

    Raises:
        RoleNotAllowed: the role does not speak for the company.
        BadInput: the company itself, one that is gone, or one that others are said to own.
        NoSuchParty, Conflict.
    """
    program = load_program(account.program)
    check_role_among(program, role=by.role, wanted=program.own_roles)
    found = queries.present_party(account.stream, party)
    if found.role == "COMPANY":
        raise BadInput("The company itself cannot be removed from its account.")
    owners = queries.parties_of(account.stream, role="OWNER")
    if any(owner.details.get("owned") == party for owner in owners):
        raise BadInput(
            "Others are declared as owners of {name}. Change or remove them first.",
            name=found.name,
        )
    draft = EventDraft(
        "party",
        "party.removed",
        program.day_of(at),
        by.id,
        by.role,
        payload={"party": party},
        via=via,
    )
    append(
        stream=account.stream,
        expected=head_of(account.stream).seq,
        drafts=[(draft, None)],
        at=at,
        program=program,
    )


def _cleaned(account: Account, given: PartyGiven, key: str) -> tuple[str, dict[str, Json]]:
    kinds = _KINDS_OF.get(given.role)
    if kinds is None:
        raise BadInput(
            "{role!r} is no role. Use one of {known}.",
            role=given.role[:20],
            known=", ".join(_KINDS_OF),
        )
    kind = given.kind or kinds[0]
    if kind not in kinds:
        raise BadInput(
            "{role} is one of {known}, not {kind!r}.",
            role=given.role,
            known=", ".join(kinds),
            kind=kind[:20],
        )
    name = _line(given.name)
    if not any(unicodedata.category(letter)[0] in "LN" for letter in name):
        raise BadInput("Give the full name.")
    content: dict[str, Json] = {
        "name": name,
        "other_names": [text for one in given.other_names if (text := _line(one))],
        "birth_date": _birth_date(given.birth_date) if kind == "PERSON" else "",
        "countries": [_country(code) for code in given.countries if code.strip()],
        "identifiers": [_number(*one) for one in given.identifiers if one[1].strip()],
        "address": _line(given.address, longest=1_000),
        "title": _line(given.title),
    }
    if given.role == "OWNER":
        content["share"] = _share(given.share)
        content["owned"] = _owned(account, given.owned, key)
    return kind, content


def _check_count(given: PartyGiven) -> None:
    """Refuse more than is kept: what would be dropped would never be screened."""
    numbers = [value for _, value, _ in given.identifiers]
    filled = (
        sum(bool(text.strip()) for text in texts)
        for texts in (given.other_names, given.countries, numbers)
    )
    if max(filled) > MOST_OF_ONE:
        raise BadInput(
            "One entry has at most {most} other names, {most} countries and {most} numbers.",
            most=MOST_OF_ONE,
        )


def _line(text: str, *, longest: int = _LONGEST) -> str:
    kept = " ".join(unicodedata.normalize("NFC", text).split())
    if len(kept) > longest:
        raise BadInput(
            "A field has {count} characters; at most {longest} fit.",
            count=len(kept),
            longest=longest,
        )
    if any(unicodedata.category(c) in ("Cc", "Cs", "Co", "Cn") or c in _HIDING for c in kept):
        raise BadInput("A field holds a hidden character. Type it anew.")
    return kept


# What reorders or hides text; the joiners that some scripts need (Cf too) are not among them.
_HIDING: Final = frozenset(
    "\u200b\u200e\u200f\u2060\ufeff\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)


def _birth_date(text: str) -> str:
    kept = text.strip()
    if not kept:
        return ""
    found = read_date(kept) if _PARTIAL_DATE.fullmatch(kept) else None
    known = sum(part is not None for part in (found.year, found.month, found.day)) if found else 0
    # The reader of lists leaves an impossible day out; here it is a slip to be mended.
    if found is None or found.year < _FIRST_BIRTH or known != kept.count("-") + 1:
        raise BadInput(
            "This is no birth date. Write 1975-06-14, or 1975-06 or 1975 if no more is known."
        )
    return kept


def _country(code: str) -> str:
    kept = code.strip().upper()
    if not (len(kept) == 2 and kept.isascii() and kept.isalpha()):
        raise BadInput(
            "{code!r} is no country. Write its two letters, such as MX or US.", code=code[:20]
        )
    return kept


def _number(kind: str, value: str, country: str) -> list[Json]:
    spelled = kind.strip().lower()
    where = _country(country) if country.strip() else ""
    if spelled in SCHEMES:
        return [spelled, normalize(spelled, value).value, where]
    if spelled not in queries.PERSONAL_NUMBERS:
        known = ", ".join((*SCHEMES, *queries.PERSONAL_NUMBERS))
        raise BadInput(
            "{kind!r} is no kind of number. Use one of {known}.", kind=kind[:20], known=known
        )
    plain = queries.compact(value)
    if not (4 <= len(plain) <= 30 and plain.isascii()):
        raise BadInput("A number of a person has 4 to 30 letters and digits.")
    return [spelled, plain, where]


def _share(text: str) -> str:
    kept = text.strip().removesuffix("%").strip()
    if not kept:
        return ""
    try:
        share = Decimal(kept) if kept.isascii() and len(kept) <= 12 else Decimal("NaN")
    except InvalidOperation:
        share = Decimal("NaN")
    if not share.is_finite() or not 0 <= share <= 100 or "e" in kept.lower():
        raise BadInput("A share is a number of per cent from 0 to 100, such as 33.3; or nothing.")
    return format(share.normalize(), "f") if share else "0"


def _owned(account: Account, owned: str, key: str) -> str:
    kept = owned.strip()
    if kept in ("", queries.COMPANY):
        return ""
    if kept == key:
        raise BadInput("Nobody owns themselves. Choose what is owned.")
    held = queries.party(account.stream, kept)
    if held.is_removed or held.kind != "ORGANIZATION":
        raise BadInput("Only a company can be owned. Choose the company, or one of its owners.")
    return kept
