"""Changes to people, organizations and roles; each is an event of the stream ``people``.

``by`` is who acts and in which role, `BY_SYSTEM` for the installation itself. Sessions, cookies and
mails are the doors'.
"""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime, timedelta
from typing import Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from greenlane.apps.accounts import credentials, queries
from greenlane.apps.accounts.keys import new_key
from greenlane.apps.accounts.models import ApiToken, Grant, Invitation, Organization, User
from greenlane.apps.accounts.projections import PEOPLE
from greenlane.apps.audit.actions import append
from greenlane.apps.audit.queries import head_of
from greenlane.apps.audit.seal import Sealed
from greenlane.content.packs import load_program
from greenlane.core import access
from greenlane.core.access import GrantRefused, Held, RoleNotAllowed, WantedGrant
from greenlane.core.canonical import Json
from greenlane.core.errors import BadInput, Conflict, NotAllowed
from greenlane.core.ledger import EventDraft
from greenlane.core.lifecycle.decide import Actor
from greenlane.core.program import Program
from greenlane.core.vocabulary import Relation

BY_SYSTEM: Final = Actor(access.SYSTEM, access.SYSTEM)
# Retention rules of the pack for what is sealed here.
PERSON_CONTENT: Final = "contact"
SIGN_IN_CONTENT: Final = "sign_in"
INVITATION_DAYS: Final = 14
CLOSED_WHY: Final = frozenset({"left", "at_own_wish", "role_ended", "misuse", "duplicate"})
_ATTEMPTS: Final = 50
_Draft = tuple[EventDraft, Sealed | None]


class WrongPerson(BadInput):
    """A person cannot be recorded like this; the message names the field."""

    code = "person.unreadable"

    def __init__(self, field: str, message: str, **fields: object) -> None:
        super().__init__(message, **fields)
        self.field = field


class EmailTaken(NotAllowed):
    """Another person signs in with this address. Each person has a sign-in of their own."""

    code = "person.email_taken"


class PersonClosed(NotAllowed):
    """This person's sign-in is closed."""

    code = "person.closed"


class InvitationOver(NotAllowed):
    """This invitation can no longer be accepted. Ask whoever sent it for another."""

    code = "invitation.over"


# --- People ---------------------------------------------------------------------------------------


@transaction.atomic
def register_person(
    *,
    name: str,
    email: str,
    at: datetime,
    program: Program,
    by: Actor | None = None,
    language: str = "en",
    key: str | None = None,
    encoded_password: str = "",
) -> User:
    """Record a person; without a password they get one by the reset mail.

    Args:
        name: As the person writes it, in any script; 1 to 200 characters.
        email: The address they sign in with. That it is theirs is proved before, by a mail.
        at: The moment.
        program: The pack.
        by: Who records them; None: they themselves.
        language: Language of pages and mails, one of the pack's.
        key: For a demonstration that must come out the same each time; else random.
        encoded_password: From `credentials.encode_password`.

    Raises:
        WrongPerson: a field is empty, too long, or no address.
        EmailTaken: somebody else signs in with the address.
    """
    key = key or new_key("U")
    name, email = _clean_name(name), _clean_email(email)
    _check_language(language, program)
    actor = by or Actor(key, "")

    def decide() -> _Draft:
        if queries.person_by_email(email) is not None:
            raise EmailTaken
        return _person("registered", key, actor, _day(at, program), name, email, language)

    _record(decide, at, program)
    if encoded_password:
        credentials.keep_password(key, encoded_password)
    return queries.person(key)


@transaction.atomic
def change_person(
    *,
    person: str,
    by: Actor,
    at: datetime,
    program: Program,
    name: str | None = None,
    email: str | None = None,
) -> User:
    """Record another name or address of a person; None leaves it as it is.

    A person changes their own; a director or an operator those of others.

    Raises:
        RoleNotAllowed: by somebody else.
        PersonClosed: the sign-in is closed.
        WrongPerson, EmailTaken: as for `register_person`.
    """
    new_name = None if name is None else _clean_name(name)
    new_email = None if email is None else _clean_email(email)

    def decide() -> _Draft:
        found = _open_person(person)
        if by.id != person:
            _check_keeper(by, _day(at, program), program)
        other = queries.person_by_email(new_email) if new_email else None
        if other is not None and other.key != person:
            raise EmailTaken
        return _person(
            "changed",
            person,
            by,
            _day(at, program),
            new_name or found.name,
            new_email or found.email or "",
            found.language,
        )

    _record(decide, at, program)
    return queries.person(person)


