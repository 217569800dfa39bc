"""Reads proposals and letters, and answers the public letter check."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from greenlane.apps.certification.models import Letter, Proposal
from greenlane.apps.members.models import Account
from greenlane.content.packs import load_program
from greenlane.core.errors import NotFound
from greenlane.core.vocabulary import Phase


class NoSuchProposal(NotFound):
    """There is no such proposal, or it was decided already."""

    code = "proposal.not_found"


class NoSuchLetter(NotFound):
    """There is no such letter, or it is not yours to see."""

    code = "letter.not_found"


def open_proposals(stream: str | None = None) -> QuerySet[Proposal]:
    """Return the proposals that wait for a second person, oldest first."""
    found = Proposal.objects.filter(state="OPEN").order_by("proposed_on", "stream", "seq")
    return found.filter(stream=stream) if stream else found


def declined_proposals(stream: str) -> Sequence[Proposal]:
    """Return an account's declined proposals, latest first."""
    return list(Proposal.objects.filter(stream=stream, state="DECLINED").order_by("-seq"))


def proposal(stream: str, seq: int) -> Proposal:
    """Return an open proposal.

    Raises:
        NoSuchProposal: none is open at that place.
    """
    found = Proposal.objects.filter(stream=stream, seq=seq, state="OPEN").first()
    if found is None:
        raise NoSuchProposal(
            "Account {account} has no open proposal {seq}. It may be decided.",
            account=stream,
            seq=seq,
        )
    return found


def letters_of(stream: str) -> Sequence[Letter]:
    """Return the account's letters, latest first."""
    return list(Letter.objects.filter(stream=stream).order_by("-seq"))


def letter(stream: str, seq: int) -> Letter:
    """Return one letter of an account.

    Raises:
        NoSuchLetter: the account has none at that place.
    """
    found = Letter.objects.filter(stream=stream, seq=seq).first()
    if found is None:
        raise NoSuchLetter("Account {account} has no letter {seq}.", account=stream, seq=seq)
    return found


@dataclass(frozen=True, slots=True)
class LetterCheck:
    """What the public check says of a letter: only to somebody who knows the company's name."""

    kind: str
    issued_on: date
    company_name: str
    program: str
    entity_type: str
    still_stands: bool


def check_letter(code: str, company_name: str) -> LetterCheck | None:
    """Confirm a letter, or return None: a wrong code and a wrong name answer alike.

    The name must match whole (case, spaces, points and commas do not count): numbers that were
    passed on without the name were the weakness of the official check (P19). ``still_stands``
    tells whether the account is certified or validated now; nothing else of it is revealed.
    """
    found = Letter.objects.filter(code=code.strip().upper().replace("-", "")).first()
    if found is None or found.is_erased or folded(found.company_name) != folded(company_name):
        return None
    account = Account.objects.get(stream=found.stream)
    return LetterCheck(
        found.kind,
        found.issued_on,
        found.company_name,
        account.program,
        account.entity_type,
        load_program(account.program).phase_of(account.membership) is Phase.MEMBER,
    )


def folded(name: str) -> str:
    """Return a name for comparison: case, accents' form, spaces and punctuation do not count."""
    text = unicodedata.normalize("NFKC", name).casefold()
    return "".join(c for c in text if unicodedata.category(c)[0] in "LNM")
