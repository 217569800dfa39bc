"""From the answers to the end: actions open, before the director, decision with tier, closing."""

from __future__ import annotations

from datetime import date, datetime

from greenlane.apps.audit.actions import one_at_a_time
from greenlane.apps.members.models import Account
from greenlane.apps.validations import queries
from greenlane.apps.validations.actions.recording import (
    Draft,
    advance,
    clean,
    event,
    payload_of,
)
from greenlane.apps.validations.acts import Doing
from greenlane.content.packs import load_program
from greenlane.core.errors import BadInput
from greenlane.core.lifecycle.decide import Actor, Refused
from greenlane.core.vocabulary import MembershipStatus, Tier


@one_at_a_time
def keep_open(*, account: Account, by: Actor, at: datetime, via: str = "") -> Account:
    """Keep the case open until its required actions are verified (X07, R3).

    Raises:
        Refused, Conflict.
    """
    return advance(account, Doing.KEEP_OPEN, by=by, at=at, via=via)


@one_at_a_time
def recommend(
    *, account: Account, tier: str, words: str, by: Actor, at: datetime, via: str = ""
) -> Account:
    """Put the case before the director with a recommended tier and its reasons (X08).

    Raises:
        BadInput: no words, a tier that is not open here, or musts that nobody judged at any site.
        Refused: a required action is not verified. NoSuchCase, Conflict.
    """
    program = load_program(account.program)
    case = queries.case_open(account.stream)
    _check_tier(account, tier)
    said = clean(words, "what the recommendation rests on")
    coverage = queries.coverage_of(account, case)
    if coverage.musts_judged == 0 and coverage.musts:
        raise BadInput(
            "No criterion was judged at any site. Fill in the checklist before the case goes on."
        )
    waiting = queries.open_recommendations(case)
    if waiting:
        raise BadInput(
            "The answer to the recommendation on criterion {criterion} is not settled yet.",
            criterion=waiting[0].criterion,
        )
    draft = event(
        "inspection.recommended",
        payload_of(case, tier=tier),
        on=program.day_of(at),
        by=by,
        via=via,
        words={"words": said},
    )
    return advance(account, Doing.RECOMMEND, by=by, at=at, via=via, before=[draft])


def _check_tier(account: Account, tier: str) -> None:
    case = queries.case_open(account.stream)
    open_tiers = queries.tiers_open(account, case)
    known = {one.value: carried for one, carried in open_tiers.items()}
    if tier not in known:
        raise BadInput(
            "{tier!r} cannot be given here. Use one of {tiers}.",
            tier=tier[:20],
            tiers=", ".join(known),
        )
    if not known[tier]:
        raise BadInput(
            "{tier} needs a best practice that meets all five requirements of the framework.",
            tier=tier,
        )


@one_at_a_time
def decide(
    *,
    account: Account,
    tier: str,
    words: str,
    by: Actor,
    at: datetime,
    risk_band: str = "",
    via: str = "",
) -> Account:
    """Validate (T08) or revalidate (T09), with the tier and the reasons; by the director.

    A tier above or below what the act itself sets is a second event of the same day: T10 raises,
    T11 lowers (R13).

    Args:
        tier: Tier that the member has afterwards; NONE for an entity type without tiers.
        words: Reasons; sealed, told to the company.
        risk_band: Band of the pack from which the next revalidation by risk is counted.

    Raises:
        BadInput: no reasons, or a tier that is not open here.
        Refused: a guard does not hold, the role may not, or whoever recommended it decides.
        NoSuchCase, Conflict.

    Source: 6 U.S.C. 965, 966 and 969; rulings R3 and R13.
    """
    program = load_program(account.program)
    case, today = queries.case_open(account.stream), program.day_of(at)
    _check_tier(account, tier)
    said = clean(words, "the reasons of the decision")
    if by.id in {case.recommended_by, *case.team} | queries.visitors_of(case):
        raise Refused(
            "second.same_person",
            "You put this case before the director, or went on the visit; somebody else must "
            "decide it.",
        )
    is_first = account.membership == MembershipStatus.CERTIFIED
    doing = Doing.VALIDATE if is_first else Doing.REVALIDATE
    given = {"risk_band": risk_band} if risk_band else {}
    done = advance(
        account,
        doing,
        by=by,
        at=at,
        via=via,
        given=given,
        words=said,
        before=[_decided(case.seq, f"VALIDATED_{tier}", said, today, by, via)],
    )
    return _set_tier(done, Tier(tier), by, at, said, via)


def _set_tier(
    account: Account, tier: Tier, by: Actor, at: datetime, words: str, via: str
) -> Account:
    if account.tier == Tier.T2 and tier is Tier.T3:
        return advance(account, Doing.RAISE_TIER, by=by, at=at, via=via, words=words)
    if account.tier == Tier.T3 and tier is Tier.T2:
        given = {"reason": "tier.no_longer_exceeds"}
        return advance(account, Doing.LOWER_TIER, by=by, at=at, via=via, given=given, words=words)
    return account


def _decided(case_seq: int, outcome: str, words: str, today: date, by: Actor, via: str) -> Draft:
    return event(
        "validation.decided",
        {"case": case_seq, "outcome": outcome},
        on=today,
        by=by,
        via=via,
        words={"words": words},
    )


@one_at_a_time
def close_without(
    *, account: Account, reason: str, words: str, by: Actor, at: datetime, via: str = ""
) -> Account:
    """Close a case without validating (X11): it fills no window and moves no date (R2).

    A suspension or removal that follows is a decision of its own, with its ground.

    Raises:
        BadInput: no words. Refused, NoSuchCase, Conflict.
    """
    program = load_program(account.program)
    case = queries.case_open(account.stream)
    said = clean(words, "why the case is closed without validating")
    draft = _decided(case.seq, "NOT_VALIDATED", said, program.day_of(at), by, via)
    given = {"reason": reason}
    return advance(
        account, Doing.CLOSE, by=by, at=at, via=via, given=given, words=said, before=[draft]
    )
