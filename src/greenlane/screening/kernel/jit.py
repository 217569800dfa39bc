"""Compile a kernel function when numba is installed; leave it as it is when not.

The compiled code is kept in a folder of its own, named after the kernel's sources: numba notices a
change in a function's own file but not in the functions it calls, so a stale cache would otherwise
score with yesterday's rules.
"""

from __future__ import annotations

import hashlib
import importlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

F = TypeVar("F", bound=Callable[..., Any])

_SOURCES = Path(__file__).parent


def _source_digest() -> str:
    digest = hashlib.sha256()
    for path in sorted(_SOURCES.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _candidate_folders() -> list[Path]:
    """Folders to try for compiled code, best first."""
    folders = []
    if configured := os.environ.get("GREENLANE_CACHE_DIR"):
        folders.append(Path(configured))
    if user_cache := os.environ.get("XDG_CACHE_HOME"):
        folders.append(Path(user_cache) / "greenlane")
    if home := os.environ.get("HOME"):
        folders.append(Path(home) / ".cache" / "greenlane")
    return folders


def cache_folder() -> Path | None:
    """Return a writable folder for compiled code, or None when there is none.

    A service without a home on a read-only installation has none; it then compiles at each start
    (about half a minute) unless ``GREENLANE_CACHE_DIR`` names a writable folder.
    """
    for folder in _candidate_folders():
        target = folder / f"numba-{_source_digest()}"
        try:
            target.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=target):
                return target
        except OSError:
            continue
    return None


def _compiler(**flags: bool) -> Callable[[F], F] | None:
    if os.environ.get("GREENLANE_SCREENING_COMPILED", "1") == "0":
        return None
    try:
        # Its own types do not know its own options.
        numba: Any = importlib.import_module("numba")
    except ImportError:
        return None
    folder = cache_folder()
    if folder is not None:
        numba.config.CACHE_DIR = str(folder)
    return cast(
        "Callable[[F], F]",
        numba.njit(
            cache=folder is not None,
            nogil=True,
            boundscheck=False,
            error_model="numpy",
            **flags,
        ),
    )


_COMPILE = _compiler()
# Functions that make no array need no counting of references, which otherwise costs more than
# their work: about 60 counts in one comparison of two names.
_COMPILE_INNER = _compiler(_nrt=False)
IS_COMPILED = _COMPILE is not None


def jit(function: F) -> F:
    """Compile ``function`` (no fast-math: same bits everywhere), or return it unchanged."""
    return function if _COMPILE is None else _COMPILE(function)


def jit_inner(function: F) -> F:
    """Compile a ``function`` that makes no array of its own, or return it unchanged."""
    return function if _COMPILE_INNER is None else _COMPILE_INNER(function)
