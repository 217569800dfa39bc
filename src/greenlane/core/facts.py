"""The closed, typed vocabulary of facts that a rule of a pack may ask for.

A pack that needs a fact which is not here needs a change of the engine, with an ADR: so a rule can
never ask for something that nobody records. Facts of the families ``standing.*``, ``mark.*``,
``days_since.*``, ``duty.*`` and ``overdue.*`` are computed from the record; nobody can declare one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final, TypeAlias

from greenlane.core.canonical import Json
from greenlane.core.errors import BadInput
from greenlane.core.marks import Mark
from greenlane.core.vocabulary import AXIS_VALUES, Side

FactValue: TypeAlias = bool | int | date | str | frozenset[str]
ELIGIBILITY_HOLDS: Final = "eligibility.holds"
"""Worked out by a decision whose guards ask for it, from every statement of the entity type."""


class FactType(StrEnum):
    """Type of a fact's value. SET holds upper-case codes; DATE is a calendar day."""

    BOOL = "bool"
    INT = "int"
    DATE = "date"
    TEXT = "text"
    SET = "set"


class UnknownFact(BadInput):
    """A fact is named that is not in the vocabulary."""

    code = "fact.unknown"


class WrongFactType(BadInput):
    """A fact has a value of the wrong type."""

    code = "fact.wrong_type"


@dataclass(frozen=True, slots=True)
class FactDefinition:
    """One word of the vocabulary: what it means in one sentence, and who can know it."""

    name: str
    type: FactType
    meaning: str
    is_derived: bool = False
    values: frozenset[str] | None = None


def _declared() -> Iterator[FactDefinition]:
    kinds = {"?": FactType.BOOL, "#": FactType.INT, "@": FactType.DATE, "=": FactType.TEXT}
    for line in _DECLARED.strip().splitlines():
        head, _, meaning = line.partition("  ")
        yield FactDefinition(head[1:].strip(), kinds.get(head[0], FactType.SET), meaning.strip())


