"""What vetting events mean for this app's tables; the content of an erased one leaves no trace."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, cast

from django.db.models import Model

from greenlane.apps.audit.projection import Before, Change, Fields, Projector
from greenlane.apps.vetting.models import (
    AccountScreening,
    CheckRun,
    CustomsRow,
    Hit,
    HitDecision,
    LevelDecision,
    ScreeningRun,
)
from greenlane.core.canonical import Json

OFFICE: Final = "office"
FINAL: Final = frozenset({"TRUE", "FALSE"})
Content = Mapping[str, Json] | None


def _check(fields: Fields, content: Content, before: Before) -> Iterable[Change]:
    payload, words = fields["payload"], content or {}
    yield _run(fields, {**payload, **words}, is_erased=content is None)


def _run(
    fields: Fields,
    run: Mapping[str, Any],
    *,
    is_automatic: bool = False,
    is_erased: bool = False,
) -> Change:
    return Change(
        CheckRun,
        {"stream": fields["stream"], "seq": fields["seq"], "check_id": run["check"]},
        {
            "result": run["result"],
            "source": run.get("source", ""),
            "detail": run.get("detail", ""),
            "document": fields["document"],
            "run_on": fields["on"],
            "expires_on": run["expires_on"],
            "analyst": fields["actor"],
            "role": fields["role"],
            "is_automatic": is_automatic,
            "is_erased": is_erased,
        },
    )


def _runs(fields: Fields, content: Content) -> Iterable[Change]:
    """Give the runs of checks that an event brings along; none of an erased one."""
    for run in cast("list[dict[str, Any]]", (content or {}).get("checks", [])):
        yield _run(fields, run, is_automatic=True)


def _screening(fields: Fields, content: Content, before: Before) -> Iterable[Change]:
    payload = fields["payload"]
    if fields["stream"] == OFFICE:
        values = {name: payload[name] for name in _RUN_COLUMNS}
        yield Change(
            ScreeningRun,
            {"stream": OFFICE, "seq": fields["seq"]},
            {**values, "levels": payload.get("levels", {}), "recorded_at": fields["recorded_at"]},
        )
        return
    words = content or {}
    yield Change(
        AccountScreening,
        {"stream": fields["stream"]},
        {
            "seq": fields["seq"],
            "screened_at": fields["recorded_at"],
            "trigger": payload["trigger"],
            "lists": payload["lists"],
            "scorer": payload["scorer"],
            "levels": payload.get("levels", {}),
            "subjects": words.get("subjects", {}),
            "owners": words.get("owners", ""),
            "is_erased": content is None,
        },
    )
    for entry in cast("list[dict[str, Any]]", words.get("hits", [])):
        yield _hit(fields, entry, before)
    yield from _runs(fields, content)


_RUN_COLUMNS: Final = (
    "lists",
    "scorer",
    "kind",
    "read_at",
    "accounts",
    "parties",
    "opened",
    "closed",
)


def _hit(fields: Fields, entry: Mapping[str, Any], before: Before) -> Change:
    key = {"stream": fields["stream"], "hit": entry["hit"]}
    values = {name: value for name, value in entry.items() if name != "hit"}
    values["seq"] = fields["seq"]
    row = before(Hit, key)
    if row is None:
        values |= {"opened_on": fields["on"], "opened_at": fields["recorded_at"]}
    elif values["state"] == "OPEN" and row["state"] != "OPEN":
        # Its age counts from here: until now nobody had to look at it.
        values |= {
            "opened_on": fields["on"],
            "opened_at": fields["recorded_at"],
            "proposed": "",
            "is_reopened": True,
        }
    return Change(Hit, key, values)


def _decision(fields: Fields, content: Content, before: Before) -> Iterable[Change]:
    payload = fields["payload"]
    key = {"stream": fields["stream"], "hit": payload["hit"]}
    row = before(Hit, key)
    was = row or {"proposed": "TRUE", "final": ""}
    state, final = state_after(was["proposed"], was["final"], payload["decision"])
    yield Change(
        HitDecision,
        {"stream": fields["stream"], "seq": fields["seq"]},
        {
            "hit": payload["hit"],
            "decision": payload["decision"],
            "reason": payload["reason"],
            "words": (content or {}).get("words", ""),
            "actor": fields["actor"],
            "role": fields["role"],
            "decided_on": fields["on"],
            "decided_at": fields["recorded_at"],
            "is_final": bool(final),
            "is_reversal": bool(final and row and row["final"] and row["final"] != final),
            "subject_hash": row["subject_hash"] if row else "",
            "listed_hash": row["listed_hash"] if row else "",
            "is_erased": content is None,
        },
    )
    if row is not None:
        values: dict[str, object] = {"state": state, "seq": fields["seq"]}
        values["proposed"] = payload["decision"] if state == "WAITING" else ""
        if final:
            values |= {"final": final, "decided_on": fields["on"], "decided_by": fields["actor"]}
        yield Change(Hit, key, values)
    yield from _runs(fields, content)


def state_after(proposed: str, final: str, decision: str) -> tuple[str, str]:
    """Return a hit's state after a decision, and what is final by it ("" where nothing is).

    Args:
        proposed: What is proposed while it waits for a second person.
        final: Its latest final decision.
        decision: FALSE, TRUE, NEED_MORE, CONFIRMED or DECLINED.
    """
    if decision == "CONFIRMED":
        return proposed, proposed
    # What two people confirmed takes two to undo, also while it is open again.
    if decision == "FALSE" and final != "TRUE":
        return "FALSE", "FALSE"
    if decision in FINAL:
        return "WAITING", ""
    if decision == "NEED_MORE":
        return "NEEDS_MORE", ""
    # Declined by the second person: a confirmed one stays so, any other is to be decided anew.
    return ("TRUE" if (proposed, final) == ("FALSE", "TRUE") else "OPEN"), ""


def _customs(fields: Fields, content: Content, before: Before) -> Iterable[Change]:
    if fields["stream"] == OFFICE:
        return
    payload, words = fields["payload"], content or {}
    details = cast("dict[str, dict[str, Any]]", words.get("rows", {}))
    for row in payload["rows"]:
        detail = details.get(row["row"], {})
        yield Change(
            CustomsRow,
            {"stream": fields["stream"], "row": row["row"]},
            {
                "seq": fields["seq"],
                "kind": row["kind"],
                "status": row["status"],
                "reference": detail.get("reference", ""),
                "identifier": detail.get("identifier", ""),
                "happened_on": detail.get("happened_on"),
                "amount": detail.get("amount", ""),
                "currency": detail.get("currency", ""),
                "note": detail.get("note", ""),
                "source": words.get("source", ""),
                "as_of": payload["as_of"],
                "file_sha256": payload["file_sha256"],
                "recorded_on": fields["on"],
                "is_erased": content is None,
            },
        )
    yield from _runs(fields, content)


def _levels(fields: Fields, content: Content, before: Before) -> Iterable[Change]:
    yield Change(
        LevelDecision,
        {"stream": fields["stream"], "seq": fields["seq"]},
        {
            "review": fields["payload"]["review"],
            "alert": fields["payload"]["alert"],
            "words": (content or {}).get("words", ""),
            "on": fields["on"],
            "by": fields["actor"],
            "is_erased": content is None,
        },
    )


PROJECTORS: dict[str, Projector] = {
    "check": _check,
    "screening": _screening,
    "hit": _decision,
    "customs": _customs,
    "levels": _levels,
}
TABLES: tuple[type[Model], ...] = (
    CheckRun,
    AccountScreening,
    ScreeningRun,
    Hit,
    HitDecision,
    CustomsRow,
    LevelDecision,
)
