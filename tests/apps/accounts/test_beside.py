"""An address that was changed in the sign-in library's own table is found by ``verify``."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress

from greenlane.apps.accounts.models import User
from greenlane.apps.audit.verify import verify
from tests.factories.people import a_person

pytestmark = pytest.mark.django_db


def with_address(person: User, address: str) -> EmailAddress:
    """Give a person a row in the library's table."""
    return EmailAddress.objects.create(user=person, email=address, verified=True, primary=True)


def test_the_persons_own_address_is_no_fault() -> None:
    person = a_person(email="anna@example.com")
    with_address(person, "Anna@example.com")

    assert verify().is_clean


def test_an_address_that_was_changed_there_is_found_and_the_person_named_by_key() -> None:
    person = a_person(email="anna@example.com")
    row = with_address(person, "anna@example.com")
    EmailAddress.objects.filter(pk=row.pk).update(email="thief@example.com")

    first = verify().first

    assert first is not None
    assert (first.stream, first.code) == ("people", "beside.differs")
    assert person.key in first.says
    assert "thief" not in first.says


def test_a_second_address_that_was_added_there_is_found() -> None:
    person = a_person(email="anna@example.com")
    with_address(person, "anna@example.com")
    EmailAddress.objects.create(user=person, email="thief@example.com", verified=True)

    assert [fault.code for fault in verify().faults] == ["beside.differs"]


def test_anothers_address_is_found_too() -> None:
    anna, thief = a_person(email="anna@example.com"), a_person(email="thief@example.com")
    with_address(thief, str(anna.email))

    assert [thief.key in fault.says for fault in verify().faults] == [True]


def test_another_stream_alone_is_not_charged_with_it() -> None:
    person = a_person(email="anna@example.com")
    with_address(person, "thief@example.com")

    assert "beside.differs" not in {fault.code for fault in verify("office").faults}
