"""The rule of half ownership: chains, sums, rings, unknown shares."""

from __future__ import annotations

from fractions import Fraction

import pytest

from greenlane.screening.ownership import (
    Outcome,
    OwnershipUnclear,
    Stake,
    held_by_listed,
)


def stake(owner: str, owned: str, percent: int | None) -> Stake:
    return Stake(owner, owned, None if percent is None else Fraction(percent, 100))


@pytest.mark.parametrize(
    ("percent", "outcome"), [(49, Outcome.NOT_HELD), (50, Outcome.HELD), (100, Outcome.HELD)]
)
def test_half_is_enough(percent: int, outcome: Outcome) -> None:
    assert held_by_listed([stake("L", "A", percent)], {"L"})["A"].outcome is outcome


def test_stakes_of_several_listed_parties_add_up() -> None:
    stakes = [stake("L1", "A", 25), stake("L2", "A", 25), stake("X", "A", 50)]

    holding = held_by_listed(stakes, {"L1", "L2"})["A"]

    assert (holding.outcome, holding.known) == (Outcome.HELD, Fraction(1, 2))
    assert {s.owner for s in holding.path} == {"L1", "L2"}


def test_a_held_company_counts_with_its_whole_stake() -> None:
    stakes = [stake("L", "A", 50), stake("A", "B", 50), stake("B", "C", 49)]

    answers = held_by_listed(stakes, {"L"})

    assert answers["B"].outcome is Outcome.HELD
    assert answers["B"].path == (stake("L", "A", 50), stake("A", "B", 50))
    assert answers["C"].outcome is Outcome.NOT_HELD


def test_a_chain_below_half_carries_nothing_on() -> None:
    stakes = [stake("L", "A", 25), stake("A", "B", 100)]

    assert held_by_listed(stakes, {"L"})["B"].outcome is Outcome.NOT_HELD


def test_a_ring_is_held_only_from_outside() -> None:
    ring = [stake("A", "B", 60), stake("B", "A", 60)]

    assert held_by_listed(ring, {"L"})["A"].outcome is Outcome.NOT_HELD
    assert held_by_listed([*ring, stake("L", "A", 40)], {"L"})["A"].outcome is Outcome.NOT_HELD
    assert held_by_listed([*ring, stake("L", "B", 50)], {"L"})["A"].outcome is Outcome.HELD


def test_an_unknown_share_never_passes_as_below() -> None:
    holding = held_by_listed([stake("L", "A", None), stake("X", "A", 30)], {"L"})["A"]

    assert (holding.outcome, holding.known, holding.possible) == (
        Outcome.CANNOT_TELL,
        Fraction(0),
        Fraction(7, 10),
    )
    assert holding.path == (stake("L", "A", None),)


def test_an_unknown_share_is_bounded_by_what_others_hold() -> None:
    holding = held_by_listed([stake("L", "A", None), stake("X", "A", 60)], {"L"})["A"]

    assert holding.outcome is Outcome.NOT_HELD


def test_doubt_is_handed_down_a_chain() -> None:
    stakes = [stake("L", "A", None), stake("A", "B", 80)]

    assert held_by_listed(stakes, {"L"})["B"].outcome is Outcome.CANNOT_TELL


def test_a_known_half_needs_no_unknown_share() -> None:
    stakes = [stake("L", "A", 50), stake("L", "A", None)]

    assert held_by_listed(stakes, {"L"})["A"].outcome is Outcome.HELD


def test_a_share_beyond_the_whole_is_refused() -> None:
    with pytest.raises(OwnershipUnclear, match="from 0 to 1"):
        held_by_listed([stake("L", "A", 130)], {"L"})
