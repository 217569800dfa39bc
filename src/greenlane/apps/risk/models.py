"""Risk assessments: for now a dated document per assessment."""

from __future__ import annotations

from django.db import models


class RiskAssessment(models.Model):
    """One risk assessment on file: when it was made and which document. A projection."""

    stream = models.CharField(max_length=32)
    seq = models.PositiveIntegerField()
    assessed_on = models.DateField()
    document_seq = models.PositiveIntegerField()
    summary = models.TextField(default="")
    filed_on = models.DateField()
    filed_by = models.CharField(max_length=64)
    is_erased = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("stream", "seq"), name="risk_assessment_place"),
        )

    def __str__(self) -> str:
        return f"{self.stream}:{self.seq}"
