"""Short chains to damage, and the fault that is found in one."""

from __future__ import annotations

from datetime import date

from greenlane.core.ledger import GENESIS, EventDraft, compose, verify_chain

Row = tuple[int, bytes, str]
STREAM = "A-0123456789"


def chain(length: int = 4, stream: str = STREAM) -> list[Row]:
    rows: list[Row] = []
    prev = GENESIS
    for seq in range(1, length + 1):
        draft = EventDraft("step", "T01", date(2026, 5, seq), "U-1", "specialist")
        event = compose(
            draft,
            stream=stream,
            seq=seq,
            prev=prev,
            recorded_at=f"2026-05-0{seq}T12:00:00.000000Z",
            recorded_on=date(2026, 5, seq),
            pack="ctpat/1",
            pack_digest="d",
        )
        rows.append((seq, event.body, event.hash))
        prev = event.hash
    return rows


def fault(rows: list[Row], stream: str = STREAM) -> tuple[str, int]:
    found, _, _ = verify_chain(stream, rows)
    assert found is not None
    assert found.stream == stream
    assert found.says
    return found.code, found.seq
