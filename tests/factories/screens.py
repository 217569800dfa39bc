"""What every browser test looks through: a desk's screen, a phone's, and the rules of access."""

from __future__ import annotations

from typing import TYPE_CHECKING

from axe_playwright_python.base import AXE_SCRIPT, AxeResults

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
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    # What passes is not told: it is a hundred times what fails.
    "resultTypes": ["violations"],
}
PHONE: ViewportSize = {"width": 360, "height": 740}
DESK: ViewportSize = {"width": 1280, "height": 900}


# What a page is made of, as far as a rule of access can depend on it: elements, attributes, where
# there is text. Left out are the words themselves, addresses, values typed, and all rows but the
# first of those that are alike.
_SHAPE = """() => {
  const free = /^(href|src|action|value|title|placeholder|datetime|alt|nonce|data-.*|hx-.*)$/;
  const kept = ({ name, value }) =>
    `${name}=${free.test(name) ? Boolean(value) : value.replace(/[0-9]+/g, "0")}`;
  const shape = (one) => {
    if (one.nodeType === Node.TEXT_NODE) return one.data.trim() && ".";
    if (one.nodeType !== Node.ELEMENT_NODE) return "";
    const inside = [...one.childNodes].map(shape).filter(Boolean);
    const unlike = inside.filter((each, at) => each !== inside[at - 1]);
    return `<${one.localName} ${[...one.attributes].map(kept).sort()}>${unlike.join("")}</>`;
  };
  return shape(document.documentElement);
}"""
_found_accessible: set[tuple[int, str]] = set()


def troubles_of(page: Page) -> list[str]:
    """Return what keeps the page that is open from being accessible, and narrow enough.

    A page of a shape and width that was found accessible in this process is not read again for the
    rules of access, which takes a second; its width is measured every time.
    """
    size = page.viewport_size
    seen = (size["width"] if size else 0, page.evaluate(_SHAPE))
    troubles = [] if seen in _found_accessible else violations_on(page)
    if not troubles:
        _found_accessible.add(seen)
    width = page.evaluate("document.documentElement.scrollWidth")
    if size is not None and width > size["width"]:
        troubles.append(f"{width} px wide in a window of {size['width']} px")
    return [f"{page.url}\n{one}" for one in troubles]


def violations_on(page: Page) -> list[str]:
    """Return a report of the rules of access that the page that is open breaks, if any."""
    page.evaluate(AXE_SCRIPT)
    # Only what is asked for crosses from the browser: the whole answer holds megabytes.
    ask = "async (options) => (await axe.run(document, options)).violations"
    found = AxeResults({"violations": page.evaluate(ask, RULES)})
    return [found.generate_report()] if found.violations_count else []
