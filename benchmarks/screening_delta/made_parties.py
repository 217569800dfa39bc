"""Made parties in any number, with the vocabulary of real ones where the shared data is at hand.

Persons recombine given and family names, firms recombine words of company names by how common they
are, so that the index meets words as often as it would in an installation. Nobody real is meant.
"""

from __future__ import annotations

import csv
import os
import random
from collections.abc import Iterator
from pathlib import Path

from greenlane.screening.records import Kind, Subject

_FORMS = ("LLC", "LTD", "S.A.", "GMBH", "INC", "CO., LTD.", "S.A. DE C.V.", "OOO", "")
_SYLLABLES = ("ba", "ro", "ki", "len", "dor", "vash", "mi", "tu", "zan", "per", "gol", "sha", "ne")


def shared_data() -> Path:
    """Return the folder of shared real data; it need not exist."""
    default = Path(__file__).resolve().parents[3] / "shared" / "data"
    return Path(os.environ.get("GREENLANE_SHARED_DATA", default))


def _words(chance: random.Random) -> tuple[list[str], list[str], list[str]]:
    """Return given names, family names and company words."""
    folder = shared_data() / "matching"
    if not folder.is_dir():
        made = ["".join(chance.choices(_SYLLABLES, k=3)).capitalize() for _ in range(6_000)]
        return made[:2_000], made[2_000:4_000], made[4_000:]
    given: list[str] = []
    family: list[str] = []
    for name in ("yente_negatives_us.csv", "yente_negatives_global.csv"):
        with (folder / name).open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream):
                given.append(row["first_name"])
                family.append(row["last_name"])
    words: list[str] = []
    with (folder / "screening_list.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            if row["entity_type"] == "entity":
                words += [word for word in row["name"].split() if len(word) > 2]
    return [g for g in given if g], [f for f in family if f], words


def made_parties(count: int, *, seed: int = 1) -> Iterator[Subject]:
    """Yield parties: half persons, half firms; equal seeds give equal parties."""
    chance = random.Random(seed)
    given, family, words = _words(chance)
    pick = chance.choice
    for number in range(count):
        if number % 2:
            kind = Kind.PERSON
            name = f"{pick(given)} {pick(family)}"
        else:
            kind = Kind.ORGANIZATION
            name = " ".join([*(pick(words) for _ in range(chance.randint(1, 3))), pick(_FORMS)])
        yield Subject(f"P{number:08d}", (name.strip(),), kind)
