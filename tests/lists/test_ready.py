"""Lists made ready once: found by versions and day, shared, replaced when damaged."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from greenlane.screening import ready
from greenlane.screening.listed_set import ListedSet
from greenlane.screening.ready import is_ready, open_ready, prepare
from greenlane.screening.records import Kind, ListedName, ListedParty, Subject
from greenlane.screening.screener import Screener
from greenlane.screening.store import StoreUnusable

DAY = date(2026, 5, 4)
VERSIONS = {"own": "aaaa", "un-sc": "bbbb"}


def a_set(
    *names: str, on: date = DAY, expiring: Sequence[str] = (), versions: dict[str, str] = VERSIONS
) -> ListedSet:
    """Make a set of organizations, and of some whose listing ends on a day."""
    parties = [
        ListedParty(
            uid=f"own-{number}",
            source="own",
            kind=Kind.ORGANIZATION,
            names=(ListedName("1", name),),
            expires_on=expires_on,
        )
        for number, (name, expires_on) in enumerate(
            [*((name, "") for name in names), *((f"Ends {day}", day) for day in expiring)]
        )
    ]
    return ListedSet.of_parties(parties, on=on, versions=versions)


@pytest.fixture(autouse=True)
def _nothing_open() -> None:
    """Forget what an earlier test opened."""
    ready._opened.clear()


def test_nothing_is_ready_before_somebody_prepared_it(tmp_path: Path) -> None:
    folder = tmp_path / "indexes"

    before = open_ready(folder, VERSIONS, on=DAY), is_ready(folder, VERSIONS, on=DAY)
    prepare(folder, a_set("Caspian Metals LLC"), on=DAY)
    ready._opened.clear()
    found = open_ready(folder, VERSIONS, on=DAY)

    assert before == (None, False)
    assert is_ready(folder, VERSIONS, on=DAY)
    assert found is not None
    (hit,) = Screener(found.index).screen(Subject("S", ("Caspian Metals",), Kind.ORGANIZATION))
    assert hit.key.listed_uid == "own-0"
    assert found.line("own-0") == a_set("Caspian Metals LLC").lines["own-0"]


def test_another_version_of_any_list_is_not_ready(tmp_path: Path) -> None:
    prepare(tmp_path, a_set("Caspian Metals LLC"), on=DAY)

    assert open_ready(tmp_path, {**VERSIONS, "un-sc": "cccc"}, on=DAY) is None
    assert open_ready(tmp_path, {"own": "aaaa"}, on=DAY) is None
    assert open_ready(tmp_path, {**VERSIONS, "uk": "dddd"}, on=DAY) is None


def test_an_expiring_listing_bounds_the_days_that_a_set_serves(tmp_path: Path) -> None:
    ends = ("2026-05-01", "2026-05-10", "2026-06-01")
    prepare(tmp_path, a_set("Caspian Metals LLC", expiring=ends), on=DAY)

    served = [
        day
        for day in range(1, 16)
        if open_ready(tmp_path, VERSIONS, on=date(2026, 5, day)) is not None
    ]

    assert served == list(range(2, 11))
    later = a_set("Caspian Metals LLC", expiring=ends, on=date(2026, 5, 11))
    prepare(tmp_path, later, on=date(2026, 5, 11))
    found = open_ready(tmp_path, VERSIONS, on=date(2026, 5, 12))
    assert found is not None
    assert found.digest == later.digest
    again = open_ready(tmp_path, VERSIONS, on=DAY)
    assert again is not None
    assert again.digest != later.digest


def test_a_party_that_is_not_there_is_a_key_error(tmp_path: Path) -> None:
    made = prepare(tmp_path, a_set(*(f"Company {n}" for n in range(12))), on=DAY)

    assert [made.line(f"own-{n}") for n in range(12)] == [
        a_set(*(f"Company {n}" for n in range(12))).lines[f"own-{n}"] for n in range(12)
    ]
    for uid in ("own-12", "", "zz", "own-"):
        with pytest.raises(KeyError):
            made.line(uid)


@pytest.mark.parametrize("broken", ["lines.npy", "names/manifest.json", "uid_row.npy"])
def test_a_damaged_index_is_not_ready_and_is_made_again(tmp_path: Path, broken: str) -> None:
    listed = a_set("Caspian Metals LLC")
    made = prepare(tmp_path, listed, on=DAY)
    ready._opened.clear()
    (made.folder / broken).write_bytes(b"nothing")

    assert open_ready(tmp_path, VERSIONS, on=DAY) is None
    again = prepare(tmp_path, listed, on=DAY)

    assert again.line("own-0") == listed.lines["own-0"]
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_a_broken_pointer_is_as_good_as_none(tmp_path: Path) -> None:
    prepare(tmp_path, a_set("Caspian Metals LLC"), on=DAY)
    (pointer,) = tmp_path.glob("*.json")
    for text in ("", "[]", "{}", '{"after": 1, "through": "", "index": "x", "digest": "y"}'):
        pointer.write_text(text)

        assert open_ready(tmp_path, VERSIONS, on=DAY) is None
        assert not is_ready(tmp_path, VERSIONS, on=DAY)


def test_old_indexes_are_taken_away_with_their_pointers(tmp_path: Path) -> None:
    for number in range(6):
        versions = {"own": f"v{number}"}
        made = prepare(tmp_path, a_set(f"Company {number}", versions=versions), on=DAY)

    assert len([path for path in tmp_path.iterdir() if path.is_dir()]) == ready.KEPT
    assert len(list(tmp_path.glob("*.json"))) == ready.KEPT
    assert made.folder.is_dir()


def test_versions_that_say_the_same_share_one_index(tmp_path: Path) -> None:
    first = prepare(tmp_path, a_set("Caspian Metals LLC", versions={"own": "v1"}), on=DAY)
    second = prepare(tmp_path, a_set("Caspian Metals LLC", versions={"own": "v2"}), on=DAY)

    assert first.folder == second.folder
    assert second.versions == {"own": "v2"}


def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(StoreUnusable, match="made ready"):
        prepare(tmp_path / "file" / "indexes", a_set("Caspian Metals LLC"), on=DAY)


def test_threads_that_share_an_index_find_what_one_alone_finds(tmp_path: Path) -> None:
    words = ("Caspian", "Metals", "Gulf", "Trading", "Ostrava", "Harbor", "Lane", "Imports")
    names = [f"{a} {b} {c}" for a in words for b in words for c in words if len({a, b, c}) == 3]
    made = prepare(tmp_path, a_set(*names), on=DAY)
    subjects = [Subject(str(n), (name,), Kind.ORGANIZATION) for n, name in enumerate(names)]
    alone = Screener(made.index).screen_many(subjects)
    found: dict[int, object] = {}

    def screen(number: int) -> None:
        found[number] = [Screener(made.index).screen_many(subjects) for _ in range(3)]

    threads = [threading.Thread(target=screen, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(alone) > len(subjects)
    assert found == dict.fromkeys(range(4), [alone] * 3)
