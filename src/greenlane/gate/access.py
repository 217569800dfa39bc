"""Who may go through which door: one table, a middleware that keeps to it, and who is acting.

A view whose address has no row in the table answers nobody. Whose company a page shows is asked by
the queries (404); the table asks only for roles.
"""

from __future__ import annotations

import importlib
import logging
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache, wraps
from typing import TYPE_CHECKING, Any, Final, ParamSpec
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils import translation
from django.utils.cache import add_never_cache_headers
from django_htmx.http import HttpResponseClientRedirect

from greenlane.apps.accounts import credentials, queries
from greenlane.content.packs import load_program
from greenlane.core.access import Access, Held
from greenlane.core.errors import NotAllowed
from greenlane.core.lifecycle.decide import Actor
from greenlane.core.program import Program

if TYPE_CHECKING:
    from greenlane.apps.accounts.models import User

log = logging.getLogger(__name__)
P = ParamSpec("P")

LANGUAGE_PARAMETER: Final = "language"
SECOND_FACTOR_KEY: Final = "greenlane_second_factor"
PROVED_AGAIN_KEY: Final = "greenlane_proved_again"
DEMO_KEY: Final = "greenlane_demonstration"
PROOF_SECONDS: Final = 300
# Doors that somebody without a second factor still needs to get one, or to leave.
SET_UP: Final = frozenset(
    {
        "account_logout",
        "account_reauthenticate",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_index",
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
        "set_up_second_factor",
        "sign_in_again",
    }
)


# --- The table ------------------------------------------------------------------------------------


def doors() -> Mapping[str, Access]:
    """Return the whole table: URL name, as ``resolver_match.view_name``, to who may pass.

    Raises:
        RuntimeError: two modules of ``GREENLANE_DOORS`` name the same address.
    """
    return _read_doors(tuple(settings.GREENLANE_DOORS))


@lru_cache(maxsize=8)
def _read_doors(modules: tuple[str, ...]) -> Mapping[str, Access]:
    table: dict[str, Access] = {}
    for name in modules:
        rows: Mapping[str, Access] = importlib.import_module(name).DOORS
        twice = table.keys() & rows.keys()
        if twice:
            raise RuntimeError(f"{name} has doors that stand in another table: {sorted(twice)}.")
        table |= rows
    return table


def admits(request: HttpRequest, name: str) -> bool:
    """Tell whether whoever is signed in may open the address of this name (not: of which account).

    Raises:
        KeyError: no table of doors has it.
    """
    return doors()[name].admits(the_program(), roles(request))


class AccessMiddleware:
    """Refuses every view whose address is not in the table, or not open to who asks."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer; what was shown to somebody signed in is kept by no cache."""
        response = self.get_response(request)
        if response.status_code == 405 and getattr(request, "greenlane_by_token", False):
            response = _wrong_method(request, response)
        if getattr(request, "greenlane_is_private", False):
            add_never_cache_headers(response)
        return response

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: object
    ) -> HttpResponse | None:
        """Return None to let the request pass, else the answer that sends it away."""
        match = request.resolver_match
        name = match.view_name if match else ""
        door = doors().get(name)
        if door is None:
            log.error("The address named %r stands in no table of doors, so it is closed.", name)
            raise PermissionDenied
        if door.by_token:
            request.greenlane_by_token = True  # type: ignore[attr-defined]  # read in __call__
            return _pass_by_token(request, door)
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            # Nobody is signed in, and a public page stays without a cookie.
            return None if door.is_public else _to_sign_in(request)
        return _pass_by_session(request, door, name)


def _pass_by_session(request: HttpRequest, door: Access, name: str) -> HttpResponse | None:
    if request.session.get(DEMO_KEY) and not settings.IS_DEMO:
        # A demonstration's session proves nothing to an installation that is none.
        logout(request)
    if not request.user.is_authenticated:
        return None if door.is_public else _to_sign_in(request)
    _speak_to(request)
    if door.is_public:
        return None
    request.greenlane_is_private = True  # type: ignore[attr-defined]  # read in __call__
    if not is_complete(request):
        if credentials.has_second_factor(signed_in(request).key):
            # Set up elsewhere, after this session gave a password only: it must begin anew, or a
            # stolen password would be enough to add another second factor.
            logout(request)
            return _to_sign_in(request)
        return None if name in SET_UP else to_page(request, "set_up_second_factor")
    if not door.admits(the_program(), roles(request)):
        raise PermissionDenied
    return None


def _pass_by_token(request: HttpRequest, door: Access) -> HttpResponse | None:
    # Never the session's person: a form on another site could act with their cookie.
    request.user = AnonymousUser()
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if not token:
        if door.is_public:
            return None
        return problem(401, "token.missing", "Send your token: Authorization: Bearer glt_...")
    on = today()
    found = queries.token_in_force(token.strip(), on=on) if scheme.lower() == "bearer" else None
    if found is None:
        return problem(401, "token.unknown", "This token is unknown, revoked or expired.")
    request.greenlane_is_private = True  # type: ignore[attr-defined]  # read in __call__
    credentials.note_token_used(found.key, on=on.isoformat())
    request.user = found.user
    if not door.admits(the_program(), roles(request)):
        return problem(403, "access.role_not_allowed", "Your roles do not open this address.")
    return None


def problem(status: int, code: str, detail: str) -> JsonResponse:
    """Return a refusal as ``application/problem+json`` (RFC 9457) with a stable code."""
    titles = {401: "Not signed in", 403: "Not allowed", 405: "Wrong method"}
    body = {"type": "about:blank", "title": titles[status], "status": status}
    answer = JsonResponse(
        {**body, "code": code, "detail": detail},
        status=status,
        content_type="application/problem+json",
    )
    if status == 401:
        answer["WWW-Authenticate"] = "Bearer"
    return answer


