"""The version of everything a score depends on.

A change of the normalizer, the lexicon, the rarity table or the coefficients raises the number; the
digest of the shipped tables is appended, so that a forgotten raise cannot pass unnoticed.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final

TABLES = Path(__file__).parent / "tables"
_RULES: Final = "3"


def _table_digest() -> str:
    digest = hashlib.sha256()
    for path in sorted(TABLES.iterdir()):
        if path.suffix in {".tsv", ".npz", ".json"}:
            digest.update(path.name.encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:10]


SCORER_VERSION: Final = f"{_RULES}-{_table_digest()}"
