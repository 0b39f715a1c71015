"""Figures for papers (``pip install 'detente[plots]'``). Each carries what it is of and what it is not.

>>> import matplotlib
>>> matplotlib.use("Agg")
>>> import detente, detente.plots
>>> m = detente.Model("november-2024")
>>> figure = detente.plots.outcomes(m.batch(32, days=60))
>>> [text.get_text()[:14] for text in figure.texts][-1]
'A what-if tool'
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
from matplotlib.figure import Figure

from detente._detente import VERSION, Table
from detente._errors import Error
from detente._model import CAVEAT, Batch, Effect, Levers, Model, Run

__all__ = ["bars", "fan", "lasting", "outcomes", "paired", "scores", "signed", "survival", "tornado"]

#: Dark enough to read in print, apart in grey and to those who see few colours.
_INK, _POINT, _BAND = "#222222", "#1b5e8c", "#9fc3dc"


def signed(figure: Figure, of: str) -> Figure:
    """Writes what a figure is of and the caveat into it, for figures of one's own."""
    figure.text(0.01, 0.035, of, fontsize=6.5, color=_INK, ha="left", va="bottom", wrap=True)
    figure.text(0.01, 0.01, CAVEAT, fontsize=6.5, color=_INK, ha="left", va="bottom", style="italic")
    figure.subplots_adjust(bottom=0.24)
    return figure


def _of(batch: Batch) -> str:
    return f"{_about(batch.summary, batch.count, 'futures')}; digest {batch.digest}; detente {VERSION}"


def _about(table: Table, count: int, what: str) -> str:
    """What a table says that it is of."""
    said = {key.removeprefix("detente."): value for key, value in table.metadata.items()}
    moved = [f"{line['lever']}={line['value']}@{line['day']}" for line in json.loads(said["lever_log"])]
    given = [f"{name}={value:g}" for name, value in json.loads(said.get("given", "{}")).items()]
    # A point of hundreds of numbers is told apart by the digest.
    numbers = f" ({', '.join(given[:6])}{f' and {len(given) - 6} more' if len(given) > 6 else ''})" if given else ""
    return (
        f"{said['scenario']} ({said['scenario_hash']}), {count} {what} of {said['days']} days, seed {said['seed']}, "
        f"params {said['params']}{numbers}, {', '.join(moved) or 'no lever moved'}"
    )


def _figures(table: Table, what: str) -> list[tuple[str, float, float, float]]:
    rows = table.to_dict()
    found = [
        (of, value, low, high)
        for kind, of, value, low, high in zip(rows["what"], rows["of"], rows["value"], rows["low"], rows["high"])
        if kind == what and value is not None
    ]
    if not found:
        raise Error("name", [f"there is nothing about {what} here; the column `what` of `.summary` lists what there is"])
    return found


def _worded(rows: list[tuple[str, float, float, float]]) -> list[tuple[str, float, float, float]]:
    """Outcomes in words; ids of parameters stay as they are."""
    return [(name.replace("_", " "), value, low, high) for name, value, low, high in rows]


def bars(rows: Sequence[tuple[str, float, float, float]], title: str, label: str, of: str, *, zero: bool = False) -> Figure:
    """Values with their intervals, one under another: name, value, low, high."""
    figure, axes = plt.subplots(figsize=(6.4, 1.6 + 0.32 * len(rows)))
    at = range(len(rows), 0, -1)
    for y, (_, value, low, high) in zip(at, rows):
        axes.plot([low, high], [y, y], color=_BAND, linewidth=5, solid_capstyle="butt")
        axes.plot([value], [y], "o", color=_POINT, markersize=5)
    axes.set_yticks(list(at), [name for name, *_ in rows])
    axes.set_title(title, fontsize=10, loc="left")
    axes.set_xlabel(label)
    if zero:
        axes.axvline(0, color=_INK, linewidth=0.8)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    figure.tight_layout()
    return signed(figure, of)


def outcomes(batch: Batch, what: str = "headline") -> Figure:
    """How likely each outcome is: shares of futures with 90 % intervals."""
    rows = _worded(_figures(batch.summary, what))
    return bars(rows, "How futures end", "share of futures, with its 90 % interval", _of(batch))


def lasting(batch: Batch, table: str) -> Figure:
    """How long agreements of a table last: survival at 30, 90 and 180 days with 90 % intervals."""
    rows = []
    for days in (30, 90, 180):
        rows += [(f"{days} days", *row[1:]) for row in _figures(batch.summary, f"lasting_{days}_days") if row[0] == table]
    if not rows:
        raise Error("name", [f"too few agreements of {table} were signed to say how long they last, or there is no such table"])
    return bars(rows, f"Agreements of {table} in force after", "share (Kaplan-Meier), with its 90 % interval", _of(batch))


