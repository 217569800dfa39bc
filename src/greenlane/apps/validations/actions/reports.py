"""The report: set as PDF, numbered, its hash on the record; a correction is the next version."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Final

from greenlane.apps.accounts.queries import names_of
from greenlane.apps.audit.actions import one_at_a_time
from greenlane.apps.audit.queries import head_of
from greenlane.apps.audit.receipts import make_receipt
from greenlane.apps.certification.actions import Person, check_language, day_words
from greenlane.apps.criteria.queries import editions
from greenlane.apps.documents.actions import document_draft
from greenlane.apps.documents.models import Document
from greenlane.apps.members.models import Account
from greenlane.apps.members.queries import due_after
from greenlane.apps.validations import queries
from greenlane.apps.validations.actions.recording import (
    Draft,
    advance,
    check_role,
    clean,
    event,
    payload_of,
    record,
)
from greenlane.apps.validations.acts import Doing, act_that
from greenlane.apps.validations.models import Finding, Report, Site, ValidationCase
from greenlane.apps.validations.queries import BEST
from greenlane.apps.validations.report_pdf import FindingText, ReportText, SiteText, set_report
from greenlane.content.packs import load_program
from greenlane.core.canonical import Json, sha256_hex
from greenlane.core.criteria import Criterion
from greenlane.core.errors import BadInput
from greenlane.core.lifecycle.decide import Actor, Refused
from greenlane.core.marks import Mark
from greenlane.core.program import Program
from greenlane.core.vocabulary import ValidationStatus

REPORT: Final = "validation_report"
LANGUAGES: Final = ("en", "es")
"""Languages that reports come in; a letter comes in its program's."""
MAY_CORRECT: Final = frozenset({"REPORTED", "ANSWERED", "ACTIONS_OPEN", "READY"})


@one_at_a_time
def issue_report(
    *,
    account: Account,
    by: Person,
    at: datetime,
    language: str = "en",
    reason: str = "",
    via: str = "",
) -> Report:
    """Issue the report (X05), or, once it is issued, a correction as its next version.

    The version that follows a visit tells the company of every finding not told yet; a correction
    changes the words around them and says why. No version is ever changed or withdrawn.

    Args:
        by: The specialist who issues it, with the name that the report prints.
        reason: Why another version; asked for a correction.

    Raises:
        BadInput: no criterion was judged, a correction without a reason, an unknown language.
        LetterNotSet: the PDF cannot be set. NoSuchCase, Refused, Conflict.
    """
    check_language(language, LANGUAGES)
    program = load_program(account.program)
    case, today = queries.case_open(account.stream), program.day_of(at)
    earlier = queries.reports_of(case)
    # After a deferral a second visit has a report of its own: the next version, and no correction.
    corrects = bool(earlier) and account.validation != ValidationStatus.VISITED
    said = clean(reason, "why another version of the report", is_needed=corrects)
    findings = queries.findings_of(case)
    if not earlier and queries.coverage_of(account, case).judged == 0:
        raise BadInput("No criterion was judged at any site. Fill in the checklist first.")
    if corrects and account.validation not in MAY_CORRECT:
        raise Refused(
            "status.wrong",
            "The validation of {account} is {state}; its report can be corrected no more.",
            account=account.stream,
            state=account.validation,
        )
    place = head_of(account.stream).seq
    version = len(earlier) + 1
    pdf = set_report(
        report_text(account, program, case, findings, version, by, at, language, said),
        receipt=make_receipt(account.stream, at=at),
    )
    document = document_draft(
        name=f"report-{account.stream}-{case.number}-v{version}.pdf",
        content=pdf,
        purpose=REPORT,
        by=by.actor,
        on=today,
        via=via,
    )
    told = _told(account, [row for row in findings if row.reported_on is None], today)
    issued = event(
        "validation.reported",
        payload_of(
            case,
            version=version,
            language=language,
            sha256=sha256_hex(pdf),
            document=place + 1,
            findings=told,
            supersedes=earlier[0].sha256 if earlier else "",
        ),
        on=today,
        by=by.actor,
        via=via,
        words={"words": said},
    )
    _issue(account, program, by.actor, [document, issued], at, via, corrects=corrects)
    return queries.reports_of(case)[0]


