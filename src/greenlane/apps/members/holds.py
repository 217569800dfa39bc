"""Legal holds on accounts reach those who acted for them: their names are kept as well."""

from __future__ import annotations

from collections.abc import Collection

from greenlane.apps.accounts.keeping import organizations_of_ever
from greenlane.apps.accounts.projections import PEOPLE
from greenlane.apps.audit.queries import holds_standing_on
from greenlane.apps.members.models import Account


def holds_on_their_accounts(stream: str, of: Collection[str]) -> list[str]:
    """Return the holds that stand on accounts of organizations that ``of`` act or acted for.

    Only for the stream of people; an account's own holds are found in its own stream.
    """
    if stream != PEOPLE:
        return []
    organizations = organizations_of_ever(of)
    accounts = Account.objects.filter(organization__in=organizations)
    return holds_standing_on(list(accounts.values_list("stream", flat=True)))
