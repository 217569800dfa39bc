from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.contrib.auth import get_user_model

from greenlane.apps.accounts import actions, credentials, queries
from greenlane.apps.accounts.models import Grant, Organization, SignIn, User
from greenlane.apps.audit.projection import Memory, differences, registry
from greenlane.apps.audit.queries import content_of, contents_of, events_of, head_of
from greenlane.core.access import GrantRefused, RoleNotAllowed
from greenlane.core.errors import BadInput, Conflict
from greenlane.core.ledger import read_body
from greenlane.core.vocabulary import Matter, Relation
from tests.factories.people import (
    NOW,
    PASSWORD,
    a_person,
    actor,
    an_organization,
    person_with,
    the_program,
)

pytestmark = pytest.mark.django_db
TODAY = date(2026, 5, 4)
PROGRAM = the_program()
LATER = NOW + timedelta(days=3)


def last_event() -> dict[str, object]:
    return dict(events_of("people")[-1].fields)


def unproved() -> list[str]:
    """Return what in the tables of people does not follow from their events."""
    memory, contents = Memory("people"), contents_of("people")
    for event in events_of("people"):
        memory.replay(event.fields, contents.get(event.seq))
    tables = [m for m in registry().tables if m._meta.app_label == "accounts"]
    return [
        f"{one.model.__name__} {one.key} {one.column} {one.says}"
        for model in tables
        for one in differences({"people": memory}, model)
    ]


class TestRegisterPerson:
    def test_a_person_is_an_event_with_a_sealed_name_and_address(self) -> None:
        made = a_person("李 小龙", "Li.Xiaolong@Example.COM")

        event = last_event()
        assert made.key.startswith("U-")
        assert len(made.key) == 12
        assert (made.name, made.email) == ("李 小龙", "li.xiaolong@example.com")
        assert event["payload"] == {"person": made.key, "language": "en"}
        assert content_of("people", head_of("people").seq) == {
            "name": "李 小龙",
            "email": "li.xiaolong@example.com",
        }

    def test_an_address_is_one_persons(self) -> None:
        a_person(email="ana@example.com")
        before = head_of("people")

        with pytest.raises(actions.EmailTaken, match="sign-in of their own"):
            a_person(email=" ANA@example.com")

        assert head_of("people") == before

    @pytest.mark.parametrize("name", ["", "   ", "a\x00b", "x" * 201])
    def test_a_name_is_printable_and_not_endless(self, name: str) -> None:
        with pytest.raises(actions.WrongPerson) as refused:
            a_person(name or " ")

        assert refused.value.field == "name"

    def test_a_name_with_joiners_is_a_name(self) -> None:
        assert a_person("می‌خواهم").name == "می‌خواهم"

    @pytest.mark.parametrize(
        "email", ["", "ana", "ana@", "@example.com", "a b@example.com", "a" * 250 + "@example.com"]
    )
    def test_an_address_is_an_address(self, email: str) -> None:
        with pytest.raises(actions.WrongPerson) as refused:
            actions.register_person(name="Ana", email=email, at=NOW, program=PROGRAM)

        assert refused.value.field == "email"

    def test_a_language_is_one_of_the_programs(self) -> None:
        with pytest.raises(actions.WrongPerson, match="en, es"):
            a_person(language="tlh")

    def test_a_person_may_register_themselves(self) -> None:
        made = actions.register_person(name="Ana", email="a@example.com", at=NOW, program=PROGRAM)

        assert last_event()["actor"] == made.key

    def test_the_users_model_finds_by_address_in_any_capitalization(self) -> None:
        made = a_person(email="ana@example.com")

        assert get_user_model().objects.get_by_natural_key("ANA@example.com") == made
        assert str(made) == made.key


