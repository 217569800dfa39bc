"""The member door: from the eligibility questions to the submission, and what stays out of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from greenlane.apps.members import queries
from greenlane.apps.members.actions.steps import step
from greenlane.apps.profiles.actions.answers import AnswerGiven, save_answers
from greenlane.apps.profiles.actions.reviews import close_review, review_criterion
from greenlane.apps.profiles.queries import AnswerState, asked_of, profile_of, states_of
from greenlane.apps.vetting.actions import record_check, vetting_step
from greenlane.core.canonical import sha256_hex
from greenlane.gate import access
from tests.factories.browsers import prove_again, signed_in_client
from tests.factories.people import actor, an_organization, person_with, the_program

if TYPE_CHECKING:
    from greenlane.apps.accounts.models import Organization, User
    from greenlane.apps.members.models import Account
    from greenlane.core.lifecycle.decide import Actor

pytestmark = pytest.mark.django_db

ELIGIBLE = {
    "trade__history_is_demonstrable": "yes",
    "trade__imports_last_12_months": "12",
    "office__staffed_countries": ["US"],
    "identifier__has_importer_number": "yes",
    "bond__has_continuous_import": "yes",
    "company__has_security_officer": "yes",
    "company__will_sign_agreement": "yes",
    "debt__is_final_unpaid": "no",
    "history__has_security_events": "no",
}
COMPANY = {
    "legal_name": "Harbor Lamps LLC",
    "phone": "+1 555 0100",
    "employees": "40",
    "founded": "1998",
    "history": "Lamps from Ningbo to Newark for hotels.",
    "addresses": "Newark, NJ",
}
PAGES = [
    "account",
    "company",
    "agreement",
    "risk",
    "withdraw",
    "profile",
    "submit",
    "standing",
    "letters",
    "record",
    "receipt",
]


@dataclass(frozen=True, slots=True)
class Company:
    """A company with its officer and the officer's browser."""

    organization: Organization
    officer: User
    client: Client

    @property
    def account(self) -> Account:
        """Its account, as it stands now."""
        program = the_program().id
        return queries.accounts(program=program).get(organization=self.organization.key)

    def address(self, name: str, *more: object) -> str:
        """Return the address of a page of the account."""
        return reverse(f"member:{name}", args=[self.account.stream, *more])

    def page(self, name: str, *more: object) -> str:
        """Return the page's text."""
        answer = self.client.get(self.address(name, *more))
        assert answer.status_code == 200, answer.content.decode()
        return answer.content.decode()

    def pages(self) -> dict[str, str]:
        """Return every page that stands for itself, by name."""
        found = {name: self.page(name) for name in PAGES if name != "receipt"}
        # The record goes on over several pages.
        for after in (50, 100, 200):
            answer = self.client.get(self.address("record"), {"after": after})
            found[f"record after {after}"] = answer.content.decode()
        return {**found, "work": self.client.get(reverse("member:work")).content.decode()}


@pytest.fixture
def company() -> Company:
    organization = an_organization("Harbor Lamps LLC")
    officer = person_with("company_officer", organization, name="Olga Lamp")
    return Company(organization, officer, signed_in_client(officer))


@pytest.fixture
def applicant(company: Company) -> Company:
    """A company whose account is open."""
    asked = {
        **ELIGIBLE,
        "organization": company.organization.key,
        "company_name": "Harbor Lamps LLC",
        "open": "1",
    }
    answer = company.client.post(reverse("member:eligibility", args=["importer"]), asked)
    assert answer.status_code == 302, answer.content.decode()
    return company


def _day(name: str) -> dict[str, str]:
    today = access.today()
    return {
        f"{name}_day": str(today.day),
        f"{name}_month": str(today.month),
        f"{name}_year": str(today.year),
    }


def _sign(company: Company) -> None:
    prove_again(company.client, company.officer)
    text = the_program().agreement_on(access.today()).text.in_("en")
    company.client.post(company.address("sign"), {"agreed": sha256_hex(text.encode())})


def _prepare(company: Company) -> None:
    """Do all that comes before the answers."""
    company.client.post(company.address("company"), {**COMPANY, "submit": "1"})
    _sign(company)
    file = SimpleUploadedFile("risk.txt", b"Ningbo to Newark: low.")
    company.client.post(company.address("risk"), {**_day("assessed_on"), "file": file})


def _answer_all(company: Company) -> None:
    rows = profile_of(company.account, on=access.today()).rows
    given = [AnswerGiven(row.criterion.id, "IMPLEMENTED", "As written.", {}, "") for row in rows]
    save_answers(
        account=company.account,
        answers=given,
        by=actor(company.officer, "company_officer"),
        at=access.now(),
    )


