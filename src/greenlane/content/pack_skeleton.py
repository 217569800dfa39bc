"""Makes a new pack: a copy of the documented skeleton, which is a whole program from the start."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from greenlane.core.errors import BadInput

SKELETON: Final = Path(__file__).resolve().parent / "skeleton"
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_WORD: Final = "new-program"


def new_pack(name: str, *, parent: Path) -> Path:
    """Write a new pack below ``parent`` and return its folder; it passes every check as it is.

    Args:
        name: The pack's name, which is its folder's and its id: small letters, digits, hyphens.
        parent: Folder that holds packs; made if it is not there.

    Raises:
        BadInput: such a name cannot be a pack's, something lies there already, or the folder
            cannot be written.
    """
    if not _NAME.fullmatch(name):
        raise BadInput(
            f"{name[:60]!r} cannot be a pack's name. Use small letters, digits and hyphens, such "
            "as harbor-trust."
        )
    folder = parent / name
    if folder.exists():
        raise BadInput(f"{folder} is there already, and nothing was written. Choose another name.")
    try:
        for path in sorted(SKELETON.rglob("*.yaml")):
            target = folder / path.relative_to(SKELETON)
            target.parent.mkdir(parents=True, exist_ok=True)
            text = path.read_text(encoding="utf-8").replace(_WORD, name)
            target.write_text(text, encoding="utf-8")
    except OSError as error:
        raise BadInput(
            f"{folder} cannot be written: {error.strerror}. Name another folder with --in."
        ) from None
    return folder
