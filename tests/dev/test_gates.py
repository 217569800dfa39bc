"""The gates that are our own: secrets, paths of one machine, registries in locks."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import pytest


@pytest.mark.parametrize(
    "line",
    [
        "-----BEGIN EC PRIVATE " + "KEY-----",
        "AKIA" + "A1B2C3D4E5F6G7H8",
        "SECRET_KEY = '" + "a1b2" * 10 + "'",
        '"password": "' + "Zx9_" * 9 + '"',
    ],
)
def test_what_looks_like_a_secret_is_found(dev: ModuleType, line: str) -> None:
    assert dev.SECRET.search(line)


@pytest.mark.parametrize("line", ["SECRET_KEY = _secret_key()", "token = request.POST['token']"])
def test_code_about_secrets_is_no_secret(dev: ModuleType, line: str) -> None:
    assert not dev.SECRET.search(line)


@pytest.mark.parametrize(
    "parts", [("home", "ann", "x"), ("root", "x"), ("work", "main"), ("Users", "Ann", "x")]
)
def test_a_folder_of_one_machine_is_found(dev: ModuleType, parts: tuple[str, ...]) -> None:
    assert dev.MACHINE_PATH.search("see " + "".join("/" + part for part in parts))


@pytest.mark.parametrize(
    "line",
    [
        "/srv/greenlane",
        "/usr/lib/postgresql",
        "/".join(("https://x.example", "work", "1")),
        "a/home/b",
    ],
)
def test_an_ordinary_path_is_left_alone(dev: ModuleType, line: str) -> None:
    assert not dev.MACHINE_PATH.search(line)


def test_a_registry_named_in_a_lock_is_found(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(dev, "ROOT", tmp_path)
    monkeypatch.setattr(dev, "LOCKS", tmp_path)
    (tmp_path / "package-lock.json").write_text("{}", encoding="utf-8")
    (tmp_path / "base.txt").write_text("a==1 \\\n    --hash=sha256:00\n", encoding="utf-8")
    clean = dev.find_hosts_in_locks()
    (tmp_path / "base.txt").write_text("--index-url https://p.example/s\na==1\n", encoding="utf-8")

    assert clean == ""
    assert dev.find_hosts_in_locks() == "base.txt:1: names a package registry"


def test_the_locks_name_no_registry(dev: ModuleType) -> None:
    assert dev.find_hosts_in_locks() == ""


def test_every_locked_package_has_a_hash(dev: ModuleType) -> None:
    for lock in sorted(dev.LOCKS.glob("*.txt")):
        entries = lock.read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
        bare = [line for line in entries if line.strip() and "--hash=sha256:" not in line]
        assert bare == [], lock.name


def test_the_base_lock_keeps_within_its_budget_of_packages(dev: ModuleType) -> None:
    lines = (dev.LOCKS / "base.txt").read_text(encoding="utf-8").splitlines()
    names = {line.split("==")[0] for line in lines if "==" in line}

    assert len(names) <= 60


def test_a_gate_whose_command_does_not_exist_yet_does_not_count(dev: ModuleType) -> None:
    outcome = dev.try_gate(dev.Gate("later", ["true"], needs="no-such-command"))

    assert outcome.state == "none"


def test_a_gate_that_finds_something_fails_and_says_what(dev: ModuleType) -> None:
    outcomes = [dev.try_gate(dev.Gate("one", lambda: "x.py:1: found"))]
    outcomes.append(dev.try_gate(dev.Gate("two", lambda: "")))

    assert [(o.state, o.output) for o in outcomes] == [("FAIL", "x.py:1: found"), ("ok", "")]
