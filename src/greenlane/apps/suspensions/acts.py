"""Finds the acts of a suspension in a pack by what they set, not by the pack's name for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Final, Protocol

from greenlane.apps.incidents.acts import is_of_incident
from greenlane.apps.validations.acts import is_of_case
from greenlane.content.packs import load_program
from greenlane.core.lifecycle.decide import Refused
from greenlane.core.marks import Mark
from greenlane.core.program import Program, Transition, UnknownRuleId
from greenlane.core.vocabulary import AppealStatus, Axis, Phase, Power

if TYPE_CHECKING:
    from greenlane.apps.members.models import Account


class Doing(StrEnum):
    """What is done about a member's standing when trust fails."""

    NOTIFY = "notify"
    HEAR = "hear"
    SUSPEND = "suspend"
    SUSPEND_PART = "suspend_part"
    SUSPEND_AT_ONCE = "suspend_at_once"
    CONFIRM_URGENCY = "confirm_urgency"
    LIFT_URGENCY = "lift_urgency"
    ANSWER = "answer"
    REINSTATE = "reinstate"
    RESTORE_PART = "restore_part"
    REMOVE = "remove"
    REMOVE_AT_ONCE = "remove_at_once"
    CLOSE_UNANSWERED = "close_unanswered"
    APPEAL = "appeal"
    GRANT = "grant"
    UPHOLD = "uphold"


_MARKS: Final = {
    Doing.NOTIFY: Mark.HEARING_OPENED,
    Doing.HEAR: Mark.HEARING_ANSWERED,
    Doing.SUSPEND: Mark.SUSPENDED,
    Doing.SUSPEND_PART: Mark.PARTLY_SUSPENDED,
    Doing.SUSPEND_AT_ONCE: Mark.URGENTLY_SUSPENDED,
    Doing.CONFIRM_URGENCY: Mark.URGENCY_REVIEWED,
    Doing.LIFT_URGENCY: Mark.URGENCY_REVIEWED,
    Doing.ANSWER: Mark.SUSPENSION_ANSWERED,
    Doing.REINSTATE: Mark.REINSTATED,
    Doing.RESTORE_PART: Mark.PARTLY_RESTORED,
    Doing.REMOVE: Mark.REMOVED,
    Doing.REMOVE_AT_ONCE: Mark.REMOVED,
    Doing.CLOSE_UNANSWERED: Mark.CLOSED_FOR_NO_ANSWER,
    Doing.APPEAL: Mark.APPEAL_FILED,
    Doing.GRANT: Mark.APPEAL_DECIDED,
    Doing.UPHOLD: Mark.APPEAL_DECIDED,
}
# A mark that several of these set: what else a row must have, or must not.
_WITHOUT: Final[Mapping[Doing, frozenset[Mark]]] = {
    Doing.SUSPEND: frozenset({Mark.URGENTLY_SUSPENDED}),
    Doing.CONFIRM_URGENCY: frozenset({Mark.REINSTATED}),
    Doing.REINSTATE: frozenset({Mark.URGENCY_REVIEWED}),
    Doing.RESTORE_PART: frozenset({Mark.REINSTATED}),
}
ENDINGS: Final = (
    Doing.ANSWER,
    Doing.REINSTATE,
    Doing.RESTORE_PART,
    Doing.REMOVE,
    Doing.CLOSE_UNANSWERED,
)
"""What is done to a suspension that is in force."""
_APPEALS: Final = frozenset({Doing.APPEAL, Doing.GRANT, Doing.UPHOLD})


def acts_that(program: Program, doing: Doing) -> tuple[Transition, ...]:
    """Return the rows of the pack's table that do it, in the pack's order."""
    return tuple(row for row in program.transitions.values() if _does(program, row, doing))


def act_that(program: Program, doing: Doing) -> Transition:
    """Return the row that does it, the first where there are several.

    Raises:
        UnknownRuleId: the pack has none: its program does without.
    """
    for row in acts_that(program, doing):
        return row
    raise UnknownRuleId(
        "Pack {program} has no act that does {doing} about a suspension.",
        program=program.id,
        doing=doing.value,
    )


def _does(program: Program, row: Transition, doing: Doing) -> bool:
    marks = set(row.marks)
    # What takes an earlier suspension over from a file sets its marks too, without a case.
    if Mark.CARRIED_OVER in marks:
        return False
    if _MARKS[doing] not in marks or marks & _WITHOUT.get(doing, frozenset()):
        return False
    # What a granted appeal gives back is the appeal's act.
    if (row.axis is Axis.APPEAL) != (doing in _APPEALS):
        return False
    if doing is Doing.LIFT_URGENCY:
        return Mark.REINSTATED in marks
    if doing in (Doing.REMOVE, Doing.REMOVE_AT_ONCE):
        suspended = program.statuses_in(Phase.SUSPENDED)
        starts = row.sources.get(Axis.MEMBERSHIP, frozenset())
        return (doing is Doing.REMOVE) == bool(starts & suspended)
    if doing in (Doing.GRANT, Doing.UPHOLD):
        target = row.changes.get(Axis.APPEAL)
        wanted = AppealStatus.GRANTED if doing is Doing.GRANT else AppealStatus.UPHELD
        return target is not None and target.value == wanted
    return True


