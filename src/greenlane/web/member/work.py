"""My work: what is due, what waits for me, what waits for others; and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from greenlane.apps.members import queries
from greenlane.apps.profiles.counting import counts_from
from greenlane.apps.profiles.editions import edition_state
from greenlane.apps.validations.queries import is_asked_again
from greenlane.core.deadlines import Duty
from greenlane.core.vocabulary import Axis, Phase, Purpose, Side
from greenlane.gate.access import roles, the_program, today
from greenlane.gate.records import accounts_in_sight
from greenlane.web.member.frame import (
    axis_word,
    duties_shown,
    frame,
    has_annual_review,
    profile_count,
    status_of,
)
from greenlane.web.ui.clocks import Clock, clock_of
from greenlane.web.ui.pieces import Status

if TYPE_CHECKING:
    from greenlane.apps.members.models import Account


@dataclass(frozen=True, slots=True)
class WorkRow:
    """One thing to do or to wait for: what, for which account, by when, and where it is done."""

    title: str
    company: str
    href: str
    clock: Clock | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class AccountLine:
    """An account's standing in one line, and its next step."""

    company: str
    href: str
    status: Status
    entity_type: str
    tier: str
    next_step: str
    next_href: str


def work(request: HttpRequest) -> HttpResponse:
    """Show the three lists and each account's standing."""
    accounts = list(accounts_in_sight(request, the_program().id)[:100])
    due: list[WorkRow] = []
    waiting: list[WorkRow] = []
    others: list[WorkRow] = []
    lines = []
    for account in accounts:
        for duty in duties_shown(account):
            if duty.deadline.nature != "right":
                (due if duty.deadline.owed_by is Side.COMPANY else others).append(
                    _row(account, duty)
                )
        title, href, is_ours = next_step(account)
        (waiting if is_ours else others).append(WorkRow(title, account.company_name, href))
        lines.append(_line(account, title, href))
    due.sort(key=lambda row: row.clock.due_on if row.clock else today())
    others.sort(key=lambda row: (row.clock is None, row.clock.due_on if row.clock else today()))
    context = frame(
        request,
        None,
        _("My work"),
        "work",
        due=due,
        waiting=waiting,
        others=others,
        lines=lines,
        may_open=not roles(request).isdisjoint(the_program().own_roles),
    )
    return render(request, "member/work.html", context)


def _row(account: Account, duty: Duty) -> WorkRow:
    href = reverse("member:standing", args=[account.stream])
    language = get_language() or "en"
    clock = clock_of(duty, language=language, href=reverse("public:rule", args=[duty.id]))
    return WorkRow(clock.title, account.company_name, href, clock, duty.deadline.source.citation)


def _line(account: Account, title: str, href: str) -> AccountLine:
    program = the_program()
    since = queries.case_of(account).standing().since.get(Axis.MEMBERSHIP)
    return AccountLine(
        account.company_name,
        reverse("member:account", args=[account.stream]),
        status_of(account, since),
        program.entity_type(account.entity_type).title.in_(get_language() or "en"),
        axis_word(program, Axis.TIER, account.tier) if account.tier != "NONE" else "",
        title,
        href,
    )


def next_step(account: Account) -> tuple[str, str, bool]:
    """Return the account's next step, where it is done, and whether it is the company's."""

    def to(name: str) -> str:
        return reverse(f"member:{name}", args=[account.stream])

    phase = the_program().phase_of(account.membership)
    if phase is Phase.PREPARING:
        return _next_of_applicant(account)
    if account.profile == "RETURNED":
        return _("Answer the returned criteria"), to("profile"), True
    if phase is Phase.APPLYING:
        return _("The program office reviews the application"), to("standing"), False
    if phase is Phase.SUSPENDED:
        return _("Answer the suspension letter"), to("letters"), True
    if phase is Phase.MEMBER:
        if account.profile in ("SUBMITTED", "IN_REVIEW"):
            return _("The program office reviews the annual review"), to("standing"), False
        if account.validation == "REPORTED" or is_asked_again(account):
            return _("Answer the validation report"), to("validation"), True
        if account.validation == "NOTIFIED":
            return _("Prepare for the validation visit"), to("validation"), True
        if edition_state(account, on=today()).is_behind:
            return _("Look at the new edition of the criteria"), to("edition"), True
        if has_annual_review(account) and counts_from(account, on=today()).duty is not None:
            return _("Do the annual review"), to("annual"), True
        return _("Keep the profile current"), to("profile"), True
    return _("Nothing is open"), to("standing"), False


def _next_of_applicant(account: Account) -> tuple[str, str, bool]:
    facts = queries.case_of(account).declared

    def to(name: str) -> str:
        return reverse(f"member:{name}", args=[account.stream])

    if account.profile == "NONE":
        return _("Fill in and submit the company profile"), to("company"), True
    if not facts.get("application.agreement_is_signed"):
        return _("Let an officer sign the agreement"), to("agreement"), True
    needs_risk = the_program().has_act_that(Purpose.FILE_RISK_ASSESSMENT)
    if needs_risk and not facts.get("application.risk_assessment_is_filed"):
        return _("File the risk assessment"), to("risk"), True
    answered, asked = profile_count(account)
    if answered < asked:
        title = _("Answer the security profile (%(answered)s of %(asked)s)") % {
            "answered": answered,
            "asked": asked,
        }
        return title, to("profile"), True
    return _("Submit the application"), to("submit"), True
