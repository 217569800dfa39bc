"""Greenlane's own figures, in a process of its own: memory counts from after the imports.

Usage: ``python -m benchmarks.screening.engine_greenlane NAMES`` writes JSON. ``--compile`` measures
only what compiling costs, in an empty cache.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import tempfile
import time
from typing import Any

import numpy as np

FLOOR = 0.25  # the engine's own; every decision is made above it
EXPLAINED = 3000


def peak_mb() -> float:
    """Return the largest resident size of this process so far, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def compiling() -> dict[str, Any]:
    """Return what the first search and explanation cost in an empty cache, less the second's."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["GREENLANE_CACHE_DIR"] = folder
        from greenlane.screening.explain import explain_names
        from greenlane.screening.index import Index
        from greenlane.screening.records import Kind

        def once() -> float:
            begin = time.process_time()
            index = Index.build(["a", "b"], ["Ana Vo", "Bo Li"], [Kind.PERSON] * 2, version="x")
            index.search(["Ana Vo"], [Kind.PERSON])
            explain_names([("Ana Vo", Kind.PERSON, "Anna Vo", Kind.PERSON)])
            return time.process_time() - begin

        first = once()
        return {"compile_cpu_s": round(first - once(), 1)}


def main(count: int) -> dict[str, Any]:
    """Measure everything but compiling."""
    from benchmarks.screening.labelled import (
        answers,
        at_levels,
        hand_labelled_quality,
        many_names,
        quality,
        read_hand_labelled,
        read_listed,
        read_queries,
    )
    from greenlane.screening.bulk import weakened
    from greenlane.screening.explain import score_pairs
    from greenlane.screening.index import Index
    from greenlane.screening.levels import Levels
    from greenlane.screening.listed import ListIndex
    from greenlane.screening.prepare import kind_codes
    from greenlane.screening.records import Kind, ListedName, ListedParty, Subject
    from greenlane.screening.screener import Screener
    from greenlane.screening.tabular import kind_of
    from greenlane.screening.versions import SCORER_VERSION

    base = peak_mb()
    listed = read_listed()
    kinds = kind_codes([kind_of(word) for word in listed.types])
    Index.build(["a"], ["Ana"], [Kind.PERSON], version="warm").search(["Ana"], [Kind.PERSON])
    begin = time.process_time()
    index = Index.build(listed.entities, listed.names, kinds, version="bench")
    build_s = time.process_time() - begin

    names, types = many_names(count)
    codes = kind_codes([kind_of(word) for word in types])
    speeds: dict[str, float] = {}
    for floor in (FLOOR, 0.5, 0.1):
        times = []
        for _ in range(3):
            begin = time.process_time()
            index.search(names, codes, floor=floor)
            times.append(time.process_time() - begin)
        speeds[f"{floor:g}"] = round(len(names) / min(times))
        if floor == FLOOR:
            speeds["slowest_of_three"] = round(len(names) / max(times))
            memory = peak_mb() - base
    del names, types, codes

    queries = read_queries()
    pairs = index.search(
        queries.names, kind_codes([kind_of(word) for word in queries.types]), floor=0.01
    )
    # as `greenlane screen` gives them: weak names at their discount
    scores = pairs.score.copy()
    weak = np.array(listed.is_weak)[pairs.entry]
    scores[weak] = weakened(scores[weak])
    said = answers(queries, listed, pairs.query, pairs.entry, scores)
    found = quality(queries, said)

    hand = read_hand_labelled()
    schema = {
        "Person": Kind.PERSON,
        "Company": Kind.ORGANIZATION,
        "Organization": Kind.ORGANIZATION,
        "Vessel": Kind.VESSEL,
    }
    hand_kinds = [schema.get(word, Kind.UNKNOWN) for word in hand.schemas]
    hand_scores = score_pairs(
        list(zip(hand.ones, hand_kinds, hand.others, hand_kinds, strict=True))
    )

    # the same pairs through the candidate stage: each first name asked of all second names
    second = Index.build(hand.ones, hand.others, hand_kinds, version="bench")
    reached = second.search(hand.ones, hand_kinds, floor=0.01)
    own = reached.query == reached.entry
    searched = np.zeros(len(hand.ones))
    searched[reached.query[own]] = reached.score[own]

    parties: dict[str, list[int]] = {}
    for row, entity in enumerate(listed.entities):
        parties.setdefault(entity, []).append(row)
    one_list = ListIndex.build(
        (
            ListedParty(
                uid=uid,
                source="bench",
                kind=kind_of(listed.types[rows[0]]),
                names=tuple(
                    ListedName(str(row), listed.names[row], is_weak=listed.is_weak[row])
                    for row in rows
                ),
            )
            for uid, rows in parties.items()
        ),
        list_version="bench",
    )
    screener = Screener(one_list, levels=Levels(review=0.4, alert=0.85))
    some = queries.sample(EXPLAINED)
    subjects = [
        Subject(str(row), (name,), kind_of(word))
        for row, (name, word) in enumerate(zip(some.names, some.types, strict=True))
    ]
    screener.screen(subjects[0])
    waits: list[float] = []
    cpu: dict[bool, list[float]] = {True: [], False: []}
    for subject in subjects:
        for explain in (False, True):
            begin, begin_cpu = time.perf_counter(), time.process_time()
            screener.screen(subject, explain=explain)
            cpu[explain].append(1000 * (time.process_time() - begin_cpu))
            if explain:
                waits.append(1000 * (time.perf_counter() - begin))
    return {
        "engine": "greenlane",
        "scorer_version": SCORER_VERSION,
        "queries_timed": count,
        "queries_per_cpu_s": speeds[f"{FLOOR:g}"],
        "queries_per_cpu_s_by_floor": speeds,
        "build_cpu_s": round(build_s, 2),
        "memory_mb": round(memory, 1),
        "memory_of_imports_mb": round(base, 1),
        "quality": found,
        "levels": at_levels(queries, said),
        "hand_labelled": hand_labelled_quality(hand, np.array(hand_scores)),
        "hand_labelled_through_search": hand_labelled_quality(hand, searched),
        "explained": {
            "queries": len(subjects),
            "p50_ms": round(float(np.percentile(waits, 50)), 2),
            "p99_ms": round(float(np.percentile(waits, 99)), 2),
            # waiting for a turn on a busy machine is in the former, not in these
            "cpu_p50_ms": round(float(np.percentile(cpu[True], 50)), 2),
            "cpu_p99_ms": round(float(np.percentile(cpu[True], 99)), 2),
            "cpu_of_explained_over_plain": round(sum(cpu[True]) / sum(cpu[False]), 2),
        },
    }


if __name__ == "__main__":
    print(json.dumps(compiling() if "--compile" in sys.argv else main(int(sys.argv[1]))))
