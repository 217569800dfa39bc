"""The real series of OFAC lists: each step by delta equals a full run, byte for byte."""

from __future__ import annotations

import itertools
import random
from datetime import UTC, datetime
from pathlib import Path

import pytest

from greenlane.screening import rescreen as bulk
from greenlane.screening.formats.reader import read_list
from greenlane.screening.listed_set import ListedSet
from greenlane.screening.records import Kind, Subject
from greenlane.screening.rescreen import Parties, RunKind, rescreen
from tests.lists.delta.made import ON, Made
from tests.lists.delta.test_rescreen import contents
from tests.unit.screening.formats.reading import shared_lists

AT = datetime(2026, 7, 1, tzinfo=UTC)


def listed_of(folder: Path, pattern: str) -> ListedSet:
    """Read the tables of one moment."""
    reading = read_list(sorted(folder.glob(pattern)), source="ofac-sdn")
    return ListedSet.of_parties(reading, on=ON, versions={"ofac-sdn": folder.name})


def subjects_near(sets: list[ListedSet], seed: int) -> list[Subject]:
    """Return parties of which most resemble a name that came, went or changed in the series."""
    from greenlane.screening.codec import decode_party

    chance = random.Random(seed)  # noqa: S311 - a made world, no secret
    made = Made(seed)
    changed = sorted(
        uid
        for before, after in itertools.pairwise(sets)
        for uid in before.lines.keys() | after.lines.keys()
        if before.lines.get(uid) != after.lines.get(uid)
    )
    subjects = [made.subject() for _ in range(50)]
    for uid in chance.sample(changed, 150):
        line = chance.choice([found.lines[uid] for found in sets if uid in found.lines])
        party = decode_party(line)
        name = made.worn(chance.choice(party.names).text)
        kind = chance.choice([party.kind, Kind.UNKNOWN])
        subjects.append(Subject(f"R{uid}", (name,), kind, party.birth_dates[:1]))
    return list({subject.subject_id: subject for subject in subjects}.values())


@pytest.mark.slow
@pytest.mark.parametrize(
    ("names", "pattern"),
    [
        (("2023", "2025-12", "2026-06"), "alt.csv"),
        (("2019-04", "2021-04", "2022-01"), "*.csv"),
    ],
)
def test_each_step_of_the_series_by_delta_equals_a_full_run(
    tmp_path: Path, names: tuple[str, ...], pattern: str
) -> None:
    folder = shared_lists() / "ofac"
    sets = [listed_of(folder / name, pattern) for name in names]
    everyone = Parties(everyone=subjects_near(sets, seed=4))
    settings = bulk.settings_of()

    for number, listed in enumerate(sets):
        delta = rescreen(tmp_path / "delta", listed, everyone, settings, at=AT)
        rescreen(tmp_path / f"full-{number}", listed, everyone, settings, at=AT)

        assert delta.kind is (RunKind.DELTA if number else RunKind.FULL)
        assert delta.hits > 10
        assert contents(tmp_path / "delta") == contents(tmp_path / f"full-{number}")
