"""What a door reads of an upload: never more than it takes to see that a file is too large."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile


def content_of(upload: UploadedFile[bytes]) -> bytes:
    """Return the bytes of `upload`, at most one more than ``GREENLANE_UPLOAD_MAX_MB`` allows.

    That one byte is what the action refuses the file by, in its own words; a file of any size
    costs this process no more memory than the largest lawful one.
    """
    return bytes(upload.read(settings.UPLOAD_MAX_BYTES + 1))


def largest_mb() -> int:
    """Return the largest file that is taken, in MB, as the pages say it."""
    return int(settings.UPLOAD_MAX_BYTES // 1024 // 1024)
