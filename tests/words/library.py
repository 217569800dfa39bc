"""Strings of the sign-in library that our catalogue says again.

The library has Spanish of its own, but in places addresses the reader as "tú", calls a key "clave",
or leaves English. A string here stands above the library's.
"""

from __future__ import annotations

from typing import Final

SAID_AGAIN: Final[tuple[str | tuple[str, str], ...]] = (
    "A new security key has been added.",
    "A security key has been removed.",
    "Add",
    "Add Security Key",
    "Are you sure you want to remove this security key?",
    "Be patient, you are sending too many requests.",
    "Edit Security Key",
    "Enabling passwordless operation allows you to sign in using just this key, but imposes "
    "additional requirements such as biometrics or PIN protection.",
    "Key nr. {number}",
    "New Recovery Codes Generated",
    "No security keys have been added.",
    "Passwordless",
    "Please select only one.",
    "Remove Security Key",
    "Save them  in a secure location now — they won't be shown again.",
    "Security Key Added",
    "Security Key Removed",
    "Security Keys",
    "Security key added.",
    "Security key removed.",
    "The email address and/or password you specified are not correct.",
    "Use a security key",
    "Use authenticator app or code",
    "You cannot generate recovery codes without having two-factor authentication enabled.",
    ("You have added %(count)s security key.", "You have added %(count)s security keys."),
)
