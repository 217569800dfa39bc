"""Which criteria bind a member on a day: the pack's edition and the office's confirmations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from greenlane.apps.audit.queries import contents_of, events_of
from greenlane.apps.criteria.models import CellConfirmation
from greenlane.content.criteria_files import load_editions
from greenlane.content.packs import pack_dir
from greenlane.core.criteria import ApplicableCriterion, Edition, NoEdition, edition_on

OFFICE = "office"
_EDITIONS: dict[str, tuple[Edition, ...]] = {}


def editions(program: str) -> tuple[Edition, ...]:
    """Return every edition of a program's criteria; read once per process."""
    found = _EDITIONS.get(program)
    if found is None:
        found = _EDITIONS[program] = load_editions(pack_dir(program))
    return found


def confirmed_cells(program: str) -> frozenset[tuple[str, str]]:
    """Return the (criterion, entity type) cells that the office confirmed; one query."""
    rows = CellConfirmation.objects.filter(program=program, is_confirmed=True)
    return frozenset(rows.values_list("criterion", "entity_type"))


def applicable(program: str, entity_type: str, *, on: date) -> tuple[ApplicableCriterion, ...]:
    """Return the criteria that ask something of an entity type on ``on``, in numeric order.

    Raises:
        NoEdition: no edition was in force on that day.
    """
    edition = edition_on(editions(program), on)
    return edition.applicable(entity_type, confirmed_cells=confirmed_cells(program), on=on)


def edition_in_force(program: str, *, on: date) -> Edition:
    """Return the edition in force on ``on``; raises `NoEdition` when there is none."""
    return edition_on(editions(program), on)


def edition(program: str, named: str) -> Edition:
    """Return the edition of that id.

    Raises:
        NoEdition: the installed pack has none of that id.
    """
    found = next((one for one in editions(program) if one.id == named), None)
    if found is None:
        raise NoEdition(
            "The criteria of {program} have no edition {named!r}, which the record names. Install "
            "the pack that has it; editions are never taken out of one.",
            program=program,
            named=named,
        )
    return found


@dataclass(frozen=True, slots=True)
class Word:
    """One word of the office on a cell, as its record has it; ``source`` is "" once erased."""

    seq: int
    on: date
    actor: str
    criterion: str
    entity_type: str
    is_confirmed: bool
    source: str


def words_on_cells(program: str) -> list[Word]:
    """Return every word of the office on a cell of a program, in the order of the record."""
    events = events_of(OFFICE, kinds=["confirmation"])
    contents = contents_of(OFFICE, [event.seq for event in events])
    return [
        Word(
            event.seq,
            date.fromisoformat(str(event.fields["on"])),
            str(event.fields["actor"]),
            event.fields["payload"]["criterion"],
            event.fields["payload"]["entity_type"],
            event.fields["payload"]["is_confirmed"],
            str(contents.get(event.seq, {}).get("source", "")),
        )
        for event in events
        if event.fields["payload"]["program"] == program
    ]
