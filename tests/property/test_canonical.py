"""One value, one byte string, for values of any shape."""

from __future__ import annotations

import json
import unicodedata
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from greenlane.core.canonical import NotCanonical, canonical_bytes

# Every text but half characters, which UTF-8 cannot hold.
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)


def normal(value: Any) -> Any:
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, list):
        return [normal(item) for item in value]
    if isinstance(value, dict):
        return {normal(key): normal(item) for key, item in value.items()}
    return value


@given(VALUES)
def test_what_is_written_can_be_read_and_is_written_the_same_again(value: Any) -> None:
    written = canonical_bytes(normal(value))

    assert json.loads(written) == normal(value)
    assert canonical_bytes(json.loads(written)) == written


@given(st.dictionaries(TEXT, st.integers(0, 9), max_size=6))
def test_the_order_in_which_keys_came_does_not_matter(value: dict[str, int]) -> None:
    turned = dict(reversed(list(value.items())))
    try:
        written = canonical_bytes(value)
    except NotCanonical:
        return

    assert canonical_bytes(turned) == written
