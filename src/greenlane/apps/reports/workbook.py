"""Writes the health report as a workbook: one sheet a table, its definition above the figures."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

    from greenlane.core.health import Health, HealthTable

_LONGEST_SHEET_NAME = 31
_HEAD_ROW = 2


def health_workbook(report: Health, *, language: str) -> bytes:
    """Return the report as an XLSX file; numbers as numbers, all else as text, never a formula."""
    import xlsxwriter

    target = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(target, options)
    bold = book.add_format({"bold": True, "bottom": 1})
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
        _write_lines(sheet, table, language)
        sheet.freeze_panes(_HEAD_ROW + 1, 1)
    book.close()
    return target.getvalue()


def _write_lines(sheet: Worksheet, table: HealthTable, language: str) -> None:
    for row, line in enumerate(table.lines, start=_HEAD_ROW + 1):
        sheet.write_string(row, 0, line.title.in_(language))
        for column, value in enumerate(line.values, start=1):
            if isinstance(value, int):
                sheet.write_number(row, column, value)
            elif value is not None:
                sheet.write_string(row, column, value)
