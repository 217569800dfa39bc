"""The tutorial: what it says to type, press and open is there under that name."""

from __future__ import annotations

import csv
import json
import re
import shlex
from pathlib import Path

import click
from click.testing import CliRunner

from greenlane.cli.demo_office.cast import COMPANIES, OFFICE_PEOPLE
from greenlane.cli.main import cli
from greenlane.content.packs import load_program
from tests.docs.conftest import ROOT

PAGE = ROOT / "docs" / "tutorial" / "first-certification.md"
TEXT = PAGE.read_text(encoding="utf-8")
CATALOGUE = ROOT / "src" / "greenlane" / "web" / "locale" / "es" / "LC_MESSAGES" / "django.po"
BLOCK = re.compile(r"```sh\n(.*?)```", re.DOTALL)


def commands() -> list[list[str]]:
    """Return the words behind each ``./dev run`` of the page."""
    lines = "".join(BLOCK.findall(TEXT)).splitlines()
    found = [line.split("./dev run ", 1)[1] for line in lines if "./dev run " in line]
    return [shlex.split(line, comments=True) for line in found]


def test_every_command_of_the_page_is_there_and_takes_these_words() -> None:
    assert len(commands()) >= 5
    for words in commands():
        group: click.Command = cli
        context = click.Context(cli)
        while isinstance(group, click.Group):
            known = group.get_command(context, words.pop(0))
            assert known is not None
            group = known
        options = {name for one in group.params for name in one.opts}
        given = {word for word in words if word.startswith("--")}
        assert given <= options


def test_every_button_and_link_it_names_is_a_text_of_the_pages_or_of_the_pack() -> None:
    catalogue = CATALOGUE.read_text(encoding="utf-8").replace('"\n"', "")
    program = load_program("ctpat")
    pack = {str(row.title.in_("en")) for row in program.transitions.values()}
    pack |= {str(row.title.in_("en")) for row in program.entity_types.values()}
    people = {one.name for one in OFFICE_PEOPLE} | {one.officer for one in COMPANIES}

    named = {" ".join(one.split()) for one in re.findall(r"\*\*(.+?)\*\*", TEXT, re.DOTALL)}
    unknown = {one for one in named if f'msgid "{one}"' not in catalogue} - pack - people

    assert len(named) > 25
    assert unknown == set()


def test_the_table_of_answers_answers_what_an_importer_is_asked() -> None:
    with (PAGE.parent / "answers.csv").open(encoding="utf-8", newline="") as file:
        answered = [row["criterion"] for row in csv.DictReader(file)]

    listed = CliRunner().invoke(cli, shlex.split("criteria list --entity importer --format json"))

    asked = [one["id"] for one in json.loads(listed.output)]
    # The first is answered by hand.
    assert sorted(answered) == sorted(set(asked) - {"1.1"})
    assert f"other {len(answered)}" in TEXT
    assert f"asked {len(asked)} criteria" in TEXT


def test_its_pictures_are_there(tmp_path: Path) -> None:
    pictures = re.findall(r"!\[[^\]]+\]\((\S+)\)", TEXT)

    assert len(pictures) >= 2
    assert [one for one in pictures if not (PAGE.parent / one).exists()] == []
