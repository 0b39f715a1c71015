"""A policy that is never far from the best: minimax regret over levers × uncertainties, by way of EMA Workbench.

    python docs/lab/robust.py OUT [--scenarios 300] [--futures 16] [--days 365]

Twelve policies, each a handful of levers from day 0 on, meet the same settings of all the numbers that `--params prior` draws (a Latin
hypercube), with the same luck. In every setting a policy is held against the best of the twelve there; its regret is how much worse it
does. `regrets.csv` in OUT has for each outcome and policy the mean outcome, the mean regret, that which 95 % of the settings keep below,
and the largest with its setting. `settings.csv` has these settings, as `detente batch --design` takes them.
"""

import argparse
import csv
import time
import warnings
from pathlib import Path

import numpy as np
from ema_workbench import ScalarOutcome
from ema_workbench.em_framework.points import Policy

import detente
from detente import plots
from detente.discovery import Problem, regrets, word

warnings.simplefilter("ignore")
#: Outcomes, whether more is better, and what they are.
OUTCOMES = {
    "killed": (False, "killed in a year"),
    "regional_war": (False, "share of futures with a regional war"),
    "lasting:LEB:180": (True, "share of futures with a 180-day truce in Lebanon"),
}
GROUPS = ("hzb", "iri", "hou", "pij", "ham", "wbg")
RESTRAINT = ("irn", "isr_irn", "isr_leb", "isr_gaz", "hzb", "hou", "iri", "ham")
#: What each policy moves; all else stays as the scenario has it.
POLICIES: dict[str, dict[str, float | str]] = {
    "as it is": {},
    "stronger UNIFIL": {"unifil.troops": 15000, "unifil.mandate": 2},
    "quick withdrawal": {"israel.withdrawal_days": 30, "laf.troops_south": 15000},
    "collective deal": {"deal.architecture": "collective"},
    "guaranteed deal": {"deal.guarantee": 1, "council.consequences": 1},
    "US leverage": {"us.leverage": 1, "us.group_talks": 1},
    "nuclear bargain": {"us.sanctions_relief": 1, "iran.enrichment_cap": "20"},
    "open channels": {"channel.oman": 1, "channel.qatar": 1, "channel.swiss": 1, "channel.berri_hochstein": 1, "channel.cairo": 1},
    "Israel strikes no first blow": {"israel.blow_rate": 0},
    "Iran strikes no first blow": {"iran.blow_rate": 0},
    "groups hold back": {f"iran.directive.{group}": 0.95 for group in GROUPS},
    "all sides spare civilians": {f"restraint.{side}": 0.9 for side in RESTRAINT},
}

options = argparse.ArgumentParser()
options.add_argument("out", type=Path)
options.add_argument("--scenario", default="november-2024")
options.add_argument("--scenarios", type=int, default=300)
options.add_argument("--futures", type=int, default=16)
options.add_argument("--days", type=int, default=365)
options = options.parse_args()
options.out.mkdir(parents=True, exist_ok=True)
model = detente.Model(options.scenario)
started = time.monotonic()

levers = sorted({lever for moved in POLICIES.values() for lever in moved})
table = model.levers.to_dict()
kinds = dict(zip(table["lever"], table["kind"]))
stands = dict(zip(table["lever"], table["at_start"]))
policies = []
for name, moved in POLICIES.items():
    full = {lever: moved.get(lever, stands[lever]) for lever in levers}
    policies.append(Policy(name, **{word(k): str(v) if kinds[k] == "choice" else float(v) for k, v in full.items()}))

kind = {name: ScalarOutcome.MAXIMIZE if more else ScalarOutcome.MINIMIZE for name, (more, _) in OUTCOMES.items()}
problem = Problem(model, list(OUTCOMES), None, levers, n=options.futures, days=options.days, kinds=kind)
np.random.seed(1)
experiments, found = problem.perform(options.scenarios, policies)

rows = []
worst = set()
for name, (more, _) in OUTCOMES.items():
    values = np.asarray(found[word(name)], dtype=float)
    of = {policy: values[np.asarray(experiments["policy"] == policy)] for policy in POLICIES}
    best = np.max(list(of.values()), axis=0) if more else np.min(list(of.values()), axis=0)
    for place, regret in enumerate(regrets(experiments, values, larger=more)):
        lost = best - of[regret.policy] if more else of[regret.policy] - best
        worst.add(regret.scenario)
        rows.append(
            {
                "outcome": name,
                "place": place + 1,
                "policy": regret.policy,
                "mean": float(of[regret.policy].mean()),
                "mean_regret": regret.mean,
                "regret_95": float(np.quantile(lost, 0.95)),
                "largest_regret": regret.regret,
                "in_setting": regret.scenario,
            }
        )
with open(options.out / "regrets.csv", "w", newline="") as file:
    writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({key: f"{value:.4g}" if isinstance(value, float) else value for key, value in row.items()})

# The settings in which somebody regrets most, one policy's rows of them, without the levers.
there = experiments[(experiments["policy"] == next(iter(POLICIES))) & experiments["scenario"].astype(str).isin(worst)]
design = problem.design([{word(n.name): row[word(n.name)] for n in problem.numbers} for _, row in there.iterrows()])
with open(options.out / "settings.csv", "w", newline="") as file:
    lines = csv.writer(file, lineterminator="\n")
    lines.writerow(["setting", *design])
    for row in zip(there["scenario"], *design.values()):
        lines.writerow([row[0], *(f"{value:.9g}" for value in row[1:])])

import matplotlib.pyplot as plt  # noqa: E402

picture, axes = plt.subplots(1, len(OUTCOMES), figsize=(13, 4.4))
for place, (name, (_, words)) in zip(axes, OUTCOMES.items()):
    mine = [row for row in rows if row["outcome"] == name][::-1]
    at = range(len(mine))
    place.barh(at, [row["largest_regret"] for row in mine], color="#9fc3dc", label="largest")
    place.plot([row["regret_95"] for row in mine], at, "|", color="#1b5e8c", markersize=9, label="95 % of settings below")
    place.plot([row["mean_regret"] for row in mine], at, "o", color="#1b5e8c", markersize=4, label="mean")
    place.set_yticks(list(at), [row["policy"] for row in mine], fontsize=7)
    place.set_title(words, fontsize=8, loc="left")
    place.set_xlabel("regret beside the best policy of each setting", fontsize=7)
    place.tick_params(labelsize=7)
    for side in ("top", "right"):
        place.spines[side].set_visible(False)
axes[0].legend(frameon=False, fontsize=7, loc="center right")
picture.tight_layout()
how = f"{len(POLICIES)} policies × {options.scenarios} settings of {len(problem.numbers)} numbers × {options.futures} futures with the same luck"
of_what = f"{how}; {model.name} ({model.hash}), {options.days} days, seed 1; detente {detente.VERSION}"
plots.signed(picture, of_what).savefig(options.out / "regrets.png", dpi=110)
for name in OUTCOMES:
    first, *_, last = [row for row in rows if row["outcome"] == name]
    print(
        f"{name}: least regret by {first['policy']} (largest {first['largest_regret']:.4g}, mean {first['mean_regret']:.4g}), "
        f"most by {last['policy']} (largest {last['largest_regret']:.4g})"
    )
print(f"{how}: {time.monotonic() - started:.0f} s")
