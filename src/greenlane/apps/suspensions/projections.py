"""What the events of a suspension and of an appeal mean for the tables of this app.

Events of kind ``suspension`` and ``appeal`` are both sides'; those of kind ``deliberation`` are the
office's alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from django.db.models import Model

from greenlane.apps.audit.projection import Before, Change, Fields, Projector
from greenlane.apps.suspensions.models import Appeal, Plan, PlanStep, Suspension
from greenlane.core.canonical import Json

Content = Mapping[str, Json] | None
_Meaning = Callable[[Fields, Mapping[str, Any], bool], Iterable[Change]]
_GONE: Final[Mapping[str, object]] = {"is_erased": True}


def _of_case(fields: Fields, gone: bool, **values: object) -> Change:
    key: dict[str, object] = {"stream": fields["stream"], "seq": fields["payload"]["case"]}
    return Change(Suspension, key, {**values, **(_GONE if gone else {})})


def _place(fields: Fields) -> dict[str, object]:
    return {"stream": fields["stream"], "seq": fields["seq"]}


def _proposed(fields: Fields, words: Mapping[str, Any], gone: bool) -> Iterable[Change]:
    payload = fields["payload"]
    codes = {key: payload[key] for key in ("number", "path", "degree", "ground", "urgency")}
    lists = {
        key: list(payload[key])
        for key in ("benefits", "incidents", "discoveries", "findings", "documents")
    }
    yield Change(
        Suspension,
        _place(fields),
        {
            **codes,
            **lists,
            "is_aggravated": payload["is_aggravated"],
            "reasons": words.get("reasons", ""),
            "memo": words.get("memo", ""),
            "proposed_on": fields["on"],
            "proposed_by": fields["actor"],
            "proposed_role": fields["role"],
            "is_erased": gone,
        },
    )


def _declined(fields: Fields, words: Mapping[str, Any], gone: bool) -> Iterable[Change]:
    yield _of_case(
        fields,
        gone,
        state="DECLINED",
        ended_on=fields["on"],
        ended_by=fields["actor"],
        end_words=words.get("words", ""),
    )


def _notified(fields: Fields, words: Mapping[str, Any], gone: bool) -> Iterable[Change]:
    yield _of_case(fields, gone, state="NOTIFIED", notified_on=fields["on"], known_on=fields["on"])


def _heard(fields: Fields, words: Mapping[str, Any], gone: bool) -> Iterable[Change]:
    yield _of_case(
        fields,
        gone,
        heard_on=fields["on"],
        heard_words=words.get("words", ""),
        heard_documents=list(fields["payload"]["documents"]),
    )


def _decided(fields: Fields, words: Mapping[str, Any], gone: bool) -> Iterable[Change]:
    payload = fields["payload"]
    values: dict[str, object] = {
        "state": "REMOVED" if payload["degree"] == "REMOVAL" else "IN_FORCE",
        "decided_on": fields["on"],
        "decided_by": fields["actor"],
        "decided_second": fields["second"],
        "decision_words": words.get("words", ""),
    }
    if not payload["was_known"]:
        values["known_on"] = fields["on"]
    yield _of_case(fields, gone, **values)


def _plan(fields: Fields, words: Mapping[str, Any], gone: bool) -> Iterable[Change]:
    payload = fields["payload"]
    yield Change(
        Plan,
        _place(fields),
        {
            "case_seq": payload["case"],
            "words": words.get("words", ""),
            "consents": payload["consents"],
            "on": fields["on"],
            "by": fields["actor"],
            "is_erased": gone,
        },
    )
    said = list(words.get("steps", []))
    for number, due_on in enumerate(payload["due_on"], start=1):
        own = said[number - 1] if number <= len(said) else {}
        yield Change(
            PlanStep,
            {"stream": fields["stream"], "plan_seq": fields["seq"], "number": number},
            {
                "objective": own.get("objective", ""),
                "responsible": own.get("responsible", ""),
                "due_on": due_on,
                "is_erased": gone,
            },
        )


def _of_step(fields: Fields, gone: bool, **values: object) -> Change:
    payload = fields["payload"]
    key: dict[str, object] = {
        "stream": fields["stream"],
        "plan_seq": payload["plan"],
        "number": payload["step"],
    }
    return Change(PlanStep, key, {**values, **(_GONE if gone else {})})


def _proved(fields: Fields, words: Mapping[str, Any], gone: bool) -> Iterable[Change]:
    yield _of_step(
        fields,
        gone,
        state="PROVED",
        proved_on=fields["on"],
        proof_words=words.get("words", ""),
        documents=list(fields["payload"]["documents"]),
    )


def _judged(fields: Fields, words: Mapping[str, Any], gone: bool) -> Iterable[Change]:
    yield _of_step(
        fields,
        gone,
        state="VERIFIED" if fields["payload"]["is_verified"] else "ASKED_AGAIN",
        judged_on=fields["on"],
        judged_by=fields["actor"],
        judgment=words.get("words", ""),
    )


def _reviewed(fields: Fields, words: Mapping[str, Any], gone: bool) -> Iterable[Change]:
    outcome = fields["payload"]["outcome"]
    values: dict[str, object] = {
        "reviewed_on": fields["on"],
        "reviewed_by": fields["actor"],
        "review_outcome": outcome,
        "review_words": words.get("words", ""),
    }
    if outcome == "LIFTED":
        values |= {"state": "LIFTED", "ended_on": fields["on"], "ended_by": fields["actor"]}
    yield _of_case(fields, gone, **values)


def _ended(fields: Fields, words: Mapping[str, Any], gone: bool) -> Iterable[Change]:
    yield _of_case(
        fields,
        gone,
        state=fields["payload"]["state"],
        ended_on=fields["on"],
        ended_by=fields["actor"],
        end_words=words.get("words", ""),
    )


def _filed(fields: Fields, words: Mapping[str, Any], gone: bool) -> Iterable[Change]:
    payload = fields["payload"]
    yield Change(
        Appeal,
        _place(fields),
        {
            "number": payload["number"],
            "decision_seq": payload["decision"],
            "decision_act": payload["act"],
            "filed_on": fields["on"],
            "filed_by": fields["actor"],
            "words": words.get("words", ""),
            "documents": list(payload["documents"]),
            "is_erased": gone,
        },
    )


def _determined(fields: Fields, words: Mapping[str, Any], gone: bool) -> Iterable[Change]:
    payload = fields["payload"]
    yield Change(
        Appeal,
        {"stream": fields["stream"], "seq": payload["appeal"]},
        {
            "outcome": payload["outcome"],
            "decided_on": fields["on"],
            "decided_by": fields["actor"],
            "decision_words": words.get("words", ""),
            **(_GONE if gone else {}),
        },
    )
    if payload["overturns"]:
        yield Change(
            Suspension,
            {"stream": fields["stream"], "seq": payload["overturns"]},
            {"state": "OVERTURNED", "ended_on": fields["on"], "ended_by": fields["actor"]},
        )


_MEANINGS: Final[dict[str, _Meaning]] = {
    "deliberation.proposed": _proposed,
    "deliberation.declined": _declined,
    "suspension.notified": _notified,
    "suspension.heard": _heard,
    "suspension.dropped": _declined,
    "suspension.decided": _decided,
    "suspension.answered": _plan,
    "suspension.step_proved": _proved,
    "suspension.step_judged": _judged,
    "suspension.urgency_reviewed": _reviewed,
    "suspension.ended": _ended,
    "appeal.filed": _filed,
    "appeal.decided": _determined,
}


def _meant(fields: Fields, content: Content, before: Before) -> Iterable[Change]:
    gone = bool(fields["sealed"]) and content is None
    yield from _MEANINGS[fields["act"]](fields, content or {}, gone)


PROJECTORS: dict[str, Projector] = {
    "suspension": _meant,
    "deliberation": _meant,
    "appeal": _meant,
}
TABLES: tuple[type[Model], ...] = (Suspension, Plan, PlanStep, Appeal)
