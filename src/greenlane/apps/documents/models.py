"""Documents given as evidence or issued as letters: what is known of each file, never the file.

The bytes lie encrypted in the document store, named by their hash; see ``store``.
"""

from __future__ import annotations

from django.db import models


class Document(models.Model):
    """One file of an account. A projection; ``name`` is what somebody typed and is erasable."""

    stream = models.CharField(max_length=32)
    seq = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=100)
    purpose = models.CharField(max_length=64)
    name = models.CharField(max_length=255, default="")
    given_on = models.DateField()
    given_by = models.CharField(max_length=64)
    role = models.CharField(max_length=64)
    is_erased = models.BooleanField(default=False)
    is_withdrawn = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("stream", "seq"), name="documents_document_place"),
        )
        indexes = (models.Index(fields=("stream", "sha256"), name="documents_document_hash"),)

    def __str__(self) -> str:
        return f"{self.stream}:{self.seq}"
