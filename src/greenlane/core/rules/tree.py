"""The nodes of a rule tree: frozen, comparable, without behavior.

A node never holds code or a path to code: packs are data.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from greenlane.core.calendar import Period
from greenlane.core.facts import FactValue


@dataclass(frozen=True, slots=True)
class AllOf:
    """Yes when every part is yes; no as soon as one is no."""

    parts: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Yes as soon as one part is yes; no when every part is no."""

    parts: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Turns yes and no around; cannot tell stays."""

    part: Rule


@dataclass(frozen=True, slots=True)
class Known:
    """Yes when the fact is known, else no: the only node that is never "cannot tell"."""

    fact: str


@dataclass(frozen=True, slots=True)
class Is:
    """The fact equals the value."""

    fact: str
    value: FactValue


@dataclass(frozen=True, slots=True)
class OneOf:
    """The text fact is one of the values."""

    fact: str
    values: frozenset[str]


@dataclass(frozen=True, slots=True)
class Includes:
    """The set fact holds at least one of the values."""

    fact: str
    values: frozenset[str]


@dataclass(frozen=True, slots=True)
class AtLeast:
    """The number is the value or more."""

    fact: str
    value: int


@dataclass(frozen=True, slots=True)
class AtMost:
    """The number is the value or less."""

    fact: str
    value: int


@dataclass(frozen=True, slots=True)
class Within:
    """The day lies at most ``period`` before the day of the act, and not after it."""

    fact: str
    period: Period


@dataclass(frozen=True, slots=True)
class Beyond:
    """More than ``period`` has passed since the day: its last day still counts as inside."""

    fact: str
    period: Period


Rule: TypeAlias = (
    AllOf | AnyOf | Not | Known | Is | OneOf | Includes | AtLeast | AtMost | Within | Beyond
)


def facts_of(rule: Rule) -> frozenset[str]:
    """Return the names of all facts the rule asks for."""
    if isinstance(rule, AllOf | AnyOf):
        return frozenset().union(*(facts_of(part) for part in rule.parts))
    if isinstance(rule, Not):
        return facts_of(rule.part)
    if isinstance(rule, Within | Beyond):
        return frozenset({rule.fact, "act.on"})
    return frozenset({rule.fact})
