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
from collections.abc import Sequence
from typing import Any

import matplotlib.pyplot as plt
from matplotlib.figure import Figure

from detente._detente import VERSION, Table
from detente._errors import Error
from detente._model import CAVEAT, Batch, Effect, Model, Run

__all__ = ["bars", "fan", "lasting", "outcomes", "signed", "tornado"]

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


def fan(model: Model, series: str, n: int = 200, seed: int = 1, days: int | None = None, **rest: Any) -> Figure:
    """A daily series over futures: median and the bands that 50 % and 90 % of futures lie in, day by day."""
    runs: list[Run] = [model.run(seed=seed, future=k, days=days, **rest) for k in range(n)]
    if series not in runs[0].series:
        raise Error("name", [f"there is no series {series}; `run.series.column_names` lists them"])
    by_day = [sorted(day) for day in zip(*(run.series[series] for run in runs))]

    def quantile(q: float) -> list[float]:
        return [float(day[min(int(q * len(day)), len(day) - 1)]) for day in by_day]

    figure, axes = plt.subplots(figsize=(6.4, 3.7))
    dates = runs[0].series["date"]
    axes.fill_between(dates, quantile(0.05), quantile(0.95), color=_BAND, alpha=0.5, linewidth=0, label="90 % of futures")
    axes.fill_between(dates, quantile(0.25), quantile(0.75), color=_BAND, linewidth=0, label="50 % of futures")
    axes.plot(dates, quantile(0.5), color=_POINT, label="median")
    axes.set_ylabel(f"{series}\n({runs[0].series.unit(series)})")
    axes.legend(frameon=False, fontsize=8)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    figure.autofmt_xdate()
    figure.tight_layout()
    of = f"{_about(runs[0].series, n, 'futures')}, numbers 0 to {n - 1}; detente {VERSION}"
    return signed(figure, of)
