"""A real installation to be killed: ``greenlane serve`` and ``greenlane worker`` on a database.

The database is a file or, on PostgreSQL, one of its own on the server of the test settings. The two
commands run in sessions of their own, so that a kill takes their children with them.
"""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connections

from greenlane.project.env import sqlite_entry
from tests.apps.audit.databases import administered, connected, url_of

ROOT = Path(__file__).parents[2]
FACT = "trade.imports_last_12_months"


@contextmanager
def migrated(folder: Path) -> Iterator[dict[str, Any]]:
    """Give the entry of a fresh database with every table, connected; thrown away afterwards."""
    is_file = connections["default"].vendor == "sqlite"
    name = f"greenlane_killed_{os.getpid()}"
    if is_file:
        entry = sqlite_entry(str(folder / "greenlane.sqlite3"))
    else:
        entry = {**connections["default"].settings_dict, "NAME": name, "CONN_MAX_AGE": 0}
        with administered() as cursor:
            cursor.execute(f"CREATE DATABASE {name}")
    try:
        with connected(entry):
            call_command("migrate", verbosity=0)
            yield entry
    finally:
        if not is_file:
            with administered() as cursor:
                cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as made:
        made.bind(("127.0.0.1", 0))
        return int(made.getsockname()[1])


class Command:
    """One ``greenlane`` command as a process of its own, with all that it starts."""

    def __init__(self, words: list[str], env: dict[str, str], log: Path) -> None:
        self.words, self.env, self.log = words, env, log
        self.start()

    def start(self) -> None:
        """Start it, or start it again."""
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "greenlane", *self.words],
                cwd=ROOT,
                env=self.env,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )

    def kill(self) -> None:
        """End it and its children at once, without a chance to tidy up."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


class Installation:
    """Server and worker on one database; the server listens at ``port`` of this machine."""

    def __init__(self, entry: dict[str, Any], folder: Path, keys: dict[str, str]) -> None:
        self.log = folder / "log"
        self.env = {
            **{k: v for k, v in os.environ.items() if not k.startswith("GREENLANE_")},
            **keys,
            "GREENLANE_DATABASE_URL": url_of(entry),
            "GREENLANE_DATA_DIR": str(folder / "files"),
            "GREENLANE_HTTP_LOCAL": "yes",
            "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
        }
        self.port = free_port()
        serving = ["serve", "--no-worker", "--workers", "1", "--port", str(self.port)]
        self.app = Command(serving, self.env, self.log)
        self.worker = Command(["worker", "--every", "0.02"], self.env, self.log)

    def wait_until_serving(self, seconds: float = 60) -> None:
        """Wait until the server answers."""
        end = time.monotonic() + seconds
        while True:
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=1):
                    return
            except OSError:
                if time.monotonic() > end:
                    raise TimeoutError(self.log.read_text(errors="replace")[-3000:]) from None
                time.sleep(0.02)

    def end(self) -> None:
        """End everything that still runs."""
        for command in (self.app, self.worker):
            if command.process.poll() is None:
                command.kill()


class Writer(threading.Thread):
    """Declares ever higher figures for one account through the API until it is told to stop.

    ``acknowledged`` holds each figure whose writing the server confirmed; what failed on the way is
    tried no second time, since nobody can tell whether it was written.
    """

    # Above whatever the account was opened with.
    BEFORE_FIRST = 1000

    def __init__(self, port: int, account: str, token: str) -> None:
        super().__init__(daemon=True)
        self.port, self.account, self.token = port, account, token
        self.acknowledged: list[int] = []
        self.refused: list[str] = []
        self.is_told_to_stop = threading.Event()

    def run(self) -> None:
        """Write, and wait a little where the server is away."""
        figure = self.BEFORE_FIRST
        while not self.is_told_to_stop.is_set():
            figure += 1
            try:
                self._declare(figure)
            except (OSError, http.client.HTTPException):
                time.sleep(0.02)

    def _declare(self, figure: int) -> None:
        server = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            server.request(
                "PUT",
                f"/api/v1/accounts/{self.account}/facts",
                body=json.dumps({"facts": {FACT: figure}}),
                headers={
                    "Authorization": f"Bearer {self.token}",
                    "Content-Type": "application/json",
                },
            )
            answer = server.getresponse()
            said = answer.read()
        finally:
            server.close()
        if answer.status == 200:
            self.acknowledged.append(figure)
        else:
            self.refused.append(f"{answer.status} {said[:300]!r}")
