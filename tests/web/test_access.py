from __future__ import annotations

import json
from collections.abc import Iterator
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.urls import URLPattern, URLResolver, get_resolver, resolve, reverse
from django.urls.resolvers import ResolverMatch

from greenlane.apps.accounts import actions
from greenlane.core.access import Access, keepers
from greenlane.gate import access
from greenlane.project.urls import urlpatterns
from tests.factories.browsers import prove_again, signed_in_client
from tests.factories.people import NOW, a_person, person_with, the_program

ROLES = [role for role in the_program().roles if role != "system"]


def addresses(resolver: URLResolver, within: str = "") -> Iterator[tuple[str, str]]:
    """Give name and pattern of every address of the project."""
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            space = f"{within}{one.namespace}:" if one.namespace else within
            yield from addresses(one, space)
        elif isinstance(one, URLPattern):
            yield f"{within}{one.name or ''}", str(one.pattern)


EVERY_ADDRESS = sorted(addresses(get_resolver()))
DOORS = sorted(access.doors().items())


class TestTheTable:
    @pytest.mark.parametrize(("name", "pattern"), EVERY_ADDRESS)
    def test_every_address_has_a_row(self, name: str, pattern: str) -> None:
        assert name in access.doors(), (
            f"The address {pattern!r} named {name!r} stands in no doors.py, so nobody can use it."
        )

    def test_no_row_is_of_an_address_that_is_gone(self) -> None:
        assert set(access.doors()) - {name for name, _ in EVERY_ADDRESS} == set()

    @pytest.mark.parametrize(("name", "door"), DOORS)
    def test_every_role_in_a_row_is_one_of_the_program(self, name: str, door: Access) -> None:
        assert door.roles_in(the_program()) <= set(ROLES)

    def test_addresses_that_are_imported_later_are_found_by_name_and_by_path(self) -> None:
        later = {
            one.namespace: (one, import_module(one.urlconf_name))
            for one in urlpatterns
            if isinstance(one, URLResolver) and isinstance(one.urlconf_name, str)
        }

        assert list(later) == ["specialist", "api-v1", "member"]
        for namespace, (one, module) in later.items():
            plain = (
                f"{namespace}:{inner.name}"
                for inner in one.url_patterns
                if isinstance(inner, URLPattern) and inner.name and not inner.pattern.converters
            )
            found = resolve(reverse(name := next(plain)))
            assert (found.view_name, found.app_name) == (name, one.app_name)
            assert getattr(module, "app_name", "ninja") == one.app_name

    def test_two_tables_cannot_name_one_address(self) -> None:
        twice = [settings.GREENLANE_DOORS[0], settings.GREENLANE_DOORS[0]]

        with override_settings(GREENLANE_DOORS=twice), pytest.raises(RuntimeError, match="another"):
            access.doors()

    def test_an_address_without_a_row_is_closed_and_says_so_in_the_log(
        self, client: Client, caplog: pytest.LogCaptureFixture
    ) -> None:
        with override_settings(GREENLANE_DOORS=[]):
            answer = client.get(reverse("account_login"))

        assert answer.status_code == 403
        assert "'account_login' stands in no table" in caplog.text


def ask(name: str, *, user: Any = None, session: Any = None, **headers: str) -> HttpResponse | None:
    """Put one question to the middleware: may this person pass this door?"""
    request = RequestFactory().get("/somewhere/", headers=headers)
    request.resolver_match = ResolverMatch(
        lambda request: HttpResponse(), (), {}, url_name=name, namespaces=[]
    )
    request.resolver_match.view_name = name
    request.user = user or AnonymousUser()
    if session is not None:
        request.session = session
        request.COOKIES[settings.SESSION_COOKIE_NAME] = "x"
    try:
        return middleware().process_view(request, None, (), {})
    except PermissionDenied:
        # Django answers it with the 403 page.
        return HttpResponse(status=403)


def middleware() -> access.AccessMiddleware:
    return access.AccessMiddleware(lambda request: HttpResponse())


@pytest.mark.django_db
class TestEveryDoor:
    @pytest.mark.parametrize("role", ROLES)
    def test_a_role_passes_its_own_doors_and_no_other(self, role: str) -> None:
        person = person_with(role)
        session = signed_in_client(person).session
        passed = set()
        for name, door in DOORS:
            if door.by_token:
                continue
            answer = ask(name, user=person, session=session)
            if answer is None:
                passed.add(name)
            else:
                assert answer.status_code == 403

        assert passed == {
            name
            for name, door in DOORS
            if not door.by_token and (door.admits(the_program(), (role,)))
        }

    @pytest.mark.parametrize("role", ROLES)
    def test_a_token_passes_the_doors_of_its_owners_roles(self, role: str) -> None:
        person = person_with(role)
        _, secret = actions.create_token(
            person=person.key, name="Test", at=NOW, program=the_program()
        )
        for name, door in DOORS:
            if not door.by_token:
                continue
            answer = ask(name, authorization=f"Bearer {secret}")
            if door.admits(the_program(), (role,)):
                assert answer is None
            else:
                assert answer is not None
                assert answer.status_code == 403

    @pytest.mark.parametrize(("name", "door"), DOORS)
    def test_a_stranger_is_sent_to_sign_in(self, name: str, door: Access) -> None:
        answer = ask(name)

        if door.is_public:
            assert answer is None
        elif door.by_token:
            assert answer is not None
            assert answer.status_code == 401
            assert json.loads(answer.content)["code"] == "token.missing"
        else:
            assert answer is not None
            assert answer.headers["Location"] == f"{reverse('account_login')}?next=%2Fsomewhere%2F"

    @pytest.mark.parametrize(("name", "door"), DOORS)
    def test_without_a_second_factor_only_its_set_up_opens(self, name: str, door: Access) -> None:
        if door.by_token or door.is_public:
            return
        person = a_person()
        client = Client()
        client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")

        answer = ask(name, user=person, session=client.session)

        if name in access.SET_UP:
            assert answer is None
        else:
            assert answer is not None
            assert answer.headers["Location"].startswith(reverse("set_up_second_factor"))

    def test_a_role_that_ended_opens_nothing(self) -> None:
        person = person_with("operator")
        session = signed_in_client(person).session
        (role,) = person.grants.all()
        actions.end_grant(
            grant=role.key, by=actions.BY_SYSTEM, at=access.now(), program=the_program()
        )

        answer = ask("reset_second_factor", user=person, session=session)

        assert answer is not None
        assert answer.status_code == 403


