"""The peers, each in a process of its own, on the same names and by the same rules.

Usage: ``python -m benchmarks.screening.engine_peers ENGINE NAMES`` writes JSON. Imports nothing of
Greenlane: the peers may live in an environment of their own. Slow peers are timed and scored on a
sample; ``queries_timed`` and ``quality.queries`` say on how many.

Peers get one name a query and all names of a party, and no date or country, as Greenlane does.
"""

from __future__ import annotations

import itertools
import json
import re
import resource
import sys
import tempfile
import time
import unicodedata
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.screening.labelled import (
    Listed,
    answers,
    hand_labelled_quality,
    many_names,
    quality,
    read_hand_labelled,
    read_listed,
    read_queries,
)

BLOCK = 256  # queries at a time for the brute-force peers
BLOCKED = 50  # candidates that the trigram blocking hands to a pair scorer
Found = tuple[NDArray[Any], NDArray[Any], NDArray[np.float64]]
Search = Callable[[list[str], list[str]], Found]
"""(names, types) to parallel (query row, list row, score)."""


def peak_mb() -> float:
    """Return the largest resident size of this process so far, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measured(
    engine: str, library: str, base: float, build: Callable[[Listed], Search],
    score: Callable[[str, str, str], float], *, timed: int, scored: int, count: int,
) -> dict[str, Any]:  # fmt: skip
    """Build an engine, time it and score it."""
    listed = read_listed()
    begin = time.process_time()
    search = build(listed)
    build_s = time.process_time() - begin
    names, types = many_names(count)
    names, types = names[:timed], types[:timed]
    search(names[:20], types[:20])
    begin = time.process_time()
    search(names, types)
    took = time.process_time() - begin
    memory = peak_mb() - base
    queries = read_queries().sample(scored)
    found = search(queries.names, queries.types)
    hand = read_hand_labelled()
    scores = [
        score(one, other, schema)
        for one, other, schema in zip(hand.ones, hand.others, hand.schemas, strict=True)
    ]
    return {
        "engine": engine,
        "version": version(library),
        "queries_timed": len(names),
        "queries_per_cpu_s": round(len(names) / took, 1),
        "build_cpu_s": round(build_s, 2),
        "memory_mb": round(memory, 1),
        "memory_of_imports_mb": round(base, 1),
        "quality": quality(queries, answers(queries, listed, *found)),
        "hand_labelled": hand_labelled_quality(hand, np.array(scores)),
    }


def rapidfuzz(scorer_name: str, timed: int, scored: int, count: int) -> dict[str, Any]:
    """Every query against every name, by one of rapidfuzz's scorers."""
    from rapidfuzz import fuzz, process, utils

    base = peak_mb()
    scorer = getattr(fuzz, scorer_name)

    def build(listed: Listed) -> Search:
        choices = [utils.default_process(name) for name in listed.names]

        def search(names: list[str], _: list[str]) -> Found:
            rows, entries, scores = [], [], []
            asked = [utils.default_process(name) for name in names]
            for start in range(0, len(asked), BLOCK):
                table = process.cdist(
                    asked[start : start + BLOCK], choices, scorer=scorer, score_cutoff=50,
                    dtype=np.uint8, workers=1,
                )  # fmt: skip
                row, entry = np.nonzero(table)
                rows.append(row + start)
                entries.append(entry)
                scores.append(table[row, entry] / 100.0)
            return np.concatenate(rows), np.concatenate(entries), np.concatenate(scores)

        return search

    def score(one: str, other: str, _: str) -> float:
        return float(scorer(one, other, processor=utils.default_process)) / 100

    return measured(
        f"rapidfuzz {scorer_name}", "rapidfuzz", base, build, score,
        timed=timed, scored=scored, count=count,
    )  # fmt: skip


def _fold(name: str) -> str:
    """Return a name without case, accents and punctuation: what a careful user would do first."""
    text = unicodedata.normalize("NFKD", name).casefold().replace("'", "").replace(".", "")
    return " ".join(re.findall(r"\w+", "".join(c for c in text if not unicodedata.combining(c))))


def _trigrams(listed: Listed) -> tuple[Any, Any]:
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectorizer = TfidfVectorizer(
        analyzer="char_wb", ngram_range=(3, 3), dtype=np.float32, preprocessor=_fold
    )
    return vectorizer, vectorizer.fit_transform(listed.names)


def _top(vectorizer: Any, table: Any, names: list[str], count: int, least: float) -> Found:
    from sparse_dot_topn import sp_matmul_topn

    found = sp_matmul_topn(
        vectorizer.transform(names), table.T.tocsr(), top_n=count, threshold=least, n_threads=1
    ).tocoo()
    return found.row, found.col, found.data.astype(np.float64)


def trigram_cosine(count: int) -> dict[str, Any]:
    """Cosine of tf-idf weighted trigrams, thirty best, by sparse_dot_topn."""
    import sklearn.feature_extraction.text  # noqa: F401 - counted among the imports
    import sparse_dot_topn  # noqa: F401 - counted among the imports

    base = peak_mb()
    kept: list[Any] = []

    def build(listed: Listed) -> Search:
        vectorizer, table = _trigrams(listed)
        transposed = table.T.tocsr()
        kept.append(vectorizer)

        def search(names: list[str], _: list[str]) -> Found:
            from sparse_dot_topn import sp_matmul_topn

            found = sp_matmul_topn(
                vectorizer.transform(names), transposed, top_n=30, threshold=0.3, n_threads=1
            ).tocoo()
            return found.row, found.col, found.data.astype(np.float64)

        return search

    def score(one: str, other: str, _: str) -> float:
        a, b = kept[0].transform([one, other])
        return float((a @ b.T)[0, 0])

    return measured(
        "sparse_dot_topn, trigram cosine", "sparse_dot_topn", base, build, score,
        timed=count, scored=6000, count=count,
    )  # fmt: skip


