"""Checks OSCAL documents where tools do not look: references, relationships, levels, UUIDs.

Two libraries let a mapping with an invented relationship pass, and a target that does not exist.
The shape of a document is for a schema validator; only what refers to something is checked here.
"""

from __future__ import annotations

import json
import math
import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, NoReturn

from greenlane.core.errors import BadInput

MAX_BYTES = 20_000_000
_SHOWN = 80
ROOTS = frozenset({"catalog", "profile", "mapping-collection"})
RELATIONSHIPS = frozenset(
    {"equivalent-to", "equal-to", "subset-of", "superset-of", "intersects-with", "no-relationship"}
)
_UUID = re.compile(
    r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[45][0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}"
)
_TOKEN = re.compile(r"[^\W\d][\w.-]*")


class NotOscal(BadInput):
    """The file is not an OSCAL document in JSON. Export it again and give that file."""

    code: ClassVar[str] = "oscal.unreadable"


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One broken reference: in which file, at which place of it, what, and what to do."""

    file: str
    place: str
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.file} {self.place}: {self.what} {self.remedy}"


def parse_oscal(content: bytes, file: str) -> dict[str, Any]:
    """Return an OSCAL document.

    Raises:
        NotOscal: Too large, not JSON, a key twice, NaN, nested too deep, or not one known root.
    """
    if len(content) > MAX_BYTES:
        raise NotOscal(f"{file} has more than {MAX_BYTES:,} bytes. Split it, or export less.")
    try:
        document = json.loads(
            content.decode("utf-8-sig"),
            object_pairs_hook=_no_doubles,
            parse_constant=_no_constant,
        )
    except (ValueError, RecursionError) as error:
        what = (
            "is nested too deep" if isinstance(error, RecursionError) else f"is not JSON: {error}"
        )
        raise NotOscal(f"{file} {what}. Export it again as JSON.") from None
    if not isinstance(document, dict) or len(document.keys() & ROOTS) != 1:
        roots = ", ".join(sorted(ROOTS))
        raise NotOscal(f"{file} has not one of these roots: {roots}. Give a file of that kind.")
    root = next(iter(document.keys() & ROOTS))
    if not isinstance(document[root], dict):
        raise NotOscal(f"{file}: `{root}` is not an object. Export it again.")
    return document


def _no_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice in one object")
    return found


def _no_constant(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number")


def check_references(documents: Mapping[str, Mapping[str, Any]]) -> list[Finding]:
    """Return what is broken in a set of documents that refer to each other.

    Args:
        documents: Path below a common folder, with forward slashes -> document of ``parse_oscal``.
            A link begins at the document's own folder, or at the common one with ``trestle://``.
    """
    checker = _Checker(documents)
    for file, document in documents.items():
        checker.check(file, document)
    return sorted(checker.findings)


class _Checker:
    def __init__(self, documents: Mapping[str, Mapping[str, Any]]) -> None:
        self.findings: list[Finding] = []
        self._documents = documents
        self._file = ""

    def check(self, file: str, document: Mapping[str, Any]) -> None:
        self._file = file
        self._check_uuids(document)
        if "catalog" in document:
            self._check_catalog(_object(document["catalog"]))
        elif "profile" in document:
            self._check_profile(_object(document["profile"]))
        else:
            self._check_mapping_collection(_object(document.get("mapping-collection")))

    def _note(self, place: str, what: str, remedy: str) -> None:
        self.findings.append(Finding(self._file, place, what, remedy))

    def _check_uuids(self, document: Mapping[str, Any]) -> None:
        seen: set[str] = set()
        for place, node in _objects(document):
            value = node.get("uuid")
            if value is None:
                continue
            if not isinstance(value, str) or not _UUID.fullmatch(value):
                self._note(place, f"{_short(value)} is no UUID of version 4 or 5.", "Make one.")
            elif value.lower() in seen:
                self._note(place, f"The UUID {value} stands twice.", "Give each its own.")
            else:
                seen.add(value.lower())

    def _check_catalog(self, catalog: Mapping[str, Any]) -> None:
        seen: set[str] = set()
        for place, node in _objects(catalog):
            name = node.get("id")
            if name is None:
                continue
            if not isinstance(name, str) or not _TOKEN.fullmatch(name):
                self._note(place, f"The id {_short(name)} is no token.", "Begin with a letter.")
            elif name in seen:
                self._note(place, f"The id {_short(name)} stands twice.", "Give each its own.")
            else:
                seen.add(name)
        resources = {
            str(_object(each).get("uuid"))
            for each in _list(_object(catalog.get("back-matter")).get("resources"))
        }
        for place, node in _objects(catalog):
            for link in _list(node.get("links")):
                href = _object(link).get("href")
                inside = isinstance(href, str) and href.startswith("#")
                if inside and str(href)[1:] not in resources | seen:
                    what = f"The link {_short(href)} leads nowhere."
                    self._note(place, what, "Add the resource, or remove the link.")

    def _check_profile(self, profile: Mapping[str, Any]) -> None:
        included: set[str] = set()
        params: dict[str, Mapping[str, Any]] = {}
        for index, entry in enumerate(_list(profile.get("imports"))):
            place = f"imports[{index}]"
            source = self._linked(_object(entry).get("href"), place)
            if source is None:
                continue
            controls = {str(control["id"]): control for control in controls_of(source)}
            named = list(_with_ids(_object(entry).get("include-controls")))
            if not named:
                named = list(controls)
            self._check_known(named, controls, place)
            for name in named:
                if name in controls:
                    included.add(name)
                    params.update(
                        (str(_object(each).get("id")), _object(each))
                        for each in _list(controls[name].get("params"))
                    )
        modify = _object(profile.get("modify"))
        for index, entry in enumerate(_list(modify.get("set-parameters"))):
            self._check_setting(_object(entry), params, f"modify.set-parameters[{index}]")
        for index, entry in enumerate(_list(modify.get("alters"))):
            altered = _object(entry).get("control-id")
            if str(altered) not in included:
                what = f"{_short(altered)} is altered and not included."
                self._note(f"modify.alters[{index}]", what, "Include it, or drop the change.")

    def _check_setting(
        self, entry: Mapping[str, Any], params: Mapping[str, Mapping[str, Any]], place: str
    ) -> None:
        name = entry.get("param-id")
        if not isinstance(name, str) or name not in params:
            what = f"The parameter {_short(name)} belongs to no included control."
            self._note(place, what, "Correct the id, or include its control.")
        elif params[name].get("class") == "modal" and any(
            value not in ("must", "should") for value in _list(entry.get("values"))
        ):
            what = f"{name} is set to {_short(entry.get('values'))}."
            self._note(place, what, "A level is must or should.")

    def _check_mapping_collection(self, collection: Mapping[str, Any]) -> None:
        mappings = collection.get("mappings")
        for index, entry in enumerate(mappings if isinstance(mappings, list) else [mappings]):
            place = f"mappings[{index}]"
            mapping = _object(entry)
            known = {}
            for side in ("source", "target"):
                href = _object(mapping.get(f"{side}-resource")).get("href")
                document = self._linked(href, f"{place}.{side}-resource")
                known[side] = (
                    None if document is None else {each["id"] for each in controls_of(document)}
                )
                gap = _object(mapping.get(f"{side}-gap-summary")).get("unmapped-controls")
                self._check_known(_with_ids(gap), known[side], f"{place}.{side}-gap-summary")
            for number, row in enumerate(_list(mapping.get("maps"))):
                self._check_map(_object(row), known, f"{place}.maps[{number}]")

    def _check_map(
        self, row: Mapping[str, Any], known: Mapping[str, set[str] | None], place: str
    ) -> None:
        relationship = row.get("relationship")
        if str(relationship) not in RELATIONSHIPS:
            what = f"{_short(relationship)} is no relationship."
            self._note(place, what, f"Write one of: {', '.join(sorted(RELATIONSHIPS))}.")
        for side in ("source", "target"):
            items = [_object(each) for each in _list(row.get(f"{side}s"))]
            if not items:
                self._note(place, f"The map has no {side}s.", "Name at least one.")
            names = [str(each.get("id-ref")) for each in items if each.get("type") == "control"]
            self._check_known(names, known[side], f"{place}.{side}s")
        share = _object(row.get("confidence-score")).get("percentage")
        if share is not None and not (_is_number(share) and 0 <= share <= 1):
            self._note(place, f"The confidence {_short(share)} is no share.", "Write 0 to 1.")

    def _check_known(self, names: Iterable[str], known: Any, place: str) -> None:
        for name in names:
            if known is not None and name not in known:
                what = f"There is no control {_short(name)}."
                self._note(place, what, "Correct the id, or add the control.")

    def _linked(self, href: object, place: str) -> Mapping[str, Any] | None:
        """Return the catalog that a link leads to; note it where there is none."""
        if isinstance(href, str):
            path = href.removeprefix("trestle://")
            if path == href:
                path = posixpath.normpath(posixpath.join(posixpath.dirname(self._file), href))
            found = self._documents.get(path)
            if found is not None and "catalog" in found:
                return _object(found["catalog"])
        what = f"The link {_short(href)} leads to no catalog of this set."
        self._note(place, what, "Add that file, or correct the link.")
        return None


def controls_of(catalog: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Return every control of a catalog that has an id, those inside others too, in order."""
    return (control for _, control in controls_by_group(catalog))


