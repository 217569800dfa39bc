"""Eight writer processes and two sequencers for a minute: none lost, none doubled.

    python benchmarks/record/writers.py [SECONDS] [WRITERS]

Each writer appends to an account of its own and, one time in three, to a stream that all share.
Every act has a sealed record and two projected rows. Prints throughput and the longest wait for one
acknowledged act; exits with 1 when an act is lost or doubled or the record does not verify.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import tempfile
from collections import Counter
from pathlib import Path
from time import monotonic

from ground import durability, fresh, report, start


def main() -> None:
    start()
    from datetime import UTC, datetime

    from django.conf import settings
    from django.db import connection

    from greenlane.apps.audit.models import Event
    from greenlane.apps.audit.sequencer import anchor_pending
    from greenlane.apps.audit.verify import verify
    from greenlane.core.ledger import read_body
    from tests.apps.audit.databases import url_of
    from tests.apps.audit.nursery import acknowledged, nursery, wait_until_gone

    seconds, writers = (int(word) for word in (sys.argv[1:] or ["60", "8"]))
    kept = ("GREENLANE_SEAL_KEY", "GREENLANE_SIGNING_KEY", "GREENLANE_PROJECTIONS")
    with fresh() as entry, tempfile.TemporaryDirectory() as folder:
        connection.close()
        given = {name: getattr(settings, name) for name in kept}
        with nursery(url_of(entry), given) as family:
            logs = [Path(folder) / f"w{number}" for number in range(writers)]
            began = monotonic()
            pids = []
            for number, log in enumerate(logs):
                own = f"A-{number:010}"
                order = {"act": "write", "log": str(log), "name": f"w{number}", "turns": 10**9}
                keys = [own, own, "people"]
                pids.append(family.start(streams=keys, seconds=seconds, **order))
            anchors = [
                family.start(act="anchor", log=f"{folder}/s{n}", streams=[], name="s", turns=10**9)
                for n in range(2)
            ]
            wait_until_gone(pids, seconds=seconds + 120)
            spent = monotonic() - began
            for pid in anchors:
                # One that died before is told by what it did not anchor, and by its own message.
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            wait_until_gone(anchors)
        anchor_pending(at=datetime(2026, 3, 2, tzinfo=UTC))
        lines = [line for log in logs for line in acknowledged(log)]
        rows = Event.objects.values_list("stream", "seq", "hash", "body")
        held = {(stream, seq, digest) for stream, seq, digest, _ in rows}
        cards = Counter(read_body(bytes(row[3]))["payload"]["card"] for row in rows)
        lost = sum((line[0], int(line[1]), line[2]) not in held for line in lines)
        doubled = sum(count > 1 for count in cards.values())
        waits = sorted(float(line[4]) for line in lines)
        found = verify()
        report(
            benchmark="record.writers",
            durability=durability(),
            writers=writers,
            seconds=round(spent, 1),
            acknowledged=len(lines),
            stored=len(held),
            lost=lost,
            doubled=doubled,
            verified=found.is_clean,
            links=found.anchors,
            acts_per_second=round(len(lines) / spent, 1),
            median_wait_ms=round(waits[len(waits) // 2] * 1000, 1),
            p99_wait_ms=round(waits[int(len(waits) * 0.99)] * 1000, 1),
            longest_wait_ms=round(waits[-1] * 1000, 1),
        )
    if lost or doubled or not found.is_clean:
        sys.exit(1)


if __name__ == "__main__":
    main()
