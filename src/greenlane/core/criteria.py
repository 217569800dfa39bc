"""Editions of a program's criteria: what is asked of whom, how firmly, and how two editions differ.

Frozen values only. Reading them from a pack's files lives in ``greenlane.content.criteria_files``;
a member's answers live in the apps. Nothing here reads a file or a clock.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date
from enum import Enum, StrEnum
from functools import cached_property
from typing import ClassVar, TypeVar

from greenlane.core.canonical import Json, canonical_bytes, sha256_hex
from greenlane.core.errors import NotFound
from greenlane.core.text import Text
from greenlane.core.vocabulary import CriterionLevel

V = TypeVar("V")

#: One criterion for one entity type: ``(criterion id, entity key)``.
CellKey = tuple[str, str]

ParamValue = bool | int | str | tuple[str, ...]


class IdStatus(StrEnum):
    """Whether the program itself published the number of a criterion."""

    OFFICIAL = "official"
    PROVISIONAL = "provisional"
    PROGRAM_REQUIREMENT = "program_requirement"


class CellState(StrEnum):
    """How sure it is that a criterion binds an entity type.

    ``CONFIRMED``: a public source was seen, or the office confirmed it. ``ASSUMED``: our judgment.
    ``DOUBTFUL``: a public source lists the criterion without that entity type.
    """

    CONFIRMED = "confirmed"
    ASSUMED = "assumed"
    DOUBTFUL = "doubtful"


class TextConfidence(StrEnum):
    """How far a text is backed by a source."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class EvidenceKind(StrEnum):
    """What sort of proof a piece of evidence is: a hint for uploads, never a decision."""

    DOCUMENT = "document"
    PHOTO = "photo"
    LOG = "log"
    RECORD = "record"
    CONTRACT = "contract"
    TRAINING = "training"
    SYSTEM = "system"
    OTHER = "other"


class EditionStatus(StrEnum):
    """Whether an edition may still be edited. A published one is never edited, only superseded."""

    DRAFT = "draft"
    PUBLISHED = "published"


class UnknownEntity(NotFound):
    """This edition has no such entity type. Choose one that the edition lists."""

    code: ClassVar[str] = "criteria.unknown_entity"


class UnknownCriterion(NotFound):
    """This edition has no such criterion. Search the list for its number."""

    code: ClassVar[str] = "criteria.unknown_criterion"


class NoEdition(NotFound):
    """No edition of these criteria is in force on that day. Choose a later day."""

    code: ClassVar[str] = "criteria.no_edition"


class FrozenMap(Mapping[str, V]):
    """A small mapping that can be hashed and pickled and that keeps its order."""

    __slots__ = ("_items",)
    _items: dict[str, V]

    def __init__(self, items: Mapping[str, V] | Sequence[tuple[str, V]] = ()) -> None:
        object.__setattr__(self, "_items", dict(items))

    def __getitem__(self, key: str) -> V:
        return self._items[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __hash__(self) -> int:
        return hash(frozenset(self._items.items()))

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__} is frozen; make a new one instead")

    def __reduce__(self) -> tuple[type[FrozenMap[V]], tuple[dict[str, V]]]:
        return (type(self), (dict(self._items),))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._items!r})"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact was read: a title and, where it is on the web, its address."""

    key: str
    title: Text
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Compliance:
    """From which day something binds new applicants, and from which existing members."""

    new_applicants: date
    existing_members: date

    def binds(self, on: date, *, new_applicant: bool) -> bool:
        """Return whether it binds on that day (first day included)."""
        return on >= (self.new_applicants if new_applicant else self.existing_members)


@dataclass(frozen=True, slots=True)
class SubRequirement:
    """One part of a criterion that is answered and scored on its own.

    Attributes:
        key: Short key, unique in its criterion and stable over editions.
        text: What is asked.
        level: Its own level; several criteria mix must and should.
        reported: The level is reported by a third party and contradicts the criterion's own;
            such a part asks and never blocks.
    """

    key: str
    text: Text
    level: CriterionLevel
    reported: bool = False


@dataclass(frozen=True, slots=True)
class Evidence:
    """One kind of proof that usually shows a criterion is met."""

    kind: EvidenceKind
    text: Text


