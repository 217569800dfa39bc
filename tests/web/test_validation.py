"""The pages of a validation, both doors: from opening to tier, and what stays hidden."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from greenlane.apps.members.actions.steps import office_step
from greenlane.apps.validations import plans, queries
from greenlane.gate.access import today
from tests.factories.browsers import signed_in_client
from tests.factories.certified import Member, a_member, moment
from tests.factories.people import the_program

pytestmark = pytest.mark.django_db

NOTE = "The yard boss changed twice; ask the port unit."
SEEN = "Two of nine trailers stood without a seal."


@pytest.fixture(autouse=True)
def own_lists(settings: Any, tmp_path: Path) -> None:
    settings.WATCHLISTS_DIR = tmp_path / "watchlists"


@pytest.fixture
def member() -> Member:
    return a_member(certified_on=today() - timedelta(days=120))


def page(client: Client, door: str, name: str, *args: object) -> str:
    answer = client.get(reverse(f"{door}:{name}", args=args))
    assert answer.status_code == 200, answer.content
    return answer.content.decode()


def post(client: Client, door: str, page_name: str, /, *args: object, **given: object) -> None:
    answer = client.post(reverse(f"{door}:{page_name}", args=args), given)
    assert answer.status_code == 302, answer.content.decode()[-3000:]


def day(name: str, value: Any) -> dict[str, object]:
    return {f"{name}_day": value.day, f"{name}_month": value.month, f"{name}_year": value.year}


def opened(client: Client, stream: str) -> None:
    post(
        client,
        "specialist",
        "validation",
        stream,
        scope="Seals and yard",
        rationale="Two incidents last year",
        mode="ON_SITE",
        name="Warehouse 4",
        address="1 Dock Road",
        owner="OWN",
        country="us",
        how="ON_SITE",
    )


def act(client: Client, stream: str, slug: str, **given: object) -> None:
    post(client, "specialist", "validation_act", stream, slug, **given)


def prepared(client: Client, member: Member) -> None:
    opened(client, member.stream)
    act(
        client,
        member.stream,
        "prepare",
        team=[member.specialist.key],
        requests="Seal log\nTraining register",
        agenda="9:00 opening",
    )
    act(client, member.stream, "schedule", mode="ON_SITE", **day("visit_on", today()))
    act(client, member.stream, "notify", language="en")


def visited(client: Client, member: Member) -> int:
    prepared(client, member)
    post(signed_in_client(member.officer), "member", "waive_notice", member.stream)
    member.vet_again(today())
    case = queries.case_open(member.stream)
    site = queries.sites_of(case)[0].seq
    act(client, member.stream, "visit", sites=[str(site)], effort_days="2")
    return site


def test_a_visit_with_a_finding_goes_to_a_tier_through_both_doors(member: Member) -> None:
    specialist = signed_in_client(member.specialist)
    contact = signed_in_client(member.contact)
    stream = member.stream
    site = visited(specialist, member)

    shown = page(specialist, "specialist", "validation_check", stream, site, "7.1")
    assert 'capture="environment"' in shown
    post(
        specialist,
        "specialist",
        "validation_photo",
        stream,
        site,
        "7.1",
        file=SimpleUploadedFile("seal.png", b"\x89PNG\r\n\x1a\n seal"),
    )
    post(
        specialist,
        "specialist",
        "validation_check",
        stream,
        site,
        "7.1",
        result="NOT_MET",
        words=SEEN,
    )
    case = queries.case_open(stream)
    ((_photo, photo),) = queries.all_photos_of(case)
    post(
        specialist,
        "specialist",
        "validation_new_finding",
        stream,
        site=site,
        criterion="7.1",
        kind="REQUIRED_ACTION",
        judgment=SEEN,
        asks="Seal every trailer.",
        evidence=[str(photo.seq)],
    )
    act(specialist, stream, "note", words=NOTE)

    before = page(contact, "member", "validation", stream)
    assert SEEN not in before
    assert NOTE not in before
    assert contact.get(reverse("member:document", args=[stream, photo.seq])).status_code == 404

    act(specialist, stream, "report", language="en")
    (finding,) = queries.findings_for_company(queries.case_open(stream))
    assert SEEN in page(contact, "member", "validation", stream)
    assert contact.get(reverse("member:document", args=[stream, photo.seq])).status_code == 200
    record = page(contact, "member", "record", stream)
    assert "inspection" not in record
    answer = contact.post(reverse("member:finding", args=[stream, finding.seq]), {"words": "Done."})
    assert answer.status_code == 422
    post(
        contact,
        "member",
        "finding",
        stream,
        finding.seq,
        words="All trailers are sealed.",
        proof=SimpleUploadedFile("log.pdf", b"%PDF-1.4 log"),
    )
    post(contact, "member", "submit_answers", stream)

    post(
        specialist,
        "specialist",
        "validation_finding",
        stream,
        finding.seq,
        act="verify",
        words="The log was read.",
        means="DOCUMENTS",
    )
    act(specialist, stream, "recommend", tier="T2", words="Every action is verified.")
    director = signed_in_client(member.director)
    assert "Every action is verified." in page(director, "specialist", "validation", stream)
    assert "Every action is verified." not in page(contact, "member", "validation", stream)
    act(director, stream, "validate", tier="T2", words="In place and followed.", risk_band="normal")

    assert (member.account.membership, member.account.tier) == ("VALIDATED", "T2")
    ended = page(contact, "member", "validation", stream)
    assert "In place and followed." in ended
    assert NOTE not in ended
    page(specialist, "specialist", "record", stream)


def test_each_clock_names_its_source_once(member: Member) -> None:
    client = signed_in_client(member.specialist)

    shown = page(client, "specialist", "validation", member.stream)

    row = plans.plan_row(the_program(), member.account, on=today())
    assert row is not None
    clocks = [*row.readings, *row.breaches, *row.filled]
    sources = Counter(str(escape(one.deadline.source.citation)) for one in clocks)
    assert sources
    assert {source: shown.count(source) for source in sources} == sources


def test_a_best_practice_is_held_against_all_five_points_on_the_page(member: Member) -> None:
    specialist = signed_in_client(member.specialist)
    site = visited(specialist, member)
    given = {
        "site": site,
        "criterion": "7.1",
        "kind": "BEST_PRACTICE",
        "judgment": "Seals are read by camera.",
    }
    five = {f"met_{key}": "yes" for key in queries.FRAMEWORK}
    why = {f"why_{key}": "Shown." for key in queries.FRAMEWORK}
    address = reverse("specialist:validation_new_finding", args=[member.stream])

    refused = specialist.post(address, {**given, **five})
    post(specialist, "specialist", "validation_new_finding", member.stream, **given, **five, **why)

    assert refused.status_code == 422
    (finding,) = queries.findings_of(queries.case_open(member.stream))
    assert queries.meets_framework(finding)


def test_what_is_typed_at_a_visit_is_kept_as_a_draft_and_gone_when_saved(member: Member) -> None:
    specialist = signed_in_client(member.specialist)
    prepared(specialist, member)
    site = queries.sites_of(queries.case_open(member.stream))[0].seq

    kept = specialist.post(
        reverse("specialist:validation_draft", args=[member.stream, site, "7.1"]),
        {"result": "PARTLY", "words": "The gate log ends"},
    )
    shown = page(specialist, "specialist", "validation_check", member.stream, site, "7.1")
    post(
        specialist,
        "specialist",
        "validation_check",
        member.stream,
        site,
        "7.1",
        result="PARTLY",
        words="The gate log ends in May.",
    )

    assert kept.status_code == 200
    assert "The gate log ends" in shown
    assert queries.drafts_of(member.stream, site, "7.1") is None
    page(specialist, "specialist", "validation_visit", member.stream, site)


def test_P24_a_deferral_shows_reason_new_day_and_consequence_on_both_doors(member: Member) -> None:
    specialist = signed_in_client(member.specialist)
    prepared(specialist, member)

    act(
        specialist,
        member.stream,
        "defer",
        reason="overdue.site_closed",
        words="The plant burned down.",
        **day("new_due_on", today() + timedelta(days=90)),
    )

    office = page(specialist, "specialist", "validation", member.stream)
    own = page(signed_in_client(member.contact), "member", "validation", member.stream)
    for shown in (office, own):
        assert "The site was closed or could not be entered." in shown
    assert "the tier cannot rise" in office
    assert "Your benefits stay as they are" in own
    assert "Cannot be held now" in page(specialist, "specialist", "plan")


def test_a_second_visit_after_a_deferral_offers_the_sites_on_its_page(member: Member) -> None:
    specialist = signed_in_client(member.specialist)
    site = visited(specialist, member)
    act(
        specialist,
        member.stream,
        "defer",
        reason="overdue.site_closed",
        words="The plant burned down.",
        **day("new_due_on", today() + timedelta(days=90)),
    )
    act(specialist, member.stream, "take_up")
    act(specialist, member.stream, "schedule", mode="ON_SITE", **day("visit_on", today()))
    act(specialist, member.stream, "notify", language="en")
    post(signed_in_client(member.officer), "member", "waive_notice", member.stream)

    shown = page(specialist, "specialist", "validation_act", member.stream, "visit")
    act(specialist, member.stream, "visit", sites=[str(site)], effort_days="1")

    assert "visited before" in shown
    assert member.account.validation == "VISITED"


def test_a_consultant_reads_the_validation_and_answers_nothing(member: Member) -> None:
    prepared(signed_in_client(member.specialist), member)
    consultant = signed_in_client(member.consultant)

    page(consultant, "member", "validation", member.stream)
    refused = consultant.post(reverse("member:submit_answers", args=[member.stream]))
    waived = consultant.post(reverse("member:waive_notice", args=[member.stream]))

    assert (refused.status_code, waived.status_code) == (403, 403)


def test_the_generic_page_of_an_act_leads_to_the_case(member: Member) -> None:
    specialist = signed_in_client(member.specialist)

    answer = specialist.get(reverse("specialist:act", args=[member.stream, "X01"]))

    assert answer.status_code == 422
    case = page(specialist, "specialist", "case", member.stream)
    assert reverse("specialist:validation", args=[member.stream]) in case


class TestPlanPage:
    def test_P25_capacity_is_set_on_the_page_and_the_plan_rests_on_it(self) -> None:
        member = a_member(certified_on=today() - timedelta(days=370))
        director = signed_in_client(member.director)
        office_step(program=the_program(), act="O00", by=member.by("director"), at=moment(today()))
        before = page(director, "specialist", "plan")

        post(director, "specialist", "capacity", office="NEWARK", visits="3")
        post(director, "specialist", "adopt_plan", year=str(today().year))

        after = page(director, "specialist", "plan")
        assert "no capacity is set" in before
        assert "6 U.S.C. 965" in before
        assert "Overdue" in before
        assert "no capacity is set" not in after
        assert "6 U.S.C. 965" in page(director, "specialist", "validation", member.stream)
        assert plans.capacities(on=today()) == {"NEWARK": 3}
        assert plans.adopted_plans()[0].year == today().year

    def test_P16_the_director_decrees_an_outage(self, member: Member) -> None:
        director = signed_in_client(member.director)
        office_step(program=the_program(), act="O00", by=member.by("director"), at=moment(today()))

        post(
            director,
            "specialist",
            "decrees",
            reason="outage.failure",
            includes_office="on",
            words="Down for a day.",
            **day("starts_on", today()),
            **day("ends_on", today()),
        )

        assert "office included" in page(director, "specialist", "decrees")
        specialist = signed_in_client(member.specialist)
        assert "Decree the outage" not in page(specialist, "specialist", "decrees")

    def test_a_specialist_sets_no_capacity(self, member: Member) -> None:
        specialist = signed_in_client(member.specialist)

        answer = specialist.post(reverse("specialist:capacity"), {"office": "", "visits": "3"})

        assert answer.status_code == 403
