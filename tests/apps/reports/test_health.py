"""The health report on a real record: the same day asked twice, and its three forms."""

from __future__ import annotations

import html
import io
import json
import re
import zipfile
from datetime import UTC, date, datetime, timedelta

import pytest
from click.testing import CliRunner
from django.test import Client
from django.urls import reverse

from greenlane.apps.audit.queries import events_of
from greenlane.apps.members.actions.accounts import open_account
from greenlane.apps.members.actions.steps import step
from greenlane.apps.members.models import Account
from greenlane.apps.reports.queries import health_of
from greenlane.apps.reports.words import said
from greenlane.cli.report import report
from greenlane.core.deadlines import duties, worst
from greenlane.core.health import Life, health
from greenlane.core.ledger import step_of
from greenlane.core.lifecycle.standing import fold
from greenlane.gate.access import today
from tests.factories.browsers import signed_in_client
from tests.factories.certified import a_member
from tests.factories.people import actor, an_organization, person_with, the_program

pytestmark = pytest.mark.django_db
START = datetime(2026, 2, 2, 15, 0, tzinfo=UTC)
FACTS = {
    "trade.history_is_demonstrable": True,
    "trade.imports_last_12_months": 12,
    "office.staffed_countries": frozenset({"US"}),
    "identifier.has_importer_number": True,
    "bond.has_continuous_import": True,
    "company.has_security_officer": True,
    "company.will_sign_agreement": True,
    "debt.is_final_unpaid": False,
    "history.has_security_events": False,
    "application.eligibility_is_confirmed": True,
}


def opened(days: int) -> Account:
    """Open an account some days after the start, with its company profile submitted."""
    at = START + timedelta(days=days)
    company = an_organization(at=START)
    officer = person_with("company_officer", company, at=START)
    return open_account(
        program=the_program(),
        entity_type="importer",
        organization=company.key,
        company_name=f"Company {days}",
        facts=FACTS,
        by=actor(officer, "company_officer"),
        at=at,
    )


@pytest.fixture
def accounts() -> list[Account]:
    return [opened(0), opened(30), opened(60)]


def withdraw(account: Account, *, days: int) -> None:
    officer = events_of(account.stream)[0].fields["actor"]
    from greenlane.core.lifecycle.decide import Actor

    step(
        account=account,
        act="T16",
        by=Actor(officer, "company_officer"),
        at=START + timedelta(days=days),
        words="No longer needed.",
    )


def test_a_past_day_gives_the_same_figures_whatever_is_recorded_later(
    accounts: list[Account],
) -> None:
    asked = START.date() + timedelta(days=45)
    before = health_of(the_program(), on=asked).as_json()

    withdraw(accounts[0], days=70)
    opened(80)

    assert health_of(the_program(), on=asked).as_json() == before
    later = health_of(the_program(), on=asked + timedelta(days=40))
    assert later.as_json()["tables"] != before["tables"]


def test_the_figures_equal_those_computed_from_the_events_cut_at_the_day(
    accounts: list[Account],
) -> None:
    withdraw(accounts[1], days=50)
    program = the_program()
    for days in (10, 49, 50, 61):
        on = START.date() + timedelta(days=days)
        lives = []
        for account in accounts:
            steps = [step_of(event.fields) for event in events_of(account.stream)]
            known = tuple(s for s in steps if s and s.recorded_on <= on and s.on <= on)
            if known:
                owed = duties(program, known, on=on)
                standing = fold("importer", known)
                life = Life(account.stream, "importer", account.office, standing, known, owed,
                            worst(owed))  # fmt: skip
                lives.append(life)

        expected = health(program, lives, on=on)

        assert health_of(program, on=on).as_json() == expected.as_json(), days


