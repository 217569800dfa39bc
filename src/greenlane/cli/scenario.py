"""``greenlane scenario``: run a story of dated acts on a pack, without a database."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click


@click.group()
def scenario() -> None:
    """Run scenarios: dated acts on a pack, decided as the product decides them."""


@scenario.command("run")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(["json", "table"]), default="table")
def run_files(files: tuple[Path, ...], form: str) -> None:
    """Run each FILE; exit 1 when an expectation does not hold."""
    from greenlane.content.packs import load_program
    from greenlane.content.scenario_files import read_scenario
    from greenlane.core.errors import BadInput, NotFound
    from greenlane.core.scenario import run

    outcomes = []
    for path in files:
        story = read_scenario(path)
        try:
            program = load_program(story.pack)
        except NotFound as absent:
            raise BadInput(
                f"The scenario {path.name} names a pack that is not here: {absent.message} "
                "Correct its line `pack:`."
            ) from None
        outcomes.append(run(program, story))
    if form == "json":
        rows = [outcome.as_json() for outcome in outcomes]
        click.echo(json.dumps(rows[0] if len(rows) == 1 else rows, indent=2, ensure_ascii=False))
    else:
        for outcome in outcomes:
            _print(outcome.as_json())
    if any(outcome.failures for outcome in outcomes):
        sys.exit(1)


def _print(outcome: dict[str, Any]) -> None:
    mark = "passed" if outcome["passed"] else "FAILED"
    click.echo(f"{outcome['scenario']} ({outcome['pack']}): {mark}")
    for failure in outcome["failures"]:
        click.echo(f"  {failure}")
    for refusal in outcome["refusals"]:
        click.echo(f"  {refusal['on']} {refusal['act']} refused: {refusal['code']}")
    for day in outcome["days"]:
        axes = " ".join(f"{k}={v}" for k, v in day["standing"].items())
        click.echo(f"  {day['on']} ({day['known']}) {day['account']}: {axes}; {day['bucket']}")
        for duty in day["duties"]:
            click.echo(f"    {duty['id']:6} {duty['state']:8} due {duty['due_on']}  {duty['why']}")
