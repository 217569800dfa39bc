"""Joining: a person proves their address and registers, opens a company, or takes up a role.

Nobody is recorded before a mail reached them, and no page tells whether an address is known.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout
from django.core import signing
from django.core.mail import send_mail
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from greenlane.apps.accounts import actions, credentials, queries
from greenlane.core.errors import BadInput, NotAllowed, NotFound
from greenlane.core.vocabulary import Relation
from greenlane.gate import access
from greenlane.web.people.forms import EmailForm, NewPersonForm, OrganizationForm
from greenlane.web.people.sign_in import BACKEND, next_of
from greenlane.web.ui import refusals
from greenlane.web.ui.errors import refused
from greenlane.web.ui.words import in_language

SIGN_UP_SALT: Final = "greenlane.people.sign-up"
INVITATION_SALT: Final = "greenlane.people.invitation"
SIGN_UP_SECONDS: Final = 24 * 3600


class LinkOver(NotAllowed):
    """This link is damaged or too old. Ask for a new one and use it within a day."""

    code = "link.over"


def send(template: str, email: str, context: dict[str, Any], language: str) -> None:
    """Send a mail: its first line is the subject, the rest after an empty line the text."""
    with translation.override(language):
        text = render_to_string(template, context)
    subject, _blank, body = text.strip().partition("\n\n")
    send_mail(" ".join(subject.split()), body, settings.DEFAULT_FROM_EMAIL, [email])


# --- A person -------------------------------------------------------------------------------------


@never_cache
@require_http_methods(["GET", "POST"])
def sign_up(request: HttpRequest) -> HttpResponse:
    """Ask for an address and mail a link to it; the page answers the same for every address."""
    form = EmailForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        too_often = ratelimit.consume_or_429(request, action="signup")
        if too_often:
            return too_often  # type: ignore[no-any-return]  # allauth has no types
        _send_sign_up(request, queries.clean_email(form.cleaned_data["email"]))
        return render(request, "people/sign_up_sent.html", {"title": _("Look into your mail")})
    status = 422 if form.is_bound else 200
    context = {"title": _("Register"), "form": form}
    return render(request, "people/sign_up.html", context, status=status)


def _send_sign_up(request: HttpRequest, email: str) -> None:
    known = queries.person_by_email(email)
    language = known.language if known else get_language() or "en"
    if known:
        address = request.build_absolute_uri(reverse("account_login"))
        reset = request.build_absolute_uri(reverse("account_reset_password"))
        send("people/mail/known.txt", email, {"address": address, "reset": reset}, language)
        return
    token = signing.dumps({"email": email}, salt=SIGN_UP_SALT)
    address = request.build_absolute_uri(reverse("register", args=[token]))
    send("people/mail/sign_up.txt", email, {"address": address}, language)


@never_cache
@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "POST"])
def register(request: HttpRequest, token: str) -> HttpResponse:
    """Register whoever came by the link in the mail, and sign them in."""
    try:
        email = signing.loads(token, salt=SIGN_UP_SALT, max_age=SIGN_UP_SECONDS)["email"]
    except signing.BadSignature:
        return refused(request, LinkOver())
    if queries.person_by_email(email):
        return HttpResponseRedirect(reverse("account_login"))
    form = NewPersonForm(request.POST or None, email=email)
    if request.method == "POST" and form.is_valid():
        try:
            key = _register(form, email)
        except BadInput as error:
            form.add_error("name", refusals.says(error))
        else:
            _sign_in_new(request, key)
            return HttpResponseRedirect(reverse("open_organization"))
    return _new_person(request, form, email)


def _new_person(
    request: HttpRequest, form: NewPersonForm, email: str, offer: Offer | None = None
) -> HttpResponse:
    context = {"title": _("Register"), "form": form, "email": email, "offer": offer}
    status = 422 if form.is_bound else 200
    return render(request, "people/register.html", context, status=status)


def _register(form: NewPersonForm, email: str) -> str:
    program = access.the_program()
    language = (get_language() or "en").partition("-")[0]
    made = actions.register_person(
        name=form.cleaned_data["name"],
        email=email,
        language=language if language in program.languages else "en",
        encoded_password=credentials.encode_password(form.cleaned_data["password"]),
        at=access.now(),
        program=program,
    )
    return made.key


def _sign_in_new(request: HttpRequest, key: str) -> None:
    """Sign in who has just chosen a password; the second factor comes next."""
    logout(request)
    login(request, queries.person(key), backend=BACKEND)
    where = access.device_of(request)
    actions.record_sign_in(
        person=key,
        method="password",
        second_factor="",
        ip=where.ip,
        device=where.device,
        at=access.now(),
        program=access.the_program(),
    )


# --- A company ------------------------------------------------------------------------------------


@never_cache
@require_http_methods(["GET", "POST"])
def open_organization(request: HttpRequest) -> HttpResponse:
    """Open a company by one's own statement of being its officer or point of contact."""
    form = OrganizationForm(request.POST or None, program=access.the_program())
    if request.method == "POST" and form.is_valid():
        role, _slash, relation = form.cleaned_data["standing"].partition("/")
        try:
            actions.open_organization(
                name=form.cleaned_data["name"],
                role=role,
                relation=Relation(relation),
                person=access.signed_in(request).key,
                at=access.now(),
                program=access.the_program(),
            )
        except NotAllowed as error:
            return refused(request, error)
        except BadInput as error:
            form.add_error("name", refusals.says(error))
        else:
            messages.success(request, _("The company is on the record."))
            return HttpResponseRedirect("/")
    status = 422 if form.is_bound else 200
    context = {"title": _("Open a company"), "form": form}
    return render(request, "people/open_organization.html", context, status=status)


