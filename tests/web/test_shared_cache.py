"""Used codes and attempts are counted for all workers together, in the database."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.core.cache import cache, caches

from greenlane.apps.accounts import shared_notes
from greenlane.cli.doctor import Verdict, examine
from tests.apps.audit.databases import connected
from tests.web.test_once import place

__all__ = ["place"]


@pytest.mark.django_db
class TestCache:
    """Django's interface."""

    def test_what_one_worker_adds_another_cannot_add(self) -> None:
        other = caches.create_connection("default")

        assert cache.add("code-1", "y", timeout=30)
        assert not other.add("code-1", "y", timeout=30)
        assert other.get("code-1") == "y"

    def test_what_has_expired_is_absent_and_can_be_added_once(self) -> None:
        shared_notes.put(":1:code-2", '"old"', until=1.0)

        assert cache.get("code-2", "none") == "none"
        assert cache.add("code-2", "new", timeout=30)
        assert not cache.add("code-2", "newer", timeout=30)

    def test_values_are_json_and_run_no_code(self) -> None:
        cache.set("attempts", [1.5, 2.5], timeout=None)

        assert shared_notes.get(":1:attempts", at=0.0) == "[1.5, 2.5]"
        with pytest.raises(TypeError):
            cache.set("code", object())

    def test_touch_delete_and_clear_tell_what_was_there(self) -> None:
        cache.set("a", 1)

        assert (cache.touch("a", 60), cache.touch("b", 60)) == (True, False)
        assert (cache.delete("a"), cache.delete("a")) == (True, False)
        cache.set("c", 1)
        cache.clear()
        assert cache.get("c") is None

    def test_the_doctor_tries_it(self) -> None:
        found = {one.point: one.verdict for one in examine(quick=True)}

        assert found["shared cache"] is Verdict.SOUND


def test_of_many_workers_that_add_one_key_at_once_one_succeeds(place: dict[str, Any]) -> None:
    start, added = threading.Barrier(4), []

    def add() -> None:
        with connected(place):
            start.wait(timeout=30)
            added.append(cache.add("code", "y", timeout=30))

    threads = [threading.Thread(target=add) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(timeout=60)

    assert sorted(added) == [False, False, False, True]
