"""One account of a member: overview, company profile, agreement, risk assessment, withdrawal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from greenlane.apps.accounts.queries import names_of
from greenlane.apps.members import queries
from greenlane.apps.members.actions.accounts import save_company_profile
from greenlane.apps.members.actions.steps import step
from greenlane.apps.risk.actions import file_assessment
from greenlane.apps.risk.queries import assessments_of
from greenlane.core.canonical import sha256_hex
from greenlane.core.errors import BadInput, GreenlaneError
from greenlane.core.vocabulary import Axis, Phase, Purpose
from greenlane.gate.access import (
    needs_recent_proof,
    now,
    recently_authenticated,
    roles,
    the_program,
    today,
)
from greenlane.gate.records import VIA, account_for, actor_on
from greenlane.gate.uploads import content_of
from greenlane.web.member.frame import (
    act_from_here,
    axis_word,
    duties_shown,
    fact_words,
    frame,
    profile_count,
    starts_here,
    status_of,
)
from greenlane.web.member.work import next_step
from greenlane.web.ui import refusals
from greenlane.web.ui.clocks import clock_of
from greenlane.web.ui.errors import refused
from greenlane.web.ui.forms import DayField, DocumentField, PlainForm
from greenlane.web.ui.pieces import Crumb, Pair, Step
from greenlane.web.ui.words import in_language

if TYPE_CHECKING:
    from greenlane.apps.members.models import Account


def overview(request: HttpRequest, key: str) -> HttpResponse:
    """Show where the account stands, what is due and what comes next."""
    try:
        account = account_for(request, key)
    except GreenlaneError as error:
        return refused(request, error)
    since = queries.case_of(account).standing().since.get(Axis.MEMBERSHIP)
    language = get_language() or "en"
    clocks = [
        (clock_of(duty, language=language), reverse("public:rule", args=[duty.id]))
        for duty in duties_shown(account)
    ]
    title, href, is_ours = next_step(account)
    context = frame(
        request,
        account,
        account.company_name or account.stream,
        "account",
        crumbs=[Crumb(account.company_name or account.stream)],
        status=status_of(account, since),
        clocks=clocks,
        next_title=title,
        next_href=href,
        next_is_ours=is_ours,
        pairs=_pairs(account),
        steps=_steps(account),
        facts=[
            {
                "question": in_language(the_program().questions[fact.name].text),
                "words": fact_words(fact.name, fact.value),
                "on": fact.on,
            }
            for fact in queries.facts_with_origin(account.stream)
            if fact.name in the_program().questions
        ],
        may_withdraw=starts_here(account, Purpose.WITHDRAW),
    )
    return render(request, "member/account.html", context)


def _pairs(account: Account) -> list[Pair]:
    program = the_program()
    entity = program.entity_type(account.entity_type)
    names = names_of([account.specialist]) if account.specialist else {}
    tier = axis_word(program, Axis.TIER, account.tier) if account.tier != "NONE" else None
    return [
        Pair(_("Account"), account.stream),
        Pair(_("Entity type"), in_language(entity.title)),
        Pair(_("Tier"), tier or _("None")),
        Pair(_("Opened"), account.opened_on),
        Pair(_("Field office"), account.office or _("Not assigned yet")),
        Pair(_("Specialist"), names.get(account.specialist) or _("Not assigned yet")),
    ]


def _steps(account: Account) -> list[Step]:
    """Return the way from opening to certification, with where the account is on it."""
    program = the_program()
    facts = queries.case_of(account).declared
    answered, asked = profile_count(account)
    phase = program.phase_of(account.membership)
    submitted = phase not in (Phase.NONE, Phase.PREPARING)
    certify = program.act_that(Purpose.CERTIFY).changes.get(Axis.MEMBERSHIP)

    def to(name: str) -> str:
        return reverse(f"member:{name}", args=[account.stream])

    done = [
        (_("Company profile"), account.profile != "NONE" or submitted, to("company"), ""),
        (
            _("Agreement signed"),
            bool(facts.get("application.agreement_is_signed")) or submitted,
            to("agreement"),
            "",
        ),
        *(
            [
                (
                    _("Risk assessment"),
                    bool(facts.get("application.risk_assessment_is_filed")) or submitted,
                    to("risk"),
                    "",
                )
            ]
            if program.has_act_that(Purpose.FILE_RISK_ASSESSMENT)
            else []
        ),
        (
            _("Security profile"),
            answered == asked or submitted,
            to("profile"),
            _("%(answered)s of %(asked)s answered") % {"answered": answered, "asked": asked},
        ),
        (_("Submitted"), submitted, to("submit"), ""),
        (
            axis_word(program, Axis.MEMBERSHIP, certify.value) if certify else _("Certified"),
            phase in (Phase.MEMBER, Phase.SUSPENDED),
            to("letters"),
            "",
        ),
    ]
    found, current_given = [], False
    for title, is_done, href, note in done:
        state = "done" if is_done else "future" if current_given else "current"
        current_given = current_given or not is_done
        found.append(Step(title, state, href, note))
    return found


class CompanyForm(PlainForm):
    """The company profile."""

    legal_name = forms.CharField(label=gettext_lazy("Legal name"), max_length=400)
    trading_name = forms.CharField(
        label=gettext_lazy("Trading name"), max_length=400, required=False
    )
    phone = forms.CharField(label=gettext_lazy("Phone"), max_length=60)
    website = forms.CharField(label=gettext_lazy("Website"), max_length=300, required=False)
    employees = forms.CharField(label=gettext_lazy("Number of employees"), max_length=20)
    founded = forms.CharField(label=gettext_lazy("In business since (year)"), max_length=4)
    history = forms.CharField(
        label=gettext_lazy("The business in a few sentences"),
        help_text=gettext_lazy("What you move, from where to where, and for whom."),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=10_000,
    )
    addresses = forms.CharField(
        label=gettext_lazy("Sites"),
        help_text=gettext_lazy(
            "With many sites, at least the three with the most volume or the most risk; "
            "one to a line."
        ),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=10_000,
    )


def company(request: HttpRequest, key: str) -> HttpResponse:
    """Show and save the company profile; submit it with its own button."""
    try:
        account = account_for(request, key)
        kept = queries.company_profile(account.stream)
        initial: dict[str, Any] = dict(kept.content) if kept else {}
        initial.setdefault("legal_name", account.company_name)
        form = CompanyForm(request.POST if request.method == "POST" else None, initial=initial)
        if request.method == "POST" and form.is_valid():
            return _save_company(request, account, form)
    except GreenlaneError as error:
        return refused(request, error)
    status = 422 if form.is_bound else 200
    context = frame(
        request,
        account,
        _("Company profile"),
        "account",
        form=form,
        is_unsubmitted=starts_here(account, Purpose.SUBMIT_COMPANY_PROFILE),
    )
    return render(request, "member/company.html", context, status=status)


def _save_company(request: HttpRequest, account: Account, form: CompanyForm) -> HttpResponse:
    by = actor_on(request, account, the_program().own_roles)
    save_company_profile(
        account=account,
        content=dict(form.cleaned_data),
        by=by,
        at=now(),
        program=the_program(),
        via=VIA,
    )
    if "submit" in request.POST:
        act = the_program().act_that(Purpose.SUBMIT_COMPANY_PROFILE).id
        step(account=account, act=act, by=by, at=now(), via=VIA)
        messages.success(request, _("The company profile is submitted."))
        return HttpResponseRedirect(reverse("member:account", args=[account.stream]))
    messages.success(request, _("The company profile is saved."))
    return HttpResponseRedirect(reverse("member:company", args=[account.stream]))


def agreement(request: HttpRequest, key: str) -> HttpResponse:
    """Show the agreement's text with its hash; an officer signs it after proving who they are."""
    try:
        account = account_for(request, key)
    except GreenlaneError as error:
        return refused(request, error)
    text = the_program().agreement_on(today())
    words = in_language(text.text)
    signatures = queries.signatures(account.stream)
    names = names_of([signature.signer for signature in signatures])
    context = frame(
        request,
        account,
        in_language(text.title),
        "account",
        text=words,
        text_sha256=sha256_hex(words.encode()),
        text_version=text.id,
        valid_from=text.valid_from,
        may_sign=bool(the_program().doers(Purpose.SIGN_AGREEMENT) & roles(request)),
        is_proved=recently_authenticated(request),
        signatures=[
            {"name": names.get(s.signer, s.signer), "on": s.signed_on, "hash": s.text_sha256}
            for s in signatures
        ],
    )
    return render(request, "member/agreement.html", context)


