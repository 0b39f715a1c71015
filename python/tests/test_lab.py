"""What stands in docs/lab runs as it stands there."""

from __future__ import annotations

import json
import os
import runpy
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

LAB = Path(__file__).resolve().parents[2] / "docs" / "lab"


@pytest.mark.parametrize(
    ("script", "arguments", "files"),
    [
        ("sensitivity.py", ["--trajectories", "2", "--futures", "1", "--base", "2", "--sobol-futures", "2", "--days", "20"], 4),
        ("discovery.py", ["--rows", "40", "--futures", "2", "--days", "30"], 0),
        ("robust.py", ["--scenarios", "3", "--futures", "2", "--days", "40"], 3),
        ("reach.py", ["--rounds", "2", "--settings", "4", "--futures", "2", "--days", "60"], 10),
    ],
)
@pytest.mark.long
def test_scripts_run(tmp_path: Path, script: str, arguments: list[str], files: int) -> None:
    for needed in ("SALib", "ema_workbench", "matplotlib"):
        pytest.importorskip(needed)
    done = subprocess.run(
        [sys.executable, LAB / script, tmp_path / "out", *arguments], capture_output=True, text=True, cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr
    assert len(list((tmp_path / "out").iterdir())) >= files


@pytest.mark.long
def test_the_odd_future_has_a_history(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, LAB / "odd.py"], capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 0 and "the first of them: future" in done.stdout, done.stderr


#: Notebooks, with sizes that take seconds; those that are stored were run at their own (`python docs/lab/execute.py`).
SHORT: dict[str, dict[str, int]] = {
    "first-steps": {"FUTURES": 60, "FAN": 8, "DAYS": 90},
    "assumptions": {"TRAJECTORIES": 2, "MORRIS_FUTURES": 1, "BEST": 3, "BASE": 4, "SOBOL_FUTURES": 2},
    "odd-corner": {"ROWS": 60, "FUTURES": 8},
}

#: Run after a notebook: every figure in it says what it is of.
SIGNED = """
import matplotlib.pyplot as plt
from detente._model import CAVEAT
for number in plt.get_fignums():
    said = " ".join(text.get_text() for text in plt.figure(number).texts)
    for words in (CAVEAT, m.name, m.hash, f"{DAYS} days", "seed 1", detente.VERSION):
        assert words in said, (words, said)
print(len(plt.get_fignums()))
plt.close("all")
"""


def pictures(cells: list[Any]) -> int:
    """Pictures that the cells of a notebook show."""
    outputs = [output for cell in cells for output in cell.get("outputs", [])]
    return sum("image/png" in output.get("data", {}) for output in outputs)


@pytest.mark.parametrize("path", sorted(LAB.glob("*.ipynb")), ids=lambda path: path.stem)
def test_a_notebook_runs_and_signs_its_figures(path: Path) -> None:
    for needed in ("SALib", "ema_workbench", "matplotlib", "nbclient", "ipykernel"):
        pytest.importorskip(needed)
    pytest.importorskip("pandas", minversion="3")
    executed = runpy.run_path(str(LAB / "execute.py"))["executed"]
    with pytest.raises(KeyError, match="sets no MANY"):
        executed(path, {"MANY": 1})
    run = executed(path, SHORT[path.stem], "%config InlineBackend.close_figures = False", SIGNED)
    made = int(run.cells[-1].outputs[0].text)
    stored = json.loads(path.read_text(encoding="utf-8"))
    assert made == pictures(stored["cells"]) > 0


@pytest.mark.parametrize("path", sorted(LAB.glob("*.ipynb")), ids=lambda path: path.stem)
def test_a_stored_notebook_was_run_from_top_to_bottom(path: Path) -> None:
    notebook = json.loads(path.read_text(encoding="utf-8"))
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert [cell["execution_count"] for cell in code] == list(range(1, len(code) + 1))
    outputs = [output for cell in code for output in cell["outputs"]]
    assert not [output for output in outputs if output["output_type"] == "error" or output.get("name") == "stderr"]
    assert path.stat().st_size < 300_000


class Task:
    """A task of Slurm's: the script, with a program and a `scontrol` that only write down that they were called."""

    def __init__(self, folder: Path, program: str) -> None:
        self.calls = folder / "calls"
        (folder / "bin").mkdir()
        for name, body in (("detente", program), ("scontrol", "")):
            file = folder / "bin" / name
            file.write_text(f'#!/usr/bin/env bash\necho "{name} $*" >> "{self.calls}"\n{body}\n')
            file.chmod(0o755)
        there = {"SLURM_ARRAY_JOB_ID": "7", "SLURM_ARRAY_TASK_ID": "3", "PATH": f"{folder / 'bin'}:{os.environ['PATH']}"}
        self.child = subprocess.Popen(["bash", LAB / "slurm.sh"], cwd=folder, env={**os.environ, **there})

    def told(self, number: int) -> tuple[int, str]:
        """Its status and what was called, once a signal has come to it; 0 is none."""
        if number:
            until = time.monotonic() + 20
            while not self.calls.exists() and time.monotonic() < until:
                time.sleep(0.02)
            time.sleep(0.2)
            self.child.send_signal(number)
        return self.child.wait(30), self.calls.read_text()


@pytest.mark.skipif(os.name == "nt", reason="there is no Slurm")
def test_a_task_of_slurm_asks_to_be_run_again_only_when_its_time_is_over(tmp_path: Path) -> None:
    works = "trap 'kill $!; exit 143' TERM; sleep 30 & wait"
    cases = {
        "over": (works, signal.SIGUSR1, 143, True),
        "cancelled": (works, signal.SIGTERM, 143, False),
        "just_done": ("trap 'kill $!; exit 0' TERM; sleep 30 & wait", signal.SIGUSR1, 0, False),
        "refused": ("exit 2", 0, 2, False),
        "done": ("exit 0", 0, 0, False),
    }
    for name, (program, number, status, again) in cases.items():
        (folder := tmp_path / name).mkdir()
        ended, calls = Task(folder, program).told(number)
        assert ended == status, name
        assert "--part 3/64" in calls and "--resume" in calls
        assert ("scontrol requeue 7_3" in calls) == again, (name, calls)
