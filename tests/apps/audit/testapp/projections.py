"""What follows from the events of the test app."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from django.db.models import Model

from greenlane.apps.audit.projection import Before, Change, Fields, Projector, nothing
from greenlane.core.canonical import Json
from tests.apps.audit.testapp.models import Card, Visit


def project_card(
    fields: Fields, content: Mapping[str, Json] | None, before: Before
) -> Iterator[Change]:
    """Open, change or close a card; its title is sealed."""
    number = fields["payload"]["card"]
    key = {"number": number}
    row = before(Card, key)
    if fields["act"] == "card.closed":
        yield Change(Card, key, delete=True)
        return
    values: dict[str, object] = {
        "count": (row["count"] if row else 0) + 1,
        "changed_at": fields["recorded_at"],
        "tags": [*(row["tags"] if row else []), [fields["seq"], fields["act"]]],
    }
    if row is None:
        values["opened_on"] = fields["on"]
    if fields["sealed"]:
        values["title"] = content["title"] if content else ""
        values["is_erased"] = content is None
    yield Change(Card, key, values)
    yield Change(Visit, {"number": number, "place": fields["seq"]})


PROJECTORS: Final[Mapping[str, Projector]] = {
    "card": project_card,
    "step": nothing,
    "seen": nothing,
}
TABLES: Final[tuple[type[Model], ...]] = (Card, Visit)
UNPROJECTED: Final[Mapping[type[Model], frozenset[str]]] = {Visit: frozenset({"last_login"})}
