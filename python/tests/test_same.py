"""The package and the command line give the same, to the last bit."""

from __future__ import annotations

import csv
import json
from pathlib import Path

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
    assert model.run(batch.futures.row(7)).headline == batch.futures["headline"][7]


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
