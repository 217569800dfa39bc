"""The exceptions a person may meet: a stable code, and what, where, why and what to do.

Nothing here decides anything; modules subclass the families below beside the code that raises them.
"""

from __future__ import annotations

from datetime import date
from typing import ClassVar


def day_words(on: date) -> str:
    """Return a day as people read it, the month a word.

    Example:
        >>> day_words(date(2026, 5, 3))
        '3 May 2026'
    """
    return f"{on.day} {on:%B %Y}"


class AnyOf(tuple[object, ...]):
    """Codes or titles of which any one would do; in English they read "a, b or c"."""

    __slots__ = ()

    def __str__(self) -> str:
        words = [str(one) for one in self]
        return " or ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


class GreenlaneError(Exception):
    """Something was asked that cannot be done; the message says why and what to do next.

    Attributes:
        sentence: The message in English with its fields open, as ``"{act} starts later"``: what a
            page looks up to say the same in another language. The first paragraph of the class's
            docstring when nothing else is given.
        fields: What stands in the fields: days, numbers, codes, texts of the pack.

    Example:
        >>> error = GreenlaneError("It begins on {day}.", day="3 May")
        >>> error.message, error.sentence
        ('It begins on 3 May.', 'It begins on {day}.')
    """

    code: ClassVar[str] = "greenlane.error"

    def __init__(self, message: str | None = None, **fields: object) -> None:
        default = (type(self).__doc__ or type(self).__name__).split("\n\n")[0]
        self.sentence = message or " ".join(default.split())
        self.fields = fields
        # Without fields nothing is filled in: what somebody typed may hold braces.
        shown = {name: day_words(it) if isinstance(it, date) else it for name, it in fields.items()}
        super().__init__(self.sentence.format(**shown) if fields else self.sentence)

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


class NotNow(GreenlaneError):
    """Where the record stands now, this cannot be done by anybody."""

    code = "record.not_now"


class Conflict(GreenlaneError):
    """Somebody changed this record meanwhile. Reload it and decide again."""

    code = "record.changed"
