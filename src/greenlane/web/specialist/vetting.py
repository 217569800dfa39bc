"""Vetting: the checks with source, date, result and analyst. Nothing here is for the member."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from greenlane.apps.accounts.queries import names_of
from greenlane.apps.parties.queries import COMPANY, parties_of
from greenlane.apps.vetting.actions import record_check
from greenlane.apps.vetting.lists import are_ready
from greenlane.apps.vetting.queries import (
    CheckState,
    ScreeningState,
    checks_of,
    customs_rows,
    hits_of,
    screening_state,
)
from greenlane.apps.vetting.screening_actions import screen_account
from greenlane.core.errors import GreenlaneError
from greenlane.core.program import VETTING_PURPOSES
from greenlane.core.vocabulary import Axis, Matter, Power
from greenlane.gate.access import now, roles, the_program, today
from greenlane.gate.records import VIA, account_for, actor_on
from greenlane.screening.ready import ListsNotReady
from greenlane.web.specialist.bar import bar
from greenlane.web.specialist.frame import axis_status, frame, to
from greenlane.web.specialist.hits import evidence_words, percent, state_of
from greenlane.web.ui.errors import refused
from greenlane.web.ui.forms import DayField, PlainForm
from greenlane.web.ui.pieces import Status
from greenlane.web.ui.words import in_language

if TYPE_CHECKING:
    from greenlane.apps.members.models import Account
    from greenlane.apps.parties.models import Party
    from greenlane.apps.vetting.models import Hit

_RESULTS: Final = (
    ("CLEAR", gettext_lazy("Clear")),
    ("HIT", gettext_lazy("Hit, to be decided")),
    ("FAILED", gettext_lazy("Failed")),
    ("CANNOT_TELL", gettext_lazy("Cannot tell")),
)
_TONES: Final = {"CLEAR": "good", "HIT": "warning", "FAILED": "bad", "CANNOT_TELL": "waiting"}


class CheckForm(PlainForm):
    """One run of one check."""

    check = forms.ChoiceField(label=gettext_lazy("Check"))
    result = forms.ChoiceField(
        label=gettext_lazy("Result"), choices=_RESULTS, widget=forms.RadioSelect()
    )
    source = forms.CharField(
        label=gettext_lazy("Source"),
        help_text=gettext_lazy("The system, list or document that was looked at."),
        max_length=200,
    )
    detail = forms.CharField(
        label=gettext_lazy("What was found"),
        help_text=gettext_lazy("Needed unless the check is clear. Sealed; never for the member."),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=10_000,
        required=False,
    )
    run_on = DayField(
        label=gettext_lazy("Day of the check"),
        help_text=gettext_lazy("Today, if left empty."),
        required=False,
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        field = self.fields["check"]
        if isinstance(field, forms.ChoiceField):
            checks = the_program().checks.items()
            field.choices = [(key, in_language(check.title)) for key, check in checks]

    def clean(self) -> dict[str, Any]:
        """Ask for the detail where a check is not clear."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("result", "CLEAR") != "CLEAR" and not cleaned.get("detail"):
            self.add_error("detail", _("Say what was found, so that the next reader can weigh it."))
        return cleaned


