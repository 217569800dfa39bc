"""A new edition of the criteria: what it changes here, apply it, undo it; the profile as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from greenlane.apps.accounts.queries import names_of
from greenlane.apps.profiles.actions.answers import OPEN_PROFILES
from greenlane.apps.profiles.actions.editions import apply_edition, check_undo, undo_edition
from greenlane.apps.profiles.editions import EditionState, edition_state
from greenlane.apps.profiles.past import profile_as_of, turns_of
from greenlane.apps.profiles.queries import profile_of
from greenlane.core.errors import GreenlaneError
from greenlane.core.vocabulary import Power
from greenlane.gate.access import now, roles, the_program, today
from greenlane.gate.records import VIA, account_for, actor_on
from greenlane.web.member.frame import frame
from greenlane.web.ui import refusals
from greenlane.web.ui.errors import refused
from greenlane.web.ui.pieces import Crumb
from greenlane.web.ui.words import in_language
from greenlane.web.ui.yearly import DayForm, edition_groups, past_categories

if TYPE_CHECKING:
    from greenlane.apps.members.models import Account


def _appliers() -> frozenset[str]:
    return the_program().roles_that_may(Power.APPLY_EDITION)


def _here(account: Account) -> str:
    return reverse("member:edition", args=[account.stream])


@require_safe
def edition(request: HttpRequest, key: str) -> HttpResponse:
    """Show what the edition in force changes for this member, and what becomes of each answer."""
    try:
        account = account_for(request, key)
        state = edition_state(account, on=today())
    except GreenlaneError as error:
        return refused(request, error)
    found = {row.criterion.id: row.answer for row in profile_of(account, on=today()).rows}
    answers = {key: answer.words for key, answer in found.items() if answer is not None}
    change = state.change
    titles = the_program().roles
    context = frame(
        request,
        account,
        _("Edition of the criteria"),
        "profile",
        state=state,
        standing=in_language(state.standing.title),
        present=in_language(state.present.title),
        is_binding=today() >= state.binds_from,
        groups=edition_groups(change, lambda one: answers.get(one, "")) if change else [],
        asked_again=len(change.asked_again) if change else 0,
        carried=len(change.untouched) if change else 0,
        may_apply=not roles(request).isdisjoint(_appliers()),
        appliers=" / ".join(in_language(titles[role].title) for role in sorted(_appliers())),
        is_open=account.profile in OPEN_PROFILES,
        undo_days=the_program().profile.undo_days,
        undo=_undo(account, state),
        turns=_turns(account),
    )
    return render(request, "member/edition.html", context)


def _undo(account: Account, state: EditionState) -> dict[str, Any] | None:
    """Return what there is to say of undoing the latest change; None when nothing was applied."""
    held = state.held
    if held is None or not held.previous:
        return None
    why_not = ""
    try:
        check_undo(account, on=today())
    except GreenlaneError as error:
        why_not = refusals.says(error)
    return {
        "on": held.since_on,
        "by": names_of([held.set_by]).get(held.set_by, ""),
        "until": held.undo_until,
        "why_not": why_not,
    }


def _turns(account: Account) -> list[dict[str, Any]]:
    """Return the changes of edition, latest first, each with the profile as it was before."""
    address = reverse("member:past", args=[account.stream])
    return [
        {
            "on": turn.on,
            "left": turn.left,
            "taken": turn.taken,
            "is_undone": turn.act == "edition.undone",
            "href": f"{address}?{day_query(turn.on)}&before={turn.seq}",
        }
        for turn in turns_of(account.stream)
    ]


def day_query(on: Any) -> str:
    """Return a day as the parts of a day field write it in an address."""
    return f"on_day={on.day}&on_month={on.month}&on_year={on.year}"


@require_POST
def apply_(request: HttpRequest, key: str) -> HttpResponse:
    """Move the profile to the edition that was previewed."""
    try:
        account = account_for(request, key)
        apply_edition(
            account=account,
            edition=request.POST.get("edition", ""),
            by=actor_on(request, account, _appliers()),
            at=now(),
            via=VIA,
        )
    except GreenlaneError as error:
        return refused(request, error)
    messages.success(request, _("The new edition is applied. Only what it changed is asked again."))
    return HttpResponseRedirect(_here(account))


@require_POST
def undo(request: HttpRequest, key: str) -> HttpResponse:
    """Go back to the edition before, every answer as it stood."""
    try:
        account = account_for(request, key)
        by = actor_on(request, account, _appliers())
        undo_edition(account=account, by=by, at=now(), via=VIA)
    except GreenlaneError as error:
        return refused(request, error)
    messages.success(request, _("Undone: the profile stands as it did before."))
    return HttpResponseRedirect(_here(account))


@require_safe
def past(request: HttpRequest, key: str) -> HttpResponse:
    """Show the profile as the record had it on a day, under the edition of then."""
    try:
        account = account_for(request, key)
        form = DayForm(request.GET if "on_day" in request.GET else None, initial={"on": today()})
        is_given = form.is_bound and form.is_valid()
        on, until = form.given() if is_given else (None, None)
        found = profile_as_of(account, on=on or today(), today=today(), until=until)
    except GreenlaneError as error:
        return refused(request, error)
    context = frame(
        request,
        account,
        _("The profile as it was"),
        "profile",
        form=form,
        on=found.on,
        edition=in_language(found.profile.edition.title),
        is_before=until is not None,
        until=found.until,
        answered=sum(row.answer is not None for row in found.profile.rows),
        asked=len(found.profile.rows),
        categories=past_categories(found.profile),
    )
    profile_href = reverse("member:profile", args=[account.stream])
    context["crumbs"].insert(1, Crumb(_("Security profile"), profile_href))
    status = 422 if form.is_bound and not is_given else 200
    return render(request, "member/past.html", context, status=status)
