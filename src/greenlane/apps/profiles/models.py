"""The security profile: answers, their evidence and their review; drafts beside them."""

from __future__ import annotations

from django.db import models


class Answer(models.Model):
    """The latest saved answer to one criterion. A projection; the words are erasable.

    ``outcome`` is IMPLEMENTED, PARTLY, NOT_YET or NOT_APPLICABLE; ``parts`` maps the key of a
    sub-requirement to yes or no. ``reaffirmed_seq`` is the latest event that saved or upheld it,
    on ``reaffirmed_on``. An answer with an ``asked_again_seq`` beyond that was given to another
    wording: it stands in view, and counts as unanswered until it is upheld or changed.
    """

    stream = models.CharField(max_length=32)
    criterion = models.CharField(max_length=32)
    edition = models.CharField(max_length=32)
    outcome = models.CharField(max_length=16)
    parts = models.JSONField(default=dict)
    words = models.TextField(default="")
    scope = models.TextField(default="")
    seq = models.PositiveIntegerField()
    saved_on = models.DateField()
    saved_at = models.DateTimeField()
    saved_by = models.CharField(max_length=64)
    reaffirmed_seq = models.PositiveIntegerField()
    reaffirmed_on = models.DateField()
    asked_again_seq = models.PositiveIntegerField(default=0)
    is_erased = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("stream", "criterion"), name="profiles_answer_of_criterion"
            ),
        )

    def __str__(self) -> str:
        return f"{self.stream} {self.criterion}"


class Evidence(models.Model):
    """A document given as evidence for one criterion. A projection."""

    stream = models.CharField(max_length=32)
    criterion = models.CharField(max_length=32)
    document_seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=32, default="")
    dated_on = models.DateField(null=True)
    seq = models.PositiveIntegerField()
    is_withdrawn = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("stream", "criterion", "document_seq"), name="profiles_evidence_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.stream} {self.criterion} {self.document_seq}"


class Review(models.Model):
    """The latest review of one criterion by a specialist. A projection.

    ``decision`` is ACCEPTED, RETURNED or RAISED; it counts only while ``answer_seq`` is the
    answer's own ``seq``. ``reason`` goes to the member; ``note`` never does.
    """

    stream = models.CharField(max_length=32)
    criterion = models.CharField(max_length=32)
    decision = models.CharField(max_length=16)
    answer_seq = models.PositiveIntegerField()
    reason = models.TextField(default="")
    note = models.TextField(default="")
    seq = models.PositiveIntegerField()
    on = models.DateField()
    by = models.CharField(max_length=64)
    is_erased = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("stream", "criterion"), name="profiles_review_of_criterion"
            ),
        )

    def __str__(self) -> str:
        return f"{self.stream} {self.criterion}"


class HeldEdition(models.Model):
    """Under which edition of the criteria an account's profile stands. A projection.

    The first answer sets it; ``since_seq`` is the event that did. After a newer one was applied,
    ``previous`` names the one it took the place of, and ``undo_until`` the last day to go back.
    """

    stream = models.CharField(max_length=32)
    edition = models.CharField(max_length=32)
    since_seq = models.PositiveIntegerField()
    since_on = models.DateField()
    set_by = models.CharField(max_length=64)
    previous = models.CharField(max_length=32, default="")
    undo_until = models.DateField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("stream",), name="profiles_edition_of_account"),
        )

    def __str__(self) -> str:
        return f"{self.stream} {self.edition}"


class AnswerDraft(models.Model):
    """What somebody is typing: autosaved, never part of the record, gone when it is saved."""

    account = models.CharField(max_length=32)
    criterion = models.CharField(max_length=32)
    content = models.JSONField(default=dict)
    saved_at = models.DateTimeField()
    saved_by = models.CharField(max_length=64)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("account", "criterion"), name="profiles_draft_of_criterion"
            ),
        )

    def __str__(self) -> str:
        return f"{self.account} {self.criterion}"
