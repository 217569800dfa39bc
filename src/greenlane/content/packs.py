"""Finds packs and reads their rules into a `Program`: the door of this package for rules.

The criteria of a pack are read by ``criteria_files``; both live in the pack's folder.
"""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from greenlane.content.criteria_schema import Entry, check_document
from greenlane.content.criteria_yaml import FilesRefused, Problem, YamlDocument, parse_yaml
from greenlane.content.pack_build import PackFiles, build_program
from greenlane.content.pack_schema import (
    AgreementEntry,
    BenefitEntry,
    CalendarFile,
    CheckEntry,
    DeadlineFile,
    EntityFile,
    GroundEntry,
    GuardEntry,
    PackEntry,
    QuestionEntry,
    RetentionEntry,
    RoleEntry,
    StartFile,
    StatusFile,
    TransitionFile,
)
from greenlane.core.canonical import sha256_hex
from greenlane.core.errors import NotFound
from greenlane.core.program import Program

PACKS_VARIABLE = "GREENLANE_PACKS_DIR"
PACK_VARIABLE = "GREENLANE_PACK"
_OWN = Path(__file__).resolve().parent.parent / "packs"
_M = TypeVar("_M", bound=Entry)


class NoSuchPack(NotFound):
    """There is no pack of this name."""

    code = "pack.not_found"


class PackRefused(FilesRefused):
    """The rules of a pack are damaged, and nothing was loaded. Mend the lines named."""

    code = "pack.rules_refused"


def pack_folders() -> tuple[Path, ...]:
    """Return the folders that hold packs: the office's own, then ours.

    The office's own are those of ``GREENLANE_PACKS_DIR``, and the one that the pack which
    ``GREENLANE_PACK`` names by its folder lies in.
    """
    named = os.environ.get(PACKS_VARIABLE, "")
    own = [Path(part) for part in named.split(os.pathsep) if part]
    pack = os.environ.get(PACK_VARIABLE, "")
    if name_of_pack(pack) != pack:
        own.insert(0, Path(pack).parent)
    return (*own, _OWN)


def name_of_pack(named: str) -> str:
    """Return a pack's name where it is named by its folder: the last part of the path."""
    return Path(named).name if "/" in named or os.sep in named else named


def pack_names() -> tuple[str, ...]:
    """Return the names of all packs that can be found, sorted."""
    found = {path.parent.name for folder in pack_folders() for path in folder.glob("*/pack.yaml")}
    return tuple(sorted(found))


def pack_dir(name: str) -> Path:
    """Return the folder of a pack; the office's own wins over ours.

    Raises:
        NoSuchPack: none of that name; the message lists those there are.
    """
    for folder in pack_folders():
        path = folder / name
        if "/" not in name and "\\" not in name and (path / "pack.yaml").is_file():
            return path
    raise NoSuchPack(f"There is no pack {name!r}. There are: {', '.join(pack_names()) or 'none'}.")


@lru_cache(maxsize=32)
def load_program(name: str) -> Program:
    """Return the rules of a pack by name, read once per process.

    Raises:
        NoSuchPack: none of that name.
        PackRefused: its files are damaged.
    """
    program = read_program(pack_dir(name))
    if program.id != name:
        what = f"The pack in the folder {name} calls itself {program.id}."
        raise PackRefused([Problem("pack.yaml", 1, what, "Give folder and id the same name.")])
    return program


def read_program(folder: Path) -> Program:
    """Return the rules in a pack's folder, checked and complete.

    Raises:
        PackRefused: ``problems`` names each fault with file, line and remedy; nothing is loaded
            in part.
    """
    reader = _Reader(folder)
    files = PackFiles(
        pack=reader.one("pack.yaml", PackEntry),
        roles=reader.rows("roles.yaml", RoleEntry),
        statuses=reader.one("statuses.yaml", StatusFile),
        guards=reader.named("guards.yaml", GuardEntry),
        transitions=[
            reader.one(f"transitions/{path.name}", TransitionFile)
            for path in sorted((folder / "transitions").glob("*.yaml"))
        ],
        deadlines=reader.one("deadlines.yaml", DeadlineFile),
        calendar=reader.one("calendar.yaml", CalendarFile),
        entities=reader.one("entities.yaml", EntityFile),
        questions=reader.named("questions.yaml", QuestionEntry),
        grounds=reader.named("grounds.yaml", GroundEntry),
        agreements=reader.rows("agreements.yaml", AgreementEntry),
        checks=reader.named("checks.yaml", CheckEntry),
        benefits=reader.named("benefits.yaml", BenefitEntry),
        retention=reader.named("retention.yaml", RetentionEntry),
        reasons=reader.texts("reasons.yaml"),
        letters=reader.nested_texts("letters.yaml"),
        start=reader.one("start.yaml", StartFile) if (folder / "start.yaml").exists() else None,
    )
    if reader.problems:
        raise PackRefused(reader.problems)
    program, problems = build_program(files, digest=reader.digest())
    if problems or program is None:
        raise PackRefused(problems)
    return program


