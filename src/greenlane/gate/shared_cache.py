"""The cache of this installation: in the database, so that all workers share it.

Sign-in keeps there which one-time codes were used and how many attempts were made.
"""

from __future__ import annotations

import json
import secrets
import time
from typing import Any, Final

from django.conf import settings
from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache

from greenlane.apps.accounts import shared_notes

_SWEEP_EVERY: Final = 100
_USED_CODE: Final = "allauth.mfa.totp.used?"
_STEP_SECONDS: Final = 30


class SharedCache(BaseCache):
    """Django's cache interface over `shared_notes`; a tuple comes back as a list, as in JSON."""

    def __init__(self, location: str, params: dict[str, Any]) -> None:
        super().__init__(params)

    def add(
        self,
        key: Any,
        value: Any,
        timeout: float | None = DEFAULT_TIMEOUT,
        version: int | None = None,
    ) -> bool:
        """Keep a value unless one is kept; tell whether it was."""
        if str(key).startswith(_USED_CODE):
            # The library forgets a used code after one step of the clock, and takes a code in the
            # steps before and after its own too: for a minute it would be taken a second time.
            timeout = _STEP_SECONDS * (2 * settings.MFA_TOTP_TOLERANCE + 1)
        until = self.get_backend_timeout(timeout)
        name = self._name(key, version)
        return shared_notes.add(name, json.dumps(value), until=until, at=time.time())

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        """Return what is kept, or ``default``."""
        found = shared_notes.get(self._name(key, version), at=time.time())
        return default if found is None else json.loads(found)

    def set(
        self,
        key: Any,
        value: Any,
        timeout: float | None = DEFAULT_TIMEOUT,
        version: int | None = None,
    ) -> None:
        """Keep a value, whatever was kept."""
        until = self.get_backend_timeout(timeout)
        shared_notes.put(self._name(key, version), json.dumps(value), until=until)
        if secrets.randbelow(_SWEEP_EVERY) == 0:
            shared_notes.clear(expired_at=time.time())

    def touch(
        self, key: Any, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None
    ) -> bool:
        """Move the end of what is kept; tell whether anything was."""
        until = self.get_backend_timeout(timeout)
        return shared_notes.touch(self._name(key, version), until=until, at=time.time())

    def delete(self, key: Any, version: int | None = None) -> bool:
        """Remove a value; tell whether one was kept."""
        return shared_notes.drop(self._name(key, version))

    def clear(self) -> None:
        """Remove everything."""
        shared_notes.clear()

    def _name(self, key: Any, version: int | None) -> str:
        return str(self.make_and_validate_key(key, version=version))
