"""EMA Workbench through the connector: same experiments, same boxes."""

from __future__ import annotations

import warnings
from typing import Any

import pytest

import detente

np: Any = pytest.importorskip("numpy")
ema: Any = pytest.importorskip("ema_workbench")

from ema_workbench.analysis import prim  # noqa: E402

from detente.discovery import Problem, regrets, word  # noqa: E402

NAMES = ["theta_war", "stream.mu[ISR>HAM]", "table.eta[LEB]"]


@pytest.fixture(autouse=True)
def quiet() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@pytest.fixture(scope="module")
def found(model: detente.Model) -> tuple[Problem, Any, dict[str, Any]]:
    problem = Problem(model, ["killed", "regional_war"], NAMES, ["deal.architecture", "unifil.troops"], n=2, days=60)
    np.random.seed(5)
    experiments, outcomes = problem.perform(60, policies=2)
    return problem, experiments, outcomes


def test_every_experiment_is_the_batch_that_it_says(
    model: detente.Model, found: tuple[Problem, Any, dict[str, Any]]
) -> None:
    problem, experiments, outcomes = found
    assert len(experiments) == 120 and outcomes["killed"].shape == (120,)
    for i in (0, 61, 119):
        row = experiments.iloc[i]
        point = {number.name: number.at(float(row[word(number.name)])) for number in problem.numbers}
        levers: Any = {"deal.architecture": str(row["deal_architecture"]), "unifil.troops": float(row["unifil_troops"])}
        batch = model.batch(2, params=point, levers=levers, days=60)
        killed = [column for column in batch.futures.column_names if column.startswith("killed.")]
        assert outcomes["killed"][i] == pytest.approx(sum(sum(batch.futures[column]) for column in killed) / 2)
    assert len(set(outcomes["killed"])) > 20


def test_the_box_is_the_one_that_ema_finds_on_the_same_table(
    model: detente.Model, found: tuple[Problem, Any, dict[str, Any]]
) -> None:
    problem, experiments, outcomes = found
    words = [word(name) for name in NAMES]
    worst = outcomes["killed"] > np.quantile(outcomes["killed"], 0.7)
    ours = prim.Prim(experiments[words], worst, threshold=0.6).find_box()

    # The same table made without the connector: values, one batch after another, and positions from them.
    import pandas as pd

    killed = []
    for _, row in experiments.iterrows():
        point = {number.name: number.at(float(row[word(number.name)])) for number in problem.numbers}
        levers: Any = {"deal.architecture": str(row["deal_architecture"]), "unifil.troops": float(row["unifil_troops"])}
        futures = model.batch(2, params=point, levers=levers, days=60).futures
        killed.append(sum(sum(futures[name]) for name in futures.column_names if name.startswith("killed.")) / 2)
    table = pd.DataFrame({name: [float(value) for value in experiments[name]] for name in words})
    theirs = prim.Prim(table, np.array(killed) > np.quantile(killed, 0.7), threshold=0.6).find_box()
    for one, other in zip(ours.box_lims, theirs.box_lims, strict=True):
        assert np.allclose(one[words].to_numpy(dtype=float), other[words].to_numpy(dtype=float))
    assert (ours.coverage, ours.density) == (theirs.coverage, theirs.density)
    limits = problem.limits(ours.box_lims[-1])
    number = next(number for number in problem.numbers if number.name == "stream.mu[ISR>HAM]")
    low, high = limits["stream.mu[ISR>HAM]"]
    assert number.low <= low < high <= number.high
    assert low > number.low, "who kills many fires much"


def test_words_go_both_ways(model: detente.Model) -> None:
    problem = Problem(model, ["killed"], None, ["unifil.troops"], n=1, days=1)
    assert len(problem.numbers) == sum(model.parameters["drawn"])
    for number in problem.numbers:
        made = word(number.name)
        assert made.isidentifier() and problem.id(made) == number.name
    with pytest.raises(detente.Error, match="no lever"):
        Problem(model, ["killed"], NAMES, ["unifil.trops"])
    with pytest.raises(detente.Error, match="takes a date"):
        Problem(model, ["killed"], NAMES, ["us.coalition_exit_date"])


def test_the_minimax_policy_is_the_one_that_is_never_far_from_the_best(
    found: tuple[Problem, Any, dict[str, Any]],
) -> None:
    _, experiments, outcomes = found
    ranked = regrets(experiments, outcomes["killed"])
    # By hand: every scenario's values less the least of them.
    table = experiments.assign(killed=outcomes["killed"]).pivot(index="scenario", columns="policy", values="killed")
    worst = table.sub(table.min(axis=1), axis=0).max()
    assert len(ranked) == 2 and ranked[0].regret <= ranked[1].regret
    assert {regret.policy: regret.regret for regret in ranked} == {str(name): value for name, value in worst.items()}
    other = regrets(experiments, outcomes["killed"], larger=True)
    assert sorted(regret.policy for regret in other) == sorted(regret.policy for regret in ranked)
    with pytest.raises(detente.Error, match="not every policy"):
        regrets({"policy": ["a", "b", "a"], "scenario": [0, 0, 1]}, [1.0, 2.0, 3.0])
    with pytest.raises(detente.Error, match="stands twice"):
        regrets({"policy": ["a", "a"], "scenario": [0, 0]}, [1.0, 2.0])
