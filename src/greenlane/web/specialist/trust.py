"""Trust: the queue of what waits, one account's suspensions and appeal, and each of their acts."""

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
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from greenlane.apps.accounts.queries import names_of
from greenlane.apps.certification.actions import Person
from greenlane.apps.incidents import queries as incidents
from greenlane.apps.members.queries import case_of
from greenlane.apps.suspensions import queries
from greenlane.apps.suspensions.actions import answers, appeals, endings, proposals
from greenlane.apps.suspensions.acts import (
    Doing,
    Word,
    act_for,
    act_that,
    check_fits,
    fits,
    judges_of_appeals,
    judges_of_plans,
    proposers,
)
from greenlane.apps.suspensions.worklist import Watched, watched
from greenlane.core.deadlines import RUNNING
from greenlane.core.errors import BadInput, GreenlaneError
from greenlane.core.lifecycle.decide import Actor
from greenlane.core.marks import Mark
from greenlane.core.vocabulary import Axis, Phase
from greenlane.gate.access import now, roles, signed_in, the_program, today
from greenlane.gate.records import VIA, account_for, accounts_in_sight, actor_on
from greenlane.web.specialist.frame import axis_status, frame, rule_href, to
from greenlane.web.specialist.trust_forms import (
    DecisionForm,
    JudgeForm,
    LetterForm,
    OutcomeForm,
    ProposeForm,
    ReinstateForm,
    RemovalForm,
    UrgentForm,
    WordsForm,
    spoken,
)
from greenlane.web.ui import trust as words
from greenlane.web.ui.clocks import Clock, clock_of
from greenlane.web.ui.errors import is_done, refused
from greenlane.web.ui.pieces import Crumb, Gate, Link, Pair
from greenlane.web.ui.reasons import gate_of
from greenlane.web.ui.words import in_language, short_day

if TYPE_CHECKING:
    from greenlane.apps.members.models import Account
    from greenlane.apps.suspensions.models import Appeal, Suspension
    from greenlane.core.deadlines import Duty
    from greenlane.core.program import Transition

_CLOCKS: Final = frozenset(
    {
        Mark.HEARING_OPENED,
        Mark.SUSPENDED,
        Mark.PARTLY_SUSPENDED,
        Mark.URGENTLY_SUSPENDED,
        Mark.DECIDED_NONCOMPLIANCE,
        Mark.DECIDED_FALSEHOOD,
        Mark.FALSEHOOD_FOUND,
        Mark.APPEAL_FILED,
        Mark.INCIDENT_REPORTED,
        Mark.ANALYSIS_ASKED,
        Mark.REMOVED,
        Mark.CLOSED_FOR_NO_ANSWER,
    }
)


# --- The queue ------------------------------------------------------------------------------------


def queue(request: HttpRequest) -> HttpResponse:
    """List what waits, and everybody who is suspended or for whom the clock of an appeal runs."""
    program = the_program()
    sight = accounts_in_sight(request, program.id)
    seen = {
        row.stream: row
        for row in sight.defer("steps")
        if program.phase_of(row.membership) is not Phase.NONE
    }
    is_office = bool(set(program.case_roles) & roles(request))
    found = watched(sight, on=today())
    groups = [_appeals(seen, found)]
    if is_office:
        groups = [_proposals(seen), _reviews(seen), *groups, _joint_reviews(seen)]
        groups += [_in_force(seen, found), _windows(found)]
    context = frame(
        request,
        None,
        _("Trust"),
        "trust",
        groups=groups,
        is_empty=not any(g["rows"] for g in groups),
    )
    return render(request, "specialist/trust_queue.html", context)


def _row(account: Account, href: str, mark: Mark, note: str) -> dict[str, Any]:
    return _line(account, href, queries.duty_on(account, mark, on=today()), note)


def _line(account: Account, href: str, duty: Duty | None, note: str) -> dict[str, Any]:
    clock = clock_of(duty, language=get_language() or "en") if duty else None
    return {
        "company": account.company_name or account.stream,
        "href": href,
        "clock": clock if duty and duty.state in RUNNING else None,
        "note": note,
    }


def _case_href(case: Suspension) -> str:
    return reverse("specialist:suspension", args=[case.stream, case.seq])


def _case_note(case: Suspension) -> str:
    return f"{words.DEGREES[case.degree]} · {words.ground_title(the_program(), case.ground)}"


