"""Findings: raised at the visit, told by the report, answered by the company, verified, closed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from greenlane.apps.audit.actions import one_at_a_time
from greenlane.apps.audit.queries import head_of
from greenlane.apps.criteria.queries import applicable
from greenlane.apps.documents.actions import document_draft
from greenlane.apps.documents.models import Document
from greenlane.apps.members.models import Account
from greenlane.apps.validations import queries
from greenlane.apps.validations.actions.recording import (
    advance,
    check_role,
    clean,
    event,
    payload_of,
    record,
)
from greenlane.apps.validations.acts import Doing, act_that, inspectors
from greenlane.apps.validations.models import Finding, ValidationCase
from greenlane.apps.validations.queries import BEST, FRAMEWORK, RECOMMENDED, REQUIRED
from greenlane.content.packs import load_program
from greenlane.core.canonical import Json
from greenlane.core.errors import BadInput
from greenlane.core.lifecycle.decide import Actor, Refused

KINDS: Final = (REQUIRED, RECOMMENDED, BEST)
MEANS: Final = ("DOCUMENTS", "PHOTOS", "VISIT", "VIRTUAL")
"""How a closed finding was verified."""
OPEN_FOR_FINDINGS: Final = frozenset({"NOTIFIED", "VISITED"})
OPEN_FOR_ANSWERS: Final = frozenset({"REPORTED", "ANSWERED", "ACTIONS_OPEN"})
MAX_FILES: Final = 10


@dataclass(frozen=True, slots=True)
class FindingGiven:
    """A finding as a specialist gives it.

    Attributes:
        judgment: What was seen and why it is judged so; for the report.
        asks: What the company is asked to do; none for a best practice.
        evidence: Places of documents of this account that it rests on.
        framework, reasons: For a best practice: each of `FRAMEWORK` to yes or no, and why.
        due_on: A shorter limit for a required action; without it, that of the report.
    """

    kind: str
    site: int
    criterion: str
    judgment: str
    asks: str = ""
    evidence: Sequence[int] = ()
    framework: Mapping[str, str] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)
    due_on: date | None = None


@one_at_a_time
def raise_finding(
    *,
    account: Account,
    given: FindingGiven,
    by: Actor,
    at: datetime,
    revises: int | None = None,
    via: str = "",
) -> Finding:
    """Raise a finding, or revise one that no report told yet; the company does not see it so far.

    Raises:
        BadInput: no judgment, nothing asked for, a framework that is not complete, a document that
            is not on file. NoSuchCase, NoSuchSite, NoSuchFinding, NotAllowed, Conflict.
        Refused: the visit is not under way, or a report told it already.
    """
    check_role(by, inspectors(load_program(account.program)))
    program = load_program(account.program)
    case, today = queries.case_open(account.stream), program.day_of(at)
    if account.validation not in OPEN_FOR_FINDINGS:
        raise Refused(
            "status.wrong",
            "The validation of {account} is {state}; findings are raised from the notice to the "
            "report.",
            account=account.stream,
            state=account.validation,
        )
    if revises is not None:
        _check_untold(queries.finding_of(case, revises))
    words = _checked(account, case, given, today)
    payload: dict[str, Json] = payload_of(
        case,
        site=given.site,
        criterion=given.criterion,
        edition=case.edition,
        kind=given.kind,
        evidence=list(given.evidence),
        framework=dict(given.framework),
        due_on=given.due_on.isoformat() if given.due_on else None,
    )
    if revises is not None:
        payload["finding"] = revises
    act = "inspection.finding_raised" if revises is None else "inspection.finding_revised"
    draft = event(act, payload, on=today, by=by, via=via, words=words)
    (place,) = record(account.stream, [draft], at=at, program=program)
    return queries.finding_of(case, revises or place)


def _check_untold(finding: Finding) -> None:
    if finding.reported_on is not None:
        raise Refused(
            "finding.told",
            "Finding {seq} stands in a report. Verify it, or issue another version of the report.",
            seq=finding.seq,
        )


def _checked(
    account: Account, case: ValidationCase, given: FindingGiven, today: date
) -> dict[str, Json]:
    """Return the words of a finding; refuse what cannot stand in a report."""
    if given.kind not in KINDS:
        raise BadInput(
            "{kind!r} is no kind of finding. Use one of {kinds}.",
            kind=given.kind,
            kinds=", ".join(KINDS),
        )
    queries.site_of(case, given.site)
    asked = applicable(account.program, account.entity_type, on=case.opened_on)
    if all(one.id != given.criterion for one in asked):
        raise BadInput(
            "Criterion {criterion} asks nothing of this account.", criterion=given.criterion
        )
    if given.due_on is not None and given.due_on <= today:
        raise BadInput("The action is due on {day}, which has passed.", day=given.due_on)
    _check_documents(account.stream, given.evidence)
    judgment = clean(given.judgment, "what was seen, and why it is judged so")
    asks = clean(given.asks, "what the company is asked to do", is_needed=given.kind != BEST)
    reasons: dict[str, Json] = {}
    if given.kind == BEST:
        reasons = _check_framework(given)
    elif given.framework:
        raise BadInput("Only a best practice is held against the framework.")
    return {"judgment": judgment, "asks": asks, "reasons": reasons}


def _check_framework(given: FindingGiven) -> dict[str, Json]:
    if set(given.framework) != set(FRAMEWORK) or set(given.framework.values()) - {"yes", "no"}:
        raise BadInput(
            "A best practice is held against all five requirements, each with yes or no: {five}.",
            five=", ".join(FRAMEWORK),
        )
    return {
        key: clean(given.reasons.get(key, ""), "why the practice meets it, or not")
        for key in FRAMEWORK
    }


def _check_documents(stream: str, places: Sequence[int]) -> None:
    on_file = Document.objects.filter(stream=stream, seq__in=list(places), is_withdrawn=False)
    missing = sorted(set(places) - set(on_file.values_list("seq", flat=True)))
    if missing:
        raise BadInput("There is no document {seq} on file to rest on.", seq=missing[0])


@one_at_a_time
def drop_finding(*, account: Account, finding: int, by: Actor, at: datetime, via: str = "") -> None:
    """Take a finding back before the report; the record keeps that it was raised.

    Raises:
        NoSuchCase, NoSuchFinding, NotAllowed, Conflict. Refused: a report told it already.
    """
    check_role(by, inspectors(load_program(account.program)))
    program = load_program(account.program)
    case = queries.case_open(account.stream)
    _check_untold(queries.finding_of(case, finding))
    draft = event(
        "inspection.finding_dropped",
        payload_of(case, finding=finding),
        on=program.day_of(at),
        by=by,
        via=via,
    )
    record(account.stream, [draft], at=at, program=program)


@one_at_a_time
def answer_finding(
    *,
    account: Account,
    finding: int,
    words: str,
    files: Sequence[tuple[str, bytes]],
    by: Actor,
    at: datetime,
    via: str = "",
) -> Finding:
    """Answer one finding of the report, with proof.

    Args:
        words: What was done, by whom, since when; or, to a recommendation, why not.
        files: (name, content) of each proof; a required action needs one at least.

    Raises:
        BadInput: no words, or no proof for a required action. FileRefused, NoSuchCase,
        NoSuchFinding, Conflict. Refused: it waits for no answer.
    """
    program = load_program(account.program)
    check_role(by, _answering(account))
    case, today = queries.case_open(account.stream), program.day_of(at)
    found = queries.finding_for_company(case, finding)
    if account.validation not in OPEN_FOR_ANSWERS or found.kind == BEST:
        raise Refused("finding.closed", "Finding {seq} waits for no answer.", seq=finding)
    if found.state not in ("REPORTED", "ASKED_AGAIN", "ANSWERED"):
        raise Refused("finding.closed", "Finding {seq} is settled already.", seq=finding)
    said = clean(words, "what was done, by whom and since when")
    if not files and needs_proof(found):
        raise BadInput("A required action needs proof: attach a document or a photograph.")
    if len(files) > MAX_FILES:
        raise BadInput("At most {fit} files go with one answer.", fit=MAX_FILES)
    first = head_of(account.stream).seq + 1
    papers = [
        document_draft(name=name, content=content, purpose="validation", by=by, on=today, via=via)
        for name, content in files
    ]
    turn = event(
        "validation.finding_answered",
        payload_of(case, finding=finding, documents=[first + n for n in range(len(papers))]),
        on=today,
        by=by,
        via=via,
        words={"words": said},
    )
    record(account.stream, [*papers, turn], at=at, program=program)
    return queries.finding_of(case, finding)


def needs_proof(finding: Finding) -> bool:
    """Tell whether the next answer must bring proof: a required action without any so far."""
    return finding.kind == REQUIRED and not any(
        turn.documents for turn in queries.turns_of(finding)
    )


def _answering(account: Account) -> frozenset[str]:
    """Return who may answer: who may submit the answers, as the pack's row says (X06)."""
    return act_that(load_program(account.program), Doing.ANSWER).by


