"""What is sent twice is recorded once: by the ``once`` key of a form, by ``Idempotency-Key``.

One place for pages and API. The act, and the note that it was done, are one transaction; whoever
repeats it, on any worker, gets the first answer.
"""

from __future__ import annotations

import hashlib
import logging
import secrets
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, TypeAlias

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils.translation import gettext as _

from greenlane.apps.audit import once
from greenlane.gate.access import doors, now, signed_in

log = logging.getLogger(__name__)

FIELD: Final = "once"
HEADER: Final = "Idempotency-Key"
_CHANGING: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_LONGEST: Final = 200
# What differs from one sending of the same page to the next, though nobody typed it.
_NOT_TYPED: Final = frozenset({"csrfmiddlewaretoken"})
_SWEEP_EVERY: Final = 200
View: TypeAlias = Callable[..., HttpResponse]


class OnceMiddleware:
    """Runs a page or an API call that carries a key once, and answers repetitions."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer; everything is done where the page is known."""
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view: View,
        args: Iterable[Any],
        kwargs: Mapping[str, Any],
    ) -> HttpResponse | None:
        """Return the answer of a request with a key; None for every other."""
        if request.method not in _CHANGING or not request.user.is_authenticated:
            return None
        match = request.resolver_match
        door = doors().get(match.view_name if match else "")
        is_api = door is not None and door.by_token
        given = request.headers.get(HEADER, "") if is_api else request.POST.get(FIELD, "")
        if not given or (request.headers.get("HX-Request") and not is_api):
            return None
        if len(given) > _LONGEST:
            return _refused("input.unreadable", 400, f"{HEADER}: at most {_LONGEST} characters.")
        content = _content(request)
        parts = [signed_in(request).key, str(request.method), request.get_full_path(), given]
        # A page that is gone back to keeps its key: what was typed anew there is another act. A
        # program that sends something else under a used key has a fault, and is told so.
        key = _digest(*parts, *(() if is_api else (content,)))
        if secrets.randbelow(_SWEEP_EVERY) == 0:
            once.forget(at=now())
        with transaction.atomic():
            known = once.claim(key, content=content, at=now())
            if known is None:
                return _first(request, key, is_api, lambda: view(request, *args, **kwargs))
        return _again_api(known, content) if is_api else _again(request, known)


def _first(
    request: HttpRequest, key: str, is_api: bool, answer: Callable[[], HttpResponse]
) -> HttpResponse:
    written = once.events_written.get()
    response = answer()
    if response.status_code >= 500 or transaction.get_connection().needs_rollback:
        transaction.set_rollback(True)
        return response
    if once.events_written.get() == written or response.status_code >= 400:
        # Nothing was recorded, so the same may be tried again.
        once.release(key)
        return response
    # Only what the API answers is kept whole; a page is led to, and made anew.
    led_to = response.headers.get("Location", "") or request.path
    once.keep(
        key,
        status=response.status_code,
        media_type=response.headers.get("Content-Type", "")[:100],
        body=response.content if is_api else led_to.encode(),
    )
    return response


def _again(request: HttpRequest, known: once.Answer) -> HttpResponse:
    messages.info(request, _("You sent this twice. It was recorded once."))
    return HttpResponseRedirect(known.body.decode() or request.path)


def _again_api(known: once.Answer, content: str) -> HttpResponse:
    if known.content != content:
        return _refused(
            "idempotency.key_reused",
            422,
            f"This {HEADER} was sent before with another content. Give each act a key of its own.",
        )
    answer = HttpResponse(known.body, status=known.status, content_type=known.media_type)
    answer["Idempotency-Replayed"] = "true"
    return answer


def _refused(code: str, status: int, detail: str) -> HttpResponse:
    return JsonResponse(
        {
            "type": "about:blank",
            "title": "Refused" if status == 422 else "Cannot be read",
            "status": status,
            "code": code,
            "detail": detail,
        },
        status=status,
        content_type="application/problem+json",
    )


def _content(request: HttpRequest) -> str:
    """Return the SHA-256 of what was sent, files with their bytes, without a page's own marks."""
    if not (request.content_type or "").startswith(("multipart/", "application/x-www-form")):
        return hashlib.sha256(request.body).hexdigest()
    parts: list[str] = []
    for name, values in sorted(request.POST.lists()):
        if name not in _NOT_TYPED:
            parts += [name, str(len(values)), *(str(value) for value in values)]
    for name, files in sorted(request.FILES.lists()):
        for one in files:
            parts += [name, getattr(one, "name", "") or "", _file_digest(one)]
    return _digest(*parts)


def _file_digest(given: UploadedFile[bytes]) -> str:
    digest = hashlib.sha256()
    for chunk in given.chunks():
        digest.update(chunk)
    given.seek(0)
    return digest.hexdigest()


def _digest(*parts: str) -> str:
    # Each part with its length, so that no two lists of parts run together.
    whole = "".join(f"{len(part)}:{part}" for part in parts)
    return hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()
