"""Canonical bytes of a JSON value: one value, one byte string, on every machine and year.

Rules (also in docs/reference/record-format.md): UTF-8; object keys are strings, sorted by code
point; no white space; text in Unicode NFC; integers only (a float is refused: two machines may
print it differently); no NaN; ``null``, ``true``, ``false`` as in JSON; non-ASCII characters are
written as themselves.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from greenlane.core.errors import GreenlaneError

Json: TypeAlias = "bool | int | str | Sequence[Json] | Mapping[str, Json] | None"


class NotCanonical(GreenlaneError):
    """A value has no canonical form; only text, integers, booleans, lists and objects have one."""

    code = "record.not_canonical"


def canonical_bytes(value: Json) -> bytes:
    """Return the canonical UTF-8 bytes of ``value``.

    Raises:
        NotCanonical: it holds a float, a date object, an integer beyond 64 bits, a non-text key,
            two keys that are the same in NFC, a lone surrogate, or is nested too deep.

    Example:
        >>> canonical_bytes({"b": [1, True], "a": "é"})
        b'{"a":"\\xc3\\xa9","b":[1,true]}'
    """
    try:
        return json.dumps(
            _checked(value, "$"), ensure_ascii=False, sort_keys=True, separators=(",", ":")
        ).encode()
    except UnicodeEncodeError as error:
        raise NotCanonical(f"The text holds half a character (a lone surrogate): {error}") from None
    except RecursionError:
        raise NotCanonical("The value is nested too deep. Flatten it.") from None


def _checked(value: Json, where: str) -> Json:
    if isinstance(value, str):
        return value if value.isascii() else unicodedata.normalize("NFC", value)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return _bounded(value, where)
    if isinstance(value, Mapping):
        found = {_key(k, where): _checked(v, f"{where}.{k}") for k, v in value.items()}
        if len(found) != len(value):
            raise NotCanonical(f"{where} has two keys that are one in Unicode NFC. Rename one.")
        return found
    if isinstance(value, list | tuple):
        return [_checked(v, f"{where}[{i}]") for i, v in enumerate(value)]
    raise NotCanonical(
        f"{where} is a {type(value).__name__}, which has no canonical form. "
        "Write dates and decimals as text."
    )


def _bounded(value: int, where: str) -> int:
    # An auditor's reader in another language holds integers in 64 bits.
    if not -(2**63) <= value < 2**63:
        raise NotCanonical(f"{where} is an integer beyond 64 bits. Write it as text.")
    return value


def _key(key: object, where: str) -> str:
    if not isinstance(key, str):
        raise NotCanonical(f"{where} has the key {key!r}; keys are text.")
    return unicodedata.normalize("NFC", key)


def sha256_hex(value: bytes) -> str:
    """Return the SHA-256 of ``value`` as 64 lower-case hexadecimal digits."""
    return hashlib.sha256(value).hexdigest()
