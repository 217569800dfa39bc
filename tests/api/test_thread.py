from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from greenlane.gate.access import now
from tests.api.world import GOOD, World
from tests.factories.lists import screened
from tests.factories.people import the_program

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(settings: Any, tmp_path: Path) -> World:
    settings.WATCHLISTS_DIR = tmp_path / "watchlists"
    return World()


def answer_all(world: World, key: str) -> list[str]:
    rows = world.contact.get(f"/accounts/{key}/profile").body["criteria"]
    for row in rows:
        saved = world.contact.put(
            f"/accounts/{key}/profile/{row['criterion']}", outcome="IMPLEMENTED", words="We do."
        )
        assert saved.status == 200, saved
    return [row["criterion"] for row in rows]


@pytest.mark.slow
def test_the_whole_thread_from_eligibility_to_letter_and_receipt(world: World) -> None:
    contact, officer, office = world.contact, world.officer, world.specialist

    tried = contact.post("/eligibility", entity_type="importer", facts=GOOD)
    assert (tried.status, tried.body["answer"]) == (200, "yes")
    key = world.opened()
    at = f"/accounts/{key}"

    assert contact.put(f"{at}/company-profile", legal_name="Muñoz 进口 Co").status == 200
    assert contact.post(f"{at}/acts/C01").status == 200
    assert world.signed(key).status == 200
    filed = contact.upload(f"{at}/risk-assessments", b"risk", "risk.txt", assessed_on="2026-02-01")
    assert filed.status == 200, filed

    early = officer.post(f"{at}/submit")
    assert (early.status, early.code[:6]) == (422, "guard.")
    assert early.body["gates"]

    answer_all(world, key)
    proof = contact.upload(f"{at}/profile/1.1/evidence", b"%PDF-1.4 ...")
    assert (proof.status, len(proof.body["sha256"])) == (200, 64)
    submitted = officer.post(f"{at}/submit")
    assert submitted.status == 200, submitted
    assert submitted.body["standing"]["membership"] == "APPLICANT"

    assigned = world.chief.post(f"{at}/acts/S01", given={"specialist": office.key})
    assert (assigned.status, assigned.body["specialist"]) == (200, office.key)
    for row in office.get(f"{at}/profile").body["criteria"]:
        # Each says how sure it is that the criterion binds this entity type, and from where.
        assert row["cell"] in ("confirmed", "assumed", "doubtful")
        assert row["cell_basis"]
        assert row["cell"] != "confirmed" or row["cell_sources"]
        reviewed = office.post(
            f"{at}/reviews/{row['criterion']}",
            decision="ACCEPTED",
            answer_event=row["answer"]["event"],
            note="an internal word",
        )
        assert reviewed.status == 200, reviewed
    assert office.post(f"{at}/close-review", act="T05").status == 200

    assert world.analyst.post(f"{at}/acts/V01").status == 200
    open_checks = world.analyst.post(f"{at}/acts/V02")
    assert (open_checks.status, open_checks.code[:6]) == (422, "guard.")
    for check in world.analyst.get(f"{at}/checks").body["checks"]:
        made = world.analyst.post(
            f"{at}/checks", check=check["check"], result="CLEAR", source="list X"
        )
        assert made.status == 200, made
    unscreened = world.analyst.post(f"{at}/acts/V02")
    assert unscreened.code == "guard.lists_current.unknown"
    screened(key, at=now())
    assert world.analyst.post(f"{at}/acts/V02").status == 200

    proposed = office.post(f"{at}/proposals")
    assert proposed.status == 200, proposed
    # A site that came after the screening: nobody is certified before it is screened too.
    assert contact.post(f"{at}/parties", role="SITE", name="Second yard").status == 200
    approval = f"{at}/proposals/{proposed.body['proposal']}/approve"
    assert world.chief.post(approval).code == "guard.lists_current"
    screened(key, at=now())
    certified = world.chief.post(approval)
    assert certified.status == 200, certified
    assert certified.body["standing"]["membership"] == "CERTIFIED"
    assert certified.body["benefits"] is True

    (letter,) = contact.get(f"{at}/letters").body["letters"]
    pdf = contact.get(f"{at}/letters/{letter['letter']}")
    assert (pdf.media_type, pdf.body[:5]) == ("application/pdf", b"%PDF-")
    duties = contact.get(f"{at}/duties?on=2035-01-01").body
    assert duties["on"] == "2035-01-01"
    assert {duty["anchor_event"].partition(":")[0] for duty in duties["duties"]} == {key}

    seen_by_member = contact.get(f"{at}/record?limit=500").body["events"]
    seen_by_office = world.analyst.get(f"{at}/record?limit=500").body["events"]
    assert "check" not in {event["kind"] for event in seen_by_member}
    assert not {event.get("act") for event in seen_by_member} & {"V01", "V02"}
    assert "check" in {event["kind"] for event in seen_by_office}
    assert [event["hash"] for event in seen_by_member] == [
        event["hash"] for event in seen_by_office
    ]
    assert "an internal word" not in str(contact.get(f"{at}/profile").body)
    assert contact.get(f"{at}/receipt").body["receipt"].count(".") == 2
    assert world.nobody.get("/keys").body["keys"]
    due = office.get("/due").body["accounts"]
    assert [row["account"] for row in due] == [key]


