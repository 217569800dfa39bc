"""Reads YAML the strict way: plain values with a line number for each, and nothing clever.

Built from the parser's events instead of PyYAML's loaders, for four reasons: an alias can blow a
small file up to gigabytes; a doubled key silently loses the first; a deep nest kills the composer;
and ``no`` or an unquoted ``4.10`` become something else than what was written. Files are checked
against a schema elsewhere (``criteria_schema``).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, NoReturn

import yaml

from greenlane.core.errors import BadInput

#: Files of a pack are written by hand; anything above this is not one.
MAX_BYTES = 2_000_000
MAX_DEPTH = 24
#: Longest line an error message repeats.
_SHOWN = 60

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INT = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")
_FLOAT = re.compile(r"-?(?:0|[1-9][0-9]*)\.[0-9]+")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_WORDS: dict[str, bool | None] = {
    "": None,
    "~": None,
    "null": None,
    "true": True,
    "false": False,
}

Scalar = None | bool | int | float | str | dt.date
Node = Scalar | list["Node"] | dict[str, "Node"]
PathPart = str | int


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing wrong in a file.

    Attributes:
        file: Path below the pack's folder, with forward slashes.
        line: Line in that file, from 1.
        what: What is wrong, and with which entry.
        remedy: What to do about it.
    """

    file: str
    line: int
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what} {self.remedy}"


class FilesRefused(BadInput):
    """Files of the pack are damaged, and nothing was loaded. Mend the lines named."""

    code: ClassVar[str] = "pack.files_refused"
    #: Problems that the message names; all of them are in ``problems``.
    shown: ClassVar[int] = 20
    #: What did not happen, as the message begins.
    opening: ClassVar[str] = "The pack was not loaded"

    def __init__(self, problems: list[Problem] | tuple[Problem, ...]) -> None:
        self.problems = tuple(sorted(problems))
        count = len(self.problems)
        lines = [str(problem) for problem in self.problems[: self.shown]]
        if count > self.shown:
            lines.append(f"... and {count - self.shown} more.")
        noun = "problem" if count == 1 else "problems"
        super().__init__(f"{self.opening}: {count} {noun}.\n" + "\n".join(lines))


@dataclass(frozen=True, slots=True)
class YamlDocument:
    """The value of one file, with the line of every entry.

    Attributes:
        file: Path below the pack's folder.
        value: Mappings, lists and scalars.
        lines: Path of an entry -> its line; the root is ``()``.
    """

    file: str
    value: Node
    lines: dict[tuple[PathPart, ...], int]

    def line_of(self, path: tuple[PathPart, ...]) -> int:
        """Return the line of an entry, or of the nearest one around it."""
        for end in range(len(path), -1, -1):
            line = self.lines.get(path[:end])
            if line is not None:
                return line
        return 1


def parse_yaml(content: bytes, file: str) -> YamlDocument:
    """Return the value of a YAML file with the line of every entry.

    Plain scalars become null, true/false, whole and decimal numbers and ISO dates, as in the YAML
    1.2 core schema; ``yes``, ``off`` and ``12:30`` stay strings. Keys are always strings.

    Args:
        content: The file's bytes, UTF-8.
        file: Path used in messages.

    Raises:
        FilesRefused: Not UTF-8, not YAML, too large or too deep, more than one document, an alias,
            a tag, a doubled key, or a key that is not a plain name.
    """
    if len(content) > MAX_BYTES:
        _refuse(file, 1, f"The file has more than {MAX_BYTES:,} bytes.", "Split it.")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        _refuse(file, line, "The file is not UTF-8 text.", "Save it as UTF-8.")
    events = _Events(text, file)
    lines: dict[tuple[PathPart, ...], int] = {}
    value = events.document(lines)
    return YamlDocument(file, value, lines)


def _refuse(file: str, line: int, what: str, remedy: str) -> NoReturn:
    raise FilesRefused([Problem(file, line, what, remedy)])


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


class _Events:
    """Turns the parser's events into values; one document only."""

    def __init__(self, text: str, file: str) -> None:
        self._file = file
        self._stream = self._parse(text)

    def _parse(self, text: str) -> Iterator[yaml.Event]:
        try:
            yield from yaml.parse(text, Loader=_LOADER)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            what = getattr(error, "problem", None) or getattr(error, "reason", None) or "unreadable"
            line = mark.line + 1 if mark else 1
            remedy = "Check indentation, quotes and colons."
            _refuse(self._file, line, f"This is not YAML: {what}.", remedy)

    def _fail(self, event: yaml.Event, what: str, remedy: str) -> NoReturn:
        _refuse(self._file, _line(event), what, remedy)

    def document(self, lines: dict[tuple[PathPart, ...], int]) -> Node:
        value: Node = None
        seen = False
        for event in self._stream:
            if isinstance(event, yaml.DocumentStartEvent):
                if seen:
                    self._fail(event, "A second document begins.", "Keep one per file.")
                seen = True
                value = self._value(next(self._stream), (), lines)
        if not seen:
            _refuse(self._file, 1, "The file is empty.", "Write its entries, or delete it.")
        return value

    def _value(
        self,
        event: yaml.Event,
        path: tuple[PathPart, ...],
        lines: dict[tuple[PathPart, ...], int],
    ) -> Node:
        lines.setdefault(path, _line(event))
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            self._fail(event, "Anchors and aliases are not read.", "Write the value out.")
        tag = getattr(event, "tag", None)
        if tag not in {None, "!"}:
            self._fail(event, f"The tag {tag[:_SHOWN]} is not read.", "Leave the tag out.")
        if len(path) > MAX_DEPTH:
            self._fail(event, f"More than {MAX_DEPTH} levels deep.", "Check the indentation.")
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._list(path, lines)
        return self._mapping(path, lines)

    def _list(
        self, path: tuple[PathPart, ...], lines: dict[tuple[PathPart, ...], int]
    ) -> list[Node]:
        found: list[Node] = []
        for event in self._stream:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            found.append(self._value(event, (*path, len(found)), lines))
        return found

    def _mapping(
        self, path: tuple[PathPart, ...], lines: dict[tuple[PathPart, ...], int]
    ) -> dict[str, Node]:
        found: dict[str, Node] = {}
        for event in self._stream:
            if isinstance(event, yaml.MappingEndEvent):
                break
            key = self._key(event)
            if key in found:
                what = f"The key {key[:_SHOWN]!r} stands here a second time."
                self._fail(event, what, "Keep one of the two.")
            lines[*path, key] = _line(event)
            found[key] = self._value(next(self._stream), (*path, key), lines)
        return found

    def _key(self, event: yaml.Event) -> str:
        if not isinstance(event, yaml.ScalarEvent) or event.anchor or event.tag:
            self._fail(event, "A key is not a plain name.", "Write one word before `:`.")
        value = self._scalar(event)
        if not isinstance(value, str):
            what = f"The key {event.value[:_SHOWN]} reads as a number, a date or nothing."
            self._fail(event, what, "Put it in quotes.")
        return value

    def _scalar(self, event: yaml.ScalarEvent) -> Scalar:
        value: str = event.value
        if event.style in {"'", '"', "|", ">"}:
            return value
        if value in _WORDS:
            return _WORDS[value]
        if _INT.fullmatch(value):
            return int(value)
        if _FLOAT.fullmatch(value):
            return float(value)
        if _DATE.fullmatch(value):
            try:
                return dt.date.fromisoformat(value)
            except ValueError:
                self._fail(event, f"There is no day {value}.", "Correct the date.")
        return value
