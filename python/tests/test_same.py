"""The package and the command line give the same, to the last bit."""

from __future__ import annotations

import csv
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

import detente
from conftest import Program


@pytest.mark.parametrize("params", ["default", "prior", "posterior"])
def test_a_batch_has_the_digest_of_the_command_line(model: detente.Model, program: Program, params: str) -> None:
    there = program("batch", "--runs", "40", "--days", "120", "--seed", "7", "--params", params)
    batch = model.batch(40, seed=7, params=params, days=120)
    assert batch.digest == there["digest"]
    share = {of: value for of, value, what in zip(*(batch.summary[name] for name in ("of", "value", "what"))) if what == "headline"}
    assert share == {name: interval["p"] for name, interval in there["outcomes"]["headline"].items()}


def test_levers_and_numbers_and_later_futures_too(model: detente.Model, program: Program) -> None:
    there = program(
        "batch", "--futures", "30..55", "--days", "90", "--set", "unifil.troops=15000@20", "--param", "theta_war=9",
    )  # fmt: skip
    batch = model.batch(
        25, first=30, days=90, levers={"unifil.troops": [(20, 15000)]}, params={"theta_war": 9}, rows=False
    )
    assert batch.digest == there["digest"]
    assert batch.count == 25


def test_rows_are_those_of_the_table_that_the_command_line_writes(
    model: detente.Model, program: Program, tmp_path: Path
) -> None:
    out = tmp_path / "batch"
    program("batch", "--runs", "20", "--days", "200", "--params", "prior", "--out", str(out))
    batch = model.batch(20, days=200, params="prior")
    tables = [("runs", batch.futures, ["seed", "setting"]), ("agreements", batch.agreements, ["row"]), ("draws", batch.points, [])]
    for name, table, added in tables:
        with open(out / f"{name}.csv", newline="") as file:
            header, *rows = list(csv.reader(file))
        assert table.column_names == header + added
        assert rows and len(rows) == len(table)
        for i, row in enumerate(rows):
            there = [table.row(i)[column] for column in header]
            assert [type(value)(cell) for value, cell in zip(there, row, strict=True)] == there


def test_a_run_is_the_run_of_the_command_line(model: detente.Model, program: Program) -> None:
    there = program("run", "--seed", "5", "--future", "9", "--params", "prior", "--days", "150")
    run = model.run(seed=5, future=9, params="prior", days=150)
    assert run.digest == there["digest"]
    assert run.headline == there["outcome"]["headline"]


def test_an_effect_is_that_of_the_command_line(model: detente.Model, program: Program) -> None:
    there = program("effect", "--set", "deal.architecture=collective", "--runs", "60", "--days", "120", "--params", "prior")
    effect = model.effect({"deal.architecture": "collective"}, 60, params="prior", days=120)
    rows = effect.summary.to_dict()
    mine = {
        of: (value, low, high)
        for what, of, value, low, high in zip(*(rows[name] for name in ("what", "of", "value", "low", "high")))
        if what == "headline"
    }
    said = there["outcomes"]["headline"]
    assert mine.keys() == said.keys()
    for name, change in said.items():
        assert mine[name] == (change["difference"], change["low"], change["high"])
    assert any(value for value, *_ in mine.values())


def test_threads_and_parts_do_not_show(model: detente.Model) -> None:
    whole = model.batch(50, days=60, params="prior", jobs=2)
    parts = [model.batch(n, first=first, days=60, params="prior", jobs=1) for first, n in [(31, 19), (0, 8), (8, 23)]]
    joined = model.joined(part.sums for part in parts)
    assert joined.digest == whole.digest
    assert [row for part in (parts[1], parts[2], parts[0]) for row in part.futures["killed.GAZA"]] == whole.futures["killed.GAZA"]
    assert model.joined([part.sums for part in parts[:2]]).digest != whole.digest


def test_a_design_in_a_file_is_the_design(model: detente.Model, program: Program, tmp_path: Path) -> None:
    design = {
        "theta_war": [6.0, 9.25, 9.25],
        "table.h0": [0.005, 0.01, 0.005],
        "table.h0[LEB]": [0.02, 0.001, 0.02],
        "unifil.troops": [10000, 12500.5, 15000.0],
        "deal.architecture": ["piecemeal", "collective", "piecemeal"],
        "seed": [1, 2, 2],
        "futures": [5, 3, 4],
    }
    batch = model.batch(design=design, days=150, levers={"iran.blow_rate": [(30, 0.5)]})
    file = tmp_path / "design.csv"
    with open(file, "w", newline="") as text:
        csv.writer(text).writerows([list(design), *zip(*design.values())])
    out = tmp_path / "out"
    said = program("batch", "--design", str(file), "--days", "150", "--set", "iran.blow_rate=0.5@30", "--out", str(out))
    for name, table in [("runs", batch.futures), ("agreements", batch.agreements), ("means", batch.means)]:
        with open(out / f"{name}.csv", newline="") as text:
            header, *rows = list(csv.reader(text))
        assert table.column_names == header
        assert rows and len(rows) == len(table)
        for i, row in enumerate(rows):
            there = table.row(i)
            for column, cell in zip(header, row, strict=True):
                if isinstance(there[column], float):
                    assert float(cell) == there[column], (name, i, column)
                elif column == "setting":
                    # What moves is listed in another order there: moves of all settings come first in both.
                    assert json.loads(cell) == json.loads(there[column])
                else:
                    assert cell == str(there[column]), (name, i, column)
    assert said["means"][1]["killed.GAZA"] == batch.means["killed.GAZA"][1]
    assert said["digest"] == batch.digest
    assert model.batch(design=design, days=150, levers={"iran.blow_rate": [(31, 0.5)]}).digest != batch.digest
    assert model.run(batch.futures.row(7)).headline == batch.futures["headline"][7]


