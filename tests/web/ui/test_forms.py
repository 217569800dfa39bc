"""Form parts: a day in three parts, tiles, and errors beside their fields."""

from __future__ import annotations

from datetime import date

import pytest
from django import forms
from django.template import Context, Template
from hypothesis import given
from hypothesis import strategies as st

from greenlane.web.ui.forms import DayField, PlainForm, Tiles


class Opening(PlainForm):
    opened_on = DayField(label="Opened", help_text="For example 3 May 2019")
    staffed = forms.ChoiceField(
        label="Staffed",
        choices=[("yes", "Yes"), ("no", "No")],
        widget=Tiles(notes={"yes": "Own people"}),
        required=False,
    )
    kinds = forms.MultipleChoiceField(
        choices=[("sea", "Sea")], widget=forms.CheckboxSelectMultiple, required=False
    )
    answer = forms.CharField(widget=forms.Textarea, help_text="Say who", required=False)
    is_read = forms.BooleanField(label="Read")


def given_day(day: str, month: str, year: str) -> Opening:
    return Opening(
        {"opened_on_day": day, "opened_on_month": month, "opened_on_year": year, "is_read": "on"}
    )


def shown(form: forms.Form, text: str) -> str:
    return Template("{% load ui %}" + text).render(Context({"form": form}))


def test_three_parts_make_a_day() -> None:
    form = given_day("29", "2", "2024")

    assert form.is_valid()
    assert form.cleaned_data["opened_on"] == date(2024, 2, 29)


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        (("", "", ""), "required"),
        (("3", "", "2019"), "incomplete"),
        (("29", "2", "2023"), "no_such_day"),
        (("31", "4", "2024"), "no_such_day"),
        (("3", "13", "2024"), "no_such_day"),
        (("3", "May", "2024"), "no_such_day"),
        (("-3", "5", "2024"), "no_such_day"),
        (("3", "5", "0024"), "no_such_day"),
        (("٣", "5", "2024"), "no_such_day"),
        (("9" * 9999, "5", "2024"), "no_such_day"),
    ],
)
def test_what_is_no_day_is_refused_in_words(parts: tuple[str, str, str], code: str) -> None:
    form = given_day(*parts)

    assert not form.is_valid()
    assert form.errors.as_data()["opened_on"][0].code == code


@given(st.text(max_size=8), st.text(max_size=8), st.text(max_size=8))
def test_no_text_breaks_the_day(day: str, month: str, year: str) -> None:
    form = given_day(day, month, year)

    assert isinstance(form.is_valid(), bool)


def test_a_day_may_be_left_out_where_it_is_optional() -> None:
    assert DayField(required=False).clean(["", "", ""]) is None
    assert DayField().clean("2024-05-03") == date(2024, 5, 3)


def test_a_day_already_known_is_filled_in() -> None:
    html = shown(Opening(initial={"opened_on": date(2019, 5, 3)}), "{% field form.opened_on %}")

    assert 'name="opened_on_day" value="3"' in html
    assert '<option value="5" selected>May</option>' in html
    assert html.count("<label") == 3


def test_a_tile_carries_its_note() -> None:
    html = shown(Opening(), "{% field form.staffed %}")

    assert "usa-radio__input--tile" in html
    assert "Own people" in html
    assert "(optional)" in html


def test_boxes_are_boxes() -> None:
    assert 'type="checkbox"' in shown(Opening(), "{% field form.kinds %}")


def test_an_error_stands_beside_its_field_and_in_the_summary() -> None:
    form = Opening({"opened_on_day": "31", "opened_on_month": "4", "opened_on_year": "2024"})
    form.is_valid()

    summary = shown(form, "{% error_summary form %}")
    field = shown(form, "{% field form.opened_on %}")
    box = shown(form, "{% field form.is_read %}")

    assert "Correct these 2 points to go on" in summary
    assert 'href="#id_opened_on_0"' in summary
    assert 'href="#id_is_read"' in summary
    assert 'id="id_opened_on_0"' in field
    assert 'aria-describedby="id_opened_on-help id_opened_on-error"' in field
    assert "There is no such day" in field
    assert 'aria-invalid="true"' in box
    assert "Tick this to go on." in box


@pytest.mark.parametrize(
    ("field", "says"),
    [
        (forms.FileField(), "Choose a file."),
        (forms.ChoiceField(choices=[("a", "A")]), "Choose one."),
        (forms.CharField(), "Fill this in."),
        (DayField(), "Fill this in."),
    ],
)
def test_what_is_missing_is_asked_for_in_plain_words(field: forms.Field, says: str) -> None:
    class One(PlainForm):
        asked = field

    form = One({})

    assert form.errors["asked"] == [says]
    assert " required" not in shown(form, "{% field form.asked %}")


def test_a_question_keeps_its_mark_in_the_summary() -> None:
    class Question(PlainForm):
        asked = forms.CharField(label="Is there a fence?")

    assert "Is there a fence? Fill this in." in shown(Question({}), "{% error_summary form %}")


def test_a_form_without_errors_has_no_summary() -> None:
    assert shown(Opening(), "{% error_summary form %}").strip() == ""


def test_a_saving_field_says_where_it_saves_and_what_is_known() -> None:
    html = shown(Opening(), '{% field form.answer autosave="/draft" saved="Saved 14:32" %}')

    assert 'hx-post="/draft"' in html
    assert "Saved 14:32" in html
    assert 'role="status"' in html


def test_typed_markup_stays_text() -> None:
    form = Opening({"answer": "</textarea><script>alert(1)</script>"})

    html = shown(form, "{% fields form %}")

    assert "<script>" not in html


def test_each_form_has_a_key_of_its_own() -> None:
    assert shown(Opening(), "{% once %}") != shown(Opening(), "{% once %}")


def test_the_summary_counts_what_belongs_to_no_field_too() -> None:
    form = given_day("", "", "")
    form.add_error(None, "The file is empty.")

    assert "Correct these 2 points" in shown(form, "{% error_summary form %}")

    alone = given_day("3", "5", "2024")
    alone.add_error(None, "The file is empty.")

    assert "Correct this to go on" in shown(alone, "{% error_summary form %}")