class TestApplying:
    def test_my_work_without_an_account_leads_to_the_application(self, company: Company) -> None:
        page = company.client.get(reverse("member:work")).content.decode()

        assert reverse("member:choose") in page

    def test_every_kind_of_company_can_be_chosen(self, company: Company) -> None:
        page = company.client.get(reverse("member:choose")).content.decode()

        for key, entity in the_program().entity_types.items():
            href = reverse("member:eligibility", args=[key])
            assert (href in page) is not entity.is_overlay

    def test_questions_left_open_are_named(self, company: Company) -> None:
        answer = company.client.post(reverse("member:eligibility", args=["importer"]), {})

        assert answer.status_code == 422
        assert "id_trade__history_is_demonstrable" in answer.content.decode()

    def test_a_company_that_is_not_eligible_reads_why_and_opens_nothing(
        self, company: Company
    ) -> None:
        asked = {
            **ELIGIBLE,
            "debt__is_final_unpaid": "yes",
            "organization": company.organization.key,
            "company_name": "Harbor Lamps LLC",
            "open": "1",
        }

        answer = company.client.post(reverse("member:eligibility", args=["importer"]), asked)

        assert "may not apply yet" in answer.content.decode()
        assert not queries.accounts(program=the_program().id).exists()

    def test_somebody_elses_organization_cannot_be_chosen(self, company: Company) -> None:
        other = an_organization("Other LLC")
        asked = {**ELIGIBLE, "organization": other.key, "company_name": "X", "open": "1"}

        answer = company.client.post(reverse("member:eligibility", args=["importer"]), asked)

        assert answer.status_code == 422
        assert not queries.accounts(program=the_program().id).exists()

    def test_the_whole_way_to_the_submission(self, applicant: Company) -> None:
        _prepare(applicant)
        _answer_all(applicant)

        answer = applicant.client.post(applicant.address("submit"))

        assert answer.status_code == 302, answer.content.decode()
        account = applicant.account
        assert (account.membership, account.profile) == ("APPLICANT", "SUBMITTED")
        for name in PAGES:
            assert applicant.client.get(applicant.address(name)).status_code == 200


class TestCompanyProfile:
    def test_saving_keeps_what_was_typed_without_submitting(self, applicant: Company) -> None:
        applicant.client.post(applicant.address("company"), COMPANY)

        assert "Lamps from Ningbo to Newark" in applicant.page("company")
        assert applicant.account.profile == "NONE"

    def test_what_is_missing_is_said_and_nothing_is_lost(self, applicant: Company) -> None:
        answer = applicant.client.post(
            applicant.address("company"), {**COMPANY, "phone": "", "submit": "1"}
        )

        assert answer.status_code == 422
        assert "Lamps from Ningbo to Newark" in answer.content.decode()


class TestAgreement:
    def test_signing_asks_for_a_fresh_proof_first(self, applicant: Company) -> None:
        applicant.client.post(applicant.address("company"), {**COMPANY, "submit": "1"})

        answer = applicant.client.get(applicant.address("sign"))

        assert answer.status_code == 302
        assert reverse("sign_in_again") in answer.headers["Location"]

    def test_the_text_shown_is_the_text_signed(self, applicant: Company) -> None:
        applicant.client.post(applicant.address("company"), {**COMPANY, "submit": "1"})
        prove_again(applicant.client, applicant.officer)
        digest = sha256_hex(the_program().agreement_on(access.today()).text.in_("en").encode())
        assert f'name="agreed" value="{digest}"' in applicant.page("agreement")

        applicant.client.post(applicant.address("sign"), {"agreed": digest})

        assert [one.text_sha256 for one in queries.signatures(applicant.account.stream)] == [digest]
        assert "Olga Lamp" in applicant.page("agreement")

    @pytest.mark.parametrize("agreed", ["", "on", "0" * 64])
    def test_nothing_is_signed_without_the_tick(self, applicant: Company, agreed: str) -> None:
        applicant.client.post(applicant.address("company"), {**COMPANY, "submit": "1"})
        prove_again(applicant.client, applicant.officer)

        applicant.client.post(applicant.address("sign"), {"agreed": agreed})

        assert not queries.signatures(applicant.account.stream)

    def test_a_point_of_contact_reads_and_cannot_sign(self, applicant: Company) -> None:
        contact = person_with("point_of_contact", applicant.organization)
        client = signed_in_client(contact)
        prove_again(client, contact)

        page = client.get(applicant.address("agreement")).content.decode()

        assert 'name="agreed"' not in page
        assert client.post(applicant.address("sign")).status_code == 403


