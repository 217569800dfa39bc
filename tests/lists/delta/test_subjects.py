"""Parties from CSV and Parquet, hits to both."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from pathlib import Path

import pytest

from greenlane.screening import rescreen as bulk
from greenlane.screening.codec import decode_subject, encode_subject
from greenlane.screening.records import Identifier, Kind, PartialDate, Subject
from greenlane.screening.subjects import PartiesUnreadable, fingerprint, read_subjects
from tests.lists.delta.made import Made

_ROWS = """subject_id,name,names,kind,birth_dates,countries,identifiers
S1,Ivan Petrov,Vanya Petrov|I. Petrov,person,1960-05-04|1961,RU|Iran,PASSPORT:A1:RU|TAX:7
S2,Caspian Metals,,,,,
"""


def test_every_column_of_the_csv_is_read(tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text(_ROWS)

    first, second = read_subjects(tmp_path / "p.csv")

    assert first == Subject(
        "S1",
        ("Ivan Petrov", "Vanya Petrov", "I. Petrov"),
        Kind.PERSON,
        (PartialDate(1960, 5, 4), PartialDate(1961)),
        ("RU", "IR"),
        (Identifier("PASSPORT", "A1", "RU"), Identifier("TAX", "7")),
    )
    assert second == Subject("S2", ("Caspian Metals",))
    assert decode_subject(encode_subject(first)) == first


def test_a_parquet_file_gives_the_same_parties(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    pq = pytest.importorskip("pyarrow.parquet")
    (tmp_path / "p.csv").write_text(_ROWS)
    rows = list(csv.DictReader(_ROWS.splitlines()))
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "p.parquet")
    listed = [{**rows[0], "names": ["Vanya Petrov", "I. Petrov"]}]
    pq.write_table(pa.Table.from_pylist(listed), tmp_path / "lists.parquet")

    expected = list(read_subjects(tmp_path / "p.csv"))

    assert list(read_subjects(tmp_path / "p.parquet")) == expected
    assert list(read_subjects(tmp_path / "lists.parquet")) == expected[:1]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (",A,,,,,", "no subject_id"),
        ("S1,,,,,,", "no name"),
        ("S1,A,,dragon,,,", "the kind 'DRAGON'"),
        ("S1,A,,,soon,,", "the birth date 'soon'"),
        ("S1,A,,,,,7406784", "the identifier '7406784'"),
    ],
)
def test_a_row_that_cannot_be_read_is_refused_with_its_line(
    tmp_path: Path, row: str, words: str
) -> None:
    path = tmp_path / "p.csv"
    path.write_text(_ROWS.splitlines()[0] + "\n" + row + "\n")

    with pytest.raises(PartiesUnreadable, match=f"Row 2 has .*{words}|Row 2 has {words}"):
        list(read_subjects(path))


@pytest.mark.parametrize("content", [b"", b"id,name\n1,A\n", b"\xff\xfe\x00", b"subject_id\n1\n"])
def test_a_file_without_the_needed_columns_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "p.csv"
    path.write_bytes(content)

    with pytest.raises(PartiesUnreadable):
        list(read_subjects(path))


def test_a_file_that_is_no_parquet_is_refused(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    path = tmp_path / "p.parquet"
    path.write_text(_ROWS)

    with pytest.raises(PartiesUnreadable, match="as Parquet"):
        list(read_subjects(path))


def test_a_missing_file_is_refused_with_a_sentence(tmp_path: Path) -> None:
    for call in (fingerprint, lambda path: list(read_subjects(path))):
        with pytest.raises(PartiesUnreadable, match="cannot be opened"):
            call(tmp_path / "none.csv")


def test_hits_in_parquet_are_the_hits_in_csv(tmp_path: Path) -> None:
    pq = pytest.importorskip("pyarrow.parquet")
    made = Made(31)
    made.fill(subjects=60, parties=40)
    everyone = bulk.Parties(everyone=list(made.subjects.values()))
    at = datetime(2026, 3, 1, tzinfo=UTC)
    bulk.rescreen(tmp_path / "s", made.listed(), everyone, bulk.settings_of(), at=at)

    count = bulk.write_hits(tmp_path / "s", tmp_path / "hits.parquet")
    bulk.write_hits(tmp_path / "s", tmp_path / "hits.csv")

    table = pq.read_table(tmp_path / "hits.parquet").to_pylist()
    with (tmp_path / "hits.csv").open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(table) == len(rows) == count > 20
    for typed, text in zip(table, rows, strict=True):
        assert (typed["subject_id"], typed["listed_uid"]) == (
            text["subject_id"],
            text["listed_uid"],
        )
        assert f"{typed['score']:.6f}" == text["score"]
        assert (text["list_version"], text["source"]) == ("1", "made")
    keys = [(row["subject_id"], -float(row["score"]), row["listed_uid"]) for row in rows]
    assert keys == sorted(keys)
