"""The visit on a phone: the checklist of a site, one criterion with photographs, and findings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from greenlane.apps.accounts.queries import names_of
from greenlane.apps.profiles.queries import ProfileRow, profile_of
from greenlane.apps.validations import queries
from greenlane.apps.validations.actions import findings, visits
from greenlane.apps.validations.acts import inspectors
from greenlane.core.errors import BadInput, GreenlaneError
from greenlane.gate.access import now, roles, the_program, today
from greenlane.gate.records import VIA, account_for, actor_on
from greenlane.gate.uploads import content_of
from greenlane.web.specialist.frame import frame, to
from greenlane.web.specialist.validation_forms import words_field
from greenlane.web.ui.errors import refused
from greenlane.web.ui.forms import DayField, DocumentField, PlainForm, Tiles, choose
from greenlane.web.ui.pieces import CheckLine, Crumb, Link, Status
from greenlane.web.ui.refusals import says
from greenlane.web.ui.validations import (
    FINDING_KINDS,
    FIVE,
    MEANS,
    finding_status,
    names_of_documents,
)
from greenlane.web.ui.words import in_language

if TYPE_CHECKING:
    from greenlane.apps.members.models import Account
    from greenlane.apps.validations.models import Finding, Site, ValidationCase

_RESULTS: Final = (
    ("MET", gettext_lazy("Met")),
    ("PARTLY", gettext_lazy("Partly met")),
    ("NOT_MET", gettext_lazy("Not met")),
    ("NOT_SEEN", gettext_lazy("Not looked at")),
    ("NOT_APPLICABLE", gettext_lazy("Does not apply here")),
)
_TONES: Final = {
    "MET": "good",
    "PARTLY": "warning",
    "NOT_MET": "bad",
    "NOT_SEEN": "neutral",
    "NOT_APPLICABLE": "ended",
}


class CheckForm(PlainForm):
    """What was seen for one criterion at one site."""

    result = forms.ChoiceField(label=gettext_lazy("What you see"), choices=_RESULTS, widget=Tiles())
    words = words_field(
        gettext_lazy("What was seen"),
        gettext_lazy("Who showed it, what was read, what you counted. Needed unless it is met."),
        rows=4,
        is_needed=False,
    )

    def clean(self) -> dict[str, Any]:
        """Ask for words where something is not met."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("result", "MET") != "MET" and not cleaned.get("words", "").strip():
            self.add_error("words", _("Say what was seen, so that the next reader can weigh it."))
        return cleaned


class PhotoForm(PlainForm):
    """A photograph from the phone's camera, or a file."""

    file = DocumentField(
        label=gettext_lazy("Photograph"),
        help_text=gettext_lazy("Taken now, or chosen from the phone; at most {mb} MB."),
        widget=forms.ClearableFileInput(attrs={"accept": "image/*", "capture": "environment"}),
    )


def visit(request: HttpRequest, key: str, site: int) -> HttpResponse:
    """List the criteria at one site with what was judged so far."""
    try:
        account = account_for(request, key)
        case = queries.case_open(account.stream)
        place = queries.site_of(case, site)
    except GreenlaneError as error:
        return refused(request, error)
    rows = queries.checklist_of(account, case, place)
    only_open = request.GET.get("show") == "open"
    shown = [row for row in rows if not only_open or row.check is None]
    context = frame(
        request,
        account,
        place.name or _("Site"),
        "validation",
        case=case,
        site=place,
        rows=[_row(account, place, row) for row in shown],
        judged=sum(row.check is not None for row in rows),
        asked=len(rows),
        only_open=only_open,
        next_href=_next(account, place, rows, ""),
    )
    _crumb(context, account)
    return render(request, "specialist/visit.html", context)


def _crumb(context: dict[str, Any], account: Account) -> None:
    context["crumbs"].insert(1, Crumb(_("Validation"), to("validation", account)))


def _row(account: Account, site: Site, row: queries.CheckRow) -> dict[str, Any]:
    if row.check is not None:
        word = str(dict(_RESULTS)[row.check.result])
        status = Status(word, _TONES[row.check.result])
    else:
        status = Status(_("Not judged"), "neutral")
    return {
        "href": _href(account, site, row.criterion.id),
        "label": in_language(row.criterion.label),
        "title": in_language(row.criterion.criterion.title),
        "level": row.criterion.level.value,
        "status": status,
        "has_draft": row.draft is not None,
        "photos": row.photos,
        "findings": row.findings,
    }


