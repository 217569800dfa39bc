"""What every public page stands in: the places of the public door, and words they share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from greenlane.core.criteria import CellState
from greenlane.core.vocabulary import CriterionLevel
from greenlane.web.ui.pieces import NavItem

KEYS: Final = "api-v1:keys"
"""Name of the address where the public keys are."""


def frame(title: str, here: str = "", **more: Any) -> dict[str, Any]:
    """Return the context of a page; ``here`` is the URL name of the place it belongs to."""
    places = [
        ("criteria", _("Criteria")),
        ("check", _("Check a letter")),
        ("rules", _("Rules")),
        ("verify", _("Verify a record")),
    ]
    if settings.IS_DEMO:
        places.append(("tour", _("Tour")))
    nav = [NavItem(words, reverse(f"public:{name}"), "", name == here) for name, words in places]
    return {"title": title, "public_nav": nav, **more}


def place(name: str, *args: str) -> str:
    """Return the address of a page of another door, or "" where this installation has none."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def level_words(level: CriterionLevel) -> str:
    """Return whether a criterion binds, in words."""
    return _("Must") if level is CriterionLevel.MUST else _("Should")


def cell_words(state: CellState) -> str:
    """Return how sure we are that a criterion is asked of an entity type, in words."""
    return {
        CellState.CONFIRMED: _("Confirmed"),
        CellState.ASSUMED: _("Assumed"),
        CellState.DOUBTFUL: _("Doubtful"),
    }[state]


def matches(text: str, *parts: str) -> bool:
    """Tell whether every word of a search stands in one of the parts, whatever its case."""
    heap = " ".join(parts).casefold()
    return all(word in heap for word in text.casefold().split())


def listed(values: Sequence[str]) -> str:
    """Return several values as one line."""
    return ", ".join(values)
