"""A program of a few rules, for the record's tests."""

from __future__ import annotations

from greenlane.core.calendar import Period, WorkingCalendar
from greenlane.core.marks import Mark
from greenlane.core.program import Program, RetentionRule, Source
from greenlane.core.text import Text
from greenlane.core.vocabulary import Confidence

WORDS = Text({"en": "For tests"})
SOURCE = Source("Test Act, section 1", next(iter(Confidence)))


def rule(key: str, anchors: set[Mark], period: Period | None) -> RetentionRule:
    return RetentionRule(key, WORDS, frozenset(anchors), period, SOURCE)


RULES = (
    rule("K01", {Mark.WITHDRAWN, Mark.REMOVED}, Period(years=5)),
    rule("K02", set(), Period()),
    rule("K03", set(), None),
)

PROGRAM = Program(
    id="test",
    title=WORDS,
    authority_name=WORDS,
    disclaimer=WORDS,
    version="1",
    digest="0" * 64,
    languages=("en",),
    timezone="America/New_York",
    roles={},
    statuses={},
    guards={},
    transitions={},
    deadlines={},
    calendar=WorkingCalendar(),
    closing_marks=frozenset(),
    entity_types={},
    grounds={},
    questions={},
    agreements=(),
    checks={},
    benefits={},
    retention={rule.id: rule for rule in RULES},
    reasons={},
    letters={},
)
