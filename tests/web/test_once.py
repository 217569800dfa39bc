"""A form that is sent twice is recorded once: after a double click, after going back, at once."""

from __future__ import annotations

import os
import re
import shutil
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connections
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoDbBlocker

import greenlane.web
from greenlane.apps.accounts.models import User
from greenlane.apps.audit import once
from greenlane.apps.audit.queries import events_of
from greenlane.apps.members.actions.accounts import open_account
from greenlane.core.lifecycle.decide import Actor
from greenlane.gate.access import now
from greenlane.project.env import sqlite_entry
from tests.api.world import GOOD
from tests.apps.audit.databases import administered, connected, scratch_folder
from tests.factories.browsers import signed_in_client
from tests.factories.people import an_organization, person_with, the_program

PROFILE = {
    "legal_name": "Muñoz & Kim",
    "phone": "+1 555 0100",
    "employees": "12",
    "founded": "1998",
    "history": "We bring fruit from the valley to the harbor.",
    "addresses": "1 Harbor Road",
    "act": "save",
}


def an_account() -> tuple[User, str]:
    """Return a point of contact and the account they opened."""
    long_ago = now() - timedelta(days=1)
    company = an_organization(at=long_ago)
    contact = person_with("point_of_contact", company, at=long_ago)
    account = open_account(
        program=the_program(),
        entity_type="importer",
        organization=company.key,
        company_name="Muñoz & Kim",
        facts=GOOD,
        by=Actor(contact.key, "point_of_contact"),
        at=long_ago,
    )
    return contact, account.stream


def acts_of(stream: str) -> list[str]:
    """Return the acts of a chain, in order."""
    return [event.act for event in events_of(stream, limit=500)]


def the_form(client: Client, href: str) -> dict[str, str]:
    """Return the hidden key that a page's form carries, as a browser would send it."""
    page = client.get(href).content.decode()
    found = re.search(r'name="once" value="([^"]+)"', page)
    assert found, page[:2000]
    return {"once": found[1]}


@pytest.mark.django_db
class TestForm:
    """What one browser does with one page."""

    def company(self, stream: str) -> str:
        return reverse("member:company", args=[stream])

    def test_a_double_click_records_one_event_and_leads_to_the_same_page(self) -> None:
        contact, stream = an_account()
        client = signed_in_client(contact)
        sent = {**the_form(client, self.company(stream)), **PROFILE}
        first = client.post(self.company(stream), sent)
        before = acts_of(stream)

        again = client.post(self.company(stream), sent)

        assert (first.status_code, again.status_code) == (302, 302)
        assert again["Location"] == first["Location"]
        assert acts_of(stream) == before
        assert "You sent this twice" in client.get(again["Location"]).content.decode()

    def test_going_back_and_typing_something_else_is_another_act(self) -> None:
        contact, stream = an_account()
        client = signed_in_client(contact)
        sent = {**the_form(client, self.company(stream)), **PROFILE}
        client.post(self.company(stream), sent)
        before = acts_of(stream)

        client.post(self.company(stream), {**sent, "legal_name": "Muñoz, Kim & Sons"})

        assert len(acts_of(stream)) == len(before) + 1

    def test_a_form_that_was_refused_may_be_sent_again(self) -> None:
        contact, stream = an_account()
        client = signed_in_client(contact)
        sent = {**the_form(client, self.company(stream)), **PROFILE, "legal_name": ""}

        answers = [client.post(self.company(stream), sent).status_code for _ in range(2)]

        assert answers == [422, 422]
        assert "company_profile.saved" not in acts_of(stream)

    def test_a_file_sent_twice_is_put_on_file_once(self) -> None:
        contact, stream = an_account()
        client = signed_in_client(contact)
        href = reverse("member:risk", args=[stream])
        key = the_form(client, href)
        on = {"assessed_on_day": "1", "assessed_on_month": "2", "assessed_on_year": "2026"}

        for _ in range(2):
            paper = SimpleUploadedFile("risk.pdf", b"%PDF-1.4 what could go wrong")
            answer = client.post(href, {**key, **on, "summary": "Two lanes", "file": paper})
            assert answer.status_code == 302, answer.content.decode()[:3000]

        assert acts_of(stream).count("C03") == 1

    def test_the_key_of_another_person_is_another_key(self) -> None:
        contact, stream = an_account()
        rival, other = an_account()
        client, stranger = signed_in_client(contact), signed_in_client(rival)
        sent = {**the_form(client, self.company(stream)), **PROFILE}
        client.post(self.company(stream), sent)

        answer = stranger.post(self.company(stream), sent)

        assert answer.status_code == 404
        assert other != stream

    def test_an_answer_is_forgotten_after_a_day(self) -> None:
        contact, stream = an_account()
        client = signed_in_client(contact)
        sent = {**the_form(client, self.company(stream)), **PROFILE}
        client.post(self.company(stream), sent)

        assert once.forget(at=now()) == 0
        assert once.forget(at=now() + timedelta(hours=25)) == 1


def test_every_form_that_records_something_carries_a_key() -> None:
    folder = Path(greenlane.web.__file__).parent / "templates"
    # Signing in, language, demo and table actions record no act of an account by themselves.
    doors = ("member", "specialist", "people", "ui/confirm.html")
    free = {"people/demo.html", "people/demo_again.html", "people/sign_up.html"}
    without = [
        str(path.relative_to(folder))
        for path in sorted(folder.rglob("*.html"))
        if str(path.relative_to(folder)).startswith(doors)
        and str(path.relative_to(folder)) not in free
        and path.read_text("utf-8").count("{% csrf_token %}")
        > path.read_text("utf-8").count("{% once %}")
    ]

    assert without == []


# --- Two workers at the same moment ---------------------------------------------------------------


@pytest.fixture
def place(django_db_blocker: DjangoDbBlocker) -> Iterator[dict[str, Any]]:
    """Give the entry of a database of its own, thrown away afterwards."""
    with django_db_blocker.unblock():
        if connections["default"].vendor == "sqlite":
            folder = scratch_folder()
            entry = sqlite_entry(str(folder / "once.sqlite3"))
            with connected(entry):
                call_command("migrate", verbosity=0)
                yield entry
            shutil.rmtree(folder)
            return
        name = f"greenlane_once_{os.getpid()}"
        with administered() as cursor:
            cursor.execute(f"CREATE DATABASE {name}")
        entry = {**connections["default"].settings_dict, "NAME": name, "CONN_MAX_AGE": 0}
        try:
            with connected(entry):
                call_command("migrate", verbosity=0)
                yield entry
        finally:
            with administered() as cursor:
                cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_two_workers_that_get_the_same_form_at_once_record_it_once(place: dict[str, Any]) -> None:
    contact, stream = an_account()
    client = signed_in_client(contact)
    href = reverse("member:company", args=[stream])
    sent = {**the_form(client, href), **PROFILE}
    before = acts_of(stream)
    start, answers = threading.Barrier(3), []

    def send() -> None:
        with connected(place):
            browser = Client()
            browser.cookies = client.cookies
            start.wait(timeout=30)
            answers.append(browser.post(href, sent).status_code)

    threads = [threading.Thread(target=send) for _ in range(3)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(timeout=60)

    assert answers == [302, 302, 302]
    assert acts_of(stream) == [*before, "company_profile.saved"]
