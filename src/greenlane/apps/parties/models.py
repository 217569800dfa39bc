"""Parties of an account as the company declares them: one row each, personal and erasable."""

from __future__ import annotations

from django.db import models

ROLES = ("COMPANY", "OFFICER", "OWNER", "SITE", "VESSEL", "PARTNER")
KINDS = ("PERSON", "ORGANIZATION", "VESSEL")


class Party(models.Model):
    """One party as last declared. A projection; name and details are sealed and erasable.

    ``party`` is its key within the account: ``P-COMPANY`` for the company itself, else ``P-`` and
    eight characters. ``details`` holds ``other_names``, ``birth_date`` (ISO, or a part of it),
    ``countries`` (ISO 3166 alpha-2), ``identifiers`` ([type, value, country]), ``address``,
    ``title`` and, for an owner, ``share`` (per cent as text, "" unknown) and ``owned`` (key of the
    party that is owned, "" for the company). A party that left stays as a row with ``is_removed``.
    """

    stream = models.CharField(max_length=32)
    party = models.CharField(max_length=16)
    role = models.CharField(max_length=16)
    kind = models.CharField(max_length=16)
    name = models.CharField(max_length=400, default="")
    details = models.JSONField(default=dict)
    seq = models.PositiveIntegerField()
    declared_on = models.DateField()
    actor = models.CharField(max_length=64)
    is_removed = models.BooleanField(default=False)
    is_erased = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("stream", "party"), name="parties_party_of_account"),
            models.CheckConstraint(
                condition=models.Q(role__in=ROLES), name="parties_party_role_known"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=KINDS), name="parties_party_kind_known"
            ),
        )

    def __str__(self) -> str:
        return f"{self.stream} {self.party}"
