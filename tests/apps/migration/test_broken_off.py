"""A run that is broken off in its second hundred is taken up again with the same file."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from greenlane.apps.accounts.models import Organization
from greenlane.apps.audit.models import Event
from greenlane.apps.audit.verify import verify
from greenlane.apps.members.models import Account
from greenlane.apps.migration.actions import record_members
from greenlane.apps.migration.models import CarriedAccount
from tests.apps.migration.conftest import Office, file_of, row
from tests.factories.people import NOW, the_program

ROWS = 104


class PowerCut(Exception):
    """The machine stopped."""


def test_a_run_broken_off_after_101_rows_goes_on_where_the_record_ends(office: Office) -> None:
    content = file_of(*(row(identifiers=f"ein:12-{3_450_000 + one:07}") for one in range(ROWS)))
    recorded = list[int]()

    def cut(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        # The 101st row is in the database when the power goes: the second hundred was begun.
        found = execute(sql, *rest)
        if recorded and re.match(r'INSERT INTO "migration_carriedaccount"', sql):
            raise PowerCut
        return found

    with connection.execute_wrapper(cut), pytest.raises(PowerCut):
        record_members(
            program=the_program(),
            plan=office.plan(content),
            by=office.by,
            at=NOW,
            told=recorded.append,
        )
    assert (recorded, Account.objects.count(), Organization.objects.count()) == ([100], 100, 100)
    assert not Event.objects.filter(act="carried.file_taken").exists()

    counts = office.take(content).counts

    assert (counts["new"], counts["unchanged"]) == (ROWS - 100, 100)
    assert (Account.objects.count(), Organization.objects.count()) == (ROWS, ROWS)
    lines = CarriedAccount.objects.order_by("line").values_list("line", flat=True)
    assert list(lines) == list(range(2, ROWS + 2))
    assert Event.objects.filter(act="carried.file_taken").count() == 1
    assert verify().is_clean
