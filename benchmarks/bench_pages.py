"""How long the criteria of the entity type asked most take to show, and one answer to save.

Served by ``greenlane serve`` itself (granian, 2 workers) from a database with 12,000 accounts, on
SQLite and, where there is a server, PostgreSQL; asked over HTTP by one signed-in person, one page
after the other. Bars: a list of the criteria 40 ms, saving one answer 30 ms, both at the median.

Time counts from the request's first byte to the answer's last; the server's own processor time for
each page is told beside it. Both are longer where other work shares the processors, so the load
before each run is told as well. What one write to this disk costs is measured apart
(``fsync_ms``): both databases wait for their disk, as they do in an office.

Usage: ``./dev bench pages``. ``GREENLANE_PAGES_ACCOUNTS`` and ``GREENLANE_PAGES_TIMES`` make it
smaller.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlencode

from benchmarks.longer import ROOT, keep, times
from benchmarks.pages.ground import ACCOUNTS, WORDS

LIST_BAR_MS, SAVE_BAR_MS = 40.0, 30.0
WORKERS, ROUNDS = 2, 300
#: Both workers must have read the pack and their templates before anything is timed.
WARMING = 40
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_ONCE = re.compile(r'name="once" value="([^"]+)"')


class Browser:
    """One person's browser: a connection that is kept, and cookies."""

    def __init__(self, port: int, cookie: str = "") -> None:
        self.port = port
        self.cookies = dict([cookie.split("=", 1)]) if cookie else {}
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def send(
        self, method: str, path: str, fields: Mapping[str, str] | None = None
    ) -> tuple[int, str]:
        """Return status and text of an answer."""
        headers = {"Cookie": "; ".join(f"{name}={text}" for name, text in self.cookies.items())}
        body = urlencode(fields) if fields is not None else None
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        text = answer.read().decode()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.split(";", 1)[0]
        return answer.status, text


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: its port, and the processor time its processes have used."""

    port: int
    process: int

    def cpu_seconds(self) -> float | None:
        """Return what the server and all it started have computed so far; None if unknown."""
        table = Path("/proc")
        if not (table / "stat").exists():
            return None
        parents, spent = {}, {}
        for folder in table.iterdir():
            if folder.name.isdigit():
                with contextlib.suppress(OSError):
                    # The name, in brackets, may hold anything; numbers begin after it.
                    fields = (folder / "stat").read_text().rpartition(")")[2].split()
                    parents[int(folder.name)] = int(fields[1])
                    spent[int(folder.name)] = int(fields[11]) + int(fields[12])
        ours, before = {self.process}, 0
        while len(ours) > before:
            before = len(ours)
            ours |= {one for one, parent in parents.items() if parent in ours}
        return sum(spent.get(one, 0) for one in ours) / os.sysconf("SC_CLK_TCK")


@contextmanager
def served(given: Mapping[str, str], folder: Path) -> Iterator[Server]:
    """Serve the way an office does, until the measuring is over."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = ["serve", "--port", str(port), "--workers", str(WORKERS), "--no-worker"]
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "greenlane", *words],
            env={**os.environ, **given},
            stdout=log,
            stderr=log,
        )
        try:
            _wait_for(port)
            yield Server(port, server.pid)
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(timeout=60)


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            Browser(port).send("GET", "/criteria/")
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("The server did not begin to answer within a minute.")


def timed(
    server: Server, ask: Callable[[int], None], *, rounds: int, bar_ms: float | None
) -> dict[str, object]:
    """Do one thing ``rounds`` times; return its median, 95th percentile and processor time."""
    for number in range(WARMING):
        ask(number)
    spent, taken = server.cpu_seconds(), []
    for number in range(WARMING, WARMING + rounds):
        began = time.perf_counter()
        ask(number)
        taken.append((time.perf_counter() - began) * 1000)
    after = server.cpu_seconds()
    cpu = None if spent is None or after is None else round((after - spent) / rounds * 1000, 1)
    p50 = statistics.median(taken)
    return {
        "n": rounds,
        "p50_ms": round(p50, 1),
        "p95_ms": round(statistics.quantiles(taken, n=20)[-1], 1),
        "cpu_ms": cpu,
        **({} if bar_ms is None else {"bar_p50_ms": bar_ms, "holds": p50 <= bar_ms}),
    }


