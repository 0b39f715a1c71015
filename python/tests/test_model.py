"""Models, rows that become histories, designs, errors."""

from __future__ import annotations

import datetime
import doctest
import importlib
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
    assert why(lambda: batch.digest).code == "name"
    rows = [dict(zip(design, row)) for row in zip(*design.values())]
    assert model.batch(design=rows, days=90).futures.to_dict() == batch.futures.to_dict()


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
    for source in (model, detente.Model(file), detente.Model(text, name="mine")):
        there = pickle.loads(pickle.dumps(source))
        assert (there.hash, there.name) == (source.hash, source.name)
    assert detente.Model(text, name="mine").hash != model.hash


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
