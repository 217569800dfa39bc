"""A chain with one bit flipped anywhere."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.unit.core.chains import chain, fault


@given(st.data())
def test_every_flipped_bit_of_an_event_is_found(data: st.DataObject) -> None:
    rows = chain()
    at = data.draw(st.integers(0, 3))
    body = bytearray(rows[at][1])
    place = data.draw(st.integers(0, len(body) - 1))
    body[place] ^= 1 << data.draw(st.integers(0, 7))
    rows[at] = (rows[at][0], bytes(body), rows[at][2])

    assert fault(rows) == ("event.changed", at + 1)
