"""What a screening of an account found, compared with what is known: which hits open, stay, close.

Reads lists and rows that are handed in; writes nothing.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from greenlane.apps.parties.queries import COMPANY
from greenlane.apps.vetting.models import Hit
from greenlane.apps.vetting.subjects import PartySubject, place_of
from greenlane.core.canonical import Json, canonical_bytes
from greenlane.screening.codec import decode_subject, encode_subject
from greenlane.screening.ownership import HALF, Holding, Outcome, Stake, held_by_listed
from greenlane.screening.records import Subject

if TYPE_CHECKING:
    from greenlane.screening.levels import Levels
    from greenlane.screening.ready import ReadyLists

OPEN_STATES: Final = frozenset({"OPEN", "NEEDS_MORE", "WAITING"})
"""States in which a hit waits for somebody, so that vetting cannot pass."""
NOT_FOUND: Final = ""
"""`Hit.listed_hash` of a confirmed hit that opened again because its pair is found no more."""
_MILLIONTHS: Final = 1_000_000
_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


@dataclass(frozen=True, slots=True)
class Found:
    """One hit as the screening gives it, with the content of both sides.

    ``score`` and ``name_score`` are millionths; ``listed`` is the listed party's canonical line.
    """

    party: str
    listed_uid: str
    score: int
    name_score: int
    level: str
    is_weak: bool
    subject_name: str
    listed_name: str
    evidence: tuple[Mapping[str, Json], ...]
    source: str
    list_version: str
    listed: str

    @property
    def listed_hash(self) -> str:
        """SHA-256 of everything the list says about the party."""
        return hashlib.sha256(self.listed.encode()).hexdigest()


def find_hits(
    subjects: Sequence[PartySubject], listed: ReadyLists, *, levels: Levels | None = None
) -> list[Found]:
    """Screen parties against the lists in force; the same hits that a screening of all gives.

    Args:
        subjects: The parties of one or more accounts.
        listed: The lists in force.
        levels: The office's decision levels; the shipped ones by default.
    """
    from greenlane.screening.levels import DEFAULT_LEVELS
    from greenlane.screening.screener import Screener

    screener = Screener(listed.index, levels=levels or DEFAULT_LEVELS)
    return [
        _found(dataclasses.asdict(hit), listed)
        for hit in screener.screen_many([one.subject for one in subjects])
    ]


def found_of_row(row: Mapping[str, Any], listed: ReadyLists) -> Found:
    """Return the hit of one row of `screening.rescreen.read_hits`."""
    cells = {**row, "evidence": json.loads(row["evidence"])}
    return _found({**cells, "key": row}, listed)


def _found(hit: Mapping[str, Any], listed: ReadyLists) -> Found:
    uid = str(hit["key"]["listed_uid"])
    source = max((key for key in listed.versions if uid.startswith(f"{key}-")), key=len, default="")
    return Found(
        party=place_of(str(hit["key"]["subject_id"]))[1],
        listed_uid=uid,
        score=round(hit["score"] * _MILLIONTHS),
        name_score=round(hit["name_score"] * _MILLIONTHS),
        level=str(hit["level"]),
        is_weak=bool(hit["is_weak"]),
        subject_name=hit["subject_name"],
        listed_name=hit["listed_name"],
        evidence=tuple(
            {
                "kind": str(one["kind"]),
                "detail": one["detail"],
                "points": round(one["points"] * 1000),
                "decides": bool(one["decides"]),
                "says": str(one.get("says", "")),
                "ours": str(one.get("ours", "")),
                "theirs": str(one.get("theirs", "")),
            }
            for one in hit["evidence"]
        ),
        source=source,
        list_version=listed.versions.get(source, ""),
        listed=listed.line(uid),
    )


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What a screening changes about an account's hits.

    Attributes:
        entries: Hits to write, as a screening event seals them; unchanged ones are missing.
        opened: Of these, how many wait for somebody now and did not before.
        closed: How many are no hit any more.
        states: State of every hit afterwards, by party: what checks and ownership follow from.
    """

    entries: tuple[dict[str, Json], ...]
    opened: int
    closed: int
    states: tuple[tuple[str, str], ...]


def reconcile(
    rows: Iterable[Hit], found: Iterable[Found], subjects: Sequence[PartySubject]
) -> Reconciled:
    """Compare what was found with the hits on the record.

    A hit decided as false stays so while both sides are what they were: the party's own content
    and all that the list says. When either changes it opens anew. One confirmed as true never ends
    by itself: a company could rename or remove whom two people confirmed. When the pair is found
    no more it opens again, once for each content of the party, and waits until people decide.

    Args:
        rows: Every hit of the account.
        found: What the screening gives now, for all its parties.
        subjects: The parties that were screened.
    """
    by_party = {one.party: one for one in subjects}
    known = {(row.party, row.listed_uid): row for row in rows}
    entries: list[dict[str, Json]] = []
    states: list[tuple[str, str]] = []
    opened = closed = 0
    seen: set[tuple[str, str]] = set()
    for one in sorted(found, key=lambda f: (-f.score, f.party, f.listed_uid)):
        pair = (one.party, one.listed_uid)
        seen.add(pair)
        subject = by_party[one.party]
        row = known.get(pair)
        state = _state(row, one, subject)
        states.append((one.party, state))
        values = _values(one, subject, state)
        if row is None:
            entries.append({"hit": new_key("H"), **values})
        elif _differs(row, values):
            entries.append({"hit": row.hit, **values})
        if state in OPEN_STATES and (row is None or row.state not in OPEN_STATES):
            opened += 1
    for pair, row in known.items():
        if pair in seen:
            continue
        if row.final != "TRUE":
            if row.state != "GONE":
                entries.append({"hit": row.hit, "state": "GONE"})
                closed += 1
            continue
        party = by_party.get(row.party)
        lost = {"subject_hash": party.content_hash if party else "", "listed_hash": NOT_FOUND}
        is_weighed = (row.subject_hash, row.listed_hash) == tuple(lost.values())
        if row.state in OPEN_STATES or (row.state == "TRUE" and is_weighed):
            states.append((row.party, row.state))
            continue
        entries.append({"hit": row.hit, "state": "OPEN", **lost})
        states.append((row.party, "OPEN"))
        opened += 1
    return Reconciled(tuple(entries), opened, closed, tuple(states))