def measured(given: Mapping[str, str], folder: Path) -> dict[str, object]:
    """Fill the database that ``given`` names, serve it, and measure each page."""
    began = time.monotonic()
    made = subprocess.run(
        [sys.executable, "-m", "benchmarks.pages.ground"],
        cwd=ROOT,
        env={**os.environ, **given},
        stdout=subprocess.PIPE,
        check=True,
    )
    ground = json.loads(made.stdout.splitlines()[-1])
    filled = round(time.monotonic() - began, 1)
    rounds = times("GREENLANE_PAGES_TIMES", ROUNDS)
    entity, asked = ground["entity_type"], len(ground["criteria"])
    profile = f"/my/{ground['account']}/profile/"
    one = f"{profile}{quote(ground['answer'])}/"
    with served(given, folder) as server:
        person, passer_by = Browser(server.port, ground["cookie"]), Browser(server.port)
        form = Form(person, one)

        def page(browser: Browser, path: str, least: int = 0) -> Callable[[int], None]:
            def ask(_: int) -> None:
                status, text = browser.send("GET", path)
                rows = text.count("<tr ")
                if status != 200 or rows < least:
                    raise SystemExit(f"{path} answered {status} with {rows} rows.")

            return ask

        def measure(ask: Callable[[int], None], bar_ms: float | None = None) -> dict[str, object]:
            # A connection on which nothing came for a while is closed by the server.
            person.connection.close()
            passer_by.connection.close()
            return timed(server, ask, rounds=rounds, bar_ms=bar_ms)

        whole = page(passer_by, "/criteria/", asked)
        public = page(passer_by, f"/criteria/?entity={entity}", asked)
        pages = {
            "member_profile": measure(page(person, profile, asked), LIST_BAR_MS),
            "public_criteria_of_entity": measure(public, LIST_BAR_MS),
            "public_criteria_all": measure(whole, LIST_BAR_MS),
            "member_criterion": measure(page(person, one)),
            "save_draft": measure(form.draft, SAVE_BAR_MS),
            "save_answer": measure(form.save, SAVE_BAR_MS),
        }
    return {
        "criteria_asked": asked,
        "entity_type": entity,
        "seconds_to_fill": filled,
        "pages": pages,
        "holds": all(one.get("holds", True) for one in pages.values()),
    }


class Form:
    """The form of one criterion, filled in and sent as a browser does."""

    def __init__(self, browser: Browser, path: str) -> None:
        self.browser = browser
        self.path = path
        status, text = browser.send("GET", path)
        token = _TOKEN.search(text)
        if status != 200 or token is None:
            raise SystemExit(f"{path} answered {status} without a form.")
        self.token = token.group(1)
        self.has_once = _ONCE.search(text) is not None

    def _fields(self, number: int) -> dict[str, str]:
        return {
            "csrfmiddlewaretoken": self.token,
            "outcome": "IMPLEMENTED",
            "words": f"{WORDS} ({number})",
            "scope": "",
        }

    def draft(self, number: int) -> None:
        """Keep what is being typed, as the page does by itself."""
        status, said = self.browser.send("POST", f"{self.path}draft/", self._fields(number))
        if status != 200:
            raise SystemExit(f"The draft was answered {status}: {said[:300]}")

    def save(self, number: int) -> None:
        """Save the answer: an event on the record; the browser is then sent to the page."""
        fields = self._fields(number) | {"next": "1"}
        if self.has_once:
            fields["once"] = f"measured-{number}"
        status, said = self.browser.send("POST", self.path, fields)
        if status != 302:
            raise SystemExit(f"The answer was answered {status}: {said[:300]}")


def fsync_ms(folder: Path) -> float:
    """Return the median time of writing 8 KB to this disk and waiting for it, in milliseconds."""
    taken = []
    with (folder / "written").open("wb") as file:
        for _ in range(50):
            began = time.perf_counter()
            file.write(b"x" * 8192)
            file.flush()
            os.fsync(file.fileno())
            taken.append((time.perf_counter() - began) * 1000)
    return round(statistics.median(taken), 2)


@contextmanager
def postgresql(address: str) -> Iterator[str]:
    """Give the address of a fresh database on that server, in which a commit waits."""
    import psycopg
    from psycopg import sql

    name = f"greenlane_pages_{os.getpid()}"
    named = sql.Identifier(name)
    with psycopg.connect(address, autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(named))
        server.execute(sql.SQL("ALTER DATABASE {} SET synchronous_commit = on").format(named))
        try:
            head, _, options = address.partition("?")
            yield f"{head.rpartition('/')[0]}/{name}" + (f"?{options}" if options else "")
        finally:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(named))


def main() -> int:
    """Measure on each database there is; return 1 when a bar does not hold."""
    os.environ["PYTHONPATH"] = str(ROOT)
    figures: dict[str, object] = {
        "accounts": times("GREENLANE_PAGES_ACCOUNTS", ACCOUNTS),
        "workers": WORKERS,
    }
    runs: dict[str, dict[str, object]] = {}
    for name in ("sqlite", "postgresql"):
        address = os.environ.get("GREENLANE_TEST_DATABASE_URL", "")
        if name == "postgresql" and not address:
            continue
        with tempfile.TemporaryDirectory() as given_folder:
            folder = Path(given_folder)
            given = {
                "GREENLANE_DATA_DIR": given_folder,
                "GREENLANE_HTTP_LOCAL": "yes",
                "GREENLANE_PACK": "ctpat",
                "GREENLANE_DEMO": "",
            }
            load = round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None
            if name == "sqlite":
                url = f"sqlite:///{folder / 'pages.sqlite3'}"
                runs[name] = measured({**given, "GREENLANE_DATABASE_URL": url}, folder)
            else:
                with postgresql(address) as url:
                    runs[name] = measured({**given, "GREENLANE_DATABASE_URL": url}, folder)
            runs[name] |= {"load_before": load, "fsync_ms": fsync_ms(folder)}
    holds = all(bool(run["holds"]) for run in runs.values())
    keep("pages", {**figures, "databases": runs, "holds": holds})
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
