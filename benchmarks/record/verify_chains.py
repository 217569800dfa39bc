"""How many events per CPU-second the chains are verified at; bar: 50,000.

    python benchmarks/record/verify_chains.py [STREAMS] [EVENTS_EACH]

Times the whole of ``verify`` without sealed records and tables: reading from the database, hashing,
chaining, comparing columns, anchors and heads; and the core's share of it alone.
"""

from __future__ import annotations

import sys
from time import process_time

from ground import fill, fresh, report, start


def main() -> None:
    start()
    from datetime import UTC, datetime

    from greenlane.apps.audit.models import Event
    from greenlane.apps.audit.sequencer import anchor_pending
    from greenlane.apps.audit.verify import verify
    from greenlane.core.ledger import verify_chain

    streams, events = (int(word) for word in (sys.argv[1:] or ["2000", "30"]))
    with fresh():
        fill(streams, events)
        anchor_pending(at=datetime(2026, 3, 2, tzinfo=UTC))
        # The best of three: what else runs on the machine only ever makes it slower.
        whole = float("inf")
        for _ in range(3):
            began = process_time()
            found = verify(with_projections=False)
            whole = min(whole, process_time() - began)
        assert found.is_clean, found.first
        assert found.events == streams * events
        one = [
            (seq, bytes(body), digest)
            for seq, body, digest in Event.objects.filter(stream=f"A-{0:010}")
            .order_by("seq")
            .values_list("seq", "body", "hash")
        ]
        began = process_time()
        for _ in range(streams):
            assert verify_chain(f"A-{0:010}", one)[0] is None
        core = process_time() - began
        report(
            benchmark="record.verify_chains",
            events=found.events,
            bytes_per_event=sum(len(body) for _, body, _ in one) // len(one),
            events_per_cpu_second=round(found.events / whole),
            core_events_per_cpu_second=round(found.events / core),
            bar=50_000,
        )


if __name__ == "__main__":
    main()
