"""Accounts: open one, read it, its duties, the acts that are lawful now, and every act."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import HttpRequest
from ninja import Field, Status

from greenlane.api.v1.base import VIA, Body, account_for, acting_on, api
from greenlane.apps.accounts.queries import acting_role
from greenlane.apps.documents.queries import check_on_file
from greenlane.apps.members import queries
from greenlane.apps.members.actions.accounts import (
    declare_facts,
    open_account,
    save_company_profile,
)
from greenlane.apps.members.actions.steps import step
from greenlane.apps.suspensions.acts import CaseKind, kind_of_case
from greenlane.apps.suspensions.queries import act_facts, has_page
from greenlane.content.packs import load_program
from greenlane.core.access import company_actors, shown_to_company
from greenlane.core.deadlines import duty_json, worst
from greenlane.core.eligibility import eligibility
from greenlane.core.errors import BadInput, NotAllowed
from greenlane.core.facts import Facts
from greenlane.core.lifecycle.decide import Actor
from greenlane.core.lifecycle.standing import has_benefits
from greenlane.core.vocabulary import Axis, Matter, Origin, Power, Purpose
from greenlane.gate.access import now, signed_in, the_program, today
from greenlane.gate.records import accounts_in_sight, may_see

if TYPE_CHECKING:
    from greenlane.apps.members.models import Account

# Acts with a door of their own, where more must happen than the step itself.
ELSEWHERE = {
    Purpose.SIGN_AGREEMENT: "POST /accounts/{key}/agreement",
    Purpose.FILE_RISK_ASSESSMENT: "POST /accounts/{key}/risk-assessments",
    Purpose.CERTIFY: "POST /accounts/{key}/proposals",
}


class OpenIn(Body):
    """What it takes to open an account."""

    entity_type: str = Field(examples=["importer"])
    organization: str = Field(examples=["O-0123456789"])
    company_name: str
    facts: dict[str, Any] = Field(default_factory=dict, description="Declared facts by name.")
    office: str = ""


class EligibilityIn(Body):
    """Facts to try, without opening anything."""

    entity_type: str
    facts: dict[str, Any] = Field(default_factory=dict)


class ProfileIn(Body):
    """The company profile; all of it is sealed in the record."""

    legal_name: str = Field(min_length=1, max_length=400)
    trading_name: str = ""
    phone: str = ""
    website: str = ""
    employees: str = ""
    founded: str = ""
    history: str = Field("", max_length=10_000)
    addresses: str = Field("", max_length=10_000)


class FactsIn(Body):
    """Facts that are known now; null withdraws one."""

    facts: dict[str, Any]


class ActIn(Body):
    """One act of the pack's table. ``expected`` is the revision that was read, if it matters."""

    on: date | None = None
    given: dict[str, str] = Field(default_factory=dict)
    words: str = Field("", max_length=20_000)
    expected: int | None = None
    outside: bool = Field(False, description="An authority's decision, recorded with its document.")
    document: str = Field("", description="SHA-256 of that document, given before.")


def shown(request: HttpRequest, account: Account) -> dict[str, Any]:
    """Return an account as the API shows it to whoever asks: the state of vetting to few."""
    program = load_program(account.program)
    standing = queries.case_of(account).standing()
    since = standing.since.get(Axis.MEMBERSHIP)
    return {
        "account": account.stream,
        "program": account.program,
        "entity_type": account.entity_type,
        "organization": account.organization,
        "company_name": account.company_name,
        "office": account.office,
        "specialist": account.specialist,
        "standing": {
            axis.value: value
            for axis, value in standing.axes.items()
            if axis is not Axis.VETTING or may_see(request, account, Matter.VETTING)
        },
        "since": {"on": since.on, "act": since.act, "event": since.seq} if since else None,
        "benefits": has_benefits(program, standing),
        "revision": queries.revision_of(account.stream),
    }


@api.get("/accounts", url_name="accounts", summary="Accounts you may see")
def list_accounts(request: HttpRequest, after: str = "", limit: int = 50) -> dict[str, Any]:
    """List accounts in the order of their key, ``limit`` (at most 200) after ``after``."""
    found = accounts_in_sight(request, the_program().id).filter(stream__gt=after)
    rows = list(found[: max(1, min(limit, 200))])
    return {
        "accounts": [shown(request, row) for row in rows],
        "next_after": rows[-1].stream if len(rows) == max(1, min(limit, 200)) else None,
    }


@api.post("/eligibility", url_name="eligibility", summary="Try an eligibility check")
def try_eligibility(request: HttpRequest, body: EligibilityIn) -> dict[str, Any]:
    """Answer yes, no or cannot_tell for each statement, with its source; nothing is recorded."""
    program = the_program()
    program.entity_type(body.entity_type)
    known = Facts.declared(body.facts).with_({"act.on": today(), "standing.membership": "NONE"})
    found = eligibility(program, body.entity_type, known)
    return {
        "answer": found.truth.value,
        "statements": [
            {
                "id": answer.rule.id,
                "answer": answer.truth.value,
                "title": str(answer.rule.title),
                "remedy": str(answer.rule.remedy),
                "source": answer.rule.source.citation,
                "confidence": answer.rule.source.confidence.value,
            }
            for answer in found.answers
        ],
    }


