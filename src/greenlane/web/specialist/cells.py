"""Cells of the criteria that are not sure yet: the office confirms or rejects each, with a source.

An assumed or doubtful cell asks and never blocks until it is confirmed here. Every word of the
office on a cell stands on its own record, the taken back ones too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from greenlane.apps.accounts.queries import names_of
from greenlane.apps.criteria.actions import confirm_cell
from greenlane.apps.criteria.queries import Word, edition_in_force, words_on_cells
from greenlane.core.criteria import Cell, CellState, Criterion, Edition, UnknownCriterion, id_order
from greenlane.core.errors import GreenlaneError
from greenlane.core.vocabulary import CriterionLevel, Power
from greenlane.gate.access import acting, now, roles, the_program, today
from greenlane.gate.records import VIA
from greenlane.web.specialist.frame import frame
from greenlane.web.ui.errors import refused
from greenlane.web.ui.forms import PlainForm
from greenlane.web.ui.pieces import Crumb, Empty, Lines, Muted, Pair, Status
from greenlane.web.ui.table import PAGE_ROWS, Column, Filter, Option, Row, Table, TableQuery, cut
from greenlane.web.ui.words import in_language

_OPEN: Final = "open"
_CONFIRMED: Final = "confirmed"
_REJECTED: Final = "rejected"


@dataclass(frozen=True, slots=True)
class _Unsure:
    """A cell that the pack is not sure of, with the office's latest word on it."""

    criterion: Criterion
    cell: Cell
    word: Word | None

    @property
    def state(self) -> str:
        if self.word is None:
            return _OPEN
        return _CONFIRMED if self.word.is_confirmed else _REJECTED


