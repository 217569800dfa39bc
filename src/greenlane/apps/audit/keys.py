"""Fresh keys for sealing and signing; needs no settings, so that one can begin with it."""

from __future__ import annotations

import base64
import os
from typing import Final

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

SEAL_KEY_BYTES: Final = 32


def new_seal_key() -> str:
    """Return a fresh key as ``GREENLANE_SEAL_KEY`` takes it: 32 random bytes in base64."""
    return base64.b64encode(os.urandom(SEAL_KEY_BYTES)).decode()


def new_signing_key() -> str:
    """Return a fresh P-256 key as ``GREENLANE_SIGNING_KEY`` takes it: PEM, not encrypted."""
    key = ec.generate_private_key(ec.SECP256R1())
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()
