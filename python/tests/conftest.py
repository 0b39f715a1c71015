"""What tests share: a model, the program, and `--long`."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any, Protocol

import pytest

import detente

ROOT = Path(__file__).resolve().parents[2]


class Program(Protocol):
    """The command line: arguments in, JSON out."""

    def __call__(self, *arguments: str) -> Any: ...


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="run what takes minutes, too")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--long"):
        for item in items:
            if "long" in item.keywords:
                item.add_marker(pytest.mark.skip(reason="takes minutes: --long"))


@pytest.fixture(scope="session")
def model() -> detente.Model:
    return detente.Model("november-2024")


@pytest.fixture(scope="session")
def path() -> Path:
    """The program of this checkout: `$DETENTE`, or the newest that was built."""
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    built = [target / profile / "detente" for profile in ("release", "debug")]
    found = [Path(os.environ["DETENTE"])] if "DETENTE" in os.environ else [path for path in built if path.exists()]
    if not found:
        pytest.fail("there is no program to hold the package against; `cargo build --no-default-features`, or set DETENTE")
    path = max(found, key=lambda path: path.stat().st_mtime)
    version = subprocess.run([path, "--version"], capture_output=True, text=True, check=True).stdout.split()[-1]
    # Another build may rightly give other numbers.
    assert version == detente.VERSION, f"{path} is {version}, and the package {detente.VERSION}: build both from one checkout"
    return path


@pytest.fixture(scope="session")
def program(path: Path) -> Program:
    """Runs it."""

    def run(*arguments: str) -> Any:
        done = subprocess.run([path, "--quiet", *arguments, "--json"], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return run
