"""What the sign-in library keeps beside the record, and must agree with it.

Its table of addresses is read when somebody signs in or asks for a new password. A row with another
address than the record's would hand that person's account to whoever reads its mail.
"""

from __future__ import annotations

from collections.abc import Iterator

from allauth.account.models import EmailAddress
from django.db.models import F, Q
from django.db.models.functions import Lower

from greenlane.apps.audit.projection import Disagreement


def strange_addresses() -> Iterator[Disagreement]:
    """Yield each person whom that table gives an address that is not on their record.

    Reads both tables as they stand; what the record says of a person is compared by ``verify``
    itself. No address is told, only the person's key.
    """
    strange = EmailAddress.objects.annotate(address=Lower("email")).filter(
        # An erased person has no address on record, so no row there either.
        Q(user__email__isnull=True) | ~Q(address=F("user__email"))
    )
    for stream, person in strange.order_by("pk").values_list("user__stream", "user_id"):
        yield Disagreement(
            stream,
            f"account.EmailAddress [user={person}] column email: it is not the address on the "
            "person's record; nobody changes it there but with the database in hand",
        )
