"""Before you submit: what blocks, what a specialist would send back, and the submission itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from greenlane.apps.members import queries
from greenlane.apps.profiles.actions.answers import submit as submit_profile
from greenlane.apps.profiles.queries import facts_of, profile_of, submission_of
from greenlane.core.criteria import ApplicableCriterion
from greenlane.core.errors import GreenlaneError
from greenlane.core.lifecycle.decide import answer_guards
from greenlane.core.vocabulary import Purpose
from greenlane.gate.access import now, the_program, today
from greenlane.gate.records import VIA, account_for, actor_on
from greenlane.web.member.frame import frame
from greenlane.web.ui.errors import refused
from greenlane.web.ui.reasons import gate_of
from greenlane.web.ui.words import in_language

if TYPE_CHECKING:
    from greenlane.apps.members.models import Account


def submit(request: HttpRequest, key: str) -> HttpResponse:
    """Show the list and take the submission."""
    try:
        account = account_for(request, key)
        row = submission_of(account)
        if request.method == "POST":
            by = actor_on(request, account, row.by)
            submit_profile(account=account, by=by, at=now(), act=row.id, via=VIA)
            messages.success(request, _("Submitted. The program office has it now."))
            return HttpResponseRedirect(reverse("member:standing", args=[account.stream]))
    except GreenlaneError as error:
        return refused(request, error)
    found = profile_of(account, on=today())
    case = queries.case_of(account, facts_of(found, account))
    known = case.facts(on=today()).with_(case.standing().facts(case.program, on=today()))
    answers = answer_guards(case.program, row, known)
    language = get_language() or "en"
    starts_here = row.starts_from(case.standing().axes)
    context = frame(
        request,
        account,
        _("Before you submit"),
        "profile",
        act_title=in_language(row.title),
        gates=[gate_of(answer, language=language) for answer in answers],
        blocking=[_item(account, r.criterion) for r in found.unanswered_musts],
        returned=[_item(account, r.criterion) for r in found.open_returns],
        weak=[_item(account, r.criterion, r.answer is None) for r in found.weak_points],
        starts_here=starts_here,
        may_submit=starts_here and all(answer.truth.value == "yes" for answer in answers),
        signer=" / ".join(in_language(the_program().roles[role].title) for role in sorted(row.by)),
        is_review=row.does is Purpose.SUBMIT_REVIEW,
        drafts=[_item(account, r.criterion) for r in found.rows if r.draft is not None],
    )
    return render(request, "member/submit.html", context)


def _item(
    account: Account, criterion: ApplicableCriterion, is_unanswered: bool = True
) -> dict[str, str]:
    return {
        "label": in_language(criterion.label),
        "title": in_language(criterion.criterion.title),
        "href": reverse("member:criterion", args=[account.stream, criterion.id]),
        "note": _("not answered") if is_unanswered else _("no evidence attached"),
    }
