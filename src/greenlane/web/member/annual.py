"""The annual review: last year's answers stand, and what changed since comes first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from greenlane.apps.profiles.actions.annual import confirm as confirm_answers
from greenlane.apps.profiles.actions.answers import OPEN_PROFILES
from greenlane.apps.profiles.annual import AnnualReview, ReviewItem, annual_review
from greenlane.core.errors import BadInput, GreenlaneError
from greenlane.core.vocabulary import Purpose
from greenlane.gate.access import now, roles, the_program, today
from greenlane.gate.records import VIA, account_for, actor_on
from greenlane.web.member.frame import frame
from greenlane.web.ui.clocks import clock_of
from greenlane.web.ui.errors import refused
from greenlane.web.ui.pieces import CheckLine, Crumb, Step
from greenlane.web.ui.words import in_language
from greenlane.web.ui.yearly import changes_shown, level_word, outcome_word, whys_of

if TYPE_CHECKING:
    from greenlane.apps.members.models import Account


@require_safe
def annual(request: HttpRequest, key: str) -> HttpResponse:
    """Show where the review stands: its clock, its steps, what comes first, what stands."""
    try:
        account = account_for(request, key)
        review = annual_review(account, on=today())
    except GreenlaneError as error:
        return refused(request, error)
    duty = review.counting.duty
    context = frame(
        request,
        account,
        _("Annual review"),
        "annual",
        clock=clock_of(duty, language=get_language() or "en", href=_rule(duty.id))
        if duty
        else None,
        opens=review.counting.next_opens,
        from_on=review.counting.from_on,
        is_open=review.is_open and account.profile in OPEN_PROFILES,
        is_away=account.profile not in OPEN_PROFILES,
        may_confirm=not roles(request).isdisjoint(the_program().own_roles),
        steps=_steps(account, review),
        changes=changes_shown(review.changes),
        first=[_item(account, one) for one in review.first],
        categories=_categories(account, review),
        done=[_item(account, one) for one in review.done],
        asked=len(review.items),
        submit_href=_to("submit", account),
    )
    return render(request, "member/annual.html", context)


def _rule(rule: str) -> str:
    return reverse("public:rule", args=[rule])


def _to(name: str, account: Account, *more: object) -> str:
    return reverse(f"member:{name}", args=[account.stream, *more])


def _steps(account: Account, review: AnnualReview) -> list[Step]:
    """Return the way through the review; the first thing that is not done is what comes now."""
    found: list[tuple[str, bool, str, str]] = []
    if review.edition.is_behind:
        title = in_language(review.edition.present.title)
        found.append((_("Apply the new edition"), False, _to("edition", account), title))
    if the_program().has_act_that(Purpose.FILE_RISK_ASSESSMENT):
        note = "" if review.is_assessed else _("The last one was made before the last review.")
        words = _("Renew the risk assessment")
        found.append((words, review.is_assessed, _to("risk", account), note))
    done, asked = len(review.done), len(review.items)
    words = _("Look at every answer")
    counted = _("%(done)s of %(asked)s") % {"done": done, "asked": asked}
    found.append((words, done == asked, "", counted))
    found.append((_("Submit the review"), False, _to("submit", account), ""))
    steps, is_reached = [], False
    for title, is_done, href, note in found:
        state = "done" if is_done else "future" if is_reached else "current"
        is_reached = is_reached or not is_done
        steps.append(Step(title, state, href, note))
    return steps


def _item(account: Account, item: ReviewItem) -> dict[str, Any]:
    row, answer = item.row, item.row.answer
    given = answer.parts if answer else {}
    return {
        "id": item.id,
        "label": in_language(row.criterion.label),
        "title": in_language(row.criterion.criterion.title),
        "level": level_word(row.criterion.level),
        "requirement": in_language(row.criterion.criterion.requirement),
        "parts": [
            CheckLine(in_language(sub.text), given.get(sub.key) or "unknown")
            for sub in row.criterion.criterion.sub_requirements
        ],
        "whys": whys_of(item),
        "remark": row.review.reason if row.review and item.whys else "",
        "outcome": outcome_word(answer.outcome) if answer else "",
        "words": answer.words if answer else "",
        "scope": answer.scope if answer else "",
        "saved_on": answer.saved_on if answer else None,
        "reaffirmed_on": answer.reaffirmed_on if answer else None,
        "read": f"{item.id}:{answer.seq}" if answer and item.may_be_confirmed else "",
        "evidence": [
            (document.name or document.sha256[:12], one.dated_on) for one, document in row.evidence
        ],
        "href": _to("criterion", account, item.id),
        "category_href": f"{_to('annual_category', account, item.category)}#c{item.id}",
    }


def _categories(account: Account, review: AnnualReview) -> list[dict[str, Any]]:
    found = []
    for category in review.profile.edition.categories:
        items = [one for one in review.items if one.category == category.number]
        if items:
            standing = [one for one in review.standing if one.category == category.number]
            found.append(
                {
                    "number": category.number,
                    "name": in_language(category.name),
                    "asked": len(items),
                    "done": sum(one.is_done for one in items),
                    "standing": len(standing),
                    "href": _to("annual_category", account, category.number),
                }
            )
    return found


@require_safe
def category(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """Show one category's standing answers in full, to confirm those that still hold."""
    try:
        account = account_for(request, key)
        review = annual_review(account, on=today())
        named = next((c for c in review.profile.edition.categories if c.number == number), None)
        if named is None:
            raise BadInput(_("There is no such category."))
    except GreenlaneError as error:
        return refused(request, error)
    items = [one for one in review.standing if one.category == number]
    context = frame(
        request,
        account,
        f"{number}. {in_language(named.name)}",
        "annual",
        number=number,
        items=[_item(account, one) for one in items],
        changes=changes_shown(review.changes_for(number)),
        first=[_item(account, one) for one in review.first if one.category == number],
        done=sum(one.is_done for one in review.items if one.category == number),
        asked=sum(one.category == number for one in review.items),
        may_confirm=review.is_open
        and account.profile in OPEN_PROFILES
        and not roles(request).isdisjoint(the_program().own_roles),
        annual_href=_to("annual", account),
        next_href=_next_category(account, review, number),
    )
    context["crumbs"].insert(1, Crumb(_("Annual review"), _to("annual", account)))
    return render(request, "member/annual_category.html", context)


