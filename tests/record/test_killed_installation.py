"""The real server and the real worker killed with SIGKILL while people write through the API."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from greenlane.apps.audit.keys import new_seal_key, new_signing_key
from greenlane.apps.audit.queries import events_of
from greenlane.apps.audit.verify import verify
from tests.api.world import World
from tests.record.installation import FACT, ROOT, Installation, Writer, migrated

KILLS = int(os.environ.get("GREENLANE_TEST_KILLS", "20"))
SEED = int(os.environ.get("GREENLANE_TEST_SEED", "20260301"))

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(300 + 20 * KILLS),
    pytest.mark.skipif(not hasattr(os, "killpg"), reason="there is no SIGKILL on this system"),
]


@pytest.fixture
def folder(tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[Path]:
    keys = {
        "GREENLANE_SEAL_KEY": new_seal_key(),
        "GREENLANE_SIGNING_KEY": new_signing_key(),
    }
    with django_db_blocker.unblock(), override_settings(**keys):
        yield tmp_path


def figures(account: str) -> list[int]:
    """Return the figures that writers put on the record, in the order of the account's chain."""
    payloads = [event.fields["payload"] for event in events_of(account)]
    told = [payload["facts"][FACT] for payload in payloads if FACT in payload.get("facts", {})]
    return [figure for figure in told if figure > Writer.BEFORE_FIRST]


def begin_writing(installation: Installation, world: World, accounts: list[str]) -> list[Writer]:
    writers = [Writer(installation.port, key, world.contact.token) for key in accounts]
    for writer in writers:
        writer.start()
    return writers


def test_no_acknowledged_act_is_lost_when_server_and_worker_are_killed(folder: Path) -> None:
    chance = random.Random(SEED)  # noqa: S311 - when to kill, not a secret
    with migrated(folder) as entry:
        world = World()
        accounts = [world.opened() for _ in range(3)]
        connection.close()
        keys = {
            "GREENLANE_SECRET_KEY": settings.SECRET_KEY,
            "GREENLANE_SEAL_KEY": settings.GREENLANE_SEAL_KEY,
            "GREENLANE_SIGNING_KEY": settings.GREENLANE_SIGNING_KEY,
        }
        installation = Installation(entry, folder, keys)
        try:
            installation.wait_until_serving()
            writers = begin_writing(installation, world, accounts)
            for turn in range(KILLS):
                wrote = sum(len(writer.acknowledged) for writer in writers)
                end = time.monotonic() + 60
                while sum(len(w.acknowledged) for w in writers) < wrote + 3:
                    assert time.monotonic() < end, installation.log.read_text()[-3000:]
                    time.sleep(0.005)
                time.sleep(chance.random() * 0.2)
                # Mostly the server, for it writes more; sometimes the worker, sometimes both.
                victims = chance.choice(
                    [
                        [installation.app],
                        [installation.app],
                        [installation.worker],
                        [installation.worker, installation.app],
                    ]
                )
                for victim in victims:
                    victim.kill()
                confirmed = [list(writer.acknowledged) for writer in writers]
                for victim in victims:
                    victim.start()

                installation.wait_until_serving()

                report = verify()
                assert report.faults == [], f"after kill {turn}"
                for account, promised in zip(accounts, confirmed, strict=True):
                    assert set(promised) <= set(figures(account)), f"after kill {turn}"
                connection.close()
            for writer in writers:
                writer.is_told_to_stop.set()
            for writer in writers:
                writer.join(timeout=60)
        finally:
            installation.end()

        # Whatever was written was written once, in order; and nothing was refused on the way.
        for account, writer in zip(accounts, writers, strict=True):
            held = figures(account)
            assert held == sorted(set(held))
            assert set(writer.acknowledged) <= set(held)
            assert writer.refused == []
        for words in (["worker", "--once"], ["audit", "verify"]):
            done = subprocess.run(
                [sys.executable, "-m", "greenlane", *words],
                env=installation.env,
                cwd=ROOT,
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, done.stdout + done.stderr
        report = verify()
        assert (report.faults, report.tail) == ([], [])
        connection.close()
