from __future__ import annotations

import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core import mail
from django.core.cache import cache
from django.db.models import F
from django.test import Client, override_settings
from django.urls import reverse

from greenlane.apps.accounts import actions, queries
from greenlane.apps.accounts.credentials import check_second_factor
from greenlane.apps.accounts.models import SharedNote
from greenlane.apps.audit.queries import content_of, events_of
from greenlane.gate import access
from tests.factories.people import PASSWORD, a_person, person_with, the_program

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer

    from greenlane.apps.accounts.models import User

pytestmark = pytest.mark.django_db
NEW = "nine green lanterns by the pier"


@pytest.fixture(autouse=True)
def _fresh_rates() -> Iterator[None]:
    """Begin each test without attempts counted before, and count none for the next."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture(autouse=True)
def _quick_passwords() -> Iterator[None]:
    """Hash passwords quickly: slowness is the hasher's own matter, and fifty sign-ins are many."""
    quick = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with override_settings(PASSWORD_HASHERS=quick):
        yield


@pytest.fixture
def client() -> Client:
    return Client(HTTP_USER_AGENT="Firefox", REMOTE_ADDR="203.0.113.7")


def code_for(secret: str) -> str:
    """Compute the code that an authenticator app shows now, and forget that it was used."""
    cache.clear()
    counter = int(access.now().timestamp()) // 30
    return str(format_hotp_value(hotp_value(secret, counter)))


def link(number: int) -> str:
    """Return the address, without the host, that a mail leads to."""
    found: list[str] = re.findall(r"http://testserver(\S+)", str(mail.outbox[number].body))
    return found[0]


def password_of(client: Client, person: User, password: str = PASSWORD) -> Answer:
    return client.post(reverse("account_login"), {"login": person.email, "password": password})


def set_up(client: Client) -> str:
    """Set up an authenticator app and return its secret."""
    page = client.get(reverse("mfa_activate_totp"))
    found = re.search(r'id="authenticator_secret">([A-Z2-7]+)<', page.content.decode())
    assert found, page.content.decode()
    secret = found[1]
    answer = client.post(reverse("mfa_activate_totp"), {"code": code_for(secret)})
    assert answer.status_code == 302, answer.content.decode()
    return secret


def sign_in(client: Client, person: User) -> str:
    password_of(client, person)
    return set_up(client)


def acts() -> list[str]:
    return [event.act for event in events_of("people")]


