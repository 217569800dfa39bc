"""The index: complete, the same both ways, saved and opened, refused when it is not sound."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greenlane.screening.index import Index, IndexUnusable, Pairs, Roles
from greenlane.screening.records import Kind

LISTED = (
    ("VARNHOLM, Rasmus Oluf", Kind.PERSON),
    ("Tindelwick Shipping LLC", Kind.ORGANIZATION),
    ("TINDELWICK 7", Kind.VESSEL),
    ("Rashid Hamdani", Kind.PERSON),
    ("Tindel Wick", Kind.UNKNOWN),
    ("محمد علي", Kind.PERSON),
    ("abc12", Kind.ORGANIZATION),
    ("abc 12", Kind.ORGANIZATION),
)


def built(rows: list[tuple[str, Kind]] | tuple[tuple[str, Kind], ...]) -> Index:
    return Index.build(
        [str(row) for row in range(len(rows))],
        [name for name, _ in rows],
        [kind for _, kind in rows],
        version="v1",
    )


def found(pairs: Pairs) -> set[tuple[int, int, float]]:
    return set(zip(pairs.query.tolist(), pairs.entry.tolist(), pairs.score.tolist(), strict=True))


WORDS = st.sampled_from(
    [
        "rasmus",
        "varnholm",
        "varnhollm",
        "tindelwick",
        "tindel",
        "wick",
        "shipping",
        "shpg",
        "llc",
        "limited",
        "mohamed",
        "ali",
        "al",
        "rashid",
        "hamdani",
        "7",
        "vii",
        "12",
        "abc",
        "abc12",
        "mr",
        "dr",
        "kim",
        "jong",
        "un",
        "محمد",
        "علي",
        "bill",
        "william",
        "harrowgate",
        "x",
    ]
)
NAMES = st.tuples(
    st.lists(WORDS, min_size=1, max_size=5).map(" ".join)
    | st.lists(WORDS, min_size=2, max_size=3).map(lambda w: f"{w[0]}, {' '.join(w[1:])}"),
    st.sampled_from(list(Kind)),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(NAMES, min_size=1, max_size=8), st.lists(NAMES, min_size=1, max_size=8))
def test_a_search_finds_the_same_pairs_whichever_side_is_indexed(
    subjects: list[tuple[str, Kind]], listed: list[tuple[str, Kind]]
) -> None:
    forward = built(listed).search(*zip(*subjects, strict=True), floor=0.05)
    backward = built(subjects).search(
        *zip(*listed, strict=True),
        floor=0.05,
        roles=Roles.QUERIES_ARE_LISTED,
    )

    assert found(forward) == {(entry, query, s) for query, entry, s in found(backward)}


@settings(max_examples=30, deadline=None)
@given(NAMES, st.lists(NAMES, min_size=1, max_size=8))
def test_what_else_is_listed_changes_no_score(
    subject: tuple[str, Kind], listed: list[tuple[str, Kind]]
) -> None:
    whole = built(listed).search([subject[0]], [subject[1]], floor=0.05)

    for row, entry in enumerate(listed):
        alone = built([entry]).search([subject[0]], [subject[1]], floor=0.05)
        assert alone.score.tolist() == whole.score[whole.entry == row].tolist()


def test_a_person_is_never_a_vessel() -> None:
    index = built([("TINDELWICK", Kind.VESSEL)])

    assert len(index.search(["Tindelwick"], [Kind.PERSON], floor=0)) == 0
    assert len(index.search(["Tindelwick"], [Kind.UNKNOWN], floor=0)) == 1


def test_a_saved_index_opens_with_the_same_answers(tmp_path: Path) -> None:
    index = built(LISTED)
    names = ["Rasmus Varnholm", "MV Tindelwick VII", "Mohamed Ali", "Nobody Whatever"]
    kinds = [Kind.PERSON, Kind.VESSEL, Kind.PERSON, Kind.UNKNOWN]

    index.save(tmp_path / "index")
    index.save(tmp_path / "index")  # a second time replaces the first
    opened = Index.open(tmp_path / "index")

    assert found(opened.search(names, kinds)) == found(index.search(names, kinds))
    assert [opened.name(row) for row in range(len(opened))] == [name for name, _ in LISTED]
    assert (opened.key(2), opened.kind(2), opened.version) == ("2", Kind.VESSEL, "v1")
    assert [path.name for path in tmp_path.iterdir()] == ["index"]


def test_pairs_come_by_query_best_first() -> None:
    pairs = built(LISTED).search(["Tindelwick", "Rashid Hamdani"], [Kind.UNKNOWN] * 2, floor=0.01)

    order = np.lexsort((pairs.entry, -pairs.score, pairs.query))
    assert order.tolist() == list(range(len(pairs)))


@pytest.mark.parametrize("count", [0, 1])
def test_empty_sides_find_nothing(count: int) -> None:
    index = built(LISTED[:count])

    assert len(index.search([], [])) == 0
    assert len(index.search(["", " ", "''"], [Kind.UNKNOWN] * 3, floor=0)) == 0


def test_an_index_of_another_scorer_is_refused(tmp_path: Path) -> None:
    built(LISTED).save(tmp_path / "index")
    manifest = tmp_path / "index" / "manifest.json"
    content = json.loads(manifest.read_text())
    manifest.write_text(json.dumps(content | {"scorer_version": "0-old"}))

    with pytest.raises(IndexUnusable, match=r"built by scorer 0-old.*Build the index again"):
        Index.open(tmp_path / "index")


@pytest.mark.parametrize("damage", ["cut", "gone", "garbage", "no manifest"])
def test_a_damaged_index_is_refused(tmp_path: Path, damage: str) -> None:
    built(LISTED).save(tmp_path / "index")
    target = tmp_path / "index" / "names.parts.npy"
    if damage == "cut":
        target.write_bytes(target.read_bytes()[:-40])
    elif damage == "gone":
        target.unlink()
    elif damage == "garbage":
        target.write_bytes(b"\x00" * 200)
    else:
        (tmp_path / "index" / "manifest.json").unlink()

    with pytest.raises(IndexUnusable, match="Build it again"):
        Index.open(tmp_path / "index")


def test_unequal_columns_are_refused() -> None:
    with pytest.raises(ValueError, match="one of each for every entry"):
        Index.build(["a"], ["x", "y"], [Kind.PERSON], version="v")
