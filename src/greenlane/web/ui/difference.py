"""The difference of two texts, word by word: what went, what came, what stayed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

# Comparing is quadratic in the worst case; beyond this many words, lines are compared instead.
_MOST_WORDS: Final = 3_000
_PART: Final = re.compile(r"\s+|\w+|[^\w\s]", re.UNICODE)


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text: ``same``, ``old`` (only before) or ``new`` (only now)."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Difference:
    """Both sides of a comparison, each as runs."""

    before: tuple[Piece, ...]
    after: tuple[Piece, ...]

    @property
    def is_same(self) -> bool:
        """Whether nothing differs."""
        return all(piece.kind == "same" for piece in (*self.before, *self.after))


def difference(old: str, new: str) -> Difference:
    """Compare two texts.

    Example:
        >>> difference("a red seal", "a blue seal").after[1]
        Piece(kind='new', text='blue')
    """
    before, after = _PART.findall(old), _PART.findall(new)
    if max(len(before), len(after)) > _MOST_WORDS:
        before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    left: list[Piece] = []
    right: list[Piece] = []
    for kind, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            _add(left, "same", before[i:j])
            _add(right, "same", after[k:m])
            continue
        _add(left, "old", before[i:j])
        _add(right, "new", after[k:m])
    return Difference(tuple(left), tuple(right))


def _add(pieces: list[Piece], kind: str, words: Sequence[str]) -> None:
    text = "".join(words)
    if not text:
        return
    # A lone blank between two changed words belongs to the change: one mark instead of three.
    if kind == "same" and not text.strip() and pieces and pieces[-1].kind != "same":
        kind = pieces[-1].kind
    if pieces and pieces[-1].kind == kind:
        pieces[-1] = Piece(kind, pieces[-1].text + text)
    else:
        pieces.append(Piece(kind, text))
