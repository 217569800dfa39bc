"""Files that no command line should swallow: a sentence and no half-written output, every time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from greenlane.cli.rescreen import rescreen
from greenlane.cli.screening import screen, screening
from greenlane.cli.watchlist import watchlist
from greenlane.core.errors import GreenlaneError
from greenlane.screening.rescreen_state import RescreenState, StateUnusable
from greenlane.screening.tabular import OutputUnusable, write_table

LIST = b'entity_id,name,name_kind,entity_type,program\ne1,"VARNHOLM, Rasmus",primary,individual,X\n'
QUERIES = b"qid,name,schema\nq1,Rasmus Varnholm,individual\n"
PARTIES = b"subject_id,name\ns1,Rasmus Varnholm\n"

NO_TABLE: dict[str, bytes] = {
    "nothing at all": b"",
    "random bytes": bytes(range(256)) * 40,
    "another encoding": "qid,subject_id,entity_id,name\n1,1,1,José\n".encode("latin-1"),
    "UTF-16": "qid,subject_id,entity_id,name\n1,1,1,x\n".encode("utf-16"),
    "missing columns": b"first,second\n1,2\n",
    "a cell of three million letters": b"qid,subject_id,entity_id,name\n1,1,1," + b"x" * 3_000_000,
    "a header alone": b"qid,subject_id,entity_id\n",
}


def put(folder: Path, **files: bytes) -> None:
    for name, content in files.items():
        (folder / name.replace("_", ".")).write_bytes(content)


def run(command: click.Command, *words: str) -> Result:
    return CliRunner().invoke(command, list(words))


def screened(folder: Path, *words: str) -> Result:
    return run(screen, "--list", f"{folder}/list.csv", "--queries", f"{folder}/queries.csv", *words)


def is_a_sentence(result: Result) -> bool:
    """Whether the command ended in a refusal of ours or of the option parser's."""
    return isinstance(result.exception, GreenlaneError) or result.exit_code == 2


def left_over(folder: Path, *known: str) -> set[str]:
    return {path.name for path in folder.iterdir()} - set(known)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    put(tmp_path, list_csv=LIST)
    result = run(watchlist, "import", "own", f"{tmp_path}/list.csv", "--store", f"{tmp_path}/store")
    assert result.exit_code == 0
    return tmp_path / "store"


@pytest.mark.parametrize("what", NO_TABLE)
@pytest.mark.parametrize("which", ["list.csv", "queries.csv"])
def test_a_file_that_is_no_table_is_refused_by_screen(
    tmp_path: Path, what: str, which: str
) -> None:
    put(tmp_path, list_csv=LIST, queries_csv=QUERIES)
    (tmp_path / which).write_bytes(NO_TABLE[what])

    result = screened(tmp_path, "--out", f"{tmp_path}/out.csv")

    assert is_a_sentence(result), result.exception
    assert left_over(tmp_path) == {"list.csv", "queries.csv"}


@pytest.mark.parametrize("what", NO_TABLE)
def test_a_file_that_is_no_table_is_refused_by_rescreen(
    tmp_path: Path, store: Path, what: str
) -> None:
    put(tmp_path, parties_csv=NO_TABLE[what])
    files = ["--parties", f"{tmp_path}/parties.csv", "--out", f"{tmp_path}/hits.csv"]

    result = run(rescreen, *files, "--store", str(store))

    assert is_a_sentence(result), result.exception
    assert left_over(tmp_path) == {"list.csv", "parties.csv", "store"}


# a list in Windows letters is read and noted: real lists are found so
@pytest.mark.parametrize("what", sorted(NO_TABLE.keys() - {"another encoding"}))
def test_a_file_that_is_no_list_is_refused_and_the_old_one_stays(
    tmp_path: Path, store: Path, what: str
) -> None:
    put(tmp_path, new_csv=NO_TABLE[what])

    result = run(watchlist, "import", "own", f"{tmp_path}/new.csv", "--store", str(store))

    assert is_a_sentence(result), result.exception
    assert "1 parties" in run(watchlist, "list", "--store", str(store)).output


