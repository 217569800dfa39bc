"""What other frameworks have for a program's criteria, as a draft that an expert reviews.

A row never grants recognition. Reading the file lives in ``greenlane.content.crosswalk_files``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from greenlane.core.criteria import FrozenMap
from greenlane.core.text import Text


class Relationship(StrEnum):
    """How the scope of one of our elements lies to theirs.

    ``SUBSET``: ours lies inside theirs. ``SUPERSET``: ours contains theirs and more.
    ``NONE``: no counterpart was found, which does not prove that there is none.
    """

    EQUAL = "equal"
    SUBSET = "subset"
    SUPERSET = "superset"
    INTERSECTS = "intersects"
    NONE = "none"

    @property
    def lets_theirs_stand_for_ours(self) -> bool:
        """Whether evidence for theirs covers the whole scope of ours; depth is another matter."""
        return self in {Relationship.EQUAL, Relationship.SUBSET}


@dataclass(frozen=True, slots=True)
class Framework:
    """Another framework; ``elements`` maps its identifiers to a label of ours, or to ``None``."""

    key: str
    name: Text
    edition: Text
    owner: str
    reuse: Text
    basis: Text
    elements: FrozenMap[Text | None]


@dataclass(frozen=True, slots=True)
class Mapping:
    """One row: what a framework has for a category or a criterion.

    Attributes:
        confidence_percent: 0 to 100; for criteria a flat prior until an expert reviews the row.
    """

    framework: str
    relationship: Relationship
    targets: tuple[str, ...]
    confidence_percent: int
    note: Text | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    """Elements of another framework for which the program has nothing."""

    framework: str
    targets: tuple[str, ...]
    note: Text


@dataclass(frozen=True, slots=True)
class Crosswalk:
    """All rows of a program, by category number and by criterion id.

    Attributes:
        edition: Edition of the criteria whose ids the rows use.
        rarely_covered: Criteria that most frameworks have nothing for.
    """

    title: Text
    edition: str
    compiled_on: date
    is_draft: bool
    note: Text
    frameworks: tuple[Framework, ...]
    categories: FrozenMap[tuple[Mapping, ...]]
    criteria: FrozenMap[tuple[Mapping, ...]]
    gaps: tuple[Gap, ...]
    rarely_covered: tuple[str, ...]

    def framework(self, key: str) -> Framework:
        """Return a framework by its key; the loader has checked every reference."""
        return next(each for each in self.frameworks if each.key == key)

    def rows_for(self, framework: str) -> Iterable[tuple[str, Mapping]]:
        """Return criterion id and row for every row of a framework, in the order of the file."""
        for criterion_id, mappings in self.criteria.items():
            for mapping in mappings:
                if mapping.framework == framework:
                    yield criterion_id, mapping
