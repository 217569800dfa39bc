"""Reads accounts: their case for decisions, their standing, their duties, who may see them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, Final, NamedTuple

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast
from pydantic_core import from_json

from greenlane.apps.audit.queries import contents_of, events_of, head_of
from greenlane.apps.members.keeping import OFFICE
from greenlane.apps.members.models import (
    Account,
    AgreementSignature,
    CompanyProfile,
    DeclaredFact,
    OfficeRecord,
    StepNote,
)
from greenlane.content.packs import load_program
from greenlane.core.case import Case, decrees_of
from greenlane.core.deadlines import (
    Decree,
    Duty,
    duties_of_known,
    duty_steps,
    known_rows,
    membership_on,
    worst,
)
from greenlane.core.errors import NotFound
from greenlane.core.facts import Facts, FactValue, checked
from greenlane.core.lifecycle.standing import Step
from greenlane.core.marks import Mark
from greenlane.core.program import Program
from greenlane.core.vocabulary import Phase, Side


class NoSuchAccount(NotFound):
    """There is no such account, or it is not yours to see."""

    code = "account.not_found"


def office_duties(*, on: date, known_now: bool = False) -> list[Duty]:
    """Return the program office's own duties on ``on``; empty before the program was started."""
    row = OfficeRecord.objects.filter(stream=OFFICE).first()
    if row is None:
        return []
    return office_case(load_program(row.program)).duties(on=on, known_now=known_now)


def account(stream: str) -> Account:
    """Return one account.

    Raises:
        NoSuchAccount: there is none of that key.
    """
    found = Account.objects.filter(stream=stream).first()
    if found is None:
        raise NoSuchAccount(
            "There is no account {account!r}, or it is not yours to see.", account=stream[:40]
        )
    return found


def revision_of(stream: str) -> int:
    """Return the number of events of an account: what `expected` is compared with."""
    return head_of(stream).seq


def accounts(
    *, organization: str | None = None, program: str | None = None, specialist: str | None = None
) -> QuerySet[Account]:
    """Return accounts, newest last; without a filter all of them (office side only)."""
    found = Account.objects.order_by("stream")
    if organization is not None:
        found = found.filter(organization=organization)
    if program is not None:
        found = found.filter(program=program)
    if specialist is not None:
        found = found.filter(specialist=specialist)
    return found


def page_of_accounts(
    found: QuerySet[Account],
    *,
    text: str = "",
    membership: str = "",
    after: Sequence[object] | None = None,
    is_descending: bool = False,
    at_most: int = 51,
) -> Sequence[Account]:
    """Return one page of accounts by company name, then key; steps are not read.

    Args:
        found: Accounts that the reader may see.
        text: Only those whose name contains it, or whose key begins with it; any case.
        membership: Only those of this status; "" for all.
        after: Company name and key of the last account of the page before; anything else is as
            if not given.
        is_descending: From Z to A.
        at_most: So many; one more than a page tells whether there is another.
    """
    if text:
        found = found.filter(Q(company_name__icontains=text) | Q(stream__istartswith=text))
    if membership:
        found = found.filter(membership=membership)
    if after is not None and len(after) == 2 and all(isinstance(part, str) for part in after):
        name, key = after
        beyond = "lt" if is_descending else "gt"
        found = found.filter(
            Q(**{f"company_name__{beyond}": name})
            | Q(company_name=name, **{f"stream__{beyond}": key})
        )
    order = ("-company_name", "-stream") if is_descending else ("company_name", "stream")
    return list(found.order_by(*order).defer("steps")[:at_most])


def steps_of(row: Account | OfficeRecord) -> tuple[Step, ...]:
    """Return the steps kept in an account's row."""
    return tuple(Step.from_json(step) for step in row.steps)


