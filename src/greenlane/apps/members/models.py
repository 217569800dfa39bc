"""Accounts and their standing: projections of the record, one row for each account.

Nothing here is written but by the projectors beside it; see ``greenlane.apps.audit.projection``.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from greenlane.core.vocabulary import AXIS_VALUES, Axis


def _in(axis: Axis, field: str) -> models.CheckConstraint:
    values = sorted(AXIS_VALUES[axis])
    return models.CheckConstraint(
        condition=Q(**{f"{field}__in": values}), name=f"members_account_{field}_known"
    )


class Account(models.Model):
    """One member in one entity type.

    ``steps`` is the anchor projection: every step of the account in the compact form of
    `core.lifecycle.standing.Step`; standing and duties are computed from it. The axis columns are
    copies of what follows from the steps, for lists and filters.
    """

    stream = models.CharField(max_length=32, primary_key=True)
    program = models.CharField(max_length=64)
    entity_type = models.CharField(max_length=64)
    organization = models.CharField(max_length=32)
    office = models.CharField(max_length=32, default="")
    company_name = models.CharField(max_length=400, default="")
    is_erased = models.BooleanField(default=False)
    opened_on = models.DateField()
    specialist = models.CharField(max_length=32, default="")
    membership = models.CharField(max_length=32, default="NONE")
    tier = models.CharField(max_length=8, default="NONE")
    profile = models.CharField(max_length=32, default="NONE")
    vetting = models.CharField(max_length=32, default="NOT_STARTED")
    validation = models.CharField(max_length=32, default="NONE")
    appeal = models.CharField(max_length=32, default="NONE")
    eligibility_review = models.CharField(max_length=32, default="NONE")
    steps = models.JSONField(default=list)

    class Meta:
        constraints = tuple(_in(axis, axis.value) for axis in Axis)
        indexes = (
            models.Index(fields=("program", "membership"), name="members_account_status"),
            models.Index(fields=("organization",), name="members_account_org"),
            models.Index(fields=("specialist",), name="members_account_spec"),
        )

    def __str__(self) -> str:
        return self.stream


class OfficeRecord(models.Model):
    """The program office's own stream: decrees, yearly duties."""

    stream = models.CharField(max_length=32, primary_key=True)
    program = models.CharField(max_length=64)
    steps = models.JSONField(default=list)

    def __str__(self) -> str:
        return self.stream


class StepNote(models.Model):
    """What somebody wrote with a step, and which document it rests on; the words are erasable."""

    stream = models.CharField(max_length=32)
    seq = models.PositiveIntegerField()
    act = models.CharField(max_length=32)
    words = models.TextField(default="")
    document = models.CharField(max_length=64, default="")
    actor = models.CharField(max_length=64)
    role = models.CharField(max_length=64)
    second = models.CharField(max_length=64, default="")
    origin = models.CharField(max_length=16, default="here")
    is_erased = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("stream", "seq"), name="members_note_place"),
        )

    def __str__(self) -> str:
        return f"{self.stream}:{self.seq}"


class DeclaredFact(models.Model):
    """The latest declaration of one fact about an account; earlier ones stay on the record."""

    stream = models.CharField(max_length=32)
    name = models.CharField(max_length=100)
    value = models.JSONField(null=True)
    seq = models.PositiveIntegerField()
    on = models.DateField()
    actor = models.CharField(max_length=64)
    role = models.CharField(max_length=64)
    source = models.CharField(max_length=64, default="")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("stream", "name"), name="members_fact_of_account"),
        )

    def __str__(self) -> str:
        return f"{self.stream} {self.name}"


class CompanyProfile(models.Model):
    """The company profile as last saved; all of it is erasable."""

    stream = models.CharField(max_length=32, primary_key=True)
    content = models.JSONField(default=dict)
    seq = models.PositiveIntegerField()
    saved_on = models.DateField()
    actor = models.CharField(max_length=64)
    is_erased = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.stream


class AgreementSignature(models.Model):
    """One signature under the agreement: by whom, which text (hash), in which language."""

    stream = models.CharField(max_length=32)
    seq = models.PositiveIntegerField()
    agreement = models.CharField(max_length=64)
    text_sha256 = models.CharField(max_length=64)
    language = models.CharField(max_length=8)
    signer = models.CharField(max_length=64)
    role = models.CharField(max_length=64)
    signed_on = models.DateField()
    signed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("stream", "seq"), name="members_signature_place"),
        )

    def __str__(self) -> str:
        return f"{self.stream}:{self.seq}"