class CellForm(PlainForm):
    """The office's word, and what it rests on."""

    source = forms.CharField(
        label=gettext_lazy("Source"),
        help_text=gettext_lazy("The booklet, page or letter it rests on, so that it can be found."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2_000,
    )


def _unsure(edition: Edition) -> list[_Unsure]:
    latest = {(word.criterion, word.entity_type): word for word in words_on_cells(the_program().id)}
    return [
        _Unsure(each, cell, latest.get((each.id, cell.entity)))
        for each in sorted(edition.criteria, key=lambda one: id_order(one.id))
        for cell in each.cells
        if cell.state is not CellState.CONFIRMED
    ]


def cells(request: HttpRequest) -> HttpResponse:
    """List the cells that are not sure, and every word of the office on one."""
    edition = edition_in_force(the_program().id, on=today())
    columns = [
        Column("cell", _("Criterion")),
        Column("entity", _("Entity type")),
        Column("level", _("Level")),
        Column("pack", _("In the pack")),
        Column("office", _("The office")),
    ]
    filters = _filters(edition)
    query = TableQuery.read(request.GET, columns=columns, filters=filters)
    every = _unsure(edition)
    found = [one for one in every if _fits(one, query)]
    start = query.cursor[0] if query.cursor and isinstance(query.cursor[0], int) else 0
    page, more = cut(found[max(0, start) : max(0, start) + PAGE_ROWS + 1], PAGE_ROWS)
    table = Table(
        _("Cells to confirm"),
        columns,
        [_row(edition, one) for one in page],
        query,
        filters,
        next_cursor=(max(0, start) + PAGE_ROWS,) if more else None,
        total=len(found),
        empty=Empty(_("No such cell"), _("Every criterion of this choice is sure.")),
        search_label=_("Search criteria"),
        table_id="cells",
    )
    context = frame(
        request,
        None,
        _("Criteria to confirm"),
        "cells",
        table=table,
        waiting=sum(one.state == _OPEN for one in every),
        total=len(every),
        ledger=_ledger(edition),
    )
    return render(request, "specialist/cells/list.html", context)


def _filters(edition: Edition) -> list[Filter]:
    types = the_program().entity_types
    return [
        Filter(
            "entity",
            _("Entity type"),
            [Option(k, in_language(types[k].title)) for k in edition.entity_types if k in types],
        ),
        Filter(
            "office",
            _("The office"),
            [
                Option(_OPEN, _("To be decided")),
                Option(_CONFIRMED, _("Confirmed")),
                Option(_REJECTED, _("Not confirmed")),
            ],
        ),
    ]


def _fits(one: _Unsure, query: TableQuery) -> bool:
    words = f"{one.criterion.id} {in_language(one.criterion.title)}".casefold()
    return (
        query.chosen.get("entity", one.cell.entity) == one.cell.entity
        and query.chosen.get("office", one.state) == one.state
        and query.text.casefold() in words
    )


def _row(edition: Edition, one: _Unsure) -> Row:
    level = one.cell.level or one.criterion.level
    shown = {
        "cell": Lines(
            (in_language(one.criterion.title), Muted(in_language(edition.label(one.criterion))))
        ),
        "entity": _entity_words(one.cell.entity),
        "level": _("Must") if level is CriterionLevel.MUST else _("Should"),
        "pack": _pack_words(one.cell.state),
        "office": _office_status(one),
    }
    href = reverse("specialist:cell", args=[one.criterion.id, one.cell.entity])
    return Row(shown, href, f"{one.criterion.id} {one.cell.entity}")


def _entity_words(key: str) -> str:
    found = the_program().entity_types.get(key)
    return in_language(found.title) if found else key


def _pack_words(state: CellState) -> str:
    return _("Doubtful") if state is CellState.DOUBTFUL else _("Assumed")


def _office_status(one: _Unsure) -> Status:
    if one.word is None:
        return Status(_("To be decided"), "waiting")
    if one.word.is_confirmed:
        return Status(_("Confirmed"), "good", one.word.on)
    return Status(_("Not confirmed"), "ended", one.word.on)


def _ledger(edition: Edition) -> list[dict[str, object]]:
    """Return every word of the office on a cell, the latest first."""
    words = words_on_cells(the_program().id)
    names = names_of({word.actor for word in words})
    titles = {each.id: each for each in edition.criteria}
    return [
        {
            "event": word.seq,
            "on": word.on,
            "label": in_language(edition.label(titles[word.criterion]))
            if word.criterion in titles
            else word.criterion,
            "entity": _entity_words(word.entity_type),
            "is_confirmed": word.is_confirmed,
            "source": word.source,
            "by": names.get(word.actor, ""),
        }
        for word in reversed(words)
    ]


def cell(request: HttpRequest, criterion: str, entity: str) -> HttpResponse:
    """Show one cell; confirm or reject it."""
    edition = edition_in_force(the_program().id, on=today())
    try:
        asked = edition.criterion(criterion)
    except UnknownCriterion:
        raise Http404 from None
    one = next(
        (each for each in _unsure(edition) if each.criterion is asked and _is(each, entity)), None
    )
    if one is None:
        raise Http404
    form = CellForm(request.POST if request.method == "POST" else None)
    try:
        if request.method == "POST" and form.is_valid():
            return _decide(request, one, form)
    except GreenlaneError as error:
        return refused(request, error)
    title = f"{in_language(edition.label(asked))}, {_entity_words(entity)}"
    context = frame(
        request,
        None,
        title,
        "cells",
        form=form,
        status=_office_status(one),
        criterion_title=in_language(asked.title),
        requirement=in_language(asked.requirement),
        pairs=_pairs(edition, one),
        may_decide=bool(the_program().roles_that_may(Power.CONFIRM_CRITERIA) & roles(request)),
    )
    context["crumbs"] = [Crumb(_("Criteria to confirm"), reverse("specialist:cells")), Crumb(title)]
    return render(
        request, "specialist/cells/cell.html", context, status=422 if form.is_bound else 200
    )


def _is(one: _Unsure, entity: str) -> bool:
    return one.cell.entity == entity


def _pairs(edition: Edition, one: _Unsure) -> list[Pair]:
    level = one.cell.level or one.criterion.level
    sources = [in_language(source.title) for source in one.cell.sources]
    return [
        Pair(_("Level"), _("Must") if level is CriterionLevel.MUST else _("Should")),
        Pair(_("In the pack"), _pack_words(one.cell.state)),
        Pair(_("On what that rests"), in_language(edition.cell_basis[one.cell.state])),
        Pair(_("Sources in the pack"), "; ".join(sources) or None),
        Pair(_("When it applies"), in_language(one.cell.condition) if one.cell.condition else None),
        Pair(_("The office's source"), one.word.source if one.word else None),
    ]


def _decide(request: HttpRequest, one: _Unsure, form: CellForm) -> HttpResponse:
    confirmed = request.POST.get("act") == "confirm"
    confirm_cell(
        program=the_program(),
        criterion=one.criterion.id,
        entity_type=one.cell.entity,
        source=form.cleaned_data["source"],
        by=acting(request, the_program().roles_that_may(Power.CONFIRM_CRITERIA)),
        at=now(),
        is_confirmed=confirmed,
        via=VIA,
    )
    said = (
        _("Confirmed: from now on this criterion blocks where it is a must.")
        if confirmed
        else _("Not confirmed: this criterion asks and blocks nothing.")
    )
    messages.success(request, said)
    return HttpResponseRedirect(reverse("specialist:cells"))
