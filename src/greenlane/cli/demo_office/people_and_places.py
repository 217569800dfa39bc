"""The demonstration's people, owners, sites and partners, and an invented watch list in force."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from greenlane.apps.parties.actions import PartyGiven, declare_party
from greenlane.apps.vetting import lists

if TYPE_CHECKING:
    from greenlane.apps.members.models import Account
    from greenlane.cli.demo_office.cast import Company
    from greenlane.core.lifecycle.decide import Actor

LIST: Final = "demo-list"
# Parties of single companies that resemble somebody on the invented list; the rest do not.
_ALIKE: Final[dict[int, tuple[PartyGiven, ...]]] = {
    1: (PartyGiven("OFFICER", "Marcus Weber", birth_date="1978-06-19", countries=("US",)),),
    17: (PartyGiven("PARTNER", "Shenlong Pacific Freight", countries=("HK",)),),
    18: (
        PartyGiven(
            "OFFICER", "Luis Ortega Marín", birth_date="1984-02-11", countries=("MX",), title="CFO"
        ),
    ),
    19: (
        PartyGiven(
            "OFFICER",
            "Vassily Drozdenko",
            birth_date="1958-09-02",
            countries=("RS",),
            title="Board member",
        ),
        PartyGiven("PARTNER", "Ostrava Gulf Trading", countries=("AE",)),
    ),
}


def put_list_in_force(*, start: datetime, today: datetime) -> None:
    """Put the invented list in force since the beginning, and have it looked at today."""
    store = lists.store()
    file = Path(__file__).with_name("watchlist.csv")
    store.import_list(LIST, [file], at=start, by="demo")
    store.note_looked(LIST, at=today)
    lists.make_ready(on=today.date())


def declare_parties(account: Account, company: Company, *, by: Actor, at: datetime) -> None:
    """Declare a company's officer, contact, owner and site, and whoever resembles a listed one."""
    given = (
        PartyGiven("OFFICER", company.officer, title="President", countries=("US",)),
        PartyGiven("OWNER", f"Founders of {company.name}", kind="ORGANIZATION", share="100"),
        PartyGiven("SITE", f"{company.name} main yard", address="1 Demonstration Way"),
        *_ALIKE.get(company.number, ()),
    )
    for one in given:
        declare_party(account=account, given=one, by=by, at=at, via="demo")
