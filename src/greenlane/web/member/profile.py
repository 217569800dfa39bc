"""The security profile: categories, one criterion with its answer, evidence and history."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from greenlane.apps.accounts.queries import names_of
from greenlane.apps.criteria.queries import edition_in_force
from greenlane.apps.profiles.actions.answers import (
    OPEN_PROFILES,
    AnswerGiven,
    give_evidence,
    save_answers,
    save_draft,
    withdraw_evidence,
)
from greenlane.apps.profiles.queries import (
    AnswerState,
    Profile,
    ProfileRow,
    asked_of,
    profile_of,
    states_of,
)
from greenlane.core.criteria import CellState, Criterion
from greenlane.core.errors import BadInput, GreenlaneError
from greenlane.core.vocabulary import CriterionLevel, Power
from greenlane.gate.access import now, roles, the_program, today
from greenlane.gate.records import VIA, account_for, actor_on
from greenlane.gate.uploads import content_of
from greenlane.web.member.frame import frame
from greenlane.web.ui import refusals
from greenlane.web.ui.errors import refused
from greenlane.web.ui.forms import DayField, DocumentField, PlainForm, Tiles
from greenlane.web.ui.pieces import CheckLine, Crumb, Pair, Status
from greenlane.web.ui.words import in_language

if TYPE_CHECKING:
    from greenlane.apps.members.models import Account

_T = TypeVar("_T")
OUTCOMES = (
    ("IMPLEMENTED", gettext_lazy("In place")),
    ("PARTLY", gettext_lazy("Partly in place")),
    ("NOT_YET", gettext_lazy("Not yet")),
    ("NOT_APPLICABLE", gettext_lazy("Does not apply")),
)
RETURNED = AnswerState.RETURNED
_STATES = {
    AnswerState.UNANSWERED: (gettext_lazy("Not answered"), "neutral"),
    AnswerState.ASKED_AGAIN: (gettext_lazy("Asked again"), "warning"),
    AnswerState.ANSWERED: (gettext_lazy("Answered"), "waiting"),
    AnswerState.ACCEPTED: (gettext_lazy("Accepted"), "good"),
    AnswerState.RETURNED: (gettext_lazy("Returned"), "bad"),
    AnswerState.RAISED: (gettext_lazy("With the field manager"), "warning"),
}


def state_of(row: ProfileRow) -> Status:
    """Return a criterion's state as the member reads it: a word and a tone."""
    word, tone = _STATES[row.state]
    return Status(str(word), tone)


def profile(request: HttpRequest, key: str) -> HttpResponse:
    """List every criterion by category with its state; filter by state in the address."""
    try:
        account = account_for(request, key)
        found = profile_of(account, on=today())
    except GreenlaneError as error:
        return refused(request, error)
    only = request.GET.get("state", "")
    categories = []
    for category in found.edition.categories:
        rows = [r for r in found.rows if r.criterion.criterion.category == category.number]
        shown = [r for r in rows if only in ("", r.state.value)]
        if not rows or not shown:
            continue
        categories.append(
            {
                "name": in_language(category.name),
                "number": category.number,
                "answered": sum(r.answer is not None for r in rows),
                "asked": len(rows),
                "rows": [_line(account, r) for r in shown],
            }
        )
    counts = {state: sum(r.state is state for r in found.rows) for state in AnswerState}
    filters = [
        {
            "title": str(_STATES[state][0]),
            "count": count,
            "href": f"?state={state.value}",
            "is_current": only == state.value,
        }
        for state, count in counts.items()
        if count
    ]
    context = frame(
        request,
        account,
        _("Security profile"),
        "profile",
        categories=categories,
        filters=filters,
        is_filtered=bool(only),
        answered=sum(r.answer is not None for r in found.rows),
        asked=len(found.rows),
        edition=in_language(found.edition.title),
        next_href=_next_href(account, found.states, ""),
        is_open=account.profile in OPEN_PROFILES,
        closed_words=_closed_words(account),
        new_edition=_new_edition(account, found),
    )
    return render(request, "member/profile.html", context)


