"""A pack's crosswalk: read, checked against its criteria, and agreeing with the dossier."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
import yaml

import greenlane
from greenlane.content.criteria_files import load_editions
from greenlane.content.crosswalk_files import CrosswalkRefused, NoCrosswalk, load_crosswalk
from greenlane.core.crosswalk import Crosswalk, Relationship
from tests.unit.content.criteria_sample import write_pack

ROOT = Path(__file__).parents[3]
CTPAT = Path(greenlane.__file__).parent / "packs" / "ctpat"

SAMPLE = """\
title: {en: Beside others, es: Frente a otros}
edition: one
compiled_on: 2026-01-01
status: draft
note: {en: A draft., es: Un borrador.}
frameworks:
  safe:
    name: {en: SAFE, es: Marco SAFE}
    edition: {en: some year, es: algún año}
    owner: WCO
    reuse: {en: letters only, es: solo letras}
    basis: {en: memory, es: memoria}
    elements:
      G: {en: Cargo, es: Carga}
      x/1: null
categories:
  - number: 1
    mappings:
      - {framework: safe, relationship: subset, targets: [G], confidence_percent: 70}
criteria:
  - id: '1.9'
    mappings:
      - framework: safe
        relationship: equal
        targets: [G, x/1]
        confidence_percent: 55
        note: {en: close, es: cercano}
  - id: '1.10'
    mappings:
      - {framework: safe, relationship: none, targets: [], confidence_percent: 50}
gaps:
  - framework: safe
    targets: [x/1]
    note: {en: not ours, es: no es nuestro}
rarely_covered: ['1.9']
"""


def load(folder: Path, text: str = SAMPLE) -> Crosswalk:
    write_pack(folder)
    (folder / "crosswalk.yaml").write_text(text, "utf-8")
    return load_crosswalk(folder, load_editions(folder))


class TestLoading:
    def test_rows_stand_by_category_and_by_criterion(self, tmp_path: Path) -> None:
        crosswalk = load(tmp_path)

        assert crosswalk.is_draft
        assert [row.relationship for row in crosswalk.categories["1"]] == [Relationship.SUBSET]
        assert [(name, row.targets) for name, row in crosswalk.rows_for("safe")] == [
            ("1.9", ("G", "x/1")),
            ("1.10", ()),
        ]
        assert crosswalk.framework("safe").elements["x/1"] is None

    def test_a_pack_without_one_says_so(self, tmp_path: Path) -> None:
        write_pack(tmp_path)

        with pytest.raises(NoCrosswalk, match=r"crosswalk\.yaml"):
            load_crosswalk(tmp_path, load_editions(tmp_path))

    @pytest.mark.parametrize(
        ("old", "new", "line", "words"),
        [
            ("edition: one", "edition: ones", 2, "no edition 'ones'"),
            ("number: 1", "number: 7", 17, "no 7 to map"),
            ("id: '1.10'", "id: '1.9'", 28, "mapped already"),
            ("id: '1.9'", "id: '1.99'", 21, "no '1.99' to map"),
            ("targets: [G, x/1]", "targets: [G, H]", 23, "no element 'H'"),
            ("targets: [G, x/1]", "targets: [G, G]", 25, "twice"),
            ("targets: [G, x/1]", "targets: []", 23, "unless its relationship is none"),
            ("relationship: equal", "relationship: alike", 24, "'equal'"),
            ("      - framework: safe", "      - framework: save", 23, "no framework 'save'"),
            ("confidence_percent: 55", "confidence_percent: 155", 26, "100"),
            ("rarely_covered: ['1.9']", "rarely_covered: ['9.9']", 35, "no criterion '9.9'"),
            ("status: draft", "status: done", 4, "'draft'"),
        ],
    )
    def test_damage_is_refused_with_its_line(
        self, tmp_path: Path, old: str, new: str, line: int, words: str
    ) -> None:
        assert old in SAMPLE

        with pytest.raises(CrosswalkRefused) as refused:
            load(tmp_path, SAMPLE.replace(old, new, 1))

        problems = refused.value.problems
        assert any(words in f"{each.what} {each.remedy}" for each in problems), problems
        assert line in [each.line for each in problems], problems

    def test_a_framework_mapped_twice_for_one_criterion_is_refused(self, tmp_path: Path) -> None:
        row = "      - {framework: safe, relationship: none, targets: [], confidence_percent: 50}\n"

        with pytest.raises(CrosswalkRefused, match="mapped here already"):
            load(tmp_path, SAMPLE.replace(row, row + row))


class TestCtpat:
    def test_every_row_agrees_with_the_dossier(self) -> None:
        shared = Path(os.environ.get("GREENLANE_SHARED_DATA", ROOT.parent / "shared" / "data"))
        path = shared.parent / "domain" / "crosswalk.yaml"
        if not path.is_file():
            pytest.skip(f"the research dossier is not here: {path.name}")
        dossier: dict[str, Any] = yaml.load(path.read_bytes(), yaml.CSafeLoader)

        crosswalk = load_crosswalk(CTPAT, load_editions(CTPAT))

        def rows(entries: list[dict[str, Any]], key: str) -> dict[str, list[tuple[object, ...]]]:
            return {
                str(entry[key]): [
                    (
                        row["framework"],
                        row["relationship"],
                        tuple(row["targets"]),
                        round(row["confidence"] * 100),
                    )
                    for row in entry["mappings"]
                ]
                for entry in entries
            }

        found = {
            name: [
                (r.framework, r.relationship.value, r.targets, r.confidence_percent) for r in each
            ]
            for part in (crosswalk.categories, crosswalk.criteria)
            for name, each in part.items()
        }
        assert found == rows(dossier["categories"], "number") | rows(
            dossier["criteria"], "criterion"
        )

    def test_every_label_and_note_is_there_in_both_languages(self) -> None:
        crosswalk = load_crosswalk(CTPAT, load_editions(CTPAT))
        texts = [crosswalk.title, crosswalk.note, *(gap.note for gap in crosswalk.gaps)]
        for framework in crosswalk.frameworks:
            texts += [framework.name, framework.edition, framework.reuse, framework.basis]
            texts += [label for label in framework.elements.values() if label]
        texts += [row.note for rows in crosswalk.categories.values() for row in rows if row.note]

        assert [str(text) for text in texts if "es" not in text.by_language] == []
