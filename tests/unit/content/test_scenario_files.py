"""Reading scenario files: what a lawyer may write, and what is said when it is wrong."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from greenlane.content.packs import load_program
from greenlane.content.scenario_files import ScenarioRefused, parse_scenario, read_scenario
from greenlane.core.errors import BadInput
from greenlane.core.lifecycle.decide import Actor
from greenlane.core.scenario import run

MANUAL = Path(__file__).parents[3] / "docs/reference/scenarios.md"
GOOD = """\
scenario: s
title: T
source: ours
pack: ctpat
entity_type: importer
facts: {trade.is_active: true, debt.is_final_unpaid: null, trade.borders: [US-CA]}
acts:
  - {on: 2024-01-08, act: T01, by: point_of_contact}
  - on: 2024-01-08
    recorded_on: 2024-01-09
    act: T06
    by: {role: specialist, person: U-7}
    second: field_manager
    given: {visit_on: 2024-02-29, effort_days: 3, waived: true, ground: G1}
    facts: {trade.last_import_on: 2024-01-01, trade.is_active: null}
    outside: letter-1
    refused: status.wrong
expect:
  - on: 2024-01-08
    known: now
    benefits: false
    duties: {D02#1: {due_on: 2024-02-07, late: false}}
"""


def test_every_key_is_read() -> None:
    story = parse_scenario(GOOD.encode(), "s.yaml")

    first, second = story.acts
    assert story.accounts == {"A1": "importer"}
    assert story.facts["A1"] == {"trade.is_active": True, "trade.borders": frozenset({"US-CA"})}
    assert (first.recorded_on, first.by) == (
        date(2024, 1, 8),
        Actor("point_of_contact-1", "point_of_contact"),
    )
    assert second.recorded_on == date(2024, 1, 9)
    assert (second.by, second.second) == (
        Actor("U-7", "specialist"),
        Actor("field_manager-1", "field_manager"),
    )
    assert second.given == {
        "visit_on": "2024-02-29",
        "effort_days": "3",
        "waived": "yes",
        "ground": "G1",
    }
    assert second.facts == {"trade.last_import_on": date(2024, 1, 1), "trade.is_active": None}
    assert (second.document, second.expects, second.line) == ("letter-1", "status.wrong", 9)
    assert story.expectations[0].known_now
    assert story.expectations[0].duties == {"D02#1": {"due_on": "2024-02-07", "late": "False"}}


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ("entity_type: importer\n", "", "No account is named"),
        ("trade.is_active: true", "trade.is_activ: true", "Did you mean"),
        ("trade.is_active: true", "trade.is_active: 1", "type bool"),
        ("trade.is_active: true", "standing.tier: T2", "computed from the record"),
        ("act: T01,", "act: T01, account: A9,", "no account 'A9'"),
        ("known: now", "account: A9", "no account 'A9'"),
        ("recorded_on: 2024-01-09", "recorded_on: 2024-01-07", "before the act above it"),
        ("known: now", "known: later", "known"),
        ("title: T\n", "", "`title` is missing"),
        ("benefits: false", "benefit: false", "Did you mean `benefits`"),
        ("on: 2024-01-08, act", "on: 2024-02-30, act", "no day 2024-02-30"),
        ("facts: {trade.last_import_on: 2024-01-01", "facts: {trade.last_import_on: x", "is a day"),
        ("scenario: s", "scenario: [", "YAML"),
    ],
)
def test_a_fault_is_named_with_file_and_line(before: str, after: str, says: str) -> None:
    assert GOOD.count(before) == 1 or before in GOOD
    with pytest.raises(ScenarioRefused, match=r"s\.yaml:\d+: ") as refused:
        parse_scenario(GOOD.replace(before, after, 1).encode(), "s.yaml")

    assert says in refused.value.message


def test_several_accounts_are_named_with_their_types() -> None:
    text = GOOD.replace("entity_type: importer", "accounts: {A1: importer, A2: customs_broker}")

    assert parse_scenario(text.encode(), "s.yaml").accounts == {
        "A1": "importer",
        "A2": "customs_broker",
    }


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"no\.yaml cannot be read"):
        read_scenario(tmp_path / "no.yaml")


def test_a_scenario_is_read_from_its_file(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text(GOOD, encoding="utf-8")

    assert read_scenario(tmp_path / "s.yaml").name == "s"


def test_the_example_of_the_manual_holds() -> None:
    found = re.search(r"```yaml\n(.*?)```", MANUAL.read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None

    outcome = run(load_program("ctpat"), parse_scenario(found[1].encode(), "manual.yaml"))

    assert outcome.failures == ()