def _new_edition(account: Account, found: Profile) -> str:
    """Return the name of an edition in force that is not applied; "" when there is none."""
    present = edition_in_force(account.program, on=found.on)
    return "" if present.id == found.edition.id else in_language(present.title)


def _line(account: Account, row: ProfileRow) -> dict[str, Any]:
    return {
        "id": row.criterion.id,
        "label": in_language(row.criterion.label),
        "title": in_language(row.criterion.criterion.title),
        "level": _level_of(row),
        "state": state_of(row),
        "evidence": str(len(row.evidence)),
        "has_draft": row.draft is not None,
        "href": _href(account, row.criterion.id),
    }


def _level_of(row: ProfileRow) -> str:
    """Say the level, and where it is not confirmed for this kind of company, that it is not."""
    level = _("Must") if row.criterion.level is CriterionLevel.MUST else _("Should")
    if row.criterion.state is CellState.CONFIRMED:
        return level
    sure = _("assumed") if row.criterion.state is CellState.ASSUMED else _("doubtful")
    return f"{level}, {sure}"


def _href(account: Account, criterion: str) -> str:
    return reverse("member:criterion", args=[account.stream, criterion])


def _next_href(account: Account, states: Mapping[str, AnswerState], after: str) -> str:
    """Return the address of the next criterion without an answer, or returned; "" when none."""
    ids = list(states)
    start = ids.index(after) + 1 if after in ids else 0
    wanted = (AnswerState.RETURNED, AnswerState.ASKED_AGAIN, AnswerState.UNANSWERED)
    return next(
        (
            _href(account, one)
            for one in [*ids[start:], *ids[:start]]
            if states[one] in wanted and one != after
        ),
        "",
    )


class AnswerForm(PlainForm):
    """The answer to one criterion: outcome, words, scope, and yes or no for each part."""

    outcome = forms.ChoiceField(label=gettext_lazy("Answer"), choices=OUTCOMES, widget=Tiles())
    words = forms.CharField(
        label=gettext_lazy("How it is done here"),
        help_text=gettext_lazy(
            "Who does it, how often, where it is written down. If it does not apply, say why."
        ),
        widget=forms.Textarea(attrs={"rows": 7}),
        max_length=20_000,
    )
    scope = forms.CharField(
        label=gettext_lazy("Scope"),
        help_text=gettext_lazy("Sites, importer numbers or lanes this answer covers."),
        required=False,
        max_length=2_000,
    )

    def __init__(self, *args: Any, asked: Criterion, **more: Any) -> None:
        super().__init__(*args, **more)
        self.parts = [sub.key for sub in asked.sub_requirements]
        for sub in asked.sub_requirements:
            level = _("must") if sub.level.value == "must" else _("should")
            self.fields[f"part_{sub.key}"] = forms.ChoiceField(
                label=f"{in_language(sub.text)} ({level})",
                choices=[("yes", _("Yes")), ("no", _("No"))],
                widget=forms.RadioSelect(),
                required=False,
            )

    def part_fields(self) -> list[forms.BoundField]:
        """Return the fields of the parts, in the order of the criterion."""
        return [self[f"part_{key}"] for key in self.parts]

    def given_parts(self) -> dict[str, str]:
        """Return the parts that were answered."""
        found = {key: self.cleaned_data.get(f"part_{key}", "") for key in self.parts}
        return {key: value for key, value in found.items() if value}


class EvidenceForm(PlainForm):
    """One document for a criterion."""

    file = DocumentField(label=gettext_lazy("Document"))
    dated_on = DayField(
        label=gettext_lazy("Date of the document"),
        help_text=gettext_lazy("So that a specialist sees that it is current."),
        required=False,
    )