# --- What somebody asks for, and which act answers it ---------------------------------------------


class Word(StrEnum):
    """What is asked for about one suspension, at whichever door."""

    NOTICE = "notice"
    HEAR = "hear"
    DECIDE = "decide"
    APPROVE = "approve"
    DECLINE = "decline"
    PLAN = "plan"
    PROVE = "prove"
    JUDGE = "judge"
    REVIEW = "review"
    REINSTATE = "reinstate"
    REMOVE = "remove"
    CLOSE = "close"


class CaseLike(Protocol):
    """What of a suspension tells which act answers a word."""

    @property
    def state(self) -> str:
        """PROPOSED, NOTIFIED, IN_FORCE, or how it ended."""

    @property
    def path(self) -> str:
        """NORMAL or URGENT."""

    @property
    def degree(self) -> str:
        """FULL, PART or REMOVAL."""

    @property
    def reviewed_on(self) -> date | None:
        """The day of the review afterwards."""


@dataclass(frozen=True, slots=True)
class Stage:
    """From which suspensions a word starts, and what answers it by what the suspension takes."""

    doings: Mapping[str, Doing]
    states: tuple[str, ...]
    paths: tuple[str, ...] = ("NORMAL", "URGENT")


_PROPOSED, _OPEN, _IN_FORCE = ("PROPOSED",), ("PROPOSED", "NOTIFIED"), ("IN_FORCE",)
_DECISIONS: Final = {
    "FULL": Doing.SUSPEND,
    "PART": Doing.SUSPEND_PART,
    "REMOVAL": Doing.REMOVE_AT_ONCE,
}
_ANSWERED: Final = {"FULL": Doing.ANSWER, "PART": Doing.ANSWER}
STAGES: Final[Mapping[Word, Stage]] = {
    Word.NOTICE: Stage({"FULL": Doing.NOTIFY, "PART": Doing.NOTIFY}, _PROPOSED, ("NORMAL",)),
    Word.HEAR: Stage({"FULL": Doing.HEAR, "PART": Doing.HEAR}, ("NOTIFIED",)),
    Word.DECIDE: Stage(_DECISIONS, _OPEN, ("NORMAL",)),
    Word.APPROVE: Stage({"FULL": Doing.SUSPEND_AT_ONCE}, _PROPOSED, ("URGENT",)),
    Word.DECLINE: Stage(_DECISIONS, _OPEN),
    Word.PLAN: Stage(_ANSWERED, _IN_FORCE),
    Word.PROVE: Stage(_ANSWERED, _IN_FORCE),
    Word.JUDGE: Stage(_ANSWERED, _IN_FORCE),
    Word.REVIEW: Stage({"FULL": Doing.CONFIRM_URGENCY}, _IN_FORCE, ("URGENT",)),
    Word.REINSTATE: Stage({"FULL": Doing.REINSTATE, "PART": Doing.RESTORE_PART}, _IN_FORCE),
    Word.REMOVE: Stage({"FULL": Doing.REMOVE}, _IN_FORCE),
    Word.CLOSE: Stage({"FULL": Doing.CLOSE_UNANSWERED}, _IN_FORCE),
}


def check_fits(case: CaseLike, word: Word) -> None:
    """Refuse a word that this suspension does not answer.

    Raises:
        Refused: ``suspension.wrong_state``, ``suspension.urgent``, ``suspension.not_urgent``,
            ``suspension.wrong_degree`` or ``suspension.reviewed``.
    """
    stage = STAGES[word]
    if case.state not in stage.states:
        raise Refused(
            "suspension.wrong_state",
            "This act does not apply, or no longer, to where the suspension stands. Open it again "
            "to see where that is.",
        )
    if case.path not in stage.paths:
        if case.path == "URGENT":
            raise Refused(
                "suspension.urgent",
                "This is on the urgent path: it takes effect without notice. Approve it there.",
            )
        raise Refused(
            "suspension.not_urgent",
            "Only the urgent path takes effect without notice, and is reviewed afterwards.",
        )
    if case.degree not in stage.doings:
        raise Refused(
            "suspension.wrong_degree",
            "This is not done to what this suspension takes: only a full one is removed or closed, "
            "and a removal at once has neither notice nor plan.",
        )
    if word is Word.REVIEW and case.reviewed_on is not None:
        raise Refused("suspension.reviewed", "This suspension was reviewed already.")


