"""Re-screening by change equals re-screening in full, byte for byte, whatever happens between."""

from __future__ import annotations

import json
import random
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from greenlane.core.errors import BadInput, Conflict
from greenlane.screening import rescreen as bulk
from greenlane.screening.listed_set import ListedSet
from greenlane.screening.matches import Settings
from greenlane.screening.records import Identifier, Kind, ListedName, ListedParty, Subject
from greenlane.screening.rescreen import Outcome, Parties, RunKind, rescreen
from greenlane.screening.rescreen_state import RescreeningBusy, RescreenState
from tests.lists.delta.made import ON, Made

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


def levels() -> Settings:
    """Return the shipped settings."""
    return bulk.settings_of()


def bring_up(folder: Path, made: Made, *, is_full: bool = False) -> Outcome:
    """Re-screen everybody of a made world."""
    everyone = Parties(everyone=list(made.subjects.values()))
    return rescreen(folder, made.listed(), everyone, levels(), at=AT, is_full=is_full)


def contents(folder: Path) -> tuple[bytes, list[tuple[object, ...]]]:
    """Return the hits as bytes and every match with its pairs."""
    with RescreenState(folder, is_reader=True) as state:
        query = (
            "SELECT s.id, m.uid, m.pairs, m.hit FROM matches m JOIN subjects s ON s.no = m.no "
            "ORDER BY s.id, m.uid"
        )
        return bulk.hits_as_csv(folder), list(state.db.execute(query))


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(seed=st.integers(0, 10**9), steps=st.lists(st.sampled_from("LSB"), min_size=1, max_size=6))
def test_after_any_changes_the_delta_equals_the_full_run_byte_for_byte(
    tmp_path_factory: pytest.TempPathFactory, seed: int, steps: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("delta")
    made = Made(seed)
    made.fill(subjects=30, parties=20)
    bring_up(folder / "delta", made)
    for number, step in enumerate(steps):
        if step in "LB":
            made.change_list()
        if step in "SB":
            made.change_subjects()

        bring_up(folder / "delta", made)
        bring_up(folder / f"full-{number}", made)

        assert contents(folder / "delta") == contents(folder / f"full-{number}")


def test_the_made_world_is_not_empty_of_hits(tmp_path: Path) -> None:
    made = Made(7)
    made.fill(subjects=60, parties=40)

    outcome = bring_up(tmp_path, made)

    assert outcome.hits > 20
    assert outcome.opened == outcome.hits


def test_a_changed_list_runs_only_its_changed_names(tmp_path: Path) -> None:
    made = Made(11)
    made.fill(subjects=60, parties=40)
    bring_up(tmp_path, made)
    party = made.party()
    made.parties[party.uid] = party.__class__(
        uid=party.uid, source="made", kind=party.kind, names=party.names[:1]
    )

    outcome = bring_up(tmp_path, made)

    assert (outcome.kind, outcome.parties_screened, outcome.names_searched) == (RunKind.DELTA, 0, 1)


def test_a_changed_party_runs_only_itself(tmp_path: Path) -> None:
    made = Made(12)
    made.fill(subjects=60, parties=40)
    bring_up(tmp_path, made)
    subject = made.subject()
    made.subjects[subject.subject_id] = subject

    outcome = bring_up(tmp_path, made)

    assert (outcome.kind, outcome.parties_screened, outcome.names_searched) == (RunKind.DELTA, 1, 0)


def test_a_party_may_be_told_alone_without_everybody_else(tmp_path: Path) -> None:
    made = Made(13)
    made.fill(subjects=60, parties=40)
    bring_up(tmp_path / "told", made)
    gone = sorted(made.subjects)[0]
    del made.subjects[gone]
    new = made.subject()
    made.subjects[new.subject_id] = new

    told = Parties(put=[new], removed=[gone, "never there"])
    outcome = rescreen(tmp_path / "told", made.listed(), told, levels(), at=AT)
    bring_up(tmp_path / "full", made)

    assert outcome.parties_screened == 1
    assert contents(tmp_path / "told") == contents(tmp_path / "full")


def test_a_run_with_nothing_to_do_does_nothing(tmp_path: Path) -> None:
    made = Made(14)
    made.fill(subjects=30, parties=20)
    bring_up(tmp_path, made)
    before = contents(tmp_path)

    outcome = bring_up(tmp_path, made)

    assert (outcome.kind, outcome.parties_screened) == (RunKind.NOTHING, 0)
    assert contents(tmp_path) == before


def one_party(*names: str, **facts: object) -> ListedSet:
    """Return a set of one organization with these names."""
    listed = tuple(ListedName(str(number), text) for number, text in enumerate(names))
    party = ListedParty("made-1", "made", Kind.ORGANIZATION, listed, **facts)  # type: ignore[arg-type]  # any fact
    return ListedSet.of_parties([party], on=ON, versions={"made": "v"})


def test_a_removal_closes_the_hit_and_a_return_opens_it_again(tmp_path: Path) -> None:
    everyone = Parties(everyone=[Subject("S1", ("Caspian Metals LLC",), Kind.ORGANIZATION)])
    there, gone = one_party("Caspian Metals LLC"), ListedSet({}, {"made": "w"})

    runs = [
        rescreen(tmp_path, listed, everyone, levels(), at=AT) for listed in (there, gone, there)
    ]

    assert [(run.opened, run.closed, run.hits) for run in runs] == [(1, 0, 1), (0, 1, 0), (1, 0, 1)]
    (closed,) = bulk.changes(tmp_path, runs[1].run)
    assert (closed.subject_id, closed.listed_uid, closed.after) == ("S1", "made-1", "")


def test_a_denial_that_expired_closes_its_hit(tmp_path: Path) -> None:
    everyone = Parties(everyone=[Subject("S1", ("Caspian Metals LLC",))])
    there = one_party("Caspian Metals LLC", expires_on="2026-03-01")
    expired = one_party("Caspian Metals LLC", expires_on="2026-02-28")

    runs = [rescreen(tmp_path, listed, everyone, levels(), at=AT) for listed in (there, expired)]

    assert [run.hits for run in runs] == [1, 0]


def test_a_hit_by_number_alone_is_found_from_both_sides(tmp_path: Path) -> None:
    number = (Identifier("TAX", "77-21-4480"),)
    subject = Subject("S1", ("Wholly Different",), Kind.ORGANIZATION, identifiers=number)
    plain = one_party("Caspian Metals LLC")
    numbered = one_party("Caspian Metals LLC", identifiers=number)

    for folder, first in (("forward", numbered), ("reverse", plain)):
        everyone = Parties(everyone=[subject])
        rescreen(tmp_path / folder, first, everyone, levels(), at=AT)
        outcome = rescreen(tmp_path / folder, numbered, everyone, levels(), at=AT)

        assert outcome.hits == 1
    assert contents(tmp_path / "forward") == contents(tmp_path / "reverse")


def test_changed_levels_force_one_full_run_that_is_recorded(tmp_path: Path) -> None:
    made = Made(15)
    made.fill(subjects=30, parties=20)
    bring_up(tmp_path, made)
    stricter = bulk.settings_of(review=0.95, alert=0.99)
    everyone = Parties(everyone=list(made.subjects.values()))

    first = rescreen(tmp_path, made.listed(), everyone, stricter, at=AT)
    second = rescreen(tmp_path, made.listed(), everyone, stricter, at=AT)

    assert (first.kind, second.kind) == (RunKind.FULL, RunKind.NOTHING)
    assert first.reason.startswith("scorer or settings changed")
    assert first.parties_screened == 30


def test_another_scorer_forces_one_full_run_over_indexes_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = Made(16)
    made.fill(subjects=30, parties=20)
    bring_up(tmp_path, made)
    with sqlite3.connect(tmp_path / "state.sqlite") as db:
        db.execute("UPDATE runs SET fingerprint = 'an older scorer ' || fingerprint")
    for manifest in tmp_path.glob("*/manifest.json"):
        facts = json.loads(manifest.read_text())
        manifest.write_text(json.dumps({**facts, "scorer_version": "an older scorer"}))
    made.change_list()

    outcome = bring_up(tmp_path, made)
    made.change_list()
    bring_up(tmp_path, made)
    bring_up(tmp_path / "full", made)

    assert outcome.kind is RunKind.FULL
    assert contents(tmp_path) == contents(tmp_path / "full")


class Killed(BaseException):
    """Stands for the end of the process in the middle of a run."""


@pytest.mark.parametrize("batches", [0, 1, 3])
def test_a_killed_run_goes_on_and_ends_in_the_same_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, batches: int
) -> None:
    monkeypatch.setattr(bulk, "BATCH_SUBJECTS", 8)
    made = Made(17)
    made.fill(subjects=60, parties=40)
    everyone = Parties(everyone=list(made.subjects.values()))
    done = 0

    def kill(count: int, _: int) -> None:
        nonlocal done
        done = count
        if count >= 8 * max(1, batches):
            raise Killed

    with pytest.raises(Killed):
        rescreen(tmp_path / "killed", made.listed(), everyone, levels(), at=AT, progress=kill)
    with pytest.raises(Conflict, match="still to be screened"):
        bulk.hits_as_csv(tmp_path / "killed")
    outcome = bring_up(tmp_path / "killed", made)
    bring_up(tmp_path / "full", made)

    assert outcome.parties_screened == 60 - done
    assert outcome.reason == "goes on after an interruption: first run"
    assert contents(tmp_path / "killed") == contents(tmp_path / "full")


