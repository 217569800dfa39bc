"""``greenlane watchlist``: import, list, show, compare and update watch lists.

Nothing here reads a list format; see `greenlane.screening.formats` and `greenlane.screening.store`.
"""

from __future__ import annotations

import getpass
import json
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from greenlane.core.errors import GreenlaneError

if TYPE_CHECKING:
    from greenlane.screening.store import ListDiff, ListStore, ListVersion

_STORE = click.option(
    "--store",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("watchlists"),
    show_default=True,
    help="Folder of the list store.",
)
_BY = click.option("--by", default=None, help="Who imports; your login name by default.")
_FORCE_BY = click.option(
    "--force-by", default=None, help="Person who takes a damaged or shrunken list over."
)
_REASON = click.option("--reason", default=None, help="Why the list is forced.")
_JSON = click.option("--json", "is_json", is_flag=True, help="Write JSON.")


def _open(folder: Path) -> ListStore:
    from greenlane.screening.store import ListStore

    return ListStore(folder)


def _who(by: str | None) -> str:
    if by:
        return by
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"


def _summary(version: ListVersion) -> str:
    dated = f", dated {version.dated}" if version.dated else ""
    return (
        f"{version.source_key} {version.version_id}{dated}: {version.parties:,} parties, "
        f"{version.names:,} names ({version.weak_names:,} weak), "
        f"{version.set_aside:,} rows set aside"
    )


@click.group()
def watchlist() -> None:
    """Import, list, show, compare and update watch lists."""


@watchlist.command("import")
@click.argument("key")
@click.argument(
    "files",
    nargs=-1,
    required=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
)
@_STORE
@_BY
@_FORCE_BY
@_REASON
def import_(
    key: str,
    files: tuple[Path, ...],
    folder: Path,
    by: str | None,
    force_by: str | None,
    reason: str | None,
) -> None:
    """Store FILES as a version of the list KEY and put it in force.

    The format is told by content. The same bytes twice are the same version. A damaged list, or one
    that lacks more than 20 % of the parties or names of the one in force, is refused unless a named
    person forces it with a reason.
    """
    version = _open(folder).import_list(
        key,
        files,
        at=datetime.now(UTC),
        by=_who(by),
        force_by=force_by,
        reason=reason,
    )
    click.echo(_summary(version))
    for note, times in version.notes.items():
        click.echo(f"  note ({times:,}): {note}")
    for damage in version.damage:
        click.echo(f"  damage: {damage}")


@watchlist.command("list")
@_STORE
@_JSON
def list_(folder: Path, is_json: bool) -> None:
    """List the versions in force."""
    store = _open(folder)
    versions = [store.current(key) for key in store.source_keys()]
    if is_json:
        click.echo(json.dumps([asdict(version) for version in versions], ensure_ascii=False))
        return
    if not versions:
        click.echo("The store has no list. Import one with `greenlane watchlist import`.")
    for version in versions:
        click.echo(f"{_summary(version)}; since {store.journal(version.source_key)[-1].at[:10]}")


@watchlist.command()
@click.argument("key")
@click.argument("version_id", required=False)
@click.option("--party", "uid", default=None, help="Show one party by its uid.")
@_STORE
@_JSON
def show(key: str, version_id: str | None, uid: str | None, folder: Path, is_json: bool) -> None:
    """Show a version of the list KEY, its journal, or one of its parties."""
    store = _open(folder)
    version = store.version(key, version_id) if version_id else store.current(key)
    if uid is not None:
        _show_party(store, version, uid)
        return
    if is_json:
        click.echo(json.dumps(asdict(version), ensure_ascii=False, indent=1))
        return
    click.echo(_summary(version))
    click.echo(f"  format {version.format}, parser version {version.parser_version}")
    for kind, count in version.kinds.items():
        click.echo(f"  {kind.lower()}: {count:,}")
    for file in version.files:
        click.echo(f"  file {file.name}: {file.size:,} bytes, sha256 {file.sha256}")
    for note, times in version.notes.items():
        click.echo(f"  note ({times:,}): {note}")
    for damage in version.damage:
        click.echo(f"  damage: {damage}")
    for entry in store.journal(key):
        forced = f", forced by {entry.forced_by}: {entry.reason}" if entry.forced_by else ""
        click.echo(f"  {entry.at[:19]}Z {entry.version_id} put in force by {entry.by}{forced}")


