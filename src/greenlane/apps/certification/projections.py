"""What proposals and letters mean for the tables of this app."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db.models import Model

from greenlane.apps.audit.projection import Before, Change, Fields, Projector
from greenlane.apps.certification.models import Letter, Proposal
from greenlane.core.canonical import Json

Content = Mapping[str, Json] | None


def _proposal(fields: Fields, content: Content, before: Before) -> Iterable[Change]:
    payload, words = fields["payload"], (content or {}).get("words", "")
    if fields["act"] == "proposal.made":
        yield Change(
            Proposal,
            {"stream": fields["stream"], "seq": fields["seq"]},
            {
                "act": payload["act"],
                "given": payload["given"],
                "words": words,
                "proposed_by": fields["actor"],
                "role": fields["role"],
                "proposed_on": fields["on"],
                "state": "OPEN",
                "decided_by": "",
                "decided_on": None,
                "decision_words": "",
                "is_erased": bool(fields["sealed"]) and content is None,
            },
        )
        return
    yield Change(
        Proposal,
        {"stream": fields["stream"], "seq": payload["seq"]},
        {
            "state": payload["state"],
            "decided_by": fields["actor"],
            "decided_on": fields["on"],
            "decision_words": words,
        },
    )


def _letter(fields: Fields, content: Content, before: Before) -> Iterable[Change]:
    payload = fields["payload"]
    yield Change(
        Letter,
        {"stream": fields["stream"], "seq": fields["seq"]},
        {
            "kind": payload["kind"],
            "code": payload["code"],
            "language": payload["language"],
            "sha256": payload["sha256"],
            "document_seq": payload["document_seq"],
            "head_seq": payload["head_seq"],
            "head_hash": payload["head_hash"],
            "company_name": (content or {}).get("company_name", ""),
            "issued_on": fields["on"],
            "issued_by": fields["actor"],
            "is_erased": content is None,
        },
    )


PROJECTORS: dict[str, Projector] = {"proposal": _proposal, "letter": _letter}
TABLES: tuple[type[Model], ...] = (Proposal, Letter)
