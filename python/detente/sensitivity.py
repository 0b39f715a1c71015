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

from detente._model import Levers, Model, Progress
from detente._numbers import Number, numbers
from detente._outcomes import columns_for, outcome

__all__ = ["Number", "Study", "numbers"]


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