@dataclass(frozen=True, slots=True)
class Cell:
    """One criterion for one entity type.

    Attributes:
        entity: Key of the entity type.
        state: How sure it is that the criterion binds this entity type.
        level: Level for this entity type where it differs from the criterion's.
        condition: When it applies at all, in words; ``None`` means always.
        sources: Sources of this cell alone; a confirmed cell without any rests on the criterion's.
    """

    entity: str
    state: CellState
    level: CriterionLevel | None = None
    condition: Text | None = None
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One dated change that the program made to a criterion; ``on`` is an ISO day or month."""

    on: str
    change: Text


@dataclass(frozen=True, slots=True)
class Relation:
    """A remark that this criterion bears on another one."""

    id: str
    change: Text


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A criterion that an edition no longer has, since when and why."""

    id: str
    on: str
    change: Text
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class ListItem:
    """One line of a reference list; ``group`` names its section, ``when`` its condition."""

    key: str
    text: Text
    group: str | None = None
    when: Text | None = None
    value: str | None = None


@dataclass(frozen=True, slots=True)
class ReferenceList:
    """A list that criteria refer to: inspection points, fields of a log, warning signs ...

    Attributes:
        id: Key within the pack.
        kind: ``inspection``, ``log``, ``procedure``, ``warning_signs``, ``standard``, ``method``,
            ``periods`` or ``channels``.
        groups: Section key -> its name, in order; empty where the list has no sections.
        items: At least one.
    """

    id: str
    kind: str
    title: Text
    items: tuple[ListItem, ...]
    sources: tuple[Source, ...]
    confidence: TextConfidence
    groups: FrozenMap[Text] = field(default_factory=FrozenMap)
    note: Text | None = None


@dataclass(frozen=True, slots=True)
class FocusArea:
    """The widest heading of an edition."""

    key: str
    name: Text


@dataclass(frozen=True, slots=True)
class Category:
    """A heading of an edition; ``label`` is what the program prints before its name."""

    number: int
    label: str
    name: Text
    focus_area: str


@dataclass(frozen=True)
class Criterion:
    """One criterion of one edition, in all its languages, with a cell per entity type it binds."""

    id: str
    id_status: IdStatus
    category: int
    focus_area: str
    level: CriterionLevel
    title: Text
    requirement: Text
    cells: tuple[Cell, ...]
    evidence: tuple[Evidence, ...]
    sources: tuple[Source, ...]
    confidence: TextConfidence
    sub_requirements: tuple[SubRequirement, ...] = ()
    guidance: Text | None = None
    guidance_confidence: TextConfidence | None = None
    confidence_detail: FrozenMap[TextConfidence] = field(default_factory=FrozenMap)
    candidate_ids: Text | None = None
    program: str | None = None
    params: FrozenMap[ParamValue] = field(default_factory=FrozenMap)
    lists: tuple[str, ...] = ()
    history: tuple[HistoryLine, ...] = ()
    also_affects: tuple[Relation, ...] = ()
    compliance: Compliance | None = None
    tags: tuple[str, ...] = ()

    @cached_property
    def _by_entity(self) -> dict[str, Cell]:
        return {cell.entity: cell for cell in self.cells}

    def cell(self, entity: str) -> Cell | None:
        """Return the cell for an entity type, or ``None`` where the criterion does not bind it."""
        return self._by_entity.get(entity)

    @cached_property
    def content_hash(self) -> str:
        """SHA-256 (hex) over the canonical JSON of all that is in it, translations too."""
        return content_hash(self)


@dataclass(frozen=True, slots=True)
class ApplicableCriterion:
    """A criterion as it stands for one entity type.

    Attributes:
        criterion: The criterion.
        cell: The cell as the pack has it.
        state: State after the office's own confirmations; this one counts.
        level: Level for this entity type.
        label: Number as it may be shown; a provisional one says so.
        basis: In words, on what the state rests.
    """

    criterion: Criterion
    cell: Cell
    state: CellState
    level: CriterionLevel
    label: Text
    basis: Text

    @property
    def id(self) -> str:
        """Id of the criterion."""
        return self.criterion.id

    @property
    def entity(self) -> str:
        """Key of the entity type."""
        return self.cell.entity

    @property
    def blocks(self) -> bool:
        """Whether an unmet answer may stop a decision: a must whose cell is confirmed."""
        return self.level is CriterionLevel.MUST and self.state is CellState.CONFIRMED

    @property
    def sources(self) -> tuple[Source, ...]:
        """Sources of the cell, or of the criterion where a confirmed cell has none of its own."""
        if self.cell.sources or self.cell.state is not CellState.CONFIRMED:
            return self.cell.sources
        return self.criterion.sources

    def sub_level(self, sub: SubRequirement) -> CriterionLevel:
        """Return the level of a part for this entity type.

        A cell that lowers its criterion to should lowers every part with it.
        """
        lowered = self.cell.level is CriterionLevel.SHOULD
        return CriterionLevel.SHOULD if lowered else sub.level

    def sub_blocks(self, sub: SubRequirement) -> bool:
        """Return whether an unmet part may stop a decision: a must, cell confirmed, not hearsay."""
        return (
            self.state is CellState.CONFIRMED
            and self.sub_level(sub) is CriterionLevel.MUST
            and not sub.reported
        )


