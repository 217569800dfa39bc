"""Parties held by listed ones: shares carried along chains and added up, with the path as reason.

Works on a graph the caller gives; who is listed is decided elsewhere. A share that is not known
never counts as too small: it makes the answer "cannot tell".

Source: U.S. Department of the Treasury, Revised Guidance on Entities Owned by Persons Whose
Property and Interests in Property Are Blocked, 13 August 2014 (the 50 percent rule).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from greenlane.core.errors import BadInput

HALF = Fraction(1, 2)


class OwnershipUnclear(BadInput):
    """A share is not between 0 and 1. Give it as a fraction of the whole, or leave it out."""

    code = "screening.share_out_of_range"


class Outcome(StrEnum):
    """Whether listed parties hold half or more."""

    HELD = "HELD"
    NOT_HELD = "NOT_HELD"
    CANNOT_TELL = "CANNOT_TELL"


@dataclass(frozen=True, slots=True)
class Stake:
    """``owner`` holds ``share`` of ``owned`` (0 to 1, of the whole); None where it is not known."""

    owner: str
    owned: str
    share: Fraction | None


@dataclass(frozen=True, slots=True)
class Holding:
    """What is known of how far an entity is held by listed parties.

    Attributes:
        entity: Who is held.
        outcome: Half or more, less, or not to be told.
        known: The share that is known to be held by listed parties or parties they hold.
        possible: The most it can be, with every unknown share at the most that is left.
        path: Stakes that lead from listed parties to the entity, nearest to them first. For HELD
            they prove the outcome; for CANNOT_TELL they are the ones to find out about.
    """

    entity: str
    outcome: Outcome
    known: Fraction
    possible: Fraction
    path: tuple[Stake, ...]


def _stakes_by_owned(stakes: Iterable[Stake]) -> dict[str, tuple[Stake, ...]]:
    """Return each entity's stakes, several of one owner added up; unknown swallows known."""
    merged: dict[tuple[str, str], Fraction | None] = {}
    unknown_rest: set[tuple[str, str]] = set()
    for stake in stakes:
        key = (stake.owned, stake.owner)
        if stake.share is None:
            unknown_rest.add(key)
            merged.setdefault(key, Fraction(0))
            continue
        if not 0 <= stake.share <= 1:
            message = (
                f"The share of {stake.owner} in {stake.owned} is {float(stake.share):g}. "
                "Give it as a fraction of the whole, from 0 to 1, or leave it out."
            )
            raise OwnershipUnclear(message)
        merged[key] = (merged.get(key) or Fraction(0)) + stake.share
    result: dict[str, list[Stake]] = {}
    for (owned, owner), share in sorted(merged.items()):
        if (owned, owner) in unknown_rest:
            result.setdefault(owned, []).append(Stake(owner, owned, None))
            if share:
                result[owned].append(Stake(owner, owned, share))
        else:
            result.setdefault(owned, []).append(Stake(owner, owned, share))
    return {owned: tuple(found) for owned, found in result.items()}


def _possible_share(stakes: Iterable[Stake], counted: Collection[str]) -> Fraction:
    """Return the most that ``counted`` owners can hold together.

    Unknown stakes of counted owners may be all that no known stake takes.
    """
    known_counted = Fraction(0)
    known_all = Fraction(0)
    has_unknown = False
    for stake in stakes:
        if stake.share is None:
            has_unknown = has_unknown or stake.owner in counted
            continue
        known_all += stake.share
        if stake.owner in counted:
            known_counted += stake.share
    if has_unknown:
        known_counted += max(Fraction(0), 1 - known_all)
    return min(known_counted, Fraction(1))


def _known_share(stakes: Iterable[Stake], counted: Collection[str]) -> Fraction:
    total = sum(
        (stake.share for stake in stakes if stake.share is not None and stake.owner in counted),
        Fraction(0),
    )
    return min(total, Fraction(1))


def held_by_listed(stakes: Iterable[Stake], listed: Collection[str]) -> dict[str, Holding]:
    """Tell for every owned entity whether listed parties hold half or more of it.

    The rule is applied step by step: an entity held by half or more counts as listed itself, with
    its whole stake, for what it owns. Stakes of several listed parties add up. Entities are taken
    up in rounds from the listed parties outward, so that a ring of companies that own one another
    is held only when stakes from outside the ring make it so.

    Args:
        stakes: Who owns whom; several stakes of one pair add up.
        listed: Who is listed; a listed party that is owned itself is not answered for.

    Returns:
        One holding for each owned entity that is not listed, by entity.

    Raises:
        OwnershipUnclear: A share is below 0 or above 1.
    """
    by_owned = _stakes_by_owned(stakes)
    blocked = _grow(by_owned, set(listed), _known_share)
    # everybody who may be blocked if unknown shares are as large as they can be
    suspected = _grow(by_owned, set(listed), _possible_share)
    answers: dict[str, Holding] = {}
    for entity in sorted(by_owned):
        if entity in listed:
            continue
        known = _known_share(by_owned[entity], blocked)
        possible = _possible_share(by_owned[entity], suspected)
        if entity in blocked:
            outcome = Outcome.HELD
            path = _path(entity, by_owned, blocked, listed, with_unknown=False)
        elif entity in suspected:
            outcome = Outcome.CANNOT_TELL
            path = _path(entity, by_owned, suspected, listed, with_unknown=True)
        else:
            outcome = Outcome.NOT_HELD
            path = ()
        answers[entity] = Holding(entity, outcome, known, possible, path)
    return answers


def _grow(
    by_owned: Mapping[str, tuple[Stake, ...]],
    start: set[str],
    measure: Callable[[Iterable[Stake], Collection[str]], Fraction],
) -> dict[str, int]:
    """Return everybody who counts, with the round in which they came to (the listed: 0)."""
    counted = dict.fromkeys(start, 0)
    round_ = 0
    while True:
        round_ += 1
        fresh = [
            entity
            for entity, stakes in by_owned.items()
            if entity not in counted and measure(stakes, counted) >= HALF
        ]
        if not fresh:
            return counted
        counted.update(dict.fromkeys(fresh, round_))


def _path(
    entity: str,
    by_owned: Mapping[str, tuple[Stake, ...]],
    counted: Mapping[str, int],
    listed: Collection[str],
    *,
    with_unknown: bool,
) -> tuple[Stake, ...]:
    """Return the stakes that carry the outcome, from the listed parties to ``entity``."""
    found: list[Stake] = []
    seen: set[str] = set()
    waiting = [entity]
    while waiting:
        owned = waiting.pop()
        if owned in seen or owned in listed:
            continue
        seen.add(owned)
        for stake in by_owned.get(owned, ()):
            # only who came in before: later ones owe their place to this entity
            if counted.get(stake.owner, len(by_owned) + 2) >= counted[owned]:
                continue
            if stake.share is None and not with_unknown:
                continue
            if stake.share == 0:
                continue
            found.append(stake)
            waiting.append(stake.owner)
    return tuple(sorted(found, key=lambda s: (counted[s.owned], s.owned, s.owner)))