# One line a fact: type sign (? yes/no, # number, @ day, = text, * set of codes), name, meaning.
_DECLARED = """
*office.staffed_countries  ISO 3166 alpha-2 codes of countries with a staffed business office
?office.is_staffed  a business office is staffed in a country that the program permits
?trade.is_active  the company is active in the trade concerned
@trade.last_import_on  day of the latest import
@trade.last_export_on  day of the latest export
@trade.last_carriage_on  day cargo was last carried to the program's country
#trade.imports_last_12_months  number of import entries in the latest 12 months
#trade.years_importing  whole years of importing
?trade.history_is_demonstrable  a history of moving international cargo can be shown
?trade.carries_us_bound_cargo  carries or handles cargo bound for the United States
?trade.crosses_border  its vehicles cross the border
?trade.is_noncontainerized  cargo is not containerized
*trade.borders  land borders crossed: US-CA, US-MX
?identifier.has_importer_number  an importer of record number is held
?identifier.has_ein_or_duns  an employer identification number or a DUNS number is held
?identifier.has_scac  a standard carrier alpha code is held
?identifier.has_usdot  a U.S. DOT number is held
?identifier.has_rfc  a Mexican taxpayer number (RFC) is held
?identifier.has_sct  an SCT number is held
?identifier.has_fmc  an FMC organization number is held
?identifier.has_iata  an IATA code is held
?identifier.has_mto  a six-digit FMC marine terminal operator number is held
?identifier.has_filer_code  a customs broker filer code is held
?identifier.has_mid  a manufacturer identification code is held
?identifier.is_lost  a required identifier is no longer valid
?bond.has_continuous_import  a continuous import bond is valid
?bond.has_continuous_carrier  a continuous international carrier bond is valid
?bond.has_inbond_or_export  an in-bond or export consolidator bond is valid
?license.is_customs_broker  licensed as a customs broker by CBP
?license.is_sector  licensed or bonded by FMC, TSA, CBP or DOT
?license.is_dot  licensed by the Department of Transportation
?company.is_principal_party  principal party in interest that controls the export
?company.has_export_security_program  documented export security program with two contacts
?company.export_reporting_is_acceptable  export reporting of the last 12 months is acceptable
?company.is_in_good_standing  in good standing with the export agencies
?company.discloses_owners  owners and officers are disclosed
?company.is_incorporated_in_region  incorporated in a country that the program permits
*company.countries_of_incorporation  ISO 3166 alpha-2 codes of incorporation
?company.handles_cargo_before_first_port  handles cargo from stuffing to first port of entry
?company.owns_transport_or_warehouse  uses its own transport, consolidation or warehouse assets
?company.subcontracts_beyond_members  subcontracts beyond a second party that is no member
?company.is_invited  the program office invited the company
?company.handles_foreign_vessels  handles vessels arriving from abroad
?company.has_security_officer  an officer is named as primary cargo security officer
?company.will_sign_agreement  the officer is ready to sign the partner agreement
?company.is_solvent  able to meet its commitments
?company.has_trade_compliance_agreement  memorandum of understanding for trade compliance is signed
#company.employees  number of employees
#company.years_in_business  whole years in business
?debt.is_final_unpaid  a final debt to the customs authority is unpaid after all remedies
?history.has_security_events  significant security-related events are on record
?history.has_customs_violations  serious or repeated customs violations are on record
?history.has_criminal_record  a criminal record relating to the business is on record
?pilot.is_open  the pilot runs and takes applicants
#pilot.places_left  places left in the pilot
?application.eligibility_is_confirmed  the applicant confirmed each eligibility statement
?application.agreement_is_signed  an officer signed the agreement's present text
?application.risk_assessment_is_filed  a dated risk assessment is on file
?application.is_complete  the application can be accepted as complete
#profile.musts_unanswered  blocking criteria without an answer
#profile.musts_not_accepted  blocking criteria whose answer is not accepted
#profile.open_returns  criteria returned to the member and not answered again
#profile.changed_criteria_unanswered  criteria new or changed in the edition and not answered
?profile.edition_is_applied  the profile stands under the edition that binds the company
?profile.is_reaffirmed  every answer was reviewed and reaffirmed or changed
?review.risk_assessment_is_renewed  a risk assessment was made and filed since the last review
?profile.deficiencies_are_listed  deficiencies are listed per criterion
?vetting.has_record  a vetting record exists for every required check
?vetting.has_open_hit  a screening hit is not decided
?vetting.secondary_is_done  secondary vetting was done for this case
?vetting.has_failure  a check failed
?vetting.screening_is_current  every party was screened as it is now against the lists in force
?certification.letter_is_signed  the certification letter is signed and on file
?validation.scope_is_set  scope and its rationale are recorded
?validation.secondary_vetting_is_done  no significant violation before the visit, on record
?validation.notice_is_sent  written notice with document request was sent
?validation.notice_is_in_time  the notice was sent in time
?validation.notice_is_waived  the company waived the notice period in writing
?validation.visit_is_held  the visit was held
?validation.report_is_issued  the report was issued
?validation.exceeds_criteria  the best practice framework is met
?validation.no_longer_exceeds  the member no longer exceeds the criteria
#validation.required_actions_open  required actions not yet verified
#validation.effort_working_days  working days the company spent
@validation.visit_on  planned day of the visit
?validation.falsehood_is_undecided  a knowing falsehood was found and no decision taken
?suspension.reasons_are_written  written reasons are given
?suspension.protections_considered  the statutory protections were considered
?suspension.field_recommended  the field office recommended it
?suspension.plan_is_fulfilled  the corrective action plan is fulfilled
?suspension.consents_to_unannounced_visits  consent to unannounced visits is given
?suspension.vulnerabilities_are_fixed  all vulnerabilities found at the failed validation are fixed
?suspension.is_aggravated  aggravated circumstances or flagrant disregard
?suspension.is_national_security  a national security ground applies
?suspension.self_report_is_settled  no self-report it rests on stands unreviewed or cleared
?suspension.urgency_is_unfounded  the review afterwards found no ground for the urgent path
?withdrawal.is_written  the request is in writing with a reason
?reapplication.is_full  treated as a new applicant with full evaluation
?appeal.is_reasoned  the determination is reasoned
?appeal.window_is_open  the appeal window of the decision is open
?restructuring.is_documented  the merger or split is documented
?migration.is_sourced  the earlier record is named, with the file it was taken from
?fee.is_paid  the fee of the current period is paid
?renewal.is_in_window  the renewal is filed inside its window
?record.has_outside_document  the outside decision's document is on file
"""


