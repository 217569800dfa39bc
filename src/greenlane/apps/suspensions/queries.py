"""Reads suspensions, plans and appeals; what guards may know of them; what the company keeps.

What the company may read is asked for by functions whose name says so; everything else is the
office's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Final, TypeAlias

from django.db.models import Q

from greenlane.apps.documents.models import Document
from greenlane.apps.documents.queries import document
from greenlane.apps.incidents import queries as incidents
from greenlane.apps.incidents.acts import keeps_incidents
from greenlane.apps.members.models import Account
from greenlane.apps.members.queries import case_of
from greenlane.apps.suspensions.acts import (
    ENDINGS,
    Doing,
    acts_that,
    has_pages,
    keeps_suspensions,
)
from greenlane.apps.suspensions.models import Appeal, Plan, PlanStep, Suspension
from greenlane.apps.validations.queries import act_facts as facts_below
from greenlane.apps.validations.queries import check_open_to_company
from greenlane.content.packs import load_program
from greenlane.core.deadlines import Duty
from greenlane.core.errors import NotFound
from greenlane.core.facts import FactValue
from greenlane.core.lifecycle.standing import Standing, has_benefits
from greenlane.core.marks import Mark
from greenlane.core.program import Benefit, Deadline, Program, Transition
from greenlane.core.vocabulary import DutyNature, DutyState, Phase, Power

OPEN_STATES: Final = ("PROPOSED", "NOTIFIED")
_OVER: Final = (DutyState.MET, DutyState.LAPSED)
_OF_MEMBERS: Final = (Phase.MEMBER, Phase.SUSPENDED)


class NoSuchSuspension(NotFound):
    """There is no such suspension, or it is not yours to see."""

    code = "suspension.not_found"


class NoSuchAppeal(NotFound):
    """There is no such appeal, or it is not yours to see."""

    code = "appeal.not_found"


def check_kept(account: Account) -> Account:
    """Return the account, of a program that keeps suspensions and incidents as cases.

    Raises:
        NoSuchSuspension: its program drives them by the acts of its table alone.
    """
    program = load_program(account.program)
    if not (keeps_suspensions(program) and keeps_incidents(program)):
        raise NoSuchSuspension("This program keeps no suspensions and incidents as cases.")
    return account


def has_page(account: Account, row: Transition) -> bool:
    """Tell whether an act is done on the pages of a case, and so by no door of single acts.

    A suspension that was taken over from an earlier record, or decided before there were cases, has
    none: what answers or ends it stays an act like any other. So it is with what determines an
    appeal that was filed so.
    """
    program = load_program(account.program)
    if not has_pages(program, row):
        return False
    if any(row in acts_that(program, doing) for doing in ENDINGS):
        return bool(in_force(account.stream))
    if any(row in acts_that(program, doing) for doing in (Doing.GRANT, Doing.UPHOLD)):
        return bool(waiting_appeals([account.stream]))
    return True


# --- Suspensions ----------------------------------------------------------------------------------


def suspensions_of(stream: str) -> Sequence[Suspension]:
    """Return all of an account's suspensions, proposals included, latest first. Office only."""
    return list(Suspension.objects.filter(stream=stream).order_by("-seq"))


@dataclass(frozen=True, slots=True)
class SuspensionForCompany:
    """A suspension as the company may read it: what it was told, and what it said itself.

    Who proposed and decided it, the office's note, what the office found and why an urgent one
    could not wait are not among it.
    """

    stream: str
    seq: int
    number: int
    path: str
    degree: str
    state: str
    ground: str
    urgency: str
    benefits: list[str]
    incidents: list[int]
    documents: list[int]
    reasons: str
    known_on: date
    notified_on: date | None
    heard_on: date | None
    heard_words: str
    heard_documents: list[int]
    decided_on: date | None
    decision_words: str
    reviewed_on: date | None
    review_outcome: str
    review_words: str
    ended_on: date | None
    end_words: str
    is_erased: bool


AnySuspension: TypeAlias = Suspension | SuspensionForCompany
_TOLD: Final = tuple(one.name for one in fields(SuspensionForCompany))


def suspensions_for_company(stream: str) -> list[SuspensionForCompany]:
    """Return those that the company was told of, latest first."""
    rows = Suspension.objects.filter(stream=stream, known_on__isnull=False).order_by("-seq")
    found = [SuspensionForCompany(**row) for row in rows.values(*_TOLD)]
    return [replace(one, decision_words="") if one.path == "URGENT" else one for one in found]


def suspension(stream: str, seq: int) -> Suspension:
    """Return one suspension. Office only.

    Raises:
        NoSuchSuspension: the account has none at that place.
    """
    found = Suspension.objects.filter(stream=stream, seq=seq).first()
    if found is None:
        raise NoSuchSuspension(
            "Account {account} has no suspension {seq}.", account=stream, seq=seq
        )
    return found


