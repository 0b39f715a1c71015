"""Which assumption drives what: Morris over all free numbers, then Sobol over the fifteen that matter most.

    python docs/lab/sensitivity.py OUT [--trajectories 6] [--futures 8] [--base 64] [--sobol-futures 32] [--days 365]

writes into OUT `morris.csv`, `sobol.csv`, `morris.png`, `sobol.png`. Same arguments, same figures: all samples have seeds.
"""

import argparse
import csv
import time
import warnings
from pathlib import Path

import matplotlib
import numpy as np

matplotlib.use("Agg")

import detente
from detente import plots
from detente.sensitivity import Study

OUTCOMES = ["regional_war", "lasting:LEB:180", "killed"]
WORDS = {"regional_war": "regional war", "lasting:LEB:180": "a truce in Lebanon of 180 days or more", "killed": "killed"}

warnings.simplefilter("ignore")
options = argparse.ArgumentParser()
options.add_argument("out", type=Path)
options.add_argument("--scenario", default="november-2024")
options.add_argument("--trajectories", type=int, default=6)
options.add_argument("--futures", type=int, default=8)
options.add_argument("--base", type=int, default=64)
options.add_argument("--sobol-futures", type=int, default=32)
options.add_argument("--days", type=int, default=365)
options = options.parse_args()
options.out.mkdir(parents=True, exist_ok=True)
model = detente.Model(options.scenario)
of = f"{model.name} ({model.hash}), {options.days} days, seed 1; detente {detente.VERSION}"


def written(name: str, rows: list[dict[str, object]]) -> None:
    with open(options.out / name, "w", newline="") as file:
        table = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        table.writeheader()
        for row in rows:
            # More digits than the samples are worth would only change with versions of SALib.
            table.writerow({key: f"{value:.4g}" if isinstance(value, float) else value for key, value in row.items()})


def shown(rows: list[dict[str, object]], figure: str, name: str, title: str, how: str) -> None:
    """The ten largest for each outcome, with their intervals."""
    import matplotlib.pyplot as plt

    picture, axes = plt.subplots(1, len(OUTCOMES), figsize=(13, 4.2))
    for place, outcome in zip(axes, OUTCOMES):
        ten = sorted((row for row in rows if row["outcome"] == outcome), key=lambda row: -row[figure])[:10][::-1]
        values, halves = [row[figure] for row in ten], [row[f"{figure}_conf"] for row in ten]
        place.barh([row["parameter"] for row in ten], values, xerr=halves, color="#9fc3dc", ecolor="#1b5e8c")
        place.set_title(WORDS[outcome], fontsize=9, loc="left")
        place.set_xlabel(title, fontsize=8)
        place.tick_params(labelsize=7)
        for side in ("top", "right"):
            place.spines[side].set_visible(False)
    picture.tight_layout()
    plots.signed(picture, f"{how}; {of}").savefig(options.out / name, dpi=110)


started = time.monotonic()
study = Study.of(model, OUTCOMES, n=options.futures, days=options.days)
spec = study.spec
spec.sample_morris(options.trajectories, seed=1).evaluate(study).analyze_morris(seed=1)
rows = []
for outcome in OUTCOMES:
    found = spec.analysis[outcome]
    # In parts of the standard deviation of the outcome over the sample, so that outcomes can be held against each other.
    spread = float(np.std(spec.results[:, OUTCOMES.index(outcome)])) or 1.0
    for i, number in enumerate(study.numbers):
        rows.append(
            {
                "outcome": outcome,
                "parameter": number.name,
                "mu_star": float(found["mu_star"][i]) / spread,
                "mu_star_conf": float(found["mu_star_conf"][i]) / spread,
                "mu": float(found["mu"][i]) / spread,
                "sigma": float(found["sigma"][i]) / spread,
            }
        )
rows.sort(key=lambda row: (OUTCOMES.index(row["outcome"]), -row["mu_star"]))
written("morris.csv", rows)
how = f"Morris, {len(study.numbers)} numbers, {options.trajectories} trajectories, {len(spec.samples)} rows of {options.futures} futures"
shown(rows, "mu_star", "morris.png", "µ* in standard deviations, 95 % interval", how)
print(f"morris: {len(spec.samples)} rows of {options.futures} futures, {time.monotonic() - started:.0f} s")

# The fifteen that matter most for any of the three.
best: dict[str, float] = {}
for row in rows:
    best[row["parameter"]] = max(best.get(row["parameter"], 0.0), row["mu_star"])
fifteen = sorted(best, key=lambda name: (-best[name], name))[:15]

started = time.monotonic()
study = Study.of(model, OUTCOMES, fifteen, n=options.sobol_futures, days=options.days)
spec = study.spec
spec.sample_sobol(options.base, calc_second_order=False, seed=1).evaluate(study)
spec.analyze_sobol(calc_second_order=False, seed=1)
rows = []
for outcome in OUTCOMES:
    found = spec.analysis[outcome]
    for i, name in enumerate(fifteen):
        figures = {key: float(found[key][i]) for key in ("S1", "S1_conf", "ST", "ST_conf")}
        rows.append({"outcome": outcome, "parameter": name, **figures})
written("sobol.csv", rows)
how = f"Sobol, 15 numbers, {len(spec.samples)} rows of {options.sobol_futures} futures, the others at the scenario's values"
shown(rows, "ST", "sobol.png", "total index, 95 % interval", how)
print(f"sobol: {len(spec.samples)} rows of {options.sobol_futures} futures, {time.monotonic() - started:.0f} s")
