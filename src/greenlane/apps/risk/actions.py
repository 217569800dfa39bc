"""Files a risk assessment: its document and the step that the application rests on."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from greenlane.apps.audit.actions import one_at_a_time
from greenlane.apps.audit.seal import Sealed
from greenlane.apps.documents.actions import give_document
from greenlane.apps.members.actions.steps import step
from greenlane.apps.members.models import Account
from greenlane.content.packs import load_program
from greenlane.core.errors import BadInput
from greenlane.core.ledger import EventDraft
from greenlane.core.lifecycle.decide import Actor
from greenlane.core.vocabulary import Purpose

FILING: Final = Purpose.FILE_RISK_ASSESSMENT
PURPOSE: Final = "risk_assessment"


@one_at_a_time
def file_assessment(
    *,
    account: Account,
    assessed_on: date,
    name: str,
    content: bytes,
    summary: str,
    by: Actor,
    at: datetime,
    via: str = "",
) -> Account:
    """File a risk assessment made on ``assessed_on``.

    Raises:
        BadInput: the day is still to come.
        FileRefused: the document is not taken.
        UnknownRuleId: the program asks for none.
        Refused: the account is not in a state that takes one, or the role may not.
    """
    program = load_program(account.program)
    today = program.day_of(at)
    if assessed_on > today:
        raise BadInput(
            "An assessment of {assessed_on} is still to come. Give the day it was made.",
            assessed_on=assessed_on,
        )
    document = give_document(
        stream=account.stream,
        name=name,
        content=content,
        purpose=PURPOSE,
        by=by,
        at=at,
        program=program,
        via=via,
    )
    draft = EventDraft(
        "assessment",
        "assessment.filed",
        today,
        by.id,
        by.role,
        payload={"assessed_on": assessed_on.isoformat(), "document_seq": document.seq},
        via=via,
    )
    return step(
        account=account,
        act=program.act_that(FILING).id,
        by=by,
        at=at,
        given={"assessed_on": assessed_on.isoformat()},
        via=via,
        before=[(draft, Sealed("account_content", {"summary": summary}))],
    )
