"""A validation case with its sites, checklist, findings and reports; and the office's capacity.

All projections but `CheckDraft`. What somebody typed is erasable: the column is "" afterwards, and
``is_erased`` says so.
"""

from __future__ import annotations

from django.db import models


class ValidationCase(models.Model):
    """One validation of one account, from opening to decision.

    ``seq`` is the event that opened it. How far it has come is the account's ``validation`` axis;
    the days here are copies of the events' own days, for lists. ``team`` holds keys of people;
    ``agenda`` and ``requests`` are lists of texts.
    """

    stream = models.CharField(max_length=32)
    seq = models.PositiveIntegerField()
    number = models.PositiveIntegerField()
    opened_on = models.DateField()
    opened_by = models.CharField(max_length=64)
    is_open = models.BooleanField(default=True)
    mode = models.CharField(max_length=16, default="ON_SITE")
    edition = models.CharField(max_length=32)
    scope = models.TextField(default="")
    rationale = models.TextField(default="")
    team = models.JSONField(default=list)
    agenda = models.JSONField(default=list)
    requests = models.JSONField(default=list)
    visit_on = models.DateField(null=True)
    notified_on = models.DateField(null=True)
    notice_seq = models.PositiveIntegerField(default=0)
    waived_on = models.DateField(null=True)
    waived_by = models.CharField(max_length=64, default="")
    visited_on = models.DateField(null=True)
    effort_days = models.PositiveIntegerField(default=0)
    deferred_on = models.DateField(null=True)
    deferral_reason = models.CharField(max_length=64, default="")
    deferral_words = models.TextField(default="")
    new_due_on = models.DateField(null=True)
    recommended_by = models.CharField(max_length=64, default="")
    recommended_tier = models.CharField(max_length=8, default="")
    recommendation = models.TextField(default="")
    outcome = models.CharField(max_length=32, default="")
    decided_on = models.DateField(null=True)
    decided_by = models.CharField(max_length=64, default="")
    decision_words = models.TextField(default="")
    is_erased = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("stream", "seq"), name="validations_case_place"),
            models.UniqueConstraint(
                fields=("stream",),
                condition=models.Q(is_open=True),
                name="validations_one_open_case",
            ),
            models.CheckConstraint(
                condition=models.Q(mode__in=("ON_SITE", "VIRTUAL")),
                name="validations_case_mode_known",
            ),
        )

    def __str__(self) -> str:
        return f"{self.stream}:{self.seq}"


class Site(models.Model):
    """One place that a case looks at: the company's own or a partner's, here or abroad.

    ``state`` is PLANNED, VISITED or NOT_HELD; the last one has a reason code of the pack. ``how``
    is ON_SITE, VIRTUAL or RECOGNIZED (a partner program's certificate stands for the visit).
    """

    stream = models.CharField(max_length=32)
    seq = models.PositiveIntegerField()
    case_seq = models.PositiveIntegerField()
    owner = models.CharField(max_length=16)
    country = models.CharField(max_length=2)
    is_foreign = models.BooleanField(default=False)
    how = models.CharField(max_length=16, default="ON_SITE")
    name = models.CharField(max_length=400, default="")
    address = models.TextField(default="")
    state = models.CharField(max_length=16, default="PLANNED")
    reason = models.CharField(max_length=64, default="")
    reason_words = models.TextField(default="")
    visited_on = models.DateField(null=True)
    is_erased = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("stream", "seq"), name="validations_site_place"),
            models.CheckConstraint(
                condition=models.Q(owner__in=("OWN", "PARTNER")), name="validations_site_owner"
            ),
            models.CheckConstraint(
                condition=models.Q(how__in=("ON_SITE", "VIRTUAL", "RECOGNIZED")),
                name="validations_site_how",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=("PLANNED", "VISITED", "NOT_HELD")),
                name="validations_site_state",
            ),
        )

    def __str__(self) -> str:
        return f"{self.stream}:{self.seq}"


