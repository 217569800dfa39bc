"""Every text of an edition that a reader meets, and whether it was translated."""

from __future__ import annotations

import re
from collections.abc import Iterator

from greenlane.core.criteria import Criterion, Edition
from greenlane.core.text import Text

#: Two words of at least two letters each.
_SEVERAL_WORDS = re.compile(r"[^\W\d_]{2,}\W+[^\W\d_]{2,}")


def criterion_texts(criterion: Criterion) -> list[tuple[str, Text]]:
    """Return every text of a criterion that a reader meets, with the name of its field."""
    found = [("title", criterion.title), ("requirement", criterion.requirement)]
    found += [(f"sub_requirements.{sub.key}", sub.text) for sub in criterion.sub_requirements]
    found += [
        (f"evidence.{index}", each.text) for index, each in enumerate(criterion.evidence, start=1)
    ]
    for name, text in (
        ("guidance", criterion.guidance),
        ("candidate_ids", criterion.candidate_ids),
    ):
        if text is not None:
            found.append((name, text))
    found += [(f"history.{line.on}", line.change) for line in criterion.history]
    found += [(f"also_affects.{each.id}", each.change) for each in criterion.also_affects]
    found += [
        (f"cells.{cell.entity}.condition", cell.condition)
        for cell in criterion.cells
        if cell.condition is not None
    ]
    return found


def edition_texts(edition: Edition) -> list[tuple[str, Text]]:
    """Return every text of an edition outside its criteria, its lists included."""
    found = [("title", edition.title), ("publisher", edition.publisher)]
    if edition.note is not None:
        found.append(("note", edition.note))
    found += [(f"focus_areas.{each.key}", each.name) for each in edition.focus_areas]
    found += [(f"categories.{each.number}", each.name) for each in edition.categories]
    found += [(f"cell_basis.{state}", text) for state, text in edition.cell_basis.items()]
    found += [(f"id_labels.{status}", text) for status, text in edition.id_labels.items()]
    found += [(f"withdrawn.{each.id}", each.change) for each in edition.withdrawn]
    for each in edition.lists:
        name = f"lists.{each.id}"
        found.append((f"{name}.title", each.title))
        if each.note is not None:
            found.append((f"{name}.note", each.note))
        found += [(f"{name}.groups.{key}", text) for key, text in each.groups.items()]
        for item in each.items:
            found.append((f"{name}.{item.key}", item.text))
            if item.when is not None:
                found.append((f"{name}.{item.key}.when", item.when))
    return found


def untranslated(texts: list[tuple[str, Text]], language: str) -> Iterator[tuple[str, str]]:
    """Return what is wrong with translations, and the names of the texts it is wrong with.

    A copy of one word is let pass: many words are the same in two languages.
    """
    missing = [name for name, text in texts if language not in text.by_language]
    if missing:
        yield "lacks text", ", ".join(missing)
    copied = [
        name
        for name, text in texts
        if text.by_language.get(language) == str(text) and _SEVERAL_WORDS.search(str(text))
    ]
    if copied:
        yield "repeats the English", ", ".join(copied)
