"""Secondary vetting is a hard gate of every validation; the pack's own guard says so."""

from __future__ import annotations

from datetime import timedelta

import pytest

from greenlane.apps.members.actions.steps import step
from greenlane.apps.vetting.actions import record_check
from greenlane.apps.vetting.queries import vetting_facts
from greenlane.core.facts import check_declarable
from greenlane.core.lifecycle.decide import Refused
from tests.apps.vetting.conftest import Office
from tests.factories.lists import screened
from tests.factories.people import NOW, the_program

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
HELD = {"validation.scope_is_set": True, "validation.notice_is_waived": True}


def open_case(office: Office) -> None:
    """Open a validation case with a scheduled visit and its notice."""
    for act, given in (("X01", {}), ("X02", {"visit_on": NOW.date().isoformat()}), ("X03", {})):
        step(
            account=office.account,
            act=act,
            by=office.specialist,
            at=NOW,
            given=given,
            facts=dict(HELD),
        )


def visit(office: Office) -> None:
    """Record the visit, with what vetting knows."""
    step(
        account=office.account,
        act="X04",
        by=office.specialist,
        at=NOW + DAY,
        given={"effort_days": "2"},
        facts={**HELD, **vetting_facts(office.fresh(), on=(NOW + DAY).date())},
    )


def check(office: Office, name: str, result: str = "CLEAR") -> None:
    """Record one check."""
    record_check(
        account=office.fresh(),
        check=name,
        result=result,
        source="Register of the test",
        detail="" if result == "CLEAR" else "Found",
        by=office.analyst,
        at=NOW,
    )


def test_P11_no_visit_without_secondary_vetting_of_this_very_case(office: Office) -> None:
    screened(office.account, at=NOW - DAY)
    open_case(office)

    with pytest.raises(Refused) as without:
        visit(office)
    check(office, "debt")
    check(office, "customs_history")
    with pytest.raises(Refused) as without_lists:
        visit(office)
    screened(office.account, at=NOW)
    visit(office)

    assert without.value.refusal == "guard.secondary_vetting_done"
    assert without_lists.value.refusal == "guard.secondary_vetting_done"
    assert office.fresh().validation == "VISITED"


def test_P11_a_violation_found_before_the_visit_closes_the_gate(office: Office) -> None:
    open_case(office)
    screened(office.account, at=NOW)
    check(office, "debt")
    check(office, "customs_history", "HIT")

    with pytest.raises(Refused) as refused:
        visit(office)

    assert refused.value.refusal == "guard.secondary_vetting_done"


def test_P11_an_open_hit_closes_the_gate(office: Office) -> None:
    open_case(office)
    check(office, "debt")
    check(office, "customs_history")
    office.declare(role="OFFICER", name="Zoltan Brezniak")
    screened(office.account, at=NOW)

    with pytest.raises(Refused) as refused:
        visit(office)

    assert refused.value.refusal == "guard.secondary_vetting_done"


@pytest.mark.parametrize("act", ["X04", "T08", "T09"])
def test_P11_the_pack_asks_it_at_the_visit_and_at_the_decision(act: str) -> None:
    program = the_program()

    assert "secondary_vetting_done" in program.transition(act).guards
    assert "OIG-12-86" in program.guards["secondary_vetting_done"].source.citation


@pytest.mark.parametrize("act", ["V02", "T06"])
def test_the_pack_asks_for_a_current_screening_before_vetting_passes_and_before_certification(
    act: str,
) -> None:
    guards = the_program().transition(act).guards

    assert {"no_open_hit", "lists_current"} <= set(guards)


def test_nobody_can_declare_what_vetting_computes() -> None:
    from greenlane.core.facts import NotYoursToDeclare, check_may_declare
    from greenlane.core.vocabulary import Side

    for name in ("vetting.secondary_is_done", "vetting.screening_is_current"):
        check_declarable(name)
        for side in (Side.COMPANY, Side.OFFICE):
            with pytest.raises(NotYoursToDeclare):
                check_may_declare(name, side)
