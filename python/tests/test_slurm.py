"""Parts of a batch on a real Slurm of one node, one of them requeued, merged to the digest of one process.

Debian has what it needs: `apt-get install slurmctld slurmd slurm-client munge`. Nothing of an installed Slurm is used or changed: the daemons
run from a folder of this test, on ports of their own, and end with it.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import detente

LAB = Path(__file__).resolve().parents[2] / "docs" / "lab"
NEEDED = ("munged", "slurmctld", "slurmd", "sbatch", "squeue", "scontrol")
PARTS, RUNS, DAYS = 8, 12_000, 365

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(
        any(shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin") is None for name in NEEDED),
        reason="needs a Slurm: apt-get install slurmctld slurmd slurm-client munge",
    ),
    pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="slurmd runs tasks as root alone"),
]


def port() -> int:
    """One that is free now."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


class Slurm:
    """One node, and where its configuration lies."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.env = {**os.environ, "SLURM_CONF": str(folder / "slurm.conf"), "PATH": f"{os.environ['PATH']}:/usr/sbin"}
        self.daemons: list[subprocess.Popen[bytes]] = []
        host = socket.gethostname().split(".")[0]
        key = folder / "munge.key"
        key.write_bytes(os.urandom(1024))
        key.chmod(0o400)
        (folder / "state").mkdir()
        (folder / "spool").mkdir()
        (folder / "slurm.conf").write_text(
            f"""ClusterName=lab
SlurmctldHost={host}(127.0.0.1)
AuthType=auth/munge
AuthInfo=socket={folder}/munge.sock
CryptoType=crypto/munge
SlurmUser=root
SlurmdUser=root
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldPort={port()}
SlurmdPort={port()}
ProctrackType=proctrack/pgid
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
MpiDefault=none
ReturnToService=2
JobRequeue=1
KillWait=10
SchedulerParameters=batch_sched_delay=1,sched_interval=5
NodeName={host} NodeAddr=127.0.0.1 CPUs=2 State=UNKNOWN
PartitionName=all Nodes={host} Default=YES MaxTime=INFINITE State=UP
"""
        )
        munge = ["--foreground", "--force", f"--socket={folder}/munge.sock", f"--key-file={key}", f"--pid-file={folder}/munged.pid"]
        self.start("munged", *munge, f"--log-file={folder}/munged.log", f"--seed-file={folder}/munge.seed")
        self.until(lambda: (folder / "munge.sock").exists(), 20, "munged answers")
        self.start("slurmctld", "-D", "-L", f"{folder}/slurmctld.log")
        self.start("slurmd", "-D", "-N", host, "-L", f"{folder}/slurmd.log")
        self.until(lambda: "idle" in self.ask("sinfo", "--noheader", "--format=%t"), 60, "the node is idle")

    def start(self, *line: str) -> None:
        with open(self.folder / f"{line[0]}.out", "wb") as out:
            self.daemons.append(subprocess.Popen(line, env=self.env, stdout=out, stderr=out, cwd=self.folder))

    def ask(self, *line: str) -> str:
        done = subprocess.run(line, env=self.env, capture_output=True, text=True, cwd=self.folder)
        return done.stdout + done.stderr

    def until(self, ready: object, seconds: float, what: str) -> None:
        """Waits for it, and says what the daemons said if it does not come."""
        assert callable(ready)
        end = time.monotonic() + seconds
        while not ready():
            if time.monotonic() > end:
                logs = [path.read_text(errors="replace")[-2000:] for path in sorted(self.folder.glob("*.log"))]
                pytest.fail(f"not within {seconds:.0f} s: {what}\n" + "\n".join(logs))
            time.sleep(0.2)

    def stop(self) -> None:
        for daemon in reversed(self.daemons):
            daemon.terminate()
            try:
                daemon.wait(20)
            except subprocess.TimeoutExpired:
                daemon.kill()
                daemon.wait()


@pytest.fixture
def slurm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Slurm]:
    made = Slurm(tmp_path_factory.mktemp("slurm"))
    try:
        yield made
    finally:
        made.stop()


def test_parts_on_slurm_of_which_one_is_requeued_merge_to_one_process(
    slurm: Slurm, model: detente.Model, path: Path, tmp_path: Path
) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "detente").symlink_to(path.resolve())
    slurm.env["PATH"] = f"{tmp_path / 'bin'}:{slurm.env['PATH']}"
    slurm.env |= {"RUNS": str(RUNS), "PARTS": str(PARTS), "OUT": str(tmp_path / "parts")}
    sizes = [f"--array=0-{PARTS - 1}", "--cpus-per-task=1", "--parsable", f"--chdir={tmp_path}"]
    said = slurm.ask("sbatch", *sizes, str(LAB / "slurm.sh"))
    job = said.split(";")[0].strip()
    assert job.isdigit(), said
    # One that is at work, with a block of its own kept, is sent back to the queue.
    part = tmp_path / "parts" / "part-1"
    slurm.until(lambda: list(part.glob("blocks/*.block")), 240, "part 1 has kept a block")
    kept = len(list(part.glob("blocks/*.block")))
    assert not (part / "batch.json").exists()
    assert slurm.ask("scontrol", "requeue", f"{job}_1") == ""
    slurm.until(lambda: "PENDING" in slurm.ask("squeue", "--noheader", "--format=%T", f"--job={job}_1"), 60, "part 1 waits again")
    assert len(list(part.glob("blocks/*.block"))) >= kept and not (part / "batch.json").exists()
    # Meanwhile it is missing, and named as Slurm takes it.
    folders = [str(tmp_path / "parts" / f"part-{k}") for k in range(PARTS)]
    slurm.until(lambda: all((Path(folder) / "batch.json").exists() for k, folder in enumerate(folders) if k != 1), 600, "the others end")
    whole = tmp_path / "whole"
    merge = [str(path), "merge", *folders, "--runs", str(RUNS), "--parts", str(PARTS), "--out", str(whole), "--json"]
    if not (part / "batch.json").exists():
        early = subprocess.run(merge, capture_output=True, text=True)
        assert early.returncode == 2 and "--array=1" in early.stderr, early.stderr
    slurm.until(lambda: not slurm.ask("squeue", "--noheader", f"--job={job}").strip(), 600, "the array is through")
    restarts = slurm.ask("scontrol", "show", "job", f"{job}_1")
    assert "Restarts=1" in restarts, restarts
    done = subprocess.run(merge, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["digest"] == model.batch(RUNS, params="prior", rows=False).digest
