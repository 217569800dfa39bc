"""What the events of a suspension and of an appeal mean for the tables of this app.

Events of kind ``suspension`` and ``appeal`` are both sides'; those of kind ``deliberation`` are the
office's alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from django.db.models import Model

from greenlane.apps.audit.projection import Before, Change, Fields, Projector
from greenlane.apps.suspensions.models import Appeal, InForce, Plan, PlanStep, Suspension
from greenlane.core.canonical import Json
from greenlane.core.lifecycle.standing import RESTORING
from greenlane.core.marks import Mark
from greenlane.core.vocabulary import Axis

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
        # The step comes right after the event that explains it.
        "decision_seq": fields["seq"] + 1,
    }
    if not payload["was_known"]:
        values["known_on"] = fields["on"]
    yield _of_case(fields, gone, **values)


def _end(fields: Fields) -> dict[str, object]:
    """Return when, by whom and by which step a suspension ends: the one after this event."""
    return {
        "ended_on": fields["on"],
        "ended_by": fields["actor"],
        "ended_seq": fields["seq"] + 1,
    }


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
        values |= {"state": "LIFTED", **_end(fields)}
    yield _of_case(fields, gone, **values)


def _ended(fields: Fields, words: Mapping[str, Any], gone: bool) -> Iterable[Change]:
    yield _of_case(
        fields,
        gone,
        state=fields["payload"]["state"],
        **_end(fields),
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
            {"state": "OVERTURNED", **_end(fields)},
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
    yield from _kept(fields, before)


# --- What is in force -----------------------------------------------------------------------------


def _kept(fields: Fields, before: Before) -> Iterable[Change]:
    """Keep the list of what is in force: one is added when decided, and gone when it ends."""
    payload, act = fields["payload"], fields["act"]
    if act == "suspension.decided" and payload["degree"] != "REMOVAL":
        full, part = _in_force(fields, before)
        (part if payload["degree"] == "PART" else full).append(payload["case"])
        yield _now_in_force(fields, full, part)
        return
    ends = {
        "suspension.ended": payload.get("case"),
        "suspension.urgency_reviewed": payload.get("case")
        if payload.get("outcome") == "LIFTED"
        else None,
        "appeal.decided": payload.get("overturns"),
    }
    ended = ends.get(act)
    if ended:
        full, part = _in_force(fields, before)
        rest = [[seq for seq in found if seq != ended] for found in (full, part)]
        if rest != [full, part]:
            yield _now_in_force(fields, *rest)


def _in_force(fields: Fields, before: Before) -> tuple[list[int], list[int]]:
    row = before(InForce, {"stream": fields["stream"]})
    return (list(row["full"]), list(row["part"])) if row else ([], [])


def _now_in_force(fields: Fields, full: list[int], part: list[int]) -> Change:
    return Change(InForce, {"stream": fields["stream"]}, {"full": full, "part": part})


def _stepped(fields: Fields, content: Content, before: Before) -> Iterable[Change]:
    """End what a step ends without an event of its own: a withdrawal, another case's removal.

    A full suspension ends when the membership moves on; one of single benefits when the standing
    says so, and not with the membership, which an appeal may still give back without them.
    """
    marks = {Mark(mark) for mark in fields["payload"]["marks"]}
    moves = Axis.MEMBERSHIP.value in fields["payload"]["changes"] and Mark.SUSPENDED not in marks
    restores = not RESTORING.isdisjoint(marks)
    if not (moves or restores):
        return
    full, part = _in_force(fields, before)
    ended = [*(full if moves else ()), *(part if restores else ())]
    if not ended:
        return
    for seq in ended:
        yield Change(
            Suspension,
            {"stream": fields["stream"], "seq": seq},
            {
                "state": next((state for mark, state in _ENDS if mark in marks), "ENDED"),
                "ended_on": fields["on"],
                "ended_by": fields["actor"],
                "ended_seq": fields["seq"],
            },
        )
    yield _now_in_force(fields, [] if moves else full, [] if restores else part)


_ENDS: Final = (
    (Mark.REINSTATED, "LIFTED"),
    (Mark.PARTLY_RESTORED, "LIFTED"),
    (Mark.REMOVED, "REMOVED"),
    (Mark.CLOSED_FOR_NO_ANSWER, "CLOSED"),
)
"""How a suspension ends by the marks of the step; by any other it just ends."""

PROJECTORS: dict[str, Projector] = {
    "suspension": _meant,
    "deliberation": _meant,
    "appeal": _meant,
}
FOLLOWERS: dict[str, Projector] = {"step": _stepped}
TABLES: tuple[type[Model], ...] = (Suspension, InForce, Plan, PlanStep, Appeal)
