"""What the criteria files of a pack may hold: one pydantic model per kind of file.

Only the shape of a single file is checked here. What needs a second file (references, counts of
translated parts, validity of editions) is checked in ``criteria_build``.
"""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Mapping
from typing import Annotated, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
)
from pydantic_core import ErrorDetails, PydanticCustomError

from greenlane.content.criteria_yaml import FilesRefused, Problem, YamlDocument
from greenlane.core.criteria import (
    CellState,
    EditionStatus,
    EvidenceKind,
    IdStatus,
    TextConfidence,
)
from greenlane.core.text import FALLBACK
from greenlane.core.vocabulary import CriterionLevel

M = TypeVar("M", bound="Entry")


def _trimmed(value: str) -> str:
    if value != value.strip():
        raise PydanticCustomError("untrimmed", "the text begins or ends with a space")
    if "\x00" in value or "�" in value:
        raise PydanticCustomError("damaged", "the text holds a character that only damage leaves")
    return value


def _has_base_language(value: dict[str, str]) -> dict[str, str]:
    if FALLBACK not in value:
        raise PydanticCustomError("no_english", "the text has no `en`")
    return value


def no_repeats(value: list[str]) -> list[str]:
    """Return the list, or refuse it where a value stands in it twice."""
    if len(set(value)) != len(value):
        raise PydanticCustomError("repeated", "a value stands twice in the list")
    return value


