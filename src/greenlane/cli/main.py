"""The ``greenlane`` command: a table of its groups, each imported only when it is called.

What a command does stands in the module that the table names, never here.
"""

from __future__ import annotations

import importlib
import sys

import click

from greenlane.core.errors import GreenlaneError

# Command -> "module:object, one line of help". The help stands here so that listing the commands
# imports none of them.
COMMANDS: dict[str, tuple[str, str]] = {
    "demo": ("greenlane.cli.demo:demo", "Build and serve a demonstration office."),
    "serve": ("greenlane.cli.serve:serve", "Serve Greenlane."),
    "worker": ("greenlane.cli.worker:worker", "Anchor the record and screen, in the background."),
    "doctor": ("greenlane.cli.doctor:doctor", "Say what is wrong here, and how to mend it."),
    "people": ("greenlane.cli.people:people", "Record the first people; help with sign-ins."),
    "audit": ("greenlane.cli.audit:audit", "Prove, anchor, sign, export and read the record."),
    "retention": ("greenlane.cli.retention:retention", "Erase what is kept no longer; holds."),
    "oscal": ("greenlane.cli.oscal:oscal", "Exchange criteria in OSCAL."),
    "watchlist": ("greenlane.cli.watchlist:watchlist", "Keep government watch lists."),
    "vetting": ("greenlane.cli.vetting:vetting", "Screen members; take debts from a file."),
    "import": ("greenlane.cli.import_members:import_", "Take an office's earlier records over."),
    "annual": ("greenlane.cli.yearly:annual", "See and confirm the annual review of an account."),
    "edition": ("greenlane.cli.yearly:edition", "Preview, apply and undo a new edition."),
    "account": ("greenlane.cli.account:account", "Read accounts; act as a named person."),
    "validation": ("greenlane.cli.validation:validation", "Plan visits; do the acts of a case."),
    "trust": ("greenlane.cli.trust:trust", "Incidents, suspensions and appeals; their acts."),
    "screen": ("greenlane.cli.screening:screen", "Screen names in a file against a list."),
    "screening": ("greenlane.cli.screening:screening", "Calibrate screening on labelled data."),
    "rescreen": ("greenlane.cli.rescreen:rescreen", "Screen parties against lists, by change."),
    "office": ("greenlane.cli.office:office", "What the office owes; its own acts."),
    "due": ("greenlane.cli.due:due", "List every duty on a day, past or future."),
    "report": ("greenlane.cli.report:report", "Report on the program, for oversight."),
    "pack": ("greenlane.cli.pack:pack", "Check, show and make program packs."),
    "criteria": ("greenlane.cli.criteria:criteria", "List, compare and show criteria."),
    "scenario": ("greenlane.cli.scenario:scenario", "Run a story of dated acts on a pack."),
    "docs": ("greenlane.cli.docs:docs", "Write the generated pages of the manual."),
    "manage": ("greenlane.cli.manage:manage", "Run one of Django's own management commands."),
}


class LazyGroup(click.Group):
    """A group whose commands are imported when they are named."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands, sorted."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return the command `cmd_name`; None when there is no such command."""
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return None
        module, _, name = entry[0].partition(":")
        command = getattr(importlib.import_module(module), name)
        if not isinstance(command, click.Command):
            raise TypeError(f"{entry[0]} is not a click command")
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands from the table alone."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name][1]) for name in self.list_commands(ctx)])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="greenlane", prog_name="greenlane")
def cli() -> None:
    """Run a trusted-trader program, or a company's part in one."""


def main() -> None:
    """Run the command line; a refusal is printed as a sentence, never as a traceback."""
    try:
        cli.main(prog_name="greenlane")
    except GreenlaneError as refusal:
        click.echo(f"greenlane: {refusal.message} [{refusal.code}]", err=True)
        sys.exit(2)
