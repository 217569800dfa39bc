"""Suspensions and appeals: the same acts as on the pages, with the same guards."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from ninja import Field

from greenlane.api.v1.base import VIA, Body, Language, account_for, acting_on, api
from greenlane.apps.accounts.queries import names_of
from greenlane.apps.certification.actions import Person
from greenlane.apps.suspensions import queries
from greenlane.apps.suspensions.actions import answers, appeals, endings, proposals
from greenlane.apps.suspensions.acts import (
    Word,
    act_for,
    act_of_appeal,
    judges_of_appeals,
    judges_of_plans,
    proposers,
    roles_for,
)
from greenlane.content.packs import load_program
from greenlane.core.errors import BadInput
from greenlane.core.lifecycle.decide import Actor
from greenlane.gate.access import now
from greenlane.gate.records import works_on_cases

if TYPE_CHECKING:
    from greenlane.apps.members.models import Account
    from greenlane.apps.suspensions.models import Appeal, Suspension
    from greenlane.apps.suspensions.queries import AnySuspension


class SuspensionIn(Body):
    """A proposal; the company sees nothing of it."""

    ground: str = Field(examples=["G2"])
    reasons: str
    memo: str = ""
    path: str = "NORMAL"
    degree: str = "FULL"
    urgency: str = ""
    benefits: list[str] = Field(default_factory=list)
    incidents: list[int] = Field(default_factory=list)
    discoveries: list[int] = Field(default_factory=list)
    findings: list[int] = Field(default_factory=list)
    documents: list[int] = Field(default_factory=list)
    is_aggravated: bool = False


class TrustActIn(Body):
    """What an act on a suspension asks for; each takes what concerns it."""

    words: str = ""
    language: Language = "en"
    is_fixed: bool = Field(False, description="reinstate: every weakness found is fixed.")
    is_aggravated: bool = Field(False, description="remove: the case is aggravated.")
    is_confirmed: bool = Field(False, description="review: the urgent path was right.")
    documents: list[int] = Field(default_factory=list, description="hear: documents on file.")


class PlanStepIn(Body):
    """One step of a plan."""

    objective: str
    responsible: str
    due_on: date


class PlanIn(Body):
    """A corrective action plan."""

    words: str
    consents: bool = False
    steps: list[PlanStepIn]


class ProofIn(Body):
    """Proof of a step."""

    words: str
    documents: list[int]


class JudgmentIn(Body):
    """The office's judgment of a step."""

    is_verified: bool
    words: str


class AppealIn(Body):
    """An appeal against the latest decision."""

    words: str
    documents: list[int] = Field(default_factory=list)


class DeterminationIn(Body):
    """The reasoned determination of an appeal."""

    is_granted: bool
    words: str
    language: Language = "en"


def _shown(one: AnySuspension) -> dict[str, Any]:
    plan = queries.plan_of(one)
    steps = queries.steps_of(plan) if plan else ()
    return {
        "suspension": one.seq,
        "number": one.number,
        "path": one.path,
        "degree": one.degree,
        "state": one.state,
        "ground": one.ground,
        "benefits": one.benefits,
        "reasons": one.reasons,
        "notified_on": one.notified_on,
        "heard_on": one.heard_on,
        "decided_on": one.decided_on,
        "reviewed_on": one.reviewed_on,
        "ended_on": one.ended_on,
        "plan": {
            "words": plan.words,
            "consents": plan.consents,
            "steps": [
                {
                    "step": step.number,
                    "objective": step.objective,
                    "responsible": step.responsible,
                    "due_on": step.due_on,
                    "state": step.state,
                }
                for step in steps
            ],
        }
        if plan
        else None,
    }


def _shown_to_office(one: Suspension) -> dict[str, Any]:
    return {**_shown(one), "memo": one.memo, "proposed_by": one.proposed_by}


def _appeal(one: Appeal) -> dict[str, Any]:
    return {
        "appeal": one.seq,
        "number": one.number,
        "against": one.decision_act,
        "filed_on": one.filed_on,
        "words": one.words,
        "documents": one.documents,
        "outcome": one.outcome,
        "decided_on": one.decided_on,
        "decision_words": one.decision_words,
    }


def _acting(request: HttpRequest, key: str, word: Word) -> tuple[Account, Actor]:
    queries.check_kept(account_for(request, key))
    return acting_on(request, key, lambda program: roles_for(program, word))


def _person(actor: Actor) -> Person:
    return Person(actor, names_of([actor.id]).get(actor.id, ""))


@api.get("/accounts/{key}/suspensions", url_name="suspensions", summary="Suspensions and appeals")
def list_suspensions(request: HttpRequest, key: str) -> dict[str, Any]:
    """List suspensions, appeals and the benefits that the account has now."""
    account = queries.check_kept(account_for(request, key))
    rows = (
        [_shown_to_office(one) for one in queries.suspensions_of(account.stream)]
        if works_on_cases(request, account)
        else [_shown(one) for one in queries.suspensions_for_company(account.stream)]
    )
    return {
        "suspensions": rows,
        "appeals": [_appeal(one) for one in queries.appeals_of(account.stream)],
        "benefits": {one.benefit.id: one.is_active for one in queries.benefits_of(account)},
    }


@api.post("/accounts/{key}/suspensions", url_name="propose_suspension", summary="Propose one")
def propose(request: HttpRequest, key: str, body: SuspensionIn) -> dict[str, Any]:
    """Propose a suspension or removal; another person decides it."""
    queries.check_kept(account_for(request, key))
    account, actor = acting_on(request, key, proposers)
    given = proposals.ProposalGiven(**body.dict())
    made = proposals.propose(account=account, given=given, by=actor, at=now(), via=VIA)
    return _shown_to_office(made)


