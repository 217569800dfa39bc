"""``greenlane oscal``: export, check, import."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from greenlane.cli.oscal import oscal
from greenlane.content.criteria_files import editions_of, load_editions
from greenlane.core.errors import GreenlaneError
from tests.unit.content.criteria_sample import write_pack


@pytest.fixture(autouse=True)
def sample(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Install the sample pack, which has no crosswalk, under the name ``sample``."""
    folder = write_pack(tmp_path / "packs" / "sample")
    (folder / "pack.yaml").write_text("id: sample\n", "utf-8")
    monkeypatch.setenv("GREENLANE_PACKS_DIR", str(tmp_path / "packs"))
    editions_of.cache_clear()


def run(*words: str) -> Result:
    return CliRunner().invoke(oscal, [*words])


def exported(folder: Path, *words: str) -> Path:
    result = run("export", "--pack", "sample", "--out", str(folder), *words)
    assert result.exit_code == 0, result.output
    return folder


def test_an_export_is_written_in_the_layout_of_oscal_tools(tmp_path: Path) -> None:
    folder = exported(tmp_path / "out", "--on", "2026-01-01")

    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*.json")}
    assert found == {
        "catalogs/sample-two/catalog.json",
        "profiles/sample-two-importer/profile.json",
    }


def test_an_edition_may_be_named_and_read_in_spanish(tmp_path: Path) -> None:
    folder = exported(tmp_path / "out", "--edition", "one", "--lang", "es")

    text = (folder / "catalogs/sample-one/catalog.json").read_text("utf-8")
    assert "Bitácora de sellos" in text


def test_an_export_passes_the_check(tmp_path: Path) -> None:
    result = run("check", str(exported(tmp_path / "out")))

    assert (result.exit_code, result.stdout) == (0, "2 documents checked, 0 findings.\n")


def test_a_broken_reference_is_named_and_fails_the_check(tmp_path: Path) -> None:
    folder = exported(tmp_path / "out")
    path = folder / "profiles/sample-two-importer/profile.json"
    path.write_text(path.read_text("utf-8").replace('"c-1.9"', '"c-9.9"'), "utf-8")

    result = run("check", str(folder))

    assert result.exit_code == 1
    assert "There is no control 'c-9.9'" in result.output


def test_a_folder_without_documents_is_refused(tmp_path: Path) -> None:
    error = run("check", str(tmp_path / "packs")).exception

    assert isinstance(error, GreenlaneError)
    assert error.code == "oscal.unreadable"


def test_a_single_file_is_checked_alone(tmp_path: Path) -> None:
    folder = exported(tmp_path / "out")

    assert run("check", str(folder / "catalogs/sample-two/catalog.json")).exit_code == 0


def test_a_catalog_becomes_a_draft_edition(tmp_path: Path) -> None:
    catalog = exported(tmp_path / "out") / "catalogs/sample-two/catalog.json"
    words = ("--edition", "new", "--valid-from", "2027-01-01", "--out", str(tmp_path / "made"))

    result = run("import", str(catalog), *words)

    assert result.stdout.startswith("3 criteria written to ")
    (edition,) = load_editions(tmp_path / "made")
    assert [criterion.id for criterion in edition.criteria] == ["1.9", "1.10", "1.11"]


def test_a_file_that_is_no_catalog_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text(json.dumps({"profile": {}}), "utf-8")
    words = ("--edition", "new", "--valid-from", "2027-01-01", "--out", str(tmp_path / "made"))

    error = run("import", str(path), *words).exception

    assert isinstance(error, GreenlaneError)
    assert error.code == "oscal.import_refused"


def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")

    result = run("export", "--pack", "sample", "--out", str(tmp_path / "file" / "x"))

    assert (result.exit_code, "Could not open file" in result.output) == (1, True)