class TestWhoMayAsk:
    def test_nobody_without_a_token(self, world: World) -> None:
        answer = world.nobody.get("/accounts")

        assert (answer.status, answer.code) == (401, "token.missing")

    def test_no_unknown_token(self, world: World) -> None:
        world.nobody.token = "glt_" + "x" * 40

        answer = world.nobody.get("/accounts")

        assert (answer.status, answer.code) == (401, "token.unknown")

    @pytest.mark.parametrize(
        ("method", "rest"),
        [
            ("GET", ""),
            ("GET", "/duties"),
            ("GET", "/acts"),
            ("GET", "/agreement"),
            ("GET", "/profile"),
            ("GET", "/letters"),
            ("GET", "/letters/1"),
            ("GET", "/record"),
            ("GET", "/receipt"),
            ("POST", "/acts/C01"),
            ("POST", "/submit"),
        ],
    )
    def test_a_rival_meets_no_account_where_there_is_one(
        self, world: World, method: str, rest: str
    ) -> None:
        key = world.opened()

        there = world.rival.send(method, f"/accounts/{key}{rest}", {} if method == "POST" else b"")
        absent = world.rival.send(
            method, f"/accounts/A-0000000000{rest}", {} if method == "POST" else b""
        )

        assert there.status == absent.status == 404
        assert there.code == absent.code
        assert there.body["detail"].replace(key, "") == absent.body["detail"].replace(
            "A-0000000000", ""
        )

    def test_lists_hold_what_is_in_sight(self, world: World) -> None:
        key = world.opened()

        def keys(answer: Any) -> list[str]:
            return [row["account"] for row in answer.body["accounts"]]

        assert keys(world.contact.get("/accounts")) == [key]
        assert keys(world.specialist.get("/accounts")) == [key]
        assert keys(world.rival.get("/accounts")) == []
        assert keys(world.stranger.get("/accounts")) == []

    def test_a_member_has_no_door_to_the_checks(self, world: World) -> None:
        key = world.opened()

        answer = world.contact.get(f"/accounts/{key}/checks")

        assert (answer.status, answer.code) == (403, "access.role_not_allowed")

    def test_only_a_role_of_the_act_does_it(self, world: World) -> None:
        key = world.opened()

        assigned = world.contact.post(
            f"/accounts/{key}/acts/S01", given={"specialist": world.specialist.key}
        )

        assert assigned.status == 403
        assert assigned.code

    def test_nobody_opens_an_account_for_another_company(self, world: World) -> None:
        made = world.rival.post(
            "/accounts",
            entity_type="importer",
            organization=world.organization,
            company_name="Theirs",
            facts=GOOD,
        )

        assert made.status == 403


class TestRefusals:
    def test_a_revision_that_is_old_is_a_conflict(self, world: World) -> None:
        key = world.opened()
        world.contact.put(f"/accounts/{key}/company-profile", legal_name="Muñoz")

        late = world.contact.post(f"/accounts/{key}/acts/C01", expected=1)

        assert (late.status, late.code) == (409, "record.changed")

    def test_an_eligibility_statement_that_fails_opens_nothing(self, world: World) -> None:
        made = world.contact.post(
            "/accounts",
            entity_type="importer",
            organization=world.organization,
            company_name="Muñoz",
            facts={**GOOD, "debt.is_final_unpaid": True},
        )

        assert made.status == 422
        assert made.body["gates"] or made.code
        assert world.contact.get("/accounts").body["accounts"] == []

    def test_acts_with_an_address_of_their_own_say_which(self, world: World) -> None:
        key = world.opened()

        answer = world.officer.post(f"/accounts/{key}/acts/C02")

        assert (answer.status, answer.code) == (422, "input.unreadable")
        assert "/agreement" in answer.body["detail"]

    def test_an_act_of_a_validation_names_where_its_case_is_kept(self, world: World) -> None:
        key = world.opened()
        world.signed(key)

        reply = world.officer.post(f"/accounts/{key}/acts/X06")

        assert reply.status == 422
        assert f"/accounts/{key}/validation" in reply.body["detail"]
        assert world.officer.get(f"/accounts/{key}/validation").status == 200

    def test_a_code_signs_once(self, world: World) -> None:
        key = world.opened()
        world.contact.put(f"/accounts/{key}/company-profile", legal_name="Muñoz")
        world.contact.post(f"/accounts/{key}/acts/C01")
        hashed = world.officer.get(f"/accounts/{key}/agreement").body["text_sha256"]

        wrong = world.officer.post(f"/accounts/{key}/agreement", text_sha256=hashed, code="12")
        other = world.officer.post(f"/accounts/{key}/agreement", text_sha256="0" * 64, code="12")
        first = world.signed(key)
        second = world.signed(key)

        assert [wrong.status, other.status, first.status, second.status] == [403, 422, 200, 403]

    def test_what_is_lawful_now_is_told_with_its_gates(self, world: World) -> None:
        key = world.opened()

        acts = world.officer.get(f"/accounts/{key}/acts").body["allowed_actions"]

        told = {row["act"]: row for row in acts}
        assert told["C01"]["lawful"] is True
        assert told["A02"]["lawful"] is False
        assert told["A02"]["refusal"] == "guard.appeal_window_open"


