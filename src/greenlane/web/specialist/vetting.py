"""Vetting: the checks with source, date, result and analyst. Nothing here is for the member."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from greenlane.apps.accounts.queries import names_of
from greenlane.apps.vetting.actions import record_check
from greenlane.apps.vetting.queries import CheckState, checks_of
from greenlane.core.errors import GreenlaneError
from greenlane.core.program import VETTING_PURPOSES
from greenlane.core.vocabulary import Axis, Matter, Power
from greenlane.gate.access import now, roles, the_program, today
from greenlane.gate.records import VIA, account_for, actor_on
from greenlane.web.specialist.bar import bar
from greenlane.web.specialist.frame import axis_status, frame, to
from greenlane.web.ui.errors import refused
from greenlane.web.ui.forms import DayField, PlainForm
from greenlane.web.ui.pieces import Status
from greenlane.web.ui.words import in_language

if TYPE_CHECKING:
    from greenlane.apps.members.models import Account

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
        may_record=account.vetting == "IN_PROGRESS"
        and bool(the_program().roles_that_may(Power.VET) & roles(request)),
    )
    return render(request, "specialist/vetting.html", context, status=422 if form.is_bound else 200)


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
                "analyst": names.get(run.analyst, ""),
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
