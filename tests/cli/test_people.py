from __future__ import annotations

import json

import pytest
from click.testing import CliRunner, Result
from django.test import Client

from greenlane.apps.accounts import credentials, queries
from greenlane.cli.people import people
from greenlane.core.errors import GreenlaneError
from tests.factories.browsers import signed_in_client
from tests.factories.people import a_person, an_organization, person_with

pytestmark = pytest.mark.django_db


def run(*words: str, typed: str | None = None) -> Result:
    return CliRunner().invoke(people, words, input=typed)


def refused(*words: str) -> str:
    done = run(*words)
    assert isinstance(done.exception, GreenlaneError)
    return done.exception.message


def test_the_first_director_chooses_a_password_by_the_link_that_is_printed() -> None:
    done = run("add", "Dora Direk", "dora@example.com", "--role", "director")

    link = done.output.split()[-1]
    page = Client().get(link.removeprefix("http://localhost:8000"), follow=True)

    assert done.exit_code == 0
    assert link.startswith("http://localhost:8000/accounts/password/reset/key/U-")
    assert "Keep this password" in page.content.decode()


def test_a_wrong_role_leaves_nobody_behind() -> None:
    message = refused("add", "Dora", "dora@example.com", "--role", "queen")

    assert "'queen'" in message
    assert queries.person_by_email("dora@example.com") is None


def test_a_company_without_an_officer_gets_one_and_is_listed() -> None:
    company = an_organization()
    person = a_person(email="olga@example.com")

    given = run("grant", "olga@example.com", "company_officer", "--organization", company.key)
    listed = json.loads(run("list", "--organization", company.key, "--format", "json").output)
    ended = refused("end", listed[0]["grant"])

    assert given.exit_code == 0
    assert [(row["person"], row["role"]) for row in listed] == [(person.key, "company_officer")]
    assert "last Company officer" in ended


def test_an_auditor_is_granted_and_ended() -> None:
    company = an_organization()
    person = a_person()

    given = run("grant", person.key, "auditor", "--organization", company.key)
    done = run("end", given.output.split()[0])

    assert "ended" in done.output


def test_the_offices_people_are_listed_in_words() -> None:
    person_with("specialist", office="NY", name="Sam Spezi")

    assert "Sam Spezi" in run("list").output
    assert "specialist  NY" in run("list").output


def test_a_second_factor_is_reset_after_one_question() -> None:
    person = a_person()
    signed_in_client(person)

    asked = run("reset-second-factor", person.key, typed="n\n")
    kept = credentials.has_second_factor(person.key)
    done = run("reset-second-factor", person.key, typed="y\n")

    assert (asked.exit_code, kept) == (1, True)
    assert done.exit_code == 0
    assert not credentials.has_second_factor(person.key)


def test_a_sign_in_is_closed_for_a_reason_of_the_list() -> None:
    person = a_person(email="sam@example.com")

    assert "'bored'" in refused("close", person.key, "bored")
    assert run("close", "sam@example.com", "left").exit_code == 0
    assert not queries.person(person.key).is_active


def test_whoever_is_not_there_is_named() -> None:
    assert "Nobody signs in with x@example.com" in refused("link", "x@example.com")
    assert "U-0000000000" in refused("link", "U-0000000000")


def test_a_link_is_printed_for_another_address_of_the_installation() -> None:
    person = a_person()

    done = run("link", person.key, "--address", "https://trade.example/")

    assert done.output.startswith("https://trade.example/accounts/password/reset/key/")
