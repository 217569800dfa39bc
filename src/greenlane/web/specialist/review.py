"""Reading a profile: changed and unread criteria first, one at a time, and closing the review."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from greenlane.apps.accounts.queries import names_of
from greenlane.apps.profiles.actions.reviews import (
    IN_REVIEW,
    accept_answers,
    close_review,
    review_criterion,
)
from greenlane.apps.profiles.annual import (
    ReviewItem,
    approved_seq,
    items_for_office,
)
from greenlane.apps.profiles.past import earlier_answers
from greenlane.apps.profiles.queries import AnswerState, Profile, ProfileRow, profile_of
from greenlane.core.errors import BadInput, GreenlaneError
from greenlane.core.vocabulary import Power, Purpose
from greenlane.gate.access import now, roles, the_program, today
from greenlane.gate.records import VIA, account_for, actor_on
from greenlane.web.specialist.act import ActForm
from greenlane.web.specialist.bar import bar
from greenlane.web.specialist.frame import act_title, frame, to
from greenlane.web.ui.errors import refused
from greenlane.web.ui.forms import PlainForm
from greenlane.web.ui.pieces import CheckLine, Crumb, Status
from greenlane.web.ui.words import in_language
from greenlane.web.ui.yearly import whys_of

if TYPE_CHECKING:
    from greenlane.apps.members.models import Account

_STATES: Final = {
    AnswerState.UNANSWERED: (gettext_lazy("Not answered"), "neutral"),
    AnswerState.ASKED_AGAIN: (gettext_lazy("Asked again"), "neutral"),
    AnswerState.ANSWERED: (gettext_lazy("To review"), "waiting"),
    AnswerState.ACCEPTED: (gettext_lazy("Accepted"), "good"),
    AnswerState.RETURNED: (gettext_lazy("Returned"), "bad"),
    AnswerState.RAISED: (gettext_lazy("Raised"), "warning"),
}
_OUTCOMES: Final = {
    "IMPLEMENTED": gettext_lazy("In place"),
    "PARTLY": gettext_lazy("Partly in place"),
    "NOT_YET": gettext_lazy("Not yet"),
    "NOT_APPLICABLE": gettext_lazy("Does not apply"),
}


def _is_changed(row: ProfileRow) -> bool:
    """Tell whether the answer is newer than the review that was made of it."""
    return row.answer is not None and row.review is not None and row.state is AnswerState.ANSWERED


def _in_turn(row: ProfileRow) -> int:
    """Return the place in the list: changed, unread, raised, then what is settled."""
    if _is_changed(row):
        return 0
    order = (AnswerState.ANSWERED, AnswerState.RAISED, AnswerState.RETURNED, AnswerState.UNANSWERED)
    return order.index(row.state) + 1 if row.state in order else len(order) + 1


def _to_read(found: Profile) -> list[ProfileRow]:
    """Return the rows that have an answer nobody has reviewed, changed ones first."""
    waiting = [row for row in found.rows if row.state is AnswerState.ANSWERED]
    return sorted(waiting, key=_in_turn)


def _criterion_href(account: Account, criterion: str) -> str:
    return reverse("specialist:criterion", args=[account.stream, criterion])


def _status(row: ProfileRow) -> Status:
    if _is_changed(row):
        return Status(_("Changed"), "waiting")
    word, tone = _STATES[row.state]
    return Status(str(word), tone)


def review(request: HttpRequest, key: str) -> HttpResponse:
    """List the criteria; accept all unread ones at once; close the review."""
    try:
        account = account_for(request, key)
        if request.method == "POST":
            return _review_post(request, account)
    except GreenlaneError as error:
        return refused(request, error)
    found = profile_of(account, on=today())
    waiting = _to_read(found)
    rows = sorted(found.rows, key=_in_turn)
    items = items_for_office(account, found) if approved_seq(account) else ()
    moved = {one.id: one for one in items if one.is_changed or one.whys}
    lines = [_line(account, row, moved.get(row.criterion.id)) for row in rows]
    unread = [row for row in waiting if row.criterion.id not in moved]
    context = frame(
        request,
        account,
        _("Profile review"),
        "review",
        rows=[one for one in lines if not items or one["id"] in moved],
        unchanged=[one for one in lines if items and one["id"] not in moved],
        is_again=bool(items),
        past_href=to("past", account),
        waiting=len(waiting),
        accepted=sum(row.state is AnswerState.ACCEPTED for row in rows),
        total=len(rows),
        next_href=_criterion_href(account, waiting[0].criterion.id) if waiting else "",
        read=[(row.criterion.id, row.answer.seq) for row in unread if row.answer],
        unread=len(unread),
        may_review=account.profile in IN_REVIEW and bool(_reviewers() & roles(request)),
        closing=_closing(request, account),
    )
    return render(request, "specialist/review.html", context)


def _line(account: Account, row: ProfileRow, item: ReviewItem | None = None) -> dict[str, Any]:
    return {
        "id": row.criterion.id,
        "whys": whys_of(item) if item else [],
        "label": in_language(row.criterion.label),
        "title": in_language(row.criterion.criterion.title),
        "level": row.criterion.level.value,
        "blocks": row.blocks,
        "answer": _OUTCOMES.get(row.answer.outcome, "") if row.answer else "",
        "evidence": len(row.evidence),
        "status": _status(row),
        "href": _criterion_href(account, row.criterion.id),
    }


def _reviewers() -> frozenset[str]:
    return the_program().roles_that_may(Power.REVIEW)


def _closing(request: HttpRequest, account: Account) -> list[dict[str, Any]]:
    """Return the acts that close the review, with the form of what each asks for."""
    return [
        {
            "item": item,
            "form": ActForm(row=the_program().transition(item.id), account=account, prefix=item.id),
        }
        for item in bar(account, roles(request))
        if item.does is Purpose.CLOSE_REVIEW
    ]


def _review_post(request: HttpRequest, account: Account) -> HttpResponse:
    wanted = request.POST.get("act", "")
    if wanted == "accept_all":
        read = dict(pair.rsplit(":", 1) for pair in request.POST.getlist("read") if ":" in pair)
        answers = {criterion: int(seq) for criterion, seq in read.items() if seq.isdecimal()}
        by = actor_on(request, account, _reviewers())
        accept_answers(account=account, answers=answers, by=by, at=now(), via=VIA)
        messages.success(request, _("%(count)s answers are accepted.") % {"count": len(answers)})
        return HttpResponseRedirect(to("review", account))
    if wanted not in [row.id for row in the_program().acts_that(Purpose.CLOSE_REVIEW)]:
        raise BadInput(_("Choose one of the acts on this page."))
    return _close(request, account, wanted)


def _close(request: HttpRequest, account: Account, act: str) -> HttpResponse:
    row = the_program().transition(act)
    form = ActForm(request.POST, row=row, account=account, prefix=act)
    if not form.is_valid():
        context = frame(
            request,
            account,
            act_title(act),
            "review",
            form=form,
            act=act,
            source=row.source.citation,
            cancel_href=to("review", account),
        )
        return render(request, "specialist/close.html", context, status=422)
    close_review(
        account=account,
        act=act,
        by=actor_on(request, account, row.by),
        at=now(),
        given=form.given(),
        words=form.cleaned_data["words"].strip(),
        via=VIA,
    )
    messages.success(request, _("Recorded: %(act)s.") % {"act": act_title(act)})
    return HttpResponseRedirect(to("case", account))


class ReviewForm(PlainForm):
    """What the specialist says of one criterion."""

    answer_seq = forms.IntegerField(widget=forms.HiddenInput(), min_value=0)
    reason = forms.CharField(
        label=gettext_lazy("Reason the member reads"),
        help_text=gettext_lazy("Needed to return or raise: what is missing, and what would do."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=10_000,
        required=False,
    )
    note = forms.CharField(
        label=gettext_lazy("Internal note"),
        help_text=gettext_lazy("The member never sees it."),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=10_000,
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        """Ask for the reason where one is needed."""
        cleaned: dict[str, Any] = super().clean() or {}
        if self.data.get("decision") in ("RETURNED", "RAISED") and not cleaned.get("reason"):
            self.add_error("reason", _("Say what is missing, so that the member can mend it."))
        return cleaned


def criterion(request: HttpRequest, key: str, criterion: str) -> HttpResponse:
    """Show one criterion, old answer beside new, and take the decision on it."""
    try:
        account = account_for(request, key)
        found = profile_of(account, on=today())
        row = found.row(criterion)
        if row is None:
            raise BadInput(_("This criterion asks nothing of this account."))
        seq = row.answer.seq if row.answer else 0
        form = ReviewForm(
            request.POST if request.method == "POST" else None, initial={"answer_seq": seq}
        )
        if request.method == "POST" and form.is_valid():
            return _decide(request, account, found, row, form)
    except GreenlaneError as error:
        return refused(request, error)
    context = _criterion_context(request, account, found, row, form)
    status = 422 if form.is_bound else 200
    return render(request, "specialist/criterion.html", context, status=status)


def _decide(
    request: HttpRequest, account: Account, found: Profile, row: ProfileRow, form: ReviewForm
) -> HttpResponse:
    review_criterion(
        account=account,
        criterion=row.criterion.id,
        decision=request.POST.get("decision", ""),
        by=actor_on(request, account, _reviewers()),
        at=now(),
        answer_seq=form.cleaned_data["answer_seq"],
        reason=form.cleaned_data["reason"],
        note=form.cleaned_data["note"],
        via=VIA,
    )
    left = [one for one in _to_read(found) if one.criterion.id != row.criterion.id]
    href = _criterion_href(account, left[0].criterion.id) if left else to("review", account)
    return HttpResponseRedirect(href)


def _earlier_words(account: Account, row: ProfileRow) -> str:
    """Return the words to compare with: those last approved, else those of the answer before."""
    if row.answer is None:
        return ""
    until = min(approved_seq(account) or row.answer.seq - 1, row.answer.seq - 1)
    found = earlier_answers(account.stream, until=until).get(row.criterion.id)
    return found.words if found else ""


def _whys(account: Account, found: Profile, row: ProfileRow) -> list[str]:
    """Return what speaks for a closer look, where the profile was approved before."""
    if not approved_seq(account):
        return []
    items = items_for_office(account, found)
    return next((whys_of(one) for one in items if one.id == row.criterion.id), [])


def _criterion_context(
    request: HttpRequest, account: Account, found: Profile, row: ProfileRow, form: ReviewForm
) -> dict[str, Any]:
    asked, answer, kept = row.criterion.criterion, row.answer, row.review
    people = {*([answer.saved_by] if answer else []), *([kept.by] if kept else [])}
    names = names_of(people)
    ids = [one.criterion.id for one in found.rows]
    place = ids.index(row.criterion.id)
    parts = dict(answer.parts) if answer else {}
    context = frame(
        request,
        account,
        f"{in_language(row.criterion.label)} {in_language(asked.title)}",
        "review",
        row=row,
        requirement=in_language(asked.requirement),
        guidance=in_language(asked.guidance) if asked.guidance else "",
        basis=in_language(row.criterion.basis),
        level=row.criterion.level.value,
        status=_status(row),
        form=form,
        outcome=_OUTCOMES.get(answer.outcome, "") if answer else "",
        earlier=_earlier_words(account, row),
        whys=_whys(account, found, row),
        saved_by=names.get(answer.saved_by, "") if answer else "",
        reviewed_by=names.get(kept.by, "") if kept else "",
        parts=[
            CheckLine(in_language(sub.text), parts.get(sub.key, "unknown"))
            for sub in asked.sub_requirements
        ],
        evidence=[
            {
                "name": document.name or document.sha256[:12],
                "dated_on": item.dated_on,
                "href": reverse("specialist:document", args=[account.stream, document.seq]),
            }
            for item, document in row.evidence
        ],
        previous_href=_criterion_href(account, ids[place - 1]) if place else "",
        following_href=_criterion_href(account, ids[place + 1]) if place + 1 < len(ids) else "",
        place=place + 1,
        total=len(ids),
        may_review=account.profile in IN_REVIEW and bool(_reviewers() & roles(request)),
    )
    context["crumbs"].insert(1, Crumb(_("Profile review"), to("review", account)))
    return context
