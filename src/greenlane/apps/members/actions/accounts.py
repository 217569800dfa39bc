"""Opens accounts and records what companies declare of themselves."""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Final

from django.db import transaction

from greenlane.apps.audit.actions import append, one_at_a_time
from greenlane.apps.audit.queries import head_of
from greenlane.apps.audit.seal import Sealed
from greenlane.apps.members import queries
from greenlane.apps.members.actions.steps import step_draft
from greenlane.apps.members.models import Account
from greenlane.core.canonical import Json
from greenlane.core.case import Case
from greenlane.core.errors import BadInput
from greenlane.core.facts import Facts, check_may_declare
from greenlane.core.ledger import EventDraft
from greenlane.core.lifecycle.decide import Act, Actor
from greenlane.core.program import Program
from greenlane.core.vocabulary import Origin, Purpose, Side

_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
ACCOUNT_CONTENT: Final = "account_content"
MAX_COMPANY_NAME: Final = 400
_JOINERS: Final = "\u200c\u200d"


def clean_company_name(name: str) -> str:
    """Return a company's name as the record keeps it: one line, nothing that hides or reorders.

    A name is printed on letters and compared by the public check, so it may not look like another
    than it is. The joiners that Persian and Indic scripts need stay.

    Raises:
        BadInput: no letter or digit, a hidden or control character, or more than fits.
    """
    kept = " ".join(unicodedata.normalize("NFC", name).split())
    if not any(unicodedata.category(c)[0] in "LN" for c in kept):
        raise BadInput("The company has no name. Give its legal name as it is registered.")
    hidden = [c for c in kept if unicodedata.category(c)[0] == "C" and c not in _JOINERS]
    if hidden:
        raise BadInput(
            "The company's name holds a hidden character (U+{number:04X}). Type it anew.",
            number=ord(hidden[0]),
        )
    if len(kept) > MAX_COMPANY_NAME:
        raise BadInput(
            "The company's name has {length} characters; at most {limit} fit. Give the "
            "legal name alone.",
            length=len(kept),
            limit=MAX_COMPANY_NAME,
        )
    return kept


def new_account_key() -> str:
    """Return a fresh account key: ``A-`` and ten characters without look-alikes."""
    return "A-" + "".join(secrets.choice(_ALPHABET) for _ in range(10))


class OutOfBounds(BadInput):
    """A declared number or day is one that no true answer can be."""

    code = "fact.out_of_bounds"


@transaction.atomic
def open_account(
    *,
    program: Program,
    entity_type: str,
    organization: str,
    company_name: str,
    facts: Mapping[str, object],
    by: Actor,
    at: datetime,
    on: date | None = None,
    office: str = "",
    key: str | None = None,
    act: str = "",
    given: Mapping[str, str] | None = None,
    second: Actor | None = None,
    origin: Origin = Origin.HERE,
    document: str = "",
    via: str = "",
) -> Account:
    """Open an account for a company in one entity type.

    Args:
        facts: What the company declares, by name; None means "not known".
        office: Field office that looks after it.
        key: A fixed key (demonstration, tests); else a fresh one.
        act: Another act than the one that opens accounts, for a carried-over opening.

    Raises:
        UnknownRuleId: the pack has no such entity type.
        Refused: an eligibility statement does not hold or cannot be told.
        UnknownFact, WrongFactType: a fact is not in the vocabulary or of another type.
    """
    name = clean_company_name(company_name)
    program.entity_type(entity_type)
    _check_side(program, by, facts)
    known = Facts.declared(facts)
    today = program.day_of(at)
    _check_bounds(program, known, today)
    opening = act or program.act_that(Purpose.OPEN_ACCOUNT).id
    wanted = Act(opening, by, on or today, today, second, dict(given or {}), origin, document)
    decision = Case(program, entity_type, declared=known).decide(wanted)
    stream = key or new_account_key()
    opened = account_draft(
        program=program,
        entity_type=entity_type,
        organization=organization,
        company_name=name,
        office=office,
        by=by,
        on=wanted.on,
        via=via,
    )
    declared = fact_draft(known.as_json(), by=by, on=wanted.on, source="application", via=via)
    append(
        stream=stream,
        expected=0,
        drafts=[
            opened,
            (declared, None),
            (step_draft(decision, seq=3, via=via), None),
        ],
        at=at,
        program=program,
    )
    return queries.account(stream)


