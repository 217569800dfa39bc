"""Strings that are the same in English and Spanish, each with the reason."""

from __future__ import annotations

from typing import Final

ALIKE: Final[dict[str, str]] = {
    "Error %(status)s": "The word is Spanish too.",
    "No": "The word is Spanish too.",
    "Normal": "The word is Spanish too.",
    "Plan": "The word is Spanish too.",
    "Tokens": "What programmers in Mexico call it.",
    "no": "The word is Spanish too.",
    "%(name)s: %(state)s.": "Nothing but fields.",
    "{act} ({title}): {says}": "Nothing but fields.",
}
