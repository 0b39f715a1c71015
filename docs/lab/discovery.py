"""Where in the space of assumptions an outcome lies: PRIM boxes of EMA Workbench for regional war and for a collective deal.

    python docs/lab/discovery.py OUT [--rows 1500] [--futures 16] [--days 365]

Numbers are screened first: the fifteen that Morris puts first for the outcome, of all that the scenario leaves free. Then Latin
hypercubes of settings, and the box of which coverage times density is largest. `boxes.csv` in OUT has each limit of it, with how often
resampling of halves finds the number again, in per cent.
"""

import argparse
import csv
import time
import warnings
from pathlib import Path

import numpy as np
from ema_workbench.analysis import prim

import detente
from detente.discovery import Problem, word
from detente.sensitivity import Study

warnings.simplefilter("ignore")
options = argparse.ArgumentParser()
options.add_argument("out", type=Path)
options.add_argument("--rows", type=int, default=1500)
options.add_argument("--futures", type=int, default=16)
options.add_argument("--days", type=int, default=365)
options = options.parse_args()
options.out.mkdir(parents=True, exist_ok=True)


def screened(model: detente.Model, outcome: str) -> list[str]:
    """The fifteen numbers that move an outcome most, by Morris with four trajectories."""
    study = Study.of(model, [outcome], n=8, days=options.days)
    spec = study.spec
    spec.sample_morris(4, seed=1).evaluate(study).analyze_morris(seed=1)
    moved = spec.analysis["mu_star"]
    order = sorted(range(len(study.numbers)), key=lambda i: (-float(moved[i]), study.numbers[i].name))
    return [study.numbers[i].name for i in order[:15]]


rows = []
for scenario, outcome in [("november-2024", "regional_war"), ("collective-deal", "collective_deal")]:
    started = time.monotonic()
    model = detente.Model(scenario)
    problem = Problem(model, [outcome], screened(model, outcome), n=options.futures, days=options.days)
    np.random.seed(1)
    experiments, found = problem.perform(options.rows)
    share = found[word(outcome)]
    # Of interest: settings in which the outcome is at least as likely as in the upper fifth of all.
    limit = max(float(np.quantile(share, 0.8)), 1 / options.futures)
    wanted = share >= limit
    if not wanted.any() or wanted.all():
        print(f"{scenario}, {outcome}: shares go from {share.min():.2f} to {share.max():.2f}; there is nothing to tell apart")
        continue
    found_box = prim.Prim(experiments[[word(n.name) for n in problem.numbers]], wanted, threshold=0.5).find_box()
    # Of the boxes on the way, the one with the largest product of coverage and density.
    path = found_box.peeling_trajectory
    chosen = int((path["coverage"] * path["density"]).idxmax())
    found_box.select(chosen)
    again = found_box.resample(iterations=10, p=0.5)
    box = found_box.box_lims[chosen]
    for name, (low, high) in problem.limits(box).items():
        number = next(number for number in problem.numbers if number.name == name)
        if (low, high) == (number.low, number.high) or word(name) not in again.index:
            continue
        if float(box[word(name)].iloc[0]) <= experiments[word(name)].min() and float(box[word(name)].iloc[1]) >= experiments[word(name)].max():
            continue
        rows.append(
            {
                "scenario": scenario,
                "outcome": outcome,
                "share_at_least": limit,
                "rows": len(experiments),
                "of_interest": int(wanted.sum()),
                "coverage": float(path["coverage"][chosen]),
                "density": float(path["density"][chosen]),
                "parameter": name,
                "low": low,
                "high": high,
                "range_low": number.low,
                "range_high": number.high,
                "found_again": float(again.loc[word(name)].iloc[0]),
            }
        )
    print(
        f"{scenario}, {outcome}: {len(experiments)} rows of {options.futures} futures, {wanted.sum()} with a share of {limit:.2f} or more; "
        f"coverage {path['coverage'][chosen]:.2f}, density {path['density'][chosen]:.2f}, {time.monotonic() - started:.0f} s"
    )
if rows:
    with open(options.out / "boxes.csv", "w", newline="") as file:
        table = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        table.writeheader()
        for row in rows:
            table.writerow({key: f"{value:.4g}" if isinstance(value, float) else value for key, value in row.items()})
