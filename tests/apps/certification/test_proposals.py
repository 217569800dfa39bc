"""A proposal is decided once, whoever still has it on the screen."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from greenlane.apps.audit.queries import head_of
from greenlane.apps.certification import actions
from greenlane.apps.certification.models import Proposal
from greenlane.core.lifecycle.decide import Refused
from tests.factories.certified import Member, a_member, moment

pytestmark = pytest.mark.django_db

DAY = date(2026, 6, 1)


def decline(member: Member, seen: Proposal, day: date) -> None:
    actions.decline(
        account=member.account,
        proposal=seen,
        by=member.by("field_manager"),
        at=moment(day),
        words="Not yet.",
    )


def test_a_proposal_that_was_decided_meanwhile_is_not_decided_again() -> None:
    member = a_member()
    seen = actions.propose(account=member.account, by=member.by("specialist"), at=moment(DAY))
    decline(member, seen, DAY + timedelta(days=1))
    before = head_of(member.stream).seq

    with pytest.raises(Refused) as caught:
        decline(member, seen, DAY + timedelta(days=2))

    assert caught.value.refusal == "proposal.decided"
    assert head_of(member.stream).seq == before
