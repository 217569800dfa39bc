"""Error pages in plain words: what happened, what was kept, what to do next. Never a stack."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import requires_csrf_token

from greenlane.core.errors import Conflict, GreenlaneError, NotAllowed, NotFound
from greenlane.web.ui.refusals import is_translated, says

log = logging.getLogger(__name__)

# Shown when even the error page cannot be made: plain, complete, without a template.
_LAST_RESORT = (
    "<!doctype html><html lang='en'><meta charset='utf-8'><title>Something failed</title>"
    "<h1>Something failed on our side</h1><p>Nothing of what you sent was half stored: an act is "
    "kept whole or not at all. Try again in a few minutes.</p><h2 lang='es'>Algo falló de nuestro "
    "lado</h2><p lang='es'>Nada quedó guardado a medias: un acto se guarda completo o no se "
    "guarda. Vuelva a intentarlo en unos minutos.</p></html>"
)


API: Final = "/api/"
"""Addresses whose callers are programs: they get a trouble as ``application/problem+json``."""
_PROBLEMS: Final = {
    400: ("input.unreadable", "Cannot be read", "The address or a header cannot be read."),
    403: ("access.role_not_allowed", "Not allowed", "Your roles do not open this address."),
    404: ("address.unknown", "Not found", "There is no such address: see /api/v1/openapi.json."),
    429: ("rate.exceeded", "Too many attempts", "Wait five minutes, then try once more."),
    500: ("api.broken", "Broken", "Something failed on our side; nothing was half stored."),
}
"""Status to code, title and sentence; in English whoever asks."""
LEAST_TYPED: Final = 20
"""Characters from which typed words are worth giving back when their form is refused."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """One error as a page: ``says`` what happened, ``remedies`` what to do, each a sentence."""

    status: int
    title: str
    says: str
    remedies: tuple[str, ...] = ()
    code: str = ""
    typed: tuple[str, ...] = ()
    """Words that came with a refused form, given back so that they can be copied."""


def show(request: HttpRequest, trouble: Trouble) -> HttpResponse:
    """Return the page of a trouble with its status; under ``/api/`` the same as a problem."""
    if request.path.startswith(API):
        return _problem(trouble)
    context = {"trouble": trouble, "title": trouble.title, "knows_person": _knows_person(request)}
    return render(request, "errors/page.html", context, status=trouble.status)


def _problem(trouble: Trouble) -> HttpResponse:
    code, title, detail = _PROBLEMS.get(trouble.status, ("refused", "Refused", "Refused."))
    return JsonResponse(
        {
            "type": "about:blank",
            "title": title,
            "status": trouble.status,
            "code": trouble.code or code,
            "detail": detail,
        },
        status=trouble.status,
        content_type="application/problem+json",
    )


def _knows_person(request: HttpRequest) -> bool:
    """Tell whether the page can say who is signed in; never fails, whatever else is broken."""
    try:
        return bool(getattr(request, "user", None) and request.user.is_authenticated)
    except Exception:
        log.exception("Who is signed in could not be read for an error page")
        return False


def refused(request: HttpRequest, error: GreenlaneError) -> HttpResponse:
    """Return the page of anything the program refused, in its own sentence.

    404 for what is not there or not yours, 403 for what your role may not do, 409 when somebody was
    faster, 422 for everything else that cannot be done.
    """
    if isinstance(error, NotFound):
        trouble = _absent()
    elif isinstance(error, NotAllowed):
        trouble = _forbidden(_message(error), _code(error))
    elif isinstance(error, Conflict):
        trouble = _overtaken(_message(error), _code(error))
    else:
        again = _("Nothing was changed. Go back, correct what the sentence names, and try again.")
        said = _message(error)
        trouble = Trouble(422, _("This cannot be done now"), said, (again,), _code(error))
    return show(request, replace(trouble, typed=_typed(request)))


def _typed(request: HttpRequest) -> tuple[str, ...]:
    """Return the sentences that a form brought; what is one word, a key or a secret, is none."""
    if request.method != "POST":
        return ()
    return tuple(
        words
        for name, values in request.POST.lists()
        for words in values
        if "password" not in name and len(words) >= LEAST_TYPED and len(words.split()) > 1
    )


def is_done(request: HttpRequest, form: BaseForm, do: Callable[[], object]) -> bool:
    """Do an act with what a form was given; False where there is a form to show instead.

    A refusal is said on the form in the reader's language, so that nothing typed is lost.

    Raises:
        NotFound: what it is about is not there. NotAllowed: it is not for whoever asks.
    """
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        do()
    except (NotFound, NotAllowed):
        raise
    except GreenlaneError as error:
        form.add_error(None, says(error))
        return False
    return True


def _message(error: GreenlaneError) -> str:
    # A family's default sentence says less than the page's own, which also stands in for one that
    # the reader's language does not have.
    if isinstance(error, NotAllowed | Conflict) and (
        not is_translated(error) or error.message in {str(NotAllowed()), str(Conflict())}
    ):
        return ""
    return says(error)


def _code(error: GreenlaneError) -> str:
    return str(getattr(error, "refusal", "") or error.code)


def _absent() -> Trouble:
    return Trouble(
        404,
        _("There is no such page"),
        _("The address is wrong, the record is gone, or it is not yours to see."),
        (
            _("Check the address, or start from the first page."),
            _("If a letter or a mail led you here, tell the office which one."),
        ),
    )


def _forbidden(says: str = "", code: str = "") -> Trouble:
    return Trouble(
        403,
        _("Your role does not allow this"),
        says or _("This page or this act belongs to another role."),
        (
            _("If you have several roles, choose the account and the role at the top."),
            _("If you need this for your work, ask whoever gives out roles in your organization."),
        ),
        code,
    )


def _overtaken(says: str = "", code: str = "") -> Trouble:
    return Trouble(
        409,
        _("Somebody changed this record meanwhile"),
        says or _("What you saw is no longer what is stored, so your act was not carried out."),
        (
            _("Go back, reload the page, look at what is new, and decide again."),
            _("What you typed is still in the form when you go back."),
        ),
        code,
    )


@requires_csrf_token
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the request itself cannot be read."""
    return show(
        request,
        Trouble(
            400,
            _("This request cannot be read"),
            _("Something in the address or in what was sent is not what this page expects."),
            (_("Go back and use the page's own links and buttons."),),
        ),
    )


