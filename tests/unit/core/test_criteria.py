"""Editions of criteria: order, cells, what blocks, what changed, and the hash of it all."""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from greenlane.core.criteria import (
    Category,
    Cell,
    CellState,
    Compliance,
    Criterion,
    Edition,
    EditionStatus,
    Evidence,
    EvidenceKind,
    FocusArea,
    FrozenMap,
    HistoryLine,
    IdStatus,
    ListItem,
    NoEdition,
    ReferenceList,
    Source,
    SubRequirement,
    TextConfidence,
    UnknownCriterion,
    UnknownEntity,
    content_hash,
    diff_editions,
    edition_on,
    editions_on,
    id_order,
    to_plain,
)
from greenlane.core.text import Text
from greenlane.core.vocabulary import CriterionLevel

MUST, SHOULD = CriterionLevel.MUST, CriterionLevel.SHOULD
CONFIRMED, ASSUMED, DOUBTFUL = CellState.CONFIRMED, CellState.ASSUMED, CellState.DOUBTFUL


def english(words: str) -> Text:
    return Text({"en": words})


SOURCE = Source("book", english("The book"))


def criterion(criterion_id: str = "1.1", *cells: Cell, **changes: Any) -> Criterion:
    plain = Criterion(
        id=criterion_id,
        id_status=IdStatus.OFFICIAL,
        category=1,
        focus_area="all",
        level=MUST,
        title=Text({"en": "Seal log", "es": "Bitácora de sellos"}),
        requirement=english("Keep a log."),
        cells=cells or (Cell("importer", CONFIRMED),),
        evidence=(Evidence(EvidenceKind.LOG, english("the log")),),
        sources=(SOURCE,),
        confidence=TextConfidence.HIGH,
    )
    return replace(plain, **changes)


def edition(
    *criteria: Criterion, edition_id: str = "a", begins: date = date(2020, 1, 1)
) -> Edition:
    return Edition(
        pack="sample",
        id=edition_id,
        title=english("Sample"),
        status=EditionStatus.DRAFT,
        valid_from=begins,
        valid_to=None,
        compliance=Compliance(begins, begins),
        publisher=english("Us"),
        license="Apache-2.0",
        retrieved_on=date(2026, 1, 1),
        sources=(SOURCE,),
        supersedes=None,
        based_on=None,
        languages=("en",),
        entity_types=("importer", "carrier"),
        focus_areas=(FocusArea("all", english("All")),),
        categories=(Category(1, "1", english("One"), "all"),),
        criteria=tuple(sorted(criteria, key=lambda each: id_order(each.id))),
        lists=(
            ReferenceList(
                "marks",
                "log",
                english("Marks"),
                (ListItem("a", english("A")),),
                (),
                TextConfidence.LOW,
            ),
        ),
        cell_basis=FrozenMap({state.value: english(f"it is {state}") for state in CellState}),
        id_labels=FrozenMap({"provisional": Text({"en": "Working no.", "es": "Núm. provisional"})}),
    )


class TestFrozenMap:
    def test_it_is_hashed_and_pickled_like_a_value(self) -> None:
        months: FrozenMap[int] = FrozenMap({"review": 12, "keep": 36})

        assert {months: 1}[FrozenMap({"keep": 36, "review": 12})] == 1
        assert pickle.loads(pickle.dumps(months)) == months  # noqa: S301 -- our own bytes
        assert repr(months) == "FrozenMap({'review': 12, 'keep': 36})"

    def test_it_cannot_be_changed(self) -> None:
        with pytest.raises(AttributeError, match="frozen"):
            FrozenMap()._items = {}

    def test_it_is_a_mapping(self) -> None:
        months: Mapping[str, int] = FrozenMap({"review": 12})

        assert (len(months), list(months), months["review"]) == (1, ["review"], 12)


class TestOrder:
    def test_ids_are_ordered_as_people_number_them(self) -> None:
        mixed = ["TC-FL1", "10.1", "3.10", "3.P-BRK2", "TC-01", "3.9", "4.1"]

        assert sorted(mixed, key=id_order) == [
            "3.9",
            "3.10",
            "3.P-BRK2",
            "4.1",
            "10.1",
            "TC-01",
            "TC-FL1",
        ]

    def test_digits_of_other_scripts_do_not_break_the_order(self) -> None:
        assert id_order("3.²") == ((0, 3, ""), (1, 0, ".²"))


