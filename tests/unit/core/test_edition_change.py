"""What a new edition means for each answer of a member (P17: show only what changed)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from greenlane.content.criteria_files import load_editions
from greenlane.content.packs import pack_dir
from greenlane.core.criteria import Edition
from greenlane.core.edition_change import ChangeKind, Fate, edition_change


@pytest.fixture(scope="module")
def books() -> tuple[Edition, Edition]:
    """The two editions that the pack has."""
    first, second = load_editions(pack_dir("ctpat"))
    return first, second


def test_a_raised_criterion_is_asked_again_and_every_other_answer_is_carried_over(
    books: tuple[Edition, Edition],
) -> None:
    answered = {row.id for row in books[0].applicable("importer")}
    found = edition_change(*books, "importer", answered=answered)
    assert found.asked_again == ("3.9",)
    assert found.changed[0].kinds == (ChangeKind.RAISED,)
    assert set(found.untouched) == answered - {"3.9"}


def test_a_raised_criterion_that_was_never_answered_is_new(books: tuple[Edition, Edition]) -> None:
    found = edition_change(*books, "importer", answered={"1.1"})
    assert found.with_fate(Fate.NEW) == ("3.9",)
    assert found.asked_again == ()
    assert found.untouched == ("1.1",)


def test_an_entity_type_for_which_nothing_differs_has_nothing_to_do(
    books: tuple[Edition, Edition],
) -> None:
    found = edition_change(*books, "sea_carrier", answered={"1.1"})
    assert found.changed == ()


def test_the_way_back_lowers_what_was_raised_and_asks_nothing(
    books: tuple[Edition, Edition],
) -> None:
    first, second = books
    found = edition_change(second, first, "importer", answered={"3.9"})
    assert found.changed[0].kinds == (ChangeKind.LOWERED,)
    assert found.changed[0].fate is Fate.CARRIED


def test_a_withdrawn_criterion_is_closed_and_an_answered_one_that_returns_is_asked_again(
    books: tuple[Edition, Edition],
) -> None:
    first, second = books
    fewer = replace(second, criteria=tuple(one for one in second.criteria if one.id != "1.1"))

    gone = edition_change(first, fewer, "importer", answered={"1.1"})
    back = edition_change(fewer, first, "importer", answered={"1.1"})

    assert gone.with_fate(Fate.CLOSED) == ("1.1",)
    assert [one.id for one in gone.changed if ChangeKind.WITHDRAWN in one.kinds] == ["1.1"]
    assert back.asked_again == ("1.1",)
