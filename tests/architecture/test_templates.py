"""No template holds what the content security policy would refuse."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "greenlane"
TEMPLATES = sorted(SOURCE.rglob("*.html"))
# A script or style of the page's own, a style or listener on an element, a script as an address.
REFUSED = re.compile(
    r"<script(?![^>]*\bsrc=)(?![^>]*\btype=.application/json)|<style\b|\sstyle=|\son[a-z]+=|javascript:",
    re.IGNORECASE,
)


@pytest.mark.parametrize("path", TEMPLATES, ids=[str(p.relative_to(SOURCE)) for p in TEMPLATES])
def test_a_template_holds_nothing_inline(path: Path) -> None:
    assert REFUSED.findall(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "text",
    ["<script>x</script>", "<p style='x'>", '<a onclick="x">', "<style>", "<a href=javascript:x>"],
)
def test_what_is_inline_would_be_found(text: str) -> None:
    assert REFUSED.search(text)


@pytest.mark.parametrize("text", ['<script src="a.js" defer></script>', "<p data-on='x'>"])
def test_what_is_allowed_is_not(text: str) -> None:
    assert not REFUSED.search(text)
