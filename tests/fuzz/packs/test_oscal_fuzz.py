"""Damaged OSCAL documents: importing and checking them refuses with a sentence and never crashes.

``GREENLANE_FUZZ_ROUNDS`` makes it a long run.
"""

from __future__ import annotations

import json
import os
import random
from datetime import date
from pathlib import Path
from typing import Any

from greenlane.content.oscal import export_pack
from greenlane.content.oscal_check import check_references, parse_oscal
from greenlane.content.oscal_import import ImportPlan, import_catalog
from greenlane.core.errors import GreenlaneError
from tests.unit.content.criteria_sample import load

SEED = int(os.environ.get("GREENLANE_FUZZ_SEED", "20261124"))
ROUNDS = int(os.environ.get("GREENLANE_FUZZ_ROUNDS", "60"))
PLAN = ImportPlan("made", date(2026, 1, 1), date(2026, 1, 1))

NONSENSE: tuple[object, ...] = (
    None,
    True,
    -1,
    1e308,
    "",
    "x",
    "\u0000\u202e\ud7ff",
    "a\nb: [c",
    "#" * 50,
    "9" * 5000,
    [],
    [[]],
    {},
    {"id": "a"},
    {"value": ["x"]},
    ["msc-1.9"],
)


def _damage(chance: random.Random, document: dict[str, Any]) -> None:
    """Replace, remove or double one value somewhere in a document."""
    node: Any = document
    while True:
        keys = list(node) if isinstance(node, dict) else list(range(len(node)))
        if not keys:
            return
        key = chance.choice(keys)
        child = node[key]
        if isinstance(child, dict | list) and child and chance.random() < 0.85:
            node = child
            continue
        what = chance.random()
        if what < 0.6:
            node[key] = chance.choice(NONSENSE)
        elif what < 0.8:
            del node[key]
        elif isinstance(node, list):
            node.append(child)
        else:
            node[str(chance.choice(NONSENSE))] = child
        return


def test_damaged_documents_are_refused_or_read_and_never_crash(tmp_path: Path) -> None:
    chance = random.Random(SEED)  # noqa: S311 -- damage, not secrets
    edition = load(tmp_path / "sample")[0]
    files = {file.path: file.document for file in export_pack(edition)}
    catalog = next(path for path in files if path.startswith("catalogs"))
    written = json.dumps(files)
    refused = 0

    for number in range(ROUNDS):
        documents: dict[str, Any] = json.loads(written)
        for _ in range(chance.choice([1, 1, 1, 2, 5])):
            _damage(chance, documents[chance.choice(list(documents))])
        content = json.dumps(documents[catalog]).encode()
        if chance.random() < 0.2:
            start = chance.randrange(len(content))
            content = content[:start] + chance.randbytes(3) + content[start + 2 :]
        try:
            check_references({path: parse_oscal(content, path) for path in [catalog]})
            check_references({path: value for path, value in documents.items() if value})
            import_catalog(content, "c.json", PLAN, tmp_path / str(number))
        except GreenlaneError as refusal:
            refused += bool(refusal.message)

    assert 0 < refused < ROUNDS