class TestChangePerson:
    def test_a_person_changes_their_own_name(self) -> None:
        made = a_person("Ana", "ana@example.com")

        changed = actions.change_person(
            person=made.key, name="Ana Ruiz", by=actor(made), at=LATER, program=PROGRAM
        )

        assert (changed.name, changed.email) == ("Ana Ruiz", "ana@example.com")
        assert last_event()["act"] == "person.changed"

    def test_not_to_the_address_of_another_and_not_by_anybody(self) -> None:
        made, other = a_person(), a_person(email="other@example.com")

        with pytest.raises(actions.EmailTaken):
            actions.change_person(
                person=made.key,
                email="other@example.com",
                by=actor(made),
                at=LATER,
                program=PROGRAM,
            )
        with pytest.raises(RoleNotAllowed):
            actions.change_person(
                person=made.key, name="X", by=actor(other, "auditor"), at=LATER, program=PROGRAM
            )

    def test_an_operator_who_holds_the_role_changes_others(self) -> None:
        made, operator = a_person(), person_with("operator")
        pretender = a_person()

        with pytest.raises(RoleNotAllowed):
            actions.change_person(
                person=made.key, name="X", by=actor(pretender, "operator"), at=NOW, program=PROGRAM
            )
        changed = actions.change_person(
            person=made.key,
            email="new@example.com",
            by=actor(operator, "operator"),
            at=NOW,
            program=PROGRAM,
        )

        assert changed.email == "new@example.com"

    def test_the_language_is_kept_and_the_same_again_is_no_event(self) -> None:
        made = a_person()

        for _ in range(2):
            actions.choose_language(person=made.key, language="es", at=NOW, program=PROGRAM)

        assert queries.person(made.key).language == "es"
        assert [e.act for e in events_of("people")].count("person.language") == 1


class TestGrant:
    def test_an_officer_grants_to_another(self) -> None:
        company = an_organization()
        officer = person_with("company_officer", company)
        other = a_person()

        given = actions.grant(
            person=other.key,
            role="point_of_contact",
            organization=company.key,
            by=actor(officer, "company_officer"),
            at=NOW,
            program=PROGRAM,
        )

        assert (given.relation, given.granted_by, given.since) == ("employee", officer.key, TODAY)
        assert queries.roles_of(other.key, program=PROGRAM, on=TODAY) == ("point_of_contact",)
        assert last_event()["actor"] == officer.key

    def test_an_officer_of_another_company_grants_nothing_here(self) -> None:
        officer, company = person_with("company_officer"), an_organization()

        with pytest.raises(RoleNotAllowed, match="none of these roles here"):
            actions.grant(
                person=a_person().key,
                role="contributor",
                organization=company.key,
                by=actor(officer, "company_officer"),
                at=NOW,
                program=PROGRAM,
            )

    def test_a_point_of_contact_grants_drafting_roles_only(self) -> None:
        company = an_organization()
        contact = person_with("point_of_contact", company)
        by = actor(contact, "point_of_contact")
        other = a_person()

        with pytest.raises(GrantRefused) as refused:
            actions.grant(
                person=other.key,
                role="company_officer",
                organization=company.key,
                by=by,
                at=NOW,
                program=PROGRAM,
            )
        actions.grant(
            person=other.key,
            role="consultant",
            organization=company.key,
            by=by,
            at=NOW,
            program=PROGRAM,
        )

        assert refused.value.refusal == "grant.not_by_role"

    def test_a_role_one_does_not_hold_grants_nothing(self) -> None:
        person = a_person()

        with pytest.raises(RoleNotAllowed):
            actions.grant(
                person=a_person().key,
                role="specialist",
                by=actor(person, "director"),
                at=NOW,
                program=PROGRAM,
            )

    def test_the_systems_role_cannot_be_claimed_by_a_person(self) -> None:
        person = a_person()

        with pytest.raises(RoleNotAllowed):
            actions.grant(
                person=a_person().key,
                role="director",
                by=actor(person, "system"),
                at=NOW,
                program=PROGRAM,
            )

    def test_a_director_of_one_field_office_grants_for_it_alone(self) -> None:
        director = person_with("director", office="NY")
        by = actor(director, "director")

        actions.grant(
            person=a_person().key, role="specialist", office="NY", by=by, at=NOW, program=PROGRAM
        )
        for office in ("LA", ""):
            with pytest.raises(RoleNotAllowed):
                actions.grant(
                    person=a_person().key,
                    role="specialist",
                    office=office,
                    by=by,
                    at=NOW,
                    program=PROGRAM,
                )


