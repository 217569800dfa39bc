"""How long Greenlane takes to start, and how much memory two of its workers hold.

From nothing: an empty folder; the keys are made, the database is made and brought up to date, the
server starts and answers. Later: the server starts again on what is there. Each ends when both the
home page and the page of the criteria came back with 200. Installing, compiling Python to
bytecode and demo data are not in it. Seconds are wall time, the least of a few starts, beside the
processor time they took: on a machine that others use, the second is what can be compared.

Memory is what Linux counts as proportional (PSS: pages that processes share are counted once among
them), of the server process and its two workers together, after each page was asked for 25 times.

Usage: ``./dev bench start``.
"""

from __future__ import annotations

import http.client
import os
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from benchmarks.longer import ROOT, keep

FIRST_BAR, LATER_BAR, MEMORY_BAR_MB = 20.0, 4.0, 350
STARTS, TURNS = 2, 25
PAGES = ("/", "/criteria/")
SERVER = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"]
SERVER += ["--workers", "2", "--blocking-threads", "4", "--log-level", "warning"]


def greenlane(env: dict[str, str], *words: str) -> str:
    """Run a command of Greenlane and return what it printed."""
    command = [sys.executable, "-m", "greenlane", *words]
    return subprocess.run(command, env=env, check=True, capture_output=True, text=True).stdout


def prepared(env: dict[str, str], folder: Path) -> dict[str, str]:
    """Make the keys and the database of an office, as the how-to says; return its settings."""
    found = dict(env)
    for kind in ("seal", "signing"):
        place = folder / f"{kind}_key"
        place.write_text(greenlane(env, "audit", "new-key", kind), encoding="utf-8")
        found[f"GREENLANE_{kind.upper()}_KEY_FILE"] = str(place)
    greenlane(found, "manage", "migrate", "--no-input", "--verbosity", "0")
    return found


def free_port() -> int:
    """Return a port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def status(port: int, page: str) -> int:
    """Ask for a page and return the status of the answer; 0 while nobody listens."""
    asked = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        asked.request("GET", page)
        answer = asked.getresponse()
        answer.read()
    except OSError:
        return 0
    finally:
        asked.close()
    return answer.status


def spent(pids: Sequence[int] = ()) -> float:
    """Return the processor seconds of ended children and of processes that still run."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    total = ended.ru_utime + ended.ru_stime
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        total += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return total


class Start(NamedTuple):
    """A server that serves: its process, its port, and what it took to come so far."""

    pid: int
    port: int
    seconds: float
    cpu_seconds: float


@contextmanager
def serving(env: dict[str, str], began: float, before: float) -> Iterator[Start]:
    """Start the server, and end it again; ``began`` and ``before`` are what is counted from."""
    port = free_port()
    words = [*SERVER, "--port", str(port), "greenlane.project.wsgi:application"]
    server = subprocess.Popen(words, env=env)
    try:
        for page in PAGES:
            while (found := status(port, page)) != 200:
                if found or server.poll() is not None or time.monotonic() > began + 120:
                    raise SystemExit(f"{page} answered {found}, the server {server.poll()}")
                time.sleep(0.02)
        seconds = time.monotonic() - began
        yield Start(server.pid, port, seconds, spent(family(server.pid)) - before)
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=30)


def family(pid: int) -> list[int]:
    """Return a process and those it started, by their numbers."""
    found = [pid]
    for thread in Path(f"/proc/{pid}/task").iterdir():
        for child in (thread / "children").read_text().split():
            found += family(int(child))
    return found


def memory(pid: int) -> dict[str, object]:
    """Return the megabytes (10^6) of a process and those it started, as Linux counts them."""
    sums = {"Pss": 0, "Rss": 0}
    members = family(pid)
    for member in members:
        for line in Path(f"/proc/{member}/smaps_rollup").read_text().splitlines():
            name, _, amount = line.partition(":")
            if name in sums:
                sums[name] += int(amount.split()[0]) * 1024
    return {
        "processes": len(members),
        "pss_mb": round(sums["Pss"] / 1e6),
        "rss_added_up_mb": round(sums["Rss"] / 1e6),
    }


def main() -> int:
    """Measure; return 1 when a bar does not hold."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("GREENLANE_")}
    # An installation keeps its bytecode; one that may not write it would compile at each start.
    kept.pop("PYTHONDONTWRITEBYTECODE", None)
    kept |= {
        "PYTHONPYCACHEPREFIX": str(ROOT / ".dev" / "bytecode"),
        "GREENLANE_SECRET_KEY": "for-this-measurement-only-" + "0" * 40,
        "GREENLANE_HTTP_LOCAL": "yes",
        "GREENLANE_HOSTS": "127.0.0.1",
    }
    first: list[Start] = []
    later: list[Start] = []
    held: dict[str, object] = {}
    for turn in range(STARTS + 1):
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place)
            env = {
                **kept,
                "GREENLANE_DATA_DIR": place,
                "GREENLANE_DATABASE_URL": f"sqlite:///{folder / 'office.sqlite3'}",
            }
            began, before = time.monotonic(), spent()
            env = prepared(env, folder)
            with serving(env, began, before) as started:
                # The first turn of all compiles what was never run here.
                if turn:
                    first.append(started)
            with serving(env, time.monotonic(), spent()) as started:
                if not turn:
                    continue
                later.append(started)
                for page in PAGES * TURNS:
                    found = status(started.port, page)
                    assert found == 200, f"{page} answered {found}"
                held = memory(started.pid)
    figures: dict[str, object] = {
        "database": "sqlite",
        "first_start_s": round(min(start.seconds for start in first), 2),
        "first_start_cpu_s": round(min(start.cpu_seconds for start in first), 2),
        "first_start_bar_s": FIRST_BAR,
        "later_start_s": round(min(start.seconds for start in later), 2),
        "later_start_cpu_s": round(min(start.cpu_seconds for start in later), 2),
        "later_start_bar_s": LATER_BAR,
        "memory": held,
        "memory_bar_mb": MEMORY_BAR_MB,
        "holds": min(start.seconds for start in first) <= FIRST_BAR
        and min(start.seconds for start in later) <= LATER_BAR
        and int(str(held["pss_mb"])) <= MEMORY_BAR_MB,
    }
    keep("start", figures)
    return 0 if figures["holds"] else 1


if __name__ == "__main__":
    sys.exit(main())
