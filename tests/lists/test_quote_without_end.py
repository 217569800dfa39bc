"""A large file that is one open quote is read in little memory."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

from tests.unit.screening.formats.reading import read_text


def test_a_quote_without_end_does_not_eat_memory(tmp_path: Path) -> None:
    text = 'entity_id,name\n1,"' + "A line of text\n" * 200_000

    tracemalloc.start()
    _, report = read_text(tmp_path, text)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert report.damage
    assert peak < 20_000_000
