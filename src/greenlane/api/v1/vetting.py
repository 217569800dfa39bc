"""People and places of a company; and for the office alone: screening, hits, debts and seizures."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from ninja import Field, File, Form
from ninja.files import UploadedFile

from greenlane.api.v1.base import VIA, Body, account_for, acting_on, api, role_reading
from greenlane.apps.parties.actions import PartyGiven, declare_party, remove_party
from greenlane.apps.parties.queries import parties_of, reads_in_full, shown_details
from greenlane.apps.vetting import queries
from greenlane.apps.vetting.customs_actions import plan_import, record_import
from greenlane.apps.vetting.customs_rows import MOST_BYTES, read_customs_file
from greenlane.apps.vetting.hit_actions import confirm_hit, decide_hit
from greenlane.apps.vetting.levels import LOWEST, MOST, levels_in_force, millionths, set_levels
from greenlane.apps.vetting.screening_actions import screen_account
from greenlane.apps.vetting.sides import compared, sides_of
from greenlane.core.access import company_actors, having
from greenlane.core.errors import BadInput
from greenlane.core.vocabulary import Matter, Power
from greenlane.gate.access import acting, now, signed_in, the_program, today
from greenlane.gate.records import accounts_in_sight

if TYPE_CHECKING:
    from greenlane.apps.parties.models import Party
    from greenlane.apps.vetting.models import Hit


class PartyIn(Body):
    """One person, company, place or ship; see the manual for what each role takes."""

    role: str = Field(description="COMPANY, OFFICER, OWNER, SITE, VESSEL or PARTNER")
    name: str
    kind: str = Field("", description="PERSON or ORGANIZATION, for owners and partners")
    other_names: list[str] = Field(default_factory=list)
    birth_date: str = Field("", description="1975-06-14, 1975-06 or 1975")
    countries: list[str] = Field(default_factory=list)
    identifiers: list[list[str]] = Field(
        default_factory=list, description="[kind, value] or [kind, value, country] each"
    )
    address: str = ""
    title: str = ""
    share: str = Field("", description="Per cent, 0 to 100; empty if it is not known")
    owned: str = Field("", description="Key of the party that is owned; empty: the company")
    party: str = Field("", description="Key of the party that changes; empty for a new one")


class HitDecisionIn(Body):
    """What an analyst decides of a hit; ``seen`` is the event it was read at."""

    decision: str = Field(description="FALSE, TRUE or NEED_MORE")
    reason: str
    words: str = ""
    seen: int | None = None


class SecondIn(Body):
    """What the second person decides of a proposal."""

    decision: str = Field(description="CONFIRMED or DECLINED")
    words: str = ""
    seen: int | None = None


@api.get("/accounts/{key}/parties", url_name="parties", summary="People and places")
def parties(request: HttpRequest, key: str) -> dict[str, Any]:
    """List the people, owners, sites, vessels and partners that the company declared.

    Numbers and birth dates of people are given in full (``in_full``) to those who act for the
    company and to who reads vetting; to others the year, and the last characters.
    """
    account = account_for(request, key)
    in_full = reads_in_full(signed_in(request).key, account, on=today())
    rows = [_party(one, in_full=in_full) for one in parties_of(account.stream)]
    return {"parties": rows, "in_full": in_full}


def _party(one: Party, *, in_full: bool) -> dict[str, Any]:
    return {
        "party": one.party,
        "role": one.role,
        "kind": one.kind,
        "name": one.name,
        **shown_details(one, in_full=in_full),
        "declared_on": one.declared_on,
        "erased": one.is_erased,
    }


def _number(row: list[str]) -> tuple[str, str, str]:
    """Return an identifier's kind, value and country, "" where none is given."""
    if not 2 <= len(row) <= 3:
        raise BadInput("An identifier is [kind, value] or [kind, value, country], and no more.")
    return row[0], row[1], row[2] if len(row) > 2 else ""


@api.post("/accounts/{key}/parties", url_name="declare_party", summary="Declare one")
def declare(request: HttpRequest, key: str, body: PartyIn) -> dict[str, Any]:
    """Declare a person or place, new or changed."""
    account, actor = acting_on(request, key, company_actors)
    told = body.dict()
    party = told.pop("party")
    numbers = tuple(_number(row) for row in told.pop("identifiers"))
    given = PartyGiven(
        identifiers=numbers,
        other_names=tuple(told.pop("other_names")),
        countries=tuple(told.pop("countries")),
        **told,
    )
    made = declare_party(account=account, given=given, by=actor, at=now(), party=party, via=VIA)
    return _party(made, in_full=True)


