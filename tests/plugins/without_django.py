"""Makes an import of Django fail, so that unit tests prove that what they test stands below it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType


class NoDjango:
    """A finder that refuses Django, asked before every other finder."""

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Raise for Django and its parts; return None, "not mine", for everything else."""
        if name == "django" or name.startswith("django."):
            raise ImportError(
                f"A unit test imports {name}. Unit tests cover core, content, screening and "
                "engine, which stand below Django; a test that needs it belongs in tests/apps."
            )
        return None


sys.meta_path.insert(0, NoDjango())
