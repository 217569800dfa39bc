"""A person's browser in a language and a size: what they open, type, tick and press."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from playwright.sync_api import Browser, FilePayload, Locator, Page, ViewportSize

from greenlane.gate.access import now
from tests.factories.people import PASSWORD
from tests.factories.screens import troubles_of

PAPER = b"%PDF-1.4 an assessment"


@dataclass(frozen=True, slots=True)
class Desk:
    """One person's browser, in the language they read."""

    page: Page
    language: str
    has_script: bool = True

    def says(self, words: str) -> str:
        """Return what the pages say for English words, in this person's language."""
        with translation.override(self.language):
            return gettext(words)

    def pack(self, text: object) -> str:
        """Return a text of the pack in this person's language."""
        return str(text.in_(self.language))  # type: ignore[attr-defined]  # any text of a pack

    def open(self, name: str, *more: object) -> None:
        """Go to a page and expect it to be accessible and narrow enough.

        A browser without scripts cannot be asked that; it is asked of the same page with them.
        """
        self.page.goto(reverse(name, args=more))
        if self.has_script:
            troubles = troubles_of(self.page)
            assert troubles == [], troubles

    def press(self, words: str, *, inside: Page | Locator | None = None) -> None:
        """Press the first button of that name, and wait for the page that follows."""
        button = (inside or self.page).get_by_role("button", name=self.says(words), exact=True)
        with self.page.expect_navigation():
            button.first.click()
        assert self.page.get_by_role("alert").all_inner_texts() == []

    def follow(self, words: str) -> None:
        """Follow the first link of that name."""
        with self.page.expect_navigation():
            self.page.get_by_role("link", name=self.says(words), exact=True).first.click()

    def fill(self, **fields: str) -> None:
        """Type into fields by their names."""
        for name, words in fields.items():
            self.page.locator(f"[name={name}]").fill(words)

    def fill_day(self, name: str, day: date) -> None:
        """Write a day into its three fields."""
        fill_day(self.page, name, day)

    def tick(self, name: str, value: str) -> None:
        """Choose one of the tiles, radio buttons or boxes of a field."""
        box = self.page.locator(f"[name={name}][value='{value}']")
        self.page.locator(f"label[for={box.get_attribute('id')}]").click()

    def set_up_app(self) -> str:
        """Set up an authenticator app as the page tells; return its secret."""
        self.page.goto(reverse("mfa_activate_totp"))
        secret = self.page.locator("#authenticator_secret").inner_text()
        self.fill(code=code_for(secret))
        self.press("Set up")
        return secret

    def sign_in(self, email: str) -> None:
        """Sign in with the password and set up a second factor, as at the very first time."""
        self.page.goto(reverse("account_login"))
        self.fill(login=email, password=PASSWORD)
        self.press("Sign in")
        self.set_up_app()


def fill_day(page: Page, name: str, day: date) -> None:
    """Write a day into its three fields."""
    page.locator(f"[name={name}_day]").fill(str(day.day))
    page.locator(f"[name={name}_month]").select_option(str(day.month))
    page.locator(f"[name={name}_year]").fill(str(day.year))


def code_for(secret: str) -> str:
    """Return what the app shows now, as if the half minute of the last code were over."""
    cache.clear()
    return str(format_hotp_value(hotp_value(secret, int(now().timestamp()) // 30)))


class Doors:
    """Opens browsers for people, one after another."""

    def __init__(
        self,
        browser: Browser,
        site: str,
        language: str,
        size: ViewportSize,
        *,
        has_script: bool = True,
    ) -> None:
        self.browser, self.site, self.language, self.size = browser, site, language, size
        self.has_script = has_script

    @contextmanager
    def desk(self) -> Iterator[Desk]:
        """Give a fresh browser; whatever its console complains of fails the test."""
        locale = "es-MX" if self.language == "es" else "en-US"
        context = self.browser.new_context(
            base_url=self.site,
            viewport=self.size,
            locale=locale,
            java_script_enabled=self.has_script,
        )
        complaints: list[str] = []
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console", lambda line: complaints.append(line.text) if line.type == "error" else None
        )
        try:
            yield Desk(page, self.language, self.has_script)
        finally:
            context.close()
        assert complaints == []


def paper(name: str) -> FilePayload:
    """Return a file to upload."""
    return {"name": name, "mimeType": "application/pdf", "buffer": PAPER}
