"""From a strange point to its history: a regional war where the number that drives it most stands at its least.

    python docs/lab/odd.py
"""

import detente
from detente.sensitivity import numbers

NAME = "initiative.preventive_rate[ISR>IRN]"
model = detente.Model("november-2024")
[number] = numbers(model, [NAME])
batch = model.batch(256, params={NAME: number.low})
futures = batch.futures
odd = [i for i, headline in enumerate(futures["headline"]) if headline == "regional_war"]
print(f"{NAME} at {number.low}: a regional war in {len(odd)} of {len(futures)} futures")
row = futures.row(min(odd, key=lambda i: futures["days_to.regional_war"][i]))
run = model.run(row)
day = row["days_to.regional_war"]
print(f"the first of them: future {row['future']}, on day {day}\n")
# What was fired between states on that day, and why.
events = [run.events.row(i) for i, at in enumerate(run.events["day"]) if at == day]
telling = next((event for event in events if event["kind"] not in ("fire", "step_up", "step_down")), events[0])
print(run.explain(telling["event"]))
