"""What a file is, is read from its bytes; a lie in it is refused, and never breaks the reader."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable

import pytest

from greenlane.apps.documents.sniff import FileRefused, clean_name, media_type_of


def an_office_file(name: str = "word/document.xml", size: int = 10) -> bytes:
    """Return the least that passes for an Office file."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(name, b"0" * size)
    return written.getvalue()


def of_a_later_format(content: bytes) -> bytes:
    """Return the archive with a needed version that no reader knows, in its directory."""
    at = content.index(b"PK\x01\x02") + 6
    return content[:at] + struct.pack("<H", 175) + content[at + 2 :]


def test_an_office_file_is_known_by_what_is_in_it() -> None:
    assert media_type_of(an_office_file(), "evil.exe").endswith("wordprocessingml.document")


@pytest.mark.parametrize(
    "spoil",
    [
        of_a_later_format,
        lambda content: content[:-10],
        lambda content: an_office_file("word/vbaProject.bin"),
        lambda content: an_office_file("notes/a.txt"),
        lambda content: an_office_file(size=5_000_000),
    ],
    ids=["later format", "cut short", "macros", "archive", "bomb"],
)
def test_an_archive_that_lies_is_refused(spoil: Callable[[bytes], bytes]) -> None:
    with pytest.raises(FileRefused, match=r"plan\.docx"):
        media_type_of(spoil(an_office_file()), "plan.docx")


@pytest.mark.parametrize(
    "content",
    [b"", b"<svg onload='x'/>", b"  <!doctype html>", b"#!/bin/sh", b"MZ\x00", b"\xff\xfea\x00"],
)
def test_code_markup_and_programs_are_refused_whatever_they_are_called(content: bytes) -> None:
    with pytest.raises(FileRefused):
        media_type_of(content, "report.pdf")


def test_a_name_keeps_no_path_and_nothing_that_turns_it_round() -> None:
    assert clean_name("..\\..//etc/x\x00\u202efdp.exe") == "xfdp.exe"
    assert clean_name("../") == "file"
