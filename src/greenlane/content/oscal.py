"""Criteria and crosswalk as OSCAL 1.2 documents: a catalog, a profile per entity type, a mapping.

The pack stays the truth; these are written from it and hold everything needed to read them back
(``oscal_import``). References between documents are checked in ``oscal_check``.

Must and should are parameters (``<control>_modal``) that a profile sets: a profile cannot take a
property away, and a tool that resolves it keeps the old value beside the new one.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from greenlane.core.criteria import (
    ApplicableCriterion,
    Criterion,
    Edition,
    Source,
    id_order,
)
from greenlane.core.crosswalk import Crosswalk, Framework, Mapping, Relationship
from greenlane.core.vocabulary import CriterionLevel

OSCAL_VERSION = "1.2.1"
#: Namespace of properties and parts that OSCAL does not define.
NAMESPACE = "urn:greenlane:oscal:1"

Document = dict[str, Any]

_UUIDS = uuid.uuid5(uuid.NAMESPACE_URL, NAMESPACE)
_NOT_IN_TOKEN = re.compile(r"[^A-Za-z0-9._-]")

#: Relationship of a crosswalk row -> the word of OSCAL's mapping model.
RELATIONSHIPS = {
    Relationship.EQUAL: "equivalent-to",
    Relationship.SUBSET: "subset-of",
    Relationship.SUPERSET: "superset-of",
    Relationship.INTERSECTS: "intersects-with",
}


@dataclass(frozen=True, slots=True)
class OscalFile:
    """One document and its place, as OSCAL tools lay out a workspace.

    Attributes:
        path: Below the folder of the export, for example ``catalogs/ctpat/catalog.json``.
        document: JSON with one root key.
    """

    path: str
    document: Document


def export_pack(
    edition: Edition,
    crosswalk: Crosswalk | None = None,
    *,
    language: str = "en",
    workspace_links: bool = False,
) -> tuple[OscalFile, ...]:
    """Return the documents of an edition: catalog, profiles and, with a crosswalk, the mapping.

    The same edition gives the same documents, UUIDs included.

    Args:
        edition: Edition to write.
        crosswalk: Rows whose ids are of this program; rows for other ids are left out.
        language: Language of the texts.
        workspace_links: Write links between documents as ``trestle://`` instead of relative paths.
    """
    name = f"{edition.pack}-{edition.id}"
    catalog = f"catalogs/{name}/catalog.json"

    def link(to: str) -> str:
        return f"trestle://{to}" if workspace_links else f"../../{to}"

    files = [OscalFile(catalog, catalog_document(edition, language=language))]
    for entity in edition.entity_types:
        rows = edition.applicable(entity)
        if rows:
            path = f"profiles/{name}-{_token(entity)}/profile.json"
            document = profile_document(edition, rows, catalog=link(catalog), language=language)
            files.append(OscalFile(path, document))
    if crosswalk is not None:
        targets = {}
        for framework in crosswalk.frameworks:
            path = f"catalogs/{framework.key}/catalog.json"
            targets[framework.key] = link(path)
            files.append(OscalFile(path, framework_document(framework, crosswalk, language)))
        document = mapping_document(
            edition, crosswalk, catalog=link(catalog), targets=targets, language=language
        )
        path = f"mapping-collections/{name}-crosswalk/mapping-collection.json"
        files.append(OscalFile(path, document))
    return tuple(files)


# --- catalog ---


def catalog_document(edition: Edition, *, language: str) -> Document:
    """Return the catalog: focus area > category > criterion."""
    used = _sources(edition)
    groups = []
    for area in edition.focus_areas:
        inner = []
        for category in edition.categories:
            controls = [
                _control(edition, each, language)
                for each in edition.criteria
                if each.category == category.number
            ]
            if category.focus_area == area.key and controls:
                inner.append(
                    {
                        "id": f"category-{category.number}",
                        "class": "category",
                        "title": category.name.in_(language),
                        "props": [_prop("label", category.label)],
                        "controls": controls,
                    }
                )
        if inner:
            groups.append(
                {
                    "id": f"area-{_token(area.key)}",
                    "class": "focus-area",
                    "title": area.name.in_(language),
                    "groups": inner,
                }
            )
    return {
        "catalog": {
            "uuid": _uuid("catalog", edition, language, edition.content_hash),
            "metadata": _metadata(edition, edition.title.in_(language), language),
            "groups": groups,
            "back-matter": {"resources": [_resource(edition, each, language) for each in used]},
        }
    }


def _sources(edition: Edition) -> list[Source]:
    found = {source.key: source for source in edition.sources}
    for criterion in edition.criteria:
        found.update((source.key, source) for source in criterion.sources)
    return [found[key] for key in sorted(found)]


def _resource(edition: Edition, source: Source, language: str) -> Document:
    resource: Document = {
        "uuid": _uuid("source", edition.pack, source.key),
        "title": source.title.in_(language),
        "props": [_own("source-key", source.key)],
    }
    if source.url:
        resource["rlinks"] = [{"href": source.url}]
    return resource


def _control(edition: Edition, criterion: Criterion, language: str) -> Document:
    control = control_id(edition, criterion.id)
    props = [
        _prop("label", edition.label(criterion).in_(language)),
        _prop("sort-id", _sort_id(criterion.id)),
        _own("criterion-id", criterion.id),
        _own("id-status", criterion.id_status.value),
        _own("confidence", criterion.confidence.value),
    ]
    if criterion.guidance_confidence:
        props.append(_own("guidance-confidence", criterion.guidance_confidence.value))
    if criterion.candidate_ids:
        props.append(_own("candidate-ids", criterion.candidate_ids.in_(language)))
    if criterion.program:
        props.append(_own("program", criterion.program))
    props += [_own("tag", tag) for tag in criterion.tags]
    for cell in criterion.cells:
        applies = _own("applies-to", cell.entity, kind=cell.state.value)
        if cell.condition:
            applies["remarks"] = cell.condition.in_(language)
        props.append(applies)
        if cell.level:
            props.append(_own("level", cell.level.value, kind=cell.entity))
    return {
        "id": control,
        "class": "criterion",
        "title": criterion.title.in_(language),
        "params": list(_params(edition, criterion)),
        "props": props,
        "links": [
            {"href": f"#{_uuid('source', edition.pack, source.key)}", "rel": "reference"}
            for source in criterion.sources
        ],
        "parts": list(_parts(edition, criterion, language)),
    }


def _params(edition: Edition, criterion: Criterion) -> Iterator[Document]:
    yield _modal(modal_id(edition, criterion.id), criterion.level)
    for sub in criterion.sub_requirements:
        yield _modal(modal_id(edition, criterion.id, sub.key), sub.level)
    for key, value in criterion.params.items():
        kind = "list" if isinstance(value, tuple) else type(value).__name__
        values = value if isinstance(value, tuple) else (value,)
        yield {
            "id": f"{control_id(edition, criterion.id)}_{key}",
            "class": kind,
            "label": key.replace("_", " "),
            "values": [str(each) for each in values],
        }


def _modal(param: str, level: CriterionLevel) -> Document:
    return {
        "id": param,
        "class": "modal",
        "label": "level",
        "constraints": [{"description": "must or should"}],
        "values": [level.value],
    }


def _parts(edition: Edition, criterion: Criterion, language: str) -> Iterator[Document]:
    control = control_id(edition, criterion.id)
    statement: Document = {
        "id": f"{control}_smt",
        "name": "statement",
        "prose": criterion.requirement.in_(language),
    }
    if criterion.sub_requirements:
        statement["parts"] = [
            {
                "id": f"{control}_smt.{sub.key}",
                "name": "item",
                "props": [_prop("label", sub.key)]
                + ([_own("level-is", "reported")] if sub.reported else []),
                "prose": sub.text.in_(language),
            }
            for sub in criterion.sub_requirements
        ]
    yield statement
    if criterion.guidance:
        yield {
            "id": f"{control}_gdn",
            "name": "guidance",
            "prose": criterion.guidance.in_(language),
        }
    yield {
        "id": f"{control}_evd",
        "name": "evidence",
        "ns": NAMESPACE,
        "parts": [
            {
                "id": f"{control}_evd.{number}",
                "name": "evidence-item",
                "ns": NAMESPACE,
                "class": each.kind.value,
                "prose": each.text.in_(language),
            }
            for number, each in enumerate(criterion.evidence, start=1)
        ],
    }


# --- profile ---


def profile_document(
    edition: Edition, rows: Iterable[ApplicableCriterion], *, catalog: str, language: str
) -> Document:
    """Return the profile of one entity type: its criteria, their levels, and how sure each is."""
    found = list(rows)
    entity = found[0].entity
    settings, alters = [], []
    for row in found:
        settings.append({"param-id": modal_id(edition, row.id), "values": [row.level.value]})
        settings += [
            {"param-id": modal_id(edition, row.id, sub.key), "values": [row.sub_level(sub).value]}
            for sub in row.criterion.sub_requirements
            if row.sub_level(sub) is not sub.level
        ]
        cell = _own("cell", row.state.value, kind=entity)
        cell["remarks"] = row.basis.in_(language)
        alters.append(
            {
                "control-id": control_id(edition, row.id),
                "adds": [{"position": "ending", "props": [cell]}],
            }
        )
    title = f"{edition.title.in_(language)}: {entity.replace('_', ' ')}"
    include = [{"with-ids": [control_id(edition, row.id) for row in found]}]
    return {
        "profile": {
            "uuid": _uuid("profile", edition, entity, language, edition.content_hash),
            "metadata": _metadata(edition, title, language),
            "imports": [{"href": catalog, "include-controls": include}],
            "merge": {"as-is": True},
            "modify": {"set-parameters": settings, "alters": alters},
        }
    }


# --- crosswalk ---


def framework_document(framework: Framework, crosswalk: Crosswalk, language: str) -> Document:
    """Return a catalog of another framework: identifiers and labels of ours, no text of theirs."""
    controls = []
    for element, label in framework.elements.items():
        controls.append(
            {
                "id": element_id(framework.key, element),
                "class": "element",
                "title": label.in_(language) if label else element,
                "props": [_prop("label", element)],
            }
        )
    remarks = " ".join(
        (
            framework.owner + ".",
            framework.reuse.in_(language) + ".",
            framework.basis.in_(language) + ".",
        )
    )
    return {
        "catalog": {
            "uuid": _uuid("framework", framework.key, language, str(crosswalk.compiled_on)),
            "metadata": {
                "title": framework.name.in_(language),
                "last-modified": f"{crosswalk.compiled_on}T00:00:00+00:00",
                "version": framework.edition.in_(language),
                "oscal-version": OSCAL_VERSION,
                "remarks": remarks,
            },
            "controls": controls,
        }
    }


def mapping_document(
    edition: Edition,
    crosswalk: Crosswalk,
    *,
    catalog: str,
    targets: dict[str, str],
    language: str,
) -> Document:
    """Return the crosswalk as one mapping collection with a mapping per framework.

    A row of a category becomes a map from the set of its criteria. A row that found no counterpart
    becomes part of the gap summary, since OSCAL has no map without a target.
    """
    mappings = []
    for framework in crosswalk.frameworks:
        maps, gaps = _maps(edition, crosswalk, framework, language)
        if not maps:
            continue
        mapping: Document = {
            "uuid": _uuid("mapping", edition.pack, framework.key),
            "source-resource": {"type": "catalog", "href": catalog},
            "target-resource": {"type": "catalog", "href": targets[framework.key]},
            "maps": maps,
        }
        if gaps:
            mapping["source-gap-summary"] = _gap(edition, framework, "source", gaps)
        missing = [
            element_id(framework.key, target)
            for gap in crosswalk.gaps
            if gap.framework == framework.key
            for target in gap.targets
        ]
        if missing:
            mapping["target-gap-summary"] = _gap(edition, framework, "target", missing)
        mappings.append(mapping)
    return {
        "mapping-collection": {
            "uuid": _uuid("crosswalk", edition, language, str(crosswalk.compiled_on)),
            "metadata": {
                "title": crosswalk.title.in_(language),
                "last-modified": f"{crosswalk.compiled_on}T00:00:00+00:00",
                "version": str(crosswalk.compiled_on),
                "oscal-version": OSCAL_VERSION,
            },
            "provenance": {
                "method": "human",
                "matching-rationale": "functional",
                "status": "draft" if crosswalk.is_draft else "complete",
                "mapping-description": crosswalk.note.in_(language),
            },
            "mappings": mappings,
        }
    }


def _maps(
    edition: Edition, crosswalk: Crosswalk, framework: Framework, language: str
) -> tuple[list[Document], list[str]]:
    """Return the maps of one framework, and the controls for which nothing was found."""
    known = {criterion.id: criterion for criterion in edition.criteria}
    maps: list[Document] = []
    gaps: list[str] = []
    by_criterion = [(name, row) for name, row in crosswalk.rows_for(framework.key) if name in known]
    for name, row in by_criterion:
        if row.relationship is Relationship.NONE:
            gaps.append(control_id(edition, name))
        else:
            maps.append(_map(edition, framework, row, [name], "criterion", language))
    for number, rows in crosswalk.categories.items():
        members = [
            name
            for name in crosswalk.criteria
            if name in known and str(known[name].category) == number
        ]
        for row in rows:
            if row.framework != framework.key or not members:
                continue
            if row.relationship is not Relationship.NONE:
                maps.append(_map(edition, framework, row, members, "category", language))
            elif not by_criterion:
                gaps += [control_id(edition, name) for name in members]
    return maps, gaps


def _map(
    edition: Edition,
    framework: Framework,
    row: Mapping,
    members: list[str],
    scope: str,
    language: str,
) -> Document:
    found: Document = {
        "uuid": _uuid("map", edition.pack, framework.key, scope, *members),
        "relationship": RELATIONSHIPS[row.relationship],
        "sources": [{"type": "control", "id-ref": control_id(edition, name)} for name in members],
        "targets": [
            {"type": "control", "id-ref": element_id(framework.key, target)}
            for target in row.targets
        ],
        "confidence-score": {"percentage": row.confidence_percent / 100},
        "props": [_own("scope", scope)],
    }
    if row.note:
        found["remarks"] = row.note.in_(language)
    return found


def _gap(edition: Edition, framework: Framework, side: str, controls: list[str]) -> Document:
    return {
        "uuid": _uuid("gap", edition.pack, framework.key, side),
        "unmapped-controls": [{"with-ids": controls}],
    }


# --- names ---


def control_id(edition: Edition, criterion_id: str) -> str:
    """Return the control id of a criterion: OSCAL's ids may not begin with a digit."""
    return f"{edition.control_prefix}-{criterion_id}"


