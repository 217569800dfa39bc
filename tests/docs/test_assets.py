"""The assets that the wheel carries: nothing missing, nothing from elsewhere, all scripts print."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

NAMES = {
    "Latin": "Łódź Import, S.A. de C.V. – Đường Quảng Ngãi",
    "Cyrillic": "ООО «Газпром экспорт» Їжак",
    "Greek": "Ελληνικά Πετρέλαια ΑΕ",
    "Chinese, simplified": "深圳市华强北电子有限公司",
    "Chinese, traditional": "臺灣積體電路製造股份有限公司",
    "Japanese": "株式会社トヨタ自動車ひらがな髙﨑",
    "Korean": "삼성전자 주식회사",
    "Arabic": "شركة الشحن العربية المحدودة",
    "Hebrew": "חברת יבוא בע״מ",
    "Thai": "บริษัท ปตท. จำกัด (มหาชน)",
    "Devanagari": "भारतीय निर्यात प्राइवेट लिमिटेड",
    "Bengali": "বাংলাদেশ রপ্তানি লিমিটেড",
    "Tamil": "தமிழ் ஏற்றுமதி",
    "Khmer": "ក្រុមហ៊ុន ភ្នំពេញ",
    "Lao": "ບໍລິສັດ ລາວ",
}


@pytest.fixture(scope="session")
def vendor(root: Path) -> Path:
    """Return the folder of the fetched assets."""
    folder = root / "src/greenlane/web/static/vendor"
    if not (folder / ".stamp").is_file():
        pytest.skip("the browser assets are not there; run ./dev assets")
    return folder


@pytest.fixture(scope="session")
def covered(vendor: Path) -> set[int]:
    """Return the code points that at least one of our fonts has."""
    from fontTools.ttLib import TTFont

    points: set[int] = set()
    for path in [*vendor.glob("fonts/**/*.ttf"), *vendor.glob("fonts/**/*.otf")]:
        with TTFont(path, lazy=True) as font:
            points |= set(font.getBestCmap())
    return points


@pytest.mark.parametrize("script", sorted(NAMES))
def test_a_company_name_of_this_script_has_every_glyph(script: str, covered: set[int]) -> None:
    missing = [letter for letter in NAMES[script] if ord(letter) not in covered]

    assert missing == []


def test_a_font_without_its_license_is_not_shipped(vendor: Path) -> None:
    bare = [
        folder.name
        for folder in (vendor / "fonts").iterdir()
        if not [*folder.glob("LICENSE*")] or not [*folder.glob("*.?tf")]
    ]

    assert bare == []


def test_the_style_sheet_finds_every_picture_it_names(vendor: Path) -> None:
    sheet = vendor / "uswds/css/uswds.min.css"
    named = re.findall(r"url\(['\"]?([^)'\"]+)['\"]?\)", sheet.read_text(encoding="utf-8"))
    files = {name.split("?")[0].split("#")[0] for name in named if not name.startswith("data:")}

    assert [name for name in sorted(files) if name and not (sheet.parent / name).is_file()] == []


def test_nothing_is_loaded_from_elsewhere(root: Path) -> None:
    own = root / "src/greenlane/web"
    texts = [*own.rglob("*.html"), *own.glob("static/ui/**/*.css"), *own.glob("static/ui/**/*.js")]
    loads = re.compile(
        r"(?:src|href)=[\"']https?://[^\"']+\.(?:js|css|woff2?)|url\(https?:|@import"
    )

    assert [str(p.relative_to(root)) for p in texts if loads.search(p.read_text("utf-8"))] == []
