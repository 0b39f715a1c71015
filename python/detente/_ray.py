"""Batches on a Ray cluster (``pip install 'detente[cluster]'``)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from detente._errors import Error

if TYPE_CHECKING:
    from detente._model import Batch, Model, Progress, _Line


class Ray:
    """Where a batch runs: blocks of futures as tasks of Ray, ``m.batch(10**7, on=detente.Ray(), rows=False)``.

    A block is a pure function of scenario, setting, seed and numbers of futures; sums are whole numbers. So the digest is that of
    one process, however blocks are spread, and a block that is lost with its node is run again without harm.

    ``block``: futures of a task; make a task last a second or more. ``jobs``: threads of a task, and cores that it asks Ray for.
    ``in_flight``: tasks handed to Ray at a time, by default twice as many as its cores hold. ``retries``: how often a task may be
    lost with its node. ``ray.init`` is called where nobody has, with ``init`` as its arguments.

    With ``rows=True`` tables of futures and agreements come back as ``pyarrow.Table`` (needs pyarrow); with ``rows=False`` the driver
    holds sums alone. The model travels as all that its scenario says: no file is looked for on another node, and another version
    of the package there is refused.
    """

    def __init__(
        self,
        *,
        block: int = 2048,
        jobs: int = 1,
        in_flight: int | None = None,
        retries: int = 16,
        init: dict[str, Any] | None = None,
    ) -> None:
        if block < 1 or jobs < 1 or (in_flight is not None and in_flight < 1) or retries < 0:
            raise Error("bound", ["block, jobs and in_flight are 1 or more, and retries not negative"])
        self.block, self.jobs, self.in_flight, self.retries, self.init = block, jobs, in_flight, retries, init or {}

    def batch(
        self,
        model: Model,
        settings: list[_Line],
        days: int,
        columns: list[str] | None,
        rows: bool,
        progress: Progress,
    ) -> Batch:
        """Runs the settings; :meth:`Model.batch` calls it."""
        from detente._model import Batch, _Told

        try:
            import ray
        except ImportError:
            raise Error("name", ["Ray is not installed; pip install 'detente[cluster]'"]) from None
        if len(settings) > 1:
            raise Error("bound", ["a design is one setting after another on Ray: give Ray one setting, or run the design here"])
        if rows:
            try:
                import pyarrow
            except ImportError:
                raise Error("name", ["rows from Ray are pyarrow tables; install pyarrow, or run with rows=False"]) from None
        if not ray.is_initialized():
            ray.init(**self.init)
        blocks = list(_cut(settings[0], self.block))
        total = sum(block[4] for block in blocks)
        task = ray.remote(num_cpus=self.jobs, max_retries=self.retries)(_run)
        there = ray.put(model)
        most = self.in_flight or max(2, 2 * int(ray.cluster_resources().get("CPU", 1)) // self.jobs)
        waiting: dict[Any, int] = {}
        tables: dict[int, Any] = {}
        joining = model._native.joining()
        done = 0
        with _Told(progress) as told:
            try:
                following = iter(enumerate(blocks))
                while True:
                    while len(waiting) < most:
                        try:
                            i, block = next(following)
                        except StopIteration:
                            break
                        waiting[task.remote(there, block, days, self.jobs, columns, rows)] = i
                    if not waiting:
                        break
                    # In short turns, so that an interruption is heard.
                    ready, _ = ray.wait(list(waiting), num_returns=1, timeout=0.1)
                    for reference in ready:
                        i = waiting.pop(reference)
                        sums, kept = ray.get(reference)
                        joining.add(sums)
                        if kept is not None:
                            tables[i] = kept
                        done += blocks[i][4]
                        if told is not None:
                            told(done, total)
            except BaseException:
                for reference in waiting:
                    ray.cancel(reference, force=True)
                raise
        joined = Batch(model, joining.batch(), settings)
        if rows:
            joined._parts = {
                "futures": pyarrow.concat_tables([tables[i][0] for i in sorted(tables)]).unify_dictionaries(),
                "agreements": _numbered(pyarrow, [tables[i] for i in sorted(tables)]),
            }
        return joined


def _cut(line: _Line, block: int) -> Any:
    """A setting in blocks."""
    seed, params, moves, first, futures = line
    if futures < 1:
        raise Error("bound", ["there is no future to run; ask for one at least"])
    for start in range(first, first + futures, block):
        yield (seed, params, moves, start, min(block, first + futures - start))


def _run(model: Model, block: _Line, days: int, jobs: int, columns: list[str] | None, rows: bool) -> Any:
    """One block, where Ray puts it."""
    native = model._native.design([block], days, jobs, columns, rows, None)
    if not rows:
        return native.sums(), None
    import pyarrow

    return native.sums(), (pyarrow.table(native.futures), pyarrow.table(native.agreements))


def _numbered(pyarrow: Any, tables: list[Any]) -> Any:
    """Agreements of all blocks; ``row`` counts through the futures of all."""
    import pyarrow.compute as compute

    before, parts = 0, []
    for futures, agreements in tables:
        at = agreements.schema.get_field_index("row")
        moved = compute.add(agreements.column(at), before)
        parts.append(agreements.set_column(at, agreements.schema.field(at), moved))
        before += len(futures)
    return pyarrow.concat_tables(parts)
