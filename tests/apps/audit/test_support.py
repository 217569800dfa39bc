"""The fixture for transactional tests of every app: what it writes is flushed, triggers return."""

from __future__ import annotations

import pytest
from django.db import transaction

from greenlane.apps.audit.actions import append
from greenlane.apps.audit.models import Event
from greenlane.apps.audit.triggers import missing_triggers
from greenlane.core.ledger import EventDraft
from tests.apps.audit.acts import A1, AT, ON
from tests.apps.audit.program import PROGRAM
from tests.apps.audit.support import committed_record

__all__ = ["committed_record"]


@pytest.mark.usefixtures("committed_record")
@pytest.mark.parametrize("turn", [1, 2])
def test_each_transactional_test_begins_with_an_empty_guarded_record(turn: int) -> None:
    assert missing_triggers() == []
    assert Event.objects.count() == 0
    draft = EventDraft("erasure", "record.erased", ON, "p1", "operator", payload={"seqs": []})

    with transaction.atomic():
        append(stream=A1, expected=0, drafts=[(draft, None)], at=AT, program=PROGRAM)

    assert Event.objects.count() == 1
