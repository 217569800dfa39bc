"""Turns the core's explanations and guard answers into what "why?" shows."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from greenlane.core.facts import VOCABULARY, FactValue
from greenlane.core.lifecycle.decide import GuardAnswer
from greenlane.core.rules.evaluate import Explanation
from greenlane.core.rules.tree import Is
from greenlane.core.text import Text
from greenlane.core.vocabulary import Truth
from greenlane.web.ui.pieces import Gate, WhyNode
from greenlane.web.ui.rule_words import leaf_words, value_words
from greenlane.web.ui.words import in_language, sentence


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
        "not": _("This must not be so"),
    }.get(explanation.says)
    if joined is not None:
        # "Must not be so: yes" would be read both ways.
        met = {Truth.YES: _("met"), Truth.NO: _("not met")}.get(explanation.truth, "")
        told = met if explanation.says == "not" else ""
        return WhyNode(joined, explanation.truth.value, "", parts, told)
    rule = explanation.rule
    says = _leaf(explanation.says, words or {}) if rule is None else leaf_words(rule, words or {})
    fact = getattr(rule, "fact", "")
    seen = _seen(fact, explanation.value)
    if isinstance(rule, Is) and rule.value is False:
        # "A debt is unpaid is no: yes (no)" says the plain thing twice turned round.
        wording = leaf_words(Is(rule.fact, True), words or {})
        says = _("%(fact)s (must be “no”)") % {"fact": wording}
        told = seen if explanation.value is not None else ""
        return WhyNode(says, explanation.truth.value, seen, parts, told)
    return WhyNode(says, explanation.truth.value, seen, parts)


def _leaf(says: str, words: Mapping[str, Text | str]) -> str:
    """Replace the fact's name by its wording: a reader does not know the vocabulary."""
    says = says.removesuffix(" is yes")
    for token in says.split():
        if token in words:
            return says.replace(token, in_language(words[token]), 1)
        if token in VOCABULARY:
            return says.replace(token, VOCABULARY[token].meaning, 1)
    return says


def _seen(fact: str, value: FactValue | None) -> str:
    return _("not recorded") if value is None else value_words(fact, value)


def gate_of(answer: GuardAnswer, *, language: str, href: str = "") -> Gate:
    """Return one guard's answer as a gate of the decision bar."""
    guard = answer.guard
    return Gate(
        title=sentence(guard.message.in_(language)),
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
