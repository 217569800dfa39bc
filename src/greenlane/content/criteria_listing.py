"""Criteria as rows: what the command line, the API and a spreadsheet show of an edition.

Rows are plain values ready for JSON. Words for levels and states are here because a row is read
outside our pages; the pages have their own translations.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Collection
from typing import Any

from greenlane.core.criteria import (
    ApplicableCriterion,
    CellKey,
    Change,
    Criterion,
    Edition,
    EditionDifference,
    Source,
)

Row = dict[str, Any]

#: Language -> English word of a row -> word to show. A word without an entry is shown as it is.
WORDS: dict[str, dict[str, str]] = {
    "es": {
        "must": "debe",
        "should": "debería",
        "confirmed": "confirmado",
        "assumed": "supuesto",
        "doubtful": "dudoso",
        "yes": "sí",
        "no": "no",
        "Number": "Número",
        "Level": "Nivel",
        "Applies": "Aplica",
        "Blocks": "Bloquea",
        "Category": "Categoría",
        "Title": "Título",
        "Requirement": "Requisito",
        "Parts": "Partes",
        "Evidence": "Evidencia",
        "Guidance": "Orientación",
        "Condition": "Condición",
        "Basis": "Fundamento",
        "Sources": "Fuentes",
        "Criteria": "Criterios",
        "added": "agregados",
        "reworded": "redactados de nuevo",
        "raised": "elevados",
        "lowered": "rebajados",
        "withdrawn": "retirados",
    }
}


def word(language: str, english: str) -> str:
    """Return a word of a row in a language, or the English one."""
    return WORDS.get(language, {}).get(english, english)


def criteria_rows(
    edition: Edition,
    entity: str,
    *,
    language: str = "en",
    on: dt.date | None = None,
    confirmed_cells: Collection[CellKey] = frozenset(),
) -> list[Row]:
    """Return one row per criterion that applies to an entity type, in numeric order of ids.

    Raises:
        UnknownEntity: The edition does not know the entity type.
    """
    found = edition.applicable(entity, confirmed_cells=confirmed_cells, on=on)
    return [criterion_row(edition, each, language=language) for each in found]


def criterion_row(edition: Edition, row: ApplicableCriterion, *, language: str) -> Row:
    """Return one criterion for one entity type as a row."""
    criterion = row.criterion
    condition = row.cell.condition
    return {
        "edition": edition.id,
        "entity": row.entity,
        "level": row.level.value,
        "cell": row.state.value,
        "cell_basis": row.basis.in_(language),
        "cell_sources": _source_rows(row.sources, language),
        "condition": condition.in_(language) if condition else None,
        "blocks": row.blocks,
        **_criterion_words(edition, criterion, language),
        "sub_requirements": [
            {
                "key": sub.key,
                "text": sub.text.in_(language),
                "level": row.sub_level(sub).value,
                "reported": sub.reported,
                "blocks": row.sub_blocks(sub),
            }
            for sub in criterion.sub_requirements
        ],
    }


def criterion_details(edition: Edition, criterion: Criterion, *, language: str) -> Row:
    """Return one criterion with all its cells, as ``criteria show`` prints it."""
    return {
        "edition": edition.id,
        "level": criterion.level.value,
        **_criterion_words(edition, criterion, language),
        "sub_requirements": [
            {
                "key": sub.key,
                "text": sub.text.in_(language),
                "level": sub.level.value,
                "reported": sub.reported,
            }
            for sub in criterion.sub_requirements
        ],
        "cells": {
            cell.entity: {
                "state": cell.state.value,
                "level": (cell.level or criterion.level).value,
                "condition": cell.condition.in_(language) if cell.condition else None,
            }
            for cell in criterion.cells
        },
        "content_hash": criterion.content_hash,
    }


def _criterion_words(edition: Edition, criterion: Criterion, language: str) -> Row:
    """Return what a criterion says whoever it binds."""
    category = edition.category(criterion.category)
    candidates, guidance = criterion.candidate_ids, criterion.guidance
    return {
        "id": criterion.id,
        "id_status": criterion.id_status.value,
        "label": edition.label(criterion).in_(language),
        "candidate_ids": candidates.in_(language) if candidates else None,
        "category": {"number": category.number, "name": category.name.in_(language)},
        "focus_area": criterion.focus_area,
        "title": criterion.title.in_(language),
        "requirement": criterion.requirement.in_(language),
        "evidence": [
            {"kind": each.kind.value, "text": each.text.in_(language)}
            for each in criterion.evidence
        ],
        "guidance": guidance.in_(language) if guidance else None,
        "guidance_confidence": criterion.guidance_confidence,
        "confidence": criterion.confidence.value,
        "params": {
            key: list(value) if isinstance(value, tuple) else value
            for key, value in criterion.params.items()
        },
        "lists": list(criterion.lists),
        "history": [
            {"on": line.on, "change": line.change.in_(language)} for line in criterion.history
        ],
        "tags": list(criterion.tags),
        "sources": _source_rows(criterion.sources, language),
    }


def _source_rows(sources: Collection[Source], language: str) -> list[dict[str, str | None]]:
    return [
        {"key": each.key, "title": each.title.in_(language), "url": each.url} for each in sources
    ]


def difference_rows(
    difference: EditionDifference, before: Edition, after: Edition, *, language: str = "en"
) -> Row:
    """Return how two editions differ for an entity type: five lists of rows."""

    def rows(changes: tuple[Change, ...]) -> list[Row]:
        return [_change_row(change, before, after, language) for change in changes]

    return {
        "entity": difference.entity,
        "from": before.id,
        "to": after.id,
        "added": rows(difference.added),
        "reworded": rows(difference.reworded),
        "raised": rows(difference.raised),
        "lowered": rows(difference.lowered),
        "withdrawn": rows(difference.withdrawn),
    }


def _change_row(change: Change, before: Edition, after: Edition, language: str) -> Row:
    shown, edition = change.after, after
    if shown is None:
        shown, edition = change.before, before
    if shown is None:
        raise ValueError("a change has a criterion before or after it")
    return {
        "id": change.id,
        "label": edition.label(shown.criterion).in_(language),
        "title": shown.criterion.title.in_(language),
        "fields": list(change.fields),
        "asks_again": change.asks_again,
        "level_before": change.before.level.value if change.before else None,
        "level_after": change.after.level.value if change.after else None,
    }


#: Heading of a column -> its width in characters.
_COLUMNS = {
    "Number": 18,
    "Level": 9,
    "Applies": 12,
    "Blocks": 9,
    "Category": 28,
    "Title": 34,
    "Requirement": 60,
    "Parts": 50,
    "Evidence": 44,
    "Guidance": 50,
    "Condition": 30,
    "Basis": 34,
    "Sources": 44,
}


def criteria_workbook(rows: list[Row], edition: Edition, *, language: str) -> bytes:
    """Return rows of ``criteria_rows`` as an XLSX file.

    Every cell is written as text, so nothing that begins with ``=`` is ever a formula. The same
    rows give the same bytes.
    """
    import xlsxwriter

    target = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = xlsxwriter.Workbook(target, options)
    made_on = dt.datetime.combine(edition.retrieved_on, dt.time())  # a file's date has no zone
    book.set_properties({"title": edition.title.in_(language), "created": made_on})
    sheet = book.add_worksheet(word(language, "Criteria"))
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    body = book.add_format({"text_wrap": True, "valign": "top"})
    for column, (name, width) in enumerate(_COLUMNS.items()):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, word(language, name), head)
    for line, row in enumerate(rows, start=1):
        for column, text in enumerate(_workbook_cells(row, language)):
            sheet.write_string(line, column, text, body)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, len(rows), len(_COLUMNS) - 1)
    book.close()
    return target.getvalue()


def _workbook_cells(row: Row, language: str) -> tuple[str, ...]:
    category = row["category"]
    return (
        row["label"],
        word(language, row["level"]),
        word(language, row["cell"]),
        word(language, "yes" if row["blocks"] else "no"),
        f"{category['number']} {category['name']}",
        row["title"],
        row["requirement"],
        "\n".join(
            f"{sub['key']}) {sub['text']} ({word(language, sub['level'])})"
            for sub in row["sub_requirements"]
        ),
        "\n".join(each["text"] for each in row["evidence"]),
        row["guidance"] or "",
        row["condition"] or "",
        row["cell_basis"],
        "\n".join(" ".join(filter(None, (each["title"], each["url"]))) for each in row["sources"]),
    )
