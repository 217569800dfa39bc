"""One act of the pack's table on an account: what it asks for, and doing it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from greenlane.apps.members.actions.steps import step
from greenlane.apps.members.queries import revision_of
from greenlane.apps.suspensions.queries import act_facts, has_page
from greenlane.core.errors import BadInput, GreenlaneError
from greenlane.core.program import VETTING_PURPOSES, TargetRule, Transition
from greenlane.core.vocabulary import Purpose
from greenlane.gate.access import now, the_program, today
from greenlane.gate.records import VIA, account_for, actor_on
from greenlane.web.specialist import second
from greenlane.web.specialist.bar import gates_of
from greenlane.web.specialist.frame import frame, to
from greenlane.web.specialist.given import codes_of, fields_of
from greenlane.web.ui.errors import refused
from greenlane.web.ui.forms import PlainForm
from greenlane.web.ui.words import in_language

if TYPE_CHECKING:
    from greenlane.apps.members.models import Account


class ActForm(PlainForm):
    """What an act of the pack asks for, as its row says, and reasons in words."""

    revision = forms.IntegerField(widget=forms.HiddenInput(), min_value=0, required=False)

    def __init__(self, *args: Any, row: Transition, account: Account, **more: Any) -> None:
        super().__init__(*args, **more)
        program = the_program()
        asked = fields_of(row, account)
        self.fields |= asked
        self.asked = list(asked)
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
        return codes_of(self.cleaned_data, self.asked)


def act(request: HttpRequest, key: str, act: str) -> HttpResponse:
    """Ask for what the act needs, and do it."""
    try:
        account = account_for(request, key)
        row = the_program().transition(act)
        has_own = row.does in (Purpose.CLOSE_REVIEW, Purpose.CERTIFY) or has_page(account, row)
        if has_own or row.stream != "account":
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
