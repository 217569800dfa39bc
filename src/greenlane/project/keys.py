"""Makes and keeps the keys of an installation that is given none: a demo, or one person's own.

An office's server never comes here; its keys are given to it as secrets.
"""

from __future__ import annotations

import base64
import contextlib
import os
import secrets
from collections.abc import Callable
from pathlib import Path

from greenlane.project.env import WrongSetting

_MAKE_ONE = "python3 -c 'import secrets; print(secrets.token_urlsafe(64))'"


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
