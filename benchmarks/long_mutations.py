"""Changes the hearts of the rules, one small change at a time; does a unit test notice?

``core/lifecycle`` and ``core/deadlines`` are read, every operator, comparison, condition, number
and return in their functions is changed once, and for each change the unit tests that run the
changed line are run in a forked process until one fails. What no test notices is listed with its
line; what is equal to the original whatever is given stands in ``EQUIVALENT`` with the reason.

Own, and small, for one fork of a process that has imported everything costs milliseconds, where a
tool that starts the test runner for each change takes hours. ``GREENLANE_MUTATIONS`` names one
module ("decide"); ``GREENLANE_MUTANTS`` takes every n-th change only.
"""

from __future__ import annotations

import ast
import copy
import importlib
import inspect
import os
import signal
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, FrameType, FunctionType, ModuleType
from typing import Any, Final

import pytest

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from benchmarks.longer import WITHOUT_DJANGO, keep  # noqa: E402 - the path is set above

MODULES: Final = {
    "decide": "greenlane.core.lifecycle.decide",
    "standing": "greenlane.core.lifecycle.standing",
    "deadlines": "greenlane.core.deadlines",
}
TESTS: Final = (
    "tests/unit/lifecycle",
    "tests/unit/core/test_deadlines.py",
    "tests/unit/core/test_scenario.py",
    "tests/unit/content/test_scenarios_ctpat.py",
)
WANTED: Final = 0.9
LONGEST_SECONDS: Final = 60
EQUIVALENT: Final[dict[str, str]] = {
    "decide:_has_no_urgency: returns None": "None and False are the same no.",
    "decide:_check_given: 40 -> 41": "A key that the act takes is never as long as that.",
    "deadlines:Decree.stops: returns None": "None and False are the same no.",
    "deadlines:_Case.first_after: break -> continue": (
        "What follows in the chain comes after the step found, and only an earlier one replaces it."
    ),
    "deadlines:_Case.latest_before: 0 -> 1": "Nothing comes before the first place of a chain.",
    "deadlines:_Case.latest_before: Lt -> LtE": (
        "A step found again by another mark of it is the same place."
    ),
    "deadlines:_extended: continue -> break": (
        "The decrees after one that begins too late begin later still."
    ),
    "deadlines:_before_visit: Lt -> LtE": (
        "The step that plans the visit anew and the one that ends the limit are the same one then."
    ),
    "deadlines:_given: Lt -> LtE": "As in _before_visit.",
    "deadlines:_windows: 0 -> 1": "The number stands for the one life that there is; any would do.",
    "deadlines:_windows_of: Gt -> GtE": (
        "What the anchor's own step does is on the first day, which the window leaves out."
    ),
}
"""Changes that change nothing, by "module:function: change", each with the reason."""

_SWAPPED: Final[dict[type[ast.AST], type[ast.AST]]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.BitOr: ast.BitAnd,
}


@dataclass(slots=True)
class Mutant:
    """One change: where, what, and the code of the function that has it."""

    module: str
    function: str
    line: int
    change: str
    code: CodeType
    killed_by: str = ""

    @property
    def name(self) -> str:
        return f"{self.module}:{self.function}:{self.line}: {self.change}"


def functions_of(module: ModuleType) -> dict[str, FunctionType]:
    """Return the functions and methods of a module by qualified name."""
    found: dict[str, FunctionType] = {}
    for name, value in vars(module).items():
        if inspect.isfunction(value) and value.__module__ == module.__name__:
            found[name] = value
        if inspect.isclass(value) and value.__module__ == module.__name__:
            for own, part in vars(value).items():
                inner = part.fget if isinstance(part, property) else part
                inner = inner.__func__ if isinstance(inner, classmethod) else inner
                if inspect.isfunction(inner) and inner.__module__ == module.__name__:
                    found[f"{name}.{own}"] = inner
    return found


def changes(node: ast.AST) -> Iterator[tuple[str, Callable[[ast.AST], ast.AST]]]:
    """Yield each change of one node: its words, and what makes it of a copy."""
    if isinstance(node, ast.Compare):
        for place, operator in enumerate(node.ops):
            other = _SWAPPED.get(type(operator))
            if other is not None:
                words = f"{type(operator).__name__} -> {other.__name__}"
                yield words, _swapping(other, place)
    elif isinstance(node, ast.BoolOp | ast.BinOp | ast.AugAssign):
        other = _SWAPPED.get(type(node.op))
        if other is not None and not _is_text(node):
            words = f"{type(node.op).__name__} -> {other.__name__}"
            yield words, _swapping(other)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield "not dropped", lambda it: it.operand  # type: ignore[attr-defined]
    elif isinstance(node, ast.Constant):
        if isinstance(node.value, bool):
            yield (
                f"{node.value} -> {not node.value}",
                lambda it: _with(
                    it,
                    "value",
                    not it.value,  # type: ignore[attr-defined]
                ),
            )
        elif isinstance(node.value, int):
            yield (
                f"{node.value} -> {node.value + 1}",
                lambda it: _with(
                    it,
                    "value",
                    it.value + 1,  # type: ignore[attr-defined]
                ),
            )
    elif isinstance(node, ast.If | ast.IfExp | ast.While):
        yield (
            "condition negated",
            lambda it: _with(
                it,
                "test",
                ast.UnaryOp(ast.Not(), it.test),  # type: ignore[attr-defined]
            ),
        )
    elif isinstance(node, ast.Return) and node.value is not None:
        if not (isinstance(node.value, ast.Constant) and node.value.value is None):
            yield "returns None", lambda it: _with(it, "value", ast.Constant(None))
    elif isinstance(node, ast.Continue):
        yield "continue -> break", lambda _: ast.Break()
    elif isinstance(node, ast.Break):
        yield "break -> continue", lambda _: ast.Continue()
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        # A method that names `super` keeps its class beside its code; one that does not cannot
        # take the place of one that does.
        yield "call dropped", lambda _: ast.Expr(ast.Name("super", ast.Load()))


