"""Incidents as the office sees them: reports beside what it found itself, and the joint review."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from greenlane.apps.accounts.queries import names_of
from greenlane.apps.incidents import actions, queries
from greenlane.apps.incidents.acts import Doing, act_that, discoverers
from greenlane.apps.parties.queries import parties_of
from greenlane.apps.suspensions.queries import check_kept
from greenlane.core.errors import BadInput, GreenlaneError
from greenlane.core.lifecycle.decide import Actor
from greenlane.gate.access import now, roles, the_program
from greenlane.gate.records import VIA, account_for, actor_on
from greenlane.web.specialist.bar import starting
from greenlane.web.specialist.frame import frame, to
from greenlane.web.specialist.trust_forms import (
    AnalysisForm,
    DiscoverForm,
    MatchForm,
    ReviewForm,
    WordsForm,
)
from greenlane.web.ui import trust as words
from greenlane.web.ui.errors import is_done, refused
from greenlane.web.ui.pieces import Crumb, Link, Pair

if TYPE_CHECKING:
    from greenlane.apps.incidents.models import Discovery, Incident
    from greenlane.apps.members.models import Account

Given = dict[str, Any]


def incidents(request: HttpRequest, key: str) -> HttpResponse:
    """List the incidents of an account beside what the office found by itself."""
    try:
        account = check_kept(account_for(request, key))
    except GreenlaneError as error:
        return refused(request, error)
    found = queries.discoveries_of(account.stream)
    numbers = {one.seq: one for one in queries.incidents_of(account.stream)}
    context = _framed(
        request,
        account,
        _("Incidents"),
        incidents=[
            {
                "title": f"{one.number}. {words.kind_words(the_program(), one.kind)}",
                "state": words.incident_state(one),
                "first": words.comparison_words(queries.compare(one, found)),
                "href": reverse("specialist:incident", args=[account.stream, one.seq]),
            }
            for one in numbers.values()
        ],
        discoveries=[_discovery_line(account, one, numbers) for one in found],
        may_discover=bool(discoverers(the_program()) & roles(request)),
    )
    return render(request, "specialist/incidents.html", context)


def _framed(request: HttpRequest, account: Account, title: str, **more: Any) -> dict[str, Any]:
    context = frame(request, account, title, "trust", **more)
    context["crumbs"].insert(1, Crumb(_("Trust"), to("trust", account)))
    context.setdefault("cancel_href", to("incidents", account))
    return context


def _discovery_line(
    account: Account, one: Discovery, numbers: dict[int, Incident]
) -> dict[str, Any]:
    about = numbers.get(one.incident_seq)
    return {
        "discovery": one,
        "title": words.kind_words(the_program(), one.kind),
        "about": about.number if about else None,
        "match_href": reverse("specialist:discovery_act", args=[account.stream, one.seq, "match"]),
        "tell_href": reverse("specialist:discovery_act", args=[account.stream, one.seq, "tell"])
        if one.disclosed_on is None
        else "",
    }


def incident(request: HttpRequest, key: str, seq: int) -> HttpResponse:
    """Show one incident: what came first, the joint review, the analysis, the office's notes."""
    try:
        account = check_kept(account_for(request, key))
        found = queries.incident(account.stream, seq)
    except GreenlaneError as error:
        return refused(request, error)
    discoveries = queries.discoveries_of(account.stream)
    compared = queries.compare(found, discoveries)
    notes = queries.notes_of(account.stream, seq)
    names = names_of({one.by for one in notes})
    context = _framed(
        request,
        account,
        words.kind_words(the_program(), found.kind),
        incident=found,
        state=words.incident_state(found),
        first=words.comparison_words(compared),
        pairs=_pairs(account, found, compared),
        documents=words.document_links("specialist", account.stream, found.documents),
        analysis_documents=words.document_links(
            "specialist", account.stream, found.analysis_documents
        ),
        lines=words.answers_of(found),
        notes=[{"words": one.words, "on": one.on, "by": names.get(one.by, "")} for one in notes],
        acts=_acts(request, account, found),
    )
    return render(request, "specialist/incident.html", context)


def _pairs(account: Account, found: Incident, compared: queries.Comparison) -> list[Pair]:
    names = {one.party: one.name or one.party for one in parties_of(account.stream)}
    sites = ", ".join(names.get(one, one) for one in found.sites)
    return [
        Pair(_("Reported by the company"), compared.reported_at),
        Pair(_("Found by the office"), compared.discovered_at),
        Pair(_("Happened"), found.happened_on),
        Pair(_("Found by the company"), found.found_on),
        Pair(_("Sites and partners concerned"), sites or None),
        Pair(_("Analysis asked for, due by"), found.analysis_due_on),
        Pair(_("Analysis given"), found.analysis_given_on),
    ]


# --- Acts -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Stage:
    """One act on an incident: its words, its form, and how it is done.

    ``doing`` names the act of the pack; None for a note, which is none of its acts.
    """

    title: str | Promise
    lead: str | Promise
    form: type[forms.Form]
    doing: Doing | None
    do: Callable[[Account, int, Given, Actor], object]


