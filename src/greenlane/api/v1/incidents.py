"""Incidents: report one, record what the office found, review jointly, ask for an analysis."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from ninja import Field

from greenlane.api.v1.base import VIA, Body, account_for, acting_on, api
from greenlane.apps.incidents import actions, queries
from greenlane.apps.incidents.acts import Doing, act_that, discoverers
from greenlane.apps.suspensions.queries import check_kept
from greenlane.gate.access import now
from greenlane.gate.records import works_on_cases

if TYPE_CHECKING:
    from greenlane.apps.incidents.queries import AnyIncident


class IncidentIn(Body):
    """An incident as the company reports it; the time of the report is the server's."""

    kind: str = Field(examples=["incident.seal"])
    words: str
    happened_on: date | None = None
    found_on: date | None = None
    sites: list[str] = Field(default_factory=list, description="Keys of declared places.")
    documents: list[int] = Field(default_factory=list, description="Places of documents on file.")


class DiscoveryIn(Body):
    """What the office found out by itself; the time is the server's."""

    kind: str
    words: str
    source: str
    happened_on: date | None = None
    incident: int = 0


class MatchIn(Body):
    """The incident that a discovery is about."""

    incident: int


class WordsIn(Body):
    """Words alone."""

    words: str


class JointReviewIn(Body):
    """The result of a joint review: each question yes or no."""

    diligence: str
    procedures: str
    improved: str
    words: str


class AnalysisAskedIn(Body):
    """By when the company gives its analysis."""

    due_on: date


class AnalysisIn(Body):
    """The company's analysis."""

    words: str
    documents: list[int] = Field(default_factory=list)


def _shown(one: AnyIncident) -> dict[str, Any]:
    return {
        "incident": one.seq,
        "number": one.number,
        "kind": one.kind,
        "happened_on": one.happened_on,
        "found_on": one.found_on,
        "reported_at": one.reported_at,
        "discovered_at": one.discovered_at,
        "words": one.words,
        "told_words": one.told_words,
        "sites": one.sites,
        "documents": one.documents,
        "state": one.state,
        "outcome": one.outcome,
        "shown": one.shown,
        "review_words": one.review_words,
        "analysis_due_on": one.analysis_due_on,
        "analysis_given_on": one.analysis_given_on,
    }


@api.get("/accounts/{key}/incidents", url_name="incidents", summary="Its incidents")
def list_incidents(request: HttpRequest, key: str) -> dict[str, Any]:
    """List the incidents; for the office, with what it found itself and which came first."""
    account = check_kept(account_for(request, key))
    if not works_on_cases(request, account):
        told = queries.incidents_for_company(account.stream)
        return {"incidents": [_shown(one) for one in told]}
    rows = queries.incidents_of(account.stream)
    found = queries.discoveries_of(account.stream)
    return {
        "incidents": [
            {
                **_shown(one),
                "self_report": queries.compare(one, found).is_self_report,
                "notes": [note.words for note in queries.notes_of(account.stream, one.seq)],
            }
            for one in rows
        ],
        "discoveries": [
            {
                "discovery": one.seq,
                "kind": one.kind,
                "discovered_at": one.discovered_at,
                "incident": one.incident_seq,
                "disclosed_on": one.disclosed_on,
                "words": one.words,
            }
            for one in found
        ],
    }


@api.post("/accounts/{key}/incidents", url_name="report_incident", summary="Report an incident")
def report(request: HttpRequest, key: str, body: IncidentIn) -> dict[str, Any]:
    """Report an incident, as the company."""
    check_kept(account_for(request, key))
    account, actor = acting_on(request, key, lambda program: act_that(program, Doing.REPORT).by)
    given = actions.IncidentGiven(**body.dict())
    return _shown(actions.report(account=account, given=given, by=actor, at=now(), via=VIA))


