"""The demonstration as visitors meet it: every kind of page, for every person of the tour.

The demonstration is made and served by the real commands. From each person's first page on, every
link is followed once per kind of page, at a desk in English and on a phone in Spanish. With
``GREENLANE_WRITE_IMAGES`` naming a folder, the manual's screenshots are written there.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from playwright.sync_api import Browser, Page, ViewportSize

from tests.factories.screens import DESK, PHONE, troubles_of

# Who looks, from where, and how; the two who are asked for most also look in Spanish, on a phone.
VISITS = [
    ("Ruth Adeyemi", "/office/", DESK, "en-US"),
    ("Ruth Adeyemi", "/office/", PHONE, "es-MX"),
    ("Marcus Webb", "/my/", DESK, "en-US"),
    ("Marcus Webb", "/my/", PHONE, "es-MX"),
    ("Daniel Weiss", "/office/", DESK, "en-US"),
    ("Samir Haddad", "/office/", DESK, "en-US"),
    ("Owen Clarke", "/people/office/", DESK, "en-US"),
]
# Leaving, and what is a file or another's page.
NOT_FOLLOWED = re.compile(
    r"/accounts/(logout|demo|language)/|/documents/|/receipt/|/api/v1/|/static/|\.(pdf|xlsx|csv|json)$"
)
KINDS_AT_MOST = 70


def kind_of(address: str) -> str:
    """Return what is the same for all pages of a kind: the address without its keys."""
    parts = urlsplit(address)
    path = re.sub(r"A-[0-9A-Z]{6,}", "A", parts.path)
    path = re.sub(r"(/(?:criteria|rules|profile|review|check|apply|act)/)[^/]+/", r"\1x/", path)
    path = re.sub(r"/[0-9]+(?=/|$)", "/0", path)
    path = re.sub(r"/[A-Z]-?[0-9A-Z]{5,}(?=/|$)", "/K", path)
    names = sorted({name for name, _ in parse_qsl(parts.query)})
    # A list sorted or cut otherwise is the same page; one key of an address is enough of it.
    return path + ("?" if names else "")


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Make the demonstration and serve it; give its address."""
    place = tmp_path_factory.mktemp("demo")
    kept = {"PATH", "HOME", "LANG", "TMPDIR", "SYSTEMROOT"}
    env = {name: value for name, value in os.environ.items() if name in kept}
    env |= {"GREENLANE_DATA_DIR": str(place), "GREENLANE_DEMO": "1"}
    command = [sys.executable, "-m", "greenlane"]
    subprocess.run([*command, "demo", "--no-serve"], env=env, check=True, capture_output=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    serve = [*command, "serve", "--port", str(port), "--workers", "1", "--no-worker"]
    log = place / "serve.log"
    with log.open("wb") as said:
        server = subprocess.Popen(serve, env=env, stdout=said, stderr=said)
        try:
            address = f"http://127.0.0.1:{port}"
            assert is_answering(port, server), log.read_text()
            yield address
        finally:
            server.terminate()
            server.wait(timeout=30)
    shutil.rmtree(place, ignore_errors=True)


def is_answering(port: int, server: subprocess.Popen[bytes]) -> bool:
    """Wait until the server answers; False if it ended or took a minute."""
    for _ in range(600):
        if server.poll() is not None:
            return False
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=5):
                return True
        except OSError:
            time.sleep(0.1)
    return False


def enter(page: Page, name: str, language: str) -> None:
    """Sign in as a person of the demonstration with one click, and let them read a language."""
    page.goto(f"/accounts/demo/?q={name}")
    with page.expect_navigation():
        page.get_by_role("button", name=name).first.click()
    # What a person reads is kept on their record, whatever their browser asks for.
    if page.locator("html").get_attribute("lang") != language:
        with page.expect_navigation():
            page.locator(f"button[name=language][value={language}]").first.click()


def links_of(page: Page) -> list[str]:
    """Return the addresses that the page leads to on this site."""
    found = page.eval_on_selector_all("a[href]", "(all) => all.map((one) => one.href)")
    home = urlsplit(page.url).netloc
    return [
        one.partition("#")[0]
        for one in found
        if urlsplit(one).netloc == home
        and not NOT_FOLLOWED.search(urlsplit(one).path)
        # Another language is another visit; a file is no page.
        and not {"language", "format"} & dict(parse_qsl(urlsplit(one).query)).keys()
    ]


@pytest.fixture(scope="module")
def read_already() -> set[tuple[str, str]]:
    """Language and kind of the pages whose access rules were looked at: once is enough."""
    return set()


@pytest.mark.parametrize(
    ("name", "first", "size", "locale"),
    VISITS,
    ids=[f"{name.split()[0]} {locale[:2]}" for name, _, _, locale in VISITS],
)
def test_every_kind_of_page_opens_is_accessible_and_narrow(
    browser: Browser,
    demonstration: str,
    read_already: set[tuple[str, str]],
    name: str,
    first: str,
    size: ViewportSize,
    locale: str,
) -> None:
    context = browser.new_context(base_url=demonstration, viewport=size, locale=locale)
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
    page.on("console", lambda line: complaints.append(f"{page.url}: {line.text}"))
    enter(page, name, locale.partition("-")[0])
    waiting, seen, troubles = deque([demonstration + first]), set[str](), list[str]()
    while waiting and len(seen) < KINDS_AT_MOST:
        address = waiting.popleft()
        if (kind := kind_of(address)) in seen:
            continue
        seen.add(kind)
        answer = page.goto(address)
        if answer is None or answer.status != 200:
            troubles.append(f"{address}: {answer.status if answer else 'no answer'}")
            continue
        language = page.locator("html").get_attribute("lang") or ""
        if not locale.startswith(language):
            troubles.append(f"{address}: in {language}")
        if (locale, kind) not in read_already:
            troubles += troubles_of(page)
        read_already.add((locale, kind))
        waiting.extend(links_of(page))
    context.close()

    assert troubles == []
    assert complaints == []
    assert len(seen) >= 10


PICTURES = {
    "specialist-queue": ("Ruth Adeyemi", "/office/"),
    "member-work": ("Marcus Webb", "/my/"),
    "tour": ("", "/tour/"),
    "criteria": ("", "/criteria/?entity=importer"),
}


@pytest.mark.skipif(
    "GREENLANE_WRITE_IMAGES" not in os.environ,
    reason="pictures are written on request: GREENLANE_WRITE_IMAGES=docs/images",
)
@pytest.mark.parametrize("picture", PICTURES)
def test_the_manuals_pictures_are_written(
    browser: Browser, demonstration: str, picture: str
) -> None:
    name, address = PICTURES[picture]
    size: ViewportSize = {"width": 1280, "height": 800}
    context = browser.new_context(base_url=demonstration, viewport=size, locale="en-US")
    page = context.new_page()
    if name:
        enter(page, name, "en")
    page.goto(address)

    target = Path(os.environ["GREENLANE_WRITE_IMAGES"]) / f"{picture}.png"
    page.screenshot(path=target)
    context.close()

    assert target.stat().st_size < 400_000
