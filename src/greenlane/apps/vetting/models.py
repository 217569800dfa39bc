"""Vetting: checks, screening hits and their decisions. Never visible to the member, in any form."""

from __future__ import annotations

from django.db import models

RESULTS = ("CLEAR", "HIT", "FAILED", "CANNOT_TELL")
HIT_STATES = ("OPEN", "NEEDS_MORE", "WAITING", "FALSE", "TRUE", "GONE")
CUSTOMS_KINDS = ("DEBT", "SEIZURE", "PENALTY", "VIOLATION")


class CheckRun(models.Model):
    """One run of one check of the pack. A projection; the detail is sealed and erasable.

    ``result`` is CLEAR, HIT, FAILED or CANNOT_TELL. A HIT stays open until a later run decides it.
    One event of a screening or of an import may hold runs of several checks; they are computed from
    what it found (``is_automatic``), whoever asked for it.
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
    is_automatic = models.BooleanField(default=False)
    is_erased = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("stream", "seq", "check_id"), name="vetting_run_place"),
            models.CheckConstraint(
                condition=models.Q(result__in=RESULTS), name="vetting_run_result_known"
            ),
        )
        indexes = (models.Index(fields=("stream", "check_id"), name="vetting_run_check"),)

    def __str__(self) -> str:
        return f"{self.stream}:{self.seq}"


class AccountScreening(models.Model):
    """How far an account's parties are screened: each party's content and the lists, at a moment.

    ``lists`` is list key to version; ``levels`` are the office's, empty in an older one;
    ``subjects`` is party key to the hash of what was screened of
    it; ``owners`` is the hash of who owns what. A projection of the latest screening event.
    """

    stream = models.CharField(max_length=32, primary_key=True)
    seq = models.PositiveIntegerField()
    screened_at = models.DateTimeField()
    trigger = models.CharField(max_length=32)
    lists = models.JSONField(default=dict)
    scorer = models.CharField(max_length=64, default="")
    levels = models.JSONField(default=dict)
    subjects = models.JSONField(default=dict)
    owners = models.CharField(max_length=64, default="")
    is_erased = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.stream


class ScreeningRun(models.Model):
    """One screening of all accounts against the lists in force, on the office's record."""

    stream = models.CharField(max_length=32)
    seq = models.PositiveIntegerField()
    lists = models.JSONField(default=dict)
    scorer = models.CharField(max_length=64)
    levels = models.JSONField(default=dict)
    kind = models.CharField(max_length=16)
    read_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    accounts = models.PositiveIntegerField()
    parties = models.PositiveIntegerField()
    opened = models.PositiveIntegerField()
    closed = models.PositiveIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("stream", "seq"), name="vetting_screening_place"),
        )

    def __str__(self) -> str:
        return f"{self.stream}:{self.seq}"


class LevelDecision(models.Model):
    """The office's levels of review and of alert, in millionths: one row for each decision.

    The latest counts. ``words`` say why; they are sealed and erasable, the levels are not.
    """

    stream = models.CharField(max_length=32)
    seq = models.PositiveIntegerField()
    review = models.PositiveIntegerField()
    alert = models.PositiveIntegerField()
    words = models.TextField(default="")
    on = models.DateField()
    by = models.CharField(max_length=64)
    is_erased = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("stream", "seq"), name="vetting_levels_place"),
        )

    def __str__(self) -> str:
        return f"{self.review} {self.alert}"


