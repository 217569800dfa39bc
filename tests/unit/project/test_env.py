"""The reader of settings: every kind, and every way to write it wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from greenlane.project import env


def test_a_yes_or_no_setting_takes_the_usual_words(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = {}
    for text in ("1", "Yes", "TRUE", "on", "0", "no", "False", "off", ""):
        monkeypatch.setenv("GREENLANE_T", text)
        answers[text] = env.env_bool("T", "A test.", default=True)

    assert [text for text, answer in answers.items() if answer] == ["1", "Yes", "TRUE", "on"]


@pytest.mark.parametrize("text", ["maybe", "2", "yes please", "да"])
def test_an_unclear_yes_or_no_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setenv("GREENLANE_T", text)

    with pytest.raises(env.WrongSetting, match="Write yes or no"):
        env.env_bool("T", "A test.", default=False)


@pytest.mark.parametrize("text", ["", "ten", "1.5", "-1", "11", "٣", "²", "1e1", "9" * 5000])
def test_a_number_that_is_none_or_out_of_range_is_refused(
    monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setenv("GREENLANE_T", text)

    with pytest.raises(env.WrongSetting, match="whole number from 0 to 10"):
        env.env_int("T", 3, "A test.", at_most=10)


def test_a_number_within_range_is_read_and_absence_gives_the_default(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    absent = env.env_int("T", 3, "A test.", at_most=10)
    monkeypatch.setenv("GREENLANE_T", " 10 ")

    assert (absent, env.env_int("T", 3, "A test.", at_most=10)) == (3, 10)


def test_a_list_loses_blanks_and_empty_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GREENLANE_T", " a.example , ,b.example,")

    assert env.env_list("T", "", "A test.") == ["a.example", "b.example"]


def test_a_choice_outside_the_list_is_refused_with_the_list(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("GREENLANE_T", "loud")

    with pytest.raises(env.WrongSetting, match="one of: low, high"):
        env.env_choice("T", "low", ("low", "high"), "A test.")


def test_a_secret_is_read_from_the_file_that_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    kept = tmp_path / "kept"
    kept.write_text("words\n", encoding="utf-8")
    monkeypatch.setenv("GREENLANE_T_FILE", str(kept))

    assert env.env_secret("T", "A test.") == "words"


def test_a_secret_given_twice_or_in_an_unreadable_file_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GREENLANE_T_FILE", str(tmp_path / "absent"))

    with pytest.raises(env.WrongSetting, match="cannot be read"):
        env.env_secret("T", "A test.")
    monkeypatch.setenv("GREENLANE_T", "words")
    with pytest.raises(env.WrongSetting, match="Keep one of them"):
        env.env_secret("T", "A test.")


def test_the_file_variant_belongs_to_secrets_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GREENLANE_T_FILE", "/nowhere")

    assert env.env_text("T", "default", "A test.") == "default"


def test_every_variable_asked_for_is_declared_with_its_meaning() -> None:
    env.env_text("T_DECLARED", "x", "What it is for.")

    found = {entry.name: entry for entry in env.declared()}["GREENLANE_T_DECLARED"]
    assert (found.kind, found.default, found.meaning) == ("text", "x", "What it is for.")


def test_a_sqlite_address_becomes_a_database_that_loses_nothing() -> None:
    entry = env.database_from_url("sqlite:////srv/a%20b?#.sqlite3")

    assert entry["NAME"] == "/srv/a b?#.sqlite3"
    assert entry["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert "synchronous=FULL" in entry["OPTIONS"]["init_command"]


def test_a_postgresql_address_is_taken_apart() -> None:
    entry = env.database_from_url("postgresql://ann:p%40ss@db.example:5433/green?sslmode=require")

    assert entry["USER"] == "ann"
    assert entry["PASSWORD"] == "p@ss"
    assert (entry["HOST"], entry["PORT"], entry["NAME"]) == ("db.example", "5433", "green")
    assert entry["OPTIONS"] == {"sslmode": "require"}


def test_a_socket_folder_is_the_host() -> None:
    entry = env.database_from_url("postgresql://ann@/green?host=/run/postgresql")

    assert (entry["HOST"], entry["OPTIONS"]) == ("/run/postgresql", {})


@pytest.mark.parametrize(
    "url",
    [
        "",
        "mysql://a/b",
        "postgresql://host",
        "postgresql://host:port/name",
        "postgresql://host:99999999/name",
        "postgresql://[::1/name",
        "sqlite:/relative",
        "sqlite:///relative.sqlite3",
        "\x00",
    ],
)
def test_an_address_of_another_kind_is_refused_without_repeating_a_password(url: str) -> None:
    with pytest.raises(env.WrongSetting) as refused:
        env.database_from_url(url.replace("host", "ann:hidden@host"))

    assert "hidden" not in refused.value.message
    assert "sqlite:////absolute/path" in refused.value.message
