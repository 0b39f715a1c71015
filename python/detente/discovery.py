"""EMA Workbench over a model: scenario discovery and robust search (``pip install 'detente[discovery]'``).

Free numbers are EMA's uncertainties, levers are its levers. EMA asks for names that are words of Python, so ``table.eta[LEB]`` is
``table_eta__LEB`` there; :func:`word` says how, :class:`Problem` keeps both ways. All experiments go to the engine in one call.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from ema_workbench import CategoricalParameter, Model as EmaModel, RealParameter, ScalarOutcome
from ema_workbench.em_framework.evaluators import BaseEvaluator
from ema_workbench.em_framework.points import experiment_generator

from detente._errors import Error
from detente._model import Model, Progress
from detente._numbers import Number, numbers
from detente._outcomes import columns_for, outcome

__all__ = ["Evaluator", "Problem", "Regret", "regrets", "word"]


def word(name: str) -> str:
    """An id as a word of Python.

    >>> word("table.eta[LEB]"), word("stream.mu[ISR>HAM]")
    ('table_eta__LEB', 'stream_mu__ISR_HAM')
    """
    plain = re.sub(r"\W", "_", name.replace("[", "__").rstrip("]"))
    return plain + "_" if keyword.iskeyword(plain) else plain


def _never(**_: Any) -> dict[str, float]:
    raise RuntimeError("this model is run by detente.discovery.Evaluator, all experiments in one call")


class Problem:
    """A model as EMA Workbench sees it.

    ``uncertainties``: ids of free numbers; ``None`` is all that ``params="prior"`` draws. ``levers``: ids of levers that take a number or
    an option. ``outcomes``: ``regional_war`` and the other
    headlines, ``killed``, ``lasting:TABLE:DAYS``, or columns of ``Batch.means``; ``kinds`` says of each whether EMA is to make it
    small (``ScalarOutcome.MINIMIZE``), large, or only to report it. Every experiment is ``n`` futures with the same luck.
    """

    def __init__(
        self,
        model: Model,
        outcomes: Sequence[str],
        uncertainties: Sequence[str] | None = None,
        levers: Sequence[str] = (),
        *,
        n: int = 16,
        seed: int = 1,
        days: int | None = None,
        jobs: int | None = None,
        kinds: dict[str, int] | None = None,
        progress: Progress = None,
    ) -> None:
        self.model, self.n, self.seed, self.days, self.jobs = model, n, seed, days, jobs
        self.outcomes, self.progress = list(outcomes), progress
        self.numbers: list[Number] = numbers(model, uncertainties)
        self._ids: dict[str, str] = {}
        self._columns = columns_for(self.outcomes, model)
        self.ema = EmaModel("detente", function=_never)
        self.ema.uncertainties = [self._real(number.name, 0.0, 1.0) for number in self.numbers]
        self.ema.levers = [self._lever(lever) for lever in levers]
        kinds = kinds or {}
        self.ema.outcomes = [
            ScalarOutcome(self._word(name), kind=kinds.get(name, ScalarOutcome.INFO)) for name in self.outcomes
        ]

    def _word(self, name: str) -> str:
        made = word(name)
        if self._ids.setdefault(made, name) != name:
            raise Error("name", [f"{name} and {self._ids[made]} are the same word of Python; leave one of them out"])
        return made

    def id(self, made: str) -> str:
        """The id of a word."""
        return self._ids[made]

    def _real(self, name: str, low: float, high: float) -> Any:
        return RealParameter(self._word(name), low, high)

    def _lever(self, lever: str) -> Any:
        table = self.model.levers.to_dict()
        if lever not in table["lever"]:
            raise Error("order", [f"there is no lever {lever}; `.levers` lists them"])
        at = table["lever"].index(lever)
        if table["kind"][at] == "date":
            words = f"{lever} takes a date, which EMA has no kind of parameter for; set it in the scenario, or leave it out"
            raise Error("order", [words])
        if table["options"][at]:
            return CategoricalParameter(self._word(lever), table["options"][at].split("|"))
        return self._real(lever, table["low"][at], table["high"][at])

    def design(self, rows: Iterable[dict[str, Any]]) -> dict[str, list[Any]]:
        """Rows by EMA's words as a design: positions as values."""
        by_name = {number.name: number for number in self.numbers}
        columns: dict[str, list[Any]] = {}
        for row in rows:
            for made, value in row.items():
                name = self._ids[made]
                number = by_name.get(name)
                columns.setdefault(name, []).append(value if number is None else number.at(float(value)))
        return columns

    def run(self, rows: Sequence[dict[str, Any]]) -> dict[str, list[float]]:
        """What comes of rows by EMA's words: a list for each outcome, by EMA's word for it."""
        design = self.design(rows)
        if not design:
            raise Error("bound", ["the experiments vary nothing; give uncertainties or levers"])
        batch = self.model.batch(
            self.n,
            self.seed,
            design=design,
            days=self.days,
            jobs=self.jobs,
            columns=self._columns,
            progress=self.progress,
        )
        return {word(name): outcome(batch, name) for name in self.outcomes}

    def perform(self, scenarios: int, policies: Any = 0, **rest: Any) -> tuple[Any, dict[str, Any]]:
        """EMA's ``perform_experiments``: experiments and outcomes as EMA has them."""
        with Evaluator(self) as evaluator:
            found = evaluator.perform_experiments(scenarios=scenarios, policies=policies, **rest)
        experiments, outcomes = found
        return experiments, outcomes

    def limits(self, box: Any) -> dict[str, tuple[float, float]]:
        """The limits of a PRIM box on numbers, by id and in their own units (a row ``min`` and a row ``max``, as EMA has them)."""
        by_name = {number.name: number for number in self.numbers}
        limits = {}
        for made in box.columns:
            number = by_name.get(self._ids.get(str(made), ""))
            if number is None:
                continue
            low, high = float(box[made].iloc[0]), float(box[made].iloc[1])
            limits[number.name] = (number.at(low), number.at(high))
        return limits


