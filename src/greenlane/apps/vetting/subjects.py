"""Who of an account is screened: its parties as subjects of a screening, and their content hash.

Nothing here matches a name or reads a list.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from greenlane.apps.members.models import Account, CompanyProfile
from greenlane.apps.parties.models import Party
from greenlane.apps.parties.queries import COMPANY
from greenlane.screening.codec import encode_subject
from greenlane.screening.formats.dates import read_date
from greenlane.screening.ownership import Stake
from greenlane.screening.records import Identifier, Kind, Subject

# How lists name the same numbers; what is not here is compared with numbers of every kind.
_LISTED_AS: Final = {
    "imo": "IMO",
    "passport": "PASSPORT",
    "national_id": "NATIONAL_ID",
    "driver_license": "DRIVER_LICENSE",
}
_SEPARATOR: Final = ":"


@dataclass(frozen=True, slots=True)
class PartySubject:
    """One party as it is screened.

    Attributes:
        party: Key within the account.
        role: COMPANY, OFFICER, OWNER, SITE, VESSEL or PARTNER.
        subject: What the screening sees of it.
        content_hash: SHA-256 of that; equal hashes, the same party for a decision on a hit.
    """

    party: str
    role: str
    subject: Subject
    content_hash: str


def subject_id(stream: str, party: str) -> str:
    """Return the key under which a party is screened, unique within the installation."""
    return f"{stream}{_SEPARATOR}{party}"


def place_of(subject: str) -> tuple[str, str]:
    """Return account and party of a subject's key."""
    stream, _, party = subject.partition(_SEPARATOR)
    return stream, party


def subjects_of(
    account: Account, parties: Iterable[Party], profile: CompanyProfile | None
) -> list[PartySubject]:
    """Return everybody and everything of an account that is screened, the company first.

    The company is screened under its names of the account and of the company profile, whether or
    not it declared anything of itself. What was erased has no name and is not screened.
    """
    listed = [one for one in parties if not (one.is_erased or one.is_removed)]
    own = next((one for one in listed if one.party == COMPANY), None)
    found = [_company(account, own, profile)]
    found += [_party(account, one) for one in listed if one.party != COMPANY and one.name]
    return [one for one in found if one.subject.names]


def _company(account: Account, own: Party | None, profile: CompanyProfile | None) -> PartySubject:
    content = profile.content if profile else {}
    details = own.details if own else {}
    names = [
        account.company_name,
        str(content.get("legal_name") or ""),
        str(content.get("trading_name") or ""),
        own.name if own else "",
        *details.get("other_names", ()),
    ]
    return _made(account.stream, COMPANY, "COMPANY", names, Kind.ORGANIZATION, details)


def _party(account: Account, party: Party) -> PartySubject:
    names = [party.name, *party.details.get("other_names", ())]
    kind = Kind(party.kind)
    return _made(account.stream, party.party, party.role, names, kind, party.details)


def _made(
    stream: str,
    party: str,
    role: str,
    names: Sequence[str],
    kind: Kind,
    details: dict[str, object],
) -> PartySubject:
    born = read_date(str(details.get("birth_date") or ""))
    numbers = details.get("identifiers") or ()
    countries = details.get("countries") or ()
    subject = Subject(
        subject_id=subject_id(stream, party),
        names=tuple(dict.fromkeys(name.strip() for name in names if name.strip())),
        kind=kind,
        birth_dates=(born,) if born else (),
        countries=tuple(countries),  # type: ignore[arg-type]  # JSON that `declare_party` cleaned
        identifiers=tuple(
            Identifier(_LISTED_AS.get(type_, ""), value, country)
            for type_, value, country in numbers  # type: ignore[attr-defined]  # likewise
        ),
    )
    return PartySubject(party, role, subject, hash_of(subject))


def hash_of(subject: Subject) -> str:
    """Return the SHA-256 of what is screened of a subject; its key counts in, being its own."""
    return hashlib.sha256(encode_subject(subject).encode()).hexdigest()


def stakes_of(parties: Iterable[Party]) -> list[Stake]:
    """Return who is declared to own how much of whom; a share that is not known is None."""
    return [
        Stake(one.party, one.details.get("owned") or COMPANY, _share(one.details.get("share")))
        for one in parties
        if one.role == "OWNER" and not (one.is_removed or one.is_erased)
    ]


def _share(text: object) -> Fraction | None:
    return Fraction(str(text)) / 100 if text else None


def owners_hash(stakes: Iterable[Stake]) -> str:
    """Return the hash of an ownership graph: it tells whether anything about it changed."""
    rows = sorted([s.owner, s.owned, "" if s.share is None else str(s.share)] for s in stakes)
    return hashlib.sha256(json.dumps(rows).encode()).hexdigest()
