"""Who may do, read, sign and grant what: pure checks over the pack's roles and two tables.

The doors ask here for a good message, the actions ask again for safety. Who holds which role is
``apps.accounts``'.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from greenlane.core.deadlines import Duty
from greenlane.core.errors import NotAllowed, NotFound
from greenlane.core.program import Program, RoleDefinition, UnknownRuleId
from greenlane.core.vocabulary import Side


class RoleNotAllowed(NotAllowed):
    """Your role does not allow this act."""

    code = "access.role_not_allowed"


class NotYoursToRead(NotFound):
    """There is no such record, or it is not yours to see."""

    code = "access.not_yours"


class GrantRefused(NotAllowed):
    """This role cannot be granted, or its grant cannot be ended, in this way."""

    code = "access.grant_refused"

    def __init__(self, refusal: str, message: str) -> None:
        super().__init__(message)
        self.refusal = refusal


class Relation(StrEnum):
    """What a person is to the organization they act for; ``NONE`` on the office's side."""

    OFFICER = "officer"
    EMPLOYEE = "employee"
    OUTSIDE = "outside"
    NONE = ""


# A company's officer binds it, so must be one. The primary contact is an employee or officer;
# consultants may be further contacts only. Source: programme dossier a.6 [TUT06], [PM14].
RELATIONS: Final[Mapping[str, tuple[Relation, ...]]] = {
    "company_officer": (Relation.OFFICER,),
    "point_of_contact": (Relation.EMPLOYEE, Relation.OFFICER),
    "contributor": (Relation.EMPLOYEE, Relation.OFFICER, Relation.OUTSIDE),
    "consultant": (Relation.OUTSIDE,),
    "auditor": (Relation.EMPLOYEE, Relation.OFFICER, Relation.OUTSIDE),
}
# Whoever reads and drafts for a company never acts for it, whatever a pack's table may say.
# Source: programme dossier a.6 [ECD22], problem P14.
NEVER_ACT: Final = frozenset({"contributor", "consultant", "auditor"})

GRANTED_BY: Final[Mapping[str, frozenset[str]]] = {
    "company_officer": frozenset({"company_officer"}),
    "point_of_contact": frozenset({"company_officer"}),
    "contributor": frozenset({"company_officer", "point_of_contact"}),
    "consultant": frozenset({"company_officer", "point_of_contact"}),
    "auditor": frozenset({"company_officer", "point_of_contact"}),
}
OFFICE_GRANTED_BY: Final = frozenset({"director", "operator"})
# The installation's own act: first people of a new installation, and a person's own statement.
SYSTEM: Final = "system"
# Runs the installation and decides nothing; a company running Greenlane alone needs one.
BOTH_SIDES_ALLOWED: Final = frozenset({"operator"})


@dataclass(frozen=True, slots=True)
class Held:
    """A role that a person holds: of an organization, or of the office ("" office: all of them)."""

    role: str
    organization: str = ""
    office: str = ""
    relation: Relation = Relation.NONE
    since: date = date.min
    until: date | None = None

    def holds_on(self, day: date) -> bool:
        """Tell whether it is in force on ``day``; the period is half-open ``[since, until)``."""
        return self.since <= day and (self.until is None or day < self.until)


# --- Acting ---------------------------------------------------------------------------------------


def check_may_act(program: Program, *, act: str, role: str) -> None:
    """Refuse an act of the pack's table to a role that its row does not name.

    Raises:
        UnknownRuleId: the pack has no such act or role.
        RoleNotAllowed: the row does not name the role, or the role never acts for a company.
    """
    row = program.transition(act)
    title = definition(program, role).title
    if role in NEVER_ACT or role not in row.by:
        raise RoleNotAllowed(
            f"{act} ({row.title}) may be done by {_titles(program, row.by - NEVER_ACT)}, and you "
            f"act as {title}. Ask one of them to do it."
        )


def may_act(program: Program, *, act: str, role: str) -> bool:
    """Tell whether `check_may_act` would pass."""
    try:
        check_may_act(program, act=act, role=role)
    except (RoleNotAllowed, UnknownRuleId):
        return False
    return True


def check_may_sign(program: Program, *, role: str) -> None:
    """Refuse to let a role sign for a company that cannot bind it.

    Raises:
        UnknownRuleId: the pack has no such role.
        RoleNotAllowed: the role may not sign.

    Source: programme dossier a.6: a company officer signs the agreement.
    """
    if role in NEVER_ACT or not definition(program, role).may_sign:
        signers = {one.id for one in program.roles.values() if one.may_sign} - NEVER_ACT
        raise RoleNotAllowed(
            f"Only {_titles(program, signers)} can sign, and you act as "
            f"{program.roles[role].title}. A signature under another person's sign-in is void: "
            "ask the signer to sign in."
        )


