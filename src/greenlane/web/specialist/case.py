"""One case: who, what, clock, what blocks the next step; standing, duties, facts, decision bar."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from greenlane.apps.accounts.queries import names_of, organization_names
from greenlane.apps.certification.queries import open_proposals
from greenlane.apps.members import queries
from greenlane.apps.profiles.queries import AnswerState, profile_of
from greenlane.core.deadlines import RUNNING
from greenlane.core.errors import GreenlaneError
from greenlane.core.facts import checked
from greenlane.core.vocabulary import Axis
from greenlane.gate.access import roles, the_program, today
from greenlane.gate.records import account_for
from greenlane.web.specialist.bar import bar, next_forward
from greenlane.web.specialist.frame import axis_status, axis_word, frame, rule_href, to
from greenlane.web.ui.clocks import Clock, clock_of
from greenlane.web.ui.errors import refused
from greenlane.web.ui.pieces import Link, Pair
from greenlane.web.ui.rule_words import value_words
from greenlane.web.ui.words import in_language

if TYPE_CHECKING:
    from greenlane.apps.members.models import Account


def case(request: HttpRequest, key: str) -> HttpResponse:
    """Show where the case stands, what runs, and what can be done now."""
    try:
        account = account_for(request, key)
    except GreenlaneError as error:
        return refused(request, error)
    items = bar(account, roles(request))
    forward = next_forward(account)
    context = frame(
        request,
        account,
        account.company_name or account.stream,
        "case",
        entity=in_language(the_program().entity_type(account.entity_type).title),
        status=axis_status(account, Axis.MEMBERSHIP),
        clock=_bucket(account),
        forward=forward,
        shut=[gate for gate in forward.gates if gate.truth != "yes"] if forward else [],
        is_proposed=open_proposals(account.stream).exists(),
        items=items,
        standing=_standing(account),
        clocks=_clocks(account),
        company=_company(account),
        facts=_facts(account),
        profile_words=_profile_words(account),
    )
    return render(request, "specialist/case.html", context)


def _bucket(account: Account) -> Clock | None:
    duty = queries.case_of(account).bucket(on=today())
    return clock_of(duty, language=get_language() or "en") if duty else None


def _clocks(account: Account) -> list[Clock]:
    language = get_language() or "en"
    duties = queries.case_of(account).duties(on=today())
    return [
        # The rule's id is enough here: its page has the citation.
        replace(clock_of(duty, language=language, href=rule_href(duty.id)), source=duty.id)
        for duty in sorted(duties, key=lambda duty: duty.due_on)
        if duty.state in RUNNING
    ]


def _standing(account: Account) -> list[Pair]:
    axes = [
        (_("Membership"), Axis.MEMBERSHIP),
        (_("Tier"), Axis.TIER),
        (_("Profile"), Axis.PROFILE),
        (_("Vetting"), Axis.VETTING),
        (_("Validation"), Axis.VALIDATION),
        (_("Appeal"), Axis.APPEAL),
        (_("Eligibility review"), Axis.ELIGIBILITY_REVIEW),
    ]
    quiet = ("NONE", "NOT_STARTED")
    return [
        Pair(
            title,
            axis_word(the_program(), axis, str(getattr(account, axis.value)))
            if getattr(account, axis.value) in quiet
            else axis_status(account, axis),
        )
        for title, axis in axes
    ]


def _company(account: Account) -> list[Pair]:
    names = names_of([account.specialist]) if account.specialist else {}
    kept = queries.company_profile(account.stream)
    content: dict[str, Any] = dict(kept.content) if kept else {}
    labels = {
        "legal_name": _("Legal name"),
        "trading_name": _("Trading name"),
        "phone": _("Phone"),
        "website": _("Website"),
        "employees": _("Employees"),
        "founded": _("In business since"),
        "history": _("The business"),
        "addresses": _("Sites"),
    }
    return [
        Pair(_("Account"), account.stream),
        Pair(
            _("Organization"),
            organization_names([account.organization]).get(account.organization) or None,
        ),
        Pair(_("Field office"), account.office or _("Not assigned yet")),
        Pair(_("Specialist"), names.get(account.specialist) or _("Not assigned yet")),
        Pair(_("Opened"), account.opened_on),
        *(Pair(label, str(content[k])) for k, label in labels.items() if content.get(k)),
    ]


def _facts(account: Account) -> list[Pair]:
    questions = the_program().questions
    words = {True: _("Yes"), False: _("No"), None: _("Not known")}
    return [
        Pair(
            in_language(questions[fact.name].text),
            words[fact.value]
            if fact.value is None or isinstance(fact.value, bool)
            else value_words(fact.name, checked(fact.name, fact.value)),
        )
        for fact in queries.facts_with_origin(account.stream)
        if fact.name in questions
    ]


def _profile_words(account: Account) -> Link:
    rows = profile_of(account, on=today()).rows
    waiting = sum(row.state is AnswerState.ANSWERED for row in rows)
    accepted = sum(row.state is AnswerState.ACCEPTED for row in rows)
    says = _("%(accepted)s of %(all)s criteria accepted, %(waiting)s to review") % {
        "accepted": accepted,
        "all": len(rows),
        "waiting": waiting,
    }
    return Link(says, to("review", account))