class TestOpenOrganization:
    def test_whoever_opens_a_company_becomes_its_officer_by_their_statement(self) -> None:
        person = a_person()

        company, given = actions.open_organization(
            name="Rápidos del Norte",
            role="company_officer",
            person=person.key,
            at=NOW,
            program=PROGRAM,
        )

        assert given.is_stated
        assert (given.relation, given.granted_by) == ("officer", person.key)
        assert company.name == "Rápidos del Norte"
        assert [e.act for e in events_of("people")][-2:] == [
            "organization.registered",
            "grant.stated",
        ]

    def test_a_specialist_opens_no_company_and_nothing_is_left_behind(self) -> None:
        specialist = person_with("specialist")
        before = head_of("people")

        with pytest.raises(GrantRefused) as refused:
            actions.open_organization(
                name="Mine", role="company_officer", person=specialist.key, at=NOW, program=PROGRAM
            )

        assert refused.value.refusal == "grant.both_sides"
        assert head_of("people") == before

    def test_a_consultant_states_nothing_for_a_company(self) -> None:
        with pytest.raises(GrantRefused):
            actions.open_organization(
                name="Mine", role="consultant", person=a_person().key, at=NOW, program=PROGRAM
            )


class TestEndGrant:
    def test_an_ended_role_counts_no_more_that_day(self) -> None:
        company = an_organization()
        officer = person_with("company_officer", company)
        auditor = person_with("auditor", company)
        role = Grant.objects.get(user=auditor)

        ended = actions.end_grant(
            grant=role.key, by=actor(officer, "company_officer"), at=LATER, program=PROGRAM
        )

        assert ended.ended_by == officer.key
        assert queries.roles_of(auditor.key, program=PROGRAM, on=TODAY) == ("auditor",)
        assert queries.roles_of(auditor.key, program=PROGRAM, on=LATER.date()) == ()
        with pytest.raises(Conflict, match="7 May 2026"):
            actions.end_grant(
                grant=role.key, by=actor(officer, "company_officer"), at=LATER, program=PROGRAM
            )

    def test_the_last_officer_goes_only_after_another_came(self) -> None:
        company = an_organization()
        officer = person_with("company_officer", company)
        by = actor(officer, "company_officer")
        role = Grant.objects.get(user=officer)

        with pytest.raises(GrantRefused) as refused:
            actions.end_grant(grant=role.key, by=by, at=NOW, program=PROGRAM)
        person_with("company_officer", company)
        actions.end_grant(grant=role.key, by=by, at=NOW, program=PROGRAM)

        assert refused.value.refusal == "grant.last_officer"

    def test_an_officer_who_cannot_sign_in_is_no_other_officer(self) -> None:
        company = an_organization()
        officer = person_with("company_officer", company)
        second = person_with("company_officer", company)
        actions.deactivate_person(
            person=second.key, why="left", by=actions.BY_SYSTEM, at=NOW, program=PROGRAM
        )

        with pytest.raises(GrantRefused):
            actions.end_grant(
                grant=Grant.objects.get(user=officer).key,
                by=actor(officer, "company_officer"),
                at=NOW,
                program=PROGRAM,
            )

    def test_a_role_can_be_granted_again_after_its_end(self) -> None:
        specialist = person_with("specialist")
        role = Grant.objects.get(user=specialist)
        actions.end_grant(grant=role.key, by=actor(specialist), at=NOW, program=PROGRAM)

        actions.grant(
            person=specialist.key,
            role="specialist",
            by=actions.BY_SYSTEM,
            at=LATER,
            program=PROGRAM,
        )

        assert Grant.objects.filter(user=specialist).count() == 2


