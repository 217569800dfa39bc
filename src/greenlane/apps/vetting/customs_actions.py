"""Takes debts, seizures, penalties and violations from a file onto the records of accounts.

A dry run plans and shows the same that a run records. A file that is given twice changes nothing
the second time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db import transaction

from greenlane.apps.audit.actions import append
from greenlane.apps.audit.queries import head_of
from greenlane.apps.audit.seal import Sealed
from greenlane.apps.members import queries as members
from greenlane.apps.members.models import Account
from greenlane.apps.parties.queries import with_identifier
from greenlane.apps.vetting.actions import VETTING_WORDS
from greenlane.apps.vetting.customs_rows import CustomsEntry, CustomsFile, is_after
from greenlane.apps.vetting.models import CustomsRow
from greenlane.apps.vetting.screening_actions import (
    OFFICE,
    ask_for_review,
    automatic_run,
)
from greenlane.apps.vetting.screenings import new_key
from greenlane.core.access import check_role_among
from greenlane.core.canonical import Json
from greenlane.core.errors import BadInput
from greenlane.core.ledger import EventDraft
from greenlane.core.lifecycle.decide import Actor
from greenlane.core.program import Program
from greenlane.core.vocabulary import Power

DEBT: Final = "debt"
HISTORY: Final = "customs_history"
_SETTLED: Final = {"DEBT": frozenset({"OPEN", "PAID", "CLOSED", "CANCELLED"})}
_CANCELLED: Final = frozenset({"CANCELLED"})


@dataclass(frozen=True, slots=True)
class Matched:
    """What a file says of one account: rows that are new or changed, and those already on file."""

    stream: str
    company: str
    fresh: tuple[CustomsEntry, ...]
    unchanged: int
    results: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What a file would do, row by row accounted for.

    Attributes:
        file: The file as read.
        matched: Accounts that are concerned, by key.
        unmatched: Rows whose identifier no account bears.
        late: Rows dated after the day of the source; they are refused.
    """

    file: CustomsFile
    matched: tuple[Matched, ...]
    unmatched: tuple[CustomsEntry, ...]
    late: tuple[CustomsEntry, ...]

    @property
    def counts(self) -> dict[str, int]:
        """The reconciliation: rows = refused + late + unmatched + matched."""
        fresh = {entry.line for one in self.matched for entry in one.fresh}
        sound = len(self.file.entries)
        hit = sound - len(self.late) - len(self.unmatched)
        return {
            "rows": self.file.rows,
            "refused": self.file.refused + len(self.late),
            "unmatched": len(self.unmatched),
            "matched": hit,
            "new_or_changed": len(fresh),
            "unchanged": hit - len(fresh),
            "accounts": len(self.matched),
        }


def plan_import(
    *, program: Program, file: CustomsFile, as_of: date, streams: Iterable[str] | None = None
) -> ImportPlan:
    """Plan what a file says of the accounts; writes nothing.

    Rows are keyed on identifiers that accounts declare for the company, its people, owners, sites
    and vessels. One identifier may be borne by several accounts; all are concerned. Business
    partners are not: what is said of them is not said of the member.

    Args:
        program: The pack.
        file: The file as read.
        as_of: The day of which the source speaks.
        streams: Accounts in sight; None for all.
    """
    late = tuple(entry for entry in file.entries if is_after(entry.happened_on, as_of))
    late_lines = {entry.line for entry in late}
    timely = [entry for entry in file.entries if entry.line not in late_lines]
    borne = with_identifier(entry.identifier for entry in timely)
    seen = None if streams is None else set(streams)
    of_account: dict[str, list[CustomsEntry]] = {}
    unmatched = []
    for entry in timely:
        bearers = borne.get(entry.identifier, set())
        bearers = bearers if seen is None else bearers & seen
        if not bearers:
            unmatched.append(entry)
        for stream in bearers:
            of_account.setdefault(stream, []).append(entry)
    accounts = {row.stream: row for row in members.accounts(program=program.id)}
    matched = tuple(
        _matched(accounts[stream], entries)
        for stream, entries in sorted(of_account.items())
        if stream in accounts
    )
    return ImportPlan(file, matched, tuple(unmatched), late)


def _matched(account: Account, entries: Sequence[CustomsEntry]) -> Matched:
    known = {_place(row): row for row in CustomsRow.objects.filter(stream=account.stream)}
    fresh = tuple(entry for entry in entries if _is_fresh(known.get(_key(entry)), entry))
    states = {key: (row.kind, row.status) for key, row in known.items()}
    states.update({_key(entry): (entry.kind, entry.status) for entry in entries})
    return Matched(
        account.stream,
        account.company_name,
        fresh,
        len(entries) - len(fresh),
        _results(states.values(), {entry.kind for entry in fresh}),
    )


