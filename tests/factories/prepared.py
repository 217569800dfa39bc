"""What several tests begin from is made once, and each test's own work on it is undone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.db import transaction

if TYPE_CHECKING:
    from pytest_django import DjangoDbBlocker


@contextmanager
def made_once(blocker: DjangoDbBlocker) -> Iterator[None]:
    """Keep what is written in the block, and before it ends, from all but the tests inside it.

    For a fixture of a class: it makes what it makes in the block, and yields in it. Each test runs
    in a transaction of its own, which is a savepoint here; at the end nothing is left.
    """
    with blocker.unblock():
        block = transaction.atomic()
        # As the transaction around a test, so that a durable one may stand inside it.
        block._from_testcase = True  # type: ignore[attr-defined]  # as django.test sets it
        with block:
            yield
            transaction.set_rollback(True)