HUGE = 10**400
ODD: list[Any] = [
    None,
    True,
    -1,
    2**63,
    1e308,
    "",
    "\x00",
    "a\x00b",
    "\ud800",
    "x" * 50_000,
    [],
    {},
    [[[]]],
    {"a": {"b": 1}},
    "2026-02-30",
    "0000-00-00",
    HUGE,
]
BODIES: list[tuple[str, str, dict[str, Any]]] = [
    ("POST", "/eligibility", {"entity_type": "importer", "facts": {}}),
    (
        "POST",
        "/accounts",
        {"entity_type": "importer", "organization": "", "company_name": "M", "facts": GOOD},
    ),
    ("PUT", "{at}/company-profile", {"legal_name": "M", "phone": "", "history": ""}),
    ("PUT", "{at}/facts", {"facts": {"trade.imports_last_12_months": 3}}),
    (
        "POST",
        "{at}/acts/C01",
        {"on": "2026-01-01", "given": {}, "words": "", "expected": 1, "document": ""},
    ),
    ("POST", "{at}/agreement", {"text_sha256": "0" * 64, "language": "en", "code": "1"}),
    (
        "PUT",
        "{at}/profile/1.1",
        {"outcome": "IMPLEMENTED", "words": "W", "parts": {}, "scope": ""},
    ),
    ("POST", "{at}/submit", {"act": "T02"}),
    ("POST", "{at}/annual-review/confirm", {"answers": {"1.1": 1}}),
    ("POST", "{at}/edition", {"edition": "2020"}),
]
OFFICE_BODIES: list[tuple[str, str, dict[str, Any]]] = [
    (
        "POST",
        "{at}/reviews/1.1",
        {"decision": "RETURNED", "answer_event": 1, "reason": "R", "note": ""},
    ),
    ("POST", "{at}/close-review", {"act": "T05", "words": ""}),
    (
        "POST",
        "{at}/checks",
        {"check": "x", "result": "CLEAR", "source": "s", "detail": "", "run_on": "2026-01-01"},
    ),
    ("POST", "{at}/proposals", {"act": "T06", "words": ""}),
    ("POST", "{at}/acts/S01", {"given": {"specialist": "U-0"}, "on": None}),
]


