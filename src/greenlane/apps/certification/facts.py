"""What the apps up to here know of an account for the guards of any act."""

from __future__ import annotations

from datetime import date

from greenlane.apps.members.models import Account
from greenlane.apps.profiles.queries import profile_facts
from greenlane.apps.vetting.queries import vetting_facts
from greenlane.core.facts import FactValue


def act_facts(account: Account, *, on: date) -> dict[str, FactValue]:
    """Return what profile and vetting know on ``on``; about eight queries.

    What a decision asks of a person's judgment (written reasons, a fulfilled plan ...) is declared
    on the record before, and read from there.
    """
    return {**profile_facts(account, on=on), **vetting_facts(account, on=on)}
