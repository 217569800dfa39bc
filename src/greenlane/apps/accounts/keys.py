"""Makes the opaque keys of people (U-), organizations (O-), grants (G-) and the like."""

from __future__ import annotations

import secrets
from typing import Final

# Crockford's base 32: no I, L, O or U, so that a key can be read out on the telephone.
_LETTERS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_key(prefix: str) -> str:
    """Return ``prefix``, a hyphen and ten random characters: one of 10^15."""
    return f"{prefix}-{''.join(secrets.choice(_LETTERS) for _ in range(10))}"
