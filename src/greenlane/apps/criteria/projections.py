"""What confirmations mean for this app's table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db.models import Model

from greenlane.apps.audit.projection import Before, Change, Fields, Projector
from greenlane.apps.criteria.models import CellConfirmation
from greenlane.core.canonical import Json


def _confirmation(
    fields: Fields, content: Mapping[str, Json] | None, before: Before
) -> Iterable[Change]:
    payload = fields["payload"]
    yield Change(
        CellConfirmation,
        {
            "stream": fields["stream"],
            "program": payload["program"],
            "criterion": payload["criterion"],
            "entity_type": payload["entity_type"],
        },
        {
            "is_confirmed": payload["is_confirmed"],
            "source": (content or {}).get("source", ""),
            "seq": fields["seq"],
            "on": fields["on"],
            "actor": fields["actor"],
        },
    )


PROJECTORS: dict[str, Projector] = {"confirmation": _confirmation}
TABLES: tuple[type[Model], ...] = (CellConfirmation,)
