"""One value, one byte string: the ground of every hash."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from greenlane.core.canonical import Json, NotCanonical, canonical_bytes, sha256_hex


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
