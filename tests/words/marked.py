"""Finds every string of the source that is marked for translation, without gettext's programs.

Four kinds of places: `{% translate %}` and `{% blocktranslate %}` in templates, calls of the
gettext family in Python, the meanings of facts, and the sentences of errors that people may meet.
"""

from __future__ import annotations

import ast
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from django.utils.translation.template import templatize

from greenlane.core.facts import VOCABULARY
from greenlane.core.vocabulary import Axis
from tests.words.library import SAID_AGAIN

SOURCE: Final = Path(__file__).resolve().parents[2] / "src" / "greenlane"

# The arguments of each function, by place: "c" context, "s" singular, "p" plural.
FUNCTIONS: Final = {
    "_": "s",
    "gettext": "s",
    "gettext_lazy": "s",
    "gettext_noop": "s",
    "ngettext": "sp",
    "ngettext_lazy": "sp",
    "npgettext": "csp",
    "pgettext": "cs",
    "pgettext_lazy": "cs",
}
# The same in babel's words, for what becomes of a template.
KEYWORDS: Final = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}

AXES_OF_STANDING: Final = tuple(f"standing.{axis.value}" for axis in Axis)
# Floors whose errors may reach a page; what only an operator at a command line meets is English.
ERROR_FLOORS: Final = ("core", "apps", "gate", "web")
# The first argument of these is a stable code or the name of a field, the second the sentence.
CODE_FIRST: Final = frozenset({"GrantRefused", "Refused", "WrongPerson"})
# What only an operator, a program that calls the API or the author of a pack can meet.
NOT_ON_PAGES: Final = (
    "apps/audit/",
    "core/canonical.py",
    "core/facts.py",
    "core/ledger.py",
    "core/program.py",
)
OPERATORS_ERRORS: Final = frozenset(
    {
        "BrokenChain",
        "FreeText",
        "LetterNotSet",
        "NotTypeset",
        "MissingTriggers",
        "NotCanonical",
        "ReportNotSet",
        "SealBroken",
        "SealKeyMissing",
        "SigningKeyMissing",
    }
)


class Marked(NamedTuple):
    """One marked string: its singular, plural or "", context or "", and ``path:line``."""

    singular: str
    plural: str
    context: str
    place: str


class Unreadable(NamedTuple):
    """A place where a string is marked, or an error raised, in a way nobody can translate."""

    place: str
    why: str


def in_templates() -> Iterator[Marked]:
    """Give what the templates of pages and mails mark."""
    for path in sorted([*SOURCE.rglob("templates/**/*.html"), *SOURCE.rglob("templates/**/*.txt")]):
        name = path.relative_to(SOURCE).as_posix()
        # What is left of a template is Python but for its indentation.
        text = templatize(path.read_text(encoding="utf-8"), origin=name)
        flat = "\n".join(line.lstrip() for line in text.splitlines())
        options = {"encoding": "utf-8"}
        found = extract("python", io.BytesIO(flat.encode()), KEYWORDS, options=options)
        for line, messages, _comments, context in found:
            words = (messages, "") if isinstance(messages, str) else messages
            yield Marked(words[0], words[1], context or "", f"{name}:{line}")


def in_python() -> Iterator[Marked]:
    """Give what calls of the gettext family mark in Python, inside f-strings too."""
    for path in sorted(SOURCE.rglob("*.py")):
        source = path.read_text(encoding="utf-8")
        if "gettext" not in source:
            continue
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Call) and _name_of(node.func) in FUNCTIONS:
                yield from _call(node, f"{path.relative_to(SOURCE).as_posix()}:{node.lineno}")


def _call(node: ast.Call, place: str) -> Iterator[Marked]:
    words = {
        kind: given.value
        for kind, given in zip(FUNCTIONS[_name_of(node.func)], node.args, strict=False)
        if isinstance(given, ast.Constant) and isinstance(given.value, str)
    }
    if "s" in words:
        yield Marked(words["s"], words.get("p", ""), words.get("c", ""), place)


def in_vocabulary() -> Iterator[Marked]:
    """Give the meanings of facts, which pages show where they explain a rule.

    The families that are made of marks and axes are left out: pages put those together themselves.
    """
    for word in VOCABULARY.values():
        if not word.name.startswith(("mark.", "has.", "days_since.", *AXES_OF_STANDING)):
            yield Marked(word.meaning, "", "", "core/facts.py:0")


# --- The sentences of errors ----------------------------------------------------------------------


def _trees() -> Iterator[tuple[str, ast.Module]]:
    for floor in ERROR_FLOORS:
        for path in sorted((SOURCE / floor).rglob("*.py")):
            name = path.relative_to(SOURCE).as_posix()
            if name.startswith(NOT_ON_PAGES):
                continue
            yield name, ast.parse(path.read_text(encoding="utf-8"))


def error_classes() -> dict[str, ast.ClassDef]:
    """Return the errors that people may meet, by name, with their definition."""
    classes = {
        node.name: node
        for _name, tree in _trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    }
    found = {"GreenlaneError"}
    while True:
        more = {
            name
            for name, node in classes.items()
            if name not in found and any(_name_of(base) in found for base in node.bases)
        }
        if not more:
            return {name: classes[name] for name in sorted(found - OPERATORS_ERRORS)}
        found |= more


def _name_of(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def in_errors() -> Iterator[Marked | Unreadable]:
    """Give each sentence an error is raised with, and each default sentence (its docstring)."""
    classes = error_classes()
    for name, tree in _trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef) and classes.get(node.name) is not None:
                text = ast.get_docstring(node) or ""
                sentence = " ".join(text.split("\n\n")[0].split())
                yield Marked(sentence, "", "", f"{name}:{node.lineno}")
            elif isinstance(node, ast.Call) and _name_of(node.func) in classes:
                yield from _sentence(node, f"{name}:{node.lineno}")


def _sentence(call: ast.Call, place: str) -> Iterator[Marked | Unreadable]:
    first = 1 if _name_of(call.func) in CODE_FIRST else 0
    for word in call.args[first : first + 1]:
        for branch in (word.body, word.orelse) if isinstance(word, ast.IfExp) else (word,):
            if isinstance(branch, ast.Constant) and isinstance(branch.value, str):
                yield Marked(branch.value, "", "", place)
            elif isinstance(branch, ast.JoinedStr | ast.BinOp):
                why = 'write the sentence plain and give its fields: "... {day}", day=day'
                yield Unreadable(place, why)


# --- All together ---------------------------------------------------------------------------------


def in_library() -> Iterator[Marked]:
    """Give the strings of the sign-in library that are said again."""
    for words in SAID_AGAIN:
        singular, plural = (words, "") if isinstance(words, str) else words
        yield Marked(singular, plural, "", "../allauth:0")


def everything() -> Catalog:
    """Return every marked string with the files it stands in, as an untranslated catalogue."""
    catalogue = Catalog()
    for one in (*in_templates(), *in_python(), *in_vocabulary(), *in_library(), *in_errors()):
        if isinstance(one, Marked):
            words = (one.singular, one.plural) if one.plural else one.singular
            where = [(one.place.rpartition(":")[0], 0)]
            catalogue.add(words, context=one.context or None, locations=where)
    return catalogue