class _Reader:
    """Reads the files of one folder; collects faults, so that one run names them all."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.problems: list[Problem] = []
        self._hashes: list[str] = []

    def digest(self) -> str:
        """Return one hash over all rule files read: the version that events name."""
        return sha256_hex("\n".join(self._hashes).encode())

    def document(self, name: str) -> YamlDocument | None:
        path = self._folder / name
        try:
            content = path.read_bytes()
        except OSError as error:
            what = f"The file cannot be read: {error.strerror}."
            self.problems.append(Problem(name, 1, what, "A pack has this file; write it."))
            return None
        self._hashes.append(f"{name} {sha256_hex(content)}")
        try:
            return parse_yaml(content, name)
        except FilesRefused as refused:
            self.problems.extend(refused.problems)
            return None

    def one(self, name: str, model: type[_M]) -> tuple[YamlDocument, _M] | None:
        document = self.document(name)
        return self._checked(document, model) if document else None

    def _checked(self, document: YamlDocument, model: type[_M]) -> tuple[YamlDocument, _M] | None:
        try:
            return document, check_document(document, model)
        except FilesRefused as refused:
            self.problems.extend(refused.problems)
            return None

    def rows(self, name: str, model: type[_M]) -> tuple[YamlDocument, list[_M]] | None:
        document = self.document(name)
        if document is None:
            return None
        if not isinstance(document.value, list):
            self.problems.append(
                Problem(name, 1, "The file is not a list.", "Begin entries with -.")
            )
            return None
        found = [self._part(document, (i,), value, model) for i, value in enumerate(document.value)]
        return document, [entry for entry in found if entry is not None]

    def named(self, name: str, model: type[_M]) -> tuple[YamlDocument, dict[str, _M]] | None:
        document = self.document(name)
        if document is None:
            return None
        if not isinstance(document.value, dict):
            what = "The file is not a mapping from id to entry."
            self.problems.append(
                Problem(name, 1, what, "Begin each entry with its id and a colon.")
            )
            return None
        found = {
            key: self._part(document, (key,), value, model) for key, value in document.value.items()
        }
        return document, {key: entry for key, entry in found.items() if entry is not None}

    def texts(self, name: str) -> tuple[YamlDocument, dict[str, dict[str, str]]] | None:
        document = self.document(name)
        if document is None:
            return None
        found: dict[str, dict[str, str]] = {}
        values = document.value if isinstance(document.value, dict) else {"": None}
        for key, value in values.items():
            text = _text(value)
            if text is None:
                line = document.line_of((key,))
                what = f"`{key}` is not a text with `en`."
                self.problems.append(Problem(name, line, what, "Write en: and es: below it."))
                continue
            found[key] = text
        return document, found

    def nested_texts(
        self, name: str
    ) -> tuple[YamlDocument, dict[str, dict[str, dict[str, str]]]] | None:
        document = self.document(name)
        if document is None:
            return None
        found: dict[str, dict[str, dict[str, str]]] = {}
        values: Any = document.value if isinstance(document.value, dict) else {"": {"": None}}
        for key, parts in values.items():
            found[key] = {}
            for part, value in (parts if isinstance(parts, dict) else {"": None}).items():
                text = _text(value)
                if text is None:
                    line = document.line_of((key, part))
                    what = f"`{key}.{part}` is not a text with `en`."
                    self.problems.append(Problem(name, line, what, "Write en: and es: below it."))
                    continue
                found[key][part] = text
        return document, found

    def _part(
        self, document: YamlDocument, path: tuple[str | int, ...], value: Any, model: type[_M]
    ) -> _M | None:
        lines = {
            rest[len(path) :]: line
            for rest, line in document.lines.items()
            if rest[: len(path)] == path
        }
        part = YamlDocument(document.file, value, lines)
        checked = self._checked(part, model)
        return checked[1] if checked else None


def _text(value: Any) -> dict[str, str] | None:
    """Return a text by language, or None when ``value`` is none with English in it."""
    if not isinstance(value, dict) or not isinstance(value.get("en"), str):
        return None
    return value if all(isinstance(text, str) and text for text in value.values()) else None
