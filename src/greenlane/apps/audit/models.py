"""The tables of the record: chains, events, sealed records, the installation's chain, holds.

Rows are written by ``actions`` and ``sequencer`` only. Triggers (``triggers``) refuse a change or a
removal of what is written, whoever asks.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django.db.models.lookups import Exact


class Stream(models.Model):
    """One chain of events and where it ends; the place of compare-and-set.

    ``key`` is ``A-`` and ten characters for an account, ``office`` or ``people``. ``seq`` is the
    number of events, ``head`` the hash of the last one.
    """

    key = models.CharField(max_length=32, primary_key=True)
    seq = models.PositiveIntegerField()
    head = models.CharField(max_length=64)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=~Q(key=""), name="audit_stream_has_key"),
            models.CheckConstraint(
                condition=Exact(Length("head"), 64), name="audit_stream_head_is_hash"
            ),
        )

    def __str__(self) -> str:
        return f"{self.key}:{self.seq}"


class Event(models.Model):
    """One event: its canonical bytes, and columns copied out of them for queries."""

    stream = models.CharField(max_length=32)
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=32)
    act = models.CharField(max_length=64)
    on = models.DateField()
    recorded_at = models.DateTimeField()
    hash = models.CharField(max_length=64)
    body = models.BinaryField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("stream", "seq"), name="audit_event_place"),
            models.UniqueConstraint(fields=("hash",), name="audit_event_hash"),
            models.CheckConstraint(condition=Q(seq__gte=1), name="audit_event_seq_from_one"),
            models.CheckConstraint(
                condition=Exact(Length("hash"), 64), name="audit_event_hash_is_hash"
            ),
        )
        indexes = (models.Index(fields=("kind", "stream"), name="audit_event_kind"),)

    def __str__(self) -> str:
        return f"{self.stream}:{self.seq}"


class SealedRecord(models.Model):
    """What is personal in an event, encrypted, beside it; erasable.

    ``category`` is a retention rule of the pack. The salt of the commitment lies inside the
    ciphertext: in the clear, it would let a thief of the database guess short contents.
    ``erased_by`` names the erasure event as ``stream:seq``.
    """

    stream = models.CharField(max_length=32)
    seq = models.PositiveIntegerField()
    commitment = models.CharField(max_length=64)
    category = models.CharField(max_length=64)
    key_id = models.CharField(max_length=16)
    nonce = models.BinaryField()
    ciphertext = models.BinaryField()
    erased_at = models.DateTimeField(null=True)
    erased_by = models.CharField(max_length=48, default="")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("stream", "seq"), name="audit_sealed_place"),
            models.CheckConstraint(
                condition=Q(erased_at__isnull=True, erased_by="")
                | (
                    Q(erased_at__isnull=False)
                    & ~Q(erased_by="")
                    & Q(Exact(Length("ciphertext"), 0))
                    & Q(Exact(Length("nonce"), 0))
                ),
                name="audit_sealed_erased_whole",
            ),
        )

    def __str__(self) -> str:
        return f"{self.stream}:{self.seq}"


class InstallationAnchor(models.Model):
    """One link of the installation's chain: the heads of the streams that grew since the last."""

    number = models.PositiveIntegerField(primary_key=True)
    at = models.DateTimeField()
    hash = models.CharField(max_length=64, unique=True)
    body = models.BinaryField()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(number__gte=1), name="audit_anchor_from_one"),
            models.CheckConstraint(
                condition=Exact(Length("hash"), 64), name="audit_anchor_hash_is_hash"
            ),
        )

    def __str__(self) -> str:
        return f"anchor {self.number}"


class AnchoredHead(models.Model):
    """How far each stream is anchored: the sequencer's note, which follows from the anchors.

    Apart from ``Stream`` so that the sequencer never locks a row that a writer needs.
    """

    stream = models.CharField(max_length=32, primary_key=True)
    seq = models.PositiveIntegerField()
    number = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.stream}:{self.seq} in anchor {self.number}"


class LegalHold(models.Model):
    """A hold on a stream: nothing of it may be erased until it is lifted. A projection.

    ``of`` names the one it is on, where the stream holds many; "" is everything in it.
    """

    stream = models.CharField(max_length=32)
    hold = models.CharField(max_length=64)
    of = models.CharField(max_length=32, default="")
    ground = models.CharField(max_length=64)
    placed_on = models.DateField()
    placed_by = models.CharField(max_length=64)
    lifted_on = models.DateField(null=True)
    lifted_by = models.CharField(max_length=64, default="")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("stream", "hold"), name="audit_hold_of_stream"),
            models.CheckConstraint(
                condition=Q(lifted_on__isnull=True, lifted_by="")
                | (Q(lifted_on__isnull=False) & ~Q(lifted_by="")),
                name="audit_hold_lifted_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(lifted_on__isnull=True) | Q(lifted_on__gte=F("placed_on")),
                name="audit_hold_lifted_after_placed",
            ),
        )

    def __str__(self) -> str:
        return f"{self.stream} {self.hold}"


class AnsweredOnce(models.Model):
    """The answer to an act that was sent with a key of its own: a cache, kept for a day.

    ``key`` and ``content`` are SHA-256. ``status`` 0: the act is under way, in a transaction that
    nobody else sees. ``body`` is encrypted with the key named ``key_id``.
    """

    key = models.CharField(max_length=64, primary_key=True)
    content = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    media_type = models.CharField(max_length=100, default="")
    key_id = models.CharField(max_length=16, default="")
    body = models.BinaryField(default=b"")
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.key[:8]}: {self.status}"
