"""Tables: what an address asks for, and that no address breaks one."""

from __future__ import annotations

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from greenlane.web.ui.table import (
    Column,
    Filter,
    Option,
    Table,
    TableQuery,
    cut,
    decode_cursor,
    encode_cursor,
)

COLUMNS = (
    Column("member", "Member", is_sortable=True),
    Column("due", "Due", is_sortable=True),
    Column("status", "Status"),
    Column("id", "Id", is_optional=False),
)
FILTERS = (Filter("of", "Whose", (Option("mine", "Mine"), Option("office", "Office"))),)


def read(address: str, **more: object) -> TableQuery:
    return TableQuery.read(
        QueryDict(address),
        columns=COLUMNS,
        filters=FILTERS,
        sort="due",
        **more,  # type: ignore[arg-type]  # passed on
    )


def test_an_empty_address_asks_for_the_default_sort() -> None:
    query = read("")

    assert (query.sort, query.is_descending, query.text, query.cursor) == ("due", False, "", None)
    assert not query.is_narrowed
    assert query.href() == "?"


def test_an_address_is_read_and_written_again() -> None:
    query = read("q=+c%C3%B3ndor++inc&of=mine&sort=-member&cols=due&cols=member")

    assert query.text == "cóndor inc"
    assert query.chosen == {"of": "mine"}
    assert (query.sort, query.is_descending) == ("member", True)
    assert query.href() == "?q=c%C3%B3ndor+inc&of=mine&sort=-member&cols=due&cols=member"


@pytest.mark.parametrize(
    "address",
    [
        "sort=password",
        "sort=--due",
        "sort=status",
        "of=everybody",
        "cols=secret",
        "after=%00",
        "q=%00",
    ],
)
def test_what_is_not_offered_is_as_if_not_asked(address: str) -> None:
    assert read(address) == read("")


def test_changing_a_filter_goes_back_to_the_first_page() -> None:
    query = read(f"after={encode_cursor(['2026-05-03', 7])}&of=mine")

    assert query.cursor == ("2026-05-03", 7)
    assert query.href(of="office") == "?of=office"


def test_two_tables_on_a_page_keep_apart() -> None:
    query = read("a_q=seal&q=other", prefix="a_")

    assert query.text == "seal"
    assert query.href() == "?a_q=seal"


def test_a_kept_parameter_is_carried_along() -> None:
    assert read("on=2026-05-03", keep=["on"]).href(q="x") == "?on=2026-05-03&q=x"


def test_the_first_and_the_needed_columns_cannot_be_hidden() -> None:
    table = Table("Queue", COLUMNS, (), read("cols=status"))

    assert [column.key for column in table.shown_columns] == ["member", "status", "id"]


def test_all_columns_show_when_none_are_named() -> None:
    assert Table("Queue", COLUMNS, (), read("")).shown_columns == list(COLUMNS)


def test_one_row_too_many_means_another_page() -> None:
    assert cut(range(51)) == (list(range(50)), True)
    assert cut(range(50)) == (list(range(50)), False)


scalars = st.one_of(st.text(max_size=40), st.integers(-(10**12), 10**12), st.none(), st.booleans())


@given(st.lists(scalars, min_size=1, max_size=4))
def test_a_place_survives_the_address(values: list[str | int | None]) -> None:
    assert decode_cursor(encode_cursor(values)) == tuple(values)


@given(st.text(max_size=700))
def test_no_place_breaks_a_table(text: str) -> None:
    found = decode_cursor(text)

    assert found is None or isinstance(found, tuple)


@pytest.mark.parametrize(
    "values",
    ["e30", "W10", "W1tdXQ", "W3t9XQ", "W" * 601, "W1tbW1tb", "WzEsMiwzLDQsNSw2LDdd"],
)
def test_a_place_is_a_short_list_of_plain_values(values: str) -> None:
    assert decode_cursor(values) is None