STAGES: Final[dict[str, Stage]] = {
    "review": Stage(
        gettext_lazy("Close the joint review"),
        gettext_lazy("All three shown: no suspension. Else a suspension may follow."),
        ReviewForm,
        Doing.REVIEW,
        lambda account, seq, given, by: actions.close_review(
            account=account,
            incident=seq,
            shown={key: given[key] for key in queries.QUESTIONS},
            words=given["words"],
            by=by,
            at=now(),
            via=VIA,
        ),
    ),
    "analysis": Stage(
        gettext_lazy("Ask for an analysis"),
        gettext_lazy("The company says what failed, and what it changed, by this day."),
        AnalysisForm,
        Doing.ASK_ANALYSIS,
        lambda account, seq, given, by: actions.ask_analysis(
            account=account, incident=seq, due_on=given["due_on"], by=by, at=now(), via=VIA
        ),
    ),
    "note": Stage(
        gettext_lazy("Write a note"),
        gettext_lazy("Never shown to the company."),
        WordsForm,
        None,
        lambda account, seq, given, by: actions.note(
            account=account, incident=seq, words=given["words"], by=by, at=now(), via=VIA
        ),
    ),
}


def _doers(stage: Stage) -> frozenset[str]:
    program = the_program()
    return act_that(program, stage.doing).by if stage.doing else discoverers(program)


def _acts(request: HttpRequest, account: Account, found: Incident) -> list[Link]:
    """Return the acts on this incident that start from where the account stands, for who asks."""
    held = roles(request)
    starts = {one.transition.id for one in starting(account, held)}
    closed = (Doing.REVIEW,) if found.state != "OPEN" else ()
    return [
        Link(
            str(stage.title),
            reverse("specialist:incident_act", args=[found.stream, found.seq, slug]),
        )
        for slug, stage in STAGES.items()
        if _doers(stage) & held
        and stage.doing not in closed
        and (stage.doing is None or act_that(the_program(), stage.doing).id in starts)
    ]


def act(request: HttpRequest, key: str, seq: int, slug: str) -> HttpResponse:
    """Ask for what an act on an incident needs, and do it."""
    try:
        account = check_kept(account_for(request, key))
        queries.incident(account.stream, seq)
        stage = STAGES.get(slug)
        if stage is None:
            raise BadInput(_("Choose one of the acts on the page of the incident."))
        form = stage.form(request.POST if request.method == "POST" else None)
        by = actor_on(request, account, _doers(stage))
        if is_done(request, form, lambda: stage.do(account, seq, form.cleaned_data, by)):
            messages.success(request, _("Recorded: %(act)s.") % {"act": stage.title})
            return HttpResponseRedirect(_href(account, seq))
    except GreenlaneError as error:
        return refused(request, error)
    return _page(request, account, str(stage.title), str(stage.lead), form, _href(account, seq))


def _href(account: Account, seq: int) -> str:
    return reverse("specialist:incident", args=[account.stream, seq])


def _page(
    request: HttpRequest, account: Account, title: str, lead: str, form: forms.Form, back: str
) -> HttpResponse:
    context = _framed(
        request,
        account,
        title,
        form=form,
        gates=[],
        meaning=lead,
        is_final=False,
        source=act_that(the_program(), Doing.REVIEW).source.citation,
        cancel_href=back,
    )
    return render(request, "specialist/act.html", context, status=422 if form.is_bound else 200)


def discover(request: HttpRequest, key: str) -> HttpResponse:
    """Record what the office found out by itself."""
    try:
        account = check_kept(account_for(request, key))
        form = DiscoverForm(request.POST if request.method == "POST" else None, account=account)
        by = actor_on(request, account, discoverers(the_program()))
        if is_done(request, form, lambda: _discover(account, form.cleaned_data, by)):
            messages.success(request, _("Recorded. The company is told nothing of it."))
            return HttpResponseRedirect(to("incidents", account))
    except GreenlaneError as error:
        return refused(request, error)
    lead = _("The company sees nothing of this until you tell it.")
    back = to("incidents", account)
    return _page(request, account, _("Record what the office found"), lead, form, back)


def _discover(account: Account, given: Given, by: Actor) -> None:
    actions.discover(
        account=account,
        kind=given["kind"],
        words=given["words"],
        source=given["source"],
        happened_on=given["happened_on"],
        incident=int(given["incident"] or 0),
        by=by,
        at=now(),
        via=VIA,
    )


def discovery_act(request: HttpRequest, key: str, seq: int, slug: str) -> HttpResponse:
    """Match a discovery with an incident, or tell the company of it."""
    try:
        account = check_kept(account_for(request, key))
        queries.discovery(account.stream, seq)
        if slug not in ("match", "tell"):
            raise BadInput(_("Choose one of the acts on the page of the incidents."))
        given = request.POST if request.method == "POST" else None
        form: forms.Form = (
            MatchForm(given, account=account) if slug == "match" else WordsForm(given)
        )
        by = actor_on(request, account, discoverers(the_program()))
        if is_done(request, form, lambda: _do_discovery(account, seq, slug, form.cleaned_data, by)):
            messages.success(request, _("Recorded."))
            return HttpResponseRedirect(to("incidents", account))
    except GreenlaneError as error:
        return refused(request, error)
    title = _("Match it with an incident") if slug == "match" else _("Tell the company")
    lead = (
        _("The company is told nothing of this.")
        if slug == "match"
        else _("The company reads these words, and when the office found it; never how.")
    )
    return _page(request, account, title, lead, form, to("incidents", account))


def _do_discovery(account: Account, seq: int, slug: str, given: Given, by: Actor) -> None:
    if slug == "match":
        incident = int(given["incident"])
        actions.match(account=account, discovery=seq, incident=incident, by=by, at=now(), via=VIA)
        return
    actions.disclose(account=account, discovery=seq, words=given["words"], by=by, at=now(), via=VIA)
