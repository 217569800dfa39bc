"""The Denied Persons List: no numbers, one row per address, denials that expire."""

from __future__ import annotations

from pathlib import Path

from tests.unit.screening.formats.reading import read_text

_HEADER = (
    '"Name"\t"Street_Address"\t"City"\t"State"\t"Country"\t"Postal_Code"\t"Effective_Date"\t'
    '"Expiration_Date"\t"Standard_Order"\t"Last_Update"\t"Action"\t"FR_Citation"'
)


def denial(name: str = "MADE PERSON", city: str = "TUNIS", expires: str = "06/29/2056") -> str:
    """Return one row as the bureau writes it."""
    cells = [name, "1 MADE ST", city, "", "TN", "1000", "06/19/2003", expires, "Y", "2007-01-31"]
    return "\t".join(f'"{cell}"' for cell in [*cells, "NEW", "68 F.R. 1"])


def test_a_denial_carries_the_day_on_which_it_expires(tmp_path: Path) -> None:
    (party,), _ = read_text(tmp_path, f"{_HEADER}\n{denial()}\n")

    assert (party.listed_on, party.expires_on) == ("2003-06-19", "2056-06-29")


def test_rows_of_the_same_name_and_date_are_one_party_with_several_addresses(
    tmp_path: Path,
) -> None:
    (party,), _ = read_text(tmp_path, "\n".join([_HEADER, denial(), denial(city="SFAX")]))

    assert [address.text for address in party.addresses] == [
        "1 MADE ST, TUNIS, 1000, TN",
        "1 MADE ST, SFAX, 1000, TN",
    ]


def test_of_differing_expirations_the_latest_counts(tmp_path: Path) -> None:
    rows = [denial(expires="01/01/2030"), denial(expires="01/01/2040")]

    (party,), _ = read_text(tmp_path, "\n".join([_HEADER, *rows]))

    assert party.expires_on == "2040-01-01"


def test_a_denial_without_end_never_expires_whatever_other_rows_say(tmp_path: Path) -> None:
    for rows in ([denial(), denial(expires="")], [denial(expires=""), denial()]):
        (party,), _ = read_text(tmp_path, "\n".join([_HEADER, *rows]))

        assert party.expires_on == ""


def test_an_expiration_that_cannot_be_read_does_not_let_the_denial_lapse(tmp_path: Path) -> None:
    (party,), report = read_text(tmp_path, f"{_HEADER}\n{denial(expires='29.06.56')}\n")

    assert party.expires_on == ""
    assert report.notes["an expiration date cannot be read; that denial does not expire"] == 1


def test_the_uid_outlives_a_prolonged_denial(tmp_path: Path) -> None:
    (before,), _ = read_text(tmp_path, f"{_HEADER}\n{denial()}\n")
    (after,), _ = read_text(tmp_path, f"{_HEADER}\n{denial(expires='01/01/2060')}\n")

    assert before.uid == after.uid
