"""Who may do, read, sign and grant what: pure checks over the roles that a pack defines.

The doors ask here for a good message, the actions ask again for safety. Who holds which role is
``apps.accounts``'.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from greenlane.core.deadlines import Duty
from greenlane.core.errors import AnyOf, NotAllowed, NotFound
from greenlane.core.marks import Mark
from greenlane.core.program import Program, RoleDefinition, UnknownRuleId
from greenlane.core.vocabulary import Matter, Power, Purpose, Reach, Relation, Side


class RoleNotAllowed(NotAllowed):
    """Your role does not allow this act."""

    code = "access.role_not_allowed"


class NotYoursToRead(NotFound):
    """There is no such record, or it is not yours to see."""

    code = "access.not_yours"


class GrantRefused(NotAllowed):
    """This role cannot be granted, or its grant cannot be ended, in this way."""

    code = "access.grant_refused"

    def __init__(self, refusal: str, message: str, **fields: object) -> None:
        super().__init__(message, **fields)
        self.refusal = refusal


# The installation's own act: first people of a new installation, and a person's own statement.
SYSTEM: Final = "system"


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
        RoleNotAllowed: the row does not name the role.
    """
    row = program.transition(act)
    acting = definition(program, role).title
    if role not in row.by:
        raise RoleNotAllowed(
            "{act} ({title}) may be done by {roles}, and you act as {acting}. Ask one "
            "of them to do it.",
            act=act,
            title=row.title,
            roles=_titles(program, row.by),
            acting=acting,
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
    if not definition(program, role).may_sign:
        signers = {one.id for one in program.roles.values() if one.may_sign}
        raise RoleNotAllowed(
            "Only {roles} can sign, and you act as {role}. A signature under another "
            "person's sign-in is void: ask the signer to sign in.",
            roles=_titles(program, signers),
            role=program.roles[role].title,
        )


def check_role_among(program: Program, *, role: str, wanted: Collection[str]) -> None:
    """Refuse a role that is not among those an act is open to.

    Raises:
        UnknownRuleId: the pack has no such role.
        RoleNotAllowed: the role is not among them.
    """
    if role not in wanted:
        raise RoleNotAllowed(
            "This may be done by {roles}, and you act as {role}.",
            roles=_titles(program, wanted),
            role=definition(program, role).title,
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
        "This may be done by {roles}. You hold none of these roles here.",
        roles=_titles(program, wanted),
    )


def reaches(held: Held, *, organization: str, office: str = "") -> bool:
    """Tell whether a role held extends to this organization, or, for "", to the office itself."""
    if held.organization:
        return held.organization == organization
    return held.office in ("", office) or not office


# --- Reading --------------------------------------------------------------------------------------


def reads(
    program: Program,
    held: Iterable[Held],
    matter: Matter,
    *,
    on: date,
    organization: str = "",
    office: str = "",
) -> bool:
    """Tell whether a person may read a matter of an organization (of ``office``, where given)."""
    for one in held:
        role = program.roles.get(one.role)
        reach = role.reach(matter) if role else Reach.NONE
        if reach is Reach.NONE or not one.holds_on(on):
            continue
        if one.organization or reach is Reach.OWN:
            if one.organization == organization:
                return True
        elif reaches(one, organization=organization, office=office):
            return True
    return False


def check_reads(
    program: Program,
    held: Iterable[Held],
    matter: Matter,
    *,
    on: date,
    organization: str = "",
    office: str = "",
) -> None:
    """Refuse what `reads` says no to, without telling whether it exists.

    Raises:
        NotYoursToRead: in every case of no.
    """
    if not reads(program, held, matter, on=on, organization=organization, office=office):
        raise NotYoursToRead


# Kinds of events that are the office's alone: what vetting looked at, found and decided, proposals
# not yet decided, what is seen and noted at a visit before the report tells of it, what the office
# found out by itself of an incident, and how it came to a suspension.
OFFICE_KINDS: Final = frozenset(
    {
        "check",
        "customs",
        "deliberation",
        "discovery",
        "hit",
        "inspection",
        "proposal",
        "screening",
    }
)


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


def relation_of(program: Program, role: str) -> Relation:
    """Return what a person of this role usually is to the organization."""
    found = program.roles.get(role)
    return found.relations[0] if found and found.relations else Relation.NONE


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
        if wanted.role not in program.own_roles:
            raise GrantRefused(
                "grant.not_by_role",
                "Whoever opens an organization is its {roles}. {role} is granted by them.",
                roles=_titles(program, program.own_roles),
                role=role.title,
            )
    elif wanted.person == by:
        raise GrantRefused(
            "grant.to_oneself",
            "Nobody grants a role to themselves. Ask another {granter} to grant {role} to you.",
            granter=program.roles[by_role].title,
            role=role.title,
        )
    if role.side is Side.SYSTEM:
        raise GrantRefused(
            "grant.role_of_system", "{role} is no role for a person.", role=role.title
        )
    is_company = role.side is Side.COMPANY
    if is_company != bool(wanted.organization) or (is_company and wanted.office):
        raise GrantRefused(
            "grant.wrong_place",
            "{role} is a role of an organization."
            if is_company
            else "{role} is a role of the office, not of an organization.",
            role=role.title,
        )
    granters = role.granted_by
    if not is_stated and by_role != SYSTEM and by_role not in granters:
        raise GrantRefused(
            "grant.not_by_role",
            "{role} is granted by {roles}, and you act as {acting}.",
            role=role.title,
            roles=_titles(program, granters),
            acting=definition(program, by_role).title,
        )
    _check_relation(program, role, wanted)
    _check_beside(program, role, wanted, [one for one in held if one.holds_on(on)])


def _check_relation(program: Program, role: RoleDefinition, wanted: WantedGrant) -> None:
    allowed = role.relations or (Relation.NONE,)
    if wanted.relation not in allowed:
        outsiders = {one.id for one in program.roles.values() if one.may_be_outsider}
        raise GrantRefused(
            "grant.relation",
            "For the role {role} a person must be {relations} to the organization; for this person "
            "the relation given is: {relation}. An outsider can be: {outsiders}.",
            role=role.title,
            relations=AnyOf(one.value or "none" for one in allowed),
            outsiders=_titles(program, outsiders),
            relation=wanted.relation.value or "none",
        )


def _check_beside(
    program: Program, role: RoleDefinition, wanted: WantedGrant, held: Collection[Held]
) -> None:
    for one in held:
        if one.organization != wanted.organization:
            continue
        if one.role == wanted.role and one.office == wanted.office:
            raise GrantRefused(
                "grant.twice", "This person is {role} here already.", role=role.title
            )
        if wanted.organization and one.relation is not wanted.relation:
            raise GrantRefused(
                "grant.second_relation",
                "This person is on the record as {relation} of this organization, and cannot "
                "be {second} of it too. End the first role if it is wrong.",
                relation=one.relation.value,
                second=wanted.relation.value,
            )
    on_both = program.roles_that_may(Power.BE_ON_BOTH_SIDES)
    if wanted.role in on_both:
        return
    # Whoever decides on companies is none of theirs.
    opposite = {
        one.role
        for one in held
        if one.role not in on_both and bool(one.organization) != (role.side is Side.COMPANY)
    }
    if opposite:
        raise GrantRefused(
            "grant.both_sides",
            "This person is {roles}. Nobody stands on the company's and on the office's "
            "side at once; end that role first, or use another sign-in.",
            roles=_titles(program, opposite),
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
    granters = role.granted_by
    if person != by and by_role != SYSTEM and by_role not in granters:
        raise GrantRefused(
            "grant.not_by_role",
            "The role of {role} is ended by {roles}, and you act as {acting}.",
            role=role.title,
            roles=_titles(program, granters),
            acting=definition(program, by_role).title,
        )
    if role.is_kept and not any(
        one.role == ended.role and one.organization == ended.organization and one.holds_on(on)
        for one in others
    ):
        raise GrantRefused(
            "grant.last_officer" if ended.organization else "grant.last_director",
            "This is the last {role} here, and without one nobody could sign or grant a "
            "role. Grant {role} to another person first.",
            role=role.title,
        )


# --- Doors ----------------------------------------------------------------------------------------


Who = Callable[[Program], Collection[str]]
"""Roles of whatever pack an installation runs: a door is built before the pack is known."""


@dataclass(frozen=True, slots=True)
class Access:
    """Who may go through a door (an address of pages or of the API).

    Attributes:
        is_public: Everybody, signed in or not.
        who: Whoever holds a role of one of these, anywhere; empty: everybody who is signed in.
        by_token: The door is the API's: a token, never a session, opens it.
    """

    is_public: bool = False
    who: tuple[Who, ...] = ()
    by_token: bool = False

    def roles_in(self, program: Program) -> frozenset[str]:
        """Return the roles of a program that open it; of a door for everybody, none."""
        return frozenset(role for who in self.who for role in who(program))

    def admits(self, program: Program, roles: Collection[str]) -> bool:
        """Tell whether somebody signed in with these roles may pass."""
        return self.is_public or not self.who or not self.roles_in(program).isdisjoint(roles)


PUBLIC: Final = Access(is_public=True)
SIGNED_IN: Final = Access()
API_PUBLIC: Final = Access(is_public=True, by_token=True)
API_SIGNED_IN: Final = Access(by_token=True)


def only(*who: Who) -> Access:
    """Return a door for the roles that ``who`` finds in the pack.

    Raises:
        ValueError: nobody was named, which would open the door to everybody signed in.
    """
    if not who:
        raise ValueError("A door for roles must name some. Use SIGNED_IN for everybody signed in.")
    return Access(who=who)


def api_only(*who: Who) -> Access:
    """Return a door of the API for these roles.

    Raises:
        ValueError: nobody was named.
    """
    return Access(who=only(*who).who, by_token=True)


def company_people(program: Program) -> Collection[str]:
    """Return every role of a company."""
    return program.roles_of(Side.COMPANY)


def company_actors(program: Program) -> Collection[str]:
    """Return the roles that act for a company as a whole."""
    return program.own_roles


def case_workers(program: Program) -> Collection[str]:
    """Return the roles of the office that work on cases."""
    return program.case_roles


def keepers(program: Program) -> Collection[str]:
    """Return the roles that give the office's roles."""
    return program.keepers


def givers(program: Program) -> Collection[str]:
    """Return the roles that give any role at all."""
    return frozenset().union(*(role.granted_by for role in program.roles.values()))


def people_reading(matter: Matter) -> Who:
    """Return the roles of people that read a matter."""
    return lambda program: program.readers_of(matter) - program.roles_of(Side.SYSTEM)


def doing(*purposes: Purpose) -> Who:
    """Return the roles that do an act which serves one of ``purposes``."""
    return lambda program: program.doers(*purposes)


def having(power: Power) -> Who:
    """Return the roles that have a power."""
    return lambda program: program.roles_that_may(power)


def marking(*marks: Mark) -> Who:
    """Return the roles that do an act which sets one of ``marks``."""
    return lambda program: frozenset().union(
        *(row.by for row in program.transitions.values() if not set(marks).isdisjoint(row.marks))
    )


def proposing(program: Program) -> Collection[str]:
    """Return the roles that propose an act for a second person's decision."""
    return frozenset().union(*(row.by for row in program.transitions.values() if row.second_by))


def deciding(program: Program) -> Collection[str]:
    """Return the roles that decide, as a second person, what was proposed."""
    return frozenset().union(*(row.second_by for row in program.transitions.values()))


# --- Words ----------------------------------------------------------------------------------------


def definition(program: Program, role: str) -> RoleDefinition:
    """Return the pack's definition of a role.

    Raises:
        UnknownRuleId: the pack has no such role; the message lists them.
    """
    found = program.roles.get(role)
    if found is None:
        raise UnknownRuleId(
            "Pack {program} has no role {role!r}. It has: {roles}.",
            program=program.id,
            role=role[:40],
            roles=", ".join(program.roles),
        )
    return found


def _titles(program: Program, roles: Collection[str]) -> AnyOf:
    known = [one.title for one in program.roles.values() if one.id in roles]
    return AnyOf(known or ("nobody",))
