"""Sets a sheet as PDF with the installation's own fonts; what a sheet says stands beside it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from greenlane.core.canonical import Json
from greenlane.core.errors import GreenlaneError

# In the order in which they are asked for a character. Names of companies and people come in any
# script; package.json brings the files.
FONTS: Final = (
    "Noto Sans",
    "Noto Sans S Chinese",
    "Noto Sans Japanese",
    "Noto Sans Korean",
    *(
        f"Noto Sans {script}"
        for script in (
            "Arabic",
            "Armenian",
            "Bengali",
            "Devanagari",
            "Ethiopic",
            "Georgian",
            "Gujarati",
            "Gurmukhi",
            "Hebrew",
            "Kannada",
            "Khmer",
            "Lao",
            "Malayalam",
            "Myanmar",
            "Oriya",
            "Sinhala",
            "Tamil",
            "Telugu",
            "Thai",
        )
    ),
)
_NO_SUCH_CHARACTER: Final = "could not be displayed with font"


class NotTypeset(GreenlaneError):
    """The typesetter refused."""

    code = "pdf.not_set"


def typeset(sheet: Path, varying: Mapping[str, Json]) -> bytes:
    """Return what a sheet makes of some values, as PDF/A-3b.

    A character that no font has, such as a picture sign in a name, is printed as an empty frame,
    and the file is a plain PDF then: the archival form forbids that. A certification must not fail
    for the script of a name.

    Args:
        sheet: The sheet; it reads ``sys.inputs.varying`` and ``sys.inputs.fonts``, both JSON.
        varying: What it prints; markup in it is printed as it stands.

    Raises:
        NotTypeset: the sheet or a value is at fault.
    """
    try:
        return _compile(sheet, varying, ["a-3b"])
    except NotTypeset as refusal:
        if _NO_SUCH_CHARACTER not in refusal.message:
            raise
        return _compile(sheet, varying, None)


def _compile(sheet: Path, varying: Mapping[str, Json], standards: list[str] | None) -> bytes:
    import typst

    source: Any = str(sheet)  # the stub's type variable has no solution for a plain text
    # PDF/A-3 is the archival form that may carry a file: the receipt, found by any reader.
    more: Any = {} if standards is None else {"pdf_standards": standards}
    try:
        pdf: bytes = typst.compile(
            source,
            sys_inputs={
                "varying": json.dumps(varying, ensure_ascii=False),
                "fonts": json.dumps(FONTS),
            },
            font_paths=[str(settings.FONTS_DIR)],
            ignore_system_fonts=True,
            **more,
        )
    except Exception as error:
        # The library raises untyped errors of its own.
        raise NotTypeset(str(error)) from error
    return pdf
