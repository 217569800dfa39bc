"""Lets the writers of one SQLite file wait in a queue instead of by chance.

SQLite lets one transaction write at a time, and who waits asks again now and then: under eight
writers without a pause some never get their turn and are refused after the timeout ("database is
locked"). Here a transaction first takes a lock on a file beside the database, which the system
hands on as it is freed, and a process that dies gives it back by dying. The lock is for turns only:
what keeps the data whole is SQLite's own lock, as before. Where the system has no such lock
(Windows), writers wait as SQLite lets them. See docs/adr/0011-record-in-detail.md.
"""

from __future__ import annotations

import os
from typing import Any

from django.db.backends.sqlite3 import base

try:
    import fcntl
except ImportError:  # Windows
    _HAS_LOCK = False
else:
    _HAS_LOCK = True


class DatabaseWrapper(base.DatabaseWrapper):
    """One connection; its outermost transaction stands in the queue from begin to end."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._turn: int | None = None

    def _take_turn(self) -> None:
        if not _HAS_LOCK or self._turn is not None or self.is_in_memory_db():
            return
        path = f"{self.settings_dict['NAME']}-queue"
        # Opened anew each time: a descriptor that a fork inherited would be one lock for both.
        turn = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(turn, fcntl.LOCK_EX)
        except BaseException:
            os.close(turn)
            raise
        self._turn = turn

    def _give_turn(self) -> None:
        turn, self._turn = self._turn, None
        if turn is not None:
            os.close(turn)  # the last descriptor of a lock frees it

    def _give_turn_when_done(self) -> None:
        if self.connection is None or not self.connection.in_transaction:
            self._give_turn()

    def _start_transaction_under_autocommit(self) -> None:
        self._take_turn()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]  # not in the stubs
        except BaseException:
            self._give_turn()
            raise

    def _commit(self) -> None:
        try:
            super()._commit()  # type: ignore[misc]  # not in the stubs
        finally:
            self._give_turn_when_done()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]  # not in the stubs
        finally:
            self._give_turn_when_done()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]  # not in the stubs
        finally:
            self._give_turn()
