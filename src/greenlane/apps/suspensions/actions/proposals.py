"""From the proposal to the decision: reasons, notice, the company's answer, and the urgent path."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from greenlane.apps.accounts.queries import held_by, names_of
from greenlane.apps.audit.actions import one_at_a_time
from greenlane.apps.certification.actions import Person
from greenlane.apps.incidents import queries as incidents
from greenlane.apps.incidents.actions import Files, check_documents, keep_files
from greenlane.apps.members.models import Account
from greenlane.apps.members.queries import due_after
from greenlane.apps.suspensions import queries
from greenlane.apps.suspensions.actions.recording import (
    Draft,
    advance,
    check_other_person,
    event,
    ground_words,
    letter_of,
    record,
)
from greenlane.apps.suspensions.acts import (
    Doing,
    Word,
    act_for,
    act_that,
    act_that_takes,
    check_fits,
    proposers,
    roles_for,
    starts_here,
)
from greenlane.apps.suspensions.models import DEGREES, PATHS, Suspension
from greenlane.apps.validations.actions.recording import check_role, clean
from greenlane.apps.validations.models import Finding
from greenlane.content.packs import load_program
from greenlane.core.access import reaches
from greenlane.core.canonical import Json
from greenlane.core.errors import BadInput
from greenlane.core.lifecycle.decide import Actor, Refused, reasons_of
from greenlane.core.marks import Mark
from greenlane.core.program import BENEFITS_PART, Program, Transition


@dataclass(frozen=True, slots=True)
class ProposalGiven:
    """A suspension as somebody proposes it.

    Attributes:
        ground: Code of the pack.
        reasons: What the company will be told.
        memo: For the office alone.
        path: NORMAL or URGENT; an urgent one names its reason code in ``urgency``.
        degree: FULL, PART (of ``benefits``) or REMOVAL.
        incidents, discoveries, findings, documents: Places of what it rests on.
        is_aggravated: Aggravated circumstances are shown; asked of a removal.
    """

    ground: str
    reasons: str
    memo: str = ""
    path: str = "NORMAL"
    degree: str = "FULL"
    urgency: str = ""
    benefits: Sequence[str] = ()
    incidents: Sequence[int] = ()
    discoveries: Sequence[int] = ()
    findings: Sequence[int] = ()
    documents: Sequence[int] = ()
    is_aggravated: bool = False


@one_at_a_time
def propose(
    *, account: Account, given: ProposalGiven, by: Actor, at: datetime, via: str = ""
) -> Suspension:
    """Propose a suspension or removal; the company sees nothing of it.

    Raises:
        NotAllowed: the role may not propose, or not an urgent one.
        BadInput: no reasons, an unknown ground, benefit or reason code, or nothing to suspend.
        Refused: a proposal waits already.
        NoSuchIncident, NoSuchDocument: what it rests on is not on the record. Conflict.
    """
    program = load_program(account.program)
    check_role(by, proposers(program))
    _check(account, program, given, by)
    if queries.waiting_proposals([account.stream]):
        raise Refused("proposal.open", "A proposal waits already. Decide or decline it first.")
    payload: dict[str, Json] = {
        # Only what the company knows is counted: a gap would tell it of a proposal that was
        # declined. At most one proposal waits, so none that comes to be known shares a number.
        "number": len(queries.suspensions_for_company(account.stream)) + 1,
        "path": given.path,
        "degree": given.degree,
        "ground": given.ground,
        "urgency": given.urgency,
        "benefits": list(given.benefits),
        "incidents": list(given.incidents),
        "discoveries": list(given.discoveries),
        "findings": list(given.findings),
        "documents": list(given.documents),
        "is_aggravated": given.is_aggravated,
    }
    words = {
        "reasons": clean(given.reasons, "the reasons, as the company will read them"),
        "memo": clean(given.memo, "the office's own note", is_needed=False),
    }
    today = program.day_of(at)
    draft = event("deliberation.proposed", payload, on=today, by=by, via=via, words=words)
    return queries.suspension(account.stream, record(account, draft, at=at, program=program))


def _check(account: Account, program: Program, given: ProposalGiven, by: Actor) -> None:
    if given.path not in PATHS or given.degree not in DEGREES:
        raise BadInput("A suspension is full, partial or a removal, on the normal or urgent path.")
    if given.ground not in program.grounds:
        raise BadInput(
            "{ground!r} is no ground. Use one of {grounds}.",
            ground=given.ground[:20],
            grounds=", ".join(program.grounds),
        )
    unknown = set(given.benefits) - set(program.benefits)
    if unknown or (given.degree == "PART") != bool(given.benefits):
        raise BadInput("Name the benefits that a partial suspension takes; a full one names none.")
    if given.degree == "REMOVAL" and not given.is_aggravated:
        raise BadInput("A removal at once needs aggravated circumstances. Propose a suspension.")
    row = act_that(program, Doing.SUSPEND_AT_ONCE)
    if given.path == "URGENT":
        check_role(by, row.by | row.second_by)
        if given.degree != "FULL" or given.urgency not in reasons_of(program, row):
            raise BadInput("The urgent path suspends in full, and names its reason code.")
    if not starts_here(account, act_that_takes(program, given.path, given.degree)):
        raise BadInput(
            "There is nothing to suspend: this company is no member now, or is suspended already."
        )
    for seq in given.incidents:
        incidents.incident(account.stream, seq)
    for seq in given.discoveries:
        incidents.discovery(account.stream, seq)
    found = Finding.objects.filter(stream=account.stream, seq__in=list(given.findings))
    if found.count() != len(set(given.findings)):
        raise BadInput("A finding that this rests on is not on the record.")
    check_documents(account.stream, given.documents)


@one_at_a_time
def decline(
    *, account: Account, case: int, words: str, by: Actor, at: datetime, via: str = ""
) -> Suspension:
    """Decline a proposal, or drop it after the notice; the company hears of the second only.

    Raises:
        NotAllowed, BadInput, NoSuchSuspension, Conflict.
        Refused: it is decided already, or one's own proposal.
    """
    program = load_program(account.program)
    check_role(by, roles_for(program, Word.DECLINE))
    found = queries.suspension(account.stream, case)
    check_fits(found, Word.DECLINE)
    check_role(by, act_for(program, Word.DECLINE, found).by)
    check_other_person(by, found.proposed_by)
    act = "suspension.dropped" if found.known_on else "deliberation.declined"
    draft = event(
        act,
        {"case": case},
        on=program.day_of(at),
        by=by,
        via=via,
        words={"words": clean(words, "why it is declined")},
    )
    record(account, draft, at=at, program=program)
    return queries.suspension(account.stream, case)


@one_at_a_time
def notify(
    *,
    account: Account,
    case: int,
    by: Person,
    at: datetime,
    language: str = "en",
    via: str = "",
) -> Suspension:
    """Give the company notice of the intended suspension, with the reasons (S04).

    Raises:
        Refused: it is not a proposal on the normal path, or one's own.
        LetterNotSet, NoSuchSuspension, Conflict.

    Source: 6 U.S.C. 967 (appropriate protections before benefits are revoked).
    """
    program = load_program(account.program)
    found = queries.suspension(account.stream, case)
    check_fits(found, Word.NOTICE)
    check_other_person(by.actor, found.proposed_by)
    row, today = act_for(program, Word.NOTICE, found), program.day_of(at)
    letter = letter_of(
        account,
        row,
        by=by,
        at=at,
        language=language,
        via=via,
        code=ground_words(program, found.ground, language),
        due_on=due_after(account, Mark.HEARING_OPENED, on=today),
        paragraphs=_paragraphs(program, row, found, language),
    )
    notified = event("suspension.notified", {"case": case}, on=today, by=by.actor, via=via)
    advance(
        account,
        row,
        by=by.actor,
        at=at,
        via=via,
        case=found,
        given={"ground": found.ground},
        words=found.reasons,
        before=[*letter, notified],
    )
    return queries.suspension(account.stream, case)


def _paragraphs(
    program: Program, row: Transition, case: Suspension, language: str, *more: str
) -> list[str]:
    """Return what the letter of an act says of this case: reasons, benefits, and ``more``."""
    found = [case.reasons]
    said = program.letters.get(row.letter, {}).get(BENEFITS_PART)
    if case.benefits and said is not None:
        titles = [program.benefits[one].title.in_(language) for one in case.benefits]
        found.append(said.in_(language).format(benefits="; ".join(titles)))
    return [*found, *more]


@one_at_a_time
def hear(
    *,
    account: Account,
    case: int,
    words: str,
    by: Actor,
    at: datetime,
    documents: Sequence[int] = (),
    files: Files = (),
    via: str = "",
) -> queries.SuspensionForCompany:
    """Answer the notice, as the company (S05).

    Raises:
        BadInput: no words. NoSuchDocument, Conflict.
        Refused: no notice waits for an answer, or it has one.
    """
    program = load_program(account.program)
    found = queries.suspension_for_company(account.stream, case)
    check_fits(found, Word.HEAR)
    if found.heard_on is not None:
        raise Refused(
            "suspension.heard",
            "The notice was answered on {day}. What is left to say goes to the office directly.",
            day=found.heard_on,
        )
    check_documents(account.stream, documents, is_company=True)
    said = clean(words, "your answer to the notice")
    kept = [*documents, *keep_files(account, files, by=by, at=at, via=via)]
    payload: dict[str, Json] = {"case": case, "documents": kept}
    draft = event(
        "suspension.heard",
        payload,
        on=program.day_of(at),
        by=by,
        via=via,
        words={"words": said},
    )
    advance(account, act_for(program, Word.HEAR, found), by=by, at=at, via=via, before=[draft])
    return queries.suspension_for_company(account.stream, case)


@one_at_a_time
def decide(
    *,
    account: Account,
    case: int,
    words: str,
    by: Person,
    at: datetime,
    language: str = "en",
    via: str = "",
) -> Suspension:
    """Decide a proposal on the normal path: suspend, in full or in part, or remove (T12, T26, T15).

    Args:
        words: Why, after the company was heard; it reads them.

    Raises:
        Refused: a guard does not hold or cannot be told, or it is one's own proposal.
        BadInput: no words. LetterNotSet, NoSuchSuspension, Conflict.

    Source: 6 U.S.C. 967; programme dossier g.2, g.6.
    """
    program = load_program(account.program)
    found = queries.suspension(account.stream, case)
    check_fits(found, Word.DECIDE)
    check_other_person(by.actor, found.proposed_by)
    said = clean(words, "the reasons for the decision")
    row, today = act_for(program, Word.DECIDE, found), program.day_of(at)
    code = ground_words(program, found.ground, language)
    due = due_after(account, Mark.SUSPENDED, on=today)
    letter = letter_of(
        account,
        row,
        by=by,
        at=at,
        language=language,
        via=via,
        code=code,
        due_on=due,
        paragraphs=_paragraphs(program, row, found, language, said),
    )
    advance(
        account,
        row,
        by=by.actor,
        at=at,
        via=via,
        case=found,
        given={"ground": found.ground},
        words=said,
        before=[*letter, _decided(found, today, by.actor, None, via, said)],
    )
    return queries.suspension(account.stream, case)


def _decided(
    case: Suspension, today: date, by: Actor, second: Actor | None, via: str, words: str
) -> Draft:
    payload: dict[str, Json] = {
        "case": case.seq,
        "degree": case.degree,
        "was_known": case.known_on is not None,
    }
    return event(
        "suspension.decided",
        payload,
        on=today,
        by=by,
        second=second,
        via=via,
        words={"words": words},
    )


@one_at_a_time
def approve_at_once(
    *,
    account: Account,
    case: int,
    words: str,
    by: Person,
    at: datetime,
    language: str = "en",
    via: str = "",
) -> Suspension:
    """Approve a suspension on the urgent path: it takes effect now, and is reviewed later (T28).

    It needs the one who decides and the one who approves, in whichever order they acted.

    Args:
        by: The other person than who proposed it.

    Raises:
        Refused: it is one's own proposal, or two people of the same role, or a guard does not hold,
            or whoever proposed it holds that role no more.
        BadInput: no words. LetterNotSet, NoSuchSuspension, Conflict.

    Source: 6 U.S.C. 967 (national security); ruling R25.
    """
    program = load_program(account.program)
    found = queries.suspension(account.stream, case)
    check_fits(found, Word.APPROVE)
    check_other_person(by.actor, found.proposed_by)
    said = clean(words, "why it cannot wait")
    row, today = act_for(program, Word.APPROVE, found), program.day_of(at)
    proposer = _proposer(account, program, found, today)
    is_by_proposer = found.proposed_role in row.by
    decider, second = (proposer, by) if is_by_proposer else (by, proposer)
    letter = letter_of(
        account,
        row,
        by=decider,
        at=at,
        language=language,
        via=via,
        code=ground_words(program, found.ground, language),
        due_on=due_after(account, Mark.SUSPENDED, on=today),
        paragraphs=_paragraphs(program, row, found, language),
    )
    advance(
        account,
        row,
        by=decider.actor,
        second=second.actor,
        at=at,
        via=via,
        case=found,
        given={"ground": found.ground, "reason": found.urgency},
        words=said,
        before=[*letter, _decided(found, today, decider.actor, second.actor, via, said)],
    )
    return queries.suspension(account.stream, case)


def _proposer(account: Account, program: Program, case: Suspension, today: date) -> Person:
    """Return who proposed, who decides with the other: they must still hold that role.

    Raises:
        Refused: they do not.
    """
    held = held_by(case.proposed_by, program=program, on=today)
    if not any(
        one.role == case.proposed_role
        and reaches(one, organization=account.organization, office=account.office)
        for one in held
    ):
        raise Refused(
            "second.role_not_allowed",
            "Whoever proposed this holds that role no more. Decline it, and propose it anew.",
        )
    names = names_of([case.proposed_by])
    return Person(Actor(case.proposed_by, case.proposed_role), names.get(case.proposed_by, ""))