@transaction.atomic
def choose_language(*, person: str, language: str, at: datetime, program: Program) -> User:
    """Record the language in which a person reads pages and mails.

    Raises:
        WrongPerson: the pack is not written in it.
        NoSuchPerson: there is no such person.
    """
    _check_language(language, program)
    if queries.person(person).language != language:
        payload: dict[str, Json] = {"person": person, "language": language}
        draft = EventDraft(
            "person", "person.language", _day(at, program), person, "", payload=payload
        )
        append(stream=PEOPLE, expected=None, drafts=[(draft, None)], at=at, program=program)
    return queries.person(person)


@transaction.atomic
def deactivate_person(
    *, person: str, why: str, by: Actor, at: datetime, program: Program, words: str = ""
) -> User:
    """Close a person's sign-in; their roles count no longer, their acts stay on the record.

    Args:
        person: Whose.
        why: One of `CLOSED_WHY`; it is told to the person when they try to sign in.
        by: The person, a director or an operator.
        at: The moment.
        program: The pack.
        words: The reason in words, sealed.

    Raises:
        BadInput: the reason is not one of the list.
        PersonClosed: it is closed already.
        RoleNotAllowed: by somebody else.
        GrantRefused: they are the last officer of an organization, or the last director.
    """
    if why not in CLOSED_WHY:
        raise BadInput(
            "{why!r} is no reason for closing. It is one of {known}.",
            why=why[:40],
            known=", ".join(sorted(CLOSED_WHY)),
        )

    def decide() -> _Draft:
        _open_person(person)
        day = _day(at, program)
        if by.id != person:
            _check_keeper(by, day, program)
        for row in Grant.objects.filter(user_id=person):
            held = queries.held_of(row)
            if held.holds_on(day):
                others = _others(row, without_person=person)
                access.check_end(
                    program if row.program == program.id else load_program(row.program),
                    held,
                    person=person,
                    by=person,
                    by_role=by.role,
                    others=others,
                    on=day,
                )
        payload: dict[str, Json] = {"person": person, "why": why}
        draft = EventDraft("person", "person.closed", day, by.id, by.role, payload=payload)
        return draft, Sealed(PERSON_CONTENT, {"words": words}) if words else None

    _record(decide, at, program)
    return queries.person(person)


@transaction.atomic
def reactivate_person(*, person: str, by: Actor, at: datetime, program: Program) -> User:
    """Open a closed sign-in again; roles that were not ended count again.

    Raises:
        RoleNotAllowed: by somebody who is neither director nor operator, or by the person.
        PersonClosed: the person's data were erased, or the sign-in is open.
    """

    def decide() -> _Draft:
        found = queries.person(person)
        if found.is_active or found.is_erased:
            raise PersonClosed(
                "This sign-in is open already."
                if found.is_active
                else "This person's data were erased; register them again."
            )
        if by.id == person:
            raise RoleNotAllowed("Nobody opens their own closed sign-in again.")
        _check_keeper(by, _day(at, program), program)
        payload: dict[str, Json] = {"person": person}
        draft = EventDraft(
            "person", "person.opened", _day(at, program), by.id, by.role, payload=payload
        )
        return draft, None

    _record(decide, at, program)
    return queries.person(person)


# --- Organizations and roles ----------------------------------------------------------------------


@transaction.atomic
def register_organization(
    *, name: str, by: Actor, at: datetime, program: Program, key: str | None = None
) -> Organization:
    """Record an organization that nobody acts for yet; see `open_organization` for a company.

    Raises:
        WrongPerson: the name is empty or longer than 400 characters.
    """
    key = key or new_key("O")
    register_organizations({key: name}, by=by, at=at, program=program)
    return queries.organization(key)


@transaction.atomic
def register_organizations(
    names: Mapping[str, str], *, by: Actor, at: datetime, program: Program
) -> None:
    """Record organizations that nobody acts for yet, by key (`keys.new_key`), in one append.

    Raises:
        WrongPerson: a name is empty or longer than 400 characters.
    """
    drafts: list[_Draft] = []
    for key, name in names.items():
        payload: dict[str, Json] = {"organization": key}
        sealed = Sealed(PERSON_CONTENT, {"name": _clean_name(name, at_most=400)})
        draft = EventDraft(
            "organization",
            "organization.registered",
            _day(at, program),
            by.id,
            by.role,
            payload=payload,
        )
        drafts.append((draft, sealed))
    append(stream=PEOPLE, expected=None, drafts=drafts, at=at, program=program)


