"""An index over any collection of names, searched either way: subjects' names or listed names.

The index is a folder of plain arrays, memory-mapped when opened, so that worker processes share one
copy. What a key means is the caller's business; levels, dates and identifiers live in ``screener``.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, ClassVar, Final, Self

import numpy as np
from numpy.typing import NDArray

from greenlane.core.errors import BadInput
from greenlane.screening.kernel.names import H_KIND, P_WORD, Names
from greenlane.screening.kernel.retrieve import (
    Postings,
    all_keys,
    count_keys,
    count_postings,
    fill_buckets,
    fill_postings,
    search_names,
    similar_words,
)
from greenlane.screening.kernel.similarity import COSTS
from greenlane.screening.kernel.words import Words
from greenlane.screening.levels import DEFAULT_FLOOR
from greenlane.screening.prepare import KINDS_BY_CODE, Prepared, kind_codes, prepare
from greenlane.screening.records import Kind
from greenlane.screening.score import (
    COEFFICIENTS,
    GATE_MASS,
    GATE_MOST,
    GATE_SHARE,
    GATE_SUM,
    floor_to_logit,
    score_of,
)
from greenlane.screening.versions import SCORER_VERSION

CHUNK: Final = 32768  # queries prepared at a time; bounds the memory of a bulk run


class IndexUnusable(BadInput):
    """The name index cannot be used. Build it again from its list version."""

    code: ClassVar[str] = "screening.index_unusable"


class Roles(StrEnum):
    """Which side of a search holds the subjects."""

    QUERIES_ARE_SUBJECTS = "QUERIES_ARE_SUBJECTS"
    QUERIES_ARE_LISTED = "QUERIES_ARE_LISTED"


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of names at or above the floor, sorted by query, then best score, then entry.

    ``query`` (int32): row in the names asked; ``entry`` (int32): row in the index; ``score``
    (float64): 0 to 1, six digits, 1 only for names that are the same once normalized.
    """

    query: NDArray[np.int32]
    entry: NDArray[np.int32]
    score: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.query)


def _bucket_count(n: int) -> int:
    return 1 << max(4, int(n).bit_length() - 1)


def _invert(prepared: Prepared) -> Postings:
    """Return the inverted index of prepared names."""
    words, names = prepared
    n_words = len(words.facts)
    n_keys = count_keys(words)
    hashes = np.empty(n_keys, np.int64)
    owners = np.empty(n_keys, np.int32)
    all_keys(words, hashes, owners)
    key_off, key_hash, key_word = _grouped(hashes, owners)
    post_off, n_joins = count_postings(names, n_words)
    post_name = np.empty(int(post_off[-1]), np.int32)
    post_weight = np.empty(int(post_off[-1]), np.uint8)
    join_hashes = np.empty(n_joins, np.int64)
    join_names = np.empty(n_joins, np.int32)
    join_weights = np.empty(n_joins, np.uint8)
    fill_postings(
        words, names, post_off, post_name, post_weight, join_hashes, join_names, join_weights
    )
    join_off, join_hash, join_row = _grouped(join_hashes, np.arange(n_joins, dtype=np.int32))
    return Postings(
        key_off, key_hash, key_word, post_off, post_name, post_weight,
        join_off, join_hash, join_names[join_row], join_weights[join_row],
    )  # fmt: skip


def _grouped(
    hashes: NDArray[np.int64], owners: NDArray[np.int32]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int32]]:
    off = np.zeros(_bucket_count(len(hashes)) + 1, np.int64)
    out_hash = np.empty(len(hashes), np.int64)
    out_owner = np.empty(len(owners), np.int32)
    fill_buckets(hashes, owners, off, out_hash, out_owner)
    return off, out_hash, out_owner


def _pack(texts: Sequence[str]) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    encoded = [text.encode("utf-8", "replace") for text in texts]
    off = np.zeros(len(texts) + 1, np.int64)
    np.cumsum(np.fromiter(map(len, encoded), np.int64, len(encoded)), out=off[1:])
    return np.frombuffer(b"".join(encoded), np.uint8), off


