"""The member's work: agreement, risk assessment, answers, evidence, submission."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from ninja import Field, File, Form
from ninja.files import UploadedFile

from greenlane.api.v1.accounts import shown
from greenlane.api.v1.base import VIA, Body, Language, account_for, acting_on, api
from greenlane.apps.accounts.credentials import check_second_factor
from greenlane.apps.documents.actions import give_document
from greenlane.apps.members import queries
from greenlane.apps.members.actions.steps import step
from greenlane.apps.profiles.actions.answers import (
    give_evidence,
    save_answer,
    submit,
)
from greenlane.apps.profiles.queries import ProfileRow, profile_of, submission_of
from greenlane.apps.risk.actions import file_assessment
from greenlane.content.packs import load_program
from greenlane.core.access import company_actors, doing, having
from greenlane.core.canonical import sha256_hex
from greenlane.core.errors import BadInput, NotAllowed
from greenlane.core.program import SUBMITTING_PURPOSES
from greenlane.core.vocabulary import Power, Purpose
from greenlane.gate.access import now, signed_in, today
from greenlane.gate.records import document_given
from greenlane.gate.uploads import content_of

_BY_ACTS: Final = frozenset(
    {
        "evidence",
        "inspection",
        "letter",
        "risk_assessment",
        "trust",
        "validation",
        "validation_report",
    }
)
"""Purposes that the record's own acts give; some decide who may read the document."""


class SignIn(Body):
    """A signature: the text's hash as it was read, and a fresh code of the second factor."""

    text_sha256: str = Field(min_length=64, max_length=64)
    language: Language = "en"
    code: str = Field(description="Present code of the signer's authenticator app.")


class AnswerIn(Body):
    """One answer of the security profile."""

    outcome: str = Field(description="IMPLEMENTED, PARTLY, NOT_YET or NOT_APPLICABLE")
    words: str
    parts: dict[str, str] = Field(default_factory=dict, description="Part key to yes or no.")
    scope: str = ""


class SubmitIn(Body):
    """Which submission; without one, the one that starts from where the account stands."""

    act: str = Field("", description="Act of the pack that submits, such as its review.")


def profile_row(row: ProfileRow, language: str) -> dict[str, Any]:
    """Return a criterion with its answer as the member may see it: never an internal note."""
    criterion, answer, review = row.criterion.criterion, row.answer, row.review
    return {
        "criterion": criterion.id,
        "id_status": criterion.id_status.value,
        "label": row.criterion.label.in_(language),
        "title": criterion.title.in_(language),
        "level": row.criterion.level.value,
        "cell": row.criterion.state.value,
        "cell_basis": row.criterion.basis.in_(language),
        "cell_sources": [source.title.in_(language) for source in row.criterion.sources],
        "blocks": row.blocks,
        "state": row.state.value,
        "answer": {
            "outcome": answer.outcome,
            "words": answer.words,
            "scope": answer.scope,
            "parts": answer.parts,
            "saved_on": answer.saved_on,
            "event": answer.seq,
        }
        if answer
        else None,
        "evidence": [
            {"document": document.seq, "name": document.name, "sha256": document.sha256}
            for _, document in row.evidence
        ],
        "review": {"decision": review.decision, "reason": review.reason, "on": review.on}
        if review
        else None,
    }


@api.get("/accounts/{key}/agreement", url_name="agreement", summary="The text to sign")
def agreement(request: HttpRequest, key: str, lang: str = "en") -> dict[str, Any]:
    """Return the agreement in force, its text and the hash that a signature names."""
    account = account_for(request, key)
    text = load_program(account.program).agreement_on(today())
    words = text.text.in_(lang)
    return {
        "agreement": text.id,
        "title": text.title.in_(lang),
        "text": words,
        "text_sha256": sha256_hex(words.encode()),
        "signatures": [
            {"signer": s.signer, "on": s.signed_on, "text_sha256": s.text_sha256}
            for s in queries.signatures(key)
        ],
    }


@api.post("/accounts/{key}/agreement", url_name="sign", summary="Sign it")
def sign(request: HttpRequest, key: str, body: SignIn) -> dict[str, Any]:
    """Sign the agreement as a company officer, with a fresh second factor."""
    account, actor = acting_on(request, key, doing(Purpose.SIGN_AGREEMENT))
    text = load_program(account.program).agreement_on(today())
    if sha256_hex(text.text.in_(body.language).encode()) != body.text_sha256:
        raise BadInput("The hash is not that of the text in force. Read the present text first.")
    if not check_second_factor(signed_in(request), body.code):
        raise NotAllowed("The code is wrong or used up. Give the present code of your app.")
    done = step(
        account=account,
        act=load_program(account.program).act_that(Purpose.SIGN_AGREEMENT).id,
        by=actor,
        at=now(),
        given={
            "agreement": text.id,
            "text_sha256": body.text_sha256,
            "language": body.language,
        },
        via=VIA,
    )
    return shown(request, done)