def account_draft(
    *,
    program: Program,
    entity_type: str,
    organization: str,
    company_name: str,
    by: Actor,
    on: date,
    office: str = "",
    via: str = "",
) -> tuple[EventDraft, Sealed]:
    """Return the event that opens an account, with the name that is sealed beside it.

    Args:
        company_name: As `clean_company_name` returns it.
    """
    payload: dict[str, Json] = {
        "program": program.id,
        "entity_type": entity_type,
        "organization": organization,
        "office": office,
    }
    draft = EventDraft("account", "account.opened", on, by.id, by.role, payload=payload, via=via)
    return draft, Sealed(ACCOUNT_CONTENT, {"company_name": company_name})


def _check_side(program: Program, by: Actor, names: Iterable[str]) -> None:
    role = program.roles.get(by.role)
    for name in names:
        check_may_declare(name, role.side if role else Side.SYSTEM)


def _check_bounds(program: Program, facts: Facts, today: date) -> None:
    """Refuse what no true answer can be, by the bounds of the pack's questions.

    Raises:
        OutOfBounds: a number is too small or too large, or a past day is still to come.
    """
    for name, value in facts.items():
        question = program.questions.get(name)
        if question is None:
            continue
        if isinstance(value, date) and question.is_past and value > today:
            raise OutOfBounds(
                "{fact}: {value} is still to come. Give a day until today.", fact=name, value=value
            )
        if isinstance(value, bool) or not isinstance(value, int):
            continue
        low, high = question.at_least, question.at_most
        if low is not None and value < low:
            raise OutOfBounds(
                "{fact}: {value} is too small; give at least {bound}.",
                fact=name,
                value=value,
                bound=low,
            )
        if high is not None and value > high:
            raise OutOfBounds(
                "{fact}: {value} is too large; give at most {bound}.",
                fact=name,
                value=value,
                bound=high,
            )


def fact_draft(
    values: Mapping[str, Json], *, by: Actor, on: date, source: str, via: str = ""
) -> EventDraft:
    """Return the event that declares facts; a value of None withdraws the declaration."""
    payload: dict[str, Json] = {"facts": dict(values), "source": source}
    return EventDraft("fact", "fact.declared", on, by.id, by.role, payload=payload, via=via)


@one_at_a_time
def declare_facts(
    *,
    account: Account,
    facts: Mapping[str, object],
    by: Actor,
    at: datetime,
    program: Program,
    source: str = "declared",
    via: str = "",
) -> None:
    """Record what is known of an account now; None withdraws an earlier declaration.

    Raises:
        UnknownFact, WrongFactType: a fact is not in the vocabulary or of another type.
        NotYoursToDeclare: the other side says this, or a part of the system.
        Conflict: the account changed meanwhile.
    """
    _check_side(program, by, facts)
    known = Facts.declared(facts)
    values = {**dict.fromkeys(facts), **known.as_json()}
    today = program.day_of(at)
    _check_bounds(program, known, today)
    draft = fact_draft(values, by=by, on=today, source=source, via=via)
    expected = head_of(account.stream).seq
    append(stream=account.stream, expected=expected, drafts=[(draft, None)], at=at, program=program)


@one_at_a_time
def save_company_profile(
    *,
    account: Account,
    content: Mapping[str, Json],
    by: Actor,
    at: datetime,
    program: Program,
    via: str = "",
) -> None:
    """Save the company profile; the whole of it is sealed and can be erased.

    Raises:
        Conflict: the account changed meanwhile.
    """
    today = program.day_of(at)
    draft = EventDraft("company_profile", "company_profile.saved", today, by.id, by.role, via=via)
    append(
        stream=account.stream,
        expected=head_of(account.stream).seq,
        drafts=[(draft, Sealed(ACCOUNT_CONTENT, dict(content)))],
        at=at,
        program=program,
    )