@dataclass(frozen=True)
class Edition:
    """A dated version of a program's criteria, complete: whatever it is based on is folded in.

    Attributes:
        valid_from: First day in force.
        valid_to: First day no longer in force, or ``None`` while nothing supersedes it.
        compliance: From which day it binds new applicants and existing members.
        languages: Languages in which every text is present; others may be there in part.
        entity_types: Keys of the entity types it knows, in the pack's order.
        criteria: In numeric order of their ids (3.9 before 3.10).
        cell_basis: State -> on what a cell in that state rests, in words.
        id_labels: Id status -> words put before an id; nothing for official numbers.
        withdrawn: What this edition drops from the one it is based on.
        unseen_ids: Official numbers known only by gaps in the numbering; their content is not.
        control_prefix: Put before an id where a notation wants one that begins with a letter.
    """

    pack: str
    id: str
    title: Text
    status: EditionStatus
    valid_from: date
    valid_to: date | None
    compliance: Compliance
    publisher: Text
    license: str
    retrieved_on: date
    sources: tuple[Source, ...]
    supersedes: str | None
    based_on: str | None
    languages: tuple[str, ...]
    entity_types: tuple[str, ...]
    focus_areas: tuple[FocusArea, ...]
    categories: tuple[Category, ...]
    criteria: tuple[Criterion, ...]
    lists: tuple[ReferenceList, ...]
    cell_basis: FrozenMap[Text]
    id_labels: FrozenMap[Text]
    note: Text | None = None
    withdrawn: tuple[Withdrawal, ...] = ()
    unseen_ids: tuple[str, ...] = ()
    control_prefix: str = "c"

    @cached_property
    def _by_id(self) -> dict[str, Criterion]:
        return {criterion.id: criterion for criterion in self.criteria}

    @cached_property
    def content_hash(self) -> str:
        """SHA-256 (hex) over the whole edition, its lists and all languages.

        ``valid_to`` is left out: it is set by the edition that follows, not by this one.
        """
        own = {
            each.name: getattr(self, each.name)
            for each in fields(self)
            if each.name not in {"valid_to", "criteria"}
        }
        held = {name: value for name, value in own.items() if not _is_empty(value)}
        hashes = [[criterion.id, criterion.content_hash] for criterion in self.criteria]
        return content_hash({**held, "criteria": hashes})

    def in_force(self, on: date) -> bool:
        """Return whether the edition is in force on that day (half-open period)."""
        return self.valid_from <= on and (self.valid_to is None or on < self.valid_to)

    def criterion(self, criterion_id: str) -> Criterion:
        """Return one criterion.

        Raises:
            UnknownCriterion: The edition has none with that id.
        """
        try:
            return self._by_id[criterion_id]
        except KeyError:
            raise UnknownCriterion(
                "Edition {edition} of {pack} has no criterion {criterion_id!r}. Its {count} "
                "criteria are listed by `greenlane criteria list`.",
                edition=self.id,
                pack=self.pack,
                criterion_id=criterion_id,
                count=len(self.criteria),
            ) from None

    def category(self, number: int) -> Category:
        """Return the category with that number; the loader has checked that it exists."""
        return next(category for category in self.categories if category.number == number)

    def reference_list(self, list_id: str) -> ReferenceList:
        """Return a list by its id; the loader has checked every reference."""
        return next(each for each in self.lists if each.id == list_id)

    def label(self, criterion: Criterion) -> Text:
        """Return the number of a criterion as it may be shown.

        An official number stands alone; any other is preceded by the pack's words for its status,
        so that nobody takes a working number for a published one.
        """
        words = self.id_labels.get(criterion.id_status)
        if criterion.id_status is IdStatus.OFFICIAL or words is None:
            return Text({"en": criterion.id})
        prefixed = {name: f"{word} {criterion.id}" for name, word in words.by_language.items()}
        return Text(prefixed)

    def applicable(
        self,
        entity: str,
        *,
        confirmed_cells: Collection[CellKey] = frozenset(),
        on: date | None = None,
    ) -> tuple[ApplicableCriterion, ...]:
        """Return what the edition asks of an entity type, in numeric order of ids.

        Args:
            entity: Key of the entity type.
            confirmed_cells: Cells that the office confirmed on the record; these count as
                confirmed whatever the pack says.
            on: Leave out criteria that bind nobody yet on that day. ``None`` keeps all.

        Raises:
            UnknownEntity: The edition does not know that entity type.
        """
        if entity not in self.entity_types:
            raise UnknownEntity(
                "Edition {edition} of {pack} has no entity type {entity!r}. It has: "
                "{entity_types}.",
                edition=self.id,
                pack=self.pack,
                entity=entity,
                entity_types=", ".join(self.entity_types),
            )
        rows = []
        for criterion in self.criteria:
            cell = criterion.cell(entity)
            if cell is None or not _binds_somebody(criterion, on):
                continue
            confirmed = (criterion.id, entity) in confirmed_cells
            rows.append(
                ApplicableCriterion(
                    criterion=criterion,
                    cell=cell,
                    state=CellState.CONFIRMED if confirmed else cell.state,
                    level=cell.level or criterion.level,
                    label=self.label(criterion),
                    basis=self.cell_basis[cell.state],
                )
            )
        return tuple(rows)


