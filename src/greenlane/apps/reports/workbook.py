"""Writes the health report as a workbook: one sheet a table, its definition above the figures."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from greenlane.apps.reports.words import named_with_keys, said

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from greenlane.core.health import Health, HealthTable
    from greenlane.core.program import Program

_LONGEST_SHEET_NAME = 31
_HEAD_ROW = 2


def health_workbook(
    report: Health, *, program: Program, names: Mapping[str, str], language: str
) -> bytes:
    """Return the report as an XLSX file, never with a formula.

    Numbers are numbers, days are days, which the reader's own program writes; all else is text.

    Args:
        report: The report.
        program: The pack, for its reasons in words.
        names: Names of companies by the key of their account.
        language: Such as "es".
    """
    import xlsxwriter

    target = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(target, options)
    bold = book.add_format({"bold": True, "bottom": 1})
    day = book.add_format({"num_format": "d mmm yyyy", "align": "right"})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    for table in report.tables:
        sheet = book.add_worksheet(table.title.in_(language)[:_LONGEST_SHEET_NAME])
        sheet.write_string(0, 0, f"{table.title.in_(language)}, {report.on.isoformat()}", bold)
        sheet.merge_range(1, 0, 1, max(4, len(table.columns)), "", wrap)
        sheet.write_string(1, 0, table.definition.in_(language), wrap)
        sheet.set_row(1, 48)
        sheet.set_column(0, 0, 52)
        sheet.set_column(1, len(table.columns), 18)
        for column, each in enumerate(table.columns, start=1):
            sheet.write_string(_HEAD_ROW, column, each.title.in_(language), bold)
        for row, line in enumerate(_lines(table, program, names, language), _HEAD_ROW + 1):
            _write(sheet, row, line, day)
        sheet.freeze_panes(_HEAD_ROW + 1, 1)
    book.close()
    return target.getvalue()


def _lines(
    table: HealthTable, program: Program, names: Mapping[str, str], language: str
) -> list[list[str | int | date | None]]:
    keyed = named_with_keys(names)
    return [
        [
            line.title.in_(language),
            *(
                said(value, column.unit, names=keyed, program=program, language=language)
                for column, value in zip(table.columns, line.values, strict=True)
            ),
        ]
        for line in table.lines
    ]


def _write(sheet: Worksheet, row: int, line: list[str | int | date | None], day: Format) -> None:
    for column, value in enumerate(line):
        if isinstance(value, int):
            sheet.write_number(row, column, value)
        elif isinstance(value, date):
            sheet.write_datetime(row, column, value, day)
        elif value is not None:
            sheet.write_string(row, column, value)
