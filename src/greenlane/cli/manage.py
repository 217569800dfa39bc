"""``greenlane manage``: Django's own management commands on this installation."""

from __future__ import annotations

import click

from greenlane.cli.django_start import start_django


@click.command(
    context_settings={"ignore_unknown_options": True, "help_option_names": []},
    add_help_option=False,
)
@click.argument("words", nargs=-1, type=click.UNPROCESSED)
def manage(words: tuple[str, ...]) -> None:
    """Run one of Django's own management commands, for example ``greenlane manage migrate``."""
    from django.core.management import execute_from_command_line

    start_django()
    execute_from_command_line(["greenlane manage", *words])
