"""Models, rows that become histories, designs, errors."""

from __future__ import annotations

import datetime
import doctest
import importlib
import json
import pickle
import pkgutil
from pathlib import Path
from typing import Any

import pytest

import detente


def why(call: Any, *arguments: Any, **rest: Any) -> detente.Error:
    with pytest.raises(detente.Error) as caught:
        call(*arguments, **rest)
    return caught.value


@pytest.mark.parametrize("params", ["default", "prior", "posterior", {"theta_war": 9.0, "table.eta[LEB]": 0.05}])
def test_a_row_alone_becomes_its_history(model: detente.Model, params: Any) -> None:
    batch = model.batch(6, seed=4, first=3, params=params, levers={"unifil.troops": [(30, 14000)]}, days=120)
    for i in (0, 5):
        row = batch.futures.row(i)
        run = model.run(row)
        assert (run.seed, run.future, run.days) == (4, 3 + i, 120)
        assert run.series["killed.GAZA"][-1] == row["killed.GAZA"]
        assert run.headline == row["headline"]
        signed = [day for day, at in zip(batch.agreements["signed"], batch.agreements["row"]) if at == i]
        events = [day for day, kind in zip(run.events["day"], run.events["kind"]) if "signed" in kind]
        assert set(signed) <= set(events)


def test_events_have_causes(model: detente.Model) -> None:
    run = model.run(seed=1, days=90)
    event = next(row for row in map(run.events.row, range(len(run.events))) if row["kind"] != "fire")
    explanation = run.explain(event["event"])
    assert event["sentence"] in str(explanation)
    assert explanation.data["event"]["id"] == event["event"]
    assert why(run.explain, "d90e1").code == "name"
    assert isinstance(run.series["date"][0], datetime.date) and run.series["date"][0] == model.start


def test_a_start_belongs_to_the_model(model: detente.Model, tmp_path: Path) -> None:
    now = model.starting("2024-11-07")
    assert model.nowcast is None and now.nowcast is not None and "2024-11-07" in repr(now)
    there = pickle.loads(pickle.dumps(now))
    assert there.nowcast == now.nowcast and there.batch(4, days=20).digest == now.batch(4, days=20).digest
    # Settings with levers start from it, numbers of their own are refused with what to do.
    design = now.batch(3, design={"unifil.troops": [0, 15000]}, days=30)
    assert design.futures["killed.GAZA"][:3] == now.batch(3, levers={"unifil.troops": 0}, days=30).futures["killed.GAZA"]
    for params in ("prior", "posterior", {"theta_war": 9.0}):
        error = why(now.batch, 2, params=params, days=10)
        assert error.code == "point" and "fix in the scenario" in str(error), params
        assert why(now.run, params=params, days=10).code == "point"
    # A row is opened by a model with its start, and by no other.
    row, other = now.batch(1, days=10).futures.row(0), model.batch(1, days=10).futures.row(0)
    assert "from" not in json.loads(other["setting"])
    assert "starts from the nowcast 2024-11-07" in str(why(model.run, row))
    assert why(now.run, other).code == "row"
    # What is no start of it.
    assert why(model.starting, tmp_path / "none").code == "scenario"
    assert "give a scenario that begins on" in str(why(detente.Model("october-2023").starting, "2024-11-07"))


def test_days_are_numbers_or_dates(model: detente.Model) -> None:
    at = model.run(levers={"unifil.troops": [(20, 15000)]}, days=60).digest
    date = model.start + datetime.timedelta(days=20)
    assert model.run(levers={"unifil.troops": [(date, 15000.0)]}, days=60).digest == at
    assert model.run(levers={"unifil.troops": [(date.isoformat(), "15000")]}, days=60).digest == at
    assert model.run(levers={"unifil.troops": [(21, 15000)]}, days=60).digest != at


def test_a_design_is_its_settings_one_by_one(model: detente.Model) -> None:
    design: dict[str, list[Any]] = {
        "theta_war": [6.0, 9.0, 9.0],
        "deal.architecture": ["piecemeal", "piecemeal", "collective"],
        "seed": [1, 2, 3],
        "futures": [4, 2, 3],
    }
    batch = model.batch(design=design, days=90)
    assert len(batch.futures) == 9 and batch.means["futures"] == [4, 2, 3]
    begins = 0
    for i in range(3):
        alone = model.batch(
            design["futures"][i],
            seed=design["seed"][i],
            params={"theta_war": design["theta_war"][i]},
            levers={"deal.architecture": design["deal.architecture"][i]},
            days=90,
        )
        n = design["futures"][i]
        for column in ("future", "headline", "killed.GAZA", "events.ISR>HZB", "seed"):
            assert batch.futures[column][begins : begins + n] == alone.futures[column]
        assert batch.means["killed.GAZA"][i] == sum(alone.futures["killed.GAZA"]) / n
        begins += n
    rows = [dict(zip(design, row)) for row in zip(*design.values())]
    again = model.batch(design=rows, days=90)
    assert again.futures.to_dict() == batch.futures.to_dict()
    assert again.digest == batch.digest != alone.digest


