"""The reference is complete: settings, commands, dependencies, decisions."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest
from django.conf import settings

from greenlane.cli.docs import pages


@pytest.fixture(scope="session")
def project(root: Path) -> dict[str, object]:
    """Return the `project` table of pyproject.toml."""
    table: dict[str, object] = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))[
        "project"
    ]
    return table


@pytest.mark.parametrize("name", sorted(pages()))
def test_a_generated_page_says_what_the_code_says(root: Path, name: str) -> None:
    written = (root / "docs" / "reference" / name).read_text(encoding="utf-8")

    assert written == pages()[name](), "run ./dev docs"


def test_every_variable_the_product_reads_is_on_the_page_of_settings(root: Path) -> None:
    page = (root / "docs/reference/settings.md").read_text(encoding="utf-8")
    sources = (root / "src/greenlane").rglob("*.py")
    named = {
        name
        for path in sources
        for name in re.findall(r"\bGREENLANE_[A-Z_]+[A-Z]\b", path.read_text(encoding="utf-8"))
    }
    declared = {entry.name for entry in settings.DECLARED}
    files = {f"{entry.name}_FILE" for entry in settings.DECLARED if entry.is_secret}
    # Wiring of ours, set in the settings and read by no variable.
    inner = {name for name in named - declared if hasattr(settings, name)}

    assert sorted(named - declared - files - inner) == []
    assert [name for name in sorted(declared) if f"`{name}`" not in page] == []


def test_the_settings_stay_in_one_file_of_under_three_hundred_lines(root: Path) -> None:
    path = root / "src/greenlane/project/settings.py"

    assert len(path.read_text(encoding="utf-8").splitlines()) < 300
    assert not list(path.parent.glob("settings_*.py"))


def test_every_dependency_has_a_line_with_reason_and_license(
    root: Path, project: dict[str, object]
) -> None:
    page = (root / "docs/reference/dependencies.md").read_text(encoding="utf-8")
    groups = project["optional-dependencies"]
    assert isinstance(project["dependencies"], list)
    assert isinstance(groups, dict)
    listed = [*project["dependencies"], *(name for names in groups.values() for name in names)]
    names = {re.split(r"[\[<>=~!]", entry)[0] for entry in listed}
    kept = page.partition("## Left out")[0]
    rows = [[cell.strip() for cell in row.split("|")[1:-1]] for row in kept.splitlines()]
    documented = {row[-3]: row[-2:] for row in rows if len(row) in {3, 4}}

    assert sorted(names - documented.keys()) == []
    assert sorted(documented.keys() - names - {"Package", "---"}) == []
    assert all(all(cells) for cells in documented.values())


def test_the_number_of_packages_on_the_page_is_that_of_the_lock(root: Path) -> None:
    page = (root / "docs/reference/dependencies.md").read_text(encoding="utf-8")
    lock = (root / "requirements/base.txt").read_text(encoding="utf-8")
    names = set(re.findall(r"^([a-z0-9-]+)==", lock, flags=re.MULTILINE))

    assert f"(now {len(names)}, what these pull in" in page
    assert len(names) <= 60


def test_every_browser_asset_has_a_line_with_its_license(root: Path) -> None:
    page = (root / "docs/reference/dependencies.md").read_text(encoding="utf-8")
    package = json.loads((root / "package.json").read_text(encoding="utf-8"))
    section = page.partition("## In the browser")[2]

    # A family of packages stands in one line: its first name whole, the others by their last word.
    missing = [
        name
        for name in package["dependencies"]
        if name not in section and f"-{name.rpartition('-')[2]}" not in section
    ]
    assert missing == []


def test_every_decision_has_its_four_parts_and_a_line_in_the_list(
    root: Path, manual: dict[str, str]
) -> None:
    listing = manual["docs/adr/README.md"]
    decisions = {Path(page).name: text for page, text in manual.items() if "/adr/0" in page}

    assert decisions
    for name, text in decisions.items():
        parts = re.findall(r"^## (.+)$", text, flags=re.MULTILINE)
        assert [part for part in parts if part != "What is guaranteed, and when"] == [
            "Context",
            "Decision",
            "Consequences",
            "What would change our mind",
        ], name
        assert f"]({name})" in listing
        assert text.startswith(f"# {int(name[:4])}. ")


def test_the_readme_begins_with_the_two_commands(root: Path, manual: dict[str, str]) -> None:
    block = re.search(r"```sh\n(.*?)```", manual["README.md"], flags=re.DOTALL)

    assert block is not None
    commands = [line.split("#")[0].strip() for line in block[1].strip().splitlines()]
    assert commands == ["./dev demo", "./dev test"]


def test_every_dev_command_in_the_manual_exists(root: Path, manual: dict[str, str]) -> None:
    script = (root / "dev").read_text(encoding="utf-8")
    table = script.partition("COMMANDS: dict")[2]
    known = set(re.findall(r'^    "([a-z]+)": command_', table, flags=re.MULTILINE))
    named = {name for text in manual.values() for name in re.findall(r"\./dev ([a-z]+)", text)}

    assert named <= known | {"lists", "demo"}
    assert {"demo", "run", "test", "check", "fix", "lock", "docs", "bench", "long"} <= known