class TestDeactivate:
    def test_a_closed_sign_in_says_when_by_whom_and_why(self) -> None:
        person, operator = person_with("specialist"), person_with("operator")

        closed = actions.deactivate_person(
            person=person.key,
            why="left",
            words="Moved to another agency",
            by=actor(operator, "operator"),
            at=NOW,
            program=PROGRAM,
        )

        assert (closed.is_active, closed.closed_on, closed.closed_why) == (False, TODAY, "left")
        assert closed.closed_by == operator.key
        assert queries.roles_of(person.key, program=PROGRAM, on=TODAY) == ()
        assert content_of("people", head_of("people").seq) == {"words": "Moved to another agency"}

    def test_it_opens_again_by_somebody_else(self) -> None:
        person, operator = person_with("specialist"), person_with("operator")
        actions.deactivate_person(
            person=person.key, why="at_own_wish", by=actor(person), at=NOW, program=PROGRAM
        )

        with pytest.raises(RoleNotAllowed):
            actions.reactivate_person(
                person=person.key, by=actor(person, "operator"), at=NOW, program=PROGRAM
            )
        opened = actions.reactivate_person(
            person=person.key, by=actor(operator, "operator"), at=NOW, program=PROGRAM
        )
        with pytest.raises(actions.PersonClosed, match="open already"):
            actions.reactivate_person(
                person=person.key, by=actor(operator, "operator"), at=NOW, program=PROGRAM
            )

        assert opened.is_active
        assert queries.roles_of(person.key, program=PROGRAM, on=TODAY) == ("specialist",)

    def test_the_last_officer_and_the_last_director_stay(self) -> None:
        for role in ("company_officer", "director"):
            person = person_with(role)
            with pytest.raises(GrantRefused, match="last"):
                actions.deactivate_person(
                    person=person.key, why="left", by=actor(person), at=NOW, program=PROGRAM
                )

    def test_a_reason_of_the_list_is_asked_for(self) -> None:
        person = a_person()
        with pytest.raises(BadInput, match="at_own_wish"):
            actions.deactivate_person(
                person=person.key, why="because", by=actor(person), at=NOW, program=PROGRAM
            )
        with pytest.raises(RoleNotAllowed):
            actions.deactivate_person(
                person=person.key,
                why="left",
                by=actor(a_person(), "specialist"),
                at=NOW,
                program=PROGRAM,
            )

    def test_nobody_grants_to_a_closed_sign_in(self) -> None:
        person = a_person()
        actions.deactivate_person(
            person=person.key, why="left", by=actor(person), at=NOW, program=PROGRAM
        )

        with pytest.raises(actions.PersonClosed, match="4 May 2026"):
            actions.grant(
                person=person.key,
                role="specialist",
                by=actions.BY_SYSTEM,
                at=NOW,
                program=PROGRAM,
            )


class TestInvitation:
    def invite(self, role: str = "contributor") -> tuple[User, str]:
        company = an_organization()
        officer = person_with("company_officer", company)
        sent = actions.invite(
            email="New@Example.com",
            role=role,
            organization=company.key,
            by=actor(officer, "company_officer"),
            at=NOW,
            program=PROGRAM,
        )
        return officer, sent.key

    def accept(self, key: str, person: User, *, days: int = 0) -> Grant:
        at = NOW + timedelta(days=days)
        return actions.accept_invitation(invitation=key, person=person.key, at=at, program=PROGRAM)

    def test_the_grant_is_by_whoever_invited(self) -> None:
        officer, key = self.invite()
        person = a_person(email="new@example.com")

        given = self.accept(key, person, days=14)

        assert (given.granted_by, given.role) == (officer.key, "contributor")
        assert queries.invitation(key).accepted_by == person.key
        assert last_event()["actor"] == person.key

    def test_an_invitation_is_used_once_even_after_the_role_ended(self) -> None:
        officer, key = self.invite()
        person = a_person(email="new@example.com")
        given = self.accept(key, person)
        actions.end_grant(
            grant=given.key, by=actor(officer, "company_officer"), at=NOW, program=PROGRAM
        )

        with pytest.raises(actions.InvitationOver, match="accepted already"):
            self.accept(key, person)

    def test_it_is_for_one_address_and_some_days(self) -> None:
        _, key = self.invite()
        person = a_person(email="new@example.com")

        with pytest.raises(actions.InvitationOver, match="another address"):
            self.accept(key, a_person())
        with pytest.raises(actions.InvitationOver, match="until 18 May 2026"):
            self.accept(key, person, days=15)

    def test_it_can_be_withdrawn_by_who_could_have_sent_it(self) -> None:
        officer, key = self.invite()

        with pytest.raises(RoleNotAllowed):
            actions.withdraw_invitation(
                invitation=key,
                by=actor(person_with("company_officer"), "company_officer"),
                at=NOW,
                program=PROGRAM,
            )
        actions.withdraw_invitation(
            invitation=key, by=actor(officer, "company_officer"), at=NOW, program=PROGRAM
        )

        with pytest.raises(actions.InvitationOver, match="withdrawn"):
            self.accept(key, a_person(email="new@example.com"))

    def test_it_is_worth_nothing_when_its_sender_lost_the_role(self) -> None:
        officer, key = self.invite()
        organization = queries.invitation(key).organization
        assert organization is not None
        person_with("company_officer", organization)
        role = Grant.objects.get(user=officer)
        actions.end_grant(
            grant=role.key, by=actor(officer, "company_officer"), at=NOW, program=PROGRAM
        )

        with pytest.raises(RoleNotAllowed):
            self.accept(key, a_person(email="new@example.com"))

    def test_nobody_offers_what_they_could_not_give(self) -> None:
        company = an_organization()
        contact = person_with("point_of_contact", company)

        with pytest.raises(GrantRefused):
            actions.invite(
                email="x@example.com",
                role="company_officer",
                organization=company.key,
                by=actor(contact, "point_of_contact"),
                at=NOW,
                program=PROGRAM,
            )
        with pytest.raises(BadInput, match="1 to 60 days"):
            actions.invite(
                email="x@example.com",
                role="auditor",
                organization=company.key,
                by=actor(contact, "point_of_contact"),
                at=NOW,
                program=PROGRAM,
                days=61,
            )


