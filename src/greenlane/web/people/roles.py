"""Who holds which role in a company or in the office: list, invite, end, help with sign-ins."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from greenlane.apps.accounts import actions, queries
from greenlane.core.access import check_reads, reads
from greenlane.core.errors import BadInput, GreenlaneError
from greenlane.core.lifecycle.decide import Actor
from greenlane.core.vocabulary import Matter, Side
from greenlane.gate import access
from greenlane.web.people.forms import InvitationForm
from greenlane.web.people.joining import invitation_address, send
from greenlane.web.ui import refusals
from greenlane.web.ui.errors import refused
from greenlane.web.ui.words import in_language

OFFICE: Final = "office"


def _place(place: str) -> str:
    """Return the organization of an address, "" for the office."""
    return "" if place == OFFICE else queries.organization(place).key


def _giver(request: HttpRequest, organization: str) -> Actor:
    program = access.the_program()
    granted = [program.roles[role].granted_by for role in program.roles_of(Side.COMPANY)]
    wanted = frozenset().union(*granted) if organization else program.keepers
    return access.acting(request, wanted, organization=organization)


def _offered(actor: Actor, organization: str) -> list[str]:
    """Return the roles that an actor may give here, in the pack's order."""
    program = access.the_program()
    sides = (Side.COMPANY,) if organization else (Side.OFFICE, Side.APPEAL)
    return [
        one.id
        for one in program.roles.values()
        if one.side in sides and actor.role in one.granted_by
    ]


@never_cache
@require_GET
def people(request: HttpRequest, place: str) -> HttpResponse:
    """List who holds which role in a company, or in the office."""
    program, on = access.the_program(), access.today()
    try:
        organization = _place(place)
        check_reads(program, access.held(request), Matter.PEOPLE, on=on, organization=organization)
    except GreenlaneError as error:
        return refused(request, error)
    if not organization and not _is_of_office(request):
        return refused(request, queries.NoSuchOrganization())
    rows = (
        queries.people_of(organization, on=on, program=program)
        if organization
        else queries.people_of_office(on=on, program=program)
    )
    may_give = _may_give(request, organization)
    names = queries.names_of([one.granted_by for one in rows])
    title = queries.organization(organization).name if organization else _("The office")
    context: dict[str, Any] = {
        "title": _("People of %(place)s") % {"place": title},
        "place": place,
        "may_give": may_give,
        "may_help": not organization and bool(program.keepers & access.roles(request)),
        "rows": [
            {
                "grant": one.grant,
                "person": one.person,
                "name": one.name,
                "email": one.email,
                "role": in_language(program.roles[one.role].title),
                "office": one.office,
                "relation": one.relation,
                "since": one.since,
                "by": _("own statement") if one.is_stated else names.get(one.granted_by, ""),
            }
            for one in rows
        ],
        "invitations": [
            {
                "key": one.key,
                "email": one.email,
                "role": in_language(program.roles[one.role].title),
                "expires_on": one.expires_on,
            }
            for one in (
                queries.open_invitations(organization=organization, program=program, on=on)
                if may_give
                else ()
            )
        ],
    }
    return render(request, "people/people.html", context)


def _is_of_office(request: HttpRequest) -> bool:
    held = [one for one in access.held(request) if not one.organization]
    return reads(access.the_program(), held, Matter.PEOPLE, on=access.today())


def _may_give(request: HttpRequest, organization: str) -> bool:
    try:
        _giver(request, organization)
    except GreenlaneError:
        return False
    return True


