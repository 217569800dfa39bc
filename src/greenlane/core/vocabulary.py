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


class Relation(StrEnum):
    """What a person is to the organization they act for; ``NONE`` on the office's side."""

    OFFICER = "officer"
    EMPLOYEE = "employee"
    OUTSIDE = "outside"
    NONE = ""


class Matter(StrEnum):
    """What there is to read."""

    ACCOUNT = "account"
    RECORD = "record"
    INTERNAL_NOTES = "internal_notes"
    VETTING = "vetting"
    PEOPLE = "people"
    PROGRAM = "program"
    INSTALLATION = "installation"


class Reach(StrEnum):
    """Whose matters of a kind a role reads. ``OWN``: its own organization's."""

    NONE = "none"
    OWN = "own"
    ALL = "all"


class Power(StrEnum):
    """What a role may do that is no act of the transition table.

    ``ANSWER``: draft and save answers. ``APPLY_EDITION``: move the company to a new edition of the
    criteria, and undo it. ``REVIEW``: decide on single answers. ``VET``: record
    vetting checks, screen, decide hits. ``CONFIRM_HITS``: be the second person of such a decision.
    ``BE_ASSIGNED``: be the specialist of a case. ``STATE_FACTS``: record for the
    office what is known of a company. ``CONFIRM_CRITERIA``: confirm that a criterion binds an
    entity type. ``BE_ON_BOTH_SIDES``: be held beside a role of a company (it decides nothing).
    ``CARRY_OVER``: take an office's earlier records into the register, and correct them.
    """

    ANSWER = "answer"
    APPLY_EDITION = "apply_edition"
    REVIEW = "review"
    VET = "vet"
    CONFIRM_HITS = "confirm_hits"
    BE_ASSIGNED = "be_assigned"
    STATE_FACTS = "state_facts"
    CONFIRM_CRITERIA = "confirm_criteria"
    BE_ON_BOTH_SIDES = "be_on_both_sides"
    CARRY_OVER = "carry_over"


class PersonEnd(StrEnum):
    """From when a retention rule counts for what is kept of one person in the stream of people.

    ``LAST_ROLE_ENDED``: since they hold no role any more, in no organization and not in the office;
    whoever never held one, since they were recorded. ``SIGN_IN_CLOSED``: since their sign-in was
    closed.
    """

    LAST_ROLE_ENDED = "last_role_ended"
    SIGN_IN_CLOSED = "sign_in_closed"


class Phase(StrEnum):
    """Where on the way of an account a membership status lies; ``NONE`` before the first step."""

    NONE = "none"
    PREPARING = "preparing"
    APPLYING = "applying"
    MEMBER = "member"
    SUSPENDED = "suspended"
    CLOSED = "closed"


class Purpose(StrEnum):
    """What a row of the transition table is for, where the engine has a page or a duty for it.

    A pack names its acts as it likes (``id``) and says with ``does`` which of them the engine
    means; an act without a purpose is offered like any other.
    """

    OPEN_ACCOUNT = "open_account"
    SUBMIT_COMPANY_PROFILE = "submit_company_profile"
    SIGN_AGREEMENT = "sign_agreement"
    FILE_RISK_ASSESSMENT = "file_risk_assessment"
    SUBMIT_PROFILE = "submit_profile"
    SUBMIT_REVIEW = "submit_review"
    ASSIGN = "assign"
    TAKE_INTO_REVIEW = "take_into_review"
    CLOSE_REVIEW = "close_review"
    START_VETTING = "start_vetting"
    APPROVE_VETTING = "approve_vetting"
    FAIL_VETTING = "fail_vetting"
    REOPEN_VETTING = "reopen_vetting"
    CERTIFY = "certify"
    SEND_NOTICE = "send_notice"
    WITHDRAW = "withdraw"
    EXPLAIN_DELAY = "explain_delay"
    START_PROGRAM = "start_program"
    DECREE_OUTAGE = "decree_outage"
    EXPLAIN_OFFICE_DELAY = "explain_office_delay"
    CARRY_CERTIFICATION = "carry_certification"
    CARRY_VALIDATION = "carry_validation"
    CARRY_REVALIDATION = "carry_revalidation"
    CARRY_REVIEW = "carry_review"
    CARRY_SUSPENSION = "carry_suspension"
    CORRECT_DAY = "correct_day"


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
