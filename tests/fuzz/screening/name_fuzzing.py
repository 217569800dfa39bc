"""Mutated names against the normalizer, the score, its explanation and the index.

One content is a few names, one a line. What is asserted is what the rest relies on: nothing fails,
a name does not depend on its neighbors, scores lie between 0 and 1, an explanation has the score it
explains, and a search finds the same pairs whichever side is indexed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from greenlane.screening.explain import explain_names, score_pairs
from greenlane.screening.index import Index, Roles
from greenlane.screening.kernel.text import MAX_WORDS
from greenlane.screening.prepare import KINDS_BY_CODE, kind_codes, prepare
from greenlane.screening.records import Kind

_NAMES = (
    "VARNHOLM, Rasmus Oluf",
    "'Abd al-Rahman bin Faisal AL-HAMDANI",
    "Obshchestvo s ogranichennoi otvetstvennostyu Tindelwick-223",
    "Tindelwick Shpg Co. Ltd. - Dubai Branch",
    "KUM SONG VII",
    "M/V OCEAN STAR 3",
    "S.C. Johnson & Son, Inc.",
    "Расмус Белёнков",
    "رشيد حمداني",
    "משה כץ",
    "Νικόλαος Παπαδόπουλος",
    "习近平",
    "김정은",
    "ვლადიმერ",
    "Łódź Ünïted S.A. de C.V.",
    "11420 CORP.",
)
MOST = 24  # names of one content that are looked at


@dataclass(frozen=True)
class NameTarget:
    """The matching half as one target; `sample` is a sound content."""

    name: str
    sample: bytes

    def check(self, content: bytes) -> int:
        """Normalize, score, explain and search one content; return how many names it had.

        Raises:
            AssertionError: A promise was broken.
        """
        names = content.decode("utf-8", "surrogateescape").split("\n")[:MOST]
        # which kind a name has depends on its place, so that all of them meet
        kinds = [KINDS_BY_CODE[row % len(KINDS_BY_CODE)] for row in range(len(names))]
        _check_normalizer(names, kinds)
        _check_scores(names, kinds)
        _check_search(names, kinds)
        return len(names)


def _check_normalizer(names: list[str], kinds: list[Kind]) -> None:
    together = prepare(names, kind_codes(kinds))
    parts = np.diff(together.names.off)
    assert len(parts) == len(names)
    assert parts.size == 0 or (parts.min() >= 0 and parts.max() <= MAX_WORDS)
    last = len(names) - 1
    alone = prepare(names[last:], kind_codes(kinds[last:]))
    lo, hi = together.names.off[last], together.names.off[last + 1]
    assert np.array_equal(together.names.parts[lo:hi, 1:], alone.names.parts[:, 1:]), names[last]
    assert np.array_equal(together.names.heads[last], alone.names.heads[0]), names[last]


def _check_scores(names: list[str], kinds: list[Kind]) -> None:
    pairs = list(zip(names, kinds, names[1:], kinds[1:], strict=False))
    pairs += [(name, kind, name, kind) for name, kind in zip(names[:4], kinds, strict=False)]
    scores = score_pairs(pairs)
    for pair, score, account in zip(pairs, scores, explain_names(pairs), strict=True):
        assert 0.0 <= score <= 1.0, pair
        assert account.score == score, pair


def _check_search(names: list[str], kinds: list[Kind]) -> None:
    half = len(names) // 2
    one, other = names[:half], names[half:]
    one_kinds, other_kinds = kinds[:half], kinds[half:]
    keys = [str(row) for row in range(len(names))]
    listed = Index.build(keys[half:], other, other_kinds, version="fuzz")
    asked = Index.build(keys[:half], one, one_kinds, version="fuzz")
    forward = listed.search(one, one_kinds)
    reverse = asked.search(other, other_kinds, roles=Roles.QUERIES_ARE_LISTED)
    there = set(
        zip(forward.query.tolist(), forward.entry.tolist(), forward.score.tolist(), strict=True)
    )
    back = set(
        zip(reverse.entry.tolist(), reverse.query.tolist(), reverse.score.tolist(), strict=True)
    )
    assert there == back, there ^ back


NORMALIZER = NameTarget("normalizer", "\n".join(_NAMES).encode())