def test_parties_that_are_not_there_do_not_close_every_hit(tmp_path: Path, store: Path) -> None:
    put(tmp_path, parties_csv=PARTIES)
    files = ["--parties", f"{tmp_path}/parties.csv", "--out", f"{tmp_path}/hits.csv"]
    run(rescreen, *files, "--store", str(store))
    before = (tmp_path / "hits.csv").read_bytes()
    put(tmp_path, parties_csv=b"subject_id,name\n")

    result = run(rescreen, *files, "--store", str(store))

    assert "would close every hit" in str(result.exception)
    assert (tmp_path / "hits.csv").read_bytes() == before


def test_nul_bytes_in_a_name_part_words_and_break_nothing(tmp_path: Path) -> None:
    put(tmp_path, list_csv=LIST, queries_csv=b"qid,name\nq1,Rasmus\0Varnholm\n")

    result = screened(tmp_path, "--out", f"{tmp_path}/out.csv")

    assert result.exit_code == 0
    assert b"e1" in (tmp_path / "out.csv").read_bytes()


@pytest.mark.parametrize("name", ["list.csv", "queries.csv"])
def test_an_output_that_is_an_input_is_refused_and_the_input_stays(
    tmp_path: Path, name: str
) -> None:
    put(tmp_path, list_csv=LIST, queries_csv=QUERIES)
    before = (tmp_path / name).read_bytes()

    for out in (tmp_path / name, tmp_path / "." / name):
        result = screened(tmp_path, "--out", str(out))

        assert "would destroy" in str(result.exception)
    assert (tmp_path / name).read_bytes() == before


def test_hits_never_overwrite_the_parties_or_the_changes(tmp_path: Path, store: Path) -> None:
    put(tmp_path, parties_csv=PARTIES)
    parties, hits = f"{tmp_path}/parties.csv", f"{tmp_path}/hits.csv"
    base = ["--parties", parties, "--store", str(store)]

    for words in (
        ["--out", parties],
        ["--out", hits, "--changes", hits],
        ["--out", hits, "--changes", parties],
    ):
        result = run(rescreen, *base, *words)

        assert isinstance(result.exception, OutputUnusable)
    assert (tmp_path / "parties.csv").read_bytes() == PARTIES
    assert not Path(hits).exists()


@pytest.mark.parametrize("folder", ["missing", "list.csv"])
def test_an_output_where_nothing_can_be_written_is_refused_before_the_work(
    tmp_path: Path, store: Path, folder: str
) -> None:
    put(tmp_path, list_csv=LIST, queries_csv=QUERIES, parties_csv=PARTIES)
    out = f"{tmp_path}/{folder}/out.csv"
    parties = ["--parties", f"{tmp_path}/parties.csv", "--store", str(store)]
    state = ["--state", f"{tmp_path}/state"]

    results = [
        screened(tmp_path, "--out", out),
        run(rescreen, *parties, *state, "--out", out),
        run(rescreen, *parties, *state, "--out", f"{tmp_path}/hits.csv", "--changes", out),
    ]

    assert [type(result.exception) for result in results] == [OutputUnusable] * 3
    assert not (tmp_path / "state").exists()


def test_a_store_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    put(tmp_path, list_csv=LIST)

    result = run(
        watchlist, "import", "own", f"{tmp_path}/list.csv", "--store", f"{tmp_path}/list.csv/store"
    )

    assert isinstance(result.exception, GreenlaneError)
    assert result.exception.code == "watchlist.store_unusable"


def test_a_state_that_is_none_is_a_sentence(tmp_path: Path, store: Path) -> None:
    put(tmp_path, parties_csv=PARTIES)
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "state.sqlite").write_bytes(b"no database at all" * 100)
    files = ["--parties", f"{tmp_path}/parties.csv", "--out", f"{tmp_path}/hits.csv"]

    result = run(rescreen, *files, "--store", str(store), "--state", f"{tmp_path}/state")

    assert isinstance(result.exception, StateUnusable)
    with pytest.raises(StateUnusable):
        RescreenState(tmp_path / "list.csv" / "below")


