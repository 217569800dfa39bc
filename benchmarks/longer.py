"""Runs tests of the suite for longer than a test run can, and keeps what they came to.

The tests read how long from the environment; a long run differs from a short one in nothing else.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.etree import ElementTree as ET

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "benchmarks" / "results"
WITHOUT_DJANGO = ("-p", "no:django", "-p", "no:schemathesis", "-p", "tests.plugins.without_django")


def ran(words: Sequence[str], given: Mapping[str, str]) -> dict[str, object]:
    """Run pytest with ``words`` and ``given`` variables; return its counts and seconds."""
    with TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        began = time.monotonic()
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", f"--junitxml={report}", "--timeout=0", *words],
            cwd=ROOT,
            env={**os.environ, **given},
            check=False,
        )
        seconds = round(time.monotonic() - began, 1)
        # Written by the line above, not by a stranger.
        tree = ET.parse(report) if report.exists() else ET.ElementTree(ET.Element("none"))  # noqa: S314
        suites = list(tree.getroot().iter("testsuite"))
    counts = {
        name: sum(int(suite.get(name, "0")) for suite in suites)
        for name in ("tests", "failures", "errors", "skipped")
    }
    return {**counts, "seconds": seconds, "holds": done.returncode == 0}


def databases() -> dict[str, dict[str, str]]:
    """Return the variables that choose each database there is: SQLite, and PostgreSQL if given."""
    found = {"sqlite": {"GREENLANE_DATABASE_URL": "sqlite:///:memory:"}}
    if address := os.environ.get("GREENLANE_TEST_DATABASE_URL"):
        found["postgresql"] = {"GREENLANE_DATABASE_URL": address}
    return found


def times(name: str, unless_set: int) -> int:
    """Return how often, from the environment variable ``name``."""
    return int(os.environ.get(name, str(unless_set)))


def measured_here() -> dict[str, object]:
    """Return what figures were measured on: the day, the code, and the machine with its load."""
    return {
        "measured_on": date.today().isoformat(),
        "commit": commit(),
        "python": platform.python_version(),
        "cpus": os.cpu_count(),
        # Above the number of cores, others were at work too, and seconds are too many.
        "load": round(os.getloadavg()[1], 1),
    }


def commit() -> str:
    """Return the short name of the commit at work, with a ``+`` where its files were changed.

    New figures are no change. Empty where the code came without its history.
    """

    def told(*words: str) -> str:
        asked = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, check=True)
        return asked.stdout.decode().strip()

    try:
        named = told("rev-parse", "--short=10", "HEAD")
        changed = told("status", "--porcelain", "--", ".", ":!benchmarks/results")
    except (OSError, subprocess.CalledProcessError):
        return ""
    return named + ("+" if changed else "")


def keep(name: str, figures: Mapping[str, object]) -> None:
    """Print figures and write them to ``results/<name>.json``, with what they were measured on."""
    whole = {"benchmark": name, **measured_here(), **figures}
    text = json.dumps(whole, indent=2, ensure_ascii=False) + "\n"
    print(text, end="")
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{name}.json").write_text(text, encoding="utf-8")