@never_cache
@require_http_methods(["GET", "POST"])
def invite(request: HttpRequest, place: str) -> HttpResponse:
    """Offer a role by mail."""
    program = access.the_program()
    try:
        organization = _place(place)
        actor = _giver(request, organization)
    except GreenlaneError as error:
        return refused(request, error)
    form = InvitationForm(
        request.POST or None,
        program=program,
        offered=_offered(actor, organization),
        is_office=not organization,
    )
    if request.method == "POST" and form.is_valid():
        try:
            sent = actions.invite(
                email=form.cleaned_data["email"],
                role=form.cleaned_data["role"],
                relation=form.cleaned_data.get("relation"),
                organization=organization,
                office=form.cleaned_data.get("office", ""),
                by=actor,
                at=access.now(),
                program=program,
            )
        except (BadInput, GreenlaneError) as error:
            form.add_error(None, refusals.says(error))
        else:
            _mail_invitation(request, sent.key)
            messages.success(request, _("The invitation is on its way."))
            return HttpResponseRedirect(reverse("people", args=[place]))
    status = 422 if form.is_bound else 200
    context = {"title": _("Invite somebody"), "form": form, "place": place}
    return render(request, "people/invite.html", context, status=status)


def _mail_invitation(request: HttpRequest, key: str) -> None:
    program, found = access.the_program(), queries.invitation(key)
    known = queries.person_by_email(found.email)
    language = known.language if known else access.signed_in(request).language
    title = program.roles[found.role].title
    context = {
        "sender": access.signed_in(request).name,
        "role": title.in_(language),
        "place": found.organization.name if found.organization else "",
        "program": program.title.in_(language),
        "until": found.expires_on,
        "address": invitation_address(request, key),
    }
    send("people/mail/invitation.txt", found.email, context, language)


@require_POST
def withdraw(request: HttpRequest, invitation: str) -> HttpResponse:
    """Take an offer back."""
    try:
        organization = queries.invitation(invitation).organization_id or ""
        actions.withdraw_invitation(
            invitation=invitation,
            by=_giver(request, organization),
            at=access.now(),
            program=access.the_program(),
        )
    except GreenlaneError as error:
        return refused(request, error)
    messages.success(request, _("The invitation was withdrawn."))
    return HttpResponseRedirect(reverse("people", args=[organization or OFFICE]))


@never_cache
@require_http_methods(["GET", "POST"])
def end_role(request: HttpRequest, grant: str) -> HttpResponse:
    """Ask once, then end a role."""
    program = access.the_program()
    try:
        found = queries.grant(grant)
        organization = found.organization_id or ""
        own = found.user_id == access.signed_in(request).key
        actor = Actor(found.user_id, found.role) if own else _giver(request, organization)
        if request.method == "POST":
            actions.end_grant(grant=grant, by=actor, at=access.now(), program=program)
            messages.success(request, _("The role is ended."))
            return HttpResponseRedirect(reverse("people", args=[organization or OFFICE]))
    except GreenlaneError as error:
        return refused(request, error)
    name = queries.names_of([found.user_id]).get(found.user_id, "")
    role = in_language(program.roles[found.role].title)
    context = {
        "title": _("End a role"),
        "question": _("End the role %(role)s of %(name)s?") % {"role": role, "name": name},
        "consequences": [
            _("From now on it opens nothing. What was done in this role stays on the record."),
            _("It can be granted again at any time."),
        ],
        "submit_label": _("End the role"),
        "cancel_href": reverse("people", args=[organization or OFFICE]),
        "base": "people/frame.html",
    }
    return render(request, "ui/confirm.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def reset_second_factor(request: HttpRequest, person: str) -> HttpResponse:
    """Ask once, then remove the second factors of somebody who lost them."""
    try:
        found = queries.person(person)
        if request.method == "POST":
            actions.reset_second_factor(
                person=person,
                by=access.acting(request, access.the_program().keepers),
                at=access.now(),
                program=access.the_program(),
            )
            messages.success(request, _("They set up a new one at their next sign-in."))
            return HttpResponseRedirect(reverse("people", args=[OFFICE]))
    except GreenlaneError as error:
        return refused(request, error)
    context = {
        "title": _("Reset a second factor"),
        "question": _("Remove the second factors of %(name)s?") % {"name": found.name},
        "consequences": [
            _("First make sure, by another way than mail, that it is they who ask."),
            _("They sign in with their password and set up a new second factor."),
        ],
        "submit_label": _("Remove the second factors"),
        "cancel_href": reverse("people", args=[OFFICE]),
        "base": "people/frame.html",
    }
    return render(request, "ui/confirm.html", context)