def vetting(request: HttpRequest, key: str) -> HttpResponse:
    """Show the checks; record one."""
    try:
        account = account_for(request, key, matter=Matter.VETTING)
        reader = actor_on(request, account, the_program().readers_of(Matter.VETTING))
        form = CheckForm(request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            return _record(request, account, form)
        states = checks_of(account, role=reader.role, on=today())
        found = hits_of(account, role=reader.role)
        rows = customs_rows(account, role=reader.role)
    except GreenlaneError as error:
        return refused(request, error)
    runs = [run for state in states for run in (state.latest, *state.earlier) if run]
    names = names_of({run.analyst for run in runs})
    context = frame(
        request,
        account,
        _("Vetting"),
        "vetting",
        status=axis_status(account, Axis.VETTING),
        checks=[_row(state, names) for state in states],
        acts=[item for item in bar(account, roles(request)) if item.does in VETTING_PURPOSES],
        form=form,
        hits=[_hit(hit) for hit in found],
        parties=_parties(account, {hit.party for hit in found if hit.state in _WAITING}),
        screening=_screening(screening_state(account, on=today())),
        customs=rows,
        may_screen=bool(the_program().roles_that_may(Power.VET) & roles(request)),
        may_record=(
            account.vetting == "IN_PROGRESS"
            or (account.vetting == "PASSED" and account.validation != "NONE")
        )
        and bool(the_program().roles_that_may(Power.VET) & roles(request)),
    )
    return render(request, "specialist/vetting.html", context, status=422 if form.is_bound else 200)


def screen(request: HttpRequest, key: str) -> HttpResponse:
    """Screen every party of the account against the lists in force, now."""
    try:
        account = account_for(request, key, matter=Matter.VETTING)
        by = actor_on(request, account, the_program().roles_that_may(Power.VET))
        if request.method == "POST":
            done = screen_account(account=account, at=now(), by=by, trigger="asked", via=VIA)
            messages.success(
                request,
                _("Screened %(parties)s parties: %(waiting)s hits wait for a decision.")
                % {"parties": done.parties, "waiting": done.waiting},
            )
    except ListsNotReady:
        messages.warning(
            request,
            _("The watch lists are being prepared. Nothing was screened; try again in a minute."),
        )
    except GreenlaneError as error:
        return refused(request, error)
    return HttpResponseRedirect(to("vetting", account))


_WAITING: Final = frozenset({"OPEN", "NEEDS_MORE", "WAITING"})
_ROLE_WORDS: Final = {
    "COMPANY": gettext_lazy("Company"),
    "OFFICER": gettext_lazy("Officer or manager"),
    "OWNER": gettext_lazy("Owner"),
    "SITE": gettext_lazy("Site"),
    "VESSEL": gettext_lazy("Vessel"),
    "PARTNER": gettext_lazy("Business partner"),
}


def _hit(hit: Hit) -> dict[str, Any]:
    return {
        "party": hit.subject_name,
        "listed": hit.listed_name,
        "source": hit.source,
        "score": percent(hit.score),
        "evidence": evidence_words(hit),
        "state": state_of(hit),
        "href": reverse("specialist:hit", args=[hit.stream, hit.hit]),
    }


def _parties(account: Account, waiting: set[str]) -> list[dict[str, Any]]:
    found = parties_of(account.stream)
    names = {one.party: one.name for one in found}
    company = {
        "role": _ROLE_WORDS["COMPANY"],
        "name": account.company_name,
        "note": "",
        "has_hit": COMPANY in waiting,
    }
    rows = [
        {
            "role": _ROLE_WORDS[one.role],
            "name": one.name,
            "note": _share(one, names, account) if one.role == "OWNER" else one.details["title"],
            "has_hit": one.party in waiting,
        }
        for one in found
        if one.party != COMPANY and not one.is_erased
    ]
    return [company, *rows]


def _share(one: Party, names: dict[str, str], account: Account) -> str:
    held = names.get(one.details.get("owned") or "", account.company_name)
    share = one.details.get("share")
    if not share:
        return _("a share of %(company)s that is not known") % {"company": held}
    return _("%(share)s %% of %(company)s") % {"share": share, "company": held}


_MISSING: Final = {
    "no_list": gettext_lazy("No watch list is in force here, so nothing can be told."),
    "never": gettext_lazy("The parties were never screened."),
    "list_old": gettext_lazy(
        "A list was not compared with its publisher's for too long, so it tells nothing."
    ),
    "party_changed": gettext_lazy("A party changed since it was screened."),
    "list_changed": gettext_lazy("A list changed since the parties were screened."),
    "levels_changed": gettext_lazy("The office set other levels since."),
    "scorer_changed": gettext_lazy("The screening itself changed since."),
}


def _screening(state: ScreeningState) -> dict[str, Any]:
    tone = {True: "good", False: "bad", None: "waiting"}[state.is_current]
    word = _("Screened as declared now") if state.is_current else _("Not screened as it is now")
    if state.is_current is None:
        word = _("Cannot tell")
    is_preparing = bool(state.lists) and not are_ready(on=today())
    return {
        "status": Status(word, tone),
        "why": _MISSING.get(state.missing, ""),
        "is_preparing": is_preparing,
        "on": state.latest.screened_at if state.latest else None,
        "lists": [
            {"key": one.key, "version": one.version, "since": one.since, "looked": one.looked_at}
            for one in state.lists
        ],
    }


def _row(state: CheckState, names: dict[str, str]) -> dict[str, Any]:
    return {
        "title": in_language(state.check.title),
        "is_required": state.check.is_required,
        "is_current": state.is_current,
        "runs": [
            {
                "status": Status(str(dict(_RESULTS)[run.result]), _TONES[run.result]),
                "source": run.source,
                "detail": run.detail,
                "run_on": run.run_on,
                "expires_on": run.expires_on,
                "analyst": _("computed") if run.is_automatic else names.get(run.analyst, ""),
                "is_erased": run.is_erased,
            }
            for run in ((state.latest, *state.earlier) if state.latest else ())
        ],
    }


def _record(request: HttpRequest, account: Account, form: CheckForm) -> HttpResponse:
    given = form.cleaned_data
    record_check(
        account=account,
        check=given["check"],
        result=given["result"],
        source=given["source"],
        detail=given["detail"],
        run_on=given["run_on"],
        by=actor_on(request, account, the_program().roles_that_may(Power.VET)),
        at=now(),
        via=VIA,
    )
    messages.success(request, _("The check is recorded."))
    return HttpResponseRedirect(to("vetting", account))
