"""One browser for all tests of a process, and a site that serves the test's own database."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.db import connections
from django.test.testcases import LiveServerThread
from playwright.sync_api import Browser, sync_playwright
from pytest_django import Settings

from tests.factories.desks import Doors
from tests.factories.screens import DESK, FLAGS, PHONE


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start the browser that the runner found."""
    path = os.environ.get("GREENLANE_CHROMIUM")
    if not path:
        pytest.skip("No browser: run these with `./dev test tests/browser`, which looks for one.")
    with pytest.MonkeyPatch.context() as patch:
        # The browser's tools keep a loop in this thread; the tests ask the database in it too.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        with sync_playwright() as tools:
            browser = tools.chromium.launch(executable_path=path, args=FLAGS)
            yield browser
            browser.close()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest, so that two processes end soonest together."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


@pytest.fixture(autouse=True)
def _own_lists_and_quick_passwords(settings: Settings, tmp_path: Path) -> None:
    """Keep watch lists of each test's own; hash passwords quickly, which others test slowly."""
    settings.WATCHLISTS_DIR = tmp_path / "watchlists"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(params=[("en", DESK), ("es", PHONE)], ids=["english desk", "spanish phone"])
def doors(request: pytest.FixtureRequest, browser: Browser, site: str) -> Doors:
    """Give both languages, each on another size of screen."""
    language, size = request.param
    return Doors(browser, site, language, size)


class OneAtATime(StaticFilesHandler):
    """Answers one request after another: all of them share the test's one connection.

    A page saves what is typed while its form is sent; two transactions at once on one connection
    would end each other. The product gives each request a connection of its own.
    """

    def __init__(self, application: Any) -> None:
        super().__init__(application)
        self._turn = threading.Lock()

    def __call__(self, environ: Any, start_response: Any) -> Any:
        with self._turn:
            return super().__call__(environ, start_response)


@pytest.fixture
def site(db: None) -> Iterator[str]:
    """Serve the pages on the test's own connection, whose work is undone afterwards.

    Django's live server empties every table after a test, which the record rightly refuses.
    """
    connection = connections["default"]
    connection.inc_thread_sharing()
    server = LiveServerThread("127.0.0.1", OneAtATime, {"default": connection})
    server.daemon = True
    server.start()
    server.is_ready.wait()
    yield f"http://127.0.0.1:{server.port}"
    server.terminate()
    for thread in threading.enumerate():
        # What a browser left open is closed by the thread that answers it, a moment later.
        if "process_request_thread" in thread.name:
            thread.join(5)
    connection.dec_thread_sharing()
