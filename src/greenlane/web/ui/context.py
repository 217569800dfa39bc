"""What every page knows without asking: the program, the version, the languages."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.timezone import localdate

from greenlane import __version__
from greenlane.content.criteria_files import load_editions
from greenlane.content.packs import load_program, pack_dir
from greenlane.core.criteria import NoEdition, edition_on
from greenlane.core.errors import GreenlaneError
from greenlane.core.program import Program
from greenlane.core.text import Text
from greenlane.web.ui.language import language_links
from greenlane.web.ui.words import in_language

_PRODUCT = "Greenlane"
_ABBREVIATION = re.compile(r"^(?P<long>.*?)\s*\((?P<short>[^()]{2,20})\)\s*$")


def page(request: HttpRequest) -> dict[str, Any]:
    """Context processor: brand, demonstration mark, version, languages, footer links.

    Never fails: an error page needs it most when something else is broken.
    """
    return {
        "brand": SimpleLazyObject(_brand),
        "is_demo": settings.IS_DEMO,
        "version": __version__,
        "edition": SimpleLazyObject(_edition),
        "language_links": SimpleLazyObject(lambda: language_links(request)),
        "language_href": address_of("set_language"),
        "sign_in_href": address_of("account_login"),
        "sign_out_href": address_of("account_logout"),
        "verify_href": address_of("public:verify"),
        "glossary_href": address_of("glossary"),
        "here": request.get_full_path(),
    }


def address_of(name: str) -> str:
    """Return the address of a page by name, or nothing where this installation has no such page."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def _program() -> Program | None:
    try:
        return load_program(_pack())
    except GreenlaneError:
        return None


def _pack() -> str:
    return str(getattr(settings, "GREENLANE_PACK", "ctpat"))


def _brand() -> dict[str, str]:
    """Return the program's short and long name and its disclaimer, in the active language."""
    program = _program()
    if program is None:
        return {"short": _PRODUCT, "long": "", "disclaimer": "", "is_draft": ""}
    title = in_language(program.title)
    found = _ABBREVIATION.match(title)
    return {
        "short": found["short"] if found else title,
        "long": found["long"] if found else "",
        "disclaimer": in_language(program.disclaimer),
        "is_draft": "yes" if program.is_draft else "",
    }


def _edition() -> str:
    title = _edition_title(_pack(), localdate())
    return in_language(title) if title else ""


@lru_cache(maxsize=4)
def _edition_title(pack: str, on: date) -> Text | None:
    # Reading the editions takes a second: once a day is enough for a line in the footer.
    try:
        return edition_on(load_editions(pack_dir(pack)), on).title
    except (GreenlaneError, NoEdition):
        return None