def suspension_for_company(stream: str, seq: int) -> SuspensionForCompany:
    """Return one that the company was told of.

    Raises:
        NoSuchSuspension: there is none, or the company was not told.
    """
    for found in suspensions_for_company(stream):
        if found.seq == seq:
            return found
    raise NoSuchSuspension("Account {account} has no suspension {seq}.", account=stream, seq=seq)


def in_force(stream: str) -> list[Suspension]:
    """Return the account's suspensions that are in force, oldest first."""
    return list(Suspension.objects.filter(stream=stream, state="IN_FORCE").order_by("seq"))


def decided_at(stream: str, place: int) -> Suspension | None:
    """Return the suspension that a step decided, or ended by removal or closure; None: none."""
    by_step = Q(decision_seq=place) | Q(ended_seq=place)
    found = (
        Suspension.objects.filter(by_step, stream=stream) if place else Suspension.objects.none()
    )
    return found.order_by("-seq").first()


def waiting_proposals(streams: Iterable[str] | None = None) -> list[Suspension]:
    """Return proposals and notices that wait for a decision, oldest first."""
    found = Suspension.objects.filter(state__in=OPEN_STATES).order_by("proposed_on", "stream")
    return list(found if streams is None else found.filter(stream__in=list(streams)))


def waiting_reviews(streams: Iterable[str] | None = None) -> list[Suspension]:
    """Return urgent suspensions in force that nobody has reviewed afterwards, oldest first."""
    return [
        one for one in all_in_force(streams) if one.path == "URGENT" and one.reviewed_on is None
    ]


def all_in_force(streams: Iterable[str] | None = None) -> list[Suspension]:
    """Return the suspensions that are in force, oldest first.

    One of single benefits outlasts a removal, which an appeal may undo; it is not among these while
    there is no membership to have benefits from.
    """
    found = Suspension.objects.filter(state="IN_FORCE").order_by("decided_on", "stream")
    rows = list(found if streams is None else found.filter(stream__in=list(streams)))
    among = Account.objects.filter(stream__in={one.stream for one in rows})
    held = {
        stream: load_program(program).phase_of(membership)
        for stream, program, membership in among.values_list("stream", "program", "membership")
    }
    return [one for one in rows if held[one.stream] in _OF_MEMBERS]


# --- Plans ----------------------------------------------------------------------------------------


def plan_of(case: AnySuspension) -> Plan | None:
    """Return the latest version of the company's plan, or None."""
    return Plan.objects.filter(stream=case.stream, case_seq=case.seq).order_by("-seq").first()


def present_plan(case: AnySuspension) -> Plan:
    """Return the latest version of the company's plan.

    Raises:
        NoSuchSuspension: the company has given none.
    """
    plan = plan_of(case)
    if plan is None:
        raise NoSuchSuspension("No plan was given to this suspension yet.")
    return plan


def steps_of(plan: Plan) -> Sequence[PlanStep]:
    """Return the steps of a plan, in order."""
    found = PlanStep.objects.filter(stream=plan.stream, plan_seq=plan.seq)
    return list(found.order_by("number"))


def step_of(case: AnySuspension, number: int) -> PlanStep:
    """Return one step of the present plan.

    Raises:
        NoSuchSuspension: there is no plan, or no such step in it.
    """
    for found in steps_of(present_plan(case)):
        if found.number == number:
            return found
    raise NoSuchSuspension("The plan has no step {number}.", number=number)


def is_fulfilled(case: AnySuspension) -> bool:
    """Tell whether a plan was given and every step of it verified."""
    plan = plan_of(case)
    return plan is not None and all(one.state == "VERIFIED" for one in steps_of(plan))


# --- Appeals --------------------------------------------------------------------------------------


def appeals_of(stream: str) -> Sequence[Appeal]:
    """Return an account's appeals, latest first; both sides may read them."""
    return list(Appeal.objects.filter(stream=stream).order_by("-seq"))


def open_appeal(stream: str) -> Appeal:
    """Return the appeal that waits for its determination.

    Raises:
        NoSuchAppeal: none does.
    """
    found = Appeal.objects.filter(stream=stream, outcome="").first()
    if found is None:
        raise NoSuchAppeal("Account {account} has no open appeal.", account=stream)
    return found


def waiting_appeals(streams: Iterable[str] | None = None) -> list[Appeal]:
    """Return the appeals that wait for their determination, oldest first."""
    found = Appeal.objects.filter(outcome="").order_by("filed_on", "stream")
    return list(found if streams is None else found.filter(stream__in=list(streams)))


# --- Duties ---------------------------------------------------------------------------------------


def document_for(
    stream: str, seq: int, *, works_on_cases: bool, decides_appeals: bool = False
) -> Document:
    """Return a document of an account, if whoever asks may have it.

    Args:
        stream: Key of the account.
        seq: Place of the document.
        works_on_cases: They work on the account for the office: every document is theirs.
        decides_appeals: They get what the appeals and the cases behind them rest on, beside what
            is open to the company.

    Raises:
        NoSuchDocument: there is none, or it is not theirs; the answer does not tell which.
    """
    found = document(stream, seq)
    if works_on_cases or (decides_appeals and seq in _documents_of_appeals(stream)):
        return found
    check_open_to_company(found)
    return found


