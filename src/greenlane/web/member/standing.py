"""Your standing: what was decided and why, what is still allowed, the answer, the plan, appeal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from greenlane.apps.certification.queries import letters_of
from greenlane.apps.members.queries import case_of
from greenlane.apps.suspensions import queries
from greenlane.apps.suspensions.actions import answers, appeals, proposals
from greenlane.apps.suspensions.acts import (
    Word,
    act_of_appeal,
    fits,
    keeps_suspensions,
    roles_for,
)
from greenlane.core.access import shown_to_company
from greenlane.core.deadlines import RUNNING
from greenlane.core.errors import BadInput, GreenlaneError
from greenlane.core.lifecycle.decide import Actor
from greenlane.core.marks import Mark
from greenlane.core.vocabulary import Axis, Phase
from greenlane.gate.access import now, roles, the_program, today
from greenlane.gate.records import VIA, account_for, actor_on
from greenlane.gate.uploads import content_of
from greenlane.web.member.frame import frame, status_of
from greenlane.web.member.history import entries_of
from greenlane.web.ui import trust
from greenlane.web.ui.clocks import Clock, clock_of
from greenlane.web.ui.errors import refused
from greenlane.web.ui.forms import DayField, PlainForm, SeveralFilesField
from greenlane.web.ui.pieces import Crumb, Link, Pair
from greenlane.web.ui.refusals import says
from greenlane.web.ui.words import in_language

if TYPE_CHECKING:
    from greenlane.apps.members.models import Account
    from greenlane.apps.suspensions.models import Appeal
    from greenlane.apps.suspensions.queries import SuspensionForCompany

MAX_FILES: Final = 10
"""How many documents go with one act."""
ROWS: Final = 6
"""How many empty steps the form of a plan has at first, and how many each "more" adds."""
_CLOCKS: Final = (
    Mark.HEARING_OPENED,
    Mark.SUSPENDED,
    Mark.PARTLY_SUSPENDED,
    Mark.URGENTLY_SUSPENDED,
    Mark.DECIDED_NONCOMPLIANCE,
    Mark.DECIDED_FALSEHOOD,
    Mark.APPEAL_FILED,
    Mark.REMOVED,
    Mark.CLOSED_FOR_NO_ANSWER,
)


def files_given(form: forms.Form, name: str = "papers") -> list[tuple[str, bytes]]:
    """Return the files of a form as names and contents."""
    return [(one.name or "file", content_of(one)) for one in form.cleaned_data[name]]


class WordsForm(PlainForm):
    """Words and documents: an answer to a notice, an appeal, a proof."""

    words = forms.CharField(
        label=gettext_lazy("In your words"),
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=20_000,
    )
    papers = SeveralFilesField(
        label=gettext_lazy("Documents"),
        help_text=gettext_lazy("PDF, picture, Word, Excel or text."),
        fit=MAX_FILES,
        required=False,
    )


class PlanForm(PlainForm):
    """A corrective action plan: cause, consent, and as many steps as it has rows.

    A new version takes the place of the present one, so it begins with what that one says.
    """

    words = forms.CharField(
        label=gettext_lazy("What went wrong, and why"),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=20_000,
    )
    consents = forms.BooleanField(
        label=gettext_lazy("The company consents to unannounced visits"),
        help_text=gettext_lazy("A full suspension is not lifted without it."),
        required=False,
    )

    rows = forms.IntegerField(widget=forms.HiddenInput(), required=False)

    def __init__(self, *args: Any, rows: int = ROWS, **more: Any) -> None:
        super().__init__(*args, **more)
        self.count = min(rows, answers.MAX_STEPS)
        self.fields["rows"].initial = self.count
        for number in range(1, self.count + 1):
            named = {"number": number}
            first = number == 1
            self.fields[f"objective_{number}"] = forms.CharField(
                label=_("Step %(number)s: objective") % named, max_length=2_000, required=first
            )
            self.fields[f"responsible_{number}"] = forms.CharField(
                label=_("Step %(number)s: who is responsible") % named,
                max_length=400,
                required=first,
            )
            self.fields[f"due_on_{number}"] = DayField(
                label=_("Step %(number)s: by when") % named, required=first
            )

    def clean(self) -> dict[str, Any]:
        """Ask for all three parts of a step that has one."""
        cleaned: dict[str, Any] = super().clean() or {}
        for number in range(2, self.count + 1):
            keys = [f"{part}_{number}" for part in ("objective", "responsible", "due_on")]
            given = [key for key in keys if cleaned.get(key)]
            if given and len(given) < len(keys):
                for key in keys:
                    if key not in given and key not in self.errors:
                        self.add_error(key, _("Fill this in."))
        return cleaned

    def steps(self) -> list[answers.StepGiven]:
        """Return the steps that were given."""
        found = self.cleaned_data
        return [
            answers.StepGiven(
                found[f"objective_{n}"], found[f"responsible_{n}"], found[f"due_on_{n}"]
            )
            for n in range(1, self.count + 1)
            if found.get(f"objective_{n}")
        ]


# --- The page -------------------------------------------------------------------------------------


def standing(request: HttpRequest, key: str) -> HttpResponse:
    """Show where the account stands and why; what happened, what runs, what is to come."""
    try:
        account = account_for(request, key)
    except GreenlaneError as error:
        return refused(request, error)
    since = case_of(account).standing().since.get(Axis.MEMBERSHIP)
    context = frame(
        request,
        account,
        _("Your standing"),
        "standing",
        status=status_of(account, since),
        entries=entries_of(account),
        **(_trust(request, account) if keeps_suspensions(the_program()) else {}),
    )
    return render(request, "member/standing.html", context)


def _trust(request: HttpRequest, account: Account) -> dict[str, Any]:
    cases = queries.suspensions_for_company(account.stream)
    filed = queries.appeals_of(account.stream)
    running = [one for one in cases if one.state in ("NOTIFIED", "IN_FORCE")]
    appeal = _may_appeal(request, account)
    return {
        "cases": [_case(request, account, one) for one in running],
        "past": [_past(account, one) for one in cases if one not in running],
        "appeals": [_appeal(account, one) for one in filed],
        "clocks": _clocks(account) if cases or filed else [],
        "benefits": trust.benefit_lines(queries.benefits_of(account)) if cases else [],
        "bars": _bars(account),
        "letters": _letters(account) if cases else [],
        "may_appeal": appeal,
    }


def _clocks(account: Account) -> list[Clock]:
    language, wanted = get_language() or "en", frozenset(_CLOCKS)
    duties = shown_to_company(case_of(account).duties(on=today()))
    return [
        clock_of(duty, language=language, href=reverse("public:rule", args=[duty.id]))
        for duty in sorted(duties, key=lambda duty: duty.due_on)
        if duty.state in RUNNING and not wanted.isdisjoint(duty.deadline.anchors)
    ]


def _bars(account: Account) -> list[str]:
    """Return the bars that stand but have no length yet: nobody can tell when they end (R11)."""
    if the_program().phase_of(account.membership) is not Phase.CLOSED:
        return []
    since = case_of(account).standing().since.get(Axis.MEMBERSHIP)
    row = the_program().transitions.get(since.act) if since else None
    marks = row.marks if row else ()
    return [in_language(rule.title) for rule in queries.unset_bars(the_program(), marks)]


def _letters(account: Account) -> list[Link]:
    rows = the_program().transitions.values()
    kinds = {row.letter for row in rows if row.letter} - {"certification"}
    return [
        Link(
            in_language(the_program().letters[one.kind]["subject"]).format_map(
                {"company": one.company_name, "account": account.stream, "code": one.code}
            ),
            reverse("member:document", args=[account.stream, one.document_seq]),
        )
        for one in letters_of(account.stream)
        if one.kind in kinds
    ]


def _may_appeal(request: HttpRequest, account: Account) -> bool:
    """Tell whether this reader may appeal now: role, window, no appeal open."""
    row = act_of_appeal(account)
    able = row.by & roles(request)
    if not able:
        return False
    by = Actor("", next(iter(able)))
    return any(
        one.is_lawful and one.transition.id == row.id
        for one in case_of(account).available(by, on=today())
    )


def _pairs(case: SuspensionForCompany) -> list[Pair]:
    program = the_program()
    urgency = program.reasons.get(case.urgency)
    return [
        Pair(_("Kind"), str(trust.DEGREES[case.degree])),
        Pair(_("Ground"), trust.ground_title(program, case.ground)),
        *([Pair(_("Why at once"), in_language(urgency))] if urgency else []),
        Pair(_("Notice given"), case.notified_on),
        Pair(_("You answered the notice"), case.heard_on),
        Pair(_("Decided"), case.decided_on),
        *([Pair(_("Reviewed afterwards"), case.reviewed_on)] if case.path == "URGENT" else []),
    ]


def _case(request: HttpRequest, account: Account, case: SuspensionForCompany) -> dict[str, Any]:
    plan = queries.plan_of(case)
    may_answer = bool(roles_for(the_program(), Word.PLAN) & roles(request))
    address = [account.stream, case.seq]
    steps = queries.steps_of(plan) if plan else []
    return {
        "case": case,
        "state": trust.state_of(case),
        "pairs": _pairs(case),
        "may_hear": fits(case, Word.HEAR) and case.heard_on is None and may_answer,
        "may_answer": fits(case, Word.PLAN) and may_answer,
        "hear_href": reverse("member:hear", args=address),
        "plan_href": reverse("member:plan", args=address),
        "plan": plan,
        "steps": [
            {
                "step": one,
                "state": trust.step_state(one),
                "documents": trust.document_links("member", account.stream, one.documents),
                "href": reverse("member:plan_step", args=[*address, one.number])
                if may_answer and fits(case, Word.PROVE) and one.state != "VERIFIED"
                else "",
            }
            for one in steps
        ],
    }


def _past(account: Account, case: SuspensionForCompany) -> dict[str, Any]:
    return {"case": case, "state": trust.state_of(case), "pairs": _pairs(case)}


def _appeal(account: Account, appeal: Appeal) -> dict[str, Any]:
    return {
        "appeal": appeal,
        "state": trust.appeal_state(appeal),
        "documents": trust.document_links("member", account.stream, appeal.documents),
    }


# --- Acts -----------------------------------------------------------------------------------------


def _back(account: Account) -> HttpResponse:
    return HttpResponseRedirect(reverse("member:standing", args=[account.stream]))


def _page(
    request: HttpRequest, account: Account, title: str, form: forms.Form, lead: str, **more: Any
) -> HttpResponse:
    context = frame(request, account, title, "standing", form=form, lead=lead, **more)
    href = reverse("member:standing", args=[account.stream])
    context["crumbs"].insert(1, Crumb(_("Your standing"), href))
    context["cancel_href"] = href
    return render(request, "member/trust_act.html", context, status=422 if form.is_bound else 200)


def hear(request: HttpRequest, key: str, seq: int) -> HttpResponse:
    """Answer the notice of an intended suspension."""
    try:
        account = queries.check_kept(account_for(request, key))
        case = queries.suspension_for_company(account.stream, seq)
        form = WordsForm(request.POST, request.FILES) if request.method == "POST" else WordsForm()
        if request.method == "POST" and form.is_valid():
            proposals.hear(
                account=account,
                case=seq,
                words=form.cleaned_data["words"],
                files=files_given(form),
                by=actor_on(request, account, roles_for(the_program(), Word.HEAR)),
                at=now(),
                via=VIA,
            )
            messages.success(request, _("Your answer to the notice is recorded."))
            return _back(account)
    except BadInput as error:
        form.add_error(None, says(error))
    except GreenlaneError as error:
        return refused(request, error)
    lead = _("What you say is read before anything is decided.")
    return _page(request, account, _("Answer the notice"), form, lead, reasons=case.reasons)


def plan(request: HttpRequest, key: str, seq: int) -> HttpResponse:
    """Answer a suspension with a corrective action plan."""
    try:
        account = queries.check_kept(account_for(request, key))
        case = queries.suspension_for_company(account.stream, seq)
        form = _plan_form(request, case)
        if request.method == "POST" and "more" not in request.POST and form.is_valid():
            answers.answer(
                account=account,
                case=seq,
                words=form.cleaned_data["words"],
                steps=form.steps(),
                consents=form.cleaned_data["consents"],
                by=actor_on(request, account, roles_for(the_program(), Word.PLAN)),
                at=now(),
                via=VIA,
            )
            messages.success(request, _("The plan is with the program office."))
            return _back(account)
    except BadInput as error:
        form.add_error(None, says(error))
    except GreenlaneError as error:
        return refused(request, error)
    lead = _("Name objectives, people and days. Each step is verified on its proof.")
    title = _("Corrective action plan")
    may_grow = form.count < answers.MAX_STEPS
    return _page(request, account, title, form, lead, reasons=case.reasons, may_grow=may_grow)


def _plan_form(request: HttpRequest, case: SuspensionForCompany) -> PlanForm:
    """Return the form of a plan: what was sent, else the present version, with room for more."""
    if request.method == "POST":
        asked = request.POST.get("rows", "")
        rows = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 4 else ROWS
        if "more" not in request.POST:
            return PlanForm(request.POST, rows=rows)
        # More rows are asked for: what was typed comes back unchecked, nothing is sent on.
        typed = PlanForm(request.POST, rows=rows)
        typing = {name: typed[name].value() for name in typed.fields if name != "rows"}
        return PlanForm(initial=typing, rows=rows + ROWS)
    present = queries.plan_of(case)
    steps = queries.steps_of(present) if present else []
    kept: dict[str, object] = {}
    if present:
        kept |= {"words": present.words, "consents": present.consents}
    for step in steps:
        kept |= {
            f"objective_{step.number}": step.objective,
            f"responsible_{step.number}": step.responsible,
            f"due_on_{step.number}": step.due_on,
        }
    return PlanForm(initial=kept, rows=max(ROWS, len(steps) + ROWS // 2))


def plan_step(request: HttpRequest, key: str, seq: int, number: int) -> HttpResponse:
    """Prove that a step of the plan is carried out."""
    try:
        account = queries.check_kept(account_for(request, key))
        case = queries.suspension_for_company(account.stream, seq)
        step = queries.step_of(case, number)
        form = WordsForm(request.POST, request.FILES) if request.method == "POST" else WordsForm()
        if request.method == "POST" and form.is_valid():
            answers.prove(
                account=account,
                case=seq,
                number=number,
                words=form.cleaned_data["words"],
                files=files_given(form),
                by=actor_on(request, account, roles_for(the_program(), Word.PLAN)),
                at=now(),
                via=VIA,
            )
            messages.success(request, _("The proof is with the program office."))
            return _back(account)
    except BadInput as error:
        form.add_error(None, says(error))
    except GreenlaneError as error:
        return refused(request, error)
    title = _("Step %(number)s: prove it") % {"number": number}
    return _page(request, account, title, form, step.objective)


def appeal(request: HttpRequest, key: str) -> HttpResponse:
    """Appeal the latest decision, as an officer."""
    try:
        account = queries.check_kept(account_for(request, key))
        form = WordsForm(request.POST, request.FILES) if request.method == "POST" else WordsForm()
        if request.method == "POST" and form.is_valid():
            appeals.file_appeal(
                account=account,
                words=form.cleaned_data["words"],
                files=files_given(form),
                by=actor_on(request, account, act_of_appeal(account).by),
                at=now(),
                via=VIA,
            )
            messages.success(request, _("The appeal is filed."))
            return _back(account)
    except BadInput as error:
        form.add_error(None, says(error))
    except GreenlaneError as error:
        return refused(request, error)
    lead = _(
        "Give everything that speaks for you, and how you will stay compliant. The decision stays "
        "in force while the appeal runs."
    )
    title = _("Appeal the decision")
    return _page(request, account, title, form, lead, clocks=_clocks(account))
