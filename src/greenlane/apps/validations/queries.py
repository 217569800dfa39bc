"""Reads validation cases: what is planned, seen, found, answered; and what guards may know of it.

What the company may read is asked for by functions whose name says so; everything else is the
office's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, TypeVar

from greenlane.apps.audit.queries import events_of
from greenlane.apps.certification.facts import act_facts as facts_below
from greenlane.apps.criteria.queries import applicable
from greenlane.apps.documents.models import Document
from greenlane.apps.documents.queries import NoSuchDocument
from greenlane.apps.members.models import Account
from greenlane.apps.validations.models import (
    CheckDraft,
    Finding,
    Note,
    Paper,
    Photo,
    Report,
    Site,
    SiteCheck,
    Turn,
    ValidationCase,
)
from greenlane.content.packs import load_program
from greenlane.core.criteria import ApplicableCriterion
from greenlane.core.errors import NotFound
from greenlane.core.facts import FactValue
from greenlane.core.program import Count, Program
from greenlane.core.vocabulary import CriterionLevel, Tier

FRAMEWORK: Final = ("support", "innovation", "documented", "accountability", "evidence")
"""The five requirements of a best practice (programme dossier (l); their names are unverified)."""
REQUIRED: Final = "REQUIRED_ACTION"
RECOMMENDED: Final = "RECOMMENDATION"
BEST: Final = "BEST_PRACTICE"
INSPECTION: Final = "inspection"
"""Purpose of documents that the office takes at a visit: no company opens one not reported."""
_P = TypeVar("_P", Paper, Photo)
_CLOSED_ANSWERS: Final = frozenset({"ACCEPTED", "VERIFIED", "DROPPED"})


class NoSuchCase(NotFound):
    """There is no such validation case, or it is not yours to see."""

    code = "validation.not_found"


class NoSuchFinding(NotFound):
    """There is no such finding, or it is not yours to see."""

    code = "finding.not_found"


class NoSuchSite(NotFound):
    """The case has no such site."""

    code = "site.not_found"


# --- Cases ----------------------------------------------------------------------------------------


def open_case_of(stream: str) -> ValidationCase | None:
    """Return the account's open validation case, or None."""
    return ValidationCase.objects.filter(stream=stream, is_open=True).first()


def case_open(stream: str) -> ValidationCase:
    """Return the account's open validation case.

    Raises:
        NoSuchCase: none is open.
    """
    found = open_case_of(stream)
    if found is None:
        raise NoSuchCase(
            "Account {account} has no open validation case. Open one first.", account=stream
        )
    return found


def cases_of(stream: str) -> Sequence[ValidationCase]:
    """Return the account's validation cases, latest first."""
    return list(ValidationCase.objects.filter(stream=stream).order_by("-seq"))


def latest_case(stream: str) -> ValidationCase | None:
    """Return the open case, or the one that was closed last."""
    return ValidationCase.objects.filter(stream=stream).order_by("-seq").first()


def sites_of(case: ValidationCase) -> Sequence[Site]:
    """Return the sites of a case in the order in which they were added."""
    return list(Site.objects.filter(stream=case.stream, case_seq=case.seq).order_by("seq"))


def site_of(case: ValidationCase, seq: int) -> Site:
    """Return one site of a case.

    Raises:
        NoSuchSite: the case has none at that place.
    """
    found = Site.objects.filter(stream=case.stream, case_seq=case.seq, seq=seq).first()
    if found is None:
        raise NoSuchSite("The case has no site {seq}.", seq=seq)
    return found


def sites_to_visit(case: ValidationCase) -> list[int]:
    """Return the places of the sites that the next visit may look at, the planned ones first.

    While no visit is held, those of an earlier visit count too: after a deferral a second one may
    look at them again. A site that was left out is none of them, nor one whose certificate of a
    recognized program stands for the visit.
    """
    states = ["PLANNED"] if case.visited_on is not None else ["PLANNED", "VISITED"]
    sites = [site for site in sites_of(case) if site.state in states and site.how != "RECOGNIZED"]
    return [site.seq for site in sorted(sites, key=lambda site: states.index(site.state))]


