"""What differs between two programs: rows by family, rules by their form."""

from __future__ import annotations

from dataclasses import replace

from greenlane.core.calendar import Period
from greenlane.core.pack_diff import PackChange, diff_programs
from tests.unit.core.stories import CTPAT


def test_a_change_without_title_or_fields_prints_neither() -> None:
    assert PackChange("roles", "director", "removed").as_json() == {
        "family": "roles",
        "id": "director",
        "kind": "removed",
    }


def test_a_rule_that_asks_otherwise_is_told_with_its_form_and_days_as_days() -> None:
    name, guard = next(iter(CTPAT.guards.items()))
    other = next(
        one.rule for one in CTPAT.guards.values() if type(one.rule) is not type(guard.rule)
    )
    late = replace(CTPAT.deadlines["D04"], period=Period(days=7))
    after = replace(
        CTPAT,
        guards={**CTPAT.guards, name: replace(guard, rule=other)},
        deadlines={**CTPAT.deadlines, "D04": late},
    )

    asked, moved = diff_programs(CTPAT, after)

    assert (asked.family, asked.id, asked.kind) == ("guards", name, "changed")
    assert f"'form': '{type(other).__name__}'" in str(asked.fields[0].after)
    assert [(one.name, one.before, one.after) for one in moved.fields] == [
        ("period", "1 year", "7 days")
    ]
