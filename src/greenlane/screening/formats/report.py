"""What a reader has to say besides the parties: limits it kept, rows it set aside, damage it met.

Nothing here reads a file.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from greenlane.core.errors import BadInput


class UnreadableList(BadInput):
    """This file is no watch list that can be read; nothing was changed. Check which file it is."""

    code = "watchlist.unreadable"


class HostileList(BadInput):
    """This file is built to harm a reader and was refused. Fetch it again from its publisher."""

    code = "watchlist.hostile"


class DamagedList(BadInput):
    """This list is damaged and was not taken over. Fetch it again, or force it by name."""

    code = "watchlist.damaged"


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one reading; a file beyond them is refused, never read in part without a word.

    The defaults are about ten times the largest list published today (126 MB, 19,181 parties,
    some 60 names for one party), so they stop an attack and not a busy year.
    """

    file_bytes: int = 1 << 30
    """Largest file, in bytes."""
    line_characters: int = 1 << 20
    """Longest line of a delimited file, in characters."""
    record_bytes: int = 8 << 20
    """Most bytes of markup or JSON that one party may take."""
    token_bytes: int = 4 << 20
    """Most bytes of XML that may pass without any element, text or comment being complete."""
    depth: int = 64
    """Deepest nesting of elements."""
    elements_per_record: int = 200_000
    """Most XML elements in one party."""
    parties: int = 2_000_000
    """Most parties in one list."""
    names_per_party: int = 5_000
    """Most names of one party."""
    name_characters: int = 1_000
    """Longest name; a longer one is set aside with its line."""
    text_characters: int = 20_000
    """Longest remark or address; the rest is cut and counted."""


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class SetAside:
    """A row or record that could not be used: where it stands and why. ``line`` is 1-based."""

    line: int
    reason: str
    excerpt: str = ""


@dataclass(slots=True)
class ImportReport:
    """What happened while a list was read; filled by the reader, complete after its last party.

    Attributes:
        format: Key of the format, as `detection.Format` spells it.
        rows: Rows (or XML records) seen, header lines not counted.
        parties: Parties delivered.
        names: Names delivered, all scripts and strengths.
        weak_names: Names the list itself marks as weak.
        kinds: Parties per kind.
        set_aside: The first 1,000 rows that could not be used; ``set_aside_total`` counts all.
        notes: Survived oddities by sentence, with how often each was met.
        damage: What makes the file incomplete or broken; empty for a sound one.
        dated: The list's own date of issue as ISO date, empty where it gives none.
    """

    format: str = ""
    rows: int = 0
    parties: int = 0
    names: int = 0
    weak_names: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    set_aside: list[SetAside] = field(default_factory=list)
    set_aside_total: int = 0
    notes: Counter[str] = field(default_factory=Counter)
    damage: list[str] = field(default_factory=list)
    dated: str = ""

    def put_aside(self, line: int, reason: str, excerpt: str = "") -> None:
        """Record one unusable row; only the first 1,000 are kept in full, all are counted."""
        self.set_aside_total += 1
        if len(self.set_aside) < 1_000:
            self.set_aside.append(SetAside(line, reason, excerpt[:200]))

    def note(self, sentence: str, times: int = 1) -> None:
        """Count an oddity that was survived; at most 200 different sentences are kept."""
        if sentence in self.notes or len(self.notes) < 200:
            self.notes[sentence] += times

    def found_damage(self, sentence: str) -> None:
        """Record that the file is broken or incomplete; at most 50 sentences are kept."""
        if len(self.damage) < 50:
            self.damage.append(sentence)
