"""Files from outside: read within bounds, or refused in a sentence."""

from __future__ import annotations

import io
import random
import zipfile
from datetime import UTC, date, datetime

import pytest
import xlsxwriter

from greenlane.apps.migration.earlier_rows import read_explanations, read_members, read_row
from greenlane.apps.migration.sheets import MOST_BYTES, MOST_ROWS, FileUnreadable, read_sheet
from tests.apps.migration.conftest import HEAD, SOUND, file_of, row
from tests.factories.people import the_program

TODAY = date(2026, 5, 4)


def workbook(*rows: dict[str, object], date_1904: bool = False) -> bytes:
    """Return a workbook of these rows; days as the workbook's own dates."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "date_1904": date_1904})
    sheet, as_day = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd"})
    for place, name in enumerate(HEAD):
        sheet.write_string(0, place, name)
        for number, cells in enumerate(rows, start=1):
            value = cells.get(name, "")
            if isinstance(value, datetime | date):
                sheet.write_datetime(number, place, value, as_day)
            elif isinstance(value, int | float):
                sheet.write_number(number, place, value)
            else:
                sheet.write_string(number, place, str(value))
    book.close()
    return out.getvalue()


def zipped(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name.replace("__", "/") + ".xml", content)
    return out.getvalue()


def with_sheet(content: bytes, changed: bytes) -> bytes:
    """Return a workbook whose sheet is another."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.infolist():
            is_sheet = part.filename == "xl/worksheets/sheet1.xml"
            new.writestr(part.filename, changed if is_sheet else old.read(part))
    return out.getvalue()