def _proposals(seen: dict[str, Account]) -> dict[str, Any]:
    rows = [
        _row(seen[one.stream], _case_href(one), Mark.HEARING_OPENED, _case_note(one))
        for one in queries.waiting_proposals(seen)
        if one.stream in seen
    ]
    return {"title": _("Proposals and notices"), "rows": rows}


def _reviews(seen: dict[str, Account]) -> dict[str, Any]:
    rows = [
        _row(seen[one.stream], _case_href(one), Mark.URGENTLY_SUSPENDED, _case_note(one))
        for one in queries.waiting_reviews(seen)
    ]
    return {"title": _("Urgent suspensions to review"), "rows": rows}


def _appeals(seen: dict[str, Account], found: list[Watched]) -> dict[str, Any]:
    waiting = queries.waiting_appeals(seen)
    rows = [
        _row(
            seen[one.stream],
            reverse("specialist:appeal", args=[one.stream]),
            Mark.APPEAL_FILED,
            _("Filed %(day)s") % {"day": short_day(one.filed_on)},
        )
        for one in waiting
    ]
    cases = {one.stream for one in waiting}
    rows += [
        _line(one.account, to("trust", one.account), one.determination, _("Filed without a case"))
        for one in found
        if one.is_appealed and one.account.stream not in cases
    ]
    return {"title": _("Appeals"), "rows": rows}


def _windows(found: list[Watched]) -> dict[str, Any]:
    """List for whom the time to appeal runs, where no appeal is filed and nothing else is shown."""
    rows = [
        _line(
            one.account,
            to("trust", one.account),
            one.window,
            in_language(one.window.deadline.title),
        )
        for one in found
        if one.window and not (one.is_suspended or one.is_in_part or one.is_appealed)
    ]
    return {"title": _("Time to appeal runs"), "rows": rows}


def _joint_reviews(seen: dict[str, Account]) -> dict[str, Any]:
    rows = [
        _row(
            seen[one.stream],
            reverse("specialist:incident", args=[one.stream, one.seq]),
            Mark.INCIDENT_REPORTED,
            words.kind_words(the_program(), one.kind),
        )
        for one in incidents.open_incidents(seen)
    ]
    return {"title": _("Joint reviews of incidents"), "rows": rows}


def _in_force(seen: dict[str, Account], found: list[Watched]) -> dict[str, Any]:
    cases = queries.all_in_force(seen)
    rows = [
        _row(
            seen[one.stream],
            _case_href(one),
            Mark.PARTLY_SUSPENDED if one.degree == "PART" else Mark.SUSPENDED,
            _case_note(one),
        )
        for one in cases
    ]
    in_full = {one.stream for one in cases if one.degree == "FULL"}
    in_part = {one.stream for one in cases if one.degree == "PART"}
    for one in found:
        key = one.account.stream
        is_full = one.is_suspended and key not in in_full
        if is_full or (one.is_in_part and key not in in_part):
            degree = words.DEGREES["FULL" if is_full else "PART"]
            note = _("%(degree)s, without a case") % {"degree": degree}
            rows.append(_line(one.account, to("trust", one.account), one.answer, note))
    return {"title": _("In force"), "rows": rows}


# --- One account ----------------------------------------------------------------------------------


def trust(request: HttpRequest, key: str) -> HttpResponse:
    """Show an account's incidents, suspensions and appeals, with what can be done."""
    try:
        account = queries.check_kept(account_for(request, key))
    except GreenlaneError as error:
        return refused(request, error)
    found = incidents.discoveries_of(account.stream)
    held = roles(request)
    context = frame(
        request,
        account,
        _("Trust"),
        "trust",
        status=axis_status(account, Axis.MEMBERSHIP),
        cases=[_case_line(one) for one in queries.suspensions_of(account.stream)],
        appeals=[_appeal_line(one) for one in queries.appeals_of(account.stream)],
        incidents=[
            {
                "title": f"{one.number}. {words.kind_words(the_program(), one.kind)}",
                "state": words.incident_state(one),
                "first": words.comparison_words(incidents.compare(one, found)),
                "href": reverse("specialist:incident", args=[account.stream, one.seq]),
            }
            for one in incidents.incidents_of(account.stream)
        ],
        loose=sum(one.incident_seq == 0 for one in found),
        clocks=clocks_of(account),
        benefits=words.benefit_lines(queries.benefits_of(account)),
        may_propose=bool(proposers(the_program()) & held) and _may_lose(account),
        falsehood=_falsehood(account),
    )
    return render(request, "specialist/trust.html", context)


