"""XML as a bounded stream of small trees: one per record, never the whole document.

Document type declarations are refused outright, so there is no entity to expand and nothing
external to fetch. Nothing here knows what an element means.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import BinaryIO
from xml.parsers import expat

from greenlane.screening.formats.report import HostileList, ImportReport, Limits

_CHUNK = 1 << 16


class Element:
    """One element of a record: local tag, attributes by local name, children, own text."""

    __slots__ = ("attributes", "children", "line", "tag", "words")

    def __init__(self, tag: str, attributes: dict[str, str], line: int = 0) -> None:
        self.tag = tag
        self.attributes = attributes
        self.children: list[Element] = []
        self.words: list[str] | None = None
        self.line = line

    def get(self, attribute: str) -> str:
        """Return an attribute's value, empty where it is missing."""
        return self.attributes.get(attribute, "")

    @property
    def content(self) -> str:
        """Own text, without that of the children, trimmed."""
        return "".join(self.words).strip() if self.words else ""

    def all(self, *path: str) -> Iterator[Element]:
        """Yield every element at the end of a path of child tags, in document order."""
        if not path:
            yield self
            return
        for child in self.children:
            if child.tag == path[0]:
                yield from child.all(*path[1:])

    def first(self, *path: str) -> Element | None:
        """Return the first element at the end of a path, or ``None``."""
        return next(self.all(*path), None)

    def text(self, *path: str) -> str:
        """Return the text of the first element at the end of a path, empty where there is none."""
        found = self.first(*path)
        return found.content if found is not None else ""

    def texts(self, *path: str) -> list[str]:
        """Return the texts of all elements at the end of a path that have one."""
        return [text for element in self.all(*path) if (text := element.content)]


def _refused(*_: object) -> int:
    raise HostileList(
        "The file declares a document type or an entity. No publisher of watch lists does; such a "
        "declaration is how an XML bomb is built. Fetch the list again from its publisher."
    )


def read_elements(
    stream: BinaryIO,
    wanted: frozenset[str],
    *,
    limits: Limits,
    report: ImportReport,
    on_root: Callable[[str, dict[str, str]], None] | None = None,
) -> Iterator[Element]:
    """Yield the tree of every element whose local tag is wanted, as soon as it is closed.

    Memory is that of one record. Records do not nest: inside a wanted element all is one tree.
    XML that breaks off ends the stream and is recorded as damage; what came before stands.

    Args:
        stream: Binary, at its start.
        wanted: Local tags (no namespace prefix) of the records.
        limits: Bounds of the reading.
        report: Takes damage.
        on_root: Called once with the root's local tag and attributes.

    Raises:
        HostileList: A document type, an entity, or anything beyond the limits.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.buffer_size = 1 << 16
    done: list[Element] = []
    open_elements: list[Element] = []
    local: dict[str, str] = {}
    depth = events = nodes = taken = 0
    max_depth, max_nodes, max_bytes = limits.depth, limits.elements_per_record, limits.record_bytes

    def local_name(name: str) -> str:
        short = name.rsplit(":", 1)[-1]
        # A document of endless different tags must not fill this cache.
        if len(local) < 4096:
            local[name] = short
        return short

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth, events, nodes, taken
        depth += 1
        events += 1
        if depth > max_depth:
            raise HostileList(
                f"Elements are nested deeper than {max_depth} (line {parser.CurrentLineNumber})."
            )
        tag = local.get(name) or local_name(name)
        if depth == 1 and on_root is not None:
            on_root(tag, attributes)
        if open_elements:
            nodes += 1
            taken += sum(map(len, attributes.values())) + 16
            if nodes > max_nodes or taken > max_bytes:
                raise HostileList(
                    f"The record that begins in line {open_elements[0].line} is larger than any "
                    "record of a watch list."
                )
            element = Element(tag, attributes)
            open_elements[-1].children.append(element)
            open_elements.append(element)
        elif tag in wanted:
            nodes = taken = 0
            open_elements.append(Element(tag, attributes, parser.CurrentLineNumber))
            parser.CharacterDataHandler = characters

    def end(_: str) -> None:
        nonlocal depth, events
        depth -= 1
        events += 1
        if open_elements:
            element = open_elements.pop()
            if not open_elements:
                parser.CharacterDataHandler = None
                done.append(element)

    def characters(text: str) -> None:
        nonlocal events, taken
        events += 1
        if text.isspace():
            return
        taken += len(text)
        if taken > max_bytes:
            raise HostileList(
                f"The record that begins in line {open_elements[0].line} is larger than any record "
                "of a watch list."
            )
        element = open_elements[-1]
        if element.words is None:
            element.words = [text]
        else:
            element.words.append(text)

    def remark(*_: object) -> None:
        nonlocal events
        events += 1

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CommentHandler = remark
    parser.ProcessingInstructionHandler = remark
    parser.StartDoctypeDeclHandler = _refused
    parser.EntityDeclHandler = _refused
    parser.ExternalEntityRefHandler = _refused
    parser.UnparsedEntityDeclHandler = _refused
    total = silent = 0
    is_final = False
    while not is_final:
        chunk = stream.read(_CHUNK)
        is_final = not chunk
        total += len(chunk)
        if total > limits.file_bytes:
            raise HostileList(f"The file is larger than {limits.file_bytes:,} bytes.")
        before = events
        try:
            parser.Parse(chunk, is_final)
        except expat.ExpatError as error:
            yield from done
            report.found_damage(
                f"The XML breaks off in line {error.lineno}: {expat.ErrorString(error.code)}."
            )
            return
        except (LookupError, ValueError) as error:  # an encoding that Python does not offer
            report.found_damage(f"The XML cannot be decoded: {error}.")
            return
        silent = 0 if events != before else silent + len(chunk)
        if silent > limits.token_bytes:
            # Expat keeps an unfinished tag or comment in memory until it is complete.
            raise HostileList(f"One tag or text is longer than {limits.token_bytes:,} bytes.")
        yield from done
        done.clear()
