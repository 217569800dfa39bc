"""Days, numbers, money and hashes in words."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils import timezone

from greenlane.core.text import Text
from greenlane.web.ui import words


def test_a_day_names_its_month() -> None:
    assert words.day_words(date(2026, 5, 3)) == "3 May 2026"


@pytest.mark.usefixtures("spanish")
def test_a_day_is_written_in_spanish() -> None:
    assert words.day_words(date(2026, 5, 3)) == "3 de mayo de 2026"
    assert words.short_day(date(2026, 1, 5)) == "5 ene 2026"


def test_an_instant_says_its_hour_and_zone_in_the_office() -> None:
    at = datetime(2026, 5, 3, 18, 32, tzinfo=UTC)

    with timezone.override("America/New_York"):
        assert words.day_words(at) == "3 May 2026, 14:32 EDT"
        assert words.short_day(datetime(2026, 5, 3, 2, 0, tzinfo=UTC)) == "2 May 2026"


@pytest.mark.parametrize(
    ("value", "written"), [(0, "0"), (12480, "12,480"), (Decimal("1234.5"), "1,234.5"), (-7, "-7")]
)
def test_numbers_are_grouped(value: int | Decimal, written: str) -> None:
    assert words.number_words(value) == written


def test_money_names_its_currency() -> None:
    assert words.money_words(Decimal("1250000.5"), "USD") == "USD\u00a01,250,000.50"


def test_a_short_hash_keeps_both_ends() -> None:
    assert words.short_hash("9f86d081884c7d659a2feaa0c55ad015") == "9f86…d015"
    assert words.short_hash("abc") == "abc"


@pytest.mark.usefixtures("spanish")
def test_a_text_of_the_pack_follows_the_reader() -> None:
    assert words.in_language(Text({"en": "Certified", "es": "Certificado"})) == "Certificado"
    assert words.in_language("plain") == "plain"
