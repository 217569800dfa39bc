"""What pages say of a program that nobody has adopted."""

from __future__ import annotations

import pytest
from django.test import Client, override_settings

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("language", "short", "whole"),
    [
        ("en", "Draft, not adopted", "Draft: not adopted by any administration."),
        ("es", "", "Borrador: ninguna administración lo ha adoptado."),
    ],
)
@pytest.mark.parametrize("address", ["/", "/criteria/", "/check/", "/rules/W14/"])
@override_settings(GREENLANE_PACK="wco-safe")
def test_every_page_of_a_draft_says_that_it_is_one(
    address: str, language: str, short: str, whole: str
) -> None:
    page = Client().get(address, headers={"accept-language": language})

    assert page.status_code == 200
    assert short in page.text
    assert whole in page.text


@pytest.mark.parametrize("pack", ["ctpat", "supplier-program"])
def test_pages_of_an_adopted_program_say_nothing_of_a_draft(pack: str) -> None:
    with override_settings(GREENLANE_PACK=pack):
        page = Client().get("/", headers={"accept-language": "en"})

    assert page.status_code == 200
    assert "not adopted" not in page.text


@pytest.mark.parametrize(
    ("pack", "says", "hides"),
    [
        ("wco-safe", "Recordado de SAFE", "de dueño"),
        ("supplier-program", "La empresa lo pide a este tipo de proveedor.", "Recordado de SAFE"),
    ],
)
def test_the_criteria_say_in_the_packs_words_on_what_each_rests(
    pack: str, says: str, hides: str
) -> None:
    with override_settings(GREENLANE_PACK=pack):
        page = Client().get("/criteria/", headers={"accept-language": "es"})

    assert says in page.text
    assert hides not in page.text