def needs_signature(account: Account) -> bool:
    """Tell whether submitting the answers is a signature: the pack lets only signing roles do it.

    CTPAT lets the point of contact answer too; a program whose row names officers only asks the
    officer to prove again who they are.
    """
    program = load_program(account.program)
    return all(program.roles[role].may_sign for role in act_that(program, Doing.ANSWER).by)


@one_at_a_time
def submit_answers(*, account: Account, by: Actor, at: datetime, via: str = "") -> Account:
    """Submit the answers to the report (X06): every finding that asks for one has one.

    Raises:
        BadInput: a finding has no answer yet; the message names the first.
        Refused: not lawful now. NoSuchCase, Conflict.
    """
    case = queries.case_open(account.stream)
    missing = [row for row in queries.findings_for_company(case) if queries.needs_answer(row)]
    if missing:
        raise BadInput(
            "{count} finding(s) have no answer yet; the first is on criterion {criterion}.",
            count=len(missing),
            criterion=missing[0].criterion,
        )
    return advance(account, Doing.ANSWER, by=by, at=at, via=via)


@one_at_a_time
def accept_answer(
    *, account: Account, finding: int, words: str, by: Actor, at: datetime, via: str = ""
) -> Finding:
    """Accept an answer. A recommendation is then settled; a required action is still to verify.

    Raises:
        NoSuchCase, NoSuchFinding, NotAllowed, Conflict. Refused: there is no answer to accept.
    """
    return _reply(
        account, finding, "validation.answer_accepted", words, by, at, via, is_needed=False
    )


