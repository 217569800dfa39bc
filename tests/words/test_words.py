"""The Spanish of pages, mails and refusals is complete, and what finds gaps finds them."""

from __future__ import annotations

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from tests.words import catalogue, marked
from tests.words.alike import ALIKE

REMEDY = "Run ./dev words, write the Spanish in django.po, and run it again."


def one(
    english: str | tuple[str, str], spanish: str | tuple[str, str], *, fuzzy: bool = False
) -> Catalog:
    made = Catalog(locale="es")
    made.add(english, spanish, flags=["fuzzy"] if fuzzy else [], locations=[("page.html", 0)])
    return made


@pytest.fixture(scope="module")
def present() -> Catalog:
    """Return the catalogue as it is committed."""
    return catalogue.present()


class TestTheCatalogue:
    def test_it_holds_what_the_source_marks_and_nothing_else(self, present: Catalog) -> None:
        wanted = catalogue.keys(marked.everything())

        found = catalogue.keys(present)

        assert sorted(wanted - found, key=str) == [], REMEDY
        assert sorted(found - wanted, key=str) == [], REMEDY

    def test_every_string_is_in_spanish_with_its_fields_and_numbers(self, present: Catalog) -> None:
        assert catalogue.faults(present) == [], REMEDY

    def test_every_error_on_a_page_has_a_sentence_that_can_be_translated(self) -> None:
        found = [it for it in marked.in_errors() if isinstance(it, marked.Unreadable)]

        assert found == []

    def test_what_is_excused_for_being_the_same_is_still_marked(self, present: Catalog) -> None:
        words = {key[1] for key in catalogue.keys(present)}

        assert sorted(ALIKE.keys() - words) == []

    def test_it_is_written_as_a_refresh_writes_it(self) -> None:
        text = catalogue.PO.read_text(encoding="utf-8")

        assert text.startswith(catalogue.HEAD)
        assert "#~" not in text


class TestFaults:
    @pytest.mark.parametrize(
        ("english", "spanish", "why"),
        [
            ("Save", "", "missing"),
            ("Save", "Save", "copied"),
            ("By %(day)s", "A más tardar el día", "placeholders differ"),
            ("By %(day)s", "A más tardar el %(dia)s", "placeholders differ"),
            ("{act} is over", "{acto} terminó", "placeholders differ"),
            ("within 90 days", "en 60 días", "numbers differ"),
            ("within 90 days", "en unos días", "numbers differ"),
            ("since ", "desde", "space at an end differs"),
            (("%(n)s row", "%(n)s rows"), ("%(n)s fila", ""), "missing"),
            (("%(n)s row", "%(n)s rows"), ("%(n)s fila", "filas"), "placeholders differ"),
        ],
    )
    def test_a_string_that_is_not_properly_in_spanish_is_named(
        self, english: str | tuple[str, str], spanish: str | tuple[str, str], why: str
    ) -> None:
        found = catalogue.faults(one(english, spanish))

        assert [line.partition(":")[0] for line in found] == [why]

    def test_a_fuzzy_string_is_named(self) -> None:
        found = catalogue.faults(one("Save", "Guardar", fuzzy=True))

        assert found == ["marked fuzzy: 'Save' (page.html)"]

    @pytest.mark.parametrize(
        ("english", "spanish"),
        [
            ("Saved at {time}", "Guardado a las {time}"),
            ("{name!r} is empty.", "“{name}” está vacío."),
            ("No", "No"),
            ("Within 2.5 days", "En 2.5 días"),
        ],
    )
    def test_a_proper_one_is_not(self, english: str, spanish: str) -> None:
        assert catalogue.faults(one(english, spanish)) == []


class TestMarked:
    def test_a_template_gives_its_strings_wherever_they_stand(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        folder = tmp_path / "web" / "templates"
        folder.mkdir(parents=True)
        (folder / "page.html").write_text(
            '{% load i18n %}\n  <p title="{% translate \'It is "so"\' %}">\n'
            "{% blocktranslate trimmed with day=on|date %}\n   Since\n   {{ day }}: 5%\n"
            "{% endblocktranslate %}</p>\n      {% submit _('Save') kind='x' %}"
            "{% blocktranslate count n=rows|length %}{{ n }} row{% plural %}{{ n }} rows"
            "{% endblocktranslate %}{% comment %}{% translate 'never' %}{% endcomment %}",
            encoding="utf-8",
        )
        monkeypatch.setattr(marked, "SOURCE", tmp_path)

        found = list(marked.in_templates())

        assert [(it.singular, it.plural) for it in found] == [
            ('It is "so"', ""),
            ("Since %(day)s: 5%%", ""),
            ("Save", ""),
            ("%(n)s row", "%(n)s rows"),
        ]
        assert found[0].place == "web/templates/page.html:2"

    def test_an_error_gives_its_default_sentence_and_those_it_is_raised_with(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for floor in marked.ERROR_FLOORS:
            (tmp_path / floor).mkdir()
        (tmp_path / "core" / "errors.py").write_text(
            'class GreenlaneError(Exception):\n    """Asked in\n    vain.\n\n    More.\n    """\n'
            'class Refused(GreenlaneError):\n    """No."""\n',
            encoding="utf-8",
        )
        (tmp_path / "apps" / "acts.py").write_text(
            'def f(day, late):\n    raise Refused("late", "It is late." if late else "Early.")\n'
            'def g(day):\n    raise GreenlaneError(f"It is {day}.")\n',
            encoding="utf-8",
        )
        monkeypatch.setattr(marked, "SOURCE", tmp_path)

        found = list(marked.in_errors())

        sentences = [it.singular for it in found if isinstance(it, marked.Marked)]
        assert sentences == ["Asked in vain.", "No.", "It is late.", "Early."]
        assert [it.place for it in found if isinstance(it, marked.Unreadable)] == ["apps/acts.py:4"]
