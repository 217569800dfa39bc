"""Names of any text: normalized without failing, scored as explained."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greenlane.screening.explain import explain_names, score_pairs
from greenlane.screening.prepare import kind_codes, prepare
from greenlane.screening.records import Kind


@settings(deadline=None)
@given(st.lists(st.text(max_size=300), max_size=5))
def test_any_text_is_normalized_without_failing(names: list[str]) -> None:
    prepared = prepare(names, kind_codes([Kind.UNKNOWN] * len(names)))

    assert len(prepared.names.heads) == len(names)
    assert np.all(np.diff(prepared.names.off) >= 0)


NAMES = st.text(alphabet="abcdefghijklmnoprstuvyz -.,'&1237éñшиمحد", min_size=1, max_size=30)


@settings(deadline=None)
@given(NAMES, NAMES, st.sampled_from(list(Kind)), st.sampled_from(list(Kind)))
def test_an_explanation_adds_up_to_its_score(
    subject: str, listed: str, kind: Kind, other: Kind
) -> None:
    [account] = explain_names([(subject, kind, listed, other)])

    points = sum(p.points for p in account.pairings) + sum(f.points for f in account.findings)
    assert account.score == score_pairs([(subject, kind, listed, other)])[0]
    assert points == pytest.approx(account.logit)
    if account.score != 1.0:
        assert account.score == pytest.approx(1 / (1 + math.exp(-min(points, 13.0))), abs=2e-6)
