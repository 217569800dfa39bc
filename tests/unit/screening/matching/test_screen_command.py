"""``greenlane screen`` and ``screening calibrate`` on files: contract, errors, Parquet."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from greenlane.cli.screening import screen, screening
from greenlane.core.errors import GreenlaneError

LIST = """entity_id,name,name_kind,entity_type,program
e1,"VARNHOLM, Rasmus Oluf",primary,individual,X
e1,"WARNHOLM, Rasmus",aka,individual,X
e2,Tindelwick Shipping LLC,primary,entity,X
e3,ORLANDIN,weak,individual,X
e4,ORLANDIN,primary,individual,X
"""
QUERIES = """qid,name,schema,label,entity_id
q1,Rasmus Varnholm,individual,1,e1
q2,TINDELWICK SHPG,,1,e2
q3,Nobody Whatever,individual,0,
q4,Orlandin,individual,1,e4
"""


def run(folder: Path, *more: str, list_text: str = LIST, queries: str = QUERIES) -> Result:
    (folder / "list.csv").write_text(list_text, encoding="utf-8")
    (folder / "queries.csv").write_text(queries, encoding="utf-8")
    arguments = ["--list", str(folder / "list.csv"), "--queries", str(folder / "queries.csv")]
    return CliRunner().invoke(
        screen, [*arguments, "--out", str(folder / "out.csv"), *more], catch_exceptions=True
    )


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_the_output_has_one_row_for_each_query_and_entity_best_first(tmp_path: Path) -> None:
    result = run(tmp_path)

    out = rows(tmp_path / "out.csv")
    assert result.exit_code == 0
    assert list(out[0]) == ["qid", "entity_id", "matched_name", "score"]
    assert [(row["qid"], row["entity_id"]) for row in out if float(row["score"]) > 0.5] == [
        ("q1", "e1"),
        ("q2", "e2"),
        ("q4", "e4"),
        ("q4", "e3"),
    ]
    assert all(0 <= float(row["score"]) <= 1 for row in out)


def test_a_weak_name_is_matched_at_a_discount(tmp_path: Path) -> None:
    run(tmp_path)

    scores = {
        r["entity_id"]: float(r["score"]) for r in rows(tmp_path / "out.csv") if r["qid"] == "q4"
    }
    assert scores["e4"] > scores["e3"] > 0.5


def test_the_same_files_give_the_same_bytes(tmp_path: Path) -> None:
    run(tmp_path)
    first = (tmp_path / "out.csv").read_bytes()
    run(tmp_path)

    assert (tmp_path / "out.csv").read_bytes() == first


def test_the_floor_leaves_weak_matches_out(tmp_path: Path) -> None:
    run(tmp_path, "--floor", "0.9999")

    assert {row["qid"] for row in rows(tmp_path / "out.csv")} == {"q4"}


def test_an_explanation_column_takes_the_score_apart(tmp_path: Path) -> None:
    run(tmp_path, "--explain")

    row = next(row for row in rows(tmp_path / "out.csv") if row["qid"] == "q1")
    account = json.loads(row["explanation"])
    points = sum(p[4] for p in account["pairings"]) + sum(f[1] for f in account["findings"])
    assert points == pytest.approx(account["logit"], abs=0.02)


def test_parquet_goes_in_and_out(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    from pyarrow import csv as arrow_csv
    from pyarrow import parquet

    run(tmp_path)
    for name in ("list", "queries"):
        parquet.write_table(
            arrow_csv.read_csv(tmp_path / f"{name}.csv"), tmp_path / f"{name}.parquet"
        )

    result = CliRunner().invoke(
        screen,
        [
            "--list", str(tmp_path / "list.parquet"),
            "--queries", str(tmp_path / "queries.parquet"),
            "--out", str(tmp_path / "out.parquet"),
        ],
    )  # fmt: skip

    table = parquet.read_table(tmp_path / "out.parquet")
    assert result.exit_code == 0
    assert table.schema.field("score").type == pa.float64()
    assert table.column("qid").to_pylist() == [row["qid"] for row in rows(tmp_path / "out.csv")]


@pytest.mark.parametrize(
    ("list_text", "queries", "message"),
    [
        ("id,name\n1,x\n", QUERIES, "no column entity_id"),
        (LIST, "qid;name\n1;x\n", "no column qid"),
        (LIST, "qid,name,schema\nq1\n", "line 2: 1 cells where 2 are needed"),
        (LIST, 'qid,name,schema\nq1,"open,\n', "line 2"),
        (LIST, "qid,name,schema\n,x,\n", "row 1 after the header has no qid"),
        ("", QUERIES, "its first line names nothing"),
    ],
)
def test_a_bad_file_is_refused_with_a_sentence(
    tmp_path: Path, list_text: str, queries: str, message: str
) -> None:
    result = run(tmp_path, list_text=list_text, queries=queries)

    assert isinstance(result.exception, GreenlaneError)
    assert message in str(result.exception)
    assert not (tmp_path / "out.csv").exists()


def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    run(tmp_path)
    (tmp_path / "list.csv").write_bytes(b"entity_id,name\n1,\xff\xfe\n")
    arguments = ["--list", str(tmp_path / "list.csv"), "--queries", str(tmp_path / "queries.csv")]

    result = CliRunner().invoke(screen, [*arguments, "--out", str(tmp_path / "o.csv")])

    assert "not UTF-8" in str(result.exception)


def test_a_floor_beyond_one_is_refused(tmp_path: Path) -> None:
    result = run(tmp_path, "--floor", "7")

    assert result.exit_code == 2
    assert "from 0 to 1" in result.output


def test_calibrating_prints_the_curve_and_suggests_levels(tmp_path: Path) -> None:
    run(tmp_path)

    result = CliRunner().invoke(
        screening,
        [
            "calibrate",
            "--list", str(tmp_path / "list.csv"),
            "--queries", str(tmp_path / "queries.csv"),
            "--out", str(tmp_path / "curve.csv"),
        ],
    )  # fmt: skip

    assert result.exit_code == 0
    assert "Suggested review level" in result.output
    assert len(rows(tmp_path / "curve.csv")) == 20


def test_calibrating_without_labels_is_refused(tmp_path: Path) -> None:
    run(tmp_path, queries="qid,name\nq1,x\n")
    arguments = ["--list", str(tmp_path / "list.csv"), "--queries", str(tmp_path / "queries.csv")]

    result = CliRunner().invoke(screening, ["calibrate", *arguments])

    assert "label ''" in str(result.exception)
