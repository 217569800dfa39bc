"""Who plays in the demonstration: invented office people and companies, and what became of each.

Every name is made up. Days are given as days before the day of the demonstration.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final


class Ending(StrEnum):
    """How far a company's story goes; each reaches the next through the real actions."""

    DRAFT = "draft"
    PROFILE_STARTED = "profile_started"
    EXPIRED = "expired"
    INELIGIBLE = "ineligible"
    SUBMITTED = "submitted"
    ASSIGNED = "assigned"
    IN_REVIEW = "in_review"
    RETURNED = "returned"
    VETTING = "vetting"
    VETTING_HIT = "vetting_hit"
    PROPOSED = "proposed"
    REJECTED = "rejected"
    CERTIFIED = "certified"
    REVIEW_DUE = "review_due"
    EDITION_BEHIND = "edition_behind"
    REVIEW_SUBMITTED = "review_submitted"
    VISIT_PLANNED = "visit_planned"
    VISIT_NOTIFIED = "visit_notified"
    VISIT_DEFERRED = "visit_deferred"
    VISITED = "visited"
    REPORTED = "reported"
    ANSWERED = "answered"
    VALIDATED = "validated"
    TIER_THREE = "tier_three"
    REVALIDATED = "revalidated"
    SUSPENDED = "suspended"
    APPEALED = "appealed"
    REMOVED = "removed"
    WITHDRAWN = "withdrawn"
    ELIGIBILITY_REVIEW = "eligibility_review"


@dataclass(frozen=True, slots=True)
class OfficePerson:
    """One person of the program office."""

    key: str
    name: str
    email: str
    role: str
    office: str = ""


@dataclass(frozen=True, slots=True)
class Company:
    """One company: its story began ``days`` days before the demonstration's day."""

    number: int
    name: str
    entity_type: str
    ending: Ending
    days: int
    officer: str
    contact: str
    language: str = "en"
    office: str = "NEWARK"

    @property
    def account(self) -> str:
        """Fixed account key."""
        return f"A-DEM{self.number:07d}"

    @property
    def organization(self) -> str:
        """Fixed organization key."""
        return f"O-DEM{self.number:07d}"


OFFICE_PEOPLE: Final = (
    OfficePerson("U-DEM0000001", "Grace Okafor", "director@demo.example", "director"),
    OfficePerson("U-DEM0000002", "Daniel Weiss", "manager@demo.example", "field_manager", "NEWARK"),
    OfficePerson(
        "U-DEM0000003", "Lucía Barrera", "manager.laredo@demo.example", "field_manager", "LAREDO"
    ),
    OfficePerson("U-DEM0000004", "Ruth Adeyemi", "specialist@demo.example", "specialist", "NEWARK"),
    OfficePerson(
        "U-DEM0000005", "Tomás Herrera", "specialist.laredo@demo.example", "specialist", "LAREDO"
    ),
    OfficePerson(
        "U-DEM0000006", "Joan Park", "specialist.la@demo.example", "specialist", "LOS-ANGELES"
    ),
    OfficePerson("U-DEM0000007", "Samir Haddad", "vetting@demo.example", "vetting_analyst"),
    OfficePerson("U-DEM0000008", "Ingrid Solberg", "editor@demo.example", "program_editor"),
    OfficePerson("U-DEM0000009", "Owen Clarke", "operator@demo.example", "operator"),
    OfficePerson("U-DEM0000010", "Helen Moreau", "appeals@demo.example", "appeal_authority"),
    # Each field office has its own people: nobody is given a case that they may not open.
    OfficePerson(
        "U-DEM0000011",
        "Peter Lindqvist",
        "specialist.buffalo@demo.example",
        "specialist",
        "BUFFALO",
    ),
    OfficePerson(
        "U-DEM0000012", "Miriam Katz", "manager.buffalo@demo.example", "field_manager", "BUFFALO"
    ),
    OfficePerson(
        "U-DEM0000013", "Kenji Arai", "manager.la@demo.example", "field_manager", "LOS-ANGELES"
    ),
)


def _companies() -> tuple[Company, ...]:
    path = Path(__file__).with_name("companies.csv")
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(
            Company(
                number,
                row["name"],
                row["entity_type"],
                Ending(row["ending"]),
                int(row["days"]),
                row["officer"],
                row["contact"],
                row["language"],
                row["office"],
            )
            for number, row in enumerate(csv.DictReader(file), start=1)
        )


COMPANIES: Final = _companies()
