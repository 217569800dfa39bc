"""What a crosswalk row lets stand for what."""

from __future__ import annotations

import pytest

from greenlane.core.crosswalk import Relationship


@pytest.mark.parametrize(
    ("relationship", "stands"),
    [
        (Relationship.EQUAL, True),
        (Relationship.SUBSET, True),
        (Relationship.SUPERSET, False),
        (Relationship.INTERSECTS, False),
        (Relationship.NONE, False),
    ],
)
def test_theirs_stands_for_ours_only_where_ours_lies_inside_it(
    relationship: Relationship, stands: bool
) -> None:
    assert relationship.lets_theirs_stand_for_ours is stands
