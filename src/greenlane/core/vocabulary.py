"""The program's nouns as enums: a typed superset of which each pack uses and names its own subset.

No labels (they are the pack's, translatable) and no rules live here.
"""

from __future__ import annotations

from enum import StrEnum


class MembershipStatus(StrEnum):
    """An account's standing. ``NONE`` is the time before the first step."""

    NONE = "NONE"
    PRE_APPLICANT = "PRE_APPLICANT"
    APPLICANT = "APPLICANT"
    PROFILE_APPROVED = "PROFILE_APPROVED"
    CERTIFIED = "CERTIFIED"
    VALIDATED = "VALIDATED"
    SUSPENDED = "SUSPENDED"
    REMOVED = "REMOVED"
    WITHDRAWN = "WITHDRAWN"
    REJECTED = "REJECTED"
    INELIGIBLE = "INELIGIBLE"
    EXPIRED_DRAFT = "EXPIRED_DRAFT"
    EXPIRED = "EXPIRED"  # a fixed validity ran out (packs with a renewal)


class Tier(StrEnum):
    """Level of benefits for entity types that have levels; ``NONE`` for the others."""

    NONE = "NONE"
    T1 = "T1"
    T2 = "T2"
    T3 = "T3"


class ProfileStatus(StrEnum):
    """State of the security profile in the current review cycle."""

    NONE = "NONE"
    DRAFT = "DRAFT"
    SUBMITTED = "SUBMITTED"
    IN_REVIEW = "IN_REVIEW"
    RETURNED = "RETURNED"
    APPROVED = "APPROVED"
    REJECTED = "REJECTED"


class VettingStatus(StrEnum):
    """State of vetting, which recurs."""

    NOT_STARTED = "NOT_STARTED"
    IN_PROGRESS = "IN_PROGRESS"
    PASSED = "PASSED"
    FAILED = "FAILED"
    REVIEW_REQUIRED = "REVIEW_REQUIRED"


class ValidationStatus(StrEnum):
    """State of the open validation case (the visit); ``NONE`` when no case is open."""

    NONE = "NONE"
    PLANNED = "PLANNED"
    NOTIFIED = "NOTIFIED"
    VISITED = "VISITED"
    REPORTED = "REPORTED"
    ANSWERED = "ANSWERED"
    ACTIONS_OPEN = "ACTIONS_OPEN"
    READY = "READY"
    DEFERRED = "DEFERRED"


class AppealStatus(StrEnum):
    """The appeal axis, beside the membership status."""

    NONE = "NONE"
    PENDING = "PENDING"
    GRANTED = "GRANTED"
    UPHELD = "UPHELD"


class ReviewFlag(StrEnum):
    """Eligibility review beside the status (ruling R19): benefits are unchanged meanwhile."""

    NONE = "NONE"
    OPEN = "OPEN"


class Axis(StrEnum):
    """The independent axes of an account's standing."""

    MEMBERSHIP = "membership"
    TIER = "tier"
    PROFILE = "profile"
    VETTING = "vetting"
    VALIDATION = "validation"
    APPEAL = "appeal"
    ELIGIBILITY_REVIEW = "eligibility_review"


AXIS_VALUES: dict[Axis, type[StrEnum]] = {
    Axis.MEMBERSHIP: MembershipStatus,
    Axis.TIER: Tier,
    Axis.PROFILE: ProfileStatus,
    Axis.VETTING: VettingStatus,
    Axis.VALIDATION: ValidationStatus,
    Axis.APPEAL: AppealStatus,
    Axis.ELIGIBILITY_REVIEW: ReviewFlag,
}


class Side(StrEnum):
    """Which side of the partnership a role stands on."""

    COMPANY = "company"
    OFFICE = "office"
    APPEAL = "appeal"
    SYSTEM = "system"


class Origin(StrEnum):
    """Where a decision was taken: in this installation, or outside, recorded with its document."""

    HERE = "here"
    OUTSIDE = "outside"


class Confidence(StrEnum):
    """How sure the source of a rule is.

    S: read in the statute. P: read on an official page. C: secondary source. U: unverified.
    D: a design ruling of this project, which an office may change.
    """

    S = "S"
    P = "P"
    C = "C"
    U = "U"
    D = "D"


class Truth(StrEnum):
    """Three-valued answer. ``UNKNOWN`` ("cannot tell") never passes as yes."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "cannot_tell"


class DutyNature(StrEnum):
    """What a deadline is: who loses what when its day passes."""

    DUTY = "duty"
    LIMIT = "limit"
    RIGHT = "right"
    LAPSE = "lapse"
    BAR = "bar"


class DutyState(StrEnum):
    """State of one duty on one day."""

    OPEN = "open"
    OVERDUE = "overdue"
    MET = "met"
    LAPSED = "lapsed"
    STOPPED = "stopped"


class CriterionLevel(StrEnum):
    """Weight of a criterion: a MUST is required, a SHOULD is expected or explained."""

    MUST = "must"
    SHOULD = "should"
