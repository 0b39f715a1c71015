"""Runs the notebooks of this folder, and keeps in them what they show.

    python docs/lab/execute.py [NOTEBOOK...]

needs `pip install './python[notebooks]'`. Each takes a minute or two on two cores; the same version gives the same figures. Sizes stand in
the cell with the tag `parameters`.
"""

import sys
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient

LAB = Path(__file__).resolve().parent
#: A notebook with what it shows is no larger, so that a clone stays small and a browser shows it at once.
MOST_BYTES = 300_000


def executed(path: Path, sizes: dict[str, object] | None = None, before: str = "", after: str = "") -> nbformat.NotebookNode:
    """A notebook run from its first cell to its last, with `sizes` in place of those that it sets, and code before and after it.

    Raises what a cell of it raises, and `KeyError` for a size that it does not set.
    """
    notebook = nbformat.read(path, as_version=4)
    [cell] = [cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", [])]
    for name, value in (sizes or {}).items():
        if f"\n{name} = " not in f"\n{cell.source}":
            raise KeyError(f"{path.name} sets no {name}")
        cell.source += f"\n{name} = {value!r}"
    if before:
        notebook.cells.insert(0, nbformat.v4.new_code_cell(before))
    if after:
        notebook.cells.append(nbformat.v4.new_code_cell(after))
    NotebookClient(notebook, timeout=1800, record_timing=False, resources={"metadata": {"path": str(path.parent)}}).execute()
    # Which Python it was is nothing that a result depends on.
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    notebook.metadata = nbformat.from_dict({"kernelspec": kernel, "language_info": {"name": "python"}})
    return notebook


def main() -> None:
    for path in [Path(name) for name in sys.argv[1:]] or sorted(LAB.glob("*.ipynb")):
        started = time.monotonic()
        text = nbformat.writes(executed(path)) + "\n"
        if len(text.encode()) > MOST_BYTES:
            sys.exit(f"{path} would have {len(text.encode())} bytes, and {MOST_BYTES} are the most; show less in it")
        path.write_text(text, encoding="utf-8")
        print(f"{path.name}: {len(text.encode())} bytes, {time.monotonic() - started:.0f} s")


if __name__ == "__main__":
    main()