def controls_by_group(
    catalog: Mapping[str, Any],
) -> Iterator[tuple[tuple[Mapping[str, Any], ...], Mapping[str, Any]]]:
    """Return every control with the groups it lies in, the widest first."""
    pending: list[tuple[tuple[Mapping[str, Any], ...], Mapping[str, Any], bool]] = [
        ((), catalog, False)
    ]
    while pending:
        groups, node, is_control = pending.pop()
        if is_control and isinstance(node.get("id"), str):
            yield groups, node
        inner = groups if is_control or node is catalog else (*groups, node)
        children = [(inner, _object(each), False) for each in _list(node.get("groups"))]
        children += [(inner, _object(each), True) for each in _list(node.get("controls"))]
        pending.extend(reversed(children))


def _objects(root: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Return every object inside one, itself first, with its place; without recursion."""
    pending: list[tuple[str, Any]] = [("", root)]
    while pending:
        place, node = pending.pop()
        if isinstance(node, Mapping):
            yield place or "/", node
            children = [
                (f"{place}.{key}" if place else str(key), value) for key, value in node.items()
            ]
        elif isinstance(node, list):
            children = [(f"{place}[{index}]", value) for index, value in enumerate(node)]
        else:
            continue
        pending.extend(reversed(children))


def _with_ids(selection: object) -> Iterator[str]:
    for entry in _list(selection):
        for name in _list(_object(entry).get("with-ids")):
            yield str(name)


def _object(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."
