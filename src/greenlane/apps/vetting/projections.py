"""What vetting events mean for this app's table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db.models import Model

from greenlane.apps.audit.projection import Before, Change, Fields, Projector
from greenlane.apps.vetting.models import CheckRun
from greenlane.core.canonical import Json


def _check(fields: Fields, content: Mapping[str, Json] | None, before: Before) -> Iterable[Change]:
    payload, words = fields["payload"], content or {}
    yield Change(
        CheckRun,
        {"stream": fields["stream"], "seq": fields["seq"]},
        {
            "check_id": payload["check"],
            "result": payload["result"],
            "source": words.get("source", ""),
            "detail": words.get("detail", ""),
            "document": fields["document"],
            "run_on": fields["on"],
            "expires_on": payload["expires_on"],
            "analyst": fields["actor"],
            "role": fields["role"],
            "is_erased": content is None,
        },
    )


PROJECTORS: dict[str, Projector] = {"check": _check}
TABLES: tuple[type[Model], ...] = (CheckRun,)