def modal_id(edition: Edition, criterion_id: str, part: str | None = None) -> str:
    """Return the id of the parameter that holds the level of a criterion or of one part of it."""
    return f"{control_id(edition, criterion_id)}_modal" + (f".{part}" if part else "")


def element_id(framework: str, element: str) -> str:
    """Return the control id of another framework's element."""
    return f"{framework}-{_token(element)}"


def _token(text: str) -> str:
    return _NOT_IN_TOKEN.sub("_", text)


def _sort_id(criterion_id: str) -> str:
    """Return a text that sorts as ``id_order`` does, digits padded to four places."""
    return "".join(text or f"{number:04}" for _, number, text in id_order(criterion_id))


def _uuid(*names: str | Edition) -> str:
    """Return a version 5 UUID of a stable name, so that a repeated export changes nothing."""
    words = [f"{each.pack}/{each.id}" if isinstance(each, Edition) else each for each in names]
    return str(uuid.uuid5(_UUIDS, "/".join(words)))


def _prop(name: str, value: str) -> Document:
    return {"name": name, "value": value}


def _own(name: str, value: str, *, kind: str | None = None) -> Document:
    prop = {"name": name, "ns": NAMESPACE, "value": value}
    if kind is not None:
        prop["class"] = kind
    return prop


def _metadata(edition: Edition, title: str, language: str) -> Document:
    metadata: Document = {
        "title": title,
        "last-modified": f"{edition.retrieved_on}T00:00:00+00:00",
        "version": edition.id,
        "oscal-version": OSCAL_VERSION,
        "props": [
            _own("language", language),
            _own("pack", edition.pack),
            _own("edition", edition.id),
            _own("valid-from", edition.valid_from.isoformat()),
            _own("publisher", edition.publisher.in_(language)),
            _own("license", edition.license),
            _own("content-hash", edition.content_hash),
        ],
    }
    if edition.note:
        metadata["remarks"] = edition.note.in_(language)
    return metadata