def _binds_somebody(criterion: Criterion, on: date | None) -> bool:
    """Return whether a criterion binds new applicants or members on that day."""
    if on is None or criterion.compliance is None:
        return True
    return any(criterion.compliance.binds(on, new_applicant=new) for new in (True, False))


def id_order(criterion_id: str) -> tuple[tuple[int, int, str], ...]:
    """Return a sort key that orders ids as people number them.

    Runs of digits compare as numbers and stand before letters.

    Example:
        >>> sorted(["TC-01", "3.10", "3.P-1", "3.9"], key=id_order)
        ['3.9', '3.10', '3.P-1', 'TC-01']
    """
    runs = re.findall(r"[0-9]+|[^0-9]+", criterion_id)
    return tuple((0, int(run), "") if run.isdecimal() else (1, 0, run) for run in runs)


def editions_on(editions: Collection[Edition], on: date) -> tuple[Edition, ...]:
    """Return the editions in force on a day: none or one per pack, for editions from the loader."""
    return tuple(edition for edition in editions if edition.in_force(on))


def edition_on(editions: Collection[Edition], on: date) -> Edition:
    """Return the edition in force on a day.

    Raises:
        NoEdition: None is.
    """
    found = editions_on(editions, on)
    if not found:
        first = min((edition.valid_from for edition in editions), default=None)
        raise NoEdition(
            "No edition of the criteria is in force on {on}. The first one is in force from "
            "{first}."
            if first
            else "No edition of the criteria is in force on {on}. There is none at all.",
            on=on,
            first=first,
        )
    return found[-1]


# --- comparing two editions -------------------------------------------------------------------

#: Fields whose change rewords a criterion, in the order in which a difference names them.
_WORDED_FIELDS = (
    "title",
    "requirement",
    "sub_requirements",
    "condition",
    "params",
    "evidence",
    "guidance",
)


@dataclass(frozen=True, slots=True)
class Change:
    """How one criterion differs for one entity type; ``fields`` names what differs."""

    id: str
    before: ApplicableCriterion | None
    after: ApplicableCriterion | None
    fields: tuple[str, ...] = ()

    @property
    def asks_again(self) -> bool:
        """Whether an answer given before no longer settles it: more than hints have changed."""
        return bool(set(self.fields) - {"evidence", "guidance"})


@dataclass(frozen=True, slots=True)
class EditionDifference:
    """What a member of one entity type meets anew; each part in numeric order of ids.

    A criterion may be both reworded and raised. A part of a criterion that gains a must counts
    as raised, one that loses it as lowered.
    """

    entity: str
    added: tuple[Change, ...]
    reworded: tuple[Change, ...]
    raised: tuple[Change, ...]
    lowered: tuple[Change, ...]
    withdrawn: tuple[Change, ...]

    @property
    def is_empty(self) -> bool:
        """Whether the two editions ask the same of this entity type."""
        return not (self.added or self.reworded or self.raised or self.lowered or self.withdrawn)