@transaction.atomic
def rename_organization(
    *, organization: str, name: str, by: Actor, at: datetime, program: Program
) -> Organization:
    """Record another name of an organization; acts under the old one stay as they are.

    Raises:
        NoSuchOrganization: there is none of that key.
        RoleNotAllowed: by somebody who is neither its officer nor its point of contact.
        WrongPerson: the name is empty or longer than 400 characters.
    """
    queries.organization(organization)
    wanted = {*program.own_roles, access.SYSTEM}
    access.check_role_among(program, role=by.role, wanted=wanted)
    _check_holds(by, organization, "", _day(at, program), program)
    payload: dict[str, Json] = {"organization": organization}
    sealed = Sealed(PERSON_CONTENT, {"name": _clean_name(name, at_most=400)})
    day = _day(at, program)
    draft = EventDraft("organization", "organization.renamed", day, by.id, by.role, payload=payload)
    append(stream=PEOPLE, expected=None, drafts=[(draft, sealed)], at=at, program=program)
    return queries.organization(organization)


@transaction.atomic
def open_organization(
    *,
    name: str,
    role: str,
    person: str,
    at: datetime,
    program: Program,
    relation: Relation | None = None,
    key: str | None = None,
) -> tuple[Organization, Grant]:
    """Record a company and, by their own statement, its first person.

    Args:
        name: The company's name.
        role: One that acts for a company as a whole, such as its officer.
        person: Who opens it and states this of themselves.
        at: The moment.
        program: The pack.
        relation: What they are to the company; the role's usual one if None.
        key: Key of the organization, for a demonstration.

    Raises:
        GrantRefused: the role or relation is not open to a statement, or the person stands on the
            office's side.
        PersonClosed: their sign-in is closed.
        WrongPerson: the name is empty or too long.
    """
    made = register_organization(name=name, by=Actor(person, ""), at=at, program=program, key=key)
    wanted = WantedGrant(
        person,
        role,
        made.key,
        "",
        access.relation_of(program, role) if relation is None else relation,
    )
    given = _grant(wanted, by=Actor(person, ""), at=at, program=program, is_stated=True)
    return made, given


@transaction.atomic
def grant(
    *,
    person: str,
    role: str,
    by: Actor,
    at: datetime,
    program: Program,
    organization: str = "",
    office: str = "",
    relation: Relation | None = None,
    key: str | None = None,
) -> Grant:
    """Give a role to a person, from today on.

    Args:
        person: Who gets it.
        role: A role of the pack.
        by: Who grants: a company officer (or, for contributor, consultant and auditor, a point of
            contact) of the organization; a director or operator on the office's side.
        at: The moment.
        program: The pack the role is of.
        organization: Key, for a company's role.
        office: Field office's code, for a role on the office's side; "" for all of them.
        relation: What the person is to the organization; the role's usual one if None.
        key: Key of the grant, for a demonstration.

    Raises:
        GrantRefused: the rules do not allow it; ``refusal`` says which.
        RoleNotAllowed: ``by`` does not hold the role they act in.
        PersonClosed, NoSuchPerson, NoSuchOrganization, UnknownRuleId: as they say.
    """
    usual = access.relation_of(program, role) if organization else Relation.NONE
    wanted = WantedGrant(
        person, role, organization, office, usual if relation is None else relation
    )
    return _grant(wanted, by=by, at=at, program=program, key=key)


@transaction.atomic
def end_grant(*, grant: str, by: Actor, at: datetime, program: Program) -> Grant:
    """End a role; it does not count today any more.

    Raises:
        NoSuchGrant: there is none of that key.
        Conflict: it was ended before.
        GrantRefused: ``grant.last_officer``, ``grant.last_director``, ``grant.not_by_role``.
        RoleNotAllowed: ``by`` does not hold the role they act in.
    """

    def decide() -> _Draft:
        row, day = queries.grant(grant), _day(at, program)
        if row.until is not None:
            raise Conflict("Grant {grant} was ended on {day} already.", grant=grant, day=row.until)
        if row.user_id != by.id:
            _check_holds(by, row.organization_id or "", row.office, day, program)
        access.check_end(
            program,
            queries.held_of(row),
            person=row.user_id,
            by=by.id,
            by_role=by.role,
            others=_others(row),
            on=day,
        )
        payload: dict[str, Json] = {"grant": grant}
        return EventDraft("grant", "grant.ended", day, by.id, by.role, payload=payload), None

    _record(decide, at, program)
    return queries.grant(grant)


