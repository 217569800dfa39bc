"""The auditor's script says how it is used instead of breaking."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.apps.audit.test_export import SCRIPT


@pytest.mark.parametrize("given", [[], ["export.jsonl"]])
def test_without_its_files_it_says_what_it_needs(given: list[str]) -> None:
    run = [sys.executable, str(SCRIPT), *given]
    done = subprocess.run(run, capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert "verify_export.py EXPORT KEYS" in done.stderr
    assert "Traceback" not in done.stderr


def test_it_stays_short_enough_to_be_read() -> None:
    assert len(SCRIPT.read_text(encoding="utf-8").splitlines()) < 100
