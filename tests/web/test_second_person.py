"""Acts that need two people, other than certification: proposed by one, approved by another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from greenlane.apps.accounts.models import User
from greenlane.apps.audit.queries import events_of
from greenlane.apps.certification.actions import propose
from greenlane.apps.certification.queries import letters_of, open_proposals
from greenlane.apps.members import queries
from greenlane.apps.members.actions.accounts import open_account, save_company_profile
from greenlane.apps.suspensions.acts import has_pages
from greenlane.core.lifecycle.decide import Actor
from greenlane.core.vocabulary import Purpose
from greenlane.gate.access import now
from tests.api.world import Caller
from tests.factories.browsers import signed_in_client
from tests.factories.people import an_organization, person_with, the_program

pytestmark = pytest.mark.django_db

INTO = {"into_account": "A-0000000002", "words": "Both companies are one since March."}


@dataclass(frozen=True)
class Case:
    """A certified account whose company was merged into another, and the office's people."""

    account: str
    specialist: User
    chief: User
    officer: User

    def href(self, act: str = "T21") -> str:
        """Return the address of an act's page."""
        return reverse("specialist:act", args=[self.account, act])

    def acts(self) -> list[str]:
        """Return the acts of the account's chain."""
        return [event.act for event in events_of(self.account)]


@pytest.fixture
def case() -> Case:
    long_ago, program = now() - timedelta(days=2), the_program()
    company = an_organization(at=long_ago)
    officer = person_with("company_officer", company, at=long_ago)
    specialist, chief = (person_with(r, at=long_ago) for r in ("specialist", "field_manager"))
    account = open_account(
        program=program,
        entity_type="importer",
        organization=company.key,
        company_name="Harbor Lane",
        facts={"restructuring.is_documented": True},
        by=Actor(specialist.key, "specialist"),
        second=Actor(chief.key, "field_manager"),
        act="M01",
        given={"source_account": "A-0000000001"},
        at=now() - timedelta(hours=2),
    )
    return Case(account.stream, specialist, chief, officer)


def decision(client: Client, case: Case, act: str = "T21", **given: object) -> dict[str, object]:
    """Return what the second person's form sends, read from their page."""
    assert client.get(case.href(act)).status_code == 200
    proposal = open_proposals(case.account).get()
    seen = {"seq": proposal.seq, "revision": queries.revision_of(case.account)}
    return {**seen, **given}


@pytest.mark.parametrize(
    "act",
    [
        row.id
        for row in the_program().transitions.values()
        if row.second_by
        and row.stream == "account"
        and row.does is not Purpose.CERTIFY
        # What a case of its own keeps is decided on the pages of that case.
        and not has_pages(the_program(), row)
        # These two open an account; there is no case yet to propose them on.
        and "NONE" not in {value for values in row.sources.values() for value in values}
    ],
)
def test_every_act_of_two_people_has_its_page(case: Case, act: str) -> None:
    shown = signed_in_client(case.specialist).get(case.href(act))

    assert shown.status_code == 200
    assert "One person proposes, another decides" in shown.content.decode()


def test_one_proposes_and_another_approves(case: Case) -> None:
    proposer, second = signed_in_client(case.specialist), signed_in_client(case.chief)
    sent = proposer.post(case.href(), INTO)
    assert sent.status_code == 302, sent.content.decode()[:3000]
    assert "T21" not in case.acts()

    approved = second.post(case.href(), decision(second, case, decision="approve"))

    assert approved.status_code == 302, approved.content.decode()[:3000]
    assert queries.account(case.account).membership == "WITHDRAWN"
    done = events_of(case.account)[-1].fields
    assert (done["actor"], done["second"]) == (case.specialist.key, case.chief.key)
    assert letters_of(case.account) == []


def test_the_case_offers_the_page(case: Case) -> None:
    shown = signed_in_client(case.specialist).get(reverse("specialist:case", args=[case.account]))

    assert case.href() in shown.content.decode()


def test_nobody_approves_their_own_proposal(case: Case) -> None:
    proposer = signed_in_client(case.specialist)
    proposer.post(case.href(), INTO)

    refused = proposer.post(case.href(), decision(proposer, case, decision="approve"))

    assert refused.status_code == 403
    assert "T21" not in case.acts()


def test_a_refusal_needs_its_reason_and_leaves_the_account_as_it_is(case: Case) -> None:
    signed_in_client(case.specialist).post(case.href(), INTO)
    second = signed_in_client(case.chief)

    without = second.post(case.href(), decision(second, case, decision="decline"))
    with_one = second.post(
        case.href(), decision(second, case, decision="decline", reason="No deed is on file.")
    )

    assert (without.status_code, with_one.status_code) == (422, 302)
    assert queries.account(case.account).membership == "CERTIFIED"
    assert not open_proposals(case.account).exists()


def test_a_decision_on_what_somebody_changed_meanwhile_is_not_taken(case: Case) -> None:
    signed_in_client(case.specialist).post(case.href(), INTO)
    second = signed_in_client(case.chief)
    seen = decision(second, case, decision="approve")
    save_company_profile(
        account=queries.account(case.account),
        content={"legal_name": "Harbor Lane"},
        by=Actor(case.officer.key, "company_officer"),
        at=now(),
        program=the_program(),
    )

    refused = second.post(case.href(), seen)

    assert refused.status_code == 409
    assert queries.account(case.account).membership == "CERTIFIED"


def test_the_api_approves_it_without_a_certificate_and_compares_the_revision(case: Case) -> None:
    made = propose(
        account=queries.account(case.account),
        by=Actor(case.specialist.key, "specialist"),
        at=now(),
        act="T21",
        given={"into_account": "A-0000000002"},
    )
    chief, seen = Caller(case.chief), queries.revision_of(case.account)
    address = f"/accounts/{case.account}/proposals/{made.seq}/approve"

    stale = chief.post(address, expected=seen - 1)
    done = chief.post(address, expected=seen)

    assert (stale.status, stale.code) == (409, "record.changed")
    assert done.status == 200, done
    assert done.body["standing"]["membership"] == "WITHDRAWN"
    assert letters_of(case.account) == []
