"""Figures carry what they are of and what they are not."""

from __future__ import annotations

from typing import Any

import pytest

import detente

matplotlib: Any = pytest.importorskip("matplotlib")
matplotlib.use("Agg")

from detente import plots  # noqa: E402
from detente._model import CAVEAT  # noqa: E402


def words(figure: Any) -> str:
    return "\n".join(text.get_text() for text in figure.texts)


def test_every_figure_says_what_it_is_of(model: detente.Model, tmp_path: Any) -> None:
    batch = model.batch(60, days=200, params="prior")
    effect = model.effect({"deal.architecture": "collective"}, 30, days=60)
    figures = {
        "outcomes": plots.outcomes(batch),
        "lasting": plots.lasting(batch, "LEB"),
        "sums": plots.outcomes(model.batch(20, days=30, rows=False), "settlement"),
        "tornado": plots.tornado(effect, "collective architecture in november-2024"),
        "fan": plots.fan(model, "killed.GAZA", n=12, days=30),
        "paired": plots.paired(model, "killed.GAZA", {"exchange.restraint": 1}, n=6, days=30),
        "survival": plots.survival(batch, "LEB"),
    }
    for name, figure in figures.items():
        assert CAVEAT in words(figure), name
        assert detente.VERSION in words(figure), name
        figure.savefig(tmp_path / f"{name}.png")
        assert (tmp_path / f"{name}.png").stat().st_size > 5000
    assert batch.digest in words(figures["outcomes"]) and "params prior" in words(figures["outcomes"])
    assert "200 days" in words(figures["outcomes"]) and "30 days" in words(figures["sums"])
    assert "30 days" in words(figures["fan"]) and "params default" in words(figures["fan"])
    given = plots.outcomes(model.batch(20, days=30, params={"theta_war": 9}, levers={"unifil.troops": [(3, 15000)]}, rows=False))
    assert "theta_war=9" in words(given) and "unifil.troops=15000.0@3" in words(given)
    # What is drawn is what the summary says.
    [axes] = figures["outcomes"].axes
    drawn = [float(line.get_xdata()[0]) for line in axes.lines if line.get_marker() == "o"]
    rows = batch.summary.to_dict()
    assert drawn == [value for value, what in zip(rows["value"], rows["what"]) if what == "headline"]
    with pytest.raises(detente.Error, match="nothing about"):
        plots.outcomes(batch, "weather")
    with pytest.raises(detente.Error, match="too few agreements"):
        plots.survival(batch, "LBN")


def test_a_survival_curve_is_that_of_the_summary(model: detente.Model) -> None:
    batch = model.batch(120, days=300, params="prior")
    summary = zip(*(batch.summary[name] for name in ("what", "of", "value")))
    shares = {what: value for what, of, value in summary if of == "LEB" and what.startswith("lasting_")}
    rows = zip(*(batch.agreements[name] for name in ("table", "lasted", "collapsed")))
    days, share, low, high = plots.kaplan_meier([(lasted, over == 1) for table, lasted, over in rows if table == "LEB"])
    assert all(a <= b <= c for a, b, c in zip(low, share, high)) and share == sorted(share, reverse=True)
    for age in (30, 90, 180):
        there = [value for day, value in zip(days, share) if day <= age][-1]
        assert there == pytest.approx(shares[f"lasting_{age}_days"], abs=1e-9), age


def test_levers_that_change_nothing_differ_in_nothing(model: detente.Model) -> None:
    # Where the lever stands already.
    at = dict(zip(model.levers["lever"], model.levers["at_start"]))
    figure = plots.paired(model, "killed.GAZA", {"unifil.troops": float(at["unifil.troops"])}, n=3, days=20)
    [axes] = figure.axes
    assert all(value == 0 for line in axes.lines for value in line.get_ydata())


def test_dots_of_scores_are_those_of_the_command_line(program: Any, tmp_path: Any) -> None:
    out = tmp_path / "score"
    said = program("score", "--origins", "2024-05-02..2024-05-30", "--particles", "60", "--members", "40", "--series", "gaza.killed", "--horizons", "1", "--out", str(out))
    [cell] = said["series"]["gaza.killed"].values()
    for of in (said, out, str(out)):
        figure = plots.scores(of, "climatology")
        [axes] = figure.axes
        dots = [line for line in axes.lines if line.get_marker() == "o"]
        assert [float(dot.get_xdata()[0]) for dot in dots] == [cell["skill"]["climatology"]["value"]]
        assert dots[0].get_markerfacecolor() == "white" and CAVEAT in words(figure)
    with pytest.raises(detente.Error, match="climatology"):
        plots.scores(said, "weather")
