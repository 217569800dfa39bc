"""Puts checked entries of criteria files together into editions, and checks what spans files.

References, counts of translated parts, cells, categories, and the validity of editions. Reading
and the shape of one file are done before (``criteria_files``, ``criteria_schema``).
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from greenlane.content.criteria_schema import (
    CellEntry,
    CellPatch,
    ChangedEntry,
    ChangesFile,
    CriteriaFile,
    CriterionEntry,
    EditionEntry,
    ListFile,
    SourceEntry,
    TranslationEntry,
    WithdrawnEntry,
)
from greenlane.content.criteria_texts import criterion_texts, edition_texts, untranslated
from greenlane.content.criteria_yaml import PathPart, Problem, YamlDocument
from greenlane.core.criteria import (
    Category,
    Cell,
    CellState,
    Compliance,
    Criterion,
    Edition,
    EditionStatus,
    Evidence,
    FocusArea,
    FrozenMap,
    HistoryLine,
    IdStatus,
    ListItem,
    ParamValue,
    ReferenceList,
    Relation,
    Source,
    SubRequirement,
    Withdrawal,
    id_order,
)
from greenlane.core.text import FALLBACK, Text

#: Fields of a criterion that a language file translates.
TRANSLATED = ("title", "requirement", "sub_requirements", "evidence", "guidance", "conditions")

Translated = dict[str, dict[str, object]]  # language -> field -> text or list of texts


@dataclass(slots=True)
class Problems:
    """Collects what is wrong, so that one run names every fault."""

    found: list[Problem] = field(default_factory=list)

    def add(
        self, document: YamlDocument, path: tuple[PathPart, ...], what: str, remedy: str
    ) -> None:
        """Note one fault at an entry of a file."""
        self.found.append(Problem(document.file, document.line_of(path), what, remedy))


@dataclass(slots=True)
class SourceRegister:
    """``editions/sources.yaml``: every source by its key; knows which were used."""

    document: YamlDocument
    entries: Mapping[str, SourceEntry]
    used: set[str] = field(default_factory=set)

    def look_up(
        self,
        keys: Iterable[str] | None,
        document: YamlDocument,
        path: tuple[PathPart, ...],
        problems: Problems,
    ) -> tuple[Source, ...]:
        """Return sources by key; an unknown key is a problem at ``path``."""
        found = []
        for key in keys or ():
            entry = self.entries.get(key)
            if entry is None:
                what = f"There is no source {key!r}."
                problems.add(document, path, what, f"Add it to {self.document.file}.")
                continue
            self.used.add(key)
            found.append(Source(key, Text(entry.title), entry.url))
        return tuple(found)

    def check_use(self, problems: Problems) -> None:
        """Note every source that nothing rests on."""
        for key in self.entries.keys() - self.used:
            what = f"Nothing rests on the source {key!r}."
            problems.add(self.document, (key,), what, "Remove it, or name it where it belongs.")


@dataclass(frozen=True, slots=True)
class Placed:
    """A criterion's entry and where it stands."""

    entry: CriterionEntry
    document: YamlDocument
    path: tuple[PathPart, ...]
    extra_history: tuple[HistoryLine, ...] = ()
    extra_sources: tuple[str, ...] = ()


@dataclass(slots=True)
class EditionFiles:
    """The files of one edition, each already checked for its shape."""

    document: YamlDocument
    entry: EditionEntry
    criteria: list[tuple[YamlDocument, CriteriaFile]]
    changes: tuple[YamlDocument, ChangesFile] | None
    translations: dict[str, list[tuple[YamlDocument, dict[str, TranslationEntry]]]]


@dataclass(slots=True)
class Draft:
    """An edition being put together; the next one may be based on it."""

    entry: EditionEntry
    placed: dict[str, Placed]
    translations: dict[str, Translated]
    withdrawn: list[Withdrawal] = field(default_factory=list)


