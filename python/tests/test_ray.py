"""Batches on a real Ray, with a node that goes away."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

import detente

ray: Any = pytest.importorskip("ray")


@pytest.mark.long
def test_two_nodes_of_which_one_is_killed_give_the_digest_of_one_process(
    model: detente.Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ray.cluster_utils import Cluster

    # Workers look for modules where the driver stands: in this folder they would take the sources for what is installed.
    monkeypatch.chdir(tmp_path)

    whole = model.batch(1500, params="prior", days=120)
    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 1, "object_store_memory": 200 << 20})
    lost = cluster.add_node(num_cpus=1, object_store_memory=200 << 20)
    ray.init(address=cluster.address, log_to_driver=False)
    try:
        gone: list[float] = []

        def told(done: int, total: int) -> None:
            # Half-way, with tasks on both nodes.
            if done >= total // 3 and not gone:
                gone.append(time.monotonic())
                cluster.remove_node(lost, allow_graceful=False)

        on = detente.Ray(block=64)
        batch = model.batch(1500, params="prior", days=120, on=on, progress=told)
        assert gone, "the node was killed while there was work"
        assert batch.digest == whole.digest
        assert batch.futures.to_pydict() == whole.futures.to_dict()
        assert batch.agreements.to_pydict() == whole.agreements.to_dict()
        with pytest.raises(detente.Error, match="from Ray has no means"):
            batch.means
        design = {"theta_war": [6.0, 9.0, 12.0], "unifil.troops": [9000, 10000, 15000], "futures": [100, 7, 150]}
        many = model.batch(design=design, days=120, on=on)
        here = model.batch(design=design, days=120)
        assert many.digest == here.digest
        for name in ("futures", "agreements", "means"):
            assert getattr(many, name).to_dict() == getattr(here, name).to_dict()
        few = model.batch(design=design, days=120, on=detente.Ray(block=31), columns=["killed.GAZA"])
        assert few.futures.column_names == ["future", "killed.GAZA"] and few.digest == here.digest
        with pytest.raises(detente.Error, match="setting 1: "):
            model.batch(2, design={"theta_war": [8.0, 1e9]}, on=on)
        sums = model.batch(300, params="prior", days=120, on=on, rows=False)
        assert sums.digest == model.batch(300, params="prior", days=120).digest
    finally:
        ray.shutdown()
        cluster.shutdown()


def test_what_ray_cannot_do_is_said(model: detente.Model) -> None:
    for arguments in ({"block": 0}, {"jobs": 0}, {"retries": -1}, {"in_flight": 0}):
        with pytest.raises(detente.Error):
            detente.Ray(**arguments)  # type: ignore[arg-type]
    with pytest.raises(detente.Error, match="no sums in common"):
        model.batch(2, design={"theta_war": [8.0, 9.0]}, on=detente.Ray(), rows=False)
