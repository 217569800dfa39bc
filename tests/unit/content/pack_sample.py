"""A copy of the CTPAT pack in a folder of the test's own, to be damaged."""

from __future__ import annotations

import shutil
from pathlib import Path

from greenlane.content.packs import pack_dir

RULE_FILES = (
    "pack.yaml",
    "roles.yaml",
    "statuses.yaml",
    "guards.yaml",
    "deadlines.yaml",
    "calendar.yaml",
    "entities.yaml",
    "questions.yaml",
    "grounds.yaml",
    "agreements.yaml",
    "checks.yaml",
    "benefits.yaml",
    "retention.yaml",
    "reasons.yaml",
    "letters.yaml",
)
TRANSITIONS = tuple(
    f"transitions/{path.name}"
    for path in sorted((pack_dir("ctpat") / "transitions").glob("*.yaml"))
)


def copied_to(folder: Path) -> Path:
    """Return a pack folder with the rule files of the CTPAT pack, without editions."""
    target = folder / "ctpat"
    (target / "transitions").mkdir(parents=True, exist_ok=True)
    for name in (*RULE_FILES, *TRANSITIONS):
        shutil.copyfile(pack_dir("ctpat") / name, target / name)
    return target


def damage(pack: Path, name: str, before: str, after: str) -> int:
    """Replace the first ``before`` in a file by ``after``; return the line where it stood."""
    path = pack / name
    text = path.read_text(encoding="utf-8")
    place = text.index(before)
    path.write_text(text.replace(before, after, 1), encoding="utf-8")
    return text.count("\n", 0, place) + 1
