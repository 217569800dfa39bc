"""The first page, and the way from it to one's own door."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from greenlane.core.access import marking
from greenlane.core.marks import Mark
from greenlane.core.vocabulary import Side
from greenlane.gate.access import admits, roles, the_program
from greenlane.web.public.frame import frame, place
from greenlane.web.ui.words import in_language


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Say what the program is and who it is for; somebody signed in is sent on."""
    # The session is asked for only where there is one: the page stays without a cookie.
    has_session = settings.SESSION_COOKIE_NAME in request.COOKIES
    if has_session and request.user.is_authenticated:
        return redirect("public:go")
    program = the_program()
    context = frame(
        in_language(program.title),
        authority=in_language(program.authority_name),
        types=[
            {"title": in_language(each.title), "meaning": in_language(each.meaning), "id": each.id}
            for each in program.entity_types.values()
        ],
        stages=_stages(),
        sign_in=reverse("account_login"),
        sign_up=reverse("account_signup"),
    )
    return render(request, "public/home.html", context)


def _stages() -> list[tuple[str, str]]:
    return [
        (
            _("Apply"),
            _(
                "The company confirms who may join, signs the agreement, assesses its risks, and "
                "answers each security criterion with proof."
            ),
        ),
        (
            _("Be vetted"),
            _("A specialist reads the profile; an analyst checks the company. Both are recorded."),
        ),
        (
            _("Be certified"),
            _(
                "One person of the office proposes, another one certifies. The company gets a "
                "letter that anybody can check here."
            ),
        ),
        (
            _("Be visited"),
            _(
                "The office looks whether what was answered is done, and comes back every few "
                "years. Each year the company reviews its own profile."
            ),
        ),
    ]


@require_safe
def go(request: HttpRequest) -> HttpResponse:
    """Send somebody signed in to their door: the office's, their company's, or how to get one."""
    program, held = the_program(), roles(request)
    sides = {program.roles[role].side for role in held if role in program.roles}
    wanted = ""
    if held & set(program.case_roles):
        wanted = place("specialist:queue")
    elif held.intersection(marking(Mark.APPEAL_DECIDED)(program)):
        wanted = place("specialist:trust_queue")
    elif Side.COMPANY in sides:
        wanted = place("member:work")
    elif not sides:
        wanted = reverse("open_organization")
    elif admits(request, "specialist:program"):
        wanted = place("specialist:program")
    # A door may be missing in an installation: one's own page is always there.
    return HttpResponseRedirect(wanted or reverse("own_sign_in"))
