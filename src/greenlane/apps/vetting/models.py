"""Vetting: one row for each run of a check. Never visible to the member, in any form."""

from __future__ import annotations

from django.db import models


class CheckRun(models.Model):
    """One run of one check of the pack. A projection; the detail is sealed and erasable.

    ``result`` is CLEAR, HIT, FAILED or CANNOT_TELL. A HIT stays open until a later run decides it.
    """

    stream = models.CharField(max_length=32)
    seq = models.PositiveIntegerField()
    check_id = models.CharField(max_length=64)
    result = models.CharField(max_length=16)
    source = models.CharField(max_length=200, default="")
    detail = models.TextField(default="")
    document = models.CharField(max_length=64, default="")
    run_on = models.DateField()
    expires_on = models.DateField(null=True)
    analyst = models.CharField(max_length=64)
    role = models.CharField(max_length=64)
    is_erased = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("stream", "seq"), name="vetting_run_place"),
            models.CheckConstraint(
                condition=models.Q(result__in=("CLEAR", "HIT", "FAILED", "CANNOT_TELL")),
                name="vetting_run_result_known",
            ),
        )
        indexes = (models.Index(fields=("stream", "check_id"), name="vetting_run_check"),)

    def __str__(self) -> str:
        return f"{self.stream}:{self.seq}"
