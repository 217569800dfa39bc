"""Writers and sequencers as processes of their own, to be killed: ``python -m`` runs the nursery.

It loads Django once and then makes one process for each line it is given, so that a test can start
and kill many. A line is JSON: ``{"act": "write" | "anchor", "log": FILE, "streams": [...],
"name": NAME, "turns": N}``. A writer notes each event in FILE after its commit: what stands there
was acknowledged.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[3]


def main() -> None:
    """Make a process for each line of standard input; print its number."""
    import django

    django.setup()
    from django.conf import settings

    for name, value in json.loads(os.environ["RECORD_SETTINGS"]).items():
        setattr(settings, name, value)
    # Imported before the first child is made, so that children begin at once.
    import tests.apps.audit.acts
    import tests.apps.audit.testapp.projections  # noqa: F401 - as above

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            work(**json.loads(line))
            os._exit(0)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()


def work(
    act: str, log: str, streams: list[str], name: str, turns: int, seconds: float = 600
) -> None:
    """Write or anchor again and again, noting what was acknowledged."""
    from greenlane.apps.audit.sequencer import anchor_pending
    from tests.apps.audit.acts import AT, write

    note = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    end = time.monotonic() + seconds
    for turn in range(turns):
        began = time.monotonic()
        if began > end:
            break
        if act == "anchor":
            for number in anchor_pending(at=AT, batch=3):
                os.write(note, f"anchor {number}\n".encode())
            time.sleep(0.002)
            continue
        stream = streams[turn % len(streams)]
        event = write(stream, card=f"{name}-{turn}", title="Ana", at=datetime.now(UTC))  # noqa: TID251 - a door of its own
        waited = time.monotonic() - began
        os.write(note, f"{stream} {event.seq} {event.hash} {name}-{turn} {waited:.6f}\n".encode())


class Nursery:
    """The process that makes the others, seen from the test."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def start(self, **order: Any) -> int:
        """Start a writer or sequencer; return its process number."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())


@contextmanager
def nursery(database_url: str, settings: dict[str, Any]) -> Iterator[Nursery]:
    """Run a nursery on a database."""
    env = {
        **os.environ,
        "GREENLANE_DATABASE_URL": database_url,
        "DJANGO_SETTINGS_MODULE": "greenlane.project.settings",
        "RECORD_SETTINGS": json.dumps(settings),
        "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
    }
    with subprocess.Popen(
        [sys.executable, "-m", "tests.apps.audit.nursery"],
        cwd=ROOT,
        env=env,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield Nursery(process)
        finally:
            process.kill()


def is_running(pid: int) -> bool:
    """Tell whether a process is still there."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def wait_until_gone(pids: list[int], *, seconds: float = 60) -> None:
    """Wait for processes to end."""
    end = time.monotonic() + seconds
    while any(is_running(pid) for pid in pids):
        if time.monotonic() > end:
            raise TimeoutError(f"processes {pids} did not end in {seconds} s")
        time.sleep(0.002)


def acknowledged(log: Path) -> list[list[str]]:
    """Return the notes of a writer, without a last one that the kill cut short."""
    lines = log.read_text(encoding="ascii").split("\n")[:-1] if log.exists() else []
    return [line.split() for line in lines]


if __name__ == "__main__":
    main()
