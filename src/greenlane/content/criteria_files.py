"""Reads the editions of a pack's criteria from its folder.

``load_editions`` is the door. A pack's other files (entity types, lifecycle, deadlines) are read
elsewhere. The format is described in ``docs/reference/criteria-format.md``.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from greenlane.content.criteria_build import (
    EditionBuilder,
    EditionFiles,
    Problems,
    SourceRegister,
)
from greenlane.content.criteria_schema import (
    ChangesFile,
    CriteriaFile,
    EditionEntry,
    Entry,
    ListFile,
    SourceEntry,
    TranslationEntry,
    check_document,
    check_translations,
)
from greenlane.content.criteria_yaml import (
    FilesRefused,
    Problem,
    YamlDocument,
    parse_yaml,
)
from greenlane.content.packs import pack_dir
from greenlane.core.criteria import Edition, EditionStatus

M = TypeVar("M", bound=Entry)

_LANGUAGE = re.compile(r"[a-z]{2}(-[A-Z]{2})?")
_SOURCES = "sources.yaml"


class CriteriaFilesRefused(FilesRefused):
    """Criteria files of the pack are damaged, and none was loaded. Mend the lines named."""

    code = "pack.criteria_refused"


def load_editions(folder: Path) -> tuple[Edition, ...]:
    """Return every edition of a pack's criteria, the oldest first, checked and complete.

    Reads ``editions/`` and ``lists/`` below ``folder``. Files that did not change since the last
    call in this process are not parsed again.

    Raises:
        CriteriaFilesRefused: Anything is wrong with any file. ``problems`` names each fault with
            file, line and remedy; nothing is loaded in part.
    """
    editions = _load(folder)
    problems = [
        problem
        for edition, files in editions
        for problem in _seal_problems(edition, files.entry, files.document)
    ]
    if problems:
        raise CriteriaFilesRefused(problems)
    return tuple(edition for edition, _ in editions)


def _seal_problems(edition: Edition, entry: EditionEntry, document: YamlDocument) -> list[Problem]:
    if edition.status is not EditionStatus.PUBLISHED or entry.sealed == edition.content_hash:
        return []
    line = document.line_of(("sealed",))
    if entry.sealed is None:
        what = f"Edition {edition.id} is published and not sealed."
        remedy = "Run `greenlane criteria seal`, or set its status to draft."
    else:
        what = (
            f"Edition {edition.id} is published, and something in it changed since it was sealed."
        )
        remedy = (
            "Undo the change and put it into a new edition. If it only mends a typing error or a "
            "translation, run `greenlane criteria seal`."
        )
    return [Problem(document.file, line, what, remedy)]


def _load(folder: Path) -> list[tuple[Edition, EditionFiles]]:
    files = _Folder(folder)
    problems = Problems(files.problems)
    lists = [
        (document, entry)
        for path in files.yaml_files(folder / "lists")
        for document, entry in files.read(path, ListFile)
    ]
    sources = files.sources()
    editions = files.editions()
    if sources is None or problems.found:
        raise CriteriaFilesRefused(problems.found)
    builder = EditionBuilder(folder.name, sources, lists, problems)
    built = builder.build(editions)
    if problems.found:
        raise CriteriaFilesRefused(problems.found)
    by_id = {each.entry.id: each for each in editions}
    return [(edition, by_id[edition.id]) for edition in built]


class _Folder:
    """The files of one pack; notes what is wrong instead of stopping at the first fault."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self.problems: list[Problem] = []

    def _refuse(self, path: Path, what: str, remedy: str) -> None:
        self.problems.append(Problem(self._name(path), 1, what, remedy))

    def _name(self, path: Path) -> str:
        return path.relative_to(self._root).as_posix()

    def _children(self, folder: Path) -> list[Path]:
        """Return what lies in a folder, by name; hidden files are nobody's business."""
        try:
            found = sorted(folder.iterdir())
        except FileNotFoundError:
            return []
        except OSError as error:
            self._refuse(folder, f"It cannot be read: {error.strerror}.", "Make it a folder.")
            return []
        return [each for each in found if not each.name.startswith(".")]

    def yaml_files(self, folder: Path) -> list[Path]:
        """Return the YAML files of a folder; anything else in it is refused."""
        found = []
        for each in self._children(folder):
            if each.suffix == ".yaml" and each.is_file():
                found.append(each)
            else:
                self._refuse(each, "Only files ending in .yaml stand here.", "Move or rename it.")
        return found

    def _content(self, path: Path) -> bytes | None:
        try:
            return path.read_bytes()
        except OSError as error:
            what = f"The file cannot be read: {error.strerror or type(error).__name__}."
            self._refuse(path, what, "Check that it is there and may be read.")
            return None

    def read(self, path: Path, model: type[M]) -> list[tuple[YamlDocument, M]]:
        """Return a file's document and entry, or nothing where it was refused."""
        content = self._content(path)
        if content is None:
            return []
        try:
            return [_read(content, self._name(path), model)]
        except FilesRefused as refused:
            self.problems.extend(refused.problems)
            return []

    def _read_translations(
        self, path: Path
    ) -> list[tuple[YamlDocument, dict[str, TranslationEntry]]]:
        content = self._content(path)
        if content is None:
            return []
        try:
            return [_read_translations(content, self._name(path))]
        except FilesRefused as refused:
            self.problems.extend(refused.problems)
            return []

    def sources(self) -> SourceRegister | None:
        """Return the register of sources."""
        path = self._root / "editions" / _SOURCES
        content = self._content(path)
        if content is None:
            return None
        try:
            document = parse_yaml(content, self._name(path))
            entries = {}
            if not isinstance(document.value, dict):
                self._refuse(path, "Sources are a mapping from key to source.", "Write it so.")
                return None
            for key, value in document.value.items():
                lines = {at[1:]: line for at, line in document.lines.items() if at[:1] == (key,)}
                part = YamlDocument(document.file, value, lines)
                entries[key] = check_document(part, SourceEntry)
        except FilesRefused as refused:
            self.problems.extend(refused.problems)
            return None
        return SourceRegister(document, entries)

    def editions(self) -> list[EditionFiles]:
        """Return the files of every edition, whatever could be read of them."""
        found: list[EditionFiles] = []
        folder = self._root / "editions"
        for each in self._children(folder):
            if each.name == _SOURCES:
                continue
            if not each.is_dir():
                self._refuse(each, "This is no folder of an edition.", "Move or rename it.")
                continue
            edition = self._edition(each)
            if edition is not None:
                found.append(edition)
        if not found and not self.problems:
            self._refuse(folder, "The pack has no edition of criteria.", "Add one to editions/.")
        return found

    def _edition(self, folder: Path) -> EditionFiles | None:
        heads = self.read(folder / "edition.yaml", EditionEntry)
        criteria: list[tuple[YamlDocument, CriteriaFile]] = []
        changes: tuple[YamlDocument, ChangesFile] | None = None
        translations: dict[str, list[tuple[YamlDocument, dict[str, TranslationEntry]]]] = {}
        for each in self._children(folder):
            if each.name == "edition.yaml":
                continue
            if each.name == "criteria" and each.is_dir():
                for path in self.yaml_files(each):
                    criteria.extend(self.read(path, CriteriaFile))
            elif each.name == "changes.yaml":
                changes = next(iter(self.read(each, ChangesFile)), None)
            elif _LANGUAGE.fullmatch(each.name) and each.is_dir():
                translations[each.name] = [
                    pair for path in self.yaml_files(each) for pair in self._read_translations(path)
                ]
            else:
                remedy = "An edition holds edition.yaml, criteria/, changes.yaml and languages."
                self._refuse(each, "Nothing by this name belongs to an edition.", remedy)
        if not heads:
            return None
        document, entry = heads[0]
        if entry.id != folder.name:
            line = document.line_of(("id",))
            what = f"The id {entry.id!r} is not the folder's name {folder.name!r}."
            self.problems.append(Problem(document.file, line, what, "Make them the same."))
            return None
        return EditionFiles(document, entry, criteria, changes, translations)


