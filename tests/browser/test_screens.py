"""What every browser test looks through tells what is wrong, however often it has seen the page."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.factories.screens import PHONE, troubles_of

PAGE = """<!doctype html><html lang="en"><title>A page</title>
<main><h1>Seals</h1><p class="{tone}">{words}</p><a href="/{address}">{link}</a></main>
<style>.faint {{ color: #eee; background: #fff }}</style></html>"""
GOOD = {"tone": "plain", "words": "Nine seals were whole.", "address": "1", "link": "Read on"}


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport=PHONE)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("change", [{"tone": "faint"}, {"link": ""}], ids=["contrast", "no name"])
def test_a_page_like_one_that_was_accessible_is_read_where_it_differs(
    page: Page, change: dict[str, str]
) -> None:
    page.set_content(PAGE.format(**GOOD))
    assert troubles_of(page) == []

    page.set_content(PAGE.format(**(GOOD | {"words": "Two were not.", "address": "2"})))
    assert troubles_of(page) == []
    page.set_content(PAGE.format(**(GOOD | change)))

    for _again in range(2):
        (trouble,) = troubles_of(page)
        assert "Found 1 accessibility violations" in trouble


def test_a_page_that_was_accessible_is_measured_every_time(page: Page) -> None:
    page.set_content(PAGE.format(**GOOD))
    assert troubles_of(page) == []

    page.set_content(PAGE.format(**(GOOD | {"words": "seal" * 200})))

    (trouble,) = troubles_of(page)
    assert "px wide in a window of 360 px" in trouble
