"""The year's plan of validations against staff capacity, its settings, and outages by decree."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from greenlane.apps.accounts.queries import names_of
from greenlane.apps.members.queries import office_decrees
from greenlane.apps.validations import plans
from greenlane.apps.validations.actions import planning
from greenlane.apps.validations.acts import capacity_setters, keeps_cases, plan_adopters
from greenlane.core.errors import GreenlaneError
from greenlane.core.forecast import last_of
from greenlane.core.lifecycle.decide import reasons_of
from greenlane.core.program import Transition
from greenlane.core.vocabulary import DutyState, Purpose
from greenlane.gate.access import acting, now, roles, the_program, today
from greenlane.gate.records import VIA, accounts_in_sight
from greenlane.web.specialist.frame import frame, rule_href
from greenlane.web.specialist.validation_forms import band_word
from greenlane.web.ui.errors import refused
from greenlane.web.ui.forms import DayField, PlainForm
from greenlane.web.ui.pieces import Status
from greenlane.web.ui.words import in_language

if TYPE_CHECKING:
    from greenlane.apps.validations.plans import OfficePlan, Plan, PlanRow

_MOST_ROWS: Final = 200


class CapacityForm(PlainForm):
    """How many visits a specialist of an office can hold in a month."""

    office = forms.ChoiceField(label=gettext_lazy("Field office"), required=False)
    visits = forms.IntegerField(
        label=gettext_lazy("Visits a month for each specialist"),
        min_value=0,
        max_value=planning.MOST_VISITS,
    )

    def __init__(self, *args: Any, offices: list[str], **more: Any) -> None:
        super().__init__(*args, **more)
        field = self.fields["office"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", _("Every office without a decision of its own"))] + [
                (office, office) for office in offices if office
            ]


def plan(request: HttpRequest) -> HttpResponse:
    """Show who must be validated in a year, by which rule, and what will be late."""
    year = _year(request)
    found = _plan_of(request, year)
    office = request.GET.get("office", "")
    rows = [row for row in found.rows if not office or row.office == office]
    rows.sort(key=lambda row: (not row.will_be_late, row.due.due_on, row.stream))
    names = names_of({row.specialist for row in rows[:_MOST_ROWS]})
    held = roles(request)
    context = frame(
        request,
        None,
        _("Plan of validations %(year)s") % {"year": year},
        "plan",
        year=year,
        years=[(one, one == year) for one in range(today().year, today().year + 3)],
        office=office,
        offices=[_office(one, one.office == office) for one in found.offices],
        due=len(found.rows),
        late=len(found.late),
        blocked=sum(row.is_blocked for row in found.rows),
        capacity=found.capacity,
        is_unset=any(one.monthly is None for one in found.offices),
        rows=[_row(row, names) for row in rows[:_MOST_ROWS]],
        more=max(0, len(rows) - _MOST_ROWS),
        months=_months(found),
        adopted=next((one for one in plans.adopted_plans() if one.year == year), None),
        form=CapacityForm(offices=[one.office for one in found.offices]),
        may_set=bool(capacity_setters(the_program()) & held),
        may_adopt=bool(plan_adopters(the_program()) & held),
    )
    return render(request, "specialist/plan.html", context)


def _year(request: HttpRequest) -> int:
    given = request.GET.get("year", "")
    return int(given) if given.isdecimal() and 2000 <= int(given[:5]) <= 2200 else today().year


def _plan_of(request: HttpRequest, year: int) -> Plan:
    program = the_program()
    in_sight = accounts_in_sight(request, program.id)
    return plans.plan_of(program, year=year, on=today(), among=in_sight)


def _office(one: OfficePlan, is_current: bool) -> dict[str, Any]:
    return {
        "office": one.office or _("No field office"),
        "key": one.office,
        "is_current": is_current,
        "specialists": one.specialists,
        "monthly": one.monthly,
        "due": one.due,
        "overdue": one.overdue,
        "late": one.late,
        "blocked": one.blocked,
        "under_way": one.under_way,
    }


def _row(row: PlanRow, names: dict[str, str]) -> dict[str, Any]:
    language = get_language() or "en"
    program = the_program()
    reason = program.reasons.get(row.reason)
    overdue = program.reasons.get(row.due.reason)
    return {
        "href": reverse(
            "specialist:validation" if keeps_cases(the_program()) else "specialist:case",
            args=[row.stream],
        ),
        "company": row.company_name or row.stream,
        "stream": row.stream,
        "office": row.office,
        "specialist": names.get(row.specialist, ""),
        "due_on": row.due.due_on,
        "readings": [
            {
                "title": duty.deadline.title.in_(language),
                "due_on": duty.due_on,
                "citation": duty.deadline.source.citation,
                "href": rule_href(duty.id),
                "is_first": index == 0,
            }
            for index, duty in enumerate(row.readings)
        ],
        "breaches": [duty.due_on for duty in row.breaches],
        "band": band_word(row.risk_band) if row.risk_band else "",
        "status": _status(row),
        "held_on": plans.will_be_held(row),
        "is_booked": row.visit_on is not None,
        "is_under_way": row.is_under_way,
        "overdue_reason": in_language(overdue) if overdue else "",
        "lacks_reason": row.due.state is DutyState.OVERDUE and overdue is None,
        "reason": in_language(reason) if reason else "",
        "new_due_on": row.new_due_on,
    }


def _status(row: PlanRow) -> Status:
    if row.is_blocked:
        return Status(_("Cannot be held now"), "warning")
    if row.due.state is DutyState.OVERDUE:
        return Status(_("Overdue"), "bad", row.due.due_on)
    if row.will_be_late:
        return Status(_("Will be late"), "bad")
    if row.due.state is DutyState.STOPPED:
        return Status(_("Clock stands still"), "waiting")
    if row.is_under_way:
        return Status(_("Under way"), "waiting")
    if row.visit_on is not None:
        return Status(_("Visit planned"), "good")
    if row.expected is None or row.expected.month is None:
        return Status(_("Cannot tell"), "neutral")
    return Status(_("In time"), "good")


def _months(found: Plan) -> list[dict[str, Any]]:
    months: dict[date, list[int]] = {}
    for slot in found.slots:
        kept = months.setdefault(slot.month, [0, 0])
        kept[0] += slot.capacity
        kept[1] += slot.used
    return [
        {"month": last_of(month), "capacity": capacity, "used": used}
        for month, (capacity, used) in sorted(months.items())
    ]


@require_POST
def capacity(request: HttpRequest) -> HttpResponse:
    """Record a decision on capacity."""
    try:
        found = _plan_of(request, today().year)
        offices = [one.office for one in found.offices]
        form = CapacityForm(request.POST, offices=offices)
        if form.is_valid():
            planning.set_capacity(
                program=the_program(),
                office=form.cleaned_data["office"],
                visits=form.cleaned_data["visits"],
                by=acting(request, capacity_setters(the_program())),
                at=now(),
                via=VIA,
            )
            messages.success(request, _("The capacity is recorded; the plan rests on it."))
        else:
            for faults in form.errors.values():
                messages.error(request, " ".join(str(fault) for fault in faults))
    except GreenlaneError as error:
        return refused(request, error)
    return HttpResponseRedirect(reverse("specialist:plan"))


@require_POST
def adopt(request: HttpRequest) -> HttpResponse:
    """Adopt a year's plan with the figures of this moment."""
    given = request.POST.get("year", "")
    year = int(given) if given.isdecimal() and len(given) == 4 else today().year
    try:
        by = acting(request, plan_adopters(the_program()))
        planning.adopt_plan(program=the_program(), year=year, by=by, at=now(), via=VIA)
    except GreenlaneError as error:
        return refused(request, error)
    messages.success(request, _("The plan is adopted; its figures are on the record."))
    return HttpResponseRedirect(f"{reverse('specialist:plan')}?year={year}")