@pytest.fixture
def _token_door(monkeypatch: pytest.MonkeyPatch) -> None:
    """Add a table of one door for tokens, so that this test does not lean on the API's."""
    module = SimpleNamespace(
        DOORS={
            "test_api": Access(by_token=True),
            "test_api_office": Access(who=(keepers,), by_token=True),
            "test_api_open": Access(is_public=True, by_token=True),
        }
    )
    monkeypatch.setitem(__import__("sys").modules, "tests.web.token_doors", module)
    monkeypatch.setattr(settings, "GREENLANE_DOORS", ["tests.web.token_doors"], raising=False)


@pytest.mark.django_db
@pytest.mark.usefixtures("_token_door")
class TestTokens:
    def token(self, role: str = "specialist") -> str:
        person = person_with(role)
        return actions.create_token(
            person=person.key, name="Test", at=access.now(), program=the_program()
        )[1]

    def test_a_token_stands_for_its_owner(self) -> None:
        person = person_with("specialist")
        made, secret = actions.create_token(
            person=person.key, name="Test", at=access.now(), program=the_program()
        )
        request = RequestFactory().get("/", headers={"authorization": f"bearer {secret}"})
        request.resolver_match = ResolverMatch(lambda r: None, (), {}, url_name="test_api")

        passed = middleware().process_view(request, None, (), {})

        made.refresh_from_db()
        assert passed is None
        assert request.user == person
        assert made.last_used_on == access.today()

    @pytest.mark.parametrize(
        "sent", ["Bearer glt_nonsense", "Basic {}", "Bearer", "Bearer  ", "{}", "Bearer \u00e9"]
    )
    def test_what_is_no_token_opens_nothing(self, sent: str) -> None:
        answer = ask("test_api", authorization=sent.format(self.token()))

        assert answer is not None
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"] == "Bearer"
        assert answer.headers["Content-Type"] == "application/problem+json"

    def test_a_session_opens_no_door_of_the_api(self) -> None:
        person = person_with("director")

        answer = ask("test_api_office", user=person, session=signed_in_client(person).session)

        assert answer is not None
        assert answer.status_code == 401

    def test_a_role_is_asked_for_there_too(self) -> None:
        refused = ask("test_api_office", authorization=f"Bearer {self.token()}")

        assert refused is not None
        assert refused.status_code == 403
        assert json.loads(refused.content)["code"] == "access.role_not_allowed"
        assert ask("test_api_office", authorization=f"Bearer {self.token('director')}") is None

    def test_an_open_door_needs_no_token_but_refuses_a_false_one(self) -> None:
        answer = ask("test_api_open", authorization="Bearer glt_nonsense")

        assert ask("test_api_open") is None
        assert answer is not None
        assert answer.status_code == 401


@pytest.mark.django_db
class TestWays:
    def test_a_public_page_sets_no_cookie(self, client: Client) -> None:
        answer = client.get(reverse("account_reset_password_from_key_done"))

        assert answer.status_code == 200
        assert settings.SESSION_COOKIE_NAME not in answer.cookies

    def test_htmx_is_sent_with_the_whole_page(self) -> None:
        answer = ask("own_sign_in", hx_request="true")

        assert answer is not None
        assert answer.headers["HX-Redirect"] == reverse("account_login")

    def test_a_form_of_a_stranger_is_not_sent_again_by_itself(self, client: Client) -> None:
        answer = client.post(reverse("change_name"), {"name": "X"})

        assert answer.headers["Location"] == reverse("account_login")

    def test_a_late_signature_is_not_sent_again_by_itself(self) -> None:
        person = a_person()
        client = signed_in_client(person)

        sent = client.post(reverse("create_token"), {"name": "ERP", "days": 30})
        htmx = client.post(reverse("create_token"), headers={"HX-Request": "true"})
        prove_again(client, person)
        made = client.post(reverse("create_token"), {"name": "ERP", "days": 30})

        assert sent.headers["Location"].startswith(reverse("sign_in_again"))
        assert htmx.headers["HX-Redirect"].startswith(reverse("sign_in_again"))
        assert made.status_code == 200

    def test_the_actor_holds_a_role_that_the_act_is_open_to(self) -> None:
        person = person_with("specialist", office="NY")
        request = HttpRequest()
        request.user = person

        actor = access.acting(request, {"specialist", "director"}, organization="O-1", office="NY")

        assert (actor.id, actor.role) == (person.key, "specialist")

    def test_nobody_acts_without_signing_in(self) -> None:
        from greenlane.core.errors import NotAllowed

        request = HttpRequest()
        request.user = AnonymousUser()

        assert access.roles(request) == frozenset()
        with pytest.raises(NotAllowed, match="Sign in first"):
            access.acting(request, {"director"})
