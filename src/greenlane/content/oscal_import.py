"""Turns an OSCAL catalog into a draft edition of a pack.

A catalog that this project exported comes back with every criterion, part, level, cell, source and
parameter; its lists, its history and its other languages are no part of the catalog. A catalog from
elsewhere says nothing about entity types and evidence: every control becomes an assumed cell of the
entity types named, so it asks and never blocks, and its evidence is marked as still to be named.
"""

from __future__ import annotations

import datetime as dt
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import yaml

from greenlane.content.criteria_files import load_editions
from greenlane.content.criteria_yaml import FilesRefused
from greenlane.content.oscal import NAMESPACE
from greenlane.content.oscal_check import check_references, controls_by_group, parse_oscal
from greenlane.core.criteria import Edition, EvidenceKind
from greenlane.core.errors import BadInput, Conflict

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9.\-]{0,31}")
_INSERT = re.compile(r"\{\{\s*(?:insert:\s*)?param(?:,)?\s*([\w.-]+)\s*\}\}")
_STATES = frozenset({"confirmed", "assumed", "doubtful"})
_TO_BE_NAMED = "still to be named: the catalog that was imported says nothing about evidence"


class ImportRefused(BadInput):
    """The catalog cannot become an edition; nothing was written. Mend what is named."""

    code: ClassVar[str] = "oscal.import_refused"


