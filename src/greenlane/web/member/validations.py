"""The company's side of a validation: notice, documents, report, answer to each finding."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from greenlane.apps.accounts.queries import names_of
from greenlane.apps.validations import queries
from greenlane.apps.validations.actions import cases, findings
from greenlane.apps.validations.acts import Doing, act_that
from greenlane.core.errors import BadInput, GreenlaneError
from greenlane.core.vocabulary import Axis
from greenlane.gate.access import now, recently_authenticated, roles, the_program, today
from greenlane.gate.records import VIA, account_for, actor_on
from greenlane.gate.uploads import content_of
from greenlane.web.member.frame import axis_word, frame
from greenlane.web.ui.errors import refused
from greenlane.web.ui.forms import DocumentField, PlainForm, SeveralFilesField
from greenlane.web.ui.pieces import CheckLine, Crumb, Link, Pair, Status, tone_of
from greenlane.web.ui.refusals import says
from greenlane.web.ui.validations import (
    FINDING_KINDS,
    FIVE,
    finding_status,
    names_of_documents,
    site_status,
)
from greenlane.web.ui.words import in_language

if TYPE_CHECKING:
    from greenlane.apps.members.models import Account
    from greenlane.apps.validations.models import Finding, ValidationCase


class PaperForm(PlainForm):
    """One document that the notice asks for."""

    item = forms.ChoiceField(label=gettext_lazy("For which request"), required=False)
    file = DocumentField(label=gettext_lazy("Document"))

    def __init__(self, *args: Any, case: ValidationCase, **more: Any) -> None:
        super().__init__(*args, **more)
        field = self.fields["item"]
        if isinstance(field, forms.ChoiceField):
            asked = [(str(n), title[:120]) for n, title in enumerate(case.requests)]
            field.choices = [*asked, ("", _("Something else"))]
        given = {paper.item for paper, _document in queries.papers_of(case)}
        waiting = [n for n in range(len(case.requests)) if n not in given]
        self.initial["item"] = str(waiting[0]) if waiting else ""


class AnswerForm(PlainForm):
    """The answer to one finding, with proof."""

    words = forms.CharField(
        label=gettext_lazy("Your answer"),
        help_text=gettext_lazy(
            "What was done, by whom and since when. To a recommendation you may say why not."
        ),
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=20_000,
    )
    proof = SeveralFilesField(
        label=gettext_lazy("Proof"),
        help_text=gettext_lazy("Documents or photographs; a required action needs one at least."),
        fit=findings.MAX_FILES,
        required=False,
    )

    def __init__(self, *args: Any, needs_proof: bool, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["proof"].required = needs_proof


def validation(request: HttpRequest, key: str) -> HttpResponse:
    """Show the validation as far as the company may read it, and what it is to do."""
    try:
        account = account_for(request, key)
        case = queries.latest_case(account.stream)
    except GreenlaneError as error:
        return refused(request, error)
    context = frame(
        request,
        account,
        _("Validation"),
        "validation",
        case=case,
        **(_case(request, account, case) if case else {}),
    )
    return render(request, "member/validation.html", context)


def _case(request: HttpRequest, account: Account, case: ValidationCase) -> dict[str, Any]:
    program, held = the_program(), roles(request)
    names = names_of(case.team)
    told = queries.findings_for_company(case)
    may_act = bool(act_that(program, Doing.ANSWER).by & held)
    is_short = queries.is_short_notice(program, case, on=today())
    missing = [row for row in told if queries.needs_answer(row)]
    state = axis_word(program, Axis.VALIDATION, account.validation)
    reason = program.reasons.get(case.deferral_reason)
    return {
        "status": Status(state, tone_of(account.validation)) if case.is_open else None,
        "pairs": [
            Pair(_("Case"), f"{account.stream}-{case.number}"),
            Pair(_("Scope"), case.scope or None),
            Pair(_("Why this scope"), case.rationale or None),
            Pair(_("Team"), ", ".join(names.get(one, "") for one in case.team) or None),
            Pair(_("Visit planned for"), case.visit_on),
            Pair(_("Notice sent"), case.notified_on),
            Pair(_("Visit held"), case.visited_on),
        ],
        "agenda": case.agenda,
        "deferral": in_language(reason) if reason and case.deferred_on else "",
        "sites": [
            {
                "name": site.name,
                "country": site.country,
                "status": site_status(site),
            }
            for site in queries.sites_of(case)
        ],
        "papers": _papers(account, case),
        "paper_form": PaperForm(case=case),
        "may_give": case.is_open and may_act and bool(case.requests),
        "may_waive": is_short
        and case.is_open
        and case.waived_on is None
        and case.visited_on is None
        and bool(act_that(program, Doing.WAIVE).by & held),
        "notice_days": queries.notice_days(program),
        "reports": [
            {
                "version": row.version,
                "on": row.issued_on,
                "reason": row.reason,
                "sha256": row.sha256,
                "href": reverse("member:document", args=[account.stream, row.document_seq]),
            }
            for row in queries.reports_of(case)
        ],
        "findings": [_finding_row(account, row) for row in told],
        "missing": len(missing),
        "may_submit": account.validation == "REPORTED" and may_act and not missing,
        "needs_signature": findings.needs_signature(account),
        "is_proved": recently_authenticated(request),
        "outcome": _outcome(case),
    }


def _outcome(case: ValidationCase) -> str:
    if case.is_open:
        return ""
    if case.outcome == "NOT_VALIDATED":
        return _("Closed without validating")
    tier = case.outcome.removeprefix("VALIDATED_")
    return _("Validated, %(tier)s") % {"tier": axis_word(the_program(), Axis.TIER, tier)}


def _papers(account: Account, case: ValidationCase) -> list[dict[str, Any]]:
    given: dict[int | None, list[Link]] = {}
    for paper, document in queries.papers_of(case):
        href = reverse("member:document", args=[account.stream, document.seq])
        given.setdefault(paper.item, []).append(Link(document.name or str(document.seq), href))
    rows = [{"title": title, "links": given.get(n, [])} for n, title in enumerate(case.requests)]
    if given.get(None):
        rows.append({"title": _("Something else"), "links": given[None]})
    return rows


def _finding_row(account: Account, row: Finding) -> dict[str, Any]:
    return {
        "title": f"{FINDING_KINDS[row.kind]}, {row.criterion}",
        "status": finding_status(row),
        "due_on": row.due_on,
        "judgment": row.judgment,
        "href": reverse("member:finding", args=[account.stream, row.seq]),
    }


def _back(account: Account) -> HttpResponse:
    return HttpResponseRedirect(reverse("member:validation", args=[account.stream]))


@require_POST
def paper(request: HttpRequest, key: str) -> HttpResponse:
    """Give a document that the notice asks for."""
    try:
        account = account_for(request, key)
        case = queries.case_open(account.stream)
        form = PaperForm(request.POST, request.FILES, case=case)
        if form.is_valid():
            upload = form.cleaned_data["file"]
            item = form.cleaned_data["item"]
            cases.give_paper(
                account=account,
                name=upload.name,
                content=content_of(upload),
                item=int(item) if item else None,
                by=actor_on(request, account, act_that(the_program(), Doing.ANSWER).by),
                at=now(),
                via=VIA,
            )
            messages.success(request, _("The document is with the program office."))
        else:
            for faults in form.errors.values():
                messages.error(request, " ".join(str(fault) for fault in faults))
    except GreenlaneError as error:
        return refused(request, error)
    return _back(account)


def waive(request: HttpRequest, key: str) -> HttpResponse:
    """Waive the notice period in writing, asked once."""
    try:
        account = account_for(request, key)
        case = queries.case_open(account.stream)
        if request.method == "POST":
            by = actor_on(request, account, act_that(the_program(), Doing.WAIVE).by)
            cases.waive_notice(account=account, by=by, at=now(), via=VIA)
            messages.success(request, _("The notice period is waived for this visit."))
            return _back(account)
    except GreenlaneError as error:
        return refused(request, error)
    context = frame(
        request,
        account,
        _("Waive the notice period"),
        "validation",
        question=_("Waive the notice period for the visit that is planned?"),
        consequences=[
            _("The visit may then be held before the notice period has passed."),
            _("It holds for this day only; another day needs another waiver."),
            _("Nobody can ask you to waive it."),
        ],
        submit_label=_("Waive the notice period"),
        cancel_href=reverse("member:validation", args=[account.stream]),
        base="member_base.html",
        is_final=True,
        visit_on=case.visit_on,
    )
    return render(request, "ui/confirm.html", context)


def finding(request: HttpRequest, key: str, seq: int) -> HttpResponse:
    """Show one finding of the report with the exchange about it; answer it."""
    try:
        account = account_for(request, key)
        case = _case_with(account, seq)
        row = queries.finding_for_company(case, seq)
        sent = (request.POST, request.FILES) if request.method == "POST" else ()
        form = AnswerForm(*sent, needs_proof=findings.needs_proof(row))
        if request.method == "POST" and form.is_valid():
            return _answer(request, account, row, form)
    except BadInput as error:
        form.add_error(None, says(error))
    except GreenlaneError as error:
        return refused(request, error)
    context = _finding_context(request, account, case, row)
    context["form"] = form
    return render(request, "member/finding.html", context, status=422 if form.is_bound else 200)


def _case_with(account: Account, seq: int) -> ValidationCase:
    for case in queries.cases_of(account.stream):
        if any(row.seq == seq for row in queries.findings_for_company(case)):
            return case
    raise queries.NoSuchFinding("The case has no finding {seq}.", seq=seq)


def _answer(request: HttpRequest, account: Account, row: Finding, form: AnswerForm) -> HttpResponse:
    findings.answer_finding(
        account=account,
        finding=row.seq,
        words=form.cleaned_data["words"],
        files=[(one.name or "file", content_of(one)) for one in form.cleaned_data["proof"]],
        by=actor_on(request, account, act_that(the_program(), Doing.ANSWER).by),
        at=now(),
        via=VIA,
    )
    messages.success(request, _("The answer is recorded."))
    return _back(account)


def _finding_context(
    request: HttpRequest, account: Account, case: ValidationCase, row: Finding
) -> dict[str, Any]:
    sites = {site.seq: site.name for site in queries.sites_of(case)}
    turns = queries.turns_of(row)
    names = names_of({turn.by for turn in turns})
    files = names_of_documents(account.stream, row, turns)
    words = {
        "ANSWERED": _("Your answer"),
        "ACCEPTED": _("The answer is accepted"),
        "ASKED_AGAIN": _("The program office asks again"),
        "VERIFIED": _("Verified and closed"),
    }
    may_answer = bool(act_that(the_program(), Doing.ANSWER).by & roles(request))
    context = frame(
        request,
        account,
        f"{FINDING_KINDS[row.kind]}, {row.criterion}",
        "validation",
        finding=row,
        status=finding_status(row),
        site=sites.get(row.site_seq, ""),
        criterion_href=reverse("member:criterion", args=[account.stream, row.criterion]),
        evidence=[_link(account, seq, files) for seq in row.evidence],
        five=[
            CheckLine(str(FIVE[key]), row.framework.get(key, "no"), row.reasons.get(key, ""))
            for key in FIVE
        ]
        if row.kind == queries.BEST
        else [],
        turns=[
            {
                "act": words[turn.act],
                "words": turn.words,
                "on": turn.on,
                "by": names.get(turn.by, ""),
                "documents": [_link(account, seq, files) for seq in turn.documents],
            }
            for turn in turns
        ],
        may_answer=may_answer
        and case.is_open
        and account.validation in findings.OPEN_FOR_ANSWERS
        and row.kind != queries.BEST
        and row.state in ("REPORTED", "ASKED_AGAIN", "ANSWERED"),
    )
    context["crumbs"].insert(
        1, Crumb(_("Validation"), reverse("member:validation", args=[account.stream]))
    )
    return context


def _link(account: Account, seq: int, files: Mapping[int, str]) -> Link:
    href = reverse("member:document", args=[account.stream, seq])
    return Link(files.get(seq) or _("Document %(seq)s") % {"seq": seq}, href)


@require_POST
def submit_answers(request: HttpRequest, key: str) -> HttpResponse:
    """Submit the answers to the report; a signature where the pack says so."""
    try:
        account = account_for(request, key)
        if findings.needs_signature(account) and not recently_authenticated(request):
            back = reverse("member:validation", args=[account.stream])
            return HttpResponseRedirect(f"{reverse('sign_in_again')}?next={back}")
        by = actor_on(request, account, act_that(the_program(), Doing.ANSWER).by)
        findings.submit_answers(account=account, by=by, at=now(), via=VIA)
    except GreenlaneError as error:
        return refused(request, error)
    messages.success(request, _("The answers are submitted. The program office verifies them."))
    return _back(account)
