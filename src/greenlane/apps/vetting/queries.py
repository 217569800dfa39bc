"""Reads vetting; every function asks for the reader's role, since members may never read it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import (
    Case,
    Count,
    ExpressionWrapper,
    F,
    IntegerField,
    QuerySet,
    Value,
    When,
)

from greenlane.apps.members.models import Account
from greenlane.apps.members.queries import company_profile, steps_of
from greenlane.apps.parties.queries import parties_of
from greenlane.apps.vetting.levels import is_made_with, levels_in_force
from greenlane.apps.vetting.lists import ListInForce, lists_in_force
from greenlane.apps.vetting.models import (
    AccountScreening,
    CheckRun,
    CustomsRow,
    Hit,
    HitDecision,
    ScreeningRun,
)
from greenlane.apps.vetting.subjects import subjects_of
from greenlane.content.packs import load_program
from greenlane.core.errors import NotAllowed, NotFound
from greenlane.core.facts import FactValue
from greenlane.core.marks import Mark
from greenlane.core.program import Program, VettingCheck
from greenlane.core.vocabulary import Matter

BLOCKING: Final = frozenset({"HIT", "CANNOT_TELL"})
WAITING: Final = ("OPEN", "NEEDS_MORE", "WAITING")
"""States of a hit in which somebody is still to decide."""
WATCH_LISTS: Final = "watch_lists"
_KEY: Final = re.compile(r"H-[0-9A-Z]{1,14}")


class NoSuchHit(NotFound):
    """There is no such hit, or it is not yours to see."""

    code = "hit.not_found"


@dataclass(frozen=True, slots=True)
class CheckState:
    """One check of the pack with its latest run; ``is_current`` is False once it expired."""

    check: VettingCheck
    latest: CheckRun | None
    earlier: tuple[CheckRun, ...]
    is_current: bool


def check_may_read(program: Program, role: str) -> None:
    """Raise `NotAllowed` unless the pack lets the role read vetting."""
    if role not in program.readers_of(Matter.VETTING):
        raise NotAllowed("Vetting is for the program office only.")


# --- Checks and facts -----------------------------------------------------------------------------


def checks_of(account: Account, *, role: str, on: date) -> Sequence[CheckState]:
    """Return every check of the pack with its runs, in the pack's order; one query.

    Raises:
        NotAllowed: the role may not read vetting.
    """
    check_may_read(load_program(account.program), role)
    return _states(account, on)


def _states(account: Account, on: date) -> list[CheckState]:
    runs: dict[str, list[CheckRun]] = {}
    for run in CheckRun.objects.filter(stream=account.stream).order_by("-seq"):
        runs.setdefault(run.check_id, []).append(run)
    found = []
    for key, check in load_program(account.program).checks.items():
        of_check = runs.get(key, [])
        latest = of_check[0] if of_check else None
        is_current = latest is not None and (latest.expires_on is None or on <= latest.expires_on)
        found.append(CheckState(check, latest, tuple(of_check[1:]), is_current))
    return found


def vetting_facts(account: Account, *, on: date) -> dict[str, FactValue]:
    """Return what vetting knows for the guards: never its detail. About seven queries.

    A required check counts when its latest run is current and could tell. A hit blocks until it is
    decided; so does a run of a check that was one, until a later run of the same check.

    ``vetting.screening_is_current`` is missing (cannot tell) where there is no list or the account
    was never screened; ``vetting.secondary_is_done`` before any validation case was opened.
    """
    states = _states(account, on)
    needed = [state for state in states if state.check.is_required]
    results = [state.latest.result for state in states if state.latest is not None]
    waiting = Hit.objects.filter(stream=account.stream, state__in=WAITING).exists()
    known: dict[str, FactValue] = {
        "vetting.has_record": all(
            state.is_current and state.latest is not None and state.latest.result not in BLOCKING
            for state in needed
        ),
        "vetting.has_failure": "FAILED" in results,
        "vetting.has_open_hit": "HIT" in results or waiting,
    }
    screened = screening_state(account, on=on)
    if screened.is_current is not None:
        known["vetting.screening_is_current"] = screened.is_current
    secondary = _secondary(account, states)
    if secondary is not None:
        known["vetting.secondary_is_done"] = secondary
    return known


def _secondary(account: Account, states: Iterable[CheckState]) -> bool | None:
    """Tell whether the secondary checks are clear since the latest validation case was opened.

    They are run once for a case, before the visit; that the lists are still current when it is
    decided is asked of the screening.

    Source: OIG-12-86: it was not always done; problem P11.
    """
    opened = [step for step in steps_of(account) if Mark.VALIDATION_OPENED in step.marks]
    if not opened:
        return None
    case = opened[-1]
    return all(
        state.latest is not None
        and state.latest.result == "CLEAR"
        and state.latest.seq > case.seq
        and state.latest.run_on >= case.on
        for state in states
        if state.check.is_secondary
    )


@dataclass(frozen=True, slots=True)
class ScreeningState:
    """Whether an account is screened as it is now, and what is missing, in codes.

    Attributes:
        is_current: True, False, or None where it cannot be told.
        missing: ``no_list``, ``never``, ``list_old``, ``party_changed``, ``list_changed``,
            ``levels_changed``, ``scorer_changed``; empty when current.
        latest: The latest screening of the account.
        lists: The lists in force.
        unscreened: Keys of parties that are not yet screened as they are now.
    """

    is_current: bool | None
    missing: str
    latest: AccountScreening | None
    lists: tuple[ListInForce, ...]
    unscreened: tuple[str, ...] = ()


def screening_state(account: Account, *, on: date) -> ScreeningState:
    """Return whether every party is screened, as declared now, against the lists in force."""
    program = load_program(account.program)
    in_force = tuple(lists_in_force(on=on))
    latest = AccountScreening.objects.filter(stream=account.stream).first()
    if not in_force:
        return ScreeningState(None, "no_list", latest, ())
    if latest is None:
        return ScreeningState(None, "never", None, in_force)
    if any(is_old(one, program, on=on) for one in in_force):
        return ScreeningState(False, "list_old", latest, in_force)
    parties = subjects_of(account, parties_of(account.stream), company_profile(account.stream))
    unscreened = tuple(
        one.party for one in parties if latest.subjects.get(one.party) != one.content_hash
    )
    if unscreened:
        return ScreeningState(False, "party_changed", latest, in_force, unscreened)
    from greenlane.screening.versions import SCORER_VERSION

    versions = {one.key: one.version for one in in_force}
    levels = levels_in_force()
    if (
        latest.lists == versions
        and latest.scorer == SCORER_VERSION
        and is_made_with(latest.levels, levels)
    ):
        return ScreeningState(True, "", latest, in_force)
    run = ScreeningRun.objects.order_by("-seq").first()
    missing = "list_changed"
    if latest.lists == versions:
        missing = "scorer_changed" if is_made_with(latest.levels, levels) else "levels_changed"
    # A screening of all covers it only with the parties as they were when it read them.
    if run is None or run.lists != versions or latest.screened_at > run.read_at:
        return ScreeningState(False, missing, latest, in_force)
    if not is_made_with(run.levels, levels):
        return ScreeningState(False, "levels_changed", latest, in_force)
    is_same = run.scorer == SCORER_VERSION
    return ScreeningState(is_same, "" if is_same else "scorer_changed", latest, in_force)


def is_old(one: ListInForce, program: Program, *, on: date) -> bool:
    """Tell whether a list was compared with its publisher's longer ago than the pack allows."""
    rule = program.checks.get(WATCH_LISTS)
    if rule is None or rule.lists_at_most is None:
        return False
    return rule.lists_at_most.after(one.looked_at.date()) < on


