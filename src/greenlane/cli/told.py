"""What somebody gives to an act on the command line: NAME=VALUE words and files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from greenlane.cli.named import VIA
from greenlane.core.errors import BadInput

if TYPE_CHECKING:
    from greenlane.apps.members.models import Account
    from greenlane.core.lifecycle.decide import Actor


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody gives to an act: the account, who acts, when, words and files."""

    account: Account
    by: Actor
    at: datetime
    given: dict[str, str]
    files: tuple[tuple[str, bytes], ...]

    def word(self, name: str, without: str | None = None) -> str:
        """Return a given word.

        Raises:
            BadInput: it is missing and there is nothing to use without it.
        """
        found = self.given.pop(name, without)
        if found is None:
            raise BadInput("Give {name}=...", name=name)
        return found

    def number(self, name: str) -> int:
        """Return a given whole number.

        Raises:
            BadInput: it is missing, or no number.
        """
        return self._whole(name, self.word(name))

    def numbers(self, name: str) -> list[int]:
        """Return the whole numbers between semicolons; none when nothing is given.

        Raises:
            BadInput: one is no number.
        """
        return [self._whole(name, part) for part in self.lines(name)]

    @staticmethod
    def _whole(name: str, found: str) -> int:
        if not (found.isascii() and found.isdecimal() and len(found) < 10):
            raise BadInput("{name} is a whole number, not {found!r}.", name=name, found=found[:40])
        return int(found)

    def day(self, name: str) -> date:
        """Return a given day.

        Raises:
            BadInput: it is missing, or no day.
        """
        found = self.word(name)
        try:
            return date.fromisoformat(found)
        except ValueError:
            raise BadInput(
                "{name} is a day such as 2026-12-14, not {found!r}.", name=name, found=found[:40]
            ) from None

    def lines(self, name: str) -> list[str]:
        """Return the parts of a given word between semicolons."""
        return [part.strip() for part in self.word(name, "").split(";") if part.strip()]

    def one_file(self) -> tuple[str, bytes]:
        """Return the one file given.

        Raises:
            BadInput: there is none, or more than one.
        """
        if len(self.files) != 1:
            raise BadInput("Give one file with --file.")
        return self.files[0]

    @property
    def shared(self) -> dict[str, Any]:
        """What every action takes."""
        return {"account": self.account, "by": self.by, "at": self.at, "via": VIA}

    @property
    def signing(self) -> dict[str, Any]:
        """What an action takes that issues a letter or a report: who, with their name."""
        from greenlane.apps.accounts.queries import names_of
        from greenlane.apps.certification.actions import Person

        name = names_of([self.by.id]).get(self.by.id, "")
        return {**self.shared, "by": Person(self.by, name)}
