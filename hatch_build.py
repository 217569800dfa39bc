"""Compile translations and make sure the browser assets are there before the wheel is built.

The assets come from `./dev assets`; a wheel without them would serve bare pages.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent
VENDOR = ROOT / "src" / "greenlane" / "web" / "static" / "vendor"

try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # run as a script by an environment that only compiles translations
    BuildHookInterface = object  # type: ignore[assignment, misc]


def compile_translation(source: Path) -> Path:
    """Write the `.mo` file beside the `.po` file `source` and return it; needs no gettext."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with source.open("rb") as text:
        catalogue = read_po(text, locale=source.parent.parent.name)
    compiled = source.with_suffix(".mo")
    with compiled.open("wb") as out:
        write_mo(out, catalogue)
    return compiled


class GreenlaneBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Runs before hatchling gathers the files of a wheel or source archive."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile every translation; refuse to build a wheel that lacks its browser assets."""
        for source in sorted((ROOT / "src").glob("greenlane/**/LC_MESSAGES/*.po")):
            compile_translation(source)
        if version != "editable" and not (VENDOR / ".stamp").is_file():
            raise SystemExit(
                "The browser assets are missing, so the wheel would serve bare pages. "
                "Run ./dev assets and build again."
            )


if __name__ == "__main__":
    for name in sys.argv[1:]:
        compile_translation(Path(name))