# --- Invitations ----------------------------------------------------------------------------------


@transaction.atomic
def invite(
    *,
    email: str,
    role: str,
    by: Actor,
    at: datetime,
    program: Program,
    organization: str = "",
    office: str = "",
    relation: Relation | None = None,
    days: int = INVITATION_DAYS,
    key: str | None = None,
) -> Invitation:
    """Record an offer of a role; the door mails its link. Arguments as for `grant`.

    Args:
        email: Where the mail goes; whoever accepts must sign in with this address.
        days: Calendar days, today not counted, in which it can be accepted; 1 to 60.

    Raises:
        GrantRefused, RoleNotAllowed: as for `grant`: nobody offers what they could not give.
        WrongPerson: this is no e-mail address.
    """
    email = _clean_email(email)
    if not 1 <= days <= 60:
        raise BadInput("An invitation is open for 1 to 60 days, not {days}.", days=days)
    key = key or new_key("I")
    usual = access.relation_of(program, role) if organization else Relation.NONE
    meant = usual if relation is None else relation

    def decide() -> _Draft:
        known = queries.person_by_email(email)
        wanted = WantedGrant(known.key if known else "", role, organization, office, meant)
        _check_wanted(wanted, by=by, at=at, program=program, is_stated=False)
        payload: dict[str, Json] = {
            "invitation": key,
            "program": program.id,
            "role": role,
            "organization": organization,
            "office": office,
            "relation": meant.value,
            "expires_on": (_day(at, program) + timedelta(days=days)).isoformat(),
        }
        draft = EventDraft(
            "invitation",
            "invitation.sent",
            _day(at, program),
            by.id,
            by.role,
            payload=payload,
        )
        return draft, Sealed(PERSON_CONTENT, {"email": email})

    _record(decide, at, program)
    return queries.invitation(key)


def check_invitation(invitation: Invitation, *, on: date) -> None:
    """Refuse an invitation that was used or withdrawn, or whose days are over.

    Raises:
        InvitationOver: with the reason.
    """
    if invitation.accepted_by:
        raise InvitationOver("This invitation was accepted already. Sign in to go on.")
    if invitation.withdrawn_by or invitation.is_erased:
        raise InvitationOver("This invitation was withdrawn. Ask whoever sent it for another.")
    if on > invitation.expires_on:
        raise InvitationOver(
            "This invitation could be accepted until {day}. Ask whoever sent it for another.",
            day=invitation.expires_on,
        )


@transaction.atomic
def accept_invitation(*, invitation: str, person: str, at: datetime, program: Program) -> Grant:
    """Take up an offered role; the grant is by whoever offered it, if they still may give it.

    Raises:
        InvitationOver: it was used or withdrawn, is too old, or is meant for another address.
        GrantRefused, RoleNotAllowed: whoever offered it could not grant it today.
    """
    found = queries.invitation(invitation)
    check_invitation(found, on=_day(at, program))
    if queries.person(person).email != found.email:
        raise InvitationOver(
            "This invitation was sent to another address than the one you sign in with. Sign in "
            "as that person, or ask for an invitation to your own address."
        )
    wanted = WantedGrant(
        person,
        found.role,
        found.organization_id or "",
        found.office,
        Relation(found.relation),
    )
    return _grant(
        wanted,
        by=Actor(found.invited_by, found.invited_role),
        at=at,
        program=program,
        invitation=invitation,
    )


@transaction.atomic
def withdraw_invitation(
    *, invitation: str, by: Actor, at: datetime, program: Program
) -> Invitation:
    """Take an offer back.

    Raises:
        InvitationOver: it is over already.
        RoleNotAllowed: ``by`` could not have sent it.
    """

    def decide() -> _Draft:
        found, day = queries.invitation(invitation), _day(at, program)
        check_invitation(found, on=day)
        organization = found.organization_id or ""
        _check_holds(by, organization, found.office, day, program)
        granters = access.definition(program, found.role).granted_by
        access.check_role_among(program, role=by.role, wanted={*granters, access.SYSTEM})
        payload: dict[str, Json] = {"invitation": invitation}
        draft = EventDraft(
            "invitation", "invitation.withdrawn", day, by.id, by.role, payload=payload
        )
        return draft, None

    _record(decide, at, program)
    return queries.invitation(invitation)


