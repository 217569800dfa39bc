"""``greenlane trust``: incidents, suspensions, plans and appeals, each act as a named person."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from greenlane.cli.named import (
    AS_PERSON,
    FILE,
    FORMAT,
    actor_on,
    command,
    pairs,
    program_of,
    row_of,
)
from greenlane.cli.told import Told, Way, do_way
from greenlane.core.errors import BadInput

if TYPE_CHECKING:
    from greenlane.apps.members.models import Account
    from greenlane.apps.suspensions.acts import Word
    from greenlane.apps.suspensions.models import Suspension


def _letter(told: Told) -> dict[str, Any]:
    return {**told.signing, "language": told.word("language", "en")}


# --- Incidents ------------------------------------------------------------------------------------


def _report(told: Told) -> None:
    from greenlane.apps.incidents.actions import IncidentGiven, report

    given = IncidentGiven(
        told.word("kind"),
        told.word("words"),
        told.day("happened_on") if "happened_on" in told.given else None,
        told.day("found_on") if "found_on" in told.given else None,
        told.lines("sites"),
        told.numbers("documents"),
    )
    report(given=given, files=told.files, **told.shared)


def _discover(told: Told) -> None:
    from greenlane.apps.incidents.actions import discover

    discover(
        kind=told.word("kind"),
        words=told.word("words"),
        source=told.word("source"),
        happened_on=told.day("happened_on") if "happened_on" in told.given else None,
        incident=told.number("incident") if "incident" in told.given else 0,
        **told.shared,
    )


def _match(told: Told) -> None:
    from greenlane.apps.incidents.actions import match

    match(discovery=told.number("discovery"), incident=told.number("incident"), **told.shared)


def _disclose(told: Told) -> None:
    from greenlane.apps.incidents.actions import disclose

    disclose(discovery=told.number("discovery"), words=told.word("words"), **told.shared)


def _note(told: Told) -> None:
    from greenlane.apps.incidents.actions import note

    note(incident=told.number("incident"), words=told.word("words"), **told.shared)


def _joint_review(told: Told) -> None:
    from greenlane.apps.incidents.actions import close_review
    from greenlane.apps.incidents.queries import QUESTIONS

    close_review(
        incident=told.number("incident"),
        shown={name: told.word(name) for name in QUESTIONS},
        words=told.word("words"),
        **told.shared,
    )


def _ask_analysis(told: Told) -> None:
    from greenlane.apps.incidents.actions import ask_analysis

    ask_analysis(incident=told.number("incident"), due_on=told.day("due_on"), **told.shared)


def _analysis(told: Told) -> None:
    from greenlane.apps.incidents.actions import give_analysis

    give_analysis(
        incident=told.number("incident"),
        words=told.word("words"),
        documents=told.numbers("documents"),
        files=told.files,
        **told.shared,
    )


# --- Suspensions ----------------------------------------------------------------------------------


def _propose(told: Told) -> None:
    from greenlane.apps.suspensions.actions.proposals import ProposalGiven, propose

    given = ProposalGiven(
        told.word("ground"),
        told.word("reasons"),
        told.word("memo", ""),
        told.word("path", "NORMAL"),
        told.word("degree", "FULL"),
        told.word("urgency", ""),
        told.lines("benefits"),
        told.numbers("incidents"),
        told.numbers("discoveries"),
        told.numbers("findings"),
        told.numbers("documents"),
        told.yes("aggravated"),
    )
    propose(given=given, **told.shared)


def _notify(told: Told) -> None:
    from greenlane.apps.suspensions.actions.proposals import notify

    notify(case=told.number("case"), **_letter(told))


def _hear(told: Told) -> None:
    from greenlane.apps.suspensions.actions.proposals import hear

    hear(
        case=told.number("case"),
        words=told.word("words"),
        documents=told.numbers("documents"),
        files=told.files,
        **told.shared,
    )


def _decide(told: Told) -> None:
    from greenlane.apps.suspensions.actions.proposals import decide

    decide(case=told.number("case"), words=told.word("words"), **_letter(told))


def _approve(told: Told) -> None:
    from greenlane.apps.suspensions.actions.proposals import approve_at_once

    approve_at_once(case=told.number("case"), words=told.word("words"), **_letter(told))


def _decline(told: Told) -> None:
    from greenlane.apps.suspensions.actions.proposals import decline

    decline(case=told.number("case"), words=told.word("words"), **told.shared)


def _review(told: Told) -> None:
    from greenlane.apps.suspensions.actions.endings import review_urgency

    review_urgency(
        case=told.number("case"),
        is_confirmed=told.yes("confirmed"),
        words=told.word("words"),
        **_letter(told),
    )


def _plan(told: Told) -> None:
    from greenlane.apps.suspensions.actions.answers import answer

    answer(
        case=told.number("case"),
        words=told.word("words"),
        steps=[_step(line) for line in told.lines("steps")],
        consents=told.yes("consents"),
        **told.shared,
    )


def _step(line: str) -> Any:
    from datetime import date

    from greenlane.apps.suspensions.actions.answers import StepGiven

    parts = [part.strip() for part in line.split("|")]
    try:
        objective, responsible, day = parts
        return StepGiven(objective, responsible, date.fromisoformat(day))
    except ValueError:
        raise BadInput(
            'A step is "OBJECTIVE | WHO | 2026-12-14", not {line!r}; steps end with a semicolon.',
            line=line[:60],
        ) from None


def _prove(told: Told) -> None:
    from greenlane.apps.suspensions.actions.answers import prove

    prove(
        case=told.number("case"),
        number=told.number("step"),
        words=told.word("words"),
        documents=told.numbers("documents"),
        files=told.files,
        **told.shared,
    )


def _judge(is_verified: bool) -> Callable[[Told], None]:
    def do(told: Told) -> None:
        from greenlane.apps.suspensions.actions.answers import judge

        judge(
            case=told.number("case"),
            number=told.number("step"),
            is_verified=is_verified,
            words=told.word("words"),
            **told.shared,
        )

    return do


def _reinstate(told: Told) -> None:
    from greenlane.apps.suspensions.actions.endings import reinstate

    reinstate(
        case=told.number("case"),
        words=told.word("words"),
        is_fixed=told.yes("fixed"),
        **_letter(told),
    )


def _remove(told: Told) -> None:
    from greenlane.apps.suspensions.actions.endings import remove

    remove(
        case=told.number("case"),
        words=told.word("words"),
        is_aggravated=told.yes("aggravated"),
        **_letter(told),
    )


def _close(told: Told) -> None:
    from greenlane.apps.suspensions.actions.endings import close_unanswered

    close_unanswered(case=told.number("case"), words=told.word("words"), **_letter(told))


# --- Appeals --------------------------------------------------------------------------------------


def _appeal(told: Told) -> None:
    from greenlane.apps.suspensions.actions.appeals import file_appeal

    file_appeal(
        words=told.word("words"),
        documents=told.numbers("documents"),
        files=told.files,
        **told.shared,
    )


def _determine(is_granted: bool) -> Callable[[Told], None]:
    def do(told: Told) -> None:
        from greenlane.apps.suspensions.actions.appeals import decide_appeal

        decide_appeal(is_granted=is_granted, words=told.word("words"), **_letter(told))

    return do


WAYS: Final[Mapping[str, Way]] = {
    "report": Way(
        _report, "incident report", "kind words [happened_on found_on sites documents] [--file]"
    ),
    "discover": Way(_discover, "discover", "kind words source [happened_on incident]"),
    "match": Way(_match, "discover", "discovery incident"),
    "disclose": Way(_disclose, "discover", "discovery words"),
    "note": Way(_note, "discover", "incident words"),
    "joint-review": Way(
        _joint_review, "incident review", "incident diligence procedures improved words"
    ),
    "ask-analysis": Way(_ask_analysis, "incident ask_analysis", "incident due_on"),
    "analysis": Way(_analysis, "incident give_analysis", "incident words [documents] [--file ...]"),
    "propose": Way(
        _propose,
        "propose",
        "ground reasons [memo path degree urgency benefits incidents discoveries findings "
        "documents aggravated]",
    ),
    "notify": Way(_notify, "case notice", "case [language]"),
    "hear": Way(_hear, "case hear", "case words [documents] [--file ...]"),
    "decide": Way(_decide, "case decide", "case words [language]"),
    "approve": Way(_approve, "case approve", "case words [language]"),
    "decline": Way(_decline, "case decline", "case words"),
    "review": Way(_review, "case review", "case confirmed words [language]"),
    "plan": Way(_plan, "case plan", 'case words steps="OBJECTIVE | WHO | DAY; ..." [consents]'),
    "prove": Way(_prove, "case prove", "case step words [documents] [--file ...]"),
    "verify": Way(_judge(is_verified=True), "judge", "case step words"),
    "ask-again": Way(_judge(is_verified=False), "judge", "case step words"),
    "reinstate": Way(_reinstate, "case reinstate", "case words [fixed language]"),
    "remove": Way(_remove, "case remove", "case words [aggravated language]"),
    "close": Way(_close, "case close", "case words [language]"),
    "appeal": Way(_appeal, "appeal file", "words [documents] [--file ...]"),
    "grant": Way(_determine(is_granted=True), "appeal grant", "words [language]"),
    "uphold": Way(_determine(is_granted=False), "appeal uphold", "words [language]"),
}


def _roles(account: Account, by: str, given: tuple[str, ...]) -> frozenset[str]:
    from greenlane.apps.incidents import acts as incidents
    from greenlane.apps.suspensions import acts

    program = program_of(account)
    kind, _, doing = by.partition(" ")
    if kind == "incident":
        return incidents.act_that(program, incidents.Doing(doing)).by
    if kind == "appeal":
        if doing == "file":
            return acts.act_of_appeal(account).by
        return acts.judges_of_appeals(program, is_granted=doing == "grant")
    if kind == "case":
        return _roles_on_case(account, acts.Word(doing), pairs(given))
    named = {
        "discover": incidents.discoverers,
        "propose": acts.proposers,
        "judge": acts.judges_of_plans,
    }
    return named[by](program)


def _roles_on_case(account: Account, word: Word, given: Mapping[str, str]) -> frozenset[str]:
    """Return who may do it to the suspension that is given; where it is none, to any."""
    from greenlane.apps.suspensions import queries
    from greenlane.apps.suspensions.acts import act_for, roles_for

    program, place = program_of(account), given.get("case", "")
    if not place.isdecimal():
        return roles_for(program, word)
    case = queries.suspension(account.stream, int(place[:9]))
    row = act_for(program, word, case, is_confirmed=given.get("confirmed") == "yes")
    return row.by | row.second_by


def _kept(key: str) -> Account:
    from greenlane.apps.suspensions.queries import check_kept

    return check_kept(row_of(key))


@click.group()
def trust() -> None:
    """Show incidents, suspensions and appeals of an account, and act on them as a named person."""


@trust.command()
@click.argument("key", metavar="ACCOUNT")
@AS_PERSON
@FORMAT
@command
def show(key: str, person: str, form: str) -> None:
    """Show what the office sees of ACCOUNT: incidents, suspensions with their plans, appeals."""
    account = _kept(key)
    actor_on(person, frozenset(program_of(account).case_roles), account)
    told = _shown(account)
    if form == "json":
        click.echo(json.dumps(told, ensure_ascii=False, default=str))
        return
    click.echo(f"{key}: {account.membership}")
    for one in told["incidents"]:
        click.echo(f"  incident {one['incident']}: {one['kind']} {one['outcome'] or one['state']}")
    for one in told["discoveries"]:
        click.echo(f"  discovery {one['discovery']}: {one['kind']}, incident {one['incident']}")
    for one in told["suspensions"]:
        click.echo(f"  suspension {one['case']}: {one['ground']} {one['degree']} {one['state']}")
        for step in one["plan"]["steps"] if one["plan"] else ():
            click.echo(f"    step {step['step']}: {step['objective']} {step['state']}")
    for one in told["appeals"]:
        click.echo(f"  appeal {one['appeal']}: {one['filed_on']} {one['outcome'] or 'OPEN'}")
    lost = [name for name, has in told["benefits"].items() if not has]
    click.echo(f"  benefits not active: {', '.join(lost) or 'none'}")


def _shown(account: Account) -> dict[str, Any]:
    from greenlane.apps.incidents import queries as incidents
    from greenlane.apps.suspensions import queries

    found = incidents.discoveries_of(account.stream)
    return {
        "account": account.stream,
        "membership": account.membership,
        "incidents": [
            {
                "incident": one.seq,
                "kind": one.kind,
                "state": one.state,
                "outcome": one.outcome,
                "reported_at": one.reported_at,
                "self_report": incidents.compare(one, found).is_self_report,
            }
            for one in incidents.incidents_of(account.stream)
        ],
        "discoveries": [
            {
                "discovery": one.seq,
                "kind": one.kind,
                "incident": one.incident_seq,
                "discovered_at": one.discovered_at,
                "disclosed_on": one.disclosed_on,
                "words": one.words,
            }
            for one in found
        ],
        "suspensions": [_case(one) for one in queries.suspensions_of(account.stream)],
        "appeals": [
            {
                "appeal": one.seq,
                "against": one.decision_act,
                "filed_on": one.filed_on,
                "words": one.words,
                "outcome": one.outcome,
                "decision_words": one.decision_words,
            }
            for one in queries.appeals_of(account.stream)
        ],
        "benefits": {one.benefit.id: one.is_active for one in queries.benefits_of(account)},
    }


def _case(one: Suspension) -> dict[str, Any]:
    from greenlane.apps.suspensions import queries

    plan = queries.plan_of(one)
    return {
        "case": one.seq,
        "path": one.path,
        "degree": one.degree,
        "state": one.state,
        "ground": one.ground,
        "reasons": one.reasons,
        "memo": one.memo,
        "notified_on": one.notified_on,
        "heard_on": one.heard_on,
        "decided_on": one.decided_on,
        "ended_on": one.ended_on,
        "plan": {
            "words": plan.words,
            "consents": plan.consents,
            "steps": [
                {"step": s.number, "objective": s.objective, "due_on": s.due_on, "state": s.state}
                for s in queries.steps_of(plan)
            ],
        }
        if plan
        else None,
    }


@trust.command()
@click.argument("key", metavar="ACCOUNT")
@click.argument("name", metavar="ACT", type=click.Choice(list(WAYS)))
@click.argument("given", nargs=-1, metavar="[NAME=VALUE]...")
@click.option("--file", "paths", type=FILE, multiple=True, help="A file that goes with it.")
@AS_PERSON
@command
def do(key: str, name: str, given: tuple[str, ...], paths: tuple[Path, ...], person: str) -> None:
    """Do ACT about incidents, suspensions or appeals of ACCOUNT.

    \b
    A-.. propose ground=G6 reasons=..         A-.. notify case=31 language=es
    A-.. hear case=31 words=..                A-.. decide case=31 words=..
    A-.. plan case=31 words=.. consents=yes steps="Seal log | Yard lead | 2026-12-14; .."
    A-.. prove case=31 step=1 words=.. --file log.pdf
    """
    account = _kept(key)
    roles = _roles(account, WAYS[name].by, given)
    do_way(WAYS, name, account=account, roles=roles, person=person, given=given, paths=paths)
    click.echo(f"{key}: {name}. The account is {account.membership}.")
