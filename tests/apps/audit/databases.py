"""Databases of their own for tests that commit for real, damage files or start processes.

A test that uses one leaves the triggers in place and needs no flush: its database is thrown away.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.apps import apps
from django.core.management import call_command
from django.db import connections
from django.db.models import Model
from django.db.utils import load_backend

from greenlane.project.env import sqlite_entry
from tests.apps.audit.support import owner_of_the_database
from tests.apps.audit.testapp.models import Card, Visit

MODELS: list[type[Model]] = [*apps.get_app_config("audit").get_models(), Card, Visit]
TABLES = [model._meta.db_table for model in MODELS]


@contextmanager
def connected(entry: dict[str, Any]) -> Iterator[None]:
    """Make `entry` the default database inside."""
    before = connections["default"]
    backend = load_backend(entry["ENGINE"])
    there = backend.DatabaseWrapper({**before.settings_dict, **entry}, "default")
    connections["default"] = there
    try:
        yield
    finally:
        there.close()
        connections["default"] = before


@contextmanager
def administered() -> Iterator[Any]:
    """Give a cursor on the PostgreSQL server's own database, outside any transaction."""
    entry = {**connections["default"].settings_dict, "NAME": "postgres", "CONN_MAX_AGE": 0}
    with connected(entry), connections["default"].cursor() as cursor:
        yield cursor


class Databases:
    """Makes fresh copies of one migrated database; the kind is that of the test settings."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.vendor = connections["default"].vendor
        self.made = 0
        self.prefix = f"greenlane_record_{os.getpid()}"
        self.template = self._entry("template")
        if self.vendor == "postgresql":
            with administered() as cursor:
                cursor.execute(f"CREATE DATABASE {self.template['NAME']}")
        with connected(self.template):
            call_command("migrate", "audit", verbosity=0)
            with connections["default"].schema_editor() as editor:
                editor.create_model(Card)
                editor.create_model(Visit)
            if self.vendor == "sqlite":
                with connections["default"].cursor() as cursor:
                    cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _entry(self, name: str) -> dict[str, Any]:
        if self.vendor == "sqlite":
            return sqlite_entry(str(self.folder / f"{name}.sqlite3"))
        return {
            **connections["default"].settings_dict,
            "NAME": f"{self.prefix}_{name}",
            "CONN_MAX_AGE": 0,
        }

    @contextmanager
    def fresh(self) -> Iterator[dict[str, Any]]:
        """Give the entry of a new, empty record."""
        if self.vendor == "sqlite":
            self.made += 1
            entry = self._entry(f"r{self.made}")
            shutil.copyfile(self.template["NAME"], entry["NAME"])
            yield entry
            return
        # Making a PostgreSQL database takes ten times as long as emptying one.
        with administered() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
                [self.template["NAME"]],
            )
        with (
            connected(self.template),
            owner_of_the_database(),
            connections["default"].cursor() as cursor,
        ):
            cursor.execute(f"TRUNCATE {', '.join(TABLES)} RESTART IDENTITY")
        yield self.template

    def drop(self, entry: dict[str, Any]) -> None:
        """Throw a database away, whoever is still connected."""
        if self.vendor == "postgresql":
            with administered() as cursor:
                cursor.execute(f"DROP DATABASE IF EXISTS {entry['NAME']} WITH (FORCE)")


def url_of(entry: dict[str, Any]) -> str:
    """Return the entry as GREENLANE_DATABASE_URL, for a process of its own."""
    if "sqlite" in entry["ENGINE"]:
        return f"sqlite:///{quote(str(entry['NAME']))}"
    who = quote(str(entry["USER"]))
    if entry.get("PASSWORD"):
        who += ":" + quote(str(entry["PASSWORD"]))
    host = str(entry["HOST"])
    if host.startswith("/"):
        return f"postgresql://{who}@/{entry['NAME']}?host={quote(host)}"
    return f"postgresql://{who}@{host}:{entry['PORT'] or 5432}/{entry['NAME']}"


def scratch_folder() -> Path:
    """Return a new folder for a session's files."""
    return Path(tempfile.mkdtemp(prefix="greenlane-record-"))
