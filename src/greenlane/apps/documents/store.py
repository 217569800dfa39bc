"""The document store: encrypted files in the data folder, named by the hash of their content.

AES-256-GCM under the installation's seal key, so that a copied disk reads nothing; a file is
written whole, flushed to disk and moved into place before the event that names it is recorded.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from django.conf import settings
from django.db import transaction
from django.db.transaction import TransactionManagementError

from greenlane.apps.audit.seal import current_key, key_by_id
from greenlane.core.canonical import sha256_hex
from greenlane.core.errors import GreenlaneError

_MAGIC: Final = b"GLD1"
_NONCE: Final = 12
_LOCK: Final = {True: "pg_advisory_xact_lock", False: "pg_advisory_xact_lock_shared"}


class DocumentLost(GreenlaneError):
    """The document's file is missing or damaged in the store. Restore it from the backup."""

    code = "document.lost"


def _path(sha256: str) -> Path:
    return Path(settings.DATA_DIR) / "documents" / sha256[:2] / sha256


def keep(content: bytes) -> str:
    """Keep a file and return its SHA-256; the same content is kept once.

    Must run in the transaction that records it: until that ends, nobody forgets the file.
    """
    sha256 = sha256_hex(content)
    _hold(sha256, is_alone=False)
    path = _path(sha256)
    if path.exists():
        return sha256
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    key_id, key = current_key()
    nonce = secrets.token_bytes(_NONCE)
    sealed = key.encrypt(nonce, content, sha256.encode())
    head = _MAGIC + key_id.encode().ljust(16, b"\0") + nonce
    waiting = path.with_name(f"{sha256}.{secrets.token_hex(4)}.part")
    with waiting.open("xb") as file:
        file.write(head + sealed)
        file.flush()
        os.fsync(file.fileno())
    waiting.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return sha256


def read(sha256: str) -> bytes:
    """Return a kept file, checked against its hash.

    Raises:
        DocumentLost: it is not there, or is not what it was.
    """
    try:
        raw = _path(sha256).read_bytes()
    except OSError:
        raise DocumentLost from None
    if raw[:4] != _MAGIC:
        raise DocumentLost
    key = key_by_id(raw[4:20].rstrip(b"\0").decode("ascii", "replace"))
    try:
        content = key.decrypt(raw[20:32], raw[32:], sha256.encode())
    except InvalidTag:
        raise DocumentLost from None
    if sha256_hex(content) != sha256:
        raise DocumentLost
    return content


def is_kept(sha256: str) -> bool:
    """Tell whether a file of this hash lies in the store."""
    return _path(sha256).exists()


def forget(sha256: str, *, if_still: Callable[[str], bool]) -> bool:
    """Remove a file for good (erasure); tell whether it was.

    Args:
        sha256: Its hash.
        if_still: Asked once nobody else is keeping this content, since somebody may have meanwhile:
            shall it go?
    """
    with transaction.atomic():
        _hold(sha256, is_alone=True)
        path = _path(sha256)
        if not path.exists() or not if_still(sha256):
            return False
        path.unlink()
        return True


def _hold(sha256: str, *, is_alone: bool) -> None:
    """Hold one file until the transaction ends: alone, or with others who keep the same content.

    On SQLite there is one writer, so a transaction is enough.
    """
    connection = transaction.get_connection()
    if not connection.in_atomic_block:
        raise TransactionManagementError("A document is kept inside transaction.atomic().")
    if connection.vendor == "postgresql":
        number = int.from_bytes(bytes.fromhex(sha256)[:8], signed=True)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {_LOCK[is_alone]}(%s)", [number])
