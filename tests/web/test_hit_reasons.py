"""The reasons behind a hit are said in the reader's language, every one of them."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from greenlane.screening.evidence import (
    Evidence,
    birth_evidence,
    country_evidence,
    identifier_evidence,
)
from greenlane.screening.explain import MEANING
from greenlane.screening.kernel.align import FEATURES
from greenlane.screening.records import Identifier, Kind, PartialDate
from greenlane.web.specialist.hit_reasons import EVIDENCE, KINDS, reason, relation

CODES = [*(code for code in FEATURES if code != "bias"), "same"]


def found() -> list[Evidence]:
    """Return every piece of evidence that can be found, one of each."""
    born, later = [PartialDate(1970, 1, 2)], [PartialDate(1981)]
    one, other = [Identifier("IMO", "7406784")], [Identifier("IMO", "9074729")]
    pieces = [
        birth_evidence(born, born),
        birth_evidence(born, later),
        country_evidence(["IR"], ["IR"]),
        country_evidence(["MX"], ["IR"]),
        *identifier_evidence(one, one),
        *identifier_evidence(one, other),
    ]
    return [piece for piece in pieces if piece is not None]


@pytest.mark.parametrize("code", CODES)
def test_what_relates_two_words_is_said_in_english_as_the_screening_says_it(code: str) -> None:
    with override("en"):
        assert relation(code) == MEANING["bias" if code == "same" else code]


@pytest.mark.parametrize("code", CODES)
def test_what_relates_two_words_is_said_in_spanish(code: str) -> None:
    with override("es"):
        assert relation(code) != MEANING["bias" if code == "same" else code]


def test_every_piece_of_evidence_is_said_in_both_languages() -> None:
    for piece in found():
        stored = {"detail": piece.detail, "says": piece.says, "ours": piece.ours,
                  "theirs": piece.theirs}  # fmt: skip
        with override("en"):
            assert reason(stored) == piece.detail
        with override("es"):
            assert reason(stored) not in ("", piece.detail)

    assert {piece.says for piece in found()} | {"WEAK_NAME_TOO"} == set(EVIDENCE)


def test_evidence_stored_before_it_had_codes_is_shown_as_it_was_stored() -> None:
    with override("es"):
        assert reason({"detail": "Both name IR.", "points": 400}) == "Both name IR."


def test_every_kind_of_party_has_a_word() -> None:
    assert set(KINDS) == {kind.value for kind in Kind}
