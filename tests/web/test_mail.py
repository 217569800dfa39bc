"""Mails over a real server on this machine, since the kept ones never meet a wire."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.core.cache import cache
from django.test import Client, override_settings
from django.urls import reverse

from tests.factories.people import a_person

pytestmark = pytest.mark.django_db


class Received:
    """Keeps every mail that arrives."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # aiosmtpd's name
        read = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(read, EmailMessage)
        self.mails.append(read)
        return "250 OK"


@pytest.fixture
def received() -> Iterator[Received]:
    cache.clear()
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        port = asked.getsockname()[1]
    kept = Received()
    server = Controller(kept, hostname="127.0.0.1", port=port)
    server.start()
    with override_settings(
        EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend",
        EMAIL_HOST="127.0.0.1",
        EMAIL_PORT=port,
        EMAIL_USE_TLS=False,
    ):
        yield kept
    server.stop()


def test_the_reset_mail_arrives_in_the_readers_language(received: Received) -> None:
    person = a_person("José Ñandú", "jose@example.com", language="es")

    Client().post(reverse("account_reset_password"), {"email": person.email})

    (letter,) = received.mails
    text = letter.get_content()
    assert letter["To"] == "jose@example.com"
    assert letter["From"] == "greenlane@localhost"
    assert f"http://testserver/accounts/password/reset/key/{person.key}-" in text
    assert "\n" not in letter["Subject"]


def test_a_link_is_never_broken_by_the_wire(received: Received) -> None:
    Client().post(reverse("account_signup"), {"email": "a.very.long.address.of.mine@example.com"})

    lines = received.mails[0].get_content().splitlines()
    link = next(line for line in lines if line.startswith("http://testserver/"))
    answer = Client().get(link.removeprefix("http://testserver"))

    assert len(link) > 100
    assert answer.status_code == 200