# --- An offered role ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Offer:
    """An invitation in words."""

    role: str
    meaning: str
    place: str
    sender: str
    email: str


def invitation_address(request: HttpRequest, key: str) -> str:
    """Return the address that the mail of an invitation leads to."""
    token = signing.dumps(key, salt=INVITATION_SALT)
    return request.build_absolute_uri(reverse("accept_invitation", args=[token]))


@never_cache
@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "POST"])
def accept_invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Take up an offered role: register on the way, or sign in as who was invited."""
    try:
        found = queries.invitation(signing.loads(token, salt=INVITATION_SALT))
        actions.check_invitation(found, on=access.today())
    except signing.BadSignature:
        return refused(request, LinkOver())
    except (NotAllowed, NotFound) as error:
        return refused(request, error)
    program = access.the_program()
    offer = Offer(
        in_language(program.roles[found.role].title),
        in_language(program.roles[found.role].meaning),
        found.organization.name if found.organization else found.office,
        queries.names_of([found.invited_by]).get(found.invited_by, ""),
        found.email,
    )
    known = queries.person_by_email(found.email)
    if known is None:
        return _register_and_accept(request, found.key, found.email, offer)
    if not request.user.is_authenticated or access.signed_in(request).key != known.key:
        context = {"title": _("You are invited"), "offer": offer, "here": request.path}
        return render(request, "people/invitation_sign_in.html", context)
    if not access.is_complete(request):
        return access.to_page(request, "set_up_second_factor")
    if request.method == "POST":
        try:
            actions.accept_invitation(
                invitation=found.key, person=known.key, at=access.now(), program=program
            )
        except NotAllowed as error:
            return refused(request, error)
        messages.success(request, _("You hold the role now."))
        return HttpResponseRedirect("/")
    return render(
        request, "people/invitation.html", {"title": _("You are invited"), "offer": offer}
    )


def _register_and_accept(request: HttpRequest, key: str, email: str, offer: Offer) -> HttpResponse:
    form = NewPersonForm(request.POST or None, email=email)
    if request.method == "POST" and form.is_valid():
        try:
            # A person whose role was refused would be left behind with nothing to do here.
            with transaction.atomic():
                person = _register(form, email)
                actions.accept_invitation(
                    invitation=key, person=person, at=access.now(), program=access.the_program()
                )
        except BadInput as error:
            form.add_error("name", refusals.says(error))
        except NotAllowed as error:
            return refused(request, error)
        else:
            _sign_in_new(request, person)
            return HttpResponseRedirect(next_of(request))
    return _new_person(request, form, email, offer)