def diff_editions(before: Edition, after: Edition, entity: str) -> EditionDifference:
    """Return how two editions differ for one entity type, by the English text.

    An entity type that only one of the two knows has everything added or withdrawn.

    Raises:
        UnknownEntity: Neither edition knows the entity type.
    """
    if entity not in before.entity_types and entity not in after.entity_types:
        after.applicable(entity)
    old = {row.id: row for row in _rows(before, entity)}
    new = {row.id: row for row in _rows(after, entity)}
    kept = sorted(old.keys() & new.keys(), key=id_order)
    levels = {each: _level_fields(old[each], new[each]) for each in kept}
    reworded = {each: _worded_fields(old[each], new[each]) for each in kept}

    def changes(named: Mapping[str, tuple[str, ...]]) -> tuple[Change, ...]:
        return tuple(
            Change(each, old[each], new[each], what) for each, what in named.items() if what
        )

    return EditionDifference(
        entity=entity,
        added=tuple(
            Change(each, None, new[each], ("added",))
            for each in sorted(new.keys() - old, key=id_order)
        ),
        reworded=changes(reworded),
        raised=changes({each: up for each, (up, _) in levels.items()}),
        lowered=changes({each: down for each, (_, down) in levels.items()}),
        withdrawn=tuple(
            Change(each, old[each], None, ("withdrawn",))
            for each in sorted(old.keys() - new, key=id_order)
        ),
    )


def _rows(edition: Edition, entity: str) -> tuple[ApplicableCriterion, ...]:
    return edition.applicable(entity) if entity in edition.entity_types else ()


def _level_fields(
    old: ApplicableCriterion, new: ApplicableCriterion
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what was raised and what was lowered: ``level`` or ``sub_requirements.<key>``."""
    pairs = [("level", old.level, new.level)]
    before = {sub.key: old.sub_level(sub) for sub in old.criterion.sub_requirements}
    for sub in new.criterion.sub_requirements:
        if sub.key in before:
            pairs.append((f"sub_requirements.{sub.key}", before[sub.key], new.sub_level(sub)))
    raised = tuple(
        name for name, was, now in pairs if was is not now and now is CriterionLevel.MUST
    )
    lowered = tuple(
        name for name, was, now in pairs if was is not now and was is CriterionLevel.MUST
    )
    return raised, lowered


def _worded_fields(old: ApplicableCriterion, new: ApplicableCriterion) -> tuple[str, ...]:
    was, now = _worded(old), _worded(new)
    return tuple(name for name in _WORDED_FIELDS if was[name] != now[name])


def _worded(row: ApplicableCriterion) -> dict[str, object]:
    """Return the English words of a criterion, by field."""
    criterion, condition = row.criterion, row.cell.condition
    return {
        "title": str(criterion.title),
        "requirement": str(criterion.requirement),
        "sub_requirements": [(sub.key, str(sub.text)) for sub in criterion.sub_requirements],
        "condition": str(condition) if condition else None,
        "params": dict(criterion.params),
        "evidence": [(each.kind, str(each.text)) for each in criterion.evidence],
        "guidance": str(criterion.guidance) if criterion.guidance else None,
    }


# --- canonical form ---------------------------------------------------------------------------


def to_plain(value: object) -> Json:
    """Return a value made only of what JSON knows, with nothing lost that bears meaning.

    Fields that are empty or false are left out, so that a field which a later release adds does
    not change the hash of an edition that has nothing in it.

    Raises:
        TypeError: A value of a kind that criteria never hold.
    """
    if isinstance(value, Enum):
        return str(value.value)
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Text):
        return dict(value.by_language)
    if isinstance(value, Mapping):
        return {str(key): to_plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [to_plain(each) for each in value]
    if is_dataclass(value):
        held = {each.name: getattr(value, each.name) for each in fields(value)}
        return {name: to_plain(each) for name, each in held.items() if not _is_empty(each)}
    raise TypeError(f"{type(value).__name__} has no canonical form in criteria")


def _is_empty(value: object) -> bool:
    return value is None or value is False or value in ((), {})


def content_hash(value: object) -> str:
    """Return SHA-256 (hex) over the canonical bytes of a value made of parts of criteria.

    Example:
        >>> content_hash({"b": 1, "a": 2}) == content_hash({"a": 2, "b": 1})
        True
    """
    return sha256_hex(canonical_bytes(to_plain(value)))
