"""One value, one byte string: the ground of every hash."""

from __future__ import annotations

import json
import unicodedata
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenlane.core.canonical import Json, NotCanonical, canonical_bytes, sha256_hex

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


def test_the_written_form_is_fixed() -> None:
    value: Json = {"z": [1, True, None], "a": {"é": "日本", "A": -5}}

    assert canonical_bytes(value) == '{"a":{"A":-5,"é":"日本"},"z":[1,true,null]}'.encode()


def test_both_spellings_of_an_accent_are_one() -> None:
    assert canonical_bytes("e\u0301") == canonical_bytes("\u00e9")


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (1.5, "float"),
        ({"a": [float("nan")]}, r"\$\.a\[0\]"),
        (date(2026, 5, 3), "date"),
        ({"a": {1: "x"}}, "keys are text"),
        ({"e\u0301": 1, "\u00e9": 2}, "two keys"),
        ("\ud800", "half a character"),
        ({"\ud800": 1}, "half a character"),
        (2**63, "64 bits"),
        (-(2**63) - 1, "64 bits"),
        (b"bytes", "bytes"),
    ],
)
def test_a_value_without_a_canonical_form_is_refused(value: Any, says: str) -> None:
    with pytest.raises(NotCanonical, match=says):
        canonical_bytes(value)


def test_a_value_nested_without_end_is_refused() -> None:
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]

    with pytest.raises(NotCanonical, match="deep"):
        canonical_bytes(deep)


def test_the_digest_is_sha256() -> None:
    assert sha256_hex(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
