"""A web process reads no watch list: it maps what a worker made ready, or says that it waits."""

from __future__ import annotations

import gc
import sys
import tracemalloc
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.test import Client
from django.urls import reverse

from greenlane.apps.accounts.models import User
from greenlane.apps.audit.queries import head_of
from greenlane.apps.members.actions.accounts import open_account
from greenlane.apps.members.models import Account
from greenlane.apps.parties.actions import PartyGiven, declare_party
from greenlane.apps.vetting import lists
from greenlane.apps.vetting.models import AccountScreening, Hit
from greenlane.apps.vetting.queries import screening_state, vetting_facts
from greenlane.cli.worker import worker
from greenlane.core.lifecycle.decide import Actor
from greenlane.gate.access import now, today
from greenlane.screening import ready
from greenlane.screening.listed_set import ListedSet
from greenlane.screening.records import ListedParty
from tests.api.world import Caller
from tests.factories.browsers import signed_in_client
from tests.factories.lists import INVENTED
from tests.factories.people import an_organization, person_with, the_program
from tests.unit.screening.formats.reading import shared_lists

pytestmark = pytest.mark.django_db

_read: list[str] = []
_is_watching = False


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    if _is_watching and event == "open":
        _read.append(str(arguments[0]))


# A hook of the interpreter cannot be taken off again; outside of `watched` it does nothing.
sys.addaudithook(_watch)


class watched:  # noqa: N801 - used as a word of a sentence: with watched() as read
    """Note the path of every file that is opened meanwhile."""

    def __enter__(self) -> list[str]:
        """Begin; the list grows as files are opened."""
        global _is_watching  # noqa: PLW0603 - the hook is the interpreter's, so is its switch
        _read.clear()
        _is_watching = True
        return _read

    def __exit__(self, *error: object) -> None:
        """End."""
        global _is_watching  # noqa: PLW0603 - as above
        _is_watching = False


@pytest.fixture
def analyst(settings: Any, tmp_path: Path) -> User:
    """Give an analyst, at an installation with a folder of lists of its own."""
    settings.WATCHLISTS_DIR = tmp_path / "watchlists"
    ready._opened.clear()
    return person_with("vetting_analyst", at=now() - timedelta(days=40))


@pytest.fixture
def account(analyst: User) -> Account:
    """Give an account carried over as certified, one of whose officers resembles a listed one."""
    long_ago = now() - timedelta(days=40)
    company = an_organization("Harbor Lane Imports", at=long_ago)
    officer = person_with("company_officer", company, at=long_ago)
    made = open_account(
        program=the_program(),
        entity_type="importer",
        organization=company.key,
        company_name="Harbor Lane Imports",
        facts={"restructuring.is_documented": True},
        by=Actor(person_with("specialist", at=long_ago).key, "specialist"),
        second=Actor(person_with("field_manager", at=long_ago).key, "field_manager"),
        act="M01",
        given={"source_account": "A-0000000001"},
        at=now() - timedelta(days=30),
    )
    given = PartyGiven("OFFICER", "Zoltan Brezniak", birth_date="1961-03-14")
    declare_party(account=made, given=given, by=Actor(officer.key, "company_officer"), at=now())
    return made


def put_in_store(*files: Path) -> None:
    """Import a list as `greenlane watchlist import` does: stored, not made ready."""
    lists.store().import_list("a-list", files, at=now() - timedelta(hours=1), by="Ada")


def invented(folder: Path) -> Path:
    """Write the invented list to a file."""
    path = folder / "invented.csv"
    path.write_text(INVENTED, "utf-8")
    return path


