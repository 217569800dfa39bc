"""An appeal: filed by an officer, determined with reasons; by itself it lifts nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from greenlane.apps.audit.actions import one_at_a_time
from greenlane.apps.audit.queries import event_at
from greenlane.apps.certification.actions import Person
from greenlane.apps.incidents.actions import Files, check_documents, keep_files
from greenlane.apps.members.models import Account
from greenlane.apps.members.queries import case_of
from greenlane.apps.suspensions import queries
from greenlane.apps.suspensions.actions.recording import (
    advance,
    check_other_person,
    event,
    letter_of,
)
from greenlane.apps.suspensions.acts import Doing, act_of_appeal, act_that, acts_that, gives_back
from greenlane.apps.suspensions.models import Appeal, Suspension
from greenlane.apps.validations.actions.recording import clean
from greenlane.content.packs import load_program
from greenlane.core.canonical import Json
from greenlane.core.lifecycle.decide import Actor, Refused
from greenlane.core.marks import Mark
from greenlane.core.program import Transition

_RESTORING = frozenset({Mark.REINSTATED, Mark.PARTLY_RESTORED, Mark.TIER_RAISED})
_APPEALED_STATES = ("IN_FORCE", "REMOVED", "CLOSED")


@one_at_a_time
def file_appeal(
    *,
    account: Account,
    words: str,
    by: Actor,
    at: datetime,
    documents: Sequence[int] = (),
    files: Files = (),
    via: str = "",
) -> Appeal:
    """Appeal the latest decision, as an officer of the company (T17, A02).

    Raises:
        BadInput: no words. Refused: the window is closed, or the role may not.
        NoSuchDocument, Conflict.

    Source: 6 U.S.C. 967(c).
    """
    program = load_program(account.program)
    said = clean(words, "why the decision should not stand")
    check_documents(account.stream, documents, is_company=True)
    kept = [*documents, *keep_files(account, files, by=by, at=at, via=via)]
    decision = case_of(account).standing().latest_decision
    payload: dict[str, Json] = {
        "number": len(queries.appeals_of(account.stream)) + 1,
        "decision": decision.seq if decision else 0,
        "act": decision.act if decision else "",
        "documents": kept,
    }
    draft = event(
        "appeal.filed",
        payload,
        on=program.day_of(at),
        by=by,
        via=via,
        words={"words": said},
    )
    advance(account, act_of_appeal(account), by=by, at=at, via=via, before=[draft])
    return queries.open_appeal(account.stream)


def act_of_grant(account: Account, appeal: Appeal, by: Actor, *, at: datetime) -> Transition:
    """Return the act that grants this appeal: what it gives back is what that decision took.

    Raises:
        Refused: a later decision stands in the way, so that nothing may be given back here.
    """
    program = load_program(account.program)
    wanted = gives_back(program, appeal.decision_act)
    case = case_of(account, {"appeal.is_reasoned": True})
    lawful = [
        one.transition
        for one in case.available(by, on=program.day_of(at))
        if one.is_lawful and one.transition in acts_that(program, Doing.GRANT)
    ]
    giving = [row for row in lawful if wanted in row.marks]
    plain = [row for row in lawful if _RESTORING.isdisjoint(row.marks)]
    if _is_latest(account, appeal) and giving:
        return giving[0]
    if plain:
        return plain[0]
    raise Refused(
        "appeal.later_decision",
        "A later decision holds this account where it is. Decide the appeal against that one, or "
        "uphold this one.",
    )


def _is_latest(account: Account, appeal: Appeal) -> bool:
    latest = case_of(account).standing().latest_decision
    return latest is not None and latest.seq == appeal.decision_seq


@one_at_a_time
def decide_appeal(
    *,
    account: Account,
    is_granted: bool,
    words: str,
    by: Person,
    at: datetime,
    language: str = "en",
    via: str = "",
) -> Appeal:
    """Determine the open appeal, with reasons: grant it, or uphold the decision (T18, A01 ...).

    A grant gives back status and tier as they were before (R17).

    Raises:
        BadInput: no reasons. Refused: not lawful now, the role may not, or whoever decides had a
            part in what is appealed.
        LetterNotSet, NoSuchAppeal, Conflict.

    Source: 6 U.S.C. 967(c): a reasoned determination within 180 days.
    """
    program = load_program(account.program)
    appeal = queries.open_appeal(account.stream)
    case = queries.decided_at(account.stream, appeal.decision_seq)
    _check_people(account, appeal, case, by.actor)
    said = clean(words, "the reasons for the determination")
    row = act_that(program, Doing.UPHOLD)
    if is_granted:
        row = act_of_grant(account, appeal, by.actor, at=at)
    letter = letter_of(account, row, by=by, at=at, language=language, via=via, paragraphs=(said,))
    payload: dict[str, Json] = {
        "appeal": appeal.seq,
        "outcome": "GRANTED" if is_granted else "UPHELD",
        "overturns": _overturned(case, row) if case and is_granted else 0,
    }
    draft = event(
        "appeal.decided",
        payload,
        on=program.day_of(at),
        by=by.actor,
        via=via,
        words={"words": said},
    )
    advance(account, row, by=by.actor, at=at, via=via, words=said, before=[*letter, draft])
    return queries.appeals_of(account.stream)[0]


def _check_people(account: Account, appeal: Appeal, case: Suspension | None, by: Actor) -> None:
    """Refuse whoever had a part in the decision that is appealed, or in anything of its case."""
    decision = event_at(account.stream, appeal.decision_seq).fields
    took_part = [decision["actor"], decision["second"]]
    if case is not None:
        took_part += [
            case.proposed_by,
            case.decided_by,
            case.decided_second,
            case.reviewed_by,
            case.ended_by,
        ]
    check_other_person(by, *took_part)


def _overturned(case: Suspension, row: Transition) -> int:
    """Return the place of the suspension that a grant ends; 0 where it gives nothing of it back."""
    if case.state not in _APPEALED_STATES:
        return 0
    back = Mark.PARTLY_RESTORED if case.degree == "PART" else Mark.REINSTATED
    return case.seq if back in row.marks else 0
