"""The analyst's pages, and that nothing of vetting ever stands where a company can read it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse
from pytest_django import DjangoDbBlocker

from greenlane.apps.accounts import actions
from greenlane.apps.accounts.models import User
from greenlane.apps.members import queries
from greenlane.apps.members.actions.accounts import open_account
from greenlane.apps.parties.actions import PartyGiven, declare_party
from greenlane.apps.parties.queries import parties_of, party
from greenlane.apps.vetting.actions import record_check, vetting_step
from greenlane.apps.vetting.customs_actions import plan_import, record_import
from greenlane.apps.vetting.customs_rows import read_customs_file
from greenlane.apps.vetting.hit_actions import decide_hit
from greenlane.apps.vetting.models import CustomsRow, Hit
from greenlane.core.lifecycle.decide import Actor
from greenlane.gate.access import doors, now, today
from tests.factories.browsers import signed_in_client
from tests.factories.lists import HEAD, OTHERS, put_in_force
from tests.factories.people import an_organization, person_with, the_program
from tests.factories.prepared import made_once

pytestmark = pytest.mark.django_db

SECRETS = (
    "LISTSECRET",
    "listsecret",
    "SOURCESECRET",
    "DETAILSECRET",
    "WORDSSECRET",
    "NOTESECRET",
    "REFSECRET",
)
LISTED = (
    "1,Zoltan Brezniak,person,Zoltan LISTSECRET,1961-03-14,RS,PASSPORT:K4471902:RS,,LISTSECRET\n",
    "2,Ostrava Gulf Trading FZE,organization,,,AE,,LISTSECRET,TEST\n",
)
EIN = "12-3456789"


class Scene:
    """A company with all its people, an office, an open hit, one told apart, checks and a debt."""

    def __init__(self) -> None:
        long_ago, program = now() - timedelta(days=40), the_program()
        company = an_organization("Harbor Lane Imports", at=long_ago)
        self.people = {
            role: person_with(role, company, at=long_ago)
            for role in (
                "company_officer",
                "point_of_contact",
                "contributor",
                "consultant",
                "auditor",
            )
        }
        self.office = {
            role: person_with(role, at=long_ago)
            for role in ("specialist", "vetting_analyst", "field_manager", "director")
        }
        self.colleague = person_with("vetting_analyst", at=long_ago)
        self.analyst = Actor(self.office["vetting_analyst"].key, "vetting_analyst")
        self.account = open_account(
            program=program,
            entity_type="importer",
            organization=company.key,
            company_name="Harbor Lane Imports",
            facts={"restructuring.is_documented": True},
            by=Actor(self.office["specialist"].key, "specialist"),
            second=Actor(self.office["field_manager"].key, "field_manager"),
            act="M01",
            given={"source_account": "A-0000000001"},
            at=now() - timedelta(days=30),
        )
        for given in (
            PartyGiven("COMPANY", "Harbor Lane Imports", identifiers=(("ein", EIN, ""),)),
            PartyGiven("OFFICER", "Zoltan Brezniak"),
            PartyGiven("PARTNER", "Ostrava Gulf Trading"),
        ):
            by = Actor(self.people["company_officer"].key, "company_officer")
            declare_party(account=self.account, given=given, by=by, at=now())
        put_in_force(HEAD + "".join((*LISTED, *OTHERS)), key="listsecret", at=now())
        self.look()

    def look(self) -> None:
        """Let the office vet: screen, check, decide, take a file."""
        from greenlane.apps.vetting.screening_actions import screen_account

        stream, at, by = self.account.stream, now(), self.analyst
        given = {"reason": "vetting.periodic"}
        vetting_step(account=self.account, act="V04", by=by, at=at, given=given)
        vetting_step(account=queries.account(stream), act="V01", by=by, at=at)
        screen_account(account=self.account, at=at, by=by)
        record_check(
            account=queries.account(stream),
            check="officers",
            result="CANNOT_TELL",
            source="SOURCESECRET",
            detail="DETAILSECRET",
            by=by,
            at=at,
        )
        first = Hit.objects.filter(stream=stream).order_by("pk")[0]
        decide_hit(
            account=self.account,
            hit=first.hit,
            decision="NEED_MORE",
            reason="not_enough",
            words="WORDSSECRET",
            by=by,
            at=at,
        )
        content = f"kind,status,reference,identifier,note\nDEBT,FINAL,REFSECRET,{EIN},NOTESECRET\n"
        file = read_customs_file(content.encode())
        plan = plan_import(program=the_program(), file=file, as_of=today())
        record_import(
            program=the_program(),
            plan=plan,
            source="SOURCESECRET",
            as_of=today(),
            by=by,
            at=at,
        )

    @property
    def hits(self) -> list[Hit]:
        """The hits, in the order in which they were found."""
        return list(Hit.objects.filter(stream=self.account.stream).order_by("pk"))

    def href(self, name: str, *more: object) -> str:
        """Return the address of a page of the account."""
        return reverse(name, args=[self.account.stream, *more])


@pytest.fixture(scope="class")
def scene(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Scene]:
    """Give the scene with lists of its own; what a test of the class does to it is undone."""
    lists = tmp_path_factory.mktemp("lists")
    with override_settings(WATCHLISTS_DIR=lists), made_once(django_db_blocker):
        yield Scene()


def addresses(resolver: URLResolver, within: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Give every named address of the project with its pattern."""
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            space = f"{within}{one.namespace}:" if one.namespace else within
            yield from addresses(one, space)
        elif isinstance(one, URLPattern):
            yield f"{within}{one.name}", one


