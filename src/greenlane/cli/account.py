"""``greenlane account``: the acts on an account, for whoever runs the installation.

Whoever can run this command could write to the database too; so it asks for no token, but every act
is a named person's (``--as U-...``), in a role they hold on that account, with the same guards as
on the pages, and the record says that it came from here. A signature still needs the signer's own
code, and a certification still needs two people.
"""

from __future__ import annotations

import json
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
    pairs,
    program_of,
    row_of,
    tell,
    today_in,
)
from greenlane.core.errors import BadInput
from greenlane.core.vocabulary import Power, Purpose

if TYPE_CHECKING:
    from greenlane.apps.members.models import Account
    from greenlane.apps.profiles.actions.answers import AnswerGiven
    from greenlane.core.deadlines import Duty

PROFILE: Final = (
    "legal_name",
    "trading_name",
    "phone",
    "website",
    "employees",
    "founded",
    "history",
    "addresses",
)
# Acts for which more must happen than the step itself.
ELSEWHERE: Final = {
    Purpose.SIGN_AGREEMENT: "greenlane account sign",
    Purpose.FILE_RISK_ASSESSMENT: "greenlane account assess",
    Purpose.CERTIFY: "greenlane account propose and approve",
}
_LARGEST_FILE: Final = 1024**3
_MOST_ANSWERS: Final = 10_000


def _fact_values(given: tuple[str, ...], path: Path | None) -> dict[str, object]:
    """Return facts from a JSON file and from ``name=JSON`` words, which win.

    Raises:
        BadInput: the file or a value is no JSON, or the file is no object.
    """
    read: dict[str, object] = {}
    if path is not None:
        found = _json(path.read_bytes(), str(path))
        if not isinstance(found, dict):
            raise BadInput(f"{path} must hold one JSON object: fact names and their values.")
        read |= found
    for name, text in pairs(given).items():
        read[name] = _json(text.encode(), name)
    return read