# --- Hits -----------------------------------------------------------------------------------------


def hit(account: Account, key: str, *, role: str) -> Hit:
    """Return one hit.

    Raises:
        NotAllowed: the role may not read vetting. NoSuchHit: there is none of that key.
    """
    check_may_read(load_program(account.program), role)
    found = None
    if _KEY.fullmatch(key):
        found = Hit.objects.filter(stream=account.stream, hit=key).first()
    if found is None:
        raise NoSuchHit("This account has no hit of that key.")
    return found


def hits_of(account: Account, *, role: str) -> Sequence[Hit]:
    """Return every hit of an account, those that wait first, the best score first."""
    check_may_read(load_program(account.program), role)
    return list(_ordered(Hit.objects.filter(stream=account.stream)))


def hit_queue(
    streams: QuerySet[Account],
    *,
    program: Program,
    role: str,
    level: str = "",
    state: str = "",
    text: str = "",
) -> QuerySet[Hit]:
    """Return the hits that wait for somebody, of accounts in sight.

    Alerts come first, then by score and by what corroborates; the longest open first among equals.

    Args:
        streams: The accounts whose hits the reader may see.
        program: Their pack.
        role: The reader's role.
        level: Only hits of this level; all by default.
        state: Only hits in this state.
        text: Only parties whose name has this in it, in any case.

    Raises:
        NotAllowed: the role may not read vetting.
    """
    check_may_read(program, role)
    found = Hit.objects.filter(state__in=WAITING, stream__in=streams.values("stream"))
    if level:
        found = found.filter(level=level)
    if state:
        found = found.filter(state=state)
    if text:
        found = found.filter(subject_name__icontains=text)
    return _ordered(found)


