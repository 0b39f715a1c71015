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
