"""What every resource of the API shares: who asks, which account, how a refusal is answered."""

from __future__ import annotations

import logging
from collections.abc import Collection
from typing import TYPE_CHECKING, Any, Literal

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI, Schema
from ninja.errors import HttpError, ValidationError
from pydantic import ConfigDict

from greenlane import __version__
from greenlane.api.v1.reading import StrictParser, Unreadable, check_text
from greenlane.apps.accounts.queries import acting_role
from greenlane.apps.members import queries
from greenlane.content.packs import load_program
from greenlane.core.access import Who
from greenlane.core.errors import BadInput, Conflict, GreenlaneError, NotAllowed, NotFound
from greenlane.core.lifecycle.decide import Actor, Refused
from greenlane.core.vocabulary import Matter
from greenlane.gate import records
from greenlane.gate.access import signed_in, the_program, today

if TYPE_CHECKING:
    from greenlane.apps.members.models import Account

log = logging.getLogger(__name__)

VIA = "api"
PROBLEM = "application/problem+json"

api = NinjaAPI(
    title="Greenlane",
    version="1",
    description=(
        "Trusted-trader program: accounts, acts, duties, profile, vetting, letters and the record. "
        "Send `Authorization: Bearer glt_...`. Errors are `application/problem+json` with a stable "
        "`code`. Send `Idempotency-Key` with what changes something: a repetition within a day "
        "gets the first answer and records nothing new."
    ),
    urls_namespace="api-v1",
    docs_url=None,
    parser=StrictParser(),
)
__all__ = ["VIA", "Language", "account_for", "acting_on", "api", "problem"]
_TITLES = {
    400: "Cannot be read",
    401: "Not signed in",
    403: "Not allowed",
    404: "Not found",
    409: "Changed meanwhile",
    422: "Refused",
    500: "Broken",
}


Language = Literal["en", "es"]
"""Languages that letters, reports and texts come in."""


class Body(Schema):
    """A body of a request: what the API does not know is refused, never silently dropped."""

    model_config = ConfigDict(extra="forbid")


def problem(status: int, code: str, detail: str, **more: Any) -> HttpResponse:
    """Return a refusal as ``application/problem+json`` (RFC 9457)."""
    body = {
        "type": "about:blank",
        "title": _TITLES.get(status, "Refused"),
        "status": status,
        "code": code,
        "detail": detail,
        **more,
    }
    return JsonResponse(body, status=status, content_type=PROBLEM)


@api.exception_handler(GreenlaneError)
def _refused(request: HttpRequest, error: GreenlaneError) -> HttpResponse:
    if isinstance(error, Refused):
        gates = [
            {
                "guard": answer.guard.code,
                "answer": answer.truth.value,
                "message": str(answer.guard.message),
                "source": answer.guard.source.citation,
            }
            for answer in error.answers
        ]
        return problem(422, error.refusal, error.message, gates=gates)
    status = 422
    for kind, code in ((NotFound, 404), (NotAllowed, 403), (Conflict, 409), (BadInput, 422)):
        if isinstance(error, kind):
            status = code
            break
    return problem(status, error.code, error.message)


@api.exception_handler(ValidationError)
def _unreadable(request: HttpRequest, error: ValidationError) -> HttpResponse:
    faults = [
        {"where": ".".join(str(part) for part in fault["loc"]), "what": fault["msg"]}
        for fault in error.errors
    ]
    first = faults[0] if faults else {"where": "body", "what": "cannot be read"}
    detail = f"{first['where']}: {first['what']}. Correct it and send it again."
    return problem(400, "input.unreadable", detail, faults=faults)


@api.exception_handler(HttpError)
def _http(request: HttpRequest, error: HttpError) -> HttpResponse:
    said = str(error)
    if isinstance(error.__cause__, Unreadable) and str(error.__cause__) not in said:
        said = f"The body cannot be read. {error.__cause__}"
    return problem(error.status_code, "input.unreadable", said)


@api.exception_handler(Exception)
def _broken(request: HttpRequest, error: Exception) -> HttpResponse:
    log.error("The API failed at %s.", request.path, exc_info=error)
    detail = "Something failed on our side; nothing was half stored. Tell the operator the time."
    return problem(500, "api.broken", detail)


def account_for(request: HttpRequest, key: str, *, matter: Matter = Matter.ACCOUNT) -> Account:
    """Return an account that whoever asks may see; a key that no database can look up has none.

    Raises:
        NoSuchAccount: there is none, or it is not theirs to see.
    """
    try:
        check_text(key)
    except Unreadable:
        raise queries.NoSuchAccount("There is no account of that key.") from None
    return records.account_for(request, key, matter=matter)


def acting_on(
    request: HttpRequest, key: str, wanted: Collection[str] | Who
) -> tuple[Account, Actor]:
    """Return an account that whoever asks may see, and them as the actor in a wanted role.

    Raises:
        NoSuchAccount: not theirs to see. RoleNotAllowed: none of these roles.
    """
    account = account_for(request, key)
    program = load_program(account.program)
    person = signed_in(request).key
    role = acting_role(
        person,
        wanted=wanted(program) if callable(wanted) else wanted,
        program=program,
        on=today(),
        organization=account.organization,
        office=account.office,
    )
    return account, Actor(person, role)


def role_reading(request: HttpRequest, account: Account, matter: Matter) -> str:
    """Return a role in which whoever asks may read a matter of the account.

    Raises:
        NoSuchAccount: they may not; the answer does not tell whether there is anything to read.
    """
    if not records.may_see(request, account, matter):
        raise queries.NoSuchAccount(f"There is no account {account.stream!r} for you here.")
    program, person = load_program(account.program), signed_in(request).key
    return acting_role(
        person,
        wanted=program.readers_of(matter),
        program=program,
        on=today(),
        organization=account.organization,
        office=account.office,
    )


@api.get("/", url_name="root", summary="What this is", response=dict[str, Any])
def root(request: HttpRequest) -> dict[str, Any]:
    """Return version, program and the disclaimer."""
    program = the_program()
    return {
        "greenlane": __version__,
        "program": program.id,
        "title": str(program.title),
        "pack_version": program.version,
        "pack_digest": program.digest,
        "disclaimer": str(program.disclaimer),
    }
