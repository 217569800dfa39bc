"""The public door: no sign-in, no cookie, both languages; a letter check gives nothing away."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from greenlane.apps.audit.receipts import make_receipt
from greenlane.apps.certification.models import Letter
from greenlane.apps.criteria.queries import applicable, edition_in_force
from greenlane.apps.members.models import Account
from greenlane.gate import access
from greenlane.web.public.rules import rule_pages
from tests.factories.browsers import signed_in_client
from tests.factories.people import NOW, a_person, person_with, the_program

pytestmark = pytest.mark.django_db

PAGES = [
    "/",
    "/criteria/",
    "/criteria/?entity=importer&level=must&category=1&q=policy",
    "/criteria/1.4/",
    "/check/",
    "/check/ABCDEFGHJKLM/",
    "/rules/",
    "/rules/T10/",
    "/rules/D05/",
    "/rules/E-HISTORY/",
    "/rules/agreement_signed/",
    "/rules/CERTIFIED/",
    "/verify/",
]
NAME, CODE = "Harbor Lane Imports Inc.", "4FEVMB3DYDGJ"


def page(address: str, **parameters: str) -> str:
    """Return what an address shows to somebody without a cookie."""
    response = Client().get(address, parameters)
    assert response.status_code == 200
    return response.content.decode()


def checked(**given: str) -> str:
    """Return what the letter check answers to somebody without a cookie."""
    response = Client().post("/check/", given)
    assert response.status_code == 200
    return response.content.decode()


def read(receipt: str) -> str:
    """Return what the page says of a receipt to somebody without a cookie."""
    response = Client().post("/verify/", {"receipt": receipt})
    assert response.status_code == 200
    return response.content.decode()


def a_letter(membership: str = "CERTIFIED") -> None:
    """Put a letter of an account where projections put it."""
    Account.objects.create(
        stream="A-0000000001",
        program="ctpat",
        entity_type="importer",
        organization="O-0000000001",
        company_name=NAME,
        opened_on=date(2026, 1, 5),
        membership=membership,
    )
    Letter.objects.create(
        stream="A-0000000001",
        seq=9,
        kind="certification",
        code=CODE,
        language="en",
        sha256="0" * 64,
        document_seq=8,
        head_seq=8,
        head_hash="0" * 64,
        company_name=NAME,
        issued_on=date(2026, 3, 22),
        issued_by="U-0000000001",
    )


@pytest.mark.parametrize("address", PAGES)
def test_a_public_page_opens_without_a_cookie_in_both_languages(address: str) -> None:
    mark = "&" if "?" in address else "?"

    english = Client().get(address)
    spanish = Client().get(f"{address}{mark}language=es")

    assert (english.status_code, spanish.status_code) == (200, 200)
    assert not english.cookies
    assert not spanish.cookies
    assert '<html lang="en">' in english.content.decode()
    assert '<html lang="es">' in spanish.content.decode()


@pytest.mark.parametrize(
    "address", ["/criteria/99.9/", "/criteria/%00/", "/rules/T99/", "/rules/..%2f/", "/rules/ü/"]
)
def test_an_unknown_criterion_or_rule_is_not_found(address: str) -> None:
    assert Client().get(address).status_code == 404


def test_every_rule_has_its_page_and_stands_in_the_list() -> None:
    listing = page("/rules/")

    for key in rule_pages(the_program()):
        assert f'href="{reverse("public:rule", args=[key])}"' in listing
        assert "How sure we are:" in page(reverse("public:rule", args=[key]))


def test_a_step_says_who_may_and_where_it_comes_from() -> None:
    shown = page("/rules/T10/")

    assert "Raise to Tier III" in shown
    assert "Who may" in shown
    assert the_program().roles["director"].title.in_("en") in shown
    assert "6 U.S.C. 966" in shown
    assert "read in the statute" in shown


def test_the_list_narrowed_to_importers_has_each_of_their_criteria_and_no_other() -> None:
    asked = {each.id for each in applicable("ctpat", "importer", on=access.today())}
    edition = edition_in_force("ctpat", on=access.today())

    shown = page("/criteria/", entity="importer")

    listed = {
        each.id
        for each in edition.criteria
        if f'href="{reverse("public:criterion", args=[each.id])}"' in shown
    }
    assert listed == asked


def test_the_list_without_a_filter_has_every_criterion() -> None:
    shown = page("/criteria/")

    for each in edition_in_force("ctpat", on=access.today()).criteria:
        assert f'href="{reverse("public:criterion", args=[each.id])}"' in shown


def test_a_working_number_is_never_shown_as_official() -> None:
    edition = edition_in_force("ctpat", on=access.today())
    working = next(each for each in edition.criteria if each.id_status == "provisional")

    shown = page(reverse("public:criterion", args=[working.id]))

    assert "This is a working number, not an official one." in shown
    assert edition.label(working).in_("en") in shown


def test_each_cell_of_a_criterion_says_on_what_it_rests() -> None:
    edition = edition_in_force("ctpat", on=access.today())
    found = next(
        each
        for each in edition.criteria
        if any(cell.sources and cell.state != "confirmed" for cell in each.cells)
    )

    shown = unescape(page(reverse("public:criterion", args=[found.id])))

    for cell in found.cells:
        assert edition.cell_basis[cell.state].in_("en") in shown
        assert all(source.title.in_("en") in shown for source in cell.sources)


def test_hostile_parameters_change_nothing() -> None:
    query = urlencode({"q": "<script>\x00", "entity": "'; --", "level": "x", "category": "-1"})

    response = Client().get(f"/criteria/?{query}")

    assert response.status_code == 200
    assert b"<script>\x00" not in response.content


class TestTheLetterCheck:
    def test_confirms_a_letter_to_whoever_knows_the_name(self) -> None:
        a_letter()

        shown = checked(code="4fev-mb3d-ydgj", company="harbor lane imports, inc")

        assert "This letter was issued here" in shown
        assert "certified or validated today" in shown
        assert "22 Mar" in shown

    def test_says_when_the_company_is_not_certified_any_more(self) -> None:
        a_letter("SUSPENDED")

        shown = checked(code=CODE, company=NAME)

        assert "This letter was issued here" in shown
        assert "do not rely on this letter" in shown

    def test_answers_a_wrong_code_and_a_wrong_name_alike(self) -> None:
        a_letter()

        wrong_name = checked(code=CODE, company="Somebody Else")
        wrong_code = checked(code="WRONGCODE123", company=NAME)

        def neutral(text: str) -> str:
            given = (CODE, "Somebody Else", "Somebody+Else", "WRONGCODE123", NAME)
            for each in (*given, urlencode({"n": NAME})[2:]):
                text = text.replace(each, "")
            return text

        assert "We cannot confirm this letter" in wrong_name
        assert neutral(wrong_name) == neutral(wrong_code)

    def test_reveals_nothing_without_the_name(self) -> None:
        a_letter()

        shown = page(f"/check/{CODE}/")

        assert NAME not in shown
        assert "issued here" not in shown

    def test_is_kept_by_no_cache(self) -> None:
        assert Client().get(f"/check/{CODE}/").headers["Cache-Control"] == "no-store"


class TestReadingAReceipt:
    def test_says_what_a_receipt_of_ours_testifies_to(self) -> None:
        shown = read(make_receipt(at=NOW))

        assert "This receipt was signed here" in shown

    def test_reads_none_from_an_address_which_logs_would_keep(self) -> None:
        shown = page("/verify/", receipt=make_receipt(at=NOW))

        assert "This receipt was signed here" not in shown
        assert 'method="post"' in shown

    def test_keeps_no_cookie_and_no_copy(self) -> None:
        answer = Client(enforce_csrf_checks=True).post("/verify/", {"receipt": "abc"})

        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
        assert not answer.cookies

    @pytest.mark.parametrize("text", ["abc", "a.b.c", "é" * 50, "x" * 5000])
    def test_refuses_what_is_no_receipt_of_ours(self, text: str) -> None:
        assert "We did not sign this" in read(text)


class TestTheWayIn:
    def test_somebody_signed_in_leaves_the_first_page(self) -> None:
        response = signed_in_client(a_person()).get("/")

        assert response.headers["Location"] == "/go/"

    def test_somebody_without_a_role_is_asked_for_their_company(self) -> None:
        response = signed_in_client(a_person()).get("/go/")

        assert response.headers["Location"] == reverse("open_organization")

    def test_somebody_with_a_role_is_sent_to_a_page_of_theirs(self) -> None:
        response = signed_in_client(person_with("director")).get("/go/")

        assert response.status_code == 302
        assert response.headers["Location"] != reverse("open_organization")

    def test_nobody_is_sent_to_sign_in(self) -> None:
        response = Client().get("/go/")

        assert response.headers["Location"].startswith(reverse("account_login"))


class TestTheTour:
    def test_is_not_there_outside_a_demonstration(self, settings: Settings) -> None:
        settings.IS_DEMO = False

        assert Client().get("/tour/").status_code == 404

    def test_lists_what_to_look_at_in_a_demonstration(self, settings: Settings) -> None:
        settings.IS_DEMO = True

        shown = page("/tour/")

        assert "Things to look at" in shown
        assert shown.count("<li><strong>") >= 17

    def test_signs_in_with_one_click(self, settings: Settings) -> None:
        settings.IS_DEMO = True

        shown = page("/tour/")

        assert f'action="{reverse("enter_demo")}"' in shown
        assert "csrfmiddlewaretoken" in shown


@pytest.mark.parametrize("role", [one for one in the_program().roles if one != "system"])
def test_whoever_signs_in_is_sent_to_a_page_they_may_open(role: str) -> None:
    client = signed_in_client(person_with(role))

    answer = client.get(reverse("public:go"), follow=True)

    assert answer.status_code == 200


@pytest.mark.parametrize(
    "role", sorted(access.doors()["specialist:program"].roles_in(the_program()))
)
def test_the_office_offers_no_place_that_is_closed_to_the_reader(role: str) -> None:
    client = signed_in_client(person_with(role))

    shown = client.get(reverse("specialist:program")).content.decode()

    places = re.findall(r'href="(/office/[a-z]*/?)"', shown)

    assert reverse("specialist:program") in places
    assert {client.get(one).status_code for one in places} == {200}


def test_who_keeps_the_criteria_lands_where_there_is_work_for_them() -> None:
    client = signed_in_client(person_with("program_editor"))

    answer = client.get(reverse("public:go"))

    assert answer.headers["Location"] == reverse("specialist:program")
