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
    plain = {"theta_war": [6.0, 9.0], "seed": [1, 2]}
    wanted = model.batch(2, design=plain, days=40).futures.to_dict()
    for made in (pd.DataFrame(plain), pl.DataFrame(plain), pa.table(plain)):
        assert model.batch(2, design=made, days=40).futures.to_dict() == wanted


def test_handing_over_takes_no_time(model: detente.Model) -> None:
    pa = pytest.importorskip("pyarrow")
    futures = model.batch(4000, days=1, columns=["killed.GAZA", "headline"]).futures
    started = time.perf_counter()
    assert pa.table(futures).num_rows == 4000
    assert time.perf_counter() - started < 0.2


def test_cells_and_rows(batch: detente.Batch) -> None:
    futures = batch.futures
    assert futures.row(-1) == futures.row(11) and futures.row(0)["future"] == 0
    with pytest.raises(IndexError):
        futures.row(12)
    with pytest.raises(KeyError):
        futures["killed.NOWHERE"]
    assert "headline" in futures and "nothing" not in futures
    assert len(futures.to_dict()) == len(futures.column_names)