def _may_lose(account: Account) -> bool:
    axes = {axis: str(getattr(account, axis.value)) for axis in Axis}
    return act_that(the_program(), Doing.SUSPEND).starts_from(axes)


def clocks_of(account: Account) -> list[Clock]:
    """Return the running clocks of what this part of the program counts."""
    language = get_language() or "en"
    return [
        clock_of(duty, language=language, href=rule_href(duty.id))
        for duty in sorted(case_of(account).duties(on=today()), key=lambda duty: duty.due_on)
        if duty.state in RUNNING and not _CLOCKS.isdisjoint(duty.deadline.anchors)
    ]


def _falsehood(account: Account) -> bool:
    """Tell whether a knowing falsehood waits for its mandatory decision (R27)."""
    duty = queries.duty_on(account, Mark.FALSEHOOD_FOUND, on=today())
    return duty is not None and duty.state in RUNNING


def _case_line(case: Suspension) -> dict[str, Any]:
    return {
        "title": _title(case),
        "state": words.state_of(case),
        "note": _case_note(case),
        "href": _case_href(case),
    }


def _title(case: Suspension) -> str:
    """Return what a case is called: it has a number from when the company knows of it."""
    if case.known_on is None:
        return _("Proposal of %(day)s") % {"day": short_day(case.proposed_on)}
    return _("Suspension %(number)s") % {"number": case.number}


def _appeal_line(appeal: Appeal) -> dict[str, Any]:
    return {
        "appeal": appeal,
        "state": words.appeal_state(appeal),
        "href": reverse("specialist:appeal", args=[appeal.stream]),
    }


def propose(request: HttpRequest, key: str) -> HttpResponse:
    """Propose a suspension or removal."""
    try:
        account = queries.check_kept(account_for(request, key))
        at_once = act_that(the_program(), Doing.SUSPEND_AT_ONCE)
        form = ProposeForm(
            request.POST if request.method == "POST" else None,
            account=account,
            may_urge=bool((at_once.by | at_once.second_by) & roles(request)),
            initial={"path": "NORMAL", "degree": "FULL"},
        )
        made: list[Suspension] = []
        if is_done(
            request, form, lambda: made.append(_propose(request, account, form.cleaned_data))
        ):
            messages.success(request, _("The proposal waits for another person's decision."))
            return HttpResponseRedirect(_case_href(made[0]))
    except GreenlaneError as error:
        return refused(request, error)
    context = _framed(
        request,
        account,
        _("Propose a suspension"),
        form=form,
        gates=[],
        meaning=_("The company sees nothing of a proposal before its notice or its decision."),
        is_final=False,
        source=act_that(the_program(), Doing.SUSPEND).source.citation,
    )
    return render(request, "specialist/act.html", context, status=422 if form.is_bound else 200)


def _framed(request: HttpRequest, account: Account, title: str, **more: Any) -> dict[str, Any]:
    context = frame(request, account, title, "trust", **more)
    context["crumbs"].insert(1, Crumb(_("Trust"), to("trust", account)))
    context.setdefault("cancel_href", to("trust", account))
    return context


def _propose(request: HttpRequest, account: Account, given: dict[str, Any]) -> Suspension:
    lists = {
        key: [int(one) for one in given.get(key, ())]
        for key in ("incidents", "discoveries", "findings", "documents")
    }
    return proposals.propose(
        account=account,
        given=proposals.ProposalGiven(
            given["ground"],
            given["reasons"],
            given["memo"],
            given["path"],
            given["degree"],
            given.get("urgency", "") if given["path"] == "URGENT" else "",
            given.get("benefits", ()),
            is_aggravated=given["is_aggravated"],
            **lists,
        ),
        by=actor_on(request, account, proposers(the_program())),
        at=now(),
        via=VIA,
    )


# --- One suspension -------------------------------------------------------------------------------


def suspension(request: HttpRequest, key: str, seq: int) -> HttpResponse:
    """Show one suspension: what it rests on, the company's answers, the plan, what can be done."""
    try:
        account = queries.check_kept(account_for(request, key))
        case = queries.suspension(account.stream, seq)
    except GreenlaneError as error:
        return refused(request, error)
    plan = queries.plan_of(case)
    people = (
        case.proposed_by,
        case.decided_by,
        case.decided_second,
        case.reviewed_by,
        case.ended_by,
    )
    context = _framed(
        request,
        account,
        _title(case),
        case=case,
        state=words.state_of(case),
        pairs=_pairs(case, names_of(set(people) - {""})),
        basis=_basis(case),
        heard_documents=words.document_links("specialist", account.stream, case.heard_documents),
        plan=plan,
        steps=[_step_line(request, case, one) for one in queries.steps_of(plan)] if plan else [],
        acts=_acts(request, account, case),
        clocks=clocks_of(account) if case.state in ("NOTIFIED", "IN_FORCE") else [],
    )
    return render(request, "specialist/suspension.html", context)


