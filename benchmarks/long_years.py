"""Ten simulated years: 12,000 accounts folded through decide and apply, 200 through the product.

In the first part random lawful acts are decided and folded; every duty of every account must be
met, open, overdue or excused (stopped or lapsed, with the reason told) on 50 random days, the list
of a past day must equal the list recomputed from what was recorded until that day, and every member
must stand in one bucket. In the second part the acts of 200 such lives are recorded by the real
actions; the due lists of the same days are compared with those recomputed from the events, and the
record is verified.

``GREENLANE_YEARS_ACCOUNTS``, ``GREENLANE_YEARS_RECORDED`` and ``GREENLANE_TEST_SEED`` set the size
and the chance.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from datetime import date, timedelta
from itertools import count, islice

from benchmarks.longer import keep, times
from benchmarks.years.lives import Life, World
from benchmarks.years.recorded import in_a_folder
from greenlane.content.packs import load_program
from greenlane.core.deadlines import Decree, Duty, duties, worst
from greenlane.core.lifecycle.standing import known_on
from greenlane.core.marks import Mark
from greenlane.core.vocabulary import DutyState, Phase

FIRST, LAST = date(2020, 1, 6), date(2029, 12, 31)
DECREES = (
    Decree(1, date(2022, 3, 14), date(2022, 6, 30), True, recorded_on=date(2022, 3, 21)),
    Decree(2, date(2026, 9, 1), date(2026, 9, 14), False, recorded_on=date(2026, 9, 1)),
)
BATCH = 100
DAYS = 50


def the_world() -> World:
    """Return CTPAT with two decreed outages within the ten years."""
    return World(load_program("ctpat"), first=FIRST, last=LAST, decrees=DECREES)


def days_of(seed: int) -> list[date]:
    """Return the 50 days asked for."""
    chance = random.Random(f"days {seed}")
    return sorted(
        FIRST + timedelta(days=chance.randrange((LAST - FIRST).days)) for _ in range(DAYS)
    )


def lived(seed: int, first: int, count: int) -> Counter[str]:
    """Live so many lives and count what they came to; the worker of the first part."""
    world, found = the_world(), Counter[str]()
    for number in range(first, first + count):
        life = world.live(random.Random(f"{seed} {number}"))
        found["accounts"] += 1
        found["acts"] += len(life.acts)
        found["refused"] += life.refused
        found[f"status {life.case.standing().membership}"] += 1
        found.update(act.id for act in life.acts)
        for on in days_of(seed):
            found.update(troubles(world, life, on))
    return found


def troubles(world: World, life: Life, on: date) -> Counter[str]:
    """Compare the list of a day with the one recomputed from what was known then."""
    found = Counter[str]()
    steps = life.case.steps
    known = known_on(steps, on=on)
    if not known:
        return found
    then = tuple(decree for decree in world.decrees if decree.recorded_on <= on)
    listed = duties(world.program, steps, on=on, decrees=world.decrees)
    recomputed = duties(world.program, known, on=on, decrees=then)
    found["duties"] += len(listed)
    found["trouble: list of a past day differs"] += listed != recomputed
    found["trouble: duty in no state"] += sum(not is_accounted_for(duty, on) for duty in listed)
    standing = life.case.standing(on=on)
    if world.program.phase_of(standing.membership) in (Phase.MEMBER, Phase.SUSPENDED):
        bucket = worst(listed)
        running = [duty for duty in listed if duty.state in (DutyState.OPEN, DutyState.OVERDUE)]
        found["trouble: member in no bucket"] += bucket is None and bool(running)
        found["members seen"] += 1
    return found


def is_accounted_for(duty: Duty, on: date) -> bool:
    """Tell whether the state of a duty follows from its day, or is excused with a reason."""
    if duty.deadline.limit_days is not None:
        # A budget of working days is over when it is spent, on whatever day.
        return bool(duty.why)
    if duty.state is DutyState.MET:
        return duty.met_on is not None
    if duty.state is DutyState.OPEN:
        return duty.due_on >= on
    if duty.state is DutyState.OVERDUE:
        return duty.due_on < on
    return bool(duty.why)


def main() -> int:
    """Live; return 1 on any trouble."""
    accounts = times("GREENLANE_YEARS_ACCOUNTS", 12_000)
    recorded = times("GREENLANE_YEARS_RECORDED", 200)
    seed = times("GREENLANE_TEST_SEED", 20_261_124)
    began, total = time.monotonic(), Counter[str]()
    with ProcessPoolExecutor(2) as workers:
        parts = [
            workers.submit(lived, seed, first, min(BATCH, accounts - first))
            for first in range(0, accounts, BATCH)
        ]
        for part in parts:
            total.update(part.result())
    folded_seconds = round(time.monotonic() - began, 1)
    began, world = time.monotonic(), the_world()
    # An earlier record is taken over from a file alone; the import's own tests do that.
    carried = {row.id for row in world.rows if Mark.CARRIED_OVER in row.marks}
    all_lives = (world.live(random.Random(f"{seed} {number}")) for number in count())
    opened = (life for life in all_lives if life.acts and life.acts[0].id not in carried)
    lives = list(islice(opened, recorded))
    kept = in_a_folder(world, lives, days_of(seed))
    troubled = {key: count for key, count in total.items() if key.startswith("trouble")}
    unused = sorted({row.id for row in world.rows} - set(total))
    holds = not any(troubled.values()) and not kept.faults and not kept.differing_days
    keep(
        "years",
        {
            "years": 10,
            "seed": seed,
            "folded": {
                "accounts": total["accounts"],
                "acts": total["acts"],
                "refused": total["refused"],
                "duties_looked_at": total["duties"],
                "seconds": folded_seconds,
                "statuses": {
                    key.removeprefix("status "): count
                    for key, count in sorted(total.items())
                    if key.startswith("status ")
                },
                "rows_never_taken": unused,
                "troubles": troubled,
            },
            "recorded": {**asdict(kept), "seconds": round(time.monotonic() - began, 1)},
            "holds": holds,
        },
    )
    return 0 if holds else 1


if __name__ == "__main__":
    raise SystemExit(main())