def _vocabulary() -> dict[str, FactDefinition]:
    words = {word.name: word for word in _declared()}

    def derived(
        name: str, type_: FactType, meaning: str, values: frozenset[str] | None = None
    ) -> None:
        words[name] = FactDefinition(name, type_, meaning, is_derived=True, values=values)

    for axis, values in AXIS_VALUES.items():
        allowed = frozenset(values)
        derived(f"standing.{axis.value}", FactType.TEXT, f"state of the {axis.value} axis", allowed)
    membership = frozenset(AXIS_VALUES[next(iter(AXIS_VALUES))])
    derived("standing.suspended_from", FactType.TEXT, "status before the suspension", membership)
    derived("standing.entity_type", FactType.TEXT, "entity type of the account")
    derived("standing.suspension_ground", FactType.TEXT, "ground of the latest suspension")
    derived("standing.since_act", FactType.TEXT, "act that set the membership status")
    derived("standing.decided_act", FactType.TEXT, "act of the latest decision against the company")
    derived("standing.decided_falsehood", FactType.BOOL, "that decision found a falsehood")
    derived(
        "standing.decided_after_appeal",
        FactType.BOOL,
        "a decision was taken after the latest appeal was filed, which is against an earlier one",
    )
    derived(ELIGIBILITY_HOLDS, FactType.BOOL, "every eligibility statement of the type holds")
    derived("standing.is_tiered", FactType.BOOL, "the entity type has tiers")
    derived("standing.benefits_suspended_in_part", FactType.BOOL, "single benefits are suspended")
    derived("act.ground", FactType.TEXT, "ground code given with the act")
    derived("act.reason", FactType.TEXT, "reason code given with the act")
    derived("act.on", FactType.DATE, "day on which the act takes effect")
    for mark in Mark:
        derived(f"mark.{mark.value}", FactType.DATE, f"day of the latest {mark.value}")
        derived(f"has.{mark.value}", FactType.BOOL, f"{mark.value} has happened")
        derived(f"days_since.{mark.value}", FactType.INT, f"calendar days since {mark.value}")
    return words


VOCABULARY: Mapping[str, FactDefinition] = MappingProxyType(_vocabulary())
DUTY_PREFIX = "duty."
OVERDUE_PREFIX = "overdue."
_PYTHON_TYPES: dict[FactType, type] = {
    FactType.BOOL: bool,
    FactType.INT: int,
    FactType.DATE: date,
    FactType.TEXT: str,
    FactType.SET: frozenset,
}


def definition(name: str) -> FactDefinition:
    """Return what ``name`` means.

    ``duty.<deadline id>`` is the state of the latest such duty ("none" before there is one), and
    ``overdue.<deadline id>`` whether any such duty is overdue.

    Raises:
        UnknownFact: the vocabulary has no such word; near words are named in the message.
    """
    found = VOCABULARY.get(name)
    if found:
        return found
    if name.startswith(DUTY_PREFIX):
        return FactDefinition(name, FactType.TEXT, "state of the latest such duty", is_derived=True)
    if name.startswith(OVERDUE_PREFIX):
        return FactDefinition(name, FactType.BOOL, "such a duty is overdue", is_derived=True)
    import difflib

    near = difflib.get_close_matches(name, VOCABULARY, n=3)
    hint = f" Did you mean {' or '.join(near)}?" if near else ""
    raise UnknownFact(f"There is no fact {name!r} in the vocabulary.{hint}")


def checked(name: str, value: object) -> FactValue:
    """Return ``value`` as this fact's type: JSON forms (ISO days, lists) are accepted.

    Raises:
        UnknownFact: no such fact.
        WrongFactType: the value is not of the fact's type.
    """
    word = definition(name)
    if word.type is FactType.DATE and isinstance(value, str):
        try:
            return day_of(value)
        except ValueError:
            raise WrongFactType(
                f"Fact {name} is a day; {value!r} is none. Write it as 2026-05-03."
            ) from None
    if word.type is FactType.SET and isinstance(value, list | tuple | set | frozenset):
        if not all(isinstance(item, str) for item in value):
            raise WrongFactType(f"Fact {name} is a set of codes; {value!r} holds something else.")
        return frozenset(value)
    fits = isinstance(value, _PYTHON_TYPES[word.type])
    # A bool is an int to Python, and a moment is a day: neither is what the fact means.
    is_other = (word.type is FactType.INT and isinstance(value, bool)) or isinstance(
        value, datetime
    )
    if isinstance(value, date) and not is_of_this_age(value):
        raise WrongFactType(f"Fact {name} cannot be {value}: it is no day of this age.")
    if not fits or is_other:
        raise WrongFactType(f"Fact {name} is of type {word.type.value}; {value!r} is not.")
    if word.values is not None and value not in word.values:
        raise WrongFactType(f"Fact {name} cannot be {value!r}.")
    return value  # type: ignore[return-value]  # the isinstance check above names the type


