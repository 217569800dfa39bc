"""Screens accounts against the lists in force and records what was found, in one event each.

One event for an account, whatever was found: how many hits there are cannot be read off the number
of events, which a member may count.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from django.db import transaction

from greenlane.apps.audit.actions import append
from greenlane.apps.audit.queries import head_of
from greenlane.apps.audit.seal import Sealed
from greenlane.apps.members import queries as members
from greenlane.apps.members.actions.steps import step
from greenlane.apps.members.models import Account, CompanyProfile
from greenlane.apps.parties.queries import latest_changes, parties_of, parties_of_many
from greenlane.apps.vetting import lists
from greenlane.apps.vetting.actions import VETTING_WORDS
from greenlane.apps.vetting.levels import MOST, LevelsInForce, is_made_with, levels_in_force
from greenlane.apps.vetting.models import AccountScreening, CheckRun, Hit, ScreeningRun
from greenlane.apps.vetting.screenings import (
    Found,
    Reconciled,
    find_hits,
    found_of_row,
    ownership_result,
    reconcile,
    watch_list_result,
)
from greenlane.apps.vetting.subjects import (
    PartySubject,
    owners_hash,
    place_of,
    stakes_of,
    subjects_of,
)
from greenlane.content.packs import load_program
from greenlane.core.access import check_role_among
from greenlane.core.canonical import Json
from greenlane.core.errors import Conflict
from greenlane.core.ledger import EventDraft
from greenlane.core.lifecycle.decide import Actor, reasons_of
from greenlane.core.program import Program
from greenlane.core.vocabulary import Phase, Power, Purpose

if TYPE_CHECKING:
    from greenlane.screening.ready import ReadyLists

SYSTEM: Final = Actor("system", "system")
OFFICE: Final = "office"
WATCH_LISTS: Final = "watch_lists"
OWNERSHIP: Final = "ownership"
REVIEW_REASON: Final = "vetting.new_review"
TRIGGERS: Final = ("entry", "change", "lists", "asked", "certification", "validation")
_ATTEMPTS: Final = 3


@dataclass(frozen=True, slots=True)
class Screened:
    """What a screening of one account did: hits opened and closed, and how many wait now."""

    parties: int
    opened: int
    closed: int
    waiting: int


@dataclass(frozen=True, slots=True)
class ScreenedAll:
    """What a screening of all accounts did; ``kind`` is FULL, DELTA or NOTHING."""

    kind: str
    reason: str
    accounts: int
    parties: int
    recorded: int
    opened: int
    closed: int


def screen_account(
    *,
    account: Account,
    at: datetime,
    by: Actor = SYSTEM,
    trigger: str = "asked",
    via: str = "",
) -> Screened:
    """Screen every party of one account against the lists in force, and record it.

    An account whose vetting had passed and that has a new open hit goes to a new review (V04).

    Args:
        account: The account.
        at: The moment.
        by: The system, or the analyst who asked.
        trigger: Why: entry, change, lists, asked, certification or validation.

    Raises:
        NotFound: there is no watch list.
        ListsNotReady: the lists are being prepared; nothing was screened.
        RoleNotAllowed: the role may not vet.
        Conflict: the account changed meanwhile.
    """
    program = load_program(account.program)
    wanted = program.roles_that_may(Power.VET) | {SYSTEM.role}
    check_role_among(program, role=by.role, wanted=wanted)
    listed = lists.ready_lists(on=program.day_of(at))
    subjects = _subjects(account)
    levels = levels_in_force()
    found = find_hits(subjects, listed, levels=levels.as_levels())
    return _record(account, subjects, found, listed, levels, at=at, by=by, trigger=trigger, via=via)


def _subjects(account: Account) -> list[PartySubject]:
    return subjects_of(account, parties_of(account.stream), members.company_profile(account.stream))


@transaction.atomic
def _record(
    account: Account,
    subjects: list[PartySubject],
    found: Iterable[Found],
    listed: ReadyLists,
    levels: LevelsInForce,
    *,
    at: datetime,
    by: Actor,
    trigger: str,
    via: str,
) -> Screened:
    """Record one account's screening; the events are written with compare-and-set."""
    place = head_of(account.stream).seq
    kept = reconcile(Hit.objects.filter(stream=account.stream), found, subjects)
    _append(
        account, subjects, kept, listed, levels, at=at, by=by, trigger=trigger, via=via, place=place
    )
    fresh = members.account(account.stream)
    if kept.opened:
        ask_for_review(fresh, at=at, via=via)
    waiting = sum(state in ("OPEN", "NEEDS_MORE", "WAITING") for _, state in kept.states)
    return Screened(len(subjects), kept.opened, kept.closed, waiting)


def ask_for_review(account: Account, *, at: datetime, via: str) -> None:
    """Send an account whose vetting had passed to a new review, by the system's own act.

    Nothing happens where vetting did not pass, or where the pack has no such act.
    """
    program = load_program(account.program)
    acts = program.acts_that(Purpose.REOPEN_VETTING)
    if account.vetting != "PASSED" or not acts:
        return
    fitting = sorted(reasons_of(program, acts[0]))
    reason = REVIEW_REASON if REVIEW_REASON in fitting else next(iter(fitting), "")
    given = {"reason": reason} if "reason" in acts[0].requires else {}
    step(account=account, act=acts[0].id, by=SYSTEM, at=at, given=given, via=via)


