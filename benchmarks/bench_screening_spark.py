"""The cluster run over a Parquet set of parties: the same hits as one machine gives, and its time.

Needs PySpark 4 with pandas, pyarrow and Java 17; says so and ends where they are missing.
``GREENLANE_BENCH_PARTIES`` sets the number of parties (1,000,000). Figures go to
``benchmarks/results/screening_spark.json``.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shutil
import tempfile
import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from benchmarks.longer import keep
from benchmarks.screening_delta.made_parties import made_parties, shared_data

AT = datetime(2026, 7, 1, tzinfo=UTC)


def write_parties(path: Path, count: int) -> None:
    """Write made parties to Parquet, 50,000 at a time."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pa.schema([(column, pa.string()) for column in ("subject_id", "name", "kind")])
    with pq.ParquetWriter(path, schema) as writer:
        rows: list[dict[str, str]] = []
        for party in made_parties(count):
            rows.append(
                {"subject_id": party.subject_id, "name": party.names[0], "kind": party.kind.value}
            )
            if len(rows) == 50_000:
                writer.write_table(pa.Table.from_pylist(rows, schema))
                rows = []
        if rows:
            writer.write_table(pa.Table.from_pylist(rows, schema))


def digest(rows: list[dict[str, Any]]) -> str:
    """Return one hash of hits in their order."""
    text = "\n".join(json.dumps(row, sort_keys=True) for row in rows)
    return hashlib.sha256(text.encode()).hexdigest()


def main() -> None:
    """Measure and write the figures."""
    missing = [
        name for name in ("pyspark", "pandas", "pyarrow") if importlib.util.find_spec(name) is None
    ]
    if missing or shutil.which("java") is None or not shared_data().is_dir():
        print(f"Skipped: needs {', '.join(missing) or 'Java 17 and the shared data'}.")
        return
    from pyspark.sql import SparkSession

    from greenlane.screening import rescreen as bulk
    from greenlane.screening import spark
    from greenlane.screening.formats.reader import read_list
    from greenlane.screening.listed_set import ListedSet
    from greenlane.screening.subjects import read_subjects

    count = int(os.environ.get("GREENLANE_BENCH_PARTIES", "1000000"))
    reading = read_list(
        [shared_data() / "watchlists" / "ofac" / "2026-06" / "alt.csv"], source="ofac-sdn"
    )
    listed = ListedSet.of_parties(reading, on=date(2026, 7, 1), versions={"ofac-sdn": "2026-06"})
    settings = bulk.settings_of()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        write_parties(folder / "parties.parquet", count)
        begin = time.monotonic()
        everyone = bulk.Parties(everyone=read_subjects(folder / "parties.parquet"))
        bulk.rescreen(folder / "state", listed, everyone, settings, at=AT)
        alone = list(bulk.read_hits(folder / "state"))
        alone_s = time.monotonic() - begin

        spark.share(listed, folder / "shared")
        session = (
            SparkSession.builder.master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.driver.host", "127.0.0.1")
            .getOrCreate()
        )
        begin = time.monotonic()
        frame = session.read.parquet(str(folder / "parties.parquet")).repartition(8)
        rows = spark.rescreen_frame(frame, folder / "shared", settings).collect()
        spark_s = time.monotonic() - begin
        session.stop()
    found = sorted(
        (row.asDict() for row in rows),
        key=lambda row: (row["subject_id"], -row["score"], row["listed_uid"]),
    )
    figures = {
        "parties": count,
        "hits": len(found),
        "is_the_same": digest(found) == digest(alone),
        "one_process_wall_s": round(alone_s, 1),
        "spark_local_2_wall_s": round(spark_s, 1),
    }
    keep("screening_spark", figures)
    if not figures["is_the_same"]:
        raise SystemExit("The cluster run gave other hits than one machine.")


if __name__ == "__main__":
    main()