def every_address(scene: Scene) -> Iterator[tuple[str, str]]:
    """Give every address filled in with keys that are there."""
    party = next(p.party for p in parties_of(scene.account.stream) if p.role == "OFFICER")
    fillings: dict[str, object] = {
        "key": scene.account.stream,
        "hit": scene.hits[0].hit,
        "party": party,
        "party_key": party,
        "role": "owner",
        "criterion": "1.1",
        "act": "V02",
        "seq": 1,
        "entity_type": "importer",
        "language": "en",
    }
    for name, pattern in addresses(get_resolver()):
        wanted = pattern.pattern.converters
        try:
            yield name, reverse(name, kwargs={k: fillings.get(k, "x") for k in wanted})
        except NoReverseMatch:
            continue


ROLES = ("company_officer", "point_of_contact", "contributor", "consultant", "auditor")


class TestNothingReachesTheCompany:
    def test_the_office_does_read_what_is_planted(self, scene: Scene) -> None:
        client = signed_in_client(scene.office["vetting_analyst"])
        told = "".join(
            client.get(address).content.decode()
            for address in (
                scene.href("specialist:vetting"),
                scene.href("specialist:hit", scene.hits[0].hit),
                reverse("specialist:hits"),
            )
        )

        assert [secret for secret in SECRETS if secret not in told] == []

    @pytest.mark.parametrize("role", ROLES)
    def test_no_page_tells_a_company_anything_of_vetting(self, scene: Scene, role: str) -> None:
        client = signed_in_client(scene.people[role])
        client.raise_request_exception = False
        asked = 0
        for name, address in every_address(scene):
            if doors()[name].by_token or name in ("account_logout",):
                continue
            for answer in (client.get(address), client.post(address, {"decision": "FALSE"})):
                body = b"".join(answer) if answer.streaming else answer.content
                told = body.decode(errors="replace") + str(answer.headers)
                assert [word for word in SECRETS if word in told] == [], (name, address)
                asked += 1
            if name.startswith("specialist:"):
                assert answer.status_code == 403, name
            if name in ("member:account", "member:people") and answer.status_code == 403:
                assert role not in ("company_officer", "point_of_contact")

        assert asked > 80

    @pytest.mark.parametrize("role", ROLES)
    def test_no_answer_of_the_api_tells_a_company_anything_of_vetting(
        self, scene: Scene, role: str
    ) -> None:
        person = scene.people[role]
        _, token = actions.create_token(
            person=person.key, name="test", at=now(), program=the_program()
        )
        client = Client(raise_request_exception=False, headers={"Authorization": f"Bearer {token}"})
        asked = set()
        for name, address in every_address(scene):
            if not doors()[name].by_token or name == "api-v1:openapi-json":
                continue
            for method in ("GET", "POST", "DELETE"):
                sent = "" if method == "GET" else "{}"
                answer = client.generic(method, address, sent, content_type="application/json")
                told = answer.content.decode(errors="replace")
                assert [word for word in SECRETS if word in told] == [], (name, method)
                asked.add(name)

        assert {"api-v1:hits", "api-v1:hit", "api-v1:customs_rows", "api-v1:record"} <= asked

    def test_a_member_cannot_count_hits_by_what_is_withheld(self, scene: Scene) -> None:
        client = signed_in_client(scene.people["company_officer"])

        page = client.get(scene.href("member:record")).content.decode()

        assert "screening" not in page.lower()
        assert "customs.recorded" not in page

    @pytest.mark.parametrize(
        ("role", "status"),
        [("specialist", 200), ("vetting_analyst", 200), ("field_manager", 200), ("director", 200)],
    )
    @pytest.mark.parametrize("name", ["hits", "hit", "vetting"])
    def test_the_office_reads_every_page_of_vetting(
        self, scene: Scene, name: str, role: str, status: int
    ) -> None:
        client = signed_in_client(scene.office[role])
        address = {
            "hits": reverse("specialist:hits"),
            "hit": scene.href("specialist:hit", scene.hits[0].hit),
            "vetting": scene.href("specialist:vetting"),
        }[name]

        assert client.get(address).status_code == status

    @pytest.mark.parametrize(
        ("role", "passes"),
        [
            ("specialist", True),
            ("vetting_analyst", True),
            ("field_manager", False),
            ("director", False),
        ],
    )
    def test_only_who_vets_screens_and_takes_files(
        self, scene: Scene, role: str, passes: bool
    ) -> None:
        client = signed_in_client(scene.office[role])

        assert (client.get(reverse("specialist:customs")).status_code == 200) is passes
        assert (client.post(scene.href("specialist:screen")).status_code == 302) is passes