class EditionBuilder:
    """Builds the editions of one pack, the oldest first."""

    def __init__(
        self,
        pack: str,
        sources: SourceRegister,
        lists: list[tuple[YamlDocument, ListFile]],
        problems: Problems,
    ) -> None:
        self._pack = pack
        self._sources = sources
        self._problems = problems
        self._lists = self._build_lists(lists)
        self._list_documents = {entry.id: document for document, entry in lists}
        self._used_lists: set[str] = set()

    def build(self, editions: list[EditionFiles]) -> tuple[Edition, ...]:
        """Return the editions in order of validity, with everything inherited folded in."""
        ordered = sorted(editions, key=lambda each: (each.entry.valid_from, each.entry.id))
        self._check_succession(ordered)
        drafts: dict[str, Draft] = {}
        built: list[Edition] = []
        for place, files in enumerate(ordered):
            draft = self._draft(files, drafts)
            if draft is None:
                continue
            drafts[files.entry.id] = draft
            following = ordered[place + 1].entry.valid_from if place + 1 < len(ordered) else None
            edition = self._edition(files, draft)
            if edition is not None:
                built.append(replace(edition, valid_to=following))
        for list_id in self._lists.keys() - self._used_lists:
            what = f"No criterion refers to the list {list_id!r}."
            remedy = "Name it under `lists` of a criterion, or remove the file."
            self._problems.add(self._list_documents[list_id], ("id",), what, remedy)
        self._sources.check_use(self._problems)
        return tuple(built)

    # --- order of editions ---

    def _check_succession(self, ordered: list[EditionFiles]) -> None:
        for files in ordered[:1]:
            if files.entry.supersedes is not None:
                what = f"Edition {files.entry.id} is the first and supersedes another."
                self._problems.add(
                    files.document, ("supersedes",), what, "Remove `supersedes`, or add that one."
                )
        for before, files in itertools.pairwise(ordered):
            entry = files.entry
            if entry.valid_from == before.entry.valid_from:
                what = f"Editions {before.entry.id} and {entry.id} begin on the same day."
                self._problems.add(
                    files.document, ("valid_from",), what, "Give each day to one edition."
                )
            if entry.supersedes != before.entry.id:
                what = (
                    f"Edition {entry.id} supersedes {entry.supersedes!r}, "
                    f"but the one in force before it is {before.entry.id!r}."
                )
                remedy = f"Write `supersedes: '{before.entry.id}'`, or correct `valid_from`."
                self._problems.add(files.document, ("supersedes",), what, remedy)

    # --- inheriting ---

    def _draft(self, files: EditionFiles, drafts: Mapping[str, Draft]) -> Draft | None:
        entry, document = files.entry, files.document
        base = None
        if entry.based_on is not None:
            base = drafts.get(entry.based_on)
            if base is None:
                what = f"Edition {entry.id} is based on {entry.based_on!r}, which is no older one."
                self._problems.add(document, ("based_on",), what, "Name an older edition.")
                return None
        if base is None:
            draft = Draft(entry, {}, {})
            if files.changes is not None:
                what = f"Edition {entry.id} has changes.yaml but is based on none."
                self._problems.add(document, (), what, "Write `based_on`, or use criteria/.")
        else:
            inherited = {
                name: getattr(base.entry, name)
                for name in (
                    "entity_types",
                    "focus_areas",
                    "categories",
                    "cell_basis",
                    "id_labels",
                    "unseen_ids",
                    "control_prefix",
                )
                if getattr(entry, name) is None
            }
            draft = Draft(
                entry.model_copy(update=inherited),
                dict(base.placed),
                {each: dict(languages) for each, languages in base.translations.items()},
            )
        for criteria_document, criteria in files.criteria:
            for index, criterion in enumerate(criteria.criteria):
                path: tuple[PathPart, ...] = ("criteria", index)
                self._add(draft, Placed(criterion, criteria_document, path))
        if files.changes is not None:
            self._apply_changes(draft, *files.changes)
        self._add_translations(draft, files)
        return draft

    def _add(self, draft: Draft, placed: Placed) -> None:
        known = draft.placed.get(placed.entry.id)
        if known is not None:
            where = f"{known.document.file}:{known.document.line_of((*known.path, 'id'))}"
            what = f"Criterion {placed.entry.id!r} is there already ({where})."
            remedy = "Give one of them another id, or use `changed`."
            self._problems.add(placed.document, (*placed.path, "id"), what, remedy)
            return
        draft.placed[placed.entry.id] = placed

    def _apply_changes(self, draft: Draft, document: YamlDocument, changes: ChangesFile) -> None:
        seen: set[str] = set()

        def known(kind: str, index: int, change: ChangedEntry | WithdrawnEntry) -> bool:
            path = (kind, index, "id")
            if change.id in seen:
                what = f"Criterion {change.id!r} is changed twice."
                self._problems.add(document, path, what, "Say everything in one entry.")
                return False
            seen.add(change.id)
            if change.id not in draft.placed:
                what = f"There is no criterion {change.id!r} to change."
                self._problems.add(document, path, what, "Correct the id, or use `added`.")
                return False
            return True

        for index, gone in enumerate(changes.withdrawn):
            path = ("withdrawn", index, "sources")
            sources = self._sources.look_up(gone.sources, document, path, self._problems)
            draft.withdrawn.append(Withdrawal(gone.id, gone.on, Text(gone.change), sources))
            if known("withdrawn", index, gone):
                del draft.placed[gone.id]
                draft.translations.pop(gone.id, None)
        for index, criterion in enumerate(changes.added):
            self._add(draft, Placed(criterion, document, ("added", index)))
        for index, changed in enumerate(changes.changed):
            if known("changed", index, changed):
                self._patch(draft, document, index, changed)

    def _patch(
        self, draft: Draft, document: YamlDocument, index: int, changed: ChangedEntry
    ) -> None:
        old = draft.placed[changed.id]
        patch = changed.set
        given = patch.model_fields_set
        if not given:
            what = f"The change of {changed.id!r} sets nothing."
            self._problems.add(document, ("changed", index, "set"), what, "Say what changes.")
        update: dict[str, object] = {
            name: getattr(patch, name) for name in given if name != "cells"
        }
        if patch.cells is not None:
            update["cells"] = self._patched_cells(old.entry, document, index, changed)
        for language in draft.translations.get(changed.id, {}).values():
            for name in given & set(TRANSLATED):
                language.pop(name, None)  # the translation belongs to the old words
            language["conditions"] = _conditions_kept(language, patch.cells or {})
        draft.placed[changed.id] = Placed(
            old.entry.model_copy(update=update),
            document,
            ("changed", index),
            (*old.extra_history, HistoryLine(changed.on, Text(changed.change))),
            (*old.extra_sources, *changed.sources),
        )

    def _patched_cells(
        self, entry: CriterionEntry, document: YamlDocument, index: int, changed: ChangedEntry
    ) -> dict[str, CellEntry]:
        cells = dict(entry.cells)
        for entity, cell in (changed.set.cells or {}).items():
            path = ("changed", index, "set", "cells", entity)
            old = cells.get(entity)
            if cell is None:
                if cells.pop(entity, None) is None:
                    what = f"Criterion {entry.id!r} has no cell for {entity!r} to remove."
                    self._problems.add(document, path, what, "Remove the line.")
                continue
            given = {name: getattr(cell, name) for name in cell.model_fields_set}
            if old is not None:
                cells[entity] = old.model_copy(update=given)
            elif cell.state is None:
                what = f"The new cell for {entity!r} has no `state`."
                remedy = "Say whether it is confirmed, assumed or doubtful."
                self._problems.add(document, path, what, remedy)
            else:
                cells[entity] = CellEntry.model_construct(**given)
        return cells

    def _add_translations(self, draft: Draft, files: EditionFiles) -> None:
        for language, language_files in files.translations.items():
            first: dict[str, str] = {}
            for document, entries in language_files:
                for criterion_id, entry in entries.items():
                    path = (criterion_id,)
                    placed = draft.placed.get(criterion_id)
                    if placed is None:
                        what = f"There is no criterion {criterion_id!r} to translate."
                        self._problems.add(document, path, what, "Correct or remove the entry.")
                        continue
                    if criterion_id in first:
                        what = f"{criterion_id!r} is translated already in {first[criterion_id]}."
                        self._problems.add(document, path, what, "Keep one of the two.")
                        continue
                    first[criterion_id] = document.file
                    self._check_counts(document, criterion_id, placed.entry, entry)
                    texts = {
                        name: getattr(entry, name) for name in TRANSLATED if getattr(entry, name)
                    }
                    languages = draft.translations.setdefault(criterion_id, {})
                    languages[language] = {**languages.get(language, {}), **texts}

    def _check_counts(
        self,
        document: YamlDocument,
        criterion_id: str,
        entry: CriterionEntry,
        translation: TranslationEntry,
    ) -> None:
        for name in ("sub_requirements", "evidence"):
            there = getattr(translation, name)
            wanted = len(getattr(entry, name))
            if there is not None and len(there) != wanted:
                what = f"{criterion_id!r} has {wanted} {name} in English and {len(there)} here."
                remedy = "Translate each line, in the same order."
                self._problems.add(document, (criterion_id, name), what, remedy)
        if translation.guidance is not None and entry.guidance is None:
            what = f"{criterion_id!r} has no guidance in English."
            self._problems.add(document, (criterion_id, "guidance"), what, "Remove it.")
        for entity in translation.conditions:
            cell = entry.cells.get(entity)
            if cell is None or cell.condition is None:
                what = f"{criterion_id!r} has no condition for {entity!r} in English."
                path = (criterion_id, "conditions", entity)
                self._problems.add(document, path, what, "Remove it.")

    # --- core objects ---

    def _edition(self, files: EditionFiles, draft: Draft) -> Edition | None:
        entry, document = draft.entry, files.document
        lacking = [
            name
            for name in ("entity_types", "focus_areas", "categories", "cell_basis", "id_labels")
            if getattr(entry, name) is None
        ]
        for name in lacking:
            what = f"Edition {entry.id} has no `{name}`, and is based on none that has."
            self._problems.add(document, (), what, "Add it.")
        if not draft.placed and not lacking:
            what = f"Edition {entry.id} has no criteria."
            self._problems.add(document, (), what, "Add files to criteria/, or `based_on`.")
        if lacking:
            return None
        self._check_edition(document, entry)
        criteria = sorted(
            (
                self._criterion(placed, draft.translations.get(each, {}), entry)
                for each, placed in draft.placed.items()
            ),
            key=lambda each: id_order(each.id),
        )
        self._check_relations(draft)
        self._check_unseen(document, entry, draft)
        lists = {list_id for criterion in criteria for list_id in criterion.lists}
        edition = Edition(
            pack=self._pack,
            id=entry.id,
            title=Text(entry.title),
            status=EditionStatus(entry.status),
            valid_from=entry.valid_from,
            valid_to=None,
            compliance=Compliance(
                entry.compliance.new_applicants, entry.compliance.existing_members
            ),
            publisher=Text(entry.publisher),
            license=entry.license,
            retrieved_on=entry.retrieved_on,
            sources=self._sources.look_up(entry.sources, document, ("sources",), self._problems),
            supersedes=entry.supersedes,
            based_on=entry.based_on,
            languages=tuple(entry.languages),
            entity_types=tuple(entry.entity_types or ()),
            focus_areas=tuple(
                FocusArea(each.key, Text(each.name)) for each in entry.focus_areas or ()
            ),
            categories=tuple(
                Category(
                    each.number, each.label or str(each.number), Text(each.name), each.focus_area
                )
                for each in entry.categories or ()
            ),
            criteria=tuple(criteria),
            lists=tuple(self._lists[each] for each in sorted(lists & self._lists.keys())),
            cell_basis=FrozenMap(
                {state.value: Text(text) for state, text in (entry.cell_basis or {}).items()}
            ),
            id_labels=FrozenMap(
                {status.value: Text(text) for status, text in (entry.id_labels or {}).items()}
            ),
            note=Text(entry.note) if entry.note else None,
            withdrawn=tuple(draft.withdrawn),
            unseen_ids=tuple(entry.unseen_ids or ()),
            control_prefix=entry.control_prefix or "c",
        )
        self._check_languages(document, edition, draft)
        return edition

    def _check_edition(self, document: YamlDocument, entry: EditionEntry) -> None:
        areas = [each.key for each in entry.focus_areas or ()]
        numbers = [each.number for each in entry.categories or ()]
        headings: dict[str, list[str] | list[int]] = {"focus_areas": areas, "categories": numbers}
        for name, values in headings.items():
            for value in (each for each, times in Counter(values).items() if times > 1):
                self._problems.add(
                    document, (name,), f"`{name}` has {value!r} twice.", "Keep one of the two."
                )
        for index, category in enumerate(entry.categories or ()):
            if category.focus_area not in areas:
                what = f"Category {category.number} is in no known focus area."
                path = ("categories", index, "focus_area")
                self._problems.add(document, path, what, f"Write one of: {', '.join(areas)}.")
        if FALLBACK not in entry.languages:
            what = f"`languages` lacks {FALLBACK!r}, in which the criteria are written."
            self._problems.add(document, ("languages",), what, "Add it.")
        for state in CellState:
            if state not in (entry.cell_basis or {}):
                what = f"`cell_basis` does not say on what a cell rests that is {state.value}."
                self._problems.add(document, ("cell_basis",), what, "Add it.")
        for status in IdStatus:
            if status is not IdStatus.OFFICIAL and status not in (entry.id_labels or {}):
                what = f"`id_labels` has no words for ids that are {status.value}."
                remedy = "Add them, so that such an id is never shown as official."
                self._problems.add(document, ("id_labels",), what, remedy)

    def _check_relations(self, draft: Draft) -> None:
        for placed in draft.placed.values():
            for index, relation in enumerate(placed.entry.also_affects):
                if relation.id not in draft.placed:
                    what = f"{placed.entry.id!r} affects {relation.id!r}, which is not there."
                    path = (*placed.path, "also_affects", index)
                    self._problems.add(placed.document, path, what, "Correct the id.")

    def _check_unseen(self, document: YamlDocument, entry: EditionEntry, draft: Draft) -> None:
        for criterion_id, times in Counter(entry.unseen_ids or ()).items():
            if times > 1 or criterion_id in draft.placed:
                what = f"{criterion_id!r} is no unseen number: it is here already."
                remedy = "Take it out of `unseen_ids`; an edition that adds it lists them anew."
                self._problems.add(document, ("unseen_ids",), what, remedy)

    def _check_languages(self, document: YamlDocument, edition: Edition, draft: Draft) -> None:
        """Note every text that lacks a language which the edition says it has, or only copies."""
        for language in edition.languages:
            if language == FALLBACK:
                continue
            remedy = f"Translate it, or take {language!r} out of `languages` for now."
            for criterion in edition.criteria:
                placed = draft.placed[criterion.id]
                for fault, names in untranslated(criterion_texts(criterion), language):
                    what = f"{criterion.id!r} {fault} in {language!r}: {names}."
                    self._problems.add(placed.document, placed.path, what, remedy)
            for fault, names in untranslated(edition_texts(edition), language):
                what = f"Edition {edition.id} {fault} in {language!r}: {names}."
                self._problems.add(document, (), what, remedy)

    def _criterion(self, placed: Placed, languages: Translated, edition: EditionEntry) -> Criterion:
        entry, document, path = placed.entry, placed.document, placed.path
        areas = {each.number: each.focus_area for each in edition.categories or ()}
        if entry.category not in areas:
            what = f"Criterion {entry.id!r} is in category {entry.category}, which is not there."
            remedy = "Correct the number, or add the category to edition.yaml."
            self._problems.add(document, (*path, "category"), what, remedy)
        keys = [sub.key for sub in entry.sub_requirements]
        for key in (each for each, times in Counter(keys).items() if times > 1):
            what = f"Criterion {entry.id!r} has two parts with the key {key!r}."
            self._problems.add(
                document, (*path, "sub_requirements"), what, "Give each its own key."
            )
        if (entry.guidance is None) != (entry.guidance_confidence is None):
            what = f"Criterion {entry.id!r} has guidance without its confidence, or the reverse."
            self._problems.add(document, path, what, "Give both `guidance` and its confidence.")
        if entry.id_status is IdStatus.PROVISIONAL and entry.candidate_ids is None:
            what = f"Criterion {entry.id!r} is provisional and has no `candidate_ids`."
            self._problems.add(document, path, what, "Say where it may belong.")
        for list_id in entry.lists:
            self._used_lists.add(list_id)
            if list_id not in self._lists:
                what = f"Criterion {entry.id!r} refers to the list {list_id!r}, which is not there."
                remedy = f"Write one of: {', '.join(sorted(self._lists)) or 'none yet'}."
                self._problems.add(document, (*path, "lists"), what, remedy)
        source_keys = list(dict.fromkeys((*entry.sources, *placed.extra_sources)))
        return Criterion(
            id=entry.id,
            id_status=entry.id_status,
            category=entry.category,
            focus_area=areas.get(entry.category, ""),
            level=entry.level,
            title=_text(entry.title, languages, "title"),
            requirement=_text(entry.requirement, languages, "requirement"),
            cells=tuple(
                self._cell(entity, cell, placed, edition, languages)
                for entity, cell in entry.cells.items()
            ),
            evidence=tuple(
                Evidence(each.kind, _text(each.text, languages, "evidence", index))
                for index, each in enumerate(entry.evidence)
            ),
            sources=self._sources.look_up(
                source_keys, document, (*path, "sources"), self._problems
            ),
            confidence=entry.confidence,
            sub_requirements=tuple(
                SubRequirement(
                    each.key,
                    _text(each.text, languages, "sub_requirements", index),
                    each.level,
                    each.reported,
                )
                for index, each in enumerate(entry.sub_requirements)
            ),
            guidance=_text(entry.guidance, languages, "guidance") if entry.guidance else None,
            guidance_confidence=entry.guidance_confidence,
            confidence_detail=FrozenMap(entry.confidence_detail),
            candidate_ids=Text(entry.candidate_ids) if entry.candidate_ids else None,
            program=entry.program,
            params=FrozenMap({key: _param(value) for key, value in entry.params.items()}),
            lists=tuple(entry.lists),
            history=(
                *(HistoryLine(each.on, Text(each.change)) for each in entry.history),
                *placed.extra_history,
            ),
            also_affects=tuple(Relation(each.id, Text(each.change)) for each in entry.also_affects),
            compliance=Compliance(
                entry.compliance.new_applicants, entry.compliance.existing_members
            )
            if entry.compliance
            else None,
            tags=tuple(entry.tags),
        )

    def _cell(
        self,
        entity: str,
        cell: CellEntry,
        placed: Placed,
        edition: EditionEntry,
        languages: Translated,
    ) -> Cell:
        path = (*placed.path, "cells", entity)
        if entity not in (edition.entity_types or ()):
            what = f"Criterion {placed.entry.id!r} binds {entity!r}, which is no entity type."
            remedy = f"Write one of: {', '.join(edition.entity_types or ())}."
            self._problems.add(placed.document, path, what, remedy)
        condition = None
        if cell.condition is not None:
            texts = {FALLBACK: cell.condition}
            for language, translated in languages.items():
                conditions = translated.get("conditions")
                if isinstance(conditions, dict) and entity in conditions:
                    texts[language] = conditions[entity]
            condition = Text(texts)
        sources = self._sources.look_up(cell.sources, placed.document, path, self._problems)
        return Cell(entity, cell.state, cell.level, condition, sources)

    def _build_lists(self, lists: list[tuple[YamlDocument, ListFile]]) -> dict[str, ReferenceList]:
        found: dict[str, ReferenceList] = {}
        for document, entry in lists:
            if entry.id in found:
                what = f"There are two lists with the id {entry.id!r}."
                self._problems.add(document, ("id",), what, "Give one of them another id.")
            keys = [(item.group, item.key) for item in entry.items]
            for index, item in enumerate(entry.items):
                path = ("items", index)
                if keys.index(keys[index]) != index:
                    what = f"The key {item.key!r} stands twice."
                    self._problems.add(document, path, what, "Give each item its own key.")
                if item.group is not None and item.group not in entry.groups:
                    what = f"There is no group {item.group!r}."
                    self._problems.add(document, path, what, "Add it to `groups`.")
            for group in entry.groups.keys() - {item.group for item in entry.items}:
                what = f"No item is in the group {group!r}."
                self._problems.add(document, ("groups", group), what, "Remove it, or fill it.")
            found[entry.id] = ReferenceList(
                id=entry.id,
                kind=entry.kind,
                title=Text(entry.title),
                items=tuple(
                    ListItem(
                        item.key,
                        Text(item.text),
                        item.group,
                        Text(item.when) if item.when else None,
                        item.value,
                    )
                    for item in entry.items
                ),
                sources=self._sources.look_up(
                    entry.sources, document, ("sources",), self._problems
                ),
                confidence=entry.confidence,
                groups=FrozenMap({key: Text(name) for key, name in entry.groups.items()}),
                note=Text(entry.note) if entry.note else None,
            )
        return found


def _conditions_kept(
    language: Mapping[str, object], cells: Mapping[str, CellPatch | None]
) -> dict[str, object]:
    """Return the translated conditions whose English a change leaves as it is."""
    conditions = language.get("conditions")
    if not isinstance(conditions, dict):
        return {}
    return {
        entity: text
        for entity, text in conditions.items()
        if entity not in cells or "condition" not in getattr(cells[entity], "model_fields_set", ())
    }


def _text(english: str, languages: Translated, name: str, index: int | None = None) -> Text:
    """Return a text with its translations; a list whose count is off yields none."""
    texts = {FALLBACK: english}
    for language, translated in languages.items():
        value = translated.get(name)
        if isinstance(value, list):
            value = value[index] if index is not None and index < len(value) else None
        if isinstance(value, str):
            texts[language] = value
    return Text(texts)


def _param(value: bool | int | str | list[str]) -> ParamValue:
    return tuple(value) if isinstance(value, list) else value