def check_role_among(program: Program, *, role: str, wanted: Collection[str]) -> None:
    """Refuse a role that is not among those an act is open to.

    Raises:
        UnknownRuleId: the pack has no such role.
        RoleNotAllowed: the role is not among them.
    """
    if role not in wanted:
        raise RoleNotAllowed(
            f"This may be done by {_titles(program, wanted)}, and you act as "
            f"{definition(program, role).title}."
        )


def acting_role(
    program: Program,
    held: Iterable[Held],
    *,
    wanted: Collection[str],
    on: date,
    organization: str = "",
    office: str = "",
) -> str:
    """Return the role in which a person may act on an organization's affairs.

    A company role counts for its own organization only; an office role for every organization, if
    its field office is "" (all) or ``office``.

    Args:
        program: The pack; where several roles fit, the one listed first in it is taken.
        held: What the person holds.
        wanted: Roles that the act is open to.
        on: The day.
        organization: Key of the organization whose affair it is; "" for the office's own.
        office: Field office of the account; "" when it has none, and then every office fits.

    Raises:
        RoleNotAllowed: the person holds none of these roles here.
    """
    fitting = {
        one.role
        for one in held
        if one.holds_on(on)
        and one.role in wanted
        and one.role in program.roles
        and reaches(one, organization=organization, office=office)
    }
    for role in program.roles:
        if role in fitting:
            return role
    raise RoleNotAllowed(
        f"This may be done by {_titles(program, wanted)}. You hold none of these roles here."
    )


def reaches(held: Held, *, organization: str, office: str = "") -> bool:
    """Tell whether a role held extends to this organization, or, for "", to the office itself."""
    if held.organization:
        return held.organization == organization
    return held.office in ("", office) or not office


# --- Reading --------------------------------------------------------------------------------------


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


_N, _O, _A = Reach.NONE, Reach.OWN, Reach.ALL
_MATTERS: Final = tuple(Matter)


def _row(*reaches: Reach) -> Mapping[Matter, Reach]:
    return dict(zip(_MATTERS, reaches, strict=True))


# One row for each role, one column for each matter; a role without a row reads nothing. Vetting
# detail is law-enforcement detail: no company ever reads it, nor does an office role without need.
# Source: issue 2 section 4; programme dossier (c), g.6.
READS: Final[Mapping[str, Mapping[Matter, Reach]]] = {
    #                        account record notes vetting people program installation
    "company_officer": _row(_O, _O, _N, _N, _O, _A, _N),
    "point_of_contact": _row(_O, _O, _N, _N, _O, _A, _N),
    "contributor": _row(_O, _N, _N, _N, _O, _A, _N),
    "consultant": _row(_O, _N, _N, _N, _O, _A, _N),
    "auditor": _row(_O, _O, _N, _N, _O, _A, _N),
    "specialist": _row(_A, _A, _A, _A, _A, _A, _N),
    "vetting_analyst": _row(_A, _A, _A, _A, _N, _A, _N),
    "field_manager": _row(_A, _A, _A, _A, _A, _A, _N),
    "director": _row(_A, _A, _A, _A, _A, _A, _A),
    "program_editor": _row(_N, _N, _N, _N, _N, _A, _N),
    "operator": _row(_N, _N, _N, _N, _A, _A, _A),
    "appeal_authority": _row(_A, _A, _N, _N, _N, _A, _N),
    "system": _row(_A, _A, _A, _A, _A, _A, _A),
}


def readers_of(matter: Matter) -> frozenset[str]:
    """Return the roles that read a matter at all, their own organization's or everybody's."""
    return frozenset(role for role, row in READS.items() if row[matter] is not Reach.NONE)


def reads(
    held: Iterable[Held], matter: Matter, *, on: date, organization: str = "", office: str = ""
) -> bool:
    """Tell whether a person may read a matter of an organization (of ``office``, where given)."""
    return any(
        READS.get(one.role, {}).get(matter, Reach.NONE) is not Reach.NONE
        and one.holds_on(on)
        and (
            one.organization == organization
            if one.organization or READS[one.role][matter] is Reach.OWN
            else reaches(one, organization=organization, office=office)
        )
        for one in held
    )


