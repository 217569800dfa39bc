"""What the office confirmed of the criteria: one row for each confirmed cell."""

from __future__ import annotations

from django.db import models


class CellConfirmation(models.Model):
    """The office's word that a criterion binds an entity type, with its source. A projection.

    An assumed or doubtful cell asks and never blocks until it is confirmed here.
    """

    stream = models.CharField(max_length=32)
    program = models.CharField(max_length=64)
    criterion = models.CharField(max_length=32)
    entity_type = models.CharField(max_length=64)
    is_confirmed = models.BooleanField(default=True)
    source = models.TextField(default="")
    seq = models.PositiveIntegerField()
    on = models.DateField()
    actor = models.CharField(max_length=64)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("stream", "program", "criterion", "entity_type"),
                name="criteria_confirmation_of_cell",
            ),
        )

    def __str__(self) -> str:
        return f"{self.criterion} {self.entity_type}"