class TestSignIns:
    def test_address_and_device_are_sealed(self) -> None:
        person = a_person()

        actions.record_sign_in(
            person=person.key,
            method="password",
            second_factor="totp",
            ip="203.0.113.7",
            device="Firefox " * 100,
            at=NOW,
            program=PROGRAM,
        )

        event = events_of("people")[-1]
        content = content_of("people", event.seq)
        assert b"203.0.113" not in read_bytes(event.seq)
        assert content is not None
        assert content["ip"] == "203.0.113.7"
        assert len(str(content["device"])) == 300
        assert event.fields["payload"] == {
            "person": person.key,
            "method": "password",
            "second_factor": "totp",
        }

    def test_a_password_is_set_by_its_owner_only(self) -> None:
        person, operator = a_person(), person_with("operator")
        encoded = credentials.encode_password(PASSWORD)

        with pytest.raises(RoleNotAllowed, match="reset mail"):
            actions.set_password(
                person=person.key,
                encoded_password=encoded,
                by=actor(operator, "operator"),
                at=NOW,
                program=PROGRAM,
            )
        actions.set_password(
            person=person.key, encoded_password=encoded, by=actor(person), at=NOW, program=PROGRAM
        )

        assert queries.person(person.key).check_password(PASSWORD)
        assert last_event()["act"] == "credential.password_set"

    def test_a_second_factor_is_reset_by_an_operator_and_never_by_its_owner(self) -> None:
        person, operator = person_with("operator"), person_with("operator")

        with pytest.raises(RoleNotAllowed, match="recovery code"):
            actions.reset_second_factor(
                person=person.key, by=actor(person, "operator"), at=NOW, program=PROGRAM
            )
        actions.reset_second_factor(
            person=person.key, by=actor(operator, "operator"), at=NOW, program=PROGRAM
        )

        assert not credentials.has_second_factor(person.key)
        assert last_event()["act"] == "credential.second_factor_reset"

    def test_the_list_of_sign_ins_shows_the_newest_first(self) -> None:
        person = a_person()
        for method in ("password", "passkey"):
            actions.record_sign_in(
                person=person.key,
                method=method,
                second_factor="",
                ip="203.0.113.7",
                at=NOW,
                program=PROGRAM,
            )

        found = queries.sign_ins_of(person.key)

        assert [(one.method, one.ip) for one in found] == [
            ("passkey", "203.0.113.7"),
            ("password", "203.0.113.7"),
        ]


def read_bytes(seq: int) -> bytes:
    from greenlane.apps.audit.models import Event

    body = bytes(Event.objects.get(stream="people", seq=seq).body)
    assert read_body(body)["seq"] == seq
    return body


