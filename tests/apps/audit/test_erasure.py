"""Erasing sealed records: by which rule, when, what stays, what is refused."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from greenlane.apps.audit import queries
from greenlane.apps.audit.actions import (
    HoldRefused,
    OnHold,
    StillKept,
    erase,
    lift_hold,
    place_hold,
)
from greenlane.apps.audit.models import SealedRecord
from greenlane.apps.audit.seal import Sealed
from greenlane.apps.audit.sequencer import anchor_pending
from greenlane.apps.audit.verify import Erased, verify
from greenlane.core.errors import Conflict, NotFound
from greenlane.core.ledger import Event
from greenlane.core.marks import Mark
from tests.apps.audit.acts import A1, A2, AT, mark, write
from tests.apps.audit.program import PROGRAM
from tests.apps.audit.testapp.models import Card

pytestmark = pytest.mark.usefixtures("record")
TODAY = date(2026, 3, 1)


def by(on: date, stream: str = A1) -> dict[str, Any]:
    return {
        "stream": stream,
        "expected": queries.head_of(stream).seq,
        "actor": "p9",
        "role": "director",
        "on": on,
        "at": AT,
        "program": PROGRAM,
    }


def erased(*seqs: int, rule: str = "K02", on: date = TODAY, **more: Any) -> Event:
    with transaction.atomic():
        return erase(seqs=seqs, rule=rule, **{**by(on), **more})


def held(hold: str = "case-1", on: date = TODAY, **more: Any) -> Event:
    with transaction.atomic():
        return place_hold(hold=hold, ground="litigation", **{**by(on), **more})


def lifted(hold: str = "case-1", on: date = TODAY) -> Event:
    with transaction.atomic():
        return lift_hold(hold=hold, **by(on))


def test_an_erased_content_is_gone_and_the_record_still_verifies() -> None:
    write(A1, title="Ana Núñez")
    write(A1, card="c2", title="Beto")
    anchor_pending(at=AT)

    event = erased(1)

    assert (event.seq, queries.content_of(A1, 1)) == (3, None)
    assert queries.content_of(A1, 2) == {"title": "Beto"}
    assert queries.erased_of(A1) == {1: f"{A1}:3"}
    report = verify()
    assert report.faults == []
    assert report.erased == [Erased(A1, 1, "K02", "2026-03-01T12:00:00.123456Z", f"{A1}:3")]


def test_after_an_erasure_tables_show_it_and_not_the_content() -> None:
    write(A1, title="Ana Núñez")
    write(A1, "card.changed")

    erased(1)

    card = Card.objects.get(stream=A1)
    assert (card.title, card.is_erased, card.count) == ("", True, 2)


def test_a_later_content_stays_when_an_earlier_one_is_erased() -> None:
    write(A1, title="Ana")
    write(A1, "card.changed", title="Ana María")

    erased(1)

    card = Card.objects.get(stream=A1)
    assert (card.title, card.is_erased) == ("Ana María", False)
    assert verify().faults == []


def test_no_byte_of_the_erased_record_stays_in_the_sqlite_file(record: dict[str, Any]) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL keeps old row versions until VACUUM; the manual says so")
    write(A1, title="Ana " * 20)
    box = SealedRecord.objects.get()
    secret = bytes(box.ciphertext)

    erased(1)

    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert secret[:16] not in Path(record["NAME"]).read_bytes()


def test_nothing_is_erased_before_its_retention_begins_or_ends() -> None:
    write(A1, title="Ana", category="K01")

    with pytest.raises(StillKept, match="has not happened"):
        erased(1, rule="K01")
    mark(A1, Mark.WITHDRAWN, on=date(2020, 2, 29))
    with pytest.raises(StillKept, match="until 2025-02-28"):
        erased(1, rule="K01", on=date(2025, 2, 27))

    assert queries.content_of(A1, 1) == {"title": "Ana"}
    erased(1, rule="K01", on=date(2025, 2, 28))
    assert queries.content_of(A1, 1) is None
    assert verify().faults == []


def test_an_old_closing_does_not_end_the_retention_of_what_came_after_it() -> None:
    mark(A1, Mark.WITHDRAWN, on=date(2015, 1, 1))
    write(A1, title="Ana", category="K01")

    with pytest.raises(StillKept):
        erased(2, rule="K01")


def test_a_rule_without_a_period_keeps() -> None:
    write(A1, title="Ana", category="K03")

    with pytest.raises(StillKept, match="has not set a period"):
        erased(1, rule="K03", on=date(2099, 1, 1))


def test_under_a_legal_hold_nothing_is_erased_until_it_is_lifted() -> None:
    write(A1, title="Ana")
    write(A2, title="Beto")
    held()

    with pytest.raises(OnHold, match="case-1"):
        erased(1)
    erased(1, **by(TODAY, A2))
    lifted()
    erased(1)

    assert queries.content_of(A1, 1) is None
    assert verify().faults == []


def test_holds_are_placed_and_lifted_once_and_in_order() -> None:
    write(A1)
    held(reason=Sealed("K02", {"words": "Subpoena of 1 March"}))

    with pytest.raises(HoldRefused, match="another name"):
        held()
    with pytest.raises(HoldRefused, match="none of this name"):
        lifted("case-2")
    with pytest.raises(HoldRefused, match="placed on"):
        lifted(on=date(2026, 2, 1))
    lifted()
    with pytest.raises(HoldRefused, match="lifted on"):
        lifted()
    with pytest.raises(NotFound):
        held(stream=A2, expected=0)
    assert verify().faults == []


def test_what_is_not_there_or_of_another_category_is_not_erased() -> None:
    write(A1)
    write(A1, "card.changed", title="Ana", category="K02")

    for seq, rule in ((1, "K02"), (2, "K03"), (7, "K02")):
        with pytest.raises(NotFound):
            erased(seq, rule=rule)
    erased(2)
    with pytest.raises(NotFound, match="erased already"):
        erased(2)


def test_an_erasure_decided_on_an_older_record_is_refused() -> None:
    write(A1, title="Ana")
    before = queries.head_of(A1).seq
    held()
    lifted()

    with pytest.raises(Conflict):
        erased(1, expected=before)

    assert queries.content_of(A1, 1) == {"title": "Ana"}


def test_an_erasure_behind_the_records_back_is_found() -> None:
    write(A1, title="Ana")
    SealedRecord.objects.update(ciphertext=b"", nonce=b"", erased_at=AT, erased_by=f"{A1}:2")

    first = verify().first

    assert first is not None
    assert (first.stream, first.seq, first.code) == (A1, 1, "sealed.erased")
