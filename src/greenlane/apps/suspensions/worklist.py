"""Whose standing is suspended, and for whom the clock of an appeal runs: with a case or without.

A standing may have come about in one step, before there were cases or by a letter from outside. The
cases themselves are listed by `queries`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from greenlane.apps.members.models import Account
from greenlane.apps.members.queries import office_decrees, steps_of
from greenlane.content.packs import load_program
from greenlane.core.case import Case
from greenlane.core.deadlines import RUNNING, Duty
from greenlane.core.marks import Mark
from greenlane.core.vocabulary import AppealStatus, Axis, Phase

_DECIDED: Final = frozenset({Mark.DECIDED_NONCOMPLIANCE, Mark.DECIDED_FALSEHOOD})
_SUSPENDED: Final = frozenset({Mark.SUSPENDED, Mark.PARTLY_SUSPENDED})
# Whoever has none of these marks in its steps was never decided against: it is not read at all.
_LOOKED_AT: Final = (*sorted(_DECIDED | _SUSPENDED), Mark.APPEAL_FILED)


@dataclass(frozen=True, slots=True)
class Watched:
    """One account that is suspended, or that has an appeal or may still appeal.

    Attributes:
        account: Its row.
        is_suspended: In full; ``is_in_part`` of single benefits.
        answer: The company's running time to answer the suspension, None where none runs.
        is_appealed: An appeal waits for its determination, until ``determination``.
        window: The running time to appeal the latest decision, None where none runs.
    """

    account: Account
    is_suspended: bool
    is_in_part: bool
    answer: Duty | None
    is_appealed: bool
    determination: Duty | None
    window: Duty | None


def watched(among: QuerySet[Account], *, on: date) -> list[Watched]:
    """Return the accounts that are suspended, or for which the clock of an appeal runs.

    Two queries; the steps are read of those accounts alone that anything was ever decided against.

    Args:
        among: The accounts that the reader may see.
        on: The day for which clocks are asked.
    """
    wanted = Q()
    for mark in _LOOKED_AT:
        wanted |= Q(text__contains=f'"{mark.value}"')
    rows = among.annotate(text=Cast("steps", TextField())).filter(wanted).order_by("stream")
    decrees = office_decrees()
    found = []
    for row in rows:
        program = load_program(row.program)
        case = Case(program, row.entity_type, steps_of(row), decrees=decrees)
        running = [duty for duty in case.duties(on=on) if duty.state in RUNNING]
        phase, standing = program.phase_of(row.membership), case.standing()
        one = Watched(
            row,
            is_suspended=phase is Phase.SUSPENDED,
            is_in_part=standing.benefits_suspended_in_part
            and phase in (Phase.MEMBER, Phase.SUSPENDED),
            answer=_latest(running, _SUSPENDED),
            is_appealed=standing.axes[Axis.APPEAL] == AppealStatus.PENDING,
            determination=_latest(running, frozenset({Mark.APPEAL_FILED})),
            window=_latest(running, _DECIDED),
        )
        if one.is_suspended or one.is_in_part or one.is_appealed or one.window:
            found.append(one)
    return found


def _latest(running: list[Duty], anchors: frozenset[Mark]) -> Duty | None:
    among = [duty for duty in running if not anchors.isdisjoint(duty.deadline.anchors)]
    return max(among, key=lambda duty: duty.anchor_seq, default=None)