class Index:
    """Names with their keys, ready to be searched. Build it, or open a saved one."""

    def __init__(self, arrays: dict[str, NDArray[Any]], version: str) -> None:
        self._arrays = arrays
        self.version = version
        self.scorer_version = SCORER_VERSION
        self._words = Words(**{field: arrays[f"words.{field}"] for field in Words._fields})
        self._names = Names(**{field: arrays[f"names.{field}"] for field in Names._fields})
        self._postings = Postings(
            **{field: arrays[f"postings.{field}"] for field in Postings._fields}
        )
        # One index serves several threads, and the kernel lets them run at the same time.
        self._scratch = threading.local()

    @classmethod
    def build(
        cls,
        keys: Sequence[str],
        names: Sequence[str],
        kinds: Sequence[Kind] | NDArray[np.uint8],
        *,
        version: str,
    ) -> Self:
        """Index ``names``; the three sequences are parallel.

        Args:
            keys: What each entry stands for, in the caller's terms; need not be unique.
            names: One name each.
            kinds: One kind each, or kind codes as ``kind_codes`` gives them.
            version: Version of what is indexed (the list version), kept with the index.
        """
        if not len(keys) == len(names) == len(kinds):
            message = (
                f"The index was given {len(keys)} keys, {len(names)} names and {len(kinds)} kinds. "
                "Give one of each for every entry."
            )
            raise ValueError(message)
        codes = kinds if isinstance(kinds, np.ndarray) else kind_codes(kinds)
        prepared = prepare(names, codes)
        arrays: dict[str, NDArray[Any]] = {}
        for field, array in prepared.words._asdict().items():
            arrays[f"words.{field}"] = array
        for field, array in prepared.names._asdict().items():
            arrays[f"names.{field}"] = array
        for field, array in _invert(prepared)._asdict().items():
            arrays[f"postings.{field}"] = array
        arrays["text"], arrays["text_off"] = _pack(names)
        arrays["keys"], arrays["keys_off"] = _pack(keys)
        return cls(arrays, version)

    def save(self, folder: Path) -> None:
        """Write the index to ``folder``, replacing what stood there in one step."""
        folder = Path(folder)
        folder.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
        try:
            for name, array in self._arrays.items():
                np.save(draft / f"{name}.npy", array, allow_pickle=False)
            manifest = {
                "version": self.version,
                "scorer_version": self.scorer_version,
                "entries": len(self),
                "arrays": {name: len(array) for name, array in self._arrays.items()},
            }
            (draft / "manifest.json").write_text(json.dumps(manifest, indent=1, sort_keys=True))
            draft.chmod(0o755)
            if folder.exists():
                old = folder.with_name(f".{folder.name}-old-{os.getpid()}")
                folder.rename(old)
                draft.rename(folder)
                shutil.rmtree(old)
            else:
                draft.rename(folder)
        except BaseException:
            shutil.rmtree(draft, ignore_errors=True)
            raise

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Map a saved index into memory (read-only, shared between processes).

        Raises:
            IndexUnusable: The folder is missing, damaged, or of another scorer version.
        """
        folder = Path(folder)
        try:
            manifest = json.loads((folder / "manifest.json").read_text())
            if manifest["scorer_version"] != SCORER_VERSION:
                message = (
                    f"The name index in {folder} was built by scorer {manifest['scorer_version']}; "
                    f"this is scorer {SCORER_VERSION}. Build the index again."
                )
                raise IndexUnusable(message)
            arrays: dict[str, NDArray[Any]] = {}
            for name, length in manifest["arrays"].items():
                path = folder / f"{name}.npy"
                array = (
                    np.load(path, mmap_mode="r", allow_pickle=False)
                    if length
                    else np.load(path, allow_pickle=False)
                )
                if len(array) != length:
                    message = (
                        f"The name index in {folder} is damaged ({path.name}). Build it again."
                    )
                    raise IndexUnusable(message)
                arrays[name] = array
            return cls(arrays, str(manifest["version"]))
        except (OSError, ValueError, KeyError, TypeError) as error:
            message = f"The name index in {folder} cannot be read ({error}). Build it again."
            raise IndexUnusable(message) from error

    def __len__(self) -> int:
        return len(self._names.heads)

    def _text(self, name: str, entry: int) -> str:
        off = self._arrays[f"{name}_off"]
        return bytes(self._arrays[name][off[entry] : off[entry + 1]]).decode("utf-8")

    def key(self, entry: int) -> str:
        """Return the caller's key of an entry."""
        return self._text("keys", entry)

    def name(self, entry: int) -> str:
        """Return the name of an entry as it was given."""
        return self._text("text", entry)

    def kind(self, entry: int) -> Kind:
        """Return the kind of an entry."""
        return KINDS_BY_CODE[int(self._names.heads[entry, H_KIND])]

    @property
    def prepared(self) -> Prepared:
        """The normalized names, for explaining a pair."""
        return Prepared(self._words, self._names)

    def search(
        self,
        names: Sequence[str],
        kinds: Sequence[Kind] | NDArray[np.uint8],
        *,
        floor: float = DEFAULT_FLOOR,
        roles: Roles = Roles.QUERIES_ARE_SUBJECTS,
    ) -> Pairs:
        """Return every pair of a query and an entry that scores ``floor`` or more.

        The score of a pair depends on the two names, their kinds and their roles alone, so a search
        with the roles swapped over an index of the other side finds the same pairs with the same
        scores. One thread; about 25 microseconds a query on a list of 40,000 names.
        """
        codes = kinds if isinstance(kinds, np.ndarray) else kind_codes(kinds)
        z_floor = floor_to_logit(floor)
        queries, entries, logits = [], [], []
        for start in range(0, len(names), CHUNK):
            part = names[start : start + CHUNK]
            query, entry, z = self._search(part, codes[start : start + CHUNK], z_floor, roles)
            queries.append(query + np.int32(start))
            entries.append(entry)
            logits.append(z)
        if not queries:
            return Pairs(np.empty(0, np.int32), np.empty(0, np.int32), np.empty(0, np.float64))
        query = np.concatenate(queries)
        entry = np.concatenate(entries)
        score = score_of(np.concatenate(logits))
        order = np.lexsort((entry, -score, query))
        return Pairs(query[order], entry[order], score[order])

    def _search(
        self, names: Sequence[str], codes: NDArray[np.uint8], z_floor: int, roles: Roles
    ) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int64]]:
        if not len(names) or not len(self):
            return np.empty(0, np.int32), np.empty(0, np.int32), np.empty(0, np.int64)
        asked = prepare(names, codes)
        similar_off, similar = self._similar(asked)
        got: NDArray[np.int32] | None = getattr(self._scratch, "got", None)
        if got is None:
            got = self._scratch.got = np.zeros(len(self), np.int32)
        capacity = max(16 * len(names), len(self))
        pieces = []
        first = 0
        while first < len(names):
            query = np.empty(capacity, np.int32)
            entry = np.empty(capacity, np.int32)
            z = np.empty(capacity, np.int64)
            first, n, _ = search_names(
                asked.words, asked.names, self._words, self._names, self._postings,
                similar_off, similar, COSTS, COEFFICIENTS,
                GATE_SHARE, GATE_MOST, GATE_MASS, GATE_SUM, z_floor,
                roles is Roles.QUERIES_ARE_SUBJECTS, first, got, query, entry, z,
            )  # fmt: skip
            pieces.append((query[:n].copy(), entry[:n].copy(), z[:n].copy()))
        return (
            np.concatenate([piece[0] for piece in pieces]),
            np.concatenate([piece[1] for piece in pieces]),
            np.concatenate([piece[2] for piece in pieces]),
        )

    def _similar(self, asked: Prepared) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        """Return for each word asked about the indexed words that are like it (offsets, words)."""
        n_words = len(asked.words.facts)
        needed = np.zeros(n_words, np.bool_)
        needed[asked.names.parts[:, P_WORD]] = True
        off = np.zeros(n_words + 1, np.int64)
        out = np.empty(max(24 * n_words, 1024), np.int32)
        stamp = np.full(len(self._words.facts), -1, np.int32)
        first = 0
        while True:
            first, n = similar_words(
                asked.words, self._words, self._postings, needed, COSTS, off, out, first, stamp
            )
            if first >= n_words:
                return off, out[:n]
            out = np.concatenate([out[:n], np.empty(2 * len(out), np.int32)])
