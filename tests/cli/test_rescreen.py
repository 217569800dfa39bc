"""``greenlane rescreen``: the same bytes by change as in full, from CSV and from Parquet."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from greenlane.cli.rescreen import rescreen
from greenlane.core.errors import GreenlaneError
from greenlane.screening.store import ListStore
from greenlane.screening.subjects import PartiesUnreadable

_PARTIES = "subject_id,name,kind\nS1,Caspian Metals LLC,ORGANIZATION\nS2,Nobody Near,PERSON\n"


def put(store: Path, *names: str) -> None:
    """Put an own list of organizations in force."""
    path = store.parent / "own.csv"
    rows = [f"{number},{name},ORGANIZATION" for number, name in enumerate(names)]
    path.write_text("\n".join(["entity_id,name,entity_type", *rows, ""]))
    ListStore(store).import_list("own", [path], at=datetime(2026, 1, 1, tzinfo=UTC), by="Ada")


def call(folder: Path, *words: str | Path, parties: str = "parties.csv") -> Result:
    """Call the command in a folder; a refusal of ours is raised."""
    arguments = [
        *("--parties", str(folder / parties), "--store", str(folder / "store")),
        *("--out", str(folder / "hits.csv"), *(str(word) for word in words)),
    ]
    result = CliRunner().invoke(rescreen, arguments)
    if isinstance(result.exception, GreenlaneError):
        raise result.exception
    return result


def test_a_change_of_the_list_is_found_and_equals_a_full_run(tmp_path: Path) -> None:
    (tmp_path / "parties.csv").write_text(_PARTIES)
    put(tmp_path / "store", "Wholly Other Company")
    first = call(tmp_path)
    put(tmp_path / "store", "Wholly Other Company", "CASPIAN METALS")

    second = call(tmp_path, "--changes", tmp_path / "changes.csv")
    by_change = (tmp_path / "hits.csv").read_bytes()
    third = call(tmp_path, "--full", "--state", tmp_path / "fresh")

    assert "full run (first run): 2 parties" in first.output
    assert "delta run (parties or lists changed): 0 parties and 1 listed names" in second.output
    assert "1 hits in all" in third.output
    assert (tmp_path / "hits.csv").read_bytes() == by_change
    with (tmp_path / "hits.csv").open(newline="") as stream:
        (row,) = csv.DictReader(stream)
    assert (row["subject_id"], row["listed_uid"], row["source"]) == ("S1", "own-1", "own")
    with (tmp_path / "changes.csv").open(newline="") as stream:
        assert [found["what"] for found in csv.DictReader(stream)] == ["opened"]


def test_parquet_gives_the_same_hits(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    pq = pytest.importorskip("pyarrow.parquet")
    (tmp_path / "parties.csv").write_text(_PARTIES)
    rows = list(csv.DictReader(_PARTIES.splitlines()))
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "parties.parquet")
    put(tmp_path / "store", "CASPIAN METALS")
    call(tmp_path, "--state", tmp_path / "a")
    hits = (tmp_path / "hits.csv").read_bytes()

    call(tmp_path, "--state", tmp_path / "b", parties="parties.parquet")

    assert (tmp_path / "hits.csv").read_bytes() == hits


def test_a_store_without_lists_is_refused(tmp_path: Path) -> None:
    (tmp_path / "parties.csv").write_text(_PARTIES)

    result = call(tmp_path)

    assert result.exit_code == 2
    assert "watchlist import" in result.output


def test_a_file_of_parties_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "parties.csv").write_text("id\n1\n")
    put(tmp_path / "store", "CASPIAN METALS")

    with pytest.raises(PartiesUnreadable, match="no column"):
        call(tmp_path)