@one_at_a_time
def ask_again(
    *,
    account: Account,
    finding: int,
    words: str,
    due_on: date,
    by: Actor,
    at: datetime,
    via: str = "",
) -> Finding:
    """Ask the company again, with what is missing and by when.

    Raises:
        BadInput: no words, or the day has passed. NoSuchCase, NoSuchFinding, NotAllowed, Conflict.
        Refused: there is no answer yet.
    """
    if due_on <= load_program(account.program).day_of(at):
        raise BadInput("The answer is due on {day}; give a day that is still to come.", day=due_on)
    more: dict[str, Json] = {"due_on": due_on.isoformat()}
    return _reply(account, finding, "validation.asked_again", words, by, at, via, more=more)


@one_at_a_time
def verify_finding(
    *,
    account: Account,
    finding: int,
    means: str,
    words: str,
    by: Actor,
    at: datetime,
    via: str = "",
) -> Finding:
    """Close a finding: only with how it was verified, by whom, and what was seen (P10).

    Args:
        means: One of MEANS.

    Raises:
        BadInput: no such means, or no words. NoSuchCase, NoSuchFinding, NotAllowed, Conflict.
        Refused: there is no answer that could be verified.

    Source: GAO-08-240 (follow-up of recommendations was not tracked).
    """
    if means not in MEANS:
        raise BadInput(
            "{means!r} is no way to verify. Use one of {known}.",
            means=means,
            known=", ".join(MEANS),
        )
    return _reply(
        account,
        finding,
        "validation.finding_verified",
        words,
        by,
        at,
        via,
        from_states=("ANSWERED", "ACCEPTED"),
        more={"means": means},
    )


def _reply(
    account: Account,
    finding: int,
    act: str,
    words: str,
    by: Actor,
    at: datetime,
    via: str,
    *,
    from_states: tuple[str, ...] = ("ANSWERED",),
    is_needed: bool = True,
    more: Mapping[str, Json] | None = None,
) -> Finding:
    check_role(by, inspectors(load_program(account.program)))
    program = load_program(account.program)
    case = queries.case_open(account.stream)
    found = queries.finding_of(case, finding)
    if account.validation not in ("ANSWERED", "ACTIONS_OPEN") or found.state not in from_states:
        raise Refused(
            "finding.not_answered",
            "Finding {seq} is {state}; wait for the company's submitted answer.",
            seq=finding,
            state=found.state,
        )
    said = clean(words, "what was looked at, or what is missing", is_needed=is_needed)
    draft = event(
        act,
        payload_of(case, finding=finding, documents=[], **dict(more or {})),
        on=program.day_of(at),
        by=by,
        via=via,
        words={"words": said},
    )
    record(account.stream, [draft], at=at, program=program)
    return queries.finding_of(case, finding)