Words = Annotated[str, StringConstraints(min_length=1, max_length=4000), AfterValidator(_trimmed)]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,79}$")]
CriterionId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9.\-]{0,31}$")]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}(-[A-Z]{2})?$")]
LocalText = Annotated[dict[Language, Words], AfterValidator(_has_base_language)]
Day = Annotated[dt.date, Field(strict=True)]
Month = Annotated[str, StringConstraints(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$")]
Keys = Annotated[list[Key], AfterValidator(no_repeats)]
SomeKeys = Annotated[list[Key], Field(min_length=1), AfterValidator(no_repeats)]
Address = Annotated[str, StringConstraints(pattern=r"^https?://[^\s]+$", max_length=400)]


def _day_or_text(value: object) -> object:
    """Turn an unquoted full date into text: history knows months as well as days."""
    return value.isoformat() if isinstance(value, dt.date) else value


Moment = Annotated[Month, BeforeValidator(_day_or_text)]


class Entry(BaseModel):
    """Base of every entry: no unknown keys, no silent conversions."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class SourceEntry(Entry):
    """One source; ``title`` may be in English only, being the name of a page."""

    title: LocalText
    url: Address | None = None


class ComplianceEntry(Entry):
    """From which day something binds."""

    new_applicants: Day
    existing_members: Day


class FocusAreaEntry(Entry):
    """The widest heading."""

    key: Key
    name: LocalText


class CategoryEntry(Entry):
    """A heading of criteria."""

    number: Annotated[int, Field(ge=1, le=999)]
    label: Words | None = None
    name: LocalText
    focus_area: Key


class EditionEntry(Entry):
    """``edition.yaml``. What an edition based on another leaves out, it takes from that one."""

    id: CriterionId
    title: LocalText
    status: Annotated[EditionStatus, Field(strict=False)]
    valid_from: Day
    compliance: ComplianceEntry
    publisher: LocalText
    license: Words
    retrieved_on: Day
    sources: SomeKeys
    supersedes: CriterionId | None = None
    based_on: CriterionId | None = None
    languages: Annotated[list[Language], Field(min_length=1), AfterValidator(no_repeats)]
    entity_types: SomeKeys | None = None
    focus_areas: Annotated[list[FocusAreaEntry], Field(min_length=1)] | None = None
    categories: Annotated[list[CategoryEntry], Field(min_length=1)] | None = None
    cell_basis: dict[Annotated[CellState, Field(strict=False)], LocalText] | None = None
    id_labels: dict[Annotated[IdStatus, Field(strict=False)], LocalText] | None = None
    unseen_ids: list[CriterionId] | None = None
    control_prefix: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]{0,15}$")] | None = (
        None
    )
    note: LocalText | None = None
    sealed: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")] | None = None


class SubRequirementEntry(Entry):
    """One part of a criterion."""

    key: Key
    text: Words
    level: Annotated[CriterionLevel, Field(strict=False)]
    reported: bool = False


class EvidenceEntry(Entry):
    """One kind of proof."""

    kind: Annotated[EvidenceKind, Field(strict=False)]
    text: Words


class CellEntry(Entry):
    """One entity type of a criterion."""

    state: Annotated[CellState, Field(strict=False)]
    level: Annotated[CriterionLevel, Field(strict=False)] | None = None
    condition: Words | None = None
    sources: SomeKeys | None = None


class HistoryEntry(Entry):
    """One dated change; ``on`` is a day or a month."""

    on: Moment
    change: LocalText


class RelationEntry(Entry):
    """A remark about another criterion."""

    id: CriterionId
    change: LocalText


class CriterionEntry(Entry):
    """One criterion, English text inline."""

    id: CriterionId
    id_status: Annotated[IdStatus, Field(strict=False)]
    candidate_ids: LocalText | None = None
    program: Words | None = None
    category: Annotated[int, Field(ge=1, le=999)]
    level: Annotated[CriterionLevel, Field(strict=False)]
    cells: Annotated[dict[Key, CellEntry], Field(min_length=1)]
    title: Words
    requirement: Words
    sub_requirements: list[SubRequirementEntry] = []
    evidence: Annotated[list[EvidenceEntry], Field(min_length=1)]
    guidance: Words | None = None
    guidance_confidence: Annotated[TextConfidence, Field(strict=False)] | None = None
    confidence: Annotated[TextConfidence, Field(strict=False)]
    confidence_detail: dict[Key, Annotated[TextConfidence, Field(strict=False)]] = {}
    params: dict[Key, bool | int | Words | list[Words]] = {}
    lists: Keys = []
    history: list[HistoryEntry] = []
    also_affects: list[RelationEntry] = []
    compliance: ComplianceEntry | None = None
    tags: Annotated[list[Key], AfterValidator(no_repeats)] = []
    sources: SomeKeys


class CriteriaFile(Entry):
    """``criteria/NN-slug.yaml``."""

    criteria: Annotated[list[CriterionEntry], Field(min_length=1)]


class CellPatch(Entry):
    """What a change sets in a cell; what it leaves out stays."""

    state: Annotated[CellState, Field(strict=False)] | None = None
    level: Annotated[CriterionLevel, Field(strict=False)] | None = None
    condition: Words | None = None
    sources: SomeKeys | None = None


class CriterionPatch(Entry):
    """What a change sets in a criterion; what it leaves out stays. A cell set to null goes."""

    level: Annotated[CriterionLevel, Field(strict=False)] | None = None
    cells: Annotated[dict[Key, CellPatch | None], Field(min_length=1)] | None = None
    title: Words | None = None
    requirement: Words | None = None
    sub_requirements: list[SubRequirementEntry] | None = None
    evidence: Annotated[list[EvidenceEntry], Field(min_length=1)] | None = None
    guidance: Words | None = None
    guidance_confidence: Annotated[TextConfidence, Field(strict=False)] | None = None
    confidence: Annotated[TextConfidence, Field(strict=False)] | None = None
    params: dict[Key, bool | int | Words | list[Words]] | None = None
    lists: Keys | None = None
    compliance: ComplianceEntry | None = None
    tags: Annotated[list[Key], AfterValidator(no_repeats)] | None = None


class ChangedEntry(Entry):
    """One criterion that this edition changes."""

    id: CriterionId
    on: Moment
    change: LocalText
    sources: SomeKeys
    set: CriterionPatch


class WithdrawnEntry(Entry):
    """One criterion that this edition no longer has."""

    id: CriterionId
    on: Moment
    change: LocalText
    sources: SomeKeys


class ChangesFile(Entry):
    """``changes.yaml`` of an edition that is based on another."""

    added: list[CriterionEntry] = []
    changed: list[ChangedEntry] = []
    withdrawn: list[WithdrawnEntry] = []


class TranslationEntry(Entry):
    """The texts of one criterion in another language, parts in the same order as in English."""

    title: Words | None = None
    requirement: Words | None = None
    sub_requirements: list[Words] | None = None
    evidence: list[Words] | None = None
    guidance: Words | None = None
    conditions: dict[Key, Words] = {}


class ListItemEntry(Entry):
    """One line of a list."""

    key: Key
    text: LocalText
    group: Key | None = None
    when: LocalText | None = None
    value: Words | None = None


class ListFile(Entry):
    """``lists/slug.yaml``: one list that criteria refer to."""

    id: Key
    kind: Annotated[
        str,
        StringConstraints(
            pattern="^(inspection|log|procedure|warning_signs|standard|method|periods|channels)$"
        ),
    ]
    title: LocalText
    groups: dict[Key, LocalText] = {}
    items: Annotated[list[ListItemEntry], Field(min_length=1)]
    sources: SomeKeys
    confidence: Annotated[TextConfidence, Field(strict=False)]
    note: LocalText | None = None


def check_document(document: YamlDocument, model: type[M]) -> M:
    """Return the entry that a file holds.

    Raises:
        FilesRefused: The file does not have the shape of ``model``; one problem per fault.
    """
    try:
        return model.model_validate(document.value)
    except ValidationError as error:
        details = error.errors(include_url=False)
        raise FilesRefused([_problem(document, model, detail) for detail in details]) from None


def check_translations(document: YamlDocument) -> dict[str, TranslationEntry]:
    """Return the translated texts of a language file: criterion id -> texts.

    Raises:
        FilesRefused: The file is not a mapping of that shape.
    """
    if not isinstance(document.value, dict):
        what = "A language file is a mapping from criterion id to texts."
        raise FilesRefused([Problem(document.file, 1, what, "Begin each entry with its id.")])
    found: dict[str, TranslationEntry] = {}
    problems: list[Problem] = []
    for criterion_id, value in document.value.items():
        try:
            found[criterion_id] = TranslationEntry.model_validate(value)
        except ValidationError as error:
            for detail in error.errors(include_url=False):
                shifted: ErrorDetails = {**detail, "loc": (criterion_id, *detail["loc"])}
                problems.append(_problem(document, TranslationEntry, shifted))
    if problems:
        raise FilesRefused(problems)
    return found


def _problem(document: YamlDocument, model: type[Entry], detail: ErrorDetails) -> Problem:
    """Turn one finding of pydantic into a sentence with file, line and remedy."""
    loc = tuple(part for part in detail["loc"] if part != "[key]")
    name = ".".join(str(part) for part in loc) or "The file"
    kind, given = detail["type"], detail["input"]
    if kind == "missing":
        what, remedy = f"`{name}` is missing.", "Add it."
    elif kind == "extra_forbidden":
        near = difflib.get_close_matches(str(loc[-1]), _known_keys(model), n=1)
        what = f"`{name}` is no key that stands here."
        remedy = f"Did you mean `{near[0]}`?" if near else "Remove it, or correct its indentation."
    elif kind == "enum":
        what = f"`{name}` is {_shown(given)}."
        remedy = f"Write {(detail.get('ctx') or {}).get('expected', 'a known value')}."
    elif kind == "string_type":
        what = f"`{name}` is not text: {_shown(given)}."
        remedy = "Put it in quotes, or write the text."
    else:
        what = f"`{name}` is {_shown(given)}: {detail['msg'][:1].lower()}{detail['msg'][1:]}."
        remedy = "Correct the value; docs/reference/criteria-format.md says what may stand here."
    return Problem(document.file, document.line_of(loc), what, remedy)


def _shown(value: object) -> str:
    if isinstance(value, Mapping | list):
        return "a mapping" if isinstance(value, Mapping) else "a list"
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _known_keys(model: type[Entry]) -> list[str]:
    """Return every key of this file's models: near enough to guess a misspelled one."""
    known: set[str] = set()
    for each in (model, *Entry.__subclasses__()):
        known.update(each.model_fields)
    return sorted(known)