class TestSecondFactor:
    def test_nothing_opens_before_it_is_set_up(self, client: Client) -> None:
        person = a_person(can_sign_in=True)

        answer = password_of(client, person)
        page = client.get(reverse("own_sign_in"))

        assert answer.status_code == 302
        assert page.headers["Location"].startswith(reverse("set_up_second_factor"))
        assert client.get(reverse("mfa_view_recovery_codes")).status_code == 302
        assert client.get(reverse("set_up_second_factor")).status_code == 200

    def test_setting_up_an_app_opens_the_door_and_is_recorded(self, client: Client) -> None:
        person = a_person(can_sign_in=True)

        sign_in(client, person)
        page = client.get(reverse("own_sign_in"))

        assert page.status_code == 200
        assert acts()[-2:] == ["sign_in.done", "credential.totp_activated"]
        assert client.get(reverse("mfa_view_recovery_codes")).status_code == 200

    def test_the_next_sign_in_asks_for_a_code(self, client: Client) -> None:
        person = a_person(can_sign_in=True)
        secret = sign_in(client, person)
        client.post(reverse("account_logout"))

        halfway = password_of(client, person)
        closed = client.get(reverse("own_sign_in"))
        wrong = client.post(reverse("mfa_authenticate"), {"code": "000000"})
        right = client.post(reverse("mfa_authenticate"), {"code": code_for(secret)})

        assert halfway.headers["Location"] == reverse("mfa_authenticate")
        assert closed.headers["Location"].startswith(reverse("account_login"))
        assert wrong.status_code == 200
        assert right.status_code == 302
        assert client.get(reverse("own_sign_in")).status_code == 200
        event = events_of("people")[-1]
        assert event.fields["payload"]["second_factor"] == "totp"
        assert content_of("people", event.seq) == {"ip": "203.0.113.7", "device": "Firefox"}

    def test_a_code_signs_in_once_as_long_as_the_clock_would_take_it(self, client: Client) -> None:
        person = a_person(can_sign_in=True)
        secret = sign_in(client, person)
        # An app that is a little ahead: this code is good for a minute or more from now.
        ahead = str(format_hotp_value(hotp_value(secret, int(time.time()) // 30 + 1)))
        again, third = Client(), Client()
        for browser in (client, again, third):
            browser.post(reverse("account_logout"))
            password_of(browser, person)

        first = client.post(reverse("mfa_authenticate"), {"code": ahead})
        second = again.post(reverse("mfa_authenticate"), {"code": ahead})
        # As if 31 seconds had gone by, more than a step of the clock.
        SharedNote.objects.update(expires_at=F("expires_at") - 31)
        late = third.post(reverse("mfa_authenticate"), {"code": ahead})

        assert (first.status_code, second.status_code, late.status_code) == (302, 200, 200)
        assert check_second_factor(person, ahead) is False

    def test_the_code_that_set_the_app_up_signs_nobody_in(self, client: Client) -> None:
        person = a_person(can_sign_in=True)
        password_of(client, person)
        page = client.get(reverse("mfa_activate_totp")).content.decode()
        found = re.search(r'id="authenticator_secret">([A-Z2-7]+)<', page)
        assert found
        code = code_for(found[1])
        client.post(reverse("mfa_activate_totp"), {"code": code})
        other = Client()
        password_of(other, person)

        answer = other.post(reverse("mfa_authenticate"), {"code": code})

        assert answer.status_code == 200
        assert other.get(reverse("own_sign_in")).status_code == 302

    def test_a_recovery_code_signs_in_once(self, client: Client) -> None:
        person = a_person(can_sign_in=True)
        sign_in(client, person)
        page = client.get(reverse("mfa_view_recovery_codes")).content.decode()
        code = re.findall(r"<code>([0-9a-z]{8,})</code>", page)[0]
        client.post(reverse("account_logout"))

        password_of(client, person)
        first = client.post(reverse("mfa_authenticate"), {"code": code})
        client.post(reverse("account_logout"))
        password_of(client, person)
        second = client.post(reverse("mfa_authenticate"), {"code": code})

        assert (first.status_code, second.status_code) == (302, 200)
        assert "sign_in.done" in acts()

    def test_a_session_of_a_password_only_ends_when_a_factor_is_set_up_elsewhere(
        self, client: Client
    ) -> None:
        person, thief = a_person(can_sign_in=True), Client()
        password_of(thief, person)
        sign_in(client, person)

        answers = [
            thief.get(reverse(name))
            for name in ("mfa_activate_totp", "own_sign_in", "set_up_second_factor")
        ]

        assert {one.headers["Location"].partition("?")[0] for one in answers} == {
            reverse("account_login")
        }

    def test_whoever_gives_up_the_last_factor_must_set_up_another(self, client: Client) -> None:
        person = a_person(can_sign_in=True)
        sign_in(client, person)
        client.post(reverse("account_reauthenticate"), {"password": PASSWORD})

        client.post(reverse("mfa_deactivate_totp"))

        assert "credential.totp_deactivated" in acts()
        assert (
            client.get(reverse("own_sign_in"))
            .headers["Location"]
            .startswith(reverse("set_up_second_factor"))
        )

    def test_an_operators_reset_leads_to_a_new_set_up(self, client: Client) -> None:
        person, operator = a_person(can_sign_in=True), person_with("operator", can_sign_in=True)
        sign_in(client, person)
        desk = Client()
        sign_in(desk, operator)

        asked = desk.get(reverse("reset_second_factor", args=[person.key]))
        desk.post(reverse("reset_second_factor", args=[person.key]))

        assert asked.status_code == 200
        assert (
            client.get(reverse("own_sign_in"))
            .headers["Location"]
            .startswith(reverse("set_up_second_factor"))
        )

    def test_the_apps_secret_is_not_in_the_database(self, client: Client) -> None:
        person = a_person(can_sign_in=True)
        secret = sign_in(client, person)

        kept = Authenticator.objects.get(user=person, type="totp").data["secret"]

        assert secret not in kept

    def test_a_passkeys_page_offers_creation_for_this_host(self, client: Client) -> None:
        person = a_person(can_sign_in=True)
        password_of(client, person)

        page = client.get(reverse("mfa_add_webauthn"))

        assert page.status_code == 200
        assert '"rp": {"name": "Greenlane", "id": "testserver"}' in page.content.decode()


class TestPasswords:
    def test_a_wrong_password_and_an_unknown_address_look_alike(self, client: Client) -> None:
        person = a_person(can_sign_in=True)

        wrong = password_of(client, person, "wrong").content.decode()
        unknown = client.post(
            reverse("account_login"), {"login": "nobody@example.com", "password": "wrong"}
        ).content.decode()

        message = re.compile(r'usa-alert__text gl-plain-list">(.*?)</ul>', re.DOTALL)
        assert message.findall(wrong) == message.findall(unknown) != []

    def test_many_wrong_passwords_close_the_door_for_a_while(self, client: Client) -> None:
        person = a_person(can_sign_in=True)
        for _ in range(6):
            password_of(client, person, "wrong")

        answer = password_of(client, person)

        assert answer.status_code == 200
        assert "Too many failed login attempts" in answer.content.decode()

    def test_the_reset_mail_leads_to_a_new_password(self, client: Client) -> None:
        person = a_person(can_sign_in=True)

        client.post(reverse("account_reset_password"), {"email": person.email})
        address = link(0)
        form = client.get(address, follow=True)
        done = client.post(
            form.request["PATH_INFO"], {"password1": NEW, "password2": NEW}, follow=True
        )
        again = Client().get(address, follow=True)

        assert person.key in address
        assert "Your password is changed" in done.content.decode()
        assert "This link is used up" in again.content.decode()
        assert queries.person(person.key).check_password(NEW)
        assert acts()[-1] == "credential.password_set"
        assert len(mail.outbox) == 2

    def test_an_address_nobody_signs_in_with_gets_a_mail_that_says_so(self, client: Client) -> None:
        answer = client.post(reverse("account_reset_password"), {"email": "nobody@example.com"})

        assert answer.headers["Location"] == reverse("account_reset_password_done")
        assert "nobody signs in with this address" in mail.outbox[0].body

    def test_P20_a_closed_sign_in_says_since_when_and_that_the_standing_is_another_matter(
        self, client: Client
    ) -> None:
        person = a_person(can_sign_in=True)
        actions.deactivate_person(
            person=person.key,
            why="left",
            by=actions.BY_SYSTEM,
            at=datetime(2026, 5, 9, 12, tzinfo=UTC),
            program=the_program(),
        )

        page = password_of(client, person)
        wrong = password_of(client, person, "wrong")
        client.post(reverse("account_reset_password"), {"email": person.email})

        text = page.content.decode()
        assert page.status_code == 403
        assert "closed on 9 May 2026" in text
        assert "no longer work there" in text
        assert "another matter" in text
        assert "closed on" not in wrong.content.decode()
        assert "closed on 9 May 2026" in mail.outbox[0].body
        assert mail.outbox[0].subject == "Your sign-in is closed"

    def test_a_closed_persons_session_ends_at_once(self, client: Client) -> None:
        person = a_person(can_sign_in=True)
        sign_in(client, person)
        actions.deactivate_person(
            person=person.key,
            why="misuse",
            by=actions.BY_SYSTEM,
            at=access.now(),
            program=the_program(),
        )

        assert (
            client.get(reverse("own_sign_in"))
            .headers["Location"]
            .startswith(reverse("account_login"))
        )

    def test_another_password_ends_every_other_session(self, client: Client) -> None:
        person, other = a_person(can_sign_in=True), Client()
        secret = sign_in(client, person)
        password_of(other, person)
        other.post(reverse("mfa_authenticate"), {"code": code_for(secret)})
        assert other.get(reverse("own_sign_in")).status_code == 200

        client.post(
            reverse("account_change_password"),
            {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW},
        )

        assert client.get(reverse("own_sign_in")).status_code == 200
        assert other.get(reverse("own_sign_in")).status_code == 302

    def test_a_weak_password_is_refused(self, client: Client) -> None:
        person = a_person(can_sign_in=True)
        sign_in(client, person)

        answer = client.post(
            reverse("account_change_password"),
            {"oldpassword": PASSWORD, "password1": "password1234", "password2": "password1234"},
        )

        assert answer.status_code == 200
        assert queries.person(person.key).check_password(PASSWORD)


class TestProvingAgain:
    def test_signing_in_is_no_proof_for_signing_but_the_password_again_is(
        self, client: Client
    ) -> None:
        person = a_person(can_sign_in=True)
        sign_in(client, person)
        page = reverse("create_token")

        sent = client.get(page)
        asked = client.get(sent.headers["Location"], follow=True)
        back = client.post(reverse("account_reauthenticate"), {"password": PASSWORD, "next": page})

        assert sent.headers["Location"].startswith(reverse("sign_in_again"))
        assert "five minutes" in asked.content.decode()
        assert back.headers["Location"] == page
        assert client.get(page).status_code == 200
        assert acts()[-1] == "sign_in.proved_again"

    def test_a_code_proves_it_too_and_a_wrong_one_does_not(self, client: Client) -> None:
        person = a_person(can_sign_in=True)
        secret = sign_in(client, person)

        client.post(reverse("mfa_reauthenticate"), {"code": "000000"})
        wrong = client.get(reverse("create_token"))
        client.post(reverse("mfa_reauthenticate"), {"code": code_for(secret)})

        assert wrong.status_code == 302
        assert client.get(reverse("create_token")).status_code == 200

    @pytest.mark.parametrize(
        "noted", [None, "x", ["U-AAAAAAAAAA", "now"], ["own", 1.0], ["own", 9e12]]
    )
    def test_a_proof_of_somebody_else_or_too_old_counts_nothing(
        self, client: Client, noted: object
    ) -> None:
        person = a_person(can_sign_in=True)
        sign_in(client, person)
        session = client.session
        if isinstance(noted, list):
            moment = access.now().timestamp() if noted[1] == "now" else noted[1]
            session[access.PROVED_AGAIN_KEY] = [
                person.key if noted[0] == "own" else noted[0],
                moment,
            ]
        else:
            session[access.PROVED_AGAIN_KEY] = noted
        session.save()

        assert client.get(reverse("create_token")).status_code == 302

    def test_the_way_back_never_leads_elsewhere(self, client: Client) -> None:
        person = a_person(can_sign_in=True)
        sign_in(client, person)

        sent = client.get(reverse("sign_in_again"), {"next": "https://evil.example/x"})

        assert "evil" not in sent.headers["Location"]


class TestJoining:
    def test_a_person_registers_by_mail_and_opens_their_company(self, client: Client) -> None:
        client.post(reverse("account_signup"), {"email": "Ana@Example.com"})
        address = link(0)

        answer = client.post(address, {"name": "Ana Ruiz", "password": NEW, "again": NEW})
        person = queries.person_by_email("ana@example.com")
        set_up(client)
        opened = client.post(
            reverse("open_organization"),
            {"name": "Ruiz e Hijos", "standing": "company_officer/officer"},
        )

        assert answer.headers["Location"] == reverse("open_organization")
        assert opened.status_code == 302
        assert person is not None
        (own,) = queries.organizations_of(person.key, on=access.today(), program=the_program())
        assert (own.name, own.roles) == ("Ruiz e Hijos", ("company_officer",))

    def test_nobody_is_recorded_before_the_mail_reached_them(self, client: Client) -> None:
        client.post(reverse("account_signup"), {"email": "ana@example.com"})

        assert acts() == []

    def test_a_known_address_gets_another_mail_and_the_same_page(self, client: Client) -> None:
        person = a_person()

        known = client.post(reverse("account_signup"), {"email": person.email})
        fresh = client.post(reverse("account_signup"), {"email": "new@example.com"})

        assert "has a sign-in already" in mail.outbox[0].body
        assert "register" in mail.outbox[1].body
        strip = re.compile(r'csrfmiddlewaretoken" value="\w+"')
        assert strip.sub("", known.content.decode()) == strip.sub("", fresh.content.decode())

    def test_a_damaged_link_and_a_used_one_register_nobody(self, client: Client) -> None:
        client.post(reverse("account_signup"), {"email": "ana@example.com"})
        address = link(0)

        damaged = client.get(address[:-3] + "xx/")
        client.post(address, {"name": "Ana", "password": NEW, "again": NEW})
        used = Client().post(address, {"name": "Eve", "password": NEW, "again": NEW})

        assert damaged.status_code == 403
        assert used.headers["Location"] == reverse("account_login")
        assert acts().count("person.registered") == 1

    @pytest.mark.parametrize(
        ("given", "says"),
        [
            ({"name": "Ana", "password": NEW, "again": "other"}, "another password"),
            ({"name": "Ana", "password": "short", "again": "short"}, "at least 12"),
            ({"name": "", "password": NEW, "again": NEW}, "required"),
            ({"name": "Ana", "password": "ana@example.com", "again": "ana@example.com"}, "similar"),
        ],
    )
    def test_what_does_not_fit_is_said_beside_the_field(
        self, client: Client, given: dict[str, str], says: str
    ) -> None:
        client.post(reverse("account_signup"), {"email": "ana@example.com"})
        address = link(0)

        answer = client.post(address, given)

        assert answer.status_code == 422
        assert says in answer.content.decode()
        assert acts() == []

    def test_the_address_of_an_unlisted_allauth_page_does_not_exist(self, client: Client) -> None:
        assert client.get("/accounts/email/").status_code == 404
        assert client.get("/accounts/confirm-email/").status_code == 404


class TestInvitations:
    def invite(self, client: Client, role: str = "consultant") -> tuple[str, str]:
        officer = person_with("company_officer", can_sign_in=True, name="Olga Offiz")
        (own,) = queries.organizations_of(officer.key, on=access.today(), program=the_program())
        sign_in(client, officer)
        answer = client.post(
            reverse("invite", args=[own.key]), {"email": "new@example.com", "role": role}
        )
        assert answer.status_code == 302, answer.content.decode()
        return link(-1), own.key

    def test_a_newcomer_registers_and_holds_the_role(self, client: Client) -> None:
        address, company = self.invite(client)
        newcomer = Client()

        page = newcomer.get(address).content.decode()
        newcomer.post(address, {"name": "Nia", "password": NEW, "again": NEW})
        set_up(newcomer)

        person = queries.person_by_email("new@example.com")
        assert "Olga Offiz offers you the role Consultant" in page
        assert person is not None
        assert queries.roles_of(
            person.key, program=the_program(), on=access.today(), organization=company
        ) == ("consultant",)
        listed = newcomer.get(reverse("people", args=[company])).content.decode()
        assert "(from outside)" in listed

    def test_somebody_known_signs_in_and_takes_it_up(self, client: Client) -> None:
        known = a_person(email="new@example.com", can_sign_in=True)
        address, _ = self.invite(client)
        browser = Client()

        before = browser.get(address).content.decode()
        password_of(browser, known)
        halfway = browser.get(address)
        set_up(browser)
        page = browser.get(address)
        browser.post(address)
        again = browser.get(address)

        assert "You have a sign-in already" in before
        assert halfway.headers["Location"].startswith(reverse("set_up_second_factor"))
        assert "Take up the role" in page.content.decode()
        assert again.status_code == 403
        assert "accepted already" in again.content.decode()

    def test_somebody_else_cannot_take_it_up(self, client: Client) -> None:
        a_person(email="new@example.com")
        address, _ = self.invite(client)

        page = client.post(address).content.decode()

        assert "for another person than you are signed in as" in page
        assert "grant.accepted" not in acts()

    def test_a_withdrawn_invitation_leads_nowhere(self, client: Client) -> None:
        address, company = self.invite(client)
        listed = client.get(reverse("people", args=[company])).content.decode()
        withdraw = re.findall(r'action="(/people/invitations/[^"]+)"', listed)[0]

        client.post(withdraw)

        assert "withdrawn" in Client().get(address).content.decode()

    def test_a_point_of_contact_is_not_offered_to_give_the_officers_role(
        self, client: Client
    ) -> None:
        contact = person_with("point_of_contact", can_sign_in=True)
        (own,) = queries.organizations_of(contact.key, on=access.today(), program=the_program())
        sign_in(client, contact)

        page = client.get(reverse("invite", args=[own.key])).content.decode()
        answer = client.post(
            reverse("invite", args=[own.key]),
            {"email": "new@example.com", "role": "company_officer"},
        )

        assert 'value="consultant"' in page
        assert 'value="company_officer"' not in page
        assert answer.status_code == 422
        assert mail.outbox == []

    def test_a_role_is_ended_after_one_question(self, client: Client) -> None:
        address, company = self.invite(client)
        Client().post(address, {"name": "Nia", "password": NEW, "again": NEW})
        listed = client.get(reverse("people", args=[company])).content.decode()
        end = re.findall(r'href="(/people/roles/[^"]+)"', listed)[-1]

        asked = client.get(end).content.decode()
        client.post(end)

        assert "End the role Consultant of Nia?" in asked
        assert acts()[-1] == "grant.ended"

    def test_a_companys_people_are_no_strangers_business(self, client: Client) -> None:
        _, company = self.invite(client)
        stranger = Client()
        sign_in(stranger, person_with("company_officer", can_sign_in=True))

        for place in (company, "O-0000000000", "office"):
            assert stranger.get(reverse("people", args=[place])).status_code == 404

    def test_a_director_invites_a_specialist_of_a_field_office(self, client: Client) -> None:
        director = person_with("director", can_sign_in=True)
        sign_in(client, director)

        client.post(
            reverse("invite", args=["office"]),
            {"email": "new@example.com", "role": "specialist", "office": "NY"},
        )
        address = link(-1)
        Client().post(address, {"name": "Sam", "password": NEW, "again": NEW})

        listed = client.get(reverse("people", args=["office"])).content.decode()
        assert "Supply chain security specialist, NY" in listed


class TestDemonstration:
    def test_without_a_demonstration_there_is_no_such_door(self, client: Client) -> None:
        person = a_person()

        assert client.get(reverse("enter_demo")).status_code == 404
        assert client.post(reverse("enter_demo"), {"person": person.key}).status_code == 404
        assert "_auth_user_id" not in client.session
        assert "demonstration" not in client.get(reverse("account_login")).content.decode()

    def test_one_press_signs_in_as_somebody(self, client: Client) -> None:
        officer = person_with("company_officer", name="Olga Offiz")
        person_with("director", name="Dora Direk")

        with override_settings(IS_DEMO=True):
            page = client.get(reverse("enter_demo")).content.decode()
            client.post(reverse("enter_demo"), {"person": officer.key})
            own = client.get(reverse("own_sign_in"))

        assert "Olga Offiz" in page
        assert "Dora Direk" in page
        assert own.status_code == 200
        assert events_of("people")[-1].fields["payload"]["method"] == "demo"

    def test_a_search_narrows_the_list(self, client: Client) -> None:
        person_with("company_officer", name="Olga Offiz")
        person_with("director", name="Dora Direk")

        with override_settings(IS_DEMO=True):
            page = client.get(reverse("enter_demo"), {"q": "olga"}).content.decode()

        assert "Olga Offiz" in page
        assert "Dora Direk" not in page

    def test_a_get_signs_nobody_in(self, client: Client) -> None:
        person = person_with("director")

        with override_settings(IS_DEMO=True):
            client.get(reverse("enter_demo"), {"person": person.key})

        assert "_auth_user_id" not in client.session

    def test_its_session_is_worth_nothing_once_it_is_no_demonstration(self, client: Client) -> None:
        person = person_with("director")
        with override_settings(IS_DEMO=True):
            client.post(reverse("enter_demo"), {"person": person.key})

        answer = client.get(reverse("own_sign_in"))

        assert answer.headers["Location"].startswith(reverse("account_login"))
        assert "_auth_user_id" not in client.session

    def test_a_button_proves_again_there_and_nowhere_else(self, client: Client) -> None:
        person = person_with("director", can_sign_in=True)
        real = Client()
        sign_in(real, person)

        with override_settings(IS_DEMO=True):
            client.post(reverse("enter_demo"), {"person": person.key})
            client.post(reverse("sign_in_again"), {"next": reverse("create_token")})
            opened = client.get(reverse("create_token"))
            real.post(reverse("sign_in_again"))
            refused = real.get(reverse("create_token"))

        assert opened.status_code == 200
        assert refused.status_code == 302

    def test_nobody_enters_as_somebody_closed_or_unknown(self, client: Client) -> None:
        person = a_person()
        actions.deactivate_person(
            person=person.key,
            why="left",
            by=actions.BY_SYSTEM,
            at=access.now(),
            program=the_program(),
        )

        with override_settings(IS_DEMO=True):
            answers = [
                client.post(reverse("enter_demo"), {"person": key})
                for key in (person.key, "", "U-0000000000")
            ]

        assert [one.status_code for one in answers] == [404, 404, 404]


class TestLanguage:
    def test_a_persons_language_is_on_their_record_and_on_their_pages(self, client: Client) -> None:
        person = a_person(can_sign_in=True)
        sign_in(client, person)

        client.post(reverse("set_language"), {"language": "es", "next": "/"})
        page = client.get(reverse("own_sign_in")).content.decode()

        assert queries.person(person.key).language == "es"
        assert '<html lang="es">' in page

    def test_a_stranger_keeps_it_in_a_cookie_and_an_unknown_one_nowhere(
        self, client: Client
    ) -> None:
        client.post(reverse("set_language"), {"language": "tlh", "next": "/"})
        assert "django_language" not in client.cookies
        client.post(reverse("set_language"), {"language": "es", "next": "/"})

        assert '<html lang="es">' in client.get(reverse("account_login")).content.decode()


class TestOwnPages:
    def test_a_token_is_made_shown_once_and_revoked(self, client: Client) -> None:
        person = a_person(can_sign_in=True)
        sign_in(client, person)
        client.post(reverse("account_reauthenticate"), {"password": PASSWORD})

        made = client.post(reverse("create_token"), {"name": "ERP", "days": 30}).content.decode()
        secret = re.findall(r'id="token">(glt_[\w-]+)<', made)[0]
        own = client.get(reverse("own_sign_in")).content.decode()
        owner = queries.person_of_token(secret, on=access.today())
        revoke = re.findall(r'action="(/accounts/me/tokens/[^"]+)"', own)[0]
        client.post(revoke)

        assert owner == person
        assert secret not in own
        assert queries.person_of_token(secret, on=access.today()) is None

    def test_nobody_revokes_anothers_token(self, client: Client) -> None:
        other = a_person()
        token, _ = actions.create_token(
            person=other.key, name="ERP", at=access.now(), program=the_program()
        )
        sign_in(client, a_person(can_sign_in=True))

        assert client.post(reverse("revoke_token", args=[token.key])).status_code == 404

    def test_a_name_is_changed_by_its_owner(self, client: Client) -> None:
        person = a_person(can_sign_in=True)
        sign_in(client, person)

        client.post(reverse("change_name"), {"name": "Ana Ruiz"})

        assert queries.person(person.key).name == "Ana Ruiz"

    @pytest.mark.parametrize(
        "name",
        [
            "mfa_index",
            "mfa_list_webauthn",
            "account_change_password",
            "own_sign_in",
            "change_name",
            "open_organization",
            "mfa_view_recovery_codes",
            "account_logout",
        ],
    )
    def test_each_page_shows_and_is_kept_by_no_cache(self, client: Client, name: str) -> None:
        sign_in(client, a_person(can_sign_in=True))

        page = client.get(reverse(name))

        assert page.status_code == 200
        assert page.content.decode().count("<h1") == 1
        if name != "account_logout":
            assert "no-store" in page.headers["Cache-Control"]
