"""An act on the command line: what somebody gives to it (NAME=VALUE, files), and doing it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from greenlane.cli.named import VIA, actor_on, now, pairs
from greenlane.core.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Collection

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

    def yes(self, name: str) -> bool:
        """Return whether a given word is yes; what is not given is no.

        Raises:
            BadInput: it is neither yes nor no.
        """
        found = self.word(name, "no")
        if found not in ("yes", "no"):
            raise BadInput("{name} is yes or no, not {found!r}.", name=name, found=found[:40])
        return found == "yes"

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


@dataclass(frozen=True, slots=True)
class Way:
    """How an act is done here: by whom (a word that its command group reads), and with what."""

    do: Callable[[Told], None]
    by: str
    takes: str = ""


def do_way(
    ways: Mapping[str, Way],
    name: str,
    *,
    account: Account,
    roles: Collection[str],
    person: str,
    given: tuple[str, ...],
    paths: tuple[Path, ...],
) -> None:
    """Do an act of a command group on an account, with everything that was given or not at all.

    Args:
        ways: The acts of the group.
        name: The act.
        account: The account; read again afterwards.
        roles: The roles that may do it.
        person: Key or address of whoever acts.
        given: Words NAME=VALUE.
        paths: Files that go with it.

    Raises:
        BadInput: something was given that the act does not take; then nothing is done.
            GreenlaneError: the act is refused.
    """
    way = ways[name]
    files = tuple((path.name, path.read_bytes()) for path in paths)
    told = Told(account, actor_on(person, roles, account), now(), pairs(given), files)
    from django.db import transaction

    with transaction.atomic():
        way.do(told)
        # Files are asked for by few acts; one that takes none must not swallow them.
        unknown = sorted(told.given) + (["--file"] if files and "--file" not in way.takes else [])
        if unknown:
            raise BadInput(
                "{name} takes no {unknown}. It takes: {takes}.",
                name=name,
                unknown=", ".join(unknown),
                takes=way.takes or "nothing",
            )
    account.refresh_from_db()
