"""Reads scenario files: dated acts on a pack, as docs/reference/scenarios.md describes them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from greenlane.content.criteria_build import Problems
from greenlane.content.criteria_schema import Entry, Words, check_document
from greenlane.content.criteria_yaml import FilesRefused, YamlDocument, parse_yaml
from greenlane.core.errors import BadInput
from greenlane.core.facts import FactValue, check_declarable, checked
from greenlane.core.lifecycle.decide import Actor
from greenlane.core.scenario import FIRST, OFFICE, Expectation, Scenario, ScenarioAct

Scalar = str | bool | int | dt.date
Key = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.#-]{0,63}$")]


class ScenarioRefused(FilesRefused):
    """The scenario cannot be read, and was not run. Mend the lines named."""

    code = "scenario.refused"
    opening: ClassVar[str] = "The scenario was not run"


class PersonEntry(Entry):
    """Who acts, when two people of one role must be told apart."""

    role: Key
    person: Key


class ActEntry(Entry):
    """One act."""

    on: dt.date
    act: Key
    by: Key | PersonEntry
    account: Key = FIRST
    second: Key | PersonEntry | None = None
    given: dict[Key, Scalar] = Field(default_factory=dict)
    facts: dict[Key, Any] = Field(default_factory=dict)
    recorded_on: dt.date | None = None
    outside: Words | None = None
    refused: Key | None = None


class DutyEntry(Entry):
    """What a duty must be."""

    state: Literal["open", "overdue", "met", "lapsed", "stopped", "none"] | None = None
    due_on: dt.date | None = None
    met_on: dt.date | None = None
    opens_on: dt.date | None = None
    late: bool | None = None
    reason: Key | None = None


class ExpectEntry(Entry):
    """What must be true on a day."""

    on: dt.date
    account: Key = FIRST
    known: Literal["then", "now"] = "then"
    standing: dict[Key, Key] = Field(default_factory=dict)
    duties: dict[Key, DutyEntry] = Field(default_factory=dict)
    benefits: bool | None = None
    bucket: Words | None = None


class ScenarioFile(Entry):
    """A scenario file."""

    scenario: Key
    title: Words
    source: Words
    pack: Key
    entity_type: Key | None = None
    facts: dict[Key, Any] = Field(default_factory=dict)
    accounts: dict[Key, Key] = Field(default_factory=dict)
    acts: list[ActEntry]
    expect: list[ExpectEntry] = Field(default_factory=list)


def read_scenario(path: Path) -> Scenario:
    """Return the scenario in a file.

    Raises:
        ScenarioRefused: with file, line and remedy for each fault.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise BadInput(
            f"The scenario {path.name} cannot be read: {error.strerror}. Give the path of a file."
        ) from None
    return parse_scenario(content, path.name)


def parse_scenario(content: bytes, name: str) -> Scenario:
    """Return the scenario in ``content``; ``name`` is used in messages. See `read_scenario`."""
    try:
        document = parse_yaml(content, name)
        file = check_document(document, ScenarioFile)
    except FilesRefused as refused:
        raise ScenarioRefused(refused.problems) from None
    problems = Problems([])
    accounts = dict(file.accounts)
    if file.entity_type:
        accounts[FIRST] = file.entity_type
    if not accounts:
        problems.add(document, (), "No account is named.", "Write entity_type, or accounts.")
    shared = _facts(document, ("facts",), file.facts, problems)
    known = {key for key, value in shared.items() if value is not None}
    facts = {
        key: {n: v for n, v in shared.items() if n in known and v is not None} for key in accounts
    }
    acts = tuple(_act(document, i, row, accounts, problems) for i, row in enumerate(file.acts))
    _check_order(document, acts, problems)
    expectations = tuple(
        _expectation(document, i, row, accounts, problems) for i, row in enumerate(file.expect)
    )
    if problems.found:
        raise ScenarioRefused(problems.found)
    return Scenario(
        file.scenario, file.title, file.source, file.pack, accounts, facts, acts, expectations
    )


def _facts(
    document: YamlDocument,
    path: tuple[str | int, ...],
    values: Mapping[str, Any],
    problems: Problems,
) -> dict[str, FactValue | None]:
    found: dict[str, FactValue | None] = {}
    for name, value in values.items():
        try:
            check_declarable(name)
            found[name] = None if value is None else checked(name, value)
        except BadInput as error:
            problems.add(document, (*path, name), error.message, "Correct it, or leave it out.")
    return found


def _act(
    document: YamlDocument,
    index: int,
    row: ActEntry,
    accounts: Mapping[str, str],
    problems: Problems,
) -> ScenarioAct:
    path: tuple[str | int, ...] = ("acts", index)
    if row.account != OFFICE and row.account not in accounts:
        what = f"There is no account {row.account!r}."
        problems.add(document, path, what, f"Use {', '.join([*accounts, OFFICE])}.")
    return ScenarioAct(
        account=row.account,
        on=row.on,
        recorded_on=row.recorded_on or row.on,
        act=row.act,
        by=_actor(row.by),
        second=_actor(row.second) if row.second else None,
        given={key: _word(value) for key, value in row.given.items()},
        facts=_facts(document, (*path, "facts"), row.facts, problems),
        document=row.outside or "",
        expects=row.refused or "",
        line=document.line_of(path),
    )


def _check_order(document: YamlDocument, acts: tuple[ScenarioAct, ...], problems: Problems) -> None:
    """Refuse an act recorded before the one above it: no record is written backward."""
    latest: dict[str, dt.date] = {}
    for index, act in enumerate(acts):
        before = latest.get(act.account, dt.date.min)
        if act.recorded_on < before:
            what = (
                f"{act.act} is recorded on {act.recorded_on}, before the act above it ({before})."
            )
            problems.add(document, ("acts", index), what, "Order the acts, or give recorded_on.")
        latest[act.account] = max(before, act.recorded_on)


def _expectation(
    document: YamlDocument,
    index: int,
    row: ExpectEntry,
    accounts: Mapping[str, str],
    problems: Problems,
) -> Expectation:
    path: tuple[str | int, ...] = ("expect", index)
    if row.account != OFFICE and row.account not in accounts:
        what = f"There is no account {row.account!r}."
        problems.add(document, path, what, f"Use {', '.join([*accounts, OFFICE])}.")
    return Expectation(
        account=row.account,
        on=row.on,
        known_now=row.known == "now",
        standing=dict(row.standing),
        duties={
            key: {
                name: value.isoformat() if isinstance(value, dt.date) else str(value)
                for name, value in duty.model_dump(exclude_none=True).items()
            }
            for key, duty in row.duties.items()
        },
        has_benefits=row.benefits,
        bucket=row.bucket,
        line=document.line_of(path),
    )


def _actor(entry: str | PersonEntry) -> Actor:
    if isinstance(entry, PersonEntry):
        return Actor(entry.person, entry.role)
    return Actor(f"{entry}-1", entry)


def _word(value: Scalar) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value.isoformat() if isinstance(value, dt.date) else str(value)