def _pairs(case: Suspension, names: dict[str, str]) -> list[Pair]:
    urgency = the_program().reasons.get(case.urgency)
    benefits = [in_language(the_program().benefits[one].title) for one in case.benefits]
    return [
        Pair(_("Path"), str(words.PATHS[case.path])),
        Pair(_("What is taken"), str(words.DEGREES[case.degree])),
        *([Pair(_("Benefits"), "; ".join(benefits))] if benefits else []),
        Pair(_("Ground"), words.ground_title(the_program(), case.ground)),
        *([Pair(_("Why at once"), in_language(urgency))] if urgency else []),
        Pair(_("Proposed by"), names.get(case.proposed_by, ""), short_day(case.proposed_on)),
        Pair(_("Notice given"), case.notified_on),
        Pair(_("Company heard"), case.heard_on),
        Pair(_("Decided by"), names.get(case.decided_by) or None),
        *([Pair(_("Approved by"), names.get(case.decided_second) or None)] if urgency else []),
        *([Pair(_("Reviewed by"), names.get(case.reviewed_by) or None)] if urgency else []),
        Pair(_("Ended"), case.ended_on),
    ]


def _basis(case: Suspension) -> list[Link]:
    key = case.stream
    made = [
        *((_("Incident"), "incident", seq) for seq in case.incidents),
        *((_("Finding"), "validation_finding", seq) for seq in case.findings),
        *((_("Document"), "document", seq) for seq in case.documents),
    ]
    links = [
        Link(f"{title} {seq}", reverse(f"specialist:{name}", args=[key, seq]))
        for title, name, seq in made
    ]
    if case.discoveries:
        links.append(Link(_("Found by the office"), reverse("specialist:incidents", args=[key])))
    return links


def _step_line(request: HttpRequest, case: Suspension, step: Any) -> dict[str, Any]:
    may = bool(judges_of_plans(the_program()) & roles(request))
    waits = step.state == "PROVED" and fits(case, Word.JUDGE) and may
    return {
        "step": step,
        "state": words.step_state(step),
        "documents": words.document_links("specialist", case.stream, step.documents),
        "href": reverse("specialist:plan_step", args=[case.stream, case.seq, step.number])
        if waits
        else "",
    }


@dataclass(frozen=True, slots=True)
class Form:
    """What a word about a suspension says on its page, what it asks for, and how it is done."""

    title: str | Promise
    lead: str | Promise
    form: type[forms.Form]
    do: Callable[[Account, int, dict[str, Any], Person], object]
    is_final: bool = False


def _letter(given: dict[str, Any]) -> dict[str, Any]:
    return {"at": now(), "language": given["language"], "via": VIA}


