"""``greenlane rescreen``: the installation's parties against the lists in force, what changed only.

Nothing here screens; see `greenlane.screening.rescreen`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from greenlane.screening.rescreen import HitChange


@click.command()
@click.option(
    "--parties",
    "parties_file",
    default=None,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="CSV or Parquet of all parties: subject_id, name and more. Without it, the members' own.",
)
@click.option(
    "--store",
    "store_folder",
    default=None,
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of the list store; needed with --parties.",
)
@click.option(
    "--out",
    default=None,
    type=click.Path(path_type=Path, dir_okay=False),
    help="CSV or Parquet of all hits, written in one step; needed with --parties.",
)
@click.option(
    "--state",
    "state_folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=None,
    help="Folder of the state; by default `rescreen` inside the store's folder.",
)
@click.option(
    "--changes",
    "changes_file",
    type=click.Path(path_type=Path, dir_okay=False),
    default=None,
    help="CSV of what this run opened, changed and closed.",
)
@click.option("--list", "keys", multiple=True, help="Only this list; may be repeated.")
@click.option("--full", "is_full", is_flag=True, help="Screen every party in any case.")
@click.option("--review", type=float, default=None, help="Score from which a hit is for review.")
@click.option("--alert", type=float, default=None, help="Score from which a hit is an alert.")
@click.option("--floor", type=float, default=None, help="Score below which names are no pair.")
@click.option("--weak-names-alert", is_flag=True, help="Let a weak alias alert alone.")
def rescreen(
    parties_file: Path | None,
    store_folder: Path | None,
    out: Path | None,
    state_folder: Path | None,
    changes_file: Path | None,
    keys: tuple[str, ...],
    is_full: bool,
    review: float | None,
    alert: float | None,
    floor: float | None,
    weak_names_alert: bool,
) -> None:
    """Re-screen all parties; only what changed since the last run is done again.

    A run that was interrupted goes on where it stopped. A change of the scorer or of the levels
    makes one full run. Without --parties the members of this installation are screened against its
    own lists, and what is found is recorded for the analysts.
    """
    if parties_file is None:
        _members(store_folder, out, is_full=is_full)
        return
    if store_folder is None or out is None:
        raise click.UsageError("With --parties, give --store and --out too.")
    from greenlane.screening import rescreen as bulk
    from greenlane.screening.listed_set import ListedSet
    from greenlane.screening.store import ListStore
    from greenlane.screening.subjects import fingerprint, read_subjects
    from greenlane.screening.tabular import check_output

    check_output(out, parties_file, changes_file)
    if changes_file is not None:
        check_output(changes_file, parties_file)
    settings = bulk.settings_of(
        review=review, alert=alert, floor=floor, weak_names_alert=weak_names_alert
    )
    at = datetime.now(UTC)
    folder = state_folder or store_folder / "rescreen"
    listed = ListedSet.of_store(ListStore(store_folder), on=at.date(), source_keys=keys or None)
    if not listed.versions:
        raise click.UsageError(
            f"The store {store_folder} has no list. Import one with `greenlane watchlist import`."
        )
    everyone = bulk.Parties(
        everyone=read_subjects(parties_file), fingerprint=fingerprint(parties_file)
    )
    with click.progressbar(
        length=1, label="Screening", file=sys.stderr, hidden=not sys.stderr.isatty()
    ) as bar:

        def show(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        outcome = bulk.rescreen(
            folder, listed, everyone, settings, at=at, is_full=is_full, progress=show
        )
    count = bulk.write_hits(folder, out)
    if changes_file is not None:
        _write_changes(changes_file, bulk.changes(folder, outcome.run))
    click.echo(
        f"{outcome.kind.lower()} run ({outcome.reason}): {outcome.parties_screened:,} parties and "
        f"{outcome.names_searched:,} listed names screened; {outcome.opened:,} hits opened, "
        f"{outcome.changed:,} changed, {outcome.closed:,} closed; {count:,} hits in all."
    )


def _members(store_folder: Path | None, out: Path | None, *, is_full: bool) -> None:
    """Screen this installation's members; hits go to the record, never to a file."""
    if store_folder is not None or out is not None:
        raise click.UsageError("--store and --out go with --parties; members' hits are recorded.")
    from greenlane.cli.vetting import screen

    click.get_current_context().invoke(screen, accounts=(), is_full=is_full, is_json=False)


def _write_changes(path: Path, found: list[HitChange]) -> None:
    from greenlane.screening.tabular import write_table

    def rows() -> Iterator[tuple[str, ...]]:
        for change in found:
            what = "opened" if not change.before else "changed" if change.after else "closed"
            yield change.subject_id, change.listed_uid, what, change.before, change.after

    write_table(path, ("subject_id", "listed_uid", "what", "before", "after"), rows())
