"""Says a rule of the pack in the reader's language: facts by meaning, codes by their titles."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from greenlane.core.calendar import Period
from greenlane.core.facts import DUTY_PREFIX, OVERDUE_PREFIX, VOCABULARY, FactValue
from greenlane.core.program import Program
from greenlane.core.rules.tree import (
    AtLeast,
    AtMost,
    Beyond,
    Includes,
    Is,
    Known,
    OneOf,
    Rule,
    Within,
)
from greenlane.core.text import Text
from greenlane.gate.access import the_program
from greenlane.web.ui.refusals import axis_words, status_words
from greenlane.web.ui.words import day_words, in_language, number_words

Words = Mapping[str, Text | str]


def leaf_words(rule: Rule, words: Words) -> str:
    """Return a leaf of a rule as a phrase.

    Args:
        rule: A rule without parts.
        words: Fact name to a wording that goes before the vocabulary's own.
    """
    if not isinstance(rule, Known | Is | OneOf | Includes | AtLeast | AtMost | Within | Beyond):
        return ""
    fact = in_language(words[rule.fact]) if rule.fact in words else fact_words(rule.fact)
    if isinstance(rule, Known):
        return _("%(fact)s is known") % {"fact": fact}
    if isinstance(rule, Is):
        if rule.value is True:
            return fact
        return _("%(fact)s is %(value)s") % {
            "fact": fact,
            "value": value_words(rule.fact, rule.value),
        }
    if isinstance(rule, OneOf | Includes):
        values = ", ".join(value_words(rule.fact, one) for one in sorted(rule.values))
        if isinstance(rule, OneOf):
            return _("%(fact)s is one of %(values)s") % {"fact": fact, "values": values}
        return _("%(fact)s includes one of %(values)s") % {"fact": fact, "values": values}
    if isinstance(rule, AtLeast):
        return _("%(fact)s is at least %(number)s") % {"fact": fact, "number": rule.value}
    if isinstance(rule, AtMost):
        return _("%(fact)s is at most %(number)s") % {"fact": fact, "number": rule.value}
    period = {"fact": fact, "period": period_words(rule.period)}
    if isinstance(rule, Within):
        return _("%(fact)s is within %(period)s before the day of the act") % period
    return _("more than %(period)s have passed since %(fact)s") % period


def fact_words(name: str) -> str:
    """Return what a fact means; its name where the vocabulary has no such word."""
    program = the_program()
    family, _dot, rest = name.partition(".")
    if family in {"mark", "has", "days_since"}:
        return _mark_words(program, family, rest)
    if name.startswith(DUTY_PREFIX):
        return _("state of the duty %(duty)s") % {"duty": _duty_words(program, rest)}
    if name.startswith(OVERDUE_PREFIX):
        return _("the duty %(duty)s is overdue") % {"duty": _duty_words(program, rest)}
    if family == "standing" and axis_words(rest) != rest:
        return axis_words(rest)
    return _(VOCABULARY[name].meaning) if name in VOCABULARY else name


def _mark_words(program: Program, family: str, mark: str) -> str:
    acts = [
        in_language(row.title)
        for row in program.transitions.values()
        if any(str(one) == mark for one in row.marks)
    ]
    act = {"act": " / ".join(acts) or mark}
    if family == "mark":
        return _("day of the latest “%(act)s”") % act
    if family == "has":
        return _("“%(act)s” has happened") % act
    return _("calendar days since “%(act)s”") % act


def _duty_words(program: Program, rule: str) -> str:
    found = program.deadlines.get(rule)
    return f"{rule} ({in_language(found.title)})" if found else rule


def value_words(name: str, value: FactValue) -> str:
    """Return a value of a fact: yes and no, days, numbers, and titles for the pack's codes."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, date):
        return day_words(value)
    if isinstance(value, int):
        return number_words(value)
    if isinstance(value, frozenset):
        return ", ".join(value_words(name, one) for one in sorted(value)) or _("none")
    program = the_program()
    if name == "standing.entity_type" and value in program.entity_types:
        return in_language(program.entity_types[value].title)
    if name.startswith("standing."):
        return status_words(value, axis=name.removeprefix("standing."))
    if name.startswith(DUTY_PREFIX):
        return {
            "none": _("none"),
            "open": _("open"),
            "overdue": _("overdue"),
            "met": _("met"),
            "lapsed": _("lapsed"),
            "stopped": _("stopped"),
        }.get(value, value)
    return value


def period_words(period: Period) -> str:
    """Return a length of time: ``90 days``, ``1 año``."""
    parts = []
    if period.years:
        parts.append(
            ngettext("%(count)d year", "%(count)d years", period.years) % {"count": period.years}
        )
    if period.months:
        parts.append(
            ngettext("%(count)d month", "%(count)d months", period.months)
            % {"count": period.months}
        )
    if period.days or not parts:
        parts.append(
            ngettext("%(count)d day", "%(count)d days", period.days) % {"count": period.days}
        )
    return " ".join(parts)
