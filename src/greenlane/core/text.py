"""Text in several languages, as packs write it: one entry per language, English always there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

FALLBACK = "en"


@dataclass(frozen=True, slots=True, eq=True)
class Text:
    """One text in several languages. English is the language fallen back to."""

    by_language: Mapping[str, str]

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_language", MappingProxyType(dict(self.by_language)))

    def in_(self, language: str) -> str:
        """Return the text in ``language`` (``es`` or ``es-MX``), else in English, else any."""
        base, _, _ = language.partition("-")
        exact = self.by_language.get(language) or self.by_language.get(base)
        if exact:
            return exact
        return self.by_language.get(FALLBACK) or next(iter(self.by_language.values()), "")

    def __str__(self) -> str:
        return self.in_(FALLBACK)

    def __hash__(self) -> int:
        return hash(tuple(sorted(self.by_language.items())))
