"""From a list of names to the kernel's word table and typed parts.

This is the normalizer: everything a score sees of a name is made here. It depends on the name and
its kind alone, never on other names.
"""

from __future__ import annotations

import unicodedata
import zlib
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from greenlane.screening.kernel.names import H_TEXT, N_HEAD, N_PART, Names, type_names
from greenlane.screening.kernel.text import MAX_WORDS, fold_text, intern_words, split_names
from greenlane.screening.kernel.words import (
    C_RAW,
    C_RAW_END,
    N_FACTS,
    Words,
    describe_words,
    write_forms,
)
from greenlane.screening.lexicon import load_lexicon
from greenlane.screening.records import Kind
from greenlane.screening.scripts import fold_table, needs_rewriting, rewrite
from greenlane.screening.wade_giles import as_pinyin, rows_to_try

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


def codepoints_of(
    names: Sequence[str], codes: NDArray[np.uint8]
) -> tuple[NDArray[np.uint32], list[int], list[int]]:
    """Return the code points of all names, one a line, and the rows that were rewritten.

    Names in scripts that the table cannot fold are rewritten in letters that it can (the first
    rows), names of persons in Wade-Giles in pinyin (the second).
    """
    text = "\n".join(names)
    is_tame = text.count("\n") == max(len(names) - 1, 0)
    # each name by itself: what is read of one must not depend on how long the others are
    if not is_tame or (len(text) > MAX_NAME and max(map(len, names)) > MAX_NAME):
        return codepoints_of(_tamed(names), codes)
    points = np.frombuffer(text.encode("utf-32-le", "replace"), np.uint32)
    changed: dict[int, str] = {}
    if points.size and int(points.max()) >= 0x370:
        strange = needs_rewriting(points)
        if strange.any():
            line_of = np.cumsum(points == 10)
            rows = np.unique(line_of[strange]).tolist()
            changed = {row: _tame(rewrite(names[row])) for row in rows}
    rewritten = list(changed)
    in_pinyin = []
    for row in rows_to_try(points).tolist():
        if codes[row] <= KIND_CODES[Kind.PERSON] and (pinyin := as_pinyin(names[row])):
            changed[row] = pinyin
            in_pinyin.append(row)
    if changed:
        lines = list(names)
        for row, name in changed.items():
            lines[row] = name
        points = np.frombuffer("\n".join(lines).encode("utf-32-le", "replace"), np.uint32)
    return points, rewritten, in_pinyin


def _tame(name: str) -> str:
    return name.replace("\n", " ").replace("\r", " ")[:MAX_NAME]


def _tamed(names: Sequence[str]) -> list[str]:
    return [_tame(name) for name in names]


def _as_written(name: str) -> str:
    """Return a name as written, less case, width, marks and spacing."""
    text = unicodedata.normalize("NFKD", _tame(name)).casefold()
    return "".join(c for c in text if unicodedata.category(c)[0] in "LN")


def _written_hash(kept: str) -> int:
    """Return a 31-bit hash of a name as written."""
    return zlib.crc32(kept.encode("utf-8", "replace")) & 0x7FFFFFFF


def _is_strange(kept: str) -> bool:
    """Tell whether letters are neither Latin nor Cyrillic: else the folded words tell enough."""
    return any(0x370 <= ord(c) < 0x400 or ord(c) >= 0x590 for c in kept)


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
    n_raw = len(index)
    text = np.empty(5 * n_raw + 2 * n + 2, np.uint8)
    text[:n_raw] = word_bytes[index]
    facts = np.zeros((n, N_FACTS), np.int32)
    facts[:, C_RAW] = raw_off[:-1]
    facts[:, C_RAW_END] = raw_off[1:]
    used = write_forms(Words(text, facts), n_raw)
    words = Words(text[:used].copy(), facts)
    describe_words(
        words, lexicon.keys, lexicon.marks, lexicon.canon, lexicon.number, lexicon.groups,
        lexicon.rarity_keys, lexicon.rarity, lexicon.slip_keys, lexicon.slip_canon,
    )  # fmt: skip
    return words


def kind_codes(kinds: Sequence[Kind]) -> NDArray[np.uint8]:
    """Return the kernel's kind codes."""
    return np.fromiter((KIND_CODES[kind] for kind in kinds), np.uint8, len(kinds))


def prepare(names: Sequence[str], kinds: NDArray[np.uint8]) -> Prepared:
    """Normalize ``names``; ``kinds`` holds one kind code (see ``kind_codes``) for each."""
    lexicon = load_lexicon()
    codes = np.asarray(kinds, np.uint8)
    points, rewritten, in_pinyin = codepoints_of(names, codes)
    offsets, table = fold_table()
    folded = np.empty(points.size * 5 + 8, np.uint8)
    n_bytes = fold_text(points, offsets, table, folded)
    folded = folded[:n_bytes]
    # a word needs a separator before it; a cut makes two of one
    capacity = 2 * (int(np.count_nonzero(folded < 48)) + len(names) + 1)
    capacity = min(capacity, MAX_WORDS * max(len(names), 1))
    word_bytes = np.empty(n_bytes + 2 * capacity + 8, np.uint8)
    word_start = np.empty(capacity, np.int64)
    word_len = np.empty(capacity, np.int64)
    word_mark = np.empty(capacity, np.uint8)
    name_off = np.zeros(len(names) + 2, np.int64)
    n_words, _ = split_names(
        folded, n_bytes, word_bytes, word_start, word_len, word_mark, name_off,
        codes, lexicon.affixes, lexicon.affix_off, lexicon.affix_at_end,
    )  # fmt: skip
    name_off = name_off[: len(names) + 1]
    hash_table = np.full(_table_size(n_words), -1, np.int32)
    vocab_start = np.empty(n_words, np.int64)
    vocab_len = np.empty(n_words, np.int64)
    word_id = np.empty(n_words, np.int32)
    n_vocab = intern_words(
        word_bytes, word_start, word_len, n_words, hash_table, vocab_start, vocab_len, word_id
    )
    words = _vocabulary(word_bytes, vocab_start[:n_vocab], vocab_len[:n_vocab])
    typed = Names(
        off=np.zeros(len(names) + 1, np.int64),
        parts=np.empty((n_words, N_PART), np.int32),
        heads=np.zeros((len(names), N_HEAD), np.int32),
    )
    n = type_names(
        words, name_off, word_id, word_mark, codes,
        lexicon.phrase_keys, lexicon.phrase_role, lexicon.phrase_canon, typed,
    )  # fmt: skip
    for row in rewritten:
        # unlike letters may be rewritten alike: such names are the same only as they are written
        if _is_strange(kept := _as_written(names[row])):
            typed.heads[row, H_TEXT] = _written_hash(kept)
    for row in in_pinyin:
        # two romanizations of one name are alike, not the same
        typed.heads[row, H_TEXT] = _written_hash(_as_written(names[row]))
    return Prepared(words, typed._replace(parts=typed.parts[:n].copy()))
