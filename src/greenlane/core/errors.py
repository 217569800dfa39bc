"""The exceptions a person may meet: a stable code, and what, where, why and what to do.

Nothing here decides anything; modules subclass the families below beside the code that raises them.
"""

from __future__ import annotations

from typing import ClassVar


class GreenlaneError(Exception):
    """Something was asked that cannot be done; the message says why and what to do next."""

    code: ClassVar[str] = "greenlane.error"

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or (type(self).__doc__ or type(self).__name__).split("\n\n")[0])

    @property
    def message(self) -> str:
        """The sentence shown to a person."""
        return str(self.args[0])


class BadInput(GreenlaneError):
    """What was given cannot be read; nothing was changed. Correct it and give it again."""

    code = "input.unreadable"


class NotFound(GreenlaneError):
    """There is no such record, or it is not yours to see."""

    code = "record.not_found"


class NotAllowed(GreenlaneError):
    """Your role does not allow this act."""

    code = "access.denied"


class Conflict(GreenlaneError):
    """Somebody changed this record meanwhile. Reload it and decide again."""

    code = "record.changed"
