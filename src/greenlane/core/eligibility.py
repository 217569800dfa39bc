"""Whether a company may be in the program as this entity type: three-valued, with citations."""

from __future__ import annotations

from dataclasses import dataclass

from greenlane.core.facts import Facts
from greenlane.core.program import EligibilityRule, Program
from greenlane.core.rules.evaluate import Explanation, explain
from greenlane.core.vocabulary import Truth


@dataclass(frozen=True, slots=True)
class StatementAnswer:
    """The answer to one eligibility statement, with the tree that led to it."""

    rule: EligibilityRule
    truth: Truth
    why: Explanation


@dataclass(frozen=True, slots=True)
class Eligibility:
    """The whole answer: yes only when every statement is a yes; no as soon as one is a no."""

    truth: Truth
    answers: tuple[StatementAnswer, ...]


def eligibility(program: Program, entity_type: str, facts: Facts) -> Eligibility:
    """Return whether ``facts`` satisfy every eligibility statement of the entity type.

    An entity type without statements, or one the pack does not have, cannot tell: unknown never
    passes as yes.
    """
    entity = program.entity_types.get(entity_type)
    rules = entity.eligibility if entity else ()
    explained = ((rule, explain(rule.rule, facts)) for rule in rules)
    answers = tuple(StatementAnswer(rule, why.truth, why) for rule, why in explained)
    truths = {answer.truth for answer in answers}
    if Truth.NO in truths:
        return Eligibility(Truth.NO, answers)
    if not truths or Truth.UNKNOWN in truths:
        return Eligibility(Truth.UNKNOWN, answers)
    return Eligibility(Truth.YES, answers)
