"""``greenlane pack``: check and show program packs."""

from __future__ import annotations

import json
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from greenlane.core.program import Program, StartItem


_LONGEST = 160
_DRAFT = "Draft: not adopted by any administration."


@click.group()
def pack() -> None:
    """Check and show program packs: rules as data."""


@pack.command("check")
@click.argument("names", nargs=-1)
def check(names: tuple[str, ...]) -> None:
    """Check packs by name or folder (all when none is named); exit 1 when one is refused.

    Checks the rules, every edition of the criteria, the crosswalk, and every scenario of the pack.
    """
    from greenlane.content.packs import pack_names

    faulty = 0
    for name in names or pack_names():
        faulty += not _checked(name)
    if faulty:
        sys.exit(1)


def _checked(name: str) -> bool:
    from greenlane.content.criteria_files import load_editions
    from greenlane.content.crosswalk_files import NoCrosswalk, load_crosswalk
    from greenlane.content.packs import read_program
    from greenlane.content.scenario_files import read_scenario
    from greenlane.core.errors import GreenlaneError
    from greenlane.core.scenario import run

    try:
        folder = _folder(name)
        program = read_program(folder)
        editions = load_editions(folder)
        with suppress(NoCrosswalk):
            load_crosswalk(folder, editions)
        stories = [read_scenario(path) for path in sorted((folder / "scenarios").rglob("*.yaml"))]
    except GreenlaneError as refused:
        click.echo(f"{name}: {refused.message}", err=True)
        return False
    failures = [
        f"{story.name}: {failure}" for story in stories for failure in run(program, story).failures
    ]
    for failure in failures:
        click.echo(f"{name}: {failure}", err=True)
    click.echo(
        f"{program.id} {program.version}: {len(program.transitions)} transitions, "
        f"{len(program.deadlines)} deadlines, {len(program.entity_types)} entity types, "
        f"{len(editions)} editions, {len(stories)} scenarios"
        + (f", {len(failures)} FAILED" if failures else ": sound")
    )
    return not failures


@pack.command("diff")
@click.argument("before", metavar="A")
@click.argument("after", metavar="B")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
def diff(before: str, after: str, form: str) -> None:
    """Show what differs between packs A and B, each a name or a folder.

    Two versions of one pack, or two programs: statuses, roles, guards, transitions, deadlines,
    entity types and every other kind of row, and the criteria of their latest editions.
    """
    from greenlane.content.criteria_files import load_editions
    from greenlane.content.packs import read_program
    from greenlane.core.errors import GreenlaneError
    from greenlane.core.pack_diff import diff_criteria, diff_programs

    try:
        folders = [_folder(before), _folder(after)]
        programs = [read_program(folder) for folder in folders]
        editions = [load_editions(folder) for folder in folders]
    except GreenlaneError as refused:
        click.echo(f"greenlane: {refused.message}", err=True)
        sys.exit(2)
    changes = (*diff_programs(*programs), *diff_criteria(*editions))
    if form == "json":
        found = {
            "before": {"id": programs[0].id, "version": programs[0].version},
            "after": {"id": programs[1].id, "version": programs[1].version},
            "changes": [one.as_json() for one in changes],
        }
        click.echo(json.dumps(found, indent=2, ensure_ascii=False))
        return
    family = ""
    for one in changes:
        if one.family != family:
            family = one.family
            click.echo(family)
        click.echo(f"  {one.kind:8} {one.id}" + (f"  {one.title}" if one.title else ""))
        for part in one.fields:
            click.echo(f"             {part.name}: {_short(part.before)} -> {_short(part.after)}")
    click.echo(f"{len(changes)} differences." if changes else "No difference.")


def _folder(name: str) -> Path:
    from greenlane.content.packs import pack_dir

    return Path(name) if (Path(name) / "pack.yaml").is_file() else pack_dir(name)


