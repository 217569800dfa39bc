"""Reads incidents, what the office found by itself, and which of the two came first.

What the company may read is asked for by functions whose name says so; everything else is the
office's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Final, TypeAlias

from greenlane.apps.incidents.models import Discovery, Incident, IncidentNote
from greenlane.core.errors import NotFound

QUESTIONS: Final = ("diligence", "procedures", "improved")
"""What the joint review asks: due diligence, own procedures followed, measures improved (g.3)."""
DILIGENCE_SHOWN: Final = "DILIGENCE_SHOWN"
MAY_FOLLOW: Final = "SUSPENSION_MAY_FOLLOW"


class NoSuchIncident(NotFound):
    """There is no such incident, or it is not yours to see."""

    code = "incident.not_found"


@dataclass(frozen=True, slots=True)
class IncidentForCompany:
    """An incident as the company may read it; who in the office reviewed it is not among it."""

    stream: str
    seq: int
    number: int
    kind: str
    happened_on: date | None
    found_on: date | None
    reported_at: datetime | None
    discovered_at: datetime | None
    words: str
    told_words: str
    sites: list[str]
    documents: list[int]
    state: str
    outcome: str
    shown: dict[str, str]
    review_words: str
    reviewed_on: date | None
    analysis_asked_on: date | None
    analysis_due_on: date | None
    analysis_given_on: date | None
    analysis_words: str
    analysis_documents: list[int]
    is_erased: bool


AnyIncident: TypeAlias = Incident | IncidentForCompany
_TOLD: Final = tuple(one.name for one in fields(IncidentForCompany))


def incidents_for_company(stream: str) -> list[IncidentForCompany]:
    """Return what the company may read: its reports, and what the office told it; latest first."""
    rows = Incident.objects.filter(stream=stream).order_by("-seq")
    return [IncidentForCompany(**row) for row in rows.values(*_TOLD)]


def incident_for_company(stream: str, seq: int) -> IncidentForCompany:
    """Return one incident as the company may read it.

    Raises:
        NoSuchIncident: the account has none at that place.
    """
    for found in incidents_for_company(stream):
        if found.seq == seq:
            return found
    raise NoSuchIncident("Account {account} has no incident {seq}.", account=stream, seq=seq)


def incidents_of(stream: str) -> Sequence[Incident]:
    """Return all of an account's incidents, latest first. Office only."""
    return list(Incident.objects.filter(stream=stream).order_by("-seq"))


def incident(stream: str, seq: int) -> Incident:
    """Return one incident of an account. Office only.

    Raises:
        NoSuchIncident: the account has none at that place.
    """
    found = Incident.objects.filter(stream=stream, seq=seq).first()
    if found is None:
        raise NoSuchIncident("Account {account} has no incident {seq}.", account=stream, seq=seq)
    return found


def next_number(stream: str) -> int:
    """Return the number of the account's next incident."""
    return Incident.objects.filter(stream=stream).count() + 1


def discoveries_of(stream: str) -> Sequence[Discovery]:
    """Return what the office found out by itself, latest first. Never for a company."""
    return list(Discovery.objects.filter(stream=stream).order_by("-seq"))


def discovery(stream: str, seq: int) -> Discovery:
    """Return one discovery. Never for a company.

    Raises:
        NoSuchIncident: the account has none at that place.
    """
    found = Discovery.objects.filter(stream=stream, seq=seq).first()
    if found is None:
        raise NoSuchIncident("Account {account} has no incident {seq}.", account=stream, seq=seq)
    return found


def notes_of(stream: str, incident_seq: int) -> Sequence[IncidentNote]:
    """Return the internal notes on an incident, latest first. Never for a company."""
    found = IncidentNote.objects.filter(stream=stream, incident_seq=incident_seq)
    return list(found.order_by("-seq"))


@dataclass(frozen=True, slots=True)
class Comparison:
    """Which came first, by the server's clock and the chain's order: evidence, not an opinion.

    ``first`` is REPORT or DISCOVERY; ``reported_at`` and ``discovered_at`` are None where there is
    no such event.
    """

    first: str
    reported_at: datetime | None
    discovered_at: datetime | None

    @property
    def is_self_report(self) -> bool:
        """Tell whether the company reported before the office found out."""
        return self.first == "REPORT"


def compare(incident: Incident, discoveries: Iterable[Discovery]) -> Comparison:
    """Compare the company's report with what the office found of the same incident.

    Args:
        incident: The incident.
        discoveries: All of the account's discoveries; those of other incidents do not count.

    Source: bulletin of May 2013 (programme dossier g.3).
    """
    own = [one for one in discoveries if one.incident_seq == incident.seq]
    first = min(own, key=lambda one: one.seq, default=None)
    found_at = first.discovered_at if first else incident.discovered_at
    if incident.reported_at is None:
        return Comparison("DISCOVERY", None, found_at)
    if first is not None and first.seq < incident.seq:
        return Comparison("DISCOVERY", incident.reported_at, found_at)
    return Comparison("REPORT", incident.reported_at, found_at)


def self_reports(stream: str) -> list[Incident]:
    """Return the incidents that the company reported before the office found out."""
    found = discoveries_of(stream)
    return [one for one in incidents_of(stream) if compare(one, found).is_self_report]


def open_incidents(streams: Iterable[str] | None = None) -> list[Incident]:
    """Return the incidents whose joint review is not closed, oldest first."""
    found = Incident.objects.filter(state="OPEN").order_by("stream", "seq")
    return list(found if streams is None else found.filter(stream__in=list(streams)))