class TestDeciding:
    def test_one_hit_after_another_without_a_script(self, scene: Scene) -> None:
        client = signed_in_client(scene.office["vetting_analyst"])
        queue = client.get(reverse("specialist:hits")).content.decode()
        first = re.search(r'href="([^"]*/hits/H-[^"]*)"[^>]*data-key="n"', queue)
        assert first is not None
        page = client.get(first[1]).content.decode()
        seen = re.search(r'name="seen" value="(\d+)"', page)
        assert seen is not None

        answer = client.post(
            first[1], {"seen": seen[1], "decision": "FALSE", "reason": "other_birth_date"}
        )

        assert answer.status_code == 302
        assert "/hits/H-" in answer.headers["Location"]
        assert answer.headers["Location"] != first[1]
        assert "FALSE" in {hit.state for hit in scene.hits}

    def test_true_waits_for_a_second_person_who_confirms_on_the_page(self, scene: Scene) -> None:
        target = scene.hits[0]
        address = scene.href("specialist:hit", target.hit)
        own = signed_in_client(scene.office["vetting_analyst"])
        told = {"seen": target.seq, "decision": "TRUE", "reason": "same_details"}
        refused = own.post(address, told)
        proposed = own.post(address, {**told, "words": "Both agree."})
        waits = own.get(address).content.decode()
        other = signed_in_client(scene.colleague)
        seq = scene.hits[0].seq
        confirmed = other.post(address, {"seen": seq, "decision": "CONFIRMED"})

        assert refused.status_code == 422
        assert proposed.status_code == 302
        assert "You proposed this" in waits
        assert confirmed.status_code == 302
        assert scene.hits[0].state == "TRUE"

    def test_a_hit_that_moved_is_not_decided(self, scene: Scene) -> None:
        target = scene.hits[0]
        client = signed_in_client(scene.office["vetting_analyst"])

        answer = client.post(
            scene.href("specialist:hit", target.hit),
            {"seen": 1, "decision": "FALSE", "reason": "other_name"},
        )

        assert answer.status_code == 409
        assert scene.hits[0].state == target.state

    def test_a_reader_of_spanish_is_told_the_reasons_in_spanish(self, scene: Scene) -> None:
        client = signed_in_client(scene.office["vetting_analyst"])
        partner = next(hit for hit in scene.hits if hit.subject_name.startswith("Ostrava"))
        address = scene.href("specialist:hit", partner.hit)

        english = client.get(address).content.decode()
        spanish = client.get(address, {"language": "es"}).content.decode()

        assert "the same word" in english
        assert "la misma palabra" in spanish
        assert "organización" in spanish
        for words in ("the same word", "only in the", "a legal form", "organization<"):
            assert words not in spanish

    def test_differences_are_marked_word_by_word(self, scene: Scene) -> None:
        client = signed_in_client(scene.office["vetting_analyst"])
        partner = next(hit for hit in scene.hits if hit.subject_name.startswith("Ostrava"))

        page = client.get(scene.href("specialist:hit", partner.hit)).content.decode()

        assert "Struck through: differs" in page
        assert page.count("ostrava") >= 2


