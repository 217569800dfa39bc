"""What tests of any pack ask: its texts in both languages, its stories, the research dossier."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from greenlane.content.criteria_files import load_editions
from greenlane.content.criteria_texts import criterion_texts, edition_texts
from greenlane.content.packs import load_program, pack_dir
from greenlane.content.scenario_files import read_scenario
from greenlane.core.criteria import Edition
from greenlane.core.scenario import Outcome, Scenario, run
from greenlane.core.text import Text

ROOT = Path(__file__).parents[3]
_NAMES = re.compile(r"[^\W\d_]{2,}\W+[^\W\d_]{2,}")


def dossier(*parts: str) -> Any:
    """Return a research dossier, or skip where it is not on the machine."""
    shared = Path(os.environ.get("GREENLANE_SHARED_DATA", ROOT.parent / "shared" / "data"))
    path = shared.parent.joinpath("domain", *parts)
    if not path.is_file():
        pytest.skip(f"the research dossier is not here: {path.name} (set GREENLANE_SHARED_DATA)")
    return yaml.load(path.read_bytes(), yaml.CSafeLoader)


def scenario_paths(pack: str) -> list[Path]:
    """Return the scenario files of a pack."""
    return sorted((pack_dir(pack) / "scenarios").rglob("*.yaml"))


@lru_cache(maxsize=128)
def outcome_of(path: Path) -> Outcome:
    """Return what a scenario file comes to."""
    story = read_scenario(path)
    return run(load_program(story.pack), story)


def stories(pack: str) -> list[Scenario]:
    """Return the scenarios of a pack."""
    return [outcome_of(path).scenario for path in scenario_paths(pack)]


@lru_cache(maxsize=4)
def edition_of(pack: str) -> Edition:
    """Return the one edition of a pack's criteria."""
    (edition,) = load_editions(pack_dir(pack))
    return edition


def texts_of(pack: str) -> list[tuple[str, Text]]:
    """Return every text of a pack, rules and criteria, with the place where it stands."""
    edition = edition_of(pack)
    found = list(_texts(load_program(pack)))
    found += edition_texts(edition)
    for criterion in edition.criteria:
        found += [(f"{criterion.id}.{name}", text) for name, text in criterion_texts(criterion)]
    return found


def _texts(value: object, path: str = "") -> Iterator[tuple[str, Text]]:
    if isinstance(value, Text):
        yield path, value
    elif isinstance(value, Mapping):
        for key, part in value.items():
            yield from _texts(part, f"{path}.{key}")
    elif isinstance(value, tuple):
        for index, part in enumerate(value):
            yield from _texts(part, f"{path}[{index}]")
    elif is_dataclass(value):
        for field in fields(value):
            yield from _texts(getattr(value, field.name), f"{path}.{field.name}")


def untold(pack: str) -> list[str]:
    """Return the places whose text lacks Spanish, or only repeats several English words."""
    return [
        path
        for path, text in texts_of(pack)
        if text.in_("en")
        and (
            not text.by_language.get("es")
            or (text.in_("es") == text.in_("en") and _NAMES.search(text.in_("en")))
        )
    ]


def acts_done(pack: str) -> set[str]:
    """Return the acts that go through in some scenario."""
    return {act.act for story in stories(pack) for act in story.acts if not act.expects}


def limits_seen(pack: str) -> set[str]:
    """Return the deadlines of which some scenario expects a duty."""
    return {
        key.partition("#")[0]
        for story in stories(pack)
        for expectation in story.expectations
        for key, want in expectation.duties.items()
        if want.get("state") != "none"
    }


def guards_refusing(pack: str) -> set[str]:
    """Return the guards that refuse in some scenario."""
    refused = {one.code for path in scenario_paths(pack) for one in outcome_of(path).refusals}
    return {code.split(".")[1] for code in refused if code.startswith("guard.")}