@api.post("/accounts/{key}/discoveries", url_name="discover", summary="What the office found")
def discover(request: HttpRequest, key: str, body: DiscoveryIn) -> dict[str, Any]:
    """Record what the office found by itself; the company is told nothing of it."""
    check_kept(account_for(request, key))
    account, actor = acting_on(request, key, discoverers)
    made = actions.discover(account=account, by=actor, at=now(), via=VIA, **body.dict())
    return {"discovery": made.seq, "discovered_at": made.discovered_at}


@api.post(
    "/accounts/{key}/discoveries/{seq}/incident",
    url_name="match_discovery",
    summary="Say what a discovery is about",
)
def match(request: HttpRequest, key: str, seq: int, body: MatchIn) -> dict[str, Any]:
    """Say which incident a discovery is about; the company is told nothing of it."""
    check_kept(account_for(request, key))
    account, actor = acting_on(request, key, discoverers)
    done = actions.match(
        account=account, discovery=seq, incident=body.incident, by=actor, at=now(), via=VIA
    )
    return {"discovery": done.seq, "incident": done.incident_seq}


@api.post(
    "/accounts/{key}/discoveries/{seq}/disclosure",
    url_name="disclose",
    summary="Tell the company of a discovery",
)
def disclose(request: HttpRequest, key: str, seq: int, body: WordsIn) -> dict[str, Any]:
    """Tell the company that the office had found an incident, and when; never how."""
    check_kept(account_for(request, key))
    account, actor = acting_on(request, key, discoverers)
    return _shown(
        actions.disclose(
            account=account, discovery=seq, words=body.words, by=actor, at=now(), via=VIA
        )
    )


@api.post(
    "/accounts/{key}/incidents/{seq}/notes",
    url_name="note_incident",
    summary="Write an internal note",
)
def note(request: HttpRequest, key: str, seq: int, body: WordsIn) -> dict[str, Any]:
    """Write an internal note on an incident; the company never sees it."""
    check_kept(account_for(request, key))
    account, actor = acting_on(request, key, discoverers)
    actions.note(account=account, incident=seq, words=body.words, by=actor, at=now(), via=VIA)
    return {"incident": seq, "notes": len(queries.notes_of(account.stream, seq))}


@api.post(
    "/accounts/{key}/incidents/{seq}/review", url_name="joint_review", summary="Close the review"
)
def joint_review(request: HttpRequest, key: str, seq: int, body: JointReviewIn) -> dict[str, Any]:
    """Close the joint review of an incident."""
    check_kept(account_for(request, key))
    account, actor = acting_on(request, key, lambda program: act_that(program, Doing.REVIEW).by)
    shown = {name: getattr(body, name) for name in queries.QUESTIONS}
    return _shown(
        actions.close_review(
            account=account,
            incident=seq,
            shown=shown,
            words=body.words,
            by=actor,
            at=now(),
            via=VIA,
        )
    )


@api.post(
    "/accounts/{key}/incidents/{seq}/ask-analysis", url_name="ask_analysis", summary="Ask for one"
)
def ask_analysis(request: HttpRequest, key: str, seq: int, body: AnalysisAskedIn) -> dict[str, Any]:
    """Ask the company for an analysis after the incident."""
    check_kept(account_for(request, key))
    account, actor = acting_on(
        request, key, lambda program: act_that(program, Doing.ASK_ANALYSIS).by
    )
    return _shown(
        actions.ask_analysis(
            account=account, incident=seq, due_on=body.due_on, by=actor, at=now(), via=VIA
        )
    )


@api.post("/accounts/{key}/incidents/{seq}/analysis", url_name="give_analysis", summary="Give it")
def give_analysis(request: HttpRequest, key: str, seq: int, body: AnalysisIn) -> dict[str, Any]:
    """Give the analysis that was asked for, as the company."""
    check_kept(account_for(request, key))
    account, actor = acting_on(
        request, key, lambda program: act_that(program, Doing.GIVE_ANALYSIS).by
    )
    return _shown(
        actions.give_analysis(
            account=account,
            incident=seq,
            words=body.words,
            documents=body.documents,
            by=actor,
            at=now(),
            via=VIA,
        )
    )
