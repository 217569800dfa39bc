"""The example file of the manual is one that the command takes."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from greenlane.apps.migration.earlier_rows import COLUMNS, read_members, read_row
from greenlane.content.packs import load_program

HOW_TO = Path(__file__).resolve().parents[2] / "docs" / "how-to"


def test_the_example_file_of_the_manual_is_sound() -> None:
    sheet = read_members((HOW_TO / "members.csv").read_bytes())

    rows = [
        read_row(
            load_program("ctpat"),
            line,
            dict(zip(sheet.columns, cells, strict=True)),
            {},
            today=date(2026, 5, 4),
        )
        for line, cells in sheet.rows
    ]

    assert len(rows) == 3
    assert [finding for row in rows for finding in row.findings] == []


def test_the_manual_names_every_column() -> None:
    text = (HOW_TO / "bring-your-members.md").read_text(encoding="utf-8")

    assert [name for name in COLUMNS if f"`{name}`" not in text] == []
