"""Finds the acts of an incident in a pack by what they set, not by the pack's name for them."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from greenlane.core.marks import Mark
from greenlane.core.program import Program, Transition, UnknownRuleId
from greenlane.core.vocabulary import Power


class Doing(StrEnum):
    """What is done about an incident."""

    REPORT = "report"
    REVIEW = "review"
    ASK_ANALYSIS = "ask_analysis"
    GIVE_ANALYSIS = "give_analysis"


_MARKS: Final = {
    Doing.REPORT: Mark.INCIDENT_REPORTED,
    Doing.REVIEW: Mark.INCIDENT_REVIEWED,
    Doing.ASK_ANALYSIS: Mark.ANALYSIS_ASKED,
    Doing.GIVE_ANALYSIS: Mark.ANALYSIS_GIVEN,
}


def act_that(program: Program, doing: Doing) -> Transition:
    """Return the row of the pack's table that does it.

    Raises:
        UnknownRuleId: the pack has none: its program does without.
    """
    for row in program.transitions.values():
        if _MARKS[doing] in row.marks:
            return row
    raise UnknownRuleId(
        "Pack {program} has no act that does {doing} about an incident.",
        program=program.id,
        doing=doing.value,
    )


def keeps_incidents(program: Program) -> bool:
    """Tell whether the program's incidents are kept one by one, with their joint review."""
    marks = frozenset().union(*(row.marks for row in program.transitions.values()))
    return marks.issuperset(_MARKS.values())


def is_of_incident(program: Program, row: Transition) -> bool:
    """Tell whether an act is done on the pages of an incident: they do more than the step."""
    is_carried = Mark.CARRIED_OVER in row.marks
    is_one = not marks_of_incidents().isdisjoint(row.marks) and not is_carried
    return is_one and keeps_incidents(program)


def marks_of_incidents() -> frozenset[Mark]:
    """Return the marks that the acts of an incident set."""
    return frozenset(_MARKS.values())


def kinds_of(program: Program) -> dict[str, str]:
    """Return the codes of kinds of incidents that the pack has, in its order."""
    row = act_that(program, Doing.REPORT)
    return {code: code for code in program.reasons if code.partition(".")[0] in row.reasons}


def discoverers(program: Program) -> frozenset[str]:
    """Return the roles that record what the office found out by itself."""
    return program.roles_that_may(Power.STATE_FACTS)