def test_a_design_that_pandas_wrote_is_read_as_its_csv(path: Path, program: Program, tmp_path: Path) -> None:
    pandas, parquet = pytest.importorskip("pandas"), pytest.importorskip("pyarrow.parquet")
    design = pandas.DataFrame(
        {
            "theta_war": [6.0, 9.25, 9.25, 0.1 + 0.2 + 6],
            "table.h0": [0.005, 0.01, 0.005, 1 / 150],
            "unifil.troops": [10000.0, 12500.5, 15000.0, 0.0],
            "deal.architecture": ["piecemeal", "collective", "piecemeal", "collective"],
            "seed": [1, 2, 2, 3],
            "futures": [5, 3, 4, 2],
        },
        # Labels of rows that pandas would keep as a column of its own.
        index=["a", "b", "a", "c"],
    )
    design.to_csv(tmp_path / "design.csv", index=False)
    design.to_parquet(tmp_path / "pandas.parquet", index=False, compression=None)
    # As whoever shares big designs writes them: packed, words as a dictionary, several groups of rows, small numbers.
    table = parquet.read_table(tmp_path / "pandas.parquet")
    narrow = table.set_column(table.column_names.index("seed"), "seed", table["seed"].cast("int16"))
    parquet.write_table(
        narrow, tmp_path / "packed.parquet", compression="gzip", row_group_size=3, use_dictionary=["deal.architecture"]
    )

    rows = {}
    for file in ("design.csv", "pandas.parquet", "packed.parquet"):
        out = tmp_path / f"{file}.out"
        said = program("batch", "--design", str(tmp_path / file), "--days", "60", "--out", str(out))
        rows[file] = [said["means"], *((out / f"{name}.csv").read_bytes() for name in ("runs", "agreements", "means"))]
    assert len(rows["design.csv"][1].splitlines()) == 1 + 5 + 3 + 4 + 2
    assert rows["pandas.parquet"] == rows["design.csv"]
    assert rows["packed.parquet"] == rows["design.csv"]

    # What pandas does unless told otherwise is not read, and the sentence says what to tell it.
    design.to_parquet(tmp_path / "snappy.parquet", index=False)
    refused = subprocess.run([path, "batch", "--design", tmp_path / "snappy.parquet"], capture_output=True, text=True)
    assert refused.returncode == 2 and 'compression="gzip" or none' in refused.stderr, refused.stderr


def test_futures_from_a_nowcast_are_those_of_the_command_line(model: detente.Model, program: Program, tmp_path: Path) -> None:
    folder, later = tmp_path / "now", tmp_path / "later.toml"
    program("nowcast", "--until", "2023-11-02", "--particles", "40", "--out", str(folder))
    later.write_text('format = 1\nextends = "october-2023"\nname = "later"\nstart = "2023-11-03"\n')
    moved = {"unifil.troops": [(9, 15000)]}
    for of, scenario, nowcast in ((model, "november-2024", "2024-11-07"), (detente.Model(later), str(later), str(folder))):
        now = of.starting(nowcast)
        assert now.nowcast is not None

        def there(command: str, *line: str) -> Any:
            return program(command, scenario, *line, "--days", "60", "--from", nowcast)

        said = there("batch", "--futures", "3..23", "--set", "unifil.troops=15000@9")
        batch = now.batch(20, first=3, days=60, levers=moved)
        assert batch.digest == said["digest"] != of.batch(20, first=3, days=60, levers=moved).digest
        assert batch.futures.metadata["detente.from"] == said["from"] == now.nowcast[1]
        assert batch.futures.metadata["detente.params"] == said["params"] == "nowcast"
        assert now.batch(20, first=3, days=60, levers=moved, rows=False, jobs=1).digest == said["digest"]
        # One of them, as a history with causes: from the model, from its row, from a file of its row.
        row = batch.futures.row(11)
        run = now.run(row)
        assert run.digest == there("run", "--future", "14", "--set", "unifil.troops=15000@9")["digest"]
        assert run.digest == now.run(future=14, levers=moved, days=60).digest
        assert (run.headline, run.series["killed.GAZA"][-1]) == (row["headline"], row["killed.GAZA"])
        event = run.events.row(-1)
        assert event["sentence"] in str(run.explain(event["event"]))
        (tmp_path / "row.json").write_text(json.dumps(row))
        assert program("run", scenario, "--like", str(tmp_path / "row.json"))["digest"] == run.digest
        effect = now.effect({"unifil.troops": 0}, 8, days=60).summary
        mine = {of: value for what, of, value in zip(effect["what"], effect["of"], effect["value"]) if what == "headline"}
        said = there("effect", "--set", "unifil.troops=0", "--runs", "8")["outcomes"]["headline"]
        assert mine == {name: change["difference"] for name, change in said.items()}


@pytest.mark.parametrize("params", ["prior", {"theta_war": 9.0, "table.eta[LEB]": 0.05}])
def test_a_row_in_a_file_is_opened_by_the_command_line(
    model: detente.Model, program: Program, tmp_path: Path, params: str | dict[str, float]
) -> None:
    batch = model.batch(3, seed=2, first=10, params=params, levers={"deal.architecture": [(5, "collective")]}, days=80)
    row = batch.futures.row(1)
    file = tmp_path / "row.json"
    file.write_text(json.dumps(row))
    there = program("run", "--like", str(file))
    assert there["digest"] == model.run(row).digest
    assert there["outcome"]["headline"] == row["headline"]