def asked(client: Client, account: Account) -> str:
    """Ask for a screening; return the page that follows, which must say so in words."""
    answer = client.post(reverse("specialist:screen", args=[account.stream]), follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def in_memory() -> list[object]:
    """Return the sets of listed parties that live in this process."""
    gc.collect()
    return [one for one in gc.get_objects() if type(one) is ListedSet]


def of_lists(paths: list[str]) -> list[str]:
    """Return which of the files opened are of list versions rather than of what was made ready."""
    return [path for path in paths if "/versions/" in path and not path.endswith("manifest.json")]


class TestBeforeTheListsAreReady:
    def test_the_page_says_that_they_are_prepared_and_nothing_is_recorded(
        self, analyst: User, account: Account, tmp_path: Path
    ) -> None:
        put_in_store(invented(tmp_path))
        before = head_of(account.stream).seq
        client = signed_in_client(analyst)

        page = client.get(reverse("specialist:vetting", args=[account.stream])).content.decode()
        told = asked(client, account)

        assert "The watch lists are being prepared" in page
        assert "Screen now" not in page
        assert "Nothing was screened" in told
        assert head_of(account.stream).seq == before
        assert not AccountScreening.objects.filter(stream=account.stream).exists()

    def test_it_never_passes_as_no_hits(
        self, analyst: User, account: Account, tmp_path: Path
    ) -> None:
        put_in_store(invented(tmp_path))

        asked(signed_in_client(analyst), account)
        facts = vetting_facts(account, on=today())

        assert screening_state(account, on=today()).is_current is None
        assert "vetting.screening_is_current" not in facts
        assert facts["vetting.has_record"] is False

    def test_the_api_says_the_same_with_a_code(
        self, analyst: User, account: Account, tmp_path: Path
    ) -> None:
        put_in_store(invented(tmp_path))

        answer = Caller(analyst).post(f"/accounts/{account.stream}/screenings")

        assert (answer.status, answer.code) == (409, "watchlist.being_prepared")

    def test_a_new_version_is_not_screened_with_the_old_one(
        self, analyst: User, account: Account, tmp_path: Path
    ) -> None:
        put_in_store(invented(tmp_path))
        lists.make_ready(on=today())
        client = signed_in_client(analyst)
        first = asked(client, account)
        path = tmp_path / "second.csv"
        path.write_text(INVENTED + "99,One More Invented,organization,,,,,,TEST\n", "utf-8")
        lists.store().import_list("a-list", [path], at=now(), by="Ada")

        second = asked(client, account)
        CliRunner().invoke(worker, ["--once"], catch_exceptions=False)
        third = asked(client, account)

        assert "Screened 2 parties" in first
        assert "being prepared" in second
        assert "Screened 2 parties" in third


class TestInAWebProcess:
    def test_no_file_of_a_list_is_opened_and_no_set_is_in_memory(
        self, analyst: User, account: Account, tmp_path: Path
    ) -> None:
        put_in_store(invented(tmp_path))
        lists.make_ready(on=today())
        ready._opened.clear()
        client = signed_in_client(analyst)
        sets = in_memory()

        with watched() as read:
            told = asked(client, account)

        assert "Screened 2 parties: 1 hits wait" in told
        assert Hit.objects.get(stream=account.stream).listed[0] == "a-list-1"
        assert [path for path in read if path.endswith("lines.npy")]
        assert of_lists(read) == []
        assert in_memory() == sets

    def test_the_watching_sees_who_does_read_a_list(self, analyst: User, tmp_path: Path) -> None:
        put_in_store(invented(tmp_path))

        with watched() as read:
            kept = lists.listed_set(on=today())

        assert len(of_lists(read)) == 1
        assert kept in in_memory()

    def test_a_real_list_of_ten_thousand_parties_takes_no_memory_of_it(
        self, analyst: User, account: Account
    ) -> None:
        put_in_store(*sorted((shared_lists() / "ofac" / "2023").glob("*.csv")))
        on = today()
        size = sum(map(len, lists.listed_set(on=on).lines.values()))
        lists.make_ready(on=on)
        ready._opened.clear()
        client = signed_in_client(analyst)
        asked(client, account)
        ready._opened.clear()
        sets = in_memory()

        tracemalloc.start()
        with watched() as read:
            told = asked(client, account)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        parties = [one for one in gc.get_objects() if type(one) is ListedParty]

        assert "Screened 2 parties" in told
        assert of_lists(read) == []
        assert in_memory() == sets
        assert len(parties) < 100
        assert most < size / 2, (most, size)
