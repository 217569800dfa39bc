"""The letter check keeps the company's name out of addresses, so out of every server's log."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.web.test_public import CODE, NAME, a_letter

pytestmark = pytest.mark.django_db


def test_the_form_sends_its_words_by_post_and_needs_no_cookie() -> None:
    a_letter()
    client = Client(enforce_csrf_checks=True)

    answer = client.post("/check/", {"code": CODE, "company": NAME})

    assert "This letter was issued here" in answer.content.decode()
    assert not answer.cookies
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_name_in_the_address_is_not_read() -> None:
    a_letter()

    shown = Client().get("/check/", {"code": CODE, "company": NAME}).content.decode()

    assert NAME not in shown
    assert "issued here" not in shown
    assert 'method="post"' in shown


def test_the_printed_address_fills_in_the_code_alone() -> None:
    a_letter()

    shown = Client().get(f"/check/{CODE}/").content.decode()

    assert f'value="{CODE}"' in shown
    assert "Give both" not in shown


def test_one_of_the_two_alone_is_asked_for() -> None:
    assert "Give both" in Client().post("/check/", {"code": CODE}).content.decode()