def test_what_is_wrong_is_said_with_its_place(tmp_path: Path, model: detente.Model) -> None:
    file = tmp_path / "mine.toml"
    file.write_text('format = 1\nextends = "november-2024"\n\n[parameters]\ntheta_wra = 3\n')
    error = why(detente.Model, file)
    assert (error.code, error.line, error.file) == ("scenario", 5, str(file))
    assert error.key is not None and "theta_wra" in error.key
    assert error.sentences and str(error)
    again = pickle.loads(pickle.dumps(error))
    assert (again.code, again.sentences, again.places) == (error.code, error.sentences, error.places)

    cases: list[tuple[str, dict[str, Any]]] = [
        ("order", {"levers": {"unifil.trops": 1}}),
        ("order", {"levers": {"unifil.troops": True}}),
        ("order", {"levers": {"unifil.troops": [(90, 1)]}, "days": 90}),
        ("order", {"levers": {"unifil.troops": [("soon", 1)]}}),
        ("order", {"levers": {"unifil.troops": [60, 15000]}}),
        ("order", {"levers": {"unifil.troops": {"day": 3}}}),
        ("point", {"params": "priors"}),
        ("point", {"params": {"theta_war": 1e9}}),
        ("point", {"params": {"theta_wra": 1}}),
        ("bound", {"days": 0}),
        ("bound", {"seed": -1}),
        ("bound", {"seed": 1.5}),
    ]
    for code, arguments in cases:
        assert why(model.run, **arguments).code == code, arguments
        assert why(model.batch, 2, **arguments).code == code, arguments
    assert why(model.batch, 0).code == "bound"
    assert why(model.batch, 2, columns=["killed.GAZ"]).code == "name"
    assert why(model.batch, design={"theta_war": []}).code == "bound"
    assert why(model.batch, design={"theta_war": [1.0], "seed": [1, 2]}).code == "row"
    assert "setting 1: theta_war" in str(why(model.batch, 1, design={"theta_war": [9.0, 1e9]}))
    assert why(model.run, {"future": 1}).code == "row"
    other = detente.Model("october-2023").batch(1, days=5).futures.row(0)
    assert why(model.run, other).code == "row"
    assert why(model.run, model.batch(1, days=5).futures.row(0), seed=2).code == "row"
    assert why(lambda: model.batch(2, days=5, rows=False).futures).code == "name"


