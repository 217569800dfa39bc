"""Identifiers made of any text."""

from __future__ import annotations

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greenlane.content.identifiers import (
    SCHEMES,
    Identifier,
    NoSuggestion,
    WrongIdentifier,
    is_well_formed,
    normalize,
    suggest_mid,
)

SUFFIXES = string.digits + "ABCDEFGHJKLMNPQRSTUVWXY"


@pytest.mark.parametrize("scheme", SCHEMES)
@settings(max_examples=30, deadline=None)
@given(text=st.text(max_size=40))
def test_no_text_leads_to_anything_but_a_number_or_a_refusal(scheme: str, text: str) -> None:
    try:
        found = normalize(scheme, text)
    except WrongIdentifier:
        return

    assert normalize(scheme, found.value) == found


@settings(max_examples=40, deadline=None)
@given(
    serial=st.from_regex(r"[0-9]{7}", fullmatch=True),
    suffix=st.text(SUFFIXES, min_size=2, max_size=2),
)
def test_every_importer_number_of_the_irs_keeps_its_parts(serial: str, suffix: str) -> None:
    found = normalize("ior", f"12-{serial}{suffix}")

    assert found == Identifier("ior", f"12-{serial}{suffix}", "irs")


@settings(max_examples=40, deadline=None)
@given(place=st.integers(0, 10), swap=st.sampled_from(string.digits + string.ascii_uppercase))
def test_one_wrong_character_in_a_container_number_is_found(place: int, swap: str) -> None:
    right = "CSQU3054383"
    wrong = right[:place] + swap + right[place + 1 :]
    # ISO 6346 reckons modulo 11 and writes 10 as 0, and letters 11 apart weigh alike.
    passes = is_well_formed("container", wrong)

    assert passes == (wrong == right) or refused_only_by_value(place, swap)


def refused_only_by_value(place: int, swap: str) -> bool:
    """Tell whether the check digit cannot see this change: both characters are alike mod 11."""
    values = dict(zip("0123456789A BCDEFGHIJK LMNOPQRSTU VWXYZ", range(39), strict=True))
    return (values["CSQU3054383"[place]] - values[swap]) % 11 == 0


@settings(max_examples=60, deadline=None)
@given(name=st.text(max_size=60), address=st.text(max_size=60), city=st.text(max_size=30))
def test_whatever_is_built_has_the_form_of_a_code(name: str, address: str, city: str) -> None:
    try:
        built = suggest_mid(name, address, city, "MX")
    except NoSuggestion:
        return

    assert is_well_formed("mid", built)
    assert len(built) <= 15