class TestApplicable:
    def test_only_criteria_with_a_cell_for_the_entity_type_apply(self) -> None:
        book = edition(criterion("1.2"), criterion("1.10", Cell("carrier", CONFIRMED)))

        assert [row.id for row in book.applicable("importer")] == ["1.2"]
        assert [row.id for row in book.applicable("carrier")] == ["1.10"]

    def test_the_level_of_the_cell_wins_over_that_of_the_criterion(self) -> None:
        book = edition(criterion("1.1", Cell("importer", CONFIRMED, level=SHOULD)))

        (row,) = book.applicable("importer")

        assert (row.level, row.criterion.level, row.entity) == (SHOULD, MUST, "importer")

    @pytest.mark.parametrize(
        ("state", "level", "blocks"),
        [
            (CONFIRMED, MUST, True),
            (CONFIRMED, SHOULD, False),
            (ASSUMED, MUST, False),
            (DOUBTFUL, MUST, False),
        ],
    )
    def test_only_a_must_whose_cell_is_confirmed_blocks(
        self, state: CellState, level: CriterionLevel, blocks: bool
    ) -> None:
        (row,) = edition(criterion("1.1", Cell("importer", state), level=level)).applicable(
            "importer"
        )

        assert row.blocks is blocks
        assert str(row.basis) == f"it is {state}"

    def test_the_office_confirms_a_cell_and_then_it_blocks(self) -> None:
        book = edition(
            criterion("1.1", Cell("importer", ASSUMED), Cell("carrier", ASSUMED)),
            criterion("1.2", Cell("importer", DOUBTFUL)),
        )

        rows = book.applicable("importer", confirmed_cells={("1.1", "importer")})

        assert [(row.state, row.blocks) for row in rows] == [(CONFIRMED, True), (DOUBTFUL, False)]
        assert rows[0].cell.state is ASSUMED
        (other,) = book.applicable("carrier", confirmed_cells={("1.1", "importer")})
        assert not other.blocks

    def test_a_part_blocks_by_its_own_level(self) -> None:
        parts = (
            SubRequirement("a", english("a"), MUST),
            SubRequirement("b", english("b"), SHOULD),
            SubRequirement("c", english("c"), MUST, reported=True),
        )
        (row,) = edition(criterion(level=SHOULD, sub_requirements=parts)).applicable("importer")

        assert [row.sub_blocks(part) for part in parts] == [True, False, False]

    def test_a_cell_that_lowers_the_criterion_lowers_its_parts(self) -> None:
        part = SubRequirement("a", english("a"), MUST)
        lowered = criterion(
            "1.1", Cell("importer", CONFIRMED, level=SHOULD), sub_requirements=(part,)
        )
        (row,) = edition(lowered).applicable("importer")

        assert row.sub_level(part) is SHOULD
        assert not row.sub_blocks(part)

    def test_a_confirmed_cell_rests_on_the_sources_of_its_criterion(self) -> None:
        own = Source("own", english("Own"))
        book = edition(
            criterion("1.1", Cell("importer", CONFIRMED)),
            criterion("1.2", Cell("importer", CONFIRMED, sources=(own,))),
            criterion("1.3", Cell("importer", ASSUMED)),
        )

        assert [row.sources for row in book.applicable("importer")] == [(SOURCE,), (own,), ()]

    def test_a_criterion_that_binds_nobody_yet_is_left_out(self) -> None:
        later = Compliance(date(2022, 8, 1), date(2023, 8, 1))
        book = edition(criterion("1.1"), criterion("1.2", compliance=later))

        def ids(on: date | None) -> list[str]:
            return [row.id for row in book.applicable("importer", on=on)]

        assert ids(date(2022, 7, 31)) == ["1.1"]
        assert ids(date(2022, 8, 1)) == ids(None) == ["1.1", "1.2"]
        assert later.binds(date(2023, 7, 31), new_applicant=True)
        assert not later.binds(date(2023, 7, 31), new_applicant=False)

    def test_an_unknown_entity_type_is_refused_with_those_there_are(self) -> None:
        with pytest.raises(UnknownEntity, match="importer, carrier") as refused:
            edition().applicable("imporrter")

        assert refused.value.code == "criteria.unknown_entity"


class TestLookingUp:
    def test_a_criterion_is_found_by_its_id_or_refused(self) -> None:
        book = edition(criterion("1.1"))

        assert book.criterion("1.1").id == "1.1"
        with pytest.raises(UnknownCriterion, match=r"'9\.99'"):
            book.criterion("9.99")

    def test_categories_and_lists_are_found_by_their_keys(self) -> None:
        book = edition(criterion())

        assert str(book.category(1).name) == "One"
        assert book.reference_list("marks").kind == "log"

    def test_an_official_number_stands_alone_and_a_working_one_says_so(self) -> None:
        book = edition()
        working = criterion("1.P-1", id_status=IdStatus.PROVISIONAL)

        assert book.label(criterion("1.1")) == english("1.1")
        assert book.label(working).in_("es") == "Núm. provisional 1.P-1"


class TestEditionsOnADay:
    def test_the_period_is_half_open(self) -> None:
        first = replace(edition(edition_id="a"), valid_to=date(2023, 1, 1))
        second = edition(edition_id="b", begins=date(2023, 1, 1))

        assert editions_on((first, second), date(2022, 12, 31)) == (first,)
        assert edition_on((first, second), date(2023, 1, 1)) is second

    def test_before_the_first_edition_there_is_none(self) -> None:
        with pytest.raises(NoEdition, match="1 January 2020"):
            edition_on((edition(),), date(2019, 12, 31))
        with pytest.raises(NoEdition, match="none at all"):
            edition_on((), date(2019, 12, 31))


