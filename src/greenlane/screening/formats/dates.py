"""Dates as watch lists write them, read into `PartialDate`.

Nothing here knows which list a text comes from.
"""

from __future__ import annotations

import re
from datetime import date

from greenlane.screening.records import PartialDate

_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}
_CIRCA = re.compile(
    r"\b(?:circa|approximately|approx\.?|about|c\.|ca\.|early|late|mid)[\s-]*", re.IGNORECASE
)
_RANGE = re.compile(
    r"^(?:between\s+)?(.{4,30}?)(?:\s*[-\u2013]\s*|\s+(?:to|and)\s+)(.{4,30})$", re.I
)
_ISO = re.compile(r"^(\d{4})-(\d{1,2})(?:-(\d{1,2}))?(?:T.*)?$")
_SLASHED = re.compile(r"^([0-9d]{1,2})[/.]([0-9m]{1,2})[/.](\d{4})$", re.IGNORECASE)
_MONTH_SLASHED = re.compile(r"^([0-9m]{1,2})[/.](\d{4})$", re.IGNORECASE)
_WORDED = re.compile(r"^(?:(\d{1,2})\s+)?([A-Za-z]{3,9})\.?,?\s+(\d{4})$")
_YEAR = re.compile(r"^(\d{4})$")
_EARLIEST_YEAR, _LATEST_YEAR = 1000, 2300


def made_date(
    year: int,
    month: int | None = None,
    day: int | None = None,
    *,
    latest_year: int | None = None,
    is_circa: bool = False,
) -> PartialDate | None:
    """Return a date of the calendar, or ``None``; an impossible day or month is left out."""
    if not _EARLIEST_YEAR <= year <= _LATEST_YEAR:
        return None
    if not month or not 1 <= month <= 12:
        month = day = None
    if day and month:
        try:
            date(year, month, day)
        except ValueError:
            day = None
    if latest_year is not None and not year < latest_year <= _LATEST_YEAR:
        latest_year = None
    return PartialDate(year, month, day or None, latest_year, is_circa)


def _single(text: str, *, month_first: bool) -> PartialDate | None:
    """Read one date without qualifiers; ``dd`` and ``mm`` stand for an unknown day and month."""
    if match := _YEAR.match(text):
        return made_date(int(match[1]))
    if match := _ISO.match(text):
        return made_date(int(match[1]), int(match[2]), int(match[3]) if match[3] else None)
    if match := _SLASHED.match(text):
        first, second = (int(part) if part.isdecimal() else 0 for part in match.groups()[:2])
        month, day = (first, second) if month_first else (second, first)
        return made_date(int(match[3]), month, day)
    if match := _MONTH_SLASHED.match(text):
        return made_date(int(match[2]), int(match[1]) if match[1].isdecimal() else 0)
    if (match := _WORDED.match(text)) and (number := _MONTHS.get(match[2][:3].lower())):
        return made_date(int(match[3]), number, int(match[1]) if match[1] else None)
    return None


def read_date(
    text: str, *, month_first: bool = False, is_circa: bool = False
) -> PartialDate | None:
    """Return the date a list wrote, or ``None`` where it is no date of a known form.

    Known forms: ``14 Jun 1975``, ``Jun 1975``, ``1975``, ``1975-06-14``, ``14/06/1975``,
    ``dd/mm/1975`` (day and month unknown), ``circa 1970``, ``1968 to 1973``,
    ``between 1961 and 1965``, ``circa 1979-1982``.

    Args:
        text: The text of the list; anything longer than 80 characters is no date.
        month_first: Read ``06/14/1975`` (BIS) instead of ``14/06/1975`` (United Kingdom).
        is_circa: The list says elsewhere that the date is approximate.

    >>> read_date("circa 1979-1982")
    PartialDate(year=1979, month=None, day=None, latest_year=1982, is_circa=True)
    """
    text = text.strip().rstrip(".")
    if not 4 <= len(text) <= 80 or not text.isascii():
        return None
    plain = _CIRCA.sub("", text).strip()
    is_circa = is_circa or plain != text
    found = _single(plain, month_first=month_first)
    latest: int | None = None
    if found is None and (match := _RANGE.match(plain)):
        found = _single(match[1].strip(), month_first=month_first)
        end = _single(match[2].strip(), month_first=month_first)
        if found is None or end is None:
            return None
        # A span of days inside one year is that year; a span of years keeps both ends.
        latest = end.year if end.year > found.year else None
        found = PartialDate(found.year)
    if found is None:
        return None
    return made_date(found.year, found.month, found.day, latest_year=latest, is_circa=is_circa)


def iso_date(text: str, *, month_first: bool = False) -> str:
    """Return a full date as ISO text, empty where the text is not a full date.

    >>> iso_date("06/29/2056", month_first=True), iso_date("2056")
    ('2056-06-29', '')
    """
    found = read_date(text, month_first=month_first)
    if found is None or found.month is None or found.day is None or found.latest_year:
        return ""
    return f"{found.year:04d}-{found.month:02d}-{found.day:02d}"
