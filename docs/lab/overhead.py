"""What a batch costs from Python, beside the command line.

    python docs/lab/overhead.py PROGRAM [--futures 4000] [--times 5]

PROGRAM is a release build of the same version (`cargo build --release --no-default-features`). Both run the same futures with rows on one
thread, in turns, and the processor time of each process is compared: what they compute has the same digest, or nothing is said. The
package also hands its rows to pyarrow.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

import detente

PACKAGE = """
import json, sys, time, detente
batch = detente.Model("november-2024").batch(int(sys.argv[1]), params="prior", jobs=1, progress=False)
started = time.perf_counter()
import pyarrow
imported = time.perf_counter()
table = pyarrow.table(batch.futures)
print(json.dumps({"digest": batch.digest, "rows": table.num_rows, "handed_over": time.perf_counter() - imported}))
"""

options = argparse.ArgumentParser()
options.add_argument("program")
options.add_argument("--futures", type=int, default=4000)
options.add_argument("--times", type=int, default=5)
options = options.parse_args()
version = subprocess.run([options.program, "--version"], capture_output=True, text=True, check=True).stdout.split()[-1]
if version != detente.VERSION:
    sys.exit(f"{options.program} is {version}, and the package {detente.VERSION}: build both from one checkout")


def spent(line: list[str], folder: str) -> tuple[float, dict[str, object]]:
    """Processor time of a process, and what it says."""
    before = os.times()
    done = subprocess.run(line, capture_output=True, text=True, check=True, cwd=folder)
    after = os.times()
    used = after.children_user + after.children_system - before.children_user - before.children_system
    return used, json.loads(done.stdout)


started = time.monotonic()
program, package, imports, handed = [], [], [], []
with tempfile.TemporaryDirectory() as folder:
    for turn in range(options.times):
        out = os.path.join(folder, str(turn))
        line = ["batch", "--runs", str(options.futures), "--params", "prior", "--draws", "none", "--jobs", "1", "--json"]
        used, there = spent([os.path.abspath(options.program), "--quiet", *line, "--out", out], folder)
        program.append(used)
        used, here = spent([sys.executable, "-c", PACKAGE, str(options.futures)], folder)
        package.append(used)
        handed.append(float(str(here["handed_over"])))
        # The interpreter with pyarrow, which is there whatever is run.
        imports.append(spent([sys.executable, "-c", "import pyarrow, detente; print('{}')"], folder)[0])
        if here["digest"] != there["digest"]:
            sys.exit(f"the digests differ: {here['digest']} and {there['digest']}")
cli, ours, idle = (min(list_) for list_ in (program, package, imports))
print(
    f"{options.futures} futures of a year with rows, one thread, least of {options.times}: program {cli:.2f} s, package {ours - idle:.2f} s "
    f"({100 * ((ours - idle) / cli - 1):+.1f} %) and {idle:.2f} s for the interpreter; median {statistics.median(program):.2f} and "
    f"{statistics.median(package) - statistics.median(imports):.2f} s; rows handed to pyarrow in {1000 * min(handed):.2f} ms; "
    f"detente {detente.VERSION}; {time.monotonic() - started:.0f} s in all"
)
