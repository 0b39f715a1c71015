"""What the model can do at all: pattern space exploration (Chérel, Cottineau and Reuillon 2015) in small.

    python docs/lab/reach.py OUT [--rounds 20] [--settings 100] [--futures 4] [--days 365]

A pattern is a bin of killed × days of war × agreements signed, and every future falls into one. The first round draws settings of all
free numbers by a Latin hypercube; each later one takes settings from the bins that were hit least often so far and moves a few of their
numbers, so that what is rare is sought and not what is likely. Beside it stand as many futures drawn at random (`params="prior"`).
`reach.csv` in OUT has the bins with how often each search hit them, `corners.csv` the futures at the ends, and `corner-NAME.json` each of
these as a row, for `Model.run`.
"""

import argparse
import csv
import json
import time
from pathlib import Path

import numpy as np
from scipy.stats import qmc

import detente
from detente import plots
from detente.sensitivity import numbers

#: Ends of the bins: killed, days of war; agreements are counted as they are.
KILLED = [0, 5_000, 10_000, 20_000, 30_000, 40_000, 60_000, 80_000, 120_000, 200_000, 400_000]
WAR = [0, 1, 8, 31, 91, 181]

options = argparse.ArgumentParser()
options.add_argument("out", type=Path)
options.add_argument("--scenario", default="november-2024")
options.add_argument("--rounds", type=int, default=20)
options.add_argument("--settings", type=int, default=100)
options.add_argument("--futures", type=int, default=4)
options.add_argument("--days", type=int, default=365)
options = options.parse_args()
options.out.mkdir(parents=True, exist_ok=True)
started = time.monotonic()
model = detente.Model(options.scenario)
free = numbers(model)
dice = np.random.default_rng(1)

Bin = tuple[int, int, int]


def patterns(futures: detente.Table) -> tuple[list[Bin], list[tuple[int, int, int]]]:
    """The bin of every future, and what it is made of."""
    killed = np.sum([futures[name] for name in futures.column_names if name.startswith("killed.")], axis=0)
    signed = np.sum([futures[name] for name in futures.column_names if name.startswith("ever_signed.")], axis=0)
    whole = list(zip(killed.tolist(), futures["war_days"], signed.tolist()))
    place = lambda ends, value: int(np.searchsorted(ends, value, side="right")) - 1  # noqa: E731
    return [(place(KILLED, k), place(WAR, w), s) for k, w, s in whole], whole


hits: dict[Bin, int] = {}
#: Positions of the settings that reached each bin, the latest few of them.
known: dict[Bin, list[np.ndarray]] = {}
#: For each corner the future at the end of it, and its row.
corners: dict[str, tuple[float, tuple[int, int, int], dict[str, object]]] = {}
ENDS = {
    "most killed": lambda k, w, s: k,
    "fewest killed": lambda k, w, s: -k,
    "longest war": lambda k, w, s: w,
    "most agreements": lambda k, w, s: s - k * 1e-9,
    "agreements amid war": lambda k, w, s: s * min(w, 30) - k * 1e-9,
    "many killed without war": lambda k, w, s: k if w == 0 else -1,
    "war with few killed": lambda k, w, s: -k if w >= 31 else -1e12,
}


