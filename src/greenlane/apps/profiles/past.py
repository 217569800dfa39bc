"""A security profile as it was: read from the record, under the edition it stood under then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, TypeVar

from django.db.models import Model

from greenlane.apps.audit.projection import Memory
from greenlane.apps.audit.queries import Recorded, contents_of, events_of
from greenlane.apps.criteria.queries import edition, edition_in_force, words_on_cells
from greenlane.apps.documents.models import Document
from greenlane.apps.members.models import Account
from greenlane.apps.profiles.models import Answer, Evidence, HeldEdition, Review
from greenlane.apps.profiles.queries import Profile, ProfileRow, state_of
from greenlane.core.criteria import Edition
from greenlane.core.errors import BadInput

_M = TypeVar("_M", bound=Model)
_KINDS: Final = ("answer", "edition", "evidence", "review")


@dataclass(frozen=True, slots=True)
class PastProfile:
    """A profile as the record had it.

    Attributes:
        until: Place of the last event that was read.
        on: The day asked for.
    """

    profile: Profile
    until: int
    on: date


def answers_at(stream: str, until: int) -> dict[str, Mapping[str, Any]]:
    """Return the columns of each answer as the events up to ``until`` give them, without words."""
    memory = _replayed(stream, [e for e in events_of(stream, kinds=_KINDS) if e.seq <= until], {})
    return {str(row["criterion"]): row for row in memory.rows.get(Answer, {}).values()}


def earlier_answers(stream: str, *, until: int) -> dict[str, Answer]:
    """Return each criterion's answer as the record had it at event ``until``; two queries."""
    events = [one for one in events_of(stream, kinds=_KINDS) if one.seq <= until]
    contents = contents_of(stream, [one.seq for one in events if one.kind == "answer"])
    return {one.criterion: one for one in _rows(_replayed(stream, events, contents), Answer)}


def profile_as_of(
    account: Account, *, on: date, today: date, until: int | None = None
) -> PastProfile:
    """Return the profile as the record had it at the end of ``on``.

    Args:
        account: The account.
        on: The day asked for, by the days on which the events were recorded.
        today: The day it is; a later ``on`` is refused.
        until: Read no event beyond this place: the profile as it stood just before one of that day.

    Raises:
        BadInput: the day is still to come, or nothing was answered by then.
        NoEdition: the pack lacks the edition that the profile stood under.
    """
    if on > today:
        raise BadInput("{on} is still to come. Give a day of the past.", on=on)
    events = [e for e in events_of(account.stream, kinds=_KINDS) if e.on <= on]
    if until is not None:
        events = [event for event in events if event.seq <= until]
    if not events:
        raise BadInput("Nothing of this profile was answered by {on}.", on=on)
    contents = contents_of(account.stream, [event.seq for event in events])
    memory = _replayed(account.stream, events, contents)
    held = next(iter(_rows(memory, HeldEdition)), None)
    under = (
        edition(account.program, held.edition) if held else edition_in_force(account.program, on=on)
    )
    return PastProfile(_profile(account, memory, under, on), events[-1].seq, on)


def _replayed(
    stream: str, events: list[Recorded], contents: Mapping[int, Mapping[str, Any]]
) -> Memory:
    memory = Memory(stream)
    for event in events:
        memory.replay(event.fields, contents.get(event.seq))
    return memory


def _rows(memory: Memory, model: type[_M]) -> list[_M]:
    return [model(**row) for row in memory.rows.get(model, {}).values()]


def _profile(account: Account, memory: Memory, edition: Edition, on: date) -> Profile:
    confirmed: dict[tuple[str, str], bool] = {}
    for word in words_on_cells(account.program):
        if word.on <= on:
            confirmed[word.criterion, word.entity_type] = word.is_confirmed
    cells = frozenset(cell for cell, is_confirmed in confirmed.items() if is_confirmed)
    answers = {one.criterion: one for one in _rows(memory, Answer)}
    reviews = {one.criterion: one for one in _rows(memory, Review)}
    documents = {one.seq: one for one in Document.objects.filter(stream=account.stream)}
    evidence: dict[str, list[tuple[Evidence, Document]]] = {}
    for item in sorted(_rows(memory, Evidence), key=lambda one: one.seq):
        document = documents.get(item.document_seq)
        if document is not None and not item.is_withdrawn:
            evidence.setdefault(item.criterion, []).append((item, document))
    rows = tuple(
        ProfileRow(
            asked,
            answers.get(asked.id),
            tuple(evidence.get(asked.id, ())),
            reviews.get(asked.id),
            None,
            state_of(answers.get(asked.id), reviews.get(asked.id)),
        )
        for asked in edition.applicable(account.entity_type, confirmed_cells=cells, on=on)
    )
    return Profile(rows, edition, on)


@dataclass(frozen=True, slots=True)
class Turn:
    """A moment at which a profile left an edition: applied a newer one, or undid one."""

    on: date
    seq: int
    act: str
    left: str
    taken: str
    asked_again: tuple[str, ...] = ()


def turns_of(stream: str) -> list[Turn]:
    """Return the changes of edition of an account, latest first."""
    found = []
    for event in events_of(stream, kinds=["edition"]):
        payload = event.fields["payload"]
        asked = tuple(payload.get("asked_again", ()))
        found.append(Turn(event.on, event.seq, event.act, payload["from"], payload["to"], asked))
    return found[::-1]
