"""What a user installs: how many packages, each named in the manual, and what lies in the wheel."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
MOST_PACKAGES = 60
# Pages, translations, fonts, packs, what the browser gets, and the sheets PDF files are made from.
WANTED = (
    "greenlane/web/templates/base.html",
    "greenlane/web/locale/es/LC_MESSAGES/django.mo",
    "greenlane/web/static/vendor/.stamp",
    "greenlane/packs/ctpat/retention.yaml",
    "greenlane/packs/wco-safe/retention.yaml",
    "greenlane/packs/supplier-program/retention.yaml",
    "greenlane/apps/certification/typst/letter.typ",
    "greenlane/apps/reports/typst/health.typ",
    "greenlane/apps/validations/typst/report.typ",
)
WANTED_KINDS = (
    r"greenlane/web/static/vendor/uswds/css/.+\.css",
    r"greenlane/web/static/vendor/htmx/.+\.js",
    r"greenlane/web/static/vendor/fonts/latin/.+\.(ttf|otf)",
    r"greenlane/web/static/vendor/fonts/jp/.+\.(ttf|otf)",
    r"greenlane/web/static/vendor/fonts/ethiopic/.+\.ttf",
    r"greenlane/cli/demo_office/.+\.csv",
)


def locked() -> set[str]:
    """Return the names that the base installation's lock pins, on any machine."""
    text = (ROOT / "requirements" / "base.txt").read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z0-9][a-z0-9._-]*)==", text, flags=re.MULTILINE))


def test_the_base_installation_keeps_to_its_budget_of_packages() -> None:
    names = locked()

    assert "django" in names
    assert len(names) <= MOST_PACKAGES


def test_every_package_of_the_base_installation_is_named_in_the_manual() -> None:
    page = (ROOT / "docs" / "reference" / "dependencies.md").read_text(encoding="utf-8")
    named = set(re.findall(r"^\| ([a-z0-9][a-z0-9._-]*) \|", page, flags=re.MULTILINE))

    assert locked() - named == set()


def test_the_wheel_holds_all_that_pages_and_letters_need(dev: ModuleType, tmp_path: Path) -> None:
    if not (dev.VENDOR / ".stamp").is_file():
        pytest.skip("the browser assets are not here; fetch them with ./dev assets")
    command = [str(dev.uv()), "build", "--wheel", "--python", sys.executable]
    command += ["--no-build-isolation", "--quiet", "--out-dir", str(tmp_path), str(ROOT)]

    subprocess.run(command, check=True, env=dict(os.environ))
    (wheel,) = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()

    assert [name for name in WANTED if name not in names] == []
    assert [kind for kind in WANTED_KINDS if not any(re.fullmatch(kind, n) for n in names)] == []
    source = ROOT / "src"
    kinds = ("*.html", "*.txt", "*.yaml", "*.typ", "*.csv", "*.json", "*.sql")
    tracked = subprocess.run(
        ["git", "ls-files", *(f"src/greenlane/{kind}" for kind in kinds)],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()
    assert [
        path for path in tracked if (ROOT / path).relative_to(source).as_posix() not in names
    ] == []
