"""A pack keeps what its table makes the engine seal, and its letters say what an act takes."""

from __future__ import annotations

from pathlib import Path

import pytest

from greenlane.content.packs import read_program
from greenlane.core.errors import GreenlaneError
from tests.unit.content.pack_sample import copied_to, damage


@pytest.mark.parametrize("name", ["incident_detail", "appeal_detail", "validation_detail"])
def test_a_class_that_the_table_makes_needed_has_a_rule(tmp_path: Path, name: str) -> None:
    pack = copied_to(tmp_path)
    damage(pack, "retention.yaml", f"\n{name}:", f"\n{name}_gone:")

    with pytest.raises(GreenlaneError, match=rf"no rule for {name}\b"):
        read_program(pack)


@pytest.mark.parametrize("kind", ["partial_suspension", "suspension_notice"])
def test_a_letter_that_takes_single_benefits_names_them(tmp_path: Path, kind: str) -> None:
    pack = copied_to(tmp_path)
    text = (pack / "letters.yaml").read_text(encoding="utf-8")
    place = text.index("  benefits:", text.index(f"\n{kind}:"))
    changed = text[:place] + text[place:].replace("  benefits:", "  body_9:", 1)
    (pack / "letters.yaml").write_text(changed, encoding="utf-8")

    with pytest.raises(GreenlaneError, match=rf"letter {kind} has no benefits"):
        read_program(pack)