@api.delete("/accounts/{key}/parties/{party}", url_name="remove_party", summary="Remove one")
def remove(request: HttpRequest, key: str, party: str) -> dict[str, Any]:
    """Record that a person or place left the account."""
    account, actor = acting_on(request, key, company_actors)
    remove_party(account=account, party=party, by=actor, at=now(), via=VIA)
    return {"party": party, "removed": True}


@api.post("/accounts/{key}/screenings", url_name="screen", summary="Screen now (office only)")
def screen(request: HttpRequest, key: str) -> dict[str, Any]:
    """Screen every party of the account against the lists in force."""
    account, actor = acting_on(request, key, having(Power.VET))
    done = screen_account(account=account, at=now(), by=actor, trigger="asked", via=VIA)
    return {
        "parties": done.parties,
        "opened": done.opened,
        "closed": done.closed,
        "waiting": done.waiting,
    }


@api.get("/hits", url_name="hits", summary="Hits that wait (office only)")
def hits(request: HttpRequest, limit: int = 100, after: int = 0) -> dict[str, Any]:
    """List hits that wait for somebody: alerts first, then by score and corroboration."""
    program = the_program()
    role = acting(request, program.readers_of(Matter.VETTING)).role
    sight = accounts_in_sight(request, program.id, matter=Matter.VETTING)
    found = queries.hit_queue(sight, program=program, role=role)
    start, most = max(0, min(after, 100_000)), max(1, min(limit, 500))
    return {"hits": [_hit(hit) for hit in found[start : start + most]]}


class LevelsIn(Body):
    """From which score, a share of 1, a hit is looked at and when it is an alert."""

    review: float = Field(ge=LOWEST / MOST, le=1)
    alert: float = Field(ge=LOWEST / MOST, le=1)
    words: str = Field(description="Why, and on which measurement; sealed")


@api.get("/hits/levels", url_name="levels", summary="Levels of alert and review (office only)")
def levels(request: HttpRequest) -> dict[str, Any]:
    """Return the levels in force and who set them; ``shipped`` while nobody did."""
    acting(request, the_program().readers_of(Matter.VETTING))
    found = levels_in_force()
    return {
        "review": found.review / MOST,
        "alert": found.alert / MOST,
        "by": found.by,
        "on": found.on,
        "words": found.words,
        "shipped": found.is_shipped,
    }


@api.post("/hits/levels", url_name="set_levels", summary="Set the levels")
def decide_levels(request: HttpRequest, body: LevelsIn) -> dict[str, Any]:
    """Set the office's levels; every party is screened again with them."""
    program = the_program()
    set_levels(
        program=program,
        review=millionths(body.review),
        alert=millionths(body.alert),
        words=body.words,
        by=acting(request, program.roles_that_may(Power.CONFIRM_HITS)),
        at=now(),
        via=VIA,
    )
    return levels(request)


@api.get("/accounts/{key}/hits", url_name="account_hits", summary="Its hits (office only)")
def account_hits(request: HttpRequest, key: str) -> dict[str, Any]:
    """List every hit of the account, and how far it is screened."""
    account = account_for(request, key)
    role = role_reading(request, account, Matter.VETTING)
    state = queries.screening_state(account, on=today())
    return {
        "screening": {
            "current": state.is_current,
            "missing": state.missing,
            "lists": {one.key: one.version for one in state.lists},
        },
        "hits": [_hit(hit) for hit in queries.hits_of(account, role=role)],
    }