class DecreeForm(PlainForm):
    """An outage: which days, why, and whether the office's own limits stop too."""

    starts_on = DayField(label=gettext_lazy("First day"))
    ends_on = DayField(label=gettext_lazy("Last day"))
    reason = forms.ChoiceField(label=gettext_lazy("Reason"))
    includes_office = forms.BooleanField(
        label=gettext_lazy("The office's own limits stop too"), required=False
    )
    words = forms.CharField(
        label=gettext_lazy("What happened"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=10_000,
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        fitting = reasons_of(the_program(), _decree_row())
        field = self.fields["reason"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [
                (k, in_language(w)) for k, w in the_program().reasons.items() if k in fitting
            ]


def _decree_row() -> Transition:
    return the_program().act_that(Purpose.DECREE_OUTAGE)


def decrees(request: HttpRequest) -> HttpResponse:
    """List the decreed outages; the director decrees another."""
    form = DecreeForm(request.POST if request.method == "POST" else None)
    try:
        if request.method == "POST" and form.is_valid():
            given = form.cleaned_data
            planning.decree_outage(
                program=the_program(),
                starts_on=given["starts_on"],
                ends_on=given["ends_on"],
                reason=given["reason"],
                includes_office=given["includes_office"],
                words=given["words"],
                by=acting(request, _decree_row().by),
                at=now(),
                via=VIA,
            )
            messages.success(request, _("The outage is decreed. Clocks stand still on these days."))
            return HttpResponseRedirect(reverse("specialist:decrees"))
    except GreenlaneError as error:
        return refused(request, error)
    context = frame(
        request,
        None,
        _("Outages"),
        "plan",
        form=form,
        decrees=list(office_decrees()),
        may_decree=bool(_decree_row().by & roles(request)),
    )
    return render(request, "specialist/decrees.html", context, status=422 if form.is_bound else 200)
