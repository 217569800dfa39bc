"""What a crosswalk row lets stand for what."""

from __future__ import annotations

import pytest

from greenlane.content.criteria_files import load_editions
from greenlane.content.crosswalk_files import load_crosswalk
from greenlane.content.packs import pack_dir
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


def test_the_rows_of_a_framework_are_its_own() -> None:
    crosswalk = load_crosswalk(pack_dir("ctpat"), load_editions(pack_dir("ctpat")))

    for framework in crosswalk.frameworks:
        rows = list(crosswalk.rows_for(framework.key))
        assert all(mapping.framework == framework.key for _, mapping in rows)
        assert crosswalk.framework(framework.key) is framework
