"""The licenses that the manual names are those that the installed packages name themselves."""

from __future__ import annotations

import json
import re
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

import pytest

from tests.docs.conftest import ROOT

PAGE = (ROOT / "docs" / "reference" / "dependencies.md").read_text(encoding="utf-8")
# What older packages say instead of a license expression, and what the page says for it.
CLASSIFIERS = {
    "MIT License": "MIT",
    "BSD License": "BSD",
    "ISC License (ISCL)": "ISC",
    "Python Software Foundation License": "PSF-2.0",
    "GNU Lesser General Public License v2 or later (LGPLv2+)": "LGPL-2.1-or-later",
    "Apache Software License": "Apache-2.0",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    # qrcode says so of the part that it took from elsewhere; that is under MIT.
    "Other/Proprietary License": "MIT",
}
# Installed on no Linux machine; read on 24 November 2026 in the files of the locked versions.
ELSEWHERE = {"colorama": "BSD-3-Clause", "tzdata": "Apache-2.0", "pyspark": "Apache-2.0"}


# What a package for browsers says of itself, and how its row on the page must end.
ON_PAGE = {
    "0BSD": "| 0BSD",
    "OFL-1.1": "| SIL OFL 1.1",
    "MIT AND OFL-1.1": "| SIL OFL 1.1, packaging MIT",
    "SEE LICENSE IN LICENSE.md": "| CC0-1.0, parts SIL OFL 1.1 and MIT",
}


def named() -> dict[str, str]:
    """Return the license that the page names for each Python package."""
    rows = [
        [cell.strip() for cell in line.strip("| ").split("|")]
        for line in PAGE.partition("## In the browser")[0].splitlines()
        if line.startswith("| ") and "License" not in line
    ]
    # An extra's name stands before the package, in code.
    packages = [row[1:] if row[0].startswith("`") else row for row in rows]
    return {row[0]: row[2] for row in packages if len(row) == 3}


def says(package: Distribution) -> set[str]:
    """Return the licenses that a package names: its expression, or its field and classifiers."""
    read = package.metadata
    if "License-Expression" in read:
        return set(re.split(r" (?:AND|OR|WITH) |[()]", read["License-Expression"])) - {""}
    field = read["License"].strip() if "License" in read else ""
    classifiers = [one for one in read.get_all("Classifier") or [] if one.startswith("License ::")]
    found = {CLASSIFIERS[one.rpartition(" :: ")[2]] for one in classifiers} - {"BSD"}
    if any("BSD" in one for one in classifiers) or "BSD" in field:
        found.add(clauses(package))
    return found or {field}


def clauses(package: Distribution) -> str:
    """Tell by its text which of the BSD licenses a package has."""
    names = ("LICENSE", "LICENSE.txt", "LICENSE.md", "LICENSE.rst", "COPYING")
    (file, *_) = (one for one in package.files or [] if one.name in names)
    text = Path(str(file.locate())).read_text(encoding="utf-8")
    return "BSD-3-Clause" if re.search(r"either the (package )?name", text) else "BSD-2-Clause"


@pytest.mark.parametrize("name", sorted(named()))
def test_a_license_is_the_one_that_the_package_names(name: str) -> None:
    cell = named()[name]
    on_page = set(re.split(r", parts | or | and |, ", cell))

    try:
        package = distribution(name)
    except PackageNotFoundError:
        if name not in ELSEWHERE:
            pytest.skip(f"{name} is not installed here: pip install {name}")
        assert cell == ELSEWHERE[name]
        return

    assert on_page == says(package)


def test_the_packages_for_browsers_and_documents_are_named_with_a_license_that_npm_knows() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    table = PAGE.partition("## In the browser")[2]
    stated = {
        path.removeprefix("node_modules/"): entry["license"]
        for path, entry in lock["packages"].items()
        if path and "license" in entry
    }
    wanted = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["dependencies"]

    for name in wanted:
        stem, _, last = name.rpartition("-")
        assert name in table or (stem in table and f"-{last}" in table), name
        (line,) = (row for row in table.splitlines() if row.startswith("|") and covers(row, name))
        assert line.rstrip(" |").endswith(ON_PAGE[stated[name]]), (name, stated[name])


def covers(row: str, name: str) -> bool:
    """Tell whether a row of the page is about a package; families share one row."""
    stem, _, last = name.rpartition("-")
    return f"| {name} |" in row or (
        row.startswith(f"| {stem}-") and re.search(rf"-{re.escape(last)}\b", row) is not None
    )
