"""Form parts beyond Django's: a day without ambiguity, and choices large enough for a thumb."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.forms.renderers import get_default_renderer
from django.utils.dates import MONTHS
from django.utils.functional import lazy
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from greenlane.gate.uploads import largest_mb

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


LANGUAGES: Final = (("en", "English"), ("es", "Español"))
"""Languages a letter or a report can be written in, each by its own name."""


class PlainForm(forms.Form):
    """A form that asks in plain words and lets the server, not the browser, say what is missing.

    What a person typed and what is wrong with it then stand together in one page, in one language,
    with a summary that leads to each field.
    """

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if field.required:
                field.error_messages["required"] = _missing(field.widget)


def choose(form: forms.Form, name: str, choices: Iterable[Any]) -> None:
    """Set what a choice field of a form offers; any other field stays as it is."""
    field = form.fields[name]
    if isinstance(field, forms.ChoiceField):
        field.choices = list(choices)


def _missing(widget: forms.Widget) -> _StrPromise:
    if isinstance(widget, forms.FileInput):
        return _("Choose a file.")
    if isinstance(widget, forms.CheckboxInput):
        return _("Tick this to go on.")
    if isinstance(widget, forms.Select | forms.RadioSelect):
        return _("Choose one.")
    return _("Fill this in.")


class DocumentField(forms.FileField):
    """One file, with what is taken and how large it may be below its label."""

    def __init__(self, *, help_text: _StrPromise | None = None, **more: Any) -> None:
        says = help_text or _("PDF, picture, Word, Excel or text, at most {mb} MB.")
        super().__init__(help_text=format_lazy(says, mb=lazy(largest_mb, int)()), **more)


class SeveralFiles(forms.ClearableFileInput):
    """A field for more than one file."""

    allow_multiple_selected = True


class SeveralFilesField(forms.FileField):
    """Any number of files up to `fit`. Cleans to a list."""

    widget = SeveralFiles

    def __init__(self, *, fit: int, **more: Any) -> None:
        super().__init__(**more)
        self.fit = fit

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Return the files, each checked as one is.

        Raises:
            ValidationError: more than `fit`, said before any of them is read.
        """
        given = data if isinstance(data, list | tuple) else [data] if data else []
        if len(given) > self.fit:
            raise ValidationError(
                _("These are %(given)d files; at most %(fit)d go in one step."),
                code="too_many",
                params={"given": len(given), "fit": self.fit},
            )
        return [super(SeveralFilesField, self).clean(one, initial) for one in given]


class DayWidget(forms.MultiWidget):
    """Day as a number, month as a word, year as a number: no guessing, and no script."""

    use_fieldset = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        months = [("", _("Month")), *((str(number), name) for number, name in MONTHS.items())]
        number = {"inputmode": "numeric", "autocomplete": "off"}
        super().__init__(
            {
                "day": forms.TextInput({**number, "maxlength": 2, "class": "usa-input"}),
                "month": forms.Select({"class": "usa-select"}, choices=months),
                "year": forms.TextInput({**number, "maxlength": 4, "class": "usa-input"}),
            },
            attrs,
        )

    def decompress(self, value: object) -> list[Any]:
        """Return day, month and year of a date or an ISO text."""
        return _parts(value)

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        """Draw the three parts, each under its own label."""
        parts = self.get_context(name, value, attrs)["widget"]["subwidgets"]
        drawer = renderer or get_default_renderer()
        return format_html(
            '<div class="gl-day-input">{}</div>',
            format_html_join(
                "",
                '<div class="gl-day-input__part"><label for="{}">{}</label>{}</div>',
                (
                    (
                        part["attrs"].get("id", ""),
                        title,
                        # A renderer strips what it made, and with that its mark of being safe.
                        SafeString(drawer.render(part["template_name"], {"widget": part})),
                    )
                    for part, title in zip(parts, (_("Day"), _("Month"), _("Year")), strict=True)
                ),
            ),
        )


class DayField(forms.MultiValueField):
    """A calendar day, asked for in three parts. Cleans to ``datetime.date`` or None."""

    widget = DayWidget
    default_error_messages = {  # noqa: RUF012 - Django reads it as a class attribute
        "no_such_day": _("There is no such day. Write, for example, 3 May 2026."),
        "incomplete": _("Give the day, the month and the year."),
    }

    def __init__(self, **kwargs: Any) -> None:
        parts = tuple(
            forms.IntegerField(min_value=least, max_value=most, required=False)
            for least, most in ((1, 31), (1, 12), (1900, 2999))
        )
        super().__init__(parts, require_all_fields=False, **kwargs)

    def clean(self, value: Any) -> date | None:
        """Return the day.

        Raises:
            ValidationError: a part is missing, or the calendar has no such day.
        """
        given = value if isinstance(value, list) else _parts(value)
        texts = [str(part or "").strip() for part in given]
        if not any(texts):
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return None
        if not all(texts):
            raise ValidationError(self.error_messages["incomplete"], code="incomplete")
        return self.compress(texts)

    def compress(self, data_list: Any) -> date:
        """Join the three parts.

        Raises:
            ValidationError: they are no numbers, or no day of the calendar.
        """
        try:
            day, month, year = (_whole(text) for text in data_list)
            found = date(year, month, day)
        except ValueError:
            raise ValidationError(self.error_messages["no_such_day"], code="no_such_day") from None
        if found.year < 1900:
            raise ValidationError(self.error_messages["no_such_day"], code="no_such_day")
        return found


def _parts(value: object) -> list[Any]:
    if isinstance(value, str):
        try:
            value = date.fromisoformat(value)
        except ValueError:
            return [None, None, None]
    return [value.day, value.month, value.year] if isinstance(value, date) else [None] * 3


def _whole(text: str) -> int:
    # int() also takes signs, underscores and kilometers of digits.
    if not (text.isascii() and text.isdigit() and len(text) <= 4):
        raise ValueError(text)
    return int(text)


class Tiles(forms.RadioSelect):
    """Radio buttons as large tiles, each with a note: for the questions that matter.

    Args:
        choices: As for any choice widget; a form field sets its own.
        notes: Value to a sentence under the choice.
    """

    is_tiles = True

    def __init__(
        self,
        attrs: dict[str, Any] | None = None,
        choices: Iterable[Any] = (),
        notes: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(attrs, choices)
        self.notes = dict(notes or {})