def _show_party(store: ListStore, version: ListVersion, uid: str) -> None:
    from greenlane.core.errors import NotFound

    for party in store.parties(version):
        if party.uid == uid:
            click.echo(json.dumps(asdict(party), ensure_ascii=False, indent=1))
            return
    raise NotFound(
        f"Version {version.version_id} of {version.source_key} has no party {uid[:60]!r}."
    )


@watchlist.command()
@click.argument("key")
@click.argument("old", required=False)
@click.argument("new", required=False)
@click.option("--names", "with_names", is_flag=True, help="List every name that differs.")
@_STORE
@_JSON
def diff(
    key: str,
    old: str | None,
    new: str | None,
    with_names: bool,
    folder: Path,
    is_json: bool,
) -> None:
    """Compare two versions of the list KEY; by default the last two in force."""
    from greenlane.core.errors import NotFound

    store = _open(folder)
    journal = store.journal(key)
    if old is None and len(journal) < 2:
        raise NotFound(
            f"The list {key} has had {len(journal)} version in force; there is none to compare."
        )
    before = store.version(key, old or journal[-2].version_id)
    after = store.version(key, new) if new else store.current(key)
    found = store.diff(before, after)
    if is_json:
        click.echo(json.dumps(asdict(found), ensure_ascii=False))
        return
    click.echo(f"{before.version_id} -> {after.version_id}")
    _echo_diff(found, with_names=with_names)


def _echo_diff(found: ListDiff, *, with_names: bool) -> None:
    click.echo(
        f"  parties: +{len(found.added):,} changed {len(found.changed):,} -{len(found.removed):,}"
    )
    click.echo(
        f"  names: +{len(found.names_added):,} changed {len(found.names_changed):,} "
        f"-{len(found.names_removed):,}"
    )
    if not with_names:
        return
    for sign, changes in (
        ("+", found.names_added),
        ("~", found.names_changed),
        ("-", found.names_removed),
    ):
        for change in changes:
            text = " -> ".join(filter(None, (change.before, change.after)))
            click.echo(f"  {sign} {change.party_uid} {change.name_uid}: {text}")


@watchlist.command()
@click.argument("keys", nargs=-1)
@click.option(
    "--addresses",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    default=None,
    help="File of addresses; the shipped one by default.",
)
@click.option("--allow-loopback", is_flag=True, hidden=True)
@_STORE
@_BY
@_FORCE_BY
@_REASON
def update(
    keys: tuple[str, ...],
    addresses: Path | None,
    allow_loopback: bool,
    folder: Path,
    by: str | None,
    force_by: str | None,
    reason: str | None,
) -> None:
    """Fetch the lists KEYS (all with an address, if none is named) and put what is new in force.

    One list that fails does not keep the others from being updated; the command then ends with 2.
    """
    import time

    from greenlane.screening.download import Downloader, find_source, load_sources, update_list

    sources = load_sources(addresses)
    store = _open(folder)
    chosen = keys or tuple(source.key for source in sources if source.addresses)
    has_failed = False
    downloader = Downloader(
        folder / "downloads", pause=time.sleep, is_loopback_allowed=allow_loopback
    )
    for key in chosen:
        try:
            result = update_list(
                store,
                find_source(sources, key),
                downloader,
                at=datetime.now(UTC),
                by=_who(by),
                force_by=force_by,
                reason=reason,
            )
        except GreenlaneError as refusal:
            has_failed = True
            click.echo(f"{key}: {refusal.message} [{refusal.code}]", err=True)
            continue
        words = {
            "NOT_MODIFIED": "not modified",
            "SAME": "the same bytes",
            "REPLACED": "new version",
        }
        click.echo(f"{words[result.outcome]}: {_summary(result.version)}")
    if has_failed:
        sys.exit(2)