def fits(case: CaseLike, word: Word) -> bool:
    """Tell whether a suspension answers a word, as `check_fits` does."""
    try:
        check_fits(case, word)
    except Refused:
        return False
    return True


def act_for(
    program: Program, word: Word, case: CaseLike, *, is_confirmed: bool = True
) -> Transition:
    """Return the act that answers a word about a suspension.

    Args:
        program: The rules.
        word: What is asked for; ``case`` must fit it.
        case: The suspension; what it takes decides.
        is_confirmed: Of a review: whether it confirms, or lifts.

    Raises:
        Refused: as `check_fits` says, for what the suspension takes.
    """
    doing = STAGES[word].doings.get(case.degree)
    if doing is None:
        check_fits(case, word)
        doing = next(iter(STAGES[word].doings.values()))
    if word is Word.REVIEW and not is_confirmed:
        doing = Doing.LIFT_URGENCY
    return act_that(program, doing)


def act_that_takes(program: Program, path: str, degree: str) -> Transition:
    """Return the act by which a suspension on this path would take this degree."""
    word = Word.APPROVE if path == "URGENT" else Word.DECIDE
    return act_that(program, STAGES[word].doings[degree])


def roles_for(program: Program, word: Word) -> frozenset[str]:
    """Return every role that may answer a word about some suspension."""
    doings = {*STAGES[word].doings.values()}
    if word is Word.REVIEW:
        doings.add(Doing.LIFT_URGENCY)
    rows = [act_that(program, doing) for doing in doings]
    return frozenset().union(*(row.by | row.second_by for row in rows))


def act_of_appeal(account: Account) -> Transition:
    """Return the act by which this account appeals from where it stands.

    Where none starts from here, the pack's first: doing it is refused with the reason.
    """
    rows = acts_that(load_program(account.program), Doing.APPEAL)
    fitting = [row for row in rows if starts_here(account, row)]
    return fitting[0] if fitting else rows[0]


def starts_here(account: Account, row: Transition) -> bool:
    """Tell whether an act of the table starts from where this account stands."""
    return row.starts_from({axis: str(getattr(account, axis.value)) for axis in Axis})


def judges_of_appeals(program: Program, *, is_granted: bool) -> frozenset[str]:
    """Return the roles that grant an appeal, by whichever act, or uphold the decision."""
    rows = acts_that(program, Doing.GRANT if is_granted else Doing.UPHOLD)
    return frozenset().union(*(row.by for row in rows))


# --- What a program has ---------------------------------------------------------------------------


def keeps_suspensions(program: Program) -> bool:
    """Tell whether the program's suspensions are kept as cases, with their own pages.

    A program whose table does without some of these acts drives its suspensions by the acts of the
    table like any other act.
    """
    return all(acts_that(program, doing) for doing in Doing)


def is_of_suspension(program: Program, row: Transition) -> bool:
    """Tell whether an act is done on the pages of a suspension: they do more than the step."""
    return keeps_suspensions(program) and any(_does(program, row, doing) for doing in Doing)


def proposers(program: Program) -> frozenset[str]:
    """Return the roles that propose a suspension: the field office, and who decides at once."""
    at_once = act_that(program, Doing.SUSPEND_AT_ONCE)
    return program.roles_that_may(Power.REVIEW) | at_once.by | at_once.second_by


def judges_of_plans(program: Program) -> frozenset[str]:
    """Return the roles that judge whether a step of a plan was carried out."""
    return program.roles_that_may(Power.REVIEW)


def gives_back(program: Program, act: str) -> Mark | None:
    """Return what a granted appeal against a decision gives back; None: nothing by itself."""
    row = program.transitions.get(act)
    if row is None:
        return None
    if Mark.PARTLY_SUSPENDED in row.marks:
        return Mark.PARTLY_RESTORED
    if Mark.TIER_LOWERED in row.marks:
        return Mark.TIER_RAISED
    return Mark.REINSTATED


def has_pages(program: Program, row: Transition) -> bool:
    """Tell whether an act belongs to a case of any kind, whose pages do more than the step."""
    return (
        is_of_case(program, row) or is_of_incident(program, row) or is_of_suspension(program, row)
    )


class CaseKind(StrEnum):
    """What kind of case an act belongs to; each door knows where it keeps its pages."""

    VALIDATION = "validation"
    INCIDENT = "incident"
    SUSPENSION = "suspension"
    APPEAL = "appeal"


def kind_of_case(program: Program, row: Transition) -> CaseKind:
    """Return the kind of case that an act belongs to, where it has one: see `has_pages`."""
    if is_of_incident(program, row):
        return CaseKind.INCIDENT
    if not is_of_suspension(program, row):
        return CaseKind.VALIDATION
    return CaseKind.APPEAL if row.axis is Axis.APPEAL else CaseKind.SUSPENSION
