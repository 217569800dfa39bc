"""Reads a pack's ``crosswalk.yaml`` and checks it against the criteria it speaks of."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from greenlane.content.criteria_build import Problems
from greenlane.content.criteria_files import editions_of
from greenlane.content.criteria_schema import (
    CriterionId,
    Day,
    Entry,
    Key,
    LocalText,
    Words,
    check_document,
    no_repeats,
)
from greenlane.content.criteria_yaml import FilesRefused, PathPart, YamlDocument, parse_yaml
from greenlane.content.packs import pack_dir
from greenlane.core.criteria import Edition, EditionStatus, FrozenMap
from greenlane.core.crosswalk import Crosswalk, Framework, Gap, Mapping, Relationship
from greenlane.core.errors import NotFound
from greenlane.core.text import Text

FILE = "crosswalk.yaml"

ElementId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9.:/_-]{0,39}$")]
Elements = Annotated[list[ElementId], AfterValidator(no_repeats)]


class NoCrosswalk(NotFound):
    """The pack has no crosswalk to other frameworks."""

    code = "crosswalk.not_found"


class CrosswalkRefused(FilesRefused):
    """The pack's crosswalk is damaged, and nothing was loaded. Mend the lines named."""

    code = "pack.crosswalk_refused"


class FrameworkEntry(Entry):
    """One other framework and its elements; a label may be null where only an id may be used."""

    name: LocalText
    edition: LocalText
    owner: Words
    reuse: LocalText
    basis: LocalText
    elements: Annotated[dict[ElementId, LocalText | None], Field(min_length=1)]


class MappingEntry(Entry):
    """One row."""

    framework: Key
    relationship: Annotated[Relationship, Field(strict=False)]
    targets: Elements
    confidence_percent: Annotated[int, Field(ge=0, le=100)]
    note: LocalText | None = None


class CategoryRows(Entry):
    """The rows of one category."""

    number: int
    mappings: Annotated[list[MappingEntry], Field(min_length=1)]


class CriterionRows(Entry):
    """The rows of one criterion."""

    id: CriterionId
    mappings: Annotated[list[MappingEntry], Field(min_length=1)]


class GapEntry(Entry):
    """What a framework asks and the program does not."""

    framework: Key
    targets: Annotated[list[ElementId], Field(min_length=1)]
    note: LocalText


class CrosswalkFile(Entry):
    """``crosswalk.yaml``."""

    title: LocalText
    edition: CriterionId
    compiled_on: Day
    status: Annotated[EditionStatus, Field(strict=False)]
    note: LocalText
    frameworks: Annotated[dict[Key, FrameworkEntry], Field(min_length=1)]
    categories: list[CategoryRows] = Field(default_factory=list)
    criteria: list[CriterionRows] = Field(default_factory=list)
    gaps: list[GapEntry] = Field(default_factory=list)
    rarely_covered: list[CriterionId] = Field(default_factory=list)


def crosswalk_of(pack: str) -> Crosswalk:
    """Return the crosswalk of an installed pack.

    Raises:
        NoSuchPack: No folder of packs holds one by that name.
        NoCrosswalk: The pack has none.
        CrosswalkRefused: The file is damaged, or speaks of criteria that are not there.
    """
    return load_crosswalk(pack_dir(pack), editions_of(pack))


def load_crosswalk(folder: Path, editions: tuple[Edition, ...]) -> Crosswalk:
    """Return the crosswalk in a pack's folder, checked against the pack's editions.

    Raises:
        NoCrosswalk: There is no ``crosswalk.yaml``.
        CrosswalkRefused: The file is damaged, or speaks of criteria that are not there.
    """
    try:
        content = (folder / FILE).read_bytes()
    except FileNotFoundError:
        raise NoCrosswalk(f"The pack {folder.name} has no {FILE}.") from None
    try:
        document = parse_yaml(content, FILE)
        entry = check_document(document, CrosswalkFile)
    except FilesRefused as refused:
        raise CrosswalkRefused(refused.problems) from None
    problems = Problems()
    _check(document, entry, editions, problems)
    if problems.found:
        raise CrosswalkRefused(problems.found)
    return _crosswalk(entry)


