"""The command that takes earlier records over: looked at first, recorded when it is asked for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from greenlane.apps.members.models import Account
from greenlane.cli.import_members import import_
from tests.apps.migration.conftest import file_of, row
from tests.factories.people import person_with

pytestmark = pytest.mark.django_db


def run(*words: str) -> Result:
    return CliRunner().invoke(import_, ["members", *words])


@pytest.fixture
def director() -> str:
    person_with("specialist", office="NEWARK", email="spec@example.gov")
    return person_with("director").key


@pytest.fixture
def file(tmp_path: Path) -> Path:
    found = tmp_path / "members.csv"
    found.write_bytes(file_of(row(), row(identifiers="ein:98-7654321")))
    return found


def test_a_dry_run_is_the_default_and_records_nothing(director: str, file: Path) -> None:
    done = run(str(file), "--as", director)

    assert done.exit_code == 0, done.output
    assert "Dry run, nothing recorded: rows 2, new 2" in done.stdout
    assert not Account.objects.exists()


def test_what_was_looked_at_is_recorded_when_it_is_asked_for(director: str, file: Path) -> None:
    first = run(str(file), "--as", director, "--apply", "--format", "json")
    again = run(str(file), "--as", director, "--apply", "--format", "json")

    assert (first.exit_code, json.loads(first.stdout)["counts"]["new"]) == (0, 2)
    assert json.loads(again.stdout)["counts"]["unchanged"] == 2
    assert Account.objects.count() == 2


def test_a_refused_row_ends_with_status_1_and_is_told_in_each_form(
    director: str, file: Path, tmp_path: Path
) -> None:
    file.write_bytes(file_of(row(certified_on="2023-02-30")))

    table = run(str(file), "--as", director, "--apply")
    out = tmp_path / "report.csv"
    as_csv = run(str(file), "--as", director, "--format", "csv", "--out", str(out))
    as_json = json.loads(run(str(file), "--as", director, "--format", "json").stdout)

    assert (table.exit_code, as_csv.exit_code) == (1, 1)
    assert "Nothing recorded, rows are refused" in table.stdout
    assert "2,certified_on,day.impossible,refused" in out.read_text(encoding="utf-8")
    assert as_json["findings"][0]["explained"] is None
    assert not Account.objects.exists()


def test_an_explanation_of_a_named_person_makes_the_row_sound(
    director: str, file: Path, tmp_path: Path
) -> None:
    file.write_bytes(file_of(row(certified_on="2018-02-30")))
    said = tmp_path / "explained.csv"
    said.write_text(
        "row,column,person,reason,value\n2,certified_on,spec@example.gov,Letter,2018-02-28\n",
        encoding="utf-8",
    )

    done = run(str(file), "--as", director, "--explain", str(said), "--apply")

    assert done.exit_code == 0, done.output
    assert "explained by U-" in done.stdout
    assert Account.objects.count() == 1


def test_nobody_without_the_power_takes_records_over(director: str, file: Path) -> None:
    for who in ("spec@example.gov", "nobody@example.gov"):
        done = run(str(file), "--as", who)

        assert done.exception is not None
        assert type(done.exception).__name__ in ("RoleNotAllowed", "NoSuchPerson")
