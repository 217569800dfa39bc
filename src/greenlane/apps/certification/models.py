"""Proposals that wait for a second person, and the letters that were issued."""

from __future__ import annotations

from django.db import models


class Proposal(models.Model):
    """An act proposed by one person and open until a second one decides. A projection."""

    stream = models.CharField(max_length=32)
    seq = models.PositiveIntegerField()
    act = models.CharField(max_length=32)
    given = models.JSONField(default=dict)
    words = models.TextField(default="")
    proposed_by = models.CharField(max_length=64)
    role = models.CharField(max_length=64)
    proposed_on = models.DateField()
    state = models.CharField(max_length=16, default="OPEN")
    decided_by = models.CharField(max_length=64, default="")
    decided_on = models.DateField(null=True)
    decision_words = models.TextField(default="")
    is_erased = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("stream", "seq"), name="certification_proposal_place"),
            models.CheckConstraint(
                condition=models.Q(state__in=("OPEN", "APPROVED", "DECLINED")),
                name="certification_proposal_state_known",
            ),
            models.CheckConstraint(
                condition=models.Q(decided_by="", decided_on__isnull=True)
                | (~models.Q(decided_by="") & models.Q(decided_on__isnull=False)),
                name="certification_proposal_decided_by_somebody",
            ),
        )

    def __str__(self) -> str:
        return f"{self.stream}:{self.seq}"


class Letter(models.Model):
    """One letter to a member, with the code by which anybody can confirm it. A projection."""

    stream = models.CharField(max_length=32)
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=32)
    code = models.CharField(max_length=16, unique=True)
    language = models.CharField(max_length=8)
    sha256 = models.CharField(max_length=64)
    document_seq = models.PositiveIntegerField()
    head_seq = models.PositiveIntegerField()
    head_hash = models.CharField(max_length=64)
    company_name = models.CharField(max_length=400, default="")
    issued_on = models.DateField()
    issued_by = models.CharField(max_length=64)
    is_erased = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("stream", "seq"), name="certification_letter_place"),
        )

    def __str__(self) -> str:
        return f"{self.stream}:{self.seq}"