def day_of(text: str) -> date:
    """Return the day written as ``2026-05-03``; the other forms of ISO 8601 are refused.

    Raises:
        ValueError: it is no such day, or none of this age (see `is_of_this_age`).
    """
    found = date.fromisoformat(text)
    if found.isoformat() != text or not is_of_this_age(found):
        raise ValueError(f"{text!r} is no day of this age, written as 2026-05-03")
    return found


def is_of_this_age(day: date) -> bool:
    """Tell whether a day lies in 1900-2199: periods can be added to it, and it is no slip."""
    return FIRST_YEAR <= day.year <= LAST_YEAR


FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2199


def check_declarable(name: str) -> None:
    """Raise `UnknownFact` unless somebody may declare the fact ``name``."""
    if definition(name).is_derived:
        raise UnknownFact(
            f"Fact {name} is computed from the record and cannot be declared. Leave it out."
        )


# Who may declare a fact: families by the side of the role. What is in neither is known only to the
# part of the system that computes it (profile, vetting, letters), so nobody can claim it.
_COMPANY_FAMILIES = frozenset(
    ["office", "trade", "identifier", "bond", "license", "company", "debt", "history", "renewal"]
)
_OFFICE_FAMILIES = _COMPANY_FAMILIES | frozenset(
    ["pilot", "validation", "suspension", "appeal", "restructuring", "reapplication", "fee"]
)
_COMPANY_FACTS = frozenset({"application.eligibility_is_confirmed", "reapplication.is_full"})


class NotYoursToDeclare(BadInput):
    """A fact is declared by somebody who cannot know it."""

    code = "fact.not_yours"


def check_may_declare(name: str, side: Side) -> None:
    """Raise unless a role on this side may declare the fact.

    Raises:
        UnknownFact: no such fact, or one that the record computes.
        NotYoursToDeclare: the other side, or a part of the system, says this.
    """
    check_declarable(name)
    family = name.partition(".")[0]
    families = _COMPANY_FAMILIES if side is Side.COMPANY else _OFFICE_FAMILIES
    if family not in families and name not in _COMPANY_FACTS:
        raise NotYoursToDeclare(
            f"Fact {name} is not for the {side.value} side to declare. Leave it out."
        )


class Facts(Mapping[str, FactValue]):
    """A frozen snapshot of everything a decision may look at. A missing fact is unknown."""

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, FactValue] | None = None) -> None:
        self._values = dict(values or {})

    @classmethod
    def declared(cls, values: Mapping[str, object]) -> Facts:
        """Return facts as somebody declared them, each checked; None means "not known".

        Raises:
            UnknownFact: no such fact, or one that only the record can know.
            WrongFactType: a value is of the wrong type.
        """
        kept: dict[str, FactValue] = {}
        for name, value in values.items():
            if definition(name).is_derived:
                raise UnknownFact(
                    f"Fact {name} is computed from the record and cannot be declared. Leave it out."
                )
            if value is not None:
                kept[name] = checked(name, value)
        return cls(kept)

    def __getitem__(self, name: str) -> FactValue:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return f"Facts({self._values!r})"

    def with_(self, other: Mapping[str, FactValue]) -> Facts:
        """Return these facts and ``other``; where both know one, ``other`` wins."""
        return Facts({**self._values, **other})

    def only(self, names: frozenset[str]) -> Facts:
        """Return the facts named: what a decision really looked at."""
        return Facts({name: value for name, value in self._values.items() if name in names})

    def as_json(self) -> dict[str, Json]:
        """Return the canonical JSON form: days as ISO text, sets as sorted lists."""
        return {name: _as_json(value) for name, value in self._values.items()}


def _as_json(value: FactValue) -> Json:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, frozenset):
        return sorted(value)
    return value
