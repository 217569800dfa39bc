"""The public door in a real browser: accessible, narrow, and without a cookie."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect
from pytest_django import Settings

from tests.factories.screens import DESK, PHONE, troubles_of

ADDRESSES = [
    "/",
    "/?language=es",
    "/criteria/?entity=importer",
    "/criteria/1.4/",
    "/criteria/3.P-3PL1/",
    "/check/ABCDEFGHJKLM/",
    "/rules/",
    "/rules/T10/?language=es",
    "/rules/IM-ACTIVE/",
    "/verify/",
    "/tour/",
]


@pytest.fixture
def page(browser: Browser, site: str, settings: Settings) -> Iterator[Page]:
    settings.IS_DEMO = True
    context = browser.new_context(base_url=site, viewport=DESK)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("address", ADDRESSES)
def test_a_public_page_is_accessible_and_narrow(
    page: Page, address: str, size: ViewportSize
) -> None:
    page.set_viewport_size(size)
    page.goto(address)

    assert troubles_of(page) == []


def test_a_visitor_reads_and_checks_without_a_cookie(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="Read the security criteria").click()
    page.get_by_role("link", name="U.S. importer").click()
    page.get_by_role("link", name="Signed statement of support").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Signed statement of support")

    page.get_by_role("link", name="Check a letter").click()
    page.get_by_label("Code on the letter").fill("ABCDEFGHJKLM")
    page.get_by_label("Name of the company").fill("Somebody Else")
    page.get_by_role("button", name="Check").click()

    expect(page.get_by_role("heading", name="We cannot confirm this letter")).to_be_visible()
    assert page.context.cookies() == []
