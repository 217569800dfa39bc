"""The same bulk screening on a cluster: `mapInArrow` over the function that every run shares.

For installations that have outgrown one machine. Nothing here keeps a state: each run is full.
Needs PySpark 4 and Java 17 (``greenlane[spark]``).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from greenlane.core.errors import BadInput
from greenlane.screening.listed_set import ListedSet
from greenlane.screening.matches import ListedNames, Settings, screen_subjects
from greenlane.screening.rescreen import HIT_COLUMNS, hit_row
from greenlane.screening.subjects import COLUMNS, check_columns, pyarrow, subject_of

_TYPES = {"score": "double", "name_score": "double", "is_weak": "boolean"}
SCHEMA = ", ".join(f"{column} {_TYPES.get(column, 'string')}" for column in HIT_COLUMNS)
"""The columns of a result, as Spark writes them."""

_opened: dict[str, ListedNames] = {}


class SparkUnavailable(BadInput):
    """A cluster run needs PySpark, which is not installed. Install greenlane[spark] and Java 17."""

    code = "screening.spark_unavailable"


def share(listed: ListedSet, folder: Path) -> None:
    """Write a listed set and its index where every worker can read them (a shared folder)."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = [listed.lines[uid] for uid in sorted(listed.lines)]
    ListedNames.build(folder / "listed", lines, version=listed.digest)
    draft = folder / ".parties.draft"
    draft.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    draft.replace(folder / "parties.jsonl")
    facts = {"digest": listed.digest, "versions": dict(listed.versions)}
    (folder / "set.json").write_text(json.dumps(facts, sort_keys=True), "utf-8")


def batch_screener(folder: Path, settings: Settings) -> Callable[[Iterable[Any]], Iterator[Any]]:
    """Return the function that Spark's workers run: Arrow batches of parties in, of hits out.

    The index is opened once per worker process and memory-mapped.

    Args:
        folder: As `share` wrote it.
        settings: Floor and levels.
    """

    def screen(batches: Iterable[Any]) -> Iterator[Any]:
        pa, _ = pyarrow()
        facts = json.loads((folder / "set.json").read_text("utf-8"))
        names = _open(folder, facts["digest"])
        versions: Mapping[str, str] = facts["versions"]
        schema = pa.schema([(column, _arrow_type(pa, column)) for column in HIT_COLUMNS])
        for batch in batches:
            subjects = [subject_of(cells) for cells in batch.to_pylist()]
            rows = [
                hit_row(json.loads(match.hit), versions)
                for matches in screen_subjects(names, subjects, settings)
                for match in matches
                if match.hit
            ]
            yield pa.RecordBatch.from_pylist(rows, schema)

    return screen


def _open(folder: Path, digest: str) -> ListedNames:
    key = f"{folder}\n{digest}"
    if key not in _opened:
        lines = (folder / "parties.jsonl").read_text("utf-8").split("\n")[:-1]
        _opened[key] = ListedNames.open(folder / "listed", lines, version=digest)
    return _opened[key]


def _arrow_type(pa: Any, column: str) -> Any:
    types = {"double": pa.float64(), "boolean": pa.bool_(), "string": pa.string()}
    return types[_TYPES.get(column, "string")]


def rescreen_frame(frame: Any, folder: Path, settings: Settings) -> Any:
    """Screen a Spark data frame of parties; return the data frame of hits.

    The rows equal those of a full `rescreen` of the same parties, in no particular order; sort by
    ``subject_id``, falling ``score``, ``listed_uid`` for the same order.

    Args:
        frame: Columns as in `greenlane.screening.subjects`; text, several values parted by ``|``.
        folder: As `share` wrote it, readable by every worker.
        settings: Floor and levels.

    Raises:
        PartiesUnreadable: A needed column is missing. A row that cannot be read fails its task.
        SparkUnavailable: PySpark is not installed.
    """
    try:
        import pyspark  # noqa: F401 - asked for its presence only
    except ImportError as error:
        raise SparkUnavailable from error
    check_columns("The data frame", frame.columns)
    wanted = [column for column in COLUMNS if column in frame.columns]
    return frame.select(*wanted).mapInArrow(batch_screener(folder, settings), SCHEMA)
