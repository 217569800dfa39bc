"""Sealed records: what opens, with which key, and what does not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from greenlane.apps.audit.keys import new_seal_key
from greenlane.apps.audit.seal import (
    SealBroken,
    Sealed,
    SealKeyMissing,
    seal,
    seal_key_ids,
    unseal,
)
from greenlane.core.errors import BadInput


@pytest.fixture(autouse=True)
def _key(settings: Any) -> None:
    settings.GREENLANE_SEAL_KEY = new_seal_key()
    settings.GREENLANE_SEAL_KEYS_OLD = []


CONTENT = Sealed("K01", {"name": "Ana", "years": [1, 2]})


def test_a_record_opens_in_its_own_place_only() -> None:
    box = seal(CONTENT, stream="A-1", seq=3)

    assert unseal(box, stream="A-1", seq=3) == {"name": "Ana", "years": [1, 2]}
    for stream, seq in (("A-2", 3), ("A-1", 4)):
        with pytest.raises(SealBroken):
            unseal(box, stream=stream, seq=seq)
    with pytest.raises(SealBroken):
        unseal(replace(box, category="K02"), stream="A-1", seq=3)
    with pytest.raises(SealBroken):
        unseal(replace(box, commitment="0" * 64), stream="A-1", seq=3)


def test_two_records_of_one_content_have_nothing_in_common() -> None:
    one, two = (seal(CONTENT, stream="A-1", seq=3) for _ in range(2))

    assert one.commitment != two.commitment
    assert one.ciphertext != two.ciphertext


def test_after_a_change_of_key_old_records_open_while_the_old_key_is_listed(settings: Any) -> None:
    box = seal(CONTENT, stream="A-1", seq=3)
    old = settings.GREENLANE_SEAL_KEY
    settings.GREENLANE_SEAL_KEY = new_seal_key()

    with pytest.raises(SealKeyMissing, match=box.key_id):
        unseal(box, stream="A-1", seq=3)
    settings.GREENLANE_SEAL_KEYS_OLD = [old]

    assert unseal(box, stream="A-1", seq=3)["name"] == "Ana"
    assert seal(CONTENT, stream="A-1", seq=4).key_id == seal_key_ids()[0] != box.key_id


@pytest.mark.parametrize("key", ["short", "AAAA", "é" * 44, "A" * 43 + "!"])
def test_a_key_of_another_form_is_refused(settings: Any, key: str) -> None:
    settings.GREENLANE_SEAL_KEY = key

    with pytest.raises(BadInput, match="32 bytes in base64"):
        seal(CONTENT, stream="A-1", seq=3)
