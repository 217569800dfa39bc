"""A validation by command line, each act as a named person."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from greenlane.apps.members.actions.steps import office_step
from greenlane.apps.validations import plans, queries
from greenlane.cli.validation import WAYS, validation
from greenlane.gate.access import today
from tests.factories.certified import Member, a_member, moment
from tests.factories.people import the_program

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(settings: Any, tmp_path: Path) -> Member:
    settings.WATCHLISTS_DIR = tmp_path / "watchlists"
    return a_member(certified_on=today() - timedelta(days=120))


def run(*words: object) -> Result:
    return CliRunner().invoke(validation, [str(word) for word in words])


def do(member: Member, role: str, act: str, *given: object) -> Result:
    done = run("do", member.stream, act, *given, "--as", member.by(role).id)
    assert done.exit_code == 0, done.output
    return done


def test_a_visit_goes_from_opening_to_tier_by_command(member: Member, tmp_path: Path) -> None:
    proof = tmp_path / "log.pdf"
    proof.write_bytes(b"%PDF-1.4 log")
    key = member.specialist.key
    do(member, "specialist", "open", "scope=Yard", "rationale=Seals", "name=Dock", "country=US")
    do(member, "specialist", "prepare", f"team={key}", "requests=Seal log; Register")
    do(member, "specialist", "schedule", f"visit_on={today().isoformat()}")
    do(member, "specialist", "notify", "language=es")
    do(member, "point_of_contact", "waive")
    do(member, "point_of_contact", "paper", "item=1", "--file", proof)
    member.vet_again(today())
    do(member, "specialist", "visit", "effort_days=2")
    case = queries.case_open(member.stream)
    site = queries.sites_of(case)[0].seq
    here = (f"site={site}", "criterion=7.1")
    do(member, "specialist", "check", *here, "result=NOT_MET", "words=Two stood open.")
    do(
        member, "specialist", "finding", *here, "kind=REQUIRED_ACTION",
        "judgment=Two stood open.", "asks=Seal them.",
    )  # fmt: skip
    do(member, "specialist", "report")
    (finding,) = queries.findings_for_company(case)
    one = f"finding={finding.seq}"
    do(member, "point_of_contact", "answer", one, "words=Sealed.", "--file", proof)
    do(member, "point_of_contact", "submit")
    do(member, "specialist", "verify", one, "means=DOCUMENTS", "words=Read.")
    do(member, "specialist", "recommend", "tier=T2", "words=In place.")
    shown = run("show", member.stream, "--as", key, "--format", "json")
    do(member, "director", "decide", "tier=T2", "words=In place.", "risk_band=normal")

    told = json.loads(shown.output)
    assert [row["state"] for row in told["findings"]] == ["VERIFIED"]
    assert (told["state"], len(told["reports"])) == ("READY", 1)
    assert (member.account.membership, member.account.tier) == ("VALIDATED", "T2")


def test_what_an_act_does_not_take_is_refused_in_one_sentence(
    member: Member, tmp_path: Path
) -> None:
    who = ("--as", member.specialist.key)
    opening = (member.stream, "open", "scope=Yard", "rationale=Seals", "name=Dock", "country=US")
    missing = run("do", member.stream, "open", "scope=Yard", *who)
    unknown = run("do", member.stream, "resume", "speed=9", *who)
    no_number = run("do", member.stream, "visit", "effort_days=two", *who)
    proof = tmp_path / "log.pdf"
    proof.write_bytes(b"%PDF-1.4 log")
    swallowed = run("do", *opening, "--file", proof, *who)
    no_word = run("do", *opening, "foreign=YES", *who)
    stranger = run("do", member.stream, "decide", "tier=T2", "words=X", *who)
    contact = run("show", member.stream, "--as", member.contact.key)

    assert "foreign is yes or no, not 'YES'" in no_word.output
    assert "takes no --file" in swallowed.output
    for refused in (missing, unknown, no_number, swallowed, no_word, stranger, contact):
        assert refused.exit_code == 2
        assert refused.output.count("\n") == 1
        assert refused.output.startswith("greenlane: ")
    assert queries.open_case_of(member.stream) is None


def test_every_doing_of_a_case_has_a_command() -> None:
    assert {way.by for way in WAYS.values()} >= {
        "open", "schedule", "notify", "waive", "visit", "report", "answer", "keep_open",
        "recommend", "defer", "take_up", "close", "validate",
    }  # fmt: skip


def test_P25_the_plan_and_what_it_rests_on(member: Member) -> None:
    by = member.by("director")
    office_step(program=the_program(), act="O00", by=by, at=moment(today() - timedelta(days=1)))
    year = (today() + timedelta(days=245)).year
    director = ("--as", by.id)

    capacity = run("capacity", 0, "--office", "NEWARK", *director)
    outage = run(
        "outage", today(), today(), "--reason", "outage.failure", "--words", "X", *director
    )
    late = json.loads(run("plan", "--year", year, "--format", "json").output)
    words = run("plan", "--year", year)

    assert (capacity.exit_code, outage.exit_code) == (0, 0), outage.output
    assert plans.capacities(on=today()) == {"NEWARK": 0}
    assert [row["late"] for row in late["rows"]] == [True]
    assert "1 due or under way, 1 late" in words.output
