"""Habits that no linter knows: no clock below the doors, no signals, no room without a name."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

CLOCK = frozenset({"now", "utcnow", "today", "time", "monotonic", "localtime", "gmtime"})
CLOCK_OWNERS = frozenset({"datetime", "date", "timezone", "time"})
FORBIDDEN_NAMES = frozenset(
    {"utils", "util", "helpers", "helper", "common", "manager", "handler", "misc", "validators"}
)


def calls(tree: ast.Module) -> Iterator[tuple[str, str, int]]:
    """Give owner, name and line of each call written ``owner.name(...)``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = node.func.value
            last = owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")
            yield last, node.func.attr, node.lineno


@pytest.mark.parametrize("floor", ["core", "content", "engine", "screening", "apps"])
def test_nobody_below_the_doors_reads_the_clock(floor: str, trees: dict[str, ast.Module]) -> None:
    found = [
        f"{path}:{line} calls {owner}.{name}()"
        for path, tree in trees.items()
        if path.startswith(f"{floor}/")
        for owner, name, line in calls(tree)
        if owner in CLOCK_OWNERS and name in CLOCK
    ]

    assert found == []


# Django rebuilds a SQLite table without its triggers, so they are put back after every migration;
# post_migrate is the only moment Django offers for that, and it carries no fact of the program.
SIGNALS_EXCUSED = frozenset({("apps/audit/apps.py", "post_migrate")})


def test_no_signal_has_a_receiver(trees: dict[str, ast.Module]) -> None:
    found = {
        (path, alias.name)
        for path, tree in trees.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        and (node.module == "django.dispatch" or (node.module or "").endswith(".signals"))
        for alias in node.names
    }

    assert found - SIGNALS_EXCUSED == set()


def test_no_state_changes_in_save(trees: dict[str, ast.Module]) -> None:
    found = [
        f"{path}:{node.lineno}"
        for path, tree in trees.items()
        if path.startswith("apps/")
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.name in {"save", "delete"}
    ]

    assert found == []


def test_no_module_is_named_for_nothing_in_particular(trees: dict[str, ast.Module]) -> None:
    found = [path for path in trees if FORBIDDEN_NAMES & set(path.removesuffix(".py").split("/"))]

    assert found == []


def test_every_module_says_what_lives_in_it(trees: dict[str, ast.Module]) -> None:
    silent = [
        path
        for path, tree in trees.items()
        if tree.body and not ast.get_docstring(tree) and "/migrations/" not in path
    ]

    assert silent == []


_IDS = re.compile(
    r"(?:T\d\d|S0\d|F0\d|C0\d|P0\d|AR0\d|V0\d|X\d\d|E0\d|M0\d|TC0\d|O\d\d|D\d\d"
    r"|company_officer|point_of_contact|vetting_analyst|field_manager|program_editor"
    r"|PRE_APPLICANT|PROFILE_APPROVED|partner-agreement.*)"
)
#: The demonstration and the pages made of the first pack are that program's; migrations are past.
_OF_ONE_PROGRAM = {"demo_office", "migrations", "demo.py", "docs_rules.py", "vocabulary.py"}


def test_no_source_of_the_engine_names_what_is_a_pack_s_own(trees: dict[str, ast.Module]) -> None:
    found = [
        f"{path}: {node.value}"
        for path, tree in trees.items()
        if not _OF_ONE_PROGRAM & set(path.split("/"))
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and _IDS.fullmatch(node.value)
    ]

    assert found == []


# What is kept beside the record, a search that comes before its record, and another name of an act.
OUT_OF_TURN = frozenset({"save_draft", "save_check_draft", "screen_account", "save_answer"})


def test_every_action_on_an_account_takes_its_turn(trees: dict[str, ast.Module]) -> None:
    """An action reads before it appends; nobody else may act on the account in between."""
    actions = {
        f"{path}:{node.name}": {ast.unparse(one) for one in node.decorator_list}
        for path, tree in trees.items()
        if path.startswith("apps/") and "actions" in path
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
        and not node.name.startswith("_")
        and not node.args.args
        and {"account", "at"} <= {one.arg for one in node.args.kwonlyargs}
        and node.name not in OUT_OF_TURN
    }

    assert len(actions) > 50
    assert [name for name, marks in actions.items() if "one_at_a_time" not in marks] == []
