"""What happens while the engine works: other threads run, progress is told, Ctrl-C is heard."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time

import pytest

import detente

MANY = 5_000_000


def test_progress_is_told_to_the_end(model: detente.Model) -> None:
    told: list[tuple[int, int]] = []
    model.batch(300, days=60, progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (300, 300)
    assert all(before <= after for (before, _), (after, _) in zip(told, told[1:]))


def test_short_work_is_not_waited_for(model: detente.Model) -> None:
    model.batch(1, days=1)
    spent = []
    for _ in range(20):
        started = time.perf_counter()
        model.batch(1, days=1, rows=False)
        spent.append(time.perf_counter() - started)
    # Whoever looks every 40 ms whether it is over waits as long nearly every time. A machine may have other work in some of them.
    assert sorted(spent)[5] < 0.035, spent


def test_a_stop_is_heard_while_settings_are_made_ready(model: detente.Model) -> None:
    class Enough(Exception):
        pass

    said = []

    def enough(done: int, total: int) -> None:
        said.append(time.monotonic())
        raise Enough

    table = model.parameters
    point = dict(zip(table["parameter"], table["default"]))
    design = {name: [value] * 3000 for name, value in point.items()}
    with pytest.raises(Enough):
        model.batch(1, design=design, days=3650, progress=enough)
    # To run them would take half a minute.
    assert time.monotonic() - said[0] < 5


def test_what_a_callback_raises_stops_the_work(model: detente.Model) -> None:
    class Enough(Exception):
        pass

    def enough(done: int, total: int) -> None:
        raise Enough

    started = time.monotonic()
    with pytest.raises(Enough):
        model.batch(MANY, rows=False, progress=enough)
    with pytest.raises(Enough):
        model.effect({"unifil.troops": 15000}, MANY, progress=enough)
    assert time.monotonic() - started < 5


def test_other_threads_go_on(model: detente.Model) -> None:
    ticks = 0
    over = threading.Event()

    def tick() -> None:
        nonlocal ticks
        while not over.is_set():
            ticks += 1
            time.sleep(0.005)

    thread = threading.Thread(target=tick)
    thread.start()
    started = time.monotonic()
    model.batch(200, jobs=1, rows=False)
    spent = time.monotonic() - started
    over.set()
    thread.join()
    assert ticks > 20 * spent, (ticks, spent)


CODE = f"""
import sys, time, detente
m = detente.Model("november-2024")
print("begins", flush=True)
try:
    m.batch({MANY}, rows=False)
except KeyboardInterrupt:
    print("heard", time.time(), flush=True)
"""


@pytest.mark.skipif(os.name == "nt", reason="signals are sent otherwise there")
def test_an_interruption_is_heard_at_once() -> None:
    heard = []
    # On a machine that does other things, too, one in five may come late.
    for _ in range(5):
        # Away from the sources in this folder, which would be taken for what is installed.
        child = subprocess.Popen(
            [sys.executable, "-c", CODE], stdout=subprocess.PIPE, text=True, cwd=tempfile.gettempdir()
        )
        assert child.stdout is not None
        assert child.stdout.readline().strip() == "begins"
        time.sleep(0.5)
        sent = time.time()
        child.send_signal(signal.SIGINT)
        word, at = child.stdout.readline().split()
        assert word == "heard" and child.wait(30) == 0
        heard.append(float(at) - sent)
        if heard[-1] < 0.2:
            break
    assert min(heard) < 0.2, heard


MEMORY = """
import sys, detente
m = detente.Model("november-2024")
m.batch(200, days=2, rows=False)
m.batch(int(sys.argv[1]), days=2, rows=False)
# Of this program alone: what `resource` says is also of the one that started it.
[peak] = [line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")]
print(peak)
"""


@pytest.mark.skipif(not os.path.exists("/proc/self/status"), reason="memory is asked for otherwise there")
def test_memory_is_flat_over_futures() -> None:
    def peak(futures: int) -> int:
        line = [sys.executable, "-c", MEMORY, str(futures)]
        done = subprocess.run(line, capture_output=True, text=True, check=True, cwd=tempfile.gettempdir())
        return int(done.stdout)

    few, many = peak(20_000), peak(60_000)
    # Rows of 40,000 futures more would be some 40 MB.
    assert abs(many - few) < 3_000, (few, many)
