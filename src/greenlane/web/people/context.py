"""The header of pages that belong to no door: who is signed in, and the way to their sign-in."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from greenlane.gate import access
from greenlane.web.ui.pieces import Choice, Header


def own_header(request: HttpRequest) -> dict[str, Any]:
    """Context processor: a header for whoever is signed in; asks nobody until it is shown."""
    return {"own_header": SimpleLazyObject(lambda: _header(request))}


def _header(request: HttpRequest) -> Header:
    if not request.user.is_authenticated:
        return Header()
    links = (Choice(_("Your sign-in"), reverse("own_sign_in")),) if _is_in(request) else ()
    return Header(person=access.signed_in(request).name, person_links=links)


def _is_in(request: HttpRequest) -> bool:
    return access.is_complete(request)