_ELSEWHERE = frozenset({Word.PLAN, Word.PROVE, Word.JUDGE})
_WORDS = {word.value: word for word in Word if word not in _ELSEWHERE}


@api.post(
    "/accounts/{key}/suspensions/{seq}/acts/{act}",
    url_name="suspension_act",
    summary="notice, hear, decide, approve, decline, review, reinstate, remove or close",
)
def do(request: HttpRequest, key: str, seq: int, act: str, body: TrustActIn) -> dict[str, Any]:
    """Do one act on a suspension, from the notice to its end."""
    word = _WORDS.get(act)
    if word is None:
        raise BadInput(f"{act[:20]} is no act on a suspension. Use one of {', '.join(_WORDS)}.")
    # Whoever may do this to no suspension is not told which there are.
    account, actor = _acting(request, key, word)
    case = queries.suspension(account.stream, seq)
    row = act_for(load_program(account.program), word, case, is_confirmed=body.is_confirmed)
    account, actor = acting_on(request, key, row.by | row.second_by)
    _do(account, seq, word, body, actor)
    if works_on_cases(request, account):
        return _shown_to_office(queries.suspension(account.stream, seq))
    return _shown(queries.suspension_for_company(account.stream, seq))


def _do(account: Account, seq: int, word: Word, body: TrustActIn, actor: Actor) -> object:
    stamp: dict[str, Any] = {"account": account, "case": seq, "at": now(), "via": VIA}
    letter = {**stamp, "language": body.language, "by": _person(actor)}
    words: dict[str, Any] = {"words": body.words}
    if word is Word.NOTICE:
        return proposals.notify(**letter)
    if word is Word.HEAR:
        return proposals.hear(**stamp, **words, by=actor, documents=body.documents)
    if word is Word.DECLINE:
        return proposals.decline(**stamp, **words, by=actor)
    if word is Word.DECIDE:
        return proposals.decide(**letter, **words)
    if word is Word.APPROVE:
        return proposals.approve_at_once(**letter, **words)
    if word is Word.REVIEW:
        return endings.review_urgency(**letter, **words, is_confirmed=body.is_confirmed)
    if word is Word.REINSTATE:
        return endings.reinstate(**letter, **words, is_fixed=body.is_fixed)
    if word is Word.REMOVE:
        return endings.remove(**letter, **words, is_aggravated=body.is_aggravated)
    return endings.close_unanswered(**letter, **words)


@api.post(
    "/accounts/{key}/suspensions/{seq}/plan",
    url_name="answer_suspension",
    summary="Answer with a plan",
)
def plan(request: HttpRequest, key: str, seq: int, body: PlanIn) -> dict[str, Any]:
    """Answer a suspension with a corrective action plan, as the company."""
    account, actor = _acting(request, key, Word.PLAN)
    steps = [answers.StepGiven(one.objective, one.responsible, one.due_on) for one in body.steps]
    answers.answer(
        account=account,
        case=seq,
        words=body.words,
        steps=steps,
        consents=body.consents,
        by=actor,
        at=now(),
        via=VIA,
    )
    return _shown(queries.suspension_for_company(key, seq))


@api.post(
    "/accounts/{key}/suspensions/{seq}/steps/{number}/proof", url_name="prove", summary="Prove it"
)
def prove(request: HttpRequest, key: str, seq: int, number: int, body: ProofIn) -> dict[str, Any]:
    """Prove a step of the plan, as the company."""
    account, actor = _acting(request, key, Word.PROVE)
    done = answers.prove(
        account=account, case=seq, number=number, by=actor, at=now(), via=VIA, **body.dict()
    )
    return {"step": number, "state": done.state}


@api.post(
    "/accounts/{key}/suspensions/{seq}/steps/{number}/judgment",
    url_name="judge",
    summary="Verify a step, or ask again",
)
def judge(
    request: HttpRequest, key: str, seq: int, number: int, body: JudgmentIn
) -> dict[str, Any]:
    """Judge the proof of a step."""
    queries.check_kept(account_for(request, key))
    account, actor = acting_on(request, key, judges_of_plans)
    done = answers.judge(
        account=account, case=seq, number=number, by=actor, at=now(), via=VIA, **body.dict()
    )
    return {"step": number, "state": done.state}


@api.post("/accounts/{key}/appeals", url_name="appeal", summary="Appeal the latest decision")
def appeal(request: HttpRequest, key: str, body: AppealIn) -> dict[str, Any]:
    """Appeal the latest decision, as an officer."""
    found = queries.check_kept(account_for(request, key))
    account, actor = acting_on(request, key, act_of_appeal(found).by)
    made = appeals.file_appeal(account=account, by=actor, at=now(), via=VIA, **body.dict())
    return _appeal(made)


@api.post("/accounts/{key}/appeals/decision", url_name="determine", summary="Determine the appeal")
def determine(request: HttpRequest, key: str, body: DeterminationIn) -> dict[str, Any]:
    """Determine the open appeal, with reasons."""
    queries.check_kept(account_for(request, key))
    account, actor = acting_on(
        request, key, lambda program: judges_of_appeals(program, is_granted=body.is_granted)
    )
    done = appeals.decide_appeal(
        account=account, by=_person(actor), at=now(), via=VIA, **body.dict()
    )
    return _appeal(done)