def test_a_run_killed_between_changes_of_the_lists_ends_in_the_same_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "BATCH_SUBJECTS", 8)
    made = Made(18)
    made.fill(subjects=60, parties=40)
    chance = random.Random(18)  # noqa: S311 - a made world, no secret

    def kill(_: int, __: int) -> None:
        if chance.random() < 0.4:
            raise Killed

    for _ in range(12):
        made.change_list()
        made.change_subjects()
        everyone = Parties(everyone=list(made.subjects.values()))
        is_full = chance.random() < 0.2
        try:
            rescreen(
                tmp_path / "killed",
                made.listed(),
                everyone,
                levels(),
                at=AT,
                progress=kill,
                is_full=is_full,
            )
        except Killed:
            continue
    bring_up(tmp_path / "killed", made)
    bring_up(tmp_path / "full", made)

    assert contents(tmp_path / "killed") == contents(tmp_path / "full")


def test_a_full_run_that_is_asked_for_is_done_once(tmp_path: Path) -> None:
    made = Made(19)
    made.fill(subjects=30, parties=20)
    bring_up(tmp_path, made)
    before = contents(tmp_path)

    outcome = bring_up(tmp_path, made, is_full=True)

    assert (outcome.kind, outcome.reason, outcome.parties_screened) == (
        RunKind.FULL,
        "asked for",
        30,
    )
    assert (outcome.opened, outcome.changed, outcome.closed) == (0, 0, 0)
    assert contents(tmp_path) == before