def test_a_list_without_a_name_is_refused_since_everybody_would_pass(tmp_path: Path) -> None:
    put(tmp_path, list_csv=b"entity_id,name\n", queries_csv=QUERIES)

    result = screened(tmp_path, "--out", f"{tmp_path}/out.csv")

    assert "everybody would pass" in str(result.exception)


def test_a_write_that_fails_midway_leaves_the_old_file(tmp_path: Path) -> None:
    (tmp_path / "out.csv").write_text("old")

    def rows() -> Iterator[tuple[str]]:
        yield ("one",)
        raise OSError(28, "No space left on device")

    with pytest.raises(OutputUnusable, match="No space left"):
        write_table(tmp_path / "out.csv", ("name",), rows())

    assert (tmp_path / "out.csv").read_text() == "old"
    assert left_over(tmp_path) == {"out.csv"}


ODD_COLUMNS: dict[str, Callable[[], list[object]]] = {
    "fractions": lambda: [1.5, 2.5],
    "bytes": lambda: [b"\xff\xfe", b"x"],
    "records": lambda: [{"a": 1}, {"a": 2}],
    "lists": lambda: [["a"], ["b"]],
}


@pytest.mark.parametrize("what", ODD_COLUMNS)
def test_parquet_that_holds_no_text_is_refused(tmp_path: Path, store: Path, what: str) -> None:
    pa = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    put(tmp_path, list_csv=LIST)
    odd = pa.table(
        {"qid": ["1", "2"], "subject_id": ["1", "2"], "name": pa.array(ODD_COLUMNS[what]())}
    )
    parquet.write_table(odd, tmp_path / "odd.parquet")
    table = f"{tmp_path}/odd.parquet"
    out = ["--out", f"{tmp_path}/out.csv"]

    results = [
        run(screen, "--list", f"{tmp_path}/list.csv", "--queries", table, *out),
        run(rescreen, "--parties", table, "--store", str(store), *out),
    ]

    for result in results:
        assert isinstance(result.exception, GreenlaneError)
        assert "holds no text in name" in str(result.exception)
    assert not (tmp_path / "out.csv").exists()


@pytest.mark.parametrize("content", [b"", b"PAR1" + b"x" * 100 + b"PAR1", LIST])
def test_a_file_that_is_only_called_parquet_is_refused(tmp_path: Path, content: bytes) -> None:
    pytest.importorskip("pyarrow")
    put(tmp_path, list_csv=LIST)
    (tmp_path / "q.parquet").write_bytes(content)

    result = run(
        screen, "--list", f"{tmp_path}/list.csv", "--queries", f"{tmp_path}/q.parquet",
        "--out", f"{tmp_path}/out.csv",
    )  # fmt: skip

    assert "cannot be read as Parquet" in str(result.exception)


def test_the_curve_is_not_written_over_what_it_is_measured_on(tmp_path: Path) -> None:
    put(tmp_path, list_csv=LIST, queries_csv=QUERIES)
    files = ["--list", f"{tmp_path}/list.csv", "--queries", f"{tmp_path}/queries.csv"]

    result = run(screening, "calibrate", *files, "--out", f"{tmp_path}/queries.csv")

    assert isinstance(result.exception, OutputUnusable)


def test_a_name_that_a_spreadsheet_would_run_is_written_as_text(tmp_path: Path) -> None:
    put(
        tmp_path,
        list_csv=LIST.replace(b"VARNHOLM", b"=VARNHOLM"),
        queries_csv=QUERIES.replace(b"q1,", b"-1,"),
        parties_csv=PARTIES.replace(b",Rasmus", b",@Rasmus"),
    )
    run(watchlist, "import", "own", f"{tmp_path}/list.csv", "--store", f"{tmp_path}/store")

    screened(tmp_path, "--out", f"{tmp_path}/out.csv")
    folders = ["--store", f"{tmp_path}/store"]
    files = ["--parties", f"{tmp_path}/parties.csv", "--out", f"{tmp_path}/hits.csv"]
    run(rescreen, *folders, *files)

    assert '\n-1,e1,"\'=VARNHOLM, Rasmus",' in (tmp_path / "out.csv").read_text()
    hits = (tmp_path / "hits.csv").read_text()
    assert "'@Rasmus Varnholm" in hits
    assert "'=VARNHOLM" in hits