def due_after(account: Account, mark: Mark, *, on: date) -> date | None:
    """Return the company's day for what an act of ``on`` with this mark sets running.

    Of several duties the first of the pack's register; None where it has none. It is the day the
    due list will show: counted by the register, moved by decrees, rolled as its rule says.
    """
    running = case_of(account).set_running(mark, on=on)
    owed = [duty for duty in running if duty.deadline.owed_by is Side.COMPANY]
    return owed[0].due_on if owed else None


def office_decrees() -> tuple[Decree, ...]:
    """Return the outages decreed by the office; one query."""
    row = OfficeRecord.objects.filter(stream=OFFICE).first()
    return decrees_of(steps_of(row)) if row else ()


def office_case(program: Program) -> Case:
    """Return the program office's own case (its yearly duties)."""
    row = OfficeRecord.objects.filter(stream=OFFICE).first()
    return Case(program, OFFICE, steps_of(row) if row else (), stream=OFFICE)


def names_in(found: QuerySet[Account]) -> dict[str, str]:
    """Return the names of companies by the key of their account, one query."""
    return dict(found.values_list("stream", "company_name"))


class OfficeAct(NamedTuple):
    """One act of the program office itself: who did it, and what they wrote with it."""

    act: str
    on: date
    by: str
    words: str


def office_acts(*, at_most: int) -> list[OfficeAct]:
    """Return the office's latest acts, newest first; words that were erased are ""."""
    events = events_of(OFFICE, kinds=["step"])[-at_most:]
    said = contents_of(OFFICE, [one.seq for one in events])
    return [
        OfficeAct(one.act, one.on, one.fields["actor"], str(said.get(one.seq, {}).get("words", "")))
        for one in reversed(events)
    ]


def declared_facts(stream: str) -> Facts:
    """Return what is declared of an account; a withdrawn declaration is unknown."""
    rows = DeclaredFact.objects.filter(stream=stream).values_list("name", "value")
    return Facts({name: checked(name, value) for name, value in rows if value is not None})


def case_of(row: Account, extra: dict[str, FactValue] | None = None) -> Case:
    """Return the account as the law sees it; ``extra`` are facts that an upper app knows."""
    program = load_program(row.program)
    facts = declared_facts(row.stream).with_(application_facts(row, program))
    return Case(
        program,
        row.entity_type,
        steps_of(row),
        facts.with_(extra or {}),
        office_decrees(),
    )


def application_facts(row: Account, program: Program) -> dict[str, FactValue]:
    """Return what this app itself knows for the guards of an application.

    A signature or a risk assessment counts when it belongs to the present application: made since
    the account was (re)opened, the signature under a text that is still in force.
    """
    steps = steps_of(row)
    opened = max((s.seq for s in steps if Mark.OPENED in s.marks), default=0)
    left = max(
        (s.seq for s in steps if Mark.WITHDRAWN in s.marks or Mark.REMOVED in s.marks), default=0
    )
    since = max(opened, left)
    filed = any(s.seq > since and Mark.RISK_ASSESSMENT_FILED in s.marks for s in steps)
    signed = [s for s in steps if s.seq > since and Mark.AGREEMENT_SIGNED in s.marks]
    is_signed = False
    if signed:
        # A signature of years ago may be older than every text the pack holds.
        in_force = program.agreement_in_force(signed[-1].on)
        is_signed = in_force is not None and signed[-1].given.get("agreement") == in_force.id
    return {
        "application.risk_assessment_is_filed": filed,
        "review.risk_assessment_is_renewed": is_reassessed(steps),
        "application.agreement_is_signed": is_signed,
    }


_SUBMITTED: Final = frozenset({Mark.APPLICATION_RECEIVED, Mark.REVIEW_SUBMITTED})


