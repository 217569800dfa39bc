"""An independent tool, compliance-trestle, validates our OSCAL documents and resolves a profile."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

import greenlane
from greenlane.content.criteria_files import load_editions
from greenlane.content.crosswalk_files import load_crosswalk
from greenlane.content.oscal import export_pack
from greenlane.content.oscal_check import controls_of

CTPAT = Path(greenlane.__file__).parent / "packs" / "ctpat"
TRESTLE = os.environ.get("GREENLANE_TRESTLE") or shutil.which("trestle")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        TRESTLE is None,
        reason="compliance-trestle is not here; set GREENLANE_TRESTLE to its command",
    ),
]


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("workspace")
    trestle(folder, "init", "--full")
    editions = load_editions(CTPAT)
    crosswalk = load_crosswalk(CTPAT, editions)
    for file in export_pack(editions[-1], crosswalk, workspace_links=True):
        path = folder / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(file.document), "utf-8")
    return folder


def trestle(folder: Path, *words: str) -> str:
    done = subprocess.run(
        [str(TRESTLE), *words], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_every_document_is_valid(workspace: Path) -> None:
    count = len(list(workspace.glob("*/*/*.json")))

    said = trestle(workspace, "validate", "-a")

    assert said.count("VALID: Model") == count
    assert "INVALID" not in said


@pytest.mark.parametrize("entity", ["importer", "customs_broker", "trade_compliance"])
def test_a_profile_resolves_to_the_criteria_and_levels_of_its_entity_type(
    workspace: Path, entity: str
) -> None:
    expected = {
        f"msc-{row.id}": row.level.value for row in load_editions(CTPAT)[-1].applicable(entity)
    }

    name = f"ctpat-2023-01-01-{entity}"
    trestle(workspace, "author", "profile-resolve", "-n", name, "-o", f"resolved-{entity}")

    path = workspace / "catalogs" / f"resolved-{entity}" / "catalog.json"
    catalog = json.loads(path.read_text("utf-8"))["catalog"]
    levels = {
        control["id"]: param["values"][0]
        for control in controls_of(catalog)
        for param in control["params"]
        if param["id"] == f"{control['id']}_modal"
    }
    assert levels == expected