_SCHEMAS = {"individual": "Person", "entity": "Organization", "vessel": "Vessel"}


def nomenklatura(
    matcher: str, *, own_blocker: bool, timed: int, scored: int, count: int
) -> dict[str, Any]:
    """One of nomenklatura's matchers behind its own blocker, or behind trigram blocking."""
    from followthemoney import Dataset, StatementEntity
    from nomenklatura.blocker.index import Index
    from nomenklatura.matching import get_algorithm
    from nomenklatura.matching.types import ScoringConfig
    from nomenklatura.resolver import Linker
    from nomenklatura.store.memory import MemoryStore

    if not own_blocker:
        import sklearn.feature_extraction.text  # noqa: F401 - counted among the imports
        import sparse_dot_topn  # noqa: F401 - counted among the imports
    base = peak_mb()
    algorithm = get_algorithm(matcher)
    assert algorithm is not None
    config = ScoringConfig.defaults()
    dataset = Dataset.make({"name": "bench", "title": "Bench"})
    # the matcher remembers what it made of an entity by its number: never use one twice
    numbers = itertools.count()

    def entity(key: str, schema: str, names: list[str]) -> Any:
        made = StatementEntity(dataset, {"id": key, "schema": schema})
        for name in names:
            made.add("name", name)
        return made

    def build(listed: Listed) -> Search:
        first_row: dict[str, int] = {}
        names_of: dict[str, list[str]] = {}
        for row, key in enumerate(listed.entities):
            first_row.setdefault(key, row)
            names_of.setdefault(key, []).append(listed.names[row])
        schema_of = {k: _SCHEMAS.get(listed.types[r], "LegalEntity") for k, r in first_row.items()}
        known = {key: entity(key, schema_of[key], names) for key, names in names_of.items()}
        if own_blocker:
            store: Any = MemoryStore(dataset, Linker({}))
            with store.writer() as writer:
                for one in known.values():
                    writer.add_entity(one)
            folder = Path(tempfile.mkdtemp(prefix="greenlane-bench-"))
            index: Any = Index(store.view(dataset), folder)
            index.build()

            def candidates(asked: list[Any]) -> Iterator[tuple[int, set[str]]]:
                place = {one.id: row for row, one in enumerate(asked)}
                for key, matches in index.match_entities(asked):
                    yield place[key.id], {match.id for match, _ in matches}
        else:
            vectorizer, table = _trigrams(listed)

            def candidates(asked: list[Any]) -> Iterator[tuple[int, set[str]]]:
                texts = [next(iter(one.get("name"))) for one in asked]
                rows, entries, _ = _top(vectorizer, table, texts, BLOCKED, 0.1)
                out: dict[int, set[str]] = {}
                for row, entry in zip(rows.tolist(), entries.tolist(), strict=True):
                    out.setdefault(row, set()).add(listed.entities[entry])
                yield from out.items()

        def search(names: list[str], types: list[str]) -> Found:
            asked = [
                entity(f"Q{next(numbers)}", _SCHEMAS.get(kind, "LegalEntity"), [name])
                for name, kind in zip(names, types, strict=True)
            ]
            rows, entries, scores = [], [], []
            for row, keys in candidates(asked):
                for key in keys:
                    score = algorithm.compare(asked[row], known[key], config).score
                    if score > 0:
                        rows.append(row)
                        entries.append(first_row[key])
                        scores.append(score)
            return np.array(rows, np.int64), np.array(entries, np.int64), np.array(scores)

        return search

    def score(one: str, other: str, schema: str) -> float:
        a, b = (entity(f"H{next(numbers)}", schema, [name]) for name in (one, other))
        return float(algorithm.compare(a, b, config).score)

    blocker = "its own blocker" if own_blocker else "trigram blocking"
    return measured(
        f"nomenklatura {matcher}, {blocker}", "nomenklatura", base, build, score,
        timed=timed, scored=scored, count=count,
    )  # fmt: skip


ENGINES: dict[str, tuple[str, Callable[[int], dict[str, Any]]]] = {
    "trigram_cosine": ("sparse_dot_topn", trigram_cosine),
    "token_sort_ratio": (
        "rapidfuzz",
        lambda count: rapidfuzz("token_sort_ratio", 3000, 6000, count),
    ),
    "token_set_ratio": ("rapidfuzz", lambda count: rapidfuzz("token_set_ratio", 500, 2000, count)),
    "logic_v2": (
        "nomenklatura",
        lambda count: nomenklatura(
            "logic-v2", own_blocker=True, timed=2000, scored=2000, count=count
        ),
    ),
    "logic_v2_trigrams": (
        "nomenklatura",
        lambda count: nomenklatura(
            "logic-v2", own_blocker=False, timed=500, scored=1000, count=count
        ),
    ),
    "logic_v1_trigrams": (
        "nomenklatura",
        lambda count: nomenklatura(
            "logic-v1", own_blocker=False, timed=1000, scored=2000, count=count
        ),
    ),
}
"""Engine to (the library it needs, how to measure it)."""


if __name__ == "__main__":
    print(json.dumps(ENGINES[sys.argv[1]][1](int(sys.argv[2]))))
