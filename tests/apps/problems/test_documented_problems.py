"""Problems that oversight, the agency and industry have documented, against the real acts.

Each test is named for its problem (program dossier, section o). The others have theirs beside the
part that answers them: validations, profiles, vetting, sign-in, earlier records.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from greenlane.apps.accounts.actions import record_sign_in
from greenlane.apps.accounts.models import SignIn
from greenlane.apps.audit.models import Event
from greenlane.apps.audit.queries import head_of
from greenlane.apps.audit.verify import verify
from greenlane.apps.members import queries
from greenlane.apps.members.actions.accounts import open_account
from greenlane.apps.members.actions.steps import step
from greenlane.content.packs import load_program, pack_dir
from greenlane.core.eligibility import eligibility
from greenlane.core.errors import GreenlaneError
from greenlane.core.facts import Facts
from greenlane.core.lifecycle.decide import Actor, Refused
from greenlane.core.lifecycle.standing import has_benefits
from greenlane.core.satisfy import facts_satisfying
from greenlane.core.vocabulary import DutyState, Truth
from greenlane.gate.records import in_sight
from tests.factories.certified import CERTIFIED_ON, a_member, moment
from tests.factories.people import NOW, a_person, an_organization, person_with, the_program

pytestmark = pytest.mark.django_db
DAY = CERTIFIED_ON + timedelta(days=30)


def test_P2_every_member_is_in_one_bucket_and_a_past_day_is_listed_again_as_it_was() -> None:
    member = a_member()

    def listed(on: date) -> list[tuple[str, str, str]]:
        return [
            (row.stream, row.bucket.key if row.bucket else "nothing due", duty.key)
            for row in queries.due_list(on=on)
            for duty in row.duties
        ]

    before = listed(DAY)
    step(
        account=member.account,
        act="AR01",
        by=member.by("specialist"),
        at=moment(DAY + timedelta(days=200)),
    )

    assert {(stream, bucket) for stream, bucket, _ in before} == {
        (member.stream, next(bucket for _, bucket, _ in before))
    }
    assert listed(DAY) == before


def test_P3_a_field_office_sees_the_national_list_filtered_and_no_copy_of_it() -> None:
    here, elsewhere = a_member(), a_member(office="LAREDO")
    program = the_program()

    def seen(person: str) -> set[str]:
        rows = in_sight(person, program, on=DAY)
        return set(rows.values_list("stream", flat=True))

    assert seen(here.director.key) == {here.stream, elsewhere.stream}
    assert seen(here.manager.key) == {here.stream}
    assert seen(elsewhere.manager.key) == {elsewhere.stream}
    assert seen(here.manager.key) | seen(elsewhere.manager.key) == seen(here.director.key)


def test_P4_every_rule_cites_its_source_and_is_tried_in_an_example() -> None:
    program = load_program("ctpat")
    sources = [
        *(row.source for row in program.transitions.values()),
        *(row.source for row in program.deadlines.values()),
        *(row.source for row in program.guards.values()),
        *(row.source for row in program.grounds.values()),
        *(row.source for row in program.entity_types.values()),
    ]
    examples = "".join(
        path.read_text(encoding="utf-8")
        for path in Path(pack_dir("ctpat"), "scenarios").rglob("*.yaml")
    )

    assert all(source.citation for source in sources)
    assert [name for name in program.transitions if f"act: {name}," not in examples] == []
    assert [
        name for name in program.deadlines if f"{name}:" not in examples.replace("#", ":")
    ] == []


def test_P7_benefits_follow_from_the_verified_standing_and_are_stored_nowhere() -> None:
    program, member = the_program(), a_member()
    case = queries.case_of(member.account)
    days = {s.act: s.on for s in case.steps}

    def active(on: date) -> bool:
        return has_benefits(program, case.standing(on=on))

    assert not active(days["T02"])
    assert not active(days["T05"])
    assert active(days["T06"])
    named = [
        f"{model.__name__}.{field.name}"
        for model in apps.get_app_config("members").get_models()
        for field in model._meta.get_fields()
        if "benefit" in field.name
    ]
    assert named == []
    # How long they have run without a validation is told by the duty of the first one.
    late = case.duties(on=days["T06"] + timedelta(days=366))
    assert next(d for d in late if d.id == "D04").state is DutyState.OVERDUE


def test_P7_a_suspension_ends_them_at_once() -> None:
    member = a_member()
    step(
        account=member.account,
        act="T12",
        by=member.by("director"),
        at=moment(DAY),
        given={"ground": "G2"},
        facts={
            "suspension.protections_considered": True,
            "suspension.field_recommended": True,
        },
        words="The visit found none of the measures.",
    )

    assert not has_benefits(the_program(), queries.case_of(member.account).standing())


def test_P14_nobody_signs_or_submits_under_an_officers_name() -> None:
    member = a_member()
    before = head_of(member.stream).seq

    for role, act in (("consultant", "AR02"), ("consultant", "C02"), ("point_of_contact", "C02")):
        with pytest.raises(GreenlaneError) as refused:
            step(
                account=member.account,
                act=act,
                by=Actor(member.by(role).id, role),
                at=moment(DAY),
            )
        assert isinstance(refused.value, Refused)
        assert refused.value.refusal in ("role.not_allowed", "status.wrong")
    assert head_of(member.stream).seq == before


def test_P14_each_sign_in_keeps_from_where_and_on_what_sealed_beside_the_record() -> None:
    person = a_person()
    record_sign_in(
        person=person.key,
        method="password",
        second_factor="totp",
        ip="203.0.113.7",
        device="Firefox on Linux",
        at=NOW,
        program=the_program(),
    )

    kept = SignIn.objects.get(user=person)
    body = bytes(Event.objects.get(stream=kept.stream, seq=kept.seq).body)
    assert (kept.ip, kept.device) == ("203.0.113.7", "Firefox on Linux")
    assert b"203.0.113.7" not in body
    assert b"Firefox" not in body


def test_P21_the_rules_are_public_with_their_sources_and_a_decision_names_ground_and_clock(
    client: Client,
) -> None:
    member = a_member()
    with pytest.raises(Refused) as without_ground:
        step(
            account=member.account,
            act="T12",
            by=member.by("director"),
            at=moment(DAY),
            words="Lack of commitment.",
        )
    with pytest.raises(Refused) as without_reasons:
        step(
            account=member.account,
            act="T12",
            by=member.by("director"),
            at=moment(DAY),
            given={"ground": "G5"},
            facts={
                "suspension.protections_considered": True,
                "suspension.field_recommended": True,
            },
        )
    step(
        account=member.account,
        act="T12",
        by=member.by("director"),
        at=moment(DAY),
        given={"ground": "G5"},
        facts={"suspension.protections_considered": True, "suspension.field_recommended": True},
        words="Three returns were not answered.",
    )
    duties = {d.id: d for d in queries.case_of(member.account).duties(on=DAY)}
    page = client.get(reverse("public:rule", args=["T12"])).content.decode()

    assert without_ground.value.refusal == "given.missing"
    assert without_reasons.value.refusal == "guard.reasons_written"
    assert duties["D12"].due_on == DAY + timedelta(days=90)
    assert the_program().transition("T12").source.citation.split(";")[0] in page


def test_P26_what_is_not_known_of_a_company_never_counts_as_eligible() -> None:
    program = the_program()
    company, contact = an_organization(), person_with("point_of_contact")
    rules = program.entity_type("third_party_logistics").eligibility
    known = dict(facts_satisfying(rules, on=NOW.date()))

    for left_out in known:
        facts = Facts({name: value for name, value in known.items() if name != left_out})
        found = eligibility(program, "third_party_logistics", facts.with_({"act.on": NOW.date()}))
        assert found.truth is not Truth.YES, left_out
    with pytest.raises(Refused) as refused:
        open_account(
            program=program,
            entity_type="third_party_logistics",
            organization=company.key,
            company_name="Example Logistics",
            facts={"application.eligibility_is_confirmed": True},
            by=Actor(contact.key, "point_of_contact"),
            at=NOW,
        )
    assert refused.value.refusal.endswith(".unknown")


def test_P31_a_hand_over_names_both_on_the_record_and_nobody_unfit_is_assigned() -> None:
    member = a_member()
    other = person_with("specialist", office="NEWARK", at=moment(CERTIFIED_ON))
    stranger = person_with("specialist", office="LAREDO", at=moment(CERTIFIED_ON))
    assert member.account.specialist == member.specialist.key

    for unfit in (stranger.key, member.officer.key, "U-0000000000"):
        with pytest.raises(Refused):
            step(
                account=member.account,
                act="S02",
                by=member.by("field_manager"),
                at=moment(DAY),
                given={"specialist": unfit},
            )
    step(
        account=member.account,
        act="S02",
        by=member.by("field_manager"),
        at=moment(DAY),
        given={"specialist": other.key},
    )

    steps = queries.steps_of(member.account)
    handed = [one.given["specialist"] for one in steps if "specialist" in one.given]
    assert handed == [member.specialist.key, other.key]
    assert member.account.specialist == other.key
    assert verify().first is None