class TestAnswers:
    @pytest.fixture(autouse=True)
    def _ready(self, applicant: Company) -> None:
        _prepare(applicant)

    def test_what_is_typed_is_kept_as_a_draft(self, applicant: Company) -> None:
        answer = applicant.client.post(
            applicant.address("draft", "1.1"), {"words": "The owner signs", "evil": "x"}
        )

        assert answer.status_code == 200
        page = applicant.page("criterion", "1.1")
        assert "The owner signs" in page
        assert "What you see is a draft" in page
        row = profile_of(applicant.account, on=access.today()).row("1.1")
        assert row is not None
        assert row.draft is not None
        assert row.answer is None
        assert "evil" not in row.draft.content

    def test_saving_and_going_on_leads_to_the_next_unanswered(self, applicant: Company) -> None:
        answer = applicant.client.post(
            applicant.address("criterion", "1.1"),
            {"outcome": "IMPLEMENTED", "words": "The owner signs it each year.", "next": "1"},
        )

        assert answer.status_code == 302
        assert answer.headers["Location"] == applicant.address("criterion", "1.2")
        row = profile_of(applicant.account, on=access.today()).row("1.1")
        assert row is not None
        assert row.answer is not None
        assert row.answer.words == "The owner signs it each year."

    def test_saving_reads_no_other_answer_than_in_which_state_it_is(
        self, applicant: Company
    ) -> None:
        given = {"outcome": "IMPLEMENTED", "words": "The owner signs it.", "next": "1"}
        _answer_all(applicant)

        with CaptureQueriesContext(connection) as kept:
            answer = applicant.client.post(applicant.address("criterion", "1.1"), given)

        assert answer.headers["Location"] == applicant.address("criterion", "1.1")
        read = [one["sql"] for one in kept if one["sql"].startswith("SELECT")]
        assert [sql for sql in read if '"profiles_answer"."words"' in sql] == []
        found = profile_of(applicant.account, on=access.today())
        asked = asked_of(applicant.account, on=access.today())
        assert list(asked) == [row.criterion.id for row in found.rows]
        assert states_of(applicant.account, asked) == found.states
        assert set(found.states.values()) == {AnswerState.ANSWERED}

    def test_an_answer_without_words_is_shown_again(self, applicant: Company) -> None:
        answer = applicant.client.post(
            applicant.address("criterion", "1.1"), {"outcome": "IMPLEMENTED", "words": ""}
        )

        assert answer.status_code == 422

    def test_what_was_typed_is_text_and_never_markup(self, applicant: Company) -> None:
        words = "<script>alert(1)</script>"
        address = applicant.address("criterion", "1.1")

        applicant.client.post(address, {"outcome": "IMPLEMENTED", "words": words})

        page = applicant.page("criterion", "1.1")
        assert words not in page
        assert "&lt;script&gt;alert(1)" in page

    def test_a_criterion_of_other_companies_is_refused(self, applicant: Company) -> None:
        assert applicant.client.get(applicant.address("criterion", "99.9")).status_code == 422

    def test_evidence_is_listed_given_back_and_taken_away(self, applicant: Company) -> None:
        file = SimpleUploadedFile("statement.txt", b"We support it.")
        applicant.client.post(
            applicant.address("evidence", "1.1"), {**_day("dated_on"), "file": file}
        )
        row = profile_of(applicant.account, on=access.today()).row("1.1")
        assert row is not None
        seq = row.evidence[0][1].seq
        assert "statement.txt" in applicant.page("criterion", "1.1")

        given = applicant.client.get(applicant.address("document", seq))
        assert given.content == b"We support it."
        assert given.headers["Content-Disposition"].startswith("attachment")

        applicant.client.post(applicant.address("withdraw_evidence", "1.1", seq))
        assert "None attached" in applicant.page("criterion", "1.1")

    def test_a_program_is_refused_in_words(self, applicant: Company) -> None:
        file = SimpleUploadedFile("tool.exe", b"MZ\x90\x00" + bytes(200))

        answer = applicant.client.post(applicant.address("evidence", "1.1"), {"file": file})

        assert answer.status_code == 422
        row = profile_of(applicant.account, on=access.today()).row("1.1")
        assert row is not None
        assert row.evidence == ()

    def test_a_file_that_is_too_large_is_refused_by_its_limit_and_leaves_nothing(
        self, applicant: Company, settings: Any
    ) -> None:
        settings.UPLOAD_MAX_BYTES = 1024 * 1024
        file = SimpleUploadedFile("statement.txt", b"a" * (1024 * 1024 + 1))

        answer = applicant.client.post(applicant.address("evidence", "1.1"), {"file": file})

        assert answer.status_code == 422
        assert "larger than 1 MB" in answer.content.decode()
        row = profile_of(applicant.account, on=access.today()).row("1.1")
        assert row is not None
        assert row.evidence == ()
        assert "at most 1 MB" in applicant.page("criterion", "1.1")

    def test_an_auditor_reads_and_has_no_form(self, applicant: Company) -> None:
        client = signed_in_client(person_with("auditor", applicant.organization))
        address = applicant.address("criterion", "1.1")

        page = client.get(address).content.decode()

        assert 'name="words"' not in page
        answer = client.post(address, {"outcome": "IMPLEMENTED", "words": "x"})
        assert answer.status_code == 403
        assert client.post(applicant.address("draft", "1.1")).status_code == 403

    def test_the_list_before_submitting_links_what_blocks(self, applicant: Company) -> None:
        found = profile_of(applicant.account, on=access.today())
        blocking = found.unanswered_musts[0].criterion.id

        page = applicant.page("submit")

        assert applicant.address("criterion", blocking) in page
        assert '<form method="post">' not in page
        assert applicant.client.post(applicant.address("submit")).status_code == 422
        assert applicant.account.membership == "PRE_APPLICANT"