def check_reads(
    held: Iterable[Held], matter: Matter, *, on: date, organization: str = "", office: str = ""
) -> None:
    """Refuse what `reads` says no to, without telling whether it exists.

    Raises:
        NotYoursToRead: in every case of no.
    """
    if not reads(held, matter, on=on, organization=organization, office=office):
        raise NotYoursToRead


# Kinds of events that are the office's alone: runs of vetting checks, proposals not yet decided.
OFFICE_KINDS: Final = frozenset({"check", "proposal"})


def is_office_only(program: Program, *, kind: str, act: str) -> bool:
    """Tell whether an event is the office's alone, so that a company reads only that it is there.

    The pack marks the acts (``office_only``); the kinds of events are the engine's own.
    """
    row = program.transitions.get(act)
    return kind in OFFICE_KINDS or (row is not None and row.is_office_only)


def shown_to_company(found: Iterable[Duty]) -> list[Duty]:
    """Return the duties that a company may read of: none of vetting, none of an inquiry."""
    return [duty for duty in found if not duty.deadline.is_office_only]


# --- Granting -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class WantedGrant:
    """A role that somebody wants to give to a person, and where."""

    person: str
    role: str
    organization: str = ""
    office: str = ""
    relation: Relation = Relation.NONE


def relation_of(role: str) -> Relation:
    """Return what a person of this role usually is to the organization."""
    return RELATIONS.get(role, (Relation.NONE,))[0]


def check_grant(
    program: Program,
    wanted: WantedGrant,
    *,
    by: str,
    by_role: str,
    held: Collection[Held],
    on: date,
    is_stated: bool = False,
) -> None:
    """Refuse a grant that the rules do not allow.

    Args:
        program: The pack; it says on which side a role stands.
        wanted: The grant.
        by: Key of who grants.
        by_role: Role in which they grant; that they hold it there is asked of `acting_role`.
        held: What the person holds already.
        on: The day.
        is_stated: The person's own statement on opening an organization that has nobody yet.

    Raises:
        UnknownRuleId: the pack has no such role.
        GrantRefused: with ``refusal``: ``grant.to_oneself``, ``grant.role_of_system``,
            ``grant.wrong_place``, ``grant.not_by_role``, ``grant.relation``,
            ``grant.second_relation``, ``grant.both_sides``, ``grant.twice``.

    Source: programme dossier a.6; problem P14.
    """
    role = definition(program, wanted.role)
    if is_stated:
        if wanted.role not in {"company_officer", "point_of_contact"}:
            raise GrantRefused(
                "grant.not_by_role",
                f"Whoever opens an organization is its company officer or its point of contact. "
                f"{role.title} is granted by them.",
            )
    elif wanted.person == by:
        raise GrantRefused(
            "grant.to_oneself",
            f"Nobody grants a role to themselves. Ask another {program.roles[by_role].title} to "
            f"grant {role.title} to you.",
        )
    if role.side is Side.SYSTEM:
        raise GrantRefused("grant.role_of_system", f"{role.title} is no role for a person.")
    is_company = role.side is Side.COMPANY
    if is_company != bool(wanted.organization) or (is_company and wanted.office):
        raise GrantRefused(
            "grant.wrong_place",
            f"{role.title} is a role of "
            f"{'an organization' if is_company else 'the office, not of an organization'}.",
        )
    granters = GRANTED_BY.get(wanted.role, frozenset()) if is_company else OFFICE_GRANTED_BY
    if not is_stated and by_role != SYSTEM and by_role not in granters:
        raise GrantRefused(
            "grant.not_by_role",
            f"{role.title} is granted by {_titles(program, granters)}, and you act as "
            f"{definition(program, by_role).title}.",
        )
    _check_relation(role, wanted)
    _check_beside(program, role, wanted, [one for one in held if one.holds_on(on)])


def _check_relation(role: RoleDefinition, wanted: WantedGrant) -> None:
    allowed = RELATIONS.get(wanted.role)
    if role.side is Side.COMPANY and allowed is None:
        allowed = (Relation.OFFICER, Relation.EMPLOYEE)
    if wanted.relation not in (allowed or (Relation.NONE,)):
        words = " or ".join(one.value for one in allowed or ()) or "nothing"
        raise GrantRefused(
            "grant.relation",
            f"{role.title} must be {words} to the organization, and this person is "
            f"{wanted.relation.value or 'not said to be either'}. An outsider can be a consultant, "
            "a contributor or an auditor.",
        )