def papers_of(case: ValidationCase) -> list[tuple[Paper, Document]]:
    """Return the documents that the company gave to the case, with their files."""
    return _with_documents(
        case.stream,
        list(Paper.objects.filter(stream=case.stream, case_seq=case.seq).order_by("seq")),
    )


def photos_of(case: ValidationCase, site: int, criterion: str) -> list[tuple[Photo, Document]]:
    """Return what was taken at a site for a criterion (office only)."""
    rows = Photo.objects.filter(
        stream=case.stream, case_seq=case.seq, site_seq=site, criterion=criterion
    )
    return _with_documents(case.stream, list(rows.order_by("seq")))


def all_photos_of(case: ValidationCase) -> list[tuple[Photo, Document]]:
    """Return everything that was taken at the visit (office only)."""
    rows = Photo.objects.filter(stream=case.stream, case_seq=case.seq).order_by("seq")
    return _with_documents(case.stream, list(rows))


def _with_documents(stream: str, rows: list[_P]) -> list[tuple[_P, Document]]:
    wanted = [row.document_seq for row in rows]
    documents = {d.seq: d for d in Document.objects.filter(stream=stream, seq__in=wanted)}
    return [(row, documents[row.document_seq]) for row in rows if row.document_seq in documents]


def notes_of(case: ValidationCase) -> Sequence[Note]:
    """Return the internal notes, latest first (office only)."""
    return list(Note.objects.filter(stream=case.stream, case_seq=case.seq).order_by("-seq"))


def reports_of(case: ValidationCase) -> Sequence[Report]:
    """Return the versions of the report, latest first."""
    return list(Report.objects.filter(stream=case.stream, case_seq=case.seq).order_by("-version"))


# --- Checklist ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One criterion at one site: what is asked, what was seen, what is being typed."""

    criterion: ApplicableCriterion
    check: SiteCheck | None
    draft: CheckDraft | None
    photos: int
    findings: int


def checklist_of(account: Account, case: ValidationCase, site: Site) -> list[CheckRow]:
    """Return the checklist of a site, in the order of the criteria; six queries.

    Every criterion of the edition in force when the case was opened, for this entity type: the
    scope says which of them the visit looks at.
    """
    asked = applicable(account.program, account.entity_type, on=case.opened_on)
    here = {"stream": case.stream, "site_seq": site.seq}
    checks = {row.criterion: row for row in SiteCheck.objects.filter(**here)}
    drafts = {
        row.criterion: row
        for row in CheckDraft.objects.filter(account=case.stream, site_seq=site.seq)
    }
    photos = _counted(list(Photo.objects.filter(**here).values_list("criterion", flat=True)))
    raised = Finding.objects.filter(**here).exclude(state="DROPPED")
    findings = _counted(list(raised.values_list("criterion", flat=True)))
    return [
        CheckRow(
            one,
            checks.get(one.id),
            drafts.get(one.id),
            photos.get(one.id, 0),
            findings.get(one.id, 0),
        )
        for one in asked
    ]