class Hit(models.Model):
    """A party that may be a listed one: the pair, its score, and what was decided of it.

    ``hit`` is its key within the account. ``score`` and ``name_score`` are millionths. ``subject``
    and ``listed`` are both sides as they were screened, ``subject_hash`` and ``listed_hash`` their
    content: a decision "false" holds for exactly this pair and falls when either changes.

    States: OPEN, NEEDS_MORE, WAITING (proposed, a second person decides), FALSE, TRUE, GONE (no
    longer a hit). ``final`` is the latest final decision, kept while a hit is GONE. One that is
    TRUE never goes by itself: when its pair is found no more it is OPEN again, ``listed_hash`` is
    "" and ``subject_hash`` that of the party as it is now ("" when it left).
    """

    stream = models.CharField(max_length=32)
    hit = models.CharField(max_length=16)
    party = models.CharField(max_length=16, default="")
    listed_uid = models.CharField(max_length=200, default="")
    state = models.CharField(max_length=16, default="OPEN")
    score = models.PositiveIntegerField(default=0)
    name_score = models.PositiveIntegerField(default=0)
    level = models.CharField(max_length=16, default="")
    is_weak = models.BooleanField(default=False)
    corroborates = models.PositiveIntegerField(default=0)
    contradicts = models.PositiveIntegerField(default=0)
    evidence = models.JSONField(default=list)
    subject_name = models.CharField(max_length=1000, default="")
    listed_name = models.CharField(max_length=1000, default="")
    source = models.CharField(max_length=64, default="")
    list_version = models.CharField(max_length=64, default="")
    subject = models.JSONField(default=dict)
    listed = models.JSONField(default=list)
    subject_hash = models.CharField(max_length=64, default="")
    listed_hash = models.CharField(max_length=64, default="")
    opened_on = models.DateField()
    opened_at = models.DateTimeField()
    seq = models.PositiveIntegerField(default=0)
    proposed = models.CharField(max_length=16, default="")
    final = models.CharField(max_length=16, default="")
    decided_on = models.DateField(null=True)
    decided_by = models.CharField(max_length=64, default="")
    is_reopened = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("stream", "hit"), name="vetting_hit_of_account"),
            models.CheckConstraint(
                condition=models.Q(state__in=HIT_STATES), name="vetting_hit_state_known"
            ),
        )
        indexes = (
            models.Index(fields=("state", "score"), name="vetting_hit_queue"),
            models.Index(fields=("stream", "party"), name="vetting_hit_party"),
        )

    def __str__(self) -> str:
        return f"{self.stream} {self.hit}"


class HitDecision(models.Model):
    """One word of an analyst on one hit: what, why, by whom, on which content of both sides."""

    stream = models.CharField(max_length=32)
    seq = models.PositiveIntegerField()
    hit = models.CharField(max_length=16)
    decision = models.CharField(max_length=16)
    reason = models.CharField(max_length=64, default="")
    words = models.TextField(default="")
    actor = models.CharField(max_length=64)
    role = models.CharField(max_length=64)
    decided_on = models.DateField()
    decided_at = models.DateTimeField()
    is_final = models.BooleanField(default=False)
    is_reversal = models.BooleanField(default=False)
    subject_hash = models.CharField(max_length=64, default="")
    listed_hash = models.CharField(max_length=64, default="")
    is_erased = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("stream", "seq"), name="vetting_decision_place"),
        )
        indexes = (models.Index(fields=("decided_on",), name="vetting_decision_day"),)

    def __str__(self) -> str:
        return f"{self.stream}:{self.seq}"


class CustomsRow(models.Model):
    """A debt, seizure, penalty or violation on file, taken from a dated source. Erasable."""

    stream = models.CharField(max_length=32)
    row = models.CharField(max_length=64)
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=16)
    status = models.CharField(max_length=16)
    reference = models.CharField(max_length=200, default="")
    identifier = models.CharField(max_length=100, default="")
    happened_on = models.DateField(null=True)
    amount = models.CharField(max_length=32, default="")
    currency = models.CharField(max_length=3, default="")
    note = models.TextField(default="")
    source = models.CharField(max_length=200, default="")
    as_of = models.DateField()
    file_sha256 = models.CharField(max_length=64)
    recorded_on = models.DateField()
    is_erased = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("stream", "row"), name="vetting_customs_row"),
            models.CheckConstraint(
                condition=models.Q(kind__in=CUSTOMS_KINDS), name="vetting_customs_kind_known"
            ),
        )

    def __str__(self) -> str:
        return f"{self.stream} {self.row}"
