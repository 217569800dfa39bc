"""Screening an account: what is found, what waits, what passes, and what is remembered."""

from __future__ import annotations

from datetime import timedelta

import pytest

from greenlane.apps.vetting.actions import vetting_step
from greenlane.apps.vetting.hit_actions import decide_hit
from greenlane.core.lifecycle.decide import Refused
from tests.apps.vetting.conftest import Office
from tests.factories.lists import screened
from tests.factories.people import NOW

pytestmark = pytest.mark.django_db


def test_an_officer_like_a_listed_person_is_a_hit_that_vetting_cannot_pass(office: Office) -> None:
    office.declare(role="OFFICER", name="Zoltan Brezniak", birth_date="1961-03-14")
    office.start()
    office.clear()

    screened(office.account, at=NOW)
    (hit,) = office.hits("OPEN")
    with pytest.raises(Refused) as refused:
        vetting_step(account=office.account, act="V02", by=office.analyst, at=NOW)

    assert (hit.listed_uid, hit.level) == ("invented-1", "ALERT")
    assert hit.corroborates == 1
    assert refused.value.refusal.startswith("guard.")


def test_a_false_hit_is_remembered_for_exactly_this_pair(office: Office) -> None:
    party = office.declare(role="OFFICER", name="Zoltan Brezniak")
    office.declare(role="OWNER", name="Harbor Lane Founders LLC", kind="ORGANIZATION", share="100")
    office.start()
    office.clear(but=("watch_lists",))
    screened(office.account, at=NOW)
    (hit,) = office.hits("OPEN")

    decide_hit(
        account=office.account,
        hit=hit.hit,
        decision="FALSE",
        reason="other_birth_date",
        by=office.analyst,
        at=NOW,
    )
    screened(office.account, at=NOW + timedelta(days=1))

    assert [one.state for one in office.hits()] == ["FALSE"]
    vetting_step(account=office.fresh(), act="V02", by=office.analyst, at=NOW + timedelta(days=1))
    assert office.fresh().vetting == "PASSED"

    office.declare(
        role="OFFICER",
        name="Zoltan Brezniak",
        birth_date="1961-03-14",
        party=party.party,
        at=NOW + timedelta(days=2),
    )
    screened(office.account, at=NOW + timedelta(days=2))

    (again,) = office.hits()
    assert (again.state, again.is_reopened, again.final) == ("OPEN", True, "FALSE")
    assert office.fresh().vetting == "REVIEW_REQUIRED"
