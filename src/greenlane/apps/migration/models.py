"""What each carried-over account was taken from: one row each, with the row of the file, sealed."""

from __future__ import annotations

from django.db import models


class CarriedAccount(models.Model):
    """The row of a file that an account rests on, as last taken. A projection; erasable.

    ``cells`` holds the row's words by column, as they were read and explained; ``explanations`` who
    explained which column, and why: ``[{"column", "code", "person", "reason", "value"}]``.
    """

    stream = models.CharField(max_length=32, primary_key=True)
    file_sha256 = models.CharField(max_length=64)
    line = models.PositiveIntegerField()
    cells = models.JSONField(default=dict)
    explanations = models.JSONField(default=list)
    seq = models.PositiveIntegerField()
    taken_on = models.DateField()
    actor = models.CharField(max_length=64)
    is_erased = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("file_sha256", "line"), name="migration_account_of_row"
            ),
        )

    def __str__(self) -> str:
        return self.stream