def _place(row: CustomsRow) -> tuple[str, str, str]:
    return row.kind, row.reference, row.identifier


def _key(entry: CustomsEntry) -> tuple[str, str, str]:
    return entry.kind, entry.reference, entry.identifier


def _is_fresh(row: CustomsRow | None, entry: CustomsEntry) -> bool:
    if row is None:
        return True
    happened = row.happened_on.isoformat() if row.happened_on else ""
    before = (row.status, happened, row.amount, row.currency, row.note)
    return before != (
        entry.status,
        entry.happened_on,
        entry.amount,
        entry.currency,
        entry.note,
    )


def _results(states: Iterable[tuple[str, str]], kinds: set[str]) -> dict[str, str]:
    """Return results of the checks that new rows touch: a final debt, what is not cancelled."""
    kept = list(states)
    found: dict[str, str] = {}
    if "DEBT" in kinds:
        has_debt = any(k == "DEBT" and s not in _SETTLED["DEBT"] for k, s in kept)
        found[DEBT] = "HIT" if has_debt else "CLEAR"
    if kinds - {"DEBT"}:
        has_row = any(k != "DEBT" and s not in _CANCELLED for k, s in kept)
        found[HISTORY] = "HIT" if has_row else "CLEAR"
    return found


def record_import(
    *,
    program: Program,
    plan: ImportPlan,
    source: str,
    as_of: date,
    by: Actor,
    at: datetime,
    via: str = "",
) -> dict[str, int]:
    """Record a planned file: one event for each account, one on the office's record.

    Each account is its own transaction; a run that is broken off is repeated with the same file.
    An account whose vetting had passed and of which something is found goes to a new review.

    Returns:
        The reconciliation, as `ImportPlan.counts`.

    Raises:
        RoleNotAllowed: the role may not vet.
        BadInput: no source, or a day to come. Conflict: an account changed; run it again.
    """
    check_role_among(program, role=by.role, wanted=program.roles_that_may(Power.VET))
    if not source.strip() or len(source) > 200:
        raise BadInput("Name the source the file comes from, in at most 200 characters.")
    today = program.day_of(at)
    if as_of > today:
        raise BadInput("The source is dated {day}, which is still to come.", day=as_of)
    for one in plan.matched:
        if one.fresh:
            _record(program, one, plan.file, source.strip(), as_of, today, by, at, via)
    counts = plan.counts
    payload: dict[str, Json] = {
        "file_sha256": plan.file.sha256,
        "as_of": as_of.isoformat(),
        **counts,
    }
    draft = EventDraft(
        "customs", "customs.imported", today, by.id, by.role, payload=payload, via=via
    )
    with transaction.atomic():
        append(
            stream=OFFICE,
            expected=None,
            drafts=[(draft, Sealed(VETTING_WORDS, {"source": source.strip()}))],
            at=at,
            program=program,
        )
    return counts


@transaction.atomic
def _record(
    program: Program,
    matched: Matched,
    file: CustomsFile,
    source: str,
    as_of: date,
    today: date,
    by: Actor,
    at: datetime,
    via: str,
) -> None:
    account = members.account(matched.stream)
    place = head_of(account.stream).seq
    known = {_place(row): row.row for row in CustomsRow.objects.filter(stream=account.stream)}
    keyed = [(known.get(_key(entry)) or new_key("C"), entry) for entry in matched.fresh]
    payload: dict[str, Json] = {
        "file_sha256": file.sha256,
        "as_of": as_of.isoformat(),
        "rows": [{"row": key, "kind": one.kind, "status": one.status} for key, one in keyed],
    }
    content: dict[str, Json] = {
        "source": source,
        "rows": {key: _detail(entry) for key, entry in keyed},
        "checks": [
            run
            for check, result in matched.results.items()
            if (run := automatic_run(program, check, result, source, _told(matched), on=today))
        ],
    }
    draft = EventDraft(
        "customs", "customs.recorded", today, by.id, by.role, payload=payload, via=via
    )
    append(
        stream=account.stream,
        expected=place,
        drafts=[(draft, Sealed(VETTING_WORDS, content))],
        at=at,
        program=program,
    )
    if "HIT" in matched.results.values():
        ask_for_review(members.account(account.stream), at=at, via=via)


def _detail(entry: CustomsEntry) -> dict[str, Json]:
    return {
        "reference": entry.reference,
        "identifier": entry.identifier,
        "happened_on": entry.happened_on or None,
        "amount": entry.amount,
        "currency": entry.currency,
        "note": entry.note,
    }


def _told(matched: Matched) -> str:
    return "; ".join(
        f"{entry.kind.lower()} {entry.reference}: {entry.status.lower()}"
        for entry in matched.fresh[:20]
    )
