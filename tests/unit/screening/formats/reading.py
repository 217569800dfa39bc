"""How the tests of the formats read text as a list: through files, as the product does."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from greenlane.screening.formats.reader import ListReading, read_list
from greenlane.screening.formats.report import DEFAULT_LIMITS, ImportReport, Limits
from greenlane.screening.records import ListedName, ListedParty


def read_text(
    folder: Path,
    *texts: str | bytes,
    source: str = "made",
    limits: Limits = DEFAULT_LIMITS,
) -> tuple[list[ListedParty], ImportReport]:
    """Write each text to a file without a telling name, read them as one list."""
    paths: list[Path] = []
    for number, text in enumerate(texts):
        path = folder / f"file-{number}"
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        paths.append(path)
    reading: ListReading = read_list(paths, source=source, limits=limits)
    return list(reading), reading.report


def name_of(party: ListedParty, text: str) -> ListedName:
    """Return the name of a party with this text."""
    return next(name for name in party.names if name.text == text)


def shared_lists() -> Path:
    """Return the folder of real lists, or skip the test."""
    default = Path(__file__).resolve().parents[5] / "shared" / "data"
    folder = Path(os.environ.get("GREENLANE_SHARED_DATA", default)) / "watchlists"
    if not folder.is_dir():
        pytest.skip("the real lists are not on this machine (GREENLANE_SHARED_DATA)")
    return folder
