"""What is screened against: the parties of all lists in force on a day, as canonical lines.

Nothing here matches a name.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from greenlane.screening.codec import decode_party, encode_party, head_of
from greenlane.screening.records import ListedParty
from greenlane.screening.store import ListStore


@dataclass(frozen=True)
class ListedSet:
    """The parties of several lists on one day.

    Attributes:
        lines: Party uid to canonical line; expired parties are left out.
        versions: Source key to the version in force.
        after: The last day on which a party that is left out was listed, ISO; the set is the same
            on every day after it. Empty where none is left out.
        through: The last such day: the first on which a party of the set expires, ISO, or empty.
    """

    lines: Mapping[str, str]
    versions: Mapping[str, str]
    after: str = ""
    through: str = ""

    @cached_property
    def digest(self) -> str:
        """Hash of all lines in the order of their uids."""
        hasher = hashlib.sha256()
        for uid in sorted(self.lines):
            hasher.update(self.lines[uid].encode())
            hasher.update(b"\n")
        return hasher.hexdigest()

    @classmethod
    def of_parties(
        cls, parties: Iterable[ListedParty], *, on: date, versions: Mapping[str, str]
    ) -> ListedSet:
        """Make a set of parties at hand. Those that expired before or on the day are left out."""
        lines: dict[str, str] = {}
        after = through = ""
        for party in parties:
            after, through, is_listed = _counted(after, through, party.expires_on, on)
            if is_listed:
                lines[party.uid] = encode_party(party)
        return cls(lines, dict(versions), after, through)

    @classmethod
    def of_store(
        cls, store: ListStore, *, on: date, source_keys: Iterable[str] | None = None
    ) -> ListedSet:
        """Read the lists in force on a day.

        A row of the Consolidated Screening List that repeats a party of an OFAC list in the same
        store (same number, every name there too) is left out, so that nobody is hit twice.

        Args:
            store: The store.
            on: The day; a denial counts through its day of expiration.
            source_keys: Which lists; all by default.

        Raises:
            NotFound: A list had no version in force.
        """
        keys = sorted(store.source_keys() if source_keys is None else source_keys)
        after = through = ""
        lines: dict[str, str] = {}
        versions: dict[str, str] = {}
        ofac: list[str] = []
        consolidated: list[str] = []
        for key in keys:
            version = store.current(key, on=on)
            versions[key] = version.version_id
            if version.format.startswith("CSL"):
                consolidated.append(key)
            elif version.format.startswith("OFAC"):
                ofac.append(key)
            for line in store.lines(version):
                uid, expires_on = head_of(line)
                after, through, is_listed = _counted(after, through, expires_on, on)
                if is_listed:
                    lines[uid] = line
        for key in consolidated:
            _drop_repeats(lines, key, ofac)
        return cls(lines, versions, after, through)


def _counted(after: str, through: str, expires_on: str, on: date) -> tuple[str, str, bool]:
    """Return on which days a set stays as it is with one more party, and whether it is listed."""
    if not expires_on:
        return after, through, True
    if expires_on < on.isoformat():
        return max(after, expires_on), through, False
    return after, min(through or expires_on, expires_on), True


_OFAC_CODES = frozenset({"SDN", "SSI", "FSE", "PLC", "CAP", "NS-MBS", "CMIC", "MBS", "NS-PLC"})


def _name_keys(line: str) -> set[tuple[str, ...]]:
    """Return every name as its sorted words: "MADE, Ivan" is "Ivan MADE"."""
    return {
        tuple(sorted(name.text.upper().replace(",", " ").split()))
        for name in decode_party(line).names
    }


def _drop_repeats(lines: dict[str, str], key: str, ofac: list[str]) -> None:
    prefix = f"{key}-"
    for uid in [uid for uid in lines if uid.startswith(prefix)]:
        code, _, number = uid.removeprefix(prefix).rpartition("-")
        if code not in _OFAC_CODES:
            continue
        twin = next((lines[t] for o in ofac if (t := f"{o}-{number}") in lines), None)
        if twin is not None and _name_keys(lines[uid]) <= _name_keys(twin):
            del lines[uid]