def new_key(letter: str) -> str:
    """Return a fresh key of a hit or of a row: it tells nothing about what it names."""
    return f"{letter}-" + "".join(secrets.choice(_ALPHABET) for _ in range(8))


def _state(row: Hit | None, found: Found, subject: PartySubject) -> str:
    if row is None:
        return "OPEN"
    is_same = row.subject_hash == subject.content_hash and row.listed_hash == found.listed_hash
    if row.state == "GONE":
        return row.final if is_same and row.final else "OPEN"
    return row.state if is_same or row.state == "TRUE" else "OPEN"


def _values(found: Found, subject: PartySubject, state: str) -> dict[str, Json]:
    points = [int(str(one["points"])) for one in found.evidence]
    values: dict[str, Json] = {
        "party": found.party,
        "listed_uid": found.listed_uid,
        "state": state,
        "score": found.score,
        "name_score": found.name_score,
        "level": found.level,
        "is_weak": found.is_weak,
        "corroborates": sum(point > 0 for point in points),
        "contradicts": sum(point < 0 for point in points),
        "evidence": [dict(one) for one in found.evidence],
        "subject_name": found.subject_name,
        "listed_name": found.listed_name,
        "source": found.source,
        "list_version": found.list_version,
        "subject": json.loads(encode_subject(subject.subject)),
        "listed": json.loads(found.listed),
        "subject_hash": subject.content_hash,
        "listed_hash": found.listed_hash,
    }
    # In the form in which it will be read back, so that comparing finds no difference of writing.
    written: dict[str, Json] = json.loads(canonical_bytes(values))
    return written


# A new version of a list that says the same of this party is no news about the hit.
_NO_NEWS: Final = frozenset({"list_version"})


def _differs(row: Hit, values: Mapping[str, Json]) -> bool:
    return any(
        getattr(row, name) != value for name, value in values.items() if name not in _NO_NEWS
    )


def watch_list_result(states: Iterable[tuple[str, str]]) -> str:
    """Return the result of the watch-list check: FAILED, HIT or CLEAR, the worst of all hits."""
    kept = {state for _, state in states}
    if "TRUE" in kept:
        return "FAILED"
    return "HIT" if kept & OPEN_STATES else "CLEAR"


@dataclass(frozen=True, slots=True)
class OwnershipResult:
    """How far listed parties hold the company, by the 50 percent rule, as a result of the check."""

    result: str
    detail: str


def ownership_result(
    stakes: Sequence[Stake], states: Iterable[tuple[str, str]], names: Mapping[str, str]
) -> OwnershipResult:
    """Judge the ownership of a company from its declared owners and the hits on them.

    Half or more in the hands of parties confirmed as listed is FAILED; of such parties and those
    whose hit is open, HIT. A share that is not declared never counts as too small: where it can
    bring the listed to one half, or where half or more of the company has no declared owner, the
    result is CANNOT_TELL.

    Source: U.S. Department of the Treasury, guidance of 13 August 2014 (the 50 percent rule).
    """
    kept = list(states)
    confirmed = {party for party, state in kept if state == "TRUE"}
    suspected = confirmed | {party for party, state in kept if state in OPEN_STATES}
    own = [stake for stake in stakes if stake.owned == COMPANY]
    sure = _holding(stakes, confirmed)
    if sure is not None and sure.outcome is Outcome.HELD:
        return OwnershipResult("FAILED", _held_words(sure, names))
    fear = _holding(stakes, suspected)
    if fear is not None and fear.outcome is Outcome.HELD:
        return OwnershipResult("HIT", _held_words(fear, names))
    if fear is not None and fear.outcome is Outcome.CANNOT_TELL:
        return OwnershipResult("CANNOT_TELL", _held_words(fear, names))
    if not own:
        return OwnershipResult("CANNOT_TELL", "No owner of the company is declared.")
    known = sum((stake.share for stake in own if stake.share is not None), start=HALF * 0)
    if known <= HALF:
        return OwnershipResult(
            "CANNOT_TELL",
            f"Declared owners hold {float(known):.1%} that is known; half or more is not declared.",
        )
    return OwnershipResult("CLEAR", f"Declared owners hold {float(known):.1%}; none is listed.")


def _holding(stakes: Sequence[Stake], listed: Collection[str]) -> Holding | None:
    if COMPANY in listed:
        # The company itself is the listed one: its owners add nothing to that.
        return None
    return held_by_listed(stakes, listed).get(COMPANY)


def _held_words(holding: Holding, names: Mapping[str, str]) -> str:
    path = "; ".join(
        f"{names.get(stake.owner, stake.owner)} holds "
        f"{'an unknown share' if stake.share is None else f'{float(stake.share):.1%}'} of "
        f"{names.get(stake.owned, stake.owned)}"
        for stake in holding.path
    )
    return (
        f"Listed or possibly listed parties hold {float(holding.known):.1%} that is known, at most "
        f"{float(holding.possible):.1%}: {path}."
    )


def subject_of_hit(hit: Hit) -> Subject:
    """Return the party's side of a hit as it was screened."""
    return decode_subject(json.dumps(hit.subject))