class TestWorkbook:
    @pytest.mark.parametrize("date_1904", [False, True])
    def test_its_own_days_are_days_whichever_year_it_counts_from(self, date_1904: bool) -> None:
        day = datetime(2018, 2, 5)  # noqa: DTZ001 - a workbook knows no zone

        sheet = read_members(workbook({**SOUND, "certified_on": day}, date_1904=date_1904))

        cells = dict(zip(sheet.columns, sheet.rows[0][1], strict=True))
        assert cells["certified_on"].day == date(2018, 2, 5)

    def test_a_number_that_is_no_day_of_the_workbook_is_told_with_both_readings(self) -> None:
        sheet = read_members(workbook({**SOUND, "certified_on": 42064}))
        cells = dict(zip(sheet.columns, sheet.rows[0][1], strict=True))

        found = read_row(the_program(), 2, cells, {}, today=TODAY)

        assert [(one.column, one.code) for one in found.findings] == [
            ("certified_on", "day.serial")
        ]

    def test_a_moment_is_no_day(self) -> None:
        moment = datetime(2018, 2, 5, 23, 30, tzinfo=UTC).replace(tzinfo=None)
        sheet = read_members(workbook({**SOUND, "certified_on": moment}))
        cells = dict(zip(sheet.columns, sheet.rows[0][1], strict=True))

        found = read_row(the_program(), 2, cells, {}, today=TODAY)

        assert [one.code for one in found.findings] == ["day.has_time"]

    def test_a_workbook_and_a_csv_say_the_same(self) -> None:
        of_book, of_csv = read_members(workbook(dict(row()))), read_members(file_of(row()))

        assert of_book.columns == of_csv.columns
        assert of_book.rows == of_csv.rows

    def test_a_cell_at_the_end_of_the_sheet_is_refused_before_room_is_made_for_it(self) -> None:
        sheet = (
            b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
            b'<sheetData><row r="1"><c r="A1"><v>1</v></c></row>'
            b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
        )

        with pytest.raises(FileUnreadable, match="1048576"):
            read_sheet(with_sheet(workbook(dict(row())), sheet))

    def test_a_place_across_two_chunks_is_seen(self) -> None:
        filler = b" " * ((1 << 20) - 12)
        sheet = b"<worksheet>" + filler + b'<c r="XFD9"><v>1</v></c></worksheet>'

        with pytest.raises(FileUnreadable, match="XFD9"):
            read_sheet(with_sheet(workbook(dict(row())), sheet))

    def test_what_unpacks_to_more_than_is_read_is_refused(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("greenlane.apps.migration.sheets.MOST_UNPACKED", 3_000_000)
        bomb = zipped(xl__workbook=b"<workbook/>", xl__worksheets__sheet1=b" " * 9_000_000)

        with pytest.raises(FileUnreadable, match="unpacks"):
            read_sheet(bomb)

    @pytest.mark.parametrize(
        "content",
        [
            zipped(word__document=b"<document/>"),
            zipped(xl__workbook=b"<workbook/>"),
            b"PK\x03\x04" + b"\x00" * 60,
            workbook({"company": "A"})[:-200],
        ],
    )
    def test_what_is_no_whole_workbook_is_refused(self, content: bytes) -> None:
        with pytest.raises(FileUnreadable):
            read_sheet(content)

    def test_a_workbook_with_flipped_bytes_is_read_or_refused_and_nothing_else(self) -> None:
        whole = bytearray(workbook(dict(row()), dict(row(company="B"))))
        chance = random.Random(5)  # noqa: S311 - bytes to try, no secret
        for _ in range(300):
            broken = bytearray(whole)
            for _ in range(chance.randint(1, 8)):
                broken[chance.randrange(len(broken))] = chance.randrange(256)
            try:
                found = read_sheet(bytes(broken))
            except FileUnreadable:
                continue
            assert len(found.rows) <= MOST_ROWS


class TestText:
    @pytest.mark.parametrize(
        ("content", "says"),
        [
            (b"", "empty"),
            (b"\xff\xfe\x00a", "UTF-8"),
            (b"a\x00b\n1,2\n", "NUL"),
            (b"company,company\nA,B\n", "twice"),
            (b"company\nA,B\n", "more cells"),
            (b"company\n\x07\n", "control"),
            (b'company\n"A\n', "CSV"),
            (b"company\n" + b"x" * 5_000 + b"\n", "longer"),
            (",".join(f"c{n}" for n in range(101)).encode(), "columns"),
            (b",,,\n1,2\n", "first row"),
            (b"x" * (MOST_BYTES + 1), "larger"),
        ],
    )
    def test_what_cannot_be_read_as_a_table_is_refused(self, content: bytes, says: str) -> None:
        with pytest.raises(FileUnreadable, match=says):
            read_sheet(content)

    def test_more_rows_than_are_taken_are_refused(self) -> None:
        with pytest.raises(FileUnreadable, match="more than"):
            read_sheet(b"company\n" + b"A\n" * (MOST_ROWS + 1))

    def test_rows_keep_their_number_though_some_are_empty(self) -> None:
        assert [line for line, _ in read_sheet(b"company\n\nA\n,\nB\n").rows] == [3, 5]

    def test_a_column_that_is_not_known_is_refused_with_the_near_one(self) -> None:
        content = file_of(row()).replace(b"revalidated_on", b"revalidatd_on", 1)

        with pytest.raises(FileUnreadable, match="Is it revalidated_on"):
            read_members(content)

    def test_a_column_set_aside_is_not_taken(self) -> None:
        content = file_of(row()).replace(b"source_document", b"note_page", 1)

        assert "note_page" in read_members(content).columns

    def test_a_needed_column_that_is_missing_is_named(self) -> None:
        with pytest.raises(FileUnreadable, match="certified_on"):
            read_members(b"company,entity_type,identifiers,status\nA,importer,ein:1,CERTIFIED\n")

    @pytest.mark.parametrize(
        ("content", "says"),
        [
            ("row,column,person\n2,tier,P\n", "reason"),
            ("row,column,person,reason\n2,tier,P,\n", "reason"),
            ("row,column,person,reason\nx,tier,P,Why\n", "number of a row"),
            ("row,column,person,reason\n2,colour,P,Why\n", "no column"),
            ("row,column,person,reason\n2,tier,P,Why\n2,tier,Q,Why\n", "twice"),
        ],
    )
    def test_explanations_that_explain_nothing_are_refused(self, content: str, says: str) -> None:
        with pytest.raises(FileUnreadable, match=says):
            read_explanations(content.encode())