@dataclass(frozen=True, slots=True)
class Assigned:
    """A company whose application is in, and the specialist who reads it."""

    company: Company
    specialist: Actor


class TestSecrets:
    @pytest.fixture
    def assigned(self, applicant: Company) -> Assigned:
        _prepare(applicant)
        _answer_all(applicant)
        applicant.client.post(applicant.address("submit"))
        specialist = person_with("specialist", name="Sam Reader")
        step(
            account=applicant.account,
            act="S01",
            by=actor(person_with("field_manager"), "field_manager"),
            at=access.now(),
            given={"specialist": specialist.key},
        )
        return Assigned(applicant, actor(specialist, "specialist"))

    def test_another_companys_person_finds_nothing_anywhere(self, applicant: Company) -> None:
        _prepare(applicant)
        stranger = person_with("company_officer", an_organization("Elsewhere LLC"))
        client = signed_in_client(stranger)
        prove_again(client, stranger)

        for name in PAGES:
            assert client.get(applicant.address(name)).status_code == 404, name
        for name in ("criterion", "document"):
            more = "1.1" if name == "criterion" else 1
            assert client.get(applicant.address(name, more)).status_code == 404, name
        for name in ("company", "sign", "risk", "withdraw", "submit", "confirm"):
            assert client.post(applicant.address(name)).status_code == 404, name
        file = SimpleUploadedFile("a.txt", b"text")
        for name in ("criterion", "draft", "evidence"):
            answer = client.post(applicant.address(name, "1.1"), {"file": file})
            assert answer.status_code == 404, name
        assert client.post(applicant.address("withdraw_evidence", "1.1", 1)).status_code == 404

    def test_nobody_signed_out_gets_in(self, applicant: Company) -> None:
        answer = Client().get(applicant.address("account"))

        assert answer.status_code == 302
        assert reverse("account_login") in answer.headers["Location"]

    def test_of_a_review_the_reason_is_shown_and_the_note_is_not(self, assigned: Assigned) -> None:
        company, specialist = assigned.company, assigned.specialist
        row = profile_of(company.account, on=access.today()).rows[0]
        assert row.answer is not None
        review_criterion(
            account=company.account,
            criterion=row.criterion.id,
            decision="RETURNED",
            reason="Say who signs it.",
            note="NOTE-FOR-US-ONLY",
            by=specialist,
            at=access.now(),
            answer_seq=row.answer.seq,
        )
        states = states_of(company.account, [row.criterion.id, "99.9"])
        assert states == {row.criterion.id: AnswerState.RETURNED, "99.9": AnswerState.UNANSWERED}

        page = company.page("criterion", row.criterion.id)

        assert "Say who signs it." in page
        for name, each in {**company.pages(), "criterion": page}.items():
            assert "FOR-US-ONLY" not in each, name

    def test_vetting_stays_with_the_office(self, assigned: Assigned) -> None:
        company, specialist = assigned.company, assigned.specialist
        for row in profile_of(company.account, on=access.today()).rows:
            assert row.answer is not None
            review_criterion(
                account=company.account,
                criterion=row.criterion.id,
                decision="ACCEPTED",
                by=specialist,
                at=access.now(),
                answer_seq=row.answer.seq,
            )
        close_review(account=company.account, act="T05", by=specialist, at=access.now())
        by = actor(person_with("vetting_analyst", name="Vera Vetter"), "vetting_analyst")
        vetting_step(account=company.account, act="V01", by=by, at=access.now())
        record_check(
            account=company.account,
            check=next(iter(the_program().checks)),
            result="HIT",
            source="LIST-FOR-US-ONLY",
            detail="DETAIL-FOR-US-ONLY",
            by=by,
            at=access.now(),
        )

        started = the_program().transition("V01").title.in_("en")
        clock = the_program().deadlines["D03"].title.in_("en")
        for name, page in company.pages().items():
            for secret in ("FOR-US-ONLY", "Vera Vetter", started, clock):
                assert secret not in page, (name, secret)
