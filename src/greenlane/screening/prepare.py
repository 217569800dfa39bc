"""From a list of names to the kernel's word table and typed parts.

This is the normalizer: everything a score sees of a name is made here. It depends on the name and
its kind alone, never on other names.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from greenlane.screening.kernel.names import Names, type_names
from greenlane.screening.kernel.text import MAX_WORDS, fold_text, intern_words, split_names
from greenlane.screening.kernel.words import N_GROUPS, Words, describe_words, write_forms
from greenlane.screening.lexicon import load_lexicon
from greenlane.screening.records import Kind
from greenlane.screening.scripts import fold_table, needs_rewriting, rewrite

MAX_NAME = 400  # characters read of one name; the longest listed name known has 240

KIND_CODES = {
    Kind.UNKNOWN: 0,
    Kind.PERSON: 1,
    Kind.ORGANIZATION: 2,
    Kind.VESSEL: 3,
    Kind.AIRCRAFT: 4,
}
KINDS_BY_CODE = tuple(KIND_CODES)


class Prepared(NamedTuple):
    """Names in the kernel's form, with the vocabulary they use."""

    words: Words
    names: Names


def codepoints_of(names: Sequence[str]) -> NDArray[np.uint32]:
    """Return the code points of all names, one a line, rewritten where the table cannot fold."""
    text = "\n".join(names)
    if text.count("\n") != max(len(names) - 1, 0) or len(text) > MAX_NAME * len(names):
        return codepoints_of(_tamed(names))
    points = np.frombuffer(text.encode("utf-32-le", "replace"), np.uint32)
    if points.size and int(points.max()) >= 0x370:
        strange = needs_rewriting(points)
        if strange.any():
            line_of = np.cumsum(points == 10)
            rows = np.unique(line_of[strange])
            changed = list(names)
            for row in rows.tolist():
                changed[row] = _tame(rewrite(names[row]))
            points = np.frombuffer("\n".join(changed).encode("utf-32-le", "replace"), np.uint32)
    return points


def _tame(name: str) -> str:
    return name.replace("\n", " ").replace("\r", " ")[:MAX_NAME]


def _tamed(names: Sequence[str]) -> list[str]:
    return [_tame(name) for name in names]


def _offsets(lengths: NDArray[np.int64]) -> NDArray[np.int64]:
    out = np.zeros(len(lengths) + 1, np.int64)
    np.cumsum(lengths, out=out[1:])
    return out


def _table_size(n: int) -> int:
    return 1 << max(6, (2 * n).bit_length())


def _vocabulary(
    word_bytes: NDArray[np.uint8],
    starts: NDArray[np.int64],
    lengths: NDArray[np.int64],
) -> Words:
    """Return the described word table of a vocabulary."""
    lexicon = load_lexicon()
    n = len(starts)
    raw_off = _offsets(lengths)
    # gather the distinct words' bytes one after the other
    index = np.repeat(starts - raw_off[:-1], lengths) + np.arange(raw_off[-1])
    raw = word_bytes[index]
    sound = np.empty(2 * len(raw) + 2, np.uint8)
    bones = np.empty(2 * len(raw) + 2, np.uint8)
    sound_off = np.empty(n + 1, np.int64)
    bones_off = np.empty(n + 1, np.int64)
    write_forms(raw, raw_off, sound, sound_off, bones, bones_off)
    words = Words(
        raw=raw,
        raw_off=raw_off,
        sound=sound[: sound_off[-1]].copy(),
        sound_off=sound_off,
        bones=bones[: bones_off[-1]].copy(),
        bones_off=bones_off,
        marks=np.zeros(n, np.int32),
        groups=np.zeros((n, N_GROUPS), np.int16),
        rarity=np.zeros(n, np.uint8),
        canon=np.zeros(n, np.int16),
        number=np.full(n, -1, np.int32),
        key=np.zeros(n, np.int64),
    )
    describe_words(
        words,
        lexicon.keys,
        lexicon.marks,
        lexicon.canon,
        lexicon.number,
        lexicon.groups,
        lexicon.rarity_keys,
        lexicon.rarity,
    )
    return words


def kind_codes(kinds: Sequence[Kind]) -> NDArray[np.uint8]:
    """Return the kernel's kind codes."""
    return np.fromiter((KIND_CODES[kind] for kind in kinds), np.uint8, len(kinds))


def prepare(names: Sequence[str], kinds: NDArray[np.uint8]) -> Prepared:
    """Normalize ``names``; ``kinds`` holds one kind code (see ``kind_codes``) for each."""
    lexicon = load_lexicon()
    points = codepoints_of(names)
    offsets, table = fold_table()
    folded = np.empty(points.size * 5 + 8, np.uint8)
    n_bytes = fold_text(points, offsets, table, folded)
    folded = folded[:n_bytes]
    capacity = int(np.count_nonzero((folded < 48))) + len(names) + 1
    capacity = min(capacity, MAX_WORDS * max(len(names), 1))
    word_bytes = np.empty(n_bytes + 2 * capacity + 8, np.uint8)
    word_start = np.empty(capacity, np.int64)
    word_len = np.empty(capacity, np.int64)
    word_mark = np.empty(capacity, np.uint8)
    name_off = np.zeros(len(names) + 2, np.int64)
    n_words, _ = split_names(folded, n_bytes, word_bytes, word_start, word_len, word_mark, name_off)
    name_off = name_off[: len(names) + 1]
    hash_table = np.full(_table_size(n_words), -1, np.int32)
    vocab_start = np.empty(n_words, np.int64)
    vocab_len = np.empty(n_words, np.int64)
    word_id = np.empty(n_words, np.int32)
    n_vocab = intern_words(
        word_bytes, word_start, word_len, n_words, hash_table, vocab_start, vocab_len, word_id
    )
    words = _vocabulary(word_bytes, vocab_start[:n_vocab], vocab_len[:n_vocab])
    parts = Names(
        off=np.zeros(len(names) + 1, np.int64),
        word=np.empty(n_words, np.int32),
        type=np.empty(n_words, np.uint8),
        weight=np.empty(n_words, np.uint8),
        value=np.empty(n_words, np.int32),
        kind=np.empty(len(names), np.uint8),
        legal=np.zeros(len(names), np.int32),
        family=np.zeros(len(names), np.uint8),
        mass=np.zeros(len(names), np.int32),
    )
    n = type_names(
        words, name_off, word_id, word_mark, np.asarray(kinds, np.uint8),
        lexicon.phrase_keys, lexicon.phrase_role, lexicon.phrase_canon, parts,
    )  # fmt: skip
    return Prepared(
        words,
        parts._replace(
            word=parts.word[:n].copy(),
            type=parts.type[:n].copy(),
            weight=parts.weight[:n].copy(),
            value=parts.value[:n].copy(),
        ),
    )
