"""The store: whole, dated, immutable versions; refusals; comparison."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from greenlane.core.errors import BadInput, NotFound
from greenlane.screening.codec import decode_party, encode_party
from greenlane.screening.formats.report import DamagedList, HostileList, UnreadableList
from greenlane.screening.store import ListShrunk, ListStore, ListVersion, VersionDamaged

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


def csv_of(*names: str) -> str:
    """Return an own list in which the n-th party bears the n-th name."""
    rows = [f"{number},{name}" for number, name in enumerate(names, 1) if name]
    return "\n".join(["entity_id,name", *rows, ""])


@pytest.fixture
def store(tmp_path: Path) -> ListStore:
    return ListStore(tmp_path / "store")


@pytest.fixture
def take(store: ListStore, tmp_path: Path) -> Callable[..., ListVersion]:
    """Import a text as the list `own`, by default on 1 March 2026 by Ada."""

    def taken(text: str | bytes, *, days: int = 0, **options: str) -> ListVersion:
        path = tmp_path / "list.csv"
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return store.import_list("own", [path], at=AT + timedelta(days=days), by="Ada", **options)

    return taken


def test_a_version_is_stored_whole_and_read_back(
    store: ListStore, take: Callable[..., ListVersion]
) -> None:
    text = csv_of("MADE ONE", "Сделано")

    version = take(text)

    assert store.original(version, "list.csv").read_text() == text
    assert [party.names[0].text for party in store.parties(version)] == ["MADE ONE", "Сделано"]
    assert (version.parties, version.names, version.imported_by) == (2, 2, "Ada")
    store.verify(version)


def test_the_same_bytes_twice_are_the_same_version(
    store: ListStore, take: Callable[..., ListVersion]
) -> None:
    first = take(csv_of("MADE"))

    second = take(csv_of("MADE"), days=1)

    assert first == second
    assert len(store.journal("own")) == 1


def test_a_version_that_comes_back_is_in_force_again(
    store: ListStore, take: Callable[..., ListVersion]
) -> None:
    first = take(csv_of("MADE"))
    take(csv_of("OTHER"), days=1)

    again = take(csv_of("MADE"), days=2)

    assert again == first
    assert store.current("own") == first
    assert [entry.number for entry in store.journal("own")] == [1, 2, 3]
    assert len(store.versions("own")) == 2


def test_the_version_of_a_day_is_the_last_one_of_that_day(
    store: ListStore, take: Callable[..., ListVersion]
) -> None:
    first = take(csv_of("MADE"))
    second = take(csv_of("OTHER"), days=1)

    assert store.current("own", on=date(2026, 3, 1)) == first
    assert store.current("own", on=AT + timedelta(hours=23)) == first
    assert store.current("own", on=date(2026, 3, 2)) == second
    with pytest.raises(NotFound, match="no version in force on 2026-02-28"):
        store.current("own", on=date(2026, 2, 28))


def test_files_of_a_version_cannot_be_written(
    store: ListStore, take: Callable[..., ListVersion]
) -> None:
    take(csv_of("MADE"))

    modes = {p.stat().st_mode & 0o222 for p in store.root.rglob("*") if p.is_file()}

    assert modes == {0}


def test_a_list_that_lost_more_than_a_fifth_is_refused(
    store: ListStore, take: Callable[..., ListVersion]
) -> None:
    before = take(csv_of(*(f"NAME {n}" for n in range(10))))

    with pytest.raises(ListShrunk, match=r"has 7 parties; the one in force has 10"):
        take(csv_of(*(f"NAME {n}" for n in range(7))), days=1)
    after = take(csv_of(*(f"NAME {n}" for n in range(8))), days=1)

    assert before != after
    assert store.current("own") == after


def test_a_list_that_lost_its_aliases_is_refused(take: Callable[..., ListVersion]) -> None:
    take("entity_id,name,aliases\n1,MADE,A|B|C|D|E\n2,OTHER,\n")

    with pytest.raises(ListShrunk, match="has 2 names"):
        take("entity_id,name,aliases\n1,MADE,\n2,OTHER,\n")


def test_a_named_person_may_force_a_shrunken_list_with_a_reason(
    store: ListStore, take: Callable[..., ListVersion]
) -> None:
    take(csv_of(*(f"NAME {n}" for n in range(10))))
    small = csv_of("NAME 0")

    with pytest.raises(BadInput, match="with a reason"):
        take(small, days=1, force_by="Grace")
    version = take(small, days=1, force_by="Grace", reason="delisting of 2 March")

    entry = store.journal("own")[-1]
    assert (store.current("own"), entry.forced_by) == (version, "Grace")
    assert entry.reason == "delisting of 2 March"
    assert "More than 20%" in entry.objections[0]


def test_force_that_was_not_needed_leaves_no_mark(
    store: ListStore, take: Callable[..., ListVersion]
) -> None:
    take(csv_of("MADE"), force_by="Grace", reason="to be sure")

    assert store.journal("own")[-1].forced_by == ""


def test_a_list_that_breaks_off_is_refused_and_the_old_one_stays(
    store: ListStore, take: Callable[..., ListVersion]
) -> None:
    record = "<INDIVIDUAL><DATAID>1</DATAID><FIRST_NAME>MADE</FIRST_NAME></INDIVIDUAL>"
    before = take(csv_of("MADE"))

    with pytest.raises(DamagedList, match="breaks off in line 1"):
        take(f"<CONSOLIDATED_LIST>{record}<INDIVIDUAL>", days=1)

    assert store.current("own") == before
    assert not list((store.root / "lists" / "own").glob(".new-*"))


def test_a_list_with_many_unusable_rows_is_refused(take: Callable[..., ListVersion]) -> None:
    rows = [f"{n},NAME {n}" for n in range(100)] + [",NO NUMBER"] * 11

    with pytest.raises(DamagedList, match="Of the 111 rows of own, 11 cannot be used"):
        take("\n".join(["entity_id,name", *rows]))


def test_an_error_page_is_refused(take: Callable[..., ListVersion]) -> None:
    with pytest.raises(UnreadableList):
        take("<html><body>Service unavailable</body></html>")


def test_a_hostile_list_cannot_be_forced(take: Callable[..., ListVersion]) -> None:
    with pytest.raises(HostileList):
        take(
            "<!DOCTYPE CONSOLIDATED_LIST><CONSOLIDATED_LIST/>", force_by="Grace", reason="I insist"
        )


@pytest.mark.parametrize("key", ["", "../own", "Own", "a/b", "a" * 41, "-a", "ä"])
def test_a_key_that_is_no_folder_name_is_refused(
    store: ListStore, tmp_path: Path, key: str
) -> None:
    with pytest.raises(BadInput, match="cannot be used"):
        store.import_list(key, [tmp_path / "none"], at=AT, by="Ada")


def test_a_version_that_was_tampered_with_is_noticed(
    store: ListStore, take: Callable[..., ListVersion]
) -> None:
    version = take(csv_of("MADE ONE", "MADE TWO"))
    folder = store.root / "lists" / "own" / "versions" / version.version_id
    path = folder / "parties.jsonl.gz"
    path.chmod(0o644)
    path.write_bytes(path.read_bytes()[:-20])

    with pytest.raises(VersionDamaged, match="not what was stored"):
        list(store.parties(version))


def test_an_original_that_was_tampered_with_is_noticed(
    store: ListStore, take: Callable[..., ListVersion]
) -> None:
    version = take(csv_of("MADE"))
    path = store.original(version, "list.csv")
    path.chmod(0o644)
    path.write_text(csv_of("MADD"))

    with pytest.raises(VersionDamaged):
        store.verify(version)


def test_a_crash_before_the_rename_leaves_no_version(
    store: ListStore, take: Callable[..., ListVersion], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = take(csv_of("MADE"))
    real = os.link

    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "link", crash)
    with pytest.raises(KeyboardInterrupt):
        take(csv_of("OTHER"), days=1)
    monkeypatch.setattr(os, "link", real)

    assert store.current("own") == before
    assert take(csv_of("OTHER"), days=2) == store.current("own")


def test_imports_at_the_same_moment_all_find_their_place(store: ListStore, tmp_path: Path) -> None:
    paths = []
    for number in range(8):
        path = tmp_path / f"{number}.csv"
        path.write_text(csv_of(f"MADE {number % 4}"))
        paths.append(path)

    def one(path: Path) -> str:
        return store.import_list("own", [path], at=AT, by="Ada").version_id

    with ThreadPoolExecutor(8) as pool:
        ids = list(pool.map(one, paths))

    journal = store.journal("own")
    assert [entry.number for entry in journal] == list(range(1, len(journal) + 1))
    assert {entry.version_id for entry in journal} == set(ids)
    for version in store.versions("own"):
        store.verify(version)


def test_two_files_of_one_name_are_both_kept(store: ListStore, tmp_path: Path) -> None:
    for folder, text in (("a", '36,12,"aka","MADE",-0- \n'), ("b", f"36,MADE CO{',-0- ' * 10}\n")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "x.csv").write_text(text)

    version = store.import_list(
        "ofac", [tmp_path / "a" / "x.csv", tmp_path / "b" / "x.csv"], at=AT, by="Ada"
    )

    assert [file.name for file in version.files] == ["x.csv", "2-x.csv"]
    assert version.names == 2


def test_a_time_without_zone_is_refused(store: ListStore, tmp_path: Path) -> None:
    (tmp_path / "x").write_text(csv_of("MADE"))

    with pytest.raises(BadInput, match="time zone"):
        store.import_list("own", [tmp_path / "x"], at=AT.replace(tzinfo=None), by="Ada")


def test_a_difference_names_parties_and_names(
    store: ListStore, take: Callable[..., ListVersion]
) -> None:
    old = take("entity_id,name,aliases,remarks\n1,ONE,A|B,\n2,TWO,,x\n3,THREE,,\n")
    new = take("entity_id,name,aliases,remarks\n1,ONE,A|C,\n2,TWO,,y\n4,FOUR,,\n")

    found = store.diff(old, new)

    assert (found.added, found.changed, found.removed) == (
        ("own-4",),
        ("own-1", "own-2"),
        ("own-3",),
    )
    assert [(c.party_uid, c.after) for c in found.names_added] == [
        ("own-1", "C"),
        ("own-4", "FOUR"),
    ]
    assert [(c.party_uid, c.before) for c in found.names_removed] == [
        ("own-1", "B"),
        ("own-3", "THREE"),
    ]
    assert found.names_changed == ()
    assert store.diff(new, new).is_empty


def test_a_name_that_keeps_its_number_is_changed_and_not_replaced(
    store: ListStore, tmp_path: Path
) -> None:
    def taken(alias: str) -> ListVersion:
        (tmp_path / "sdn").write_text(f"36,MADE CO{',-0- ' * 10}\n")
        (tmp_path / "alt").write_text(f'36,12,"aka","{alias}",-0- \n')
        return store.import_list("ofac", [tmp_path / "sdn", tmp_path / "alt"], at=AT, by="Ada")

    found = store.diff(taken("OLD NAME"), taken("NEW NAME"))

    assert [(c.name_uid, c.before, c.after) for c in found.names_changed] == [
        ("12", "OLD NAME", "NEW NAME")
    ]
    assert (found.names_added, found.names_removed) == ((), ())


def test_what_is_encoded_is_decoded_and_nonsense_is_refused(
    store: ListStore, take: Callable[..., ListVersion]
) -> None:
    version = take(csv_of("MADE", 'QUOTED "NAME"'))

    for line in store.lines(version):
        assert encode_party(decode_party(line)) == line
    for nonsense in ("{}", "[]", "null", '["a"]', json.dumps([1] * 13)):
        with pytest.raises(ValueError, match=r"stored party|not a valid"):
            decode_party(nonsense)
