"""SALib over a model: which assumption drives what (``pip install 'detente[sensitivity]'``).

Every number is given to SALib as its position in its range, 0 to 1, on the logarithmic scale where it is drawn on one: so SALib
samples what ``params="prior"`` draws, and nothing needs a distribution of its own. Free numbers that it does not draw (``drawn`` in
``Model.parameters``) vary where they are named. All rows go to the engine in one call.

>>> import detente, warnings
>>> from detente.sensitivity import Study
>>> m = detente.Model("november-2024")
>>> study = Study.of(m, ["killed"], parameters=["theta_war", "stream.mu[ISR>HAM]"], n=2, days=30)
>>> with warnings.catch_warnings():
...     warnings.simplefilter("ignore")
...     spec = study.spec.sample_sobol(8, calc_second_order=False, seed=1).evaluate(study).analyze_sobol(calc_second_order=False, seed=1)
>>> spec.samples.shape, spec.results.shape
((32, 2), (32,))
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from SALib import ProblemSpec

from detente._errors import Error
from detente._model import Batch, Levers, Model, Progress
from detente._numbers import Number, numbers
from detente._outcomes import columns_for, outcome, outcome_of_each

__all__ = ["Number", "Study", "given", "numbers"]


def given(batch: Batch, outcomes: Sequence[str], parameters: Sequence[str] | None = None) -> ProblemSpec:
    """What the futures of a batch drew and what came of each, as a problem of SALib with samples and results: given data, for analyses that
    need no sample of their own (``analyze_delta``, ``analyze_pawn``, ``analyze_rbd_fast``).

    ``batch``: of one setting, with ``params`` ``"prior"`` or ``"posterior"``. Outcomes are those of a :class:`Study`, of single
    futures: a share is 0 or 1 there. ``parameters``: all that are drawn, or those of these ids; each costs its time.

    >>> import detente
    >>> from detente.sensitivity import given
    >>> batch = detente.Model("november-2024").batch(64, params="prior", days=60)
    >>> spec = given(batch, ["killed"], ["theta_war", "stream.mu[ISR>HAM]"]).analyze_delta(num_resamples=2, method="delta", seed=1)
    >>> spec.analysis["names"], spec.samples.shape
    (['theta_war', 'stream.mu[ISR>HAM]'], (64, 2))
    """
    points = batch.points
    known = {number.name: number for number in numbers(batch.model)}
    names = [name for name in points.column_names if name in known] if parameters is None else list(parameters)
    missing = [name for name in names if name not in points or name not in known]
    if missing:
        raise Error("point", [f"{name} is no number that these futures drew; `.points` has them" for name in missing])
    bounds = [[known[name].low, known[name].high] for name in names]
    spec = ProblemSpec({"names": names, "bounds": bounds, "outputs": list(outcomes)})
    results = np.array([outcome_of_each(batch, name) for name in outcomes], dtype=float).T
    spec.set_samples(np.array([points[name] for name in names], dtype=float).T)
    return spec.set_results(results[:, 0] if results.shape[1] == 1 else results)


class Study:
    """Numbers that vary, and what is made of them: a problem of SALib (``spec``) and the function that it evaluates (the study)."""

    #: The numbers.
    numbers: list[Number]
    #: What is computed.
    outcomes: list[str]

    def __init__(
        self,
        numbers: Sequence[Number],
        outcomes: Sequence[str],
        evaluate: Callable[[dict[str, list[float]]], Sequence[Sequence[float]]],
    ) -> None:
        """``evaluate`` gets columns of values by name, and gives a list of values for each outcome."""
        self.numbers = list(numbers)
        self.outcomes = list(outcomes)
        self._evaluate = evaluate

    @classmethod
    def of(
        cls,
        model: Model,
        outcomes: Sequence[str],
        parameters: Sequence[str] | None = None,
        *,
        n: int = 16,
        seed: int = 1,
        levers: Levers | None = None,
        days: int | None = None,
        jobs: int | None = None,
        progress: Progress = None,
    ) -> Study:
        """Of a model: ``n`` futures for every row, the same numbers of futures and so the same luck in each.

        ``outcomes``: ``regional_war`` and the other headlines, ``killed``, ``lasting:TABLE:DAYS``, or columns of ``Batch.means``.
        """
        names = list(outcomes)
        kept = columns_for(names, model)

        def evaluate(columns: dict[str, list[float]]) -> list[list[float]]:
            batch = model.batch(
                n, seed, design=columns, levers=levers, days=days, jobs=jobs, columns=kept, progress=progress
            )
            return [outcome(batch, name) for name in names]

        return cls(numbers(model, parameters), names, evaluate)

    @property
    def spec(self) -> ProblemSpec:
        """A fresh problem of SALib: every number from 0 to 1."""
        names = [number.name for number in self.numbers]
        return ProblemSpec({"names": names, "bounds": [[0.0, 1.0]] * len(names), "outputs": self.outcomes})

    def values(self, samples: Any) -> dict[str, list[float]]:
        """Columns of values for rows of positions: a design."""
        rows = np.asarray(samples, dtype=float)
        return {number.name: [number.at(u) for u in rows[:, i]] for i, number in enumerate(self.numbers)}

    def __call__(self, samples: Any) -> Any:
        """What comes of rows of positions: a row each with a column per outcome (a plain row of numbers where there is one)."""
        results = np.array(self._evaluate(self.values(samples)), dtype=float).T
        return results[:, 0] if results.shape[1] == 1 else results