def test_models_travel_to_other_processes(model: detente.Model, tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    text = 'format = 1\nextends = "november-2024"\n[levers]\n"unifil.troops" = 15000\n'
    file.write_text(text)
    for source in (model, detente.Model(file), detente.Model(text, name="mine"), detente.Model(text, name="")):
        there = pickle.loads(pickle.dumps(source))
        assert (there.hash, there.name) == (source.hash, source.name)
        assert there.run(days=30).digest == source.run(days=30).digest
    assert detente.Model(text, name="mine").hash != model.hash
    # Whatever the file has become meanwhile, and wherever it is: what travels is what was loaded.
    source = detente.Model(file)
    kept = pickle.dumps(source)
    file.write_text(text.replace("15000", "9000"))
    assert pickle.loads(kept).hash == source.hash != detente.Model(file).hash
    file.unlink()
    assert pickle.loads(kept).hash == source.hash
    again, (content, digest, version, nowcast) = source.__reduce__()
    assert why(again, content, digest, "0.1.0+0", nowcast).code == "scenario"
    assert why(again, content, "0" * 16, version, nowcast).code == "scenario"
    assert why(again, content, digest, version, ("2024-11-07", "0" * 16)).code == "scenario"


def test_a_path_is_a_path(model: detente.Model, tmp_path: Path) -> None:
    folder = tmp_path / "run=3"
    folder.mkdir()
    (folder / "mine.toml").write_text('format = 1\nextends = "november-2024"\n')
    assert detente.Model(str(folder / "mine.toml")).name == "mine"
    error = why(detente.Model, str(folder / "other.toml"))
    assert error.code == "scenario" and "other.toml" in str(error)


def test_parts_are_joined_from_their_sums(model: detente.Model) -> None:
    batch = model.batch(12, first=4, days=40)
    assert json.loads(batch.sums)["futures"] == [[4, 16]] and json.loads(batch.sums)["model"] == detente.VERSION
    rest = model.batch(4, days=40, rows=False)
    whole = model.joined([batch.sums, rest.sums])
    assert whole.digest == model.batch(16, days=40).digest and whole.count == 16
    assert whole.summary.to_dict() == model.batch(16, days=40).summary.to_dict()
    for parts in (
        [batch.sums, batch.sums],
        [batch.sums, model.batch(4, days=40, seed=2).sums],
        [batch.sums, model.batch(4, days=41).sums],
        [batch.sums, model.batch(4, days=40, params={"theta_war": 9.0}).sums],
        ["{}"],
        [],
    ):
        assert why(model.joined, parts).code == "row"
    assert why(detente.Model("october-2023").joined, [batch.sums]).code == "row"


def test_one_of_a_family_stands_where_its_own_id_says(model: detente.Model) -> None:
    both = {"table.h0[LEB]": 0.02, "table.h0": 0.005}
    turned = dict(reversed(both.items()))
    batch = model.batch(30, params=both, days=200)
    assert batch.futures.to_dict() == model.batch(30, params=turned, days=200).futures.to_dict()
    for i in (0, 29):
        assert model.run(batch.futures.row(i)).series["killed.GAZA"][-1] == batch.futures["killed.GAZA"][i]
    assert model.batch(30, params={"table.h0": 0.005}, days=200).agreements["ended"] != batch.agreements["ended"]


def test_numbers_that_are_none_are_said_with_their_row(model: detente.Model) -> None:
    cases: list[tuple[str, dict[str, Any]]] = [
        ("bound", {"theta_war": [8.0], "futures": [2.9]}),
        ("bound", {"theta_war": [8.0], "futures": [float("nan")]}),
        ("bound", {"theta_war": [8.0], "futures": [True]}),
        ("bound", {"theta_war": [8.0], "seed": [1.5]}),
        ("point", {"theta_war": [True]}),
        ("point", {"theta_war": ["8"]}),
        ("point", {"theta_war": [None]}),
        ("point", {"theta_war": [float("nan")]}),
        ("order", {"unifil.troops": [True]}),
    ]
    for code, design in cases:
        error = why(model.batch, 2, design=design, days=5)
        assert error.code == code and str(error).startswith("row 0: "), (design, str(error))
    whole = {"theta_war": [8.0], "futures": [2.0], "seed": [3.0]}
    assert model.batch(design=whole, days=5).means["futures"] == [2]
    row = model.batch(3, days=5).futures.row(2)
    assert why(model.run, {**row, "future": 2.9}).code == "row"
    assert model.run({**row, "future": 2.0}).future == 2
    assert why(model.batch, 2, design={"theta_war": [8.0, 9.0]}, rows=False).code == "bound"


def test_whatever_is_wrong_is_an_error_of_the_package(model: detente.Model) -> None:
    for arguments in (
        {"days": -1},
        {"days": 90.5},
        {"days": 1 << 40},
        {"jobs": 0},
        {"jobs": -1},
        {"params": None},
        {"params": 3},
        {"params": {"theta_war": "x"}},
        {"levers": [("unifil.troops", 1)]},
        {"seed": None},
    ):
        assert why(model.batch, 2, **arguments).code in ("bound", "point", "order"), arguments
        arguments.pop("jobs", None)
        # What both arms have in common has another name there.
        both = {"beside" if name == "levers" else name: value for name, value in arguments.items()}
        if both:
            assert why(model.effect, {"unifil.troops": 15000}, 2, **{"days": 5, **both}).code, both
    assert why(model.effect, {"unifil.troops": 15000}, 0).code == "bound"
    assert why(model.effect, {"unifil.troops": 15000}, 2, days=0).code == "bound"
    assert why(model.effect, {"unifil.troops": 15000}, 2, seed=1 << 62).code == "bound"
    assert model.batch(2, days=5.0).digest == model.batch(2, days=5).digest  # type: ignore[arg-type]
    assert why(model.batch, 10**9).code == "bound"


def test_only_the_columns_that_are_asked_for_are_kept(model: detente.Model) -> None:
    assert model.batch(2, days=5, columns=["headline"]).futures.column_names == ["future", "headline"]
    kept = model.batch(2, days=5, columns=["headline", "setting"]).futures
    assert kept.column_names == ["future", "headline", "setting"]
    assert model.run(kept.row(1)).future == 1


def test_examples_in_docstrings_run() -> None:
    names = [found.name for found in pkgutil.iter_modules(detente.__path__) if found.name != "_detente"]
    tried = 0
    for name in names:
        try:
            module = importlib.import_module(f"detente.{name}")
        except ImportError:
            # An extra that is not installed here.
            assert name in ("sensitivity", "discovery", "plots")
            continue
        results = doctest.testmod(module)
        assert results.failed == 0, (name, results)
        tried += results.attempted
    assert doctest.testmod(detente).failed == 0
    assert tried > 15
