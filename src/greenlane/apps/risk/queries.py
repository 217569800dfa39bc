"""Reads risk assessments."""

from __future__ import annotations

from collections.abc import Sequence

from greenlane.apps.risk.models import RiskAssessment


def assessments_of(stream: str) -> Sequence[RiskAssessment]:
    """Return the account's risk assessments, latest first."""
    return list(RiskAssessment.objects.filter(stream=stream).order_by("-assessed_on", "-seq"))
