"""Real lists of the authorities, read whole; skipped where they are absent."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from greenlane.screening.formats.detection import Format, detect
from greenlane.screening.formats.reader import read_list
from greenlane.screening.records import Kind
from greenlane.screening.store import ListStore
from tests.unit.screening.formats.reading import shared_lists


def test_the_real_files_of_2019_lose_nothing() -> None:
    folder = shared_lists() / "ofac" / "2019-04"

    reading = read_list(sorted(folder.glob("*.csv")), source="ofac-sdn")
    parties = list(reading)

    report = reading.report
    assert (report.set_aside_total, report.damage, dict(report.notes)) == (0, [], {})
    assert (len(parties), report.names, report.weak_names) == (7_379, 19_091, 2_037)
    numbered = {name.uid for party in parties for name in party.names}
    assert {"12", "57", "41375"} <= numbered


def test_the_real_files_of_2023_give_every_orphaned_alias_a_party() -> None:
    folder = shared_lists() / "ofac" / "2023"

    reading = read_list(sorted(folder.glob("*.csv")), source="ofac-sdn")
    parties = list(reading)

    assert sum(party.kind is Kind.UNKNOWN for party in parties) == 1_418
    assert any(len(party.programs) > 1 and "SDGT" in party.programs for party in parties)
    assert reading.report.weak_names > 2_800


def test_the_real_damaged_sample_is_read_whole() -> None:
    reading = read_list([shared_lists() / "eu" / "eu-fsf-sample-wrapped.csv"], source="eu-fsf")

    parties = list(reading)

    assert (len(parties), reading.report.rows, reading.report.set_aside_total) == (93, 999, 0)
    assert parties[0].names[0].text == "Robert Gabriel Mugabe"
    assert "Qoussaï Saddam Hussein Al-Tikriti" in {n.text for p in parties for n in p.names}
    assert reading.report.dated == "2018-07-04"


def test_every_real_file_is_told_by_content() -> None:
    lists = shared_lists()
    expected = {
        "sdn": Format.OFAC_SDN_CSV,
        "prim": Format.OFAC_SDN_CSV,
        "alt": Format.OFAC_ALT_CSV,
        "add": Format.OFAC_ADD_CSV,
        "comments": Format.OFAC_COMMENTS_CSV,
    }

    found = {path: detect(path) for path in sorted(lists.glob("ofac*/**/*.csv"))}

    assert len(found) >= 20
    assert {path: expected[path.stem.rsplit("_", 1)[-1]] for path in found} == found


def test_the_real_consolidated_screening_list_is_read_whole() -> None:
    reading = read_list([shared_lists() / "csl" / "csl.csv"], source="us-csl")

    parties = list(reading)

    # 4,232 lines: two headers, and three line breaks inside cells.
    assert (len(parties), reading.report.set_aside_total) == (4_227, 0)
    assert sum(party.uid.startswith("us-csl-DPL-") for party in parties) == 577
    assert sum(bool(party.expires_on) for party in parties) > 500


@pytest.mark.parametrize(
    ("name", "parties"),
    [("un-2018-10-29.xml", 1_093), ("un-2024-09-26.xml", 875), ("un-2026-02-27.xml", 1_003)],
)
def test_the_real_lists_of_the_united_nations_are_read_whole(name: str, parties: int) -> None:
    reading = read_list([shared_lists() / "un" / name], source="un-sc")

    found = list(reading)

    assert (len(found), reading.report.set_aside_total, reading.report.damage) == (parties, 0, [])
    assert reading.report.dated == name[3:13]


def test_the_real_list_of_2026_has_its_weak_and_original_names() -> None:
    parties = list(read_list([shared_lists() / "un" / "un-2026-02-27.xml"], source="un-sc"))

    names = [name for party in parties for name in party.names]
    assert sum(name.script != "Latn" for name in names) >= 370
    assert 600 <= sum(name.is_weak for name in names) <= 640


def test_the_real_list_of_denied_persons_is_read_whole() -> None:
    reading = read_list([shared_lists() / "csl" / "dpl.txt"], source="bis-dpl")

    parties = list(reading)

    assert (len(parties), reading.report.rows, reading.report.set_aside_total) == (461, 581, 0)
    assert sum(len(party.addresses) for party in parties) > 500
    assert parties[0].names[0].text == "I. ASH"


def test_the_real_alias_series_differs_as_its_rows_do(tmp_path: Path) -> None:
    store = ListStore(tmp_path / "store")
    lists = shared_lists() / "ofac"
    versions = [
        store.import_list(
            "ofac-sdn",
            [lists / name / "alt.csv"],
            at=datetime(2026, 3, 1, 12, tzinfo=UTC),
            by="Ada",
            force_by="Grace",
            reason="no primary file in the test data",
        )
        for name in ("2025-12", "2026-06")
    ]
    rows = [
        set((lists / name / "alt.csv").read_text().splitlines()) for name in ("2025-12", "2026-06")
    ]

    found = store.diff(*versions)

    touched = len(found.names_added) + len(found.names_changed)
    assert touched == len(rows[1] - rows[0] - {"\x1a"})
    assert len(found.names_removed) + len(found.names_changed) == len(rows[0] - rows[1] - {"\x1a"})
