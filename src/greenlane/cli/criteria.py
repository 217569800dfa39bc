"""``greenlane criteria``: list, compare, show and seal the criteria of a program's pack."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from greenlane.core.errors import NotFound

if TYPE_CHECKING:
    from greenlane.core.criteria import Edition


class UnknownEdition(NotFound):
    """The pack has no such edition of its criteria. Choose one that it lists."""

    code = "criteria.unknown_edition"


class UnknownLanguage(NotFound):
    """The criteria are not there in that language. Choose one that the edition lists."""

    code = "criteria.unknown_language"


def today() -> dt.date:
    """Return the day on this machine's calendar: what a person at a command line means."""
    return dt.date.today()  # noqa: DTZ011 -- a day on the command line is a local day


pack_option = click.option(
    "--pack", default="ctpat", show_default=True, metavar="NAME", help="Pack of the program."
)
language_option = click.option(
    "--lang", "language", default="en", show_default=True, help="Language of the texts."
)
on_option = click.option(
    "--on",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Day for which the criteria are wanted; today if left out.",
)
out_option = click.option(
    "--out",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="File to write instead of the screen.",
)


@click.group()
def criteria() -> None:
    """List, compare and show the criteria of a program."""


@criteria.command("list")
@pack_option
@click.option("--entity", required=True, help="Entity type, for example importer.")
@on_option
@click.option(
    "--format",
    "shape",
    type=click.Choice(["table", "json", "xlsx"]),
    default="table",
    show_default=True,
)
@language_option
@out_option
def list_criteria(
    pack: str,
    entity: str,
    on: dt.datetime | None,
    shape: str,
    language: str,
    out: Path | None,
) -> None:
    """List what a program asks of an entity type on a day.

    Each line shows whether the criterion is confirmed, assumed or doubtful for that entity type.
    """
    from greenlane.content.criteria_listing import criteria_rows, criteria_workbook

    if shape == "xlsx" and out is None:
        raise click.UsageError("A spreadsheet needs a file: add --out criteria.xlsx.")
    day = on.date() if on else today()
    edition = edition_on_day(pack, day, language)
    rows = criteria_rows(edition, entity, language=language, on=day)
    if shape == "xlsx":
        _write(criteria_workbook(rows, edition, language=language), out)
    elif shape == "json":
        _write(_json(rows), out)
    else:
        _write(_table(rows, edition, language), out)


@criteria.command("diff")
@pack_option
@click.option("--from", "older", required=True, metavar="EDITION", help="Edition to start from.")
@click.option("--to", "newer", required=True, metavar="EDITION", help="Edition to compare with.")
@click.option("--entity", required=True, help="Entity type, for example importer.")
@click.option(
    "--format",
    "shape",
    type=click.Choice(["table", "json"]),
    default="table",
    show_default=True,
)
@language_option
@out_option
def diff_criteria(
    pack: str, older: str, newer: str, entity: str, shape: str, language: str, out: Path | None
) -> None:
    """Show what an edition adds, rewords, raises, lowers and withdraws for an entity type."""
    from greenlane.content.criteria_listing import difference_rows
    from greenlane.core.criteria import diff_editions

    before = edition_by_id(pack, older)
    after = edition_by_id(pack, newer, language)
    difference = diff_editions(before, after, entity)
    rows = difference_rows(difference, before, after, language=language)
    _write(_json(rows) if shape == "json" else _difference_table(rows, language), out)


@criteria.command("show")
@click.argument("criterion_id", metavar="ID")
@pack_option
@on_option
@click.option(
    "--format", "shape", type=click.Choice(["text", "json"]), default="text", show_default=True
)
@language_option
def show_criterion(
    criterion_id: str, pack: str, on: dt.datetime | None, shape: str, language: str
) -> None:
    """Show one criterion whole: text, evidence, entity types, history and sources."""
    from greenlane.content.criteria_listing import criterion_details

    edition = edition_on_day(pack, on.date() if on else today(), language)
    details = criterion_details(edition, edition.criterion(criterion_id), language=language)
    _write(_json(details) if shape == "json" else _page(edition, criterion_id, language), None)


@criteria.command("seal")
@pack_option
@click.option("--check", is_flag=True, help="Change nothing; fail if a seal is broken.")
def seal_editions(pack: str, check: bool) -> None:
    """Write the seals of published editions anew.

    A seal makes every later edit of a published edition visible. Read the difference of the files
    first: a change of what is asked belongs in a new edition.
    """
    from greenlane.content.criteria_files import load_editions, write_seals
    from greenlane.content.packs import pack_dir

    folder = pack_dir(pack)
    if check:
        count = len(load_editions(folder))
        click.echo(f"{count} editions of {pack} are whole.")
        return
    changed = write_seals(folder)
    for edition_id, (before, now) in changed.items():
        click.echo(f"{edition_id}: {before or 'not sealed before'} -> {now}")
    if not changed:
        click.echo("Every published edition was sealed already.")


