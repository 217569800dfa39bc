"""Receipts: what they say, whom they trust, what is refused."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from django.test import override_settings

from greenlane.apps.audit.keys import new_signing_key
from greenlane.apps.audit.receipts import (
    Receipt,
    ReceiptRefused,
    SigningKeyMissing,
    make_receipt,
    public_keys,
    read_receipt,
)
from greenlane.apps.audit.sequencer import anchor_pending
from greenlane.core.errors import BadInput, NotFound
from tests.apps.audit.acts import A1, AT, small_record

pytestmark = pytest.mark.usefixtures("record")


def test_a_receipt_says_where_a_chain_and_the_installation_stood() -> None:
    small_record()
    anchor_pending(at=AT)

    receipt = read_receipt(make_receipt(A1, at=AT, seq=2) + "\n")

    assert (receipt.stream, receipt.seq, receipt.anchor) == (A1, 2, 1)
    assert receipt.installation == receipt.anchor_hash
    assert receipt.at == "2026-03-01T12:00:00.123456Z"


def test_before_the_first_anchor_a_receipt_names_no_installation() -> None:
    small_record()

    receipt = read_receipt(make_receipt(A1, at=AT))

    assert (receipt.installation, receipt.anchor, receipt.anchor_hash) == ("", 0, "0" * 64)


def test_an_installation_has_a_receipt_of_its_own() -> None:
    small_record()
    anchor_pending(at=AT)

    receipt = read_receipt(make_receipt(at=AT))

    assert (receipt.stream, receipt.seq, receipt.anchor) == ("", 0, 1)


def test_there_is_no_receipt_of_what_is_not_there() -> None:
    small_record()

    with pytest.raises(NotFound):
        make_receipt("A-9999999999", at=AT)
    with pytest.raises(NotFound):
        make_receipt(A1, at=AT, seq=5)


def changed(token: str) -> str:
    head, payload, signature = token.split(".")
    said = json.loads(base64.urlsafe_b64decode(payload + "=="))
    said["seq"] = 1
    body = base64.urlsafe_b64encode(json.dumps(said).encode()).decode().rstrip("=")
    return f"{head}.{body}.{signature}"


def unsigned(token: str) -> str:
    head = base64.urlsafe_b64encode(b'{"alg":"none","typ":"greenlane-receipt"}').decode()
    return f"{head.rstrip('=')}.{token.split('.')[1]}."


@pytest.mark.parametrize(
    "forge",
    [
        changed,
        unsigned,
        lambda token: token[:-4] + ("AAAA" if token[-4:] != "AAAA" else "BBBB"),
        lambda token: token.rpartition(".")[0] + ".",
        lambda token: token.replace(".", "", 1),
        lambda _: "",
        lambda _: "a.b.c",
        lambda _: "é.é.é",
        lambda _: "..",
        lambda _: "x" * 5000,
        lambda _: "W10.W10.W10",
    ],
)
def test_what_was_changed_or_is_no_receipt_is_refused(forge: Any) -> None:
    small_record()

    with pytest.raises(ReceiptRefused):
        read_receipt(forge(make_receipt(A1, at=AT)))


def test_a_receipt_signed_by_somebody_else_is_refused() -> None:
    small_record()
    with override_settings(GREENLANE_SIGNING_KEY=new_signing_key()):
        theirs, their_keys = make_receipt(A1, at=AT), public_keys()

    with pytest.raises(ReceiptRefused, match="not known here"):
        read_receipt(theirs)
    assert isinstance(read_receipt(theirs, jwks=their_keys), Receipt)
    with pytest.raises(ReceiptRefused):
        read_receipt(make_receipt(A1, at=AT), jwks=their_keys)


def test_after_a_change_of_key_old_receipts_are_still_read(settings: Any) -> None:
    small_record()
    old = make_receipt(A1, at=AT)
    settings.GREENLANE_SIGNING_KEYS_OLD = settings.GREENLANE_SIGNING_KEY
    settings.GREENLANE_SIGNING_KEY = new_signing_key()

    assert read_receipt(old).stream == A1
    assert len(public_keys()["keys"]) == 2
    assert all("d" not in key for key in public_keys()["keys"])


def test_keys_that_are_none_are_refused_with_a_sentence(settings: Any) -> None:
    small_record()
    token = make_receipt(A1, at=AT)

    jwks: Any
    for jwks in ({}, {"keys": [{}]}, {"keys": [{"kty": "oct", "k": "AAAA"}]}, {"keys": 3}):
        with pytest.raises(BadInput):
            read_receipt(token, jwks=jwks)
    settings.GREENLANE_SIGNING_KEY = "no key"
    with pytest.raises(BadInput, match="no P-256 key"):
        make_receipt(A1, at=AT)
    settings.GREENLANE_SIGNING_KEY = ""
    with pytest.raises(SigningKeyMissing, match="new-key signing"):
        make_receipt(A1, at=AT)
