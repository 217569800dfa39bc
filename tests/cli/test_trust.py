"""Incidents, suspensions and appeals by command line, each act as a named person."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from greenlane.apps.incidents import queries as incidents
from greenlane.apps.suspensions import queries
from greenlane.apps.suspensions.acts import Word
from greenlane.cli.trust import WAYS, trust
from greenlane.gate.access import today
from tests.factories.certified import Member, a_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def member() -> Member:
    return a_member(certified_on=today() - timedelta(days=120))


def run(*words: object) -> Result:
    return CliRunner().invoke(trust, [str(word) for word in words])


def do(member: Member, role: str, act: str, *given: object) -> None:
    done = run("do", member.stream, act, *given, "--as", member.by(role).id)
    assert done.exit_code == 0, done.output


def test_a_suspension_goes_from_proposal_to_reinstatement_by_command(
    member: Member, tmp_path: Path
) -> None:
    proof = tmp_path / "log.pdf"
    proof.write_bytes(b"%PDF-1.4 log")
    day = today() + timedelta(days=20)
    do(member, "specialist", "propose", "ground=G6", "reasons=Broken seals.", "memo=Watch it.")
    case = f"case={queries.suspensions_of(member.stream)[0].seq}"
    do(member, "director", "notify", case, "language=es")
    do(member, "point_of_contact", "hear", case, "words=The lead was replaced.", "--file", proof)
    do(member, "director", "decide", case, "words=Not shown.")
    in_force = member.account.membership
    do(
        member, "point_of_contact", "plan", case, "words=Nobody kept the log.",
        f"steps=Seal log | Yard lead | {day}; Training | Security | {day}", "consents=yes",
    )  # fmt: skip
    for step in ("step=1", "step=2"):
        do(member, "point_of_contact", "prove", case, step, "words=Done.", "--file", proof)
        do(member, "specialist", "verify", case, step, "words=Read.")
    shown = run("show", member.stream, "--as", member.specialist.key, "--format", "json")
    do(member, "director", "reinstate", case, "words=Both are verified.")
    text = run("show", member.stream, "--as", member.specialist.key)

    (told,) = json.loads(shown.output)["suspensions"]
    assert (in_force, told["state"], told["memo"]) == ("SUSPENDED", "IN_FORCE", "Watch it.")
    assert [one["state"] for one in told["plan"]["steps"]] == ["VERIFIED", "VERIFIED"]
    assert member.account.membership == "CERTIFIED"
    assert "LIFTED" in text.output
    assert "benefits not active: none" in text.output


def test_a_self_report_is_reviewed_and_analyzed_by_command(member: Member) -> None:
    do(member, "point_of_contact", "report", "kind=incident.seal", "words=A seal was cut.")
    (incident,) = incidents.incidents_for_company(member.stream)
    one = f"incident={incident.seq}"
    do(member, "specialist", "discover", "kind=incident.seal", "words=Cut.", "source=Port unit")
    found = f"discovery={incidents.discoveries_of(member.stream)[0].seq}"
    do(member, "specialist", "match", found, one)
    do(
        member, "specialist", "joint-review", one, "diligence=yes", "procedures=yes",
        "improved=yes", "words=All was shown.",
    )  # fmt: skip
    shown = run("show", member.stream, "--as", member.specialist.key)
    told = json.loads(
        run("show", member.stream, "--as", member.specialist.key, "--format", "json").output
    )

    assert "DILIGENCE_SHOWN" in shown.output
    assert told["incidents"][0]["self_report"] is True
    assert told["discoveries"][0]["incident"] == incident.seq


def test_what_is_not_allowed_or_not_readable_is_refused_in_one_sentence(member: Member) -> None:
    who = ("--as", member.specialist.key)
    key = member.stream
    refusals = [
        run("do", key, "propose", "ground=G9", "reasons=X", *who),
        run("do", key, "propose", "reasons=X", *who),
        run("do", key, "propose", "ground=G6", "reasons=X", "speed=9", *who),
        run("do", key, "propose", "ground=G6", "reasons=X", "aggravated=perhaps", *who),
        run("do", key, "notify", "case=two", "--as", member.director.key),
        run("do", key, "decide", "case=9", "words=X", *who),
        run("do", key, "plan", "case=9", "words=X", "steps=One | Two", "--as", member.contact.key),
        run("show", key, "--as", member.contact.key),
        run("show", "A-0000-0000", *who),
    ]

    for refused in refusals:
        assert refused.exit_code == 2
        assert refused.output.count("\n") == 1
        assert refused.output.startswith("greenlane: ")
    assert list(queries.suspensions_of(key)) == []


def test_every_word_about_a_suspension_has_a_command() -> None:
    asked = {way.by.removeprefix("case ") for way in WAYS.values()}

    assert {word.value for word in Word} - asked == set()
