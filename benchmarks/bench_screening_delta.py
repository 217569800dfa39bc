"""Reading the largest list, and re-screening by change against a million parties.

Run it alone on the machine: ``./dev bench screening_delta``. CPU seconds are the process's own;
compiling the kernel is measured apart. ``GREENLANE_BENCH_PARTIES`` sets the number of parties,
``--full`` adds the first, full run over all of them. Figures go to
``benchmarks/results/screening_delta.json``.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, date, datetime
from pathlib import Path

from benchmarks.longer import keep
from benchmarks.screening_delta.made_advanced import write
from benchmarks.screening_delta.made_parties import made_parties, shared_data

ON = date(2026, 7, 1)
AT = datetime(2026, 7, 1, tzinfo=UTC)

_READ = """
import json, resource, sys, time
from pathlib import Path
from greenlane.screening.formats.reader import read_list
base = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
begin = time.process_time()
reading = read_list([Path(sys.argv[1])], source="ofac-sdn")
count = sum(1 for _ in reading)
print(json.dumps({
    "parties": count,
    "names": reading.report.names,
    "damage": reading.report.damage,
    "cpu_s": round(time.process_time() - begin, 2),
    "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    "peak_before_mb": base // 1024,
}))
"""


def advanced() -> dict[str, object]:
    """Read a made SDN_ADVANCED.XML of the real one's size in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "advanced.xml"
        size = write(path)
        done = subprocess.run(
            [sys.executable, "-c", _READ, str(path)], capture_output=True, text=True, check=True
        )
    return {"bytes": size, **json.loads(done.stdout)}


def cpu() -> float:
    """Return the CPU seconds of this process so far."""
    return time.process_time()


def delta(parties: int, *, with_full_run: bool) -> dict[str, object]:
    """Carry the really changed aliases of December 2025 to June 2026 into a state of parties."""
    from greenlane.screening import rescreen as bulk
    from greenlane.screening.delta import apply_change, find_change
    from greenlane.screening.formats.reader import read_list
    from greenlane.screening.listed_set import ListedSet
    from greenlane.screening.rescreen_state import RescreenState

    folder = shared_data() / "watchlists" / "ofac"
    if not folder.is_dir():
        return {"skipped": "the shared data is not on this machine"}

    def listed(name: str) -> ListedSet:
        reading = read_list([folder / name / "alt.csv"], source="ofac-sdn")
        return ListedSet.of_parties(reading, on=ON, versions={"ofac-sdn": name})

    old, new = listed("2025-12"), listed("2026-06")
    settings = bulk.settings_of()
    figures: dict[str, object] = {"parties": parties}
    with tempfile.TemporaryDirectory() as temporary:
        begin = cpu()
        warm = Path(temporary) / "warm"
        few = list(made_parties(300, seed=2))
        for which in (old, new):
            bulk.rescreen(warm, which, bulk.Parties(everyone=few), settings, at=AT)
        figures["compiling_and_warming_cpu_s"] = round(cpu() - begin, 2)

        place = Path(temporary) / "state"
        everyone = made_parties(parties)
        if with_full_run:
            begin = cpu()
            wall = time.monotonic()
            outcome = bulk.rescreen(
                place, old, bulk.Parties(everyone=everyone), settings, at=AT, progress=_progress
            )
            figures["full_run_cpu_s"] = round(cpu() - begin, 1)
            figures["full_run_wall_s"] = round(time.monotonic() - wall, 1)
            figures["full_run_hits"] = outcome.hits
        else:
            _fill(place, old, everyone)
        with RescreenState(place) as state:
            begin = cpu()
            state.index_parties()
            figures["index_of_parties_cpu_s"] = round(cpu() - begin, 2)
            begin = cpu()
            change = find_change(state, new)
            figures["compare_lists_cpu_s"] = round(cpu() - begin, 3)
            begin = cpu()
            figures["names_searched"] = apply_change(state, new, change, settings, run=2)
            figures["delta_cpu_s"] = round(cpu() - begin, 3)
            figures["parties_changed"] = len(change.put) + len(change.removed)
            figures["matches"] = state.count("SELECT count(*) FROM matches")
    figures["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return figures


def _fill(place: Path, listed: object, everyone: object) -> None:
    """Make a state of parties without their full run: a delta's cost does not depend on it."""
    from greenlane.screening.delta import find_change, replace_listed
    from greenlane.screening.listed_set import ListedSet
    from greenlane.screening.rescreen_state import RescreenState, load_parties

    assert isinstance(listed, ListedSet)
    with RescreenState(place) as state:
        load_parties(state, everyone)  # type: ignore[arg-type]  # an iterator of subjects
        with state.transaction():
            for id_, line in state.db.execute("SELECT id, line FROM fresh ORDER BY id"):
                state.put_subject(id_, line)
            replace_listed(state, listed, find_change(state, listed))


def _progress(done: int, total: int) -> None:
    if done % 50_000 == 0:
        print(f"  {done:,} of {total:,}", flush=True)


def main() -> None:
    """Measure and write the figures."""
    parties = int(os.environ.get("GREENLANE_BENCH_PARTIES", "1000000"))
    figures = {
        "advanced_xml": advanced(),
        "delta": delta(parties, with_full_run="--full" in sys.argv),
    }
    keep("screening_delta", figures)


if __name__ == "__main__":
    main()