def _short(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."


@pack.command("new")
@click.argument("name")
@click.option(
    "--in",
    "parent",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    help="Folder that holds your packs; the present one if not given.",
)
def new(name: str, parent: Path) -> None:
    """Write a new program NAME: a documented skeleton, whole and sound from the start."""
    from greenlane.content.pack_skeleton import new_pack
    from greenlane.core.errors import GreenlaneError

    try:
        folder = new_pack(name, parent=parent)
    except GreenlaneError as refused:
        click.echo(f"greenlane: {refused.message}", err=True)
        sys.exit(2)
    click.echo(f"{folder} is written. Its files say in comments what each of them decides.")
    click.echo(f"Check it after each change: greenlane pack check {folder}")
    click.echo(f"Run it: GREENLANE_PACK={folder} greenlane serve")


@pack.command("start")
def start() -> None:
    """Record that the program which this installation runs starts here, today.

    The office's own duties are counted from that day. Once; a second time is refused.
    """
    from datetime import UTC, datetime

    from greenlane.cli.django_start import start_django
    from greenlane.core.errors import GreenlaneError

    start_django()
    from django.conf import settings

    from greenlane.apps.members.actions.steps import office_step
    from greenlane.apps.members.queries import office_case
    from greenlane.content.packs import load_program
    from greenlane.core.lifecycle.decide import Actor
    from greenlane.core.marks import Mark
    from greenlane.core.vocabulary import Purpose

    try:
        program = load_program(settings.GREENLANE_PACK)
        begun = office_case(program).standing().latest.get(Mark.PROGRAM_STARTED)
        if begun is not None:
            click.echo(f"greenlane: {program.id} was started here on {begun.on}.", err=True)
            sys.exit(2)
        act = program.act_that(Purpose.START_PROGRAM).id
        system = Actor("system", "system")
        office_step(program=program, act=act, by=system, at=datetime.now(UTC), via="cli")
    except GreenlaneError as refused:
        click.echo(f"greenlane: {refused.message}", err=True)
        sys.exit(2)
    click.echo(f"{program.id} is started here.")


@pack.command("show")
@click.argument("name")
@click.option("--format", "form", type=click.Choice(["json", "table"]), default="table")
@click.option("--lang", default="en", help="Language of the texts.")
def show(name: str, form: str, lang: str) -> None:
    """Show the rules of pack NAME with their sources."""
    from greenlane.content.packs import load_program

    program = load_program(name)
    if form == "json":
        click.echo(json.dumps(_as_json(program, lang), indent=2, ensure_ascii=False))
        return
    click.echo(f"{program.title.in_(lang)} [{program.id} {program.version}]")
    if program.is_draft:
        click.echo(_DRAFT)
    click.echo(program.disclaimer.in_(lang))
    for heading, items in (
        ("To decide before the start", program.decisions),
        ("Easements", program.easements),
    ):
        if items:
            click.echo(f"{heading} ({len(items)}):")
        for item in items:
            click.echo(f"{item.id:5} [{item.area.in_(lang)}] {item.text.in_(lang)}")
            if item.suggestion:
                click.echo(f"      Suggested: {item.suggestion.in_(lang)}")
            if item.sets:
                click.echo(f"      Settles: {', '.join(item.sets)}")
    for row in program.transitions.values():
        sources = "; ".join(f"{a.value} {'|'.join(sorted(v))}" for a, v in row.sources.items())
        changes = "; ".join(f"{a.value} {t.value or t.rule.value}" for a, t in row.changes.items())
        click.echo(
            f"{row.id:5} {row.title.in_(lang)}: {sources or 'any'} -> {changes or 'no change'}"
        )
        click.echo(
            f"      by {', '.join(sorted(row.by))}; {row.source.citation} [{row.source.confidence}]"
        )
    for deadline in program.deadlines.values():
        period = deadline.period or deadline.limit_days or "set by band or office"
        click.echo(
            f"{deadline.id:6} {deadline.title.in_(lang)}: {period}, {deadline.owed_by.value}, "
            f"{deadline.source.citation} [{deadline.source.confidence}]"
        )


def _as_json(program: Program, lang: str) -> dict[str, object]:
    return {
        "id": program.id,
        "title": program.title.in_(lang),
        "version": program.version,
        "digest": program.digest,
        "draft": program.is_draft,
        "statuses": {s.value: rule.title.in_(lang) for s, rule in program.statuses.items()},
        "transitions": [
            {
                "id": row.id,
                "title": row.title.in_(lang),
                "from": {a.value: sorted(v) for a, v in row.sources.items()},
                "to": {a.value: t.value or t.rule.value for a, t in row.changes.items()},
                "by": sorted(row.by),
                "second_by": sorted(row.second_by),
                "guards": list(row.guards),
                "requires": sorted(row.requires),
                "marks": [mark.value for mark in row.marks],
                "source": row.source.citation,
                "confidence": row.source.confidence.value,
            }
            for row in program.transitions.values()
        ],
        "deadlines": [
            {
                "id": row.id,
                "title": row.title.in_(lang),
                "anchors": sorted(mark.value for mark in row.anchors),
                "period": str(row.period) if row.period else None,
                "owed_by": row.owed_by.value,
                "nature": row.nature.value,
                "met_by": sorted(mark.value for mark in row.met_by),
                "source": row.source.citation,
                "confidence": row.source.confidence.value,
            }
            for row in program.deadlines.values()
        ],
        "decisions": [_start_json(item, lang) for item in program.decisions],
        "easements": [_start_json(item, lang) for item in program.easements],
        "entity_types": {
            key: [statement.id for statement in entity.eligibility]
            for key, entity in program.entity_types.items()
        },
    }


def _start_json(item: StartItem, lang: str) -> dict[str, object]:
    return {
        "id": item.id,
        "area": item.area.in_(lang),
        "text": item.text.in_(lang),
        "suggestion": item.suggestion.in_(lang) if item.suggestion else None,
        "sets": list(item.sets),
        "source": item.source.citation,
        "confidence": item.source.confidence.value,
    }
