"""An office with 12,000 accounts, and one signed-in person of the entity type that is asked most.

Run as a program it fills the database that the settings name, and prints what a measuring browser
needs. The measured account, its person, answers and session are made by the product's own actions.
The other 12,000 are rows in bulk, so that every table that a page asks has its weight: accounts
with lawful steps, companies, people, roles, chains, and an answer to each criterion.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from greenlane.apps.members.models import Account
    from greenlane.core.program import Program

ACCOUNTS = 12_000
SIGNED_ON = datetime(2026, 11, 2, 15, tzinfo=UTC)
WORDS = (
    "The security manager checks this at every site once a month, notes it in the log and tells "
    "the officer in charge at once when something is missing. The procedure is written down. "
) * 2


def largest_entity(on: date) -> tuple[str, tuple[str, ...]]:
    """Return the entity type that is asked the most, and the criteria it is asked."""
    from greenlane.apps.criteria.queries import edition_in_force

    edition = edition_in_force("ctpat", on=on)
    asked = {
        key: tuple(one.id for one in edition.applicable(key, confirmed_cells=frozenset(), on=on))
        for key in edition.entity_types
    }
    found = max(asked, key=lambda key: len(asked[key]))
    return found, asked[found]


def fill(program: Program, entity: str, criteria: tuple[str, ...], accounts: int) -> None:
    """Write so many accounts in bulk, each with a company, two people, a chain and its answers."""
    from django.db import connection, transaction

    from benchmarks.due.lives import rows_of
    from greenlane.apps.accounts.models import Grant, Organization, User
    from greenlane.apps.audit.models import Stream
    from greenlane.apps.members.models import Account
    from greenlane.apps.profiles.models import Answer

    day = SIGNED_ON.date()
    numbers = range(accounts)
    with transaction.atomic():
        Organization.objects.bulk_create(
            Organization(
                key=f"O-{n:010}",
                stream="people",
                name=f"Company {n}",
                registered_on=day,
                registered_by="U-0000000000",
            )
            for n in numbers
        )
        for letter, role, relation in (
            ("A", "company_officer", "officer"),
            ("B", "point_of_contact", "employee"),
        ):
            User.objects.bulk_create(
                User(
                    key=f"U-{letter}{n:09}",
                    stream="people",
                    name=f"Person {letter}{n}",
                    email=f"{letter}{n}@example.com".lower(),
                    registered_on=day,
                )
                for n in numbers
            )
            Grant.objects.bulk_create(
                Grant(
                    key=f"G-{letter}{n:09}",
                    stream="people",
                    user_id=f"U-{letter}{n:09}",
                    program=program.id,
                    role=role,
                    organization_id=f"O-{n:010}",
                    relation=relation,
                    since=day,
                    granted_by="U-0000000000",
                    granted_role="system",
                )
                for n in numbers
            )
        Account.objects.bulk_create(
            Account(
                stream=f"A-{n:010}",
                program=program.id,
                entity_type=entity,
                organization=f"O-{n:010}",
                company_name=f"Company {n}",
                opened_on=day,
                steps=steps,
            )
            for n, steps in enumerate(rows_of(program, accounts))
        )
        Stream.objects.bulk_create(
            Stream(key=f"A-{n:010}", seq=len(criteria), head="0" * 64) for n in numbers
        )
        first = "A-0000000000"
        Answer.objects.bulk_create(_answer(first, key, at) for at, key in enumerate(criteria, 1))
        table = connection.ops.quote_name(Answer._meta.db_table)
        columns = ", ".join(
            connection.ops.quote_name(field.column)
            for field in Answer._meta.concrete_fields
            if field.name not in ("id", "stream")
        )
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {table} (stream, {columns}) SELECT account.stream, {columns} "  # noqa: S608 - names of our own tables
                f"FROM {table} CROSS JOIN (SELECT stream FROM members_account "
                "WHERE stream <> %s) AS account",
                [first],
            )
    with connection.cursor() as cursor:
        # What a database does by itself in an office that grew to this size.
        cursor.execute("ANALYZE")


def _answer(stream: str, criterion: str, seq: int) -> Any:
    from greenlane.apps.profiles.models import Answer

    return Answer(
        stream=stream,
        criterion=criterion,
        edition="2023-01-01",
        outcome="IMPLEMENTED",
        words=WORDS,
        seq=seq,
        saved_on=SIGNED_ON.date(),
        saved_at=SIGNED_ON,
        saved_by="U-A000000000",
        reaffirmed_seq=seq,
        reaffirmed_on=SIGNED_ON.date(),
    )


def measured_account(
    program: Program, entity: str, criteria: tuple[str, ...]
) -> tuple[Account, str]:
    """Open an account by the product's own acts, answer, draft; return it and a session's key."""
    from django.conf import settings

    from greenlane.apps.members.actions.accounts import open_account
    from greenlane.apps.members.actions.steps import step
    from greenlane.apps.members.queries import account as the_account
    from greenlane.apps.profiles.actions.answers import (
        AnswerGiven,
        give_evidence,
        save_answers,
        save_draft,
    )
    from greenlane.core.lifecycle.decide import Actor
    from greenlane.core.satisfy import facts_satisfying
    from greenlane.core.vocabulary import Power
    from tests.factories.browsers import signed_in_client
    from tests.factories.people import an_organization, person_with

    company = an_organization("Larch Street Logistics", at=SIGNED_ON)
    person = person_with("point_of_contact", company, at=SIGNED_ON)
    by = Actor(person.key, "point_of_contact")
    assert by.role in program.roles_that_may(Power.ANSWER)
    eligibility = program.entity_type(entity).eligibility
    account = open_account(
        program=program,
        entity_type=entity,
        organization=company.key,
        company_name="Larch Street Logistics",
        facts={
            **facts_satisfying(eligibility, on=SIGNED_ON.date()),
            "application.eligibility_is_confirmed": True,
        },
        by=by,
        at=SIGNED_ON,
    )
    later = SIGNED_ON + timedelta(hours=1)
    step(account=account, act="C01", by=by, at=later)
    account = the_account(account.stream)
    most = criteria[: len(criteria) * 9 // 10]
    save_answers(
        account=account,
        answers=[AnswerGiven(key, "IMPLEMENTED", WORDS) for key in most],
        by=by,
        at=later,
    )
    for key in criteria[len(most) : len(most) + 4]:
        save_draft(account=account, criterion=key, content={"words": WORDS}, by=by, at=later)
    for number, key in enumerate(most[:20]):
        give_evidence(
            account=account,
            criterion=key,
            name=f"procedure-{number}.txt",
            content=f"Procedure {number}".encode(),
            by=by,
            at=later,
        )
    client = signed_in_client(person)
    return account, client.cookies[settings.SESSION_COOKIE_NAME].value


def main() -> int:
    """Fill the database that the settings name; print the account, its criteria and a session."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "greenlane.project.settings")
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    from greenlane.content.packs import load_program

    call_command("migrate", verbosity=0)
    program = load_program("ctpat")
    entity, criteria = largest_entity(SIGNED_ON.date())
    fill(program, entity, criteria, int(os.environ.get("GREENLANE_PAGES_ACCOUNTS", ACCOUNTS)))
    account, session = measured_account(program, entity, criteria)
    found = {
        "account": account.stream,
        "entity_type": entity,
        "criteria": criteria,
        "cookie": f"{settings.SESSION_COOKIE_NAME}={session}",
        "answer": criteria[len(criteria) // 2],
    }
    print(json.dumps(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