@api.post("/accounts/{key}/risk-assessments", url_name="risk", summary="File one")
def risk_assessment(
    request: HttpRequest,
    key: str,
    file: File[UploadedFile],
    assessed_on: Form[date],
    summary: Form[str] = "",
) -> dict[str, Any]:
    """File a dated risk assessment."""
    account, actor = acting_on(request, key, company_actors)
    done = file_assessment(
        account=account,
        assessed_on=assessed_on,
        name=file.name or "file",
        content=content_of(file),
        summary=summary,
        by=actor,
        at=now(),
        via=VIA,
    )
    return shown(request, done)


@api.post("/accounts/{key}/documents", url_name="documents", summary="Give a document")
def document(
    request: HttpRequest, key: str, file: File[UploadedFile], purpose: Form[str] = "other"
) -> dict[str, Any]:
    """Give a document of the account, such as the authority's letter of an outside decision.

    Both sides can read it.
    """
    program = load_program(account_for(request, key).program)
    giving = program.own_roles | program.roles_that_may(Power.BE_ASSIGNED)
    account, actor = acting_on(request, key, giving)
    if not purpose.replace("_", "").isalnum() or len(purpose) > 40:
        raise BadInput("A purpose is one short word, such as outside_decision.")
    if purpose in _BY_ACTS:
        raise BadInput(
            "A document for {purpose} comes with the act that it belongs to. Send it there, or "
            "give it another purpose.",
            purpose=purpose,
        )
    given = give_document(
        stream=account.stream,
        name=file.name or "file",
        content=content_of(file),
        purpose=purpose,
        by=actor,
        at=now(),
        program=load_program(account.program),
        via=VIA,
    )
    return {"document": given.seq, "sha256": given.sha256, "media_type": given.media_type}


@api.get("/accounts/{key}/documents/{seq}", url_name="document", summary="One document")
def one_document(request: HttpRequest, key: str, seq: int) -> HttpResponse:
    """Return a document of the account; a company gets none that the office keeps to itself."""
    return document_given(request, account_for(request, key), seq)


@api.get("/accounts/{key}/profile", url_name="profile", summary="The security profile")
def profile(request: HttpRequest, key: str, lang: str = "en") -> dict[str, Any]:
    """Return every criterion asked with its answer, and what blocks a submission."""
    found = profile_of(account_for(request, key), on=today())
    return {
        "criteria": [profile_row(row, lang) for row in found.rows],
        "blocking": [row.criterion.id for row in found.unanswered_musts],
        "returned": [row.criterion.id for row in found.open_returns],
        "weak": [row.criterion.id for row in found.weak_points],
    }


@api.put("/accounts/{key}/profile/{criterion}", url_name="answer", summary="Save one answer")
def answer(request: HttpRequest, key: str, criterion: str, body: AnswerIn) -> dict[str, Any]:
    """Save the answer to one criterion."""
    account, actor = acting_on(request, key, having(Power.ANSWER))
    saved = save_answer(
        account=account,
        criterion=criterion,
        outcome=body.outcome,
        words=body.words,
        by=actor,
        at=now(),
        parts=body.parts,
        scope=body.scope,
        via=VIA,
    )
    return {"criterion": criterion, "event": saved.seq, "saved_on": saved.saved_on}


@api.post("/accounts/{key}/profile/{criterion}/evidence", url_name="evidence", summary="Add proof")
def evidence(
    request: HttpRequest,
    key: str,
    criterion: str,
    file: File[UploadedFile],
    kind: Form[str] = "",
    dated_on: Form[date | None] = None,
) -> dict[str, Any]:
    """Attach a document to a criterion."""
    account, actor = acting_on(request, key, having(Power.ANSWER))
    given = give_evidence(
        account=account,
        criterion=criterion,
        name=file.name or "file",
        content=content_of(file),
        by=actor,
        at=now(),
        kind=kind,
        dated_on=dated_on,
        via=VIA,
    )
    return {"document": given.seq, "sha256": given.sha256, "media_type": given.media_type}


@api.post("/accounts/{key}/submit", url_name="submit", summary="Submit")
def submit_(request: HttpRequest, key: str, body: SubmitIn) -> dict[str, Any]:
    """Submit the application, a resubmission, or the annual review."""
    account = account_for(request, key)
    program = load_program(account.program)
    act = body.act or submission_of(account).id
    known = [row.id for row in program.acts_that(*SUBMITTING_PURPOSES)]
    if act not in known:
        raise BadInput(f"{act[:40]} is no submission. Use one of {', '.join(known)}.")
    account, actor = acting_on(request, key, program.transition(act).by)
    return shown(request, submit(account=account, by=actor, at=now(), act=act, via=VIA))