@needs_recent_proof
def sign(request: HttpRequest, key: str) -> HttpResponse:
    """Sign exactly the text whose hash the page showed."""
    try:
        account = account_for(request, key)
        row = the_program().act_that(Purpose.SIGN_AGREEMENT)
        by = actor_on(request, account, row.by)
        text = the_program().agreement_on(today())
        words = in_language(text.text)
        if request.method == "POST" and request.POST.get("agreed") == sha256_hex(words.encode()):
            given = {
                "agreement": text.id,
                "text_sha256": sha256_hex(words.encode()),
                "language": get_language() or "en",
            }
            step(account=account, act=row.id, by=by, at=now(), given=given, via=VIA)
            messages.success(request, _("The agreement is signed."))
            return HttpResponseRedirect(reverse("member:account", args=[account.stream]))
    except GreenlaneError as error:
        return refused(request, error)
    if request.method == "POST":
        messages.error(request, _("Tick the sentence above the button, then sign."))
    return HttpResponseRedirect(reverse("member:agreement", args=[account.stream]))


class RiskForm(PlainForm):
    """A dated risk assessment."""

    assessed_on = DayField(
        label=gettext_lazy("Day of the assessment"),
        help_text=gettext_lazy("The day it was finished, not the day of this upload."),
    )
    summary = forms.CharField(
        label=gettext_lazy("Summary"),
        help_text=gettext_lazy("Supply chains covered, highest threat, open actions."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=5_000,
        required=False,
    )
    file = DocumentField(label=gettext_lazy("Document"))


def risk(request: HttpRequest, key: str) -> HttpResponse:
    """List the risk assessments on file and take a new one."""
    try:
        account = account_for(request, key)
        form = RiskForm(request.POST, request.FILES) if request.method == "POST" else RiskForm()
        if request.method == "POST" and form.is_valid():
            upload = form.cleaned_data["file"]
            file_assessment(
                account=account,
                assessed_on=form.cleaned_data["assessed_on"],
                name=upload.name,
                content=content_of(upload),
                summary=form.cleaned_data["summary"],
                by=actor_on(request, account, the_program().own_roles),
                at=now(),
                via=VIA,
            )
            messages.success(request, _("The risk assessment is on file."))
            return HttpResponseRedirect(reverse("member:risk", args=[account.stream]))
    except GreenlaneError as error:
        if not isinstance(error, BadInput):
            return refused(request, error)
        form.add_error(None, refusals.says(error))
    status = 422 if form.is_bound else 200
    context = frame(
        request,
        account,
        _("Risk assessment"),
        "risk",
        form=form,
        assessments=[
            {
                "on": row.assessed_on,
                "filed_on": row.filed_on,
                "summary": row.summary,
                "href": reverse("member:document", args=[account.stream, row.document_seq]),
            }
            for row in assessments_of(account.stream)
        ],
    )
    return render(request, "member/risk.html", context, status=status)


def withdraw(request: HttpRequest, key: str) -> HttpResponse:
    """Withdraw from the program in writing, asked once."""
    try:
        account = account_for(request, key)
        row = act_from_here(account, Purpose.WITHDRAW)
        form = ReasonForm(request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            step(
                account=account,
                act=row.id,
                by=actor_on(request, account, row.by),
                at=now(),
                words=form.cleaned_data["reason"],
                via=VIA,
            )
            messages.success(request, _("The account is withdrawn."))
            return HttpResponseRedirect(reverse("member:standing", args=[account.stream]))
    except GreenlaneError as error:
        return refused(request, error)
    context = frame(
        request,
        account,
        _("Withdraw from the program"),
        "account",
        form=form,
        question=_("Withdraw %(company)s from the program?") % {"company": account.company_name},
        consequences=[
            _("Benefits end at once, and the account closes."),
            _("You may apply again later; the application is then evaluated in full."),
        ],
        submit_label=_("Withdraw"),
        cancel_href=reverse("member:account", args=[account.stream]),
        base="member_base.html",
        is_final=True,
    )
    return render(request, "ui/confirm.html", context, status=422 if form.is_bound else 200)


class ReasonForm(PlainForm):
    """A reason in words."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=5_000
    )
