"""How long the record of people is kept, counted for each of them. Reads tables; erases nothing.

One chain holds everybody, so no mark of an account's history is ever set there: what counts is the
end of the person's own roles, or of their sign-in.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Final

from greenlane.apps.accounts.models import Grant, Invitation, Organization, User
from greenlane.apps.audit.projection import Fields
from greenlane.apps.audit.retention import Kept, Term, kept_until
from greenlane.core.program import RetentionRule
from greenlane.core.vocabulary import PersonEnd

_WORDS: Final = {
    PersonEnd.LAST_ROLE_ENDED: "the last role of {of} ended",
    PersonEnd.SIGN_IN_CLOSED: "the sign-in of {of} was closed",
}


def keep_people(rule: RetentionRule, events: Sequence[Fields]) -> list[Kept]:
    """Return of whom the sealed records of some events are, and until when the rule keeps them.

    Runs at most five queries, whatever the number of events.
    """
    owners = _owners(events)
    ends = _Ends(set(owners.values()))
    return [
        Kept(
            event["seq"],
            owners[event["seq"]],
            _term(rule, event, owners[event["seq"]], ends),
        )
        for event in events
    ]


def organizations_of_ever(keys: Collection[str]) -> frozenset[str]:
    """Return the organizations that people (by key) act or once acted for, and those named."""
    found = Grant.objects.filter(user_id__in=list(keys), organization__isnull=False)
    acted = found.values_list("organization_id", flat=True)
    return frozenset(key for key in acted if key) | {key for key in keys if key[:2] == "O-"}


def _owners(events: Sequence[Fields]) -> dict[int, str]:
    """Return by place whose each record is: a person's, an organization's or an open offer's."""
    sent = (event["payload"] for event in events if event["kind"] == "invitation")
    offers = {payload["invitation"] for payload in sent}
    taken = dict(
        Invitation.objects.filter(key__in=offers)
        .exclude(accepted_by="")
        .values_list("key", "accepted_by")
    )
    owners = {}
    for event in events:
        payload = event["payload"]
        if event["kind"] == "invitation":
            # Once it is taken up, the address is the person's own.
            owners[event["seq"]] = taken.get(payload["invitation"], payload["invitation"])
        elif event["kind"] == "organization":
            owners[event["seq"]] = payload["organization"]
        elif event["kind"] == "hold":
            owners[event["seq"]] = payload.get("of", "")
        else:
            owners[event["seq"]] = payload["person"]
    return owners


class _Ends:
    """When the roles, the sign-ins and the offers of some people and organizations ended."""

    def __init__(self, keys: Collection[str]) -> None:
        people = User.objects.filter(key__in=keys).values_list("key", "registered_on", "closed_on")
        self.begun: dict[str, date] = {}
        self.closed: dict[str, date | None] = {}
        for key, begun, closed in people:
            self.begun[key], self.closed[key] = begun, closed
        companies = Organization.objects.filter(key__in=keys)
        self.begun.update(companies.values_list("key", "registered_on"))
        offers = Invitation.objects.filter(key__in=keys)
        self.offers = dict(offers.values_list("key", "expires_on"))
        self.roles: dict[str, list[date | None]] = {}
        of_people = Grant.objects.filter(user_id__in=keys)
        of_companies = Grant.objects.filter(organization_id__in=keys)
        # A closed sign-in ends its roles, though each may be opened again.
        columns = ("until", "user__closed_on")
        for rows, whose in ((of_people, "user_id"), (of_companies, "organization_id")):
            for key, until, closed in rows.values_list(whose, *columns):
                both = [day for day in (until, closed) if day is not None]
                self.roles.setdefault(key, []).append(min(both) if both else None)

    def end(self, of: str, wanted: PersonEnd) -> date | None:
        """Return the day on which it ended; None while it lasts."""
        if of in self.offers:
            return self.offers[of]
        if wanted is PersonEnd.SIGN_IN_CLOSED and of in self.closed:
            return self.closed[of]
        ended = [day for day in self.roles.get(of, [self.begun.get(of)]) if day is not None]
        if len(ended) < len(self.roles.get(of, [None])) or not ended:
            return None
        return max(ended)


def _term(rule: RetentionRule, event: Fields, of: str, ends: _Ends) -> Term:
    recorded_on = date.fromisoformat(event["recorded_on"])
    if rule.period is None or (rule.person_from is None and not rule.anchors):
        return kept_until(rule, seq=event["seq"], recorded_on=recorded_on, steps=())
    if rule.person_from is None:
        return Term(None, "it counts from marks of an account, and none is set on a person")
    day = ends.end(of, rule.person_from)
    if day is None:
        says = f"the period begins with {rule.person_from.value}, which has not happened to {of}"
        return Term(None, says)
    # What was recorded of somebody after their end, such as a correction, is kept as long.
    day = max(day, recorded_on)
    until = rule.period.after(day)
    words = _WORDS[rule.person_from].format(of=of)
    return Term(until, f"until {until}, {rule.period} after {words} on {day}")
