"""What differs between two programs: two packs, or two versions of one.

Rows are compared by their id, value by value, sources included. Files are read by ``content``.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

from greenlane.core.calendar import Period
from greenlane.core.canonical import Json
from greenlane.core.criteria import Edition
from greenlane.core.program import Program
from greenlane.core.text import Text

FAMILIES: Final = (
    "statuses",
    "roles",
    "guards",
    "transitions",
    "deadlines",
    "entity_types",
    "questions",
    "grounds",
    "reasons",
    "agreements",
    "checks",
    "benefits",
    "retention",
    "letters",
    "labels",
    "decisions",
    "easements",
)
"""Parts of a program that hold rows by id, in the order in which they are shown."""
# Whatever else a program says, so that nothing is left out; a digest says nothing.
_HEAD: Final = tuple(
    part.name
    for part in dataclasses.fields(Program)
    if part.name not in (*FAMILIES, "digest") and not part.name.startswith("_")
)


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One value of a row that differs; None where a row has no such value."""

    name: str
    before: Json
    after: Json


@dataclass(frozen=True, slots=True)
class PackChange:
    """One row that was ``added``, ``removed`` or ``changed`` (then ``fields`` says in what)."""

    family: str
    id: str
    kind: str
    title: str = ""
    fields: tuple[FieldChange, ...] = ()

    def as_json(self) -> Json:
        """Return the change as the command prints it."""
        found: dict[str, Json] = {"family": self.family, "id": self.id, "kind": self.kind}
        if self.title:
            found["title"] = self.title
        if self.fields:
            found["fields"] = {
                one.name: {"before": one.before, "after": one.after} for one in self.fields
            }
        return found


def diff_programs(before: Program, after: Program) -> tuple[PackChange, ...]:
    """Return every row in which two programs differ, by family and in the order of the packs."""
    found = []
    head = _fields(
        {name: _plain(getattr(before, name)) for name in _HEAD},
        {name: _plain(getattr(after, name)) for name in _HEAD},
    )
    if head:
        found.append(PackChange("pack", after.id, "changed", str(after.title), head))
    for family in FAMILIES:
        found += _rows(family, _named(before, family), _named(after, family))
    return tuple(found)


def diff_criteria(before: Iterable[Edition], after: Iterable[Edition]) -> tuple[PackChange, ...]:
    """Return which editions came and went, and what differs between the latest of both.

    ``core.criteria.diff_editions`` tells the same for one entity type, in the words of a member.
    """
    old = {edition.id: edition for edition in before}
    new = {edition.id: edition for edition in after}
    found = [
        PackChange("editions", key, kind, str(edition.title))
        for kind, editions, others in (("removed", old, new), ("added", new, old))
        for key, edition in editions.items()
        if key not in others
    ]
    latest = [
        max(editions.values(), key=lambda one: one.valid_from, default=None)
        for editions in (old, new)
    ]
    rows = [{one.id: one for one in edition.criteria} if edition else {} for edition in latest]
    return (*found, *_rows("criteria", rows[0], rows[1]))


def _named(program: Program, family: str) -> Mapping[str, object]:
    value = getattr(program, family)
    if isinstance(value, Mapping):
        return {str(getattr(key, "value", key)): row for key, row in value.items()}
    return {row.id: row for row in value}


def _rows(
    family: str, before: Mapping[str, object], after: Mapping[str, object]
) -> list[PackChange]:
    found = []
    for key in [*before, *(key for key in after if key not in before)]:
        if key not in after:
            found.append(PackChange(family, key, "removed", _title(before[key])))
        elif key not in before:
            found.append(PackChange(family, key, "added", _title(after[key])))
        elif fields := _fields(_row(before[key]), _row(after[key])):
            found.append(PackChange(family, key, "changed", _title(after[key]), fields))
    return found


def _title(row: object) -> str:
    title = getattr(row, "title", row)
    return str(title) if isinstance(title, Text) else ""


def _row(row: object) -> dict[str, Json]:
    plain = _plain(row)
    return plain if isinstance(plain, dict) else {"value": plain}


def _fields(before: Mapping[str, Json], after: Mapping[str, Json]) -> tuple[FieldChange, ...]:
    names = [*before, *(name for name in after if name not in before)]
    return tuple(
        FieldChange(name, before.get(name), after.get(name))
        for name in names
        if before.get(name) != after.get(name)
    )


def _plain(value: Any) -> Json:
    """Return a value as JSON: sets sorted, rules with the name of their form."""
    if isinstance(value, Enum):
        return str(value.value)
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, Text):
        return dict(value.by_language)
    if isinstance(value, Mapping):
        return {str(getattr(k, "value", k)): _plain(one) for k, one in value.items()}
    if isinstance(value, frozenset | set):
        return sorted((_plain(one) for one in value), key=str)
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if dataclasses.is_dataclass(value) and not isinstance(value, type | Period):
        found: dict[str, Json] = {
            part.name: _plain(getattr(value, part.name))
            for part in dataclasses.fields(value)
            if not part.name.startswith("_")
        }
        if type(value).__module__.endswith(".rules.tree"):
            found = {"form": type(value).__name__, **found}
        return found
    return str(value)
