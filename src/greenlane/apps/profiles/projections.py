"""What answers, evidence and reviews mean for the tables of this app."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db.models import Model

from greenlane.apps.audit.projection import Before, Change, Fields, Projector
from greenlane.apps.profiles.models import Answer, Evidence, Review
from greenlane.core.canonical import Json

Content = Mapping[str, Json] | None


def _answer(fields: Fields, content: Content, before: Before) -> Iterable[Change]:
    payload = fields["payload"]
    if fields["act"] == "answer.reaffirmed":
        for criterion in payload["criteria"]:
            yield Change(
                Answer,
                {"stream": fields["stream"], "criterion": criterion},
                {"reaffirmed_seq": fields["seq"]},
            )
        return
    words = content or {}
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
            "is_erased": content is None,
        },
    )


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


PROJECTORS: dict[str, Projector] = {"answer": _answer, "evidence": _evidence, "review": _review}
TABLES: tuple[type[Model], ...] = (Answer, Evidence, Review)