def _swapping(other: type[ast.AST], place: int | None = None) -> Callable[[ast.AST], ast.AST]:
    def swapped(node: ast.AST) -> ast.AST:
        if place is None:
            return _with(node, "op", other())
        return _set(node, "ops", place, other())

    return swapped


def _is_text(node: ast.AST) -> bool:
    return any(isinstance(one, ast.JoinedStr) for one in ast.walk(node))


def _with(node: ast.AST, name: str, value: object) -> ast.AST:
    setattr(node, name, value)
    return node


def _set(node: ast.AST, name: str, place: int, value: ast.AST) -> ast.AST:
    getattr(node, name)[place] = value
    return node


class _Change(ast.NodeTransformer):
    """Changes the one node that is asked for, counted in the order of a walk."""

    def __init__(self, target: ast.AST, make: Callable[[ast.AST], ast.AST]) -> None:
        self.target, self.make = target, make

    def visit(self, node: ast.AST) -> Any:
        if node is self.target:
            return ast.copy_location(self.make(node), node)
        return self.generic_visit(node)


def mutants_of(short: str, module: ModuleType) -> Iterator[Mutant]:
    """Yield every change of a module's functions; signatures, types and messages are left alone."""
    source = inspect.getsource(module)
    file = inspect.getsourcefile(module) or module.__name__
    tree = ast.parse(source)
    known = functions_of(module)
    for path, function in _defined(tree):
        if path not in known:
            continue
        body = [node for statement in function.body for node in _walked(statement)]
        for number, node in enumerate(body):
            for place, (words, _) in enumerate(changes(node)):
                copied = copy.deepcopy(tree)
                again = dict(_defined(copied))[path]
                target = [n for s in again.body for n in _walked(s)][number]
                _, make = list(changes(target))[place]
                changed = ast.fix_missing_locations(_Change(target, make).visit(copied))
                try:
                    code = _code_at(compile(changed, file, "exec"), path)
                except SyntaxError:
                    continue
                if code.co_freevars != known[path].__code__.co_freevars:
                    # Python takes no code with other names from outside.
                    continue
                line = getattr(node, "lineno", function.lineno)
                yield Mutant(short, path, line, words, code)


def _defined(tree: ast.Module) -> list[tuple[str, ast.FunctionDef]]:
    found: list[tuple[str, ast.FunctionDef]] = []
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            found.append((node.name, node))
        elif isinstance(node, ast.ClassDef):
            found += [
                (f"{node.name}.{part.name}", part)
                for part in node.body
                if isinstance(part, ast.FunctionDef)
            ]
    return found


def _walked(node: ast.AST) -> Iterator[ast.AST]:
    """Walk a statement without its annotations, and without the words of a refusal."""
    yield node
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list"):
            continue
        parts = value if isinstance(value, list) else [value]
        for part in parts:
            if isinstance(part, ast.AST):
                yield from _walked(part)


def _code_at(code: CodeType, path: str) -> CodeType:
    for name in path.split("."):
        code = next(
            one for one in code.co_consts if isinstance(one, CodeType) and one.co_name == name
        )
    return code


