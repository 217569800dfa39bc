"""The vetting addresses of the API: parties by the company, the rest by the office alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from greenlane.gate.access import now, today
from tests.api.test_withheld import certified
from tests.api.world import Caller, World
from tests.factories.lists import be_ready
from tests.factories.people import person_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(settings: Any, tmp_path: Path) -> World:
    """Give an office and a company with lists of their own."""
    settings.WATCHLISTS_DIR = tmp_path / "watchlists"
    be_ready(at=now())
    return World()


def test_a_party_goes_from_declaration_to_a_hit_decided_by_two(world: World) -> None:
    key = certified(world)
    at = f"/accounts/{key}"
    made = world.contact.post(f"{at}/parties", role="OFFICER", name="Zoltan Brezniak")
    done = world.analyst.post(f"{at}/screenings")
    (hit,) = world.analyst.get("/hits").body["hits"]
    one = f"{at}/hits/{hit['hit']}"

    proposed = world.analyst.post(
        f"{one}/decisions", decision="TRUE", reason="same_details", words="All.", seen=hit["seen"]
    )
    alone = world.analyst.post(f"{one}/second", decision="CONFIRMED")
    colleague = Caller(person_with("vetting_analyst"))
    confirmed = colleague.post(f"{one}/second", decision="CONFIRMED")

    assert made.body["party"].startswith("P-")
    assert (done.status, done.body["waiting"]) == (200, 1)
    assert (hit["declared"], hit["list"]) == ("Zoltan Brezniak", "invented")
    assert proposed.body["state"] == "WAITING"
    assert (alone.status, alone.code) == (403, "hit.same_person")
    assert confirmed.body["state"] == "TRUE"
    told = world.analyst.get(one).body
    assert [row["decision"] for row in told["decisions"]] == ["CONFIRMED", "TRUE"]
    assert {"declared": "zoltan", "listed": "zoltan"}.items() <= told["words"][0].items()
    assert world.analyst.get(f"{at}/hits").body["screening"]["current"] is True


def test_a_company_reads_its_parties_and_nothing_else(world: World) -> None:
    key = certified(world)
    world.contact.post(f"/accounts/{key}/parties", role="OFFICER", name="Zoltan Brezniak")
    world.analyst.post(f"/accounts/{key}/screenings")
    hit = world.analyst.get("/hits").body["hits"][0]["hit"]

    assert len(world.officer.get(f"/accounts/{key}/parties").body["parties"]) == 1
    for path in ("/hits", f"/accounts/{key}/hits", f"/accounts/{key}/hits/{hit}"):
        assert world.officer.get(path).status == 403
    assert world.officer.get(f"/accounts/{key}/customs-rows").status == 403
    assert world.officer.post(f"/accounts/{key}/screenings").status == 403
    assert world.rival.get(f"/accounts/{key}/parties").status == 404


@pytest.mark.parametrize("role", ["contributor", "consultant", "auditor", "appeal_authority"])
def test_who_only_reads_the_account_gets_no_passport_and_no_birth_date(
    world: World, role: str
) -> None:
    key = certified(world)
    path = f"/accounts/{key}/parties"
    made = world.contact.post(
        path,
        role="OFFICER",
        name="Ana Prado",
        birth_date="1975-06-14",
        identifiers=[["passport", "G12345678", "MX"]],
    )
    side = "" if role == "appeal_authority" else world.organization
    reader = Caller(person_with(role, side or None))

    masked, full = reader.get(path).body, world.officer.get(path).body

    assert masked["in_full"] is False
    (row,) = masked["parties"]
    assert (row["birth_date"], row["identifiers"]) == ("1975", [["passport", "…678", "MX"]])
    assert full["parties"] == world.analyst.get(path).body["parties"] == [made.body]
    assert full["parties"][0]["identifiers"] == [["passport", "G12345678", "MX"]]


def test_a_party_is_changed_and_removed(world: World) -> None:
    key = certified(world)
    party = world.contact.post(
        f"/accounts/{key}/parties", role="SITE", name="Pier 4", address="Dock road"
    ).body["party"]

    changed = world.contact.post(
        f"/accounts/{key}/parties", role="SITE", name="Pier 5", address="Dock road", party=party
    )
    removed = world.contact.send("DELETE", f"/accounts/{key}/parties/{party}")

    assert (changed.body["party"], changed.body["name"]) == (party, "Pier 5")
    assert removed.status == 200
    assert world.contact.get(f"/accounts/{key}/parties").body["parties"] == []


@pytest.mark.parametrize(
    "given",
    [
        {"role": "KING", "name": "X"},
        {"role": "OFFICER", "name": " . "},
        {"role": "OFFICER", "name": "\u202eevil"},
        {"role": "OFFICER", "name": "A", "birth_date": "1975-13-40"},
        {"role": "OWNER", "name": "A", "share": "101"},
        {"role": "OWNER", "name": "A", "share": "NaN"},
        {"role": "OWNER", "name": "A", "owned": "P-NOBODY00"},
        {"role": "OFFICER", "name": "A", "countries": ["Mexico"]},
        {"role": "OFFICER", "name": "A", "identifiers": [["ein", "1"]]},
        {"role": "OFFICER", "name": "A", "identifiers": [["tooth", "12345"]]},
        {"role": "OFFICER", "name": "A", "identifiers": [["passport"]]},
        {"role": "OFFICER", "name": "A", "identifiers": [["passport", "G12345678", "MX", "old"]]},
        {"role": "OFFICER", "name": "A" * 500},
    ],
)
def test_a_party_that_cannot_be_is_refused(world: World, given: dict[str, Any]) -> None:
    key = certified(world)

    answer = world.contact.post(f"/accounts/{key}/parties", **given)

    # Whose company it would be is looked for, and not found; all else is wrong in itself.
    assert answer.status == (404 if "owned" in given else 422), answer
    assert world.contact.get(f"/accounts/{key}/parties").body["parties"] == []


def test_a_file_is_planned_first_and_recorded_on_demand(world: World) -> None:
    key = certified(world)
    world.contact.post(
        f"/accounts/{key}/parties",
        role="COMPANY",
        name="Harbor Lane",
        identifiers=[["ein", "12-3456789"]],
    )
    content = (
        b"kind,status,reference,identifier\nDEBT,FINAL,D-1,123456789\nDEBT,FINAL,D-2,NOBODY1\n"
    )
    more = {"source": "Collections", "as_of": today().isoformat()}

    planned = world.analyst.upload("/customs-files", content, name="rows.csv", **more)
    before = world.analyst.get(f"/accounts/{key}/customs-rows").body["rows"]
    recorded = world.analyst.upload(
        "/customs-files", content, name="rows.csv", dry_run="false", **more
    )
    hidden = world.officer.upload("/customs-files", content, name="rows.csv", **more)

    assert (planned.body["recorded"], planned.body["matched"], planned.body["unmatched_lines"]) == (
        False,
        1,
        [3],
    )
    assert before == []
    assert recorded.body["new_or_changed"] == 1
    (row,) = world.analyst.get(f"/accounts/{key}/customs-rows").body["rows"]
    assert (row["kind"], row["reference"]) == ("DEBT", "D-1")
    assert hidden.status == 403
    assert world.analyst.upload("/customs-files", b"\x00", **more).status == 422


def test_the_office_sets_its_levels_and_a_company_never_reads_them(world: World) -> None:
    told = {"review": 0.4, "alert": 0.9, "words": "Curve of March"}

    before = world.analyst.get("/hits/levels").body
    done = world.analyst.post("/hits/levels", **told)
    wrong = world.analyst.post("/hits/levels", **{**told, "review": 0.95})

    assert (before["shipped"], before["review"], before["alert"]) == (True, 0.5, 0.85)
    assert (done.status, done.body["review"], done.body["alert"]) == (200, 0.4, 0.9)
    assert done.body["words"] == "Curve of March"
    assert wrong.status == 422
    assert world.officer.get("/hits/levels").status == 403
    assert world.officer.post("/hits/levels", **told).status == 403
