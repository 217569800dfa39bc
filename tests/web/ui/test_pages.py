"""The kit's pages and the error pages, as a browser gets them."""

from __future__ import annotations

import re

import pytest
from django.test import Client, RequestFactory
from pytest_django import Settings

from greenlane.core.errors import BadInput, Conflict, NotAllowed, NotFound
from greenlane.core.lifecycle.decide import Refused
from greenlane.core.text import Text
from greenlane.web.ui import context, errors
from greenlane.web.ui.language import language_links, with_language

PAGES = ["/ui/", "/ui/?language=es", "/ui/paper/", "/ui/confirm/", "/ui/?q=nothing&of=mine"]


@pytest.mark.parametrize("address", PAGES)
def test_a_page_keeps_the_content_security_policy(client: Client, address: str) -> None:
    response = client.get(address)
    html = response.content.decode()

    assert response.status_code == 200
    assert "'unsafe-inline'" not in response.headers["Content-Security-Policy"]
    assert not re.search(r"<[^>]+\sstyle=", html)
    assert not re.search(r"<[^>]+\son[a-z]+=", html)
    assert not re.search(r"<script(?![^>]*\ssrc=)", html)


@pytest.mark.parametrize("address", PAGES)
def test_a_page_has_one_heading_a_main_part_and_no_doubled_id(client: Client, address: str) -> None:
    html = client.get(address).content.decode()
    ids = re.findall(r'\sid="([^"]+)"', html)

    assert html.count("<h1") == 1
    assert html.count('<main id="main"') == 1
    assert 'href="#main"' in html
    assert sorted(ids) == sorted(set(ids))


def test_the_kit_is_hidden_from_an_office(client: Client, settings: Settings) -> None:
    settings.IS_DEMO = False

    assert client.get("/ui/").status_code == 404
    assert client.post("/ui/autosave/").status_code == 404


def test_the_address_decides_the_language_of_one_answer(client: Client) -> None:
    spanish = client.get("/ui/?language=es")
    english = client.get("/ui/")

    assert '<html lang="es">' in spanish.content.decode()
    assert spanish.headers["Content-Language"] == "es"
    assert '<html lang="en">' in english.content.decode()
    assert '<html lang="en">' in client.get("/ui/?language=xx").content.decode()


def test_language_links_keep_what_the_address_asks(rf: RequestFactory) -> None:
    links = language_links(rf.get("/criteria/", {"q": "seal", "language": "es"}))

    assert [link.href for link in links] == [
        "/criteria/?q=seal&language=en",
        "/criteria/?q=seal&language=es",
    ]


def test_public_links_carry_the_language_along(rf: RequestFactory) -> None:
    request = rf.get("/criteria/", {"language": "es"})

    assert with_language(request, "/criteria/3.4/#top") == "/criteria/3.4/?language=es#top"
    assert with_language(request, "/a/?q=x") == "/a/?q=x&language=es"
    assert with_language(rf.get("/"), "/a/") == "/a/"


def test_an_error_page_sets_no_cookie(client: Client) -> None:
    response = client.get("/there-is-no-such-page/")

    assert response.status_code == 404
    assert response.cookies == {}
    assert "There is no such page" in response.content.decode()


@pytest.mark.parametrize(
    ("status", "says"),
    [
        (400, "cannot be read"),
        (403, "Your role does not allow this"),
        (404, "There is no such page"),
        (409, "Somebody changed this record meanwhile"),
        (422, "Ask the vetting analyst"),
        (429, "Too many attempts"),
        (500, "Something failed on our side"),
    ],
)
def test_each_error_page_says_what_to_do(client: Client, status: int, says: str) -> None:
    response = client.get(f"/ui/error/{status}/")
    html = response.content.decode()

    assert response.status_code == status
    assert says in html
    assert "What you can do" in html
    assert "Traceback" not in html


@pytest.mark.parametrize(
    ("error", "status", "says"),
    [
        (NotFound("secret name"), 404, "There is no such page"),
        (NotAllowed("Only officers sign."), 403, "Only officers sign."),
        (Conflict(), 409, "no longer what is stored"),
        (BadInput("Line 3 is no date."), 422, "Line 3 is no date."),
        (Refused("guard.vetting", "T06: no", (), Text({"en": "Vet first."})), 422, "Vet first."),
    ],
)
def test_a_refusal_is_shown_in_its_own_sentence(
    rf: RequestFactory, error: NotFound, status: int, says: str
) -> None:
    response = errors.refused(rf.get("/"), error)

    assert response.status_code == status
    assert says in response.content.decode()
    assert "secret name" not in response.content.decode()


def test_a_refusal_shows_its_stable_code(rf: RequestFactory) -> None:
    response = errors.refused(rf.get("/"), Refused("guard.vetting", "T06: no"))

    assert "guard.vetting" in response.content.decode()


def test_a_form_too_old_says_so(rf: RequestFactory) -> None:
    response = errors.csrf_failure(rf.post("/"), "token missing")

    assert response.status_code == 403
    assert "This form is too old" in response.content.decode()


def test_the_last_error_page_needs_no_template(rf: RequestFactory, settings: Settings) -> None:
    settings.TEMPLATES = []

    response = errors.broken(rf.get("/"))

    assert response.status_code == 500
    assert "Something failed on our side" in response.content.decode()
    assert "Algo falló" in response.content.decode()


def test_a_page_works_when_the_pack_does_not(client: Client, settings: Settings) -> None:
    settings.GREENLANE_PACK = "no-such-pack"

    response = client.get("/ui/")

    assert response.status_code == 200
    assert "Greenlane" in response.content.decode()


def test_an_address_that_is_not_installed_is_left_out() -> None:
    assert context.address_of("no-such-page") == ""


def test_a_form_with_errors_comes_back_with_what_was_typed(client: Client) -> None:
    response = client.post("/ui/", {"company": "Cóndor", "opened_on_day": "31"})
    html = response.content.decode()

    assert response.status_code == 422
    assert 'value="Cóndor"' in html
    assert "gl-error-summary" in html


def test_a_form_in_order_leads_on(client: Client) -> None:
    answers = {
        "staffed": "yes",
        "opened_on_day": "3",
        "opened_on_month": "5",
        "opened_on_year": "2019",
        "company": "Cóndor",
        "is_read": "on",
    }

    response = client.post("/ui/", answers, follow=True)

    assert response.redirect_chain == [("/ui/", 302)]
    assert "The answer was returned." in response.content.decode()


def test_a_confirmed_act_leads_on(client: Client) -> None:
    assert client.post("/ui/confirm/").status_code == 302


def test_a_draft_is_taken_or_refused_in_words(client: Client) -> None:
    taken = client.post("/ui/autosave/", {"answer": "seals"})
    refused = client.post("/ui/autosave/", {"answer": "refuse me"})

    assert taken.status_code == 204
    assert (refused.status_code, refused.headers["Content-Type"]) == (
        409,
        "text/plain; charset=utf-8",
    )
