"""Debts, seizures, penalties and violations from a file: looked at first, then recorded."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from greenlane.apps.vetting.customs_actions import ImportPlan, plan_import, record_import
from greenlane.apps.vetting.customs_rows import MOST_BYTES, read_customs_file
from greenlane.core.errors import BadInput, GreenlaneError
from greenlane.core.vocabulary import Matter, Power
from greenlane.gate.access import acting, now, the_program
from greenlane.gate.records import VIA, accounts_in_sight
from greenlane.web.specialist.frame import frame
from greenlane.web.ui.errors import refused
from greenlane.web.ui.forms import DayField, PlainForm
from greenlane.web.ui.pieces import Pair
from greenlane.web.ui.refusals import says

if TYPE_CHECKING:
    from greenlane.core.program import Program

_SHOWN: Final = 50
_WORDS: Final = {
    "rows": gettext_lazy("Rows in the file"),
    "refused": gettext_lazy("Refused"),
    "unmatched": gettext_lazy("No account bears the identifier"),
    "matched": gettext_lazy("Matched with an account"),
    "new_or_changed": gettext_lazy("Of these new or changed"),
    "unchanged": gettext_lazy("Of these on file already"),
    "accounts": gettext_lazy("Accounts concerned"),
}


class CustomsForm(PlainForm):
    """A file, where it comes from, and the day of which it speaks."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy(
            "CSV in UTF-8, at most 10 MB, with the columns kind, status, reference, identifier; "
            "happened_on, amount, currency and note may be there."
        ),
    )
    source = forms.CharField(
        label=gettext_lazy("Source"),
        help_text=gettext_lazy("The system the file was taken from."),
        max_length=200,
    )
    as_of = DayField(
        label=gettext_lazy("As of"), help_text=gettext_lazy("The day the source speaks of.")
    )


def customs(request: HttpRequest) -> HttpResponse:
    """Look at a file (nothing is recorded), or record it."""
    program = the_program()
    form = CustomsForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    plan: ImportPlan | None = None
    try:
        by = acting(request, program.roles_that_may(Power.VET))
        if request.method == "POST" and form.is_valid():
            told = form.cleaned_data
            try:
                plan = _plan(request, program, told["file"], told["as_of"])
                if request.POST.get("what") == "record":
                    counts = record_import(
                        program=program,
                        plan=plan,
                        source=told["source"],
                        as_of=told["as_of"],
                        by=by,
                        at=now(),
                        via=VIA,
                    )
                    messages.success(
                        request,
                        _("Recorded: %(rows)s rows on %(accounts)s accounts.")
                        % {"rows": counts["new_or_changed"], "accounts": counts["accounts"]},
                    )
                    return HttpResponseRedirect(reverse("specialist:customs"))
            except BadInput as error:
                form.add_error(None, says(error))
    except GreenlaneError as error:
        return refused(request, error)
    context = frame(
        request,
        None,
        _("Debts, seizures and violations"),
        "customs",
        form=form,
        plan=_shown(plan) if plan and form.is_valid() else None,
    )
    status = 422 if form.is_bound and not form.is_valid() else 200
    return render(request, "specialist/customs.html", context, status=status)


def _plan(request: HttpRequest, program: Program, upload: Any, as_of: date) -> ImportPlan:
    # One byte more than allowed tells that it is too large, without reading all of it.
    file = read_customs_file(upload.read(MOST_BYTES + 1))
    sight = accounts_in_sight(request, program.id, matter=Matter.VETTING)
    streams = list(sight.values_list("stream", flat=True))
    return plan_import(program=program, file=file, as_of=as_of, streams=streams)


def _shown(plan: ImportPlan) -> dict[str, Any]:
    return {
        "counts": [Pair(str(_WORDS[key]), count) for key, count in plan.counts.items()],
        "faults": [
            *plan.file.faults[:_SHOWN],
            *(
                {"line": entry.line, "what": _("It is dated after the day of the source.")}
                for entry in plan.late[:_SHOWN]
            ),
        ],
        "unmatched": [entry.line for entry in plan.unmatched[:_SHOWN]],
        "matched": [
            {
                "company": one.company,
                "stream": one.stream,
                "fresh": one.fresh[:_SHOWN],
                "unchanged": one.unchanged,
                "results": one.results,
                "href": reverse("specialist:vetting", args=[one.stream]),
            }
            for one in plan.matched[:_SHOWN]
        ],
    }
