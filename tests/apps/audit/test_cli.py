"""``greenlane audit``: what it prints, and with which exit code."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from greenlane.apps.audit.queries import head_of
from greenlane.apps.audit.receipts import read_receipt
from greenlane.cli.audit import audit
from greenlane.core.errors import BadInput, NotFound
from tests.apps.audit.acts import A1, A2, small_record, write
from tests.apps.audit.testapp.models import Card

pytestmark = pytest.mark.usefixtures("record")


def run(*words: str, text: str | None = None) -> Result:
    done = CliRunner().invoke(audit, list(words), input=text)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done


def test_a_whole_record_exits_with_0_and_tells_its_tail() -> None:
    small_record()
    assert run("anchor").output == "Links written: 1.\n"
    assert run("anchor").output == "Nothing to anchor.\n"
    write(A1, "card.changed")

    done = run("verify")

    assert done.exit_code == 0
    assert "3 streams, 13 events, 1 links" in done.output
    assert f"Not yet anchored: {A1}, events 5 to 5." in done.output
    assert done.output.endswith("The record is whole.\n")


def test_a_record_that_is_not_whole_exits_with_1_and_names_the_first_bad_column() -> None:
    small_record()
    Card.objects.filter(stream=A2).update(count=9)
    Card.objects.filter(stream=A1).update(count=9)

    done = run("verify")
    report = json.loads(run("verify", "--format", "json").output)

    assert done.exit_code == 1
    assert f"NOT WHOLE. First: {A1}:0: audit_testapp.Card [number=c1] column count" in done.output
    assert f"also {A2}:0" in done.output
    assert (report["clean"], report["faults"][0]["code"]) == (False, "projection.column")
    assert run("verify", "--stream", "office").exit_code == 1
    assert run("verify", "--chains-only").exit_code == 0


def test_a_receipt_is_printed_and_read_again(tmp_path: Path) -> None:
    small_record()
    run("anchor")
    token = run("receipt", A1, "--seq", "2").output
    kept = tmp_path / "receipt"
    kept.write_text(token, encoding="ascii")
    keys = tmp_path / "keys"
    keys.write_text(run("keys").output, encoding="ascii")

    done = run("verify", "--against", str(kept), "--keys", str(keys))

    assert read_receipt(token).seq == 2
    assert (done.exit_code, f"event {A1}:2, link 1" in done.output) == (0, True)
    assert run("verify", "--against", "-", text=token).exit_code == 0
    assert read_receipt(run("receipt").output).stream == ""


def test_what_cannot_be_read_is_refused_with_a_sentence(tmp_path: Path) -> None:
    small_record()
    empty, noise = tmp_path / "empty", tmp_path / "noise"
    empty.write_text("", encoding="ascii")
    noise.write_bytes(bytes(range(256)))

    for words in (
        ["--against", str(empty)],
        ["--against", str(noise)],
        ["--against", str(tmp_path)],
        ["--against", str(tmp_path / "absent")],
        ["--against", str(empty), "--keys", str(noise)],
        ["--against", str(empty), "--keys", str(empty)],
    ):
        with pytest.raises(BadInput):
            run("verify", *words)
    with pytest.raises(NotFound):
        run("receipt", "A-9999999999")


def test_events_are_shown_without_their_sealed_part() -> None:
    small_record()

    shown = run("show", A1).output
    lines = run("show", A1, "--after", "2", "--format", "json").output.splitlines()

    assert (len(shown.splitlines()), "Ana" in shown) == (4, False)
    assert [json.loads(line)["seq"] for line in lines] == [3, 4]
    assert json.loads(lines[-1])["hash"] == head_of(A1).hash


def test_the_export_goes_to_a_file_or_the_screen(tmp_path: Path) -> None:
    small_record()
    file = tmp_path / "record.jsonl"

    assert run("export", "--out", str(file)).exit_code == 0

    lines = run("export", "--out", "-").output.splitlines()
    assert len(file.read_text(encoding="utf-8").splitlines()) == len(lines) == 19


def test_tables_are_written_afresh_from_the_events() -> None:
    small_record()
    Card.objects.filter(stream=A2).update(count=9)
    Card.objects.filter(stream=A1).delete()

    assert run("rebuild").output == f"{A1}: 2 rows written.\n{A2}: 2 rows written.\nDone.\n"

    assert run("verify").exit_code == 0
    assert run("rebuild", A1).output == "Done.\n"


def test_new_keys_are_of_the_form_the_settings_take(settings: Any) -> None:
    settings.GREENLANE_SEAL_KEY = run("new-key", "seal").output.strip()
    settings.GREENLANE_SIGNING_KEY = run("new-key", "signing").output

    small_record()

    assert run("verify").exit_code == 0
    assert read_receipt(run("receipt", A1).output).seq == 4
