"""What a certification is given besides: the pack's row says it, the page asks for it."""

from __future__ import annotations

import pytest
from django.http import QueryDict
from django.test import override_settings

from greenlane.apps.members.models import Account
from greenlane.content.packs import load_program
from greenlane.core.vocabulary import Purpose
from greenlane.web.specialist.act import ActForm
from greenlane.web.specialist.certify import ProposalForm
from greenlane.web.specialist.given import pairs_of

pytestmark = pytest.mark.django_db
ACCOUNT = Account(stream="A-0000000000", program="supplier-program", entity_type="manufacturer")


def test_what_a_certification_may_be_given_is_asked_and_may_stay_open() -> None:
    with override_settings(GREENLANE_PACK="supplier-program"):
        chosen = ProposalForm(QueryDict("risk_band=high"), account=ACCOUNT)
        open_ = ProposalForm(QueryDict("risk_band="), account=ACCOUNT)
        unknown = ProposalForm(QueryDict("risk_band=purple"), account=ACCOUNT)

        assert chosen.is_valid()
        assert chosen.given() == {"risk_band": "high"}
        assert open_.is_valid()
        assert open_.given() == {}
        assert not unknown.is_valid()


def test_a_certification_that_takes_nothing_asks_only_for_words() -> None:
    with override_settings(GREENLANE_PACK="ctpat"):
        form = ProposalForm(account=ACCOUNT)

    assert list(form.fields) == ["words"]


def test_what_was_given_is_told_in_words() -> None:
    row = load_program("supplier-program").act_that(Purpose.CERTIFY)

    with override_settings(GREENLANE_PACK="supplier-program"):
        (pair,) = pairs_of(row, ACCOUNT, {"risk_band": "high"})

    assert (pair.label, pair.value) == ("Risk band", "high")


def test_an_act_asks_for_what_it_may_be_given_and_does_not_insist() -> None:
    row = load_program("supplier-program").transition("H01")

    with override_settings(GREENLANE_PACK="supplier-program"):
        form = ActForm(row=row, account=ACCOUNT)

    assert form.fields["ground"].required
    assert not form.fields["reason"].required
    assert "language" not in form.fields
