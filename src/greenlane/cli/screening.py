"""``greenlane screen`` and ``screening calibrate``: names in a file against a list in a file.

Nothing here scores a name; see `greenlane.screening.bulk` and `greenlane.screening.calibrate`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from greenlane.screening.bulk import Found, ListTable
    from greenlane.screening.calibrate import Curve, Point, Share
    from greenlane.screening.tabular import Table

_LIST = click.option(
    "--list",
    "list_file",
    required=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="CSV or Parquet: entity_id, name, name_kind, entity_type (further columns are ignored).",
)
_QUERIES = click.option(
    "--queries",
    "queries_file",
    required=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="CSV or Parquet: qid, name, schema (may be empty; further columns are ignored).",
)


def _check_floor(_: click.Context, __: click.Parameter, value: float) -> float:
    if not 0 <= value <= 1:
        raise click.BadParameter("The floor is a score: give a number from 0 to 1.")
    return value


def _tables(list_file: Path, queries_file: Path, extra: tuple[str, ...]) -> tuple[Table, Table]:
    from greenlane.screening import bulk
    from greenlane.screening.tabular import TableUnreadable, read_table

    listed = read_table(list_file, bulk.LIST_COLUMNS, bulk.LIST_OPTIONAL)
    if not len(listed):
        raise TableUnreadable(
            f"{list_file.name} has no listed name: everybody would pass. Give the whole list."
        )
    queries = read_table(queries_file, bulk.QUERY_COLUMNS, (*bulk.QUERY_OPTIONAL, *extra))
    return listed, queries


def _batches(listed: ListTable, queries: Table, floor: float) -> Iterator[tuple[int, Found]]:
    """Yield what each batch finds, moving a bar on the error stream when a person looks on."""
    from greenlane.screening.bulk import screen_table

    with click.progressbar(
        length=len(queries), label="Screening", file=sys.stderr, hidden=not sys.stderr.isatty()
    ) as bar:
        last = 0
        for start, found in screen_table(listed, queries, floor=floor):
            yield start, found
            bar.update(start - last)
            last = start
        bar.update(len(queries) - last)


@click.command()
@_LIST
@_QUERIES
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="CSV or Parquet to write: qid, entity_id, matched_name, score; best first.",
)
@click.option(
    "--floor",
    type=float,
    default=0.1,
    show_default=True,
    callback=_check_floor,
    help="Matches below this score are not written.",
)
@click.option("--explain", is_flag=True, help="Add a column that takes each score apart (JSON).")
def screen(list_file: Path, queries_file: Path, out: Path, floor: float, explain: bool) -> None:
    """Screen a file of names against a file of listed names, by name alone.

    One row for each query and listed entity, with the entity's best name. Scores run from 0 to 1.
    Weak names are matched too, at a discount. The same files give the same output.
    """
    from greenlane.screening.bulk import ListTable, rows_of
    from greenlane.screening.tabular import check_output, write_table

    check_output(out, list_file, queries_file)
    list_table, queries = _tables(list_file, queries_file, ())
    listed = ListTable(list_table)

    def rows() -> Iterator[tuple[str, ...]]:
        for start, found in _batches(listed, queries, floor):
            yield from rows_of(listed, queries, start, found, explain=explain)

    header = ("qid", "entity_id", "matched_name", "score")
    count = write_table(out, (*header, "explanation") if explain else header, rows())
    click.echo(
        f"{len(queries):,} names screened against {len(list_table):,}: {count:,} matches in {out}.",
        err=True,
    )


@click.group()
def screening() -> None:
    """Set the levels at which a name match is looked at."""


@screening.command()
@_LIST
@_QUERIES
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    default=None,
    help="CSV of the curve.",
)
def calibrate(list_file: Path, queries_file: Path, out: Path | None) -> None:
    """Measure recall against false alerts on labelled names, and suggest levels.

    The queries need two more columns: label (1: entity_id must be found; 0: nothing should be) and
    entity_id.
    """
    from greenlane.screening.bulk import ListTable
    from greenlane.screening.calibrate import Labelled, measure
    from greenlane.screening.tabular import TableUnreadable, check_output, write_table

    if out is not None:
        check_output(out, list_file, queries_file)
    list_table, queries = _tables(list_file, queries_file, ("label", "entity_id"))
    labels = [label.strip() for label in queries["label"]]
    for row, label in enumerate(labels):
        if label not in ("0", "1"):
            raise TableUnreadable(
                f"{queries_file.name}, row {row + 1} after the header has the label {label!r}. "
                "Write 1 where entity_id must be found and 0 where nothing should be."
            )
    if len(set(labels)) < 2:
        raise TableUnreadable(
            f"{queries_file.name} needs rows with label 1 and rows with label 0 to measure a curve."
        )
    listed = ListTable(list_table)
    top = [0.0] * len(queries)
    true = [0.0] * len(queries)
    for start, found in _batches(listed, queries, 0.01):
        for query, entry, score in zip(
            found.query.tolist(), found.entry.tolist(), found.score.tolist(), strict=True
        ):
            row = start + query
            top[row] = max(top[row], score)
            if listed.entities[entry] == queries["entity_id"][row]:
                true[row] = max(true[row], score)
    curve = measure(
        [
            Labelled(found_score if label == "1" else None, best)
            for label, found_score, best in zip(labels, true, top, strict=True)
        ]
    )
    _show(curve)
    if out is not None:
        write_table(out, _CURVE_COLUMNS, (_curve_row(point) for point in curve.points))


_CURVE_COLUMNS = (
    "threshold",
    "recall",
    "recall_low",
    "recall_high",
    "false_alerts_per_1000",
    "false_low",
    "false_high",
    "f1",
)


def _curve_row(point: Point) -> tuple[str, ...]:
    recall, false = point.recall, point.false_alerts
    return (
        f"{point.threshold:.2f}",
        *(f"{share:.4f}" for share in (recall.value, recall.low, recall.high)),
        *(f"{1000 * share:.1f}" for share in (false.value, false.low, false.high)),
        f"{point.f1:.4f}",
    )


def _interval(share: Share, scale: float, digits: int) -> str:
    return (
        f"{scale * share.value:.{digits}f} "
        f"({scale * share.low:.{digits}f}-{scale * share.high:.{digits}f})"
    )


def _show(curve: Curve) -> None:
    click.echo(
        f"{curve.positives:,} names that must be found, {curve.negatives:,} that must not alert; "
        "95 % intervals in brackets."
    )
    click.echo(f"{'threshold':>9}  {'recall':<22}{'false alerts per 1,000':<26}F1")
    for point in (*curve.points, curve.best):
        mark = "  best F1" if point is curve.best else ""
        click.echo(
            f"{point.threshold:>9.2f}  {_interval(point.recall, 1, 3):<22}"
            f"{_interval(point.false_alerts, 1000, 1):<26}{point.f1:.3f}{mark}"
        )
    for name, point, share in (
        ("review", curve.review, "5 %"),
        ("alert", curve.alert, "1 %"),
    ):
        click.echo(
            f"Suggested {name} level {point.threshold:.2f}: {_interval(point.recall, 1, 3)} of the "
            f"true names, at most {share} of the others."
        )