class TestHostileInput:
    @pytest.mark.parametrize(("method", "path", "body"), BODIES + OFFICE_BODIES)
    def test_no_value_in_any_field_breaks_anything(
        self, world: World, method: str, path: str, body: dict[str, Any]
    ) -> None:
        key = world.opened()
        filled = {k: world.organization if k == "organization" else v for k, v in body.items()}
        caller = world.specialist if (method, path, body) in OFFICE_BODIES else world.officer
        broken = []

        for name, usual in filled.items():
            for odd in ODD:
                values = [odd]
                if isinstance(usual, dict):
                    values += [dict.fromkeys(usual, odd), {"a\x00": odd}, {"": odd}]
                for value in values:
                    answer = caller.send(
                        method, path.format(at=f"/accounts/{key}"), {**filled, name: value}
                    )
                    if answer.status >= 500:
                        broken.append((name, str(value)[:60], answer.body))

        for rest in ("", "/duties", "/acts", "/profile", "/agreement", "/record", "/receipt"):
            answer = world.officer.get(f"/accounts/{key}{rest}")
            if answer.status != 200:
                broken.append((rest, "reading afterwards", answer.body))
        assert broken == []

    @pytest.mark.parametrize(
        "query",
        [
            "/accounts?limit=-5",
            "/accounts?limit=" + "9" * 400,
            "/accounts?limit=99999999999999999999",
            "/accounts?after=%00",
            "/accounts/%00",
            "/accounts/A-%F0%9F%9A%A2",
            "/accounts/" + "A" * 5000,
            "{at}/duties?on=0001-01-01",
            "{at}/duties?on=9999-12-31",
            "{at}/duties?on=2026-02-30",
            "{at}/duties?on=" + "9" * 400,
            "{at}/duties?known=%00",
            "{at}/record?after=-1",
            "{at}/record?after=99999999999999999999",
            "{at}/record?limit=99999999999999999999",
            "{at}/letters/99999999999999999999",
            "{at}/letters/-1",
            "{at}/letters/x",
            "{at}/agreement?lang=%00",
            "{at}/profile?lang=xx",
            "{at}/checks",
            "/due?on=0001-01-01",
            "/due?on=9999-12-31",
        ],
    )
    def test_no_address_breaks_anything(self, world: World, query: str) -> None:
        key = world.opened()

        for caller in (world.officer, world.specialist):
            assert caller.get(query.format(at=f"/accounts/{key}")).status < 500

    @pytest.mark.parametrize(
        "content",
        [b"", b"{", b"[]", b"null", b'"x"', b"\xff\xfe", b"[" * 100_000, b'{"facts":NaN}'],
    )
    def test_no_body_breaks_anything(self, world: World, content: bytes) -> None:
        key = world.opened()

        for method, path in (("POST", "/accounts"), ("PUT", f"/accounts/{key}/facts")):
            answer = world.officer.send(method, path, content, kind="application/json")

            assert (answer.status, answer.code) == (400, "input.unreadable")

    @pytest.mark.parametrize(
        ("content", "why"),
        [
            (b'{"facts": {"a": "x\\u0000"}}', "NUL"),
            (b'{"facts": {"a\\u0000": 1}}', "NUL"),
            (b'{"facts": {"a": "\\ud800"}}', "half of a character"),
            (b'{"facts": {"a": ' + b"9" * 5000 + b"}}", "more digits"),
            (b'{"facts": {"a": NaN}}', "no number"),
            (b'{"facts": {"a": -Infinity}}', "no number"),
        ],
    )
    def test_what_no_database_holds_is_refused_with_the_reason(
        self, world: World, content: bytes, why: str
    ) -> None:
        key = world.opened()

        answer = world.officer.send("PUT", f"/accounts/{key}/facts", content, "application/json")

        assert (answer.status, answer.code) == (400, "input.unreadable")
        assert why in answer.body["detail"]

    def test_a_nul_in_an_address_finds_nothing(self, world: World) -> None:
        in_path, in_query = world.officer.get("/accounts/A%00"), world.officer.get("/due?known=%00")

        assert (in_path.status, in_path.code) == (404, "account.not_found")
        assert in_query.status == 403
        assert world.specialist.get("/accounts?after=%00").status == 400

    def test_odd_days_break_nothing_where_reviews_and_checks_are_open(self, world: World) -> None:
        key = world.opened()
        at = f"/accounts/{key}"
        world.contact.put(f"{at}/company-profile", legal_name="Muñoz")
        world.contact.post(f"{at}/acts/C01")
        world.signed(key)
        started = world.analyst.post(f"{at}/acts/V01")
        days = ["0001-01-01", "9999-12-31", "1970-01-01", 0, -1, 10**12, 1e300]

        tried = [
            world.analyst.post(
                f"{at}/checks", check=check, result=result, source="s", detail="d", run_on=day
            )
            for check in ("x", next(iter(the_program().checks)))
            for result in ("CLEAR", "x")
            for day in days
        ] + [world.chief.post(f"{at}/acts/S01", on=day, given={"specialist": "x"}) for day in days]

        assert started.status == 422
        assert [answer for answer in tried if answer.status >= 500] == []

    def test_no_file_breaks_anything(self, world: World) -> None:
        key = world.opened()
        at = f"/accounts/{key}"
        tried = [
            world.contact.upload(f"{at}/risk-assessments", b"", assessed_on="2026-01-01"),
            world.contact.upload(f"{at}/risk-assessments", b"x", assessed_on="yesterday"),
            world.contact.upload(f"{at}/risk-assessments", b"x", assessed_on="9999-12-31"),
            world.contact.upload(
                f"{at}/risk-assessments", b"x", "a" * 900, assessed_on="0001-01-01"
            ),
            world.contact.upload(f"{at}/documents", b"\x00", "..\\x\x01.exe", purpose="\x00"),
            world.contact.upload(f"{at}/documents", b"\x00" * 99, "x.pdf", purpose="other"),
            world.contact.upload(f"{at}/profile/9.99/evidence", b"%PDF-1.4 ..."),
            world.contact.upload(f"{at}/profile/1.1/evidence", b"%PDF-1.4 ...", dated_on="no"),
        ]

        assert [answer.status for answer in tried if answer.status >= 500] == []
