"""What every page of the specialist door stands in: navigation, tabs of a case, header."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from greenlane.apps.incidents.acts import keeps_incidents
from greenlane.apps.members import queries
from greenlane.apps.suspensions.acts import keeps_suspensions
from greenlane.apps.validations.acts import keeps_cases
from greenlane.core.program import Program
from greenlane.core.vocabulary import Axis
from greenlane.gate.access import admits, roles, signed_in, the_program
from greenlane.web.ui.pieces import (
    Choice,
    Crumb,
    Header,
    NavItem,
    Status,
    Tab,
    tone_of,
    tone_of_phase,
)
from greenlane.web.ui.words import in_language

if TYPE_CHECKING:
    from greenlane.apps.members.models import Account


def frame(
    request: HttpRequest, account: Account | None, title: str, here: str, **more: Any
) -> dict[str, Any]:
    """Return the context of a page: ``here`` is its place in the navigation, or its tab."""
    crumbs = []
    is_office = bool(set(the_program().case_roles) & roles(request))
    if account is not None:
        name = account.company_name or account.stream
        crumbs = (
            [Crumb(_("Members"), reverse("specialist:members")), Crumb(name)]
            if here == "case"
            else [Crumb(name, to("case", account) if is_office else ""), Crumb(title)]
        )
    return {
        "title": title,
        "account": account,
        "nav": _places(request, here),
        "case_tabs": _tabs(account, here) if account and is_office else [],
        "crumbs": crumbs,
        "header": _header(request),
        "program": the_program(),
        **more,
    }


def keeps_trust() -> bool:
    """Tell whether the program keeps suspensions and incidents as cases."""
    return keeps_suspensions(the_program()) and keeps_incidents(the_program())


def _places(request: HttpRequest, here: str) -> list[NavItem]:
    """Return the places of this door that the reader may open; nobody is told of another."""
    places = (
        ("queue", _("Queue"), "schedule"),
        ("members", _("Members"), "people"),
        ("plan", _("Plan"), "assessment"),
        ("hits", _("Hits"), "flag"),
        ("customs", _("Debts and seizures"), "list"),
        *([("trust_queue", _("Trust"), "security")] if keeps_trust() else []),
        ("cells", _("Criteria"), "check_circle"),
        ("program", _("The office"), "event"),
        ("health", _("Health"), "assessment"),
    )
    return [
        NavItem(title, reverse(f"specialist:{name}"), icon, here == name.removesuffix("_queue"))
        for name, title, icon in places
        if admits(request, f"specialist:{name}")
    ]


def to(name: str, account: Account) -> str:
    """Return the address of a page of this account's case."""
    return reverse(f"specialist:{name}", args=[account.stream])


def _tabs(account: Account, here: str) -> list[Tab]:
    pages = [
        ("case", _("Case")),
        ("review", _("Profile review")),
        ("vetting", _("Vetting")),
        ("certify", _("Certification")),
        *([("validation", _("Validation"))] if keeps_cases(the_program()) else []),
        *([("trust", _("Trust"))] if keeps_trust() else []),
        ("letters", _("Letters")),
        ("record", _("Record")),
    ]
    return [Tab(title, to(key, account), key == here) for key, title in pages]


def _header(request: HttpRequest) -> Header:
    held = roles(request)
    titles = [
        in_language(the_program().roles[role].title)
        for role in the_program().case_roles
        if role in held
    ]
    others = [in_language(role.title) for role in the_program().roles.values() if role.id in held]
    return Header(
        person=signed_in(request).name,
        role=", ".join(titles or others),
        search_href=reverse("specialist:members") if titles else "",
        search_label=_("Search members"),
        person_links=(Choice(_("Your sign-in"), reverse("own_sign_in")),),
    )


def axis_word(program: Program, axis: Axis, value: str) -> str:
    """Return the pack's word for a state of an axis."""
    label = program.labels.get(axis.value, {}).get(value)
    return in_language(label) if label else value


def axis_status(account: Account, axis: Axis) -> Status:
    """Return an axis of the account as a word, since when, and the rule behind it."""
    value = str(getattr(account, axis.value))
    since = queries.case_of(account).standing().since.get(axis)
    return Status(
        axis_word(the_program(), axis, value),
        tone_of_phase(the_program().phase_of(value)) if axis is Axis.MEMBERSHIP else tone_of(value),
        since.on if since else None,
        why_href=rule_href(since.act) if since else "",
    )


def rule_href(rule: str) -> str:
    """Return the public page of an act or deadline."""
    return reverse("public:rule", args=[rule])


def act_title(act: str) -> str:
    """Return the pack's words for an act; the id where the pack has none."""
    row = the_program().transitions.get(act)
    return in_language(row.title) if row else act
