"""The criteria of the edition in force: a list to search, and a stable page for each."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from greenlane.apps.criteria.queries import confirmed_cells, edition_in_force
from greenlane.core.criteria import (
    ApplicableCriterion,
    Cell,
    CellState,
    Criterion,
    Edition,
    IdStatus,
    UnknownCriterion,
    id_order,
)
from greenlane.core.program import Program
from greenlane.core.vocabulary import CriterionLevel
from greenlane.gate.access import the_program, today
from greenlane.web.public.frame import cell_words, frame, level_words, listed, matches
from greenlane.web.ui.language import with_language
from greenlane.web.ui.pieces import Empty, Lines, Pair
from greenlane.web.ui.table import Column, Filter, Option, Row, Table, TableQuery
from greenlane.web.ui.words import in_language


@require_safe
def criteria(request: HttpRequest) -> HttpResponse:
    """List the criteria, narrowed by words, entity type, level and category."""
    program = the_program()
    edition = edition_in_force(program.id, on=today())
    columns, filters = _columns(), _filters(program, edition)
    query = TableQuery.read(
        request.GET, columns=columns, filters=filters, sort="", keep=["language"]
    )
    rows = _rows(request, program, edition, query)
    table = Table(
        _("Criteria"),
        columns,
        rows,
        query,
        filters=filters,
        total=len(rows),
        empty=Empty(_("No criterion matches"), _("Take a filter away or search for less.")),
        search_label=_("Search the criteria"),
    )
    context = frame(
        _("Security criteria"),
        "criteria",
        table=table,
        edition_title=in_language(edition.title),
        basis=_basis(edition),
    )
    return render(request, "public/criteria.html", context)


def _basis(edition: Edition) -> list[tuple[str, str]]:
    """Return on what each kind of cell rests that the edition has, in the pack's words."""
    there = {cell.state for each in edition.criteria for cell in each.cells}
    return [
        (cell_words(state), in_language(edition.cell_basis[state.value]))
        for state in CellState
        if state in there
    ]


def _columns() -> list[Column]:
    return [
        Column("title", _("Criterion")),
        Column("number", _("Number")),
        Column("level", _("Level")),
        Column("state", _("Applies")),
    ]


def _filters(program: Program, edition: Edition) -> list[Filter]:
    types = [
        Option(key, in_language(program.entity_types[key].title))
        for key in edition.entity_types
        if key in program.entity_types
    ]
    levels = [Option(level.value, level_words(level)) for level in CriterionLevel]
    categories = [
        Option(str(each.number), f"{each.label} {in_language(each.name)}")
        for each in edition.categories
    ]
    return [
        Filter("entity", _("Entity type"), types),
        Filter("level", _("Level"), levels),
        Filter("category", _("Category"), categories),
    ]


def _rows(request: HttpRequest, program: Program, edition: Edition, query: TableQuery) -> list[Row]:
    entity = query.chosen.get("entity", "")
    bound: dict[str, ApplicableCriterion] = {}
    shown: list[Criterion] = sorted(edition.criteria, key=lambda each: id_order(each.id))
    if entity:
        confirmed = confirmed_cells(program.id)
        found = edition.applicable(entity, confirmed_cells=confirmed, on=today())
        bound = {each.id: each for each in found}
        shown = [each.criterion for each in found]
    headings = {
        each.number: (in_language(each.name), f"{each.label} {in_language(each.name)}")
        for each in edition.categories
    }
    rows = []
    for each in shown:
        level = bound[each.id].level if each.id in bound else each.level
        name, heading = headings[each.category]
        if query.chosen.get("level", level.value) != level.value:
            continue
        if query.chosen.get("category", str(each.category)) != str(each.category):
            continue
        if query.text and not matches(
            query.text, each.id, in_language(each.title), in_language(each.requirement), name
        ):
            continue
        cells = {
            "title": in_language(each.title),
            "number": _number(edition, each),
            "level": level_words(level),
            "state": cell_words(bound[each.id].state) if each.id in bound else _extent(each),
        }
        rows.append(Row(cells, with_language(request, _address(each.id)), each.id, group=heading))
    return rows


