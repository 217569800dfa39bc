"""Reads ``GREENLANE_*`` variables, each into a type, and refuses a wrong one with a sentence.

Every call declares its variable; ``declared()`` is what the reference page of settings is
written from. Which variables there are stands in ``settings.py``, not here.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from greenlane.core.errors import BadInput

PREFIX = "GREENLANE_"
_YES = frozenset({"1", "true", "yes", "on"})
_NO = frozenset({"0", "false", "no", "off", ""})


class WrongSetting(BadInput):
    """A setting cannot be used as it stands. Correct the variable and start again."""

    code = "setting.wrong"


@dataclass(frozen=True, slots=True)
class Declaration:
    """One variable as the reference page shows it; `default` is text, empty when there is none."""

    name: str
    kind: str
    default: str
    meaning: str
    is_secret: bool = False


# Read by packages that stand below the settings and know no Django.
READ_ELSEWHERE = (
    Declaration(
        "GREENLANE_CACHE_DIR",
        "path",
        "~/.cache/greenlane",
        "Folder in which compiled screening code is kept, so that it is compiled only once.",
    ),
    Declaration(
        "GREENLANE_PACKS_DIR",
        "paths, apart by colons",
        "",
        "The office's own folders of program packs, searched before those of Greenlane.",
    ),
    Declaration(
        "GREENLANE_SCREENING_COMPILED",
        "0 or 1",
        "1",
        "0 screens in plain Python even with the extra `fast` installed; the answers are equal.",
    ),
)

_declared: dict[str, Declaration] = {}


def declared() -> list[Declaration]:
    """Return every variable asked for so far, by name."""
    return [_declared[name] for name in sorted(_declared)]


def _read(
    name: str, kind: str, default: str | None, meaning: str, *, is_secret: bool = False
) -> str | None:
    """Declare `name` and return its text, `default` when it is not set."""
    full = PREFIX + name
    _declared[full] = Declaration(full, kind, default or "", meaning, is_secret)
    given = os.environ.get(full)
    from_file = os.environ.get(f"{full}_FILE") if is_secret else None
    if from_file:
        if given:
            raise WrongSetting(f"Both {full} and {full}_FILE are set. Keep one of them.")
        try:
            return Path(from_file).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as why:
            raise WrongSetting(
                f"{full}_FILE names {from_file}, which cannot be read: {why}. "
                "Name a text file that the server's user may read."
            ) from why
    return default if given is None else given.strip()


def env_text(name: str, default: str, meaning: str) -> str:
    """Return the text of ``GREENLANE_<name>``."""
    return _read(name, "text", default, meaning) or ""


def env_choice(name: str, default: str, choices: tuple[str, ...], meaning: str) -> str:
    """Return ``GREENLANE_<name>``, which must be one of `choices`."""
    text = _read(name, " or ".join(choices), default, meaning) or ""
    if text not in choices:
        raise WrongSetting(f"{PREFIX}{name} is {text!r}. It must be one of: {', '.join(choices)}.")
    return text


def env_bool(name: str, meaning: str, *, default: bool) -> bool:
    """Return whether ``GREENLANE_<name>`` says yes (1, true, yes, on) or no (0, false, no, off)."""
    text = (_read(name, "yes or no", "yes" if default else "no", meaning) or "").lower()
    if text in _YES:
        return True
    if text in _NO:
        return False
    raise WrongSetting(f"{PREFIX}{name} is {text!r}. Write yes or no.")


def env_int(
    name: str, default: int, meaning: str, *, at_least: int = 0, at_most: int = 2**31
) -> int:
    """Return ``GREENLANE_<name>``, a whole number in ``at_least..at_most``, both included."""
    text = _read(name, "whole number", str(default), meaning) or ""
    # isdecimal() alone would take digits of other scripts, which a person could not see as such.
    digits = text.removeprefix("-")
    is_number = digits.isascii() and digits.isdecimal() and len(digits) < 20
    if not is_number or not at_least <= int(text) <= at_most:
        raise WrongSetting(
            f"{PREFIX}{name} is {text!r}. Write a whole number from {at_least} to {at_most}."
        )
    return int(text)


def env_list(name: str, default: str, meaning: str) -> list[str]:
    """Return the parts of ``GREENLANE_<name>`` between commas, without blanks and empty parts."""
    text = _read(name, "list with commas", default, meaning) or ""
    return [part.strip() for part in text.split(",") if part.strip()]


def env_path(name: str, default: str, meaning: str) -> Path:
    """Return ``GREENLANE_<name>`` as an absolute path; ``~`` is the home folder."""
    text = _read(name, "path", default, meaning) or default
    try:
        return Path(text).expanduser().absolute()
    except RuntimeError as why:
        raise WrongSetting(
            f"{PREFIX}{name} is {text}, and this user has no home folder. Give a full path."
        ) from why


def env_secret(name: str, meaning: str, *, default: str | None = None) -> str | None:
    """Return the secret in ``GREENLANE_<name>`` or in the file that ``..._FILE`` names."""
    return _read(name, "secret", default, meaning, is_secret=True)


def database_from_url(url: str) -> dict[str, Any]:
    """Return Django's database entry for `url`.

    Args:
        url: ``sqlite:////absolute/path`` (four slashes), ``sqlite:///:memory:``, or
            ``postgresql://user:password@host:5432/name?option=value``; percent signs escape. A
            socket folder is given as ``?host=/folder``.

    Raises:
        WrongSetting: the scheme is another one, or the database has no name.
    """
    # urlsplit would take a "?" or "#" in a file's name for a query, so SQLite is read by hand.
    if url.startswith("sqlite:///"):
        path = unquote(url.removeprefix("sqlite:///"))
        if path == ":memory:" or path.startswith("/"):
            return sqlite_entry(path)
        raise WrongSetting(
            f"GREENLANE_DATABASE_URL is sqlite:///{path}, a relative path, which would be another "
            "file in every folder. Write sqlite:////absolute/path with four slashes."
        )
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    name = unquote(parts.path.removeprefix("/"))
    if parts.scheme not in {"postgresql", "postgres"} or not name:
        # The address may hold a password, so the message does not repeat it.
        raise WrongSetting(
            "GREENLANE_DATABASE_URL is not an address Greenlane can use. Write "
            "sqlite:////absolute/path or postgresql://user:password@host:5432/name."
        )
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    host = options.pop("host", parts.hostname or "")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or options.pop("user", "")),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


def sqlite_entry(path: str) -> dict[str, Any]:
    """Return Django's entry for the SQLite file at `path`, set up to lose nothing acknowledged."""
    return {
        "ENGINE": "greenlane.project.fair_sqlite",
        "NAME": path,
        "OPTIONS": {
            # A writer takes its lock at the start: two writers wait instead of failing half-way.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
        },
        # Tests of a database in memory keep it there, one for each process.
        "TEST": {"NAME": ":memory:" if path == ":memory:" else None},
    }
