"""Outcomes of settings by name, for the connectors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from detente._errors import Error

if TYPE_CHECKING:
    from detente._model import Batch

#: What a connector takes as an outcome.
NAMES = """\
``regional_war`` and the other headlines: share of futures that end so; ``killed``: mean number killed in all territories;
``lasting:TABLE:DAYS``: share of futures in which an agreement of the table lasted so many days or longer; or any column of
``Batch.means``, like ``killed.GAZA`` or ``in_force.LEB``."""


def columns_for(outcomes: list[str], names: list[str]) -> list[str]:
    """The columns of futures that these outcomes are made of; ``names`` are all there are."""
    wanted: list[str] = []
    for outcome in outcomes:
        if outcome.startswith("lasting:"):
            continue
        if outcome == "killed":
            wanted += [name for name in names if name.startswith("killed.")]
        elif outcome in names:
            wanted.append(outcome)
        elif outcome.split(".")[0] in ("headline", "escalation", "settlement"):
            wanted.append(outcome.split(".")[0])
        else:
            wanted.append("headline")
    return list(dict.fromkeys(wanted))


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


def _lasting(batch: Batch, name: str) -> list[float]:
    try:
        _, table, days = name.split(":")
        least = int(days)
    except ValueError:
        raise Error("name", [f"{name} is no outcome; write lasting:TABLE:DAYS, like lasting:LEB:180"]) from None
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
