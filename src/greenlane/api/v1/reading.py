"""Reads what is sent before any resource sees it: no NUL, no half character, no endless number.

Python's own reader takes all of these; the database takes none, and would fail where it should
refuse.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final, cast

from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from ninja.errors import HttpError
from ninja.parser import Parser

_LARGEST: Final = 2**63 - 1


class Unreadable(ValueError):
    """What was sent holds something that no field of the API can hold."""


def _whole_number(digits: str) -> int:
    # Counted first: turning many digits into a number takes quadratic time.
    if len(digits) > 20 or abs(int(digits)) > _LARGEST:
        raise Unreadable("It holds a number with more digits than any field takes.")
    return int(digits)


def _no_number(name: str) -> float:
    raise Unreadable(f"It holds {name}, which is no number in JSON.")


def _texts(value: object) -> Iterator[str]:
    """Give every text within a JSON value, names of fields too; without recursion."""
    waiting = [value]
    while waiting:
        found = waiting.pop()
        if isinstance(found, str):
            yield found
        elif isinstance(found, dict):
            waiting += [*found.keys(), *found.values()]
        elif isinstance(found, list):
            waiting += found


def check_text(text: str) -> None:
    """Refuse a text that no database and no PDF can hold.

    Raises:
        Unreadable: NUL, or half of a character (a lone surrogate).
    """
    if "\x00" in text:
        raise Unreadable("It holds a NUL character.")
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        raise Unreadable("It holds half of a character (a lone surrogate).")


class StrictParser(Parser):
    """JSON and fields of a form or an address, each text and number checked."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        """Return the body's JSON.

        Raises:
            ValueError, RecursionError: it is no JSON, or holds what cannot be kept; Ninja turns
                both into status 400.
        """
        read = json.loads(request.body, parse_int=_whole_number, parse_constant=_no_number)
        for text in _texts(read):
            check_text(text)
        return cast("dict[str, Any]", read)

    def parse_querydict(
        self, data: MultiValueDict[str, Any], list_fields: list[str], request: HttpRequest
    ) -> dict[str, Any]:
        """Return the fields of a form or a query.

        Raises:
            HttpError: a field holds what cannot be kept.
        """
        read = super().parse_querydict(data, list_fields, request)
        try:
            for text in _texts(read):
                check_text(text)
        except Unreadable as refusal:
            raise HttpError(400, f"A field cannot be read. {refusal}") from refusal
        return read
