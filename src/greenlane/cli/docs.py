"""``greenlane docs``: writes the pages of the manual that would otherwise drift from the code.

A page is a function that returns its text; what a page says stands with the thing it describes.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from greenlane.cli.django_start import start_django

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

GENERATED = "<!-- Written by `./dev docs`; edit what it describes instead. -->\n"


@click.group()
def docs() -> None:
    """Write the generated pages of the manual."""


@docs.command("generate")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 when a page is stale.")
@click.option(
    "--into",
    default="docs/reference",
    show_default=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of the pages.",
)
def generate(*, check: bool, into: Path) -> None:
    """Write every generated page, or with --check say which ones are stale."""
    stale = []
    for name, text in pages().items():
        path = into / name
        if path.is_file() and path.read_text(encoding="utf-8") == text():
            continue
        stale.append(str(path))
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text(), encoding="utf-8")
    for name in stale:
        click.echo(f"{name} is stale; run ./dev docs" if check else f"wrote {name}")
    if check and stale:
        sys.exit(1)


def pages() -> dict[str, Callable[[], str]]:
    """Return the generated pages: file name below ``docs/reference`` -> what writes it."""
    from greenlane.cli.docs_rules import rule_pages

    own = {"settings.md": settings_page, "commands.md": commands_page, "openapi.json": openapi_page}
    return {**own, **rule_pages(GENERATED)}


def settings_page() -> str:
    """Return the page of all settings, from the declarations made while they are read."""
    start_django()
    from django.conf import settings

    lines = [
        "# Settings",
        "",
        GENERATED,
        "For whom: who runs a server. Every setting is an environment variable; a wrong value is "
        "refused at start with a sentence that names it. A secret can also be read from a file: "
        "put `_FILE` behind its name and give the path.",
        "",
        "| Variable | Kind | Without it | Meaning |",
        "|---|---|---|---|",
    ]
    for entry in settings.DECLARED:
        anchor = entry.name.lower().replace("_", "-")
        name = f'<a id="{anchor}"></a>`{entry.name}`'
        kind = "secret (`_FILE` too)" if entry.is_secret else entry.kind
        default = f"`{entry.default}`" if entry.default else ""
        lines.append(f"| {name} | {kind} | {default} | {entry.meaning} |")
    return "\n".join(lines) + "\n"


def commands_page() -> str:
    """Return the page of all commands: the help of each, as the program prints it."""
    from greenlane.cli.main import cli

    lines = [
        "# Commands",
        "",
        GENERATED,
        "For whom: operators and developers. `greenlane COMMAND --help` prints the same.",
    ]
    for name, command, context in walk("greenlane", cli, None):
        lines += ["", f"## {name}", "", "```text", command.get_help(context).rstrip(), "```"]
    return "\n".join(lines) + "\n"


def openapi_page() -> str:
    """Return the description of the API in OpenAPI, as the installation serves it."""
    start_django()
    from django.test import RequestFactory
    from django.urls import resolve, reverse

    # By its address: one door does not import another.
    address = reverse("api-v1:openapi-json")
    view, args, named = resolve(address)
    schema = json.loads(view(RequestFactory().get(address), *args, **named).content)
    return json.dumps(schema, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def walk(
    name: str, command: click.Command, parent: click.Context | None
) -> Iterator[tuple[str, click.Command, click.Context]]:
    """Give `command` and every command below it with its full name and a context of fixed width."""
    context = click.Context(
        command,
        info_name=name.rpartition(" ")[2],
        parent=parent,
        terminal_width=96,
        help_option_names=["-h", "--help"],
    )
    # Click keeps the option of whichever context asked first, such as one of a command run alone.
    command._help_option = None
    yield name, command, context
    if isinstance(command, click.Group):
        for child in command.list_commands(context):
            found = command.get_command(context, child)
            # Django's commands are Django's to document.
            if found is not None and not found.hidden:
                yield from walk(f"{name} {child}", found, context)