def test_the_command_gives_json_a_workbook_and_a_document(accounts: list[Account]) -> None:
    day = (START.date() + timedelta(days=61)).isoformat()

    told = CliRunner().invoke(report, ["health", "--on", day])
    assert told.exit_code == 0, (told.output, told.exception)
    book = CliRunner().invoke(report, ["health", "--on", day, "--format", "xlsx"])
    paper = CliRunner().invoke(
        report, ["health", "--on", day, "--format", "pdf", "--language", "es"]
    )

    figures = {table["id"]: table for table in json.loads(told.stdout)["tables"]}
    assert figures["status"]["lines"] == [
        {"key": "PRE_APPLICANT", "title": "Pre-applicant", "accounts": 3}
    ]
    with zipfile.ZipFile(io.BytesIO(book.stdout_bytes)) as parts:
        sheets = [name for name in parts.namelist() if name.startswith("xl/worksheets/sheet")]
    assert len(sheets) == len(figures)
    assert paper.stdout_bytes.startswith(b"%PDF-")


def test_a_workbook_names_companies_beside_their_keys_and_gives_days_as_days() -> None:
    account = a_member().account
    day = today() + timedelta(days=1500)
    late = health_of(the_program(), on=day).table("overdue").lines
    assert account.stream in {line.values[0] for line in late}

    book = CliRunner().invoke(
        report, ["health", "--on", day.isoformat(), "--format", "xlsx", "--language", "es"]
    )

    with zipfile.ZipFile(io.BytesIO(book.stdout_bytes)) as parts:
        texts = re.findall(r"<t[^>]*>([^<]*)</t>", parts.read("xl/sharedStrings.xml").decode())
    assert html.escape(f"{account.company_name} ({account.stream})", quote=False) in texts
    assert account.stream not in texts
    assert not {str(line.values[1]) for line in late} & set(texts)


@pytest.mark.parametrize(
    ("value", "unit", "language", "expected"),
    [
        ("A-1", "key", "es", "Muñoz"),
        ("A-2", "key", "en", "A-2"),
        ("office", "key", "es-mx", "La oficina"),
        ("2026-05-03", "day", "en", date(2026, 5, 3)),
        ("-", "code", "en", "-"),
        (7, "days", "en", 7),
        (None, "days", "en", None),
    ],
)
def test_a_value_of_the_report_is_said_as_a_person_reads_it(
    value: str | int | None, unit: str, language: str, expected: object
) -> None:
    found = said(value, unit, names={"A-1": "Muñoz"}, program=the_program(), language=language)

    assert found == expected


def test_every_reason_of_the_pack_is_said_in_both_languages() -> None:
    program = the_program()

    for code in program.reasons:
        told = [
            said(code, "code", names={}, program=program, language=language)
            for language in ("en", "es")
        ]
        assert code not in told
        assert told[0] != told[1]


class TestThePage:
    def test_the_office_reads_a_past_day_and_takes_it_along(self, accounts: list[Account]) -> None:
        client = signed_in_client(person_with("field_manager"))
        href = reverse("specialist:health")
        day = (START.date() + timedelta(days=35)).isoformat()

        page = client.get(href, {"on": day})
        book = client.get(href, {"on": day, "format": "xlsx"})

        assert page.status_code == 200
        assert "2 " in page.content.decode() or ">2<" in page.content.decode()
        assert book.headers["Content-Disposition"] == f'attachment; filename="health-{day}.xlsx"'

    @pytest.mark.parametrize(
        ("name", "value"), [("on", "yesterday"), ("on", "2026-02-30"), ("format", "doc")]
    )
    def test_what_cannot_be_told_is_refused_with_a_reason(self, name: str, value: str) -> None:
        client = signed_in_client(person_with("field_manager"))

        assert client.get(reverse("specialist:health"), {name: value}).status_code == 422

    def test_a_member_does_not_read_it(self) -> None:
        client = signed_in_client(person_with("company_officer"))

        assert client.get(reverse("specialist:health")).status_code == 403

    def test_nobody_reads_it_without_signing_in(self) -> None:
        assert Client().get(reverse("specialist:health")).status_code == 302


def test_a_program_without_accounts_has_a_report() -> None:
    found = health_of(the_program(), on=date(2026, 1, 1))

    assert found.members == 0
    assert [table.id for table in found.tables if table.lines and table.id == "status"] == []
