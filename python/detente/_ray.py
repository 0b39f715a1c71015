"""Batches on a Ray cluster (``pip install 'detente[cluster]'``)."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
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

    Of one setting, with ``rows=True`` tables of futures and agreements come back as ``pyarrow.Table`` (needs pyarrow); with ``rows=False``
    the driver holds sums alone. Of a design (``design=``) blocks of rows come back and are put together to the tables, means among
    them, and the digest of one process. The model travels as all that its scenario says: no file is looked for on another node, and another version
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
        design: bool = False,
    ) -> Batch:
        """Runs the settings; :meth:`Model.batch` calls it."""
        from detente._model import Batch, _Told

        try:
            import ray
        except ImportError:
            raise Error("name", ["Ray is not installed; pip install 'detente[cluster]'"]) from None
        if design and not rows:
            raise Error("bound", ["several settings have no sums in common; keep rows, of few columns where there are many"])
        if rows and not design:
            try:
                import pyarrow
            except ImportError:
                raise Error("name", ["rows from Ray are pyarrow tables; install pyarrow, or run with rows=False"]) from None
        if not ray.is_initialized():
            ray.init(**self.init)
        with _Told(progress) as told:
            if design:
                # What is wrong with a setting is said here, before anything is handed out.
                stretches = self._results(ray, _stretch, model, list(_grouped(settings, self.block)), (days, self.jobs), told)
                native = model._native.assembled(settings, days, columns, _in_order(stretches))
                return Batch(model, native, settings, design=True)
            tables: dict[int, Any] = {}
            joining = model._native.joining()
            blocks = [[block] for block in _cut(settings[0], self.block)]
            for i, (sums, kept) in self._results(ray, _run, model, blocks, (days, self.jobs, columns, rows), told):
                joining.add(sums)
                if kept is not None:
                    tables[i] = kept
        joined = Batch(model, joining.batch(), settings)
        if rows:
            joined._parts = {
                "futures": pyarrow.concat_tables([tables[i][0] for i in sorted(tables)]).unify_dictionaries(),
                "agreements": _numbered(pyarrow, [tables[i] for i in sorted(tables)]),
            }
        return joined

    def _results(
        self, ray: Any, run: Any, model: Model, blocks: list[list[_Line]], rest: tuple[Any, ...], told: Any
    ) -> Iterator[tuple[int, Any]]:
        """What blocks gave, with their numbers, as they end; no more of them are handed out than may be waiting."""
        total, done = sum(line[4] for block in blocks for line in block), 0
        task = ray.remote(num_cpus=self.jobs, max_retries=self.retries)(run)
        there = ray.put(model)
        most = self.in_flight or max(2, 2 * int(ray.cluster_resources().get("CPU", 1)) // self.jobs)
        waiting: dict[Any, int] = {}
        following = iter(enumerate(blocks))
        try:
            while True:
                for i, block in itertools.islice(following, most - len(waiting)):
                    waiting[task.remote(there, block, *rest)] = i
                if not waiting:
                    return
                # In short turns, so that an interruption is heard.
                ready, _ = ray.wait(list(waiting), num_returns=1, timeout=0.1)
                for reference in ready:
                    i = waiting.pop(reference)
                    found = ray.get(reference)
                    done += sum(line[4] for line in blocks[i])
                    if told is not None:
                        told(done, total)
                    yield i, found
        finally:
            # Nothing, where all have ended.
            for reference in waiting:
                ray.cancel(reference, force=True)


def _in_order(found: Iterable[tuple[int, str]]) -> Iterator[str]:
    """Texts in the order of their numbers, as soon as those before them are there."""
    early: dict[int, str] = {}
    following = 0
    for i, text in found:
        early[i] = text
        while following in early:
            yield early.pop(following)
            following += 1


def _grouped(settings: list[_Line], most: int) -> Iterator[list[_Line]]:
    """Settings in blocks of so many futures at most, in order; one that is larger is cut."""
    block: list[_Line] = []
    room = most
    for line in settings:
        seed, params, moves, first, futures = line
        end = first + futures
        while first < end:
            here = min(room, end - first)
            block.append((seed, params, moves, first, here))
            first, room = first + here, room - here
            if room == 0:
                yield block
                block, room = [], most
    if block:
        yield block


def _cut(line: _Line, block: int) -> Any:
    """A setting in blocks."""
    seed, params, moves, first, futures = line
    if futures < 1:
        raise Error("bound", ["there is no future to run; ask for one at least"])
    for start in range(first, first + futures, block):
        yield (seed, params, moves, start, min(block, first + futures - start))


def _stretch(model: Model, block: list[_Line], days: int, jobs: int) -> str:
    """One block of a design, where Ray puts it."""
    return model._native.stretch(block, days, jobs)


def _run(model: Model, block: list[_Line], days: int, jobs: int, columns: list[str] | None, rows: bool) -> Any:
    """One block, where Ray puts it."""
    native = model._native.design(block, days, jobs, columns, rows, None)
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