@api.get("/accounts/{key}/hits/{hit}", url_name="hit", summary="One hit (office only)")
def one_hit(request: HttpRequest, key: str, hit: str) -> dict[str, Any]:
    """Return both sides of a hit, the names word by word, and what was said of it."""
    account = account_for(request, key)
    role = role_reading(request, account, Matter.VETTING)
    found = queries.hit(account, hit, role=role)
    return {
        **_hit(found),
        "words": [
            {"declared": ours, "listed": theirs, "relation": meaning, "tone": tone}
            for ours, theirs, meaning, tone in compared(found).pairs
        ],
        "sides": [
            {
                "what": side.what,
                "declared": side.ours,
                "listed": side.theirs,
                "agreement": side.agreement,
            }
            for side in sides_of(found)
        ],
        "evidence": found.evidence,
        "decisions": [
            {
                "decision": one.decision,
                "reason": one.reason,
                "words": one.words,
                "by": one.actor,
                "on": one.decided_on,
                "final": one.is_final,
                "reversal": one.is_reversal,
            }
            for one in queries.decisions_of(account, found.hit, role=role)
        ],
    }


def _hit(hit: Hit) -> dict[str, Any]:
    return {
        "account": hit.stream,
        "hit": hit.hit,
        "party": hit.party,
        "declared": hit.subject_name,
        "listed": hit.listed_name,
        "listed_uid": hit.listed_uid,
        "list": hit.source,
        "list_version": hit.list_version,
        "state": hit.state,
        "proposed": hit.proposed,
        "level": hit.level,
        "score_millionths": hit.score,
        "corroborates": hit.corroborates,
        "contradicts": hit.contradicts,
        "opened_on": hit.opened_on,
        "reopened": hit.is_reopened,
        "seen": hit.seq,
    }


@api.post("/accounts/{key}/hits/{hit}/decisions", url_name="decide_hit", summary="Decide one")
def decide(request: HttpRequest, key: str, hit: str, body: HitDecisionIn) -> dict[str, Any]:
    """Decide a hit; TRUE is proposed and waits for a second person."""
    account, actor = acting_on(request, key, having(Power.VET))
    done = decide_hit(account=account, hit=hit, by=actor, at=now(), via=VIA, **body.dict())
    return _hit(done)


@api.post("/accounts/{key}/hits/{hit}/second", url_name="confirm_hit", summary="Confirm or decline")
def second(request: HttpRequest, key: str, hit: str, body: SecondIn) -> dict[str, Any]:
    """Confirm or decline, as another person, what was proposed of a hit."""
    account, actor = acting_on(request, key, having(Power.CONFIRM_HITS))
    done = confirm_hit(account=account, hit=hit, by=actor, at=now(), via=VIA, **body.dict())
    return _hit(done)


@api.get("/accounts/{key}/customs-rows", url_name="customs_rows", summary="Debts and seizures")
def customs_rows(request: HttpRequest, key: str) -> dict[str, Any]:
    """List debts, seizures, penalties and violations on file (office only)."""
    account = account_for(request, key)
    role = role_reading(request, account, Matter.VETTING)
    return {
        "rows": [
            {
                "row": row.row,
                "kind": row.kind,
                "status": row.status,
                "reference": row.reference,
                "identifier": row.identifier,
                "happened_on": row.happened_on,
                "amount": row.amount,
                "currency": row.currency,
                "note": row.note,
                "source": row.source,
                "as_of": row.as_of,
                "file_sha256": row.file_sha256,
            }
            for row in queries.customs_rows(account, role=role)
        ]
    }


@api.post("/customs-files", url_name="customs_file", summary="Take debts and seizures from a file")
def customs_file(
    request: HttpRequest,
    file: File[UploadedFile],
    source: Form[str],
    as_of: Form[date],
    dry_run: Form[bool] = True,
) -> dict[str, Any]:
    """Plan what a CSV says of the accounts in your sight; record it with ``dry_run=false``."""
    program = the_program()
    by = acting(request, program.roles_that_may(Power.VET))
    read = read_customs_file(file.read(MOST_BYTES + 1))
    sight = accounts_in_sight(request, program.id, matter=Matter.VETTING)
    streams = list(sight.values_list("stream", flat=True))
    plan = plan_import(program=program, file=read, as_of=as_of, streams=streams)
    if not dry_run:
        record_import(
            program=program, plan=plan, source=source, as_of=as_of, by=by, at=now(), via=VIA
        )
    return {
        "recorded": not dry_run,
        "sha256": read.sha256,
        **plan.counts,
        "faults": [{"line": fault.line, "what": fault.what} for fault in read.faults],
        "unmatched_lines": [entry.line for entry in plan.unmatched],
        "concerned": [one.stream for one in plan.matched],
    }