class Paper(models.Model):
    """A document that the company gave to a case; ``item`` is its place in the request list."""

    stream = models.CharField(max_length=32)
    seq = models.PositiveIntegerField()
    case_seq = models.PositiveIntegerField()
    item = models.PositiveIntegerField(null=True)
    document_seq = models.PositiveIntegerField()
    given_on = models.DateField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("stream", "seq"), name="validations_paper_place"),
        )

    def __str__(self) -> str:
        return f"{self.stream}:{self.seq}"


class SiteCheck(models.Model):
    """What was seen for one criterion at one site: the latest judgment, with its words.

    ``result`` is MET, PARTLY, NOT_MET, NOT_SEEN or NOT_APPLICABLE. Never shown to the company; what
    concerns it stands in the report.
    """

    stream = models.CharField(max_length=32)
    case_seq = models.PositiveIntegerField()
    site_seq = models.PositiveIntegerField()
    criterion = models.CharField(max_length=32)
    edition = models.CharField(max_length=32)
    result = models.CharField(max_length=16)
    words = models.TextField(default="")
    seq = models.PositiveIntegerField()
    on = models.DateField()
    by = models.CharField(max_length=64)
    is_erased = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("stream", "site_seq", "criterion"), name="validations_check_of_site"
            ),
        )

    def __str__(self) -> str:
        return f"{self.stream} {self.site_seq} {self.criterion}"


class Photo(models.Model):
    """A photograph or paper taken at a site for one criterion; the file is in the documents."""

    stream = models.CharField(max_length=32)
    seq = models.PositiveIntegerField()
    case_seq = models.PositiveIntegerField()
    site_seq = models.PositiveIntegerField()
    criterion = models.CharField(max_length=32)
    document_seq = models.PositiveIntegerField()
    on = models.DateField()
    by = models.CharField(max_length=64)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("stream", "seq"), name="validations_photo_place"),
        )

    def __str__(self) -> str:
        return f"{self.stream}:{self.seq}"


class Note(models.Model):
    """An internal or law-enforcement note of a case. Never shown to the company, in any form."""

    stream = models.CharField(max_length=32)
    seq = models.PositiveIntegerField()
    case_seq = models.PositiveIntegerField()
    words = models.TextField(default="")
    on = models.DateField()
    by = models.CharField(max_length=64)
    is_erased = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("stream", "seq"), name="validations_note_place"),
        )

    def __str__(self) -> str:
        return f"{self.stream}:{self.seq}"


class Finding(models.Model):
    """A finding: bound to criterion and edition, site, evidence and judgment.

    ``kind`` is REQUIRED_ACTION, RECOMMENDATION or BEST_PRACTICE. ``state`` goes RAISED, REPORTED,
    ANSWERED, ASKED_AGAIN, ACCEPTED, VERIFIED; a finding that is taken back before the report is
    DROPPED. ``framework`` maps each of the five requirements of a best practice to yes or no;
    ``reasons`` holds the words to each. The company sees it once ``reported_on`` is set.
    """

    stream = models.CharField(max_length=32)
    seq = models.PositiveIntegerField()
    case_seq = models.PositiveIntegerField()
    site_seq = models.PositiveIntegerField()
    criterion = models.CharField(max_length=32)
    edition = models.CharField(max_length=32)
    kind = models.CharField(max_length=16)
    state = models.CharField(max_length=16, default="RAISED")
    judgment = models.TextField(default="")
    asks = models.TextField(default="")
    evidence = models.JSONField(default=list)
    framework = models.JSONField(default=dict)
    reasons = models.JSONField(default=dict)
    due_on = models.DateField(null=True)
    raised_on = models.DateField()
    raised_by = models.CharField(max_length=64)
    reported_on = models.DateField(null=True)
    answered_on = models.DateField(null=True)
    closed_on = models.DateField(null=True)
    closed_by = models.CharField(max_length=64, default="")
    verified_by_means = models.CharField(max_length=16, default="")
    is_erased = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("stream", "seq"), name="validations_finding_place"),
            models.CheckConstraint(
                condition=models.Q(kind__in=("REQUIRED_ACTION", "RECOMMENDATION", "BEST_PRACTICE")),
                name="validations_finding_kind_known",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    state__in=(
                        "RAISED",
                        "REPORTED",
                        "ANSWERED",
                        "ASKED_AGAIN",
                        "ACCEPTED",
                        "VERIFIED",
                        "DROPPED",
                    )
                ),
                name="validations_finding_state_known",
            ),
            # Closure only with verification: no closed day without who and by what means.
            models.CheckConstraint(
                condition=~models.Q(state="VERIFIED")
                | (
                    models.Q(closed_on__isnull=False)
                    & ~models.Q(closed_by="")
                    & ~models.Q(verified_by_means="")
                ),
                name="validations_closed_only_when_verified",
            ),
        )

    def __str__(self) -> str:
        return f"{self.stream}:{self.seq}"


