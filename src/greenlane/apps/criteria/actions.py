"""The office confirms, or takes back, that a criterion binds an entity type."""

from __future__ import annotations

from datetime import datetime

from greenlane.apps.audit.actions import append, one_at_a_time_in
from greenlane.apps.audit.queries import head_of
from greenlane.apps.audit.seal import Sealed
from greenlane.apps.criteria.queries import OFFICE, edition_in_force
from greenlane.core.access import check_role_among
from greenlane.core.errors import BadInput
from greenlane.core.ledger import EventDraft
from greenlane.core.lifecycle.decide import Actor
from greenlane.core.program import Program
from greenlane.core.vocabulary import Power


@one_at_a_time_in(OFFICE)
def confirm_cell(
    *,
    program: Program,
    criterion: str,
    entity_type: str,
    source: str,
    by: Actor,
    at: datetime,
    is_confirmed: bool = True,
    via: str = "",
) -> None:
    """Record the office's word on one cell, with its source.

    Raises:
        NotAllowed: the role may not confirm.
        BadInput: no source is given, or the criterion does not ask this entity type.
    """
    check_role_among(program, role=by.role, wanted=program.roles_that_may(Power.CONFIRM_CRITERIA))
    if not source.strip():
        raise BadInput("A confirmation needs its source: the booklet, page or letter it rests on.")
    today = program.day_of(at)
    cell = edition_in_force(program.id, on=today).criterion(criterion).cell(entity_type)
    if cell is None:
        raise BadInput(
            "Criterion {criterion} does not ask anything of {entity_type}.",
            criterion=criterion,
            entity_type=entity_type,
        )
    draft = EventDraft(
        "confirmation",
        "cell.confirmed" if is_confirmed else "cell.unconfirmed",
        today,
        by.id,
        by.role,
        payload={
            "program": program.id,
            "criterion": criterion,
            "entity_type": entity_type,
            "is_confirmed": is_confirmed,
        },
        via=via,
    )
    append(
        stream=OFFICE,
        expected=head_of(OFFICE).seq,
        drafts=[(draft, Sealed("account_content", {"source": source.strip()}))],
        at=at,
        program=program,
    )
