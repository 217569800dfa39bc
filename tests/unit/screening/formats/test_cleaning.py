"""Countries, dates, scripts and digests."""

from __future__ import annotations

import pytest

from greenlane.screening.formats.cleaning import clean, script_of
from greenlane.screening.formats.countries import country_code
from greenlane.screening.formats.dates import iso_date, read_date
from greenlane.screening.records import PartialDate


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Korea, North", "KP"),
        ("Democratic People's Republic of Korea", "KP"),
        ("Democratic People’s Republic of Korea", "KP"),
        ("Korea, South", "KR"),
        ("Iran (Islamic Republic of)", "IR"),
        ("Congo, Democratic Republic of the", "CD"),
        ("Congo, Republic of the", "CG"),
        ("Burma", "MM"),
        ("Bahamas, The", "BS"),
        ("Cote d Ivoire", "CI"),
        ("Côte d'Ivoire", "CI"),
        ("Türkiye", "TR"),
        ("Palestinian", "PS"),
        ("USSR", "RU"),
        ("Taiwan", "TW"),
        ("IRQ", "IQ"),
        ("gb", "GB"),
        ("00", ""),
        ("Atlantis", ""),
        ("", ""),
        ("x" * 5_000, ""),
    ],
)
def test_countries_are_known_by_the_names_that_lists_write(text: str, code: str) -> None:
    assert country_code(text) == code


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("14 Jun 1975", PartialDate(1975, 6, 14)),
        ("1975-06-14T00:00:00Z", PartialDate(1975, 6, 14)),
        ("dd/mm/1957", PartialDate(1957)),
        ("between 1961 and 1965", PartialDate(1961, latest_year=1965)),
        ("1968 to 1973", PartialDate(1968, latest_year=1973)),
        ("01 Jan 1968 to 31 Dec 1968", PartialDate(1968)),
        ("approximately 1963", PartialDate(1963, is_circa=True)),
        ("29 Feb 1981", PartialDate(1981, 2)),
        ("13/13/1981", PartialDate(1981)),
        ("0001", None),
        ("9999", None),
        ("unknown", None),
        ("1" * 5_000, None),
        ("١٩٧٥", None),
    ],
)
def test_dates_are_read_as_far_as_they_are_known(text: str, date: PartialDate | None) -> None:
    assert read_date(text) == date


def test_only_a_full_date_is_an_iso_date() -> None:
    assert iso_date("06/29/2056", month_first=True) == "2056-06-29"
    assert iso_date("29/06/2056") == "2056-06-29"
    assert iso_date("Jun 2056") == ""


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("MADE 3", "Latn"),
        ("ООО Ромашка", "Cyrl"),
        ("محمد", "Arab"),
        ("김정은", "Hang"),
        ("习近平", "Hani"),
    ],
)
def test_the_script_of_a_name_is_that_of_most_letters(text: str, script: str) -> None:
    assert script_of(text) == script


def test_a_lone_surrogate_is_no_letter() -> None:
    assert clean("MA\ud800DE") == "MADE"
