from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from allauth.mfa.totp.internal.auth import yield_hotp_counters_from_time as counters
from click.testing import CliRunner, Result

from greenlane.apps.audit.queries import events_of
from greenlane.cli.account import account
from greenlane.cli.vetting import vetting
from greenlane.gate.access import now
from tests.factories.lists import be_ready
from tests.factories.people import a_person, an_organization, person_with, the_program

pytestmark = pytest.mark.django_db

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
GOOD = {
    "trade.history_is_demonstrable": True,
    "trade.imports_last_12_months": 12,
    "office.staffed_countries": ["US"],
    "identifier.has_importer_number": True,
    "bond.has_continuous_import": True,
    "company.has_security_officer": True,
    "company.will_sign_agreement": True,
    "debt.is_final_unpaid": False,
    "history.has_security_events": False,
    "application.eligibility_is_confirmed": True,
}


def run(*words: str) -> Result:
    return CliRunner().invoke(account, words)


def told(*words: str) -> Any:
    """Run with JSON output; return it."""
    done = run(*words, "--format", "json")
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def refused(*words: str) -> str:
    """Run what must be refused; return its one sentence."""
    done = run(*words)
    assert (done.exit_code, done.stdout) == (2, ""), done.output
    assert done.stderr.count("\n") == 1
    return done.stderr


class Cast:
    """A company, and an office."""

    def __init__(self, folder: Path) -> None:
        company = an_organization()
        self.organization = company.key
        officer = person_with("company_officer", company)
        TOTP.activate(officer, SECRET)
        self.officer = officer.key
        self.contact = person_with("point_of_contact", company, email="poc@example.com").key
        self.rival = person_with("company_officer").key
        self.specialist = person_with("specialist").key
        self.analyst = person_with("vetting_analyst").key
        self.chief = person_with("field_manager").key
        self.facts = folder / "facts.json"
        self.facts.write_text(json.dumps(GOOD), encoding="utf-8")
        self.paper = folder / "risk.txt"
        self.paper.write_text("risk", encoding="utf-8")

    def opened(self) -> str:
        made = told(
            "open", "importer", self.organization, "Muñoz 进口 Co", "--facts", str(self.facts),
            "--as", "poc@example.com",
        )  # fmt: skip
        return str(made["account"])


@pytest.fixture
def people(tmp_path: Path) -> Cast:
    return Cast(tmp_path)


@pytest.mark.slow
def test_the_thread_from_opening_to_certification(people: Cast) -> None:
    key = people.opened()
    poc, officer = ("--as", people.contact), ("--as", people.officer)
    office, analyst = ("--as", people.specialist), ("--as", people.analyst)

    told("profile", key, "legal_name=Muñoz 进口 Co", *poc)
    told("act", key, "C01", *poc)
    text = told("sign", key, *officer)
    code = str(format_hotp_value(hotp_value(SECRET, next(iter(counters())))))
    told("sign", key, "--sha256", text["text_sha256"], "--code", code, *officer)
    told("assess", key, str(people.paper), "--assessed-on", "2026-02-01", *poc)
    early = refused("submit", key, *officer)
    criteria = _criteria(key)
    for name in criteria:
        told("answer", key, name, "IMPLEMENTED", "We do.", *poc)
    told("answer", key, "1.1", "IMPLEMENTED", "See.", "--evidence", str(people.paper), *poc)
    submitted = told("submit", key, *officer)
    told("act", key, "S01", f"specialist={people.specialist}", "--as", people.chief)
    told("review", key, *criteria, *office)
    told("act", key, "T05", *office)
    told("act", key, "V01", *analyst)
    for check in the_program().checks:
        told("check", key, check, "CLEAR", "--source", "list X", *analyst)
    be_ready(at=now())
    screened = CliRunner().invoke(vetting, ["screen", key])
    assert screened.exit_code == 0, screened.output
    told("act", key, "V02", *analyst)
    proposal = told("propose", key, *office)["proposal"]
    alone = refused("approve", key, str(proposal), *office)
    certified = told("approve", key, str(proposal), "--as", people.chief)
    duties = told("duties", key, "--on", "2035-01-01")

    assert "[guard." in early
    assert submitted["standing"]["membership"] == "APPLICANT"
    assert "[access.role_not_allowed]" in alone
    assert certified["standing"]["membership"] == "CERTIFIED"
    assert certified["benefits"] is True
    assert {duty["anchor_event"].partition(":")[0] for duty in duties["duties"]} == {key}
    assert {event.fields["via"] for event in events_of(key, limit=500)} == {"cli"}