def is_reassessed(steps: Iterable[Step]) -> bool:
    """Tell whether a risk assessment was made and filed since the last review went in.

    The application counts as the first review. One that was rejected does not count as a review, so
    what was renewed for it still holds when it goes in again.

    Args:
        steps: All of an account, in order.

    Source: criterion 2.3 (at least once in 12 months); programme dossier d.6 (it precedes the
    annual review).
    """
    before: Step | None = None
    last: Step | None = None
    filed: list[Step] = []
    for one in steps:
        if not _SUBMITTED.isdisjoint(one.marks):
            before, last = last, one
        elif Mark.REVIEW_REJECTED in one.marks:
            last = before
        elif Mark.RISK_ASSESSMENT_FILED in one.marks:
            filed.append(one)
    if last is None:
        return bool(filed)
    return any(
        one.seq > last.seq
        and date.fromisoformat(one.given.get("assessed_on", one.on.isoformat())) >= last.on
        for one in filed
    )


def facts_with_origin(stream: str) -> Sequence[DeclaredFact]:
    """Return the declared facts with who declared them, when and on what source."""
    return list(DeclaredFact.objects.filter(stream=stream).order_by("name"))


def company_profile(stream: str) -> CompanyProfile | None:
    """Return the company profile, or None before it was first saved."""
    return CompanyProfile.objects.filter(stream=stream).first()


def signatures(stream: str) -> Sequence[AgreementSignature]:
    """Return the signatures under the agreement, latest first."""
    return list(AgreementSignature.objects.filter(stream=stream).order_by("-seq"))


def notes(stream: str) -> dict[int, StepNote]:
    """Return what was written with the account's steps, by place in the chain."""
    return {note.seq: note for note in StepNote.objects.filter(stream=stream)}


class AccountDuties(NamedTuple):
    """One account of the due list with its duties and its one bucket (None: nothing due)."""

    stream: str
    company_name: str
    program: str
    entity_type: str
    membership: str
    office: str
    specialist: str
    duties: tuple[Duty, ...]
    bucket: Duty | None


def must_be_bucketed(row: AccountDuties) -> bool:
    """Tell whether the completeness rule of the due list asks for this account (P2)."""
    phase = load_program(row.program).phase_of(row.membership)
    return phase in (Phase.MEMBER, Phase.SUSPENDED)


def due_list(
    *, on: date, known_now: bool = False, among: QuerySet[Account] | None = None
) -> Iterator[AccountDuties]:
    """Yield every account that exists on ``on`` with all its duties, in the order of the key.

    Reads one row an account (its anchor projection) and nothing else: 12,000 accounts are one
    query. As known on that day, or with ``known_now`` as known now (R24).

    Args:
        on: The day asked for; past or future.
        known_now: As in `core.deadlines.duties`.
        among: Only these accounts; None means all of them (office side only).
    """
    decrees = [d for d in office_decrees() if known_now or d.recorded_on <= on]
    programs: dict[str, Program] = {}
    for stream, name, pack, entity_type, office, specialist, text in _anchor_rows(among):
        program = programs.get(pack)
        if program is None:
            program = programs[pack] = load_program(pack)
        steps: list[Any] = from_json(text, cache_strings=False)
        known = known_rows(steps, on=on, known_now=known_now)
        membership = membership_on(known)
        if membership is None:
            continue
        # Of a step, only what duties rest on is read; a test proves both ways equal.
        asked = duty_steps(program, known)
        owed = duties_of_known(program, asked, on=on, decrees=decrees)
        yield AccountDuties(
            stream,
            name,
            pack,
            entity_type,
            membership,
            office,
            specialist,
            tuple(owed),
            worst(owed),
        )


def _anchor_rows(among: QuerySet[Account] | None) -> Iterator[tuple[Any, ...]]:
    """Return what the due list reads of each account, in the order of the key.

    The steps come as text and are decoded by the caller: through Django's field that takes as long
    as counting all the duties does.
    """
    columns = ("stream", "company_name", "program", "entity_type", "office", "specialist")
    found = Account.objects.all() if among is None else among
    asked = found.order_by("stream").annotate(text=Cast("steps", TextField()))
    return asked.values_list(*columns, "text").iterator(chunk_size=2000)