@lru_cache(maxsize=256)
def _read(content: bytes, file: str, model: type[M]) -> tuple[YamlDocument, M]:
    document = parse_yaml(content, file)
    return document, check_document(document, model)


@lru_cache(maxsize=256)
def _read_translations(
    content: bytes, file: str
) -> tuple[YamlDocument, dict[str, TranslationEntry]]:
    document = parse_yaml(content, file)
    return document, check_translations(document)


@lru_cache(maxsize=8)
def editions_of(pack: str) -> tuple[Edition, ...]:
    """Return the editions of an installed pack by its name; read once per process.

    Raises:
        NoSuchPack: No folder of packs holds one by that name.
        CriteriaFilesRefused: Its criteria files are damaged.
    """
    return load_editions(pack_dir(pack))


def write_seals(folder: Path) -> dict[str, tuple[str | None, str]]:
    """Write the seal of every published edition into its ``edition.yaml``.

    Returns:
        Edition id -> seal before and now, for those that changed.

    Raises:
        CriteriaFilesRefused: The files are wrong in another way than their seals.
    """
    changed: dict[str, tuple[str | None, str]] = {}
    for edition, files in _load(folder):
        before, now = files.entry.sealed, edition.content_hash
        if edition.status is not EditionStatus.PUBLISHED or before == now:
            continue
        path = folder / files.document.file
        kept = [
            line
            for line in path.read_text("utf-8").splitlines(keepends=True)
            if not line.startswith("sealed:")
        ]
        path.write_text("".join([*kept, f"sealed: '{now}'\n"]), "utf-8")
        changed[edition.id] = (before, now)
    return changed