class TestErasedPeople:
    def test_what_was_sealed_shows_as_nothing_once_it_is_erased(self) -> None:
        company = an_organization("Zeta")
        person = person_with("company_officer", company)
        actions.record_sign_in(
            person=person.key,
            method="password",
            second_factor="",
            ip="203.0.113.7",
            at=NOW,
            program=PROGRAM,
        )
        memory = Memory("people")
        for event in events_of("people"):
            memory.replay(event.fields, None)

        (shown,) = memory.rows[User].values()
        (place,) = memory.rows[Organization].values()
        (signed_in,) = memory.rows[SignIn].values()

        assert (shown["name"], shown["email"], shown["is_erased"]) == ("", None, True)
        assert (place["name"], place["is_erased"]) == ("", True)
        assert (signed_in["ip"], signed_in["user_id"]) == ("", person.key)


class TestRename:
    def test_an_officer_renames_the_company_and_an_auditor_does_not(self) -> None:
        company = an_organization("Zeta")
        officer = person_with("company_officer", company)
        auditor = person_with("auditor", company)

        with pytest.raises(RoleNotAllowed):
            actions.rename_organization(
                organization=company.key,
                name="X",
                by=actor(auditor, "auditor"),
                at=NOW,
                program=PROGRAM,
            )
        with pytest.raises(RoleNotAllowed):
            actions.rename_organization(
                organization=an_organization().key,
                name="X",
                by=actor(officer, "company_officer"),
                at=NOW,
                program=PROGRAM,
            )
        renamed = actions.rename_organization(
            organization=company.key,
            name="Zeta Norte",
            by=actor(officer, "company_officer"),
            at=NOW,
            program=PROGRAM,
        )

        assert renamed.name == "Zeta Norte"
        assert unproved() == []


class TestTokens:
    def test_a_token_stands_for_its_owner_until_it_is_revoked(self) -> None:
        person = a_person()
        made, secret = actions.create_token(
            person=person.key, name="Our ERP", at=NOW, program=PROGRAM
        )

        assert queries.person_of_token(secret, on=TODAY) == person
        assert secret.startswith(made.prefix)
        assert secret.encode() not in read_bytes(head_of("people").seq)
        actions.revoke_token(token=made.key, by=actor(person), at=NOW, program=PROGRAM)
        assert queries.person_of_token(secret, on=TODAY) is None
        with pytest.raises(Conflict, match="revoked on 4 May 2026"):
            actions.revoke_token(token=made.key, by=actor(person), at=NOW, program=PROGRAM)

    def test_an_expired_token_and_one_of_a_closed_person_open_nothing(self) -> None:
        person = a_person()
        _, brief = actions.create_token(
            person=person.key, name="Brief", at=NOW, program=PROGRAM, expires_on=TODAY
        )
        _, lasting = actions.create_token(
            person=person.key, name="Lasting", at=NOW, program=PROGRAM
        )

        assert queries.person_of_token(brief, on=TODAY) == person
        assert queries.person_of_token(brief, on=TODAY + timedelta(days=1)) is None
        actions.deactivate_person(
            person=person.key, why="left", by=actor(person), at=NOW, program=PROGRAM
        )
        assert queries.person_of_token(lasting, on=TODAY) is None

    @pytest.mark.parametrize("token", ["", "glt_", "glt_\udc80", "x" * 10_000, "é"])
    def test_what_is_no_token_is_nobody(self, token: str) -> None:
        assert queries.person_of_token(token, on=TODAY) is None

    def test_a_token_is_revoked_by_its_owner_or_an_operator(self) -> None:
        person, other = a_person(), a_person()
        made, _ = actions.create_token(person=person.key, name="ERP", at=NOW, program=PROGRAM)

        with pytest.raises(RoleNotAllowed):
            actions.revoke_token(
                token=made.key, by=actor(other, "specialist"), at=NOW, program=PROGRAM
            )
        with pytest.raises(BadInput, match="is past"):
            actions.create_token(
                person=person.key,
                name="Old",
                at=NOW,
                program=PROGRAM,
                expires_on=TODAY - timedelta(days=1),
            )


