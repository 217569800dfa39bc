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


def _ours(found: Figures) -> Figures:
    ours: Figures = found["engines"]["greenlane"]
    return ours


def _pages(database: str, found: Figures) -> str:
    taken = ", ".join(f"{name} {one['p50_ms']} ms" for name, one in found["pages"].items())
    return f"{database}: {taken}"


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
        "5,000 bytes flipped in copied databases: each that changes what is recorded is found",
        "long_flips.py",
        "flips",
        lambda f: (
            f"{_count(f['flips'])} flips, half of them anywhere in the file; "
            + ("none missed" if f["holds"] else f"{f['failures']} failure")
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
        "Ten simulated years of 12,000 accounts without a contradiction, in at most 10 minutes",
        "long_years.py",
        "years",
        lambda f: (
            f"{_count(f['folded']['acts'])} acts, "
            f"{_count(f['folded']['duties_looked_at'])} duties looked at, "
            + ("no contradiction" if f["holds"] else "a contradiction")
            + f", {_count(f['folded']['seconds'])} s"
        ),
        lambda f: bool(f["holds"]) and f["folded"]["seconds"] <= 600,
    ),
    Bar(
        "Small changes of the rules' hearts: tests notice at least 90 % of all",
        "long_mutations.py",
        "mutations",
        lambda f: (
            f"{f['noticed']} of {f['changes']} noticed"
            + (f"; every {f['every']}th change only" if f["every"] > 1 else "")
        ),
        lambda f: f["every"] == 1 and f["share_noticed"] >= 0.9,
    ),
    Bar(
        "A pack read and checked in at most 1.5 s",
        "bench_packs.py",
        "packs",
        lambda f: f"CTPAT {f['packs']['ctpat']['seconds']} s, process start apart",
        lambda f: max(one["seconds"] for one in f["packs"].values()) <= 1.5,
    ),
    Bar(
        "10,000 damaged packs: each refused, or read as another program",
        "long_fuzz_packs.py",
        "fuzz_packs",
        lambda f: f"{_count(f['packs'])} packs, {_count(f['files'])} files of criteria and OSCAL",
        lambda f: bool(f["holds"]) and f["packs"] >= 10_000,
    ),
    Bar(
        "Criteria of the entity asked most, 12,000 accounts: shown in 40 ms, an answer saved in 30",
        "bench_pages.py",
        "pages",
        lambda f: "; ".join(_pages(name, one) for name, one in f["databases"].items()),
        lambda f: bool(f["holds"]),
    ),
    Bar(
        "Names screened: 25,000 queries per CPU-second is the goal, 10,000 the least",
        "bench_screening.py",
        "screening",
        lambda f: f"{_count(_ours(f)['queries_per_cpu_s'])} per CPU-second",
        lambda f: _ours(f)["queries_per_cpu_s"] >= 25_000,
    ),
    Bar(
        "One query explained: half in 1 ms, 99 of 100 in 3 ms",
        "bench_screening.py",
        "screening",
        lambda f: f"{_ours(f)['explained']['p50_ms']} ms, {_ours(f)['explained']['p99_ms']} ms",
        lambda f: _ours(f)["explained"]["p50_ms"] <= 1 and _ours(f)["explained"]["p99_ms"] <= 3,
    ),
    Bar(
        "285 changed names against 1,000,000 parties in at most 1 CPU-second",
        "bench_screening_delta.py",
        "screening_delta",
        lambda f: f"{f['delta']['delta_cpu_s']} CPU-s",
        lambda f: f["delta"]["delta_cpu_s"] <= 1,
    ),
    Bar(
        "Each list reader and the normalizer fuzzed for 10 minutes",
        "long_fuzz_lists.py",
        "fuzz_lists",
        lambda f: (
            f"{len(f['targets'])} of them, "
            f"{min(one['seconds'] for one in f['targets'].values()):.0f} s at least"
        ),
        lambda f: all(one["seconds"] >= 600 for one in f["targets"].values()),
    ),
)


def figures_of(result: str) -> Figures | None:
    """Return what a measurement kept, or None when it was never made."""
    place = RESULTS / f"{result}.json"
    if not place.is_file():
        return None
    found: Figures = json.loads(place.read_text(encoding="utf-8"))
    return found


def table(read: Callable[[str], Figures | None] = figures_of) -> str:
    """Return the table of all bars, as the page holds it; `read` gives a result by its name."""
    lines = [
        "| Bar | Measured | Met | Day, commit | Script, figures |",
        "|---|---|---|---|---|",
    ]
    for bar in BARS:
        found = read(bar.result)
        where = f"`{bar.script}`, `{bar.result}.json`"
        if found is None:
            lines.append(f"| {bar.promise} | not measured yet | | | `{bar.script}` |")
            continue
        met = "met" if bar.is_met(found) else "**missed**"
        load = found.get("load", 0)
        # Seconds of a machine that others use too are no promise kept or broken for good.
        day = found.get("measured_on", "")
        day += f", at {found['commit']}" if found.get("commit") else ""
        day += f", at load {load:.0f}" if load > found.get("cpus", 2) + 1 else ""
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
