"""``greenlane scenario run`` with a file that cannot be run: what is wrong, where, what to do."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner, Result

from greenlane.cli.main import cli

GOOD = "scenario: s1\ntitle: T\nsource: S\npack: ctpat\nentity_type: importer\nacts: []\n"


def ran(folder: Path, content: str) -> Result:
    """Run a scenario of this content."""
    path = folder / "story.yaml"
    path.write_text(content, encoding="utf-8")
    return CliRunner().invoke(cli, ["scenario", "run", str(path)])


def message(result: Result) -> str:
    """Return what the person reads, wherever it was printed."""
    return result.output + str(result.exception or "")


def test_a_whole_scenario_runs(tmp_path: Path) -> None:
    assert ran(tmp_path, GOOD).exit_code == 0


def test_a_broken_file_is_called_a_scenario_and_its_line_is_named(tmp_path: Path) -> None:
    said = message(ran(tmp_path, GOOD + "  - [\n"))

    assert "The scenario was not run" in said
    assert "pack was not loaded" not in said
    assert "story.yaml:" in said


def test_an_unknown_field_is_named_with_line_and_remedy(tmp_path: Path) -> None:
    said = message(ran(tmp_path, GOOD + "colour: red\n"))

    assert "story.yaml:7" in said
    assert "colour" in said


def test_an_absent_pack_is_the_scenarios_fault(tmp_path: Path) -> None:
    said = message(ran(tmp_path, GOOD.replace("ctpat", "nowhere")))

    assert "story.yaml" in said
    assert "`pack:`" in said
