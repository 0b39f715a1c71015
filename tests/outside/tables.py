#!/usr/bin/env python3
"""Reads every table that `detente run --out` and `detente batch --out` write with pandas, polars and pyarrow: with the types of
the dictionary beside them (`datapackage.json`), and with each reader's own defaults.

    tests/outside/tables.py [DETENTE]        the program, by default target/release/detente

Needs pandas, polars and pyarrow; `tests/outside/run` makes a virtual environment with them and calls this. Ends with 1 and all
that is wrong if anything is.
"""

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

PANDAS = {"integer": "Int64", "number": "float64", "string": "string", "date": "string"}
POLARS = {"integer": pl.Int64, "number": pl.Float64, "string": pl.String, "date": pl.Date}
ARROW = {"integer": "int64", "number": "double", "string": "string", "date": "date32[day]"}
EVENT = re.compile(r"d\d+e\d+")

wrong = []


def check(so, words):
    """Notes what is not so."""
    if not so:
        wrong.append(words)
    return so


def package(folder):
    """The dictionary of a folder: for each table its path, format and fields."""
    text = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    return {r["name"]: r for r in text["resources"]}


def fields_of(resource):
    return {f["name"]: f for f in resource["schema"]["fields"]}


def csv_with_pandas(path, fields):
    dtypes = {name: PANDAS[f["type"]] for name, f in fields.items()}
    table = pd.read_csv(path, dtype=dtypes, keep_default_na=False, na_values=[""])
    for name, field in fields.items():
        if field["type"] == "date":
            table[name] = pd.to_datetime(table[name], format="%Y-%m-%d")
    return table


def csv_with_polars(path, fields):
    return pl.read_csv(path, schema_overrides={n: POLARS[f["type"]] for n, f in fields.items()}, null_values=[""])


def ids_stay_text(where, table, reader):
    """With the reader's own defaults: an id of an event is text, one of its own for each row, and no number or date."""
    if "event" not in list(table.columns):
        return
    ids = list(table["event"])
    check(all(isinstance(i, str) and EVENT.fullmatch(i) for i in ids), f"{where}: {reader} does not read ids of events as text")
    check(len(set(ids)) == len(ids), f"{where}: {reader} makes one of two events")


def csv_table(where, path, fields):
    try:
        a, b = csv_with_pandas(path, fields), csv_with_polars(path, fields)
    except Exception as error:  # any refusal of a reader is a finding
        check(False, f"{where}: is not read with the types of its dictionary: {type(error).__name__}: {error}")
        return None
    check(list(a.columns) == list(fields) == b.columns, f"{where}: columns are not those of the dictionary")
    check(len(a) == b.height, f"{where}: pandas reads {len(a)} rows, polars {b.height}")
    for name, field in fields.items():
        if field["type"] == "date":
            check(str(a[name].dtype).startswith("datetime64") and not a[name].isna().any(), f"{where}: {name} is no date")
    ids_stay_text(where, pd.read_csv(path), "pandas")
    # Some columns of whole numbers begin with many rows of nothing: polars looks at a hundred rows unless told otherwise.
    ids_stay_text(where, pl.read_csv(path, infer_schema_length=None), "polars")
    try:
        pl.read_csv(path)
    except Exception as error:
        check(False, f"{where}: polars does not read it with its defaults: {error}")
    return b


def parquet_table(where, path, fields):
    file = pq.read_table(path)
    kinds = {f.name: str(f.type) for f in file.schema}
    for name, field in fields.items():
        check(kinds.get(name) == ARROW[field["type"]], f"{where}: {name} is {kinds.get(name)}, not {ARROW[field['type']]}")
    check(list(kinds) == list(fields), f"{where}: columns are not those of the dictionary")
    metadata = {k.decode(): v.decode() for k, v in (file.schema.metadata or {}).items()}
    for key in ["detente.model", "detente.scenario", "detente.scenario_hash", "detente.seed", "detente.start", "detente.days"]:
        check(metadata.get(key), f"{where}: the metadata has no {key}")
    inside = {f["name"]: f for f in json.loads(metadata.get("detente.columns", "[]"))}
    for name in fields:
        check(inside.get(name, {}).get("unit") == fields[name].get("unit"), f"{where}: the metadata has another unit of {name}")
    a, b = pd.read_parquet(path), pl.read_parquet(path)
    check(len(a) == b.height == file.num_rows, f"{where}: readers count rows differently")
    ids_stay_text(where, a, "pandas")
    ids_stay_text(where, b, "polars")
    return b


def folder(name, path):
    """Every table of a folder, by name, as polars has it."""
    tables = {}
    for title, resource in package(path).items():
        where, fields = f"{name}/{resource['path']}", fields_of(resource)
        for field in fields.values():
            counts = field["type"] in ("integer", "number")
            check(not counts or field.get("unit"), f"{where}: {field['name']} has no unit")
            check(field.get("description"), f"{where}: {field['name']} has no meaning")
        read = csv_table if resource["format"] == "csv" else parquet_table
        tables[title] = read(where, path / resource["path"], fields)
    listed = {resource["path"] for resource in package(path).values()}
    there = {p.name for p in path.iterdir() if p.suffix in (".csv", ".parquet")}
    check(listed == there, f"{name}: the dictionary lists {sorted(listed)}, the folder holds {sorted(there)}")
    return tables


def main():
    program = sys.argv[1] if len(sys.argv) > 1 else "target/release/detente"
    count = 0
    with tempfile.TemporaryDirectory() as top:
        top = Path(top)
        runs = {
            "run": "run november-2024 --seed 5 --set unifil.troops=12000@9 --set saudi.sign_roadmap=2024-12-08",
            "run of the record": "run as-it-happened --seed 2 --days 300",
            "batch": "batch november-2024 --runs 40 --days 200 --seed 3",
            "batch, drawn": "batch november-2024 --runs 40 --days 200 --seed 3 --params prior --draws",
            "batch, one deal": "batch collective-deal --runs 40 --days 200 --seed 3",
        }
        got = {}
        for name, line in runs.items():
            for form in ["csv", "parquet"]:
                out = top / f"{name} {form}"
                words = line.split() + ([form] if line.endswith("--draws") else [])
                command = [program, "--quiet", *words, "--format", form, "--out", str(out)]
                subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
                got[name, form] = folder(f"{name} ({form})", out)
                count += len(got[name, form])
            # Both formats hold the same.
            for title, table in got[name, "csv"].items():
                other = got[name, "parquet"].get(title)
                same = table is not None and other is not None and table.equals(other)
                check(same, f"{name}: {title} is another table in Parquet than in CSV")
        # Tables of two scenarios are put under each other, whatever happened in either.
        for title, table in got["batch", "csv"].items():
            for form in ["csv", "parquet"]:
                a, b = got["batch", form].get(title), got["batch, one deal", form].get(title)
                if a is None or b is None or title == "draws":
                    continue
                try:
                    both = pl.concat([a, b])
                    check(both.height == a.height + b.height, f"{title} ({form}): rows are lost")
                except Exception as error:
                    check(False, f"{title} ({form}) of two batches does not go together: {error}")
    print(f"{count} tables read by pandas {pd.__version__}, polars {pl.__version__}, pyarrow {pa.__version__}")
    for words in wrong[:50]:
        print(f"- {words}", file=sys.stderr)
    if len(wrong) > 50:
        print(f"… and {len(wrong) - 50} more", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
