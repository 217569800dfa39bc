"""Reads vetting; every function asks for the reader's role, since members may never read it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from greenlane.apps.members.models import Account
from greenlane.apps.vetting.models import CheckRun
from greenlane.content.packs import load_program
from greenlane.core.errors import NotAllowed
from greenlane.core.facts import FactValue
from greenlane.core.program import VettingCheck

MAY_READ: Final = frozenset({"specialist", "vetting_analyst", "field_manager", "director"})
BLOCKING: Final = frozenset({"HIT", "CANNOT_TELL"})


@dataclass(frozen=True, slots=True)
class CheckState:
    """One check of the pack with its latest run; ``is_current`` is False once it expired."""

    check: VettingCheck
    latest: CheckRun | None
    earlier: tuple[CheckRun, ...]
    is_current: bool


def check_may_read(role: str) -> None:
    """Raise `NotAllowed` unless the role may read vetting."""
    if role not in MAY_READ:
        raise NotAllowed("Vetting is for the program office only.")


def checks_of(account: Account, *, role: str, on: date) -> Sequence[CheckState]:
    """Return every check of the pack with its runs, in the pack's order; one query.

    Raises:
        NotAllowed: the role may not read vetting.
    """
    check_may_read(role)
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
    """Return what vetting knows for the guards: never its detail.

    A required check counts when its latest run is current and could tell. A hit blocks until a
    later run of the same check decides it.
    """
    states = _states(account, on)
    needed = [state for state in states if state.check.is_required]
    results = [state.latest.result for state in states if state.latest is not None]
    return {
        "vetting.has_record": all(
            state.is_current and state.latest is not None and state.latest.result not in BLOCKING
            for state in needed
        ),
        "vetting.has_failure": "FAILED" in results,
        "vetting.has_open_hit": "HIT" in results,
    }
