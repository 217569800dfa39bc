"""Receipts: where a chain stood, signed by the installation, to be kept by somebody else.

A receipt is the witness outside: whoever rewrites the whole database cannot rewrite it. It is an
ES256 signature in compact form (JWS) over a few codes, numbers and hashes; nothing personal.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final

from django.conf import settings
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from greenlane.apps.audit.models import InstallationAnchor
from greenlane.apps.audit.queries import event_at, head_of
from greenlane.core.canonical import canonical_bytes
from greenlane.core.errors import BadInput, GreenlaneError, NotFound
from greenlane.core.ledger import GENESIS

_TYPE: Final = "greenlane-receipt"
_LONGEST: Final = 4096
_PEM: Final = re.compile(r"-----BEGIN [A-Z ]+-----[^-]+-----END [A-Z ]+-----")


class SigningKeyMissing(GreenlaneError):
    """No signing key is set, so nothing can be signed. Set GREENLANE_SIGNING_KEY_FILE."""

    code = "receipt.key_missing"


class ReceiptRefused(BadInput):
    """This is no receipt that a key known here has signed."""

    code = "receipt.refused"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a receipt says: at ``at``, event ``seq`` of ``stream`` had ``hash``.

    ``anchor`` and ``anchor_hash`` are the last link of the installation's chain then (0 and zeros
    before the first). ``installation`` is the hash of the first link, "" before it. A receipt of
    the installation alone has stream "" and seq 0.
    """

    installation: str
    stream: str
    seq: int
    hash: str
    anchor: int
    anchor_hash: str
    at: str


def make_receipt(stream: str = "", *, at: datetime, seq: int | None = None) -> str:
    """Return a signed receipt of a stream, or of the installation alone.

    Args:
        stream: The chain; "" for the installation's own.
        at: The moment, with time zone.
        seq: The event to testify to; None for the last one.

    Returns:
        A JWS in compact form, about 600 characters.

    Raises:
        NotFound: the stream has no such event.
        SigningKeyMissing: the installation has no key.
    """
    first = InstallationAnchor.objects.order_by("number").first()
    last = InstallationAnchor.objects.order_by("-number").first()
    place, digest = 0, GENESIS
    if stream:
        place = head_of(stream).seq if seq is None else seq
        if place == 0:
            raise NotFound(f"Record {stream} has no event yet.")
        digest = event_at(stream, place).hash
    receipt = Receipt(
        installation=first.hash if first else "",
        stream=stream,
        seq=place,
        hash=digest,
        anchor=last.number if last else 0,
        anchor_hash=last.hash if last else GENESIS,
        at=at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
    )
    key = _signing_key(str(getattr(settings, "GREENLANE_SIGNING_KEY", "") or ""))
    header = {"alg": "ES256", "kid": key.thumbprint(), "typ": _TYPE}
    return jws.serialize_compact(header, canonical_bytes(asdict(receipt)), key, ["ES256"])


def read_receipt(text: str, *, jwks: Mapping[str, Any] | None = None) -> Receipt:
    """Return what a receipt says, after checking its signature.

    Args:
        text: The receipt; white space around it is ignored.
        jwks: The public keys to trust; None for this installation's own.

    Raises:
        ReceiptRefused: it is no receipt, or no trusted key signed it.
    """
    token = text.strip()
    if len(token) > _LONGEST:
        raise ReceiptRefused(f"A receipt has at most {_LONGEST} characters; this has {len(token)}.")
    keys = _trusted(public_keys() if jwks is None else jwks)
    try:
        header = jws.extract_compact(token.encode("ascii")).headers()
        key = keys.get(str(header.get("kid")))
        if key is None or header.get("typ") != _TYPE:
            raise ReceiptRefused(
                "This receipt was signed with a key that is not known here. Give the keys of the "
                "installation that made it, or add its old key to GREENLANE_SIGNING_KEYS_OLD."
            )
        payload = jws.deserialize_compact(token, key, ["ES256"]).payload
        said = json.loads(payload)
        receipt = Receipt(**{part.name: _typed(said, part.name) for part in fields(Receipt)})
    except (JoseError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ReceiptRefused(
            "This is no receipt, or it was changed after it was signed "
            f"({type(error).__name__}). Give the file as it was received."
        ) from None
    return receipt


def _typed(said: Mapping[str, Any], name: str) -> Any:
    value = said[name]
    if type(value) is not (int if name in {"seq", "anchor"} else str):
        raise TypeError(name)
    return value


def public_keys() -> dict[str, Any]:
    """Return the public keys of this installation as a JWKS: the present one and the old ones.

    Raises:
        SigningKeyMissing: the installation has no key.
        BadInput: a key is no P-256 key in PEM.
    """
    present = _signing_key(str(getattr(settings, "GREENLANE_SIGNING_KEY", "") or ""))
    old = str(getattr(settings, "GREENLANE_SIGNING_KEYS_OLD", "") or "")
    keys = [present, *(_read_key(pem) for pem in _PEM.findall(old))]
    return {"keys": [{**key.as_dict(private=False), "kid": key.thumbprint()} for key in keys]}


def _trusted(jwks: Mapping[str, Any]) -> dict[str, ECKey]:
    try:
        keys = [ECKey.import_key(dict(entry)) for entry in jwks["keys"]]
    except (JoseError, KeyError, TypeError, ValueError) as error:
        raise BadInput(f"The public keys are no JWKS of P-256 keys: {error}") from None
    return {key.thumbprint(): key for key in keys}


@lru_cache(maxsize=4)
def _signing_key(pem: str) -> ECKey:
    if not pem:
        raise SigningKeyMissing(
            "GREENLANE_SIGNING_KEY is not set, so receipts cannot be made or checked. Make a key "
            "with `greenlane audit new-key signing`, keep it apart from the database, and name its "
            "file in GREENLANE_SIGNING_KEY_FILE."
        )
    return _read_key(pem)


def _read_key(pem: str) -> ECKey:
    try:
        key = ECKey.import_key(pem)
    except (JoseError, ValueError, TypeError) as error:
        raise BadInput(f"A signing key is no P-256 key in PEM: {error}") from None
    if key.curve_name != "P-256":
        raise BadInput(f"The signing key lies on {key.curve_name}; ES256 needs P-256.")
    return key
