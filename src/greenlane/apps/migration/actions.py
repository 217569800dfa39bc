"""Records a plan of earlier records: each account by its own events, a hundred to a transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from itertools import islice
from typing import Final

from django.db import IntegrityError, transaction

from greenlane.apps.accounts.actions import register_organizations
from greenlane.apps.accounts.keys import new_key
from greenlane.apps.audit.actions import append, append_new, one_at_a_time_in, take_turn
from greenlane.apps.audit.seal import Sealed
from greenlane.apps.members.actions.accounts import account_draft, new_account_key
from greenlane.apps.members.actions.steps import STEP_WORDS, step_draft
from greenlane.apps.members.queries import accounts
from greenlane.apps.migration import queries
from greenlane.apps.migration.planning import FIRST_STEP, Plan, PlannedRow
from greenlane.apps.migration.queries import OFFICE
from greenlane.apps.parties.actions import company_draft
from greenlane.apps.parties.queries import compact, companies_with, latest_company
from greenlane.core.access import check_role_among
from greenlane.core.canonical import Json
from greenlane.core.errors import BadInput, Conflict
from greenlane.core.ledger import EventDraft
from greenlane.core.lifecycle.decide import Actor
from greenlane.core.program import Program
from greenlane.core.vocabulary import Power

_AT_ONCE: Final = 100
_AGAIN: Final = (
    "A company of this file was opened meanwhile. Run it again: what is recorded is passed over."
)
_Drafts = list[tuple[EventDraft, Sealed | None]]


class NotSound(BadInput):
    """Rows of the file are refused. Nothing was recorded; explain them or put them right."""

    code = "import.not_sound"


def record_members(
    *,
    program: Program,
    plan: Plan,
    by: Actor,
    at: datetime,
    skip_refused: bool = False,
    via: str = "",
    told: Callable[[int], None] | None = None,
) -> dict[str, int]:
    """Record what a file was planned to do.

    While one row is refused nothing is recorded, unless ``skip_refused``. A hundred accounts are
    one transaction: a run that is broken off is repeated with the same file, which passes over what
    is on the record.

    Args:
        program: The pack.
        plan: What `plan_members` returned, today.
        by: Who takes the records over.
        at: The moment.
        skip_refused: Record the sound rows, and leave the others.
        told: Called after each transaction with the number of rows recorded so far.

    Returns:
        The reconciliation, as `Plan.counts`.

    Raises:
        RoleNotAllowed: the role may not.
        NotSound: a row is refused.
        Conflict: an account changed since it was planned, or was opened; run it again.
    """
    check_role_among(program, role=by.role, wanted=program.roles_that_may(Power.CARRY_OVER))
    if not plan.is_sound and not skip_refused:
        raise NotSound(
            "{count} rows of the file are refused, so nothing was recorded. Explain them or put "
            "them right; --skip-refused records the others.",
            count=plan.counts["refused"],
        )
    today = program.day_of(at)
    groups = _groups(program)
    done = 0
    work = (row for row in plan.rows if row.outcome in ("new", "corrected"))
    last_company = plan.last_company
    while chunk := list(islice(work, _AT_ONCE)):
        try:
            with transaction.atomic():
                # Two runs at once are one after the other: what the first opened, the second finds.
                take_turn(OFFICE)
                _check_new(program, chunk, after=last_company)
                _record(program, plan.sha256, chunk, groups, by, at, today, via)
                last_company = latest_company()
        except IntegrityError as error:
            raise Conflict(_AGAIN) from error
        done += len(chunk)
        if told is not None:
            told(done)
    _record_whole(program, plan, by, at, today, via, is_anew=bool(done))
    return plan.counts


def _check_new(program: Program, chunk: Sequence[PlannedRow], *, after: int) -> None:
    """Refuse a new account whose company was opened after it was planned.

    Raises:
        Conflict: there is one.
    """
    new = [planned.row for planned in chunk if planned.outcome == "new"]
    borne = companies_with({number for row in new for number in row.identifiers}, after=after)
    if not borne:
        return
    streams = {stream for found in borne.values() for stream in found}
    kinds = dict(
        accounts(program=program.id).filter(stream__in=streams).values_list("stream", "entity_type")
    )
    for row in new:
        found = {
            stream
            for scheme, value in row.identifiers
            for stream in borne.get((scheme, compact(value)), ())
        }
        if any(kinds.get(stream) == row.cells["entity_type"] for stream in found):
            raise Conflict(_AGAIN)


def _groups(program: Program) -> dict[str, str]:
    """Return the organization of each group of accounts that was taken over before."""
    taken = queries.carried_accounts()
    rows = accounts(program=program.id).filter(stream__in=taken) if taken else ()
    found: dict[str, str] = {}
    for row in rows:
        group = taken[row.stream].cells.get("understood", {}).get("group", "")
        if group:
            found[group] = row.organization
    return found


def _record(
    program: Program,
    sha256: str,
    chunk: Sequence[PlannedRow],
    groups: dict[str, str],
    by: Actor,
    at: datetime,
    today: date,
    via: str,
) -> None:
    names: dict[str, str] = {}
    organizations: dict[int, str] = {}
    for planned in chunk:
        if planned.outcome != "new":
            continue
        group = planned.row.cells["group"]
        key = groups.get(group) if group else None
        if key is None:
            key = new_key("O")
            names[key] = planned.company
            if group:
                groups[group] = key
        organizations[planned.row.line] = key
    if names:
        register_organizations(names, by=by, at=at, program=program)
    opened: dict[str, _Drafts] = {}
    for planned in chunk:
        if planned.outcome == "new":
            organization = organizations[planned.row.line]
            drafts = list(_opening(program, sha256, planned, organization, by, today, via))
            drafts += _steps(planned, sha256, first=FIRST_STEP, via=via)
            opened[new_account_key()] = drafts
            continue
        drafts = [_taken(program, sha256, planned, by, today, via)]
        drafts += _steps(planned, sha256, first=planned.seq + 2, via=via)
        append(stream=planned.stream, expected=planned.seq, drafts=drafts, at=at, program=program)
    append_new(opened, at=at, program=program)


def _opening(
    program: Program,
    sha256: str,
    planned: PlannedRow,
    organization: str,
    by: Actor,
    today: date,
    via: str,
) -> Iterator[tuple[EventDraft, Sealed | None]]:
    cells = planned.row.cells
    yield account_draft(
        program=program,
        entity_type=cells["entity_type"],
        organization=organization,
        company_name=planned.company,
        office=cells["office"],
        by=by,
        on=planned.decisions[0].act.on,
        via=via,
    )
    yield _taken(program, sha256, planned, by, today, via)
    yield company_draft(
        name=planned.company, identifiers=planned.row.identifiers, by=by, on=today, via=via
    )


def _taken(
    program: Program, sha256: str, planned: PlannedRow, by: Actor, today: date, via: str
) -> tuple[EventDraft, Sealed]:
    """Return the event that keeps the row an account rests on, and who explained what."""
    row = planned.row
    explained = [one for one in row.findings if one.explained is not None]
    said: list[Json] = [
        {
            "column": one.column,
            "code": one.code,
            "what": one.what,
            "person": one.explained.person,
            "reason": one.explained.reason,
            "value": one.explained.value,
        }
        for one in explained
        if one.explained is not None
    ]
    codes: list[Json] = [
        {"column": one.column, "code": one.code, "person": one.explained.person}
        for one in explained
        if one.explained is not None
    ]
    payload: dict[str, Json] = {"file_sha256": sha256, "line": row.line, "explained": codes}
    content: dict[str, Json] = {
        "cells": {"given": dict(row.given), "understood": dict(row.cells)},
        "explanations": said,
    }
    draft = EventDraft(
        "carried",
        "carried.taken" if planned.outcome == "new" else "carried.corrected",
        today,
        by.id,
        by.role,
        payload=payload,
        via=via,
    )
    return draft, Sealed(STEP_WORDS, content)


def _steps(
    planned: PlannedRow, sha256: str, *, first: int, via: str
) -> Iterator[tuple[EventDraft, Sealed | None]]:
    source = planned.row.cells["source_document"]
    for seq, decision in enumerate(planned.decisions, start=first):
        draft = step_draft(decision, seq=seq, via=via)
        words = {"words": f"Row {planned.row.line} of the file; {source}".rstrip("; ")}
        yield replace(draft, document=sha256), Sealed(STEP_WORDS, words)


@one_at_a_time_in(OFFICE)
def _record_whole(
    program: Program,
    plan: Plan,
    by: Actor,
    at: datetime,
    today: date,
    via: str,
    *,
    is_anew: bool,
) -> None:
    """Record on the office's own record that a file was taken over, and what it came to.

    A run that recorded nothing more does so as well where the run before it was broken off between
    the last account and this.
    """
    if not is_anew and (
        queries.is_file_taken(plan.sha256) or not queries.has_taken_from(plan.sha256)
    ):
        return
    payload: dict[str, Json] = {"file_sha256": plan.sha256, **plan.counts}
    draft = EventDraft(
        "carried", "carried.file_taken", today, by.id, by.role, payload=payload, via=via
    )
    append(stream=OFFICE, expected=None, drafts=[(draft, None)], at=at, program=program)
