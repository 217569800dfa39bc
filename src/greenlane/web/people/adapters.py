"""What allauth asks of this installation: where a password is kept, what a sign-in records.

allauth has no types; together with ``sign_in`` this is the only place of the doors that derives
from its classes.
"""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING, Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.account.forms import ResetPasswordForm
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _

from greenlane.apps.accounts import actions, credentials, queries
from greenlane.apps.audit.seal import SealBroken, SealKeyMissing
from greenlane.core.lifecycle.decide import Actor
from greenlane.gate import access

if TYPE_CHECKING:
    from greenlane.apps.accounts.models import User


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Keeps passwords beside the record and records sign-ins."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Say no: people join by ``joining``, where an address is proved before it is recorded."""
        return False

    def set_password(self, user: User, password: str) -> None:
        """Keep a new password; the person themselves set it."""
        encoded = credentials.encode_password(password)
        actions.set_password(
            person=user.key,
            encoded_password=encoded,
            by=Actor(user.key, ""),
            at=access.now(),
            program=access.the_program(),
        )
        # The session that changed it goes on; its hash is made from this attribute.
        user.password = encoded

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Ask again before credentials change, but not for the first second factor.

        Whoever has just given their password and has nothing else would be asked for it twice.
        """
        user = self.request.user
        if app == "allauth.mfa" and user.is_authenticated:
            return credentials.has_second_factor(user.key)
        return bool(super().is_reauthentication_required(app=app, **kwargs))

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """Record the sign-in and what proved it."""
        records = get_authentication_records(request, user)
        second = next((one for one in reversed(records) if one["method"] == "mfa"), None)
        is_passkey = bool(second and second.get("passwordless"))
        if second:
            access.note_second_factor(request)
        where = access.device_of(request)
        actions.record_sign_in(
            person=user.key,
            method="passkey" if is_passkey else "password",
            second_factor=str(second["type"]) if second else "",
            ip=where.ip,
            device=where.device,
            at=access.now(),
            program=access.the_program(),
        )
        return super().post_login(request, user, **kwargs)  # type: ignore[no-any-return]  # untyped

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        """Tell whoever gave the right password why their sign-in is closed, and since when."""
        context = {
            "title": _("This sign-in is closed"),
            "closed_on": user.closed_on,
            "why": closed_words(user.closed_why),
            "is_own_wish": user.closed_by == user.key,
        }
        return render(request, "account/account_inactive.html", context, status=403)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a mail in the language its reader chose."""
        reader = queries.person_by_email(email)
        language = reader.language if reader else translation.get_language() or "en"
        with translation.override(language):
            super().send_mail(template_prefix, email, context)

    def send_notification_mail(
        self,
        template_prefix: str,
        user: User,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Tell a person by mail that something they sign in with was changed."""
        super().send_notification_mail(template_prefix, user, context, email or user.email)


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """Encrypts the secrets of second factors with the installation's seal key."""

    def encrypt(self, text: str) -> str:
        """Return the secret as it is kept in the database."""
        return _keys().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return the secret.

        Raises:
            SealBroken: it was changed, or the key it was encrypted with is no longer set.
        """
        try:
            return _keys().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            raise SealBroken(
                "The secret of a second factor does not open: it was changed, or its key is no "
                "longer among GREENLANE_SEAL_KEYS_OLD. An operator can reset the second factor."
            ) from None

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Name this installation for passkeys: the host name, without a port."""
        return {"id": self.request_host(), "name": "Greenlane"}

    def request_host(self) -> str:
        """Return the host name of the address in the browser, without its port."""
        from allauth.core import context

        return str(context.request.get_host()).partition(":")[0]


class ResetForm(ResetPasswordForm):  # type: ignore[misc]  # allauth has no types
    """Sends the reset mail; to a closed sign-in it says that it is closed, and since when."""

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        """Send the mail that fits; the page says the same in every case."""
        email = str(self.cleaned_data["email"])
        person = queries.person_by_email(email)
        if person is None or person.is_active:
            return str(super().save(request, **kwargs))
        context = {"closed_on": person.closed_on, "why": closed_words(person.closed_why)}
        AccountAdapter(request).send_mail("account/email/sign_in_closed", email, context)
        return email


def closed_words(why: str) -> str:
    """Return the reason for a closed sign-in in words."""
    return {
        "left": _("You no longer work there, as we were told."),
        "at_own_wish": _("You asked for it."),
        "role_ended": _("Your role ended."),
        "misuse": _("The sign-in was used by more than one person, or otherwise misused."),
        "duplicate": _("You have another sign-in."),
    }.get(why, "")


def _keys() -> MultiFernet:
    present = str(getattr(settings, "GREENLANE_SEAL_KEY", "") or "")
    if not present:
        raise SealKeyMissing
    old = tuple(getattr(settings, "GREENLANE_SEAL_KEYS_OLD", ()) or ())
    return MultiFernet([Fernet(_derived(key)) for key in (present, *old)])


def _derived(key: str) -> bytes:
    # A key of its own: one purpose, one key.
    digest = hashlib.sha256(b"greenlane second factor 1\n" + base64.b64decode(key)).digest()
    return base64.urlsafe_b64encode(digest)
