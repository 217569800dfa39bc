"""A pack has a rule of retention for every class of records that its table makes the engine seal."""

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
