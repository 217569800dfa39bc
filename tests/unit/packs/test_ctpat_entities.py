"""Who may be in the CTPAT pack's program, and the texts and days of its smaller files.

For each entity type: facts that make it eligible, one changed fact that names the statement which
fails, and one missing fact with which nobody can tell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from pathlib import Path

import pytest

from greenlane.content.identifiers import SCHEMES
from greenlane.content.packs import load_program, pack_dir
from greenlane.core.eligibility import Eligibility, eligibility
from greenlane.core.facts import VOCABULARY, Facts, FactValue
from greenlane.core.program import Program
from greenlane.core.rules.tree import facts_of
from greenlane.core.text import Text
from greenlane.core.vocabulary import Tier, Truth

Declared = Mapping[str, object]

ON = date(2026, 5, 4)
LAST_YEAR = date(2025, 5, 3)  # one day more than twelve months before ON

#: What every applicant has to declare.
COMMON: Declared = {
    "trade.history_is_demonstrable": True,
    "trade.is_active": True,
    "company.has_security_officer": True,
    "company.will_sign_agreement": True,
    "debt.is_final_unpaid": False,
    "history.has_security_events": False,
}

IMPORTER: Declared = {
    **COMMON,
    "trade.last_import_on": date(2025, 5, 4),
    "office.staffed_countries": ["US"],
    "identifier.has_importer_number": True,
    "bond.has_continuous_import": True,
}
EXPORTER: Declared = {
    **COMMON,
    "office.staffed_countries": ["US", "DE"],
    "company.is_principal_party": True,
    "identifier.has_ein_or_duns": True,
    "company.has_export_security_program": True,
    "company.export_reporting_is_acceptable": True,
    "company.is_in_good_standing": True,
}
MANUFACTURER: Declared = {
    **COMMON,
    "company.countries_of_incorporation": ["MX"],
    "company.is_invited": False,
    "company.discloses_owners": True,
    "identifier.has_rfc": True,
    "identifier.has_mid": True,
    "trade.last_export_on": ON,
}
BROKER: Declared = {
    **COMMON,
    "office.staffed_countries": ["US"],
    "license.is_customs_broker": True,
    "identifier.has_filer_code": True,
}
CONSOLIDATOR: Declared = {
    **COMMON,
    "office.staffed_countries": ["US"],
    "identifier.has_fmc": True,
    "identifier.has_iata": False,
    "license.is_sector": False,
    "bond.has_continuous_carrier": False,
    "bond.has_inbond_or_export": True,
}
MEXICAN_HAULIER: Declared = {
    **COMMON,
    "trade.crosses_border": True,
    "trade.borders": ["US-MX"],
    "office.staffed_countries": ["MX"],
    "identifier.has_scac": True,
    "identifier.has_usdot": True,
    "company.countries_of_incorporation": ["MX"],
    "company.discloses_owners": True,
    "identifier.has_rfc": True,
}
CANADIAN_HAULIER: Declared = {
    **COMMON,
    "trade.crosses_border": True,
    "trade.borders": ["US-CA"],
    "office.staffed_countries": ["CA"],
    "identifier.has_scac": True,
    "identifier.has_usdot": True,
    "company.countries_of_incorporation": ["CA"],
}
LONG_HAUL: Declared = {
    **COMMON,
    "trade.crosses_border": False,
    "trade.carries_us_bound_cargo": True,
    "identifier.has_sct": True,
    "company.countries_of_incorporation": ["MX"],
    "company.discloses_owners": True,
    "identifier.has_rfc": True,
}
RAILROAD: Declared = {
    **COMMON,
    "trade.last_carriage_on": ON,
    "office.staffed_countries": ["CA"],
    "identifier.has_scac": True,
    "bond.has_continuous_carrier": True,
}
SHIPPING_LINE: Declared = {
    **COMMON,
    "trade.last_carriage_on": ON,
    "office.is_staffed": True,
    "identifier.has_scac": True,
    "identifier.has_fmc": True,
    "bond.has_continuous_carrier": True,
}
AIRLINE: Declared = {
    **COMMON,
    "trade.last_carriage_on": ON,
    "identifier.has_iata": True,
    "bond.has_continuous_carrier": True,
}
LOGISTICS: Declared = {
    **COMMON,
    "office.staffed_countries": ["US"],
    "company.handles_cargo_before_first_port": True,
    "company.owns_transport_or_warehouse": True,
    "company.subcontracts_beyond_members": False,
    "license.is_sector": True,
    "license.is_dot": False,
    "trade.carries_us_bound_cargo": True,
    "pilot.is_open": False,
    "pilot.places_left": 0,
}
WITHOUT_ASSETS: Declared = {
    **LOGISTICS,
    "company.owns_transport_or_warehouse": False,
    "license.is_dot": True,
    "pilot.is_open": True,
    "pilot.places_left": 3,
}
PILOT_WITH_ASSETS: Declared = {
    **LOGISTICS,
    "company.subcontracts_beyond_members": True,
    "pilot.is_open": True,
    "pilot.places_left": 1,
}
US_TERMINAL: Declared = {
    **COMMON,
    "company.handles_foreign_vessels": True,
    "office.staffed_countries": ["US"],
    "identifier.has_mto": True,
    "company.is_invited": False,
    "trade.carries_us_bound_cargo": True,
}
FOREIGN_TERMINAL: Declared = {
    **US_TERMINAL,
    "office.staffed_countries": ["PA"],
    "identifier.has_mto": False,
    "company.is_invited": True,
}
TRADE_COMPLIANCE: Declared = {
    "company.countries_of_incorporation": ["CA"],
    "trade.years_importing": 2,
    "company.has_trade_compliance_agreement": True,
    "debt.is_final_unpaid": False,
}

ELIGIBLE = {
    "importer": ("importer", IMPORTER),
    "non-resident Canadian importer": (
        "importer",
        {**IMPORTER, "office.staffed_countries": ["CA"]},
    ),
    "importer that counts its entries": (
        "importer",
        {**IMPORTER, "trade.last_import_on": None, "trade.imports_last_12_months": 1},
    ),
    "exporter": ("exporter", EXPORTER),
    "Mexican manufacturer": ("foreign_manufacturer", MANUFACTURER),
    "Canadian manufacturer without RFC": (
        "foreign_manufacturer",
        {
            **MANUFACTURER,
            "company.countries_of_incorporation": ["CA"],
            "company.discloses_owners": None,
            "identifier.has_rfc": False,
        },
    ),
    "invited manufacturer": (
        "foreign_manufacturer",
        {
            **MANUFACTURER,
            "company.countries_of_incorporation": ["VN"],
            "company.is_invited": True,
        },
    ),
    "broker": ("customs_broker", BROKER),
    "ocean consolidator": ("consolidator", CONSOLIDATOR),
    "consolidator of another kind": (
        "consolidator",
        {**CONSOLIDATOR, "identifier.has_fmc": False, "license.is_sector": True},
    ),
    "carrier across the Mexican border": ("highway_carrier", MEXICAN_HAULIER),
    "carrier across the Canadian border": ("highway_carrier", CANADIAN_HAULIER),
    "carrier across both borders": (
        "highway_carrier",
        {**MEXICAN_HAULIER, "trade.borders": ["US-CA", "US-MX"]},
    ),
    "Mexican long-haul carrier": ("long_haul_carrier_mx", LONG_HAUL),
    "railroad": ("rail_carrier", RAILROAD),
    "shipping line": ("sea_carrier", SHIPPING_LINE),
    "airline": ("air_carrier", AIRLINE),
    "logistics provider with assets": ("third_party_logistics", LOGISTICS),
    "logistics provider of the pilot, without assets": ("third_party_logistics", WITHOUT_ASSETS),
    "logistics provider of the pilot, with assets": ("third_party_logistics", PILOT_WITH_ASSETS),
    "terminal in the United States": ("mpto", US_TERMINAL),
    "foreign terminal by invitation": ("mpto", FOREIGN_TERMINAL),
}

NOTHING_IMPORTED: Declared = {
    "trade.last_import_on": LAST_YEAR,
    "trade.imports_last_12_months": 0,
}
INCORPORATED_IN_CHINA: Declared = {"company.countries_of_incorporation": ["CN"]}

#: Entity type, facts, the change, and the statement that then fails.
FAILS = [
    ("importer", IMPORTER, NOTHING_IMPORTED, "IM-ACTIVE"),
    ("importer", IMPORTER, {"office.staffed_countries": ["MX"]}, "OF-US-CA"),
    ("importer", IMPORTER, {"identifier.has_importer_number": False}, "IM-NUMBER"),
    ("importer", IMPORTER, {"bond.has_continuous_import": False}, "IM-BOND"),
    ("importer", IMPORTER, {"debt.is_final_unpaid": True}, "E-DEBT"),
    ("importer", IMPORTER, {"history.has_security_events": True}, "E-EVENTS"),
    ("exporter", EXPORTER, {"company.is_principal_party": False}, "EX-PARTY"),
    ("exporter", EXPORTER, {"office.staffed_countries": ["CA"]}, "OF-US"),
    ("exporter", EXPORTER, {"company.export_reporting_is_acceptable": False}, "EX-REPORTING"),
    ("foreign_manufacturer", MANUFACTURER, INCORPORATED_IN_CHINA, "FM-COUNTRY"),
    ("foreign_manufacturer", MANUFACTURER, {"trade.last_export_on": LAST_YEAR}, "FM-EXPORT"),
    ("foreign_manufacturer", MANUFACTURER, {"identifier.has_rfc": False}, "MX-COMPANY"),
    ("customs_broker", BROKER, {"license.is_customs_broker": False}, "BR-LICENSE"),
    ("customs_broker", BROKER, {"identifier.has_filer_code": False}, "BR-FILER"),
    ("consolidator", CONSOLIDATOR, {"bond.has_inbond_or_export": False}, "CO-BOND"),
    ("consolidator", CONSOLIDATOR, {"identifier.has_fmc": False}, "CO-NUMBER"),
    ("highway_carrier", MEXICAN_HAULIER, {"trade.crosses_border": False}, "HW-BORDER"),
    ("highway_carrier", MEXICAN_HAULIER, {"identifier.has_usdot": False}, "HW-CODES"),
    ("highway_carrier", MEXICAN_HAULIER, {"company.discloses_owners": False}, "MX-COMPANY"),
    ("highway_carrier", CANADIAN_HAULIER, {"office.staffed_countries": ["GB"]}, "OF-NORTH"),
    ("long_haul_carrier_mx", LONG_HAUL, {"trade.crosses_border": True}, "LH-ROUTE"),
    ("long_haul_carrier_mx", LONG_HAUL, {"identifier.has_sct": False}, "LH-SCT"),
    ("rail_carrier", RAILROAD, {"trade.last_carriage_on": LAST_YEAR}, "RA-ACTIVE"),
    ("rail_carrier", RAILROAD, {"identifier.has_scac": False}, "RA-SCAC"),
    ("sea_carrier", SHIPPING_LINE, {"bond.has_continuous_carrier": False}, "SE-BOND"),
    ("sea_carrier", SHIPPING_LINE, {"office.is_staffed": False}, "SE-OFFICE"),
    ("air_carrier", AIRLINE, {"identifier.has_iata": False}, "AI-IATA"),
    ("air_carrier", AIRLINE, {"trade.last_carriage_on": LAST_YEAR}, "AI-ACTIVE"),
    ("third_party_logistics", LOGISTICS, {"company.subcontracts_beyond_members": True}, "TP-KIND"),
    ("third_party_logistics", WITHOUT_ASSETS, {"pilot.places_left": 0}, "TP-KIND"),
    ("third_party_logistics", WITHOUT_ASSETS, {"pilot.is_open": False}, "TP-KIND"),
    ("third_party_logistics", WITHOUT_ASSETS, {"license.is_dot": False}, "TP-KIND"),
    ("mpto", US_TERMINAL, {"identifier.has_mto": False}, "MP-TERMINAL"),
    ("mpto", FOREIGN_TERMINAL, {"company.is_invited": False}, "MP-TERMINAL"),
]  # fmt: skip

#: Entity type, facts, the fact nobody knows, and the statement that then cannot be told.
UNTOLD = [
    ("importer", IMPORTER, "trade.last_import_on", "IM-ACTIVE"),
    ("exporter", EXPORTER, "company.is_in_good_standing", "EX-STANDING"),
    ("foreign_manufacturer", MANUFACTURER, "identifier.has_mid", "FM-MID"),
    ("foreign_manufacturer", MANUFACTURER, "company.discloses_owners", "MX-COMPANY"),
    ("customs_broker", BROKER, "office.staffed_countries", "OF-US"),
    ("consolidator", CONSOLIDATOR, "bond.has_inbond_or_export", "CO-BOND"),
    ("highway_carrier", CANADIAN_HAULIER, "trade.borders", "HW-BORDER"),
    ("highway_carrier", CANADIAN_HAULIER, "company.countries_of_incorporation", "MX-COMPANY"),
    ("long_haul_carrier_mx", LONG_HAUL, "trade.carries_us_bound_cargo", "LH-ROUTE"),
    ("rail_carrier", RAILROAD, "bond.has_continuous_carrier", "RA-BOND"),
    ("sea_carrier", SHIPPING_LINE, "identifier.has_fmc", "SE-CODES"),
    ("air_carrier", AIRLINE, "history.has_security_events", "E-EVENTS"),
    ("third_party_logistics", LOGISTICS, "company.handles_cargo_before_first_port", "TP-KIND"),
    ("third_party_logistics", WITHOUT_ASSETS, "pilot.places_left", "TP-KIND"),
    ("mpto", US_TERMINAL, "company.handles_foreign_vessels", "MP-TERMINAL"),
]

#: Texts that are the same in both languages: names, and words that Spanish writes alike.
SAME = {
    "Auditor", "China", "Colombia", "Costa Rica", "Guatemala", "India", "Vietnam",
}  # fmt: skip

PLACEHOLDERS = {
    "company", "account", "entity_type", "tier", "on", "due_on", "specialist", "code", "benefits",
}  # fmt: skip


@pytest.fixture(scope="module")
def program() -> Program:
    return load_program("ctpat")


def answer(
    program: Program, key: str, declared: Declared, own: Mapping[str, FactValue] | None = None
) -> Eligibility:
    standing: dict[str, FactValue] = {"act.on": ON, "standing.membership": "NONE", **(own or {})}
    facts = Facts.declared(dict(declared)).with_(standing)
    return eligibility(program, key, facts)


def statements(result: Eligibility, truth: Truth) -> list[str]:
    return [one.rule.id for one in result.answers if one.truth is truth]


def texts(value: object, path: str = "") -> Iterator[tuple[str, Text]]:
    """Every text in a program, with the place where it stands."""
    if isinstance(value, Text):
        yield path, value
    elif isinstance(value, Mapping):
        for key, part in value.items():
            yield from texts(part, f"{path}.{key}")
    elif isinstance(value, tuple):
        for index, part in enumerate(value):
            yield from texts(part, f"{path}[{index}]")
    elif is_dataclass(value):
        for field in fields(value):
            yield from texts(getattr(value, field.name), f"{path}.{field.name}")


@pytest.mark.parametrize(("key", "declared"), ELIGIBLE.values(), ids=ELIGIBLE)
def test_a_company_with_all_that_its_type_asks_for_is_eligible(
    program: Program, key: str, declared: Declared
) -> None:
    result = answer(program, key, declared)

    assert statements(result, Truth.NO) == []
    assert statements(result, Truth.UNKNOWN) == []
    assert result.truth is Truth.YES


@pytest.mark.parametrize(
    ("key", "declared", "change", "statement"),
    FAILS,
    ids=[f"{key}-{statement}-{index}" for index, (key, _, _, statement) in enumerate(FAILS)],
)
def test_one_changed_fact_fails_the_statement_that_rests_on_it(
    program: Program, key: str, declared: Declared, change: Declared, statement: str
) -> None:
    before = answer(program, key, declared)
    after = answer(program, key, {**declared, **change})

    assert before.truth is Truth.YES
    assert statements(after, Truth.NO) == [statement]
    assert after.truth is Truth.NO


@pytest.mark.parametrize(
    ("key", "declared", "fact", "statement"),
    UNTOLD,
    ids=[f"{key}-{fact}" for key, _, fact, _ in UNTOLD],
)
def test_a_missing_fact_leaves_its_statement_untold(
    program: Program, key: str, declared: Declared, fact: str, statement: str
) -> None:
    result = answer(program, key, {**declared, fact: None})

    assert statements(result, Truth.UNKNOWN) == [statement]
    assert result.truth is Truth.UNKNOWN


def test_each_entity_type_has_a_case_of_each_kind(program: Program) -> None:
    members = {key for key, entity in program.entity_types.items() if not entity.is_overlay}

    assert members == {key for key, _ in ELIGIBLE.values()}
    assert members == {key for key, *_ in FAILS}
    assert members == {key for key, *_ in UNTOLD}


def test_nothing_declared_tells_nothing(program: Program) -> None:
    for key, entity in program.entity_types.items():
        result = eligibility(program, key, Facts({"act.on": ON}))

        assert statements(result, Truth.UNKNOWN) == [rule.id for rule in entity.eligibility], key


@pytest.mark.parametrize("status", ["PRE_APPLICANT", "CERTIFIED", "VALIDATED", "SUSPENDED"])
def test_a_pilot_member_keeps_its_place_when_the_pilot_is_full(
    program: Program, status: str
) -> None:
    full = {**WITHOUT_ASSETS, "pilot.places_left": 0}

    inside = answer(program, "third_party_logistics", full, {"standing.membership": status})
    outside = answer(program, "third_party_logistics", full, {"standing.membership": "NONE"})

    assert inside.truth is Truth.YES
    assert statements(outside, Truth.NO) == ["TP-KIND"]


def test_trade_compliance_is_for_validated_importers_in_tier_two_or_three(
    program: Program,
) -> None:
    def asked(membership: str, tier: str, **change: object) -> Eligibility:
        own: dict[str, FactValue] = {"standing.membership": membership, "standing.tier": tier}
        declared = {**TRADE_COMPLIANCE, **change}
        return answer(program, "trade_compliance", declared, own)

    assert program.entity_type("trade_compliance").is_overlay
    assert asked("VALIDATED", "T2").truth is Truth.YES
    assert asked("VALIDATED", "T3").truth is Truth.YES
    assert statements(asked("CERTIFIED", "T1"), Truth.NO) == ["TC-TIER"]
    assert statements(asked("SUSPENDED", "T2"), Truth.NO) == ["TC-TIER"]
    years = asked("VALIDATED", "T2", **{"trade.years_importing": 1})
    assert statements(years, Truth.NO) == ["TC-YEARS"]
    resident = asked("VALIDATED", "T2", **{"company.countries_of_incorporation": ["MX"]})
    assert statements(resident, Truth.NO) == ["TC-RESIDENT"]


def test_the_entity_types_are_those_of_the_criteria(program: Program) -> None:
    edition = (pack_dir("ctpat") / "editions" / "2020" / "edition.yaml").read_text("utf-8")
    listed = edition.split("entity_types:\n")[1].split("\nfocus_areas:")[0]

    assert list(program.entity_types) == re.findall(r"- (\w+)", listed)


def test_only_importers_and_exporters_have_tiers(program: Program) -> None:
    tiers = {key: entity.tiers for key, entity in program.entity_types.items()}
    all_tiers = frozenset({Tier.T1, Tier.T2, Tier.T3})

    assert {key for key, value in tiers.items() if value} == {"importer", "exporter"}
    for key, entity in program.entity_types.items():
        tiered = bool(tiers[key])
        assert tiers[key] in (frozenset(), all_tiers)
        assert entity.entry_tier is (Tier.T1 if tiered else Tier.NONE)
        assert entity.validated_tier is (Tier.T2 if tiered else Tier.NONE)


def test_each_question_is_asked_for_some_statement_or_for_a_lost_identifier(
    program: Program,
) -> None:
    rules = [rule.rule for entity in program.entity_types.values() for rule in entity.eligibility]
    needed = {fact for rule in rules for fact in facts_of(rule) if not VOCABULARY[fact].is_derived}

    assert set(program.questions) == needed | {"identifier.is_lost"}


def test_every_text_stands_in_english_and_in_spanish(program: Program) -> None:
    found = list(texts(program))

    assert len(found) > 400
    for path, text in found:
        assert set(text.by_language) == {"en", "es"}, path
        english, spanish = text.in_("en"), text.in_("es")
        assert english == english.strip() != "", path
        assert spanish == spanish.strip() != "", path
        assert english != spanish or english in SAME, path


def test_no_line_of_the_pack_names_a_registry_or_a_machine() -> None:
    for path in Path(pack_dir("ctpat")).glob("*.yaml"):
        content = path.read_text("utf-8")

        assert "/home/" not in content
        assert "localhost" not in content


def test_letters_have_their_parts_and_only_the_placeholders_that_are_documented(
    program: Program,
) -> None:
    kinds = {
        "certification", "return", "rejection", "receipt", "annual_review_notice", "suspension",
        "validation_notice", "suspension_notice", "partial_suspension", "urgent_suspension",
        "reinstatement", "restoration", "removal", "closure", "appeal_granted", "appeal_upheld",
    }  # fmt: skip

    assert set(program.letters) == kinds
    for kind, parts in program.letters.items():
        plain = [part for part in parts if part != "benefits"]
        bodies = [f"body_{index + 1}" for index in range(len(plain) - 4)]
        assert plain == ["title", "subject", "greeting", *bodies, "closing"], kind
        for part, text in parts.items():
            used = {
                language: set(re.findall(r"\{(\w+)\}", words))
                for language, words in text.by_language.items()
            }
            assert used["en"] == used["es"], (kind, part)
            assert used["en"] <= PLACEHOLDERS, (kind, part)
            filled = text.in_("es").format(**dict.fromkeys(PLACEHOLDERS, "x"))
            assert "{" not in filled


def test_vetting_reasons_say_no_more_than_that_vetting_was_not_passed(program: Program) -> None:
    told = program.reasons["vetting.not_passed"]

    assert told == program.reasons["rejection.vetting_not_passed"]
    assert "No detail can be given" in told.in_("en")
    assert "No es posible dar detalles" in told.in_("es")


def test_only_the_knowing_falsehood_is_a_falsehood(program: Program) -> None:
    assert list(program.grounds) == [f"G{number}" for number in range(1, 9)]
    assert [code for code, ground in program.grounds.items() if ground.is_falsehood] == ["G4"]


def test_no_length_of_keeping_is_invented(program: Program) -> None:
    assert all(rule.period is None for rule in program.retention.values())
    for key, rule in program.retention.items():
        assert rule.anchors >= program.closing_marks or key == "sign_in", key


def test_the_agreement_says_that_it_is_a_demonstration_and_fits_one_page(
    program: Program,
) -> None:
    agreement = program.agreement_on(date(2020, 1, 1))

    assert agreement.text.in_("en").startswith("DEMONSTRATION TEXT")
    assert agreement.text.in_("es").startswith("TEXTO DE DEMOSTRACIÓN")
    for language in ("en", "es"):
        assert 300 < len(agreement.text.in_(language).split()) < 650


@pytest.mark.parametrize(
    ("year", "days"),
    [
        (2026, "01-01 01-19 02-16 05-25 06-19 07-03 09-07 10-12 11-11 11-26 12-25"),
        (2021, "01-01 01-18 02-15 05-31 06-18 07-05 09-06 10-11 11-11 11-25 12-24 12-31"),
        (2020, "01-01 01-20 02-17 05-25 07-03 09-07 10-12 11-11 11-26 12-25"),
    ],
)
def test_federal_holidays_fall_where_the_office_kept_them(
    program: Program, year: int, days: str
) -> None:
    kept = {
        day
        for rule in program.calendar.holidays
        for day in (rule.in_year(year), rule.in_year(year + 1))
        if day is not None and day.year == year
    }

    assert sorted(f"{day:%m-%d}" for day in kept) == days.split()
    assert not any(program.calendar.is_working_day(day) for day in kept)


def test_every_identifier_that_an_entity_type_lists_can_be_checked(program: Program) -> None:
    listed = {code for entity in program.entity_types.values() for code in entity.identifiers}

    assert listed <= set(SCHEMES)
    assert set(SCHEMES) - listed == {"container", "eori"}