# --- Signing in -----------------------------------------------------------------------------------


@transaction.atomic
def record_sign_in(
    *,
    person: str,
    method: str,
    second_factor: str,
    at: datetime,
    program: Program,
    ip: str = "",
    device: str = "",
) -> None:
    """Record that a person signed in, how, and (sealed) from where.

    Args:
        person: Who.
        method: ``password``, ``passkey``, ``demo``.
        second_factor: ``totp``, ``webauthn``, ``recovery_codes``; "" when it is yet to be set up.
        at: The moment.
        program: The pack.
        ip: Address of the browser, as far as trusted proxies tell.
        device: What the browser says it is; the first 300 characters are kept.

    Source: programme dossier, problem P14: address and device show shared sign-ins.
    """
    _note_sign_in(
        "sign_in.done",
        person,
        Actor(person, ""),
        {"method": method, "second_factor": second_factor},
        {"ip": ip, "device": device[:300]},
        at,
        program,
    )


@transaction.atomic
def record_reauthentication(
    *,
    person: str,
    method: str,
    at: datetime,
    program: Program,
    ip: str = "",
    device: str = "",
) -> None:
    """Record that a signed-in person proved again who they are, as before a signature."""
    content: dict[str, Json] = {"ip": ip, "device": device[:300]}
    _note_sign_in(
        "sign_in.proved_again", person, Actor(person, ""), {"method": method}, content, at, program
    )


@transaction.atomic
def record_credential_change(
    *,
    person: str,
    change: str,
    at: datetime,
    program: Program,
    ip: str = "",
    device: str = "",
) -> None:
    """Record that a person changed what they sign in with.

    Args:
        person: Whose.
        change: ``totp_activated``, ``totp_deactivated``, ``webauthn_added``,
            ``webauthn_removed``, ``recovery_codes_generated``.
        at: The moment.
        program: The pack.
        ip: Address of the browser.
        device: What the browser says it is.
    """
    content: dict[str, Json] = {"ip": ip, "device": device[:300]}
    _note_sign_in(f"credential.{change}", person, Actor(person, ""), {}, content, at, program)


@transaction.atomic
def set_password(
    *, person: str, encoded_password: str, by: Actor, at: datetime, program: Program
) -> None:
    """Replace a person's password and record that it was replaced. All other sessions end.

    Args:
        person: Whose.
        encoded_password: From `credentials.encode_password`.
        by: The person themselves (also by the reset mail), or `BY_SYSTEM`.
        at: The moment.
        program: The pack.

    Raises:
        RoleNotAllowed: by anybody else: a password that two people know proves nobody.
        PersonClosed: the sign-in is closed.
    """
    if by.id not in (person, access.SYSTEM):
        raise RoleNotAllowed("Only the person sets their password. Send them the reset mail.")
    _open_person(person)
    credentials.keep_password(person, encoded_password)
    _note_sign_in("credential.password_set", person, by, {}, None, at, program)


@transaction.atomic
def reset_second_factor(*, person: str, by: Actor, at: datetime, program: Program) -> None:
    """Remove a person's second factors, who lost them and their recovery codes.

    They set up a new one at their next sign-in. Whoever does this has made sure who is asking.

    Raises:
        RoleNotAllowed: by somebody who is neither director nor operator, or by the person.
    """
    queries.person(person)
    if by.id == person:
        raise RoleNotAllowed(
            "Nobody resets their own second factor: a recovery code signs you in, else ask an "
            "operator."
        )
    _check_keeper(by, _day(at, program), program)
    credentials.drop_second_factors(person)
    _note_sign_in("credential.second_factor_reset", person, by, {}, None, at, program)


# --- Tokens of the API ----------------------------------------------------------------------------


