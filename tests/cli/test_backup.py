"""A backup that is restored elsewhere is the whole record up to its receipt, documents included."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from django.test import override_settings

from greenlane.apps.audit.receipts import make_receipt, read_receipt
from greenlane.apps.audit.sequencer import anchor_pending
from greenlane.apps.audit.verify import VerifyReport, verify
from greenlane.apps.documents import store
from greenlane.apps.documents.actions import give_document
from greenlane.cli.doctor import Verdict, examine
from greenlane.core.lifecycle.decide import Actor
from greenlane.project.env import sqlite_entry
from tests.apps.audit.databases import administered, connected
from tests.factories.people import NOW, a_person, an_organization, the_program
from tests.web.test_once import place

__all__ = ["place"]
STREAM = "A-0000000001"


def given(name: str, content: bytes) -> str:
    made = give_document(
        stream=STREAM,
        name=name,
        content=content,
        purpose="evidence",
        by=Actor("U-0000000001", "company_officer"),
        at=NOW,
        program=the_program(),
    )
    return made.sha256


def postgresql_tool(name: str) -> str:
    """Return a program that comes with the server, or skip."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    found = shutil.which(name, path=os.pathsep.join([*map(str, folders), os.environ["PATH"]]))
    if found is None:
        pytest.skip(f"{name} is not on this machine (Debian: apt-get install postgresql-client)")
    return found


def run_tool(name: str, entry: dict[str, Any], *words: str) -> None:
    more = {"PGHOST": entry["HOST"], "PGUSER": entry["USER"], "PGPORT": str(entry["PORT"] or 5432)}
    if entry.get("PASSWORD"):
        more["PGPASSWORD"] = entry["PASSWORD"]
    command = [postgresql_tool(name), *words]
    subprocess.run(command, env={**os.environ, **more}, check=True, capture_output=True)


@contextmanager
def restored(entry: dict[str, Any], folder: Path) -> Iterator[dict[str, Any]]:
    """Back a database up as the manual says, and give the entry of its copy."""
    if entry["ENGINE"].endswith("fair_sqlite"):
        copy = folder / "copy.sqlite3"
        with closing(sqlite3.connect(entry["NAME"])) as old, closing(sqlite3.connect(copy)) as new:
            old.backup(new)
        yield sqlite_entry(str(copy))
        return
    dump, name = folder / "greenlane.dump", f"{entry['NAME']}_restored"
    run_tool("pg_dump", entry, "--format=custom", f"--file={dump}", entry["NAME"])
    with administered() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    try:
        run_tool("pg_restore", entry, f"--dbname={name}", "--exit-on-error", str(dump))
        yield {**entry, "NAME": name}
    finally:
        with administered() as cursor:
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


def compared(receipt: str) -> VerifyReport:
    return verify(against=read_receipt(receipt))


def test_a_restored_backup_is_whole_up_to_its_receipt(
    place: dict[str, Any], tmp_path: Path
) -> None:
    entry = {**connections["default"].settings_dict, **place}
    files, copied = tmp_path / "files", tmp_path / "copied"
    with override_settings(DATA_DIR=files):
        an_organization("Muñoz & 진 Importers")
        a_person("Ana Núñez", "ana@example.com")
        plan, photo = given("plan.txt", b"Gate plan"), given("photo.txt", b"Gate")
        anchor_pending(at=NOW)
        before = make_receipt(STREAM, at=NOW)
        with restored(entry, tmp_path) as copy:
            shutil.copytree(files, copied)
            given("later.txt", b"After the backup")
            anchor_pending(at=NOW)
            after = make_receipt(at=NOW)

            with connected(copy), override_settings(DATA_DIR=copied):
                report = compared(before)
                assert report.faults == []
                assert report.events == 4
                assert store.read(plan) == b"Gate plan"
                found = {one.point: one.verdict for one in examine(quick=True)}
                assert found["triggers"] is Verdict.SOUND
                assert found["documents"] is Verdict.SOUND

                # A copy that is older than a receipt is told apart; so is one without its files.
                assert [one.code for one in compared(after).faults] == ["receipt.anchor"]
                store.forget(photo, if_still=lambda _: True)
                (lost,) = [one for one in examine(quick=True) if one.point == "documents"]
                assert lost.verdict is Verdict.WRONG
                assert "1 document" in lost.says
