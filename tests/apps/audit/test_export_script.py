"""The auditor's script says how it is used instead of breaking."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.apps.audit.test_export import SCRIPT

HEADER = '{"type":"header","format":"greenlane record 1"}\n{"type":"keys","keys":[]}\n'


def run(*given: str | Path) -> tuple[int, str]:
    """Run the script; return its exit code and what it said, which is never a traceback."""
    words = [sys.executable, "-I", "-S", str(SCRIPT), *map(str, given)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    said = done.stdout + done.stderr
    assert "Traceback" not in said
    return done.returncode, said


@pytest.mark.parametrize("given", [[], ["export.jsonl"]])
def test_without_its_files_it_says_what_it_needs(given: list[str]) -> None:
    code, said = run(*given)

    assert code == 2
    assert "verify_export.py EXPORT KEYS" in said


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"%PDF-1.7\n",
        b"\xff\xfe\x00",
        b"{\n",
        b"[1, 2]\n",
        b'{"keys": []}\n',
        b"null\n",
        b"7" * 9999,
    ],
    ids=["empty", "a PDF", "no UTF-8", "half a line", "a list", "the keys", "null", "a number"],
)
def test_a_file_that_is_no_export_is_no_fault_of_the_record(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "export.jsonl"
    file.write_bytes(content)

    code, said = run(file, "-")

    assert (code, "CANNOT READ" in said) == (2, True)


def test_a_file_that_is_not_there_or_a_folder_is_told(tmp_path: Path) -> None:
    export = tmp_path / "export.jsonl"
    export.write_text(HEADER, encoding="utf-8")

    for words in (
        (tmp_path / "nowhere", "-"),
        (tmp_path, "-"),
        (export, tmp_path / "nowhere"),
        (export, tmp_path),
        (export, export),
        (export, "-", tmp_path / "nowhere"),
    ):
        code, said = run(*words)
        assert (code, "CANNOT READ" in said) == (2, True), said


@pytest.mark.parametrize(
    "rest",
    [
        "",
        '{"type":"eve',
        "[]\n",
        '{"type":"event"}\n',
        '{"type":"event","body":"[]","hash":""}\n',
        "[" * 50_000,
    ],
    ids=["nothing", "half a line", "a list", "no body", "another body", "deep"],
)
def test_an_export_that_is_cut_or_damaged_is_a_fault(tmp_path: Path, rest: str) -> None:
    export = tmp_path / "export.jsonl"
    export.write_text(HEADER + rest, encoding="utf-8")

    code, said = run(export, "-")

    assert code == 1
    assert said.startswith("FAULT: ")
    assert "cut short" in said


def test_a_receipt_that_is_none_is_a_fault(tmp_path: Path) -> None:
    export, receipt = tmp_path / "export.jsonl", tmp_path / "receipt"
    export.write_text(HEADER + '{"type":"end","lines":2}\n', encoding="utf-8")

    for text in ("", "a.b", "a.b.c", "....", "é.é.é"):
        receipt.write_text(text, encoding="utf-8")
        code, said = run(export, "-", receipt)
        assert (code, said.startswith("FAULT: ")) == (1, True), said
    assert run(export, "-")[0] == 0


def test_it_stays_short_enough_to_be_read() -> None:
    assert len(SCRIPT.read_text(encoding="utf-8").splitlines()) < 100