def tornado(effect: Effect, of: str, what: str = "headline") -> Figure:
    """What levers change: paired differences with 90 % intervals. ``of`` says which levers, in which scenario."""
    rows = _worded(_figures(effect.summary, what))
    label = "difference, with less without, and its 90 % interval"
    about = _about(effect.summary, effect.pairs, "pairs")
    return bars(rows, "What changes", label, f"{of}; {about}; detente {VERSION}", zero=True)


def survival(batch: Batch, table: str) -> Figure:
    """How long agreements of a table last: the Kaplan-Meier curve with its 90 % band (Greenwood, log-log), and the number watched below it.

    What was still in force at the end is censored there. The band is of agreements as if each were a draw by itself.
    """
    rows = batch.agreements.to_dict() if isinstance(batch.agreements, Table) else batch.agreements.to_pydict()
    spells = [(lasted, ended) for at, lasted, ended in zip(rows["table"], rows["lasted"], rows["collapsed"]) if at == table]
    if len(spells) < 2:
        raise Error("name", [f"too few agreements of {table} were signed to say how long they last, or there is no such table"])
    days, share, low, high = kaplan_meier([(int(lasted), bool(ended)) for lasted, ended in spells])
    figure, axes = plt.subplots(figsize=(6.4, 3.9))
    axes.fill_between(days, low, high, step="post", color=_BAND, alpha=0.6, linewidth=0, label="90 % interval")
    axes.step(days, share, where="post", color=_POINT, label="in force (Kaplan-Meier)")
    axes.set_ylim(0, 1.02)
    axes.set_xlim(0, days[-1])
    axes.set_title(f"Agreements of {table}: {len(spells)} signed", fontsize=10, loc="left")
    axes.set_ylabel("share in force")
    axes.set_xlabel("days since signing; in brackets the number watched so long")
    ticks = [days[-1] * part // 4 for part in range(5)]
    axes.set_xticks(ticks, [f"{tick}\n({sum(lasted >= tick for lasted, _ in spells)})" for tick in ticks])
    axes.legend(frameon=False, fontsize=8)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    figure.tight_layout()
    return signed(figure, _of(batch))


def kaplan_meier(spells: Sequence[tuple[int, bool]]) -> tuple[list[int], list[float], list[float], list[float]]:
    """Days, the share that lasts longer, and the ends of its 90 % interval, for spells of so many days that ended or were watched no longer.

    >>> days, share, low, high = kaplan_meier([(2, True), (3, False), (5, True), (9, False)])
    >>> days, [round(value, 3) for value in share]
    ([0, 2, 5, 9], [1.0, 0.75, 0.375, 0.375])
    """
    days, share, low, high = [0], [1.0], [1.0], [1.0]
    left, now, sum_ = len(spells), 1.0, 0.0
    for day in sorted({lasted for lasted, _ in spells}):
        ended = sum(1 for lasted, over in spells if lasted == day and over)
        if ended:
            now *= 1 - ended / left
            if now > 0:
                sum_ += ended / (left * (left - ended))
                half = 1.6448536269514722 * math.sqrt(sum_) / abs(math.log(now))
                ends = now ** math.exp(half), now ** math.exp(-half)
            else:
                ends = 0.0, high[-1]
            days.append(day)
            share.append(now)
            low.append(ends[0])
            high.append(ends[1])
        left -= sum(1 for lasted, _ in spells if lasted == day)
    last = max(lasted for lasted, _ in spells)
    if last > days[-1]:
        days, share, low, high = [*days, last], [*share, now], [*low, low[-1]], [*high, high[-1]]
    return days, share, low, high


def scores(score: Mapping[str, Any] | str | os.PathLike[str], rule: str = "last_value") -> Figure:
    """How much better or worse than a simple rule the model has forecast: a dot for each series and horizon with its 90 % interval.

    ``score``: what ``detente score --json`` prints, or the folder that ``detente score --out`` wrote. Hollow dots have fewer than 30
    forecasts behind them; those without an interval fewer than two blocks.
    """
    if isinstance(score, Mapping):
        said: Mapping[str, Any] = score
    else:
        with open(os.path.join(score, "score.json"), encoding="utf-8") as file:
            said = json.load(file)
    rows = []
    for series, horizons in said["series"].items():
        for weeks, cell in sorted(horizons.items(), key=lambda pair: int(pair[0])):
            skill = cell["skill"].get(rule)
            if skill is not None:
                rows.append((f"{series}, week {weeks}", cell["n"], skill["value"], skill["low"], skill["high"]))
    if not rows:
        known = sorted({rule for horizons in said["series"].values() for cell in horizons.values() for rule in cell["skill"]})
        raise Error("name", [f"there is no skill beside {rule} here; there are {', '.join(known) or 'none at all'}"])
    figure, axes = plt.subplots(figsize=(6.4, 1.7 + 0.32 * len(rows)))
    at = range(len(rows), 0, -1)
    for y, (_, count, value, low, high) in zip(at, rows):
        if low is not None and high is not None:
            axes.plot([low, high], [y, y], color=_BAND, linewidth=5, solid_capstyle="butt")
        axes.plot([value], [y], "o", color=_POINT, markersize=5, markerfacecolor=_POINT if count >= 30 else "white")
    axes.axvline(0, color=_INK, linewidth=0.8)
    axes.set_yticks(list(at), [f"{name} ({count})" for name, count, *_ in rows])
    axes.set_title(f"Skill beside {rule}", fontsize=10, loc="left")
    axes.set_xlabel("share of the rule's CRPS that is saved (right: better than the rule), with its 90 % interval")
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    figure.tight_layout()
    about = ", ".join(f"{key} {said[key]}" for key in ("origins", "every", "members", "particles", "seed") if isinstance(said.get(key), (int, str)))
    return signed(figure, f"fair CRPS of weekly counts, forecasts in brackets{'; ' + about if about else ''}; detente {VERSION}")


def paired(
    model: Model, series: str, levers: Levers, n: int = 200, seed: int = 1, days: int | None = None, **rest: Any
) -> Figure:
    """What levers change in a daily series: future by future, with less without, on the same luck; median and bands of the differences."""
    without = [model.run(seed=seed, future=k, days=days, **rest) for k in range(n)]
    moved = {**(rest.pop("levers", None) or {}), **levers}
    with_ = [model.run(seed=seed, future=k, days=days, levers=moved, **rest) for k in range(n)]
    if series not in without[0].series:
        raise Error("name", [f"there is no series {series}; `run.series.column_names` lists them"])
    pairs = zip(zip(*(run.series[series] for run in without)), zip(*(run.series[series] for run in with_)))
    by_day = [sorted(b - a for a, b in zip(before, after)) for before, after in pairs]
    words = ", ".join(f"{lever}={value}" for lever, value in levers.items())
    about = _about(with_[0].series, n, "pairs of futures")
    return _bands(
        without[0].series, series, by_day, f"difference in {series}", f"with {words} less without; {about}, numbers 0 to {n - 1}; detente {VERSION}", zero=True
    )


def fan(model: Model, series: str, n: int = 200, seed: int = 1, days: int | None = None, **rest: Any) -> Figure:
    """A daily series over futures: median and the bands that 50 % and 90 % of futures lie in, day by day."""
    runs: list[Run] = [model.run(seed=seed, future=k, days=days, **rest) for k in range(n)]
    if series not in runs[0].series:
        raise Error("name", [f"there is no series {series}; `run.series.column_names` lists them"])
    by_day = [sorted(day) for day in zip(*(run.series[series] for run in runs))]
    of = f"{_about(runs[0].series, n, 'futures')}, numbers 0 to {n - 1}; detente {VERSION}"
    return _bands(runs[0].series, series, by_day, series, of)


def _bands(table: Table, series: str, by_day: list[list[float]], label: str, of: str, *, zero: bool = False) -> Figure:
    """Median and the bands that 50 % and 90 % of sorted values lie in, day by day."""

    def quantile(q: float) -> list[float]:
        return [float(day[min(int(q * len(day)), len(day) - 1)]) for day in by_day]

    figure, axes = plt.subplots(figsize=(6.4, 3.7))
    dates = table["date"]
    axes.fill_between(dates, quantile(0.05), quantile(0.95), color=_BAND, alpha=0.5, linewidth=0, label="90 % of futures")
    axes.fill_between(dates, quantile(0.25), quantile(0.75), color=_BAND, linewidth=0, label="50 % of futures")
    axes.plot(dates, quantile(0.5), color=_POINT, label="median")
    if zero:
        axes.axhline(0, color=_INK, linewidth=0.8)
    axes.set_ylabel(f"{label}\n({table.unit(series)})")
    axes.legend(frameon=False, fontsize=8)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    figure.autofmt_xdate()
    figure.tight_layout()
    return signed(figure, of)