FORMS: Final[dict[Word, Form]] = {
    Word.NOTICE: Form(
        gettext_lazy("Give notice"),
        gettext_lazy("The company reads ground and reasons, and may answer before the decision."),
        LetterForm,
        lambda account, seq, given, by: proposals.notify(
            account=account, case=seq, by=by, **_letter(given)
        ),
    ),
    Word.DECIDE: Form(
        gettext_lazy("Decide it"),
        gettext_lazy("It takes effect today; the letter goes on file with it."),
        DecisionForm,
        lambda account, seq, given, by: proposals.decide(
            account=account, case=seq, words=given["words"], by=by, **_letter(given)
        ),
        is_final=True,
    ),
    Word.APPROVE: Form(
        gettext_lazy("Approve the urgent suspension"),
        gettext_lazy("It takes effect now. A third person reviews it afterwards."),
        UrgentForm,
        lambda account, seq, given, by: proposals.approve_at_once(
            account=account, case=seq, words=given["words"], by=by, **_letter(given)
        ),
        is_final=True,
    ),
    Word.DECLINE: Form(
        gettext_lazy("Do not follow it up"),
        gettext_lazy("The company hears of it only where it had notice."),
        WordsForm,
        lambda account, seq, given, by: proposals.decline(
            account=account, case=seq, words=given["words"], by=by.actor, at=now(), via=VIA
        ),
    ),
    Word.REVIEW: Form(
        gettext_lazy("Review it afterwards"),
        gettext_lazy("For somebody who took no part in it. Confirm it, or lift it at once."),
        OutcomeForm,
        lambda account, seq, given, by: endings.review_urgency(
            account=account,
            case=seq,
            is_confirmed=_is_confirmed(given),
            words=given["words"],
            by=by,
            **_letter(given),
        ),
    ),
    Word.REINSTATE: Form(
        gettext_lazy("Lift the suspension"),
        gettext_lazy("Status, tier and benefits come back as they were."),
        ReinstateForm,
        lambda account, seq, given, by: endings.reinstate(
            account=account,
            case=seq,
            words=given["words"],
            is_fixed=given["is_fixed"],
            by=by,
            **_letter(given),
        ),
    ),
    Word.REMOVE: Form(
        gettext_lazy("Remove from the program"),
        gettext_lazy("No adequate answer, or an aggravated case."),
        RemovalForm,
        lambda account, seq, given, by: endings.remove(
            account=account,
            case=seq,
            words=given["words"],
            is_aggravated=given["is_aggravated"],
            by=by,
            **_letter(given),
        ),
        is_final=True,
    ),
    Word.CLOSE: Form(
        gettext_lazy("Close for want of an answer"),
        gettext_lazy("When the company's days to answer have passed without a word."),
        DecisionForm,
        lambda account, seq, given, by: endings.close_unanswered(
            account=account, case=seq, words=given["words"], by=by, **_letter(given)
        ),
    ),
}


def _is_confirmed(given: dict[str, Any]) -> bool:
    """Tell whether a review confirms; no other word has an outcome."""
    return bool(given.get("outcome", "confirm") == "confirm")


def _gates(account: Account, case: Suspension, row: Transition) -> list[Gate]:
    """Return the conditions of an act as they stand for this case and its ground."""
    facts = {
        **queries.act_facts(account, on=today()),
        **queries.case_facts(account, case, on=today()),
    }
    found = case_of(account, {**facts, "act.ground": case.ground}).available(
        Actor("", next(iter(sorted(row.by)))), on=today()
    )
    language = get_language() or "en"
    return [
        gate_of(answer, language=language)
        for one in found
        if one.transition.id == row.id
        for answer in one.answers
    ]


def _acts(request: HttpRequest, account: Account, case: Suspension) -> list[dict[str, Any]]:
    found = []
    for word, form in FORMS.items():
        if not fits(case, word):
            continue
        row = act_for(the_program(), word, case)
        if not (row.by | row.second_by) & roles(request):
            continue
        found.append(
            {
                "title": str(form.title),
                "href": reverse("specialist:suspension_act", args=[account.stream, case.seq, word]),
                "id": row.id,
                "why_href": rule_href(row.id),
                "gates": [] if word is Word.DECLINE else _gates(account, case, row),
            }
        )
    return found


def act(request: HttpRequest, key: str, seq: int, slug: str) -> HttpResponse:
    """Ask for what an act on a suspension needs, and do it."""
    try:
        account = queries.check_kept(account_for(request, key))
        case = queries.suspension(account.stream, seq)
        word = next((one for one in FORMS if one.value == slug), None)
        if word is None:
            raise BadInput(_("Choose one of the acts on the page of the suspension."))
        check_fits(case, word)
        stage, row = FORMS[word], act_for(the_program(), word, case)
        actor_on(request, account, row.by | row.second_by)
        form = _form(request, stage)
        if is_done(request, form, lambda: _do(request, account, case, word, form.cleaned_data)):
            messages.success(request, _("Recorded: %(act)s.") % {"act": stage.title})
            return HttpResponseRedirect(_case_href(case))
    except GreenlaneError as error:
        return refused(request, error)
    context = _framed(
        request,
        account,
        str(stage.title),
        form=form,
        gates=[] if word is Word.DECLINE else _gates(account, case, row),
        meaning=str(stage.lead),
        is_final=stage.is_final,
        source=row.source.citation,
        cancel_href=_case_href(case),
    )
    return render(request, "specialist/act.html", context, status=422 if form.is_bound else 200)


def _do(
    request: HttpRequest, account: Account, case: Suspension, word: Word, given: dict[str, Any]
) -> None:
    row = act_for(the_program(), word, case, is_confirmed=_is_confirmed(given))
    actor = actor_on(request, account, row.by | row.second_by)
    FORMS[word].do(account, case.seq, given, Person(actor, signed_in(request).name))


