"""The format of a file is told by its content."""

from __future__ import annotations

from pathlib import Path

import pytest

from greenlane.screening.formats.detection import Format, detect_head
from greenlane.screening.formats.reader import read_list
from greenlane.screening.formats.report import UnreadableList


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"", None),
        (b"   \n\n", None),
        (b"hello, world", None),
        (b"<html><body>Service unavailable</body></html>", None),
        (b"<!-- <sdnList> --><feed/>", None),
        (b"{}", None),
        (b"PK\x03\x04" + bytes(60), None),
        (b'36,"A",-0- ,"X",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \n', Format.OFAC_SDN_CSV),
        (b'36,12,"aka","A",-0- \n', Format.OFAC_ALT_CSV),
        (b'36,25,-0- ,"Havana","Cuba",-0- \n', Format.OFAC_ADD_CSV),
        (b'36,"the rest of it"\n', Format.OFAC_COMMENTS_CSV),
        (
            b'\xef\xbb\xbf<?xml version="1.0"?>\n<!-- c -->\n<x:sdnList xmlns:x="y">',
            Format.OFAC_XML,
        ),
        (b"<Sanctions>", Format.OFAC_ADVANCED_XML),
        (b"<CONSOLIDATED_LIST>", Format.UN_XML),
        (b'{"results": [', Format.CSL_JSON),
        (b"entity_id,name\n", Format.OWN_CSV),
    ],
)
def test_a_head_tells_the_format(head: bytes, expected: Format | None) -> None:
    assert detect_head(head) is expected


def test_two_files_of_one_format_are_refused(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).write_text("entity_id,name\n1,MADE\n")

    with pytest.raises(UnreadableList, match="both OWN_CSV"):
        read_list([tmp_path / "a", tmp_path / "b"], source="made")


def test_files_of_two_lists_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("entity_id,name\n1,MADE\n")
    (tmp_path / "b").write_text("<CONSOLIDATED_LIST/>")

    with pytest.raises(UnreadableList, match="do not belong together"):
        read_list([tmp_path / "a", tmp_path / "b"], source="made")


def test_a_missing_file_is_refused_with_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(UnreadableList, match="cannot be opened"):
        read_list([tmp_path / "nothing"], source="made")
