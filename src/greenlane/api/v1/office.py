"""The office's work: reviews, vetting, proposals, letters, the due list."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from ninja import Field

from greenlane.api.v1.accounts import shown
from greenlane.api.v1.base import VIA, Body, Language, account_for, acting_on, api, role_reading
from greenlane.apps.accounts.queries import names_of
from greenlane.apps.certification import queries as certification
from greenlane.apps.certification.actions import Person, certify, decline, propose
from greenlane.apps.certification.actions import approve as approve_act
from greenlane.apps.documents import store
from greenlane.apps.members import queries
from greenlane.apps.profiles.actions.reviews import close_review, review_criterion
from greenlane.apps.vetting.actions import record_check
from greenlane.apps.vetting.queries import checks_of
from greenlane.content.packs import load_program
from greenlane.core.access import having
from greenlane.core.deadlines import duty_json
from greenlane.core.errors import BadInput
from greenlane.core.lifecycle.decide import Actor
from greenlane.core.vocabulary import Matter, Power, Purpose
from greenlane.gate.access import now, the_program, today
from greenlane.gate.records import accounts_in_sight

if TYPE_CHECKING:
    from greenlane.apps.certification.models import Proposal
    from greenlane.apps.members.models import Account


class ReviewIn(Body):
    """A specialist's word on one criterion; ``answer_event`` is the answer that was read."""

    decision: str = Field(description="ACCEPTED, RETURNED or RAISED")
    answer_event: int = 0
    reason: str = ""
    note: str = Field("", description="Internal; the member never sees it.")


class CloseIn(Body):
    """How a review is closed: an act of the pack that does so."""

    act: str
    words: str = ""


class CheckIn(Body):
    """One run of one vetting check."""

    check: str
    result: str = Field(description="CLEAR, HIT, FAILED or CANNOT_TELL")
    source: str
    detail: str = ""
    run_on: date | None = None


class ProposeIn(Body):
    """A proposal for a second person's decision."""

    act: str = Field("", description="Act that needs a second person; else certification.")
    given: dict[str, str] = Field(default_factory=dict, description="Codes and days of the act.")
    words: str = ""


class DecideIn(Body):
    """The second person's decision."""

    language: Language = "en"
    words: str = ""
    expected: int | None = Field(None, description="The revision that the decision was made on.")


@api.post("/accounts/{key}/reviews/{criterion}", url_name="review", summary="Accept or return one")
def review(request: HttpRequest, key: str, criterion: str, body: ReviewIn) -> dict[str, Any]:
    """Accept, return or raise one criterion."""
    account, actor = acting_on(request, key, having(Power.REVIEW))
    review_criterion(
        account=account,
        criterion=criterion,
        decision=body.decision,
        by=actor,
        at=now(),
        answer_seq=body.answer_event,
        reason=body.reason,
        note=body.note,
        via=VIA,
    )
    return {"criterion": criterion, "decision": body.decision}


@api.post("/accounts/{key}/close-review", url_name="close_review", summary="Close the review")
def close(request: HttpRequest, key: str, body: CloseIn) -> dict[str, Any]:
    """Return or approve the profile, approve, reject or return the annual review."""
    program = load_program(account_for(request, key).program)
    closing = [row.id for row in program.acts_that(Purpose.CLOSE_REVIEW)]
    if body.act not in closing:
        raise BadInput(f"{body.act[:40]} closes no review. Use one of {', '.join(closing)}.")
    account, actor = acting_on(request, key, having(Power.REVIEW))
    done = close_review(
        account=account, act=body.act, by=actor, at=now(), words=body.words, via=VIA
    )
    return shown(request, done)


@api.get("/accounts/{key}/checks", url_name="checks", summary="Vetting (office only)")
def checks(request: HttpRequest, key: str) -> dict[str, Any]:
    """Return the vetting checks; for a member there is no such address."""
    account = account_for(request, key)
    role = role_reading(request, account, Matter.VETTING)
    return {
        "vetting": account.vetting,
        "checks": [
            {
                "check": state.check.id,
                "title": str(state.check.title),
                "required": state.check.is_required,
                "current": state.is_current,
                "result": state.latest.result if state.latest else None,
                "source": state.latest.source if state.latest else None,
                "run_on": state.latest.run_on if state.latest else None,
                "expires_on": state.latest.expires_on if state.latest else None,
            }
            for state in checks_of(account, role=role, on=today())
        ],
    }


