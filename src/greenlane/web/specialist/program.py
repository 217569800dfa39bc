"""What the program office itself owes: its yearly duties, doing them, explaining a late one."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from greenlane.apps.accounts.queries import names_of
from greenlane.apps.members.actions.steps import office_step
from greenlane.apps.members.queries import office_acts, office_case
from greenlane.apps.validations.acts import OwnWay, own_way_of
from greenlane.core.deadlines import RUNNING, Duty
from greenlane.core.errors import BadInput, GreenlaneError
from greenlane.core.lifecycle.decide import Actor, reasons_of
from greenlane.core.program import Transition
from greenlane.core.vocabulary import DutyState, Purpose
from greenlane.gate.access import acting, now, roles, the_program, today
from greenlane.gate.records import VIA
from greenlane.web.specialist.frame import act_title, frame, rule_href
from greenlane.web.ui.clocks import clock_of
from greenlane.web.ui.errors import refused
from greenlane.web.ui.forms import PlainForm
from greenlane.web.ui.words import in_language

_SHOWN: Final = 12
_PAGES: Final = {OwnWay.PLAN: "specialist:plan", OwnWay.OUTAGE: "specialist:decrees"}


class OfficeActForm(PlainForm):
    """What was done and where it is written down; for a late duty, which one and why."""

    def __init__(self, *args: Any, row: Transition, **more: Any) -> None:
        super().__init__(*args, **more)
        program = the_program()
        self.asked = sorted(row.requires)
        for key in self.asked:
            if key == "duty":
                self.fields[key] = _choice(
                    _("Overdue duty"), [(duty.key, _named(duty)) for duty in _overdue()]
                )
            elif key == "reason":
                fitting = reasons_of(program, row)
                self.fields[key] = _choice(
                    _("Reason"),
                    [(k, in_language(w)) for k, w in program.reasons.items() if k in fitting],
                )
            else:
                self.fields[key] = forms.CharField(label=key, max_length=128)
        self.fields["words"] = forms.CharField(
            label=_("What was done, and where it is written down"),
            widget=forms.Textarea(attrs={"rows": 4}),
            max_length=10_000,
        )

    def given(self) -> dict[str, str]:
        """Return the codes that go with the act."""
        return {key: self.cleaned_data[key] for key in self.asked}


def _choice(label: str, choices: list[tuple[str, str]]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=[("", gettext_lazy("Choose")), *choices])


def _duties() -> list[Duty]:
    return office_case(the_program()).duties(on=today())


def _overdue() -> list[Duty]:
    return [duty for duty in _duties() if duty.state is DutyState.OVERDUE]


def _named(duty: Duty) -> str:
    return f"{in_language(duty.deadline.title)}, {duty.due_on.isoformat()}"


def _href(row: Transition) -> str:
    way = own_way_of(the_program(), row)
    return reverse(_PAGES[way]) if way else reverse("specialist:office_act", args=[row.id])


def _acts(held: frozenset[str]) -> list[dict[str, Any]]:
    """Return the acts of the office that these roles may do now, each with where to do it."""
    found: dict[str, Transition] = {}
    case = office_case(the_program())
    for role in sorted(held):
        for one in case.available(Actor("", role), on=today()):
            row = one.transition
            explains = row.does is Purpose.EXPLAIN_OFFICE_DELAY
            if one.is_lawful and row.does is not Purpose.START_PROGRAM:
                if explains and not _overdue():
                    continue
                found.setdefault(row.id, row)
    return [
        {
            "title": in_language(row.title),
            "source": row.source.citation,
            "href": _href(row),
        }
        for row in found.values()
    ]


def program(request: HttpRequest) -> HttpResponse:
    """Show what the office owes, what it did, and what the reader may do now."""
    language = get_language() or "en"
    duties = _duties()
    done = office_acts(at_most=_SHOWN)
    people = names_of({one.by for one in done})
    context = frame(
        request,
        None,
        _("What the office owes"),
        "program",
        running=[
            clock_of(duty, language=language, href=rule_href(duty.id))
            for duty in sorted(duties, key=lambda one: one.due_on)
            if duty.state in RUNNING
        ],
        met=[
            clock_of(duty, language=language)
            for duty in sorted(duties, key=lambda one: one.due_on, reverse=True)
            if duty.state is DutyState.MET
        ][:_SHOWN],
        acts=_acts(roles(request)),
        done=[
            {
                "on": one.on,
                "title": act_title(one.act),
                "by": people.get(one.by, ""),
                "words": one.words,
            }
            for one in done
        ],
    )
    return render(request, "specialist/program.html", context)


def office_act(request: HttpRequest, act: str) -> HttpResponse:
    """Ask for what an act of the office needs, and do it."""
    try:
        row = the_program().transition(act)
        if row.stream == "account" or own_way_of(the_program(), row):
            raise BadInput(_("This act has a page of its own."))
        by = acting(request, row.by)
        form = OfficeActForm(request.POST if request.method == "POST" else None, row=row)
        if request.method == "POST" and form.is_valid():
            office_step(
                program=the_program(),
                act=act,
                by=by,
                at=now(),
                given=form.given(),
                words=form.cleaned_data["words"].strip(),
                via=VIA,
            )
            messages.success(request, _("Recorded: %(act)s.") % {"act": in_language(row.title)})
            return HttpResponseRedirect(reverse("specialist:program"))
    except GreenlaneError as error:
        return refused(request, error)
    context = frame(
        request,
        None,
        in_language(row.title),
        "program",
        form=form,
        source=row.source.citation,
        cancel_href=reverse("specialist:program"),
    )
    return render(
        request, "specialist/office_act.html", context, status=422 if form.is_bound else 200
    )
