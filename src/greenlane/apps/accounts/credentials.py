"""Passwords and second factors: what proves that somebody is a person of the record.

Credentials are not the record: they are replaced, never shown and never kept for years. That they
changed is recorded by ``actions``. The only module below the doors that knows allauth's tables.
"""

from __future__ import annotations

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import make_password

from greenlane.apps.accounts.models import ApiToken, User


def has_second_factor(person: str) -> bool:
    """Tell whether a person can give a second factor: a code from an app, or a passkey.

    Recovery codes alone are none: they are what is left when the second factor is lost.
    """
    factors = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    return bool(Authenticator.objects.filter(user_id=person, type__in=factors).exists())


def encode_password(password: str) -> str:
    """Return the hash of a password as it is kept; takes about half a second, on purpose."""
    return make_password(password)


def keep_password(person: str, encoded: str) -> None:
    """Replace a person's password by one that `encode_password` hashed.

    Sessions of the old password end by themselves: their hash no longer fits.
    """
    User.objects.filter(key=person).update(password=encoded)


def drop_second_factors(person: str) -> int:
    """Remove a person's second factors and recovery codes; return how many there were."""
    return int(Authenticator.objects.filter(user_id=person).delete()[0])


def drop_credentials(person: str) -> None:
    """Remove everything that a person could sign in with; for after their data were erased."""
    drop_second_factors(person)
    EmailAddress.objects.filter(user_id=person).delete()
    User.objects.filter(key=person).update(password="", last_login=None)


def note_token_used(token: str, *, on: str) -> None:
    """Note the day (ISO) on which a token was last used; writes once a day at most."""
    ApiToken.objects.filter(key=token).exclude(last_used_on=on).update(last_used_on=on)


def unsaved_person(*, name: str, email: str) -> User:
    """Return a person who is on no record, against whose name a password is checked."""
    return User(name=name, email=email)


def check_second_factor(person: User, code: str) -> bool:
    """Tell whether ``code`` is the present one of the person's authenticator app; uses it up.

    For signing through the API, where no page can ask for a passkey. A person with passkeys only
    signs in the browser.
    """
    found = Authenticator.objects.filter(user_id=person.key, type=Authenticator.Type.TOTP).first()
    return found is not None and bool(found.wrap().validate_code(code.strip()))
