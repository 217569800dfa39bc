"""Refreshes the Spanish catalogue from the source and says what is missing in it.

Run as ``python -m tests.words.catalogue`` (`./dev words`); with ``--check`` it writes nothing.
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterator
from typing import Final

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

from tests.words import marked
from tests.words.alike import ALIKE

LANGUAGE: Final = "es"
PO: Final = marked.SOURCE / "web" / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"

# Nothing that changes from day to day: two people's refreshes give the same file.
HEAD: Final = """\
# Spanish of Greenlane's pages, mails and refusals, as a Mexican carrier's manager would write it.
# Refreshed by `./dev words`, which keeps what is written here; CONTRIBUTING.md says how.
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Language: es\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""

_PLACEHOLDER: Final = re.compile(r"%\(\w+\)[sd]|%%|\{\w*[^{}]*\}")
_NUMBER: Final = re.compile(r"\d+(?:[.,]\d+)*")


def present() -> Catalog:
    """Return the catalogue as it is committed; empty when there is none yet."""
    if not PO.is_file():
        return Catalog(locale=LANGUAGE)
    with PO.open("rb") as text:
        return read_po(text, locale=LANGUAGE)


def refreshed() -> Catalog:
    """Return the catalogue with every marked string and no other, translations kept."""
    catalogue = present()
    catalogue.update(marked.everything(), no_fuzzy_matching=True)
    return catalogue


def written(catalogue: Catalog) -> str:
    """Return a catalogue as the text of its file: by file, without line numbers."""
    out = io.BytesIO()
    write_po(
        out,
        catalogue,
        width=100,
        omit_header=True,
        sort_by_file=True,
        ignore_obsolete=True,
        include_lineno=False,
    )
    return HEAD + out.getvalue().decode()


def keys(catalogue: Catalog) -> set[tuple[str, str]]:
    """Return what a catalogue translates: context or "", and the English (the singular)."""
    return {
        (message.context or "", message.id if isinstance(message.id, str) else message.id[0])
        for message in catalogue
        if message.id
    }


def pairs(message: Message) -> Iterator[tuple[str, str]]:
    """Give each English wording of a message beside its Spanish one; "" for none."""
    if not isinstance(message.id, tuple | list):
        yield message.id, str(message.string or "")
        return
    words = message.string if isinstance(message.string, tuple | list) else ("", "")
    yield from zip(message.id, words, strict=True)


def faults(catalogue: Catalog) -> list[str]:
    """Return one line for each string of a catalogue that is not properly in Spanish."""
    found = []
    for message in catalogue:
        if not message.id:
            continue
        places = ", ".join(sorted({path for path, _line in message.locations}))
        plural = isinstance(message.id, tuple | list)
        for english, spanish in pairs(message):
            why = _fault(english, spanish, may_drop_number=plural)
            if message.fuzzy:
                why = "marked fuzzy"
            if why:
                found.append(f"{why}: {english!r} ({places})")
    return found


def _fault(english: str, spanish: str, *, may_drop_number: bool) -> str:
    if not spanish.strip():
        return "missing"
    if english == spanish and english not in ALIKE:
        return "copied"
    if _placeholders(english) != _placeholders(spanish):
        return "placeholders differ"
    # "%(n)s day" and "1 day" are both one wording; a number in a sentence is never another one.
    bare_en, bare_es = (_PLACEHOLDER.sub("", words) for words in (english, spanish))
    if sorted(_NUMBER.findall(bare_en)) != sorted(_NUMBER.findall(bare_es)):
        return "numbers differ"
    if (english[:1].isspace(), english[-1:].isspace()) != (
        spanish[:1].isspace(),
        spanish[-1:].isspace(),
    ):
        return "space at an end differs"
    return ""


def _placeholders(words: str) -> set[str]:
    # `{name!r}` puts English quotation marks around a name; Spanish may write its own.
    return {found.replace("!r", "") for found in _PLACEHOLDER.findall(words)}


def main(words: list[str]) -> int:
    """Refresh the file, unless only asked to check; list what a translator has to write."""
    catalogue = refreshed()
    lines = faults(catalogue)
    if "--check" not in words:
        PO.parent.mkdir(parents=True, exist_ok=True)
        PO.write_text(written(catalogue), encoding="utf-8")
    elif keys(catalogue) != keys(present()):
        lines.append(f"{PO.name} does not hold what the source marks: run ./dev words")
    unreadable = (one for one in marked.in_errors() if isinstance(one, marked.Unreadable))
    lines += [f"{one.place}: {one.why}" for one in unreadable]
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.write(f"{len(catalogue)} strings, {len(lines)} to mend\n")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
