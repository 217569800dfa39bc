"""``greenlane demo``: what a build that was cut short leaves is never taken for the office."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic, sleep

import pytest

from greenlane.apps.audit.sequencer import anchor_pending
from greenlane.cli.demo_office.build import Built, how_far
from tests.factories.people import an_organization


def greenlane(folder: Path, *words: str) -> subprocess.Popen[str]:
    """Start the real command on a database of its own."""
    settings = {"GREENLANE_DATA_DIR": str(folder), "GREENLANE_DATABASE_URL": ""}
    return subprocess.Popen(
        [sys.executable, "-m", "greenlane", *words],
        env={**os.environ, **settings},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def accounts_in(database: Path) -> int:
    """Count the accounts a build has made so far; none before its tables are there."""
    if not database.exists():
        return 0
    with sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True) as connection:
        try:
            found = connection.execute("SELECT count(*) FROM members_account").fetchone()
        except sqlite3.OperationalError:
            return 0
    return int(found[0])


def test_a_build_that_was_killed_is_made_anew(tmp_path: Path) -> None:
    database = tmp_path / "greenlane.sqlite3"
    killed = greenlane(tmp_path, "demo", "--no-serve", "--day", "2026-11-24")
    until = monotonic() + 120
    while accounts_in(database) == 0 and killed.poll() is None and monotonic() < until:
        sleep(0.05)
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    half = accounts_in(database)

    again = greenlane(tmp_path, "demo", "--no-serve", "--day", "2026-11-24")
    assert again.stdout is not None
    said = [again.stdout.readline() for _ in range(3)]
    again.kill()
    again.communicate()

    assert 0 < half < 60
    assert "cut short" in said[0]
    assert "Making the demonstration office" in said[1]
    assert said[2].startswith("  10 of ")


@pytest.mark.django_db
def test_an_office_is_whole_once_its_chains_are_anchored() -> None:
    assert how_far() is Built.ABSENT

    an_organization("Harbor Lane")
    assert how_far() is Built.CUT_SHORT

    anchor_pending(at=datetime(2026, 11, 24, 17, tzinfo=UTC))
    assert how_far() is Built.WHOLE
