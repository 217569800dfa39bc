"""One act of the pack's table on an account: what it asks for, and doing it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from greenlane.apps.accounts.queries import people_of_office
from greenlane.apps.members.actions.steps import step
from greenlane.apps.members.queries import revision_of
from greenlane.apps.suspensions.acts import has_pages
from greenlane.apps.suspensions.queries import act_facts
from greenlane.core.errors import BadInput, GreenlaneError
from greenlane.core.lifecycle.decide import reasons_of
from greenlane.core.program import VETTING_PURPOSES, Program, TargetRule, Transition
from greenlane.core.vocabulary import Power, Purpose
from greenlane.gate.access import now, the_program, today
from greenlane.gate.records import VIA, account_for, actor_on
from greenlane.web.specialist import second
from greenlane.web.specialist.bar import gates_of, overdue
from greenlane.web.specialist.frame import frame, to
from greenlane.web.ui.errors import refused
from greenlane.web.ui.forms import DayField, PlainForm
from greenlane.web.ui.words import in_language

if TYPE_CHECKING:
    from greenlane.apps.members.models import Account

_LABELS: Final = {
    "specialist": gettext_lazy("Specialist"),
    "reason": gettext_lazy("Reason"),
    "ground": gettext_lazy("Ground"),
    "risk_band": gettext_lazy("Risk band"),
    "includes_office": gettext_lazy("Does it include the program office?"),
    "visit_on": gettext_lazy("Day of the visit"),
    "new_due_on": gettext_lazy("New due day"),
    "starts_on": gettext_lazy("First day"),
    "ends_on": gettext_lazy("Last day"),
    "assessed_on": gettext_lazy("Day of the assessment"),
    "effort_days": gettext_lazy("Working days spent"),
    "duty": gettext_lazy("Overdue duty"),
    "outcome": gettext_lazy("Outcome"),
}


class ActForm(PlainForm):
    """What an act of the pack asks for, as its row says, and reasons in words."""

    revision = forms.IntegerField(widget=forms.HiddenInput(), min_value=0, required=False)

    def __init__(self, *args: Any, row: Transition, account: Account, **more: Any) -> None:
        super().__init__(*args, **more)
        program = the_program()
        self.asked = sorted(row.requires)
        for key in self.asked:
            self.fields[key] = _field(key, row, account, program)
        for axis, target in row.changes.items():
            if target.rule is TargetRule.GIVEN:
                words = program.labels.get(axis.value, {})
                choices = [
                    (value, in_language(words[value]) if value in words else value)
                    for value in sorted(target.allowed)
                ]
                self.asked.append(axis.value)
                self.fields[axis.value] = forms.ChoiceField(label=_("Result"), choices=choices)
        self.fields["words"] = forms.CharField(
            label=_("Reasons in words"),
            help_text=_("Sealed beside the event; can be erased when its time has come."),
            widget=forms.Textarea(attrs={"rows": 4}),
            max_length=10_000,
            required=row.is_decision,
        )

    def given(self) -> dict[str, str]:
        """Return codes and ISO days, as an act takes them."""
        found = {key: self.cleaned_data[key] for key in self.asked}
        return {
            key: value.isoformat() if isinstance(value, date) else str(value)
            for key, value in found.items()
        }


def _field(key: str, row: Transition, account: Account, program: Program) -> forms.Field:
    label = _LABELS.get(key, key)
    if key.endswith("_on"):
        return DayField(label=label)
    if key.endswith("_days"):
        return forms.IntegerField(label=label, min_value=0, max_value=999)
    choices = _choices(key, row, account, program)
    if choices:
        return forms.ChoiceField(label=label, choices=[("", _("Choose")), *choices])
    return forms.CharField(label=label, max_length=128)


def _choices(
    key: str, row: Transition, account: Account, program: Program
) -> list[tuple[str, str]]:
    if key == "specialist":
        people = people_of_office(on=today(), program=program, office=account.office)
        return [
            (one.person, f"{one.name}, {one.office}" if one.office else one.name)
            for one in people
            if one.role in program.roles_that_may(Power.BE_ASSIGNED)
        ]
    if key == "reason":
        fitting = reasons_of(program, row)
        return [(k, in_language(w)) for k, w in program.reasons.items() if k in fitting]
    if key == "ground":
        return [(k, f"{k}: {in_language(g.title)}") for k, g in program.grounds.items()]
    if key == "duty":
        return [(one.key, in_language(one.deadline.title)) for one in overdue(account)]
    if key == "risk_band":
        return [(band, band) for band in sorted(program.risk_bands)]
    if key == "includes_office":
        return [("yes", _("Yes")), ("no", _("No"))]
    return []


def act(request: HttpRequest, key: str, act: str) -> HttpResponse:
    """Ask for what the act needs, and do it."""
    try:
        account = account_for(request, key)
        row = the_program().transition(act)
        has_page = row.does in (Purpose.CLOSE_REVIEW, Purpose.CERTIFY) or has_pages(
            the_program(), row
        )
        if has_page or row.stream != "account":
            raise BadInput(_("This act has a page of its own. Open it from the case."))
        is_answer = request.POST.get("decision", "") in second.DECISIONS
        form = ActForm(
            request.POST if request.method == "POST" and not is_answer else None,
            row=row,
            account=account,
            initial={"revision": revision_of(account.stream)},
        )
        if row.second_by:
            words = str(form.cleaned_data["words"]) if form.is_bound and form.is_valid() else ""
            return second.answer(request, account, row, form, form.given, words)
        if request.method == "POST" and form.is_valid():
            return _do(request, account, row, form)
    except GreenlaneError as error:
        return refused(request, error)
    title = in_language(row.title)
    context = frame(
        request,
        account,
        title,
        "vetting" if row.does in VETTING_PURPOSES else "act",
        form=form,
        gates=gates_of(account, act),
        meaning=in_language(row.meaning) if row.meaning != row.title else "",
        is_final=row.is_decision,
        source=row.source.citation,
        cancel_href=to("vetting" if row.does in VETTING_PURPOSES else "case", account),
    )
    return render(request, "specialist/act.html", context, status=422 if form.is_bound else 200)


def _do(request: HttpRequest, account: Account, row: Transition, form: ActForm) -> HttpResponse:
    step(
        account=account,
        act=row.id,
        by=actor_on(request, account, row.by),
        at=now(),
        given=form.given(),
        facts=act_facts(account, on=today()),
        words=form.cleaned_data["words"].strip(),
        expected=form.cleaned_data["revision"],
        via=VIA,
    )
    messages.success(request, _("Recorded: %(act)s.") % {"act": in_language(row.title)})
    return HttpResponseRedirect(to("vetting" if row.does in VETTING_PURPOSES else "case", account))