class TestFiles:
    def send(self, client: Client, what: str, content: str) -> Any:
        """Send a file to look at or to record."""
        day = today()
        return client.post(
            reverse("specialist:customs"),
            {
                "what": what,
                "source": "Collections",
                "as_of_0": day.day,
                "as_of_1": day.month,
                "as_of_2": day.year,
                "as_of_day": day.day,
                "as_of_month": day.month,
                "as_of_year": day.year,
                "file": SimpleUploadedFile("rows.csv", content.encode()),
            },
        )

    def test_a_file_is_looked_at_first_and_then_recorded(self, scene: Scene) -> None:
        client = signed_in_client(scene.office["vetting_analyst"])
        content = (
            "kind,status,reference,identifier\n"
            f"SEIZURE,OPEN,S-77,{EIN}\nSEIZURE,OPEN,S-78,NOBODY99\nX,OPEN,S-79,{EIN}\n"
        )
        looked = self.send(client, "look", content)
        after_look = CustomsRow.objects.filter(kind="SEIZURE").count()
        recorded = self.send(client, "record", content)

        page = looked.content.decode()
        assert (looked.status_code, after_look) == (200, 0)
        assert "Line 4" in page
        assert "Harbor Lane Imports" in page
        assert recorded.status_code == 302
        assert CustomsRow.objects.filter(kind="SEIZURE").count() == 1

    def test_a_file_that_is_none_is_refused_in_the_form(self, scene: Scene) -> None:
        client = signed_in_client(scene.office["vetting_analyst"])

        answer = self.send(client, "record", "a,b\n1,2\n")

        assert answer.status_code == 422
        assert "lacks" in answer.content.decode()


