"""Tables, all alike: what the address asks for, and what the page shows of it.

The address is the state: search, filters, sort, columns and place are parameters, so a table can be
bookmarked, sent to a colleague and exported as it is seen.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias, TypeVar
from urllib.parse import urlencode

from django.http import QueryDict

from greenlane.web.ui.pieces import Choice, Empty

PAGE_ROWS: Final = 50
_LONGEST_TEXT: Final = 200
_LONGEST_CURSOR: Final = 600
_MOST_CURSOR_PARTS: Final = 6

Scalar: TypeAlias = str | int | float | bool | None
_T = TypeVar("_T")


def encode_cursor(values: Sequence[Scalar]) -> str:
    """Return the sort values of a page's last row as one parameter."""
    text = json.dumps(list(values), separators=(",", ":"), ensure_ascii=False)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decode_cursor(text: str) -> tuple[Scalar, ...] | None:
    """Return the sort values of a place, or None for anything that is not one."""
    if not text or len(text) > _LONGEST_CURSOR:
        return None
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        values = json.loads(raw)
    except (ValueError, binascii.Error, RecursionError):
        return None
    if not isinstance(values, list) or not 0 < len(values) <= _MOST_CURSOR_PARTS:
        return None
    if not all(value is None or isinstance(value, str | int | float) for value in values):
        return None
    return tuple(values)


def cut(found: Iterable[_T], rows: int = PAGE_ROWS) -> tuple[list[_T], bool]:
    """Return at most ``rows`` of what was found, and whether there are more: ask for one more."""
    listed = list(found)
    return listed[:rows], len(listed) > rows


@dataclass(frozen=True, slots=True)
class Column:
    """One column; the first of a table is its rows' heading and always shown."""

    key: str
    title: str
    is_sortable: bool = False
    is_number: bool = False
    is_optional: bool = True


@dataclass(frozen=True, slots=True)
class Option:
    """One value a filter may have."""

    value: str
    title: str
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Filter:
    """One question a table can be narrowed by; its options are chips."""

    key: str
    title: str
    options: Sequence[Option]


@dataclass(frozen=True, slots=True)
class Row:
    """One row. ``cells`` are values that ``{% cell %}`` knows; ``pick`` is its bulk value.

    ``group`` starts a heading when it differs from the row before.
    """

    cells: Mapping[str, object]
    href: str = ""
    id: str = ""
    tone: str = ""
    pick: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True)
class Bulk:
    """Acts on several rows at once: pairs of value (posted as ``act``) and words."""

    action_href: str
    acts: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class TableQuery:
    """What the address asks of a table, cleaned: unknown columns, values and places are dropped.

    ``prefix`` keeps the parameters of two tables on one page apart.
    """

    text: str = ""
    sort: str = ""
    is_descending: bool = False
    chosen: Mapping[str, str] = field(default_factory=dict)
    columns: tuple[str, ...] = ()
    cursor: tuple[Scalar, ...] | None = None
    prefix: str = ""
    default_sort: str = ""
    kept: tuple[tuple[str, str], ...] = ()

    @classmethod
    def read(
        cls,
        given: QueryDict,
        *,
        columns: Sequence[Column],
        filters: Sequence[Filter] = (),
        sort: str = "",
        prefix: str = "",
        keep: Sequence[str] = (),
    ) -> TableQuery:
        """Read the parameters of an address; whatever is not understood is as if not given.

        Args:
            given: ``request.GET``.
            columns: All columns of the table.
            filters: Its filters; only their own options are accepted.
            sort: Sort when none is asked for; a leading ``-`` turns it around.
            prefix: Put before each parameter's name.
            keep: Names of other parameters to carry along.
        """
        sortable = {column.key for column in columns if column.is_sortable}
        asked = given.get(f"{prefix}sort", "")
        wanted = asked if asked.removeprefix("-") in sortable else sort
        chosen = {}
        for each in filters:
            value = given.get(prefix + each.key, "")
            if value in {option.value for option in each.options}:
                chosen[each.key] = value
        known = {column.key for column in columns}
        shown = tuple(key for key in given.getlist(f"{prefix}cols") if key in known)
        return cls(
            text=" ".join(given.get(f"{prefix}q", "").replace("\x00", "").split())[:_LONGEST_TEXT],
            sort=wanted.removeprefix("-"),
            is_descending=wanted.startswith("-"),
            chosen=chosen,
            columns=shown,
            cursor=decode_cursor(given.get(f"{prefix}after", "")),
            prefix=prefix,
            default_sort=sort,
            kept=tuple((key, given.get(key, "")[:_LONGEST_TEXT]) for key in keep if key in given),
        )

    @property
    def is_narrowed(self) -> bool:
        """Whether a search or a filter leaves something out."""
        return bool(self.text or self.chosen)

    def parameters(
        self, changes: Mapping[str, str | None] | None = None, *, without: Sequence[str] = ()
    ) -> list[tuple[str, str]]:
        """Return the address's parameters with changes: None removes one, ``after`` never stays.

        ``without`` names parameters to leave out; names carry no prefix here.
        """
        sort = f"-{self.sort}" if self.is_descending else self.sort
        now: dict[str, str | None] = {
            "q": self.text or None,
            **self.chosen,
            "sort": sort if sort != self.default_sort else None,
            **(changes or {}),
        }
        found = [
            (self.prefix + key, value)
            for key, value in now.items()
            if value is not None and key not in without
        ]
        if "cols" not in without:
            found += [(f"{self.prefix}cols", key) for key in self.columns]
        return [*self.kept, *found]

    def href(self, **changes: str | None) -> str:
        """Return the address of this table with changes."""
        pairs = self.parameters(changes)
        return "?" + urlencode(pairs) if pairs else "?"


@dataclass(frozen=True, slots=True)
class Table:
    """A table as a template gets it; nothing in it asks the database.

    Attributes:
        next_cursor: Sort values of the last row when there are more, else None.
        total: All rows that match, where counting them is cheap.
        views: Saved views, as links.
        table_id: Id on the page; must differ between tables of one page.
    """

    caption: str
    columns: Sequence[Column]
    rows: Sequence[Row]
    query: TableQuery = field(default_factory=TableQuery)
    filters: Sequence[Filter] = ()
    next_cursor: tuple[Scalar, ...] | None = None
    total: int | None = None
    export_href: str = ""
    empty: Empty | None = None
    views: Sequence[Choice] = ()
    bulk: Bulk | None = None
    search_label: str = ""
    table_id: str = "table"
    has_visible_caption: bool = False

    @property
    def shown_columns(self) -> list[Column]:
        """The columns asked for, in the table's order; all when none are named."""
        if not self.query.columns:
            return list(self.columns)
        return [
            column
            for index, column in enumerate(self.columns)
            if index == 0 or not column.is_optional or column.key in self.query.columns
        ]
