"""The program that a company runs for its suppliers: what CTPAT has it ask of its partners."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from greenlane.cli.criteria import criteria
from greenlane.cli.pack import pack
from greenlane.content.criteria_files import editions_of
from greenlane.content.crosswalk_files import crosswalk_of
from greenlane.content.oscal import export_pack
from greenlane.content.oscal_check import check_references
from greenlane.content.packs import load_program
from greenlane.core.criteria import CellState, IdStatus
from greenlane.core.crosswalk import Relationship
from greenlane.core.eligibility import eligibility
from greenlane.core.facts import Facts
from greenlane.core.program import Program
from greenlane.core.vocabulary import CriterionLevel, Truth
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

PACK = "supplier-program"
KINDS = ("manufacturer", "warehouse", "trucker", "forwarder", "sourcing_agent")
# What CTPAT has a member require of, or find out about, its business partners.
OF_PARTNERS = {"3.1", "3.4", "3.5", "3.6", "3.7", "3.8", "3.9"}


@pytest.fixture(scope="module")
def program() -> Program:
    return load_program(PACK)


def test_there_are_39_criteria_of_the_programs_own() -> None:
    edition = edition_of(PACK)

    assert len(edition.criteria) == 39
    assert all(one.id_status is IdStatus.OFFICIAL for one in edition.criteria)
    assert all(cell.state is CellState.CONFIRMED for one in edition.criteria for cell in one.cells)
    assert edition.entity_types == KINDS
    counts = {kind: len(edition.applicable(kind)) for kind in KINDS}
    assert counts == {
        "manufacturer": 38,
        "warehouse": 37,
        "trucker": 37,
        "forwarder": 39,
        "sourcing_agent": 23,
    }


def test_no_number_could_be_taken_for_one_of_ctpat() -> None:
    official = {one.id for edition in editions_of("ctpat") for one in edition.criteria}

    assert not official & {one.id for one in edition_of(PACK).criteria}


def test_each_criterion_says_which_criteria_of_ctpat_it_helps_to_prove() -> None:
    newest = max(editions_of("ctpat"), key=lambda edition: edition.valid_from)
    found = crosswalk_of(PACK)

    assert set(found.criteria) == {one.id for one in edition_of(PACK).criteria}
    for _, mapping in found.rows_for("ctpat"):
        assert mapping.relationship is Relationship.INTERSECTS
        assert mapping.targets
        for target in mapping.targets:
            assert newest.criterion(target).cell("importer") is not None or target in {
                "3.8",
                "3.P-3PL1",
            }, target


def test_everything_that_ctpat_asks_about_partners_is_covered() -> None:
    partners = {
        str(entry["id"])
        for entry in dossier("criteria.yaml")
        if str(entry["id"]).startswith("3.") and str(entry["id"])[2:].isdigit()
    }
    found = crosswalk_of(PACK)
    covered = {target for _, mapping in found.rows_for("ctpat") for target in mapping.targets}
    by_the_program = {target for gap in found.gaps for target in gap.targets}

    assert partners == OF_PARTNERS
    assert partners - covered == by_the_program == {"3.7"}


def test_what_the_program_does_itself_is_in_its_register(program: Program) -> None:
    yearly, by_risk = program.deadlines["SD06"], program.deadlines["SD08"]

    assert yearly.count.value == "yearly"
    assert {band: period.years for band, period in by_risk.by_band.items()} == {
        "high": 1,
        "elevated": 2,
        "normal": 3,
    }
    assert program.risk_bands == {"high", "elevated", "normal"}


def test_the_words_for_where_a_supplier_stands(program: Program) -> None:
    titles = [rule.title.in_("en") for rule in program.statuses.values()]

    for wanted in (
        "Invited",
        "Answered",
        "Approved",
        "Approved with actions",
        "On hold",
        "Removed",
    ):
        assert wanted in titles
    assert program.labels["profile"]["DRAFT"].in_("es") == "Respondiendo"


def test_whoever_reviews_never_approves_alone(program: Program) -> None:
    row = program.transition("P14")

    assert row.by == {"reviewer"}
    assert "reviewer" not in row.second_by
    assert "reviewer" not in program.transition("P15").by
    assert "reviewer" not in program.transition("H04").by
    assert set(program.roles) >= {
        "program_owner",
        "buyer",
        "reviewer",
        "supplier_contact",
        "supplier_officer",
    }


@pytest.mark.parametrize("kind", KINDS)
def test_only_an_invited_supplier_can_begin(program: Program, kind: str) -> None:
    facts = {
        "company.is_invited": True,
        "trade.is_active": True,
        "company.discloses_owners": True,
        "company.has_security_officer": True,
        "company.will_sign_agreement": True,
    }

    assert eligibility(program, kind, Facts.declared(facts)).truth is Truth.YES
    uninvited = Facts.declared({**facts, "company.is_invited": False})
    assert eligibility(program, kind, uninvited).truth is Truth.NO
    unknown = Facts.declared({**facts, "company.is_invited": None})
    assert eligibility(program, kind, unknown).truth is Truth.UNKNOWN


def test_a_criterion_may_bind_one_kind_and_be_advised_to_another() -> None:
    edition = edition_of(PACK)

    def level(kind: str) -> CriterionLevel:
        return next(one.level for one in edition.applicable(kind) if one.id == "S7.1")

    assert level("warehouse") is CriterionLevel.MUST
    assert level("trucker") is CriterionLevel.SHOULD
    assert "S7.1" not in {one.id for one in edition.applicable("sourcing_agent")}


def test_the_list_of_a_kind_of_supplier_can_be_asked_for() -> None:
    asked = ["list", "--pack", PACK, "--entity", "trucker", "--on", "2026-11-24"]

    rows = json.loads(
        CliRunner().invoke(criteria, [*asked, "--format", "json", "--lang", "es"]).output
    )

    assert len(rows) == 37
    assert {row["cell"] for row in rows} == {"confirmed"}


def test_pack_show_lists_what_to_decide_and_says_nothing_of_a_draft() -> None:
    shown = CliRunner().invoke(pack, ["show", PACK]).output

    assert "To decide before the start (8):" in shown
    assert "Draft:" not in shown


def test_its_criteria_can_be_exchanged_in_oscal() -> None:
    files = export_pack(edition_of(PACK), crosswalk_of(PACK), language="es")

    assert check_references({file.path: file.document for file in files}) == []
    assert sum(file.path.startswith("profiles/") for file in files) == 5


def test_every_text_stands_in_both_languages_and_none_is_merely_copied() -> None:
    assert untold(PACK) == []


def test_the_undertaking_in_force_fits_one_page_in_both_languages(program: Program) -> None:
    agreement = program.agreement_on(date(2026, 11, 24))

    for language in ("en", "es"):
        assert 200 < len(agreement.text.in_(language).split()) < 450


@pytest.mark.parametrize("path", scenario_paths(PACK), ids=lambda path: path.stem)
def test_a_scenario_holds_and_can_be_read(path: Path) -> None:
    outcome = outcome_of(path)

    assert outcome.failures == ()
    assert outcome.snapshots
    assert path.read_text("utf-8").startswith("# ")
    assert outcome.scenario.name == path.stem


def test_the_scenarios_leave_no_act_limit_or_guard_out(program: Program) -> None:
    assert set(program.transitions) - acts_done(PACK) == set()
    assert set(program.deadlines) - limits_seen(PACK) == set()
    assert set(program.guards) - guards_refusing(PACK) == set()
