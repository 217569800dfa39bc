"""The CTPAT pack's own criteria: they agree with the dossier, cell by cell, and read in Spanish."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

import greenlane
from greenlane.content.criteria_files import load_editions
from greenlane.content.criteria_listing import criteria_rows
from greenlane.content.criteria_texts import criterion_texts, edition_texts
from greenlane.core.criteria import Edition, EditionStatus, IdStatus, diff_editions, edition_on
from greenlane.core.text import Text

PACK = Path(greenlane.__file__).parent / "packs" / "ctpat"
ROOT = Path(__file__).parents[3]
NOW = date(2026, 11, 24)


def dossier() -> list[dict[str, Any]]:
    """Return the entries of the research dossier, or skip where it is not on the machine."""
    shared = Path(os.environ.get("GREENLANE_SHARED_DATA", ROOT.parent / "shared" / "data"))
    path = shared.parent / "domain" / "criteria.yaml"
    if not path.is_file():
        pytest.skip(f"the research dossier is not here: {path.name} (set GREENLANE_SHARED_DATA)")
    entries: list[dict[str, Any]] = yaml.load(path.read_bytes(), yaml.CSafeLoader)
    return entries


@cache
def editions() -> tuple[Edition, ...]:
    return load_editions(PACK)


@cache
def present() -> Edition:
    return edition_on(editions(), NOW)


def state_in_dossier(entry: dict[str, Any], entity: str) -> str:
    if entity in entry["entities_confirmed"]:
        return "confirmed"
    return "doubtful" if entity in entry.get("entities_doubtful", ()) else "assumed"


AMERICAN = {
    r"rogramme": "rogram",
    r"labour": "labor",
    r"Labour": "Labor",
    r"([Oo]rgan|[Rr]ecogn|[Aa]uthor|[Ss]pecial|[Ss]ummar)is(?=[aei])": r"\1iz",
    r"entre\b": "enter",
    r"nalogue": "nalog",
    r"([Ll])icence": r"\1icense",
    r"cknowledgement": "cknowledgment",
    r"ehaviour": "ehavior",
    r"enquiry": "inquiry",
    r"([Tt])yre": r"\1ire",
    r"\(see README\)": "(kept in the portal library)",
}


def american(text: str) -> str:
    for pattern, replacement in AMERICAN.items():
        text = re.sub(pattern, replacement, text)
    return text


class TestAgreementWithTheDossier:
    @pytest.mark.parametrize("entity", present().entity_types)
    def test_every_cell_agrees_for_every_entity_type(self, entity: str) -> None:
        expected = {
            entry["id"]: (
                entry.get("level_overrides", {}).get(entity, entry["level"]),
                state_in_dossier(entry, entity),
                entry["category"],
                entry.get("conditional_entities", {}).get(entity),
            )
            for entry in dossier()
            if entity in entry["entities"]
        }

        rows = criteria_rows(present(), entity, on=NOW)

        found = {
            row["id"]: (row["level"], row["cell"], row["category"], row["condition"])
            for row in rows
        }
        assert found == expected

    def test_no_entry_and_no_cell_is_lost_or_invented(self) -> None:
        entries = dossier()

        cells = Counter(
            cell.state.value for criterion in present().criteria for cell in criterion.cells
        )

        assert [each.id for each in present().criteria] != []
        assert {each.id for each in present().criteria} == {entry["id"] for entry in entries}
        assert cells.total() == sum(len(entry["entities"]) for entry in entries)
        assert cells["confirmed"] == sum(len(entry["entities_confirmed"]) for entry in entries)

    def test_texts_and_their_order_are_the_same_but_for_american_spelling(self) -> None:
        for entry in dossier():
            criterion = present().criterion(entry["id"])

            assert str(criterion.title) == american(entry["title"])
            assert str(criterion.requirement) == american(entry["requirement"])
            assert str(criterion.guidance or "") == american(entry.get("guidance", ""))
            assert [str(each.text) for each in criterion.evidence] == [
                american(text) for text in entry["evidence"]
            ]
            assert [(str(sub.text), sub.level.value) for sub in criterion.sub_requirements] == [
                (american(sub["text"]), sub["level"].split()[0])
                for sub in entry.get("sub_requirements", ())
            ]
            assert criterion.confidence.value == entry["confidence"]
            assert criterion.guidance_confidence == entry.get("guidance_confidence")

    def test_a_number_is_official_only_where_the_dossier_says_so(self) -> None:
        for entry in dossier():
            official = present().criterion(entry["id"]).id_status is IdStatus.OFFICIAL

            assert official == (entry["id_status"] == "official")


class TestEditions:
    def test_there_are_two_and_the_second_begins_in_2023(self) -> None:
        assert [each.id for each in editions()] == ["2020", "2023-01-01"]
        assert edition_on(editions(), date(2022, 12, 31)).id == "2020"
        assert present().id == "2023-01-01"

    def test_published_editions_are_sealed(self) -> None:
        assert {each.status for each in editions()} == {EditionStatus.PUBLISHED}

    @pytest.mark.parametrize("entity", present().entity_types)
    def test_only_importers_meet_a_difference_and_it_is_3_9(self, entity: str) -> None:
        first, second = editions()

        found = diff_editions(first, second, entity)

        raised = ["3.9"] if entity == "importer" else []
        assert [change.id for change in found.raised] == raised
        assert (found.added, found.reworded, found.lowered, found.withdrawn) == ((), (), (), ())

    def test_forced_labor_requirements_bind_new_applicants_a_year_before_members(self) -> None:
        first = editions()[0]

        before = first.applicable("trade_compliance", on=date(2022, 7, 31))
        after = first.applicable("trade_compliance", on=date(2022, 8, 1))

        assert (len(before), len(after)) == (6, 12)
        compliance = first.criterion("TC-FL1").compliance
        assert compliance is not None
        assert not compliance.binds(date(2023, 7, 31), new_applicant=False)

    def test_numbers_known_only_by_gaps_are_listed_and_are_no_criteria(self) -> None:
        unseen = present().unseen_ids

        assert len(unseen) == len(set(unseen)) == 42
        assert not {each.id for each in present().criteria} & set(unseen)

    def test_every_doubtful_cell_names_the_source_that_makes_it_doubtful(self) -> None:
        bare = [
            (criterion.id, cell.entity)
            for criterion in present().criteria
            for cell in criterion.cells
            if cell.state == "doubtful" and not cell.sources
        ]

        assert bare == []

    def test_no_working_number_can_be_taken_for_an_official_one(self) -> None:
        for edition in editions():
            for criterion in edition.criteria:
                labels = edition.label(criterion).by_language

                official = criterion.id_status is IdStatus.OFFICIAL
                assert official == (set(labels.values()) == {criterion.id})

    def test_no_cell_blocks_that_is_not_confirmed(self) -> None:
        for entity in present().entity_types:
            for row in present().applicable(entity):
                assert not row.blocks or row.cell.state == "confirmed"

    def test_the_lists_have_the_counts_that_their_names_promise(self) -> None:
        lists = {each.id: each for each in present().lists}
        groups = Counter(item.group for item in lists["highway-inspection"].items)

        assert groups == {"tractor": 7, "trailer": 10}
        assert [bool(item.when) for item in lists["container-inspection"].items] == [False] * 7 + [
            True
        ]
        assert len(lists["legacy-highway-inspection"].items) == 17
        assert len(lists["vvtt"].items) == 4
        assert len(lists["pickup-log"].items) == 8

    def test_field_lists_and_parameters_name_the_same_fields(self) -> None:
        fields = {
            "inspection-checklist": present().criterion("5.5").params["checklist_fields"],
            "visitor-log": present().criterion("10.2").params["visitor_log_fields"],
            "pickup-log": present().criterion("10.4").params["pickup_log_fields"],
            "footage-review": present().criterion("9.15").params["summary_fields"],
        }

        for list_id, named in fields.items():
            items = present().reference_list(list_id).items
            assert tuple(item.key.replace("-", "_") for item in items) == named

    def test_every_point_that_an_older_list_names_exists(self) -> None:
        points = {
            f"{each.id}:{'.'.join(filter(None, (item.group, item.key)))}"
            for each in present().lists
            for item in each.items
        }

        for item in present().reference_list("legacy-highway-inspection").items:
            if item.value is not None:
                prefix, _, named = item.value.partition(":")
                assert {f"{prefix}:{name}" for name in named.split(", ")} <= points


def spanish() -> Iterator[tuple[str, Text]]:
    for edition in editions():
        if "es" not in edition.languages:
            continue
        for criterion in edition.criteria:
            for name, text in criterion_texts(criterion):
                yield f"{edition.id} {criterion.id} {name}", text
        for name, text in edition_texts(edition):
            yield f"{edition.id} {name}", text


#: Texts that are the same in both languages for a reason: numbers, and words that Mexico shares.
SAME_ON_PURPOSE = re.compile(r"[\d\s.,\-x/+]+|Motor")


class TestSpanish:
    def test_nothing_is_missing(self) -> None:
        missing = [name for name, text in spanish() if not text.by_language.get("es")]

        assert missing == []

    def test_nothing_is_merely_copied(self) -> None:
        copied = [
            name
            for name, text in spanish()
            if text.by_language.get("es") == str(text) and not SAME_ON_PURPOSE.fullmatch(str(text))
        ]

        assert copied == []

    def test_every_number_of_the_english_stands_in_the_spanish(self) -> None:
        words = {"1": "un", "2": "dos", "4": "cuatro", "7": "siete", "8": "ocho", "12": "doce"}
        lost = []
        for name, text in spanish():
            there = Counter(re.findall(r"\d+", text.by_language.get("es", "")))
            for number, times in Counter(re.findall(r"\d+", str(text))).items():
                written = words.get(number, "-") in text.by_language.get("es", "").lower()
                if there[number] < times and not written:
                    lost.append(f"{name}: {number}")

        assert lost == []