def _criteria(key: str) -> list[str]:
    from greenlane.apps.members import queries
    from greenlane.apps.profiles.queries import profile_of
    from greenlane.gate.access import today

    return [row.criterion.criterion.id for row in profile_of(queries.account(key), on=today()).rows]


class TestReading:
    def test_lists_are_narrowed_by_company_and_state(self, people: Cast) -> None:
        key = people.opened()

        assert [row["account"] for row in told("list")] == [key]
        assert told("list", "--organization", "O-0000000000") == []
        assert told("list", "--membership", "CERTIFIED") == []
        assert "Muñoz 进口 Co" in run("list").stdout

    def test_show_tells_a_person_what_they_may_do_now(self, people: Cast) -> None:
        key = people.opened()

        acts = told("show", key, "--as", people.contact)["allowed_actions"]

        assert {"act": "C01", "lawful": True}.items() <= acts[0].items()
        assert "C01" in run("show", key, "--as", people.contact).stdout

    def test_facts_are_declared_shown_and_withdrawn(self, people: Cast) -> None:
        key, name = people.opened(), "trade.imports_last_12_months"

        more = told("facts", key, f"{name}=30", "--as", people.contact)["facts"]
        none = told("facts", key, f"{name}=null", "--as", people.contact)["facts"]

        assert more[name] == 30
        assert none.get(name) is None


class TestRefusals:
    def test_nobody_acts_in_a_role_they_do_not_hold_there(self, people: Cast) -> None:
        key = people.opened()

        assert "[access.role_not_allowed]" in refused("act", key, "C01", "--as", people.rival)
        assert "[access.role_not_allowed]" in refused("act", key, "V01", "--as", people.contact)
        assert "[access.role_not_allowed]" in refused("act", key, "C01", "--as", a_person().key)

    def test_no_act_of_a_validation_is_done_without_its_case(self, people: Cast) -> None:
        key = people.opened()

        told_why = refused("act", key, "X01", "--as", people.specialist)

        assert f"`greenlane validation do {key} ...`" in told_why

    def test_nobody_unknown_acts(self, people: Cast) -> None:
        key = people.opened()

        assert "[person.not_found]" in refused("act", key, "C01", "--as", "U-0000000000")
        assert "[person.not_found]" in refused("act", key, "C01", "--as", "no@example.com")

    def test_an_act_needs_a_named_person(self, people: Cast) -> None:
        done = run("act", people.opened(), "C01")

        assert done.exit_code == 2
        assert "--as" in done.stderr

    def test_nobody_signs_for_an_officer_without_their_code(self, people: Cast) -> None:
        key, officer = people.opened(), ("--as", people.officer)
        digest = told("sign", key, *officer)["text_sha256"]

        wrong = refused("sign", key, "--sha256", digest, "--code", "000", *officer)
        unread = refused("sign", key, "--code", "000", *officer)
        directly = refused("act", key, "C02", *officer)

        assert "code is wrong" in wrong
        assert "--sha256" in unread
        assert "greenlane account sign" in directly

    def test_a_revision_that_is_old_is_refused(self, people: Cast) -> None:
        key = people.opened()
        told("profile", key, "legal_name=Muñoz", "--as", people.contact)

        late = refused("act", key, "C01", "--expected", "1", "--as", people.contact)

        assert "[record.changed]" in late

    @pytest.mark.parametrize(
        "words",
        [
            ("show", "A-0000000000"),
            ("show", ""),
            ("show", "a\udcff"),
            ("duties", "x" * 5000),
            ("act", "{key}", "T99"),
            ("act", "{key}", "C01", "no-equals-sign"),
            ("act", "{key}", "C01", "=x"),
            ("act", "{key}", "C01", "a=1", "a=2"),
            ("facts", "{key}", "trade.imports_last_12_months=many"),
            ("facts", "{key}", "trade.imports_last_12_months=[1]"),
            ("facts", "{key}", "no.such_fact=1"),
            ("facts", "{key}", "trade.imports_last_12_months=NaN"),
            ("facts", "{key}", "trade.imports_last_12_months=" + "[" * 100_000),
            ("facts", "{key}", "trade.imports_last_12_months=" + "9" * 5000),
            ("profile", "{key}", "phone=1"),
            ("profile", "{key}", "legal_name=x", "color=red"),
            ("answer", "{key}", "9.99", "IMPLEMENTED", "w"),
            ("answer", "{key}", "1.1", "PERHAPS", "w"),
            ("answer", "{key}", "1.1", "IMPLEMENTED", "\x00"),
            ("submit", "{key}"),
        ],
    )
    def test_what_cannot_be_read_ends_in_one_sentence(
        self, people: Cast, words: tuple[str, ...]
    ) -> None:
        key = people.opened()
        who = ("--as", people.officer) if words[0] not in {"show", "duties"} else ()
        before = len(list(events_of(key, limit=500)))

        said = refused(*(word.replace("{key}", key) for word in words), *who)

        assert said.startswith("greenlane: ")
        assert len(list(events_of(key, limit=500))) == before

    @pytest.mark.parametrize("day", ["2026-02-30", "yesterday", "0000-00-00", "9" * 400])
    def test_a_day_that_is_none_is_refused(self, people: Cast, day: str) -> None:
        done = run("duties", people.opened(), "--on", day)

        assert done.exit_code == 2
        assert "Traceback" not in done.output

    @pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
    def test_the_first_and_the_last_day_have_an_answer(self, people: Cast, day: str) -> None:
        assert told("duties", people.opened(), "--on", day)["on"] == day


