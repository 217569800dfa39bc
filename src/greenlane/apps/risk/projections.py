"""What assessment events mean for this app's table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db.models import Model

from greenlane.apps.audit.projection import Before, Change, Fields, Projector
from greenlane.apps.risk.models import RiskAssessment
from greenlane.core.canonical import Json


def _assessment(
    fields: Fields, content: Mapping[str, Json] | None, before: Before
) -> Iterable[Change]:
    yield Change(
        RiskAssessment,
        {"stream": fields["stream"], "seq": fields["seq"]},
        {
            "assessed_on": fields["payload"]["assessed_on"],
            "document_seq": fields["payload"]["document_seq"],
            "summary": (content or {}).get("summary", ""),
            "filed_on": fields["on"],
            "filed_by": fields["actor"],
            "is_erased": content is None,
        },
    )


PROJECTORS: dict[str, Projector] = {"assessment": _assessment}
TABLES: tuple[type[Model], ...] = (RiskAssessment,)
