"""Opens a case, prepares it, plans its visit; defers it and takes it up again."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from greenlane.apps.accounts.queries import held_by
from greenlane.apps.audit.actions import one_at_a_time
from greenlane.apps.audit.queries import head_of
from greenlane.apps.criteria.queries import edition_in_force
from greenlane.apps.members.models import Account
from greenlane.apps.validations import queries
from greenlane.apps.validations.actions.recording import (
    Draft,
    advance,
    check_role,
    clean,
    event,
    payload_of,
    record,
)
from greenlane.apps.validations.acts import Doing, inspectors
from greenlane.apps.validations.models import ValidationCase
from greenlane.content.packs import load_program
from greenlane.core.access import reaches
from greenlane.core.canonical import Json
from greenlane.core.errors import BadInput
from greenlane.core.lifecycle.decide import Actor, Refused
from greenlane.core.program import Program
from greenlane.core.vocabulary import Power

MODES: Final = ("ON_SITE", "VIRTUAL")
OWNERS: Final = ("OWN", "PARTNER")
HOW: Final = ("ON_SITE", "VIRTUAL", "RECOGNIZED")
MAX_LINES: Final = 60
_COUNTRY: Final = re.compile(r"[A-Z]{2}")


@dataclass(frozen=True, slots=True)
class SiteGiven:
    """A place to look at, as somebody gives it.

    Attributes:
        owner: OWN or PARTNER.
        country: ISO 3166 alpha-2 code.
        is_foreign: Abroad, as seen from the program.
        how: ON_SITE, VIRTUAL, or RECOGNIZED (a partner program's certificate stands for it).
    """

    name: str
    address: str
    owner: str
    country: str
    is_foreign: bool
    how: str = "ON_SITE"


@one_at_a_time
def open_case(
    *,
    account: Account,
    scope: str,
    rationale: str,
    sites: Sequence[SiteGiven],
    by: Actor,
    at: datetime,
    mode: str = "ON_SITE",
    via: str = "",
) -> ValidationCase:
    """Open a validation case with its scope, the reasons for it and its first sites (X01).

    Args:
        scope: What the visit looks at: criteria, supply chains, partners, in words.
        rationale: Why this and not something else (GAO-05-404 found scopes without one).
        sites: At least one; one at home and one abroad as a rule.
        mode: ON_SITE or VIRTUAL.

    Raises:
        BadInput: no scope, reasons or site, or a site that cannot be read.
        Refused: a case is open already, or the membership does not allow one.
        Conflict: the account changed meanwhile.

    Source: GAO-05-404 (scope and its reasons); 6 U.S.C. 965.
    """
    program = load_program(account.program)
    today = program.day_of(at)
    _check_choice(mode, MODES, "mode")
    words = {
        "scope": clean(scope, "the scope of the validation"),
        "rationale": clean(rationale, "why this scope and these sites"),
    }
    if not sites:
        raise BadInput("Name at least one site that the validation looks at.")
    place = head_of(account.stream).seq + 1
    number = len(queries.cases_of(account.stream)) + 1
    payload: dict[str, Json] = {
        "number": number,
        "mode": mode,
        "edition": edition_in_force(program.id, on=today).id,
    }
    opened = event("validation.opened", payload, on=today, by=by, via=via, words=words)
    advance(
        account,
        Doing.OPEN,
        by=by,
        at=at,
        via=via,
        # The case is opened in this very act, so its scope and sites are known only here.
        known={"validation.scope_is_set": True},
        before=[opened, *(_site(place, site, today, by, via) for site in sites)],
    )
    return queries.case_open(account.stream)


def _check_choice(value: str, allowed: Sequence[str], what: str) -> None:
    if value not in allowed:
        raise BadInput(
            "{value!r} is no {what}. Use one of {allowed}.",
            value=value,
            what=what,
            allowed=", ".join(allowed),
        )


def _site(case_seq: int, site: SiteGiven, today: date, by: Actor, via: str) -> Draft:
    _check_choice(site.owner, OWNERS, "owner of a site")
    _check_choice(site.how, HOW, "way to look at a site")
    if not _COUNTRY.fullmatch(site.country):
        raise BadInput(
            "{country!r} is no country code. Write two letters, as MX.", country=site.country[:20]
        )
    words = {"name": clean(site.name, "the name of the site"), "address": site.address.strip()}
    payload: dict[str, Json] = {
        "case": case_seq,
        "owner": site.owner,
        "country": site.country,
        "foreign": site.is_foreign,
        "how": site.how,
    }
    return event("validation.site_added", payload, on=today, by=by, via=via, words=words)


@one_at_a_time
def add_site(*, account: Account, site: SiteGiven, by: Actor, at: datetime, via: str = "") -> int:
    """Add a site to the open case; return its place.

    Raises:
        NoSuchCase, NotAllowed, BadInput, Conflict.
    """
    check_role(by, inspectors(load_program(account.program)))
    program = load_program(account.program)
    case = queries.case_open(account.stream)
    draft = _site(case.seq, site, program.day_of(at), by, via)
    return record(account.stream, [draft], at=at, program=program)[0]


@one_at_a_time
def prepare(
    *,
    account: Account,
    team: Sequence[str],
    agenda: Sequence[str],
    requests: Sequence[str],
    by: Actor,
    at: datetime,
    via: str = "",
) -> ValidationCase:
    """Set who goes, what happens when, and which documents the company is asked for.

    Args:
        team: Keys of people, each a specialist who may open this account.
        agenda: One line for each point, in order.
        requests: One line for each document.

    Raises:
        NoSuchCase, NotAllowed, Conflict.
        BadInput: nobody in the team, or too many lines.
        Refused: the visit was held, so that its team is a fact and no plan; or somebody of the
            team is no specialist of this account's field office.
    """
    check_role(by, inspectors(load_program(account.program)))
    program = load_program(account.program)
    case, today = queries.case_open(account.stream), program.day_of(at)
    if case.visited_on is not None:
        # Who went on the visit does not decide the case; naming others now would undo that.
        raise Refused(
            "status.wrong",
            "The visit was held on {day}. Team, agenda and document request stay as they were.",
            day=case.visited_on,
        )
    _check_team(account, program, team, today)
    lines = {
        "agenda": _lines(agenda, "agenda"),
        "requests": _lines(requests, "document request"),
    }
    draft = event(
        "validation.prepared",
        payload_of(case, team=list(dict.fromkeys(team))),
        on=today,
        by=by,
        via=via,
        words=lines,
    )
    record(account.stream, [draft], at=at, program=program)
    return queries.case_open(account.stream)


def _lines(given: Sequence[str], what: str) -> list[str]:
    kept = [line.strip() for line in given if line.strip()]
    if len(kept) > MAX_LINES or any(len(line) > 1_000 for line in kept):
        raise BadInput(
            "The {what} takes {fit} lines of up to 1,000 characters.", what=what, fit=MAX_LINES
        )
    return kept


def _check_team(account: Account, program: Program, team: Sequence[str], today: date) -> None:
    if not team:
        raise BadInput("Name at least one specialist for the team.")
    assignable = program.roles_that_may(Power.BE_ASSIGNED)
    for person in team:
        may = any(
            one.role in assignable
            and reaches(one, organization=account.organization, office=account.office)
            for one in held_by(person, program=program, on=today)
        )
        if not may:
            raise Refused(
                "given.not_allowed",
                "{person} is no specialist for this account's field office. Choose one who is.",
                person=person[:40],
            )


@one_at_a_time
def schedule(
    *,
    account: Account,
    visit_on: date,
    by: Actor,
    at: datetime,
    mode: str | None = None,
    via: str = "",
) -> ValidationCase:
    """Plan the day of the visit, or move it (X02).

    A day nearer than the notice period can be planned, for the company may waive it; without the
    waiver the visit is refused (R21).

    Raises:
        NoSuchCase. BadInput: the day has passed. Refused, Conflict.
    """
    program = load_program(account.program)
    case, today = queries.case_open(account.stream), program.day_of(at)
    chosen = mode or case.mode
    _check_choice(chosen, MODES, "mode")
    if visit_on < today:
        raise BadInput("The visit is planned for {day}, which has passed.", day=visit_on)
    draft = event(
        "validation.scheduled",
        payload_of(case, visit_on=visit_on.isoformat(), mode=chosen),
        on=today,
        by=by,
        via=via,
    )
    given = {"visit_on": visit_on.isoformat()}
    advance(account, Doing.SCHEDULE, by=by, at=at, via=via, given=given, before=[draft])
    return queries.case_open(account.stream)


@one_at_a_time
def waive_notice(*, account: Account, by: Actor, at: datetime, via: str = "") -> ValidationCase:
    """Let the company waive the notice period in writing, for the day that is planned (X12).

    Raises:
        NoSuchCase. BadInput: no visit is planned. Refused: the role may not, Conflict.

    Source: ruling R21.
    """
    program = load_program(account.program)
    case, today = queries.case_open(account.stream), program.day_of(at)
    if case.visit_on is None:
        raise BadInput("No visit is planned yet, so there is no notice to waive.")
    draft = event(
        "validation.notice_waived",
        payload_of(case, visit_on=case.visit_on.isoformat()),
        on=today,
        by=by,
        via=via,
    )
    given = {"visit_on": case.visit_on.isoformat()}
    advance(account, Doing.WAIVE, by=by, at=at, via=via, given=given, before=[draft])
    return queries.case_open(account.stream)


@one_at_a_time
def defer(
    *,
    account: Account,
    reason: str,
    new_due_on: date,
    words: str,
    by: Actor,
    at: datetime,
    via: str = "",
) -> ValidationCase:
    """Defer a validation that cannot be held: with a reason of the pack and a new day (X09).

    It is a state, not a blank (P24): benefits stay as they are, the tier cannot rise, the limits
    of the law run on, and the new day is a duty of its own.

    Args:
        reason: A code of the pack's families ``deferral`` and ``overdue``.
        new_due_on: The day by which it is taken up again; later than today.
        words: What happened, in words; sealed.

    Raises:
        NoSuchCase. BadInput: the new day is not to come, or no words. Refused, Conflict.
    """
    program = load_program(account.program)
    case, today = queries.case_open(account.stream), program.day_of(at)
    if new_due_on <= today:
        raise BadInput("The new day is {day}; give one that is still to come.", day=new_due_on)
    said = clean(words, "why the validation cannot be held")
    given = {"reason": reason, "new_due_on": new_due_on.isoformat()}
    draft = event(
        "validation.deferred", payload_of(case, **given), on=today, by=by, via=via,
        words={"words": said},
    )  # fmt: skip
    advance(account, Doing.DEFER, by=by, at=at, via=via, given=given, before=[draft])
    return queries.case_open(account.stream)


@one_at_a_time
def take_up(*, account: Account, by: Actor, at: datetime, via: str = "") -> ValidationCase:
    """Take a deferred validation up again (X10); its visit needs a day and a notice anew.

    Sites that could not be looked at are planned again: what stood in the way is over.

    Raises:
        NoSuchCase, Refused, Conflict.
    """
    program = load_program(account.program)
    case = queries.case_open(account.stream)
    again: list[Json] = [s.seq for s in queries.sites_of(case) if s.state == "NOT_HELD"]
    draft = event(
        "validation.resumed",
        payload_of(case, sites=again),
        on=program.day_of(at),
        by=by,
        via=via,
    )
    advance(account, Doing.TAKE_UP, by=by, at=at, via=via, before=[draft])
    return queries.case_open(account.stream)


@one_at_a_time
def give_paper(
    *,
    account: Account,
    name: str,
    content: bytes,
    by: Actor,
    at: datetime,
    item: int | None = None,
    via: str = "",
) -> int:
    """Give a document that the notice asked for; return the place of the document.

    Args:
        item: Place of the request in the list, from 0; None for something not asked for.

    Raises:
        FileRefused, NoSuchCase, Conflict. BadInput: the list has no such request.
    """
    from greenlane.apps.documents.actions import document_draft

    program = load_program(account.program)
    case, today = queries.case_open(account.stream), program.day_of(at)
    if item is not None and not 0 <= item < len(case.requests):
        raise BadInput("The document request has no item {item}.", item=item + 1)
    place = head_of(account.stream).seq + 1
    document = document_draft(
        name=name, content=content, purpose="validation", by=by, on=today, via=via
    )
    given: Mapping[str, int | None] = {"document": place, "item": item}
    paper = event("validation.paper_given", payload_of(case, **given), on=today, by=by, via=via)
    record(account.stream, [document, paper], at=at, program=program)
    return place