def _href(account: Account, site: Site, criterion: str) -> str:
    return reverse("specialist:validation_check", args=[account.stream, site.seq, criterion])


def _next(account: Account, site: Site, rows: list[queries.CheckRow], after: str) -> str:
    ids = [row.criterion.id for row in rows]
    start = ids.index(after) + 1 if after in ids else 0
    turned = [*rows[start:], *rows[:start]]
    waiting = (r for r in turned if r.check is None and r.criterion.id != after)
    found = next(waiting, None)
    return _href(account, site, found.criterion.id) if found else ""


def check(request: HttpRequest, key: str, site: int, criterion: str) -> HttpResponse:
    """Show one criterion with the company's answer; record what was seen."""
    try:
        account = account_for(request, key)
        case = queries.case_open(account.stream)
        place = queries.site_of(case, site)
        rows = queries.checklist_of(account, case, place)
        row = next((one for one in rows if one.criterion.id == criterion), None)
        if row is None:
            raise queries.NoSuchCase("Criterion {criterion} is not asked.", criterion=criterion)
        form = CheckForm(request.POST if request.method == "POST" else None, initial=_initial(row))
        if request.method == "POST" and form.is_valid():
            return _save(request, account, place, rows, criterion, form)
    except GreenlaneError as error:
        return refused(request, error)
    context = _check_context(request, account, case, place, rows, row)
    context["form"] = form
    status = 422 if form.is_bound else 200
    return render(request, "specialist/visit_check.html", context, status=status)


def _save(
    request: HttpRequest,
    account: Account,
    site: Site,
    rows: list[queries.CheckRow],
    criterion: str,
    form: CheckForm,
) -> HttpResponse:
    visits.record_check(
        account=account,
        site=site.seq,
        criterion=criterion,
        result=form.cleaned_data["result"],
        words=form.cleaned_data["words"],
        by=actor_on(request, account, inspectors(the_program())),
        at=now(),
        via=VIA,
    )
    messages.success(request, _("The judgment on %(id)s is recorded.") % {"id": criterion})
    if "finding" in request.POST:
        address = reverse("specialist:validation_new_finding", args=[account.stream])
        return HttpResponseRedirect(f"{address}?site={site.seq}&criterion={criterion}")
    following = _next(account, site, rows, criterion) if "next" in request.POST else ""
    return HttpResponseRedirect(following or _href(account, site, criterion))


def _initial(row: queries.CheckRow) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if row.check is not None:
        found = {"result": row.check.result, "words": row.check.words}
    if row.draft is not None:
        found |= {name: value for name, value in row.draft.content.items() if value}
    return found


def _check_context(
    request: HttpRequest,
    account: Account,
    case: ValidationCase,
    site: Site,
    rows: list[queries.CheckRow],
    row: queries.CheckRow,
) -> dict[str, Any]:
    asked = row.criterion.criterion
    answer = profile_of(account, on=today()).row(asked.id)
    ids = [one.criterion.id for one in rows]
    place = ids.index(asked.id)
    names = names_of([row.check.by]) if row.check else {}
    args = [account.stream, site.seq, asked.id]
    context = frame(
        request,
        account,
        f"{in_language(row.criterion.label)} {in_language(asked.title)}",
        "validation",
        site=site,
        requirement=in_language(asked.requirement),
        level=row.criterion.level.value,
        basis=in_language(row.criterion.basis),
        answer=answer.answer if answer else None,
        evidence=_evidence(account, answer),
        parts=_parts(answer),
        expected=[in_language(item.text) for item in asked.evidence],
        check=row.check,
        checked_by=names.get(row.check.by, "") if row.check else "",
        has_draft=row.draft is not None,
        photo_form=PhotoForm(),
        photos=[
            Link(
                document.name or str(document.seq),
                reverse("specialist:document", args=[account.stream, document.seq]),
            )
            for _photo, document in queries.photos_of(case, site.seq, asked.id)
        ],
        draft_href=reverse("specialist:validation_draft", args=args),
        photo_href=reverse("specialist:validation_photo", args=args),
        visit_href=reverse("specialist:validation_visit", args=[account.stream, site.seq]),
        previous_href=_href(account, site, ids[place - 1]) if place else "",
        following_href=_href(account, site, ids[place + 1]) if place + 1 < len(ids) else "",
        place=place + 1,
        total=len(ids),
        may_judge=account.validation in visits.OPEN_FOR_CHECKS
        and bool(inspectors(the_program()) & roles(request)),
        may_raise=account.validation in findings.OPEN_FOR_FINDINGS
        and bool(inspectors(the_program()) & roles(request)),
        findings=[
            {
                "kind": str(FINDING_KINDS[one.kind]),
                "judgment": one.judgment,
                "href": reverse("specialist:validation_finding", args=[account.stream, one.seq]),
            }
            for one in queries.findings_of(case)
            if one.site_seq == site.seq and one.criterion == asked.id
        ],
    )
    _crumb(context, account)
    context["crumbs"].insert(
        2,
        Crumb(
            site.name or _("Site"),
            reverse("specialist:validation_visit", args=[account.stream, site.seq]),
        ),
    )
    return context


