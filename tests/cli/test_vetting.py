"""The levels of review and alert by command line: who sets them, and what is refused."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner, Result

from greenlane.apps.vetting.levels import LOWEST, MOST, levels_in_force
from greenlane.cli.vetting import vetting
from greenlane.core.access import RoleNotAllowed
from greenlane.core.errors import BadInput
from greenlane.gate.access import today
from tests.factories.people import person_with

pytestmark = pytest.mark.django_db

WHY = ("--reason", "Curve of March, 900 labels")


def run(*words: object) -> Result:
    return CliRunner().invoke(vetting, ["levels", *(str(word) for word in words)])


def test_the_shipped_levels_are_shown_until_the_office_sets_its_own() -> None:
    analyst = person_with("vetting_analyst")

    shipped = run()
    done = run("--review", 0.4, "--alert", 0.9, *WHY, "--as", analyst.key)
    told = json.loads(run("--json").output)

    assert shipped.output == "review 0.5, alert 0.85: the shipped levels\n"
    assert done.output == f"review 0.4, alert 0.9: set by {analyst.key} on {today()}\n"
    assert told == {
        "review": 0.4,
        "alert": 0.9,
        "by": analyst.key,
        "on": today().isoformat(),
        "words": WHY[1],
    }


@pytest.mark.parametrize(
    "levels", [(LOWEST / MOST - 0.01, 0.9), (0.9, 0.4), (0.4, 1.01), ("nan", 0.9), (0.5, 0.85)]
)
def test_levels_out_of_reach_crossed_or_in_force_already_are_refused(
    levels: tuple[object, object],
) -> None:
    review, alert = levels
    analyst = person_with("vetting_analyst")

    refused = run("--review", review, "--alert", alert, *WHY, "--as", analyst.key)

    assert isinstance(refused.exception, BadInput)
    assert levels_in_force().is_shipped


@pytest.mark.parametrize(
    "given",
    [
        ("--review", 0.4, *WHY),
        ("--alert", 0.9, *WHY),
        ("--review", 0.4, "--alert", 0.9),
        ("--review", 0.4, "--alert", 0.9, "--reason", ""),
        WHY,
    ],
)
def test_setting_takes_both_levels_a_reason_and_a_person(given: tuple[object, ...]) -> None:
    refused = run(*given, "--as", person_with("vetting_analyst").key)

    assert refused.exit_code == 2
    assert "Give --review, --alert, --reason and --as to set the levels." in refused.output
    assert levels_in_force().is_shipped


def test_a_role_that_confirms_no_hits_sets_none() -> None:
    specialist = person_with("specialist")

    refused = run("--review", 0.4, "--alert", 0.9, *WHY, "--as", specialist.key)

    assert isinstance(refused.exception, RoleNotAllowed)
    assert levels_in_force().is_shipped