def test_an_unchanged_file_of_parties_is_not_read_again(tmp_path: Path) -> None:
    made = Made(20)
    made.fill(subjects=30, parties=20)
    subjects = list(made.subjects.values())
    rescreen(tmp_path, made.listed(), Parties(everyone=subjects, fingerprint="a"), levels(), at=AT)

    made.change_list()
    unread = iter(subjects)
    parties = Parties(everyone=unread, fingerprint="a")
    outcome = rescreen(tmp_path, made.listed(), parties, levels(), at=AT)

    assert outcome.kind is RunKind.DELTA
    assert len(list(unread)) == len(subjects)


def test_two_parties_of_one_id_are_refused_and_nothing_changes(tmp_path: Path) -> None:
    made = Made(21)
    made.fill(subjects=5, parties=5)
    bring_up(tmp_path, made)
    before = contents(tmp_path)
    twice = [Subject("S", ("A",)), Subject("S", ("B",))]

    with pytest.raises(Conflict, match="same subject_id"):
        rescreen(tmp_path, made.listed(), Parties(everyone=twice), levels(), at=AT)

    assert contents(tmp_path) == before


def test_two_runs_at_once_are_refused_and_readers_are_not(tmp_path: Path) -> None:
    made = Made(22)
    made.fill(subjects=5, parties=5)
    bring_up(tmp_path, made)

    with RescreenState(tmp_path), pytest.raises(RescreeningBusy):
        bring_up(tmp_path, made)
    with RescreenState(tmp_path):
        assert bulk.hits_as_csv(tmp_path)


def test_many_small_changes_do_not_pile_up_segments(tmp_path: Path) -> None:
    made = Made(23)
    made.fill(subjects=200, parties=10)
    bring_up(tmp_path / "delta", made)

    for _ in range(25):
        made.change_subjects()
        bring_up(tmp_path / "delta", made)
    made.change_list()
    bring_up(tmp_path / "delta", made)
    bring_up(tmp_path / "full", made)

    assert len(list((tmp_path / "delta").glob("parties-*"))) <= 10
    assert contents(tmp_path / "delta") == contents(tmp_path / "full")


@pytest.mark.parametrize(
    "shares", [{"review": 0.9, "alert": 0.8}, {"review": -1}, {"alert": 1.5}, {"floor": 0.1}]
)
def test_levels_that_make_no_sense_are_refused(shares: dict[str, float]) -> None:
    with pytest.raises(BadInput, match="Levels must be shares"):
        bulk.settings_of(**shares)  # type: ignore[arg-type]  # shares only


def test_a_time_without_zone_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="time zone"):
        rescreen(tmp_path, ListedSet({}, {}), Parties(), levels(), at=AT.replace(tzinfo=None))
