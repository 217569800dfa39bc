"""The starter after SAFE: it agrees with the dossier line by line, and says that it is a draft."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from greenlane.cli.criteria import criteria
from greenlane.cli.pack import pack
from greenlane.content.criteria_files import editions_of
from greenlane.content.crosswalk_files import crosswalk_of
from greenlane.content.oscal import export_pack
from greenlane.content.oscal_check import check_references
from greenlane.content.packs import load_program
from greenlane.core.calendar import Period
from greenlane.core.case import Case
from greenlane.core.criteria import CellState, IdStatus
from greenlane.core.crosswalk import Relationship
from greenlane.core.eligibility import eligibility
from greenlane.core.facts import Facts
from greenlane.core.lifecycle.decide import Act, Actor, Refused
from greenlane.core.program import Program
from greenlane.core.vocabulary import CriterionLevel, Tier, Truth
from tests.unit.packs.reading import (
    acts_done,
    dossier,
    edition_of,
    guards_refusing,
    limits_seen,
    outcome_of,
    scenario_paths,
    untold,
)

PACK = "wco-safe"
ROLES = (
    "importer", "exporter", "manufacturer", "carrier", "forwarder", "broker", "warehouse",
    "terminal",
)  # fmt: skip
CUSTOMS = "customs_administration"
# Options of the dossier that are off by default: an authorization with conditions.
LEFT_OUT = {"W28", "W29", "W30", "W34"}
# What only a fixed term would bring about, and this draft sets none (decision P3).
NEEDS_A_TERM = {"W27"}


@pytest.fixture(scope="module")
def program() -> Program:
    return load_program(PACK)


def lines() -> list[dict[str, Any]]:
    found = dossier("packs", "wco-safe.yaml")
    return [*found["requirements"], *found["customs_duties"]]


def by_id(rows: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {row["id"]: row for row in rows}


def test_there_are_88_requirements_of_operators_and_33_duties_of_customs() -> None:
    edition = edition_of(PACK)

    of_customs = {c.id for c in edition.criteria if c.cell(CUSTOMS) is not None}
    assert len(edition.criteria) == 121
    assert len(of_customs) == len(edition.applicable(CUSTOMS)) == 33
    assert all(len(c.cells) == 1 for c in edition.criteria if c.id in of_customs)
    safe = [c for c in edition.criteria if c.id_status is IdStatus.PROVISIONAL]
    assert sum(c.id not in of_customs for c in safe) == 74


def test_no_number_of_ours_is_shown_as_one_of_safe() -> None:
    edition = edition_of(PACK)

    assert all(c.id_status is not IdStatus.OFFICIAL for c in edition.criteria)
    for criterion in edition.criteria:
        label = edition.label(criterion)
        is_safe = "origin-safe" in criterion.tags
        assert label.in_("en").startswith("SAFE, working no." if is_safe else "No duty of SAFE")
        assert label.in_("es") != label.in_("en")


def test_every_line_of_the_dossier_is_there_as_the_dossier_has_it() -> None:
    edition, rows = edition_of(PACK), by_id(lines())

    assert {c.id for c in edition.criteria} == set(rows)
    for criterion in edition.criteria:
        row = rows[criterion.id]
        assert criterion.level.value == row["level"], criterion.id
        assert criterion.confidence.value == row["confidence"], criterion.id
        assert f"origin-{row['origin']}" in criterion.tags
        assert edition.category(criterion.category).label == row["letter"]
        assert len(criterion.evidence) == len(row["evidence"]), criterion.id
        assert dict(criterion.params) == row.get("params", {}), criterion.id
        assert {source.key for source in criterion.sources} >= {
            key.lower().replace(".", "-") for key in row["sources"]
        }


def test_each_requirement_asks_the_operators_that_the_dossier_names() -> None:
    edition = edition_of(PACK)

    for row in dossier("packs", "wco-safe.yaml")["requirements"]:
        asked = {cell.entity for cell in edition.criterion(row["id"]).cells}
        small = {f"small_{role}" for role in row["roles"] if role != "terminal"}
        assert asked == set(row["roles"]) | small, row["id"]


def test_the_counts_for_each_kind_of_operator_are_the_dossiers() -> None:
    edition, found = edition_of(PACK), dossier("packs", "wco-safe.yaml")

    counts = {key: len(edition.applicable(key)) for key in ROLES}
    assert counts == {row["id"]: row["requirements_count"] for row in found["entity_types"]}
    for role in ROLES[:-1]:
        assert len(edition.applicable(f"small_{role}")) == counts[role]


def test_a_recalled_line_asks_and_blocks_nothing_until_it_is_adopted() -> None:
    edition, rows = edition_of(PACK), by_id(lines())

    for entity in edition.entity_types:
        for one in edition.applicable(entity):
            if rows[one.id]["confidence"] != "high":
                assert not one.blocks, (entity, one.id)
    recalled = next(one for one in edition.applicable("importer") if one.id == "J-2")
    adopted = next(
        one
        for one in edition.applicable("importer", confirmed_cells={("J-2", "importer")})
        if one.id == "J-2"
    )
    assert (recalled.state, recalled.blocks) == (CellState.ASSUMED, False)
    assert (adopted.state, adopted.blocks) == (CellState.CONFIRMED, True)


def test_only_what_a_source_says_of_every_operator_blocks() -> None:
    blocking = {one.id for one in edition_of(PACK).applicable("importer") if one.blocks}

    assert len(blocking) == 17
    assert blocking >= {"A-1", "A-5", "B-1", "C-2", "D-1", "I-1", "K-1", "M-1"}
    assert "J-2" not in blocking


@pytest.mark.parametrize("criterion_id", ["J-3", "G-1", "L-2", "M-3"])
def test_a_small_firm_has_other_levels(criterion_id: str) -> None:
    edition = edition_of(PACK)

    def level(entity: str) -> CriterionLevel:
        return next(one.level for one in edition.applicable(entity) if one.id == criterion_id)

    assert level("carrier") is CriterionLevel.MUST
    assert level("small_carrier") is CriterionLevel.SHOULD


def test_a_firm_is_small_up_to_ten_people(program: Program) -> None:
    facts: dict[str, object] = {
        "company.is_incorporated_in_region": True,
        "identifier.has_importer_number": True,
        "trade.is_active": True,
        "company.years_in_business": 0,
        "trade.imports_last_12_months": 25,
        "history.has_criminal_record": False,
        "company.is_solvent": True,
        "company.will_sign_agreement": True,
        "debt.is_final_unpaid": False,
        "company.discloses_owners": True,
    }

    def truth(entity: str, **change: object) -> Truth:
        named = {key.replace("__", "."): value for key, value in change.items()}
        return eligibility(program, entity, Facts.declared({**facts, **named})).truth

    assert truth("small_importer", company__employees=10) is Truth.YES
    assert truth("small_importer", company__employees=11) is Truth.NO
    assert truth("importer") is Truth.YES
    assert truth("importer", trade__imports_last_12_months=24) is Truth.UNKNOWN
    assert truth("broker") is Truth.UNKNOWN


def test_no_company_can_apply_as_the_administration(program: Program) -> None:
    assert program.entity_type(CUSTOMS).is_overlay
    assert [key for key, one in program.entity_types.items() if one.is_overlay] == [CUSTOMS]
    assert set(program.entity_types) == set(edition_of(PACK).entity_types)


def test_the_lifecycle_is_the_dossiers_without_its_options(program: Program) -> None:
    wanted = {row["id"] for row in dossier("packs", "wco-safe.yaml")["lifecycle"]["transitions"]}

    assert wanted - set(program.transitions) == LEFT_OUT


def test_the_time_limits_are_the_dossiers_defaults(program: Program) -> None:
    rows = dossier("packs", "wco-safe.yaml")["lifecycle"]["deadlines"]

    assert len(rows) == 17
    for row in rows:
        limit = program.deadlines[row["id"]]
        period = limit.period or Period()
        if row["id"] == "WD07":
            assert limit.count.value == "yearly"
        elif row["value"] == 0:
            assert limit.is_unset
        elif row["unit"] == "days":
            assert period == Period(days=row["value"]), row["id"]
        else:
            assert period == Period(months=row["value"]), row["id"]


def test_each_duty_of_customs_is_due_once_a_year(program: Program) -> None:
    duties = {row["id"]: row for row in dossier("packs", "wco-safe.yaml")["customs_duties"]}

    own = {key: limit for key, limit in program.deadlines.items() if limit.stream == "office"}
    assert set(own) == set(duties)
    for key, limit in own.items():
        assert limit.every_years == 1
        assert bool(limit.qualifier and "should" in limit.qualifier.in_("en")) is (
            duties[key]["level"] == "should"
        )


def test_grounds_and_benefits_are_the_dossiers(program: Program) -> None:
    found = dossier("packs", "wco-safe.yaml")

    assert list(program.grounds) == [row["id"] for row in found["lifecycle"]["grounds"]]
    assert list(program.benefits) == [row["id"].lower() for row in found["benefits"]]
    for row in found["benefits"]:
        on = program.benefits[row["id"].lower()].tiers == {Tier.NONE}
        assert on is (row["suggest"] == "core"), row["id"]


def test_the_roles_are_the_dossiers_and_a_validator_never_decides(program: Program) -> None:
    found = {row["id"] for row in dossier("packs", "wco-safe.yaml")["roles"]}
    american = {
        key.replace("authorised", "authorized").replace("programme", "program") for key in found
    }

    assert set(program.roles) == american | {"operator"}
    deciding = program.transition("W14").by | program.transition("W14").second_by
    for act in ("W09", "W09-R", "W10"):
        assert not program.transition(act).by & deciding


def test_what_to_decide_before_the_start_is_listed(program: Program) -> None:
    found = dossier("packs", "wco-safe.yaml")

    assert [item.id for item in program.decisions] == [
        row["id"] for row in found["start_checklist"]
    ]
    assert [item.id for item in program.easements] == [row["id"] for row in found["small_business"]]
    assert len(program.decisions) == 30
    for item in (*program.decisions, *program.easements):
        assert item.sets, item.id


def test_a_decision_that_names_a_rule_names_one_that_is_there(program: Program) -> None:
    ids = {c.id for c in edition_of(PACK).criteria} | set(program.transitions)
    ids |= set(program.deadlines) | {b.upper() for b in program.benefits}
    for entity in program.entity_types.values():
        ids |= {rule.id for rule in entity.eligibility}

    for item in (*program.decisions, *program.easements):
        for name in item.sets:
            if name[0].isupper() and any(c.isdigit() for c in name):
                assert name in ids, (item.id, name)


def test_pack_show_says_that_it_is_a_draft_and_what_to_decide() -> None:
    shown = CliRunner().invoke(pack, ["show", PACK]).output
    data = json.loads(
        CliRunner().invoke(pack, ["show", PACK, "--format", "json", "--lang", "es"]).output
    )

    assert "Draft: not adopted by any administration." in shown
    assert "To decide before the start (30):" in shown
    assert "Draft: not adopted" not in CliRunner().invoke(pack, ["show", "ctpat"]).output
    assert data["draft"] is True
    assert data["decisions"][0]["area"] == "Derecho"
    assert len(data["easements"]) == 11


def test_the_list_of_a_kind_of_operator_can_be_asked_for() -> None:
    asked = ["list", "--pack", PACK, "--entity", "broker", "--on", "2026-11-24", "--format", "json"]

    rows = json.loads(CliRunner().invoke(criteria, [*asked, "--lang", "es"]).output)

    assert len(rows) == 61
    assert {row["cell"] for row in rows} == {"confirmed", "assumed", "doubtful"}
    assert all(row["id_status"] != "official" for row in rows)


def test_the_cross_links_to_ctpat_are_the_dossiers() -> None:
    rows = dossier("packs", "wco-safe.yaml")["requirements"]
    found = crosswalk_of(PACK)
    kinds = {
        "full": Relationship.SUBSET,
        "partial": Relationship.INTERSECTS,
        "none": Relationship.NONE,
    }

    for row in rows:
        (mapping,) = found.criteria[row["id"]]
        assert mapping.relationship is kinds[row["ctpat_fit"]], row["id"]
        assert list(mapping.targets) == [str(target) for target in row["ctpat"]], row["id"]
    fits = Counter(row["ctpat_fit"] for row in rows)
    assert fits == {"full": 49, "partial": 30, "none": 9}


def test_the_cross_links_name_criteria_of_ctpat_that_are_there() -> None:
    newest = max(editions_of("ctpat"), key=lambda edition: edition.valid_from)

    for _, mapping in crosswalk_of(PACK).rows_for("ctpat"):
        for target in mapping.targets:
            assert newest.criterion(target).id == target


def test_its_criteria_can_be_exchanged_in_oscal() -> None:
    files = export_pack(edition_of(PACK), crosswalk_of(PACK), language="es")

    assert check_references({file.path: file.document for file in files}) == []
    assert sum(file.path.startswith("profiles/") for file in files) == 16


def test_every_text_stands_in_both_languages_and_none_is_merely_copied() -> None:
    assert untold(PACK) == []


def test_american_spelling_throughout() -> None:
    folder = scenario_paths(PACK)[0].parents[2]
    british = ("ogramme", "uthoris", "rganisation", "ecognise", "labour", "licence", "offence")

    for path in folder.rglob("*.yaml"):
        kept = [line for line in path.read_text("utf-8").splitlines() if "url:" not in line]
        assert not [word for word in british if word in "\n".join(kept)], path.name


@pytest.mark.parametrize("path", scenario_paths(PACK), ids=lambda path: path.stem)
def test_a_scenario_holds_and_can_be_read(path: Path) -> None:
    outcome = outcome_of(path)

    assert outcome.failures == ()
    assert outcome.snapshots
    assert path.read_text("utf-8").startswith("# ")
    assert outcome.scenario.name == path.stem


def test_the_scenarios_leave_no_act_limit_or_guard_out(program: Program) -> None:
    assert set(program.transitions) - acts_done(PACK) == NEEDS_A_TERM
    assert set(program.deadlines) - limits_seen(PACK) == {"WD09"}
    assert set(program.guards) - guards_refusing(PACK) == set()


def test_a_fixed_term_ends_the_status_once_the_administration_sets_one(program: Program) -> None:
    term = replace(program.deadlines["WD09"], period=Period(months=36))
    fixed = replace(program, deadlines={**program.deadlines, "WD09": term})
    story = outcome_of(next(p for p in scenario_paths(PACK) if p.stem == "granted"))
    granted = replace(story.cases["A1"], program=fixed)

    def end(on: date) -> str:
        try:
            decision = granted.decide(Act("W27", Actor("system", "system"), on, on))
        except Refused as refused:
            return refused.refusal
        return Case(fixed, "importer", (*granted.steps, decision.step(99))).standing().membership

    assert end(date(2027, 5, 20)) == "guard.term_over"
    assert end(date(2027, 5, 21)) == "EXPIRED"
