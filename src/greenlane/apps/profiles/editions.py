"""Under which edition of the criteria a profile stands, and what a newer one would mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from greenlane.apps.criteria.queries import edition, edition_in_force, editions
from greenlane.apps.members.models import Account
from greenlane.apps.profiles.models import Answer, HeldEdition
from greenlane.content.packs import load_program
from greenlane.core.criteria import Edition, diff_editions
from greenlane.core.edition_change import EditionChange, edition_change
from greenlane.core.vocabulary import Phase

#: Whose profile is not, or no longer, with the office: it follows the edition in force.
FOLLOWING = (Phase.NONE, Phase.PREPARING, Phase.CLOSED)


def held_edition(stream: str) -> HeldEdition | None:
    """Return the row that says under which edition the profile stands; None before an answer."""
    return HeldEdition.objects.filter(stream=stream).first()


def edition_of(account: Account, *, on: date) -> Edition:
    """Return the edition that the account's profile stands under on ``on``.

    Whoever prepares an application answers the edition in force. From the submission on the
    profile stays under its edition until the company applies a newer one. One that asks the same
    of its entity type is nobody's to apply: it takes effect by itself.

    Raises:
        NoEdition: no edition was in force on that day, or the pack lacks the profile's own.
    """
    present = edition_in_force(account.program, on=on)
    if load_program(account.program).phase_of(account.membership) in FOLLOWING:
        return present
    held = held_edition(account.stream)
    standing = present if held is None else edition(account.program, held.edition)
    return present if _asks_the_same(standing, present, account.entity_type) else standing


_SAME: dict[tuple[str, str, str], bool] = {}


def _asks_the_same(before: Edition, after: Edition, entity: str) -> bool:
    """Tell whether two editions ask the same of an entity type; answered once per process."""
    key = (before.content_hash, after.content_hash, entity)
    found = _SAME.get(key)
    if found is None:
        found = _SAME[key] = before is after or diff_editions(before, after, entity).is_empty
    return found


def is_applied(account: Account, standing: Edition, *, on: date) -> bool:
    """Tell whether the profile stands under the edition that binds the company on ``on``.

    A newer edition in force binds a member from its ``compliance.existing_members`` on; until then
    the one before it will do.
    """
    present = edition_in_force(account.program, on=on)
    return standing.id == present.id or on < present.compliance.existing_members


@dataclass(frozen=True, slots=True)
class EditionState:
    """Where a member stands between editions, on one day.

    Attributes:
        standing: The edition its profile stands under.
        present: The edition in force.
        change: What applying ``present`` means; None when nothing newer is there.
        binds_from: First day on which ``present`` binds existing members.
        undo_until: Last day on which the latest change may be undone; None when there is none.
        previous: Id of the edition that undoing leads back to; "" when there is none.
    """

    standing: Edition
    present: Edition
    change: EditionChange | None
    binds_from: date
    undo_until: date | None
    previous: str
    held: HeldEdition | None

    @property
    def is_behind(self) -> bool:
        """Tell whether a newer edition is in force and not applied."""
        return self.change is not None


def edition_state(account: Account, *, on: date) -> EditionState:
    """Return where the account stands between editions; three queries.

    Raises:
        NoEdition: no edition was in force on that day, or the pack lacks the profile's own.
    """
    standing, present = edition_of(account, on=on), edition_in_force(account.program, on=on)
    change = None
    if standing.id != present.id:
        answered = frozenset(
            Answer.objects.filter(stream=account.stream).values_list("criterion", flat=True)
        )
        change = edition_change(standing, present, account.entity_type, answered=answered)
    held = held_edition(account.stream)
    return EditionState(
        standing,
        present,
        change,
        present.compliance.existing_members,
        held.undo_until if held else None,
        held.previous if held else "",
        held,
    )


@dataclass(frozen=True, slots=True)
class Behind:
    """A member whose profile stands under an edition that is no longer in force."""

    account: Account
    edition: str
    binds_from: date

    def is_overdue(self, on: date) -> bool:
        """Tell whether the edition in force binds the member by now."""
        return on >= self.binds_from


def behind(program: str, accounts: Sequence[Account], *, on: date) -> list[Behind]:
    """Return the members among ``accounts`` who have not applied the edition in force.

    Two queries' worth of reading however many there are; in the order given. A profile under an
    edition that the pack lacks counts as behind: nobody can tell what it was asked.
    """
    present = edition_in_force(program, on=on)
    rules = load_program(program)
    members = [
        one for one in accounts if rules.phase_of(one.membership) in (Phase.MEMBER, Phase.SUSPENDED)
    ]
    held = dict(
        HeldEdition.objects.exclude(edition=present.id)
        .filter(stream__in=[one.stream for one in members])
        .values_list("stream", "edition")
    )
    current = {
        (one.id, entity)
        for one in editions(program)
        for entity in rules.entity_types
        if _asks_the_same(one, present, entity)
    }
    return [
        Behind(one, held[one.stream], present.compliance.existing_members)
        for one in members
        if one.stream in held and (held[one.stream], one.entity_type) not in current
    ]
