"""The keys of an installation: given as secrets, or made and kept for one person's own machine.

What the keys are used for is the matter of the record, of receipts and of sessions.
"""

from __future__ import annotations

import base64
import contextlib
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from greenlane.project.env import WrongSetting, env_secret

_MAKE_ONE = "python3 -c 'import secrets; print(secrets.token_urlsafe(64))'"


@dataclass(frozen=True, slots=True)
class Keys:
    """The present keys and the earlier ones; an absent one is empty text."""

    secret: str
    seal: str
    seal_old: list[str]
    signing: str
    signing_old: str


def read_keys(folder: Path, *, may_make: bool) -> Keys:
    """Return the keys that are given; with `may_make`, those kept in `folder` stand in.

    Raises:
        WrongSetting: there is no secret key, or it is short enough to be guessed.
    """

    def key(name: str, meaning: str, make: Callable[[], str]) -> str:
        given = env_secret(name, meaning)
        return given or (kept_key(folder, name, make) if may_make else "")

    secret = key(
        "SECRET_KEY",
        "Signs sessions and links; at least 50 characters. Make one with "
        f"`{_MAKE_ONE}`. Changing it signs everybody out.",
        new_secret_key,
    )
    check_secret_key(secret)
    return Keys(
        secret=secret,
        seal=key(
            "SEAL_KEY",
            "Encrypts everything personal beside the record, and every document; made with "
            "`greenlane audit new-key seal`. Keep it apart from the database: without it all that "
            "is lost.",
            new_seal_key,
        ),
        seal_old=(
            env_secret("SEAL_KEYS_OLD", "Earlier seal keys, apart by blanks; they still open.")
            or ""
        ).split(),
        signing=key(
            "SIGNING_KEY",
            "Signs receipts and letters: a P-256 key in PEM; made with "
            "`greenlane audit new-key signing`.",
            new_signing_key,
        ),
        signing_old=env_secret(
            "SIGNING_KEYS_OLD", "Earlier signing keys, as PEM one after another."
        )
        or "",
    )


def check_secret_key(key: str) -> None:
    """Refuse a missing or short secret key.

    Raises:
        WrongSetting: the key is absent or has fewer than 50 characters.
    """
    if not key:
        raise WrongSetting(
            "GREENLANE_SECRET_KEY is not set, and without it nobody could sign in. Make one with: "
            f"{_MAKE_ONE} and keep it in a file that GREENLANE_SECRET_KEY_FILE names. To look "
            "around on your own machine, run `greenlane demo`."
        )
    if len(key) < 50:
        raise WrongSetting(
            f"GREENLANE_SECRET_KEY has {len(key)} characters, fewer than 50, so it could be "
            f"guessed. Make a longer one: {_MAKE_ONE}"
        )


def kept_key(folder: Path, name: str, make: Callable[[], str]) -> str:
    """Return the key kept for `name` in `folder`/keys; make it when there is none.

    Two processes that start at once end with the same key: the file appears whole or not at all,
    and the second one takes the first one's.
    """
    keys = folder / "keys"
    kept = keys / name.lower().replace("_", "-")
    if not kept.exists():
        keys.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = keys / f".{kept.name}.{os.getpid()}"
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
            file.write(make())
        # A link fails when the name is taken, where a rename would overwrite it.
        with contextlib.suppress(FileExistsError):
            kept.hardlink_to(draft)
        draft.unlink()
    return kept.read_text(encoding="utf-8")


def new_secret_key() -> str:
    """Return a fresh secret key of 64 random bytes."""
    return secrets.token_urlsafe(64)


def new_seal_key() -> str:
    """Return a fresh seal key: 32 random bytes in base64."""
    return base64.b64encode(secrets.token_bytes(32)).decode()


def new_signing_key() -> str:
    """Return a fresh P-256 key as PEM, not encrypted."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    return (
        ec.generate_private_key(ec.SECP256R1())
        .private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        .decode()
    )
