"""What the events of an incident mean for the tables of this app.

Events of kind ``incident`` are both sides'; those of kind ``discovery`` are the office's alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from django.db.models import Model

from greenlane.apps.audit.projection import Before, Change, Fields, Projector
from greenlane.apps.incidents.models import Discovery, Incident, IncidentNote
from greenlane.core.canonical import Json

Content = Mapping[str, Json] | None
_Meaning = Callable[[Fields, Mapping[str, Any], bool], Iterable[Change]]


def _of(fields: Fields, gone: bool, **values: object) -> Change:
    key: dict[str, object] = {"stream": fields["stream"], "seq": fields["payload"]["incident"]}
    return Change(Incident, key, {**values, **({"is_erased": True} if gone else {})})


def _place(fields: Fields) -> dict[str, object]:
    return {"stream": fields["stream"], "seq": fields["seq"]}


def _reported(fields: Fields, words: Mapping[str, Any], gone: bool) -> Iterable[Change]:
    payload = fields["payload"]
    yield Change(
        Incident,
        _place(fields),
        {
            "number": payload["number"],
            "kind": payload["kind"],
            "happened_on": payload["happened_on"],
            "found_on": payload["found_on"],
            # The server's own clock, as the chain has it.
            "reported_at": fields["recorded_at"],
            "reported_by": fields["actor"],
            "words": words.get("words", ""),
            "sites": list(payload["sites"]),
            "documents": list(payload["documents"]),
            "is_erased": gone,
        },
    )


def _disclosed(fields: Fields, words: Mapping[str, Any], gone: bool) -> Iterable[Change]:
    payload = fields["payload"]
    yield Change(
        Discovery,
        {"stream": fields["stream"], "seq": payload["discovery"]},
        {
            "disclosed_on": fields["on"],
            "incident_seq": payload["incident"] or fields["seq"],
        },
    )
    if payload["incident"]:
        yield _of(fields, gone, discovered_at=payload["discovered_at"])
        return
    yield Change(
        Incident,
        _place(fields),
        {
            "number": payload["number"],
            "kind": payload["kind"],
            "happened_on": payload["happened_on"],
            "discovered_at": payload["discovered_at"],
            "is_erased": gone,
        },
    )


def _told(fields: Fields, words: Mapping[str, Any], before: Before) -> Iterable[Change]:
    """Add what the company was told; of one incident the office may have found several things."""
    place = fields["payload"]["incident"] or fields["seq"]
    key = {"stream": fields["stream"], "seq": place}
    row = before(Incident, key)
    told = [row["told_words"] if row else "", words.get("words", "")]
    yield Change(Incident, key, {"told_words": "\n\n".join(one for one in told if one)})


def _reviewed(fields: Fields, words: Mapping[str, Any], gone: bool) -> Iterable[Change]:
    payload = fields["payload"]
    yield _of(
        fields,
        gone,
        state="REVIEWED",
        outcome=payload["outcome"],
        shown=dict(payload["shown"]),
        review_words=words.get("words", ""),
        reviewed_on=fields["on"],
        reviewed_by=fields["actor"],
    )


def _analysis_asked(fields: Fields, words: Mapping[str, Any], gone: bool) -> Iterable[Change]:
    yield _of(
        fields,
        gone,
        analysis_asked_on=fields["on"],
        analysis_due_on=fields["payload"]["due_on"],
        analysis_given_on=None,
    )


def _analysis_given(fields: Fields, words: Mapping[str, Any], gone: bool) -> Iterable[Change]:
    yield _of(
        fields,
        gone,
        analysis_given_on=fields["on"],
        analysis_words=words.get("words", ""),
        analysis_documents=list(fields["payload"]["documents"]),
    )


def _discovered(fields: Fields, words: Mapping[str, Any], gone: bool) -> Iterable[Change]:
    payload = fields["payload"]
    yield Change(
        Discovery,
        _place(fields),
        {
            "kind": payload["kind"],
            "happened_on": payload["happened_on"],
            "discovered_at": fields["recorded_at"],
            "discovered_by": fields["actor"],
            "source": words.get("source", ""),
            "words": words.get("words", ""),
            "incident_seq": payload["incident"],
            "is_erased": gone,
        },
    )


def _matched(fields: Fields, words: Mapping[str, Any], gone: bool) -> Iterable[Change]:
    payload = fields["payload"]
    key: dict[str, object] = {"stream": fields["stream"], "seq": payload["discovery"]}
    yield Change(Discovery, key, {"incident_seq": payload["incident"]})


def _noted(fields: Fields, words: Mapping[str, Any], gone: bool) -> Iterable[Change]:
    yield Change(
        IncidentNote,
        _place(fields),
        {
            "incident_seq": fields["payload"]["incident"],
            "words": words.get("words", ""),
            "on": fields["on"],
            "by": fields["actor"],
            "is_erased": gone,
        },
    )


_MEANINGS: Final[dict[str, _Meaning]] = {
    "incident.reported": _reported,
    "incident.disclosed": _disclosed,
    "incident.reviewed": _reviewed,
    "incident.analysis_asked": _analysis_asked,
    "incident.analysis_given": _analysis_given,
    "discovery.made": _discovered,
    "discovery.matched": _matched,
    "discovery.noted": _noted,
}


def _meant(fields: Fields, content: Content, before: Before) -> Iterable[Change]:
    gone = bool(fields["sealed"]) and content is None
    yield from _MEANINGS[fields["act"]](fields, content or {}, gone)
    if fields["act"] == "incident.disclosed":
        yield from _told(fields, content or {}, before)


PROJECTORS: dict[str, Projector] = {"incident": _meant, "discovery": _meant}
TABLES: tuple[type[Model], ...] = (Incident, Discovery, IncidentNote)
