"""Whose accounts somebody sees, matter by matter."""

from __future__ import annotations

import pytest

from greenlane.apps.accounts import actions
from greenlane.core.vocabulary import Matter
from greenlane.gate.access import now, today
from greenlane.gate.records import in_sight
from tests.factories.certified import a_member
from tests.factories.people import person_with, the_program

pytestmark = pytest.mark.django_db


def test_who_reads_accounts_of_all_offices_sees_the_vetting_of_their_own_only() -> None:
    member = a_member()
    person = person_with("vetting_analyst", office="LAREDO")
    actions.grant(
        person=person.key,
        role="appeal_authority",
        by=actions.BY_SYSTEM,
        at=now(),
        program=the_program(),
    )

    def seen(matter: Matter) -> list[str]:
        rows = in_sight(person.key, the_program(), on=today(), matter=matter)
        return [row.stream for row in rows]

    assert seen(Matter.ACCOUNT) == [member.stream]
    assert seen(Matter.VETTING) == []
