"""The health of the program on any day, as a page, a workbook and a document."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from greenlane.apps.members.queries import names_in
from greenlane.apps.reports.pdf import health_pdf
from greenlane.apps.reports.queries import health_of
from greenlane.apps.reports.words import said
from greenlane.apps.reports.workbook import health_workbook
from greenlane.core.errors import BadInput, GreenlaneError
from greenlane.core.facts import day_of
from greenlane.core.health import OFFICE, Health, HealthTable
from greenlane.gate.access import the_program, today
from greenlane.gate.records import accounts_in_sight
from greenlane.web.specialist.frame import frame
from greenlane.web.ui.errors import refused
from greenlane.web.ui.words import in_language, short_day

_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MOST_LINES: Final = 50


def health(request: HttpRequest) -> HttpResponse:
    """Show the report of the day asked for (``on``), or give it as a file (``format``)."""
    program = the_program()
    try:
        on = _day(request)
        in_sight = accounts_in_sight(request, program.id)
        report = health_of(program, on=on, accounts=in_sight)
        wanted = request.GET.get("format", "")
        names = names_in(in_sight)
        if wanted:
            return _as_file(report, names, wanted)
    except GreenlaneError as error:
        return refused(request, error)
    context = frame(
        request,
        None,
        _("Health of the program"),
        "health",
        on=on,
        is_today=on == today(),
        members=report.members,
        tables=[_shown(table, names) for table in report.tables],
    )
    return render(request, "specialist/health/health.html", context)


def _day(request: HttpRequest) -> date:
    asked = request.GET.get("on", "")
    if not asked:
        return today()
    try:
        return day_of(asked)
    except ValueError:
        raise BadInput(
            "{day!r} is no day. Write it in the address as on=2026-05-03.", day=asked[:20]
        ) from None


def _as_file(report: Health, names: Mapping[str, str], wanted: str) -> HttpResponse:
    language, program = get_language() or "en", the_program()
    name = f"health-{report.on.isoformat()}"
    if wanted == "xlsx":
        content = health_workbook(report, program=program, names=names, language=language)
        kind, ending = _XLSX, "xlsx"
    elif wanted == "pdf":
        content = health_pdf(report, program=program, names=names, language=language)
        kind, ending = "application/pdf", "pdf"
    else:
        raise BadInput(
            "There is no format {format!r} of this report; there are xlsx and pdf.",
            format=wanted[:20],
        )
    headers = {"Content-Disposition": f'attachment; filename="{name}.{ending}"'}
    return HttpResponse(content, content_type=kind, headers=headers)


def _said(unit: str, value: str | int | None, names: Mapping[str, str]) -> str | int:
    """Return a value as a person reads it on a page, where links tell companies apart."""
    language = get_language() or "en"
    found = said(value, unit, names=names, program=the_program(), language=language)
    if isinstance(found, date):
        return short_day(found)
    return "–" if found is None else found


def _shown(table: HealthTable, names: Mapping[str, str]) -> dict[str, Any]:
    """Return a table for the page: long ones cut, accounts and rules as links."""
    is_list = table.id == "overdue"
    lines = [
        {
            "title": in_language(line.title),
            "href": _href(table, line.key, str(line.values[0])),
            "cells": [
                (in_language(column.title), _said(column.unit, value, names))
                for column, value in zip(table.columns, line.values, strict=True)
            ],
        }
        for line in table.lines[: _MOST_LINES if is_list else None]
    ]
    return {
        "id": table.id,
        "title": in_language(table.title),
        "definition": in_language(table.definition),
        "columns": [in_language(column.title) for column in table.columns],
        "lines": lines,
        "more": max(0, len(table.lines) - len(lines)),
    }


def _href(table: HealthTable, key: str, first: str) -> str:
    if table.id == "overdue" and first != OFFICE:
        return reverse("specialist:case", args=[first])
    if table.id == "duties":
        return reverse("public:rule", args=[key])
    if table.id == "status":
        return f"{reverse('specialist:members')}?status={key}"
    return ""
