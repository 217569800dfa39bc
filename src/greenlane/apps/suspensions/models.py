"""A suspension with its plan, and an appeal. All projections; what was typed is erasable."""

from __future__ import annotations

from typing import Final

from django.db import models

PATHS: Final = ("NORMAL", "URGENT")
DEGREES: Final = ("FULL", "PART", "REMOVAL")
STATES: Final = (
    "PROPOSED",
    "NOTIFIED",
    "DECLINED",
    "IN_FORCE",
    "LIFTED",
    "REMOVED",
    "CLOSED",
    "OVERTURNED",
    "ENDED",
)


class Suspension(models.Model):
    """One suspension or removal, from the proposal to its end.

    ``seq`` is the event that proposed it. ``reasons`` are what the company is told; ``memo`` is the
    office's alone. ``incidents``, ``discoveries``, ``findings`` and ``documents`` are places of
    what it rests on; ``benefits`` are ids of the pack, for a partial one. The company sees it from
    ``known_on`` on: the day of the notice, or of the decision. ``decision_seq`` and ``ended_seq``
    are the places of the steps that decided and that ended it, 0 where there is none (yet).
    """

    stream = models.CharField(max_length=32)
    seq = models.PositiveIntegerField()
    number = models.PositiveIntegerField()
    path = models.CharField(max_length=16)
    degree = models.CharField(max_length=16)
    state = models.CharField(max_length=16, default="PROPOSED")
    ground = models.CharField(max_length=32)
    urgency = models.CharField(max_length=64, default="")
    benefits = models.JSONField(default=list)
    incidents = models.JSONField(default=list)
    discoveries = models.JSONField(default=list)
    findings = models.JSONField(default=list)
    documents = models.JSONField(default=list)
    is_aggravated = models.BooleanField(default=False)
    reasons = models.TextField(default="")
    memo = models.TextField(default="")
    proposed_on = models.DateField()
    proposed_by = models.CharField(max_length=64)
    proposed_role = models.CharField(max_length=64)
    known_on = models.DateField(null=True)
    notified_on = models.DateField(null=True)
    heard_on = models.DateField(null=True)
    heard_words = models.TextField(default="")
    heard_documents = models.JSONField(default=list)
    decided_on = models.DateField(null=True)
    decided_by = models.CharField(max_length=64, default="")
    decided_second = models.CharField(max_length=64, default="")
    decision_words = models.TextField(default="")
    decision_seq = models.PositiveIntegerField(default=0)
    reviewed_on = models.DateField(null=True)
    reviewed_by = models.CharField(max_length=64, default="")
    review_outcome = models.CharField(max_length=16, default="")
    review_words = models.TextField(default="")
    ended_on = models.DateField(null=True)
    ended_by = models.CharField(max_length=64, default="")
    end_words = models.TextField(default="")
    ended_seq = models.PositiveIntegerField(default=0)
    is_erased = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("stream", "seq"), name="suspensions_case_place"),
            models.CheckConstraint(
                condition=models.Q(path__in=PATHS), name="suspensions_path_known"
            ),
            models.CheckConstraint(
                condition=models.Q(degree__in=DEGREES), name="suspensions_degree_known"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=STATES), name="suspensions_state_known"
            ),
            # What took effect was decided by somebody who did not propose it, and is known.
            models.CheckConstraint(
                condition=models.Q(state__in=("PROPOSED", "NOTIFIED", "DECLINED"))
                | (
                    models.Q(decided_on__isnull=False)
                    & models.Q(known_on__isnull=False)
                    & ~models.Q(decided_by="")
                ),
                name="suspensions_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=models.Q(path="NORMAL")
                | models.Q(decided_on__isnull=True)
                | ~models.Q(decided_second=""),
                name="suspensions_urgent_by_two",
            ),
        )

    def __str__(self) -> str:
        return f"{self.stream}:{self.seq}"


class InForce(models.Model):
    """Which of an account's suspensions are in force, so that a step finds those that it ends.

    ``full`` and ``part`` are places of suspensions, in the order in which they were decided.
    """

    stream = models.CharField(max_length=32)
    full = models.JSONField(default=list)
    part = models.JSONField(default=list)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("stream",), name="suspensions_in_force_of_account"),
        )

    def __str__(self) -> str:
        return self.stream


class Plan(models.Model):
    """One version of a company's corrective action plan; the latest counts."""

    stream = models.CharField(max_length=32)
    seq = models.PositiveIntegerField()
    case_seq = models.PositiveIntegerField()
    words = models.TextField(default="")
    consents = models.BooleanField(default=False)
    on = models.DateField()
    by = models.CharField(max_length=64)
    is_erased = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("stream", "seq"), name="suspensions_plan_place"),
        )

    def __str__(self) -> str:
        return f"{self.stream}:{self.seq}"


class PlanStep(models.Model):
    """One step of a plan: an objective, who does it, by when, and the proof.

    ``state`` goes PLANNED, PROVED, then VERIFIED or ASKED_AGAIN.
    """

    stream = models.CharField(max_length=32)
    plan_seq = models.PositiveIntegerField()
    number = models.PositiveIntegerField()
    objective = models.TextField(default="")
    responsible = models.CharField(max_length=400, default="")
    due_on = models.DateField()
    state = models.CharField(max_length=16, default="PLANNED")
    proved_on = models.DateField(null=True)
    proof_words = models.TextField(default="")
    documents = models.JSONField(default=list)
    judged_on = models.DateField(null=True)
    judged_by = models.CharField(max_length=64, default="")
    judgment = models.TextField(default="")
    is_erased = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("stream", "plan_seq", "number"), name="suspensions_step_of_plan"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=("PLANNED", "PROVED", "ASKED_AGAIN", "VERIFIED")),
                name="suspensions_step_state_known",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="VERIFIED") | ~models.Q(judged_by=""),
                name="suspensions_step_verified_by_somebody",
            ),
        )

    def __str__(self) -> str:
        return f"{self.stream}:{self.plan_seq}/{self.number}"


class Appeal(models.Model):
    """One appeal against the latest decision, from filing to the reasoned determination.

    ``decision_act`` is the act that was appealed, ``decision_seq`` its place in the chain.
    """

    stream = models.CharField(max_length=32)
    seq = models.PositiveIntegerField()
    number = models.PositiveIntegerField()
    decision_seq = models.PositiveIntegerField()
    decision_act = models.CharField(max_length=32)
    filed_on = models.DateField()
    filed_by = models.CharField(max_length=64)
    words = models.TextField(default="")
    documents = models.JSONField(default=list)
    outcome = models.CharField(max_length=16, default="")
    decided_on = models.DateField(null=True)
    decided_by = models.CharField(max_length=64, default="")
    decision_words = models.TextField(default="")
    is_erased = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("stream", "seq"), name="suspensions_appeal_place"),
            models.CheckConstraint(
                condition=models.Q(outcome="", decided_on__isnull=True, decided_by="")
                | (
                    models.Q(outcome__in=("GRANTED", "UPHELD"), decided_on__isnull=False)
                    & ~models.Q(decided_by="")
                ),
                name="suspensions_appeal_decided_by_somebody",
            ),
            models.UniqueConstraint(
                fields=("stream",),
                condition=models.Q(outcome=""),
                name="suspensions_one_open_appeal",
            ),
        )

    def __str__(self) -> str:
        return f"{self.stream}:{self.seq}"