def _append(
    account: Account,
    subjects: list[PartySubject],
    kept: Reconciled,
    listed: ReadyLists,
    levels: LevelsInForce,
    *,
    at: datetime,
    by: Actor,
    trigger: str,
    via: str,
    place: int,
) -> None:
    from greenlane.screening.versions import SCORER_VERSION

    program = load_program(account.program)
    today = program.day_of(at)
    stakes = stakes_of(parties_of(account.stream, role="OWNER"))
    owners = owners_hash(stakes)
    source = ", ".join(f"{key} {version}" for key, version in sorted(listed.versions.items()))
    checks = [
        automatic_run(
            program, WATCH_LISTS, watch_list_result(kept.states), source, _counted(kept), on=today
        )
    ]
    names = {one.party: one.subject.names[0] for one in subjects}
    judged = ownership_result(stakes, kept.states, names)
    if _is_news(account.stream, judged.result, owners):
        checks.append(
            automatic_run(program, OWNERSHIP, judged.result, source, judged.detail, on=today)
        )
    versions: dict[str, Json] = dict(listed.versions)
    payload: dict[str, Json] = {
        "trigger": trigger,
        "lists": versions,
        "scorer": SCORER_VERSION,
        "levels": levels.as_json(),
    }
    content: dict[str, Json] = {
        "subjects": {one.party: one.content_hash for one in subjects},
        "owners": owners,
        "hits": [dict(entry) for entry in kept.entries],
        "checks": [run for run in checks if run],
    }
    draft = EventDraft(
        "screening", "screening.recorded", today, by.id, by.role, payload=payload, via=via
    )
    append(
        stream=account.stream,
        expected=place,
        drafts=[(draft, Sealed(VETTING_WORDS, content))],
        at=at,
        program=program,
    )


def _counted(kept: Reconciled) -> str:
    states = [state for _, state in kept.states]
    if not states:
        return "No party resembles a listed one."
    told = {
        "confirmed": states.count("TRUE"),
        "to be decided": sum(state in ("OPEN", "NEEDS_MORE", "WAITING") for state in states),
        "told apart": states.count("FALSE"),
    }
    return "Hits: " + ", ".join(f"{count} {words}" for words, count in told.items() if count) + "."


def automatic_run(
    program: Program, check: str, result: str, source: str, detail: str, *, on: date
) -> dict[str, Json]:
    """Return one run of a check as an event seals it; empty where the pack has no such check."""
    rule = program.checks.get(check)
    if rule is None:
        return {}
    expires_on = rule.expires_after.after(on) if rule.expires_after else None
    return {
        "check": check,
        "result": result,
        "source": source[:200],
        "detail": detail,
        "expires_on": expires_on.isoformat() if expires_on else None,
    }


def _is_news(stream: str, result: str, owners: str) -> bool:
    """Tell whether what is computed of the ownership is to be recorded as a run of its check.

    What a person found out is overruled only by a listed owner, or when the owners changed since.
    """
    before = AccountScreening.objects.filter(stream=stream).values_list("owners", flat=True).first()
    latest = CheckRun.objects.filter(stream=stream, check_id=OWNERSHIP).order_by("-seq").first()
    has_changed = before is not None and before != owners
    if latest is None or has_changed or result in ("FAILED", "HIT"):
        return True
    return latest.is_automatic and latest.result != result


def screened_accounts(program: Program) -> list[Account]:
    """Return the accounts of a program whose parties are screened, in the order of their keys."""
    # Whoever is none of ours any more is not screened; the record of what was found stays.
    present = program.statuses_in(Phase.PREPARING, Phase.APPLYING, Phase.MEMBER, Phase.SUSPENDED)
    found = members.accounts(program=program.id).filter(membership__in=present)
    return list(found.defer("steps"))


