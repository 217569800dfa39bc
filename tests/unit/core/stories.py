"""Short histories for the tests of core: steps by their marks, without a pack's guards."""

from __future__ import annotations

from datetime import date

from greenlane.content.packs import load_program
from greenlane.core.deadlines import Decree, Duty, duties
from greenlane.core.lifecycle.standing import Step
from greenlane.core.marks import Mark
from greenlane.core.program import Program
from greenlane.core.vocabulary import Axis

CTPAT: Program = load_program("ctpat")


def day(text: str) -> date:
    return date.fromisoformat(text)


def steps(*rows: tuple[str, str] | tuple[str, str, dict[str, str]]) -> list[Step]:
    """Return a chain: each row is a day, marks parted by spaces (or an act id), and what was given.

    ``2024-05-01<2024-06-01`` is a step of 1 May recorded on 1 June.
    """
    found = []
    for seq, row in enumerate(rows, start=1):
        on, _, recorded = row[0].partition("<")
        words = row[1].split()
        marks = tuple(Mark(word) for word in words if word in set(Mark))
        act = next((word for word in words if word not in set(Mark)), f"S{seq}")
        given = row[2] if len(row) == 3 else {}
        found.append(Step(seq, act, day(on), day(recorded or on), {}, marks, given))
    return found


def duty_of(
    chain: list[Step],
    rule: str,
    on: str,
    *,
    cycle: int = 0,
    decrees: tuple[Decree, ...] = (),
    stream: str = "account",
    known_now: bool = False,
) -> Duty:
    """Return the latest duty of a rule on a day (of a cycle, when one is named)."""
    found = duties(CTPAT, chain, on=day(on), decrees=decrees, stream=stream, known_now=known_now)
    rows = [duty for duty in found if duty.id == rule and cycle in (0, duty.cycle)]
    assert rows, f"there is no duty {rule}"
    return rows[-1]


def changed(seq: int, on: str, axis: Axis, value: str, *marks: Mark) -> Step:
    return Step(seq, f"S{seq}", day(on), day(on), {axis: value}, marks)
