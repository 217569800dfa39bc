"""The chain: what is written, what each damage is called, what a step keeps."""

from __future__ import annotations

import hashlib
import json
from datetime import date

import pytest

from greenlane.core.canonical import canonical_bytes
from greenlane.core.ledger import (
    GENESIS,
    BrokenChain,
    EventDraft,
    anchor_body,
    anchor_hash,
    commitment,
    compose,
    event_hash,
    read_body,
    step_of,
    step_payload,
    verify_anchors,
    verify_chain,
)
from greenlane.core.lifecycle.standing import Step
from greenlane.core.marks import Mark
from greenlane.core.vocabulary import Axis, Origin
from tests.unit.core.chains import STREAM, Row, chain, fault


def rehashed(row: Row, **fields: object) -> Row:
    body = canonical_bytes({**json.loads(row[1]), **fields})  # type: ignore[dict-item]  # test data
    return row[0], body, event_hash(body)


def test_a_sound_chain_gives_its_head_and_length() -> None:
    rows = chain()

    assert verify_chain(STREAM, rows) == (None, rows[-1][2], 4)
    assert verify_chain(STREAM, []) == (None, GENESIS, 0)


def test_a_changed_text_is_found() -> None:
    rows = chain()
    rows[1] = (2, rows[1][1].replace(b"specialist", b"specialisT"), rows[1][2])

    assert fault(rows) == ("event.changed", 2)


def test_a_missing_event_is_found() -> None:
    assert fault(chain()[1:]) == ("event.missing", 1)
    assert fault([*chain()[:1], *chain()[2:]]) == ("event.missing", 2)


def test_two_swapped_events_are_found() -> None:
    rows = chain()
    rows[1], rows[2] = (2, *rows[2][1:]), (3, *rows[1][1:])

    assert fault(rows) == ("event.unchained", 2)


def test_an_event_rewritten_with_its_hash_breaks_the_next_link() -> None:
    rows = chain()
    rows[1] = rehashed(rows[1], actor="U-2")

    assert fault(rows) == ("event.unchained", 3)


def test_an_inserted_event_is_found() -> None:
    rows = chain()
    inserted = [*rows[:2], (3, *rows[1][1:]), *((seq + 1, b, d) for seq, b, d in rows[2:])]

    assert fault(inserted) == ("event.unchained", 3)


def test_an_event_of_another_place_or_account_is_found() -> None:
    assert fault([rehashed(chain()[0], seq=7)]) == ("event.moved", 1)
    assert fault(chain(stream="A-OTHER"))[0] == "event.moved"


def test_a_body_that_is_no_event_is_refused() -> None:
    with pytest.raises(BrokenChain, match="damaged"):
        read_body(b"\xff")
    with pytest.raises(BrokenChain, match="no object"):
        read_body(b"[]")
    assert read_body(b'{"a":1}') == {"a": 1}


def anchors() -> list[Row]:
    rows: list[Row] = []
    prev = GENESIS
    for number, heads in enumerate(
        [[("A-1", 3, "x")], [("B-1", 1, "y"), ("A-1", 5, "z")]], start=1
    ):
        body = anchor_body(number, prev, f"2026-05-0{number}T12:00:00Z", heads)
        prev = anchor_hash(body)
        rows.append((number, body, prev))
    return rows


def anchor_fault(rows: list[Row]) -> tuple[str, int]:
    found, _, _ = verify_anchors(rows)
    assert found is not None
    return found.code, found.seq


def reanchored(row: Row, **fields: object) -> Row:
    body = canonical_bytes({**json.loads(row[1]), **fields})  # type: ignore[dict-item]  # test data
    return row[0], body, anchor_hash(body)


def test_a_sound_chain_of_anchors_gives_the_latest_head_of_each_account() -> None:
    rows = anchors()

    assert verify_anchors(rows) == (None, {"A-1": (5, "z", 2), "B-1": (1, "y", 2)}, rows[-1][2])


def test_each_damage_of_an_anchor_is_found() -> None:
    first, second = anchors()

    assert anchor_fault([second]) == ("anchor.missing", 1)
    assert anchor_fault([(1, first[1] + b" ", first[2])]) == ("anchor.changed", 1)
    assert anchor_fault([first, reanchored(second, prev=GENESIS)]) == ("anchor.unchained", 2)
    assert anchor_fault([reanchored(first, number=9)]) == ("anchor.unchained", 1)
    backward = reanchored(second, heads=[["A-1", 2, "w"]])
    assert anchor_fault([first, backward]) == ("anchor.backward", 2)


def test_a_commitment_hides_and_binds_its_content() -> None:
    salt, other = b"s" * 32, b"t" * 32

    assert commitment(salt, b"Ana") != commitment(other, b"Ana")
    assert commitment(salt, b"Ana") != commitment(salt, b"Anb")
    assert (
        commitment(salt, b"Ana")
        == hashlib.sha256(b"greenlane seal 1\n" + salt + b"Ana").hexdigest()
    )


@pytest.mark.parametrize("before", [None, ("VALIDATED", "T3")])
def test_a_step_survives_its_event(before: tuple[str, str] | None) -> None:
    step = Step(
        1,
        "T12",
        date(2026, 5, 1),
        date(2026, 5, 2),
        {Axis.MEMBERSHIP: "SUSPENDED"},
        (Mark.SUSPENDED,),
        {"ground": "G1"},
        before,
        Origin.OUTSIDE,
    )
    draft = EventDraft(
        "step",
        "T12",
        step.on,
        "U-1",
        "director",
        payload=step_payload(step),
        origin=Origin.OUTSIDE,
    )
    event = compose(
        draft,
        stream=STREAM,
        seq=1,
        prev=GENESIS,
        recorded_at="2026-05-02T12:00:00.000000Z",
        recorded_on=step.recorded_on,
        pack="ctpat/1",
        pack_digest="d",
    )

    assert step_of(read_body(event.body)) == step


def test_an_event_of_another_kind_holds_no_step() -> None:
    assert step_of({"kind": "answer"}) is None
