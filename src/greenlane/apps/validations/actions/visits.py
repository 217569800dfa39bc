"""The visit: what is seen at each site, photographs, notes, and that the visit was held."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final, NoReturn

from greenlane.apps.audit.actions import one_at_a_time
from greenlane.apps.audit.queries import head_of
from greenlane.apps.criteria.queries import applicable
from greenlane.apps.documents.actions import document_draft
from greenlane.apps.members.models import Account
from greenlane.apps.validations import queries
from greenlane.apps.validations.actions.recording import (
    advance,
    check_role,
    clean,
    event,
    payload_of,
    record,
)
from greenlane.apps.validations.acts import Doing, inspectors
from greenlane.apps.validations.models import CheckDraft, Site, SiteCheck, ValidationCase
from greenlane.content.packs import load_program
from greenlane.core.canonical import Json
from greenlane.core.errors import BadInput
from greenlane.core.lifecycle.decide import Actor, Refused

RESULTS: Final = ("MET", "PARTLY", "NOT_MET", "NOT_SEEN", "NOT_APPLICABLE")
PLANNED: Final = "PLANNED"
OPEN_FOR_CHECKS: Final = frozenset({"PLANNED", "NOTIFIED", "VISITED", "ACTIONS_OPEN"})


def _check_open(account: Account, by: Actor) -> ValidationCase:
    check_role(by, inspectors(load_program(account.program)))
    case = queries.case_open(account.stream)
    if account.validation not in OPEN_FOR_CHECKS:
        raise Refused(
            "status.wrong",
            "The validation of {account} is {state}; the checklist is closed now.",
            account=account.stream,
            state=account.validation,
        )
    return case


def _check_asked(account: Account, case: ValidationCase, criterion: str) -> None:
    asked = applicable(account.program, account.entity_type, on=case.opened_on)
    if all(one.id != criterion for one in asked):
        raise BadInput("Criterion {criterion} asks nothing of this account.", criterion=criterion)


def save_check_draft(
    *,
    account: Account,
    site: int,
    criterion: str,
    content: Mapping[str, Json],
    by: Actor,
    at: datetime,
) -> None:
    """Keep what is being typed at a visit. Not part of the record; gone when it is saved.

    Raises:
        NoSuchCase, NoSuchSite, NotAllowed, Refused.
    """
    case = _check_open(account, by)
    queries.site_of(case, site)
    _check_asked(account, case, criterion)
    CheckDraft.objects.update_or_create(
        account=account.stream,
        site_seq=site,
        criterion=criterion,
        defaults={"content": dict(content), "saved_at": at, "saved_by": by.id},
    )


@one_at_a_time
def record_check(
    *,
    account: Account,
    site: int,
    criterion: str,
    result: str,
    words: str,
    by: Actor,
    at: datetime,
    via: str = "",
) -> SiteCheck:
    """Record what was seen for one criterion at one site: a judgment with its reason.

    Args:
        result: One of RESULTS. Words are needed for every one but MET.
        words: What was seen, by whom it was shown; sealed.

    Raises:
        BadInput: no such result or criterion, or no words. NoSuchCase, NoSuchSite, NotAllowed,
        Refused, Conflict.

    Source: GAO-08-240 (yes and no without evidence showed nothing).
    """
    case = _check_open(account, by)
    program = load_program(account.program)
    queries.site_of(case, site)
    _check_asked(account, case, criterion)
    if result not in RESULTS:
        raise BadInput(
            "{result!r} is no result. Use one of {results}.",
            result=result,
            results=", ".join(RESULTS),
        )
    said = clean(words, "what was seen", is_needed=result != "MET")
    payload = payload_of(case, site=site, criterion=criterion, edition=case.edition, result=result)
    draft = event(
        "inspection.checked",
        payload,
        on=program.day_of(at),
        by=by,
        via=via,
        words={"words": said},
    )
    record(account.stream, [draft], at=at, program=program)
    CheckDraft.objects.filter(account=account.stream, site_seq=site, criterion=criterion).delete()
    return SiteCheck.objects.get(stream=account.stream, site_seq=site, criterion=criterion)


@one_at_a_time
def take_photo(
    *,
    account: Account,
    site: int,
    criterion: str,
    name: str,
    content: bytes,
    by: Actor,
    at: datetime,
    via: str = "",
) -> int:
    """Keep a photograph or paper taken at a site; return the place of the document.

    Raises:
        FileRefused, BadInput, NoSuchCase, NoSuchSite, NotAllowed, Refused, Conflict.
    """
    case = _check_open(account, by)
    program = load_program(account.program)
    today = program.day_of(at)
    queries.site_of(case, site)
    _check_asked(account, case, criterion)
    place = head_of(account.stream).seq + 1
    document = document_draft(
        name=name, content=content, purpose=queries.INSPECTION, by=by, on=today, via=via
    )
    payload = payload_of(case, site=site, criterion=criterion, document=place)
    photo = event("inspection.photo_taken", payload, on=today, by=by, via=via)
    record(account.stream, [document, photo], at=at, program=program)
    return place


@one_at_a_time
def write_note(*, account: Account, words: str, by: Actor, at: datetime, via: str = "") -> None:
    """Write an internal or law-enforcement note; no company ever reads it, nor that it is there.

    Raises:
        BadInput, NoSuchCase, NotAllowed, Conflict.
    """
    check_role(by, frozenset(load_program(account.program).case_roles))
    program = load_program(account.program)
    case = queries.case_open(account.stream)
    draft = event(
        "inspection.noted",
        payload_of(case),
        on=program.day_of(at),
        by=by,
        via=via,
        words={"words": clean(words, "the note")},
    )
    record(account.stream, [draft], at=at, program=program)


@one_at_a_time
def leave_out(
    *, account: Account, site: int, reason: str, words: str, by: Actor, at: datetime, via: str = ""
) -> None:
    """Say of one site that it cannot be looked at, with a reason of the pack (P24).

    The other sites go on; when no site is left, the validation is deferred or closed.

    Raises:
        BadInput: no such reason, or no words. NoSuchCase, NoSuchSite, NotAllowed, Conflict.
        Refused: the site was visited, or left out already.
    """
    check_role(by, inspectors(load_program(account.program)))
    program = load_program(account.program)
    case = queries.case_open(account.stream)
    if (found := queries.site_of(case, site)).state != PLANNED:
        _refuse_settled(found)
    if reason not in program.reasons or reason.partition(".")[0] not in ("overdue", "deferral"):
        raise BadInput("{reason!r} is no reason why a site cannot be visited.", reason=reason[:60])
    draft = event(
        "validation.site_not_held",
        payload_of(case, site=site, reason=reason),
        on=program.day_of(at),
        by=by,
        via=via,
        words={"words": clean(words, "why the site cannot be looked at")},
    )
    record(account.stream, [draft], at=at, program=program)


def _refuse_settled(site: Site) -> NoReturn:
    raise Refused(
        "status.wrong",
        "The site {site} was visited, or left out, already. That stays as it is.",
        site=site.name or site.seq,
    )


@one_at_a_time
def hold_visit(
    *,
    account: Account,
    effort_days: int,
    by: Actor,
    at: datetime,
    sites: Sequence[int] | None = None,
    via: str = "",
) -> ValidationCase:
    """Record that the visit was held (X04): notice in time or waived, secondary vetting done.

    Args:
        effort_days: Working days of the company's time, whole and rounded up (R22).
        sites: Places of the sites that were looked at; without it all that were planned.

    Raises:
        Refused: the notice is too short and not waived, secondary vetting is not done, or a site
            was left out or visited already.
        BadInput: no site was looked at. NoSuchCase, NoSuchSite, Conflict.

    Source: 6 U.S.C. 965; OIG-12-86; ruling R21.
    """
    program = load_program(account.program)
    case = queries.case_open(account.stream)
    allowed = queries.sites_to_visit(case)
    places = {site.seq: site for site in queries.sites_of(case)}
    planned = [seq for seq in allowed if places[seq].state == PLANNED]
    seen = list(dict.fromkeys(planned if sites is None else sites))
    for site in seen:
        found = queries.site_of(case, site)
        if found.how == "RECOGNIZED":
            raise BadInput(
                "The certificate of a recognized program stands for the visit of {site}. For a "
                "visit of its own, add it again with how it is looked at.",
                site=found.name or site,
            )
        if site not in allowed:
            _refuse_settled(found)
    if not seen:
        raise BadInput("No site is left to look at. Defer the validation, or close it.")
    if effort_days < 0:
        raise BadInput("The effort is a number of whole working days.")
    draft = event(
        "validation.visited",
        payload_of(case, sites=seen, effort_days=effort_days),
        on=program.day_of(at),
        by=by,
        via=via,
    )
    given = {"effort_days": str(effort_days)}
    advance(account, Doing.VISIT, by=by, at=at, via=via, given=given, before=[draft])
    return queries.case_open(account.stream)
