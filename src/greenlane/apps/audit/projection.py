"""Projections: tables that follow from the events, written with them and rebuilt to prove it.

One function per kind of event says what it changes. It runs on the database when the event is
written, and in memory when the record is verified; the two must agree to the last column.
"""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain
from typing import Any, Final, TypeAlias

from django.conf import settings
from django.core.exceptions import EmptyResultSet, ImproperlyConfigured
from django.db import connection, models
from django.db.models import F, Func, Model, QuerySet, TextField
from django.db.models.functions import Cast

from greenlane.apps.audit.retention import Kept
from greenlane.core.canonical import Json
from greenlane.core.program import RetentionRule

Fields: TypeAlias = Mapping[str, Any]
Row: TypeAlias = dict[str, Any]
Before: TypeAlias = Callable[[type[Model], Mapping[str, object]], Row | None]

_OWN: Final = "greenlane.apps.audit.projections"


@dataclass(frozen=True, slots=True)
class Change:
    """What an event does to one row of a projected table.

    Attributes:
        model: The table, one of the ``TABLES`` of its app.
        key: Columns and values that name the row within its stream; the same columns for every
            change of a table, and unique by a constraint.
        values: Columns to set; a row that is not there is made, other columns at their defaults.
        delete: Take the row away instead.
    """

    model: type[Model]
    key: Mapping[str, object]
    values: Mapping[str, object] = field(default_factory=dict)
    delete: bool = False


Projector: TypeAlias = Callable[[Fields, "Mapping[str, Json] | None", Before], Iterable[Change]]


def nothing(fields: Fields, content: Mapping[str, Json] | None, before: Before) -> tuple[()]:
    """Project nothing: for kinds of events that no table shows."""
    return ()


class WrongProjection(ImproperlyConfigured):
    """A projector changed what it may not, or a table cannot be one. A fault in the code."""


@dataclass(frozen=True)
class Table:
    """A projected table: its columns by name, without an automatic primary key."""

    model: type[Model]
    columns: Mapping[str, models.Field[Any, Any]]
    cleaners: Mapping[str, Callable[[Any], Any]]

    def fresh(self, stream: str) -> Row:
        """Return a row of defaults."""
        row = {name: column.get_default() for name, column in self.columns.items()}
        row["stream"] = stream
        return row

    def clean(self, values: Mapping[str, object]) -> Row:
        """Return ``values`` as the columns' Python types.

        Raises:
            WrongProjection: a name is no projected column of this table.
        """
        try:
            return {name: self.cleaners[name](value) for name, value in values.items()}
        except KeyError as unknown:
            raise WrongProjection(
                f"{self.model.__name__} has no projected column {unknown}. It has: "
                f"{', '.join(self.columns)}."
            ) from None


