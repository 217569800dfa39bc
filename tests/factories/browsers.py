"""Browsers of people who are signed in, for tests of what comes after signing in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.mfa.models import Authenticator
from django.test import Client

from greenlane.gate import access

if TYPE_CHECKING:
    from greenlane.apps.accounts.models import User

_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def signed_in_client(person: User) -> Client:
    """Return a browser whose session has password and second factor behind it.

    How a session gets there is tested in ``tests/web/test_sign_in.py``, step by step.
    """
    client = Client()
    client.force_login(person, backend=_BACKEND)
    kind = Authenticator.Type.WEBAUTHN
    if not Authenticator.objects.filter(user_id=person.key, type=kind).exists():
        Authenticator.objects.create(user_id=person.key, type=kind, data={"name": "Key"})
    session = client.session
    session[access.SECOND_FACTOR_KEY] = person.key
    session.save()
    return client


def prove_again(client: Client, person: User) -> None:
    """Let a browser have proved again, just now, who is at it."""
    session = client.session
    session[access.PROVED_AGAIN_KEY] = [person.key, access.now().timestamp()]
    session.save()
