"""The page of the manual on performance, made of the files in ``results/``.

``python -m benchmarks.figures`` writes ``docs/explanation/performance.md`` anew; a test fails while
the page and the files differ. A bar without a file is on the page as not measured.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, NamedTuple

ROOT: Final = Path(__file__).resolve().parents[1]
RESULTS: Final = ROOT / "benchmarks" / "results"
PAGE: Final = ROOT / "docs" / "explanation" / "performance.md"
BEGIN: Final = "<!-- The table below is written by `python -m benchmarks.figures`. -->"
END: Final = "<!-- Up to here. -->"

Figures = dict[str, Any]


class Bar(NamedTuple):
    """One bar: what was promised, where its figures are, and how to read and to judge them."""

    promise: str
    script: str
    result: str
    figure: Callable[[Figures], str]
    is_met: Callable[[Figures], bool]


def _count(number: float) -> str:
    return f"{number:,.0f}"


def _writers(found: Figures) -> str:
    return (
        f"{_count(found['acknowledged'])} acts in {found['seconds']} s, {found['lost']} lost, "
        f"{found['doubled']} doubled; {found['acts_per_second']} a second, "
        f"longest wait {found['longest_wait_ms']} ms; {found['durability']}"
    )


def _sound(found: Figures) -> bool:
    return bool(not found["lost"] and not found["doubled"] and found["verified"])


BARS: Final = (
    Bar(
        "Duties of 12,000 accounts, read and counted, in at most 1 s",
        "bench_due_list.py",
        "due_list",
        lambda f: f"{f['cpu_seconds']} CPU-s for {_count(f['duties'])} duties",
        lambda f: f["cpu_seconds"] <= 1.0,
    ),
    Bar(
        "Chains verified: at least 50,000 events per CPU-second",
        "bench_record.py",
        "record",
        lambda f: f"{_count(f['chains']['events_per_cpu_second'])} per CPU-second",
        lambda f: f["chains"]["events_per_cpu_second"] >= 50_000,
    ),
    Bar(
        "Tables rebuilt and compared, real projectors: at least 5,000 events per CPU-second",
        "bench_record.py",
        "record",
        lambda f: (
            f"{_count(f['tables']['events_per_cpu_second'])} per CPU-second "
            f"({_count(f['tables']['events'])} events, {_count(f['tables']['rows'])} rows)"
        ),
        lambda f: f["tables"]["events_per_cpu_second"] >= 5_000,
    ),
    Bar(
        "8 writers for 60 s on SQLite: none lost, none doubled",
        "long_writers.py",
        "writers_sqlite",
        _writers,
        _sound,
    ),
    Bar(
        "8 writers for 60 s on PostgreSQL: none lost, none doubled",
        "long_writers.py",
        "writers_postgresql",
        _writers,
        _sound,
    ),
    Bar(
        "First start, from nothing to serving, in at most 20 s",
        "bench_start.py",
        "start",
        lambda f: f"{f['first_start_s']} s ({f['first_start_cpu_s']} CPU-s)",
        lambda f: f["first_start_s"] <= 20,
    ),
    Bar(
        "Later starts in at most 4 s",
        "bench_start.py",
        "start",
        lambda f: f"{f['later_start_s']} s ({f['later_start_cpu_s']} CPU-s)",
        lambda f: f["later_start_s"] <= 4,
    ),
    Bar(
        "Two workers hold at most 350 MB",
        "bench_start.py",
        "start",
        lambda f: (
            f"{f['memory']['pss_mb']} MB (PSS), {f['memory']['rss_added_up_mb']} MB where "
            "shared pages count for each process"
        ),
        lambda f: f["memory"]["pss_mb"] <= 350,
    ),
    Bar(
        "Unit tests in at most 10 s",
        "bench_unit_tests.py",
        "unit_tests",
        lambda f: (
            f"{f['seconds']} s in {f['workers']} processes ({f['cpu_seconds']} CPU-s), "
            f"{_count(f['tests'])} tests"
        ),
        lambda f: f["seconds"] <= 10,
    ),
    Bar(
        "The base installation: at most 60 packages and 350 MB",
        "bench_installed.py",
        "installed",
        lambda f: f"{f['packages']} packages, {f['mb']} MB (10^6 bytes, bytecode included)",
        lambda f: f["packages"] <= 60 and f["mb"] <= 350,
    ),
    Bar(
        "5,000 bytes flipped in a copied database: each that touches the record is found",
        "long_flips.py",
        "flips",
        lambda f: (
            f"{_count(f['flips'])} flips, "
            + ("all found" if f["holds"] else f"{f['failures']} failure")
        ),
        lambda f: f["holds"] and f["flips"] >= 5_000,
    ),
    Bar(
        "App and worker killed 200 times during writes: clean, nothing missing",
        "long_kills.py",
        "kills",
        lambda f: (
            f"{f['kills_each']} kills of each kind on each database, "
            + ("nothing missing" if f["holds"] else "a failure")
        ),
        lambda f: bool(f["holds"]),
    ),
    Bar(
        "Ten simulated years of 12,000 accounts",
        "long_years.py",
        "years",
        lambda f: (
            f"{_count(f['folded']['acts'])} acts, "
            f"{_count(f['folded']['duties_looked_at'])} duties looked at, "
            + ("no contradiction" if f["holds"] else "a contradiction")
        ),
        lambda f: bool(f["holds"]),
    ),
)


def figures_of(result: str) -> Figures | None:
    """Return what a measurement kept, or None when it was never made."""
    place = RESULTS / f"{result}.json"
    if not place.is_file():
        return None
    found: Figures = json.loads(place.read_text(encoding="utf-8"))
    return found


def table() -> str:
    """Return the table of all bars, as the page holds it."""
    lines = [
        "| Bar | Measured | Met | Day | Script, figures |",
        "|---|---|---|---|---|",
    ]
    for bar in BARS:
        found = figures_of(bar.result)
        where = f"`{bar.script}`, `{bar.result}.json`"
        if found is None:
            lines.append(f"| {bar.promise} | not measured yet | | | `{bar.script}` |")
            continue
        met = "met" if bar.is_met(found) else "**missed**"
        load = found.get("load", 0)
        # Seconds of a machine that others use too are no promise kept or broken for good.
        day = found["measured_on"] + (f", at load {load:.0f}" if load > found["cpus"] + 1 else "")
        lines.append(f"| {bar.promise} | {bar.figure(found)} | {met} | {day} | {where} |")
    return "\n".join(lines)


def others() -> list[str]:
    """Return the names of the files of figures that no bar of the table reads."""
    read = {bar.result for bar in BARS}
    return sorted(path.name for path in RESULTS.glob("*.json") if path.stem not in read)


def page() -> str:
    """Return the page as it should be: what people wrote, with the table of today."""
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    more = ", ".join(f"`{name}`" for name in others())
    return f"{before}{BEGIN}\n\n{table()}\n\nOther figures: {more}.\n\n{END}{after}"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
