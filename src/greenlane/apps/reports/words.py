"""Says a value of the health report as a person reads it: a company by its name, a reason in words.

Where a report is read by programs (JSON) values stay as they are: keys, ISO days and codes.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Final

from greenlane.core.health import OFFICE, Value

if TYPE_CHECKING:
    from greenlane.core.program import Program

_OFFICE: Final = {"en": "The office", "es": "La oficina"}


def said(
    value: Value, unit: str, *, names: Mapping[str, str], program: Program, language: str
) -> str | int | date | None:
    """Return a value in words, a number, or a day for the form of the report to write.

    Args:
        value: The value as the report has it.
        unit: What its column counts: ``key``, ``day`` and ``code`` are said in words.
        names: Names of companies by the key of their account; one without a name keeps its key.
        program: The pack, for its reasons.
        language: Such as "es" or "es-mx".
    """
    if value is None or isinstance(value, int):
        return value
    if unit == "key":
        if value == OFFICE:
            return _OFFICE.get(language.partition("-")[0], _OFFICE["en"])
        return names.get(value) or value
    if unit == "day":
        return date.fromisoformat(value)
    if unit == "code" and value in program.reasons:
        return program.reasons[value].in_(language)
    return value


def named_with_keys(names: Mapping[str, str]) -> dict[str, str]:
    """Return names with their keys, for a file in which nothing else tells two companies apart."""
    return {key: f"{name} ({key})" for key, name in names.items() if name}
