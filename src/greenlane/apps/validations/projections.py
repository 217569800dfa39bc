"""What the events of a validation mean for the tables of this app.

Events of kind ``validation`` are both sides'; those of kind ``inspection`` are the office's alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from django.db.models import Model

from greenlane.apps.audit.projection import Before, Change, Drafts, Fields, Projector
from greenlane.apps.validations.models import (
    AdoptedPlan,
    Capacity,
    CheckDraft,
    Finding,
    Note,
    Paper,
    Photo,
    Report,
    Site,
    SiteCheck,
    Turn,
    ValidationCase,
)
from greenlane.core.canonical import Json

Content = Mapping[str, Json] | None
_Meaning = Callable[[Fields, Mapping[str, Any], bool], Iterable[Change]]


def _of_case(fields: Fields, **values: object) -> Change:
    key: dict[str, object] = {"stream": fields["stream"], "seq": fields["payload"]["case"]}
    return Change(ValidationCase, key, values)


def _words_of_case(fields: Fields, gone: bool, **values: object) -> Change:
    """Set columns that somebody typed; once one of them is erased, the row says so."""
    return _of_case(fields, **values, **({"is_erased": True} if gone else {}))


def _place(fields: Fields) -> dict[str, object]:
    return {"stream": fields["stream"], "seq": fields["seq"]}


# --- The case -------------------------------------------------------------------------------------


def _opened(fields: Fields, words: Mapping[str, Any], gone: bool) -> Iterable[Change]:
    payload = fields["payload"]
    yield Change(
        ValidationCase,
        _place(fields),
        {
            "number": payload["number"],
            "opened_on": fields["on"],
            "opened_by": fields["actor"],
            "is_open": True,
            "mode": payload["mode"],
            "edition": payload["edition"],
            "scope": words.get("scope", ""),
            "rationale": words.get("rationale", ""),
            "is_erased": gone,
        },
    )


def _site_added(fields: Fields, words: Mapping[str, Any], gone: bool) -> Iterable[Change]:
    payload = fields["payload"]
    yield Change(
        Site,
        _place(fields),
        {
            "case_seq": payload["case"],
            "owner": payload["owner"],
            "country": payload["country"],
            "is_foreign": payload["foreign"],
            "how": payload["how"],
            "name": words.get("name", ""),
            "address": words.get("address", ""),
            "is_erased": gone,
        },
    )


def _prepared(fields: Fields, words: Mapping[str, Any], gone: bool) -> Iterable[Change]:
    yield _words_of_case(
        fields,
        gone,
        team=list(fields["payload"]["team"]),
        agenda=list(words.get("agenda", [])),
        requests=list(words.get("requests", [])),
    )


def _scheduled(fields: Fields, words: Mapping[str, Any], gone: bool) -> Iterable[Change]:
    # A waiver was given for the day that was planned then, not for another one.
    payload = fields["payload"]
    yield _of_case(
        fields, visit_on=payload["visit_on"], mode=payload["mode"], waived_on=None, waived_by=""
    )


def _notified(fields: Fields, words: Mapping[str, Any], gone: bool) -> Iterable[Change]:
    yield _of_case(fields, notified_on=fields["on"], notice_seq=fields["payload"]["letter"])


def _waived(fields: Fields, words: Mapping[str, Any], gone: bool) -> Iterable[Change]:
    yield _of_case(fields, waived_on=fields["on"], waived_by=fields["actor"])


def _paper(fields: Fields, words: Mapping[str, Any], gone: bool) -> Iterable[Change]:
    payload = fields["payload"]
    yield Change(
        Paper,
        _place(fields),
        {
            "case_seq": payload["case"],
            "item": payload["item"],
            "document_seq": payload["document"],
            "given_on": fields["on"],
        },
    )


def _visited(fields: Fields, words: Mapping[str, Any], gone: bool) -> Iterable[Change]:
    payload = fields["payload"]
    yield _of_case(fields, visited_on=fields["on"], effort_days=payload["effort_days"])
    for site in payload["sites"]:
        yield Change(
            Site,
            {"stream": fields["stream"], "seq": site},
            {"state": "VISITED", "visited_on": fields["on"]},
        )


def _site_not_held(fields: Fields, words: Mapping[str, Any], gone: bool) -> Iterable[Change]:
    payload = fields["payload"]
    values: dict[str, object] = {
        "state": "NOT_HELD",
        "reason": payload["reason"],
        "reason_words": words.get("words", ""),
    }
    if gone:
        values["is_erased"] = True
    yield Change(Site, {"stream": fields["stream"], "seq": payload["site"]}, values)


def _deferred(fields: Fields, words: Mapping[str, Any], gone: bool) -> Iterable[Change]:
    payload = fields["payload"]
    yield _words_of_case(
        fields,
        gone,
        deferred_on=fields["on"],
        deferral_reason=payload["reason"],
        deferral_words=words.get("words", ""),
        new_due_on=payload["new_due_on"],
    )


def _resumed(fields: Fields, words: Mapping[str, Any], gone: bool) -> Iterable[Change]:
    # The notice was of a visit that was not held; the next one needs its own. Where the visit was
    # held before the deferral, a second one is planned, and its day replaces the first.
    yield _of_case(
        fields,
        deferred_on=None,
        visit_on=None,
        notified_on=None,
        notice_seq=0,
        waived_on=None,
        waived_by="",
        visited_on=None,
    )
    # A site that could not be entered is looked at with the next visit; the record keeps why.
    for site in fields["payload"].get("sites", []):
        yield Change(
            Site,
            {"stream": fields["stream"], "seq": site},
            {"state": "PLANNED", "reason": "", "reason_words": ""},
        )


def _decided(fields: Fields, words: Mapping[str, Any], gone: bool) -> Iterable[Change]:
    yield _words_of_case(
        fields,
        gone,
        is_open=False,
        outcome=fields["payload"]["outcome"],
        decided_on=fields["on"],
        decided_by=fields["actor"],
        decision_words=words.get("words", ""),
    )


# --- Report and findings --------------------------------------------------------------------------


def _reported(fields: Fields, words: Mapping[str, Any], gone: bool) -> Iterable[Change]:
    payload = fields["payload"]
    yield Change(
        Report,
        _place(fields),
        {
            "case_seq": payload["case"],
            "version": payload["version"],
            "language": payload["language"],
            "sha256": payload["sha256"],
            "document_seq": payload["document"],
            "reason": words.get("words", ""),
            "issued_on": fields["on"],
            "issued_by": fields["actor"],
            "is_erased": gone,
        },
    )
    for finding, due_on in payload["findings"].items():
        # A best practice asks for no answer: it is recognized with the report, or it is not.
        yield Change(
            Finding,
            {"stream": fields["stream"], "seq": int(finding)},
            {
                "state": "REPORTED",
                "reported_on": fields["on"],
                **({"due_on": due_on} if due_on else {}),
            },
        )


def _turn(fields: Fields, words: Mapping[str, Any], gone: bool) -> Iterable[Change]:
    payload = fields["payload"]
    state = _STATE_AFTER[fields["act"]]
    yield Change(
        Turn,
        _place(fields),
        {
            "finding_seq": payload["finding"],
            "act": state,
            "words": words.get("words", ""),
            "documents": list(payload["documents"]),
            "on": fields["on"],
            "by": fields["actor"],
            "role": fields["role"],
            "is_erased": gone,
        },
    )
    values: dict[str, object] = {"state": state}
    if state == "ANSWERED":
        values["answered_on"] = fields["on"]
    elif state == "ASKED_AGAIN":
        values["due_on"] = payload["due_on"]
    elif state == "VERIFIED":
        values |= {
            "closed_on": fields["on"],
            "closed_by": fields["actor"],
            "verified_by_means": payload["means"],
        }
    yield Change(Finding, {"stream": fields["stream"], "seq": payload["finding"]}, values)


_STATE_AFTER: Final = {
    "validation.finding_answered": "ANSWERED",
    "validation.answer_accepted": "ACCEPTED",
    "validation.asked_again": "ASKED_AGAIN",
    "validation.finding_verified": "VERIFIED",
}


# --- Of the office alone --------------------------------------------------------------------------


def _checked(fields: Fields, words: Mapping[str, Any], gone: bool) -> Iterable[Change]:
    payload = fields["payload"]
    yield Change(
        SiteCheck,
        {
            "stream": fields["stream"],
            "site_seq": payload["site"],
            "criterion": payload["criterion"],
        },
        {
            "case_seq": payload["case"],
            "edition": payload["edition"],
            "result": payload["result"],
            "words": words.get("words", ""),
            "seq": fields["seq"],
            "on": fields["on"],
            "by": fields["actor"],
            "is_erased": gone,
        },
    )


def _photo(fields: Fields, words: Mapping[str, Any], gone: bool) -> Iterable[Change]:
    payload = fields["payload"]
    yield Change(
        Photo,
        _place(fields),
        {
            "case_seq": payload["case"],
            "site_seq": payload["site"],
            "criterion": payload["criterion"],
            "document_seq": payload["document"],
            "on": fields["on"],
            "by": fields["actor"],
        },
    )


def _note(fields: Fields, words: Mapping[str, Any], gone: bool) -> Iterable[Change]:
    yield Change(
        Note,
        _place(fields),
        {
            "case_seq": fields["payload"]["case"],
            "words": words.get("words", ""),
            "on": fields["on"],
            "by": fields["actor"],
            "is_erased": gone,
        },
    )


def _raised(fields: Fields, words: Mapping[str, Any], gone: bool) -> Iterable[Change]:
    payload = fields["payload"]
    # A revision before the report keeps the place of the event that raised it.
    seq = payload.get("finding") or fields["seq"]
    values: dict[str, object] = {
        "case_seq": payload["case"],
        "site_seq": payload["site"],
        "criterion": payload["criterion"],
        "edition": payload["edition"],
        "kind": payload["kind"],
        "state": "RAISED",
        "judgment": words.get("judgment", ""),
        "asks": words.get("asks", ""),
        "evidence": list(payload["evidence"]),
        "framework": dict(payload["framework"]),
        "reasons": dict(words.get("reasons", {})),
        "due_on": payload["due_on"],
        "raised_on": fields["on"],
        "raised_by": fields["actor"],
        "is_erased": gone,
    }
    yield Change(Finding, {"stream": fields["stream"], "seq": seq}, values)


def _dropped(fields: Fields, words: Mapping[str, Any], gone: bool) -> Iterable[Change]:
    key: dict[str, object] = {"stream": fields["stream"], "seq": fields["payload"]["finding"]}
    yield Change(Finding, key, {"state": "DROPPED"})


def _recommended(fields: Fields, words: Mapping[str, Any], gone: bool) -> Iterable[Change]:
    yield _words_of_case(
        fields,
        gone,
        recommended_by=fields["actor"],
        recommended_tier=fields["payload"]["tier"],
        recommendation=words.get("words", ""),
    )


_MEANINGS: Final[dict[str, _Meaning]] = {
    "validation.opened": _opened,
    "validation.site_added": _site_added,
    "validation.prepared": _prepared,
    "validation.scheduled": _scheduled,
    "validation.notified": _notified,
    "validation.notice_waived": _waived,
    "validation.paper_given": _paper,
    "validation.visited": _visited,
    "validation.site_not_held": _site_not_held,
    "validation.deferred": _deferred,
    "validation.resumed": _resumed,
    "validation.decided": _decided,
    "validation.reported": _reported,
    **dict.fromkeys(_STATE_AFTER, _turn),
    "inspection.checked": _checked,
    "inspection.photo_taken": _photo,
    "inspection.noted": _note,
    "inspection.finding_raised": _raised,
    "inspection.finding_revised": _raised,
    "inspection.finding_dropped": _dropped,
    "inspection.recommended": _recommended,
}


def _meant(fields: Fields, content: Content, before: Before) -> Iterable[Change]:
    gone = bool(fields["sealed"]) and content is None
    yield from _MEANINGS[fields["act"]](fields, content or {}, gone)


def _capacity(fields: Fields, content: Content, before: Before) -> Iterable[Change]:
    payload = fields["payload"]
    yield Change(
        Capacity,
        _place(fields),
        {
            "office": payload["office"],
            "visits": payload["visits"],
            "on": fields["on"],
            "by": fields["actor"],
        },
    )


def _plan(fields: Fields, content: Content, before: Before) -> Iterable[Change]:
    figures = {key: fields["payload"][key] for key in ("year", "due", "capacity", "late")}
    yield Change(
        AdoptedPlan,
        _place(fields),
        {
            **figures,
            "specialists": fields["payload"]["specialists"],
            "on": fields["on"],
            "by": fields["actor"],
        },
    )


PROJECTORS: dict[str, Projector] = {
    "validation": _meant,
    "inspection": _meant,
    "capacity": _capacity,
    "plan": _plan,
}
TABLES: tuple[type[Model], ...] = (
    ValidationCase,
    Site,
    Paper,
    SiteCheck,
    Photo,
    Note,
    Finding,
    Turn,
    Report,
    Capacity,
    AdoptedPlan,
)
DRAFTS = (Drafts(CheckDraft, "account", category="validation_detail"),)