def _check_beside(
    program: Program, role: RoleDefinition, wanted: WantedGrant, held: Collection[Held]
) -> None:
    for one in held:
        if one.organization != wanted.organization:
            continue
        if one.role == wanted.role and one.office == wanted.office:
            raise GrantRefused("grant.twice", f"This person is {role.title} here already.")
        if wanted.organization and one.relation is not wanted.relation:
            raise GrantRefused(
                "grant.second_relation",
                f"This person is on the record as {one.relation.value} of this organization, and "
                f"cannot be {wanted.relation.value} of it too. End the first role if it is wrong.",
            )
    if wanted.role in BOTH_SIDES_ALLOWED:
        return
    # Whoever decides on companies is none of theirs.
    opposite = {
        one.role
        for one in held
        if one.role not in BOTH_SIDES_ALLOWED
        and bool(one.organization) != (role.side is Side.COMPANY)
    }
    if opposite:
        raise GrantRefused(
            "grant.both_sides",
            f"This person is {_titles(program, opposite)}. Nobody stands on the company's and on "
            "the office's side at once; end that role first, or use another sign-in.",
        )


def check_end(
    program: Program,
    ended: Held,
    *,
    person: str,
    by: str,
    by_role: str,
    others: Collection[Held],
    on: date,
) -> None:
    """Refuse to end a grant that the rules keep.

    Args:
        program: The pack.
        ended: The grant to end.
        person: Who holds it.
        by: Who ends it; a person may give up their own role.
        by_role: In which role.
        others: What everybody holds in the same place, the ended one left out.
        on: The day.

    Raises:
        GrantRefused: with ``refusal`` ``grant.last_officer``, ``grant.last_director`` or
            ``grant.not_by_role``.
    """
    role = definition(program, ended.role)
    granters = GRANTED_BY.get(ended.role, frozenset()) if ended.organization else OFFICE_GRANTED_BY
    if person != by and by_role != SYSTEM and by_role not in granters:
        raise GrantRefused(
            "grant.not_by_role",
            f"The role of {role.title} is ended by {_titles(program, granters)}, and you act as "
            f"{definition(program, by_role).title}.",
        )
    last = {"company_officer": "grant.last_officer", "director": "grant.last_director"}
    if ended.role in last and not any(
        one.role == ended.role and one.organization == ended.organization and one.holds_on(on)
        for one in others
    ):
        raise GrantRefused(
            last[ended.role],
            f"This is the last {role.title} here, and without one nobody could sign or grant a "
            f"role. Grant {role.title} to another person first.",
        )


# --- Doors ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Access:
    """Who may go through a door (an address of pages or of the API).

    Attributes:
        is_public: Everybody, signed in or not.
        roles: Whoever holds one of these roles, anywhere; empty: everybody who is signed in.
        by_token: The door is the API's: a token, never a session, opens it.
    """

    is_public: bool = False
    roles: frozenset[str] = frozenset()
    by_token: bool = False

    def admits(self, roles: Collection[str]) -> bool:
        """Tell whether somebody signed in with these roles may pass."""
        return self.is_public or not self.roles or not self.roles.isdisjoint(roles)


PUBLIC: Final = Access(is_public=True)
SIGNED_IN: Final = Access()
API_PUBLIC: Final = Access(is_public=True, by_token=True)
API_SIGNED_IN: Final = Access(by_token=True)


def only(*roles: str) -> Access:
    """Return a door for these roles.

    Raises:
        ValueError: no role was named, which would open the door to everybody signed in.
    """
    if not roles:
        raise ValueError("A door for roles must name one. Use SIGNED_IN for everybody signed in.")
    return Access(roles=frozenset(roles))


def api_only(*roles: str) -> Access:
    """Return a door of the API for these roles.

    Raises:
        ValueError: no role was named.
    """
    return Access(roles=only(*roles).roles, by_token=True)


# --- Words ----------------------------------------------------------------------------------------


def definition(program: Program, role: str) -> RoleDefinition:
    """Return the pack's definition of a role.

    Raises:
        UnknownRuleId: the pack has no such role; the message lists them.
    """
    found = program.roles.get(role)
    if found is None:
        raise UnknownRuleId(
            f"Pack {program.id} has no role {role[:40]!r}. It has: {', '.join(program.roles)}."
        )
    return found


def _titles(program: Program, roles: Collection[str]) -> str:
    known = [str(one.title) for one in program.roles.values() if one.id in roles]
    if not known:
        return "nobody"
    return known[0] if len(known) == 1 else f"{', '.join(known[:-1])} or {known[-1]}"
