"""What document events mean for this app's table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db.models import Model

from greenlane.apps.audit.projection import Before, Change, Fields, Projector
from greenlane.apps.documents.models import Document
from greenlane.core.canonical import Json


def _document(
    fields: Fields, content: Mapping[str, Json] | None, before: Before
) -> Iterable[Change]:
    payload = fields["payload"]
    if fields["act"] == "document.withdrawn":
        key: dict[str, object] = {"stream": fields["stream"], "seq": payload["seq"]}
        yield Change(Document, key, {"is_withdrawn": True})
        return
    yield Change(
        Document,
        {"stream": fields["stream"], "seq": fields["seq"]},
        {
            "sha256": payload["sha256"],
            "size": payload["size"],
            "media_type": payload["media_type"],
            "purpose": payload["purpose"],
            "name": (content or {}).get("name", ""),
            "given_on": fields["on"],
            "given_by": fields["actor"],
            "role": fields["role"],
            "is_erased": content is None,
            "is_withdrawn": False,
        },
    )


PROJECTORS: dict[str, Projector] = {"document": _document}
TABLES: tuple[type[Model], ...] = (Document,)