class TestPeopleAndPlaces:
    def test_a_company_declares_changes_and_removes(self, scene: Scene) -> None:
        client = signed_in_client(scene.people["point_of_contact"])
        made = client.post(
            scene.href("member:party_new", "owner"),
            {
                "kind": "PERSON",
                "name": "Ana Prado",
                "share": "33.3",
                "owned": "",
                "other_names": "",
                "countries": "MX",
            },
        )
        (owner,) = parties_of(scene.account.stream, role="OWNER")
        wrong = client.post(
            scene.href("member:party", owner.party),
            {"kind": "PERSON", "name": "Ana Prado", "share": "133", "countries": "Mexico"},
        )
        changed = client.post(
            scene.href("member:party", owner.party),
            {"kind": "PERSON", "name": "Ana Prado Luna", "share": "50", "countries": "MX"},
        )
        page = client.get(scene.href("member:people")).content.decode()
        removed = client.post(scene.href("member:party_remove", owner.party))

        assert (made.status_code, wrong.status_code, changed.status_code) == (302, 422, 302)
        assert "Ana Prado Luna" in page
        assert "50 % of Harbor Lane Imports" in page
        assert removed.status_code == 302
        assert list(parties_of(scene.account.stream, role="OWNER")) == []

    @pytest.mark.parametrize("role", ["contributor", "consultant", "auditor"])
    def test_who_only_reads_changes_nothing(self, scene: Scene, role: str) -> None:
        client = signed_in_client(scene.people[role])

        assert client.get(scene.href("member:people")).status_code == 200
        assert client.post(scene.href("member:party_new", "site"), {}).status_code == 403

    def test_a_rival_finds_no_such_account(self, scene: Scene) -> None:
        rival: User = person_with("company_officer")

        client = signed_in_client(rival)

        assert client.get(scene.href("member:people")).status_code == 404
        assert client.post(scene.href("member:party_new", "site"), {}).status_code == 404

    def test_a_number_that_stays_keeps_its_country_when_something_else_is_saved(
        self, scene: Scene
    ) -> None:
        officer = scene.people["company_officer"]
        numbers = [
            ("passport", "G12345678", "MX"),
            ("passport", "X98765432", "US"),
            ("national_id", "ID1234", "MX"),
            ("passport", "Z55555555", "RS"),
        ]
        made = declare_party(
            account=queries.account(scene.account.stream),
            given=PartyGiven("OFFICER", "Ana Prado", identifiers=tuple(numbers)),
            by=Actor(officer.key, "company_officer"),
            at=now(),
        )

        answer = signed_in_client(officer).post(
            scene.href("member:party", made.party),
            {
                "name": "Ana Prado",
                "title": "Director",
                "number_kind_1": "passport",
                "number_1": "g1234-5678",
                "number_kind_2": "passport",
                "number_2": "N00000001",
                "number_kind_3": "national_id",
                "number_3": "ID1234",
            },
        )

        assert answer.status_code == 302
        kept = party(scene.account.stream, made.party).details
        assert (kept["title"], kept["identifiers"]) == (
            "Director",
            [
                ["passport", "G12345678", "MX"],
                ["passport", "N00000001", ""],
                ["national_id", "ID1234", "MX"],
                ["passport", "Z55555555", "RS"],
            ],
        )

    def test_numbers_of_a_person_are_shown_by_their_end_only(self, scene: Scene) -> None:
        client = signed_in_client(scene.people["company_officer"])
        client.post(
            scene.href("member:party_new", "officer"),
            {
                "name": "Ana Prado",
                "countries": "MX",
                "number_kind_1": "passport",
                "number_1": "G12345678",
            },
        )

        page = client.get(scene.href("member:people")).content.decode()

        assert "G12345678" not in page
        assert "678" in page


class TestLevels:
    def test_who_may_confirm_hits_sets_the_levels_and_the_page_names_them(
        self, scene: Scene
    ) -> None:
        client = signed_in_client(scene.colleague)
        hits = reverse("specialist:hits")
        told = {"review": "40", "alert": "90", "words": "Curve of March"}

        before = client.get(hits).content.decode()
        done = client.post(reverse("specialist:levels"), told)
        after = client.get(hits).content.decode()

        assert "nobody yet; these are the shipped levels" in before
        assert done.status_code == 302
        assert "40.0 %" in after
        assert "Curve of March" in after

    def test_levels_that_are_refused_come_back_as_they_were_typed(self, scene: Scene) -> None:
        client = signed_in_client(scene.colleague)
        low = {"review": "20", "alert": "90", "words": "Curve of March"}
        crossed = {"review": "95", "alert": "90", "words": "Curve of March"}

        answers = [client.post(reverse("specialist:levels"), told) for told in (low, crossed)]

        assert [answer.status_code for answer in answers] == [422, 422]
        for answer, review in zip(answers, ("20", "95"), strict=True):
            shown = answer.content.decode()
            assert "Curve of March" in shown
            assert f'value="{review}"' in shown
        assert "usa-error-message" in answers[0].content.decode()
        assert "the alert level is not below the review level" in answers[1].content.decode()

    def test_a_company_sets_none(self, scene: Scene) -> None:
        client = signed_in_client(scene.people["company_officer"])

        assert client.post(reverse("specialist:levels"), {}).status_code == 403
