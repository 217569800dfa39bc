"""The company's answer: a corrective action plan with proof, and the office's judgment of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from greenlane.apps.audit.actions import one_at_a_time
from greenlane.apps.incidents.actions import Files, check_documents, keep_files
from greenlane.apps.members.models import Account
from greenlane.apps.suspensions import queries
from greenlane.apps.suspensions.actions.recording import advance, event, record
from greenlane.apps.suspensions.acts import Word, act_for, check_fits, judges_of_plans, roles_for
from greenlane.apps.suspensions.models import Plan, PlanStep
from greenlane.apps.validations.actions.recording import check_role, clean
from greenlane.content.packs import load_program
from greenlane.core.canonical import Json
from greenlane.core.errors import BadInput
from greenlane.core.facts import is_of_this_age
from greenlane.core.lifecycle.decide import Actor, Refused

MAX_STEPS = 30
MAX_RESPONSIBLE = 400


@dataclass(frozen=True, slots=True)
class StepGiven:
    """One step of a plan: what is to be reached, who sees to it, and by when."""

    objective: str
    responsible: str
    due_on: date


@one_at_a_time
def answer(
    *,
    account: Account,
    case: int,
    words: str,
    steps: Sequence[StepGiven],
    consents: bool,
    by: Actor,
    at: datetime,
    via: str = "",
) -> Plan:
    """Answer a suspension with a corrective action plan (S03); a later one takes its place.

    Args:
        words: What went wrong and why.
        steps: At least one, each with objective, person and day.
        consents: To unannounced visits; without it no reinstatement after a full suspension.

    Raises:
        BadInput: no words or no step, or a step without one of its three parts.
        Refused: the suspension is not in force. NoSuchSuspension, Conflict.

    Source: enforcement and appeal rules of 2009 (programme dossier g.4).
    """
    program = load_program(account.program)
    found = queries.suspension_for_company(account.stream, case)
    check_fits(found, Word.PLAN)
    if not 1 <= len(steps) <= MAX_STEPS:
        raise BadInput("A plan has one to {most} steps.", most=MAX_STEPS)
    if not all(is_of_this_age(one.due_on) for one in steps):
        raise BadInput("Each step of a plan is due on a day of this age. Correct the day.")
    payload: dict[str, Json] = {
        "case": case,
        "consents": consents,
        "due_on": [one.due_on.isoformat() for one in steps],
    }
    said: dict[str, Json] = {
        "words": clean(words, "what went wrong, and why"),
        "steps": [
            {
                "objective": clean(one.objective, "the objective of each step"),
                "responsible": clean(
                    one.responsible, "who is responsible for each step", fit=MAX_RESPONSIBLE
                ),
            }
            for one in steps
        ],
    }
    draft = event("suspension.answered", payload, on=program.day_of(at), by=by, via=via, words=said)
    advance(account, act_for(program, Word.PLAN, found), by=by, at=at, via=via, before=[draft])
    return queries.present_plan(found)


@one_at_a_time
def prove(
    *,
    account: Account,
    case: int,
    number: int,
    words: str,
    by: Actor,
    at: datetime,
    documents: Sequence[int] = (),
    files: Files = (),
    via: str = "",
) -> PlanStep:
    """Say that a step of the plan is carried out, with proof.

    Raises:
        NotAllowed, BadInput, NoSuchSuspension, NoSuchDocument, Conflict.
        Refused: the suspension is not in force, or the step is verified already.
    """
    program = load_program(account.program)
    check_role(by, roles_for(program, Word.PROVE))
    found = queries.suspension_for_company(account.stream, case)
    check_fits(found, Word.PROVE)
    step = queries.step_of(found, number)
    if step.state == "VERIFIED":
        raise Refused("plan.verified", "This step of the plan is verified already.")
    if not documents and not files:
        raise BadInput("Add at least one document or photograph that proves it.")
    check_documents(account.stream, documents, is_company=True)
    kept = [*documents, *keep_files(account, files, by=by, at=at, via=via)]
    payload: dict[str, Json] = {
        "case": case,
        "plan": step.plan_seq,
        "step": number,
        "documents": kept,
    }
    draft = event(
        "suspension.step_proved",
        payload,
        on=program.day_of(at),
        by=by,
        via=via,
        words={"words": clean(words, "what was done")},
    )
    record(account, draft, at=at, program=program)
    return queries.step_of(found, number)


@one_at_a_time
def judge(
    *,
    account: Account,
    case: int,
    number: int,
    is_verified: bool,
    words: str,
    by: Actor,
    at: datetime,
    via: str = "",
) -> PlanStep:
    """Verify a step of the plan, or ask again.

    Raises:
        NotAllowed, BadInput, NoSuchSuspension, Conflict.
        Refused: the suspension is not in force, or the step has no proof yet.
    """
    program = load_program(account.program)
    check_role(by, judges_of_plans(program))
    found = queries.suspension(account.stream, case)
    check_fits(found, Word.JUDGE)
    step = queries.step_of(found, number)
    if step.state != "PROVED":
        raise Refused("plan.unproved", "This step of the plan has no proof that waits for you.")
    payload: dict[str, Json] = {
        "case": case,
        "plan": step.plan_seq,
        "step": number,
        "is_verified": is_verified,
    }
    draft = event(
        "suspension.step_judged",
        payload,
        on=program.day_of(at),
        by=by,
        via=via,
        words={"words": clean(words, "what the judgment rests on")},
    )
    record(account, draft, at=at, program=program)
    return queries.step_of(found, number)
