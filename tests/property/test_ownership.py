"""Half ownership among any few companies."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from greenlane.screening.ownership import Outcome, Stake, held_by_listed


def stake(owner: str, owned: str, percent: int | None) -> Stake:
    return Stake(owner, owned, None if percent is None else Fraction(percent, 100))


ENTITIES = st.sampled_from("ABCDL")


STAKES = st.lists(
    st.builds(stake, ENTITIES, ENTITIES, st.none() | st.integers(min_value=0, max_value=100)),
    max_size=8,
)


@settings(deadline=None)
@given(STAKES)
def test_finding_out_a_share_never_turns_not_held_into_held(stakes: list[Stake]) -> None:
    before = held_by_listed(stakes, {"L"})
    # every unknown share turns out to be nothing, and then all that is left
    known = [
        Stake(s.owner, s.owned, s.share if s.share is not None else Fraction(0)) for s in stakes
    ]

    after = held_by_listed(known, {"L"})

    for entity, holding in after.items():
        if before[entity].outcome is Outcome.NOT_HELD:
            assert holding.outcome is Outcome.NOT_HELD
        if before[entity].outcome is Outcome.HELD:
            assert holding.outcome is Outcome.HELD