def _next_category(account: Account, review: AnnualReview, after: int) -> str:
    """Return the address of the next category with standing answers; "" when none is left."""
    left = sorted({one.category for one in review.standing if one.category != after})
    later = [number for number in left if number > after] or left
    return _to("annual_category", account, later[0]) if later else ""


@require_POST
def confirm(request: HttpRequest, key: str) -> HttpResponse:
    """Record that the answers on a page were read and still hold."""
    try:
        account = account_for(request, key)
        answers = _read(request)
        by = actor_on(request, account, the_program().own_roles)
        confirm_answers(account=account, answers=answers, by=by, at=now(), via=VIA)
        messages.success(request, _("Confirmed: %(count)s.") % {"count": len(answers)})
        return HttpResponseRedirect(_after(request, account))
    except GreenlaneError as error:
        return refused(request, error)


def _read(request: HttpRequest) -> dict[str, int]:
    """Return which answers the page showed, each with the event that gave it.

    Raises:
        BadInput: one does not read as a page of ours writes it; then none is confirmed.
    """
    name = "read" if request.POST.get("act") == "all" else "tick"
    found = {}
    for one in request.POST.getlist(name):
        criterion, _colon, seq = one.rpartition(":")
        # A place in a record has few digits; int() would fail on thousands of them.
        if not (criterion and seq.isascii() and seq.isdecimal() and len(seq) < 10):
            raise BadInput(
                "What was ticked cannot be read: {given!r}. Open the page again and tick it there.",
                given=one[:40],
            )
        found[criterion] = int(seq)
    return found


def _after(request: HttpRequest, account: Account) -> str:
    """Return where to go on: the category's page while it has something left, else the next one."""
    number = request.POST.get("category", "")
    if not (number.isdecimal() and len(number) < 4):
        return _to("annual", account)
    review = annual_review(account, on=today())
    if any(one.category == int(number) for one in (*review.standing, *review.first)):
        return _to("annual_category", account, int(number))
    return _next_category(account, review, int(number)) or _to("annual", account)