class TestDifference:
    def test_the_same_edition_differs_in_nothing(self) -> None:
        assert diff_editions(edition(criterion()), edition(criterion()), "importer").is_empty

    def test_criteria_come_and_go_with_their_cells(self) -> None:
        before = edition(criterion("1.9"), criterion("1.10"))
        after = edition(criterion("1.10"), criterion("1.11"))

        found = diff_editions(before, after, "importer")

        assert [change.id for change in found.added] == ["1.11"]
        assert [change.id for change in found.withdrawn] == ["1.9"]
        assert found.added[0].before is None
        assert found.withdrawn[0].after is None
        assert diff_editions(before, after, "carrier").is_empty

    def test_a_level_that_rises_for_one_entity_type_rises_for_that_one_only(self) -> None:
        cells = (Cell("importer", ASSUMED), Cell("carrier", ASSUMED))
        raised = (Cell("importer", ASSUMED, level=MUST), Cell("carrier", ASSUMED))
        before = edition(criterion("3.9", *cells, level=SHOULD))
        after = edition(criterion("3.9", *raised, level=SHOULD))

        (change,) = diff_editions(before, after, "importer").raised

        assert (change.id, change.fields, change.asks_again) == ("3.9", ("level",), True)
        assert diff_editions(before, after, "carrier").is_empty
        assert [each.id for each in diff_editions(after, before, "importer").lowered] == ["3.9"]

    def test_a_part_that_rises_counts_as_raised(self) -> None:
        def with_part(level: CriterionLevel) -> Edition:
            return edition(criterion(sub_requirements=(SubRequirement("a", english("a"), level),)))

        found = diff_editions(with_part(SHOULD), with_part(MUST), "importer")

        assert [change.fields for change in found.raised] == [("sub_requirements.a",)]
        assert found.lowered == ()

    @pytest.mark.parametrize(
        ("field", "value", "asks_again"),
        [
            ("title", english("Seal book"), True),
            ("requirement", english("Keep two logs."), True),
            ("params", FrozenMap({"months": 12}), True),
            ("sub_requirements", (SubRequirement("a", english("a"), MUST),), True),
            ("guidance", english("On paper is fine."), False),
            ("evidence", (Evidence(EvidenceKind.PHOTO, english("the log")),), False),
        ],
    )
    def test_new_words_are_named_by_their_field(
        self, field: str, value: Any, asks_again: bool
    ) -> None:
        found = diff_editions(
            edition(criterion()), edition(criterion(**{field: value})), "importer"
        )

        assert [(each.fields, each.asks_again) for each in found.reworded] == [
            ((field,), asks_again)
        ]

    def test_a_new_condition_rewords_the_criterion_for_its_entity_type(self) -> None:
        bound = Cell("importer", CONFIRMED, condition=english("only by sea"))

        found = diff_editions(edition(criterion()), edition(criterion("1.1", bound)), "importer")

        assert [change.fields for change in found.reworded] == [("condition",)]

    def test_a_translation_alone_is_no_difference(self) -> None:
        translated = criterion(title=Text({"en": "Seal log", "es": "Libro de sellos"}))

        assert diff_editions(edition(criterion()), edition(translated), "importer").is_empty

    def test_an_entity_type_that_is_new_has_everything_added(self) -> None:
        before = replace(edition(criterion()), entity_types=("carrier",))

        found = diff_editions(before, edition(criterion()), "importer")

        assert [change.id for change in found.added] == ["1.1"]

    def test_an_entity_type_that_neither_knows_is_refused(self) -> None:
        with pytest.raises(UnknownEntity):
            diff_editions(edition(), edition(), "broker")


class TestContentHash:
    def test_it_does_not_depend_on_the_order_of_languages(self) -> None:
        other = criterion(title=Text({"es": "Bitácora de sellos", "en": "Seal log"}))

        assert other.content_hash == criterion().content_hash

    @pytest.mark.parametrize(
        "changes",
        [
            {"title": Text({"en": "Seal log", "es": "Bitácora de sello"})},
            {"level": SHOULD},
            {"cells": (Cell("importer", ASSUMED),)},
            {"sources": (Source("book", english("The book"), "https://example.org"),)},
            {"history": (HistoryLine("2020-01", english("x")),)},
            {"tags": ("seals",)},
        ],
    )
    def test_anything_that_bears_meaning_changes_it(self, changes: dict[str, Any]) -> None:
        assert criterion(**changes).content_hash != criterion().content_hash

    def test_the_hash_of_an_edition_covers_criteria_and_lists_but_not_its_end(self) -> None:
        book = edition(criterion())

        assert replace(book, valid_to=date(2030, 1, 1)).content_hash == book.content_hash
        assert edition(criterion(level=SHOULD)).content_hash != book.content_hash
        assert replace(book, lists=()).content_hash != book.content_hash

    def test_a_field_that_is_empty_leaves_no_trace(self) -> None:
        assert to_plain(Cell("importer", CONFIRMED)) == {"entity": "importer", "state": "confirmed"}
        assert content_hash({"a": 0}) != content_hash({"a": False})

    def test_a_value_without_canonical_form_is_refused(self) -> None:
        with pytest.raises(TypeError, match="no canonical form"):
            to_plain(object())
        assert to_plain([date(2020, 1, 2), 1, None]) == ["2020-01-02", 1, None]
