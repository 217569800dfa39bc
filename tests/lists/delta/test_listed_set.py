"""What is screened against: every list in force, nobody expired, nobody twice."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from greenlane.screening.listed_set import ListedSet
from greenlane.screening.store import ListStore

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
_NULLS = ",-0- " * 8
_SDN = "Specially Designated Nationals (SDN) - Treasury Department"


@pytest.fixture
def store(tmp_path: Path) -> ListStore:
    return ListStore(tmp_path / "store")


def put(store: ListStore, key: str, text: str, folder: Path) -> None:
    """Import a text as a list."""
    path = folder / f"{key}.txt"
    path.write_text(text)
    store.import_list(key, [path], at=AT, by="Ada")


def test_a_denial_counts_through_its_last_day(store: ListStore, tmp_path: Path) -> None:
    put(store, "own", "entity_id,name,expires_on\n1,A,2026-03-02\n2,B,\n", tmp_path)

    days = [sorted(ListedSet.of_store(store, on=date(2026, 3, day)).lines) for day in (1, 2, 3)]

    assert days == [["own-1", "own-2"], ["own-1", "own-2"], ["own-2"]]


def test_only_the_lists_that_were_asked_for_are_read(store: ListStore, tmp_path: Path) -> None:
    put(store, "own", "entity_id,name\n1,A\n", tmp_path)
    put(store, "other", "entity_id,name\n1,A\n", tmp_path)

    found = ListedSet.of_store(store, on=date(2026, 3, 1), source_keys=["own"])

    assert list(found.lines) == ["own-1"]
    assert list(found.versions) == ["own"]


def test_a_row_of_the_consolidated_list_that_repeats_ofac_is_left_out(
    store: ListStore, tmp_path: Path
) -> None:
    put(store, "ofac-sdn", f'36,"MADEUP, Ivan","individual","X"{_NULLS}\n', tmp_path)
    rows = [
        f"36,{_SDN},36,Ivan MADEUP,",
        f"37,{_SDN},37,Only HERE,",
        "a,Entity List (EL),36,Ivan MADEUP,",
    ]
    header = "_id,source,entity_number,name,alt_names"
    put(store, "us-csl", "\n".join([header, *rows]), tmp_path)

    found = ListedSet.of_store(store, on=date(2026, 3, 1))

    assert sorted(found.lines) == ["ofac-sdn-36", "us-csl-EL-36", "us-csl-SDN-37"]


def test_a_repeated_row_with_a_name_that_ofac_lacks_stays(store: ListStore, tmp_path: Path) -> None:
    put(store, "ofac-sdn", f'36,"MADEUP, Ivan","individual","X"{_NULLS}\n', tmp_path)
    header = "_id,source,entity_number,name,alt_names"
    put(store, "us-csl", f"{header}\n36,{_SDN},36,Ivan MADEUP,NEW NAME\n", tmp_path)

    found = ListedSet.of_store(store, on=date(2026, 3, 1))

    assert "us-csl-SDN-36" in found.lines


def test_the_digest_depends_on_content_alone(store: ListStore, tmp_path: Path) -> None:
    put(store, "own", "entity_id,name\n1,A\n2,B\n", tmp_path)
    one = ListedSet.of_store(store, on=date(2026, 3, 1))
    turned = ListedSet(dict(reversed(list(one.lines.items()))), {"own": "another"})

    assert one.digest == turned.digest