@requires_csrf_token
def not_allowed(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: the role does not allow it."""
    return show(request, _forbidden())


@requires_csrf_token
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: not there, or not yours; the answer is the same, so nobody learns which."""
    return show(request, _absent())


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form's mark is missing or too old."""
    return show(
        request,
        Trouble(
            403,
            _("This form is too old"),
            _("It was opened before you signed in, or in another window, so it was not sent."),
            (
                _("Go back, reload the page and send it again."),
                _("If it happens again, allow this site to keep its own cookies."),
            ),
            "form.too_old",
        ),
    )


class WrongMethodMiddleware:
    """Answers an address that takes only what a form sends with a page, not with nothing.

    Whoever reloads, or comes back from signing in again, asks for it by GET.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer; the API says it in its own form."""
        response = self.get_response(request)
        if response.status_code != 405 or request.path.startswith(API):
            return response
        page = show(
            request,
            Trouble(
                405,
                _("This address only takes what a form sends"),
                _("Nothing was sent with it, so nothing was done."),
                (_("Go back to the page with the form, and send it from there."),),
            ),
        )
        page["Allow"] = response.headers.get("Allow", "")
        return page


def conflict(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """409: somebody was faster."""
    return show(request, _overtaken())


def too_many(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """429: too many attempts."""
    return show(
        request,
        Trouble(
            429,
            _("Too many attempts"),
            _("To protect accounts, this page rests for a while after many attempts."),
            (_("Wait five minutes, then try once more."),),
            "rate.exceeded",
        ),
    )


@requires_csrf_token
def broken(request: HttpRequest) -> HttpResponse:
    """500: our fault. Works even when templates or the pack do not."""
    trouble = Trouble(
        500,
        _("Something failed on our side"),
        _("Nothing of what you sent was half stored: an act is kept whole or not at all."),
        (
            _("Try again in a few minutes."),
            _("If it happens again, tell the operator the time and what you were doing."),
        ),
    )
    try:
        return show(request, trouble)
    except Exception:
        # Whatever else is broken, the person must still be told what became of their act.
        log.exception("The error page itself could not be made")
        return HttpResponse(_LAST_RESORT, status=500)
