"""What a door reads of an upload, and how many files it takes at once."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from greenlane.gate.uploads import content_of
from greenlane.web.ui.forms import SeveralFilesField


@pytest.mark.parametrize(("size", "read"), [(9, 9), (10, 10), (11, 11), (5_000, 11)])
def test_no_more_is_read_than_shows_that_a_file_is_too_large(
    settings: Any, size: int, read: int
) -> None:
    settings.UPLOAD_MAX_BYTES = 10

    assert len(content_of(SimpleUploadedFile("a.txt", b"x" * size))) == read


def test_more_files_than_fit_are_refused_before_one_is_read() -> None:
    field = SeveralFilesField(fit=2, required=False)
    files = [SimpleUploadedFile(f"{n}.txt", b"text") for n in range(3)]

    with pytest.raises(ValidationError) as refused:
        field.clean(files)

    assert refused.value.messages == ["These are 3 files; at most 2 go in one step."]
    assert [file.tell() for file in files] == [0, 0, 0]
    assert field.clean(files[:2]) == files[:2]
    assert field.clean([]) == []
