"""Turns the core's explanations and guard answers into what "why?" shows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.utils.translation import gettext as _

from greenlane.core.facts import VOCABULARY, FactValue
from greenlane.core.lifecycle.decide import GuardAnswer
from greenlane.core.rules.evaluate import Explanation
from greenlane.core.text import Text
from greenlane.core.vocabulary import Truth
from greenlane.web.ui.pieces import Gate, WhyNode
from greenlane.web.ui.words import day_words, in_language, number_words


def why_tree(explanation: Explanation, words: Mapping[str, Text | str] | None = None) -> WhyNode:
    """Return an explanation as lines of a page.

    Args:
        explanation: The rule's answer on the facts at hand.
        words: Fact name to its wording; without one, the vocabulary's own meaning is shown.
    """
    parts = tuple(why_tree(part, words) for part in explanation.parts)
    joined = {
        "all of": _("All of these"),
        "any of": _("At least one of these"),
        "not": _("The opposite of this"),
    }.get(explanation.says)
    if joined is not None:
        return WhyNode(joined, explanation.truth.value, "", parts)
    return WhyNode(
        _leaf(explanation.says, words or {}),
        explanation.truth.value,
        _seen(explanation.value),
        parts,
    )


def _leaf(says: str, words: Mapping[str, Text | str]) -> str:
    """Replace the fact's name by its wording: a reader does not know the vocabulary."""
    says = says.removesuffix(" is yes")
    for token in says.split():
        if token in words:
            return says.replace(token, in_language(words[token]), 1)
        if token in VOCABULARY:
            return says.replace(token, VOCABULARY[token].meaning, 1)
    return says


def _seen(value: FactValue | None) -> str:
    if value is None:
        return _("not recorded")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, date):
        return day_words(value)
    if isinstance(value, int):
        return number_words(value)
    if isinstance(value, frozenset):
        return ", ".join(sorted(value)) or _("none")
    return value


def gate_of(answer: GuardAnswer, *, language: str, href: str = "") -> Gate:
    """Return one guard's answer as a gate of the decision bar."""
    guard = answer.guard
    return Gate(
        title=guard.message.in_(language),
        truth=Truth(answer.truth).value,
        source=guard.source.citation,
        confidence=guard.source.confidence.value,
        href=href,
        why=answer.why,
    )


def confidence_words(code: str) -> str:
    """Return how sure the source of a rule is, in words."""
    return {
        "S": _("read in the statute"),
        "P": _("read on an official page"),
        "C": _("secondary source"),
        "U": _("unverified"),
        "D": _("a ruling an office may change"),
    }.get(code, "")