def _wrong_method(request: HttpRequest, refused: HttpResponse) -> HttpResponse:
    allowed = refused.headers.get("Allow", "")
    detail = f"This address does not take {request.method}. It takes: {allowed or 'nothing'}."
    answer = problem(405, "method.not_allowed", detail)
    if allowed:
        answer["Allow"] = allowed
    return answer


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    return to_page(request, "account_login")


def to_page(request: HttpRequest, name: str) -> HttpResponse:
    """Send to a page that comes back here afterwards; a form is not sent again by itself."""
    query = {"next": request.get_full_path()} if request.method in ("GET", "HEAD") else {}
    address = f"{reverse(name)}?{urlencode(query)}" if query else reverse(name)
    if request.headers.get("HX-Request"):
        return HttpResponseClientRedirect(reverse(name))
    return HttpResponseRedirect(address)


def _speak_to(request: HttpRequest) -> None:
    """Use the language a person chose, unless the address asks for another."""
    language = getattr(request.user, "language", "")
    known = dict(settings.LANGUAGES)
    if request.GET.get(LANGUAGE_PARAMETER) not in known and language in known:
        translation.activate(language)
        request.LANGUAGE_CODE = language


# --- Who is acting --------------------------------------------------------------------------------


def now() -> datetime:
    """Return the moment, in UTC: the `at` of an act."""
    return datetime.now(UTC)


def the_program() -> Program:
    """Return the program that this installation runs."""
    return load_program(settings.GREENLANE_PACK)


def today() -> date:
    """Return the day in the program's time zone: the `on` of a question."""
    return the_program().day_of(now())


def signed_in(request: HttpRequest) -> User:
    """Return who is signed in.

    Raises:
        NotAllowed: nobody is; the table lets nobody get here.
    """
    if not request.user.is_authenticated:
        raise NotAllowed("Sign in first.")
    return request.user


def held(request: HttpRequest) -> list[Held]:
    """Return the roles that whoever asks holds today; asked of the database once a request."""
    known: list[Held] | None = getattr(request, "greenlane_held", None)
    if known is None:
        known = []
        if request.user.is_authenticated:
            known = queries.held_by(signed_in(request).key, program=the_program(), on=today())
        request.greenlane_held = known  # type: ignore[attr-defined]  # kept for this request
    return known


def roles(request: HttpRequest) -> frozenset[str]:
    """Return the ids of these roles."""
    return frozenset(one.role for one in held(request))


def acting(
    request: HttpRequest, wanted: Collection[str], *, organization: str = "", office: str = ""
) -> Actor:
    """Return whoever asks as the actor of an act, in a role it is open to.

    Args:
        request: The request.
        wanted: Roles the act is open to.
        organization: Key of the organization whose affair it is; "" for the office's own.
        office: Field office of the account, "" when it has none.

    Raises:
        RoleNotAllowed: they hold none of these roles here.
    """
    person = signed_in(request)
    role = queries.acting_role(
        person.key,
        wanted=wanted,
        program=the_program(),
        on=today(),
        organization=organization,
        office=office,
    )
    return Actor(person.key, role)


@dataclass(frozen=True, slots=True)
class Device:
    """Where a request comes from, as far as trusted proxies and the browser tell."""

    ip: str
    device: str


def device_of(request: HttpRequest) -> Device:
    """Return address and browser of a request, for the sealed part of a sign-in or signature."""
    # allauth knows how many proxies to believe.
    from allauth.account.adapter import get_adapter

    return Device(
        str(get_adapter(request).get_client_ip(request)),
        request.headers.get("User-Agent", "")[:300],
    )


# --- Proofs ---------------------------------------------------------------------------------------


def is_complete(request: HttpRequest) -> bool:
    """Tell whether the person gave a second factor in this session, and still has one."""
    if request.session.get(DEMO_KEY):
        return bool(settings.IS_DEMO)
    if not request.user.is_authenticated:
        return False
    key = signed_in(request).key
    given = request.session.get(SECOND_FACTOR_KEY) == key
    return given and credentials.has_second_factor(key)


def note_second_factor(request: HttpRequest) -> None:
    """Note that the person gave, or has just set up, a second factor in this session."""
    request.session[SECOND_FACTOR_KEY] = signed_in(request).key


def note_proved_again(request: HttpRequest) -> None:
    """Note that the person has just proved again who they are."""
    request.session[PROVED_AGAIN_KEY] = [signed_in(request).key, now().timestamp()]


def recently_authenticated(request: HttpRequest) -> bool:
    """Tell whether the person proved again who they are in the last five minutes.

    Signing in is no such proof: whoever signs does so on purpose, at the moment of signing.
    """
    noted = request.session.get(PROVED_AGAIN_KEY)
    if not isinstance(noted, list) or not request.user.is_authenticated:
        return False
    key, moment = noted
    age = now().timestamp() - moment
    return bool(key == signed_in(request).key and 0 <= age < PROOF_SECONDS)


def needs_recent_proof(view: Callable[P, HttpResponse]) -> Callable[P, HttpResponse]:
    """Let a view be entered only by whoever proved again who they are; else they are sent there.

    A form sent too late is not sent again by itself: they come back to the page and press again.
    """

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        request: Any = args[0]
        if recently_authenticated(request):
            return view(*args, **kwargs)
        address = f"{reverse('sign_in_again')}?{urlencode({'next': request.get_full_path()})}"
        if request.headers.get("HX-Request"):
            return HttpResponseClientRedirect(address)
        return HttpResponseRedirect(address)

    return guarded