@lru_cache(maxsize=2_000)
def _address(key: str) -> str:
    """Return the address of a criterion, which stays the same; a list asks for 150 of them."""
    return reverse("public:criterion", args=[key])


def _extent(criterion: Criterion) -> str:
    """Say to how many entity types a criterion applies, and of how many we are sure."""
    sure = sum(cell.state is CellState.CONFIRMED for cell in criterion.cells)
    return _("%(all)d entity types, %(sure)d confirmed") % {
        "all": len(criterion.cells),
        "sure": sure,
    }


def _number(edition: Edition, criterion: Criterion) -> str | Lines:
    label = in_language(edition.label(criterion))
    if criterion.id_status is IdStatus.PROVISIONAL:
        return Lines((label, _("not an official number")))
    return label


@require_safe
def criterion(request: HttpRequest, key: str) -> HttpResponse:
    """Show one criterion whole: its address stays the same for as long as its number does."""
    program = the_program()
    edition = edition_in_force(program.id, on=today())
    try:
        found = edition.criterion(key)
    except UnknownCriterion:
        raise Http404 from None
    category = edition.category(found.category)
    lists = [edition.reference_list(each) for each in found.lists]
    context = frame(
        in_language(found.title),
        "criteria",
        criterion=found,
        label=edition.label(found),
        level=level_words(found.level),
        category=category,
        is_provisional=found.id_status is IdStatus.PROVISIONAL,
        edition_title=in_language(edition.title),
        edition_href=f"{reverse('public:criteria')}?category={category.number}",
        parts=[(part, level_words(part.level)) for part in found.sub_requirements],
        table=_cells(program, edition, found),
        pairs=_pairs(edition, found),
        lists=lists,
    )
    return render(request, "public/criterion.html", context)


def _pairs(edition: Edition, found: Criterion) -> list[Pair]:
    category = edition.category(found.category)
    return [
        Pair(_("Number"), _number(edition, found)),
        Pair(_("Level"), level_words(found.level)),
        Pair(_("Category"), f"{category.label} {in_language(category.name)}"),
        Pair(_("How sure the text is"), _sure(found.confidence.value)),
    ]


def _sure(confidence: str) -> str:
    return {"high": _("High"), "medium": _("Medium"), "low": _("Low")}.get(confidence, confidence)


def _cells(program: Program, edition: Edition, found: Criterion) -> Table:
    confirmed = confirmed_cells(program.id)
    rows = []
    for cell in found.cells:
        known: Any = program.entity_types.get(cell.entity)
        by_office = (found.id, cell.entity) in confirmed
        notes = [cell_words(CellState.CONFIRMED if by_office else cell.state)]
        if cell.condition:
            notes.append(in_language(cell.condition))
        cells = {
            "entity": in_language(known.title) if known else cell.entity,
            "level": level_words(cell.level or found.level),
            "state": listed(notes),
            "basis": Lines(_rests_on(edition, found, cell, by_office=by_office)),
        }
        rows.append(Row(cells))
    columns = [
        Column("entity", _("Entity type"), is_optional=False),
        Column("level", _("Level"), is_optional=False),
        Column("state", _("Applies"), is_optional=False),
        Column("basis", _("Rests on"), is_optional=False),
    ]
    return Table(_("Who it applies to"), columns, rows)


def _rests_on(
    edition: Edition, found: Criterion, cell: Cell, *, by_office: bool
) -> tuple[str, ...]:
    """Say what a cell rests on: the office's word, or the pack's words and sources of its own."""
    if by_office and cell.state is not CellState.CONFIRMED:
        return (_("Confirmed by the program office, on its record"),)
    basis = in_language(edition.cell_basis[cell.state.value])
    return (basis, *(in_language(source.title) for source in cell.sources))