@api.post("/accounts/{key}/checks", url_name="record_check", summary="Record a check")
def record(request: HttpRequest, key: str, body: CheckIn) -> dict[str, Any]:
    """Record one run of one check."""
    account, actor = acting_on(request, key, having(Power.VET))
    record_check(
        account=account,
        check=body.check,
        result=body.result,
        source=body.source,
        detail=body.detail,
        by=actor,
        at=now(),
        run_on=body.run_on,
        via=VIA,
    )
    return {"check": body.check, "result": body.result}


@api.post("/accounts/{key}/proposals", url_name="propose", summary="Propose certification")
def propose_(request: HttpRequest, key: str, body: ProposeIn) -> dict[str, Any]:
    """Propose an act that needs a second person."""
    program = load_program(account_for(request, key).program)
    row = program.transition(body.act) if body.act else program.act_that(Purpose.CERTIFY)
    account, actor = acting_on(request, key, row.by)
    made = propose(
        account=account,
        by=actor,
        at=now(),
        act=row.id,
        given=body.given,
        words=body.words,
        via=VIA,
    )
    return {"proposal": made.seq, "act": made.act, "state": made.state}


@api.post("/accounts/{key}/proposals/{seq}/approve", url_name="approve", summary="Approve it")
def approve(request: HttpRequest, key: str, seq: int, body: DecideIn) -> dict[str, Any]:
    """Approve a proposal: decision, step and, for a certification, its letter in one."""
    proposal, account, actor = _deciding(request, key, seq)
    if load_program(account.program).transition(proposal.act).does is not Purpose.CERTIFY:
        approved = approve_act(
            account=account,
            proposal=proposal,
            by=actor,
            at=now(),
            expected=body.expected,
            via=VIA,
        )
        return shown(request, approved)
    names = names_of([proposal.proposed_by, actor.id])
    done = certify(
        account=account,
        proposal=proposal,
        proposer=Person(
            Actor(proposal.proposed_by, proposal.role), names.get(proposal.proposed_by, "")
        ),
        by=Person(actor, names.get(actor.id, "")),
        at=now(),
        language=body.language,
        expected=body.expected,
        via=VIA,
    )
    return shown(request, done)


@api.post("/accounts/{key}/proposals/{seq}/decline", url_name="decline", summary="Decline it")
def decline_(request: HttpRequest, key: str, seq: int, body: DecideIn) -> dict[str, Any]:
    """Decline a proposal, with a reason."""
    proposal, account, actor = _deciding(request, key, seq)
    decline(
        account=account,
        proposal=proposal,
        by=actor,
        at=now(),
        words=body.words,
        expected=body.expected,
        via=VIA,
    )
    return shown(request, queries.account(key))


def _deciding(request: HttpRequest, key: str, seq: int) -> tuple[Proposal, Account, Actor]:
    program = load_program(account_for(request, key).program)
    proposal = certification.proposal(key, seq)
    account, actor = acting_on(request, key, program.transition(proposal.act).second_by)
    return proposal, account, actor


@api.get("/accounts/{key}/letters", url_name="letters", summary="Letters")
def letters(request: HttpRequest, key: str) -> dict[str, Any]:
    """List the letters issued to the account."""
    account_for(request, key)
    return {
        "letters": [
            {"letter": letter.seq, "kind": letter.kind, "on": letter.issued_on, "code": letter.code}
            for letter in certification.letters_of(key)
        ]
    }


@api.get("/accounts/{key}/letters/{seq}", url_name="letter", summary="One letter as PDF")
def letter_pdf(request: HttpRequest, key: str, seq: int) -> HttpResponse:
    """Return a letter's PDF, with the signed head of the record attached inside."""
    account_for(request, key)
    letter = certification.letter(key, seq)
    answer = HttpResponse(store.read(letter.sha256), content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{letter.kind}-{key}.pdf"'
    return answer


@api.get("/due", url_name="due", summary="The due list (office only)")
def due(request: HttpRequest, on: date | None = None, known: str = "then") -> dict[str, Any]:
    """List each account in your sight with its one bucket and its running duties on a day."""
    day = on or today()
    among = accounts_in_sight(request, the_program().id)
    found = queries.due_list(on=day, known_now=known == "now", among=among)
    return {
        "on": day,
        "known": known,
        "accounts": [
            {
                "account": row.stream,
                "company": row.company_name,
                "membership": row.membership,
                "bucket": row.bucket.id if row.bucket else "nothing due",
                "duties": [
                    duty_json(duty) for duty in row.duties if duty.state in ("open", "overdue")
                ],
            }
            for row in found
        ],
    }
