"""`pip install` gives the command line: the program of the checkout, without its window and its room for a class."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import sysconfig
import time
from pathlib import Path

import pytest

#: The script that was installed beside this Python.
SCRIPT = Path(sysconfig.get_path("scripts")) / ("detente.exe" if os.name == "nt" else "detente")


def run(*command: str | Path, cwd: Path) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(command, capture_output=True, cwd=cwd, timeout=300)


@pytest.mark.parametrize(
    "line",
    [
        ["run", "--days", "60", "--json"],
        ["run", "--days", "40"],
        ["batch", "--runs", "30", "--days", "60", "--params", "prior"],
        ["batch", "--runs", "30", "--days", "60", "--json"],
        ["parameters", "--json"],
        ["--version"],
        ["help", "batch"],
    ],
)
def test_it_says_what_the_program_says(path: Path, tmp_path: Path, line: list[str]) -> None:
    there, here = run(path, *line, cwd=tmp_path), run(SCRIPT, *line, cwd=tmp_path)
    assert there.returncode == here.returncode == 0, here.stderr
    assert there.stdout and here.stdout == there.stdout


def test_what_one_keeps_the_other_reads(path: Path, tmp_path: Path) -> None:
    assert run(SCRIPT, "run", "--days", "40", "--out", "kept", cwd=tmp_path).returncode == 0
    for part, futures in enumerate(["0..12", "12..20"]):
        there = run(SCRIPT if part else path, "batch", "--futures", futures, "--days", "20", "--out", f"part{part}", cwd=tmp_path)
        assert there.returncode == 0, there.stderr
    merge = ["merge", "part0", "part1", "--json", "--out"]
    for line, outs in ((["again", "kept"], [[], []]), (["explain", "kept", "d9e1"], [[], []]), (merge, [["one"], ["two"]])):
        there, here = (run(command, *line, *out, cwd=tmp_path) for command, out in zip((path, SCRIPT), outs))
        assert here.returncode == 0 and here.stdout == there.stdout, here.stderr
    assert (tmp_path / "one" / "runs.csv").read_bytes() == (tmp_path / "two" / "runs.csv").read_bytes()


@pytest.mark.parametrize(
    "line",
    [
        ["run", "--set", "unifil.trops=1"],
        ["batch", "no-such-scenario"],
        ["batch", "--runs", "many"],
        ["check", "none.toml"],
        ["explain", "none", "d1e1"],
        ["cause"],
        ["run", os.fsdecode(b"\xff") if os.name != "nt" else "x"],
    ],
)
def test_it_refuses_what_the_program_refuses_in_its_words(path: Path, tmp_path: Path, line: list[str]) -> None:
    there, here = run(path, *line, cwd=tmp_path), run(SCRIPT, *line, cwd=tmp_path)
    assert there.returncode == here.returncode == 2
    assert here.stderr == there.stderr and not here.stdout
    assert b"Traceback" not in here.stderr


@pytest.mark.parametrize("line", [["window"], [], ["class"]])
def test_what_is_not_in_it_is_said(tmp_path: Path, line: list[str]) -> None:
    here = run(SCRIPT, *line, cwd=tmp_path)
    assert here.returncode == 2 and b"was built without its" in here.stderr, here.stderr


def test_a_module_is_the_same_command(tmp_path: Path) -> None:
    line = ["batch", "--runs", "many"]
    module, script = run(sys.executable, "-m", "detente", *line, cwd=tmp_path), run(SCRIPT, *line, cwd=tmp_path)
    assert (module.returncode, module.stderr) == (script.returncode, script.stderr)


@pytest.mark.skipif(os.name == "nt", reason="no such signals there")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_a_batch_as_it_ends_the_programs(path: Path, tmp_path: Path, number: int) -> None:
    ended = []
    for i, command in enumerate((path, SCRIPT)):
        out = tmp_path / str(i)
        line = [str(command), "batch", "--runs", "1000000", "--days", "30", "--jobs", "1", "--out", "kept"]
        out.mkdir()
        child = subprocess.Popen(line, cwd=out, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        until = time.monotonic() + 60
        while not list(out.glob("kept/blocks/*.block")) and time.monotonic() < until:
            time.sleep(0.02)
        child.send_signal(number)
        said = child.communicate(timeout=60)[1]
        assert b"interrupted: " in said and b"--resume" in said and b"Traceback" not in said
        ended.append(child.returncode)
    assert ended == [128 + number] * 2


@pytest.mark.skipif(os.name == "nt", reason="no such signals there")
def test_ctrl_c_ends_what_does_not_listen(path: Path, tmp_path: Path) -> None:
    for command in (path, SCRIPT):
        # It waits for a scenario that nobody types.
        child = subprocess.Popen([command, "check", "-"], cwd=tmp_path, stdin=subprocess.PIPE, stderr=subprocess.PIPE)
        time.sleep(2)
        child.send_signal(signal.SIGINT)
        assert b"Traceback" not in child.communicate(timeout=60)[1]
        assert child.returncode == -signal.SIGINT
