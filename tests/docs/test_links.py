"""Every link inside the manual leads somewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
PICTURE = re.compile(r"!\[([^\]]*)\]\(([^)\s]+)\)")


def prose(text: str) -> str:
    """Return `text` without its blocks of code."""
    return re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)


def anchors(text: str) -> set[str]:
    """Return what may stand behind a # in a link to the page `text`."""
    headings = re.findall(r"^#+ (.+)$", prose(text), flags=re.MULTILINE)
    slugs = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
    return slugs | set(re.findall(r'<a id="([^"]+)">', text))


def broken(root: Path, manual: dict[str, str]) -> Iterator[str]:
    """Give each link whose target is not there."""
    for page, text in manual.items():
        for target in LINK.findall(prose(text)):
            if re.match(r"[a-z]+:", target):
                continue
            path, _, anchor = target.partition("#")
            place = (root / page).parent / path if path else root / page
            if not place.exists():
                yield f"{page}: {target} does not exist"
            elif anchor and anchor not in anchors(place.read_text(encoding="utf-8")):
                yield f"{page}: {target} has no such heading"


def test_every_link_leads_to_a_file_and_a_heading(root: Path, manual: dict[str, str]) -> None:
    assert list(broken(root, manual)) == []


def test_a_link_to_nowhere_would_be_found(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# One two\n", encoding="utf-8")
    page = "[x](a.md) [y](a.md#one-two) [z](b.md) [w](a.md#three) [v](https://x.example)"

    found = list(broken(tmp_path, {"page.md": page}))

    assert found == ["page.md: b.md does not exist", "page.md: a.md#three has no such heading"]


def test_every_page_can_be_reached_from_the_readme(root: Path, manual: dict[str, str]) -> None:
    seen: set[str] = set()
    waiting = ["README.md"]
    while waiting:
        page = waiting.pop()
        if page in seen or page not in manual:
            continue
        seen.add(page)
        for target in LINK.findall(prose(manual[page])):
            place = ((root / page).parent / target.partition("#")[0]).resolve()
            if place.is_relative_to(root):
                waiting.append(str(place.relative_to(root)))

    assert sorted(set(manual) - seen) == []


def test_every_picture_says_what_it_shows(manual: dict[str, str]) -> None:
    silent = [page for page, text in manual.items() for alt, _ in PICTURE.findall(text) if not alt]

    assert silent == []


def test_the_first_page_of_the_manual_names_each_page_once(manual: dict[str, str]) -> None:
    named = [target for target in LINK.findall(manual["docs/README.md"]) if "//" not in target]
    pages = [
        page.removeprefix("docs/")
        for page in manual
        if page.startswith("docs/")
        and not page.startswith("docs/adr/")
        and page != "docs/README.md"
    ]

    assert sorted(named) == sorted([*pages, "adr/README.md"])
