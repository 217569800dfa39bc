"""Incidents as both sides see them, and what the office found out by itself.

All projections. The times of report and of discovery are those of the events: nobody types them,
and nothing changes them. What somebody typed is erasable.
"""

from __future__ import annotations

from typing import Final

from django.db import models

OUTCOMES: Final = ("DILIGENCE_SHOWN", "SUSPENSION_MAY_FOLLOW")


class Incident(models.Model):
    """One incident that the company knows to be on the record.

    ``seq`` is the event that put it there: the company's report, or the office's telling of what it
    had found. ``kind`` is a reason code of the pack. ``reported_at`` is empty where the company
    did not report it, ``discovered_at`` where the office did not find it, or has not told.
    ``words`` are the company's, ``told_words`` what the office told it, each time it did.
    ``sites`` are keys of declared places, ``documents`` places of documents. ``shown`` maps each
    question of the joint review to yes or no.
    """

    stream = models.CharField(max_length=32)
    seq = models.PositiveIntegerField()
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=64)
    happened_on = models.DateField(null=True)
    found_on = models.DateField(null=True)
    reported_at = models.DateTimeField(null=True)
    reported_by = models.CharField(max_length=64, default="")
    discovered_at = models.DateTimeField(null=True)
    words = models.TextField(default="")
    told_words = models.TextField(default="")
    sites = models.JSONField(default=list)
    documents = models.JSONField(default=list)
    state = models.CharField(max_length=16, default="OPEN")
    outcome = models.CharField(max_length=32, default="")
    shown = models.JSONField(default=dict)
    review_words = models.TextField(default="")
    reviewed_on = models.DateField(null=True)
    reviewed_by = models.CharField(max_length=64, default="")
    analysis_asked_on = models.DateField(null=True)
    analysis_due_on = models.DateField(null=True)
    analysis_given_on = models.DateField(null=True)
    analysis_words = models.TextField(default="")
    analysis_documents = models.JSONField(default=list)
    is_erased = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("stream", "seq"), name="incidents_incident_place"),
            models.CheckConstraint(
                condition=models.Q(reported_at__isnull=False)
                | models.Q(discovered_at__isnull=False),
                name="incidents_reported_or_discovered",
            ),
            models.CheckConstraint(
                condition=models.Q(state="OPEN", outcome="")
                | models.Q(state="REVIEWED", outcome__in=OUTCOMES),
                name="incidents_reviewed_with_outcome",
            ),
        )

    def __str__(self) -> str:
        return f"{self.stream}:{self.seq}"


class Discovery(models.Model):
    """What the office found out by itself: law-enforcement detail until it is disclosed.

    ``incident_seq`` is the incident that it is about, 0 while none is known; ``disclosed_on`` the
    day on which the company was told that the office had found it, never how.
    """

    stream = models.CharField(max_length=32)
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=64)
    happened_on = models.DateField(null=True)
    discovered_at = models.DateTimeField()
    discovered_by = models.CharField(max_length=64)
    source = models.TextField(default="")
    words = models.TextField(default="")
    incident_seq = models.PositiveIntegerField(default=0)
    disclosed_on = models.DateField(null=True)
    is_erased = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("stream", "seq"), name="incidents_discovery_place"),
        )

    def __str__(self) -> str:
        return f"{self.stream}:{self.seq}"


class IncidentNote(models.Model):
    """An internal note on an incident. Never shown to the company, in any form."""

    stream = models.CharField(max_length=32)
    seq = models.PositiveIntegerField()
    incident_seq = models.PositiveIntegerField()
    words = models.TextField(default="")
    on = models.DateField()
    by = models.CharField(max_length=64)
    is_erased = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("stream", "seq"), name="incidents_note_place"),
        )

    def __str__(self) -> str:
        return f"{self.stream}:{self.seq}"
