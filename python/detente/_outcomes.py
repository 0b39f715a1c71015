"""Outcomes of settings by name, for the connectors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from detente._errors import Error

if TYPE_CHECKING:
    from detente._model import Batch, Model

#: What a connector takes as an outcome.
NAMES = """\
``regional_war`` and the other headlines: share of futures that end so; ``killed``: mean number killed in all territories;
``lasting:TABLE:DAYS``: share of futures in which an agreement of the table lasted so many days or longer; or any column of
``Batch.means``, like ``killed.GAZA`` or ``in_force.LEB``."""


def columns_for(outcomes: list[str], model: Model) -> list[str]:
    """The columns of futures that these outcomes are made of; refused before anything is run where there is no such outcome."""
    probe = model.batch(1, days=1, progress=False)
    futures, means = probe.futures.column_names, probe.means.column_names
    tables = [name.removeprefix("in_force.") for name in futures if name.startswith("in_force.")]
    wanted: list[str] = []
    wrong: list[str] = []
    for outcome in outcomes:
        if outcome.startswith("lasting:"):
            try:
                table, _ = _lasts(outcome)
            except Error as error:
                wrong += error.sentences
                continue
            if table not in tables:
                wrong.append(f"{outcome}: there is no table {table}; there are {', '.join(tables)}")
        elif outcome == "killed":
            wanted += [name for name in futures if name.startswith("killed.")]
        elif f"headline.{outcome}" in means:
            wanted.append("headline")
        elif outcome in means and outcome not in ("row", "futures"):
            wanted.append(outcome if outcome in futures else outcome.split(".")[0])
        else:
            wrong.append(f"there is no outcome {outcome}; it is one of these: {' '.join(NAMES.split())}")
    if wrong:
        raise Error("name", wrong)
    return list(dict.fromkeys(wanted))


def _lasts(outcome: str) -> tuple[str, int]:
    """Table and days of ``lasting:TABLE:DAYS``."""
    parts = outcome.split(":")
    if len(parts) != 3 or not parts[2].isdecimal():
        raise Error("name", [f"{outcome} is no outcome; write lasting:TABLE:DAYS, like lasting:LEB:180"])
    return parts[1], int(parts[2])


def outcome(batch: Batch, name: str) -> list[float]:
    """One outcome of every setting of a batch, in order of settings."""
    means = batch.means
    if name == "killed":
        every = [means[column] for column in means.column_names if column.startswith("killed.")]
        return [float(sum(values)) for values in zip(*every)]
    if name.startswith("lasting:"):
        return _lasting(batch, name)
    for column in (name, f"headline.{name}"):
        if column in means:
            return [float(value) for value in means[column]]
    raise Error("name", [f"there is no outcome {name}; it is one of these: {' '.join(NAMES.split())}"])


def outcome_of_each(batch: Batch, name: str) -> list[float]:
    """One outcome of every future of a batch, in order: shares are 0 or 1 there."""
    futures = batch.futures
    if name == "killed":
        every = [futures[column] for column in futures.column_names if column.startswith("killed.")]
        return [float(sum(values)) for values in zip(*every)]
    if name.startswith("lasting:"):
        table, least = _lasts(name)
        signed = batch.agreements
        rows = zip(signed["row"], signed["table"], signed["lasted"])
        long = {row for row, at, lasted in rows if at == table and lasted >= least}
        return [float(row in long) for row in range(len(futures))]
    if name in futures and not isinstance(futures[name][0], str):
        return [float(value) for value in futures[name]]
    for column, word in (("headline", name), tuple(name.split(".", 1)) if "." in name else ("", "")):
        if column in ("headline", "escalation", "settlement") and word in _words(batch, column):
            return [float(value == word) for value in futures[column]]
    raise Error("name", [f"there is no outcome {name}; it is one of these: {' '.join(NAMES.split())}"])


def _words(batch: Batch, column: str) -> list[str]:
    """The words that can stand in a column."""
    named = [name.split(".", 1) for name in batch.means.column_names if "." in name]
    return [word for of, word in named if of == column]


def _lasting(batch: Batch, name: str) -> list[float]:
    table, least = _lasts(name)
    futures = [int(number) for number in batch.means["futures"]]
    setting = [i for i, number in enumerate(futures) for _ in range(number)]
    signed = batch.agreements
    long = {
        row
        for row, at, lasted in zip(signed["row"], signed["table"], signed["lasted"])
        if at == table and lasted >= least
    }
    counts = [0] * len(futures)
    for row in long:
        counts[setting[row]] += 1
    return [count / number for count, number in zip(counts, futures)]
