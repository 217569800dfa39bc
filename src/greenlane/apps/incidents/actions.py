"""An incident is reported or found, compared, reviewed jointly, and analyzed afterwards.

No function takes the time of a report or of a discovery: it is that of the event.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from greenlane.apps.audit.actions import append, one_at_a_time
from greenlane.apps.audit.queries import head_of
from greenlane.apps.audit.seal import Sealed
from greenlane.apps.documents.actions import give_document
from greenlane.apps.documents.models import Document
from greenlane.apps.documents.queries import NoSuchDocument
from greenlane.apps.incidents import queries
from greenlane.apps.incidents.acts import Doing, act_that, discoverers, kinds_of
from greenlane.apps.incidents.models import Discovery, Incident
from greenlane.apps.members.actions.steps import step
from greenlane.apps.members.models import Account
from greenlane.apps.parties.queries import parties_of
from greenlane.apps.validations.actions.recording import check_role, clean
from greenlane.apps.validations.queries import act_facts, check_open_to_company
from greenlane.content.packs import load_program
from greenlane.core.canonical import Json
from greenlane.core.errors import BadInput
from greenlane.core.facts import is_of_this_age
from greenlane.core.ledger import EventDraft
from greenlane.core.lifecycle.decide import Actor, Refused
from greenlane.core.program import Program

INCIDENT_WORDS: Final = "incident_detail"
PROOF: Final = "trust"
"""Purpose of documents that a company gives about an incident, a suspension or an appeal."""
Files = Sequence[tuple[str, bytes]]
Draft = tuple[EventDraft, Sealed | None]


def event(
    act: str,
    payload: Mapping[str, Json],
    *,
    on: date,
    by: Actor,
    via: str,
    words: Mapping[str, Json] | None = None,
) -> Draft:
    """Return one event of this app: its kind is the part of ``act`` before the point."""
    draft = EventDraft(act.partition(".")[0], act, on, by.id, by.role, payload=payload, via=via)
    return draft, Sealed(INCIDENT_WORDS, words) if words is not None else None


def _record(account: Account, draft: Draft, *, at: datetime, program: Program) -> int:
    place = head_of(account.stream).seq
    (event,) = append(stream=account.stream, expected=place, drafts=[draft], at=at, program=program)
    return event.seq


@dataclass(frozen=True, slots=True)
class IncidentGiven:
    """An incident as a company gives it.

    Attributes:
        kind: Reason code of the pack.
        words: What happened, what was lost or seen, what was done at once.
        happened_on: The day it happened, None where it is not known.
        found_on: The day the company found it; not before it happened.
        sites: Keys of places that the company has declared.
        documents: Places of documents already on file.
    """

    kind: str
    words: str
    happened_on: date | None = None
    found_on: date | None = None
    sites: Sequence[str] = ()
    documents: Sequence[int] = ()


@one_at_a_time
def report(
    *,
    account: Account,
    given: IncidentGiven,
    by: Actor,
    at: datetime,
    files: Files = (),
    via: str = "",
) -> queries.IncidentForCompany:
    """Report an incident: the company's own word, stamped by the server (I01).

    Args:
        files: Names and contents of documents that come with it.

    Raises:
        BadInput: no words, an unknown kind, a day to come, a place that is not declared.
        NoSuchDocument: a document is not on file. Refused, Conflict.

    Source: bulletin on reporting suspicious activities, May 2013.
    """
    program = load_program(account.program)
    today = program.day_of(at)
    _check_kind(program, given.kind)
    _check_days(given.happened_on, given.found_on, today)
    known = {one.party for one in parties_of(account.stream)}
    if not known.issuperset(given.sites):
        raise BadInput("A site of this report is not among the declared places.")
    check_documents(account.stream, given.documents, is_company=True)
    documents = [*given.documents, *keep_files(account, files, by=by, at=at, via=via)]
    payload: dict[str, Json] = {
        "number": queries.next_number(account.stream),
        "kind": given.kind,
        "happened_on": given.happened_on.isoformat() if given.happened_on else None,
        "found_on": given.found_on.isoformat() if given.found_on else None,
        "sites": list(given.sites),
        "documents": documents,
    }
    words = {"words": clean(given.words, "what happened")}
    place = head_of(account.stream).seq + 1
    draft = event("incident.reported", payload, on=today, by=by, via=via, words=words)
    _advance(account, Doing.REPORT, by=by, at=at, via=via, draft=draft, reason=given.kind)
    return queries.incident_for_company(account.stream, place)


def _check_kind(program: Program, kind: str) -> None:
    if kind not in kinds_of(program):
        raise BadInput(
            "{kind!r} is no kind of incident. Use one of {kinds}.",
            kind=kind[:40],
            kinds=", ".join(kinds_of(program)),
        )


def _check_days(happened_on: date | None, found_on: date | None, today: date) -> None:
    if not all(is_of_this_age(day) for day in (happened_on, found_on) if day):
        raise BadInput("An incident happens, and is found, on a day of this age. Correct the day.")
    if (happened_on and happened_on > today) or (found_on and found_on > today):
        raise BadInput("An incident cannot have happened, or been found, on a day still to come.")
    if happened_on and found_on and found_on < happened_on:
        raise BadInput("It was found on a day before it happened. Correct one of the two days.")


def check_documents(stream: str, places: Sequence[int], *, is_company: bool = False) -> None:
    """Refuse documents that the account does not have on file.

    Args:
        is_company: The company names them: none of the office's inspection, which it may not know.

    Raises:
        NoSuchDocument: one is not there, was withdrawn, or is not theirs to see.
    """
    rows = list(Document.objects.filter(stream=stream, seq__in=list(places), is_withdrawn=False))
    absent = NoSuchDocument("A document that this rests on is not on file.")
    if len(rows) != len(set(places)):
        raise absent
    for row in rows if is_company else ():
        try:
            check_open_to_company(row)
        except NoSuchDocument:
            # In the same words, which do not tell that there is one.
            raise absent from None


def keep_files(account: Account, files: Files, *, by: Actor, at: datetime, via: str) -> list[int]:
    """Take in what a company gives with an act, in the act's own transaction; return the places.

    Raises:
        FileRefused: too large, or of a kind that is not taken. Conflict.
    """
    program = load_program(account.program)
    return [
        give_document(
            stream=account.stream,
            name=name,
            content=content,
            purpose=PROOF,
            by=by,
            at=at,
            program=program,
            via=via,
        ).seq
        for name, content in files
    ]


def _advance(
    account: Account,
    doing: Doing,
    *,
    by: Actor,
    at: datetime,
    via: str,
    draft: Draft,
    words: str = "",
    **given: str,
) -> Account:
    program = load_program(account.program)
    return step(
        account=account,
        act=act_that(program, doing).id,
        by=by,
        at=at,
        given=given,
        facts=act_facts(account, on=program.day_of(at)),
        words=words,
        via=via,
        before=[draft],
    )


@one_at_a_time
def discover(
    *,
    account: Account,
    kind: str,
    words: str,
    source: str,
    by: Actor,
    at: datetime,
    happened_on: date | None = None,
    incident: int = 0,
    via: str = "",
) -> Discovery:
    """Record what the office found out by itself; the company is told nothing of it.

    Args:
        source: Where it comes from, in words; the office's alone.
        incident: The incident it is about, where that is on the record already; 0 for none.

    Raises:
        NotAllowed: the role may not. BadInput, NoSuchIncident, Conflict.
    """
    program = load_program(account.program)
    check_role(by, discoverers(program))
    today = program.day_of(at)
    _check_kind(program, kind)
    _check_days(happened_on, None, today)
    if incident:
        queries.incident(account.stream, incident)
    payload: dict[str, Json] = {
        "kind": kind,
        "happened_on": happened_on.isoformat() if happened_on else None,
        "incident": incident,
    }
    said = {"words": clean(words, "what was found"), "source": clean(source, "where it comes from")}
    draft = event("discovery.made", payload, on=today, by=by, via=via, words=said)
    return queries.discovery(account.stream, _record(account, draft, at=at, program=program))


@one_at_a_time
def match(
    *, account: Account, discovery: int, incident: int, by: Actor, at: datetime, via: str = ""
) -> Discovery:
    """Say which incident a discovery is about; the company is told nothing of it.

    Raises:
        NotAllowed, NoSuchIncident, Conflict.
    """
    program = load_program(account.program)
    check_role(by, discoverers(program))
    found = queries.discovery(account.stream, discovery)
    queries.incident(account.stream, incident)
    payload: dict[str, Json] = {"discovery": found.seq, "incident": incident}
    draft = event("discovery.matched", payload, on=program.day_of(at), by=by, via=via)
    _record(account, draft, at=at, program=program)
    return queries.discovery(account.stream, discovery)


@one_at_a_time
def disclose(
    *, account: Account, discovery: int, words: str, by: Actor, at: datetime, via: str = ""
) -> Incident:
    """Tell the company that the office had found an incident, and when; never how.

    Args:
        words: What the company is told.

    Raises:
        BadInput: it was disclosed before, or no words. NotAllowed, NoSuchIncident, Conflict.
    """
    program = load_program(account.program)
    check_role(by, discoverers(program))
    found = queries.discovery(account.stream, discovery)
    if found.disclosed_on is not None:
        raise BadInput("The company was told of this already.")
    payload: dict[str, Json] = {
        "discovery": found.seq,
        "incident": found.incident_seq,
        "number": queries.next_number(account.stream),
        "kind": found.kind,
        "happened_on": found.happened_on.isoformat() if found.happened_on else None,
        "discovered_at": found.discovered_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
    }
    said = {"words": clean(words, "what the company is told")}
    draft = event("incident.disclosed", payload, on=program.day_of(at), by=by, via=via, words=said)
    place = _record(account, draft, at=at, program=program)
    return queries.incident(account.stream, found.incident_seq or place)


@one_at_a_time
def note(
    *, account: Account, incident: int, words: str, by: Actor, at: datetime, via: str = ""
) -> None:
    """Write an internal note on an incident.

    Raises:
        NotAllowed, BadInput, NoSuchIncident, Conflict.
    """
    program = load_program(account.program)
    check_role(by, discoverers(program))
    queries.incident(account.stream, incident)
    draft = event(
        "discovery.noted",
        {"incident": incident},
        on=program.day_of(at),
        by=by,
        via=via,
        words={"words": clean(words, "the note")},
    )
    _record(account, draft, at=at, program=program)


@one_at_a_time
def close_review(
    *,
    account: Account,
    incident: int,
    shown: Mapping[str, str],
    words: str,
    by: Actor,
    at: datetime,
    via: str = "",
) -> Incident:
    """Close the joint review (I02): all three shown means no suspension, else one may follow.

    Args:
        shown: Each of `queries.QUESTIONS` to yes or no.
        words: The reasons; the company reads them.

    Raises:
        BadInput: a question without an answer, or no words.
        Refused: it is closed already. NoSuchIncident, Conflict.

    Source: bulletin of May 2013 (programme dossier g.3).
    """
    program = load_program(account.program)
    found = queries.incident(account.stream, incident)
    if found.state != "OPEN":
        raise Refused("incident.reviewed", "The joint review of this incident is closed.")
    if set(shown) != set(queries.QUESTIONS) or not {"yes", "no"}.issuperset(shown.values()):
        raise BadInput(
            "Answer yes or no: was due diligence shown, were the company's own procedures "
            "followed, were the measures improved?"
        )
    is_shown = all(answer == "yes" for answer in shown.values())
    outcome = queries.DILIGENCE_SHOWN if is_shown else queries.MAY_FOLLOW
    said = clean(words, "the reasons for the result")
    payload: dict[str, Json] = {"incident": incident, "outcome": outcome, "shown": dict(shown)}
    draft = event(
        "incident.reviewed",
        payload,
        on=program.day_of(at),
        by=by,
        via=via,
        words={"words": said},
    )
    _advance(account, Doing.REVIEW, by=by, at=at, via=via, draft=draft, words=said, outcome=outcome)
    return queries.incident(account.stream, incident)


@one_at_a_time
def ask_analysis(
    *, account: Account, incident: int, due_on: date, by: Actor, at: datetime, via: str = ""
) -> Incident:
    """Ask the company for an analysis after the incident, by a day (I03).

    Raises:
        BadInput: the day has passed. NoSuchIncident, Refused, Conflict.
    """
    program = load_program(account.program)
    today = program.day_of(at)
    queries.incident(account.stream, incident)
    if due_on < today:
        raise BadInput("The day for the analysis has passed. Give a day from today on.")
    payload: dict[str, Json] = {"incident": incident, "due_on": due_on.isoformat()}
    draft = event("incident.analysis_asked", payload, on=today, by=by, via=via)
    day = due_on.isoformat()
    _advance(account, Doing.ASK_ANALYSIS, by=by, at=at, via=via, draft=draft, new_due_on=day)
    return queries.incident(account.stream, incident)


@one_at_a_time
def give_analysis(
    *,
    account: Account,
    incident: int,
    words: str,
    by: Actor,
    at: datetime,
    documents: Sequence[int] = (),
    files: Files = (),
    via: str = "",
) -> queries.IncidentForCompany:
    """Give the analysis that was asked for: cause, what failed, what was changed (I04).

    Raises:
        BadInput: none is asked for any more, or no words. NoSuchDocument, NoSuchIncident, Conflict.
    """
    program = load_program(account.program)
    found = queries.incident(account.stream, incident)
    if found.analysis_asked_on is None:
        raise BadInput("No analysis was asked for about this incident.")
    if found.analysis_given_on is not None:
        raise BadInput("The analysis was given already. The office can ask for another.")
    check_documents(account.stream, documents, is_company=True)
    kept = [*documents, *keep_files(account, files, by=by, at=at, via=via)]
    payload: dict[str, Json] = {"incident": incident, "documents": kept}
    draft = event(
        "incident.analysis_given",
        payload,
        on=program.day_of(at),
        by=by,
        via=via,
        words={"words": clean(words, "the analysis")},
    )
    _advance(account, Doing.GIVE_ANALYSIS, by=by, at=at, via=via, draft=draft)
    return queries.incident_for_company(account.stream, incident)