def test_the_command_is_there() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from greenlane.cli.main import main; main()", "account", "--help"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0
    assert "as a named person" in done.stdout


class TestAnswersFromATable:
    """``greenlane account answers``."""

    def ready(self, people: Cast) -> str:
        key = people.opened()
        told("profile", key, 'legal_name="Harbor"', "--as", "poc@example.com")
        told("act", key, "C01", "--as", "poc@example.com")
        return key

    def test_all_answers_of_a_table_are_taken_by_one_command(
        self, people: Cast, tmp_path: Path
    ) -> None:
        key = self.ready(people)
        table = tmp_path / "answers.csv"
        table.write_text(
            '\ufeffcriterion,outcome,words,scope\n1.1,IMPLEMENTED,"Signed, each year",All\n'
            "1.3,NOT_YET,Planned for May,\n",
            encoding="utf-8",
        )

        saved = told("answers", key, str(table), "--as", "poc@example.com")["saved"]

        assert saved == ["1.1", "1.3"]
        events = [one for one in events_of(key) if one.kind == "answer"]
        assert [one.fields["via"] for one in events] == ["cli", "cli"]

    @pytest.mark.parametrize(
        ("content", "says"),
        [
            (b"", "first line names the columns"),
            (b"a,b\n1,2\n", "first line names the columns"),
            (b"criterion,outcome,words\n", "holds no answers"),
            (b"criterion,outcome,words\n1.1,IMPLEMENTED\n", "Line 2"),
            (b"criterion,outcome,words\n1.1,IMPLEMENTED,a,b\n", "Line 2"),
            (b"criterion,outcome,words\n1.1,SURE,yes\n", "SURE"),
            (b"criterion,outcome,words\n99.9,IMPLEMENTED,yes\n", "99.9"),
            (b"criterion,outcome,words,parts\n1.1,IMPLEMENTED,yes,x\n", "NAME=VALUE"),
            (b"\xff\xfe\x00", "cannot be read"),
            (b'criterion,outcome,words\n1.1,IMPLEMENTED,"open\n', "cannot be read"),
        ],
    )
    def test_a_table_with_a_fault_saves_nothing(
        self, people: Cast, tmp_path: Path, content: bytes, says: str
    ) -> None:
        key = self.ready(people)
        table = tmp_path / "answers.csv"
        table.write_bytes(content)
        before = len(events_of(key))

        said = refused("answers", key, str(table), "--as", "poc@example.com")

        assert says in said
        assert len(events_of(key)) == before
