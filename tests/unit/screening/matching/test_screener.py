"""Hits of one subject: levels, evidence, weak names, identifiers, expiry, explanation."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from greenlane.screening.evidence import EvidenceKind
from greenlane.screening.index import IndexUnusable
from greenlane.screening.levels import Level, Levels
from greenlane.screening.listed import ListIndex
from greenlane.screening.records import (
    Identifier,
    Kind,
    ListedName,
    ListedParty,
    PartialDate,
    Subject,
)
from greenlane.screening.screener import Screener, judge
from greenlane.screening.versions import SCORER_VERSION

PERSON = ListedParty(
    uid="ofac-1",
    source="ofac",
    kind=Kind.PERSON,
    names=(
        ListedName("p", "VARNHOLM, Rasmus Oluf"),
        ListedName("w", "ORLANDIN", is_weak=True),
    ),
    birth_dates=(PartialDate(1971, 5, 3),),
    countries=("DK",),
    identifiers=(Identifier("PASSPORT", "K 123-4567", "DK"),),
)
SHIP = ListedParty(
    uid="ofac-2",
    source="ofac",
    kind=Kind.VESSEL,
    names=(ListedName("p", "TINDELWICK"),),
    identifiers=(Identifier("IMO", "7406784"),),
    expires_on="2025-12-31",
)


@pytest.fixture(scope="module")
def screener() -> Screener:
    return Screener(ListIndex.build([PERSON, SHIP], list_version="v1"))


def person(*names: str, **more: object) -> Subject:
    return replace(Subject("S-1", names, Kind.PERSON), **more)  # type: ignore[arg-type]


def test_a_hit_says_who_what_and_why(screener: Screener) -> None:
    [hit] = screener.screen(person("Rasmus Varnholm"))

    assert (hit.key.subject_id, hit.key.listed_uid, hit.key.name_uid) == ("S-1", "ofac-1", "p")
    assert (hit.key.scorer_version, hit.list_version) == (SCORER_VERSION, "v1")
    assert hit.level in (Level.REVIEW, Level.ALERT)
    assert ("rasmus", "rasmus", "same") in [(p.subject, p.listed, p.how) for p in hit.pairings]


def test_an_agreeing_birth_date_raises_and_another_year_lowers_the_score(
    screener: Screener,
) -> None:
    [bare] = screener.screen(person("Rasmus Varnholm"))
    [same] = screener.screen(person("Rasmus Varnholm", birth_dates=(PartialDate(1971, 5, 3),)))
    other = screener.screen(person("Rasmus Varnholm", birth_dates=(PartialDate(1985),)))

    assert same.score > bare.score == bare.name_score
    assert same.name_score == bare.name_score
    assert same.evidence[0].corroborates
    assert all(hit.score < bare.score for hit in other)


def test_an_equal_identifier_is_an_alert_by_itself(screener: Screener) -> None:
    [hit] = screener.screen(
        person("Someone Else", identifiers=(Identifier("PASSPORT", "k1234567"),))
    )

    assert (hit.level, hit.name_score, hit.score) == (Level.ALERT, 0.0, 0.999)
    assert hit.evidence[0].kind is EvidenceKind.IDENTIFIER


def test_a_passport_of_another_country_or_type_is_no_identifier(screener: Screener) -> None:
    strangers = (
        Identifier("PASSPORT", "K1234567", "FR"),
        Identifier("TAX", "K1234567"),
        Identifier("PASSPORT", "K12"),
    )

    assert screener.screen(person("Someone Else", identifiers=strangers)) == ()


def test_another_imo_number_contradicts_a_ship_of_the_same_name(screener: Screener) -> None:
    ship = Subject("V-1", ("Tindelwick",), Kind.VESSEL)

    [bare] = screener.screen(ship)
    other = screener.screen(replace(ship, identifiers=(Identifier("IMO", "9000000"),)))

    assert all(hit.score < bare.score for hit in other)


def test_a_weak_name_alone_is_no_hit_unless_the_office_says_so(screener: Screener) -> None:
    subject = person("Orlandin")
    strict = Screener(screener.listed, weak_names_alert=True)

    assert screener.screen(subject) == ()
    assert strict.screen(subject)[0].is_weak


def test_a_weak_name_with_the_birth_date_is_for_review_never_an_alert(screener: Screener) -> None:
    [hit] = screener.screen(person("Orlandin", birth_dates=(PartialDate(1971, 5, 3),)))

    assert hit.level is Level.REVIEW


def test_a_weak_name_beside_a_strong_one_corroborates(screener: Screener) -> None:
    [alone] = screener.screen(person("Rasmus Varnholm"))
    [both] = screener.screen(person("Rasmus Varnholm", "Orlandin"))

    assert both.score > alone.score
    assert both.evidence[-1].kind is EvidenceKind.WEAK_NAME


def test_an_expired_listing_makes_no_hit(screener: Screener) -> None:
    ship = Subject("V-1", ("Tindelwick",), Kind.VESSEL)

    assert screener.screen(ship, on="2025-12-31")
    assert screener.screen(ship, on="2026-01-01") == ()


def test_bulk_and_single_screening_give_the_same_hits(screener: Screener) -> None:
    subjects = [
        person("Rasmus Varnholm"),
        Subject("V-1", ("MV Tindelwick", "Other"), Kind.VESSEL),
        Subject("N-1", ("Nobody Whatever",)),
        replace(person("X Y"), identifiers=(Identifier("PASSPORT", "K1234567"),)),
    ]

    bulk = screener.screen_many(subjects)

    single = [hit for s in subjects for hit in screener.screen(s, explain=False)]
    assert bulk == single
    assert {hit.key.subject_id for hit in bulk} == {"S-1", "V-1"}


def test_a_full_account_adds_up(screener: Screener) -> None:
    [account] = screener.explain(person("Rasmus Varnholm"))

    total = sum(p.points for p in account.hit.pairings) + sum(f.points for f in account.findings)
    assert total == pytest.approx(account.explanation.logit)
    assert account.explanation.score == account.hit.name_score


def test_judging_is_the_same_function_that_screening_uses(screener: Screener) -> None:
    subject = person("Rasmus Varnholm")
    [hit] = screener.screen(subject, explain=False)

    judged = judge(
        subject,
        PERSON,
        [(PERSON.names[0], "Rasmus Varnholm", hit.name_score)],
        levels=screener.levels,
        weak_names_alert=False,
        list_version="v1",
    )

    assert judged == hit


def test_levels_follow_the_office(screener: Screener) -> None:
    [hit] = Screener(screener.listed, levels=Levels(0.3, 0.999)).screen(person("Rasmus Varnholm"))

    assert hit.level is Level.REVIEW


def test_a_list_index_is_saved_and_opened(screener: Screener, tmp_path: Path) -> None:
    screener.listed.save(tmp_path / "list")
    opened = Screener(ListIndex.open(tmp_path / "list"))
    subject = person("Rasmus Varnholm", identifiers=(Identifier("PASSPORT", "K1234567"),))

    assert opened.screen(subject) == screener.screen(subject)
    assert opened.listed.uids_with_identifier(Identifier("IMO", "IMO 7406784"[4:])) == ("ofac-2",)


def test_a_damaged_list_index_is_refused(screener: Screener, tmp_path: Path) -> None:
    screener.listed.save(tmp_path / "list")
    (tmp_path / "list" / "owner.npy").write_bytes(b"nothing")

    with pytest.raises(IndexUnusable, match="Build it again"):
        ListIndex.open(tmp_path / "list")


def test_two_parties_of_one_uid_are_refused() -> None:
    with pytest.raises(ValueError, match="have the uid ofac-1"):
        ListIndex.build([PERSON, PERSON], list_version="v1")
