"""Tells what an uploaded file is by its bytes, and refuses what is not on the list.

Names and declared types are hostile: only the content decides. Office files are zip archives, so
their member list is read (never unpacked) with limits against zip bombs.
"""

from __future__ import annotations

import io
import unicodedata
import zipfile
from typing import Final

from greenlane.core.errors import BadInput

MAX_NAME: Final = 200
_MAX_MEMBERS: Final = 5_000
_MAX_UNPACKED: Final = 500 * 1024 * 1024
_MAX_RATIO: Final = 200

_MAGIC: Final = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
)
_OOXML: Final = {
    "word/": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xl/": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ppt/": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
EXTENSIONS: Final = {
    "application/pdf": ".pdf",
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/tiff": ".tiff",
    "image/webp": ".webp",
    "text/plain": ".txt",
    "text/csv": ".csv",
    _OOXML["word/"]: ".docx",
    _OOXML["xl/"]: ".xlsx",
    _OOXML["ppt/"]: ".pptx",
}


class FileRefused(BadInput):
    """The file is of a kind that is not taken. Give a PDF, a picture, an Office file or a text."""

    code = "document.refused"


def media_type_of(content: bytes, name: str) -> str:
    """Return the media type of a file by its content.

    Raises:
        FileRefused: empty, a program, a macro file, a damaged or suspicious archive, or any other
            kind; the message says which and what to do.
    """
    if not content:
        raise FileRefused("The file {name!r} is empty. Choose the file again.", name=name)
    for magic, media_type in _MAGIC:
        if content.startswith(magic):
            return media_type
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    if content.startswith(b"PK\x03\x04"):
        return _office_type(content, name)
    return _text_type(content, name)


def _office_type(content: bytes, name: str) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
    # An archive that asks for a later version of the format than any program writes is refused by
    # the library with NotImplementedError, before it has looked at anything else.
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
        raise FileRefused(
            "The file {name!r} is damaged. Save it again and send that.", name=name
        ) from None
    names = [member.filename for member in members]
    unpacked = sum(member.file_size for member in members)
    if (
        len(members) > _MAX_MEMBERS
        or unpacked > _MAX_UNPACKED
        or (unpacked > _MAX_RATIO * len(content))
    ):
        raise FileRefused(
            "The file {name!r} unpacks to far more than it holds. Save it as PDF.", name=name
        )
    if any("vbaproject" in member.lower() for member in names):
        raise FileRefused(
            "The file {name!r} holds macros, which are not taken. Save it without.", name=name
        )
    if "[Content_Types].xml" in names:
        for folder, media_type in _OOXML.items():
            if any(member.startswith(folder) for member in names):
                return media_type
    raise FileRefused(
        "The file {name!r} is an archive. Send the files in it one by one.", name=name
    )


def _text_type(content: bytes, name: str) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = ""
    if not text or "\x00" in text:
        raise FileRefused(
            "The file {name!r} is of a kind that is not taken. Give a PDF, a picture, a "
            "Word, Excel or PowerPoint file, or a text.",
            name=name,
        )
    head = text.lstrip()[:200].lower()
    if head.startswith(("<", "#!", "mz")):
        raise FileRefused(
            "The file {name!r} holds code or markup, which is not taken. Save it as PDF.", name=name
        )
    return "text/csv" if name.lower().endswith(".csv") else "text/plain"


def clean_name(name: str) -> str:
    """Return a file name that is safe to show and to send back: no path, no control characters."""
    base = name.replace("\\", "/").rpartition("/")[2]
    kept = "".join(c for c in base if unicodedata.category(c)[0] != "C").strip(" .")
    return unicodedata.normalize("NFC", kept)[-MAX_NAME:] or "file"