def _json(text: bytes, where: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise BadInput(f'{where} is no JSON. Write true, 12, "US" or ["US"].') from None


def _shown(account: Account) -> dict[str, object]:
    from greenlane.apps.members import queries
    from greenlane.core.lifecycle.standing import has_benefits

    standing = queries.case_of(account).standing()
    return {
        "account": account.stream,
        "program": account.program,
        "entity_type": account.entity_type,
        "organization": account.organization,
        "company_name": account.company_name,
        "office": account.office,
        "specialist": account.specialist,
        "standing": {axis.value: value for axis, value in standing.axes.items()},
        "benefits": has_benefits(program_of(account), standing),
        "revision": queries.revision_of(account.stream),
    }


def _show_account(account: Account, form: str) -> None:
    shown = _shown(account)
    line = (
        f"{account.stream}  {account.membership:12} {account.entity_type}  {account.company_name}"
    )
    tell(form, shown, line)


@click.group()
def account() -> None:
    """Read accounts and act on them, as a named person.

    Every act is done in a role that the person holds on the account, with the guards of the pack;
    the record says that it came from the command line.
    """


# --- Reading ----------------------------------------------------------------------------------


@account.command("list")
@click.option("--organization", help="Only this company's (O-...).")
@click.option("--membership", help="Only these, such as CERTIFIED.")
@FORMAT
@command
def list_(organization: str | None, membership: str | None, form: str) -> None:
    """List accounts, in the order of their keys."""
    from greenlane.apps.members import queries

    rows = queries.accounts(organization=organization, program=program_of().id)
    found = [row for row in rows if membership in (None, row.membership)]
    if form == "json":
        click.echo(json.dumps([_shown(row) for row in found], indent=2, ensure_ascii=False))
        return
    for row in found:
        _show_account(row, form)


@account.command()
@click.argument("key", metavar="ACCOUNT")
@click.option("--as", "person", help="Show what this person may do now, too.")
@FORMAT
@command
def show(key: str, person: str | None, form: str) -> None:
    """Show where ACCOUNT stands; with --as, the acts open to that person, each with its gates."""
    from greenlane.apps.members import queries
    from greenlane.apps.validations.queries import act_facts

    row = row_of(key)
    shown = _shown(row)
    lines = [f"{row.stream}  {row.company_name}  {row.entity_type}"]
    lines += [
        f"  {axis.value:12} {value}" for axis, value in queries.case_of(row).standing().axes.items()
    ]
    if person:
        program = program_of(row)
        wanted = frozenset().union(*(line.by for line in program.transitions.values()))
        actor, day = actor_on(person, wanted, row), today_in(program)
        open_acts = queries.case_of(row, act_facts(row, on=day)).available(actor, on=day)
        shown["allowed_actions"] = [
            {
                "act": item.transition.id,
                "title": str(item.transition.title),
                "lawful": item.is_lawful,
                "refusal": item.refusal,
                "message": item.message,
            }
            for item in open_acts
        ]
        lines += [
            f"  {item.transition.id:5} {item.transition.title}"
            + ("" if item.is_lawful else f": not now. {item.message} [{item.refusal}]")
            for item in open_acts
        ]
    tell(form, shown, "\n".join(lines))


@account.command()
@click.argument("key", metavar="ACCOUNT")
@click.option("--on", "day", type=DAY, help="Day asked for; else today.")
@click.option("--known", type=click.Choice(["then", "now"]), default="then", show_default=True)
@FORMAT
@command
def duties(key: str, day: datetime | None, known: str, form: str) -> None:
    """List every duty of ACCOUNT on a day, past or future, with the event that set it."""
    from greenlane.apps.members import queries
    from greenlane.core.deadlines import duty_json

    row = row_of(key)
    case = queries.case_of(row)
    on = day.date() if day else today_in(program_of(row))
    found = case.duties(on=on, known_now=known == "now")
    bucket = case.bucket(on=on, known_now=known == "now")

    def line(duty: Duty) -> str:
        return (
            f"{duty.id:6} {duty.state.value:8} {duty.due_on}  {key}:{duty.anchor_seq}  ({duty.why})"
        )

    shown = {
        "account": key,
        "on": on,
        "known": known,
        "bucket": bucket.id if bucket else "nothing due",
        "duties": [
            {**duty_json(duty), "anchor_event": f"{key}:{duty.anchor_seq}"} for duty in found
        ],
    }
    tell(form, shown, "\n".join([line(duty) for duty in found] or [f"No duty on {on}."]))


# --- The company's acts -----------------------------------------------------------------------


@account.command("open")
@click.argument("entity_type")
@click.argument("organization")
@click.argument("company_name")
@click.option("--fact", "facts", multiple=True, metavar="NAME=JSON", help="A declared fact.")
@click.option("--facts", "path", type=FILE, help="JSON file of declared facts.")
@click.option("--office", default="", help="Field office that looks after it.")
@AS_PERSON
@FORMAT
@command
def open_(
    entity_type: str,
    organization: str,
    company_name: str,
    facts: tuple[str, ...],
    path: Path | None,
    office: str,
    person: str,
    form: str,
) -> None:
    """Open an account of ENTITY_TYPE for ORGANIZATION (O-...), named COMPANY_NAME."""
    from greenlane.apps.members.actions.accounts import open_account

    program = program_of()
    made = open_account(
        program=program,
        entity_type=entity_type,
        organization=organization,
        company_name=company_name,
        facts=_fact_values(facts, path),
        by=actor_in(person, program.own_roles, program, organization=organization),
        at=now(),
        office=office,
        via=VIA,
    )
    _show_account(made, form)


@account.command()
@click.argument("key", metavar="ACCOUNT")
@click.argument("facts", nargs=-1, metavar="[NAME=JSON]...")
@click.option("--file", "path", type=FILE, help="JSON file of facts.")
@AS_PERSON
@FORMAT
@command
def facts(key: str, facts: tuple[str, ...], path: Path | None, person: str, form: str) -> None:
    """Declare facts of ACCOUNT, such as trade.imports_last_12_months=12; null withdraws one.

    Without any, show what is declared; then --as names who asks.
    """
    from greenlane.apps.members.actions.accounts import declare_facts
    from greenlane.apps.members.queries import facts_with_origin

    row = row_of(key)
    stating = program_of(row).roles_that_may(Power.STATE_FACTS)
    actor = actor_on(person, program_of(row).own_roles | stating, row)
    values = _fact_values(facts, path)
    if values:
        declare_facts(
            account=row,
            facts=values,
            by=actor,
            at=now(),
            program=program_of(row),
            source="office" if actor.role in stating else "declared",
            via=VIA,
        )
    known = {fact.name: fact.value for fact in facts_with_origin(key)}
    text = "\n".join(f"{name} = {json.dumps(value)}" for name, value in known.items())
    tell(form, {"account": key, "facts": known}, text or "Nothing is declared.")


@account.command("profile")
@click.argument("key", metavar="ACCOUNT")
@click.argument("content", nargs=-1, metavar="NAME=TEXT...", required=True)
@AS_PERSON
@FORMAT
@command
def company_profile(key: str, content: tuple[str, ...], person: str, form: str) -> None:
    """Save the company profile of ACCOUNT, such as legal_name="Muñoz Co"; an act submits it."""
    from greenlane.apps.members.actions.accounts import save_company_profile

    row = row_of(key)
    said = pairs(content)
    if not said.get("legal_name", "").strip() or said.keys() - set(PROFILE):
        raise BadInput(f"Give legal_name, and of the rest only {', '.join(PROFILE[1:])}.")
    save_company_profile(
        account=row,
        content={**dict.fromkeys(PROFILE, ""), **said},
        by=actor_on(person, program_of(row).own_roles, row),
        at=now(),
        program=program_of(row),
        via=VIA,
    )
    _show_account(row_of(key), form)


@account.command()
@click.argument("key", metavar="ACCOUNT")
@click.option("--language", default="en", show_default=True, help="Language the text is read in.")
@click.option(
    "--code", help="Present code of the signer's app; without it, only the text is shown."
)
@click.option("--sha256", help="Hash of the text that was read, as this command shows it.")
@AS_PERSON
@FORMAT
@command
def sign(
    key: str, language: str, code: str | None, sha256: str | None, person: str, form: str
) -> None:
    """Show the agreement in force, or sign it, as who may, with their own code."""
    from greenlane.apps.accounts.credentials import check_second_factor
    from greenlane.apps.accounts.queries import person as found_person
    from greenlane.apps.members.actions.steps import step
    from greenlane.core.canonical import sha256_hex
    from greenlane.core.errors import NotAllowed

    row = row_of(key)
    signing = program_of(row).act_that(Purpose.SIGN_AGREEMENT)
    actor = actor_on(person, signing.by, row)
    text = program_of(row).agreement_on(today_in(program_of(row)))
    words = text.text.in_(language)
    digest = sha256_hex(words.encode())
    if code is None:
        shown = {"agreement": text.id, "text": words, "text_sha256": digest}
        tell(form, shown, f"{words}\n\nSHA-256 of this text: {digest}")
        return
    if sha256 != digest:
        raise BadInput("--sha256 is not that of the text in force. Read it first, without --code.")
    if not check_second_factor(found_person(actor.id), code):
        raise NotAllowed("The code is wrong or used up. Give the present code of the signer's app.")
    done = step(
        account=row,
        act=signing.id,
        by=actor,
        at=now(),
        given={"agreement": text.id, "text_sha256": digest, "language": language},
        via=VIA,
    )
    _show_account(done, form)


@account.command()
@click.argument("key", metavar="ACCOUNT")
@click.argument("file", type=FILE)
@click.option("--assessed-on", type=DAY, required=True, help="Day on which it was made.")
@click.option("--summary", default="")
@AS_PERSON
@FORMAT
@command
def assess(
    key: str, file: Path, assessed_on: datetime, summary: str, person: str, form: str
) -> None:
    """File the risk assessment FILE."""
    from greenlane.apps.risk.actions import file_assessment

    row = row_of(key)
    done = file_assessment(
        account=row,
        assessed_on=assessed_on.date(),
        name=file.name,
        content=_content(file),
        summary=summary,
        by=actor_on(person, program_of(row).own_roles, row),
        at=now(),
        via=VIA,
    )
    _show_account(done, form)


def _content(path: Path) -> bytes:
    # The documents app says how much it takes; this only keeps a disk image out of memory.
    if path.stat().st_size > _LARGEST_FILE:
        raise BadInput(f"{path} is larger than any document. Give a smaller one.")
    return path.read_bytes()


@account.command()
@click.argument("key", metavar="ACCOUNT")
@click.argument("criterion")
@click.argument("outcome")
@click.argument("words")
@click.option("--part", "parts", multiple=True, metavar="KEY=yes|no")
@click.option("--scope", default="")
@click.option("--evidence", type=FILE, help="A document that shows it.")
@AS_PERSON
@FORMAT
@command
def answer(
    key: str,
    criterion: str,
    outcome: str,
    words: str,
    parts: tuple[str, ...],
    scope: str,
    evidence: Path | None,
    person: str,
    form: str,
) -> None:
    """Answer CRITERION: OUTCOME is IMPLEMENTED, PARTLY, NOT_YET or NOT_APPLICABLE."""
    from django.db import transaction

    from greenlane.apps.profiles.actions.answers import give_evidence, save_answer

    row = row_of(key)
    actor = actor_on(person, program_of(row).roles_that_may(Power.ANSWER), row)
    with transaction.atomic():
        saved = save_answer(
            account=row,
            criterion=criterion,
            outcome=outcome,
            words=words,
            by=actor,
            at=now(),
            parts=pairs(parts),
            scope=scope,
            via=VIA,
        )
        if evidence is not None:
            give_evidence(
                account=row,
                criterion=criterion,
                name=evidence.name,
                content=_content(evidence),
                by=actor,
                at=now(),
                via=VIA,
            )
    shown = {"account": key, "criterion": criterion, "outcome": outcome, "event": saved.seq}
    tell(form, shown, f"{criterion} {outcome}: event {key}:{saved.seq}")


@account.command()
@click.argument("key", metavar="ACCOUNT")
@click.argument("file", type=FILE)
@AS_PERSON
@FORMAT
@command
def answers(key: str, file: Path, person: str, form: str) -> None:
    """Take answers from FILE: all of them, or none.

    FILE is CSV in UTF-8 with the columns criterion, outcome and words, and perhaps parts
    (`a=yes;b=no`) and scope; 10,000 rows at most.
    """
    from greenlane.apps.profiles.actions.answers import save_answers

    row = row_of(key)
    actor = actor_on(person, program_of(row).roles_that_may(Power.ANSWER), row)
    given = _answers_in(file)
    save_answers(account=row, answers=given, by=actor, at=now(), via=VIA)
    shown = {"account": key, "saved": [one.criterion for one in given]}
    tell(form, shown, f"{len(given)} answers saved for {key}.")


def _answers_in(file: Path) -> list[AnswerGiven]:
    """Read answers from a table.

    Raises:
        BadInput: it is no such table; the message names the line.
    """
    import csv
    import io

    from greenlane.apps.profiles.actions.answers import AnswerGiven

    known = {"criterion", "outcome", "words", "parts", "scope"}
    found: list[AnswerGiven] = []
    at = 1
    try:
        text = _content(file).decode("utf-8-sig")
        reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
        columns = set(reader.fieldnames or ())
        if not {"criterion", "outcome", "words"} <= columns or columns - known:
            raise BadInput(
                f"{file} begins with {', '.join(sorted(map(str, columns)))[:80] or 'nothing'}. Its "
                "first line names the columns: criterion, outcome, words, and perhaps parts, scope."
            )
        for row in reader:
            at = reader.line_num
            if None in row or None in row.values():
                raise BadInput(f"Line {at} of {file} has more or fewer values than columns.")
            if len(found) >= _MOST_ANSWERS:
                raise BadInput(f"{file} has more than {_MOST_ANSWERS:,} rows. Give it in parts.")
            parts = tuple(part for part in (row.get("parts") or "").split(";") if part)
            found.append(
                AnswerGiven(
                    row["criterion"].strip(),
                    row["outcome"].strip(),
                    row["words"],
                    pairs(parts),
                    row.get("scope") or "",
                )
            )
    except (csv.Error, UnicodeDecodeError) as error:
        raise BadInput(f"{file} cannot be read near line {at}: {error}.") from None
    if not found:
        raise BadInput(f"{file} holds no answers.")
    return found


@account.command()
@click.argument("key", metavar="ACCOUNT")
@click.option(
    "--act", "submission", default="", help="Act that submits; else the one that starts here."
)
@AS_PERSON
@FORMAT
@command
def submit(key: str, submission: str, person: str, form: str) -> None:
    """Submit the application, also after a return or again, or the periodic review."""
    from greenlane.apps.profiles.actions.answers import submit as submit_it
    from greenlane.apps.profiles.queries import submission_of
    from greenlane.core.program import SUBMITTING_PURPOSES

    row = row_of(key)
    act = submission or submission_of(row).id
    known = [one.id for one in program_of(row).acts_that(*SUBMITTING_PURPOSES)]
    if act not in known:
        raise BadInput(f"{act[:40]} is no submission. Use one of {', '.join(known)}.")
    actor = actor_on(person, program_of(row).transition(act).by, row)
    _show_account(submit_it(account=row, by=actor, at=now(), act=act, via=VIA), form)


# --- Any act of the table ---------------------------------------------------------------------


@account.command()
@click.argument("key", metavar="ACCOUNT")
@click.argument("name", metavar="ACT")
@click.argument("given", nargs=-1, metavar="[NAME=VALUE]...")
@click.option("--on", "day", type=DAY, help="Day it takes effect; else today.")
@click.option("--words", default="", help="Reasons in words; kept sealed.")
@click.option("--expected", type=int, help="Refuse when the account has another revision by now.")
@AS_PERSON
@FORMAT
@command
def act(
    key: str,
    name: str,
    given: tuple[str, ...],
    day: datetime | None,
    words: str,
    expected: int | None,
    person: str,
    form: str,
) -> None:
    """Do ACT of the pack's table on ACCOUNT, such as S01 specialist=U-... or V01."""
    from greenlane.apps.members.actions.steps import step
    from greenlane.apps.suspensions.acts import CaseKind, kind_of_case
    from greenlane.apps.suspensions.queries import act_facts, has_page

    row = row_of(key)
    program = program_of(row)
    line = program.transition(name)
    if line.does in ELSEWHERE:
        raise BadInput(f"{name} has a command of its own: {ELSEWHERE[line.does]}.")
    if has_page(row, line):
        if kind_of_case(program, line) is not CaseKind.VALIDATION:
            raise BadInput(f"{name} is done where its case is kept: greenlane trust do.")
        raise BadInput(
            "{act} is done by `greenlane validation do {account} ...`, which keeps its case.",
            act=name,
            account=key,
        )
    actor = actor_on(person, line.by, row)
    done = step(
        account=row,
        act=name,
        by=actor,
        at=now(),
        on=day.date() if day else None,
        given=pairs(given),
        facts=act_facts(row, on=today_in(program)),
        words=words,
        via=VIA,
        expected=expected,
    )
    _show_account(done, form)


# --- The office's acts ------------------------------------------------------------------------


@account.command()
@click.argument("key", metavar="ACCOUNT")
@click.argument("criteria", nargs=-1, metavar="[CRITERION]...")
@click.option(
    "--decision", type=click.Choice(["ACCEPTED", "RETURNED", "RAISED"]), default="ACCEPTED"
)
@click.option("--reason", default="", help="What the member reads.")
@click.option("--note", default="", help="Internal; the member never sees it.")
@AS_PERSON
@FORMAT
@command
def review(
    key: str,
    criteria: tuple[str, ...],
    decision: str,
    reason: str,
    note: str,
    person: str,
    form: str,
) -> None:
    """Decide on answers, as they stand now; the pack's acts that do so close a review."""
    from django.db import transaction

    from greenlane.apps.profiles.actions.reviews import review_criterion
    from greenlane.apps.profiles.queries import profile_of

    row = row_of(key)
    actor = actor_on(person, program_of(row).roles_that_may(Power.REVIEW), row)
    rows = {
        one.criterion.criterion.id: one
        for one in profile_of(row, on=today_in(program_of(row))).rows
    }
    unknown = [name for name in criteria if name not in rows]
    if unknown or not criteria:
        raise BadInput(f"Name criteria that are asked here; {unknown or 'none'} given.")
    with transaction.atomic():
        for name in criteria:
            answered = rows[name].answer
            review_criterion(
                account=row,
                criterion=name,
                decision=decision,
                by=actor,
                at=now(),
                answer_seq=answered.seq if answered else 0,
                reason=reason,
                note=note,
                via=VIA,
            )
    shown = {"account": key, "criteria": list(criteria), "decision": decision}
    tell(form, shown, f"{len(criteria)} {decision}")


@account.command()
@click.argument("key", metavar="ACCOUNT")
@click.argument("name", metavar="CHECK")
@click.argument("result")
@click.option("--source", required=True, help="System, list or document that was looked at.")
@click.option("--detail", default="", help="What was found; kept sealed.")
@click.option("--run-on", type=DAY, help="Day it was run; else today.")
@AS_PERSON
@FORMAT
@command
def check(
    key: str,
    name: str,
    result: str,
    source: str,
    detail: str,
    run_on: datetime | None,
    person: str,
    form: str,
) -> None:
    """Record one run of vetting CHECK: RESULT is CLEAR, HIT, FAILED or CANNOT_TELL."""
    from greenlane.apps.vetting.actions import record_check

    row = row_of(key)
    record_check(
        account=row,
        check=name,
        result=result,
        source=source,
        detail=detail,
        by=actor_on(person, program_of(row).roles_that_may(Power.VET), row),
        at=now(),
        run_on=run_on.date() if run_on else None,
        via=VIA,
    )
    tell(form, {"account": key, "check": name, "result": result}, f"{name} {result}")


@account.command()
@click.argument("key", metavar="ACCOUNT")
@click.option("--act", "proposed", default="", help="Act; else certification.")
@click.option("--words", default="")
@AS_PERSON
@FORMAT
@command
def propose(key: str, proposed: str, words: str, person: str, form: str) -> None:
    """Propose an act that needs a second person; print the number to approve it by."""
    from greenlane.apps.certification import actions

    row = row_of(key)
    program = program_of(row)
    line = program.transition(proposed) if proposed else program.act_that(Purpose.CERTIFY)
    actor = actor_on(person, line.by, row)
    made = actions.propose(account=row, by=actor, at=now(), act=line.id, words=words, via=VIA)
    shown = {"account": key, "proposal": made.seq, "act": made.act, "state": made.state}
    tell(form, shown, f"Proposal {made.seq}: {made.act}")


@account.command()
@click.argument("key", metavar="ACCOUNT")
@click.argument("proposal", type=click.IntRange(1, 2**31))
@click.option("--language", default="en", show_default=True, help="Language of the letter.")
@AS_PERSON
@FORMAT
@command
def approve(key: str, proposal: int, language: str, person: str, form: str) -> None:
    """Approve PROPOSAL as a second person: letter and act in one."""
    from greenlane.apps.accounts.queries import names_of
    from greenlane.apps.certification import queries
    from greenlane.apps.certification.actions import Person, certify
    from greenlane.core.lifecycle.decide import Actor

    row = row_of(key)
    found = queries.proposal(key, proposal)
    actor = actor_on(person, program_of(row).transition(found.act).second_by, row)
    names = names_of([found.proposed_by, actor.id])
    done = certify(
        account=row,
        proposal=found,
        proposer=Person(Actor(found.proposed_by, found.role), names.get(found.proposed_by, "")),
        by=Person(actor, names.get(actor.id, "")),
        at=now(),
        language=language,
        via=VIA,
    )
    _show_account(done, form)
