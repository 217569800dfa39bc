"""Fixtures of the record's tests: a database of one's own, with keys."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from greenlane.apps.audit.keys import new_seal_key, new_signing_key
from tests.apps.audit.databases import Databases, connected, scratch_folder

PROJECTIONS = ["tests.apps.audit.testapp.projections"]


@pytest.fixture(scope="session")
def databases(django_db_blocker: DjangoDbBlocker) -> Iterator[Databases]:
    folder = scratch_folder()
    # The settings are the record's own only while its template is made: left on until the end of
    # the session, they would take their projections from every other test in this process.
    with django_db_blocker.unblock():
        with keys():
            made = Databases(folder)
        yield made
        made.drop(made.template)
    shutil.rmtree(folder)


@pytest.fixture
def record(databases: Databases) -> Iterator[dict[str, Any]]:
    """Give an empty record in a database of its own: its entry, with Django connected to it."""
    with keys(), databases.fresh() as entry, connected(entry):
        yield entry


def keys() -> override_settings:
    """Return settings with keys made for this one test."""
    return override_settings(
        GREENLANE_SEAL_KEY=new_seal_key(),
        GREENLANE_SIGNING_KEY=new_signing_key(),
        GREENLANE_PROJECTIONS=PROJECTIONS,
    )
