"""What Ray costs: two local nodes beside two plain processes.

    python docs/lab/nodes.py [--futures 8000] [--block 500] [--times 3]

Both run the same futures of a year for their sums, on one core each, in turns. Processes have loaded the package and the nodes are up
before the clock starts, so what is compared is the work and its handing round.
"""

import argparse
import statistics
import subprocess
import sys
import time

import detente
import ray
from ray.cluster_utils import Cluster

options = argparse.ArgumentParser()
options.add_argument("--futures", type=int, default=8000)
options.add_argument("--block", type=int, default=500)
options.add_argument("--times", type=int, default=3)
options = options.parse_args()

HALF = """
import sys, detente
m = detente.Model("november-2024")
m.batch(8, jobs=1, rows=False)
print("ready", flush=True)
first, count = map(int, sys.stdin.readline().split())
print(m.batch(count, first=first, params="prior", jobs=1, rows=False, progress=False).sums.replace("\\n", ""), flush=True)
"""

model = detente.Model("november-2024")
cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 1, "object_store_memory": 200 << 20})
cluster.add_node(num_cpus=1, object_store_memory=200 << 20)
ray.init(address=cluster.address, log_to_driver=False)
on = detente.Ray(block=options.block)
# Workers are there, and have the package.
model.batch(4 * options.block, params="prior", days=2, on=on, rows=False)
processes, nodes = [], []
for _ in range(options.times):
    halves = [subprocess.Popen([sys.executable, "-c", HALF], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    for half in halves:
        assert half.stdout is not None and half.stdout.readline().strip() == "ready"
    middle = options.futures // 2
    started = time.perf_counter()
    for half, (first, count) in zip(halves, [(0, middle), (middle, options.futures - middle)]):
        assert half.stdin is not None
        half.stdin.write(f"{first} {count}\n")
        half.stdin.flush()
    sums = [half.stdout.readline() for half in halves if half.stdout is not None]
    processes.append(time.perf_counter() - started)
    for half in halves:
        half.wait()
    started = time.perf_counter()
    batch = model.batch(options.futures, params="prior", on=on, rows=False)
    nodes.append(time.perf_counter() - started)
    assert batch.digest == model.joined(sums).digest
ray.shutdown()
cluster.shutdown()
print(
    f"{options.futures} futures of a year, blocks of {options.block}: two processes {statistics.median(processes):.2f} s "
    f"({', '.join(f'{t:.2f}' for t in processes)}), two nodes of Ray {statistics.median(nodes):.2f} s ({', '.join(f'{t:.2f}' for t in nodes)}): "
    f"{100 * statistics.median(processes) / statistics.median(nodes):.0f} % of their speed; same digest; detente {detente.VERSION}"
)