def screen_all(
    *,
    program: Program,
    at: datetime,
    by: Actor = SYSTEM,
    via: str = "",
    is_full: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> ScreenedAll:
    """Screen every account's parties, only what changed since the last time; record what is new.

    An account gets an event where a hit opened, changed or closed, or where its parties were not
    yet screened as they are now. That all others were covered stands on the office's record. A run
    that was interrupted is simply repeated; nothing is recorded twice.

    Args:
        program: The pack.
        at: The moment; the parties are read after it.
        is_full: Screen every party in any case.
        progress: Called with (done, total) while names are compared.

    Raises:
        NotFound: there is no watch list.
        RescreeningBusy: another screening of all is at work.
        Conflict: an account kept changing; run it again.
    """
    from greenlane.screening import rescreen as bulk
    from greenlane.screening.versions import SCORER_VERSION

    today = program.day_of(at)
    listed = lists.listed_set(on=today)
    ready = lists.make_ready(on=today, listed=listed)
    accounts = screened_accounts(program)
    subjects = {account.stream: own for account, own in _subjects_of_all(accounts)}
    everyone = [one.subject for own in subjects.values() for one in own]
    folder, levels = lists.state_folder(), levels_in_force()
    outcome = bulk.rescreen(
        folder,
        listed,
        bulk.Parties(everyone=everyone),
        bulk.settings_of(review=levels.review / MOST, alert=levels.alert / MOST),
        at=at,
        is_full=is_full,
        progress=progress,
        names=ready.names,
    )
    found: dict[str, list[Found]] = {}
    for row in bulk.read_hits(folder):
        found.setdefault(place_of(row["subject_id"])[0], []).append(found_of_row(row, ready))
    recorded = opened = closed = 0
    for account in accounts:
        done = _record_if_new(
            account,
            subjects[account.stream],
            found.get(account.stream, []),
            ready,
            levels,
            at,
            by,
            via,
        )
        if done is not None:
            recorded, opened, closed = recorded + 1, opened + done.opened, closed + done.closed
    versions: dict[str, Json] = dict(listed.versions)
    counts: dict[str, Json] = {
        "accounts": len(accounts),
        "parties": len(everyone),
        "opened": opened,
        "closed": closed,
    }
    payload: dict[str, Json] = {
        "lists": versions,
        "scorer": SCORER_VERSION,
        "levels": levels.as_json(),
        "kind": outcome.kind.value,
        "read_at": at.isoformat(),
        **counts,
    }
    if outcome.kind.value != "NOTHING" or not _is_covered(versions, levels):
        draft = EventDraft(
            "screening", "screening.run", today, by.id, by.role, payload=payload, via=via
        )
        with transaction.atomic():
            append(stream=OFFICE, expected=None, drafts=[(draft, None)], at=at, program=program)
    return ScreenedAll(
        outcome.kind.value,
        outcome.reason,
        len(accounts),
        len(everyone),
        recorded,
        opened,
        closed,
    )


def _is_covered(versions: dict[str, Json], levels: LevelsInForce) -> bool:
    from greenlane.screening.versions import SCORER_VERSION

    latest = ScreeningRun.objects.order_by("-seq").first()
    return (
        latest is not None
        and latest.lists == versions
        and latest.scorer == SCORER_VERSION
        and is_made_with(latest.levels, levels)
    )


def _subjects_of_all(
    accounts: list[Account], *, at_a_time: int = 500
) -> Iterator[tuple[Account, list[PartySubject]]]:
    for start in range(0, len(accounts), at_a_time):
        part = accounts[start : start + at_a_time]
        streams = [account.stream for account in part]
        parties = parties_of_many(streams)
        profiles = {row.stream: row for row in CompanyProfile.objects.filter(stream__in=streams)}
        for account in part:
            own = parties.get(account.stream, [])
            yield account, subjects_of(account, own, profiles.get(account.stream))


def _record_if_new(
    account: Account,
    subjects: list[PartySubject],
    found: list[Found],
    listed: ReadyLists,
    levels: LevelsInForce,
    at: datetime,
    by: Actor,
    via: str,
) -> Screened | None:
    """Record an account's screening where it says something new; None where it does not."""
    for attempt in range(_ATTEMPTS):
        before = AccountScreening.objects.filter(stream=account.stream).first()
        kept = reconcile(Hit.objects.filter(stream=account.stream), found, subjects)
        hashes = {one.party: one.content_hash for one in subjects}
        if before is not None and before.subjects == hashes and not kept.entries:
            return None
        try:
            return _record(
                account,
                subjects,
                found,
                listed,
                levels,
                at=at,
                by=by,
                trigger="entry" if before is None else "lists",
                via=via,
            )
        except Conflict:
            if attempt == _ATTEMPTS - 1:
                raise
    return None


def screen_pending(
    *, program: Program, at: datetime, at_most: int = 20, via: str = "worker"
) -> int:
    """Screen accounts whose parties changed, or that were never screened; return how many.

    Cheap where nothing is to be done: three queries.

    Raises:
        NotFound: there is no watch list.
    """
    if not lists.versions_in_force(on=program.day_of(at)):
        return 0
    changed = latest_changes()
    screened = dict(AccountScreening.objects.values_list("stream", "seq"))
    waiting = [
        account
        for account in screened_accounts(program)
        if account.stream not in screened
        or changed.get(account.stream, 0) > screened[account.stream]
    ]
    done = 0
    if waiting:
        lists.make_ready(on=program.day_of(at))
    for account in waiting[:at_most]:
        trigger = "change" if account.stream in screened else "entry"
        try:
            screen_account(account=account, at=at, trigger=trigger, via=via)
        except Conflict:
            # Somebody is writing to it this moment: its turn comes again in the next round.
            continue
        done += 1
    return done


def lists_changed(*, program: Program, at: datetime) -> bool:
    """Tell whether all are to be screened again: other lists in force, other levels or scorer.

    Compared is the latest screening of all. A listing that expired changes a list as well: then
    what was made ready serves no more.
    """
    today = program.day_of(at)
    versions: dict[str, Json] = dict(lists.versions_in_force(on=today))
    return bool(versions) and not (
        _is_covered(versions, levels_in_force()) and lists.are_ready(on=today)
    )
