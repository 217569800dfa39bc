"""What analysts decide of hits: false, true, or need more; a second person for what weighs.

A "false" is final at once and remembered for exactly this pair. A "true", and a "false" against a
"true" that was confirmed (also one that opened again), is proposed and waits for somebody else.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from greenlane.apps.audit.actions import append, one_at_a_time
from greenlane.apps.audit.queries import head_of
from greenlane.apps.audit.seal import Sealed
from greenlane.apps.members.models import Account
from greenlane.apps.vetting import queries
from greenlane.apps.vetting.actions import VETTING_WORDS
from greenlane.apps.vetting.models import Hit, HitDecision
from greenlane.apps.vetting.projections import state_after
from greenlane.apps.vetting.screening_actions import WATCH_LISTS, automatic_run
from greenlane.apps.vetting.screenings import watch_list_result
from greenlane.content.packs import load_program
from greenlane.core.access import check_role_among
from greenlane.core.canonical import Json
from greenlane.core.errors import BadInput, Conflict, NotAllowed
from greenlane.core.ledger import EventDraft
from greenlane.core.lifecycle.decide import Actor
from greenlane.core.vocabulary import Power

DECISIONS: Final = ("FALSE", "TRUE", "NEED_MORE")
SECONDS: Final = ("CONFIRMED", "DECLINED")
REASONS: Final = (
    "other_birth_date",
    "other_country",
    "other_identifier",
    "other_name",
    "other_kind",
    "same_identifier",
    "same_details",
    "not_enough",
    "other",
)
_NEEDS_WORDS: Final = frozenset({"other", "not_enough", ""})


class NotYoursToConfirm(NotAllowed):
    """You proposed this decision yourself. Somebody else must confirm or decline it."""

    code = "hit.same_person"


class HitMoved(Conflict):
    """This hit changed since you opened it. Look at it again, then decide."""

    code = "hit.changed"


@one_at_a_time
def decide_hit(
    *,
    account: Account,
    hit: str,
    decision: str,
    reason: str,
    by: Actor,
    at: datetime,
    words: str = "",
    seen: int | None = None,
    via: str = "",
) -> Hit:
    """Record what an analyst decides of a hit.

    Args:
        account: The account the hit is of.
        hit: Key of the hit.
        decision: FALSE, TRUE or NEED_MORE.
        reason: One of `REASONS`; TRUE and NEED_MORE ask for words as well.
        words: The reason in words; sealed.
        seen: The hit's ``seq`` when it was shown; a hit that moved since is not decided.

    Returns:
        The hit afterwards. TRUE, and FALSE against a confirmed TRUE, wait for a second person.

    Raises:
        RoleNotAllowed: the role may not vet.
        BadInput: no such decision or reason, no words where they are needed, or a hit that is gone
            or waits for a second person.
        HitMoved: it changed since it was shown. NoSuchHit, Conflict.
    """
    program = load_program(account.program)
    check_role_among(program, role=by.role, wanted=program.roles_that_may(Power.VET))
    found = _seen(account, hit, by, seen)
    if decision not in DECISIONS:
        raise BadInput(
            "{decision!r} is no decision. Use one of {known}.",
            decision=decision[:20],
            known=", ".join(DECISIONS),
        )
    if reason not in REASONS:
        raise BadInput("Choose the reason for your decision.")
    if not words.strip() and (decision != "FALSE" or reason in _NEEDS_WORDS):
        raise BadInput("Give the reason in words, so that the next reader can weigh it.")
    if found.state == "GONE":
        raise BadInput("This is no hit any more: the party or the listing is gone.")
    if found.state == "WAITING":
        raise BadInput("A decision is proposed already and waits for a second person.")
    if found.state == decision:
        raise BadInput("This is what was decided already. Nothing was changed.")
    if found.state == "TRUE" and decision == "NEED_MORE":
        raise BadInput("A confirmed hit stays as it is until it is decided as false by two people.")
    return _write(account, found, decision, reason, words, by, at, via)


@one_at_a_time
def confirm_hit(
    *,
    account: Account,
    hit: str,
    decision: str,
    by: Actor,
    at: datetime,
    words: str = "",
    seen: int | None = None,
    via: str = "",
) -> Hit:
    """Confirm or decline what another person proposed of a hit.

    Args:
        decision: CONFIRMED makes it final; DECLINED, with words, sends it back.

    Raises:
        RoleNotAllowed: the role may not confirm. NotYoursToConfirm: one's own proposal.
        BadInput: nothing is proposed, no such decision, or declined without words.
        HitMoved, NoSuchHit, Conflict.
    """
    program = load_program(account.program)
    check_role_among(program, role=by.role, wanted=program.roles_that_may(Power.CONFIRM_HITS))
    found = _seen(account, hit, by, seen)
    if decision not in SECONDS:
        raise BadInput(
            "{decision!r} is no decision. Use one of {known}.",
            decision=decision[:20],
            known=", ".join(SECONDS),
        )
    if found.state != "WAITING":
        raise BadInput("Nothing is proposed for this hit.")
    if proposal_of(found).actor == by.id:
        raise NotYoursToConfirm
    if decision == "DECLINED" and not words.strip():
        raise BadInput("Say why it is declined, so that the analyst can act on it.")
    return _write(account, found, decision, "", words, by, at, via)


def proposal_of(hit: Hit) -> HitDecision:
    """Return the proposal that a waiting hit waits with.

    Raises:
        BadInput: nothing is proposed.
    """
    found = (
        HitDecision.objects.filter(
            stream=hit.stream, hit=hit.hit, decision__in=("TRUE", "FALSE"), is_final=False
        )
        .order_by("-seq")
        .first()
    )
    if found is None:
        raise BadInput("Nothing is proposed for this hit.")
    return found


def _seen(account: Account, key: str, by: Actor, seen: int | None) -> Hit:
    found = queries.hit(account, key, role=by.role)
    if seen is not None and seen != found.seq:
        raise HitMoved
    return found


def _write(
    account: Account,
    found: Hit,
    decision: str,
    reason: str,
    words: str,
    by: Actor,
    at: datetime,
    via: str,
) -> Hit:
    program = load_program(account.program)
    today = program.day_of(at)
    payload: dict[str, Json] = {"hit": found.hit, "decision": decision, "reason": reason}
    after, _ = state_after(found.proposed, found.final, decision)
    others = (
        Hit.objects.filter(stream=account.stream)
        .exclude(hit=found.hit)
        .values_list("party", "state")
    )
    run = automatic_run(
        program,
        WATCH_LISTS,
        watch_list_result([*others, (found.party, after)]),
        f"{found.source} {found.list_version}",
        "After a decision on a hit.",
        on=today,
    )
    content: dict[str, Json] = {"words": words.strip(), "checks": [run] if run else []}
    draft = EventDraft("hit", "hit.decided", today, by.id, by.role, payload=payload, via=via)
    append(
        stream=account.stream,
        expected=head_of(account.stream).seq,
        drafts=[(draft, Sealed(VETTING_WORDS, content))],
        at=at,
        program=program,
    )
    return queries.hit(account, found.hit, role=by.role)
