"""``greenlane account``: the acts on an account, for whoever runs the installation.

Whoever can run this command could write to the database too; so it asks for no token, but every act
is a named person's (``--as U-...``), in a role they hold on that account, with the same guards as
on the pages, and the record says that it came from here. A signature still needs the signer's own
code, and a certification still needs two people.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Collection, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, ParamSpec

import click

from greenlane.cli.django_start import start_django
from greenlane.core.errors import BadInput, GreenlaneError
from greenlane.core.vocabulary import Power, Purpose

if TYPE_CHECKING:
    from collections.abc import Iterator

    from greenlane.apps.members.models import Account
    from greenlane.apps.profiles.actions.answers import AnswerGiven
    from greenlane.core.deadlines import Duty
    from greenlane.core.lifecycle.decide import Actor
    from greenlane.core.program import Program

P = ParamSpec("P")
VIA: Final = "cli"
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


# --- What every command shares ----------------------------------------------------------------


@contextmanager
def _one_sentence() -> Iterator[None]:
    """Turn a refusal into one sentence on the error stream and status 2."""
    from greenlane.core.lifecycle.decide import Refused

    try:
        yield
    except GreenlaneError as refusal:
        code = refusal.refusal if isinstance(refusal, Refused) else refusal.code
        click.echo(f"greenlane: {refusal.message} [{code}]", err=True)
        sys.exit(2)


def _command(action: Callable[P, None]) -> Callable[P, None]:
    """Start Django before a command, and let it end in one sentence where it is refused."""

    @wraps(action)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        with _one_sentence():
            start_django()
            for given in kwargs.values():
                _check_words(given)
            action(*args, **kwargs)

    return run


def _check_words(given: object) -> None:
    words = given if isinstance(given, tuple) else (given,)
    for word in words:
        # A shell gives bytes that are no UTF-8 as halves of characters.
        if isinstance(word, str) and any(c == "\x00" or "\ud800" <= c <= "\udfff" for c in word):
            raise BadInput("A word on the command line is no UTF-8 text. Write it again.")


_AS: Final = click.option(
    "--as", "person", required=True, metavar="PERSON", help="Who acts: key (U-...) or address."
)
_FORMAT: Final = click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True
)
_DAY: Final = click.DateTime(["%Y-%m-%d"])
_FILE: Final = click.Path(exists=True, dir_okay=False, path_type=Path)


def _now() -> datetime:
    return datetime.now(UTC)


def _today(program: Program) -> date:
    return program.day_of(_now())


def _program(account: Account | None = None) -> Program:
    from django.conf import settings

    from greenlane.content.packs import load_program

    return load_program(account.program if account else settings.GREENLANE_PACK)


def _account(key: str) -> Account:
    from greenlane.apps.members import queries

    return queries.account(key)


def _actor(
    person: str, wanted: Collection[str], program: Program, *, organization: str, office: str = ""
) -> Actor:
    """Return a person as who acts, in a wanted role that they hold there.

    Raises:
        NoSuchPerson: nobody has this key or address. RoleNotAllowed: they hold none of the roles.
    """
    from greenlane.apps.accounts import queries
    from greenlane.core.lifecycle.decide import Actor

    found = queries.person_by_email(person) if "@" in person else queries.person(person)
    if found is None:
        raise queries.NoSuchPerson(f"Nobody signs in with {person}.")
    role = queries.acting_role(
        found.key,
        wanted=wanted,
        program=program,
        on=_today(program),
        organization=organization,
        office=office,
    )
    return Actor(found.key, role)


def _acting(person: str, wanted: Collection[str], account: Account) -> Actor:
    return _actor(
        person,
        wanted,
        _program(account),
        organization=account.organization,
        office=account.office,
    )


# What the other groups of commands on accounts share with this one.
as_person, form_option, command = _AS, _FORMAT, _command
actor_for, now, program_of, row_of, today_in = _acting, _now, _program, _account, _today


def _pairs(given: tuple[str, ...]) -> dict[str, str]:
    """Read ``name=value`` words.

    Raises:
        BadInput: a word has no name or no equals sign, or a name comes twice.
    """
    read: dict[str, str] = {}
    for word in given:
        name, sign, value = word.partition("=")
        if not sign or not name or name in read:
            raise BadInput(f"{word[:60]!r} must be NAME=VALUE, each name once.")
        read[name] = value
    return read


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
    for name, text in _pairs(given).items():
        read[name] = _json(text.encode(), name)
    return read


def _json(text: bytes, where: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise BadInput(f'{where} is no JSON. Write true, 12, "US" or ["US"].') from None


def _show(form: str, shown: Mapping[str, object], line: str) -> None:
    click.echo(
        json.dumps(shown, indent=2, ensure_ascii=False, default=str) if form == "json" else line
    )


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
        "benefits": has_benefits(_program(account), standing),
        "revision": queries.revision_of(account.stream),
    }


def _show_account(account: Account, form: str) -> None:
    shown = _shown(account)
    line = (
        f"{account.stream}  {account.membership:12} {account.entity_type}  {account.company_name}"
    )
    _show(form, shown, line)


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
@_FORMAT
@_command
def list_(organization: str | None, membership: str | None, form: str) -> None:
    """List accounts, in the order of their keys."""
    from greenlane.apps.members import queries

    rows = queries.accounts(organization=organization, program=_program().id)
    found = [row for row in rows if membership in (None, row.membership)]
    if form == "json":
        click.echo(json.dumps([_shown(row) for row in found], indent=2, ensure_ascii=False))
        return
    for row in found:
        _show_account(row, form)


@account.command()
@click.argument("key", metavar="ACCOUNT")
@click.option("--as", "person", help="Show what this person may do now, too.")
@_FORMAT
@_command
def show(key: str, person: str | None, form: str) -> None:
    """Show where ACCOUNT stands; with --as, the acts open to that person, each with its gates."""
    from greenlane.apps.members import queries
    from greenlane.apps.validations.queries import act_facts

    row = _account(key)
    shown = _shown(row)
    lines = [f"{row.stream}  {row.company_name}  {row.entity_type}"]
    lines += [
        f"  {axis.value:12} {value}" for axis, value in queries.case_of(row).standing().axes.items()
    ]
    if person:
        program = _program(row)
        wanted = frozenset().union(*(line.by for line in program.transitions.values()))
        actor, day = _acting(person, wanted, row), _today(program)
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
    _show(form, shown, "\n".join(lines))


@account.command()
@click.argument("key", metavar="ACCOUNT")
@click.option("--on", "day", type=_DAY, help="Day asked for; else today.")
@click.option("--known", type=click.Choice(["then", "now"]), default="then", show_default=True)
@_FORMAT
@_command
def duties(key: str, day: datetime | None, known: str, form: str) -> None:
    """List every duty of ACCOUNT on a day, past or future, with the event that set it."""
    from greenlane.apps.members import queries
    from greenlane.core.deadlines import duty_json

    row = _account(key)
    case = queries.case_of(row)
    on = day.date() if day else _today(_program(row))
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
    _show(form, shown, "\n".join([line(duty) for duty in found] or [f"No duty on {on}."]))


# --- The company's acts -----------------------------------------------------------------------


@account.command("open")
@click.argument("entity_type")
@click.argument("organization")
@click.argument("company_name")
@click.option("--fact", "facts", multiple=True, metavar="NAME=JSON", help="A declared fact.")
@click.option("--facts", "path", type=_FILE, help="JSON file of declared facts.")
@click.option("--office", default="", help="Field office that looks after it.")
@_AS
@_FORMAT
@_command
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

    program = _program()
    made = open_account(
        program=program,
        entity_type=entity_type,
        organization=organization,
        company_name=company_name,
        facts=_fact_values(facts, path),
        by=_actor(person, program.own_roles, program, organization=organization),
        at=_now(),
        office=office,
        via=VIA,
    )
    _show_account(made, form)


@account.command()
@click.argument("key", metavar="ACCOUNT")
@click.argument("facts", nargs=-1, metavar="[NAME=JSON]...")
@click.option("--file", "path", type=_FILE, help="JSON file of facts.")
@_AS
@_FORMAT
@_command
def facts(key: str, facts: tuple[str, ...], path: Path | None, person: str, form: str) -> None:
    """Declare facts of ACCOUNT, such as trade.imports_last_12_months=12; null withdraws one.

    Without any, show what is declared; then --as names who asks.
    """
    from greenlane.apps.members.actions.accounts import declare_facts
    from greenlane.apps.members.queries import facts_with_origin

    row = _account(key)
    stating = _program(row).roles_that_may(Power.STATE_FACTS)
    actor = _acting(person, _program(row).own_roles | stating, row)
    values = _fact_values(facts, path)
    if values:
        declare_facts(
            account=row,
            facts=values,
            by=actor,
            at=_now(),
            program=_program(row),
            source="office" if actor.role in stating else "declared",
            via=VIA,
        )
    known = {fact.name: fact.value for fact in facts_with_origin(key)}
    text = "\n".join(f"{name} = {json.dumps(value)}" for name, value in known.items())
    _show(form, {"account": key, "facts": known}, text or "Nothing is declared.")


@account.command("profile")
@click.argument("key", metavar="ACCOUNT")
@click.argument("content", nargs=-1, metavar="NAME=TEXT...", required=True)
@_AS
@_FORMAT
@_command
def company_profile(key: str, content: tuple[str, ...], person: str, form: str) -> None:
    """Save the company profile of ACCOUNT, such as legal_name="Muñoz Co"; an act submits it."""
    from greenlane.apps.members.actions.accounts import save_company_profile

    row = _account(key)
    said = _pairs(content)
    if not said.get("legal_name", "").strip() or said.keys() - set(PROFILE):
        raise BadInput(f"Give legal_name, and of the rest only {', '.join(PROFILE[1:])}.")
    save_company_profile(
        account=row,
        content={**dict.fromkeys(PROFILE, ""), **said},
        by=_acting(person, _program(row).own_roles, row),
        at=_now(),
        program=_program(row),
        via=VIA,
    )
    _show_account(_account(key), form)


@account.command()
@click.argument("key", metavar="ACCOUNT")
@click.option("--language", default="en", show_default=True, help="Language the text is read in.")
@click.option(
    "--code", help="Present code of the signer's app; without it, only the text is shown."
)
@click.option("--sha256", help="Hash of the text that was read, as this command shows it.")
@_AS
@_FORMAT
@_command
def sign(
    key: str, language: str, code: str | None, sha256: str | None, person: str, form: str
) -> None:
    """Show the agreement in force, or sign it, as who may, with their own code."""
    from greenlane.apps.accounts.credentials import check_second_factor
    from greenlane.apps.accounts.queries import person as found_person
    from greenlane.apps.members.actions.steps import step
    from greenlane.core.canonical import sha256_hex
    from greenlane.core.errors import NotAllowed

    row = _account(key)
    signing = _program(row).act_that(Purpose.SIGN_AGREEMENT)
    actor = _acting(person, signing.by, row)
    text = _program(row).agreement_on(_today(_program(row)))
    words = text.text.in_(language)
    digest = sha256_hex(words.encode())
    if code is None:
        shown = {"agreement": text.id, "text": words, "text_sha256": digest}
        _show(form, shown, f"{words}\n\nSHA-256 of this text: {digest}")
        return
    if sha256 != digest:
        raise BadInput("--sha256 is not that of the text in force. Read it first, without --code.")
    if not check_second_factor(found_person(actor.id), code):
        raise NotAllowed("The code is wrong or used up. Give the present code of the signer's app.")
    done = step(
        account=row,
        act=signing.id,
        by=actor,
        at=_now(),
        given={"agreement": text.id, "text_sha256": digest, "language": language},
        via=VIA,
    )
    _show_account(done, form)


@account.command()
@click.argument("key", metavar="ACCOUNT")
@click.argument("file", type=_FILE)
@click.option("--assessed-on", type=_DAY, required=True, help="Day on which it was made.")
@click.option("--summary", default="")
@_AS
@_FORMAT
@_command
def assess(
    key: str, file: Path, assessed_on: datetime, summary: str, person: str, form: str
) -> None:
    """File the risk assessment FILE."""
    from greenlane.apps.risk.actions import file_assessment

    row = _account(key)
    done = file_assessment(
        account=row,
        assessed_on=assessed_on.date(),
        name=file.name,
        content=_content(file),
        summary=summary,
        by=_acting(person, _program(row).own_roles, row),
        at=_now(),
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
@click.option("--evidence", type=_FILE, help="A document that shows it.")
@_AS
@_FORMAT
@_command
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

    row = _account(key)
    actor = _acting(person, _program(row).roles_that_may(Power.ANSWER), row)
    with transaction.atomic():
        saved = save_answer(
            account=row,
            criterion=criterion,
            outcome=outcome,
            words=words,
            by=actor,
            at=_now(),
            parts=_pairs(parts),
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
                at=_now(),
                via=VIA,
            )
    shown = {"account": key, "criterion": criterion, "outcome": outcome, "event": saved.seq}
    _show(form, shown, f"{criterion} {outcome}: event {key}:{saved.seq}")


@account.command()
@click.argument("key", metavar="ACCOUNT")
@click.argument("file", type=_FILE)
@_AS
@_FORMAT
@_command
def answers(key: str, file: Path, person: str, form: str) -> None:
    """Take answers from FILE: all of them, or none.

    FILE is CSV in UTF-8 with the columns criterion, outcome and words, and perhaps parts
    (`a=yes;b=no`) and scope; 10,000 rows at most.
    """
    from greenlane.apps.profiles.actions.answers import save_answers

    row = _account(key)
    actor = _acting(person, _program(row).roles_that_may(Power.ANSWER), row)
    given = _answers_in(file)
    save_answers(account=row, answers=given, by=actor, at=_now(), via=VIA)
    shown = {"account": key, "saved": [one.criterion for one in given]}
    _show(form, shown, f"{len(given)} answers saved for {key}.")


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
                    _pairs(parts),
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
@_AS
@_FORMAT
@_command
def submit(key: str, submission: str, person: str, form: str) -> None:
    """Submit the application, also after a return or again, or the periodic review."""
    from greenlane.apps.profiles.actions.answers import submit as submit_it
    from greenlane.apps.profiles.queries import submission_of
    from greenlane.core.program import SUBMITTING_PURPOSES

    row = _account(key)
    act = submission or submission_of(row).id
    known = [one.id for one in _program(row).acts_that(*SUBMITTING_PURPOSES)]
    if act not in known:
        raise BadInput(f"{act[:40]} is no submission. Use one of {', '.join(known)}.")
    actor = _acting(person, _program(row).transition(act).by, row)
    _show_account(submit_it(account=row, by=actor, at=_now(), act=act, via=VIA), form)


# --- Any act of the table ---------------------------------------------------------------------


@account.command()
@click.argument("key", metavar="ACCOUNT")
@click.argument("name", metavar="ACT")
@click.argument("given", nargs=-1, metavar="[NAME=VALUE]...")
@click.option("--on", "day", type=_DAY, help="Day it takes effect; else today.")
@click.option("--words", default="", help="Reasons in words; kept sealed.")
@click.option("--expected", type=int, help="Refuse when the account has another revision by now.")
@_AS
@_FORMAT
@_command
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
    from greenlane.apps.suspensions.acts import place_of
    from greenlane.apps.suspensions.queries import act_facts, has_page

    row = _account(key)
    program = _program(row)
    line = program.transition(name)
    if line.does in ELSEWHERE:
        raise BadInput(f"{name} has a command of its own: {ELSEWHERE[line.does]}.")
    if has_page(row, line):
        if place_of(program, line) != "validation":
            raise BadInput(f"{name} is done where its case is kept: greenlane trust do.")
        raise BadInput(
            "{act} is done by `greenlane validation do {account} ...`, which keeps its case.",
            act=name,
            account=key,
        )
    actor = _acting(person, line.by, row)
    done = step(
        account=row,
        act=name,
        by=actor,
        at=_now(),
        on=day.date() if day else None,
        given=_pairs(given),
        facts=act_facts(row, on=_today(program)),
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
@_AS
@_FORMAT
@_command
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

    row = _account(key)
    actor = _acting(person, _program(row).roles_that_may(Power.REVIEW), row)
    rows = {
        one.criterion.criterion.id: one for one in profile_of(row, on=_today(_program(row))).rows
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
                at=_now(),
                answer_seq=answered.seq if answered else 0,
                reason=reason,
                note=note,
                via=VIA,
            )
    shown = {"account": key, "criteria": list(criteria), "decision": decision}
    _show(form, shown, f"{len(criteria)} {decision}")


@account.command()
@click.argument("key", metavar="ACCOUNT")
@click.argument("name", metavar="CHECK")
@click.argument("result")
@click.option("--source", required=True, help="System, list or document that was looked at.")
@click.option("--detail", default="", help="What was found; kept sealed.")
@click.option("--run-on", type=_DAY, help="Day it was run; else today.")
@_AS
@_FORMAT
@_command
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

    row = _account(key)
    record_check(
        account=row,
        check=name,
        result=result,
        source=source,
        detail=detail,
        by=_acting(person, _program(row).roles_that_may(Power.VET), row),
        at=_now(),
        run_on=run_on.date() if run_on else None,
        via=VIA,
    )
    _show(form, {"account": key, "check": name, "result": result}, f"{name} {result}")


@account.command()
@click.argument("key", metavar="ACCOUNT")
@click.option("--act", "proposed", default="", help="Act; else certification.")
@click.option("--words", default="")
@_AS
@_FORMAT
@_command
def propose(key: str, proposed: str, words: str, person: str, form: str) -> None:
    """Propose an act that needs a second person; print the number to approve it by."""
    from greenlane.apps.certification import actions

    row = _account(key)
    program = _program(row)
    line = program.transition(proposed) if proposed else program.act_that(Purpose.CERTIFY)
    actor = _acting(person, line.by, row)
    made = actions.propose(account=row, by=actor, at=_now(), act=line.id, words=words, via=VIA)
    shown = {"account": key, "proposal": made.seq, "act": made.act, "state": made.state}
    _show(form, shown, f"Proposal {made.seq}: {made.act}")


@account.command()
@click.argument("key", metavar="ACCOUNT")
@click.argument("proposal", type=click.IntRange(1, 2**31))
@click.option("--language", default="en", show_default=True, help="Language of the letter.")
@_AS
@_FORMAT
@_command
def approve(key: str, proposal: int, language: str, person: str, form: str) -> None:
    """Approve PROPOSAL as a second person: letter and act in one."""
    from greenlane.apps.accounts.queries import names_of
    from greenlane.apps.certification import queries
    from greenlane.apps.certification.actions import Person, certify
    from greenlane.core.lifecycle.decide import Actor

    row = _account(key)
    found = queries.proposal(key, proposal)
    actor = _acting(person, _program(row).transition(found.act).second_by, row)
    names = names_of([found.proposed_by, actor.id])
    done = certify(
        account=row,
        proposal=found,
        proposer=Person(Actor(found.proposed_by, found.role), names.get(found.proposed_by, "")),
        by=Person(actor, names.get(actor.id, "")),
        at=_now(),
        language=language,
        via=VIA,
    )
    _show_account(done, form)
