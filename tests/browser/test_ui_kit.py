"""The kit in a real browser: accessible, narrow, quiet under the content security policy."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.test.testcases import LiveServerThread
from playwright.sync_api import Browser, Page, ViewportSize, expect
from pytest_django import Settings

from tests.factories.screens import DESK, PHONE, troubles_of

ADDRESSES = ["ui/", "ui/?language=es", "ui/?q=none", "ui/confirm/", "ui/paper/", "ui/error/404/"]


@pytest.fixture
def site(settings: Settings) -> Iterator[str]:
    """Serve the pages without a database: the kit asks none."""
    settings.IS_DEMO = True
    server = LiveServerThread("127.0.0.1", StaticFilesHandler)
    server.daemon = True
    server.start()
    server.is_ready.wait()
    yield f"http://127.0.0.1:{server.port}/"
    server.terminate()


@pytest.fixture
def complaints() -> list[str]:
    return []


@pytest.fixture
def page(browser: Browser, site: str, complaints: list[str]) -> Iterator[Page]:
    context = browser.new_context(base_url=site, viewport=DESK)
    page = context.new_page()
    page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("address", ADDRESSES)
def test_a_page_is_accessible_and_narrow(
    page: Page, complaints: list[str], address: str, size: ViewportSize
) -> None:
    page.set_viewport_size(size)
    page.goto(address)
    page.evaluate("document.querySelectorAll('main details').forEach((one) => { one.open = true })")

    assert troubles_of(page) == []
    assert [line for line in complaints if "404" not in line] == []


def test_errors_are_announced_and_lead_to_their_fields(page: Page, complaints: list[str]) -> None:
    page.goto("ui/")
    page.get_by_role("button", name="Save the answers").click()

    expect(page.get_by_role("alert")).to_be_focused()
    page.get_by_role("alert").get_by_role("link").nth(1).click()
    expect(page.locator("#id_opened_on_0")).to_be_focused()
    assert troubles_of(page) == []
    assert [line for line in complaints if "422" not in line] == []


def test_a_button_goes_quiet_after_one_click(page: Page) -> None:
    page.goto("ui/confirm/")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method))
    page.evaluate(
        "() => { const b = document.querySelector('form.gl-confirm button');"
        " b.click(); b.click(); b.click(); }"
    )
    page.wait_for_url("**/ui/")

    assert sent.count("POST") == 1


def test_an_answer_saves_itself_and_says_so(page: Page) -> None:
    page.goto("ui/")
    answer = page.locator("#id_answer")
    line = page.locator("#id_answer-saved")

    answer.fill("The shift lead checks each seal.")
    expect(line).to_have_text("Not saved yet")
    answer.blur()

    expect(line).to_contain_text("Saved at")
    kept = "Object.keys(sessionStorage).filter((key) => key.startsWith('gl:')).length"
    assert page.evaluate(kept) == 0


def test_text_that_was_refused_is_kept_and_comes_back(page: Page) -> None:
    page.goto("ui/")
    answer = page.locator("#id_answer")
    answer.fill("please refuse this")
    answer.blur()
    expect(page.locator("#id_answer-saved")).to_have_text("Not saved: this profile was submitted.")

    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()

    expect(answer).to_have_value("please refuse this")


def test_the_keys_work_and_can_be_switched_off(page: Page) -> None:
    page.goto("ui/")
    page.keyboard.press("j")
    expect(page.get_by_role("link", name="Cóndor Imports, Inc.").nth(1)).to_be_focused()
    page.keyboard.press("j")
    expect(page.get_by_role("link", name="Río Bravo Trucking")).to_be_focused()
    page.keyboard.press("/")
    expect(page.locator("#gl-search")).to_be_focused()
    page.locator("h1").click()
    page.keyboard.press("?")
    keys = page.get_by_role("dialog")
    expect(keys).to_contain_text("Accept")
    keys.get_by_role("checkbox").uncheck()
    keys.get_by_role("button", name="Close").click()

    page.keyboard.press("?")

    expect(keys).to_be_hidden()
    page.keyboard.press("Control+k")
    expect(page.locator("#gl-search")).to_be_focused()


def test_the_page_works_without_javascript(browser: Browser, site: str) -> None:
    context = browser.new_context(base_url=site, java_script_enabled=False)
    page = context.new_page()
    page.goto("ui/")

    page.get_by_text("Columns", exact=True).click()
    page.get_by_role("checkbox", name="Last touch").uncheck()
    page.get_by_role("button", name="Show these columns").click()

    assert "cols=" in page.url
    expect(page.get_by_role("columnheader", name="Last touch")).to_have_count(0)
    page.get_by_role("link", name="Mine 14").click()
    assert "of=mine" in page.url
    context.close()