@api.post("/accounts", url_name="open_account", summary="Open an account", response={201: Any})
def open_(request: HttpRequest, body: OpenIn) -> Status[dict[str, Any]]:
    """Open an account for your organization; every eligibility statement must hold."""
    program = the_program()
    person = signed_in(request).key
    role = acting_role(
        person,
        wanted=program.own_roles,
        program=program,
        on=today(),
        organization=body.organization,
    )
    account = open_account(
        program=program,
        entity_type=body.entity_type,
        organization=body.organization,
        company_name=body.company_name,
        facts={**body.facts},
        by=Actor(person, role),
        at=now(),
        office=body.office,
        via=VIA,
    )
    return Status(201, shown(request, account))


@api.get("/accounts/{key}", url_name="account", summary="One account")
def show(request: HttpRequest, key: str) -> dict[str, Any]:
    """Return the account's standing: derived from its record, with what set it."""
    return shown(request, account_for(request, key))


@api.get("/accounts/{key}/duties", url_name="duties", summary="Its duties on a day")
def list_duties(
    request: HttpRequest, key: str, on: date | None = None, known: str = "then"
) -> dict[str, Any]:
    """List every duty on a day, past or future, with what set it; as known then, or now."""
    if known not in ("then", "now"):
        raise BadInput("`known` is `then` (as known on that day) or `now`.")
    day = on or today()
    account = account_for(request, key)
    found = queries.case_of(account).duties(on=day, known_now=known == "now")
    if not may_see(request, account, Matter.VETTING):
        found = shown_to_company(found)
    bucket = worst(found)
    return {
        "on": day,
        "known": known,
        "bucket": bucket.id if bucket else "nothing due",
        "duties": [
            {**duty_json(duty), "anchor_event": f"{key}:{duty.anchor_seq}"} for duty in found
        ],
    }


@api.get("/accounts/{key}/acts", url_name="acts", summary="Acts that are lawful for you now")
def list_acts(request: HttpRequest, key: str) -> dict[str, Any]:
    """List the acts open to your role from here, each lawful or with its refusal and gates."""
    account = account_for(request, key)
    program = load_program(account.program)
    wanted = frozenset().union(*(row.by for row in program.transitions.values()))
    account, actor = acting_on(request, key, wanted)
    case = queries.case_of(account, act_facts(account, on=today()))
    return {
        "allowed_actions": [
            {
                "act": item.transition.id,
                "title": str(item.transition.title),
                "lawful": item.is_lawful,
                "refusal": item.refusal,
                "message": item.message,
                "requires": sorted(item.transition.requires),
                "second_by": sorted(item.transition.second_by),
            }
            for item in case.available(actor, on=today())
        ]
    }


@api.put("/accounts/{key}/company-profile", url_name="company_profile", summary="Save it")
def company_profile(request: HttpRequest, key: str, body: ProfileIn) -> dict[str, Any]:
    """Save the company profile; submit it with the pack's act."""
    account, actor = acting_on(request, key, company_actors)
    program = load_program(account.program)
    save_company_profile(
        account=account, content=body.dict(), by=actor, at=now(), program=program, via=VIA
    )
    return shown(request, queries.account(key))


@api.put("/accounts/{key}/facts", url_name="facts", summary="Declare facts")
def facts(request: HttpRequest, key: str, body: FactsIn) -> dict[str, Any]:
    """Declare what is known of the account now."""
    program = load_program(account_for(request, key).program)
    stating = program.roles_that_may(Power.STATE_FACTS)
    account, actor = acting_on(request, key, program.own_roles | stating)
    source = "office" if actor.role in stating else "declared"
    declare_facts(
        account=account,
        facts=body.facts,
        by=actor,
        at=now(),
        program=load_program(account.program),
        source=source,
        via=VIA,
    )
    return shown(request, queries.account(key))


@api.post("/accounts/{key}/acts/{act}", url_name="act", summary="Do one act of the table")
def do(request: HttpRequest, key: str, act: str, body: ActIn) -> dict[str, Any]:
    """Do an act of the pack's transition table, such as T05; facts come from the record."""
    found = account_for(request, key)
    program = load_program(found.program)
    row = program.transition(act)
    if row.does in ELSEWHERE:
        raise BadInput(f"{act} has an address of its own: {ELSEWHERE[row.does]}.")
    if has_page(found, row) and not body.outside:
        kind = kind_of_case(program, row)
        if kind is not CaseKind.VALIDATION:
            raise BadInput(
                "{act} is done where its case is kept: POST /accounts/{account}/{place}.",
                act=act,
                account=key,
                place=f"{kind}s",
            )
        raise BadInput(
            "{act} is done at the addresses of the validation, which keep its case: those under "
            "/accounts/{account}/validation.",
            act=act,
            account=key,
        )
    recorders = frozenset(
        role.id for role in the_program().roles.values() if role.may_record_outside
    )
    if body.outside and not settings.IS_COMPANY_ALONE:
        # In an office's installation a company could record its own certification as "outside".
        raise NotAllowed(
            "Outside decisions are recorded only where a company runs Greenlane alone "
            "(GREENLANE_COMPANY_ALONE). Here the program office decides."
        )
    account, actor = acting_on(request, key, recorders if body.outside else row.by)
    if body.document:
        check_on_file(account.stream, body.document)
    done = step(
        account=account,
        act=act,
        by=actor,
        at=now(),
        on=body.on,
        given=body.given,
        facts=act_facts(account, on=today()),
        words=body.words,
        origin=Origin.OUTSIDE if body.outside else Origin.HERE,
        document=body.document,
        via=VIA,
        expected=body.expected,
    )
    return shown(request, done)
