"""Days, numbers, money and hashes in the reader's words; no clock, no database."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Final

from django.utils import timezone
from django.utils.dates import MONTHS, MONTHS_3
from django.utils.translation import get_language

from greenlane.core.text import Text

_HASH_PART: Final = 4


def language() -> str:
    """Return the base code of the active language: ``en``, ``es``."""
    return (get_language() or "en").partition("-")[0]


def sentence(text: str) -> str:
    """Return a text with a capital first letter: a condition's message is half a sentence."""
    return text[:1].upper() + text[1:]


def day_words(on: date) -> str:
    """Return a day, or an instant with its time in the office's zone, unambiguously.

    Example:
        ``3 May 2026``; ``3 de mayo de 2026``; ``3 May 2026, 14:32 EDT``.
    """
    if isinstance(on, datetime):
        local = timezone.localtime(on) if timezone.is_aware(on) else on
        return f"{_long_day(local)}, {local:%H:%M %Z}".rstrip()
    return _long_day(on)


# The month is always a word, so that nobody takes 3 May for 5 March.
def _long_day(on: date) -> str:
    month = MONTHS[on.month]
    if language() == "es":
        return f"{on.day} de {month} de {on.year}"
    return f"{on.day} {month} {on.year}"


def short_day(on: date) -> str:
    """Return a day with its month cut to three letters, for clocks and narrow columns."""
    local = timezone.localtime(on) if isinstance(on, datetime) and timezone.is_aware(on) else on
    month = str(MONTHS_3[local.month])
    # Django's short names are small; English writes them with a capital, Spanish does not.
    return f"{local.day} {month if language() == 'es' else month.title()} {local.year}"


def number_words(value: int | float | Decimal, decimals: int | None = None) -> str:
    """Return a number with comma and point, as English and North American Spanish write it.

    Example:
        >>> number_words(12480)
        '12,480'
    """
    return f"{value:,}" if decimals is None else f"{value:,.{decimals}f}"


def money_words(amount: Decimal | int, currency: str) -> str:
    """Return an amount with its currency code before it, so that dollars say whose they are."""
    # A no-break space keeps the code and the amount on one line.
    return f"{currency}\u00a0{number_words(Decimal(amount), 2)}"


def short_hash(text: str) -> str:
    """Return the first and last characters of a hash: enough to compare by eye.

    Example:
        >>> short_hash("9f86d081884c7d659a2feaa0c55ad015")
        '9f86…d015'
    """
    if len(text) <= 2 * _HASH_PART + 1:
        return text
    return f"{text[:_HASH_PART]}…{text[-_HASH_PART:]}"


def in_language(text: Text | str) -> str:
    """Return a pack's text in the active language; a plain string as it is."""
    return text.in_(language()) if isinstance(text, Text) else text
