"""How many events per CPU-second tables are rebuilt from and compared at; bar: 5,000.

    python benchmarks/record/rebuild_projections.py [STREAMS] [EVENTS_EACH]

Times the whole of ``verify``: chains, opening every sealed record (one event in four has one),
running each event's projector in memory, reading the tables and comparing every column.
"""

from __future__ import annotations

import sys
from time import process_time

from ground import fill, fresh, report, start


def main() -> None:
    start()
    from greenlane.apps.audit.verify import verify

    streams, events = (int(word) for word in (sys.argv[1:] or ["1000", "30"]))
    with fresh():
        fill(streams, events)
        began = process_time()
        found = verify()
        spent = process_time() - began
        assert found.is_clean, found.first
        assert found.events == streams * events
        report(
            benchmark="record.rebuild_projections",
            events=found.events,
            rows=found.rows,
            sealed=found.sealed,
            events_per_cpu_second=round(found.events / spent),
            bar=5_000,
        )


if __name__ == "__main__":
    main()