def _evidence(account: Account, answer: ProfileRow | None) -> list[Link]:
    return [
        Link(
            document.name or document.sha256[:12],
            reverse("specialist:document", args=[account.stream, document.seq]),
        )
        for _item, document in (answer.evidence if answer else ())
    ]


def _parts(answer: ProfileRow | None) -> list[CheckLine]:
    if answer is None or answer.answer is None:
        return []
    given = answer.answer.parts
    return [
        CheckLine(in_language(sub.text), given.get(sub.key) or "unknown")
        for sub in answer.criterion.criterion.sub_requirements
    ]


@require_POST
def draft(request: HttpRequest, key: str, site: int, criterion: str) -> HttpResponse:
    """Keep what is being typed; answers in one line of words for the page's saved state."""
    try:
        account = account_for(request, key)
        content = {name: str(request.POST.get(name, ""))[:20_000] for name in ("result", "words")}
        visits.save_check_draft(
            account=account,
            site=site,
            criterion=criterion,
            content=content,
            by=actor_on(request, account, inspectors(the_program())),
            at=now(),
        )
    except GreenlaneError as error:
        status = refused(request, error).status_code
        return HttpResponse(error.message, content_type="text/plain; charset=utf-8", status=status)
    moment = date_format(timezone.localtime(now()), "H:i")
    says = _("Draft kept at %(time)s; not yet part of the record") % {"time": moment}
    return HttpResponse(says, content_type="text/plain; charset=utf-8")


@require_POST
def photo(request: HttpRequest, key: str, site: int, criterion: str) -> HttpResponse:
    """Keep a photograph of one criterion at one site."""
    form = PhotoForm(request.POST, request.FILES)
    try:
        account = account_for(request, key)
        if form.is_valid():
            upload = form.cleaned_data["file"]
            visits.take_photo(
                account=account,
                site=site,
                criterion=criterion,
                name=upload.name,
                content=content_of(upload),
                by=actor_on(request, account, inspectors(the_program())),
                at=now(),
                via=VIA,
            )
            messages.success(request, _("The photograph is kept."))
        else:
            for faults in form.errors.values():
                messages.error(request, " ".join(str(fault) for fault in faults))
    except GreenlaneError as error:
        return refused(request, error)
    address = reverse("specialist:validation_check", args=[key, site, criterion])
    return HttpResponseRedirect(f"{address}#photos")


# --- Findings -------------------------------------------------------------------------------------