class FolderTaken(Conflict):
    """There is a folder of that name already. Choose another place or another edition id."""

    code: ClassVar[str] = "oscal.folder_taken"


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What a catalog does not say about the edition it becomes.

    Attributes:
        edition_id: Id and folder name of the new edition.
        valid_from: First day in force.
        retrieved_on: Day on which the catalog was read.
        entity_types: Entity types whose cells a catalog from elsewhere gets.
    """

    edition_id: str
    valid_from: dt.date
    retrieved_on: dt.date
    entity_types: tuple[str, ...] = ("member",)


def import_catalog(content: bytes, file: str, plan: ImportPlan, target: Path) -> Edition:
    """Write a catalog as the first edition of a new pack folder and return it as loaded.

    Args:
        content: The catalog, JSON.
        file: Its name, for messages.
        plan: What the catalog does not say.
        target: Folder to make; ``editions`` is written below it.

    Raises:
        NotOscal: The content is no OSCAL document.
        ImportRefused: It is no catalog, has broken references, or its values fit no edition.
        FolderTaken: ``target`` has editions already.
    """
    document = parse_oscal(content, file)
    if "catalog" not in document:
        raise ImportRefused(f"{file} is no catalog. Export the catalog, not a profile or mapping.")
    findings = check_references({file: document})
    if findings:
        lines = "\n".join(str(each) for each in findings[:20])
        raise ImportRefused(f"{file} has {len(findings)} broken references.\n{lines}")
    if (target / "editions").exists():
        raise FolderTaken(f"{target.name} has editions already. Choose another folder.")
    files = _Reader(document["catalog"], file, plan).files()
    with tempfile.TemporaryDirectory() as made:
        draft = Path(made) / (target.name or "pack")
        for name, value in files.items():
            path = draft / name
            path.parent.mkdir(parents=True, exist_ok=True)
            text = yaml.dump(value, Dumper=_Plain, allow_unicode=True, sort_keys=False, width=100)
            path.write_text(text, "utf-8")
        try:
            (edition,) = load_editions(draft)
        except FilesRefused as refused:
            raise ImportRefused(
                f"{file} does not fit the format of criteria.\n{refused.message}"
            ) from None
        shutil.copytree(draft / "editions", target / "editions")
    return edition


class _Plain(yaml.SafeDumper):
    """Writes a value out each time it stands somewhere; our reader takes no aliases."""

    def ignore_aliases(self, data: object) -> bool:
        """Return that nothing is to be referred to."""
        return True


class _Reader:
    """Reads one catalog."""

    def __init__(self, catalog: Mapping[str, Any], file: str, plan: ImportPlan) -> None:
        self._catalog = catalog
        self._file = file
        self._plan = plan
        self._areas: dict[str, str] = {}
        self._categories: dict[str, dict[str, Any]] = {}
        self._numbers: dict[str, int] = {}
        self._entities: dict[str, None] = {}
        self._by_uuid: dict[str, str] = {}
        self._sources = dict(self._read_sources())

    def files(self) -> dict[str, Any]:
        """Return path -> content of the files of the new pack."""
        metadata = _object(self._catalog.get("metadata"))
        title = _line(metadata.get("title")) or self._file
        criteria: dict[int, list[dict[str, Any]]] = {}
        for groups, control in controls_by_group(self._catalog):
            category = self._category(groups)
            criteria.setdefault(category, []).append(self._criterion(control, category))
        if not criteria:
            raise ImportRefused(f"{self._file} has no controls. There is nothing to import.")
        used = {key for rows in criteria.values() for row in rows for key in row["sources"]}
        used.add("imported-catalog")
        edition = {
            "id": self._plan.edition_id,
            "title": {"en": title},
            "status": "draft",
            "valid_from": self._plan.valid_from,
            "compliance": {
                "new_applicants": self._plan.valid_from,
                "existing_members": self._plan.valid_from,
            },
            "publisher": {"en": _own(metadata, "publisher") or "not named in the catalog"},
            "license": _own(metadata, "license") or "not named in the catalog",
            "retrieved_on": self._plan.retrieved_on,
            "sources": ["imported-catalog"],
            "languages": ["en"],
            "entity_types": list(self._entities),
            "focus_areas": [
                {"key": key, "name": {"en": name}} for key, name in self._areas.items()
            ],
            "categories": list(self._categories.values()),
            "cell_basis": {
                "confirmed": {"en": "Confirmed in the catalog that was imported."},
                "assumed": {"en": "Not said by the catalog that was imported. It asks only."},
                "doubtful": {"en": "Doubtful in the catalog that was imported. It asks only."},
            },
            "id_labels": {
                "provisional": {"en": "Working no."},
                "program_requirement": {"en": "Program requirement"},
            },
        }
        files: dict[str, Any] = {
            "editions/sources.yaml": {
                key: entry for key, entry in self._sources.items() if key in used
            },
            f"editions/{self._plan.edition_id}/edition.yaml": edition,
        }
        for number, rows in criteria.items():
            name = f"editions/{self._plan.edition_id}/criteria/{number:02}.yaml"
            files[name] = {"criteria": rows}
        return files

    def _read_sources(self) -> Iterator[tuple[str, dict[str, Any]]]:
        title = _line(_object(self._catalog.get("metadata")).get("title")) or self._file
        yield "imported-catalog", {"title": {"en": title}}
        resources = _list(_object(self._catalog.get("back-matter")).get("resources"))
        for number, each in enumerate(resources, start=1):
            resource = _object(each)
            key = _own(resource, "source-key") or f"resource-{number}"
            entry: dict[str, Any] = {"title": {"en": _line(resource.get("title")) or key}}
            for link in _list(resource.get("rlinks")):
                href = _object(link).get("href")
                if isinstance(href, str) and href.startswith(("https://", "http://")):
                    entry["url"] = href
                    break
            self._by_uuid[str(resource.get("uuid"))] = key
            yield key, entry

    def _category(self, groups: tuple[Mapping[str, Any], ...]) -> int:
        """Return the number of the category for the innermost of these groups."""
        inner = groups[-1] if groups else {}
        outer = groups[0] if groups else {}
        name = _line(inner.get("title")) or "All"
        key = str(inner.get("id") or name)
        if key not in self._categories:
            area = _key(str(outer.get("id") or "all").removeprefix("area-"))
            self._areas.setdefault(area, _line(outer.get("title")) or "All")
            label = _prop(inner, "label")
            taken = set(self._numbers.values())
            number = int(label) if label and re.fullmatch(r"[1-9][0-9]{0,2}", label) else 0
            if not number or number in taken:
                number = max(taken, default=0) + 1
            entry: dict[str, Any] = {"number": number, "name": {"en": name}, "focus_area": area}
            if label and label != str(number):
                entry["label"] = label
            self._categories[key] = entry
            self._numbers[key] = number
        return self._numbers[key]

    def _criterion(self, control: Mapping[str, Any], category: int) -> dict[str, Any]:
        name = str(control["id"])
        own = _own(control, "criterion-id")
        criterion_id = own or name
        if not _ID.fullmatch(criterion_id):
            raise ImportRefused(
                f"{self._file}: the control {name!r} gives the id {criterion_id!r}, which holds "
                "other signs than letters, digits, dots and hyphens, or more than 32. Rename it."
            )
        params = {
            str(_object(each).get("id")): _object(each) for each in _list(control.get("params"))
        }
        parts: dict[str, Mapping[str, Any]] = {}
        for each in _list(control.get("parts")):
            parts.setdefault(str(_object(each).get("name")), _object(each))
        statement = parts.get("statement", {})
        items = [_object(each) for each in _list(statement.get("parts"))]
        prose = self._prose(statement, params)
        title = _line(control.get("title")) or criterion_id
        entry: dict[str, Any] = {
            "id": criterion_id,
            "id_status": _own(control, "id-status") or "official",
            "category": category,
            "level": _level(params, f"{name}_modal") or "must",
            "title": title,
            "requirement": prose or title,
            "evidence": self._evidence(parts.get("evidence"), params),
            "confidence": _own(control, "confidence") or "medium",
            "sources": self._source_keys(control),
            "cells": self._cells(control),
        }
        if items:
            entry["sub_requirements"] = self._subs(name, items, params)
        candidates = _own(control, "candidate-ids")
        if candidates or entry["id_status"] == "provisional":
            entry["candidate_ids"] = {"en": candidates or "unknown"}
        if "guidance" in parts and self._prose(parts["guidance"], params):
            entry["guidance"] = self._prose(parts["guidance"], params)
            entry["guidance_confidence"] = _own(control, "guidance-confidence") or "medium"
        program = _own(control, "program")
        if program:
            entry["program"] = program
        tags = list(dict.fromkeys(_all_own(control, "tag")))
        if tags:
            entry["tags"] = tags
        values = dict(self._values(name, params)) if own else {}
        if values:
            entry["params"] = values
        return entry

    def _prose(self, part: Mapping[str, Any], params: Mapping[str, Mapping[str, Any]]) -> str:
        """Return the words of a part and what is nested in it, parameters written out."""
        prose = _line(part.get("prose"))
        return _INSERT.sub(lambda found: _shown(params.get(found[1], {}), found[1]), prose)

    def _subs(
        self,
        control: str,
        items: list[Mapping[str, Any]],
        params: Mapping[str, Mapping[str, Any]],
    ) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = []
        for item in items:
            label = _prop(item, "label") or ""
            taken = {row["key"] for row in rows}
            key = label if re.fullmatch(r"[a-z0-9][a-z0-9_-]*", label) else ""
            if not key or key in taken:
                key = f"p{len(rows) + 1}"
            words = [self._prose(item, params)]
            words += [self._prose(_object(each), params) for each in _list(item.get("parts"))]
            text = " ".join(filter(None, words))
            if not text:
                continue
            row: dict[str, Any] = {
                "key": key,
                "text": text,
                "level": _level(params, f"{control}_modal.{label}")
                or _level(params, f"{control}_modal")
                or "must",
            }
            if _own(item, "level-is") == "reported":
                row["reported"] = True
            rows.append(row)
        return rows

    def _evidence(
        self, part: Mapping[str, Any] | None, params: Mapping[str, Mapping[str, Any]]
    ) -> list[dict[str, str]]:
        kinds = {kind.value for kind in EvidenceKind}
        rows = []
        for each in _list((part or {}).get("parts")):
            item = _object(each)
            kind, text = str(item.get("class")), self._prose(item, params)
            if text:
                rows.append({"kind": kind if kind in kinds else "other", "text": text})
        return rows or [{"kind": "other", "text": _TO_BE_NAMED}]

    def _source_keys(self, control: Mapping[str, Any]) -> list[str]:
        found = []
        for link in _list(control.get("links")):
            key = self._by_uuid.get(str(_object(link).get("href")).removeprefix("#"))
            if key is not None and _object(link).get("rel") == "reference":
                found.append(key)
        return list(dict.fromkeys(found)) or ["imported-catalog"]

    def _cells(self, control: Mapping[str, Any]) -> dict[str, dict[str, str]]:
        levels = {
            str(each.get("class")): str(each.get("value")) for each in _own_props(control, "level")
        }
        cells: dict[str, dict[str, str]] = {}
        for each in _own_props(control, "applies-to"):
            entity, state = str(each.get("value")), str(each.get("class"))
            cell = {"state": state if state in _STATES else "assumed"}
            if entity in levels:
                cell["level"] = levels[entity]
            if _line(each.get("remarks")):
                cell["condition"] = _line(each.get("remarks"))
            cells[entity] = cell
        if not cells:
            cells = {entity: {"state": "assumed"} for entity in self._plan.entity_types}
        self._entities.update(dict.fromkeys(cells))
        return cells

    @staticmethod
    def _values(
        control: str, params: Mapping[str, Mapping[str, Any]]
    ) -> Iterator[tuple[str, bool | int | str | list[str]]]:
        for name, param in params.items():
            values = [str(each) for each in _list(param.get("values"))]
            kind = param.get("class")
            if kind == "modal" or not values:
                continue
            key = name.removeprefix(f"{control}_")
            if kind == "list":
                yield key, values
            elif kind == "int" and re.fullmatch(r"-?[0-9]{1,15}", values[0]):
                yield key, int(values[0])
            elif kind == "bool":
                yield key, values[0] == "True"
            else:
                yield key, values[0]


def _level(params: Mapping[str, Mapping[str, Any]], name: str) -> str | None:
    values = _list(params.get(name, {}).get("values"))
    return str(values[0]) if values and values[0] in ("must", "should") else None


def _shown(param: Mapping[str, Any], name: str) -> str:
    values = [str(each) for each in _list(param.get("values"))]
    return ", ".join(values) or f"[{_line(param.get('label')) or name}]"


def _own_props(node: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    return [
        prop
        for prop in map(_object, _list(node.get("props")))
        if prop.get("ns") == NAMESPACE and prop.get("name") == name
    ]


def _all_own(node: Mapping[str, Any], name: str) -> list[str]:
    return [_line(prop.get("value")) for prop in _own_props(node, name)]


def _own(node: Mapping[str, Any], name: str) -> str | None:
    return next(iter(_all_own(node, name)), None)


def _prop(node: Mapping[str, Any], name: str) -> str | None:
    for prop in map(_object, _list(node.get("props"))):
        if prop.get("name") == name and "ns" not in prop:
            return _line(prop.get("value"))
    return None


def _key(text: str) -> str:
    return re.sub(r"[^a-z0-9_-]+", "-", text.lower()).strip("-_") or "all"


def _line(value: object) -> str:
    """Return a text without runs of white space, or nothing where there is none."""
    return " ".join(value.split()) if isinstance(value, str) else ""


def _object(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