@transaction.atomic
def create_token(
    *,
    person: str,
    name: str,
    at: datetime,
    program: Program,
    expires_on: date | None = None,
    key: str | None = None,
) -> tuple[ApiToken, str]:
    """Make a token with which programs act as this person; it is shown once and never again.

    Args:
        person: Whose.
        name: What it is for, in the person's words; 1 to 100 characters.
        at: The moment.
        program: The pack.
        expires_on: Last day on which it works; None for no end.
        key: Key of the token's record, for a demonstration.

    Returns:
        The record of it, and the token itself: ``glt_`` and 43 characters.

    Raises:
        PersonClosed: the sign-in is closed.
        WrongPerson: the name is empty or too long.
        BadInput: the last day lies before today.
    """
    _open_person(person)
    day = _day(at, program)
    if expires_on is not None and expires_on < day:
        raise BadInput("{day} is past. Give a later last day for the token.", day=expires_on)
    secret = f"glt_{secrets.token_urlsafe(32)}"
    key = key or new_key("K")
    payload: dict[str, Json] = {
        "token": key,
        "person": person,
        "prefix": secret[:8],
        "digest": queries.digest_of_token(secret),
        "expires_on": expires_on.isoformat() if expires_on else "",
    }
    draft = EventDraft("token", "token.created", day, person, "", payload=payload)
    sealed = Sealed(PERSON_CONTENT, {"name": _clean_name(name, at_most=100)})
    append(stream=PEOPLE, expected=None, drafts=[(draft, sealed)], at=at, program=program)
    return queries.token(key), secret


@transaction.atomic
def revoke_token(*, token: str, by: Actor, at: datetime, program: Program) -> ApiToken:
    """Make a token worthless.

    Raises:
        NoSuchToken: there is none of that key.
        RoleNotAllowed: by somebody who is neither its owner, a director nor an operator.
        Conflict: it was revoked before.
    """

    def decide() -> _Draft:
        found = queries.token(token)
        if found.user_id != by.id:
            _check_keeper(by, _day(at, program), program)
        if found.revoked_on is not None:
            raise Conflict(
                "Token {prefix} was revoked on {day}.", prefix=found.prefix, day=found.revoked_on
            )
        payload: dict[str, Json] = {"token": token}
        draft = EventDraft(
            "token", "token.revoked", _day(at, program), by.id, by.role, payload=payload
        )
        return draft, None

    _record(decide, at, program)
    return queries.token(token)


# --- Inside ---------------------------------------------------------------------------------------


def _grant(
    wanted: WantedGrant,
    *,
    by: Actor,
    at: datetime,
    program: Program,
    is_stated: bool = False,
    invitation: str = "",
    key: str | None = None,
) -> Grant:
    key = key or new_key("G")

    def decide() -> _Draft:
        _open_person(wanted.person)
        if invitation:
            check_invitation(queries.invitation(invitation), on=_day(at, program))
        _check_wanted(wanted, by=by, at=at, program=program, is_stated=is_stated)
        day = _day(at, program)
        payload: dict[str, Json] = {
            "grant": key,
            "person": wanted.person,
            "program": program.id,
            "role": wanted.role,
            "organization": wanted.organization,
            "office": wanted.office,
            "relation": wanted.relation.value,
            "since": day.isoformat(),
            "granted_by": by.id,
            "granted_role": by.role,
            "invitation": invitation,
        }
        # An accepted invitation is the invited person's act; the grant stays the inviter's.
        actor = Actor(wanted.person, "") if invitation else by
        act = "grant.stated" if is_stated else "grant.accepted" if invitation else "grant.given"
        return EventDraft("grant", act, day, actor.id, actor.role, payload=payload), None

    _record(decide, at, program)
    return queries.grant(key)


def _check_wanted(
    wanted: WantedGrant, *, by: Actor, at: datetime, program: Program, is_stated: bool
) -> None:
    day = _day(at, program)
    access.check_grant(
        program,
        wanted,
        by=by.id,
        by_role=by.role,
        held=queries.held_by(wanted.person, program=program, on=day) if wanted.person else (),
        on=day,
        is_stated=is_stated,
    )
    if wanted.organization:
        queries.organization(wanted.organization)
    if not is_stated:
        _check_holds(by, wanted.organization, wanted.office, day, program)


def _check_holds(by: Actor, organization: str, office: str, day: date, program: Program) -> None:
    """Refuse somebody who names a role that they do not hold in this place.

    Stricter than for an act on an account: a role of one field office does not reach what is every
    office's.
    """
    if by == BY_SYSTEM:
        return
    held = [
        one
        for one in queries.held_by(by.id, program=program, on=day)
        if organization or one.office in ("", office)
    ]
    access.acting_role(
        program, held, wanted={by.role}, on=day, organization=organization, office=office
    )


