"""The yearly acts from the command line: the same rules as on the pages, and one sentence each."""

from __future__ import annotations

import json
from datetime import date, timedelta

import click
import pytest
from click.testing import CliRunner, Result

from greenlane.apps.audit.queries import events_of
from greenlane.cli.yearly import annual, edition
from greenlane.gate.access import today
from tests.factories.certified import Member, a_member

pytestmark = pytest.mark.django_db


def run(group: click.Group, *words: str) -> Result:
    return CliRunner().invoke(group, words)


@pytest.fixture
def behind() -> Member:
    """Certify an importer under the criteria of 2020."""
    return a_member(certified_on=date(2022, 6, 1), with_answers=True)


def test_an_edition_is_previewed_applied_and_undone_by_a_named_person(behind: Member) -> None:
    seen = json.loads(run(edition, "preview", behind.stream, "--format", "json").stdout)
    assert seen["changed"] == [{"criterion": "3.9", "kinds": ["raised"], "answer": "asked_again"}]
    listed = json.loads(run(edition, "behind", "--format", "json").stdout)
    assert [one["account"] for one in listed] == [behind.stream]
    officer = ("--as", behind.officer.key)
    assert run(edition, "apply", behind.stream, "2023-01-01", *officer).exit_code == 0
    assert run(edition, "behind").stdout.endswith("0 behind\n")
    undone = run(edition, "undo", behind.stream, *officer)
    assert "stands under 2020 again" in undone.stdout
    kinds = [event.act for event in events_of(behind.stream, kinds=["edition"])]
    assert kinds == ["edition.applied", "edition.undone"]
    assert {e.fields["via"] for e in events_of(behind.stream, kinds=["edition"])} == {"cli"}


def test_whoever_may_not_apply_is_refused_in_one_sentence(behind: Member) -> None:
    for person in (behind.consultant, behind.specialist):
        refused = run(edition, "apply", behind.stream, "2023-01-01", "--as", person.key)
        assert (refused.exit_code, refused.stderr.count("\n")) == (2, 1)
        assert "[access.role_not_allowed]" in refused.stderr


def test_a_past_profile_is_read_and_a_day_to_come_is_refused(behind: Member) -> None:
    words = ("past", behind.stream, "--on", "2022-06-01")
    past = json.loads(run(edition, *words, "--format", "json").stdout)
    assert past["edition"] == "2020"
    assert past["answers"]["1.1"]["words"] == "Done as 1.1 asks."
    ahead = (today() + timedelta(days=2)).isoformat()
    assert run(edition, "past", behind.stream, "--on", ahead).exit_code == 2


def test_the_review_is_shown_and_confirmed_by_category() -> None:
    member = a_member(certified_on=today() - timedelta(days=300), with_answers=True)
    contact = ("--as", member.contact.key)
    before = json.loads(run(annual, "show", member.stream, "--format", "json").stdout)
    two = [key for key, category in before["standing"].items() if category == 2]
    mixed = run(annual, "confirm", member.stream, "1.1", *two, *contact)
    assert "one category" in mixed.stderr
    assert run(annual, "confirm", member.stream, *two, *contact).exit_code == 0
    after = json.loads(run(annual, "show", member.stream, "--format", "json").stdout)
    assert after["done"] == two
    unknown = run(annual, "confirm", member.stream, "99.9", *contact)
    assert (unknown.exit_code, unknown.stderr.count("\n")) == (2, 1)
