"""What a new edition of the criteria means for one member: each criterion, and each of its answers.

Pure: `greenlane.core.criteria` compares the texts; here the comparison meets the answers.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from greenlane.core.criteria import (
    ApplicableCriterion,
    Change,
    Edition,
    diff_editions,
    id_order,
)


class ChangeKind(StrEnum):
    """How a criterion differs in the new edition, for one entity type."""

    ADDED = "added"
    RAISED = "raised"
    REWORDED = "reworded"
    LOWERED = "lowered"
    WITHDRAWN = "withdrawn"


class Fate(StrEnum):
    """What happens to an answer when the member moves to the new edition.

    ``CARRIED``: it stands as it is, its review too. ``ASKED_AGAIN``: it is kept in view and counts
    as unanswered until it is confirmed or changed. ``NEW``: there was nothing to answer before, or
    nothing was answered. ``CLOSED``: nothing asks for it any more; it stays on the record.
    """

    CARRIED = "carried"
    ASKED_AGAIN = "asked_again"
    NEW = "new"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class ChangedCriterion:
    """One criterion that differs, and what becomes of the member's answer to it.

    Attributes:
        kinds: How it differs; one that is both raised and reworded has both.
        fields: What differs in it: ``requirement``, ``level``, ``guidance`` ...
        has_answer: The member has answered it before.
    """

    id: str
    kinds: tuple[ChangeKind, ...]
    fate: Fate
    before: ApplicableCriterion | None
    after: ApplicableCriterion | None
    fields: tuple[str, ...]
    has_answer: bool


@dataclass(frozen=True, slots=True)
class EditionChange:
    """The way from one edition to another for one member.

    Attributes:
        before: Id of the edition that is left.
        after: Id of the edition that is taken on.
        changed: Criteria that differ, in numeric order of ids.
        untouched: Answered criteria that the new edition asks as before.
    """

    before: str
    after: str
    changed: tuple[ChangedCriterion, ...]
    untouched: tuple[str, ...]

    def with_fate(self, fate: Fate) -> tuple[str, ...]:
        """Return the ids of the changed criteria whose answer meets this fate."""
        return tuple(one.id for one in self.changed if one.fate is fate)

    @property
    def asked_again(self) -> tuple[str, ...]:
        """Answered criteria that must be confirmed or answered anew."""
        return self.with_fate(Fate.ASKED_AGAIN)


def edition_change(
    before: Edition, after: Edition, entity: str, *, answered: Collection[str]
) -> EditionChange:
    """Return what moving from ``before`` to ``after`` means for a member.

    Only a criterion that asks for more or for something else is asked again: raised to a must, or
    reworded in what it requires. One that is lowered, or whose guidance or examples of evidence
    alone differ, keeps its answer.

    Args:
        before: The edition the answers were given to.
        after: The edition to move to.
        entity: The member's entity type.
        answered: Ids of the criteria that the member has answered.

    Raises:
        UnknownEntity: Neither edition knows the entity type.
    """
    found = diff_editions(before, after, entity)
    kinds: dict[str, list[ChangeKind]] = {}
    changes: dict[str, list[Change]] = {}
    for kind, rows in (
        (ChangeKind.ADDED, found.added),
        (ChangeKind.RAISED, found.raised),
        (ChangeKind.REWORDED, found.reworded),
        (ChangeKind.LOWERED, found.lowered),
        (ChangeKind.WITHDRAWN, found.withdrawn),
    ):
        for row in rows:
            kinds.setdefault(row.id, []).append(kind)
            changes.setdefault(row.id, []).append(row)
    changed = []
    for each in sorted(kinds, key=id_order):
        rows_of, first = changes[each], changes[each][0]
        changed.append(
            ChangedCriterion(
                id=each,
                kinds=tuple(kinds[each]),
                fate=_fate(each, kinds[each], rows_of, answered),
                before=first.before,
                after=first.after,
                fields=tuple(dict.fromkeys(name for row in rows_of for name in row.fields)),
                has_answer=each in answered,
            )
        )
    now = {row.id for row in after.applicable(entity)} if entity in after.entity_types else set()
    untouched = sorted((set(answered) & now) - kinds.keys(), key=id_order)
    return EditionChange(before.id, after.id, tuple(changed), tuple(untouched))


def _fate(
    criterion: str, kinds: list[ChangeKind], rows: list[Change], answered: Collection[str]
) -> Fate:
    if ChangeKind.WITHDRAWN in kinds:
        return Fate.CLOSED
    if criterion not in answered:
        return Fate.NEW
    if ChangeKind.ADDED in kinds:
        # Answered in an edition that was tried before: the answer is there, the question is not
        # the one it was given to.
        return Fate.ASKED_AGAIN
    if ChangeKind.RAISED in kinds:
        return Fate.ASKED_AGAIN
    by_kind = zip(kinds, rows, strict=True)
    reworded = any(kind is ChangeKind.REWORDED and row.asks_again for kind, row in by_kind)
    return Fate.ASKED_AGAIN if reworded else Fate.CARRIED
