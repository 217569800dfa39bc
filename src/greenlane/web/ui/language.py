"""The language of pages without cookies: it stands in the address."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from greenlane.gate.access import LANGUAGE_PARAMETER as PARAMETER
from greenlane.web.ui.pieces import Choice


class LanguageOfAddress:
    """Middleware: ``?language=es`` decides the language of this one answer, and keeps nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer in the asked language when it is one of ours."""
        asked = request.GET.get(PARAMETER, "")
        if asked not in dict(settings.LANGUAGES):
            return self.get_response(request)
        with translation.override(asked):
            request.LANGUAGE_CODE = asked
            response = self.get_response(request)
        response.headers["Content-Language"] = asked
        return response


def language_links(request: HttpRequest) -> list[Choice]:
    """Return this page's address in each language, named in that language."""
    active = translation.get_language() or ""
    found = []
    for code, _name in settings.LANGUAGES:
        parameters = request.GET.copy()
        parameters[PARAMETER] = code
        href = f"{request.path}?{urlencode(list(parameters.lists()), doseq=True)}"
        name = str(translation.get_language_info(code)["name_local"]).capitalize()
        found.append(Choice(name, href, is_current=active.partition("-")[0] == code, note=code))
    return found


def with_language(request: HttpRequest, href: str) -> str:
    """Carry the address's language over to a link of a page without cookies."""
    asked = request.GET.get(PARAMETER, "")
    if asked not in dict(settings.LANGUAGES):
        return href
    path, mark, anchor = href.partition("#")
    return f"{path}{'&' if '?' in path else '?'}{PARAMETER}={asked}{mark}{anchor}"