class FindingForm(PlainForm):
    """A finding, with the framework for a best practice."""

    site = forms.ChoiceField(label=gettext_lazy("Site"))
    criterion = forms.ChoiceField(label=gettext_lazy("Criterion"))
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        choices=list(FINDING_KINDS.items()),
        widget=Tiles(
            notes={
                "REQUIRED_ACTION": gettext_lazy("A must is not met; answer and proof by a day."),
                "RECOMMENDATION": gettext_lazy("An improvement; the company accepts or explains."),
                "BEST_PRACTICE": gettext_lazy("Exceeds the criteria; all five points below."),
            }
        ),
    )
    judgment = words_field(
        gettext_lazy("Seen and judged"),
        gettext_lazy("What was seen, and why it is judged so. It stands in the report."),
    )
    asks = words_field(
        gettext_lazy("What the company is asked to do"),
        gettext_lazy("Not for a best practice."),
        is_needed=False,
    )
    due_on = DayField(
        label=gettext_lazy("Answer by"),
        help_text=gettext_lazy("Left empty: the day that the program gives for every answer."),
        required=False,
    )
    evidence = forms.MultipleChoiceField(
        label=gettext_lazy("Evidence"), widget=forms.CheckboxSelectMultiple(), required=False
    )

    def __init__(self, *args: Any, account: Account, case: ValidationCase, **more: Any) -> None:
        super().__init__(*args, **more)
        sites = queries.sites_of(case)
        choose(self, "site", [(str(s.seq), s.name or str(s.seq)) for s in sites])
        rows = queries.checklist_of(account, case, sites[0]) if sites else []
        asked = [
            (
                row.criterion.id,
                f"{in_language(row.criterion.label)} {in_language(row.criterion.criterion.title)}",
            )
            for row in rows
        ]
        choose(self, "criterion", asked)
        choose(self, "evidence", _documents(case))
        for key, words in FIVE.items():
            self.fields[f"met_{key}"] = forms.ChoiceField(
                label=words,
                choices=[("yes", _("Met")), ("no", _("Not met"))],
                widget=forms.RadioSelect(),
                required=False,
            )
            self.fields[f"why_{key}"] = words_field(
                _("Why: %(point)s") % {"point": words}, rows=2, is_needed=False
            )

    def five(self) -> list[forms.BoundField]:
        """Return the fields of the framework, in order."""
        return [self[f"{kind}_{key}"] for key in FIVE for kind in ("met", "why")]

    def given(self) -> findings.FindingGiven:
        """Return the finding as the act takes it; the framework counts for a best practice only."""
        found = self.cleaned_data
        is_best = found["kind"] == queries.BEST
        return findings.FindingGiven(
            found["kind"],
            int(found["site"]),
            found["criterion"],
            found["judgment"],
            "" if is_best else found["asks"],
            [int(seq) for seq in found["evidence"]],
            {key: found[f"met_{key}"] for key in FIVE if found[f"met_{key}"]} if is_best else {},
            {key: found[f"why_{key}"] for key in FIVE} if is_best else {},
            None if is_best else found["due_on"],
        )


def _documents(case: ValidationCase) -> list[tuple[str, str]]:
    """Return what a finding can rest on: photographs of the visit and papers of the company."""
    found = [
        (str(document.seq), document.name or str(document.seq))
        for _photo, document in queries.all_photos_of(case)
    ]
    return found + [
        (str(document.seq), document.name or str(document.seq))
        for _paper, document in queries.papers_of(case)
    ]


def new_finding(request: HttpRequest, key: str) -> HttpResponse:
    """Raise a finding."""
    return _edit(request, key, None)


def finding(request: HttpRequest, key: str, seq: int) -> HttpResponse:
    """Show one finding; change it before the report, reply to its answer afterwards."""
    try:
        account = account_for(request, key)
        case = queries.case_open(account.stream)
        row = queries.finding_of(case, seq)
    except GreenlaneError as error:
        return refused(request, error)
    if row.reported_on is None and account.validation in findings.OPEN_FOR_FINDINGS:
        return _edit(request, key, row)
    return _reply(request, account, case, row)


def _edit(request: HttpRequest, key: str, row: Finding | None) -> HttpResponse:
    try:
        account = account_for(request, key)
        case = queries.case_open(account.stream)
        form = FindingForm(
            request.POST if request.method == "POST" else None,
            account=account,
            case=case,
            initial=_finding_initial(request, row),
        )
        if request.method == "POST" and "drop" in request.POST and row is not None:
            by = actor_on(request, account, inspectors(the_program()))
            findings.drop_finding(account=account, finding=row.seq, by=by, at=now(), via=VIA)
            messages.success(request, _("The finding is taken back."))
            return HttpResponseRedirect(to("validation", account))
        if request.method == "POST" and form.is_valid():
            findings.raise_finding(
                account=account,
                given=form.given(),
                by=actor_on(request, account, inspectors(the_program())),
                at=now(),
                revises=row.seq if row else None,
                via=VIA,
            )
            messages.success(request, _("The finding is recorded. The report tells it."))
            return HttpResponseRedirect(to("validation", account))
    except BadInput as error:
        form.add_error(None, says(error))
    except GreenlaneError as error:
        return refused(request, error)
    context = frame(
        request,
        account,
        _("Finding"),
        "validation",
        form=form,
        is_new=row is None,
        cancel_href=to("validation", account),
    )
    _crumb(context, account)
    status = 422 if form.is_bound else 200
    return render(request, "specialist/finding_edit.html", context, status=status)