def edition_by_id(pack: str, edition_id: str, language: str = "en") -> Edition:
    """Return an edition of a pack by its id, or refuse with those there are."""
    from greenlane.content.criteria_files import editions_of

    editions = editions_of(pack)
    for edition in editions:
        if edition.id == edition_id:
            _check_language(edition, language)
            return edition
    known = ", ".join(edition.id for edition in editions)
    raise UnknownEdition(f"The pack {pack} has no edition {edition_id!r}. It has: {known}.")


def edition_on_day(pack: str, on: dt.date, language: str) -> Edition:
    """Return the edition of a pack in force on a day, in a language that it has, or refuse."""
    from greenlane.content.criteria_files import editions_of
    from greenlane.core.criteria import edition_on

    edition = edition_on(editions_of(pack), on)
    _check_language(edition, language)
    return edition


def _check_language(edition: Edition, language: str) -> None:
    if language not in edition.languages:
        known = ", ".join(edition.languages)
        raise UnknownLanguage(
            f"Edition {edition.id} of {edition.pack} is not there in {language!r}. It has: {known}."
        )


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def _write(content: str | bytes, out: Path | None) -> None:
    if out is None:
        click.echo(content, nl=False)
        return
    data = content.encode("utf-8") if isinstance(content, str) else content
    try:
        out.write_bytes(data)
    except OSError as error:
        raise click.FileError(str(out), error.strerror) from error


def _columns(rows: Sequence[tuple[str, ...]]) -> str:
    """Return rows as aligned columns, the last one as long as it is."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "".join(
        "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip()
        + "\n"
        for row in rows
    )


def _table(rows: list[dict[str, Any]], edition: Edition, language: str) -> str:
    from greenlane.content.criteria_listing import word

    names = ("Number", "Level", "Applies", "Title")
    lines = [tuple(word(language, name) for name in names)]
    lines += [
        (
            row["label"],
            word(language, row["level"]),
            word(language, row["cell"]),
            row["title"],
        )
        for row in rows
    ]
    return f"{edition.title.in_(language)}\n\n{_columns(lines)}\n{len(rows)}\n"


def _difference_table(difference: dict[str, Any], language: str) -> str:
    from greenlane.content.criteria_listing import word

    parts = [f"{difference['from']} -> {difference['to']}, {difference['entity']}\n"]
    for name in ("added", "reworded", "raised", "lowered", "withdrawn"):
        rows = difference[name]
        parts.append(f"\n{word(language, name).capitalize()}: {len(rows)}\n")
        if rows:
            parts.append(
                _columns([(f"  {row['label']}", row["title"], _what(row)) for row in rows])
            )
    return "".join(parts)


def _what(row: dict[str, Any]) -> str:
    """Return what changed in a row, in brackets; nothing for a criterion that came or went."""
    shown = [name for name in row["fields"] if name not in {"added", "withdrawn"}]
    return f"({', '.join(shown)})" if shown else ""


def _page(edition: Edition, criterion_id: str, language: str) -> str:
    from greenlane.content.criteria_listing import word

    criterion = edition.criterion(criterion_id)
    category = edition.category(criterion.category)

    def heading(name: str) -> str:
        return f"\n{word(language, name)}\n"

    parts = [
        f"{edition.label(criterion).in_(language)}  {criterion.title.in_(language)}\n",
        f"{category.label} {category.name.in_(language)} · "
        f"{word(language, criterion.level.value)} · {edition.title.in_(language)}\n\n",
        f"{criterion.requirement.in_(language)}\n",
    ]
    if criterion.sub_requirements:
        parts.append(heading("Parts"))
        parts += [
            f"  {sub.key}) {sub.text.in_(language)} ({word(language, sub.level.value)})\n"
            for sub in criterion.sub_requirements
        ]
    parts.append(heading("Evidence"))
    parts += [f"  - {each.text.in_(language)}\n" for each in criterion.evidence]
    if criterion.guidance:
        parts += [heading("Guidance"), f"  {criterion.guidance.in_(language)}\n"]
    parts.append(heading("Applies"))
    rows = [
        (
            f"  {cell.entity}",
            word(language, (cell.level or criterion.level).value),
            word(language, cell.state.value),
            cell.condition.in_(language) if cell.condition else "",
        )
        for cell in criterion.cells
    ]
    parts.append(_columns(rows))
    parts.append(heading("Sources"))
    parts += [
        f"  {' '.join(filter(None, (each.title.in_(language), each.url)))}\n"
        for each in criterion.sources
    ]
    return "".join(parts)