def look(batch: detente.Batch, positions: np.ndarray | None) -> list[Bin]:
    """Takes down where the futures of a batch fell."""
    bins, whole = patterns(batch.futures)
    for i, (where, made) in enumerate(zip(bins, whole)):
        for name, end in ENDS.items():
            if end(*made) > corners.get(name, (-1e11,))[0]:
                corners[name] = (end(*made), made, batch.futures.row(i))
        if positions is not None:
            hits[where] = hits.get(where, 0) + 1
            known.setdefault(where, []).append(positions[i // options.futures])
            del known[where][:-8]
    return bins


grown = []
for number in range(options.rounds):
    if number == 0:
        positions = qmc.LatinHypercube(len(free), seed=1).random(options.settings)
    else:
        rare = sorted(known)
        weights = np.array([1 / hits[where] for where in rare])
        chosen = dice.choice(len(rare), options.settings, p=weights / weights.sum())
        positions = np.array([known[rare[c]][dice.integers(len(known[rare[c]]))] for c in chosen])
        # One number in fifty is drawn anew, one in ten moves a little.
        anew, moved = dice.random(positions.shape) < 0.02, dice.random(positions.shape) < 0.1
        positions = np.where(moved, np.clip(positions + dice.normal(0, 0.15, positions.shape), 0, 1), positions)
        positions = np.where(anew, dice.random(positions.shape), positions)
    design = {one.name: [one.at(u) for u in positions[:, i]] for i, one in enumerate(free)}
    design["seed"] = [1 + number * options.settings + i for i in range(options.settings)]
    look(model.batch(options.futures, design=design, days=options.days), positions)
    grown.append(len(hits))

# As many futures at random, with the numbers of each drawn anew.
count = options.rounds * options.settings * options.futures
plain = model.batch(count, seed=1, params="prior", days=options.days)
at_random: dict[Bin, int] = {}
for where in look(plain, None):
    at_random[where] = at_random.get(where, 0) + 1


def said(ends: list[int], place: int) -> tuple[int, object]:
    return ends[place], ends[place + 1] - 1 if place + 1 < len(ends) else ""


with open(options.out / "reach.csv", "w", newline="") as file:
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(["killed_from", "killed_to", "war_days_from", "war_days_to", "agreements", "search", "at_random"])
    for where in sorted(hits.keys() | at_random.keys()):
        killed, war, signed = where
        writer.writerow([*said(KILLED, killed), *said(WAR, war), signed, hits.get(where, 0), at_random.get(where, 0)])
with open(options.out / "corners.csv", "w", newline="") as file:
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(["corner", "killed", "war_days", "agreements", "seed", "future", "headline", "digest"])
    for name, (_, made, row) in corners.items():
        # Opened as a history, which has to be the same future.
        run = model.run(row)
        assert run.headline == row["headline"], name
        writer.writerow([name, *made, row["seed"], row["future"], row["headline"], run.digest])
        with open(options.out / f"corner-{name.replace(' ', '-')}.json", "w") as one:
            json.dump(row, one)

import matplotlib.pyplot as plt  # noqa: E402

most = max(max(where[2] for where in hits), max(where[2] for where in at_random))
picture, axes = plt.subplots(1, len(WAR), figsize=(13, 4.2), sharey=True)
for war, place in enumerate(axes):
    for killed in range(len(KILLED)):
        for signed in range(most + 1):
            where = (killed, war, signed)
            if where in hits or where in at_random:
                colour = "#1b5e8c" if where not in at_random else "#9fc3dc" if where in hits else "#d9a441"
                place.plot(signed, killed, "s", color=colour, markersize=8)
    low, high = said(WAR, war)
    place.set_title(f"{low} to {high} days of war" if high != "" and high != low else f"{low} days of war" if high == low else f"{low} days or more", fontsize=8, loc="left")
    place.set_xlim(-0.6, most + 0.6)
    place.set_ylim(-0.6, len(KILLED) - 0.4)
    place.set_xlabel("agreements signed", fontsize=7)
    place.tick_params(labelsize=7)
axes[0].set_yticks(range(len(KILLED)), [f"{end:,} or more" for end in KILLED])
axes[0].set_ylabel("killed", fontsize=8)
picture.tight_layout()
how = f"{count} futures of the search (dark: reached by it alone, light: by both, yellow: by {count} futures at random alone)"
plots.signed(picture, f"{how}; {model.name} ({model.hash}), {options.days} days; detente {detente.VERSION}").savefig(
    options.out / "reach.png", dpi=110
)
both = len(hits.keys() & at_random.keys())
print(f"search: {len(hits)} bins in {count} futures, by round {grown}; at random: {len(at_random)}; both: {both}")
for name, (_, made, row) in corners.items():
    print(f"{name}: {made[0]} killed, {made[1]} days of war, {made[2]} agreements; seed {row['seed']}, future {row['future']}")
print(f"{time.monotonic() - started:.0f} s")