def _check_keeper(by: Actor, day: date, program: Program) -> None:
    if by == BY_SYSTEM:
        return
    access.check_role_among(program, role=by.role, wanted=program.keepers)
    _check_holds(by, "", "", day, program)


def _others(row: Grant, *, without_person: str = "") -> Collection[Held]:
    """Return what is held in the place of a grant by people who can sign in, without it."""
    rows = Grant.objects.filter(
        program=row.program, organization_id=row.organization_id, user__is_active=True
    ).exclude(key=row.key)
    if without_person:
        rows = rows.exclude(user_id=without_person)
    return [queries.held_of(other) for other in rows]


def _open_person(person: str) -> User:
    found = queries.person(person)
    if not found.is_active:
        raise PersonClosed(
            "The sign-in of {person} was closed on {day}. A director or an operator can "
            "open it again.",
            person=person,
            day=found.closed_on,
        )
    return found


def _person(
    verb: str, key: str, by: Actor, day: date, name: str, email: str, language: str
) -> _Draft:
    payload: dict[str, Json] = {"person": key, "language": language}
    draft = EventDraft("person", f"person.{verb}", day, by.id, by.role, payload=payload)
    return draft, Sealed(PERSON_CONTENT, {"name": name, "email": email})


def _note_sign_in(
    act: str,
    person: str,
    by: Actor,
    payload: Mapping[str, Json],
    content: Mapping[str, Json] | None,
    at: datetime,
    program: Program,
) -> None:
    draft = EventDraft(
        "sign_in",
        act,
        _day(at, program),
        by.id,
        by.role,
        payload={"person": person, **payload},
    )
    sealed = None if content is None else Sealed(SIGN_IN_CONTENT, content)
    append(stream=PEOPLE, expected=None, drafts=[(draft, sealed)], at=at, program=program)


def _record(decide: Callable[[], _Draft], at: datetime, program: Program) -> None:
    """Decide and append; decide again when somebody else wrote to the stream meanwhile."""
    for _ in range(_ATTEMPTS):
        seen = head_of(PEOPLE).seq
        draft = decide()
        try:
            append(stream=PEOPLE, expected=seen, drafts=[draft], at=at, program=program)
        except Conflict:
            continue
        return
    raise Conflict


def _day(at: datetime, program: Program) -> date:
    return program.day_of(at)


def _clean_name(name: str, *, at_most: int = 200) -> str:
    cleaned = unicodedata.normalize("NFC", " ".join(name.split()))
    # Joiners (category Cf) belong to names in Persian or Hindi; controls belong to none.
    if not 1 <= len(cleaned) <= at_most or any(unicodedata.category(c) == "Cc" for c in cleaned):
        raise WrongPerson(
            "name",
            "A name has 1 to {limit} characters and no control characters; this one has {length}.",
            limit=at_most,
            length=len(cleaned),
        )
    return cleaned


def _clean_email(email: str) -> str:
    cleaned = queries.clean_email(email)
    try:
        validate_email(cleaned)
    except ValidationError:
        raise WrongPerson(
            "email",
            "{email!r} is no e-mail address. Write it as name@example.com.",
            email=email[:60],
        ) from None
    if len(cleaned) > 254:
        raise WrongPerson("email", "An e-mail address has at most 254 characters.")
    return cleaned


def _check_language(language: str, program: Program) -> None:
    if language not in program.languages:
        raise WrongPerson(
            "language",
            "{language!r} is no language of this program. It has: {languages}.",
            language=language[:20],
            languages=", ".join(program.languages),
        )


__all__ = [
    "BY_SYSTEM",
    "CLOSED_WHY",
    "EmailTaken",
    "GrantRefused",
    "InvitationOver",
    "PersonClosed",
    "WrongPerson",
    "accept_invitation",
    "change_person",
    "check_invitation",
    "choose_language",
    "create_token",
    "deactivate_person",
    "end_grant",
    "grant",
    "invite",
    "open_organization",
    "reactivate_person",
    "record_credential_change",
    "record_reauthentication",
    "record_sign_in",
    "register_organization",
    "register_person",
    "rename_organization",
    "reset_second_factor",
    "revoke_token",
    "set_password",
    "withdraw_invitation",
]
