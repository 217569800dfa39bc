"""The export, and the auditor's script that checks it with the standard library alone."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from greenlane.apps.audit.actions import erase
from greenlane.apps.audit.export import export_lines
from greenlane.apps.audit.keys import new_signing_key
from greenlane.apps.audit.queries import head_of
from greenlane.apps.audit.receipts import make_receipt, public_keys
from greenlane.apps.audit.sequencer import anchor_pending
from tests.apps.audit.acts import A1, A2, AT, small_record
from tests.apps.audit.forging import cut, rewrite, rewrite_anchors
from tests.apps.audit.program import PROGRAM

pytestmark = pytest.mark.usefixtures("record")
SCRIPT = Path(__file__).parents[3] / "docs" / "reference" / "verify_export.py"


def export(folder: Path) -> Path:
    file = folder / "export.jsonl"
    file.write_text("".join(line + "\n" for line in export_lines(at=AT)), encoding="utf-8")
    return file


def audited(*words: str | Path) -> tuple[int, str]:
    """Run the auditor's script in a Python that sees no installed package."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(SCRIPT), *map(str, words)],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def whole(tmp_path: Path) -> Path:
    small_record()
    with transaction.atomic():
        erase(
            stream=A1,
            expected=head_of(A1).seq,
            seqs=[1],
            rule="K02",
            actor="p1",
            role="director",
            on=date(2026, 3, 1),
            at=AT,
            program=PROGRAM,
        )
    anchor_pending(at=AT)
    return export(tmp_path)


def test_the_script_is_short_and_needs_the_standard_library_only() -> None:
    lines = SCRIPT.read_text(encoding="utf-8").splitlines()

    assert len(lines) < 100


def test_a_whole_export_passes(whole: Path) -> None:
    assert audited(whole, "-") == (
        0,
        "Whole: 3 streams, 13 events, 1 links, 1 receipts, 1 erasures.\n",
    )


def test_nothing_personal_is_in_an_export(whole: Path) -> None:
    text = whole.read_text(encoding="utf-8")

    assert "Ana" not in text
    assert "Beto" not in text


def edited(file: Path, number: int, edit: Any) -> Path:
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    lines[number] = edit(lines[number])
    kept = [json.dumps(line) for line in lines if line is not None]
    file.write_text("\n".join(kept) + "\n", encoding="utf-8")
    return file


def test_every_line_that_is_changed_is_found(whole: Path, tmp_path: Path) -> None:
    text = whole.read_text(encoding="utf-8")
    copy = tmp_path / "copy.jsonl"
    kinds = [json.loads(line)["type"] for line in text.splitlines()]
    changes = {
        "anchor": lambda row: {**row, "body": row["body"].replace('"number":1', '"number":2')},
        "event": lambda row: {**row, "body": row["body"].replace("specialist", "specialisT")},
        "head": lambda row: {**row, "hash": "0" * 64},
        "erasure": lambda row: {**row, "rule": "K01"},
        "receipt": lambda row: {**row, "receipt": row["receipt"][:-8] + "AAAAAAAA"},
        "end": lambda row: {**row, "lines": 1},
    }

    for number, kind in enumerate(kinds):
        if kind not in changes or (kind == "event" and number % 4):
            continue
        copy.write_text(text, encoding="utf-8")
        code, says = audited(edited(copy, number, changes[kind]), "-")
        assert (code, says.startswith("FAULT")) == (1, True), (kind, says)
        copy.write_text(text, encoding="utf-8")
        assert audited(edited(copy, number, lambda _: None), "-")[0] == 1, f"{kind} removed"


def test_a_record_written_anew_is_found_with_a_receipt(tmp_path: Path) -> None:
    small_record()
    anchor_pending(at=AT)
    receipt, keys = tmp_path / "receipt.txt", tmp_path / "keys.json"
    receipt.write_text(make_receipt(A2, at=AT), encoding="ascii")
    keys.write_text(json.dumps(public_keys()), encoding="ascii")
    assert audited(export(tmp_path), keys, receipt)[0] == 0

    rewrite(A2, lambda fields: fields.update(role="director"))
    rewrite_anchors()

    assert audited(export(tmp_path), "-")[0] == 0
    code, says = audited(export(tmp_path), keys, receipt)
    assert (code, "a receipt testifies to another link" in says) == (1, True)


def test_a_cut_chain_is_found_with_a_receipt(tmp_path: Path) -> None:
    small_record()
    receipt = tmp_path / "receipt.txt"
    receipt.write_text(make_receipt(A2, at=AT), encoding="ascii")

    cut(A2, 3)

    assert audited(export(tmp_path), "-")[0] == 0
    code, says = audited(export(tmp_path), "-", receipt)
    assert (code, "a receipt testifies to another event A-0000000002:4" in says) == (1, True)


def test_the_exports_own_keys_are_not_trusted_when_keys_are_given(
    whole: Path, tmp_path: Path, settings: Any
) -> None:
    settings.GREENLANE_SIGNING_KEY = new_signing_key()
    keys = tmp_path / "keys.json"
    keys.write_text(json.dumps(public_keys()), encoding="ascii")

    code, says = audited(whole, keys)

    assert (code, "signed by none of the keys" in says) == (1, True)
