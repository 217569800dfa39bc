"""For the office: who has not applied the new edition, and a profile as it was on a day."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from greenlane.apps.criteria.queries import edition_in_force
from greenlane.apps.profiles.editions import Behind, behind
from greenlane.apps.profiles.past import profile_as_of, turns_of
from greenlane.core.errors import GreenlaneError
from greenlane.gate.access import the_program, today
from greenlane.gate.records import account_for, accounts_in_sight
from greenlane.web.specialist.frame import frame, to
from greenlane.web.ui.errors import refused
from greenlane.web.ui.pieces import Crumb, Status
from greenlane.web.ui.words import in_language
from greenlane.web.ui.yearly import DayForm, past_categories


@require_safe
def editions(request: HttpRequest) -> HttpResponse:
    """List the members whose profile stands under an edition that is no longer in force."""
    try:
        present = edition_in_force(the_program().id, on=today())
    except GreenlaneError as error:
        return refused(request, error)
    found = behind(the_program().id, list(accounts_in_sight(request, the_program().id)), on=today())
    context = frame(
        request,
        None,
        _("Who has not applied the new edition"),
        "cells",
        present=in_language(present.title),
        binds_from=present.compliance.existing_members,
        rows=[_row(one) for one in found],
    )
    return render(request, "specialist/editions.html", context)


def _row(one: Behind) -> dict[str, Any]:
    is_late = one.is_overdue(today())
    return {
        "company": one.account.company_name or one.account.stream,
        "href": to("case", one.account),
        "entity_type": in_language(the_program().entity_type(one.account.entity_type).title),
        "edition": one.edition,
        "binds_from": one.binds_from,
        "status": Status(_("Binding"), "bad") if is_late else Status(_("In time"), "waiting"),
    }


@require_safe
def past(request: HttpRequest, key: str) -> HttpResponse:
    """Show a profile as the record had it on a day, under the edition of then."""
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
        "review",
        form=form,
        on=found.on,
        edition=in_language(found.profile.edition.title),
        is_before=until is not None,
        until=found.until,
        answered=sum(row.answer is not None for row in found.profile.rows),
        asked=len(found.profile.rows),
        categories=past_categories(found.profile),
        turns=turns_of(account.stream),
    )
    context["crumbs"].insert(1, Crumb(_("Profile review"), to("review", account)))
    status = 422 if form.is_bound and not is_given else 200
    return render(request, "specialist/past.html", context, status=status)
