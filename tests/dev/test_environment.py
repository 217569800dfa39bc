"""What `./dev` hands on: pip's registries to uv, the demo's database to `greenlane`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest


def test_pips_registries_are_put_in_uvs_words(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("UV_DEFAULT_INDEX", "UV_INDEX", "UV_FIND_LINKS", "SSL_CERT_FILE"):
        monkeypatch.delenv(name, raising=False)
    settings = {
        "index-url": "https://packages.example/simple",
        "extra-index-url": "https://a.example/simple https://b.example/simple",
        "find-links": "/srv/wheels",
        "cert": "/etc/office.pem",
    }

    env = dev.uv_environment(settings)

    assert env["UV_DEFAULT_INDEX"] == "https://packages.example/simple"
    assert env["UV_INDEX"] == "https://a.example/simple https://b.example/simple"
    assert env["UV_FIND_LINKS"] == "/srv/wheels"
    assert env["SSL_CERT_FILE"] == "/etc/office.pem"


def test_what_the_caller_tells_uv_stands_above_pip(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UV_DEFAULT_INDEX", "https://mine.example/simple")

    env = dev.uv_environment({"index-url": "https://packages.example/simple"})

    assert env["UV_DEFAULT_INDEX"] == "https://mine.example/simple"


def test_a_home_that_cannot_be_written_gets_a_cache_in_the_checkout(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.delenv("UV_CACHE_DIR", raising=False)
    monkeypatch.setenv("HOME", "/proc/1/nowhere")

    monkeypatch.setattr(dev.os, "access", lambda path, mode: False)

    assert dev.uv_environment({})["UV_CACHE_DIR"] == str(dev.STATE / "cache" / "uv")


def test_pips_configuration_is_read_from_its_own_listing(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    config = tmp_path / "pip.conf"
    config.write_text(
        "[global]\nindex-url = https://low.example/s\ntimeout = 9\n"
        "[install]\nindex-url = https://high.example/s\n",
        encoding="utf-8",
    )
    monkeypatch.setenv("PIP_CONFIG_FILE", str(config))
    monkeypatch.setenv("PIP_TIMEOUT", "77")

    has_pip = subprocess.run([sys.executable, "-m", "pip", "--version"], check=False).returncode
    if has_pip:
        pytest.skip("this environment has no pip to ask; run ./dev in a fresh checkout")
    settings = dev.pip_settings(Path(sys.executable))

    assert settings["index-url"] == "https://high.example/s"
    assert settings["timeout"] == "77"


def test_run_uses_the_demos_database_when_there_is_one(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(dev, "DEMO", tmp_path)

    before = dev.run_environment({})
    (tmp_path / "greenlane.sqlite3").touch()
    after = dev.run_environment({})

    assert before == {}
    assert after["GREENLANE_DATABASE_URL"] == f"sqlite:///{tmp_path}/greenlane.sqlite3"
    assert after["GREENLANE_DATA_DIR"] == str(tmp_path)


def test_run_leaves_a_database_that_the_caller_names(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(dev, "DEMO", tmp_path)
    (tmp_path / "greenlane.sqlite3").touch()
    named = {"GREENLANE_DATABASE_URL": "postgresql://db.example/office"}

    assert dev.run_environment(named) == named


def test_tests_see_no_setting_of_the_callers_own_installation(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GREENLANE_DATABASE_URL", "postgresql://db.example/office")
    monkeypatch.setenv("GREENLANE_SHARED_DATA", "/srv/lists")

    env = dev.test_environment()

    assert "GREENLANE_DATABASE_URL" not in env
    assert env["GREENLANE_SHARED_DATA"] == "/srv/lists"
    assert env["PYTHONPYCACHEPREFIX"].endswith("bytecode")


def test_bare_dev_lists_every_command_with_a_sentence(
    dev: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    code = dev.main([])

    listing = capsys.readouterr().out
    assert code == 0
    for name in ["demo", "run", "test", "check", "fix", "lock", "docs", "bench", "assets", "long"]:
        assert f"\n  {name} " in listing
    assert all(command.__doc__ for command in dev.COMMANDS.values())


def test_an_unknown_command_is_named_with_the_known_ones(
    dev: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    code = dev.main(["tset"])

    said = capsys.readouterr().out
    assert code == 2
    assert "'tset'" in said
    assert "test" in said
