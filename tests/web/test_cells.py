"""The office confirms or rejects cells of the criteria on pages; each word stands on the record."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from greenlane.apps.criteria.queries import applicable, edition_in_force, words_on_cells
from greenlane.core.criteria import CellState
from greenlane.gate.access import today
from tests.factories.browsers import signed_in_client
from tests.factories.people import person_with

pytestmark = pytest.mark.django_db


def unsure() -> tuple[str, str]:
    """Return a cell of a must that the pack only assumes."""
    edition = edition_in_force("ctpat", on=today())
    return next(
        (one.id, cell.entity)
        for one in edition.criteria
        for cell in one.cells
        if cell.state is CellState.ASSUMED and (cell.level or one.level).value == "must"
    )


def blocks(criterion: str, entity: str) -> bool:
    found = {one.id: one for one in applicable("ctpat", entity, on=today())}
    return found[criterion].blocks


def client_as(role: str) -> Client:
    return signed_in_client(person_with(role))


def test_an_assumed_cell_blocks_once_it_is_confirmed_and_no_more_once_taken_back() -> None:
    criterion, entity = unsure()
    editor = client_as("program_editor")
    address = reverse("specialist:cell", args=[criterion, entity])
    assert not blocks(criterion, entity)

    said = editor.post(address, {"act": "confirm", "source": "Booklet of 2026, page 4"})

    assert said.status_code == 302
    assert blocks(criterion, entity)
    listed = editor.get(reverse("specialist:cells")).content.decode()
    assert "Booklet of 2026, page 4" in listed
    told = Client().get(reverse("public:criterion", args=[criterion])).content.decode()
    assert "Confirmed by the program office, on its record" in told

    editor.post(address, {"act": "reject", "source": "Letter of May"})

    assert not blocks(criterion, entity)
    words = words_on_cells("ctpat")
    assert [(word.is_confirmed, word.source) for word in words] == [
        (True, "Booklet of 2026, page 4"),
        (False, "Letter of May"),
    ]
    listed = editor.get(reverse("specialist:cells")).content.decode()
    assert "Booklet of 2026, page 4" in listed
    assert "Letter of May" in listed


def test_a_word_without_a_source_is_not_taken() -> None:
    criterion, entity = unsure()
    editor = client_as("program_editor")

    said = editor.post(
        reverse("specialist:cell", args=[criterion, entity]), {"act": "confirm", "source": " "}
    )

    assert said.status_code == 422
    assert words_on_cells("ctpat") == []


def test_a_specialist_reads_and_does_not_decide() -> None:
    criterion, entity = unsure()
    specialist = client_as("specialist")
    address = reverse("specialist:cell", args=[criterion, entity])

    shown = specialist.get(address)
    said = specialist.post(address, {"act": "confirm", "source": "Mine"})

    assert shown.status_code == 200
    assert b'value="confirm"' not in shown.content
    assert said.status_code == 403
    assert words_on_cells("ctpat") == []


@pytest.mark.parametrize("role", ["company_officer", "appeal_authority", "operator"])
def test_nobody_else_enters(role: str) -> None:
    assert client_as(role).get(reverse("specialist:cells")).status_code == 403


def test_a_cell_that_is_sure_or_unknown_has_no_page() -> None:
    edition = edition_in_force("ctpat", on=today())
    sure = next(
        (one.id, cell.entity)
        for one in edition.criteria
        for cell in one.cells
        if cell.state is CellState.CONFIRMED
    )
    editor = client_as("program_editor")

    for where in (sure, ("99.9", "importer"), (sure[0], "nobody")):
        assert editor.get(reverse("specialist:cell", args=where)).status_code == 404


def test_the_list_narrows_and_pages() -> None:
    director = client_as("director")
    address = reverse("specialist:cells")

    everything = director.get(address)
    narrowed = director.get(address, {"entity": "importer", "office": "confirmed"})

    assert everything.status_code == 200
    assert b"To be decided" in everything.content
    rows = [answer.content.decode().count("/importer/") for answer in (everything, narrowed)]
    assert rows[0] > 0
    assert rows[1] == 0
