"""People, organizations, the roles they hold, invitations and tokens of the API.

All but credentials (password, last sign-in, a token's last use) follows from the record: the stream
``people``. Rows are written by the projectors beside this file and by ``credentials``.
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q


class UserManager(BaseUserManager["User"]):
    """Finds people by the address they sign in with."""

    def get_by_natural_key(self, username: str | None) -> User:
        """Return the person with this e-mail address, in any capitalization."""
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser):
    """A person who can sign in. ``key`` (``U-`` and ten characters) is the actor in every event.

    ``email`` is lower case; None once the person's data were erased. ``password`` and
    ``last_login`` are credentials, not the record.
    """

    key = models.CharField(max_length=12, primary_key=True)
    stream = models.CharField(max_length=32)
    name = models.CharField(max_length=200, default="")
    email = models.EmailField(max_length=254, null=True, unique=True, default=None)
    language = models.CharField(max_length=8, default="en")
    is_active = models.BooleanField(default=True)
    is_erased = models.BooleanField(default=False)
    registered_on = models.DateField()
    closed_on = models.DateField(null=True, default=None)
    closed_by = models.CharField(max_length=64, default="")
    closed_why = models.CharField(max_length=32, default="")

    objects = UserManager()
    EMAIL_FIELD: ClassVar[str] = "email"
    USERNAME_FIELD: ClassVar[str] = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(is_active=True, closed_on__isnull=True, closed_by="", closed_why="")
                | (
                    Q(is_active=False, closed_on__isnull=False)
                    & ~Q(closed_by="")
                    & ~Q(closed_why="")
                ),
                name="accounts_user_closed_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(is_erased=False, email__isnull=False)
                | Q(is_erased=True, email__isnull=True, name=""),
                name="accounts_user_erased_whole",
            ),
        )

    def __str__(self) -> str:
        return self.key

    def get_full_name(self) -> str:
        """Return the name as the person wrote it."""
        return self.name


class Organization(models.Model):
    """A company, or another body whose people work on an account. ``key`` is ``O-...``."""

    key = models.CharField(max_length=12, primary_key=True)
    stream = models.CharField(max_length=32)
    name = models.CharField(max_length=400, default="")
    is_erased = models.BooleanField(default=False)
    registered_on = models.DateField()
    registered_by = models.CharField(max_length=64)

    def __str__(self) -> str:
        return self.key


class Grant(models.Model):
    """A role that a person holds in a program: of an organization, or of the office.

    ``office`` is a field office's code, "" for all of them; it means something where no
    organization is named. In force on the half-open period ``[since, until)``. ``is_stated``: by
    the person's own statement on opening the organization. ``relation`` is what the person is to
    the organization: officer, employee or outside; "" for the office.
    """

    key = models.CharField(max_length=12, primary_key=True)
    stream = models.CharField(max_length=32)
    user = models.ForeignKey(User, models.PROTECT, related_name="grants")
    program = models.CharField(max_length=64)
    role = models.CharField(max_length=64)
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="grants", null=True, default=None
    )
    office = models.CharField(max_length=32, default="")
    relation = models.CharField(max_length=16, default="")
    since = models.DateField()
    until = models.DateField(null=True, default=None)
    granted_by = models.CharField(max_length=64)
    granted_role = models.CharField(max_length=64)
    is_stated = models.BooleanField(default=False)
    ended_by = models.CharField(max_length=64, default="")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(until__isnull=True, ended_by="")
                | (Q(until__isnull=False) & ~Q(ended_by="")),
                name="accounts_grant_ended_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="accounts_grant_period_in_order",
            ),
            models.CheckConstraint(
                condition=Q(organization__isnull=True, relation="")
                | Q(
                    organization__isnull=False,
                    relation__in=("officer", "employee", "outside"),
                    office="",
                ),
                name="accounts_grant_relation_known",
            ),
            models.CheckConstraint(
                condition=Q(is_stated=True) | ~Q(granted_by=F("user")),
                name="accounts_grant_not_to_oneself",
            ),
            # One standing grant of one role for one person in one place; twice says nothing more.
            # Two constraints, since a NULL organization equals no other.
            models.UniqueConstraint(
                fields=("user", "program", "role", "organization"),
                condition=Q(until__isnull=True, organization__isnull=False),
                name="accounts_grant_once_in_organization",
            ),
            models.UniqueConstraint(
                fields=("user", "program", "role", "office"),
                condition=Q(until__isnull=True, organization__isnull=True),
                name="accounts_grant_once_in_office",
            ),
        )
        indexes = (
            models.Index(fields=("user", "until"), name="accounts_grant_of_user"),
            models.Index(fields=("organization", "until"), name="accounts_grant_of_org"),
        )

    def __str__(self) -> str:
        return f"{self.user_id} {self.role}"


class Invitation(models.Model):
    """An offer of a role, sent by mail; used once, within its period, by whoever has the mail."""

    key = models.CharField(max_length=12, primary_key=True)
    stream = models.CharField(max_length=32)
    email = models.CharField(max_length=254, default="")
    is_erased = models.BooleanField(default=False)
    program = models.CharField(max_length=64)
    role = models.CharField(max_length=64)
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="invitations", null=True, default=None
    )
    office = models.CharField(max_length=32, default="")
    relation = models.CharField(max_length=16, default="")
    invited_by = models.CharField(max_length=64)
    invited_role = models.CharField(max_length=64)
    invited_on = models.DateField()
    expires_on = models.DateField()
    accepted_by = models.CharField(max_length=64, default="")
    withdrawn_by = models.CharField(max_length=64, default="")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(accepted_by="") | Q(withdrawn_by=""),
                name="accounts_invitation_one_end",
            ),
        )

    def __str__(self) -> str:
        return self.key


class ApiToken(models.Model):
    """A key to the API that acts as one person. Only its hash is kept; ``prefix`` is shown.

    ``last_used_on`` is a cache, written at most once a day.
    """

    key = models.CharField(max_length=12, primary_key=True)
    stream = models.CharField(max_length=32)
    user = models.ForeignKey(User, models.PROTECT, related_name="api_tokens")
    name = models.CharField(max_length=100, default="")
    prefix = models.CharField(max_length=16)
    digest = models.CharField(max_length=64, unique=True)
    created_on = models.DateField()
    expires_on = models.DateField(null=True, default=None)
    revoked_on = models.DateField(null=True, default=None)
    revoked_by = models.CharField(max_length=64, default="")
    last_used_on = models.DateField(null=True, default=None)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(revoked_on__isnull=True, revoked_by="")
                | (Q(revoked_on__isnull=False) & ~Q(revoked_by="")),
                name="accounts_token_revoked_by_somebody",
            ),
        )

    def __str__(self) -> str:
        return f"{self.user_id} {self.prefix}"


class SignIn(models.Model):
    """One time a person signed in, proved again who they are, or changed what proves it.

    ``ip`` and ``device`` come from the sealed part and are "" once it is erased. ``act`` is the
    event's: ``sign_in.done``, ``sign_in.proved_again``, ``credential.*``.
    """

    stream = models.CharField(max_length=32)
    seq = models.PositiveIntegerField()
    user = models.ForeignKey(User, models.PROTECT, related_name="sign_ins")
    act = models.CharField(max_length=64)
    at = models.DateTimeField()
    by = models.CharField(max_length=64)
    method = models.CharField(max_length=32, default="")
    second_factor = models.CharField(max_length=32, default="")
    ip = models.CharField(max_length=64, default="")
    device = models.CharField(max_length=300, default="")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("stream", "seq"), name="accounts_sign_in_place"),
        )
        indexes = (models.Index(fields=("user", "-seq"), name="accounts_sign_in_of_user"),)

    def __str__(self) -> str:
        return f"{self.user_id} {self.act}"


class SharedNote(models.Model):
    """A short-lived note that all workers share (`shared_notes`): a cache, no part of the record.

    ``value`` is JSON; ``expires_at`` seconds since 1970, None for never.
    """

    key = models.CharField(max_length=250, primary_key=True)
    value = models.TextField()
    expires_at = models.FloatField(null=True, db_index=True)

    def __str__(self) -> str:
        return self.key
