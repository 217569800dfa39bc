"""The written notice of a visit: a letter with sites, scope, agenda and document request."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from greenlane.apps.audit.actions import one_at_a_time
from greenlane.apps.audit.queries import head_of
from greenlane.apps.certification.actions import Person, day_words, letter_drafts
from greenlane.apps.members.models import Account
from greenlane.apps.validations import queries
from greenlane.apps.validations.actions.recording import advance, event, payload_of
from greenlane.apps.validations.acts import Doing
from greenlane.apps.validations.models import Site, ValidationCase
from greenlane.content.packs import load_program
from greenlane.core.errors import BadInput

NOTICE: Final = "validation_notice"
_PAPERS_BEFORE_VISIT: Final = timedelta(days=10)
_SAYS: Final[dict[str, dict[str, str]]] = {
    "en": {
        "sites": "Sites: {sites}.",
        "scope": "Scope: {scope} Why: {rationale}",
        "ON_SITE": "The visit is held on site.",
        "VIRTUAL": "The visit is held virtually.",
        "requests": "Documents we ask for: {requests}.",
        "agenda": "Agenda: {agenda}.",
        "foreign": "abroad",
        "partner": "partner",
    },
    "es": {
        "sites": "Instalaciones: {sites}.",
        "scope": "Alcance: {scope} Razones: {rationale}",
        "ON_SITE": "La visita se realiza en sitio.",
        "VIRTUAL": "La visita se realiza de manera virtual.",
        "requests": "Documentos que solicitamos: {requests}.",
        "agenda": "Agenda: {agenda}.",
        "foreign": "en el extranjero",
        "partner": "socio",
    },
}


@one_at_a_time
def send_notice(
    *,
    account: Account,
    by: Person,
    at: datetime,
    language: str = "en",
    via: str = "",
) -> ValidationCase:
    """Give written notice of the visit (X03): the letter goes on file, then the step is recorded.

    Args:
        by: The specialist who sends it, with the name that the letter prints.
        language: Language of the letter.

    Raises:
        BadInput: no day is planned, no team, or no document is asked for.
        LetterNotSet: the letter cannot be set as PDF. NoSuchCase, Refused, Conflict.

    Source: validation guidelines of 2003 (30 days' written notice with document request); D09.
    """
    program = load_program(account.program)
    case, today = queries.case_open(account.stream), program.day_of(at)
    if case.visit_on is None:
        raise BadInput("Plan the day of the visit first; the notice names it.")
    if not case.requests or not case.team:
        raise BadInput("Name the team and the documents that are asked for; the notice lists them.")
    place = head_of(account.stream).seq
    papers_due = max(today, case.visit_on - _PAPERS_BEFORE_VISIT)
    letter, document = letter_drafts(
        account,
        program,
        NOTICE,
        today,
        at,
        language,
        (by,),
        via,
        document_place=1,
        values={
            "on": day_words(case.visit_on, language),
            "due_on": day_words(papers_due, language),
            "code": f"{account.stream}-{case.number}",
        },
        paragraphs=_paragraphs(case, language),
    )
    notified = event(
        "validation.notified", payload_of(case, letter=place + 2), on=today, by=by.actor, via=via
    )
    advance(account, Doing.NOTIFY, by=by.actor, at=at, via=via, before=[document, letter, notified])
    return queries.case_open(account.stream)


def _paragraphs(case: ValidationCase, language: str) -> tuple[str, ...]:
    says = _SAYS["es" if language.startswith("es") else "en"]
    sites = "; ".join(_site_words(site, says) for site in queries.sites_of(case))
    found = [
        says["sites"].format(sites=sites),
        says["scope"].format(scope=case.scope, rationale=case.rationale),
        says[case.mode],
        says["requests"].format(requests="; ".join(case.requests)),
    ]
    if case.agenda:
        found.append(says["agenda"].format(agenda="; ".join(case.agenda)))
    return tuple(found)


def _site_words(site: Site, says: dict[str, str]) -> str:
    marks = [site.country]
    if site.owner == "PARTNER":
        marks.append(says["partner"])
    if site.is_foreign:
        marks.append(says["foreign"])
    return f"{site.name} ({', '.join(marks)})"
