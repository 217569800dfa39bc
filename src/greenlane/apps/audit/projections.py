"""The record's own projected table: legal holds. Erasures change no row of their own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from django.db.models import Model

from greenlane.apps.audit.models import LegalHold
from greenlane.apps.audit.projection import Before, Change, Fields, Projector, nothing
from greenlane.core.canonical import Json


def project_hold(
    fields: Fields, content: Mapping[str, Json] | None, before: Before
) -> Iterator[Change]:
    """Show a hold that is placed or lifted."""
    payload = fields["payload"]
    key = {"hold": payload["hold"]}
    if fields["act"] == "hold.placed":
        values = {
            "ground": payload["ground"],
            "of": payload.get("of", ""),
            "placed_on": fields["on"],
            "placed_by": fields["actor"],
        }
        yield Change(LegalHold, key, values)
    else:
        yield Change(LegalHold, key, {"lifted_on": fields["on"], "lifted_by": fields["actor"]})


PROJECTORS: Final[Mapping[str, Projector]] = {"hold": project_hold, "erasure": nothing}
TABLES: Final[tuple[type[Model], ...]] = (LegalHold,)