def _check(
    document: YamlDocument,
    entry: CrosswalkFile,
    editions: tuple[Edition, ...],
    problems: Problems,
) -> None:
    edition = next((each for each in editions if each.id == entry.edition), None)
    if edition is None:
        there = ", ".join(each.id for each in editions)
        what = f"There is no edition {entry.edition!r}."
        problems.add(document, ("edition",), what, f"Write one of: {there}.")
        return
    numbers = {category.number for category in edition.categories}
    ids = {criterion.id for criterion in edition.criteria}
    seen: set[object] = set()

    def known(key: object, where: set[int] | set[str], path: tuple[PathPart, ...]) -> None:
        if key not in where:
            problems.add(document, path, f"There is no {key!r} to map.", "Correct it.")
        elif key in seen:
            problems.add(document, path, f"{key!r} is mapped already.", "Keep one of the two.")
        seen.add(key)

    def targets(
        framework: str, named: list[str], path: tuple[PathPart, ...], *, needed: bool | None
    ) -> None:
        other = entry.frameworks.get(framework)
        if other is None:
            what = f"There is no framework {framework!r}."
            problems.add(document, path, what, "Add it to `frameworks`.")
            return
        for target in named:
            if target not in other.elements:
                what = f"{framework} has no element {target!r}."
                problems.add(document, path, what, f"Add it to the elements of {framework}.")
        if needed is not None and needed != bool(named):
            what = "A row has targets unless its relationship is none."
            problems.add(document, path, what, "Add targets, or write `relationship: none`.")

    def rows(mappings: list[MappingEntry], path: tuple[PathPart, ...]) -> None:
        frameworks: set[str] = set()
        for index, mapping in enumerate(mappings):
            here = (*path, "mappings", index)
            needed = mapping.relationship is not Relationship.NONE
            targets(mapping.framework, mapping.targets, here, needed=needed)
            if mapping.framework in frameworks:
                what = f"{mapping.framework} is mapped here already."
                problems.add(document, here, what, "Keep one of the two.")
            frameworks.add(mapping.framework)

    for place, category in enumerate(entry.categories):
        known(category.number, numbers, ("categories", place, "number"))
        rows(category.mappings, ("categories", place))
    for place, criterion in enumerate(entry.criteria):
        known(criterion.id, ids, ("criteria", place, "id"))
        rows(criterion.mappings, ("criteria", place))
    for place, gap in enumerate(entry.gaps):
        targets(gap.framework, gap.targets, ("gaps", place), needed=None)
    for place, criterion_id in enumerate(entry.rarely_covered):
        if criterion_id not in ids:
            what = f"There is no criterion {criterion_id!r}."
            problems.add(document, ("rarely_covered", place), what, "Correct the id.")


def _crosswalk(entry: CrosswalkFile) -> Crosswalk:
    return Crosswalk(
        title=Text(entry.title),
        edition=entry.edition,
        compiled_on=entry.compiled_on,
        is_draft=entry.status is EditionStatus.DRAFT,
        note=Text(entry.note),
        frameworks=tuple(
            Framework(
                key,
                Text(each.name),
                Text(each.edition),
                each.owner,
                Text(each.reuse),
                Text(each.basis),
                FrozenMap(
                    {name: Text(label) if label else None for name, label in each.elements.items()}
                ),
            )
            for key, each in entry.frameworks.items()
        ),
        categories=FrozenMap(
            {str(each.number): _mappings(each.mappings) for each in entry.categories}
        ),
        criteria=FrozenMap({each.id: _mappings(each.mappings) for each in entry.criteria}),
        gaps=tuple(
            Gap(each.framework, tuple(each.targets), Text(each.note)) for each in entry.gaps
        ),
        rarely_covered=tuple(entry.rarely_covered),
    )


def _mappings(entries: list[MappingEntry]) -> tuple[Mapping, ...]:
    return tuple(
        Mapping(
            each.framework,
            each.relationship,
            tuple(each.targets),
            each.confidence_percent,
            Text(each.note) if each.note else None,
        )
        for each in entries
    )