class TestSight:
    def test_a_company_sees_its_own_accounts(self) -> None:
        company = an_organization()
        person = person_with("contributor", company)

        sight = queries.sight_of(person.key, program=PROGRAM, on=TODAY)

        assert (sight.organizations, sight.sees_all) == (frozenset({company.key}), False)
        assert queries.may_see_account(
            person.key, program=PROGRAM, on=TODAY, organization=company.key
        )
        assert not queries.may_see_account(
            person.key, program=PROGRAM, on=TODAY, organization=an_organization().key
        )

    def test_a_field_office_sees_its_own_and_an_editor_none(self) -> None:
        specialist, editor = person_with("specialist", office="NY"), person_with("program_editor")
        nobody = a_person()

        assert queries.sight_of(specialist.key, program=PROGRAM, on=TODAY).offices == frozenset(
            {"NY"}
        )
        assert queries.sight_of(editor.key, program=PROGRAM, on=TODAY).is_empty
        assert queries.sight_of(nobody.key, program=PROGRAM, on=TODAY).is_empty
        assert not queries.may_read(
            nobody.key, Matter.VETTING, program=PROGRAM, on=TODAY, organization="O-1"
        )

    def test_the_switcher_lists_each_company_once_with_its_roles(self) -> None:
        company = an_organization("Zeta")
        person = person_with("company_officer", company)
        actions.grant(
            person=person.key,
            role="point_of_contact",
            organization=company.key,
            relation=Relation.OFFICER,
            by=actions.BY_SYSTEM,
            at=NOW,
            program=PROGRAM,
        )

        found = queries.organizations_of(person.key, on=TODAY, program=PROGRAM)

        assert [(one.name, one.roles) for one in found] == [
            ("Zeta", ("company_officer", "point_of_contact"))
        ]
        assert [one.role for one in queries.people_of(company.key, on=TODAY, program=PROGRAM)] == [
            "company_officer",
            "point_of_contact",
        ]

    def test_people_of_the_office_are_listed_by_field_office(self) -> None:
        person_with("specialist", office="NY")
        person_with("specialist", office="LA")
        person_with("director")

        assert len(queries.people_of_office(on=TODAY, program=PROGRAM)) == 3
        assert [
            one.role for one in queries.people_of_office(on=TODAY, program=PROGRAM, office="NY")
        ] == ["specialist", "director"]


class TestTheRecord:
    def test_every_column_of_people_follows_from_their_events(self) -> None:
        company = an_organization()
        officer = person_with("company_officer", company, can_sign_in=True)
        by = actor(officer, "company_officer")
        sent = actions.invite(
            email="a@example.com",
            role="auditor",
            organization=company.key,
            by=by,
            at=NOW,
            program=PROGRAM,
        )
        auditor = a_person(email="a@example.com")
        given = actions.accept_invitation(
            invitation=sent.key, person=auditor.key, at=NOW, program=PROGRAM
        )
        actions.end_grant(grant=given.key, by=by, at=LATER, program=PROGRAM)
        made, _ = actions.create_token(person=officer.key, name="ERP", at=NOW, program=PROGRAM)
        actions.revoke_token(token=made.key, by=by, at=NOW, program=PROGRAM)
        actions.choose_language(person=officer.key, language="es", at=NOW, program=PROGRAM)
        actions.deactivate_person(
            person=auditor.key, why="left", by=actor(auditor), at=LATER, program=PROGRAM
        )

        assert unproved() == []

    def test_a_role_slipped_in_behind_the_record_is_found(self) -> None:
        person = person_with("specialist")
        Grant.objects.filter(user=person).update(role="director")

        (found,) = unproved()

        assert "role holds 'director'; the events give 'specialist'" in found

    def test_a_changed_password_is_no_matter_of_the_record(self) -> None:
        person = a_person()
        credentials.keep_password(person.key, "!")

        assert unproved() == []

    def test_dropped_credentials_leave_nothing_to_sign_in_with(self) -> None:
        person = a_person(can_sign_in=True)

        credentials.drop_credentials(person.key)

        assert not queries.person(person.key).check_password(PASSWORD)
