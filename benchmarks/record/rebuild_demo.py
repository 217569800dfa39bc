"""How many events per CPU-second the tables of a real office are rebuilt from and compared at.

    GREENLANE_DATA_DIR=... python benchmarks/record/rebuild_demo.py

Stands on the demonstration office: 60 companies at every status, written by the real actions and
told by the real projectors of every app. Times the whole of ``verify``: the file, both chains,
opening every sealed record, running each event's projector in memory, reading every table and
comparing every column. The least processor time of five runs; the first one reads the packs.
"""

from __future__ import annotations

import json
import os
from time import process_time


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "greenlane.project.settings"
    import django

    django.setup()
    from greenlane.apps.audit.verify import verify

    spent = float("inf")
    for _ in range(5):
        began = process_time()
        found = verify()
        spent = min(spent, process_time() - began)
        assert found.is_clean, found.first
    figures = {
        "events": found.events,
        "streams": found.streams,
        "rows": found.rows,
        "sealed": found.sealed,
        "cpu_seconds": round(spent, 3),
        "events_per_cpu_second": round(found.events / spent),
        "bar": 5_000,
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
