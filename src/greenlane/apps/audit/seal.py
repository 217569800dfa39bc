"""Sealed records: the personal part of an event, encrypted with the installation's key.

AES-256-GCM; the event's place and commitment and the retention category are authenticated with it,
so a ciphertext that was moved beside another event, or given another category, does not open. Keys
come from the settings and never enter the database.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, cast

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from greenlane.apps.audit.keys import SEAL_KEY_BYTES
from greenlane.core.canonical import Json, canonical_bytes
from greenlane.core.errors import BadInput, GreenlaneError
from greenlane.core.ledger import commitment

_SALT_BYTES: Final = 32
_NONCE_BYTES: Final = 12


class SealKeyMissing(GreenlaneError):
    """No key is set that opens this record. Set GREENLANE_SEAL_KEY; old keys stay listed."""

    code = "seal.key_missing"


class SealBroken(GreenlaneError):
    """A sealed record does not open: it was changed, or belongs to another event."""

    code = "seal.broken"


@dataclass(frozen=True, slots=True)
class Sealed:
    """What is to be sealed beside an event.

    Attributes:
        category: Retention rule of the pack that says how long it is kept.
        content: Names, typed words, file names: all that is personal or free text.
    """

    category: str
    content: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Box:
    """A sealed record as it is stored: 16 hexadecimal digits name the key."""

    category: str
    commitment: str
    key_id: str
    nonce: bytes
    ciphertext: bytes


def seal(sealed: Sealed, *, stream: str, seq: int) -> Box:
    """Encrypt the content for the event at ``seq`` of ``stream`` with the present key.

    Raises:
        SealKeyMissing: the installation has no key.
        BadInput: the key is not 32 bytes in base64.
    """
    ring = _ring()
    key_id, cipher = ring.present
    salt, nonce = os.urandom(_SALT_BYTES), os.urandom(_NONCE_BYTES)
    plain = canonical_bytes(sealed.content)
    digest = commitment(salt, plain)
    bound = _bound_to(stream, seq, digest, sealed.category)
    return Box(sealed.category, digest, key_id, nonce, cipher.encrypt(nonce, salt + plain, bound))


def unseal(box: Box, *, stream: str, seq: int) -> dict[str, Json]:
    """Return what ``box`` holds, after checking it against its commitment.

    Raises:
        SealKeyMissing: the key it was sealed with is not in the settings.
        SealBroken: the bytes were changed, or belong to another event or commitment.
    """
    cipher = _ring().by_id.get(box.key_id)
    if cipher is None:
        raise SealKeyMissing(
            f"The sealed record of event {stream}:{seq} was sealed with key {box.key_id}, which is "
            "not set. Add that key to GREENLANE_SEAL_KEYS_OLD."
        )
    try:
        bound = _bound_to(stream, seq, box.commitment, box.category)
        opened = cipher.decrypt(box.nonce, box.ciphertext, bound)
    except (InvalidTag, ValueError):
        raise SealBroken(
            f"The sealed record of event {stream}:{seq} does not open: its bytes were changed or "
            "it belongs to another event. Restore it from a backup."
        ) from None
    salt, plain = opened[:_SALT_BYTES], opened[_SALT_BYTES:]
    if commitment(salt, plain) != box.commitment:
        raise SealBroken(
            f"The sealed record of event {stream}:{seq} opens, but holds something else than the "
            "event promised."
        )
    return cast("dict[str, Json]", json.loads(plain))


def seal_key_ids() -> list[str]:
    """Return the names of the keys that are set, the present one first."""
    return list(_ring().by_id)


def current_key() -> tuple[str, AESGCM]:
    """Return the present key and its name, for what is kept encrypted beside the record (files).

    Raises:
        SealKeyMissing: no key is set.
    """
    return _ring().present


def key_by_id(key_id: str) -> AESGCM:
    """Return a key, present or old, by its name.

    Raises:
        SealKeyMissing: it is not set any more.
    """
    key = _ring().by_id.get(key_id)
    if key is None:
        raise SealKeyMissing(
            f"The key {key_id[:16]!r} is not set. Put it back into GREENLANE_SEAL_KEYS_OLD."
        )
    return key


def _bound_to(stream: str, seq: int, digest: str, category: str) -> bytes:
    return f"greenlane sealed 1\n{stream}\n{seq}\n{digest}\n{category}".encode()


@dataclass(frozen=True, slots=True)
class _Ring:
    present: tuple[str, AESGCM]
    by_id: Mapping[str, AESGCM]


def _ring() -> _Ring:
    present = str(getattr(settings, "GREENLANE_SEAL_KEY", "") or "")
    old: Sequence[str] = getattr(settings, "GREENLANE_SEAL_KEYS_OLD", ()) or ()
    return _read_ring(present, tuple(old))


@lru_cache(maxsize=8)
def _read_ring(present: str, old: tuple[str, ...]) -> _Ring:
    if not present:
        raise SealKeyMissing(
            "GREENLANE_SEAL_KEY is not set, so nothing personal can be sealed or read. Make a key "
            "with `greenlane audit new-key seal`, keep it apart from the database, and name its "
            "file in GREENLANE_SEAL_KEY_FILE."
        )
    keys = {}
    for text in (present, *old):
        try:
            key = base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError):
            key = b""
        if len(key) != SEAL_KEY_BYTES:
            raise BadInput(
                "A key in GREENLANE_SEAL_KEY or GREENLANE_SEAL_KEYS_OLD is not 32 bytes in base64. "
                "`greenlane audit new-key seal` makes one of the right form."
            )
        keys[hashlib.sha256(b"greenlane seal key 1\n" + key).hexdigest()[:16]] = AESGCM(key)
    return _Ring(next(iter(keys.items())), keys)
