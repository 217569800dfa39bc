"""Opening a company: what somebody may be to it is asked in the roles of the program."""

from __future__ import annotations

import html
import re

import pytest
from django.test import override_settings
from django.urls import reverse

from greenlane.apps.accounts import queries
from greenlane.content.packs import load_program
from greenlane.gate import access
from greenlane.web.ui.words import in_language
from tests.factories.browsers import signed_in_client
from tests.factories.people import a_person

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("pack", ["ctpat", "wco-safe", "supplier-program"])
def test_a_company_is_opened_in_each_role_that_acts_for_one(pack: str) -> None:
    with override_settings(GREENLANE_PACK=pack):
        program = load_program(pack)
        address = reverse("open_organization")
        page = signed_in_client(a_person()).get(address, headers={"accept-language": "en"}).text
        offered = re.findall(r'name="standing" value="([^"]+)"', page)

        for number, standing in enumerate(offered):
            person = a_person()
            given = {"name": f"Dock {number}", "standing": html.unescape(standing)}
            opened = signed_in_client(person).post(address, given)
            (own,) = queries.organizations_of(person.key, on=access.today(), program=program)

            assert opened.status_code == 302
            assert own.roles == (standing.partition("/")[0],)
            assert in_language(program.roles[own.roles[0]].title) in html.unescape(page)

    assert {one.partition("/")[0] for one in offered} == program.own_roles
