"""What may be erased: the terms of sealed records, and the holds that stop it. Reads only."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from greenlane.apps.audit import models, queries
from greenlane.apps.audit.projection import registry
from greenlane.apps.audit.retention import Kept, kept_until
from greenlane.core.ledger import read_body, step_of
from greenlane.core.program import Program, RetentionRule


@dataclass(frozen=True, slots=True)
class Due:
    """Sealed records that may be erased: of whom, by which rule, since when; places ascending.

    ``of`` is "" in an account's own stream; ``since`` is the latest of their days, ``says`` why.
    """

    stream: str
    of: str
    rule: str
    seqs: tuple[int, ...]
    since: date
    says: str


def kept_of(stream: str, rule: RetentionRule, seqs: Sequence[int]) -> list[Kept]:
    """Return until when a rule keeps the sealed records of some events; unknown ones are left out.

    In an account's stream the marks of its history count. A stream that is of no account is counted
    by the app that owns it: that of people for each of them alone, the office's act by act.
    """
    rows = models.Event.objects.filter(stream=stream).order_by("seq")
    keeper = registry().keepers.get(stream)
    if keeper is not None:
        bodies = rows.filter(seq__in=list(seqs)).values_list("body", flat=True)
        return keeper(rule, [read_body(bytes(body)) for body in bodies])
    rows = rows.filter(Q(kind="step") | Q(seq__in=list(seqs)))
    events = [read_body(bytes(body)) for body in rows.values_list("body", flat=True)]
    steps = [step for step in map(step_of, events) if step is not None]
    wanted = set(seqs)
    return [
        Kept(
            event["seq"],
            "",
            kept_until(
                rule,
                seq=event["seq"],
                recorded_on=date.fromisoformat(event["recorded_on"]),
                steps=steps,
            ),
        )
        for event in events
        if event["seq"] in wanted
    ]


def holds_against(stream: str, of: Collection[str]) -> list[str]:
    """Return the holds that stop an erasure of these: on the stream, on them, or elsewhere."""
    standing = [hold for hold in queries.holds_of(stream) if hold.lifted_on is None]
    found = [hold.hold for hold in standing if not hold.of or hold.of in of]
    for holder in registry().holders:
        found += holder(stream, of)
    return found


def due_for_erasure(stream: str, *, program: Program, on: date) -> list[Due]:
    """Return what of a stream may be erased on ``on``, held or not; empty where no period is set.

    Args:
        stream: Key of the chain.
        program: The pack whose retention rules count.
        on: The day.
    """
    found: list[Due] = []
    for rule in program.retention.values():
        if rule.period is None:
            continue
        seqs = queries.kept_seqs(stream, rule.id)
        over: dict[str, list[Kept]] = {}
        for kept in kept_of(stream, rule, seqs) if seqs else ():
            if kept.term.until is not None and kept.term.until <= on:
                over.setdefault(kept.of, []).append(kept)
        for of, records in over.items():
            latest = max(records, key=lambda one: one.term.until or date.min)
            places = tuple(one.seq for one in records)
            since = latest.term.until or on
            found.append(Due(stream, of, rule.id, places, since, latest.term.says))
    return found
