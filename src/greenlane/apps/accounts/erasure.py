"""Erases what is kept of a person, an organization or an offer, once its retention is over."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import transaction

from greenlane.apps.accounts import credentials
from greenlane.apps.accounts.actions import PERSON_CONTENT
from greenlane.apps.accounts.models import User
from greenlane.apps.accounts.projections import PEOPLE
from greenlane.apps.audit.actions import append, erase
from greenlane.apps.audit.erasing import kept_of
from greenlane.apps.audit.queries import head_of, kept_seqs
from greenlane.core.errors import Conflict, NotFound
from greenlane.core.ledger import Event, EventDraft
from greenlane.core.lifecycle.decide import Actor
from greenlane.core.program import Program, UnknownRuleId

_ATTEMPTS: Final = 50


@transaction.atomic
def erase_of_people(*, subject: str, rule: str, by: Actor, at: datetime, program: Program) -> Event:
    """Erase what a retention rule keeps of one person, organization or offer.

    Who is erased as a person can sign in no more: the sign-in is closed with it, and password,
    second factors and the sign-in library's address go too. What they did stays on the record
    under their opaque key. Reads every event of the stream that the rule keeps.

    Args:
        subject: Key of whom: ``U-...``, ``O-...`` or ``I-...``.
        rule: Retention rule of the pack.
        by: Who erases.
        at: The moment; retention is judged on its day.
        program: The pack.

    Returns:
        The erasure event.

    Raises:
        StillKept: the rule keeps one of the records longer, or has no period.
        OnHold: a legal hold stands on the subject, on everybody, or on an account they acted for.
        NotFound: nothing (more) is kept of them by this rule.
        UnknownRuleId: the pack has no such rule.
    """
    retention = program.retention.get(rule)
    if retention is None:
        raise UnknownRuleId(f"Pack {program.id} has no retention rule {rule!r}.")
    on = program.day_of(at)
    for _ in range(_ATTEMPTS):
        head = head_of(PEOPLE)
        records = kept_of(PEOPLE, retention, kept_seqs(PEOPLE, rule))
        seqs = [one.seq for one in records if one.of == subject]
        if not seqs:
            raise NotFound(
                "Nothing is kept of {person} by rule {rule}, or it was erased.",
                person=subject[:40],
                rule=rule,
            )
        try:
            event = erase(
                stream=PEOPLE,
                expected=head.seq,
                seqs=seqs,
                rule=rule,
                actor=by.id,
                role=by.role,
                on=on,
                at=at,
                program=program,
            )
        except Conflict:
            continue
        if rule == PERSON_CONTENT:
            _close(subject, by, at, program)
        return event
    raise Conflict


def _close(person: str, by: Actor, at: datetime, program: Program) -> None:
    """Leave nobody a way in who has no name and no address any more."""
    credentials.drop_credentials(person)
    if User.objects.filter(key=person, is_active=True).exists():
        on = program.day_of(at)
        payload = {"person": person, "why": "role_ended"}
        draft = EventDraft("person", "person.closed", on, by.id, by.role, payload=payload)
        append(stream=PEOPLE, expected=None, drafts=[(draft, None)], at=at, program=program)