def criterion(request: HttpRequest, key: str, criterion: str) -> HttpResponse:
    """Show one criterion with its answer, evidence and review; save the answer."""
    form: AnswerForm | None = None
    try:
        account = account_for(request, key)
        if request.method == "POST":
            # Saving reads what is asked, and of the answers only which one is open next.
            asked = asked_of(account, on=today())
            form = AnswerForm(request.POST, asked=_one_of(asked, criterion).criterion)
            if form.is_valid():
                _save(request, account, criterion, form)
                is_next = "next" in request.POST
                states = states_of(account, asked) if is_next else {}
                href = _next_href(account, states, criterion)
                return HttpResponseRedirect(href or _href(account, criterion))
        found = profile_of(account, on=today())
        row = _one_of({one.criterion.id: one for one in found.rows}, criterion)
        form = form or AnswerForm(asked=row.criterion.criterion, initial=_initial(row))
    except GreenlaneError as error:
        return refused(request, error)
    context = _criterion_context(request, account, found, row, form)
    status = 422 if form.is_bound else 200
    return render(request, "member/criterion.html", context, status=status)


def _one_of(asked: Mapping[str, _T], criterion: str) -> _T:
    if criterion not in asked:
        raise BadInput(_("This criterion asks nothing of this account."))
    return asked[criterion]


def _save(request: HttpRequest, account: Account, criterion: str, form: AnswerForm) -> None:
    given = AnswerGiven(
        criterion,
        outcome=form.cleaned_data["outcome"],
        words=form.cleaned_data["words"],
        scope=form.cleaned_data["scope"],
        parts=form.given_parts(),
    )
    save_answers(
        account=account,
        answers=(given,),
        by=actor_on(request, account, the_program().roles_that_may(Power.ANSWER)),
        at=now(),
        via=VIA,
    )
    messages.success(request, _("The answer to %(id)s is saved.") % {"id": criterion})


def _initial(row: ProfileRow) -> dict[str, Any]:
    """Return what the form begins with: what is being typed wins over what was saved."""
    found: dict[str, Any] = {}
    if row.answer is not None:
        found = {
            "outcome": row.answer.outcome,
            "words": row.answer.words,
            "scope": row.answer.scope,
            **{f"part_{part}": value for part, value in row.answer.parts.items()},
        }
    if row.draft is not None:
        found |= {name: value for name, value in row.draft.content.items() if value}
    return found


def _criterion_context(
    request: HttpRequest, account: Account, found: Profile, row: ProfileRow, form: AnswerForm
) -> dict[str, Any]:
    asked = row.criterion.criterion
    language = get_language() or "en"
    names = names_of([row.answer.saved_by] if row.answer else [])
    ids = [r.criterion.id for r in found.rows]
    place = ids.index(row.criterion.id)
    title = f"{in_language(row.criterion.label)} {in_language(asked.title)}"
    context = frame(
        request,
        account,
        title,
        "profile",
        requirement=in_language(asked.requirement),
        guidance=in_language(asked.guidance) if asked.guidance else "",
        expected=[in_language(item.text) for item in asked.evidence],
        basis=in_language(row.criterion.basis),
        level=row.criterion.level.value,
        cell=row.criterion.state.value,
        sources=[source.title.in_(language) for source in row.criterion.sources],
        form=form,
        evidence_form=EvidenceForm(),
        state=state_of(row),
        # Of a review the member reads the reason; the note beside it is the office's alone.
        returned_because=row.review.reason if row.review and row.state is RETURNED else "",
        saved_by=names.get(row.answer.saved_by) if row.answer else "",
        saved_on=row.answer.saved_on if row.answer else None,
        has_draft=row.draft is not None,
        answer_pairs=_answer_pairs(row),
        draft_href=reverse("member:draft", args=[account.stream, asked.id]),
        evidence_href=reverse("member:evidence", args=[account.stream, asked.id]),
        profile_href=reverse("member:profile", args=[account.stream]),
        evidence=[
            {
                "name": document.name or document.sha256[:12],
                "dated_on": item.dated_on,
                "href": reverse("member:document", args=[account.stream, document.seq]),
                "withdraw": reverse(
                    "member:withdraw_evidence", args=[account.stream, asked.id, document.seq]
                ),
            }
            for item, document in row.evidence
        ],
        previous_href=_href(account, ids[place - 1]) if place else "",
        following_href=_href(account, ids[place + 1]) if place + 1 < len(ids) else "",
        next_href=_next_href(account, found.states, row.criterion.id),
        place=place + 1,
        total=len(ids),
        is_open=_may_answer(request, account),
        closed_words=_closed_words(account),
        parts=_parts(row),
    )
    context["crumbs"].insert(
        1, Crumb(_("Security profile"), reverse("member:profile", args=[account.stream]))
    )
    return context


