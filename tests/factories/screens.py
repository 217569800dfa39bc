"""What every browser test looks through: a desk's screen, a phone's, and the rules of access."""

from __future__ import annotations

from typing import TYPE_CHECKING

from axe_playwright_python.sync_playwright import Axe

if TYPE_CHECKING:
    from playwright.sync_api import Page, ViewportSize

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
PHONE: ViewportSize = {"width": 360, "height": 740}
DESK: ViewportSize = {"width": 1280, "height": 900}


def troubles_of(page: Page) -> list[str]:
    """Return what keeps the page that is open from being accessible, and narrow enough."""
    found = Axe().run(page, options=RULES)
    troubles = [found.generate_report()] if found.violations_count else []
    size = page.viewport_size
    width = page.evaluate("document.documentElement.scrollWidth")
    if size is not None and width > size["width"]:
        troubles.append(f"{width} px wide in a window of {size['width']} px")
    return [f"{page.url}\n{one}" for one in troubles]
