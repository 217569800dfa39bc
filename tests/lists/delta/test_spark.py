"""The cluster run gives the hits of a full run on one machine."""

from __future__ import annotations

import importlib.util
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from greenlane.screening import rescreen as bulk
from greenlane.screening import spark
from greenlane.screening.rescreen import HIT_COLUMNS
from tests.lists.delta.made import Made

AT = datetime(2026, 3, 1, tzinfo=UTC)


def world() -> Made:
    """Return a made world with some hundred hits."""
    made = Made(41)
    made.fill(subjects=120, parties=60)
    return made


def rows_of(made: Made) -> list[dict[str, str]]:
    """Return the subjects as rows of text, as a data frame holds them."""
    return [
        {
            "subject_id": subject.subject_id,
            "name": subject.names[0],
            "names": "|".join(subject.names[1:]),
            "kind": subject.kind.value,
            "birth_dates": "|".join(str(date.year) for date in subject.birth_dates),
            "identifiers": "|".join(f"{n.type}:{n.value}" for n in subject.identifiers),
        }
        for subject in made.subjects.values()
    ]


def expected(folder: Path, made: Made) -> list[dict[str, object]]:
    """Return the hits of a full run on this machine."""
    everyone = bulk.Parties(everyone=list(made.subjects.values()))
    bulk.rescreen(folder, made.listed(), everyone, bulk.settings_of(), at=AT)
    return list(bulk.read_hits(folder))


def in_order(rows: list[dict[str, object]]) -> list[dict[str, object]]:
    """Return hits in the order in which a full run writes them."""
    return sorted(
        rows, key=lambda row: (row["subject_id"], -float(str(row["score"])), row["listed_uid"])
    )


def test_the_function_of_the_workers_gives_the_hits_of_a_full_run(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    made = world()
    spark.share(made.listed(), tmp_path / "shared")
    batches = pa.Table.from_pylist(rows_of(made)).to_batches(max_chunksize=17)

    screen = spark.batch_screener(tmp_path / "shared", bulk.settings_of())
    found = [row for batch in screen(batches) for row in batch.to_pylist()]

    assert in_order(found) == expected(tmp_path / "full", made)
    assert len(found) > 20


@pytest.mark.slow
@pytest.mark.skipif(
    importlib.util.find_spec("pyspark") is None,
    reason="PySpark is not installed (greenlane[spark])",
)
@pytest.mark.skipif(shutil.which("java") is None, reason="Java 17 is not on this machine")
@pytest.mark.filterwarnings("ignore")
def test_spark_gives_the_hits_of_a_full_run(tmp_path: Path) -> None:
    from pyspark.sql import SparkSession

    made = world()
    spark.share(made.listed(), tmp_path / "shared")
    session = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.sql.shuffle.partitions", "2")
        .getOrCreate()
    )
    try:
        frame = session.createDataFrame(rows_of(made)).repartition(3)
        result = spark.rescreen_frame(frame, tmp_path / "shared", bulk.settings_of())
        found = [row.asDict() for row in result.collect()]
    finally:
        session.stop()

    assert list(found[0]) == list(HIT_COLUMNS)
    assert in_order(found) == expected(tmp_path / "full", made)