def _documents_of_appeals(stream: str) -> set[int]:
    """Return the places of documents that filed appeals and the cases behind them rest on."""
    appeals = appeals_of(stream)
    cases = suspensions_for_company(stream) if appeals else []
    lists = [one.documents for one in appeals] + [one.documents for one in cases]
    return {place for places in lists for place in places}


def duty_on(account: Account, mark: Mark, *, on: date) -> Duty | None:
    """Return the latest duty that a mark anchors, or None: its day, and whether it is over."""
    duties = case_of(account).duties(on=on)
    found = [duty for duty in duties if mark in duty.deadline.anchors]
    return max(found, key=lambda duty: duty.anchor_seq, default=None)


def unset_bars(program: Program, membership_marks: Iterable[Mark]) -> list[Deadline]:
    """Return the bars anchored on these marks whose length the office has still to set (R11)."""
    marks = frozenset(membership_marks)
    return [
        rule
        for rule in program.deadlines.values()
        if rule.nature is DutyNature.BAR and rule.is_unset and not rule.anchors.isdisjoint(marks)
    ]


# --- What guards may know -------------------------------------------------------------------------


def self_report_is_settled(case: Suspension) -> bool | None:
    """Tell whether no self-report stands in the way of this suspension (g.3); None: unknown.

    One that it rests on must have been reviewed, with the result that suspension may follow. While
    another waits for its review nothing is settled: what this case rests on may be what was
    reported. Nobody can tell as long as something that the office found is matched with none.
    """
    found = {one.seq: one for one in incidents.self_reports(case.stream)}
    told = {one.seq: one.incident_seq for one in incidents.discoveries_of(case.stream)}
    matched = [told[seq] for seq in case.discoveries if seq in told]
    named = {*case.incidents, *matched}
    if any(found[seq].outcome != incidents.MAY_FOLLOW for seq in named if seq in found):
        return False
    if all(one.state != "OPEN" for one in found.values()):
        return True
    return None if 0 in matched else False


def was_heard(account: Account, case: Suspension, *, on: date) -> bool:
    """Tell whether the company answered the notice, or its days to answer have passed."""
    if case.notified_on is None:
        return False
    duty = duty_on(account, Mark.HEARING_OPENED, on=on)
    return case.heard_on is not None or (duty is not None and duty.state in _OVER)


def case_facts(account: Account, case: Suspension, *, on: date) -> dict[str, FactValue]:
    """Return what a suspension's case knows for the guards of its own acts on ``on``."""
    program = load_program(account.program)
    plan = plan_of(case)
    field = program.roles_that_may(Power.REVIEW)
    settled = self_report_is_settled(case)
    return {
        "suspension.reasons_are_written": bool(case.reasons),
        "suspension.protections_considered": was_heard(account, case, on=on),
        "suspension.field_recommended": case.proposed_role in field,
        "suspension.is_national_security": case.path == "URGENT",
        "suspension.is_aggravated": case.is_aggravated,
        "suspension.plan_is_fulfilled": is_fulfilled(case),
        "suspension.consents_to_unannounced_visits": plan is not None and plan.consents,
        **({} if settled is None else {"suspension.self_report_is_settled": settled}),
    }


def act_facts(account: Account, *, on: date) -> dict[str, FactValue]:
    """Return what everything up to this app knows on ``on``: for the guards of any act.

    What a suspension's case knows is told only where there is one that waits or is in force: which
    of several an act would be about, nobody can tell here.
    """
    known = facts_below(account, on=on)
    if not keeps_suspensions(load_program(account.program)):
        return known
    cases = [*waiting_proposals([account.stream]), *in_force(account.stream)]
    return {**known, **case_facts(account, cases[0], on=on)} if len(cases) == 1 else known


# --- What the company keeps -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class BenefitState:
    """One benefit of the account's tier, and whether the account has it now."""

    benefit: Benefit
    is_active: bool


def benefits_of(account: Account) -> list[BenefitState]:
    """Return the benefits of the account's tier, each active or not: derived, never stored (P7).

    Whoever is no member has none to keep or lose: the list is empty.
    """
    program = load_program(account.program)
    if program.phase_of(account.membership) not in _OF_MEMBERS:
        return []
    standing: Standing = case_of(account).standing()
    lost: set[str] = set()
    if standing.benefits_suspended_in_part:
        cases = [one for one in in_force(account.stream) if one.degree == "PART"]
        # A partial suspension without a case does not say which: none can be shown as kept.
        lost = {name for one in cases for name in one.benefits} or set(program.benefits)
    active = has_benefits(program, standing)
    return [
        BenefitState(benefit, active and benefit.id not in lost)
        for benefit in program.benefits.values()
        if standing.tier in benefit.tiers
    ]