class Regret(NamedTuple):
    """How much worse than the best policy one does where it does worst."""

    #: The policy, as EMA names it.
    policy: str
    #: Its largest regret over the scenarios, in the unit of the outcome; never negative.
    regret: float
    #: The scenario of EMA (a setting of the uncertainties) in which it has it.
    scenario: str
    #: Its mean regret over the scenarios.
    mean: float


def regrets(experiments: Any, outcome: Iterable[float], *, larger: bool = False) -> list[Regret]:
    """Policies by their largest regret, the minimax one first (Savage): in every scenario a policy is held against the best there.

    ``experiments`` and ``outcome``: what :meth:`Problem.perform` gives with several policies, and one of its outcomes; of
    which less is better, or with ``larger`` more. Every policy is run in every scenario, as EMA's factorial design does.

    >>> table = {"policy": ["a", "b", "a", "b"], "scenario": [0, 0, 1, 1]}
    >>> [(found.policy, found.regret, found.scenario) for found in regrets(table, [4.0, 1.0, 2.0, 3.0])]
    [('b', 1.0, '1'), ('a', 3.0, '0')]
    """
    by_scenario: dict[str, dict[str, float]] = {}
    for policy, scenario, value in zip(experiments["policy"], experiments["scenario"], outcome, strict=True):
        there = by_scenario.setdefault(str(scenario), {})
        if str(policy) in there:
            raise Error("row", [f"policy {policy} stands twice in scenario {scenario}; give one set of experiments"])
        there[str(policy)] = -float(value) if larger else float(value)
    policies = list(dict.fromkeys(policy for there in by_scenario.values() for policy in there))
    lacking = [name for name, there in by_scenario.items() if len(there) != len(policies)]
    if not policies or lacking:
        words = f"not every policy was run in scenario {lacking[0]}; run all in each" if lacking else "there are no experiments"
        raise Error("row", [words])
    best = {name: min(there.values()) for name, there in by_scenario.items()}
    found = []
    for policy in policies:
        of = {name: there[policy] - best[name] for name, there in by_scenario.items()}
        worst = max(of, key=lambda name: of[name])
        found.append(Regret(policy, of[worst], worst, sum(of.values()) / len(of)))
    return sorted(found, key=lambda regret: (regret.regret, regret.mean))


class Evaluator(BaseEvaluator):  # type: ignore[misc]
    """EMA's evaluator that hands all experiments to the engine at once."""

    def __init__(self, problem: Problem) -> None:
        super().__init__([problem.ema])
        self.problem = problem

    def initialize(self) -> None:
        """Nothing to set up."""

    def finalize(self) -> None:
        """Nothing to clear away."""

    def evaluate_experiments(
        self, scenarios: Any, policies: Any, callback: Any, combine: str = "factorial", **_: Any
    ) -> None:
        """Runs all of them and hands each its outcomes."""
        experiments = list(experiment_generator(scenarios, self._msis, policies, combine=combine))
        names = {parameter.name for parameter in [*self.problem.ema.uncertainties, *self.problem.ema.levers]}
        rows = []
        for experiment in experiments:
            said = {**dict(experiment.scenario), **dict(experiment.policy)}
            rows.append({name: value for name, value in said.items() if name in names})
        found = self.problem.run(rows)
        for i, experiment in enumerate(experiments):
            callback(experiment, {name: values[i] for name, values in found.items()})
