"""What answers, evidence and reviews mean for the tables of this app."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from django.db.models import Model

from greenlane.apps.audit.projection import Before, Change, Drafts, Fields, Projector
from greenlane.apps.profiles.models import Answer, AnswerDraft, Evidence, HeldEdition, Review
from greenlane.core.canonical import Json

Content = Mapping[str, Json] | None


def _answer(fields: Fields, content: Content, before: Before) -> Iterable[Change]:
    payload = fields["payload"]
    if fields["act"] == "answer.reaffirmed":
        for criterion in payload["criteria"]:
            yield Change(
                Answer,
                {"stream": fields["stream"], "criterion": criterion},
                {"reaffirmed_seq": fields["seq"], "reaffirmed_on": fields["on"]},
            )
        return
    words = content or {}
    if fields["act"] == "answer.restored":
        yield _restored(fields, content)
        return
    if before(HeldEdition, {"stream": fields["stream"]}) is None:
        yield _held(fields, payload["edition"])
    yield Change(
        Answer,
        {"stream": fields["stream"], "criterion": payload["criterion"]},
        {
            "edition": payload["edition"],
            "outcome": payload["outcome"],
            "parts": payload["parts"],
            "words": words.get("words", ""),
            "scope": words.get("scope", ""),
            "seq": fields["seq"],
            "saved_on": fields["on"],
            "saved_at": fields["recorded_at"],
            "saved_by": fields["actor"],
            "reaffirmed_seq": fields["seq"],
            "reaffirmed_on": fields["on"],
            "is_erased": content is None,
        },
    )


def _restored(fields: Fields, content: Content) -> Change:
    """Put an answer back as it stood before an edition that was undone: its review counts again."""
    payload, words = fields["payload"], content or {}
    return Change(
        Answer,
        {"stream": fields["stream"], "criterion": payload["criterion"]},
        {
            **{name: payload[name] for name in RESTORED_COLUMNS},
            "seq": payload["as_of"],
            "words": words.get("words", ""),
            "scope": words.get("scope", ""),
            "is_erased": content is None,
        },
    )


RESTORED_COLUMNS: Final = (
    "edition",
    "outcome",
    "parts",
    "saved_on",
    "saved_at",
    "saved_by",
    "reaffirmed_seq",
    "reaffirmed_on",
    "asked_again_seq",
)


def _held(
    fields: Fields, edition: str, *, previous: str = "", undo_until: str | None = None
) -> Change:
    return Change(
        HeldEdition,
        {"stream": fields["stream"]},
        {
            "edition": edition,
            "since_seq": fields["seq"],
            "since_on": fields["on"],
            "set_by": fields["actor"],
            "previous": previous,
            "undo_until": undo_until,
        },
    )


def _edition(fields: Fields, content: Content, before: Before) -> Iterable[Change]:
    payload = fields["payload"]
    undo_until = payload.get("undo_until")
    previous = payload["from"] if undo_until else ""
    yield _held(fields, payload["to"], previous=previous, undo_until=undo_until)
    if fields["act"] == "edition.applied":
        asked = dict.fromkeys(payload["asked_again"], fields["seq"])
    else:
        asked = payload.get("asked_before", {})
    for criterion, seq in asked.items():
        key = {"stream": fields["stream"], "criterion": criterion}
        yield Change(Answer, key, {"asked_again_seq": seq})


def _evidence(fields: Fields, content: Content, before: Before) -> Iterable[Change]:
    payload = fields["payload"]
    key: dict[str, object] = {
        "stream": fields["stream"],
        "criterion": payload["criterion"],
        "document_seq": payload["document_seq"],
    }
    if fields["act"] == "evidence.withdrawn":
        yield Change(Evidence, key, {"is_withdrawn": True})
        return
    yield Change(
        Evidence,
        key,
        {
            "kind": payload["kind"],
            "dated_on": payload["dated_on"],
            "seq": fields["seq"],
            "is_withdrawn": False,
        },
    )


def _review(fields: Fields, content: Content, before: Before) -> Iterable[Change]:
    payload = fields["payload"]
    words = content or {}
    yield Change(
        Review,
        {"stream": fields["stream"], "criterion": payload["criterion"]},
        {
            "decision": payload["decision"],
            "answer_seq": payload["answer_seq"],
            "reason": words.get("reason", ""),
            "note": words.get("note", ""),
            "seq": fields["seq"],
            "on": fields["on"],
            "by": fields["actor"],
            "is_erased": bool(fields["sealed"]) and content is None,
        },
    )


PROJECTORS: dict[str, Projector] = {
    "answer": _answer,
    "edition": _edition,
    "evidence": _evidence,
    "review": _review,
}
TABLES: tuple[type[Model], ...] = (Answer, Evidence, HeldEdition, Review)
DRAFTS = (Drafts(AnswerDraft, "account", category="answer_text"),)