class Turn(models.Model):
    """One word in the exchange about a finding: the company's answer, the specialist's reply.

    ``act`` is ANSWERED, ACCEPTED, ASKED_AGAIN or VERIFIED; ``documents`` are places of documents.
    """

    stream = models.CharField(max_length=32)
    seq = models.PositiveIntegerField()
    finding_seq = models.PositiveIntegerField()
    act = models.CharField(max_length=16)
    words = models.TextField(default="")
    documents = models.JSONField(default=list)
    on = models.DateField()
    by = models.CharField(max_length=64)
    role = models.CharField(max_length=64)
    is_erased = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("stream", "seq"), name="validations_turn_place"),
        )

    def __str__(self) -> str:
        return f"{self.stream}:{self.seq}"


class Report(models.Model):
    """One version of a case's report. Immutable: a correction is the next version, with reasons."""

    stream = models.CharField(max_length=32)
    seq = models.PositiveIntegerField()
    case_seq = models.PositiveIntegerField()
    version = models.PositiveIntegerField()
    language = models.CharField(max_length=8)
    sha256 = models.CharField(max_length=64)
    document_seq = models.PositiveIntegerField()
    reason = models.TextField(default="")
    issued_on = models.DateField()
    issued_by = models.CharField(max_length=64)
    is_erased = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("stream", "seq"), name="validations_report_place"),
            models.UniqueConstraint(
                fields=("stream", "case_seq", "version"), name="validations_report_version"
            ),
        )

    def __str__(self) -> str:
        return f"{self.stream}:{self.seq}"


class Capacity(models.Model):
    """How many visits a specialist of a field office can hold in a month: an office decision.

    One row for each decision; the latest for an office counts, "" for all that have none. A past
    plan reads those recorded by its day.
    """

    stream = models.CharField(max_length=32)
    seq = models.PositiveIntegerField()
    office = models.CharField(max_length=32)
    visits = models.PositiveIntegerField()
    on = models.DateField()
    by = models.CharField(max_length=64)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("stream", "seq"), name="validations_capacity_place"),
        )

    def __str__(self) -> str:
        return f"{self.office} {self.visits}"


class AdoptedPlan(models.Model):
    """A year's plan as the director adopted it: the figures that 6 U.S.C. 969 asks for."""

    stream = models.CharField(max_length=32)
    seq = models.PositiveIntegerField()
    year = models.PositiveIntegerField()
    due = models.PositiveIntegerField()
    capacity = models.PositiveIntegerField()
    late = models.PositiveIntegerField()
    specialists = models.PositiveIntegerField()
    on = models.DateField()
    by = models.CharField(max_length=64)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("stream", "seq"), name="validations_plan_place"),
        )

    def __str__(self) -> str:
        return f"{self.year}"


class CheckDraft(models.Model):
    """What somebody is typing on a phone: autosaved, never part of the record, gone when saved."""

    account = models.CharField(max_length=32)
    site_seq = models.PositiveIntegerField()
    criterion = models.CharField(max_length=32)
    content = models.JSONField(default=dict)
    saved_at = models.DateTimeField()
    saved_by = models.CharField(max_length=64)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("account", "site_seq", "criterion"), name="validations_draft_of_check"
            ),
        )

    def __str__(self) -> str:
        return f"{self.account} {self.site_seq} {self.criterion}"
