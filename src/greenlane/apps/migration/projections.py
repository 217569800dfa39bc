"""What events of kind ``carried`` mean for this app's table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db.models import Model

from greenlane.apps.audit.projection import Before, Change, Fields, Projector
from greenlane.apps.migration.models import CarriedAccount
from greenlane.core.canonical import Json

OFFICE = "office"


def _carried(
    fields: Fields, content: Mapping[str, Json] | None, before: Before
) -> Iterable[Change]:
    if fields["stream"] == OFFICE:
        return
    payload = fields["payload"]
    words = content or {}
    yield Change(
        CarriedAccount,
        {"stream": fields["stream"]},
        {
            "file_sha256": payload["file_sha256"],
            "line": payload["line"],
            "cells": words.get("cells", {}),
            "explanations": words.get("explanations", []),
            "seq": fields["seq"],
            "taken_on": fields["on"],
            "actor": fields["actor"],
            "is_erased": content is None,
        },
    )


PROJECTORS: dict[str, Projector] = {"carried": _carried}
TABLES: tuple[type[Model], ...] = (CarriedAccount,)
