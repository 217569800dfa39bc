"""OSCAL: what is written, what our own checks find, and what comes back."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import greenlane
from greenlane.content.criteria_files import load_editions
from greenlane.content.crosswalk_files import load_crosswalk
from greenlane.content.oscal import export_pack
from greenlane.content.oscal_check import (
    MAX_BYTES,
    NotOscal,
    check_references,
    controls_of,
    parse_oscal,
)
from greenlane.content.oscal_import import (
    FolderTaken,
    ImportPlan,
    ImportRefused,
    import_catalog,
)
from greenlane.core.criteria import Criterion, Edition
from greenlane.core.crosswalk import Crosswalk

CTPAT = Path(greenlane.__file__).parent / "packs" / "ctpat"
CATALOG = "catalogs/ctpat-2023-01-01/catalog.json"
IMPORTER = "profiles/ctpat-2023-01-01-importer/profile.json"
MAPPING = "mapping-collections/ctpat-2023-01-01-crosswalk/mapping-collection.json"
PLAN = ImportPlan("again", date(2026, 1, 1), date(2026, 11, 24))


@cache
def pack() -> tuple[Edition, Crosswalk]:
    editions = load_editions(CTPAT)
    return editions[-1], load_crosswalk(CTPAT, editions)


@cache
def _written() -> str:
    return json.dumps({file.path: file.document for file in export_pack(*pack())})


def written() -> dict[str, Any]:
    """Return path -> document of the CTPAT export, a fresh copy to damage."""
    found: dict[str, Any] = json.loads(_written())
    return found


def control(documents: dict[str, Any], name: str) -> Any:
    controls = controls_of(documents[CATALOG]["catalog"])
    return next(each for each in controls if each["id"] == name)


class TestExport:
    def test_there_is_a_catalog_a_profile_per_entity_type_and_the_crosswalk(self) -> None:
        paths = written().keys()

        assert {CATALOG, IMPORTER, MAPPING, "catalogs/wco-safe/catalog.json"} <= paths
        assert sum(path.startswith("profiles/") for path in paths) == 13

    def test_the_catalog_holds_every_criterion_once(self) -> None:
        controls = [each["id"] for each in controls_of(written()[CATALOG]["catalog"])]

        assert len(controls) == len(set(controls)) == 153

    def test_a_profile_includes_what_applies_and_sets_its_level(self) -> None:
        profile = written()[IMPORTER]["profile"]
        settings = {
            each["param-id"]: each["values"] for each in profile["modify"]["set-parameters"]
        }

        included = profile["imports"][0]["include-controls"][0]["with-ids"]

        assert included == [f"msc-{row.id}" for row in pack()[0].applicable("importer")]
        assert settings["msc-3.9_modal"] == ["must"]
        assert control(written(), "msc-3.9")["params"][0]["values"] == ["should"]

    def test_a_profile_says_how_sure_each_criterion_is(self) -> None:
        alters = written()[IMPORTER]["profile"]["modify"]["alters"]

        states = {each["control-id"]: each["adds"][0]["props"][0]["value"] for each in alters}

        assert states == {f"msc-{row.id}": row.state for row in pack()[0].applicable("importer")}

    def test_a_working_number_is_never_labeled_as_official(self) -> None:
        props = control(written(), "msc-3.P-BRK2")["props"]

        assert {"name": "label", "value": "Working no. 3.P-BRK2"} in props

    def test_the_same_edition_gives_the_same_documents(self) -> None:
        again = json.dumps({file.path: file.document for file in export_pack(*pack())})

        assert again == _written()

    def test_texts_come_in_the_language_asked_for(self) -> None:
        files = export_pack(*pack(), language="es")

        catalog = next(file.document for file in files if file.path == CATALOG)["catalog"]
        assert catalog["groups"][0]["title"] == "Seguridad Corporativa"
        assert catalog["uuid"] != written()[CATALOG]["catalog"]["uuid"]

    def test_links_are_relative_or_for_a_workspace(self) -> None:
        files = export_pack(*pack(), workspace_links=True)
        profile = next(file.document for file in files if file.path == IMPORTER)["profile"]

        assert profile["imports"][0]["href"] == f"trestle://{CATALOG}"
        assert written()[IMPORTER]["profile"]["imports"][0]["href"] == f"../../{CATALOG}"

    def test_a_pack_without_a_crosswalk_has_no_mapping(self) -> None:
        paths = [file.path for file in export_pack(pack()[0])]

        assert not [path for path in paths if path.startswith("mapping")]

    def test_every_row_of_the_crosswalk_is_a_map_or_a_gap(self) -> None:
        _, crosswalk = pack()
        mappings = written()[MAPPING]["mapping-collection"]["mappings"]
        safe = next(each for each in mappings if "wco-safe" in each["target-resource"]["href"])
        scopes = [each["props"][0]["value"] for each in safe["maps"]]
        rows = [row for _, row in crosswalk.rows_for("wco-safe")]

        gaps = safe["source-gap-summary"]["unmapped-controls"][0]["with-ids"]

        assert scopes.count("criterion") + len(gaps) == len(rows)
        assert scopes.count("category") == 11


Damage = Callable[[dict[str, Any]], None]


def _set(path: str, *keys: str | int, to: object) -> Damage:
    def damage(documents: dict[str, Any]) -> None:
        node: Any = documents[path]
        for key in keys[:-1]:
            node = node[key]
        node[keys[-1]] = to

    return damage


PROFILE = (IMPORTER, "profile")
MAPS = (MAPPING, "mapping-collection", "mappings", 0)


class TestReferences:
    def test_what_we_export_is_whole(self) -> None:
        assert check_references(written()) == []
        workspace = export_pack(*pack(), workspace_links=True)
        assert check_references({file.path: file.document for file in workspace}) == []

    @pytest.mark.parametrize(
        ("damage", "file", "words"),
        [
            (_set(*PROFILE, "imports", 0, "href", to="../x.json"), IMPORTER, "no catalog"),
            (_set(*PROFILE, "imports", 0, "href", to=7), IMPORTER, "no catalog"),
            (
                _set(*PROFILE, "imports", 0, "include-controls", 0, "with-ids", 0, to="msc-9.99"),
                IMPORTER,
                "no control 'msc-9.99'",
            ),
            (
                _set(*PROFILE, "modify", "set-parameters", 0, "param-id", to="msc-9.99_modal"),
                IMPORTER,
                "no included control",
            ),
            (
                _set(*PROFILE, "modify", "set-parameters", 0, "values", to=["may"]),
                IMPORTER,
                "must or should",
            ),
            (
                _set(*PROFILE, "modify", "alters", 0, "control-id", to="msc-3.8"),
                IMPORTER,
                "altered and not included",
            ),
            (_set(*PROFILE, "uuid", to="1234"), IMPORTER, "no UUID"),
            (_set(*MAPS, "maps", 0, "relationship", to="kinda-like"), MAPPING, "no relationship"),
            (
                _set(*MAPS, "maps", 0, "targets", 0, "id-ref", to="wco-safe-Z"),
                MAPPING,
                "no control 'wco-safe-Z'",
            ),
            (_set(*MAPS, "maps", 0, "targets", to=[]), MAPPING, "no targets"),
            (_set(*MAPS, "maps", 0, "confidence-score", "percentage", to=70), MAPPING, "no share"),
            (
                _set(*MAPS, "source-gap-summary", "unmapped-controls", 0, "with-ids", 0, to="x"),
                MAPPING,
                "no control 'x'",
            ),
            (_set(*MAPS, "maps", 0, "uuid", to=None), MAPPING, ""),
            (_set(CATALOG, "catalog", "groups", 0, "id", to="1a"), CATALOG, "no token"),
            (
                _set(CATALOG, "catalog", "groups", 0, "id", to="area-transportation"),
                CATALOG,
                "twice",
            ),
            (_set(CATALOG, "catalog", "back-matter", "resources", to=[]), CATALOG, "leads nowhere"),
        ],
    )
    def test_what_validators_let_pass_is_found(self, damage: Damage, file: str, words: str) -> None:
        documents = written()
        damage(documents)

        found = check_references(documents)

        if words:
            assert any(each.file == file and words in str(each) for each in found), found
        else:
            assert found == []

    def test_a_uuid_that_stands_twice_is_found(self) -> None:
        documents = written()
        maps = documents[MAPPING]["mapping-collection"]["mappings"][0]["maps"]
        maps[1]["uuid"] = maps[0]["uuid"]

        assert [each.what.endswith("stands twice.") for each in check_references(documents)] == [
            True
        ]

    def test_nonsense_in_place_of_lists_and_objects_never_crashes(self) -> None:
        for root in ("catalog", "profile", "mapping-collection"):
            for nonsense in (
                None,
                1,
                "x",
                [],
                [1],
                {"a": [None]},
                {"mappings": [[]], "imports": 3},
            ):
                check_references({"a.json": {root: nonsense}})

        assert check_references({"a.json": {"catalog": {"controls": [{"id": "a"}, "b"]}}}) == []


class TestParsing:
    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"\xff\xfe",
            b"[]",
            b"{}",
            b'{"catalog": 1}',
            b'{"catalog": {}, "profile": {}}',
            b'{"catalog": {"a": 1, "a": 2}}',
            b'{"catalog": {"a": NaN}}',
            b'{"catalog":' + b"[" * 200_000,
            b" " * (MAX_BYTES + 1),
        ],
    )
    def test_what_is_no_document_is_refused_with_a_sentence(self, content: bytes) -> None:
        with pytest.raises(NotOscal, match=r"a\.json"):
            parse_oscal(content, "a.json")


def plain(criterion: Criterion) -> dict[str, object]:
    """Return what a catalog carries of a criterion, in English."""
    return {
        "id": criterion.id,
        "status": criterion.id_status,
        "category": criterion.category,
        "area": criterion.focus_area,
        "level": criterion.level,
        "texts": (str(criterion.title), str(criterion.requirement), str(criterion.guidance)),
        "subs": [(s.key, str(s.text), s.level, s.reported) for s in criterion.sub_requirements],
        "evidence": [(each.kind, str(each.text)) for each in criterion.evidence],
        "cells": [(c.entity, c.state, c.level, str(c.condition or "")) for c in criterion.cells],
        "sources": [(s.key, str(s.title), s.url) for s in criterion.sources],
        "confidence": (criterion.confidence, criterion.guidance_confidence),
        "candidates": str(criterion.candidate_ids or ""),
        "params": dict(criterion.params),
        "tags": criterion.tags,
        "program": criterion.program,
    }


def foreign() -> dict[str, Any]:
    """Return a catalog as others write it: nested controls, parameters in prose, no levels."""
    return {
        "catalog": {
            "uuid": "74c8ba1e-5cd4-4ad1-bbfd-d888e2f6c724",
            "metadata": {"title": "Other catalog", "last-modified": "2026-01-01T00:00:00Z"},
            "groups": [
                {
                    "id": "ac",
                    "title": "Access\nControl",
                    "controls": [
                        {
                            "id": "ac-1",
                            "title": "Policy",
                            "params": [{"id": "ac-1_prm_1", "label": "people"}],
                            "props": [{"name": "label", "value": "AC-1"}],
                            "parts": [
                                {
                                    "name": "statement",
                                    "prose": "Tell {{ insert: param, ac-1_prm_1 }}.",
                                    "parts": [
                                        {
                                            "name": "item",
                                            "props": [{"name": "label", "value": "a."}],
                                            "prose": "Write it.",
                                            "parts": [{"name": "item", "prose": "Date it."}],
                                        },
                                        {"name": "item"},
                                    ],
                                }
                            ],
                            "controls": [{"id": "ac-1.1", "title": "Policy, more"}],
                        }
                    ],
                }
            ],
        }
    }


def bring_in(document: object, target: Path, plan: ImportPlan = PLAN) -> Edition:
    return import_catalog(json.dumps(document).encode(), "c.json", plan, target)


class TestImport:
    def test_our_own_catalog_comes_back_criterion_by_criterion(self, tmp_path: Path) -> None:
        edition = bring_in(written()[CATALOG], tmp_path / "again")

        assert [plain(each) for each in edition.criteria] == [
            plain(each) for each in pack()[0].criteria
        ]
        assert load_editions(tmp_path / "again")[0].content_hash == edition.content_hash

    def test_a_catalog_from_elsewhere_asks_and_never_blocks(self, tmp_path: Path) -> None:
        plan = ImportPlan("new", date(2026, 1, 1), date(2026, 1, 1), ("importer", "carrier"))

        edition = bring_in(foreign(), tmp_path / "other", plan)

        rows = edition.applicable("carrier")
        assert [(row.id, row.state.value, row.blocks) for row in rows] == [
            ("ac-1", "assumed", False),
            ("ac-1.1", "assumed", False),
        ]
        policy = edition.criterion("ac-1")
        assert str(policy.requirement) == "Tell [people]."
        assert [(sub.key, str(sub.text)) for sub in policy.sub_requirements] == [
            ("p1", "Write it. Date it.")
        ]
        assert "still to be named" in str(policy.evidence[0].text)
        assert str(edition.categories[0].name) == "Access Control"

    def test_what_is_there_already_is_not_overwritten(self, tmp_path: Path) -> None:
        bring_in(foreign(), tmp_path)

        with pytest.raises(FolderTaken):
            bring_in(foreign(), tmp_path)

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"groups": []}, "no controls"),
            ({"groups": [{"id": "a", "title": "A", "controls": [{"id": "x y"}]}]}, "no token"),
            ({"groups": [{"id": "a", "title": "A", "controls": [{"id": "x_y"}]}]}, "Rename it"),
            ({"groups": [{"id": "a", "controls": [{"id": "b" * 40}]}]}, "Rename it"),
            ({"controls": [{"id": "b", "links": [{"href": "#none"}]}]}, "leads nowhere"),
        ],
    )
    def test_a_catalog_that_fits_no_edition_is_refused_and_nothing_is_written(
        self, tmp_path: Path, change: dict[str, Any], words: str
    ) -> None:
        document = foreign()
        document["catalog"].update(copy.deepcopy(change))

        with pytest.raises(ImportRefused, match=words):
            bring_in(document, tmp_path / "other")
        assert not (tmp_path / "other").exists()

    def test_a_value_that_the_format_refuses_is_named(self, tmp_path: Path) -> None:
        document = written()[CATALOG]
        control = next(iter(controls_of(document["catalog"])))
        next(each for each in control["props"] if each["name"] == "id-status")["value"] = "sure"

        with pytest.raises(ImportRefused, match="id_status"):
            bring_in(document, tmp_path)

    def test_a_profile_is_no_catalog(self, tmp_path: Path) -> None:
        with pytest.raises(ImportRefused, match="no catalog"):
            bring_in(written()[IMPORTER], tmp_path)
