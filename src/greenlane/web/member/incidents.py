"""Incidents as the company sees them: report one, follow its joint review, give the analysis."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from greenlane.apps.incidents import actions, queries
from greenlane.apps.incidents.acts import Doing, act_that, kinds_of
from greenlane.apps.parties.queries import parties_of
from greenlane.apps.suspensions.queries import check_kept
from greenlane.core.errors import BadInput, GreenlaneError
from greenlane.gate.access import now, roles, the_program
from greenlane.gate.records import VIA, account_for, actor_on
from greenlane.web.member.frame import frame
from greenlane.web.member.standing import MAX_FILES, WordsForm, files_given
from greenlane.web.ui import trust
from greenlane.web.ui.errors import refused
from greenlane.web.ui.forms import DayField, PlainForm, SeveralFilesField
from greenlane.web.ui.pieces import Crumb, Pair
from greenlane.web.ui.refusals import says

if TYPE_CHECKING:
    from greenlane.apps.incidents.queries import IncidentForCompany
    from greenlane.apps.members.models import Account


class ReportForm(PlainForm):
    """One incident, as the company reports it."""

    kind = forms.ChoiceField(label=gettext_lazy("What kind of incident"))
    happened_on = DayField(
        label=gettext_lazy("When it happened"),
        help_text=gettext_lazy("Leave it empty if you do not know."),
        required=False,
    )
    found_on = DayField(label=gettext_lazy("When you found it"))
    words = forms.CharField(
        label=gettext_lazy("What happened"),
        help_text=gettext_lazy("What was seen or lost, who was told, and what was done at once."),
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=20_000,
    )
    sites = forms.MultipleChoiceField(
        label=gettext_lazy("Sites and partners concerned"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    papers = SeveralFilesField(
        label=gettext_lazy("Documents"),
        help_text=gettext_lazy("PDF, picture, Word, Excel or text."),
        fit=MAX_FILES,
        required=False,
    )

    def __init__(self, *args: Any, account: Account, **more: Any) -> None:
        super().__init__(*args, **more)
        program = the_program()
        kinds = [(code, trust.kind_words(program, code)) for code in kinds_of(program)]
        places = [(one.party, one.name or one.party) for one in parties_of(account.stream)]
        for name, choices in (("kind", [("", _("Choose")), *kinds]), ("sites", places)):
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = choices
        if not places:
            del self.fields["sites"]


def incidents(request: HttpRequest, key: str) -> HttpResponse:
    """List the incidents that are on the record, as far as the company was told."""
    try:
        account = check_kept(account_for(request, key))
    except GreenlaneError as error:
        return refused(request, error)
    context = frame(
        request,
        account,
        _("Incidents"),
        "incidents",
        rows=[
            {
                "title": trust.kind_words(the_program(), one.kind),
                "number": one.number,
                "state": trust.incident_state(one),
                "reported_at": one.reported_at,
                "discovered_at": one.discovered_at,
                "is_asked": _is_asked(one),
                "href": reverse("member:incident", args=[account.stream, one.seq]),
            }
            for one in queries.incidents_for_company(account.stream)
        ],
        may_report=_may(request, Doing.REPORT),
    )
    return render(request, "member/incidents.html", context)


def _may(request: HttpRequest, doing: Doing) -> bool:
    return bool(act_that(the_program(), doing).by & roles(request))


def _is_asked(one: IncidentForCompany) -> bool:
    return one.analysis_asked_on is not None and one.analysis_given_on is None


def report(request: HttpRequest, key: str) -> HttpResponse:
    """Report an incident."""
    try:
        account = check_kept(account_for(request, key))
        given = (request.POST, request.FILES) if request.method == "POST" else ()
        form = ReportForm(*given, account=account)
        if request.method == "POST" and form.is_valid():
            return _report(request, account, form)
    except BadInput as error:
        form.add_error(None, says(error))
    except GreenlaneError as error:
        return refused(request, error)
    context = _framed(request, account, _("Report an incident"), form=form)
    return render(request, "member/trust_act.html", context, status=422 if form.is_bound else 200)


def _framed(request: HttpRequest, account: Account, title: str, **more: Any) -> dict[str, Any]:
    href = reverse("member:incidents", args=[account.stream])
    context = frame(request, account, title, "incidents", cancel_href=href, **more)
    context["crumbs"].insert(1, Crumb(_("Incidents"), href))
    return context


def _report(request: HttpRequest, account: Account, form: ReportForm) -> HttpResponse:
    found = form.cleaned_data
    made = actions.report(
        account=account,
        given=actions.IncidentGiven(
            found["kind"],
            found["words"],
            found["happened_on"],
            found["found_on"],
            found.get("sites", ()),
        ),
        files=files_given(form),
        by=actor_on(request, account, act_that(the_program(), Doing.REPORT).by),
        at=now(),
        via=VIA,
    )
    messages.success(request, _("The incident is reported. The time of your report is recorded."))
    return HttpResponseRedirect(reverse("member:incident", args=[account.stream, made.seq]))


def incident(request: HttpRequest, key: str, seq: int) -> HttpResponse:
    """Show one incident with its joint review; give the analysis that is asked for."""
    try:
        account = check_kept(account_for(request, key))
        found = queries.incident_for_company(account.stream, seq)
        form = WordsForm(request.POST, request.FILES) if request.method == "POST" else WordsForm()
        if request.method == "POST" and form.is_valid():
            actions.give_analysis(
                account=account,
                incident=seq,
                words=form.cleaned_data["words"],
                files=files_given(form),
                by=actor_on(request, account, act_that(the_program(), Doing.GIVE_ANALYSIS).by),
                at=now(),
                via=VIA,
            )
            messages.success(request, _("The analysis is with the program office."))
            return HttpResponseRedirect(request.path)
    except BadInput as error:
        form.add_error(None, says(error))
    except GreenlaneError as error:
        return refused(request, error)
    context = _framed(
        request,
        account,
        trust.kind_words(the_program(), found.kind),
        form=form,
        incident=found,
        state=trust.incident_state(found),
        pairs=_pairs(account, found),
        documents=trust.document_links("member", account.stream, found.documents),
        lines=trust.answers_of(found),
        analysis_documents=trust.document_links("member", account.stream, found.analysis_documents),
        may_give=_is_asked(found) and _may(request, Doing.GIVE_ANALYSIS),
    )
    return render(request, "member/incident.html", context, status=422 if form.is_bound else 200)


def _pairs(account: Account, found: IncidentForCompany) -> list[Pair]:
    names = {one.party: one.name or one.party for one in parties_of(account.stream)}
    sites = ", ".join(names.get(one, one) for one in found.sites)
    return [
        Pair(_("Happened"), found.happened_on),
        Pair(_("Found by the company"), found.found_on),
        Pair(_("Reported by the company"), found.reported_at),
        Pair(_("Found by the office"), found.discovered_at),
        Pair(_("Sites and partners concerned"), sites or None),
        Pair(_("Analysis asked for, due by"), found.analysis_due_on),
        Pair(_("Analysis given"), found.analysis_given_on),
    ]
