"""The installation's chain: batches, order, two sequencers at once, what is not yet anchored."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connections

from greenlane.apps.audit import queries
from greenlane.apps.audit.models import InstallationAnchor
from greenlane.apps.audit.sequencer import anchor_pending
from greenlane.apps.audit.verify import Tail, verify
from tests.apps.audit.acts import A1, A2, A3, AT, small_record, write
from tests.apps.audit.databases import connected

pytestmark = pytest.mark.usefixtures("record")


def test_each_head_that_grew_is_anchored_once() -> None:
    small_record()

    assert anchor_pending(at=AT) == [1]
    assert anchor_pending(at=AT) == []
    write(A2, "card.changed")
    assert anchor_pending(at=AT) == [2]

    assert dict(queries.anchors_after(0)) == {1: [(A1, 4), (A2, 4), (A3, 4)], 2: [(A2, 5)]}
    assert queries.head_of(A2).anchor == 2
    assert verify().tail == []


def test_many_streams_are_anchored_in_batches() -> None:
    for number in range(7):
        write(f"A-000000001{number}")

    assert anchor_pending(at=AT, batch=3) == [1, 2, 3]

    report = verify()
    assert (report.faults, report.tail, report.anchors) == ([], [], 3)


def test_what_is_not_yet_anchored_is_told_and_no_fault() -> None:
    small_record()
    anchor_pending(at=AT)
    write(A1, "card.changed")
    write("office", "card.opened")

    report = verify()

    assert report.faults == []
    assert sorted(report.tail, key=lambda tail: tail.stream) == [
        Tail(A1, 4, 5),
        Tail("office", 0, 1),
    ]


def test_two_sequencers_and_writers_at_once_make_one_whole_chain(record: dict[str, Any]) -> None:
    faults: list[BaseException] = []
    made: list[int] = []

    def work(act: Any) -> None:
        try:
            with connected(record):
                for turn in range(12):
                    act(turn)
            connections.close_all()
        except BaseException as error:  # noqa: BLE001 - a thread's failure must reach the test
            faults.append(error)

    acts = [
        lambda _: made.extend(anchor_pending(at=AT, batch=2)),
        lambda _: made.extend(anchor_pending(at=AT, batch=2)),
        lambda turn: write(A1, card=f"c{turn}"),
        lambda turn: write(A2, card=f"c{turn}"),
        lambda turn: write(A3, card=f"c{turn}"),
    ]
    threads = [threading.Thread(target=work, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    made += anchor_pending(at=AT)

    report = verify()
    assert faults == []
    assert report.faults == []
    assert (report.events, report.tail) == (36, [])
    assert sorted(made) == list(range(1, InstallationAnchor.objects.count() + 1))


def test_verifying_sees_one_moment_while_a_writer_goes_on(record: dict[str, Any]) -> None:
    small_record()
    stop, written = threading.Event(), threading.Event()
    faults: list[BaseException] = []

    def work() -> None:
        try:
            with connected(record):
                while not stop.is_set():
                    write(A1, "card.changed", title="Ana")
                    written.set()
        except BaseException as error:  # noqa: BLE001 - a thread's failure must reach the test
            faults.append(error)

    writer = threading.Thread(target=work)
    writer.start()
    reports = []
    try:
        for _ in range(15):
            # On a busy machine the writer may get no turn: wait for one, so that each look differs.
            written.clear()
            assert written.wait(timeout=60)
            reports.append(verify())
    finally:
        stop.set()
        writer.join()

    assert faults == []
    assert [report.faults for report in reports] == [[]] * 15
    assert reports[-1].events > reports[0].events