def _form(request: HttpRequest, stage: Form) -> forms.Form:
    given = request.POST if request.method == "POST" else None
    if stage.form is OutcomeForm:
        outcomes: list[tuple[str, Any]] = [
            ("confirm", _("The urgent path was right: it stays")),
            ("lift", _("There was no ground for it: it is lifted now")),
        ]
        return OutcomeForm(given, initial=spoken(), outcomes=outcomes)
    return stage.form(given, initial=spoken())


def plan_step(request: HttpRequest, key: str, seq: int, number: int) -> HttpResponse:
    """Judge the proof of one step of a plan."""
    try:
        account = queries.check_kept(account_for(request, key))
        case = queries.suspension(account.stream, seq)
        step = queries.step_of(case, number)
        form = JudgeForm(request.POST if request.method == "POST" else None)
        by = actor_on(request, account, judges_of_plans(the_program()))
        if is_done(request, form, lambda: _judge(account, (seq, number), form.cleaned_data, by)):
            messages.success(request, _("The judgment is recorded."))
            return HttpResponseRedirect(_case_href(case))
    except GreenlaneError as error:
        return refused(request, error)
    context = _framed(
        request,
        account,
        _("Step %(number)s of the plan") % {"number": number},
        form=form,
        gates=[],
        meaning=f"{step.objective}. {step.proof_words}",
        is_final=False,
        source=act_that(the_program(), Doing.REINSTATE).source.citation,
        cancel_href=_case_href(case),
    )
    return render(request, "specialist/act.html", context, status=422 if form.is_bound else 200)


def _judge(account: Account, at: tuple[int, int], given: dict[str, Any], by: Actor) -> None:
    seq, number = at
    answers.judge(
        account=account,
        case=seq,
        number=number,
        is_verified=given["outcome"] == "verified",
        words=given["words"],
        by=by,
        at=now(),
        via=VIA,
    )


# --- The appeal -----------------------------------------------------------------------------------


def appeal(request: HttpRequest, key: str) -> HttpResponse:
    """Show the appeals of an account with the decision they are about; determine the open one."""
    try:
        account = queries.check_kept(account_for(request, key))
        filed = queries.appeals_of(account.stream)
        if not filed:
            raise queries.NoSuchAppeal("Account {account} has no open appeal.", account=key)
        form = _appeal_form(request)
        if is_done(request, form, lambda: _determine(request, account, form.cleaned_data)):
            messages.success(request, _("The determination is recorded; the letter is on file."))
            return HttpResponseRedirect(reverse("specialist:appeal", args=[account.stream]))
    except GreenlaneError as error:
        return refused(request, error)
    judges = judges_of_appeals(the_program(), is_granted=False)
    context = _framed(
        request,
        account,
        _("Appeal"),
        form=form,
        rows=[
            {
                "appeal": one,
                "state": words.appeal_state(one),
                "documents": words.document_links("specialist", account.stream, one.documents),
                "decision": _decision(one),
            }
            for one in filed
        ],
        cases=[
            {"case": one, "state": words.state_of(one), "note": _case_note(one)}
            for one in queries.suspensions_of(account.stream)
            if one.known_on is not None
        ],
        may_decide=bool(judges & roles(request)) and not filed[0].outcome,
        clocks=clocks_of(account),
    )
    return render(request, "specialist/appeal.html", context, status=422 if form.is_bound else 200)


def _appeal_form(request: HttpRequest) -> OutcomeForm:
    outcomes: list[tuple[str, Any]] = [
        ("grant", _("Grant the appeal")),
        ("uphold", _("Uphold the decision")),
    ]
    given = request.POST if request.method == "POST" else None
    return OutcomeForm(given, initial=spoken(), outcomes=outcomes)


def _decision(one: Appeal) -> str:
    row = the_program().transitions.get(one.decision_act)
    return in_language(row.title) if row else ""


def _determine(request: HttpRequest, account: Account, given: dict[str, Any]) -> None:
    is_granted = given["outcome"] == "grant"
    judges = judges_of_appeals(the_program(), is_granted=is_granted)
    appeals.decide_appeal(
        account=account,
        is_granted=is_granted,
        words=given["words"],
        by=Person(actor_on(request, account, judges), signed_in(request).name),
        **_letter(given),
    )