def _counted(keys: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for key in keys:
        found[key] = found.get(key, 0) + 1
    return found


def judged_at(case: ValidationCase, site: Site) -> int:
    """Return how many criteria have a judgment at a site."""
    return SiteCheck.objects.filter(
        stream=case.stream, case_seq=case.seq, site_seq=site.seq
    ).count()


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of the checklist was judged: the completeness that a decision rests on (P12)."""

    asked: int
    judged: int
    musts: int
    musts_judged: int
    not_met: int


def coverage_of(account: Account, case: ValidationCase) -> Coverage:
    """Return how many criteria were judged at one site at least; two queries."""
    asked = applicable(account.program, account.entity_type, on=case.opened_on)
    judged: dict[str, set[str]] = {}
    for criterion, result in SiteCheck.objects.filter(
        stream=case.stream, case_seq=case.seq
    ).values_list("criterion", "result"):
        judged.setdefault(criterion, set()).add(result)
    seen = {key for key, results in judged.items() if results - {"NOT_SEEN"}}
    musts = {one.id for one in asked if one.level is CriterionLevel.MUST}
    return Coverage(
        len(asked),
        len(seen & {one.id for one in asked}),
        len(musts),
        len(seen & musts),
        sum("NOT_MET" in results for results in judged.values()),
    )


# --- Findings -------------------------------------------------------------------------------------


def findings_of(case: ValidationCase) -> Sequence[Finding]:
    """Return every finding that was not dropped, required actions first (office only)."""
    rows = Finding.objects.filter(stream=case.stream, case_seq=case.seq).exclude(state="DROPPED")
    return sorted(rows, key=lambda row: (_ORDER[row.kind], row.seq))


_ORDER: Final = {REQUIRED: 0, RECOMMENDED: 1, BEST: 2}


def finding_of(case: ValidationCase, seq: int) -> Finding:
    """Return one finding of a case (office only).

    Raises:
        NoSuchFinding: there is none at that place.
    """
    found = Finding.objects.filter(stream=case.stream, case_seq=case.seq, seq=seq).first()
    if found is None or found.state == "DROPPED":
        raise NoSuchFinding("The case has no finding {seq}.", seq=seq)
    return found


def findings_for_company(case: ValidationCase) -> list[Finding]:
    """Return the findings that the company may read: those that a report told it."""
    return [row for row in findings_of(case) if row.reported_on is not None]


def finding_for_company(case: ValidationCase, seq: int) -> Finding:
    """Return one finding as the company may read it.

    Raises:
        NoSuchFinding: there is none, or no report told of it yet.
    """
    found = finding_of(case, seq)
    if found.reported_on is None:
        raise NoSuchFinding("The case has no finding {seq}.", seq=seq)
    return found


def turns_of(finding: Finding) -> Sequence[Turn]:
    """Return the exchange about a finding, in order."""
    return list(Turn.objects.filter(stream=finding.stream, finding_seq=finding.seq).order_by("seq"))


def check_open_to_company(document: Document) -> None:
    """Refuse a document of the office's inspection, unless a reported finding rests on it.

    Raises:
        NoSuchDocument: it is not the company's to see; the answer does not tell that it is there.
    """
    if document.purpose != INSPECTION:
        return
    for evidence in Finding.objects.filter(
        stream=document.stream, reported_on__isnull=False
    ).values_list("evidence", flat=True):
        if document.seq in evidence:
            return
    raise NoSuchDocument(
        "Account {account} has no document {seq}, or it is not yours to see.",
        account=document.stream,
        seq=document.seq,
    )


def needs_answer(finding: Finding) -> bool:
    """Tell whether the company still owes an answer: a best practice asks for none."""
    return finding.kind != BEST and finding.state in ("REPORTED", "ASKED_AGAIN")


def is_asked_again(account: Account) -> bool:
    """Tell whether the office asks again about an answer that was submitted already."""
    if account.validation not in ("ANSWERED", "ACTIONS_OPEN"):
        return False
    return Finding.objects.filter(stream=account.stream, state="ASKED_AGAIN").exists()


def meets_framework(finding: Finding) -> bool:
    """Tell whether a best practice meets all five requirements of the framework.

    Source: CBP best practices page; programme dossier (l).
    """
    return finding.kind == BEST and all(finding.framework.get(one) == "yes" for one in FRAMEWORK)


def open_required(case: ValidationCase) -> list[Finding]:
    """Return the required actions not yet verified (R3): nothing closes over them."""
    return [row for row in findings_of(case) if row.kind == REQUIRED and row.state != "VERIFIED"]


def open_recommendations(case: ValidationCase) -> list[Finding]:
    """Return the recommendations whose answer is not accepted."""
    return [
        row
        for row in findings_of(case)
        if row.kind == RECOMMENDED and row.state not in _CLOSED_ANSWERS
    ]


# --- Facts ----------------------------------------------------------------------------------------


def notice_days(program: Program) -> int:
    """Return how many days before a visit the pack asks for notice; 0 where it asks for none."""
    rows = [d for d in program.deadlines.values() if d.count is Count.BEFORE_VISIT and d.period]
    return max((d.period.days for d in rows if d.period), default=0)


def is_short_notice(program: Program, case: ValidationCase, *, on: date) -> bool:
    """Tell whether the planned visit lies nearer than the notice period allows."""
    if case.visit_on is None:
        return False
    return case.visit_on < (case.notified_on or on) + timedelta(days=notice_days(program))


def visitors_of(case: ValidationCase) -> frozenset[str]:
    """Return everybody who was in the team when a visit of this case was held, even an earlier one.

    Read from the record: a case that was deferred after its visit gets a new team.
    """
    team: list[str] = []
    went: set[str] = set()
    for event in events_of(case.stream, after=case.seq, kinds=("validation",)):
        if event.act == "validation.prepared":
            team = list(event.fields["payload"]["team"])
        elif event.act == "validation.visited":
            went.update(team)
    return frozenset(went)


def validation_facts(account: Account, *, on: date) -> dict[str, FactValue]:
    """Return what the open validation case knows for the guards; nothing without a case.

    About six queries. What is known here cannot be claimed by a declaration: it wins over one.
    """
    case = open_case_of(account.stream)
    if case is None:
        return _closed_facts(account)
    findings = findings_of(case)
    best = [row for row in findings if meets_framework(row) and row.reported_on is not None]
    required = [row for row in findings if row.kind == REQUIRED and row.state != "VERIFIED"]
    known: dict[str, FactValue] = {
        "validation.scope_is_set": bool(case.scope or case.is_erased)
        and Site.objects.filter(stream=case.stream, case_seq=case.seq).exists(),
        "validation.notice_is_sent": case.notified_on is not None,
        "validation.notice_is_waived": case.waived_on is not None,
        "validation.visit_is_held": case.visited_on is not None,
        "validation.report_is_issued": bool(reports_of(case)),
        "validation.required_actions_open": len(required),
        "validation.effort_working_days": case.effort_days,
        "validation.exceeds_criteria": bool(best) and not required,
        "validation.no_longer_exceeds": not best,
    }
    if case.visit_on is not None:
        known["validation.visit_on"] = case.visit_on
        known["validation.notice_is_in_time"] = not is_short_notice(
            load_program(account.program), case, on=on
        )
    return known


def _closed_facts(account: Account) -> dict[str, FactValue]:
    """Return what the latest closed case still tells: the tier rests on its findings."""
    case = latest_case(account.stream)
    if case is None or not case.outcome.startswith("VALIDATED"):
        return {}
    best = [row for row in findings_of(case) if meets_framework(row)]
    return {
        "validation.exceeds_criteria": bool(best),
        "validation.no_longer_exceeds": not best,
        "validation.required_actions_open": len(open_required(case)),
    }


def act_facts(account: Account, *, on: date) -> dict[str, FactValue]:
    """Return what profile, vetting and validation know on ``on``: for the guards of any act."""
    return {**facts_below(account, on=on), **validation_facts(account, on=on)}


def tiers_open(account: Account, case: ValidationCase) -> Mapping[Tier, bool]:
    """Return the tiers that a positive decision may give, and whether the findings carry them."""
    program = load_program(account.program)
    entity = program.entity_type(account.entity_type)
    if not entity.tiers:
        return {Tier.NONE: True}
    exceeds = any(meets_framework(row) for row in findings_of(case))
    reachable = Tier.T3 in entity.tiers
    found = {entity.validated_tier: True}
    if reachable:
        found[Tier.T3] = exceeds
    return found


def drafts_of(stream: str, site: int, criterion: str) -> CheckDraft | None:
    """Return what is being typed for a criterion at a site, or None."""
    return CheckDraft.objects.filter(account=stream, site_seq=site, criterion=criterion).first()
