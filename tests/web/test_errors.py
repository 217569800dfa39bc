"""Error pages know who is signed in; nobody is shown as signed out by a mistake."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.http.response import HttpResponseBase
from django.test import Client, RequestFactory
from django.test.utils import override_settings
from django.urls import reverse
from django.utils.html import escape

from greenlane.core.errors import BadInput
from greenlane.gate.access import now
from greenlane.web.ui import errors
from tests.factories.browsers import signed_in_client
from tests.factories.people import person_with

pytestmark = pytest.mark.django_db


def a_specialist() -> Client:
    """Return the browser of a specialist named Someone, with what a person's page shows."""
    return signed_in_client(person_with("specialist", at=now() - timedelta(days=1)))


def says_signed_in(answer: HttpResponseBase) -> bool:
    """Tell whether a page offers to sign out, and not to sign in."""
    page = answer.getvalue().decode()
    return reverse("account_logout") in page and f'href="{reverse("account_login")}"' not in page


def test_an_unknown_address_shows_who_is_signed_in() -> None:
    answer = a_specialist().get("/no-such-page/")

    assert answer.status_code == 404
    assert says_signed_in(answer)


def test_a_closed_door_shows_who_is_signed_in() -> None:
    answer = a_specialist().get(reverse("member:work"))

    assert answer.status_code == 403
    assert says_signed_in(answer)


def test_a_refused_act_shows_who_is_signed_in() -> None:
    answer = a_specialist().get(reverse("specialist:case", args=["A-0000000000"]))

    assert answer.status_code == 404
    assert says_signed_in(answer)


def test_a_failure_of_ours_shows_who_is_signed_in() -> None:
    client = a_specialist()
    request = RequestFactory().get("/office/")
    request.user = client.get("/office/").wsgi_request.user
    request.session = client.session

    assert says_signed_in(errors.broken(request))


def test_a_failure_before_anybody_is_known_still_makes_a_page() -> None:
    answer = errors.broken(RequestFactory().get("/office/"))

    assert answer.status_code == 500
    assert "Something failed on our side" in answer.content.decode()


def test_what_was_typed_comes_back_with_a_refusal_and_no_secret_does() -> None:
    client = a_specialist()
    reasons = "Two seals were broken <b>before</b> the gate.\nThe driver was alone."
    sent = {
        "reasons": reasons,
        "old_password": "four words nobody should see",
        "once": "8e1f7a4c0d5b4b6e9a3c2d1e0f9a8b7c",
    }
    request = RequestFactory().post("/office/", sent)
    request.user = client.get("/office/").wsgi_request.user
    request.session = client.session

    page = errors.refused(request, BadInput("The day lies ahead.")).content.decode()

    assert escape(reasons) in page
    assert reasons not in page
    assert sent["old_password"] not in page
    assert sent["once"] not in page


@override_settings(ALLOWED_HOSTS=["testserver"])
def test_nobody_is_still_offered_to_sign_in() -> None:
    answer = Client().get("/no-such-page/")

    assert reverse("account_login") in answer.content.decode()
    assert not says_signed_in(answer)


@pytest.mark.parametrize("language", ["en", "es"])
def test_an_address_of_a_form_that_is_only_opened_says_so_on_a_page(language: str) -> None:
    client = signed_in_client(person_with("company_officer", at=now() - timedelta(days=1)))

    answer = client.get(
        reverse("member:submit_answers", args=["A-0000000000"]), {"language": language}
    )

    assert answer.status_code == 405
    assert answer.headers["Allow"] == "POST"
    assert "no-store" in answer.headers["Cache-Control"]
    assert says_signed_in(answer)