# Whole per cents first: what differs less is no difference, and then it counts what corroborates.
_ORDER: Final = (
    "-is_alert",
    "-percent",
    "-corroborates",
    "contradicts",
    "-score",
    "opened_at",
    "pk",
)
_OF_A_PERCENT: Final = 10_000


def _ordered(found: QuerySet[Hit]) -> QuerySet[Hit]:
    waits = Case(
        When(state__in=WAITING, then=Value(1)), default=Value(0), output_field=IntegerField()
    )
    is_alert = Case(
        When(level="ALERT", then=Value(1)), default=Value(0), output_field=IntegerField()
    )
    percent = ExpressionWrapper(F("score") / Value(_OF_A_PERCENT), output_field=IntegerField())
    return found.annotate(waits=waits, is_alert=is_alert, percent=percent).order_by(
        "-waits", *_ORDER
    )


def companies_of(streams: Iterable[str]) -> dict[str, str]:
    """Return the company names of accounts, by account; one query."""
    found = Account.objects.filter(stream__in=list(streams))
    return dict(found.values_list("stream", "company_name"))


def decisions_of(account: Account, key: str, *, role: str) -> Sequence[HitDecision]:
    """Return what was said of one hit, latest first."""
    check_may_read(load_program(account.program), role)
    return list(HitDecision.objects.filter(stream=account.stream, hit=key).order_by("-seq"))


@dataclass(frozen=True, slots=True)
class QueueFigures:
    """The queue in figures.

    Attributes:
        open: Hits that wait for an analyst.
        waiting: Of all, those proposed and waiting for a second person.
        oldest_days: Age of the oldest open one in days; 0 without one.
        median_days: Age of the one in the middle.
        decided: Day to number of final decisions on it, for the days asked, oldest first.
        finals: Final decisions in these days.
        reversals: Of them, those that overturned an earlier final decision.
    """

    open: int
    waiting: int
    oldest_days: int
    median_days: int
    decided: Mapping[date, int]
    finals: int
    reversals: int


def queue_figures(
    streams: QuerySet[Account], *, program: Program, role: str, on: date, days: Sequence[date]
) -> QueueFigures:
    """Return the figures of the queue on a day; three queries.

    Args:
        streams: The accounts whose hits the reader may see.
        program: Their pack.
        role: The reader's role.
        on: The day from which ages are counted.
        days: The days of which decisions are counted, oldest first.

    Raises:
        NotAllowed: the role may not read vetting.
    """
    check_may_read(program, role)
    keys = streams.values("stream")
    rows = Hit.objects.filter(state__in=WAITING, stream__in=keys).values_list("opened_on", "state")
    found = sorted(((on - opened).days, state) for opened, state in rows)
    finals = HitDecision.objects.filter(
        stream__in=keys, is_final=True, decided_on__gte=days[0], decided_on__lte=days[-1]
    )
    by_day = dict(
        finals.order_by().values_list("decided_on").annotate(count=Count("pk")).order_by()
    )
    return QueueFigures(
        open=sum(state != "WAITING" for _, state in found),
        waiting=sum(state == "WAITING" for _, state in found),
        oldest_days=found[-1][0] if found else 0,
        median_days=found[len(found) // 2][0] if found else 0,
        decided={day: by_day.get(day, 0) for day in days},
        finals=sum(by_day.values()),
        reversals=finals.filter(is_reversal=True).count(),
    )


# --- Customs history ------------------------------------------------------------------------------


def customs_rows(account: Account, *, role: str) -> Sequence[CustomsRow]:
    """Return debts, seizures, penalties and violations on file, latest first."""
    check_may_read(load_program(account.program), role)
    return list(CustomsRow.objects.filter(stream=account.stream).order_by("-as_of", "pk"))


def latest_run() -> ScreeningRun | None:
    """Return the latest screening of all accounts."""
    return ScreeningRun.objects.order_by("-seq").first()