@dataclass
class Runner:
    """Runs in the tests' own process: notes which lines each test runs, then tries each change."""

    wanted: str = ""
    every: int = 1
    mutants: list[Mutant] = field(default_factory=list)
    seconds: float = 0.0

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Take the place of the usual run."""
        began = time.monotonic()
        modules = {short: importlib.import_module(name) for short, name in MODULES.items()}
        chosen = {s: m for s, m in modules.items() if self.wanted in ("", s)}
        files = {inspect.getsourcefile(m) or "": short for short, m in chosen.items()}
        lines = self._lines(session, files)
        found = [one for short, module in chosen.items() for one in mutants_of(short, module)]
        self.mutants = found[:: self.every]
        noticed: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        for number, mutant in enumerate(self.mutants, start=1):
            function = functions_of(chosen[mutant.module])[mutant.function]
            tests = lines.get((mutant.module, mutant.line), [])
            tests = tests or lines.get((mutant.module, function.__code__.co_firstlineno), [])
            # What noticed other changes of this function comes first: it mostly notices this too.
            noticing = noticed[mutant.module, mutant.function]
            tests = sorted(tests, key=lambda item: -noticing[item.nodeid])
            mutant.killed_by = self._killed(session, function, mutant, tests)
            noticing[mutant.killed_by] += 1
            if not mutant.killed_by:
                print(f"not noticed: {mutant.name}", flush=True)
            if number % 50 == 0:
                print(f"{number} of {len(self.mutants)}", flush=True)
        self.seconds = round(time.monotonic() - began, 1)
        return True

    def _lines(
        self, session: pytest.Session, files: dict[str, str]
    ) -> dict[tuple[str, int], list[pytest.Item]]:
        """Return which tests run which line, the quick ones first; each test runs once for it."""
        found: dict[tuple[str, int], dict[int, pytest.Item]] = {}
        took: dict[int, float] = {}
        for place, item in enumerate(session.items):
            seen: set[tuple[str, int]] = set()

            def inner(frame: FrameType, event: str, _: object, seen: set[Any] = seen) -> Any:
                if event == "line":
                    seen.add((files[frame.f_code.co_filename], frame.f_lineno))
                return inner

            def outer(frame: FrameType, _: str, __: object, inner: Any = inner) -> Any:
                return inner if frame.f_code.co_filename in files else None

            start = time.perf_counter()
            sys.settrace(outer)
            following = session.items[place + 1] if place + 1 < len(session.items) else None
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            sys.settrace(None)
            took[place] = time.perf_counter() - start
            for line in seen:
                found.setdefault(line, {})[place] = item
        if session.testsfailed:
            raise pytest.UsageError("The tests fail without any change; mend that first.")
        return {
            line: [item for _, item in sorted(tests.items(), key=lambda one: took[one[0]])]
            for line, tests in found.items()
        }

    def _killed(
        self,
        session: pytest.Session,
        function: FunctionType,
        mutant: Mutant,
        tests: Sequence[pytest.Item],
    ) -> str:
        """Return the test that fails with the change; "" when none does, "time" for a loop."""
        if not tests:
            return ""
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            self._try(session, function, mutant, tests, writing)
        os.close(writing)
        with os.fdopen(reading, "rb") as pipe:
            told = pipe.read().decode()
        _, status = os.waitpid(child, 0)
        return told or ("time" if os.WIFSIGNALED(status) else "")

    def _try(
        self,
        session: pytest.Session,
        function: FunctionType,
        mutant: Mutant,
        tests: Sequence[pytest.Item],
        writing: int,
    ) -> None:
        """Run in a forked process, which ends here."""
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(LONGEST_SECONDS)
        quiet = os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, 1)
        os.dup2(quiet, 2)
        function.__code__ = mutant.code
        _forget()
        for item in tests:
            before = session.testsfailed
            try:
                item.config.hook.pytest_runtest_protocol(item=item, nextitem=None)
            except BaseException:  # noqa: BLE001 - whatever it is, the change was noticed
                session.testsfailed = before + 1
            if session.testsfailed > before:
                os.write(writing, item.nodeid.encode())
                os._exit(1)
        os._exit(0)


def _forget() -> None:
    """Empty what the tests have kept of earlier runs: an answer kept from before proves nothing."""
    for name, module in list(sys.modules.items()):
        if name.startswith("tests") or name.split(".")[-1].startswith("test_"):
            for kept in list(vars(module).values()):
                if callable(getattr(kept, "cache_clear", None)):
                    kept.cache_clear()


def main() -> int:
    """Try every change; return 1 when fewer than nine of ten are noticed."""
    runner = Runner(
        os.environ.get("GREENLANE_MUTATIONS", ""), int(os.environ.get("GREENLANE_MUTANTS", "1"))
    )
    os.chdir(ROOT)
    words = ["-q", "-n", "0", "-p", "no:randomly", "-p", "no:cacheprovider", "--timeout=0"]
    pytest.main([*words, *WITHOUT_DJANGO, *TESTS], plugins=[runner])
    survivors = [one for one in runner.mutants if not one.killed_by]
    excused = {one.name: EQUIVALENT[key] for one in survivors if (key := _key(one)) in EQUIVALENT}
    counted = len(runner.mutants) - len(excused)
    killed = len(runner.mutants) - len(survivors)
    share = killed / counted if counted else 0.0
    of_module = {
        short: {
            "changes": sum(one.module == short for one in runner.mutants),
            "noticed": sum(one.module == short and bool(one.killed_by) for one in runner.mutants),
        }
        for short in MODULES
    }
    keep(
        "mutations",
        {
            "changes": len(runner.mutants),
            "every": runner.every,
            "noticed": killed,
            "equal_to_the_original": excused,
            "share_noticed": round(share, 4),
            "wanted": WANTED,
            "modules": of_module,
            "not_noticed": [one.name for one in survivors if one.name not in excused],
            "seconds": runner.seconds,
            "holds": share >= WANTED and runner.every == 1 and not runner.wanted,
        },
    )
    return 0 if share >= WANTED else 1


def _key(mutant: Mutant) -> str:
    return f"{mutant.module}:{mutant.function}: {mutant.change}"


if __name__ == "__main__":
    raise SystemExit(main())
