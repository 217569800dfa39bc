"""What events mean for the tables of this app; the same functions write and verify."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, cast

from django.db.models import Model

from greenlane.apps.audit.projection import Before, Change, Fields, Holder, Keeper, Projector
from greenlane.apps.members.holds import holds_on_their_accounts
from greenlane.apps.members.keeping import OFFICE, keep_office
from greenlane.apps.members.models import (
    Account,
    AgreementSignature,
    CompanyProfile,
    DeclaredFact,
    OfficeRecord,
    StepNote,
)
from greenlane.core.canonical import Json
from greenlane.core.ledger import step_of

# What a step gave says what it did: a pack may call its acts as it likes, and a replay years later
# must not depend on how today's pack calls them.
SIGNED: Final = frozenset({"agreement", "text_sha256"})
ASSIGNED: Final = "specialist"
Content = Mapping[str, Json] | None


def _opened(fields: Fields, content: Content, before: Before) -> Iterable[Change]:
    payload = fields["payload"]
    yield Change(
        Account,
        {"stream": fields["stream"]},
        {
            "program": payload["program"],
            "entity_type": payload["entity_type"],
            "organization": payload["organization"],
            "office": payload["office"],
            "company_name": (content or {}).get("company_name", ""),
            "is_erased": content is None,
            "opened_on": fields["on"],
            "specialist": "",
            "membership": "NONE",
            "tier": "NONE",
            "profile": "NONE",
            "vetting": "NOT_STARTED",
            "validation": "NONE",
            "appeal": "NONE",
            "eligibility_review": "NONE",
            "steps": [],
        },
    )


def _renamed(fields: Fields, content: Content, before: Before) -> Iterable[Change]:
    name = (content or {}).get("company_name", "")
    yield Change(
        Account, {"stream": fields["stream"]}, {"company_name": name, "is_erased": content is None}
    )


def _step(fields: Fields, content: Content, before: Before) -> Iterable[Change]:
    step = step_of(fields)
    if step is None:
        return
    key: dict[str, object] = {"stream": fields["stream"]}
    if fields["stream"] == OFFICE:
        row = before(OfficeRecord, key)
        steps = _kept_steps(row)
        program = fields["pack"].partition("/")[0]
        yield Change(OfficeRecord, key, {"program": program, "steps": [*steps, step.as_json()]})
    else:
        steps = _kept_steps(before(Account, key))
        values: dict[str, object] = {axis.value: value for axis, value in step.changes.items()}
        values["steps"] = [*steps, step.as_json()]
        if ASSIGNED in step.given:
            values["specialist"] = step.given[ASSIGNED]
        yield Change(Account, key, values)
    yield from _note(fields, content)
    if step.given.keys() >= SIGNED:
        yield _signature(fields)


def _kept_steps(row: Mapping[str, object] | None) -> list[Json]:
    return list(cast("list[Json]", row["steps"])) if row else []


def _note(fields: Fields, content: Content) -> Iterable[Change]:
    yield Change(
        StepNote,
        {"stream": fields["stream"], "seq": fields["seq"]},
        {
            "act": fields["act"],
            "words": (content or {}).get("words", ""),
            "document": fields["document"],
            "actor": fields["actor"],
            "role": fields["role"],
            "second": fields["second"],
            "origin": fields["origin"],
            "is_erased": bool(fields["sealed"]) and content is None,
        },
    )


def _signature(fields: Fields) -> Change:
    given: Mapping[str, Any] = fields["payload"]["given"]
    return Change(
        AgreementSignature,
        {"stream": fields["stream"], "seq": fields["seq"]},
        {
            "agreement": given["agreement"],
            "text_sha256": given["text_sha256"],
            "language": given.get("language", "en"),
            "signer": fields["actor"],
            "role": fields["role"],
            "signed_on": fields["on"],
            "signed_at": fields["recorded_at"],
        },
    )


def _facts(fields: Fields, content: Content, before: Before) -> Iterable[Change]:
    for name, value in fields["payload"]["facts"].items():
        yield Change(
            DeclaredFact,
            {"stream": fields["stream"], "name": name},
            {
                "value": value,
                "seq": fields["seq"],
                "on": fields["on"],
                "actor": fields["actor"],
                "role": fields["role"],
                "source": fields["payload"].get("source", ""),
            },
        )


def _company_profile(fields: Fields, content: Content, before: Before) -> Iterable[Change]:
    yield Change(
        CompanyProfile,
        {"stream": fields["stream"]},
        {
            "content": dict(content or {}),
            "seq": fields["seq"],
            "saved_on": fields["on"],
            "actor": fields["actor"],
            "is_erased": content is None,
        },
    )


PROJECTORS: dict[str, Projector] = {
    "account": _opened,
    "company_name": _renamed,
    "step": _step,
    "fact": _facts,
    "company_profile": _company_profile,
}
TABLES: tuple[type[Model], ...] = (
    Account,
    OfficeRecord,
    StepNote,
    DeclaredFact,
    CompanyProfile,
    AgreementSignature,
)
HOLDERS: tuple[Holder, ...] = (holds_on_their_accounts,)
KEEPERS: Final[Mapping[str, Keeper]] = {OFFICE: keep_office}
