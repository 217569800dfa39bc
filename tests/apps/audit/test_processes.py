"""Many processes at once, and processes killed in the middle: nothing is lost, doubled or torn."""

from __future__ import annotations

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from greenlane.apps.audit.models import Event, InstallationAnchor
from greenlane.apps.audit.queries import Recorded, events_of, streams
from greenlane.apps.audit.sequencer import anchor_pending
from greenlane.apps.audit.verify import verify
from tests.apps.audit.acts import A1, A2, AT, write
from tests.apps.audit.databases import url_of
from tests.apps.audit.nursery import (
    Nursery,
    acknowledged,
    is_running,
    nursery,
    wait_until_gone,
)

KILLS = int(os.environ.get("GREENLANE_TEST_KILLS", "20"))
SEED = int(os.environ.get("GREENLANE_TEST_SEED", "20260301"))
KEPT = ("GREENLANE_SEAL_KEY", "GREENLANE_SIGNING_KEY", "GREENLANE_PROJECTIONS")


@pytest.fixture
def family(record: dict[str, Any]) -> Iterator[Nursery]:
    if not hasattr(os, "fork"):
        pytest.skip("the processes of this test are made with fork, which Windows has not")
    given = {name: getattr(settings, name) for name in KEPT}
    connection.close()
    with nursery(url_of(record), given) as made:
        yield made


def not_on_record(lines: list[list[str]]) -> list[tuple[str, int, str]]:
    """Return the notes that the record does not hold."""
    held = {tuple(row) for row in Event.objects.values_list("stream", "seq", "hash")}
    noted = {(line[0], int(line[1]), line[2]) for line in lines}
    return sorted(noted - held)


def every_event() -> list[Recorded]:
    return [event for stream in streams() for event in events_of(stream)]


def test_eight_writers_lose_and_double_nothing(family: Nursery, tmp_path: Path) -> None:
    logs = [tmp_path / f"w{number}" for number in range(8)]
    pids = [
        family.start(
            act="write",
            log=str(log),
            streams=[f"A-000000000{number}", "people"],
            name=f"w{number}",
            turns=12,
        )
        for number, log in enumerate(logs)
    ]
    sequencers = [
        family.start(act="anchor", log=str(tmp_path / f"s{n}"), streams=[], name="s", turns=10**6)
        for n in range(2)
    ]

    wait_until_gone(pids)
    for pid in sequencers:
        os.kill(pid, signal.SIGKILL)
    wait_until_gone(sequencers)
    anchor_pending(at=AT)

    lines = [line for log in logs for line in acknowledged(log)]
    assert len(lines) == 8 * 12
    assert not_on_record(lines) == []
    cards = Counter(event.fields["payload"]["card"] for event in every_event())
    assert set(cards.values()) == {1}
    report = verify()
    assert (report.faults, report.tail, report.events) == ([], [], 8 * 12)


@pytest.mark.slow
def test_killed_processes_leave_a_whole_record_with_every_acknowledged_act(
    family: Nursery, tmp_path: Path
) -> None:
    chance = random.Random(SEED)  # noqa: S311 - when to kill, not a secret
    write(A1)
    connection.close()

    for turn in range(KILLS):
        log, anchors = tmp_path / f"w{turn}", tmp_path / f"s{turn}"
        keys = [A1, A2, f"A-1{turn:09}"]
        pids = [
            family.start(act="write", log=str(log), streams=keys, name=f"k{turn}", turns=10**6),
            family.start(act="anchor", log=str(anchors), streams=[], name="s", turns=10**6),
        ]
        end = time.monotonic() + 60
        while not acknowledged(log) and time.monotonic() < end:
            time.sleep(0.002)
        time.sleep(chance.random() * 0.1)
        chance.shuffle(pids)
        for pid in pids:
            assert is_running(pid)
            os.kill(pid, signal.SIGKILL)
            time.sleep(chance.random() * 0.01)
        wait_until_gone(pids)

        report = verify()
        assert report.faults == [], f"after kill {turn}"
        assert not_on_record(acknowledged(log)) == [], f"after kill {turn}"
        numbers = set(InstallationAnchor.objects.values_list("number", flat=True))
        assert {int(line[1]) for line in acknowledged(anchors)} <= numbers
        connection.close()

    # After the last kill, writing and anchoring go on as if nothing had been.
    write(A1, "card.changed")
    anchor_pending(at=AT)
    report = verify()
    assert (report.faults, report.tail) == ([], [])
