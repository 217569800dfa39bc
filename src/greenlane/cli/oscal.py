"""``greenlane oscal``: write criteria as OSCAL documents, check such documents, read a catalog."""

from __future__ import annotations

import datetime as dt
import json
import sys
from pathlib import Path

import click

from greenlane.cli.criteria import (
    edition_by_id,
    edition_on_day,
    language_option,
    on_option,
    pack_option,
    today,
)


@click.group()
def oscal() -> None:
    """Exchange criteria in OSCAL, the Open Security Controls Assessment Language."""


@oscal.command("export")
@pack_option
@on_option
@click.option("--edition", "edition_id", metavar="EDITION", help="Edition, instead of a day.")
@language_option
@click.option(
    "--workspace",
    is_flag=True,
    help="Link documents as trestle://, for a compliance-trestle workspace.",
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="Folder to write to.",
)
def export(
    pack: str,
    on: dt.datetime | None,
    edition_id: str | None,
    language: str,
    workspace: bool,
    out: Path,
) -> None:
    """Write the catalog, a profile per entity type, and the crosswalk as mapping."""
    from greenlane.content.crosswalk_files import NoCrosswalk, crosswalk_of
    from greenlane.content.oscal import export_pack

    if edition_id is not None:
        edition = edition_by_id(pack, edition_id, language)
    else:
        edition = edition_on_day(pack, on.date() if on else today(), language)
    try:
        crosswalk = crosswalk_of(pack)
    except NoCrosswalk:
        crosswalk = None
    files = export_pack(edition, crosswalk, language=language, workspace_links=workspace)
    for file in files:
        path = out / file.path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            text = json.dumps(file.document, ensure_ascii=False, indent=2)
            path.write_text(text + "\n", "utf-8")
        except OSError as error:
            raise click.FileError(str(path), error.strerror) from error
    click.echo(f"{len(files)} documents written to {out}.")


@oscal.command("check")
@click.argument("folder", type=click.Path(exists=True, path_type=Path))
def check(folder: Path) -> None:
    """Check the references between the OSCAL documents of a folder.

    Looks where schema validators do not: links, ids, levels, relationships, UUIDs.
    """
    from greenlane.content.oscal_check import NotOscal, check_references, parse_oscal

    root = folder if folder.is_dir() else folder.parent
    paths = sorted(folder.rglob("*.json")) if folder.is_dir() else [folder]
    paths = [path for path in paths if not any(part.startswith(".") for part in path.parts)]
    if not paths:
        raise NotOscal(f"{folder} holds no file ending in .json. Name the folder of an export.")
    documents = {
        path.relative_to(root).as_posix(): parse_oscal(path.read_bytes(), path.name)
        for path in paths
    }
    findings = check_references(documents)
    for finding in findings:
        click.echo(str(finding), err=True)
    click.echo(f"{len(documents)} documents checked, {len(findings)} findings.")
    if findings:
        sys.exit(1)


@oscal.command("import")
@click.argument("catalog", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--edition", "edition_id", required=True, help="Id of the edition to make.")
@click.option(
    "--valid-from",
    type=click.DateTime(["%Y-%m-%d"]),
    required=True,
    help="First day on which the edition is in force.",
)
@click.option(
    "--entity",
    "entities",
    multiple=True,
    default=("member",),
    show_default=True,
    help="Entity type that the controls bind, where the catalog says nothing; may be repeated.",
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="Folder of the pack; its editions are written below.",
)
def import_(
    catalog: Path,
    edition_id: str,
    valid_from: dt.datetime,
    entities: tuple[str, ...],
    out: Path,
) -> None:
    """Turn an OSCAL catalog into a draft edition of a pack's criteria."""
    from greenlane.content.oscal_import import ImportPlan, import_catalog

    plan = ImportPlan(edition_id, valid_from.date(), today(), entities)
    edition = import_catalog(catalog.read_bytes(), catalog.name, plan, out)
    click.echo(f"{len(edition.criteria)} criteria written to {out} as draft edition {edition.id}.")
