"""The letter check: whoever holds a letter learns whether it is ours and still stands."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from greenlane.apps.certification.queries import LetterCheck, check_letter
from greenlane.content.packs import load_program
from greenlane.core.program import Program
from greenlane.web.public.frame import frame
from greenlane.web.ui.pieces import Pair
from greenlane.web.ui.words import in_language

_LONGEST = 300


# Without the mark of a form: it would need a cookie, and the check changes nothing.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """Ask for code and company name, and answer; nothing is kept, no cookie is set.

    The name comes by POST, so that it stands in no address and no server's log.
    """
    return _answer(request, _given(request, "code"))


@require_safe
def letter(request: HttpRequest, code: str) -> HttpResponse:
    """Open the check with the code filled in: the address that is printed on a letter."""
    return _answer(request, code[:_LONGEST])


def _given(request: HttpRequest, name: str) -> str:
    return request.POST.get(name, "").replace("\x00", "").strip()[:_LONGEST]


def _answer(request: HttpRequest, code: str) -> HttpResponse:
    name = _given(request, "company")
    is_asked = bool(code and name)
    found = check_letter(code, name) if is_asked else None
    context = frame(
        _("Check a letter"),
        "check",
        code=code,
        company=name,
        is_asked=is_asked,
        lacks_one=bool(code or name) and not is_asked and request.method == "POST",
        found=found,
        pairs=_pairs(found) if found else [],
    )
    response = render(request, "public/check.html", context)
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Cache-Control"] = "no-store"
    return response


def _pairs(found: LetterCheck) -> list[Pair]:
    program = load_program(found.program)
    entity = program.entity_types.get(found.entity_type)
    return [
        Pair(_("Company"), found.company_name),
        Pair(_("Letter"), _called(program, found.kind)),
        Pair(_("Issued on"), found.issued_on),
        Pair(_("Entity type"), in_language(entity.title) if entity else found.entity_type),
        Pair(_("Program"), in_language(program.title)),
    ]


def _called(program: Program, kind: str) -> str:
    """Return what the pack calls a letter; its bare kind where the pack has it no more."""
    title = program.letters.get(kind, {}).get("title")
    return in_language(title) if title else kind
