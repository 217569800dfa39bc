"""What the events of the stream ``people`` show: people, organizations, roles, invitations, tokens.

Payloads hold keys, codes and days; names and addresses come from the sealed record and are "" (an
address: None) once it is erased.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from django.db.models import Model

from greenlane.apps.accounts.beside import strange_addresses
from greenlane.apps.accounts.keeping import keep_people
from greenlane.apps.accounts.models import ApiToken, Grant, Invitation, Organization, SignIn, User
from greenlane.apps.audit.projection import (
    Before,
    Change,
    Disagreement,
    Fields,
    Keeper,
    Projector,
)
from greenlane.core.canonical import Json

PEOPLE: Final = "people"


def project_person(
    fields: Fields, content: Mapping[str, Json] | None, before: Before
) -> Iterator[Change]:
    """Show a person who was registered, changed, closed or opened again."""
    payload, key = fields["payload"], {"key": fields["payload"]["person"]}
    values: dict[str, object] = {}
    if fields["act"] in ("person.registered", "person.changed"):
        values = {
            "name": content["name"] if content else "",
            "email": content["email"] if content else None,
            "is_erased": content is None,
            "language": payload["language"],
        }
        if fields["act"] == "person.registered":
            values["registered_on"] = fields["on"]
    elif fields["act"] == "person.language":
        values = {"language": payload["language"]}
    elif fields["act"] == "person.closed":
        values = {
            "is_active": False,
            "closed_on": fields["on"],
            "closed_by": fields["actor"],
            "closed_why": payload["why"],
        }
    else:
        values = {"is_active": True, "closed_on": None, "closed_by": "", "closed_why": ""}
    yield Change(User, key, values)


def project_organization(
    fields: Fields, content: Mapping[str, Json] | None, before: Before
) -> Iterator[Change]:
    """Show an organization that was registered or renamed."""
    values: dict[str, object] = {
        "name": content["name"] if content else "",
        "is_erased": content is None,
    }
    if fields["act"] == "organization.registered":
        values |= {"registered_on": fields["on"], "registered_by": fields["actor"]}
    yield Change(Organization, {"key": fields["payload"]["organization"]}, values)


def project_grant(
    fields: Fields, content: Mapping[str, Json] | None, before: Before
) -> Iterator[Change]:
    """Show a role that was granted, stated or ended, and the invitation it came from."""
    payload, key = fields["payload"], {"key": fields["payload"]["grant"]}
    if fields["act"] == "grant.ended":
        yield Change(Grant, key, {"until": fields["on"], "ended_by": fields["actor"]})
        return
    yield Change(
        Grant,
        key,
        {
            "user_id": payload["person"],
            "program": payload["program"],
            "role": payload["role"],
            "organization_id": payload["organization"] or None,
            "office": payload["office"],
            "relation": payload["relation"],
            "since": payload["since"],
            "granted_by": payload["granted_by"],
            "granted_role": payload["granted_role"],
            "is_stated": fields["act"] == "grant.stated",
        },
    )
    if payload["invitation"]:
        yield Change(Invitation, {"key": payload["invitation"]}, {"accepted_by": payload["person"]})


def project_invitation(
    fields: Fields, content: Mapping[str, Json] | None, before: Before
) -> Iterator[Change]:
    """Show an invitation that was sent or withdrawn."""
    payload, key = fields["payload"], {"key": fields["payload"]["invitation"]}
    if fields["act"] == "invitation.withdrawn":
        yield Change(Invitation, key, {"withdrawn_by": fields["actor"]})
        return
    yield Change(
        Invitation,
        key,
        {
            "email": content["email"] if content else "",
            "is_erased": content is None,
            "program": payload["program"],
            "role": payload["role"],
            "organization_id": payload["organization"] or None,
            "office": payload["office"],
            "relation": payload["relation"],
            "invited_by": fields["actor"],
            "invited_role": fields["role"],
            "invited_on": fields["on"],
            "expires_on": payload["expires_on"],
        },
    )


def project_token(
    fields: Fields, content: Mapping[str, Json] | None, before: Before
) -> Iterator[Change]:
    """Show a token of the API that was made or revoked."""
    payload, key = fields["payload"], {"key": fields["payload"]["token"]}
    if fields["act"] == "token.revoked":
        yield Change(ApiToken, key, {"revoked_on": fields["on"], "revoked_by": fields["actor"]})
        return
    yield Change(
        ApiToken,
        key,
        {
            "user_id": payload["person"],
            "name": content["name"] if content else "",
            "prefix": payload["prefix"],
            "digest": payload["digest"],
            "created_on": fields["on"],
            "expires_on": payload["expires_on"] or None,
        },
    )


def project_sign_in(
    fields: Fields, content: Mapping[str, Json] | None, before: Before
) -> Iterator[Change]:
    """Show a sign-in, a proof given again, or a change of what proves who somebody is."""
    payload, where = fields["payload"], content or {}
    yield Change(
        SignIn,
        {"seq": fields["seq"]},
        {
            "user_id": payload["person"],
            "act": fields["act"],
            "at": fields["recorded_at"],
            "by": fields["actor"],
            "method": payload.get("method", ""),
            "second_factor": payload.get("second_factor", ""),
            "ip": where.get("ip", ""),
            "device": where.get("device", ""),
        },
    )


PROJECTORS: Final[Mapping[str, Projector]] = {
    "person": project_person,
    "organization": project_organization,
    "grant": project_grant,
    "invitation": project_invitation,
    "token": project_token,
    "sign_in": project_sign_in,
}
TABLES: Final[tuple[type[Model], ...]] = (User, Organization, Grant, Invitation, ApiToken, SignIn)
UNPROJECTED: Final[Mapping[type[Model], frozenset[str]]] = {
    User: frozenset({"password", "last_login"}),
    ApiToken: frozenset({"last_used_on"}),
}

BESIDE: Final[tuple[Callable[[], Iterator[Disagreement]], ...]] = (strange_addresses,)
"""Checks of what a library keeps of people beside the record; ``verify`` runs them."""
KEEPERS: Final[Mapping[str, Keeper]] = {PEOPLE: keep_people}
OF_MANY: Final = (PEOPLE,)
"""How long the record of people is kept, for each of them."""
