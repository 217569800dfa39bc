"""An office and a company whose people hold tokens, and a client that speaks the API for them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from allauth.mfa.totp.internal.auth import yield_hotp_counters_from_time as counters
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.client import MULTIPART_CONTENT

from greenlane.apps.accounts import actions
from greenlane.apps.accounts.models import User
from greenlane.gate.access import now
from tests.factories.people import a_person, an_organization, person_with, the_program

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
GOOD: dict[str, object] = {
    "trade.history_is_demonstrable": True,
    "trade.imports_last_12_months": 12,
    "office.staffed_countries": ["US"],
    "identifier.has_importer_number": True,
    "bond.has_continuous_import": True,
    "company.has_security_officer": True,
    "company.will_sign_agreement": True,
    "debt.is_final_unpaid": False,
    "history.has_security_events": False,
    "application.eligibility_is_confirmed": True,
}


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer of the API: status, media type, and its JSON or bytes."""

    status: int
    media_type: str
    body: Any

    @property
    def code(self) -> str:
        """The stable code of a refusal."""
        assert self.media_type == "application/problem+json", self
        assert self.body["status"] == self.status
        return str(self.body["code"])


class Caller:
    """Somebody with a real token; what they send carries nothing else."""

    def __init__(self, person: User | None = None, token: str = "") -> None:
        self.key = person.key if person else ""
        self.token = token
        if person and not token:
            _, self.token = actions.create_token(
                person=person.key, name="test", at=now(), program=the_program()
            )

    def send(self, method: str, path: str, content: Any = b"", kind: str = "") -> Reply:
        """Send bytes of a media type, or with no media type a JSON body."""
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        sent = content if kind or content == b"" else json.dumps(content)
        answer = Client(raise_request_exception=False).generic(
            method,
            f"/api/v1{path}",
            sent,
            content_type=kind or "application/json",
            headers=headers,
        )
        media_type = answer.headers.get("Content-Type", "").partition(";")[0]
        is_json = media_type.endswith("json")
        return Reply(answer.status_code, media_type, answer.json() if is_json else answer.content)

    def get(self, path: str) -> Reply:
        """Read."""
        return self.send("GET", path)

    def post(self, path: str, **body: Any) -> Reply:
        """Send a JSON object by POST."""
        return self.send("POST", path, body)

    def put(self, path: str, **body: Any) -> Reply:
        """Send a JSON object by PUT."""
        return self.send("PUT", path, body)

    def upload(self, path: str, content: bytes, name: str = "paper.pdf", **fields: Any) -> Reply:
        """Send a file with form fields."""
        answer = Client(raise_request_exception=False).post(
            f"/api/v1{path}",
            {"file": SimpleUploadedFile(name, content), **fields},
            content_type=MULTIPART_CONTENT,
            headers={"Authorization": f"Bearer {self.token}"},
        )
        media_type = answer.headers["Content-Type"].partition(";")[0]
        return Reply(answer.status_code, media_type, answer.json())


def present_code() -> str:
    """Return the present code of an authenticator app with `SECRET`."""
    return str(format_hotp_value(hotp_value(SECRET, next(iter(counters())))))


class World:
    """A company with officer and contact, an office with its people, a stranger, a rival."""

    def __init__(self) -> None:
        company, rival = an_organization(), an_organization()
        self.organization = company.key
        officer = person_with("company_officer", company)
        TOTP.activate(officer, SECRET)
        self.officer = Caller(officer)
        self.contact = Caller(person_with("point_of_contact", company))
        self.rival = Caller(person_with("company_officer", rival))
        self.stranger = Caller(a_person())
        self.nobody = Caller()
        self.specialist = Caller(person_with("specialist"))
        self.analyst = Caller(person_with("vetting_analyst"))
        self.chief = Caller(person_with("field_manager"))

    def opened(self) -> str:
        """Open an account; return its key."""
        made = self.contact.post(
            "/accounts",
            entity_type="importer",
            organization=self.organization,
            company_name="Muñoz 进口 Co",
            facts=GOOD,
        )
        assert made.status == 201, made
        return str(made.body["account"])

    def signed(self, key: str) -> Reply:
        """Read the agreement and sign it with a code of the officer's app."""
        text = self.officer.get(f"/accounts/{key}/agreement").body
        return self.officer.post(
            f"/accounts/{key}/agreement", text_sha256=text["text_sha256"], code=present_code()
        )