def _plain(value: Any) -> Any:
    """Return a JSON value as lists and dictionaries, as the database gives it back."""
    if isinstance(value, Mapping):
        return {str(name): _plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Something that a library keeps beside the record and that contradicts it."""

    stream: str
    says: str


@dataclass(frozen=True, slots=True)
class Drafts:
    """A table of what somebody typed and never saved.

    Attributes:
        model: The table; it is no projection.
        column: Its column that names the stream.
        category: Retention rule of the words, once they are saved; the drafts go with them.
    """

    model: type[Model]
    column: str
    category: str


# How long the sealed records of some events are kept, for a stream that is of no account: asked
# with the retention rule and the events.
Keeper: TypeAlias = Callable[[RetentionRule, Sequence[Fields]], list[Kept]]
# Legal holds elsewhere that also stop an erasure in a stream: asked with the stream and the keys of
# whom the records are; gives the holds' names.
Holder: TypeAlias = Callable[[str, Collection[str]], Iterable[str]]


@dataclass(frozen=True, slots=True)
class Registry:
    """Every projector by kind of event, every projected table, and what is checked beside them.

    A kind of event belongs to one app; ``followers`` are projectors of other apps, whose tables
    follow from it too, and run after its own. ``keepers`` count retention by stream, where no
    account's history does, and for each of many whose records it holds in those of ``of_many``;
    ``holders`` tell of holds; ``drafts`` are tables of what somebody typed and never saved.
        followers,
    """

    projectors: Mapping[str, Projector]
    tables: Mapping[type[Model], Table]
    beside: tuple[Callable[[], Iterable[Disagreement]], ...] = ()
    keepers: Mapping[str, Keeper] = field(default_factory=dict)
    of_many: frozenset[str] = frozenset()
    holders: tuple[Holder, ...] = ()
    drafts: tuple[Drafts, ...] = ()
    followers: Mapping[str, tuple[Projector, ...]] = field(default_factory=dict)

    def changes(
        self, fields: Fields, content: Mapping[str, Json] | None, before: Before
    ) -> Iterable[Change]:
        """Return what the event changes.

        Raises:
            WrongProjection: no app knows this kind of event.
        """
        projector = self.projectors.get(fields["kind"])
        if projector is None:
            raise WrongProjection(
                f"No app in GREENLANE_PROJECTIONS has a projector for events of kind "
                f"{fields['kind']!r}. Use projection.nothing where no table follows from it."
            )
        following = self.followers.get(fields["kind"], ())
        return chain.from_iterable(
            follow(fields, content, before) for follow in (projector, *following)
        )

    def table(self, model: type[Model]) -> Table:
        """Return the projected table of ``model``.

        Raises:
            WrongProjection: no app lists it in its TABLES.
        """
        try:
            return self.tables[model]
        except KeyError:
            raise WrongProjection(f"{model.__name__} is not in the TABLES of any app.") from None


def registry() -> Registry:
    """Return the projectors and tables of the apps that the settings list."""
    return _read_registry(tuple(getattr(settings, "GREENLANE_PROJECTIONS", ())))


@lru_cache(maxsize=8)
def _read_registry(names: tuple[str, ...]) -> Registry:
    projectors: dict[str, Projector] = {}
    tables: dict[type[Model], Table] = {}
    beside: list[Callable[[], Iterable[Disagreement]]] = []
    keepers: dict[str, Keeper] = {}
    of_many: set[str] = set()
    holders: list[Holder] = []
    drafts: list[Drafts] = []
    followers: dict[str, tuple[Projector, ...]] = {}
    for name in dict.fromkeys((_OWN, *names)):
        module = importlib.import_module(name)
        twice = projectors.keys() & module.PROJECTORS.keys()
        if twice:
            raise WrongProjection(f"{name} projects events that another app owns: {twice}.")
        projectors.update(module.PROJECTORS)
        beside += getattr(module, "BESIDE", ())
        keepers.update(getattr(module, "KEEPERS", {}))
        of_many.update(getattr(module, "OF_MANY", ()))
        holders += getattr(module, "HOLDERS", ())
        drafts += getattr(module, "DRAFTS", ())
        own: Mapping[str, Projector] = getattr(module, "FOLLOWERS", {})
        for kind, follow in own.items():
            followers[kind] = (*followers.get(kind, ()), follow)
        unprojected: Mapping[type[Model], frozenset[str]] = getattr(module, "UNPROJECTED", {})
        for model in module.TABLES:
            tables[model] = _table(model, unprojected.get(model, frozenset()))
    return Registry(
        projectors,
        tables,
        tuple(beside),
        keepers,
        frozenset(of_many),
        tuple(holders),
        tuple(drafts),
        followers,
    )


def _table(model: type[Model], left_out: frozenset[str]) -> Table:
    columns = {
        column.attname: column
        for column in model._meta.concrete_fields
        if not (column.primary_key and isinstance(column, models.AutoField))
        and column.attname not in left_out
    }
    if "stream" not in columns:
        raise WrongProjection(f"{model.__name__} needs a column `stream` to be a projection.")
    cleaners = {
        name: _plain if isinstance(column, models.JSONField) else column.to_python
        for name, column in columns.items()
    }
    return Table(model, columns, cleaners)


class Stored:
    """The rows of one stream in the database: reads them, and writes changes to them."""

    def __init__(self, stream: str) -> None:
        self.stream = stream
        self.registry = registry()

    def before(self, model: type[Model], key: Mapping[str, object]) -> Row | None:
        """Return the row as it stands, by column name, or None."""
        table = self.registry.table(model)
        return self._rows(model, table.clean(key)).values(*table.columns).first()

    def apply(self, changes: Iterable[Change]) -> None:
        """Write the changes, in order: one or two statements for each."""
        for change in changes:
            table = self.registry.table(change.model)
            key, values = table.clean(change.key), table.clean(change.values)
            rows = self._rows(change.model, key)
            if change.delete:
                rows.delete()
            elif not (rows.update(**values) if values else rows.exists()):
                row = {**table.fresh(self.stream), **key, **values}
                change.model._base_manager.create(**row)

    def _rows(self, model: type[Model], key: Row) -> QuerySet[Model]:
        return model._base_manager.filter(**{**key, "stream": self.stream}).order_by()


class Memory:
    """The rows of one stream in memory, as they follow from its events alone."""

    def __init__(self, stream: str) -> None:
        self.stream = stream
        self.registry = registry()
        self.rows: dict[type[Model], dict[tuple[Any, ...], Row]] = {}
        self.key_columns: dict[type[Model], tuple[str, ...]] = {}

    def before(self, model: type[Model], key: Mapping[str, object]) -> Row | None:
        """Return a copy of the row as it stands, or None."""
        row = self.rows.get(model, {}).get(self._place(self.registry.table(model), key))
        return None if row is None else dict(row)

    def apply(self, changes: Iterable[Change]) -> None:
        """Take over the changes, in order."""
        for change in changes:
            table = self.registry.table(change.model)
            place = self._place(table, change.key)
            rows = self.rows.setdefault(change.model, {})
            if change.delete:
                rows.pop(place, None)
                continue
            row = rows.get(place)
            if row is None:
                row = rows[place] = {**table.fresh(self.stream), **table.clean(change.key)}
            row.update(table.clean(change.values))

    def replay(self, fields: Fields, content: Mapping[str, Json] | None) -> None:
        """Take over what one event changes."""
        self.apply(self.registry.changes(fields, content, self.before))

    def _place(self, table: Table, key: Mapping[str, object]) -> tuple[Any, ...]:
        columns = self.key_columns.get(table.model)
        if columns is None:
            columns = self.key_columns[table.model] = tuple(sorted(key))
        if key.keys() != set(columns):
            raise WrongProjection(
                f"{table.model.__name__} is named by {sorted(key)} here and by {list(columns)} "
                "elsewhere. Use the same key columns in every change."
            )
        return tuple(table.cleaners[name](key[name]) for name in columns)


@dataclass(frozen=True, slots=True)
class Difference:
    """A row or column that does not follow from the events; ``column`` "" means the whole row."""

    model: type[Model]
    stream: str
    key: Mapping[str, Any]
    column: str
    says: str


def differences(memories: Mapping[str, Memory], model: type[Model]) -> Iterator[Difference]:
    """Compare the stored rows of some streams with what follows from their events.

    Runs one query for the table. Values are compared as the database holds them, before Django
    reads them: a date that was changed into another spelling of the same day is a change too.

    Args:
        memories: The streams' rows in memory, by stream.
        model: The table to compare.

    Yields:
        Differences in the order of the streams; rows that are missing come last.
    """
    table = registry().table(model)
    names = tuple(table.columns)
    wanted: dict[str, dict[tuple[Any, ...], tuple[Row, list[Any]]]] = {}
    for stream, memory in memories.items():
        columns = memory.key_columns.get(model, ())
        wanted[stream] = {}
        for row in memory.rows.get(model, {}).values():
            held = [stored_value(table.columns[name], row[name]) for name in names]
            place = tuple(held[names.index(name)] for name in columns)
            wanted[stream][place] = (row, held)
    queryset = model._base_manager.filter(stream__in=list(memories)).order_by("stream", "pk")
    for found in raw_rows(queryset, names):
        stream = found[names.index("stream")]
        memory_of = memories.get(stream)
        columns = memory_of.key_columns.get(model, ()) if memory_of else ()
        place = tuple(found[names.index(name)] for name in columns)
        shown = dict(zip(columns or names, place or found, strict=True))
        expected = wanted.get(stream, {}).pop(place, None) if columns else None
        if expected is None:
            yield Difference(model, stream, shown, "", "this row follows from no event")
            continue
        for name, there, held in zip(names, found, expected[1], strict=True):
            if not same_value(table.columns[name], there, held):
                says = f"holds {there!r}; the events give {held!r}"
                yield Difference(model, stream, shown, name, says)
    for stream, missing in wanted.items():
        columns = memories[stream].key_columns.get(model, ())
        for place in missing:
            shown = dict(zip(columns, place, strict=True))
            yield Difference(model, stream, shown, "", "this row is missing")


def rebuild(memory: Memory) -> int:
    """Write the rows of a stream as they follow from its events; return how many were changed.

    Must run inside a transaction that holds the stream's place (see ``actions.append``).
    """
    changed = 0
    for model, table in memory.registry.tables.items():
        columns = memory.key_columns.get(model, ())
        rows = model._base_manager.filter(stream=memory.stream)
        there = {
            tuple(row[name] for name in columns): row for row in rows.values("pk", *table.columns)
        }
        wanted = {
            tuple(row[name] for name in columns): row for row in memory.rows.get(model, {}).values()
        }
        for place, row in there.items():
            if place not in wanted:
                changed += rows.filter(pk=row["pk"]).delete()[0]
            elif any(row[name] != wanted[place][name] for name in table.columns):
                changed += rows.filter(pk=row["pk"]).update(**wanted[place])
        for place, row in wanted.items():
            if place not in there:
                model._base_manager.create(**row)
                changed += 1
    return changed


def raw_rows(
    queryset: QuerySet[Any, Any], names: Sequence[str], *, as_text: Sequence[str] = ()
) -> Iterator[tuple[Any, ...]]:
    """Yield columns of a query's rows exactly as the database holds them, by the thousand.

    Django's own reading accepts several spellings of one date, and any number as a boolean.

    Args:
        queryset: Which rows, in which order.
        names: Columns to read.
        as_text: Those of them that PostgreSQL shall give as text, which for days and moments costs
            a third of making objects; SQLite has them as text anyway.
    """
    columns: list[Any] = list(names)
    if connection.vendor == "sqlite":
        # Unary plus is a no-op that hides the column's declared type, and so Django's converters.
        bare = "+%(expressions)s"
        columns = [Func(F(name), template=bare, output_field=TextField()) for name in names]
    elif as_text:
        columns = [Cast(F(name), TextField()) if name in as_text else F(name) for name in names]
    try:
        statement, params = queryset.values_list(*columns).query.sql_with_params()
    except EmptyResultSet:  # asked for the rows of no stream
        return
    with connection.chunked_cursor() as cursor:
        cursor.execute(statement, params)
        while rows := cursor.fetchmany(2000):
            if any(type(value) is memoryview for value in rows[0]):
                rows = [tuple(bytes(v) if type(v) is memoryview else v for v in r) for r in rows]
            yield from rows


def stored_value(column: models.Field[Any, Any], value: Any) -> Any:
    """Return ``value`` as the database driver will give it back for this column."""
    # Text and whole numbers, which most columns hold, are the same everywhere.
    if value is None or type(value) in (str, int) or isinstance(column, models.JSONField):
        return value
    if isinstance(column, models.BinaryField) or connection.vendor != "sqlite":
        return value
    held = column.get_db_prep_save(value, connection)
    return int(held) if isinstance(held, bool) else held


def same_value(column: models.Field[Any, Any], there: Any, held: Any) -> bool:
    """Tell whether a stored value is exactly the one that follows from the events."""
    if isinstance(column, models.JSONField) and isinstance(there, str):
        return _same_json(column, there, held)
    if type(there) is type(held) and there == held:
        return True
    if isinstance(column, models.DecimalField) and there is not None and held is not None:
        return bool(column.to_python(there) == column.to_python(held))
    return False


def _same_json(column: models.JSONField[Any, Any], there: str, held: Any) -> bool:
    if json.dumps(held, cls=column.encoder) == there:
        return True
    try:
        read = json.loads(there)
    except ValueError:
        return False
    # SQLite keeps the text itself, so white space and escapes must be ours as well.
    if connection.vendor == "sqlite" and json.dumps(read, cls=column.encoder) != there:
        return False
    return json.dumps(read, sort_keys=True) == json.dumps(held, sort_keys=True, cls=column.encoder)
