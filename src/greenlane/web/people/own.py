"""One's own sign-in: name, roles, what one signs in with, tokens of the API."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from greenlane.apps.accounts import actions, queries
from greenlane.core.errors import BadInput, GreenlaneError, NotFound
from greenlane.core.lifecycle.decide import Actor
from greenlane.gate import access
from greenlane.web.people.forms import NameForm, TokenForm
from greenlane.web.ui import refusals
from greenlane.web.ui.errors import refused
from greenlane.web.ui.words import in_language


@never_cache
@require_GET
def own_sign_in(request: HttpRequest) -> HttpResponse:
    """Show who one is here, in which roles, and the tokens that act as one."""
    person, program = access.signed_in(request), access.the_program()
    held = access.held(request)
    names = queries.organization_names({one.organization for one in held})
    context = {
        "title": _("Your sign-in"),
        "name": person.name,
        "email": person.email,
        "key": person.key,
        "roles": [
            {
                "title": in_language(program.roles[one.role].title),
                "place": names.get(one.organization, "") or one.office or _("All offices"),
                "since": one.since,
            }
            for one in held
            if one.role in program.roles
        ],
        "tokens": [
            {
                "key": one.key,
                "name": one.name,
                "prefix": one.prefix,
                "created_on": one.created_on,
                "expires_on": one.expires_on,
                "revoked_on": one.revoked_on,
                "last_used_on": one.last_used_on,
            }
            for one in queries.tokens_of(person.key)
        ],
        "sign_ins": [
            {"what": _what(one.act), "at": one.at, "ip": one.ip, "device": one.device}
            for one in queries.sign_ins_of(person.key, at_most=10)
        ],
    }
    return render(request, "people/own.html", context)


def _what(act: str) -> str:
    return {
        "sign_in.done": _("Signed in"),
        "sign_in.proved_again": _("Confirmed again"),
        "credential.password_set": _("Password changed"),
        "credential.totp_activated": _("Authenticator app set up"),
        "credential.totp_deactivated": _("Authenticator app given up"),
        "credential.webauthn_added": _("Passkey added"),
        "credential.webauthn_removed": _("Passkey removed"),
        "credential.recovery_codes_generated": _("New recovery codes"),
        "credential.second_factor_reset": _("Second factor reset by the office"),
    }.get(act, act)


@never_cache
@require_http_methods(["GET", "POST"])
def change_name(request: HttpRequest) -> HttpResponse:
    """Change the name that stands beside what one does."""
    person = access.signed_in(request)
    form = NameForm(request.POST or None, initial={"name": person.name})
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_person(
                person=person.key,
                name=form.cleaned_data["name"],
                by=Actor(person.key, ""),
                at=access.now(),
                program=access.the_program(),
            )
        except BadInput as error:
            form.add_error("name", refusals.says(error))
        else:
            return HttpResponseRedirect(reverse("own_sign_in"))
    status = 422 if form.is_bound else 200
    context = {"title": _("Change your name"), "form": form}
    return render(request, "people/change_name.html", context, status=status)


@never_cache
@access.needs_recent_proof
@require_http_methods(["GET", "POST"])
def create_token(request: HttpRequest) -> HttpResponse:
    """Make a token of the API; it is shown on this page and never again."""
    form = TokenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        _made, secret = actions.create_token(
            person=access.signed_in(request).key,
            name=form.cleaned_data["name"],
            expires_on=access.today() + timedelta(days=form.cleaned_data["days"]),
            at=access.now(),
            program=access.the_program(),
        )
        context = {"title": _("Your new token"), "secret": secret}
        return render(request, "people/token_made.html", context)
    status = 422 if form.is_bound else 200
    return render(
        request, "people/token.html", {"title": _("Make a token"), "form": form}, status=status
    )


@require_POST
def revoke_token(request: HttpRequest, token: str) -> HttpResponse:
    """Make one of one's own tokens worthless."""
    person = access.signed_in(request)
    try:
        if queries.token(token).user_id != person.key:
            return refused(request, NotFound())
        actions.revoke_token(
            token=token,
            by=Actor(person.key, ""),
            at=access.now(),
            program=access.the_program(),
        )
    except GreenlaneError as error:
        return refused(request, error)
    messages.success(request, _("The token opens nothing any more."))
    return HttpResponseRedirect(reverse("own_sign_in"))