def _issue(
    account: Account,
    program: Program,
    by: Actor,
    drafts: list[Draft],
    at: datetime,
    via: str,
    *,
    corrects: bool,
) -> None:
    if not corrects:
        advance(account, Doing.REPORT, by=by, at=at, via=via, before=drafts)
        return
    check_role(by, act_that(program, Doing.REPORT).by)
    record(account.stream, drafts, at=at, program=program)


def _told(account: Account, findings: Sequence[Finding], today: date) -> dict[str, Json]:
    """Return each finding with the day by which it must be answered; none for a best practice."""
    due = due_after(account, Mark.VALIDATION_REPORTED, on=today)
    found: dict[str, Json] = {}
    for finding in findings:
        day = finding.due_on or due
        found[str(finding.seq)] = day.isoformat() if day and finding.kind != BEST else None
    return found


def report_text(
    account: Account,
    program: Program,
    case: ValidationCase,
    findings: Sequence[Finding],
    version: int,
    by: Person,
    at: datetime,
    language: str,
    reason: str,
) -> ReportText:
    """Return everything that a version of the report prints."""
    key = "es" if language.startswith("es") else "en"
    asked = _criteria(account.program, case.edition)
    sites = {site.seq: site for site in queries.sites_of(case)}
    hashes = _hashes(account.stream, findings)
    head, coverage = head_of(account.stream), queries.coverage_of(account, case)
    due = due_after(account, Mark.VALIDATION_REPORTED, on=program.day_of(at))
    names = names_of(case.team)
    return ReportText(
        program=program.title.in_(language),
        authority=program.authority_name.in_(language),
        disclaimer=program.disclaimer.in_(language),
        language=key,
        company=account.company_name,
        account=account.stream,
        entity_type=program.entity_type(account.entity_type).title.in_(language),
        number=f"{account.stream}-{case.number}",
        version=version,
        reason=reason,
        on_text=day_words(program.day_of(at), language),
        visit_text=day_words(case.visited_on, language) if case.visited_on else "",
        mode=case.mode,
        edition=case.edition,
        scope=case.scope,
        rationale=case.rationale,
        team=tuple(names.get(person, person) for person in case.team),
        sites=tuple(_site_text(site, program, language) for site in sites.values()),
        judged=coverage.judged,
        asked=coverage.asked,
        musts_judged=coverage.musts_judged,
        musts=coverage.musts,
        findings=tuple(_finding_text(one, asked, sites, hashes, due, language) for one in findings),
        signer=by.name,
        signer_role=program.roles[by.actor.role].title.in_(language),
        head_text=f"{account.stream}, {head.seq}: {head.hash}",
    )


def _criteria(program: str, edition: str) -> dict[str, Criterion]:
    return {
        criterion.id: criterion
        for one in editions(program)
        if one.id == edition
        for criterion in one.criteria
    }


def _hashes(stream: str, findings: Sequence[Finding]) -> dict[int, str]:
    """Return the hash of each document that a finding rests on, by its place."""
    places = {seq for finding in findings for seq in finding.evidence}
    rows = Document.objects.filter(stream=stream, seq__in=places)
    return dict(rows.values_list("seq", "sha256"))


def _site_text(site: Site, program: Program, language: str) -> SiteText:
    reason = program.reasons.get(site.reason)
    return SiteText(
        name=site.name,
        country=site.country,
        owner=site.owner,
        is_foreign=site.is_foreign,
        how=site.how,
        state=site.state,
        reason=reason.in_(language) if reason else "",
    )


def _finding_text(
    finding: Finding,
    asked: Mapping[str, Criterion],
    sites: Mapping[int, Site],
    hashes: Mapping[int, str],
    due: date | None,
    language: str,
) -> FindingText:
    criterion = asked.get(finding.criterion)
    answer_by = finding.due_on or (None if finding.kind == BEST else due)
    return FindingText(
        number=finding.seq,
        kind=finding.kind,
        criterion=finding.criterion,
        title=criterion.title.in_(language) if criterion else "",
        site=sites[finding.site_seq].name if finding.site_seq in sites else "",
        judgment=finding.judgment,
        asks=finding.asks,
        due_text=day_words(answer_by, language) if answer_by else "",
        evidence=tuple(hashes[seq] for seq in finding.evidence if seq in hashes),
        framework=tuple(
            (key, finding.framework.get(key, "no"), finding.reasons.get(key, ""))
            for key in queries.FRAMEWORK
            if finding.kind == BEST
        ),
    )