def _finding_initial(request: HttpRequest, row: Finding | None) -> dict[str, Any]:
    if row is None:
        return {
            "site": request.GET.get("site", ""),
            "criterion": request.GET.get("criterion", ""),
            "kind": "REQUIRED_ACTION",
        }
    return {
        "site": str(row.site_seq),
        "criterion": row.criterion,
        "kind": row.kind,
        "judgment": row.judgment,
        "asks": row.asks,
        "due_on": row.due_on,
        "evidence": [str(seq) for seq in row.evidence],
        **{f"met_{key}": row.framework.get(key, "") for key in FIVE},
        **{f"why_{key}": row.reasons.get(key, "") for key in FIVE},
    }


class ReplyForm(PlainForm):
    """The specialist's word on an answer."""

    words = words_field(
        gettext_lazy("Your reply"),
        gettext_lazy("What was looked at, or what is missing. The company reads it."),
    )
    means = forms.ChoiceField(
        label=gettext_lazy("How it was verified"), choices=MEANS, required=False
    )
    due_on = DayField(label=gettext_lazy("If you ask again: answer by"), required=False)


def _reply(
    request: HttpRequest, account: Account, case: ValidationCase, row: Finding
) -> HttpResponse:
    form = ReplyForm(request.POST if request.method == "POST" else None)
    try:
        if request.method == "POST" and form.is_valid():
            done = _say(request, account, row, form)
            if done:
                return done
    except GreenlaneError as error:
        return refused(request, error)
    by_seq = {site.seq: site for site in queries.sites_of(case)}
    turns = queries.turns_of(row)
    names = names_of({turn.by for turn in turns} | {row.raised_by})
    files = names_of_documents(account.stream, row, turns)
    context = frame(
        request,
        account,
        f"{FINDING_KINDS[row.kind]}, {row.criterion}",
        "validation",
        finding=row,
        status=finding_status(row),
        site=by_seq[row.site_seq].name if row.site_seq in by_seq else "",
        evidence=[_document_link(account, seq, files) for seq in row.evidence],
        five=[
            CheckLine(str(FIVE[key]), row.framework.get(key, "no"), row.reasons.get(key, ""))
            for key in FIVE
        ]
        if row.kind == queries.BEST
        else [],
        turns=[
            {
                "act": turn_words(turn.act),
                "words": turn.words,
                "on": turn.on,
                "by": names.get(turn.by, ""),
                "documents": [_document_link(account, seq, files) for seq in turn.documents],
            }
            for turn in turns
        ],
        form=form,
        may_reply=account.validation in ("ANSWERED", "ACTIONS_OPEN")
        and row.state in ("ANSWERED", "ACCEPTED")
        and bool(inspectors(the_program()) & roles(request)),
        may_accept=row.state == "ANSWERED",
    )
    _crumb(context, account)
    status = 422 if form.is_bound else 200
    return render(request, "specialist/finding.html", context, status=status)


def turn_words(act: str) -> str:
    """Return what somebody did in the exchange, in words."""
    return {
        "ANSWERED": _("Answered by the company"),
        "ACCEPTED": _("Answer accepted"),
        "ASKED_AGAIN": _("Asked again"),
        "VERIFIED": _("Verified and closed"),
    }[act]


def _document_link(account: Account, seq: int, files: Mapping[int, str]) -> Link:
    href = reverse("specialist:document", args=[account.stream, seq])
    return Link(files.get(seq) or _("Document %(seq)s") % {"seq": seq}, href)


def _say(
    request: HttpRequest, account: Account, row: Finding, form: ReplyForm
) -> HttpResponse | None:
    given, by = form.cleaned_data, actor_on(request, account, inspectors(the_program()))
    shared: dict[str, Any] = {
        "account": account,
        "finding": row.seq,
        "words": given["words"],
        "by": by,
        "at": now(),
        "via": VIA,
    }
    wanted = request.POST.get("act", "")
    if wanted == "again" and given["due_on"] is None:
        form.add_error("due_on", _("Say by when you need the answer."))
        return None
    if wanted == "again":
        findings.ask_again(due_on=given["due_on"], **shared)
    elif wanted == "accept":
        findings.accept_answer(**shared)
    else:
        findings.verify_finding(means=given["means"], **shared)
    messages.success(request, _("Recorded. The company reads your reply."))
    return HttpResponseRedirect(to("validation", account))
