"""Validations: case, notice, visit, findings, report, answers, decision; each the act of a page.

A company reads what a report told it and no more; the office reads the whole case.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from ninja import Field, File, Form, Status
from ninja.files import UploadedFile

from greenlane.api.v1.accounts import shown
from greenlane.api.v1.base import VIA, Body, Language, account_for, acting_on, api
from greenlane.apps.accounts.credentials import check_second_factor
from greenlane.apps.certification.actions import Person
from greenlane.apps.documents import store
from greenlane.apps.members import queries as members
from greenlane.apps.validations import queries
from greenlane.apps.validations.actions import (
    cases,
    decisions,
    findings,
    notices,
    reports,
    visits,
)
from greenlane.apps.validations.acts import Doing, act_that, inspectors, keeps_cases
from greenlane.content.packs import load_program
from greenlane.core.access import case_workers
from greenlane.core.errors import BadInput, NotAllowed
from greenlane.gate.access import now, signed_in
from greenlane.gate.records import works_on_cases
from greenlane.gate.uploads import content_of

if TYPE_CHECKING:
    from greenlane.apps.members.models import Account
    from greenlane.apps.validations.models import Finding, Site, ValidationCase
    from greenlane.core.access import Who
    from greenlane.core.lifecycle.decide import Actor
    from greenlane.core.program import Program


# --- What is sent ---------------------------------------------------------------------------------


class SiteIn(Body):
    """A place to look at: the company's own or a partner's, here or abroad."""

    name: str
    address: str = ""
    owner: str = Field(description="OWN or PARTNER")
    country: str = Field(description="ISO 3166 alpha-2 code, as MX")
    is_foreign: bool = False
    how: str = Field("ON_SITE", description="ON_SITE, VIRTUAL or RECOGNIZED")


class OpenCaseIn(Body):
    """A case with its scope, the reasons for it, and its first sites."""

    scope: str
    rationale: str
    sites: list[SiteIn]
    mode: str = Field("ON_SITE", description="ON_SITE or VIRTUAL")


class PreparationIn(Body):
    """Who goes, what happens when, and which documents are asked for."""

    team: list[str] = Field(description="Keys of people")
    agenda: list[str] = Field(default_factory=list)
    requests: list[str] = Field(default_factory=list)


class DayIn(Body):
    """The day of the visit."""

    visit_on: date
    mode: str | None = None


class LanguageIn(Body):
    """The language of a letter."""

    language: Language = "en"


class NotHeldIn(Body):
    """Why a site cannot be looked at: a code of the pack, and words."""

    reason: str
    words: str


class VisitIn(Body):
    """That the visit was held; without sites, at all that were planned."""

    effort_days: int = Field(description="Whole working days of the company's time")
    sites: list[int] | None = None


class CheckOfSiteIn(Body):
    """What was seen for one criterion at one site."""

    result: str = Field(description="MET, PARTLY, NOT_MET, NOT_SEEN or NOT_APPLICABLE")
    words: str = ""


class NoteIn(Body):
    """An internal note; no company ever reads it."""

    words: str


class FindingIn(Body):
    """A finding: bound to site, criterion (and the case's edition), evidence and judgment."""

    kind: str = Field(description="REQUIRED_ACTION, RECOMMENDATION or BEST_PRACTICE")
    site: int
    criterion: str
    judgment: str
    asks: str = ""
    evidence: list[int] = Field(default_factory=list, description="Places of documents")
    framework: dict[str, str] = Field(
        default_factory=dict, description="Each of the five requirements to yes or no"
    )
    reasons: dict[str, str] = Field(default_factory=dict)
    due_on: date | None = None


class ReportIn(Body):
    """Language of the report; a reason where it corrects an earlier version."""

    language: Language = "en"
    reason: str = ""


class SubmitAnswersIn(Body):
    """A code of the authenticator app, where submitting is a signature."""

    code: str = ""


class ReplyIn(Body):
    """Words on an answer; the company reads them."""

    words: str = ""


class AskAgainIn(Body):
    """What is missing, and by when."""

    words: str
    due_on: date


class VerifyIn(Body):
    """How a finding was verified, and what was seen."""

    means: str = Field(description="DOCUMENTS, PHOTOS, VISIT or VIRTUAL")
    words: str


class RecommendIn(Body):
    """The tier put before whoever decides, with its reasons; the company does not see it."""

    tier: str
    words: str


class DecisionIn(RecommendIn):
    """The decision: tier, reasons, and the band from which the next one by risk is counted."""

    risk_band: str = ""


class CloseCaseIn(Body):
    """Why a case is closed without validating."""

    reason: str
    words: str


class DeferIn(CloseCaseIn):
    """Why a validation cannot be held, and the day by which it is taken up again."""

    new_due_on: date


# --- Who asks -------------------------------------------------------------------------------------


def _doing(doing: Doing) -> Who:
    return lambda program: act_that(program, doing).by


def _inspecting(request: HttpRequest, key: str) -> tuple[Account, Actor]:
    return acting_on(request, key, inspectors)


def _answering(request: HttpRequest, key: str) -> tuple[Account, Actor]:
    return acting_on(request, key, _doing(Doing.ANSWER))


# --- Reading --------------------------------------------------------------------------------------


@api.get("/accounts/{key}/validation", url_name="validation", summary="The latest validation")
def validation(request: HttpRequest, key: str) -> dict[str, Any]:
    """Return the open case, or the last one: for a company as far as it may read it."""
    account = account_for(request, key)
    case = queries.latest_case(account.stream)
    is_office = works_on_cases(request, account)
    return {
        "account": account.stream,
        "state": account.validation,
        "case": _case(account, case, is_office=is_office) if case else None,
    }


def _case(account: Account, case: ValidationCase, *, is_office: bool) -> dict[str, Any]:
    told = queries.findings_of(case) if is_office else queries.findings_for_company(case)
    found = {
        "case": case.seq,
        "number": case.number,
        "open": case.is_open,
        "opened_on": case.opened_on,
        "mode": case.mode,
        "edition": case.edition,
        "scope": case.scope,
        "rationale": case.rationale,
        "team": case.team,
        "agenda": case.agenda,
        "requests": case.requests,
        "papers": [
            {"document": document.seq, "name": document.name, "item": paper.item}
            for paper, document in queries.papers_of(case)
        ],
        "visit_on": case.visit_on,
        "notified_on": case.notified_on,
        "waived_on": case.waived_on,
        "visited_on": case.visited_on,
        "deferred": _deferral(case),
        "sites": [_site(site, is_office=is_office) for site in queries.sites_of(case)],
        "findings": [_finding(row) for row in told],
        "reports": [
            {
                "version": row.version,
                "language": row.language,
                "sha256": row.sha256,
                "issued_on": row.issued_on,
                "reason": row.reason,
            }
            for row in queries.reports_of(case)
        ],
        "outcome": case.outcome,
        "decided_on": case.decided_on,
        "decision": case.decision_words,
    }
    return {**found, **_of_office(account, case)} if is_office else found


def _deferral(case: ValidationCase) -> dict[str, Any] | None:
    if case.deferred_on is None:
        return None
    return {
        "on": case.deferred_on,
        "reason": case.deferral_reason,
        "new_due_on": case.new_due_on,
    }


def _of_office(account: Account, case: ValidationCase) -> dict[str, Any]:
    coverage = queries.coverage_of(account, case)
    return {
        "effort_days": case.effort_days,
        "coverage": {
            "asked": coverage.asked,
            "judged": coverage.judged,
            "musts": coverage.musts,
            "musts_judged": coverage.musts_judged,
            "not_met": coverage.not_met,
        },
        "recommended": {
            "by": case.recommended_by,
            "tier": case.recommended_tier,
            "words": case.recommendation,
        }
        if case.recommended_by
        else None,
        "tiers_open": {tier.value: may for tier, may in queries.tiers_open(account, case).items()},
        "notes": [
            {"words": note.words, "on": note.on, "by": note.by} for note in queries.notes_of(case)
        ],
    }


def _site(site: Site, *, is_office: bool) -> dict[str, Any]:
    found = {
        "site": site.seq,
        "name": site.name,
        "owner": site.owner,
        "country": site.country,
        "is_foreign": site.is_foreign,
        "how": site.how,
        "state": site.state,
        "visited_on": site.visited_on,
    }
    if not is_office:
        return found
    return {
        **found,
        "address": site.address,
        "reason": site.reason,
        "reason_words": site.reason_words,
    }


def _finding(row: Finding) -> dict[str, Any]:
    """Return a finding with the exchange about it: all of it is told once a report tells it."""
    return {
        "finding": row.seq,
        "kind": row.kind,
        "site": row.site_seq,
        "criterion": row.criterion,
        "edition": row.edition,
        "state": row.state,
        "judgment": row.judgment,
        "asks": row.asks,
        "evidence": row.evidence,
        "framework": row.framework,
        "reasons": row.reasons,
        "due_on": row.due_on,
        "reported_on": row.reported_on,
        "closed_on": row.closed_on,
        "verified_by_means": row.verified_by_means,
        "exchange": [
            {
                "act": turn.act,
                "words": turn.words,
                "documents": turn.documents,
                "on": turn.on,
                "role": turn.role,
            }
            for turn in queries.turns_of(row)
        ],
    }


@api.get(
    "/accounts/{key}/validation/reports/{version}",
    url_name="validation_report",
    summary="One version of the report as PDF",
)
def report_pdf(request: HttpRequest, key: str, version: int) -> HttpResponse:
    """Return the PDF of a version of the latest case's report, as it was issued."""
    account = account_for(request, key)
    case = queries.latest_case(account.stream)
    for row in queries.reports_of(case) if case else ():
        if row.version == version:
            answer = HttpResponse(store.read(row.sha256), content_type="application/pdf")
            name = f"report-{account.stream}-v{version}.pdf"
            answer["Content-Disposition"] = f'attachment; filename="{name}"'
            return answer
    raise queries.NoSuchCase("The case has no version {version} of a report.", version=version)


@api.get(
    "/accounts/{key}/validation/sites/{site}/checklist",
    url_name="checklist",
    summary="A site's checklist (office only)",
)
def checklist(request: HttpRequest, key: str, site: int) -> dict[str, Any]:
    """Return every criterion of the case's edition with what was seen at the site."""
    account, _ = acting_on(request, key, case_workers)
    case = queries.case_open(account.stream)
    place = queries.site_of(case, site)
    return {
        "site": _site(place, is_office=True),
        "criteria": [
            {
                "criterion": row.criterion.id,
                "level": row.criterion.level.value,
                "title": str(row.criterion.criterion.title),
                "result": row.check.result if row.check else None,
                "words": row.check.words if row.check else "",
                "on": row.check.on if row.check else None,
                "photos": row.photos,
                "findings": row.findings,
            }
            for row in queries.checklist_of(account, case, place)
        ],
    }


# --- Before the visit -----------------------------------------------------------------------------


def _answer(request: HttpRequest, key: str) -> dict[str, Any]:
    return validation(request, key)


def _check_keeps_cases(program: Program) -> None:
    if not keeps_cases(program):
        raise BadInput(
            "This program keeps no cases of visits. Use POST /accounts/{key}/acts/{act}.",
            key="...",
            act="...",
        )


@api.post(
    "/accounts/{key}/validation",
    url_name="open_validation",
    summary="Open a case",
    response={201: Any},
)
def open_(request: HttpRequest, key: str, body: OpenCaseIn) -> Status[dict[str, Any]]:
    """Open a validation case with its scope, the reasons for it and its first sites."""
    _check_keeps_cases(load_program(account_for(request, key).program))
    account, actor = acting_on(request, key, _doing(Doing.OPEN))
    cases.open_case(
        account=account,
        scope=body.scope,
        rationale=body.rationale,
        sites=[_given(site) for site in body.sites],
        mode=body.mode,
        by=actor,
        at=now(),
        via=VIA,
    )
    return Status(201, _answer(request, key))


def _given(site: SiteIn) -> cases.SiteGiven:
    return cases.SiteGiven(
        site.name, site.address, site.owner, site.country, is_foreign=site.is_foreign, how=site.how
    )


@api.post(
    "/accounts/{key}/validation/sites", url_name="add_site", summary="Add a site",
    response={201: Any},
)  # fmt: skip
def add_site(request: HttpRequest, key: str, body: SiteIn) -> Status[dict[str, Any]]:
    """Add a site to the open case."""
    account, actor = _inspecting(request, key)
    seq = cases.add_site(account=account, site=_given(body), by=actor, at=now(), via=VIA)
    return Status(201, {"site": seq})


@api.put(
    "/accounts/{key}/validation/preparation",
    url_name="prepare_validation",
    summary="Team, agenda, document request",
)
def prepare(request: HttpRequest, key: str, body: PreparationIn) -> dict[str, Any]:
    """Set who goes, what happens when, and which documents are asked for."""
    account, actor = _inspecting(request, key)
    cases.prepare(account=account, by=actor, at=now(), via=VIA, **body.dict())
    return _answer(request, key)


@api.put(
    "/accounts/{key}/validation/visit-day", url_name="schedule_visit", summary="Plan the visit"
)
def schedule(request: HttpRequest, key: str, body: DayIn) -> dict[str, Any]:
    """Plan the day of the visit, or move it."""
    account, actor = acting_on(request, key, _doing(Doing.SCHEDULE))
    cases.schedule(account=account, by=actor, at=now(), via=VIA, **body.dict())
    return _answer(request, key)


@api.post("/accounts/{key}/validation/notice", url_name="send_notice", summary="Send the notice")
def notice(request: HttpRequest, key: str, body: LanguageIn) -> dict[str, Any]:
    """Give written notice of the visit; the letter goes on file."""
    account, actor = acting_on(request, key, _doing(Doing.NOTIFY))
    by = Person(actor, signed_in(request).name)
    notices.send_notice(account=account, by=by, at=now(), language=body.language, via=VIA)
    return _answer(request, key)


@api.post("/accounts/{key}/validation/waiver", url_name="waive_notice", summary="Waive the notice")
def waive(request: HttpRequest, key: str) -> dict[str, Any]:
    """Let the company waive the notice period for the day that is planned."""
    account, actor = acting_on(request, key, _doing(Doing.WAIVE))
    cases.waive_notice(account=account, by=actor, at=now(), via=VIA)
    return _answer(request, key)


@api.post(
    "/accounts/{key}/validation/papers", url_name="give_paper", summary="Give a document asked for"
)
def paper(
    request: HttpRequest, key: str, file: File[UploadedFile], item: Form[int | None] = None
) -> dict[str, Any]:
    """Give a document; ``item`` is its place in the request list, from 0."""
    account, actor = _answering(request, key)
    seq = cases.give_paper(
        account=account,
        name=file.name or "file",
        content=content_of(file),
        item=item,
        by=actor,
        at=now(),
        via=VIA,
    )
    return {"document": seq}


@api.post(
    "/accounts/{key}/validation/sites/{site}/not-held",
    url_name="site_not_held",
    summary="A site cannot be visited",
)
def not_held(request: HttpRequest, key: str, site: int, body: NotHeldIn) -> dict[str, Any]:
    """Say of one site that it cannot be looked at, with a reason of the pack; the others go on."""
    account, actor = _inspecting(request, key)
    visits.leave_out(account=account, site=site, by=actor, at=now(), via=VIA, **body.dict())
    return _answer(request, key)


@api.post(
    "/accounts/{key}/validation/deferral", url_name="defer_validation", summary="Defer it"
)  # fmt: skip
def defer(request: HttpRequest, key: str, body: DeferIn) -> dict[str, Any]:
    """Defer a validation that cannot be held, with a reason and a new day."""
    account, actor = acting_on(request, key, _doing(Doing.DEFER))
    cases.defer(account=account, by=actor, at=now(), via=VIA, **body.dict())
    return _answer(request, key)


@api.post(
    "/accounts/{key}/validation/resumption", url_name="resume_validation", summary="Take it up"
)
def resume(request: HttpRequest, key: str) -> dict[str, Any]:
    """Take a deferred validation up again; its visit needs a day and a notice anew."""
    account, actor = acting_on(request, key, _doing(Doing.TAKE_UP))
    cases.take_up(account=account, by=actor, at=now(), via=VIA)
    return _answer(request, key)


# --- The visit ------------------------------------------------------------------------------------


@api.post("/accounts/{key}/validation/visit", url_name="hold_visit", summary="Record the visit")
def visit(request: HttpRequest, key: str, body: VisitIn) -> dict[str, Any]:
    """Record that the visit was held: notice in time or waived, secondary vetting done."""
    account, actor = acting_on(request, key, _doing(Doing.VISIT))
    visits.hold_visit(account=account, by=actor, at=now(), via=VIA, **body.dict())
    return _answer(request, key)


@api.put(
    "/accounts/{key}/validation/sites/{site}/checklist/{criterion}",
    url_name="record_site_check",
    summary="Judge a criterion",
)
def check(
    request: HttpRequest, key: str, site: int, criterion: str, body: CheckOfSiteIn
) -> dict[str, Any]:
    """Record what was seen for one criterion at one site."""
    account, actor = _inspecting(request, key)
    row = visits.record_check(
        account=account,
        site=site,
        criterion=criterion,
        by=actor,
        at=now(),
        via=VIA,
        **body.dict(),
    )
    return {"site": site, "criterion": criterion, "result": row.result, "event": row.seq}


@api.post(
    "/accounts/{key}/validation/sites/{site}/checklist/{criterion}/photos",
    url_name="site_photo",
    summary="Keep a photograph",
)
def photo(
    request: HttpRequest, key: str, site: int, criterion: str, file: File[UploadedFile]
) -> dict[str, Any]:
    """Keep a photograph or paper taken at a site; a finding may rest on its place."""
    account, actor = _inspecting(request, key)
    seq = visits.take_photo(
        account=account,
        site=site,
        criterion=criterion,
        name=file.name or "file",
        content=content_of(file),
        by=actor,
        at=now(),
        via=VIA,
    )
    return {"document": seq}


@api.post("/accounts/{key}/validation/notes", url_name="validation_note", summary="Internal note")
def note(request: HttpRequest, key: str, body: NoteIn) -> dict[str, Any]:
    """Write an internal note; no company ever reads it, nor that it is there."""
    account, actor = acting_on(request, key, case_workers)
    visits.write_note(account=account, words=body.words, by=actor, at=now(), via=VIA)
    return _answer(request, key)


# --- Findings and report --------------------------------------------------------------------------


@api.post(
    "/accounts/{key}/validation/findings",
    url_name="raise_finding",
    summary="Raise a finding",
    response={201: Any},
)
def raise_(request: HttpRequest, key: str, body: FindingIn) -> Status[dict[str, Any]]:
    """Raise a finding; the company sees it when the report is issued."""
    account, actor = _inspecting(request, key)
    given = findings.FindingGiven(**body.dict())
    row = findings.raise_finding(account=account, given=given, by=actor, at=now(), via=VIA)
    return Status(201, _finding(row))


@api.put(
    "/accounts/{key}/validation/findings/{seq}",
    url_name="revise_finding",
    summary="Change a finding",
)
def revise(request: HttpRequest, key: str, seq: int, body: FindingIn) -> dict[str, Any]:
    """Change a finding that no report told yet."""
    account, actor = _inspecting(request, key)
    given = findings.FindingGiven(**body.dict())
    row = findings.raise_finding(
        account=account, given=given, by=actor, at=now(), revises=seq, via=VIA
    )
    return _finding(row)


@api.delete(
    "/accounts/{key}/validation/findings/{seq}",
    url_name="drop_finding",
    summary="Take a finding back",
)
def drop(request: HttpRequest, key: str, seq: int) -> dict[str, Any]:
    """Take a finding back before the report; the record keeps that it was raised."""
    account, actor = _inspecting(request, key)
    findings.drop_finding(account=account, finding=seq, by=actor, at=now(), via=VIA)
    return {"finding": seq, "dropped": True}


@api.post(
    "/accounts/{key}/validation/reports",
    url_name="issue_report",
    summary="Issue the report",
    response={201: Any},
)
def report(request: HttpRequest, key: str, body: ReportIn) -> Status[dict[str, Any]]:
    """Issue the report, or a correction as its next version; no version is ever changed."""
    account, actor = acting_on(request, key, _doing(Doing.REPORT))
    by = Person(actor, signed_in(request).name)
    row = reports.issue_report(account=account, by=by, at=now(), via=VIA, **body.dict())
    return Status(201, {"version": row.version, "sha256": row.sha256})


# --- The company's answers, and the office's reply ------------------------------------------------


@api.post(
    "/accounts/{key}/validation/findings/{seq}/answers",
    url_name="answer_finding",
    summary="Answer a finding",
)
def answer_finding(
    request: HttpRequest,
    key: str,
    seq: int,
    words: Form[str],
    file: File[UploadedFile | None] = None,
) -> dict[str, Any]:
    """Answer one finding; a required action needs a file as proof. More files: answer again."""
    account, actor = _answering(request, key)
    row = findings.answer_finding(
        account=account,
        finding=seq,
        words=words,
        files=[(file.name or "file", content_of(file))] if file else [],
        by=actor,
        at=now(),
        via=VIA,
    )
    return _finding(row)


@api.post(
    "/accounts/{key}/validation/answers", url_name="submit_answers", summary="Submit the answers"
)
def submit_answers(request: HttpRequest, key: str, body: SubmitAnswersIn) -> dict[str, Any]:
    """Submit the answers; where that is a signature, with a fresh code of the second factor."""
    account, actor = _answering(request, key)
    is_proved = not findings.needs_signature(account) or check_second_factor(
        signed_in(request), body.code
    )
    if not is_proved:
        raise NotAllowed("The code is wrong or used up. Give the present code of your app.")
    findings.submit_answers(account=account, by=actor, at=now(), via=VIA)
    return _answer(request, key)


@api.post(
    "/accounts/{key}/validation/findings/{seq}/acceptance",
    url_name="accept_answer",
    summary="Accept an answer",
)
def accept(request: HttpRequest, key: str, seq: int, body: ReplyIn) -> dict[str, Any]:
    """Accept an answer; a required action is still to be verified."""
    account, actor = _inspecting(request, key)
    row = findings.accept_answer(
        account=account, finding=seq, words=body.words, by=actor, at=now(), via=VIA
    )
    return _finding(row)


@api.post(
    "/accounts/{key}/validation/findings/{seq}/question",
    url_name="ask_again",
    summary="Ask again",
)
def ask(request: HttpRequest, key: str, seq: int, body: AskAgainIn) -> dict[str, Any]:
    """Ask the company again, with what is missing and by when."""
    account, actor = _inspecting(request, key)
    row = findings.ask_again(
        account=account, finding=seq, by=actor, at=now(), via=VIA, **body.dict()
    )
    return _finding(row)


@api.post(
    "/accounts/{key}/validation/findings/{seq}/verification",
    url_name="verify_finding",
    summary="Verify and close",
)
def verify(request: HttpRequest, key: str, seq: int, body: VerifyIn) -> dict[str, Any]:
    """Close a finding: only with how it was verified, by whom, and what was seen."""
    account, actor = _inspecting(request, key)
    row = findings.verify_finding(
        account=account, finding=seq, by=actor, at=now(), via=VIA, **body.dict()
    )
    return _finding(row)


# --- The end --------------------------------------------------------------------------------------


@api.post(
    "/accounts/{key}/validation/keep-open", url_name="keep_open", summary="Keep it open"
)  # fmt: skip
def keep_open(request: HttpRequest, key: str) -> dict[str, Any]:
    """Keep the case open until its required actions are verified."""
    account, actor = acting_on(request, key, _doing(Doing.KEEP_OPEN))
    decisions.keep_open(account=account, by=actor, at=now(), via=VIA)
    return _answer(request, key)


@api.post(
    "/accounts/{key}/validation/recommendation",
    url_name="recommend_tier",
    summary="Put it before the director",
)
def recommend(request: HttpRequest, key: str, body: RecommendIn) -> dict[str, Any]:
    """Put the case before whoever decides, with a recommended tier and its reasons."""
    account, actor = acting_on(request, key, _doing(Doing.RECOMMEND))
    decisions.recommend(account=account, by=actor, at=now(), via=VIA, **body.dict())
    return _answer(request, key)


@api.post("/accounts/{key}/validation/decision", url_name="decide_validation", summary="Decide it")
def decide(request: HttpRequest, key: str, body: DecisionIn) -> dict[str, Any]:
    """Validate or revalidate, with tier and reasons; never by whoever visited or recommended."""
    account, actor = acting_on(request, key, _doing(Doing.VALIDATE))
    done = decisions.decide(account=account, by=actor, at=now(), via=VIA, **body.dict())
    return shown(request, done)


@api.post("/accounts/{key}/validation/closing", url_name="close_validation", summary="Close it")
def close(request: HttpRequest, key: str, body: CloseCaseIn) -> dict[str, Any]:
    """Close a case without validating: it fills no window and moves no date."""
    account, actor = acting_on(request, key, _doing(Doing.CLOSE))
    decisions.close_without(account=account, by=actor, at=now(), via=VIA, **body.dict())
    return shown(request, members.account(key))
