"""Tables as others read them, and what they say of themselves."""

from __future__ import annotations

import time
from typing import Any

import pytest

import detente


@pytest.fixture(scope="module")
def batch(model: detente.Model) -> detente.Batch:
    return model.batch(12, days=150, params="prior")


def test_pyarrow_sees_types_units_and_provenance(batch: detente.Batch) -> None:
    pa = pytest.importorskip("pyarrow")
    table = pa.table(batch.futures)
    assert table.num_rows == 12 and table.column_names == batch.futures.column_names
    field = table.schema.field("killed.GAZA")
    assert field.type == pa.int64() and field.metadata[b"unit"] == b"persons" and field.metadata[b"description"]
    assert pa.types.is_dictionary(table.schema.field("headline").type)
    assert table.schema.metadata[b"detente.scenario"] == b"november-2024"
    assert table.schema.metadata[b"detente.model"] == detente.VERSION.encode()
    assert table.column("headline").to_pylist() == batch.futures["headline"]
    for name in table.column_names:
        assert batch.futures.description(name), name
    summary = pa.table(batch.summary)
    assert summary.schema.field("value").type == pa.float64()


def test_numbers_are_not_copied_on_the_way(batch: detente.Batch) -> None:
    pa = pytest.importorskip("pyarrow")
    addresses = {pa.table(batch.futures).column("killed.GAZA").chunk(0).buffers()[1].address for _ in range(3)}
    assert len(addresses) == 1


def test_pandas_polars_and_duckdb_read_them(batch: detente.Batch) -> None:
    pa: Any = pytest.importorskip("pyarrow")
    pd: Any = pytest.importorskip("pandas")
    pl: Any = pytest.importorskip("polars")
    duckdb: Any = pytest.importorskip("duckdb")
    killed = batch.futures["killed.GAZA"]
    frame = pd.DataFrame.from_arrow(batch.futures)
    assert frame["killed.GAZA"].tolist() == killed and frame["killed.GAZA"].dtype == "int64"
    assert frame["headline"].astype(str).tolist() == batch.futures["headline"]
    polars = pl.DataFrame(batch.futures)
    assert polars["killed.GAZA"].to_list() == killed
    assert polars["headline"].cast(pl.String).to_list() == batch.futures["headline"]
    rows = pa.table(batch.futures)  # noqa: F841 - DuckDB finds it by its name
    assert duckdb.sql('select sum("killed.GAZA") from rows').fetchall() == [(sum(killed),)]


def test_a_pandas_row_becomes_its_history(model: detente.Model, batch: detente.Batch) -> None:
    pd: Any = pytest.importorskip("pandas")
    frame = pd.DataFrame.from_arrow(batch.futures)
    worst = frame.loc[frame["killed.GAZA"].idxmax()]
    assert model.run(worst).series["killed.GAZA"][-1] == worst["killed.GAZA"]


def test_designs_come_from_any_table(model: detente.Model) -> None:
    pd: Any = pytest.importorskip("pandas")
    pl: Any = pytest.importorskip("polars")
    pa: Any = pytest.importorskip("pyarrow")
    plain: dict[str, list[Any]] = {"theta_war": [6.0, 9.0], "seed": [1, 2]}
    wanted = model.batch(2, design=plain, days=40).futures.to_dict()
    # Labels of rows may recur, as they do once frames were joined: every row counts.
    joined = pd.concat([pd.DataFrame({name: [column[i]] for name, column in plain.items()}) for i in range(2)])
    assert joined.index.tolist() == [0, 0]
    for made in (pd.DataFrame(plain), joined, pl.DataFrame(plain), pa.table(plain)):
        assert model.batch(2, design=made, days=40).futures.to_dict() == wanted
    twice = pd.concat([pd.DataFrame({"theta_war": [6.0]}), pd.DataFrame({"theta_war": [9.0]})], axis=1)
    arrow = pa.table([[6.0], [9.0]], names=["theta_war", "theta_war"])
    for made in (twice, arrow):
        with pytest.raises(detente.Error, match="theta_war more than once"):
            model.batch(2, design=made, days=40)


@pytest.mark.parametrize("rows", [4000, pytest.param(1_000_000, marks=pytest.mark.long)])
def test_handing_over_takes_no_time(model: detente.Model, rows: int) -> None:
    pa = pytest.importorskip("pyarrow")
    futures = model.batch(rows, days=1, columns=["killed.GAZA", "headline"]).futures
    started = time.perf_counter()
    assert pa.table(futures).num_rows == rows
    # The same for any number of rows: nothing is copied.
    assert time.perf_counter() - started < 0.2


def test_parts_of_a_table_have_one_schema(model: detente.Model) -> None:
    """Whether a column may hold nothing is said by its kind and not by what it holds."""
    pa = pytest.importorskip("pyarrow")
    # Nothing is signed in a day, so no survival is known.
    short, long = (pa.table(model.batch(40, days=days).summary) for days in (1, 200))
    assert short.column("value").null_count > long.column("value").null_count
    assert short.schema.field("value").nullable and long.schema.field("value").nullable
    assert [field.nullable for field in short.schema] == [field.nullable for field in long.schema]
    assert not short.schema.field("what").nullable


def test_every_table_says_what_it_is_of(model: detente.Model) -> None:
    batch = model.batch(3, days=40, params={"theta_war": 9.0})
    effect = model.effect({"unifil.troops": 15000}, 3, days=40)
    for table in (batch.futures, batch.agreements, batch.means, batch.summary, model.run(days=40).events, effect.summary):
        assert table.metadata["detente.scenario"] == "november-2024" and table.metadata["detente.days"] == "40"
    assert batch.summary.metadata["detente.given"] == '{"theta_war":9.0}'
    assert effect.summary.metadata["detente.with"] == '[["unifil.troops","15000",0]]'
    design = model.batch(1, days=40, design={"theta_war": [6.0, 9.0]})
    assert design.means.metadata["detente.settings"] == "2" and design.means.metadata["detente.scenario_hash"] == model.hash


def test_cells_and_rows(batch: detente.Batch) -> None:
    futures = batch.futures
    assert futures.row(-1) == futures.row(11) and futures.row(0)["future"] == 0
    with pytest.raises(IndexError):
        futures.row(12)
    with pytest.raises(KeyError):
        futures["killed.NOWHERE"]
    assert "headline" in futures and "nothing" not in futures
    assert len(futures.to_dict()) == len(futures.column_names)
