"""The vetting analyst's acts: record a check, start, pass and fail vetting."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

from greenlane.apps.audit.actions import append, one_at_a_time
from greenlane.apps.audit.queries import head_of
from greenlane.apps.audit.seal import Sealed
from greenlane.apps.members.actions.steps import step
from greenlane.apps.members.models import Account
from greenlane.apps.vetting.queries import vetting_facts
from greenlane.content.packs import load_program
from greenlane.core.access import check_role_among
from greenlane.core.canonical import Json
from greenlane.core.errors import BadInput, NotNow
from greenlane.core.ledger import EventDraft
from greenlane.core.lifecycle.decide import Actor
from greenlane.core.vocabulary import Power

RESULTS: Final = ("CLEAR", "HIT", "FAILED", "CANNOT_TELL")
VETTING_WORDS: Final = "vetting_detail"


@one_at_a_time
def record_check(
    *,
    account: Account,
    check: str,
    result: str,
    source: str,
    detail: str,
    by: Actor,
    at: datetime,
    run_on: date | None = None,
    document: str = "",
    via: str = "",
) -> None:
    """Record one run of one check of the pack, with its source; the detail is sealed.

    Raises:
        NotAllowed: the role may not vet.
        NotNow: neither is vetting in progress nor, after it passed, a validation case open
            (secondary vetting).
        BadInput: no such check or result, no source, a day to come, or a hit without detail.
        Conflict: the account changed meanwhile.
    """
    program = load_program(account.program)
    check_role_among(program, role=by.role, wanted=program.roles_that_may(Power.VET))
    is_again = account.vetting == "PASSED" and account.validation != "NONE"
    if account.vetting != "IN_PROGRESS" and not is_again:
        raise NotNow(
            "Vetting of {account} is {vetting}. Start it before you record checks.",
            account=account.stream,
            vetting=account.vetting,
        )
    rule = program.checks.get(check)
    if rule is None:
        raise BadInput(
            "There is no check {check!r}. Use one of {checks}.",
            check=check,
            checks=", ".join(program.checks),
        )
    if result not in RESULTS:
        raise BadInput(
            "{result!r} is no result. Use one of {results}.",
            result=result,
            results=", ".join(RESULTS),
        )
    if not source.strip():
        raise BadInput("A check needs its source: the system, list or document that was looked at.")
    if result != "CLEAR" and not detail.strip():
        raise BadInput("Say what was found, so that the next reader can weigh it.")
    today = program.day_of(at)
    day = run_on or today
    if day > today:
        raise BadInput("The check is dated {day}, which is still to come.", day=day)
    expires_on = rule.expires_after.after(day) if rule.expires_after else None
    payload: dict[str, Json] = {
        "check": check,
        "result": result,
        "expires_on": expires_on.isoformat() if expires_on else None,
    }
    draft = EventDraft(
        "check",
        "check.recorded",
        day,
        by.id,
        by.role,
        payload=payload,
        document=document,
        via=via,
    )
    words = {"source": source.strip(), "detail": detail.strip()}
    append(
        stream=account.stream,
        expected=head_of(account.stream).seq,
        drafts=[(draft, Sealed(VETTING_WORDS, words))],
        at=at,
        program=program,
    )


@one_at_a_time
def vetting_step(
    *,
    account: Account,
    act: str,
    by: Actor,
    at: datetime,
    given: Mapping[str, str] | None = None,
    words: str = "",
    via: str = "",
) -> Account:
    """Start, pass, fail or reopen vetting, by one of the pack's acts.

    Raises:
        Refused: a required check has no current result, a hit is open, or a check failed.
    """
    program = load_program(account.program)
    today = program.day_of(at)
    return step(
        account=account,
        act=act,
        by=by,
        at=at,
        given=given,
        facts=vetting_facts(account, on=today),
        words=words,
        via=via,
    )
