"""What events of kind ``party`` mean for this app's table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db.models import Model

from greenlane.apps.audit.projection import Before, Change, Fields, Projector
from greenlane.apps.parties.models import Party
from greenlane.core.canonical import Json


def _party(fields: Fields, content: Mapping[str, Json] | None, before: Before) -> Iterable[Change]:
    payload = fields["payload"]
    key = {"stream": fields["stream"], "party": payload["party"]}
    if fields["act"] == "party.removed":
        yield Change(Party, key, {"is_removed": True, "seq": fields["seq"]})
        return
    words = dict(content or {})
    yield Change(
        Party,
        key,
        {
            "role": payload["role"],
            "kind": payload["kind"],
            "name": words.pop("name", ""),
            "details": words,
            "seq": fields["seq"],
            "declared_on": fields["on"],
            "actor": fields["actor"],
            "is_removed": False,
            "is_erased": content is None,
        },
    )


PROJECTORS: dict[str, Projector] = {"party": _party}
TABLES: tuple[type[Model], ...] = (Party,)
