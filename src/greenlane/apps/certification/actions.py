"""Certification: one proposes, another approves, and the signed letter goes on file first."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.conf import settings
from django.utils import dateformat, translation

from greenlane.apps.audit.actions import append, one_at_a_time
from greenlane.apps.audit.queries import head_of
from greenlane.apps.audit.receipts import make_receipt
from greenlane.apps.audit.seal import Sealed
from greenlane.apps.certification import queries
from greenlane.apps.certification.facts import act_facts
from greenlane.apps.certification.letter_pdf import LetterText, Signer, set_letter
from greenlane.apps.certification.models import Letter, Proposal
from greenlane.apps.documents.actions import document_draft
from greenlane.apps.members.actions.steps import step
from greenlane.apps.members.models import Account
from greenlane.apps.vetting.queries import vetting_facts
from greenlane.content.packs import load_program
from greenlane.core.canonical import sha256_hex
from greenlane.core.errors import AnyOf, BadInput
from greenlane.core.facts import FactValue
from greenlane.core.ledger import EventDraft
from greenlane.core.lifecycle.decide import Actor, Refused
from greenlane.core.program import Program
from greenlane.core.vocabulary import Purpose, Tier

LETTER_WORDS: Final = "letter"
PROPOSAL_WORDS: Final = "account_content"
_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CODE_LENGTH: Final = 12
CHECK_TITLE: Final = {"en": "Check this letter:", "es": "Verifique esta carta:"}
CHECK_TEXT: Final = {
    "en": "{address} with code {code} and the company's name.",
    "es": "{address} con el código {code} y el nombre de la empresa.",
}
HEAD_TEXT: Final = {
    "en": "Record {stream}, event {seq}: {hash}. The signed head is attached to this file.",
    "es": "Expediente {stream}, evento {seq}: {hash}. La cabecera firmada va anexa a este archivo.",
}


@dataclass(frozen=True, slots=True)
class Person:
    """Who acts, with the name that a letter prints."""

    actor: Actor
    name: str


@one_at_a_time
def propose(
    *,
    account: Account,
    by: Actor,
    at: datetime,
    act: str = "",
    given: Mapping[str, str] | None = None,
    words: str = "",
    via: str = "",
) -> Proposal:
    """Propose an act that needs a second person: certification, unless another is named.

    Raises:
        Refused: the role may not do the act, or one is proposed already.
        Conflict: the account changed meanwhile.
    """
    program = load_program(account.program)
    row = program.transition(act) if act else program.act_that(Purpose.CERTIFY)
    act = row.id
    if by.role not in row.by:
        raise Refused(
            "role.not_allowed",
            "{act} ({title}) is proposed by {roles}, not by {role}.",
            act=act,
            title=row.title,
            roles=AnyOf(sorted(row.by)),
            role=by.role,
        )
    if queries.open_proposals(account.stream).filter(act=act).exists():
        raise Refused(
            "proposal.open",
            "{act} is proposed already and waits for a second person's decision.",
            act=act,
        )
    draft = EventDraft(
        "proposal",
        "proposal.made",
        program.day_of(at),
        by.id,
        by.role,
        payload={"act": act, "given": dict(given or {})},
        via=via,
    )
    (event,) = append(
        stream=account.stream,
        expected=head_of(account.stream).seq,
        drafts=[(draft, Sealed(PROPOSAL_WORDS, {"words": words}) if words else None)],
        at=at,
        program=program,
    )
    return queries.proposal(account.stream, event.seq)


@one_at_a_time
def approve(
    *,
    account: Account,
    proposal: Proposal,
    by: Actor,
    at: datetime,
    expected: int | None = None,
    via: str = "",
) -> Account:
    """Approve a proposed act that issues no letter: the decision and its step in one.

    The proposer's words are the step's reasons. Certification has `certify`.

    Args:
        by: The second person: somebody else than the proposer (R14).
        expected: Number of the account's events that the decision was made on; default: now.

    Raises:
        Refused: the act is not lawful now, the role may not, or it is one's own proposal.
        BadInput: it is a certification. Conflict: the account changed meanwhile.
    """
    program = load_program(account.program)
    _check_second(program, proposal, by)
    if program.transition(proposal.act).does is Purpose.CERTIFY:
        raise BadInput("A certification is approved with its letter. Use its own page or address.")
    return step(
        account=account,
        act=proposal.act,
        by=Actor(proposal.proposed_by, proposal.role),
        second=by,
        at=at,
        given=dict(proposal.given),
        facts=act_facts(account, on=program.day_of(at)),
        words=proposal.words,
        via=via,
        before=[(_decided(program, proposal, "APPROVED", by, at, via), None)],
        expected=expected,
    )


@one_at_a_time
def decline(
    *,
    account: Account,
    proposal: Proposal,
    by: Actor,
    at: datetime,
    words: str,
    via: str = "",
    expected: int | None = None,
) -> None:
    """Decline a proposal, with a reason; the account stays as it is.

    Raises:
        Refused: the role may not decide it, or it is one's own proposal.
        BadInput: no reason. Conflict: the account has not ``expected`` events any more.
    """
    program = load_program(account.program)
    _check_second(program, proposal, by)
    if not words.strip():
        raise BadInput("Say why it is declined, so that the specialist can act on it.")
    draft = _decided(program, proposal, "DECLINED", by, at, via)
    append(
        stream=account.stream,
        expected=head_of(account.stream).seq if expected is None else expected,
        drafts=[(draft, Sealed(PROPOSAL_WORDS, {"words": words.strip()}))],
        at=at,
        program=program,
    )


@one_at_a_time
def certify(
    *,
    account: Account,
    proposal: Proposal,
    proposer: Person,
    by: Person,
    at: datetime,
    language: str = "en",
    via: str = "",
    expected: int | None = None,
) -> Account:
    """Approve a proposed certification: the signed letter goes on file, then the act is recorded.

    All in one transaction; the letter exists before the step that rests on it.

    Args:
        proposer: The specialist who proposed it, for the letter.
        by: The field manager who approves: somebody else (R14).
        language: Language of the letter.
        expected: Number of the account's events that the decision was made on; default: now.

    Raises:
        Refused: a guard does not hold, the role may not, or it is one's own proposal.
        LetterNotSet: the letter cannot be set as PDF. Conflict.
    """
    program = load_program(account.program)
    _check_second(program, proposal, by.actor)
    if program.transition(proposal.act).does is not Purpose.CERTIFY:
        # Its letter would say that the company is certified.
        raise BadInput("This proposal is no certification, and gets no letter of one.")
    today = program.day_of(at)
    kind = program.transition(proposal.act).letter
    letter, document = letter_drafts(
        account, program, kind, today, at, language, (proposer, by), via
    )
    facts: dict[str, FactValue] = {
        **vetting_facts(account, on=today),
        "certification.letter_is_signed": True,
    }
    return step(
        account=account,
        act=proposal.act,
        by=Actor(proposal.proposed_by, proposal.role),
        second=by.actor,
        at=at,
        given=dict(proposal.given),
        facts=facts,
        via=via,
        before=[
            (_decided(program, proposal, "APPROVED", by.actor, at, via), None),
            document,
            letter,
        ],
        expected=expected,
    )


def letters_after(stream: str, seq: int) -> list[Letter]:
    """Return letters issued after place ``seq``, oldest first: what a mail should carry."""
    return list(Letter.objects.filter(stream=stream, seq__gt=seq).order_by("seq"))


def check_language(language: str, written: Sequence[str]) -> None:
    """Refuse a language that is not written, before a letter or report is issued in another.

    Args:
        language: As asked for; a region after a hyphen does not count.
        written: Those there are texts in: of a letter, the program's.

    Raises:
        BadInput: it is none of them.
    """
    if language.partition("-")[0] not in written:
        raise BadInput(
            "Letters and reports come in {languages}, not in {language!r}.",
            languages=", ".join(written),
            language=language[:20],
        )


def letter_drafts(
    account: Account,
    program: Program,
    kind: str,
    today: date,
    at: datetime,
    language: str,
    signers: tuple[Person, ...],
    via: str,
    *,
    document_place: int = 2,
    values: Mapping[str, str] | None = None,
    paragraphs: tuple[str, ...] = (),
) -> tuple[tuple[EventDraft, Sealed], tuple[EventDraft, Sealed]]:
    """Return the events of a letter and of its document, in the order letter, document.

    Args:
        document_place: How many events after the present head the document will stand: the caller
            appends it there (decision of the proposal, document, letter: second).
        values: What fills a placeholder of the pack's text otherwise than for a certification.
        paragraphs: What the letter says after the pack's own paragraphs.

    Raises:
        LetterNotSet: the letter cannot be set as PDF.
        BadInput: letters do not come in that language.
    """
    check_language(language, program.languages)
    head = head_of(account.stream)
    code = "".join(secrets.choice(_ALPHABET) for _ in range(_CODE_LENGTH))
    receipt = make_receipt(account.stream, at=at)
    text = letter_text(
        account,
        program,
        kind,
        today,
        language,
        signers,
        code,
        (head.seq, head.hash),
        given=values,
        paragraphs=paragraphs,
    )
    pdf = set_letter(text, receipt=receipt)
    by = signers[-1].actor
    document = document_draft(
        name=f"{kind}-{account.stream}-{today}.pdf",
        content=pdf,
        purpose="letter",
        by=by,
        on=today,
        via=via,
    )
    draft = EventDraft(
        "letter",
        "letter.issued",
        today,
        by.id,
        by.role,
        payload={
            "kind": kind,
            "code": code,
            "language": language,
            "sha256": sha256_hex(pdf),
            "document_seq": head.seq + document_place,
            "head_seq": head.seq,
            "head_hash": head.hash,
        },
        via=via,
    )
    return (draft, Sealed(LETTER_WORDS, {"company_name": account.company_name})), document


def letter_text(
    account: Account,
    program: Program,
    kind: str,
    today: date,
    language: str,
    signers: tuple[Person, ...],
    code: str,
    head: tuple[int, str],
    *,
    given: Mapping[str, str] | None = None,
    paragraphs: tuple[str, ...] = (),
) -> LetterText:
    """Return everything a letter of ``kind`` prints, from the pack's texts.

    ``given`` fills placeholders otherwise than for a certification; ``paragraphs`` come last.
    """
    parts = program.letters[kind]
    tier = program.labels.get("tier", {}).get(
        program.entity_type(account.entity_type).entry_tier.value
    )
    shown_code = "-".join(code[i : i + 4] for i in range(0, len(code), 4))
    address = f"{settings.PUBLIC_ADDRESS}/check"
    values = {
        "company": account.company_name,
        "account": account.stream,
        "entity_type": program.entity_type(account.entity_type).title.in_(language),
        "tier": tier.in_(language) if tier else Tier.NONE.value,
        "on": day_words(today, language),
        "specialist": signers[0].name,
        "code": shown_code,
        "due_on": "",
        "benefits": "",
        **dict(given or {}),
    }
    say = {key: text.in_(language).format_map(values) for key, text in parts.items()}
    language_key = "es" if language.startswith("es") else "en"
    return LetterText(
        program=program.title.in_(language),
        authority=program.authority_name.in_(language),
        disclaimer=program.disclaimer.in_(language),
        language=language_key,
        subject=say["subject"],
        on_text=day_words(today, language),
        account=account.stream,
        greeting=say["greeting"],
        body=(*(say[key] for key in say if key.startswith("body_")), *paragraphs),
        closing=say["closing"],
        signers=tuple(
            Signer(person.name, program.roles[person.actor.role].title.in_(language))
            for person in signers
        ),
        check_title=CHECK_TITLE[language_key],
        check_text=CHECK_TEXT[language_key].format(address=address, code=shown_code),
        head_text=HEAD_TEXT[language_key].format(stream=account.stream, seq=head[0], hash=head[1]),
        footer=f"{account.stream} · {shown_code}",
        qr=_qr(f"{address}/{code}"),
    )


def day_words(day: date, language: str) -> str:
    """Return an unambiguous day: 3 May 2026, 3 de mayo de 2026."""
    form = r"j \d\e F \d\e Y" if language.startswith("es") else "j F Y"
    with translation.override(language):
        return dateformat.format(day, form)


def _qr(address: str) -> str:
    import io

    import segno

    out = io.BytesIO()
    segno.make(address, error="m").save(out, kind="svg", xmldecl=False, border=0, scale=4)
    return out.getvalue().decode()


def _check_second(program: Program, proposal: Proposal, by: Actor) -> None:
    row = program.transition(proposal.act)
    if by.role not in row.second_by:
        raise Refused(
            "second.role_not_allowed",
            "{act} is decided by {roles}, not by {role}.",
            act=proposal.act,
            roles=AnyOf(sorted(row.second_by)),
            role=by.role,
        )
    if by.id == proposal.proposed_by:
        raise Refused(
            "second.same_person", "You proposed this; somebody else must decide it (R14)."
        )
    if proposal.state != "OPEN":
        raise Refused(
            "proposal.decided", "This proposal was decided already. Open it again to see how."
        )


def _decided(
    program: Program, proposal: Proposal, state: str, by: Actor, at: datetime, via: str
) -> EventDraft:
    return EventDraft(
        "proposal",
        f"proposal.{state.lower()}",
        program.day_of(at),
        by.id,
        by.role,
        payload={"seq": proposal.seq, "state": state},
        via=via,
    )
