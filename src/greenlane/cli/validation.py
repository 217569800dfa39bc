"""``greenlane validation``: the year's plan, a case, and every act of it as a named person."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from greenlane.cli.named import (
    AS_PERSON,
    DAY,
    FILE,
    FORMAT,
    VIA,
    actor_in,
    actor_on,
    command,
    now,
    program_of,
    row_of,
    today_in,
)
from greenlane.cli.told import Told, Way, do_way
from greenlane.core.errors import BadInput

if TYPE_CHECKING:
    from greenlane.core.program import Program


def _open(told: Told) -> None:
    from greenlane.apps.validations.actions.cases import open_case

    open_case(
        scope=told.word("scope"),
        rationale=told.word("rationale"),
        mode=told.word("mode", "ON_SITE"),
        sites=[_site(told)],
        **told.shared,
    )


def _site(told: Told) -> Any:
    from greenlane.apps.validations.actions.cases import SiteGiven

    return SiteGiven(
        told.word("name"),
        told.word("address", ""),
        told.word("owner", "OWN"),
        told.word("country"),
        is_foreign=told.yes("foreign"),
        how=told.word("how", "ON_SITE"),
    )


def _add_site(told: Told) -> None:
    from greenlane.apps.validations.actions.cases import add_site

    add_site(site=_site(told), **told.shared)


def _prepare(told: Told) -> None:
    from greenlane.apps.validations.actions.cases import prepare

    prepare(
        team=told.lines("team"),
        agenda=told.lines("agenda"),
        requests=told.lines("requests"),
        **told.shared,
    )


def _schedule(told: Told) -> None:
    from greenlane.apps.validations.actions.cases import schedule

    mode = told.word("mode", "") or None
    schedule(visit_on=told.day("visit_on"), mode=mode, **told.shared)


def _notify(told: Told) -> None:
    from greenlane.apps.validations.actions.notices import send_notice

    send_notice(language=told.word("language", "en"), **told.signing)


def _waive(told: Told) -> None:
    from greenlane.apps.validations.actions.cases import waive_notice

    waive_notice(**told.shared)


def _paper(told: Told) -> None:
    from greenlane.apps.validations.actions.cases import give_paper

    name, content = told.one_file()
    item = told.number("item") if "item" in told.given else None
    give_paper(name=name, content=content, item=item, **told.shared)


def _not_held(told: Told) -> None:
    from greenlane.apps.validations.actions.visits import leave_out

    leave_out(
        site=told.number("site"),
        reason=told.word("reason"),
        words=told.word("words"),
        **told.shared,
    )


def _defer(told: Told) -> None:
    from greenlane.apps.validations.actions.cases import defer

    defer(
        reason=told.word("reason"),
        new_due_on=told.day("new_due_on"),
        words=told.word("words"),
        **told.shared,
    )


def _resume(told: Told) -> None:
    from greenlane.apps.validations.actions.cases import take_up

    take_up(**told.shared)


def _visit(told: Told) -> None:
    from greenlane.apps.validations.actions.visits import hold_visit

    sites = told.numbers("sites") or None
    hold_visit(effort_days=told.number("effort_days"), sites=sites, **told.shared)


def _check(told: Told) -> None:
    from greenlane.apps.validations.actions.visits import record_check

    record_check(
        site=told.number("site"),
        criterion=told.word("criterion"),
        result=told.word("result"),
        words=told.word("words", ""),
        **told.shared,
    )


def _photo(told: Told) -> None:
    from greenlane.apps.validations.actions.visits import take_photo

    name, content = told.one_file()
    take_photo(
        site=told.number("site"),
        criterion=told.word("criterion"),
        name=name,
        content=content,
        **told.shared,
    )


def _note(told: Told) -> None:
    from greenlane.apps.validations.actions.visits import write_note

    write_note(words=told.word("words"), **told.shared)


def _finding(told: Told) -> None:
    from greenlane.apps.validations.actions.findings import FindingGiven, raise_finding
    from greenlane.apps.validations.queries import BEST, FRAMEWORK

    kind = told.word("kind")
    met = {key: told.word(key) for key in FRAMEWORK} if kind == BEST else {}
    why = {key: told.word(f"{key}_why") for key in FRAMEWORK} if kind == BEST else {}
    raise_finding(
        given=FindingGiven(
            kind,
            told.number("site"),
            told.word("criterion"),
            told.word("judgment"),
            told.word("asks", ""),
            told.numbers("evidence"),
            met,
            why,
            told.day("due_on") if "due_on" in told.given else None,
        ),
        **told.shared,
    )


def _drop(told: Told) -> None:
    from greenlane.apps.validations.actions.findings import drop_finding

    drop_finding(finding=told.number("finding"), **told.shared)


def _report(told: Told) -> None:
    from greenlane.apps.validations.actions.reports import issue_report

    issue_report(
        language=told.word("language", "en"), reason=told.word("reason", ""), **told.signing
    )


def _answer(told: Told) -> None:
    from greenlane.apps.validations.actions.findings import answer_finding

    answer_finding(
        finding=told.number("finding"), words=told.word("words"), files=told.files, **told.shared
    )


def _submit(told: Told) -> None:
    from greenlane.apps.validations.actions.findings import needs_signature, submit_answers

    if needs_signature(told.account):
        raise BadInput("Submitting the answers is a signature here. Do it on the page, or by API.")
    submit_answers(**told.shared)


def _accept(told: Told) -> None:
    from greenlane.apps.validations.actions.findings import accept_answer

    accept_answer(finding=told.number("finding"), words=told.word("words", ""), **told.shared)


def _ask(told: Told) -> None:
    from greenlane.apps.validations.actions.findings import ask_again

    ask_again(
        finding=told.number("finding"),
        words=told.word("words"),
        due_on=told.day("due_on"),
        **told.shared,
    )


def _verify(told: Told) -> None:
    from greenlane.apps.validations.actions.findings import verify_finding

    verify_finding(
        finding=told.number("finding"),
        means=told.word("means"),
        words=told.word("words"),
        **told.shared,
    )


def _keep_open(told: Told) -> None:
    from greenlane.apps.validations.actions.decisions import keep_open

    keep_open(**told.shared)


def _recommend(told: Told) -> None:
    from greenlane.apps.validations.actions.decisions import recommend

    recommend(tier=told.word("tier"), words=told.word("words"), **told.shared)


def _decide(told: Told) -> None:
    from greenlane.apps.validations.actions.decisions import decide

    decide(
        tier=told.word("tier"),
        words=told.word("words"),
        risk_band=told.word("risk_band", ""),
        **told.shared,
    )


def _close(told: Told) -> None:
    from greenlane.apps.validations.actions.decisions import close_without

    close_without(reason=told.word("reason"), words=told.word("words"), **told.shared)


WAYS: Final[Mapping[str, Way]] = {
    "open": Way(_open, "open", "scope rationale name country [owner foreign how address mode]"),
    "site": Way(_add_site, "inspect", "name country [owner foreign how address]"),
    "prepare": Way(_prepare, "inspect", "team requests [agenda], parts between semicolons"),
    "schedule": Way(_schedule, "schedule", "visit_on [mode]"),
    "notify": Way(_notify, "notify", "[language]"),
    "waive": Way(_waive, "waive"),
    "paper": Way(_paper, "answer", "[item] --file"),
    "not-held": Way(_not_held, "inspect", "site reason words"),
    "defer": Way(_defer, "defer", "reason new_due_on words"),
    "resume": Way(_resume, "take_up"),
    "visit": Way(_visit, "visit", "effort_days [sites]"),
    "check": Way(_check, "inspect", "site criterion result [words]"),
    "photo": Way(_photo, "inspect", "site criterion --file"),
    "note": Way(_note, "work", "words"),
    "finding": Way(
        _finding, "inspect", "kind site criterion judgment [asks evidence due_on]; five and why"
    ),
    "drop": Way(_drop, "inspect", "finding"),
    "report": Way(_report, "report", "[language reason]"),
    "answer": Way(_answer, "answer", "finding words [--file ...]"),
    "submit": Way(_submit, "answer"),
    "accept": Way(_accept, "inspect", "finding [words]"),
    "ask": Way(_ask, "inspect", "finding words due_on"),
    "verify": Way(_verify, "inspect", "finding means words"),
    "keep-open": Way(_keep_open, "keep_open"),
    "recommend": Way(_recommend, "recommend", "tier words"),
    "decide": Way(_decide, "validate", "tier words [risk_band]"),
    "close": Way(_close, "close", "reason words"),
}


def _roles(program: Program, by: str) -> frozenset[str]:
    from greenlane.apps.validations.acts import Doing, act_that, inspectors

    if by == "inspect":
        return inspectors(program)
    return frozenset(program.case_roles) if by == "work" else act_that(program, Doing(by)).by


@click.group()
def validation() -> None:
    """Plan validations, and do the acts of a case as a named person."""


@validation.command()
@click.option("--year", type=click.IntRange(2000, 2200), help="Year of the plan; else this one.")
@click.option("--office", default="", help="Only this field office.")
@click.option("--on", "day", type=DAY, help="As known on this day; else today.")
@FORMAT
@command
def plan(year: int | None, office: str, day: datetime | None, form: str) -> None:
    """Show who must be validated, by which rule, and what will be late."""
    from greenlane.apps.validations.plans import plan_of, will_be_held

    program = program_of()
    on = day.date() if day else today_in(program)
    found = plan_of(
        program,
        year=year or on.year,
        on=on,
        offices=frozenset({office}) if office else None,
    )
    rows = [
        {
            "account": row.stream,
            "company_name": row.company_name,
            "office": row.office,
            "due_on": row.due.due_on.isoformat(),
            "rule": row.due.id,
            "readings": {duty.id: duty.due_on.isoformat() for duty in row.readings},
            "late": row.will_be_late,
            "held_by": held.isoformat() if (held := will_be_held(row)) else None,
            "cannot_be_held": row.reason,
        }
        for row in found.rows
    ]
    if form == "json":
        told = {"year": found.year, "on": on.isoformat(), "capacity": found.capacity, "rows": rows}
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    for row in rows:
        state = row["cannot_be_held"] or ("late" if row["late"] else "")
        click.echo(f"{row['due_on']}  {row['account']}  {row['company_name']}  {state}".rstrip())
    click.echo(f"{len(rows)} due or under way, {len(found.late)} late; {found.capacity} possible.")


@validation.command()
@click.argument("key", metavar="ACCOUNT")
@AS_PERSON
@FORMAT
@command
def show(key: str, person: str, form: str) -> None:
    """Show the latest case of ACCOUNT, to somebody who works on it: sites, findings, reports."""
    from greenlane.apps.validations import queries

    account = row_of(key)
    actor_on(person, _roles(program_of(account), "work"), account)
    case = queries.latest_case(account.stream)
    if case is None:
        raise queries.NoSuchCase("Account {account} has no validation case.", account=key)
    told = {
        "account": key,
        "state": account.validation,
        "number": case.number,
        "visit_on": case.visit_on.isoformat() if case.visit_on else None,
        "visited_on": case.visited_on.isoformat() if case.visited_on else None,
        "outcome": case.outcome,
        "sites": [
            {"site": site.seq, "name": site.name, "state": site.state, "reason": site.reason}
            for site in queries.sites_of(case)
        ],
        "findings": [
            {"finding": row.seq, "kind": row.kind, "criterion": row.criterion, "state": row.state}
            for row in queries.findings_of(case)
        ],
        "reports": [
            {"version": row.version, "sha256": row.sha256} for row in queries.reports_of(case)
        ],
    }
    if form == "json":
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    click.echo(f"{key}, case {case.number}: {account.validation} {case.outcome}".rstrip())
    for site in queries.sites_of(case):
        click.echo(f"  site {site.seq}: {site.name} {site.state} {site.reason}".rstrip())
    for row in queries.findings_of(case):
        click.echo(f"  finding {row.seq}: {row.kind} {row.criterion} {row.state}")
    for one in queries.reports_of(case):
        click.echo(f"  report, version {one.version}: {one.sha256}")


@validation.command()
@click.argument("key", metavar="ACCOUNT")
@click.argument("name", metavar="ACT", type=click.Choice(list(WAYS)))
@click.argument("given", nargs=-1, metavar="[NAME=VALUE]...")
@click.option("--file", "paths", type=FILE, multiple=True, help="A file that goes with it.")
@AS_PERSON
@command
def do(key: str, name: str, given: tuple[str, ...], paths: tuple[Path, ...], person: str) -> None:
    """Do ACT of the open validation case of ACCOUNT, or open one.

    \b
    A-.. open scope=.. rationale=.. name=.. country=..
    A-.. prepare team=U-.. requests="Seal log; Register"
    A-.. schedule visit_on=2026-12-14            A-.. notify language=es
    A-.. finding kind=REQUIRED_ACTION site=9 criterion=7.1 judgment=.. asks=..
    A-.. photo site=9 criterion=7.1 --file seal.jpg
    """
    account = row_of(key)
    roles = _roles(program_of(account), WAYS[name].by)
    do_way(WAYS, name, account=account, roles=roles, person=person, given=given, paths=paths)
    click.echo(f"{key}: {name}. The validation is {account.validation}.")


@validation.command()
@click.argument("visits", type=click.IntRange(0, 200))
@click.option("--office", default="", help="Field office; without it all that have no decision.")
@AS_PERSON
@command
def capacity(visits: int, office: str, person: str) -> None:
    """Decide how many VISITS a specialist of a field office can hold in a month."""
    from greenlane.apps.validations.actions.planning import set_capacity
    from greenlane.apps.validations.acts import capacity_setters

    program = program_of()
    by = actor_in(person, capacity_setters(program), program, organization="")
    set_capacity(program=program, office=office, visits=visits, by=by, at=now(), via=VIA)
    click.echo(f"{office or 'Every other office'}: {visits} visits a month for each specialist.")


@validation.command()
@click.argument("starts_on", type=DAY)
@click.argument("ends_on", type=DAY)
@click.option("--reason", required=True, help="A code of the pack, such as outage.failure.")
@click.option("--words", required=True, help="What happened; kept sealed.")
@click.option("--office-too", is_flag=True, help="The office's own limits stop too.")
@AS_PERSON
@command
def outage(
    starts_on: datetime,
    ends_on: datetime,
    reason: str,
    words: str,
    office_too: bool,
    person: str,
) -> None:
    """Decree an outage from STARTS_ON to ENDS_ON: the clocks of all concerned stand still."""
    from greenlane.apps.validations.actions.planning import decree_outage
    from greenlane.core.vocabulary import Purpose

    program = program_of()
    by = actor_in(person, program.act_that(Purpose.DECREE_OUTAGE).by, program, organization="")
    decree_outage(
        program=program,
        starts_on=starts_on.date(),
        ends_on=ends_on.date(),
        reason=reason,
        includes_office=office_too,
        words=words,
        by=by,
        at=now(),
        via=VIA,
    )
    click.echo(f"Clocks stand still from {starts_on.date()} to {ends_on.date()}.")
