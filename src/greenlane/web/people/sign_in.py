"""Signing in, proving it again, second factors, language; and the demonstration's entrance.

allauth's views, with what this program adds: a change of what somebody signs in with is recorded,
and a proof that was given again is noted for signing.
"""

from __future__ import annotations

from itertools import groupby
from typing import Any

from allauth.account import views as account
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from django.conf import settings
from django.contrib.auth import login, logout
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django.views.i18n import set_language as keep_language

from greenlane.apps.accounts import actions, queries
from greenlane.apps.accounts.credentials import check_second_factor
from greenlane.gate import access
from greenlane.web.ui.words import in_language

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


# --- What allauth does, and is recorded -----------------------------------------------------------


def _note_change(request: HttpRequest, change: str) -> None:
    where = access.device_of(request)
    actions.record_credential_change(
        person=access.signed_in(request).key,
        change=change,
        ip=where.ip,
        device=where.device,
        at=access.now(),
        program=access.the_program(),
    )


def _note_proof(request: HttpRequest, method: str) -> None:
    where = access.device_of(request)
    actions.record_reauthentication(
        person=access.signed_in(request).key,
        method=method,
        ip=where.ip,
        device=where.device,
        at=access.now(),
        program=access.the_program(),
    )
    access.note_proved_again(request)


def _note_set_up(request: HttpRequest, kind: str, change: str) -> None:
    access.note_second_factor(request)
    # Whoever has just proved the new factor is shown the recovery codes without being asked again.
    record_authentication(request, request.user, "mfa", type=kind, reauthenticated=True)
    _note_change(request, change)


class ActivateTotp(totp.ActivateTOTPView):  # type: ignore[misc]  # allauth has no types
    """Sets up an authenticator app."""

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        # The code that set the app up has served: it signs nobody in afterwards.
        check_second_factor(access.signed_in(self.request), form.cleaned_data["code"])
        _note_set_up(self.request, "totp", "totp_activated")
        return response


class DeactivateTotp(totp.DeactivateTOTPView):  # type: ignore[misc]  # allauth has no types
    """Gives up an authenticator app."""

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        _note_change(self.request, "totp_deactivated")
        return response


class AddPasskey(passkeys.AddWebAuthnView):  # type: ignore[misc]  # allauth has no types
    """Adds a passkey or security key."""

    def get_form(self, form_class: Any = None) -> Any:
        form = super().get_form(form_class)
        # The library names this field in English alone.
        form.fields["name"].label = _("Name")
        return form

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        _note_set_up(self.request, "webauthn", "webauthn_added")
        return response


class RemovePasskey(passkeys.RemoveWebAuthnView):  # type: ignore[misc]  # allauth has no types
    """Removes a passkey or security key."""

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        _note_change(self.request, "webauthn_removed")
        return response


class GenerateCodes(codes.GenerateRecoveryCodesView):  # type: ignore[misc]  # allauth has no types
    """Makes new recovery codes; the old ones are worth nothing then."""

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        _note_change(self.request, "recovery_codes_generated")
        return response


class ProveByPassword(account.ReauthenticateView):  # type: ignore[misc]  # allauth has no types
    """Asks for the password again."""

    def form_valid(self, form: Any) -> HttpResponse:
        _note_proof(self.request, "password")
        return super().form_valid(form)  # type: ignore[no-any-return]  # allauth has no types


class ProveByCode(factors.ReauthenticateView):  # type: ignore[misc]  # allauth has no types
    """Asks for a code of the authenticator app again."""

    def form_valid(self, form: Any) -> HttpResponse:
        _note_proof(self.request, "totp")
        return super().form_valid(form)  # type: ignore[no-any-return]  # allauth has no types


class ProveByPasskey(passkeys.ReauthenticateWebAuthnView):  # type: ignore[misc]  # untyped
    """Asks for the passkey again."""

    def form_valid(self, form: Any) -> HttpResponse:
        _note_proof(self.request, "webauthn")
        return super().form_valid(form)  # type: ignore[no-any-return]  # allauth has no types


# --- Ours -----------------------------------------------------------------------------------------


def next_of(request: HttpRequest) -> str:
    """Return the address to go on to, if it is one of ours; else the first page."""
    given = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(
        given, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return given if is_ours else "/"


@never_cache
@require_GET
def set_up_second_factor(request: HttpRequest) -> HttpResponse:
    """Show what a second factor is and the two ways to get one; nothing else opens before."""
    if access.is_complete(request):
        return HttpResponseRedirect(next_of(request))
    title = _("Set up your second factor")
    return render(request, "people/second_factor.html", {"title": title})


@never_cache
@require_http_methods(["GET", "POST"])
def sign_in_again(request: HttpRequest) -> HttpResponse:
    """Send to where one proves again who one is; in a demonstration, a button does it."""
    if request.session.get(access.DEMO_KEY) and settings.IS_DEMO:
        if request.method == "POST":
            _note_proof(request, "demo")
            return HttpResponseRedirect(next_of(request))
        context = {"title": _("Confirm that it is you"), "next": next_of(request)}
        return render(request, "people/demo_again.html", context)
    address = f"{reverse('account_reauthenticate')}?{urlencode({'next': next_of(request)})}"
    return HttpResponseRedirect(address)


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Keep a language: for a person on their record, for everybody else in a cookie."""
    language = request.POST.get("language", "")
    if request.user.is_authenticated and language in dict(settings.LANGUAGES):
        actions.choose_language(
            person=access.signed_in(request).key,
            language=language,
            at=access.now(),
            program=access.the_program(),
        )
    return keep_language(request)


@never_cache
@require_http_methods(["GET", "POST"])
def enter_demo(request: HttpRequest) -> HttpResponse:
    """Sign in as one of the demonstration's people, without any proof; only in a demonstration."""
    if not settings.IS_DEMO:
        raise Http404
    if request.method == "POST":
        return _enter_as(request, request.POST.get("person", ""))
    program, on = access.the_program(), access.today()
    text = request.GET.get("q", "").strip()
    found = [
        *queries.people_of_office(on=on, program=program),
        *queries.people_of_companies(on=on, program=program, text=text, at_most=60),
    ]
    if text:
        found = [one for one in found if one.organization or text.lower() in one.name.lower()]
    names = queries.organization_names({one.organization for one in found})
    groups = [
        {
            "title": in_language(program.roles[role].title),
            "meaning": in_language(program.roles[role].meaning),
            "people": [
                {
                    "key": one.person,
                    "name": one.name,
                    "place": names.get(one.organization, "") or one.office,
                }
                for one in held
            ],
        }
        for role, held in groupby(found, key=lambda one: one.role)
    ]
    context = {
        "title": _("Enter the demonstration as ..."),
        "groups": groups,
        "text": text,
        "next": next_of(request),
    }
    return render(request, "people/demo.html", context)


def _enter_as(request: HttpRequest, key: str) -> HttpResponse:
    try:
        person = queries.person(key)
    except queries.NoSuchPerson:
        raise Http404 from None
    if not person.is_active:
        raise Http404
    logout(request)
    login(request, person, backend=BACKEND)
    request.session[access.DEMO_KEY] = True
    where = access.device_of(request)
    actions.record_sign_in(
        person=person.key,
        method="demo",
        second_factor="",
        ip=where.ip,
        device=where.device,
        at=access.now(),
        program=access.the_program(),
    )
    return HttpResponseRedirect(next_of(request))
