"""``greenlane retention``: what is listed, erased and held, as it is typed."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from django.db import transaction
from pytest_django import Settings

from greenlane.apps.accounts import actions, queries
from greenlane.apps.audit.actions import append, erase
from greenlane.apps.audit.queries import head_of
from greenlane.apps.audit.seal import Sealed
from greenlane.apps.audit.verify import verify
from greenlane.apps.documents.actions import forget_erased, give_document
from greenlane.apps.documents.store import is_kept
from greenlane.apps.profiles.models import AnswerDraft
from greenlane.cli.retention import retention
from greenlane.content.packs import load_program
from greenlane.core.calendar import Period
from greenlane.core.canonical import Json
from greenlane.core.errors import GreenlaneError
from greenlane.core.ledger import EventDraft
from greenlane.core.lifecycle.decide import Actor
from tests.apps.audit.program import rule
from tests.factories.people import NOW, the_program

pytestmark = pytest.mark.django_db
HARBOR = "harbor-trust"
LONG_AGO = datetime(2001, 5, 4, 15, 0, tzinfo=UTC)


def run(*words: str) -> Result:
    return CliRunner().invoke(retention, list(words))


def refused(*words: str) -> str:
    done = run(*words)
    assert isinstance(done.exception, GreenlaneError)
    return done.exception.message


@pytest.fixture
def harbor(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run a program that says how long it keeps."""
    monkeypatch.setenv("GREENLANE_PACKS_DIR", str(Path(__file__).parents[1] / "packs"))
    settings.GREENLANE_PACK = HARBOR


@pytest.fixture
def person(harbor: None) -> str:
    """Give somebody who was recorded long ago and never held a role."""
    made = actions.register_person(
        name="Ana Núñez", email="ana@example.com", at=LONG_AGO, program=load_program(HARBOR)
    )
    return made.key


def test_what_is_due_is_listed_with_its_rule_and_reason(person: str) -> None:
    told = json.loads(run("due", "--format", "json").output)

    assert [(row["stream"], row["of"], row["rule"], row["held_by"]) for row in told] == [
        ("people", person, "contact", [])
    ]
    assert "until 2008-05-04, 7 years after the last role" in run("due").output
    assert run("due", "--on", "2008-05-03").output == "Nothing may be erased.\n"


def test_a_hold_keeps_and_its_lifting_lets_go(person: str) -> None:
    placed = run("hold", "people", "case-7", "--ground", "litigation", "--of", person)

    assert placed.exit_code == 0, placed.output
    assert "HELD by case-7" in run("due").output
    assert "case-7" in refused("erase", "people", "--rule", "contact", "--yes")
    assert run("lift", "people", "case-7").exit_code == 0
    assert "case-7  litigation" in run("holds").output
    done = run("erase", "people", "--rule", "contact", "--of", person, "--yes")

    assert "1 record erased; event people:" in done.output
    assert queries.person(person).is_erased
    assert run("due").output == "Nothing may be erased.\n"
    assert verify("people").faults == []


@pytest.mark.usefixtures("harbor")
def test_what_is_still_kept_is_refused_with_its_day() -> None:
    made = actions.register_person(
        name="Ana", email="ana@example.com", at=NOW, program=load_program(HARBOR)
    )

    says = refused("erase", "people", "--rule", "contact", "--of", made.key, "--yes")

    assert "2033-05-04" in says
    assert "no retention rule" in refused("erase", "people", "--rule", "x", "--of", "U-1", "--yes")
    assert "Nothing is kept of U-1" in refused(
        "erase", "people", "--rule", "contact", "--of", "U-1", "--yes"
    )


def test_unsaved_drafts_go_with_the_words_they_belong_to_and_with_no_others() -> None:
    program = the_program()
    kept = {key: rule(key, set(), Period()) for key in ("account_content", "answer_text")}
    program = replace(program, retention={**program.retention, **kept})
    streams = ("A-0000000001", "A-0000000002")
    for stream in streams:
        AnswerDraft.objects.create(account=stream, criterion="1.1", saved_at=NOW)
    by = Actor("U-0000000001", "company_officer")
    give_document(
        stream=streams[0],
        name="Plan of Ana Núñez.txt",
        content=b"drafts",
        purpose="evidence",
        by=by,
        at=NOW,
        program=program,
    )
    payload: dict[str, Json] = {
        "criterion": "1.1",
        "edition": "2023-01-01",
        "outcome": "PARTLY",
        "parts": {},
    }
    saved = EventDraft("answer", "answer.saved", NOW.date(), by.id, by.role, payload=payload)
    with transaction.atomic():
        append(
            stream=streams[0],
            expected=1,
            drafts=[(saved, Sealed("answer_text", {"words": "Ana watches.", "scope": ""}))],
            at=NOW,
            program=program,
        )

    def left_after(category: str, seq: int) -> list[str]:
        with transaction.atomic():
            erase(
                stream=streams[0],
                expected=head_of(streams[0]).seq,
                seqs=[seq],
                rule=category,
                actor="system",
                role="system",
                on=NOW.date(),
                at=NOW,
                program=program,
            )
        return sorted(one.account for one in AnswerDraft.objects.all())

    assert left_after("account_content", 1) == list(streams)
    assert left_after("answer_text", 2) == [streams[1]]


def test_the_file_of_an_erased_document_goes_with_it() -> None:
    program = the_program()
    program = replace(
        program,
        retention={
            **program.retention,
            "account_content": rule("account_content", set(), Period()),
        },
    )
    given = [
        give_document(
            stream=stream,
            name="Plan of Ana Núñez.txt",
            content=content,
            purpose="evidence",
            by=Actor("U-0000000001", "company_officer"),
            at=NOW,
            program=program,
        )
        for stream, content in (
            ("A-0000000001", b"alone"),
            ("A-0000000001", b"shared"),
            ("A-0000000002", b"shared"),
        )
    ]
    with transaction.atomic():
        erase(
            stream="A-0000000001",
            expected=head_of("A-0000000001").seq,
            seqs=[1, 2],
            rule="account_content",
            actor="system",
            role="system",
            on=NOW.date(),
            at=NOW,
            program=program,
        )

    assert forget_erased() == 1
    assert [is_kept(one.sha256) for one in given] == [False, True, True]
    assert "0 files removed" in run("sweep").output