def _may_answer(request: HttpRequest, account: Account) -> bool:
    return account.profile in OPEN_PROFILES and not roles(request).isdisjoint(
        the_program().roles_that_may(Power.ANSWER)
    )


def _closed_words(account: Account) -> str:
    """Say why nobody, or not this person, answers here now."""
    if account.profile in OPEN_PROFILES:
        return _("Your role here reads the answers and does not give them.")
    if account.profile == "NONE":
        return _("Answers can be given once the company profile is submitted.")
    return _("The program office has the profile now; answers are closed until it comes back.")


def _parts(row: ProfileRow) -> list[CheckLine]:
    given = row.answer.parts if row.answer else {}
    return [
        CheckLine(in_language(sub.text), given.get(sub.key) or "unknown")
        for sub in row.criterion.criterion.sub_requirements
    ]


def _answer_pairs(row: ProfileRow) -> list[Pair]:
    """Return the answer on the record, for whoever reads and does not write."""
    if row.answer is None:
        return []
    outcome = dict(OUTCOMES).get(row.answer.outcome, row.answer.outcome)
    return [
        Pair(_("Answer"), str(outcome)),
        Pair(_("How it is done here"), row.answer.words),
        Pair(_("Scope"), row.answer.scope or None),
        Pair(_("Saved"), row.answer.saved_on),
    ]


@require_POST
def draft(request: HttpRequest, key: str, criterion: str) -> HttpResponse:
    """Keep what is being typed; answers in one line of words for the page's saved state."""
    try:
        account = account_for(request, key)
        content = {
            name: str(value)[:20_000]
            for name, value in request.POST.items()
            if name in ("outcome", "words", "scope") or name.startswith("part_")
        }
        save_draft(
            account=account,
            criterion=criterion,
            content=content,
            by=actor_on(request, account, the_program().roles_that_may(Power.ANSWER)),
            at=now(),
        )
    except GreenlaneError as error:
        status = refused(request, error).status_code
        return HttpResponse(
            refusals.says(error), content_type="text/plain; charset=utf-8", status=status
        )
    moment = date_format(timezone.localtime(now()), "H:i")
    says = _("Draft kept at %(time)s; not yet part of the record") % {"time": moment}
    return HttpResponse(says, content_type="text/plain; charset=utf-8")


@require_POST
def evidence(request: HttpRequest, key: str, criterion: str) -> HttpResponse:
    """Attach a document to a criterion."""
    form = EvidenceForm(request.POST, request.FILES)
    try:
        account = account_for(request, key)
        if form.is_valid():
            upload = form.cleaned_data["file"]
            give_evidence(
                account=account,
                criterion=criterion,
                name=upload.name,
                content=content_of(upload),
                dated_on=form.cleaned_data["dated_on"],
                by=actor_on(request, account, the_program().roles_that_may(Power.ANSWER)),
                at=now(),
                via=VIA,
            )
            messages.success(request, _("The document is attached."))
        else:
            for faults in form.errors.values():
                messages.error(request, " ".join(str(fault) for fault in faults))
    except GreenlaneError as error:
        return refused(request, error)
    return HttpResponseRedirect(f"{_href(account, criterion)}#evidence")


@require_POST
def remove_evidence(request: HttpRequest, key: str, criterion: str, seq: int) -> HttpResponse:
    """Take a document away from a criterion; the record keeps that it was there."""
    try:
        account = account_for(request, key)
        withdraw_evidence(
            account=account,
            criterion=criterion,
            document_seq=seq,
            by=actor_on(request, account, the_program().roles_that_may(Power.ANSWER)),
            at=now(),
            via=VIA,
        )
    except GreenlaneError as error:
        return refused(request, error)
    messages.success(request, _("The document is no longer evidence for this criterion."))
    return HttpResponseRedirect(f"{_href(account, criterion)}#evidence")
