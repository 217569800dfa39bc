"""Texts in several languages, with English to fall back to."""

from __future__ import annotations

from greenlane.core.text import Text


def test_a_text_is_given_in_the_language_asked_else_in_english() -> None:
    text = Text({"en": "Suspend", "es": "Suspender"})

    assert text.in_("es") == "Suspender"
    assert text.in_("es-MX") == "Suspender"
    assert text.in_("fr") == "Suspend"
    assert str(text) == "Suspend"


def test_a_text_without_english_gives_what_it_has() -> None:
    assert Text({"es": "Hola"}).in_("fr") == "Hola"
    assert Text({}).in_("en") == ""


def test_equal_texts_have_one_hash() -> None:
    assert hash(Text({"en": "a", "es": "b"})) == hash(Text({"es": "b", "en": "a"}))
