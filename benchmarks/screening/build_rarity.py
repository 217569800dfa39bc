"""Build ``tables/rarity.npz``: how common a word's sound form is, from US government name lists.

Not run at build or test time: the shipped table is frozen, so that scores do not move when a list
does. Run it by hand, raise the scorer version, and run the quality benchmark again.

    python benchmarks/screening/build_rarity.py LISTS_FOLDER CENSUS_FOLDER

``LISTS_FOLDER`` holds OFAC csv sets and the Consolidated Screening List (works of the government,
public domain); ``CENSUS_FOLDER`` the 1990 Census name files dist.all.last, dist.female.first and
dist.male.first (likewise). Only sound forms borne by three names or more are kept, as hashes.
"""

from __future__ import annotations

import csv
import math
import sys
from collections import Counter
from pathlib import Path

import numpy as np

from greenlane.screening.kernel.names import P_WORD
from greenlane.screening.kernel.text import HASH_SEED, hash_bytes
from greenlane.screening.kernel.words import C_SOUND, C_SOUND_END
from greenlane.screening.prepare import prepare
from greenlane.screening.versions import TABLES

LEAST_BEARERS = 3
CENSUS_SHARE = 0.35  # how much a share of the US population counts against a share of the lists


def list_names(folder: Path) -> list[str]:
    """Return every distinct name of the lists."""
    names: dict[str, None] = {}
    for path in sorted(folder.rglob("*.csv")):
        with path.open(encoding="latin-1", newline="") as file:
            column = None
            if path.name.lower().startswith(("sdn.csv", "cons_prim")):
                column = 1
            elif path.name.lower().startswith(("alt", "cons_alt")):
                column = 3
            elif path.name.lower() == "csl.csv":
                for row in csv.DictReader(file):
                    names[row.get("name") or ""] = None
                    for other in (row.get("alt_names") or "").split("; "):
                        names[other] = None
                continue
            if column is None:
                continue
            for row in csv.reader(file):
                if len(row) > column:
                    names[row[column].strip()] = None
    return [name for name in names if name]


def sound_hashes(names: list[str]) -> tuple[list[set[int]], dict[int, str]]:
    """Return for each name the hashes of its words' sound forms."""
    prepared = prepare(names, np.full(len(names), 2, np.uint8))
    words, parts = prepared
    hashes = [
        hash_bytes(words.text, int(row[C_SOUND]), int(row[C_SOUND_END] - row[C_SOUND]), HASH_SEED)
        for row in words.facts
    ]
    rows = [
        {hashes[v] for v in parts.parts[parts.off[n] : parts.off[n + 1], P_WORD].tolist()}
        for n in range(len(names))
    ]
    return rows, {}


def main(lists: Path, census: Path) -> None:
    """Write the table."""
    names = list_names(lists)
    counts: Counter[int] = Counter()
    rows, _ = sound_hashes(names)
    for row in rows:
        counts.update(row)
    total = len(names)
    for file in ("dist.all.last", "dist.female.first", "dist.male.first"):
        entries = [line.split() for line in (census / file).read_text().splitlines()]
        entries = [entry for entry in entries if float(entry[1]) >= 0.003]
        rows, _ = sound_hashes([entry[0].lower() for entry in entries])
        weight = CENSUS_SHARE * (1.0 if file.endswith("last") else 0.5)
        extra: Counter[int] = Counter()
        for entry, row in zip(entries, rows, strict=True):
            for h in row:
                extra[h] += float(entry[1]) / 100 * total * weight
        for h, n in extra.items():
            counts[h] = max(counts[h], n)
    kept = sorted((h, n) for h, n in counts.items() if n >= LEAST_BEARERS)
    values = [max(12, round(100 * (1 - math.log(n / 1.5) / math.log(total)))) for _, n in kept]
    np.savez_compressed(
        TABLES / "rarity.npz",
        keys=np.array([h for h, _ in kept], np.int64),
        values=np.array(values, np.uint8),
    )
    print(f"{len(names):,} names, {len(kept):,} sound forms kept")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
