"""Screening a table of names against a table of listed names: the work of ``greenlane screen``.

Names only: no dates, no identifiers, no levels. Reading and writing files stand in ``tabular``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from greenlane.screening.explain import explain_names
from greenlane.screening.index import CHUNK, Index
from greenlane.screening.prepare import kind_codes
from greenlane.screening.records import Kind
from greenlane.screening.tabular import Table, kind_of

TABLE_FLOOR = 0.1
"""Default floor of ``greenlane screen``: low enough to pick a threshold from the scores."""

WEAK_POINTS = 0.5
"""Logit taken off the score of a name that its list marks as weak."""

LIST_COLUMNS = ("entity_id", "name")
LIST_OPTIONAL = ("name_kind", "entity_type")
QUERY_COLUMNS = ("qid", "name")
QUERY_OPTIONAL = ("schema",)


@dataclass(frozen=True, slots=True)
class Found:
    """Matches of a batch: best name of each (query, entity), by query, best first.

    Parallel arrays: query row (of the batch), list row, score.
    """

    query: NDArray[np.int32]
    entry: NDArray[np.int32]
    score: NDArray[np.float64]


class ListTable:
    """A listed table behind an index."""

    def __init__(self, table: Table) -> None:
        self.entities = table["entity_id"]
        self.names = table["name"]
        self.kinds = [kind_of(word) for word in table["entity_type"]]
        self.index = Index.build(self.entities, self.names, kind_codes(self.kinds), version="table")
        self._entity, _ = _numbered(self.entities)
        self._is_weak = np.array([word.strip().lower() == "weak" for word in table["name_kind"]])

    def search(self, names: Sequence[str], kinds: NDArray[np.uint8], floor: float) -> Found:
        """Screen a batch of names."""
        pairs = self.index.search(names, kinds, floor=floor)
        score = pairs.score
        weak = self._is_weak[pairs.entry]
        if weak.any():
            score = score.copy()
            score[weak] = weakened(score[weak])
        # best name of each entity: sort by query, entity, score; keep the first of each
        entity = self._entity[pairs.entry]
        order = np.lexsort((pairs.entry, -score, entity, pairs.query))
        query, entity, entry, score = (
            pairs.query[order],
            entity[order],
            pairs.entry[order],
            score[order],
        )
        first = np.ones(len(order), np.bool_)
        first[1:] = (query[1:] != query[:-1]) | (entity[1:] != entity[:-1])
        keep = np.flatnonzero(first & (score >= floor))
        query, entry, score = query[keep], entry[keep], score[keep]
        order = np.lexsort((entry, -score, query))
        return Found(query[order], entry[order], score[order])


def _numbered(texts: Sequence[str]) -> tuple[NDArray[np.int64], int]:
    """Return a number for each distinct text, in order of first appearance."""
    numbers: dict[str, int] = {}
    out = np.fromiter((numbers.setdefault(t, len(numbers)) for t in texts), np.int64, len(texts))
    return out, len(numbers)


def weakened(score: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return scores of names that their list marks as weak: ``WEAK_POINTS`` of logit less."""
    bounded = np.clip(score, 1e-6, 1 - 1e-6)
    logit = np.log(bounded / (1 - bounded)) - WEAK_POINTS
    return np.asarray(np.round(1 / (1 + np.exp(-logit)), 6), np.float64)


def screen_table(
    listed: ListTable, queries: Table, *, floor: float = TABLE_FLOOR
) -> Iterator[tuple[int, Found]]:
    """Screen all queries; yield (first row of the batch, what was found in it)."""
    names = queries["name"]
    codes = kind_codes([kind_of(word) for word in queries["schema"]])
    for start in range(0, len(names), CHUNK):
        yield (
            start,
            listed.search(names[start : start + CHUNK], codes[start : start + CHUNK], floor),
        )


def rows_of(
    listed: ListTable, queries: Table, start: int, found: Found, *, explain: bool
) -> Iterator[tuple[str, ...]]:
    """Yield the rows to write for a batch: qid, entity_id, matched_name, score[, explanation]."""
    qids = queries["qid"]
    reasons = _reasons(listed, queries, start, found) if explain else None
    for row, (query, entry, score) in enumerate(
        zip(found.query.tolist(), found.entry.tolist(), found.score.tolist(), strict=True)
    ):
        cells = (qids[start + query], listed.entities[entry], listed.names[entry], f"{score:.6f}")
        yield (*cells, reasons[row]) if reasons is not None else cells


def _reasons(listed: ListTable, queries: Table, start: int, found: Found) -> list[str]:
    """Return for each match its account as one line of JSON."""
    pairs: list[tuple[str, Kind, str, Kind]] = [
        (
            queries["name"][start + query],
            kind_of(queries["schema"][start + query]),
            listed.names[entry],
            listed.kinds[entry],
        )
        for query, entry in zip(found.query.tolist(), found.entry.tolist(), strict=True)
    ]
    return [
        json.dumps(
            {
                "logit": round(account.logit, 3),
                "pairings": [
                    [p.subject, p.listed, p.how, p.likeness, round(p.points, 3)]
                    for p in account.pairings
                ],
                "findings": [[f.what, round(f.points, 3)] for f in account.findings],
            },
            separators=(",", ":"),
        )
        for account in explain_names(pairs)
    ]
