"""SALib through the connector gives SALib's own figures."""

from __future__ import annotations

import math
import warnings
from typing import Any

import pytest

import detente

np: Any = pytest.importorskip("numpy")
SALib: Any = pytest.importorskip("SALib")

from SALib.test_functions import Ishigami  # noqa: E402

from detente.sensitivity import Number, Study, given, numbers  # noqa: E402


def ishigami(columns: dict[str, list[float]]) -> list[list[float]]:
    x, y, z = (np.array(columns[name]) for name in ("x1", "x2", "x3"))
    return [list(np.sin(x) + 7 * np.sin(y) ** 2 + 0.1 * z**4 * np.sin(x))]


@pytest.fixture(autouse=True)
def quiet() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def test_ishigami_has_the_figures_that_salib_gives_it() -> None:
    names, bound = ["x1", "x2", "x3"], math.pi
    study = Study([Number(name, -bound, bound) for name in names], ["y"], ishigami)
    ours = study.spec.sample_sobol(1024, seed=3).evaluate(study).analyze_sobol(seed=3)
    theirs = SALib.ProblemSpec({"names": names, "bounds": [[-bound, bound]] * 3, "outputs": ["y"]})
    theirs.sample_sobol(1024, seed=3).evaluate(Ishigami.evaluate).analyze_sobol(seed=3)
    for figure in ("S1", "ST", "S2"):
        assert np.allclose(ours.analysis[figure], theirs.analysis[figure], atol=1e-9, equal_nan=True), figure
    # And those are the known ones.
    assert np.allclose(ours.analysis["S1"], [0.3139, 0.4424, 0.0], atol=0.02)
    assert np.allclose(ours.analysis["ST"], [0.5576, 0.4424, 0.2437], atol=0.03)
    ours = study.spec.sample_morris(50, seed=3).evaluate(study).analyze_morris(seed=3)
    theirs = SALib.ProblemSpec({"names": names, "bounds": [[-bound, bound]] * 3, "outputs": ["y"]})
    theirs.sample_morris(50, seed=3).evaluate(Ishigami.evaluate).analyze_morris(seed=3)
    assert np.allclose(ours.analysis["mu_star"], theirs.analysis["mu_star"], rtol=1e-9)


def test_ranges_are_those_of_the_model(model: detente.Model) -> None:
    free = {number.name: number for number in numbers(model)}
    # What prior draws, and nothing else: two numbers stay where they are unless they are named.
    table = model.parameters
    assert list(free) == [name for name, drawn in zip(table["parameter"], table["drawn"]) if drawn]
    assert set(table["parameter"]) - set(free) == {"tempo_sd", "tempo_half_life"} and len(free) > 300
    assert [number.name for number in numbers(model, ["tempo_sd"])] == ["tempo_sd"]
    assert any(number.log for number in free.values()) and not all(number.log for number in free.values())
    for number in free.values():
        assert number.at(0.0) == number.low and number.at(1.0) == pytest.approx(number.high) and number.at(1.0) <= number.high
        if number.log:
            assert number.at(0.5) == pytest.approx(math.sqrt(number.low * number.high))
    with pytest.raises(detente.Error, match="theta_wra"):
        numbers(model, ["theta_wra"])


def test_a_study_of_the_model_is_one_design(model: detente.Model) -> None:
    names = ["theta_war", "stream.mu[ISR>HAM]", "table.eta[LEB]"]
    outcomes = ["killed", "regional_war", "lasting:LEB:30", "in_force.LEB"]
    study = Study.of(model, outcomes, names, n=3, days=120, seed=2)
    rows = np.array([[0.1, 0.9, 0.5], [0.1, 0.1, 0.5], [0.8, 0.5, 0.2]])
    found = study(rows)
    assert found.shape == (3, 4)
    # More fire kills more, on the same luck.
    assert found[0, 0] > found[1, 0]
    for i, row in enumerate(rows):
        point = {number.name: number.at(u) for number, u in zip(numbers(model, names), row)}
        batch = model.batch(3, seed=2, params=point, days=120)
        killed = [column for column in batch.futures.column_names if column.startswith("killed.")]
        assert found[i, 0] == pytest.approx(sum(sum(batch.futures[column]) for column in killed) / 3)
        assert found[i, 1] == batch.futures["headline"].count("regional_war") / 3
        long = {
            at
            for at, table, lasted in zip(*(batch.agreements[name] for name in ("row", "table", "lasted")))
            if table == "LEB" and lasted >= 30
        }
        assert found[i, 2] == len(long) / 3


def test_an_outcome_that_there_is_not_is_refused_before_anything_is_run(model: detente.Model) -> None:
    for wrong in ("regional", "lasting:LBN:180", "lasting:LEB:-1", "lasting:LEB", "killed.NOWHERE", "future", "headline.peace"):
        with pytest.raises(detente.Error, match=wrong):
            Study.of(model, ["killed", wrong], ["theta_war"], n=1, days=5)
    every = ["headline.regional_war", "escalation.regional", "settlement.none", "lasting:LEB:0", "killed.GAZA"]
    [row] = Study.of(model, every, ["theta_war"], n=4, days=60)(np.array([[0.5]]))
    assert row[0] == row[1] and 0 <= row[2] <= 1


def test_delta_of_given_data_is_that_of_salib(model: detente.Model) -> None:
    from SALib.analyze import delta

    names = ["theta_war", "stream.mu[ISR>HAM]", "table.h0[LEB]", "tau_q"]
    outcomes = ["killed", "regional_war", "lasting:LEB:30", "blows", "settlement.piecemeal"]
    batch = model.batch(300, params="prior", days=150)
    spec = given(batch, outcomes, names)
    # By hand, from the tables.
    samples = np.array([batch.points[name] for name in names]).T
    killed = np.sum([batch.futures[name] for name in batch.futures.column_names if name.startswith("killed.")], axis=0)
    long = {
        row
        for row, table, lasted in zip(*(batch.agreements[name] for name in ("row", "table", "lasted")))
        if table == "LEB" and lasted >= 30
    }
    results = [
        killed,
        [headline == "regional_war" for headline in batch.futures["headline"]],
        [row in long for row in range(300)],
        batch.futures["blows"],
        [word == "piecemeal" for word in batch.futures["settlement"]],
    ]
    assert np.array_equal(spec.samples, samples) and np.array_equal(spec.results, np.array(results, dtype=float).T)
    # Of one outcome, since it takes its time.
    spec = given(batch, ["killed"], names).analyze_delta(num_resamples=3, method="delta", seed=1)
    problem = {"num_vars": 4, "names": names, "bounds": [[0.0, 1.0]] * 4}
    theirs = delta.analyze(problem, samples, np.array(killed, dtype=float), num_resamples=3, method="delta", seed=1)
    ours = spec.analysis
    assert np.allclose(ours["delta_raw"], theirs["delta_raw"], rtol=1e-9)
    # How much fire there is to begin with says more of the killed than how much it takes to go to war.
    assert ours["delta_raw"][1] > ours["delta_raw"][0]
    for wrong in ("theta_wra", "tempo_sd"):
        with pytest.raises(detente.Error, match=wrong):
            given(batch, ["killed"], [wrong])
    with pytest.raises(detente.Error, match="no outcome regional"):
        given(batch, ["regional"], names)
    with pytest.raises(detente.Error, match="no future draws"):
        given(model.batch(3, days=10), ["killed"])
