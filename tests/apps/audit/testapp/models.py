"""A table like those of the real apps, so that the record is tested without any of them.

Not in INSTALLED_APPS: its table is made by the tests' fixture.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Card(models.Model):
    stream = models.CharField(max_length=32)
    number = models.CharField(max_length=16)
    title = models.CharField(max_length=80, default="")
    is_erased = models.BooleanField(default=False)
    count = models.IntegerField(default=0)
    opened_on = models.DateField(null=True)
    changed_at = models.DateTimeField(null=True)
    tags = models.JSONField(default=list)

    objects: ClassVar[models.Manager[Card]] = models.Manager()

    class Meta:
        app_label = "audit_testapp"
        constraints = (
            models.UniqueConstraint(fields=("stream", "number"), name="testapp_card_of_stream"),
        )

    def __str__(self) -> str:
        return self.number


class Visit(models.Model):
    """A second table with the rows of a card."""

    stream = models.CharField(max_length=32)
    number = models.CharField(max_length=16)
    place = models.IntegerField()
    last_login = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[Visit]] = models.Manager()

    class Meta:
        app_label = "audit_testapp"
        constraints = (
            models.UniqueConstraint(
                fields=("stream", "number", "place"), name="testapp_visit_of_card"
            ),
        )

    def __str__(self) -> str:
        return f"{self.number}/{self.place}"
