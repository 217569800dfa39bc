"""Letters print names in any script, and no name keeps a letter from being set."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

from greenlane.apps.certification.letter_pdf import LetterNotSet, LetterText, Signer, set_letter
from greenlane.apps.documents.typeset import FONTS

NAMES = (
    "Muñoz & Łódź Ångström Čakovec",
    "宁波海桥进出口有限公司",
    "株式会社みなと物流",
    "한진 무역 주식회사",
    "ООО «Балтийский груз» Україна ґ",
    "شركة الميناء للاستيراد",
    "חברת הנמל",
    "Λιμένας Εμπορική",
    "บริษัท ท่าเรือ",
    "बंदरगाह ट्रेडिंग",
    "বন্দর ট্রেডিং",
    "તોરણ વેપાર",
    "ਬੰਦਰਗਾਹ",
    "ಬಂದರು",
    "തുറമുഖം",
    "ఓడరేవు",
    "ବନ୍ଦର",
    "தமிழ் துறைமுகம்",
    "වරාය",
    "ဆိပ်ကမ်း",
    "កំពង់ផែ",
    "ທ່າເຮືອ",
    "Հայաստան",
    "საქართველო",
    "ኢትዮጵያ",
    "Cảng Đà Nẵng",
)
ARCHIVAL = b"pdfaid:part"


@pytest.fixture(autouse=True)
def _fonts() -> None:
    if not any(settings.FONTS_DIR.rglob("*.ttf")):
        pytest.skip("The fonts are not here; fetch them with ./dev assets.")


def letter_for(*names: str, qr: str = '<svg xmlns="http://www.w3.org/2000/svg"/>') -> bytes:
    text = LetterText(
        program="CTPAT",
        authority="Program office",
        disclaimer="",
        language="en",
        subject=f"Certification of {names[0]}",
        on_text="4 May 2026",
        account="A-0000000001",
        greeting=f"To {names[0]}",
        body=names,
        closing="Sincerely",
        signers=(Signer(names[-1], "Field manager"),),
        check_title="Check this letter",
        check_text="Scan the code",
        head_text="0" * 64,
        footer="",
        qr=qr,
    )
    return set_letter(text, receipt="a.b.c")


def test_names_in_the_scripts_of_traders_are_set_in_the_archival_form() -> None:
    pdf = letter_for(*NAMES)

    assert pdf.startswith(b"%PDF-")
    assert ARCHIVAL in pdf
    embedded = set(re.findall(rb"/FontName */[A-Z]{6}\+([A-Za-z0-9-]+)", pdf))
    assert len(embedded) >= 20


def test_a_sign_that_no_font_has_keeps_nobody_from_a_letter() -> None:
    pdf = letter_for("Harbor 🚢 Lines 𓀀")

    assert pdf.startswith(b"%PDF-")
    assert ARCHIVAL not in pdf


def test_what_is_no_question_of_a_character_is_refused() -> None:
    with pytest.raises(LetterNotSet, match="could not be set"):
        letter_for("Harbor", qr="no picture")


def test_every_font_that_is_shipped_is_asked() -> None:
    folders = {path.parent.name for path in Path(settings.FONTS_DIR).rglob("*.?tf")}
    shared = {"latin": "", "sc": "S Chinese", "jp": "Japanese", "kr": "Korean"}

    asked = {f"Noto Sans {shared.get(one, one.capitalize())}".strip() for one in folders}

    assert asked == set(FONTS)
