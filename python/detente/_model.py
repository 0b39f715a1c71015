"""Models, batches, effects and runs."""

from __future__ import annotations

import datetime
import json
import math
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Union

from detente import _detente
from detente._detente import Table
from detente._errors import Error

if TYPE_CHECKING:
    from detente._ray import Ray

Value = Union[float, str, datetime.date]
Day = Union[int, str, datetime.date]
Levers = Mapping[str, Union[Value, Sequence[tuple[Day, Value]]]]
Params = Union[str, Mapping[str, float]]
Progress = Union[bool, Callable[[int, int], object], None]
_Move = tuple[str, str, int]
_Line = tuple[int, Union[str, list[tuple[str, float]]], list[_Move], int, int]

#: The sentence that stands wherever results do.
CAVEAT = "A what-if tool: outputs are conditional on assumptions and are not predictions of real events."


def scenarios() -> list[str]:
    """Names of the scenarios that are built in.

    >>> "november-2024" in scenarios()
    True
    """
    return _detente.builtin()


class Explanation:
    """Why an event happened: as text (``str``, or how it is shown), and as data."""

    #: The chance, the draw, the terms of the equation and the causes, as ``detente explain --json`` has them.
    data: dict[str, Any]

    def __init__(self, text: str, data: dict[str, Any]) -> None:
        self._text = text
        self.data = data

    def __str__(self) -> str:
        return self._text

    def __repr__(self) -> str:
        return self._text


class Run:
    """One future, recorded from its first day to its last."""

    #: Seed and number of the future, and the days that were run.
    seed: int
    future: int
    days: int

    def __init__(self, native: _detente.Run, seed: int, future: int, days: int) -> None:
        self._native = native
        self.seed, self.future, self.days = seed, future, days

    def __repr__(self) -> str:
        return f"<detente.Run: seed {self.seed}, future {self.future}, {self.days} days, {self.headline}>"

    @cached_property
    def events(self) -> Table:
        """Everything that happened, a row each: the columns of ``events.csv``. ``event`` is what :meth:`explain` takes.

        >>> import detente
        >>> events = detente.Model("november-2024").run(days=20).events
        >>> events.row(0)["event"], events.row(0)["day"], len(events) > 20
        ('d0e1', 0, True)
        """
        return self._native.events()

    @cached_property
    def series(self) -> Table:
        """Daily series, a row an evening: the columns of ``series.csv``; ``series.unit(name)`` says in what.

        >>> import detente
        >>> series = detente.Model("november-2024").run(days=20).series
        >>> len(series), series["date"][0].isoformat()
        (20, '2024-11-08')
        """
        return self._native.series()

    @property
    def digest(self) -> str:
        """What the run is, in 16 hexadecimal digits: those of ``detente run`` for the same."""
        return self._native.digest()

    @property
    def escalation(self) -> str:
        """How far direct fire between states went: none, contained or regional."""
        return self._native.outcome()[0]

    @property
    def settlement(self) -> str:
        """What was settled: none, piecemeal or collective."""
        return self._native.outcome()[1]

    @property
    def headline(self) -> str:
        """The class that sums both up."""
        return self._native.outcome()[2]

    def explain(self, event: str) -> Explanation:
        """Why an event happened: its chance, its draw, the terms of its equation, and earlier causes.

        >>> import detente
        >>> run = detente.Model("november-2024").run(seed=1, days=60)
        >>> event = run.events.row(-1)["event"]
        >>> run.explain(event).data["event"]["id"] == event
        True
        """
        text, data = self._native.explain(event)
        return Explanation(text, json.loads(data))


class Batch:
    """Futures that were run, and what they show."""

    def __init__(
        self,
        model: Model,
        native: _detente.Batch,
        settings: list[_Line] | None = None,
        parts: _Tables | None = None,
        *,
        design: bool = False,
    ) -> None:
        self._model = model
        self._design = design
        self._native = native
        self._settings = settings
        self._parts = parts

    def __repr__(self) -> str:
        return f"<detente.Batch of {self._model.name}: {self.count} futures>"

    @property
    def model(self) -> Model:
        """The model that was run."""
        return self._model

    @property
    def count(self) -> int:
        """Futures."""
        return len(self.futures) if self._native.futures is not None else self._native.count()

    @property
    def futures(self) -> Any:
        """A row per future: the columns of ``runs.csv``, then ``seed`` and ``setting``.

        ``m.run(row)`` makes any of its rows a history. Of one setting from :class:`detente.Ray` it is a ``pyarrow.Table``.

        >>> import detente
        >>> m = detente.Model("november-2024")
        >>> futures = m.batch(20, days=60).futures
        >>> len(futures), futures.unit("killed.GAZA")
        (20, 'persons')
        >>> m.run(futures.row(7)).headline == futures.row(7)["headline"]
        True
        """
        return self._there("futures")

    @property
    def agreements(self) -> Any:
        """A row per agreement that was signed: the columns of ``agreements.csv``, then ``row``, the position of its future.

        >>> import detente
        >>> batch = detente.Model("november-2024").batch(20, days=200)
        >>> first = batch.agreements.row(0)
        >>> first["future"] == batch.futures.row(first["row"])["future"], first["lasted"] >= 0
        (True, True)
        """
        return self._there("agreements")

    @property
    def means(self) -> Any:
        """A row per setting: means of whole numbers and shares of words (``headline.regional_war``) over its futures.

        >>> import detente
        >>> means = detente.Model("november-2024").batch(10, design={"theta_war": [6.0, 12.0]}, days=90).means
        >>> means["row"], [0.0 <= share <= 1.0 for share in means["headline.regional_war"]]
        ([0, 1], [True, True])
        """
        return self._there("means")

    @cached_property
    def points(self) -> Table:
        """The numbers that each future drew, a row each: ``future``, then every number that is drawn, by its id (some 7 kB a future).

        Those of ``draws.csv`` of the command line; of a batch of one setting with ``params`` ``"prior"`` or ``"posterior"``.

        >>> import detente
        >>> m = detente.Model("november-2024")
        >>> points = m.batch(3, first=5, params="prior", days=10).points
        >>> points["future"], len(points["theta_war"])
        ([5, 6, 7], 3)
        """
        if self._settings is None or len(self._settings) != 1:
            raise Error("name", ["only the futures of one setting that was run here have points; run that setting as a batch"])
        return self._model._native.points(self._settings[0])

    @cached_property
    def summary(self) -> Table:
        """Shares and means with intervals, a row each; the column ``is`` says what value and ends are.

        A batch of several settings has none: their futures are no sample of anything.

        >>> import detente
        >>> summary = detente.Model("november-2024").batch(40, days=60).summary.to_dict()
        >>> war = [row for row in zip(*summary.values()) if row[:2] == ("headline", "regional_war")][0]
        >>> 0.0 <= war[3] <= war[2] <= war[4] <= 1.0
        True
        """
        return self._native.summary()

    @property
    def sums(self) -> str:
        """The sums with what they are of, as text (JSON): :meth:`Model.joined` takes such parts, run anywhere, and joins them.

        >>> import detente, json
        >>> m = detente.Model("november-2024")
        >>> json.loads(m.batch(5, first=10, days=30).sums)["futures"]
        [[10, 15]]
        """
        return self._native.sums()

    @property
    def digest(self) -> str:
        """What the batch is, in 16 hexadecimal digits: those that ``detente batch`` gives for the same futures.

        Of a design they are those of ``detente batch --design``, whichever columns were kept.
        """
        return self._native.rows_digest() if self._design else self._native.digest()

    def _there(self, name: str) -> Any:
        if self._parts is not None:
            if name not in self._parts:
                raise Error("name", [f"a batch from Ray has no {name}; make them from its futures, or run it here"])
            return self._parts[name]
        table = getattr(self._native, name)
        if table is None:
            raise Error("name", [f"the batch was run for its sums alone, so there are no {name}; run it with rows=True"])
        return table


_Tables = dict[str, Any]


class Effect:
    """What levers change, future by future on the same random numbers."""

    def __init__(self, native: _detente.Effect) -> None:
        self._native = native

    def __repr__(self) -> str:
        return f"<detente.Effect of {self.pairs} pairs>"

    @property
    def pairs(self) -> int:
        """Pairs of futures."""
        return self._native.pairs()

    @cached_property
    def summary(self) -> Table:
        """Differences, with the levers less without, a row each with a 90 % interval.

        >>> import detente
        >>> summary = detente.Model("november-2024").effect({"unifil.troops": 15000}, 16, days=60).summary
        >>> summary.column_names
        ['what', 'of', 'value', 'low', 'high', 'is']
        """
        return self._native.summary()


class Model:
    """A scenario, read and checked.

    ``scenario`` is the name of a built-in scenario (:func:`scenarios`), the path of a scenario file, or the text of one: more than
    one line, or a line with ``=`` that is no path of a file.

    >>> import detente
    >>> m = detente.Model('format = 1\\nextends = "november-2024"\\n[levers]\\n"unifil.troops" = 15000\\n', name="stronger")
    >>> m.name, m.days
    ('stronger', 365)
    """

    def __init__(self, scenario: str | os.PathLike[str] = "november-2024", *, name: str = "scenario") -> None:
        if isinstance(scenario, str) and _is_text(scenario):
            self._native = _detente.Model.from_toml(name, scenario)
        else:
            self._native = _detente.Model.load(os.fspath(scenario))

    def __repr__(self) -> str:
        nowcast = f", from the nowcast {self.nowcast[0]}" if self.nowcast else ""
        return f"<detente.Model {self.name} ({self.hash}): {self.days} days from {self.start}{nowcast}>"

    def __reduce__(self) -> tuple[Any, ...]:
        # All that it says: its file may not be where the other process is, or be another one there.
        return _again, (self._native.content(), self.hash, _detente.VERSION, self.nowcast)

    @property
    def name(self) -> str:
        """Name."""
        return self._native.name

    @property
    def hash(self) -> str:
        """What its content is, in 16 hexadecimal digits."""
        return self._native.hash

    @property
    def start(self) -> datetime.date:
        """The first day, day 0."""
        return datetime.date.fromisoformat(self._native.start)

    @property
    def days(self) -> int:
        """Days that it runs unless told otherwise."""
        return self._native.days

    @property
    def nowcast(self) -> tuple[str, str] | None:
        """The nowcast from which its futures start, as it was asked for, and its digest; ``None`` if they start as the scenario does."""
        return self._native.nowcast

    def starting(self, nowcast: str | os.PathLike[str]) -> Model:
        """The same with futures that start from a nowcast, what was observed up to the day before: as ``--from`` of the command line.

        ``nowcast``: a folder or file that ``detente nowcast`` wrote, or the date of one that ships. Future K starts in the state of
        particle K modulo their number and has its numbers, so ``params`` is left at its default; levers, calendar and fixed numbers
        are the scenario's.

        >>> import detente
        >>> m = detente.Model("november-2024").starting("2024-11-07")
        >>> m.batch(4, days=20).digest == detente.Model("november-2024").batch(4, days=20).digest
        False
        """
        return Model._of(self._native.starting(os.fspath(nowcast)))

    @classmethod
    def _of(cls, native: _detente.Model) -> Model:
        model = cls.__new__(cls)
        model._native = native
        return model

    @cached_property
    def levers(self) -> Table:
        """What can be moved, a row each: id, unit, range, options, and where this scenario has it."""
        return self._native.levers()

    @cached_property
    def parameters(self) -> Table:
        """The numbers that the scenario leaves free, a row each: id, value, range, and whether the range is logarithmic."""
        return self._native.parameters()

    def run(
        self,
        row: Any = None,
        *,
        seed: int = 1,
        future: int = 0,
        levers: Levers | None = None,
        params: Params = "default",
        days: int | None = None,
    ) -> Run:
        """Runs one future and keeps all of it.

        ``row``: a row of a batch's futures (a dictionary, a pandas Series, or anything with its columns by name); it says all that
        the future is of, so nothing else is given with it.

        ``levers``: what is moved, by id: a value from day 0 on, or pairs of a day (a number, or a date) and a value.
        ``params``: ``"default"``, ``"prior"`` (as future ``future`` draws them), ``"posterior"``, or numbers by id.
        ``days``: 1 to 3650.

        >>> import detente
        >>> m = detente.Model("november-2024")
        >>> m.run(seed=1, levers={"unifil.troops": [(60, 15000)]}, days=90).digest == m.run(seed=1, days=90).digest
        False
        """
        if row is not None:
            if (seed, future, levers, params, days) != (1, 0, None, "default", None):
                raise Error("row", ["a row says all that its future is of; give it alone"])
            return self._run_again(row)
        length, seed, future = self._days(days), _whole(seed, "seed"), _whole(future, "future")
        native = self._native.run(seed, future, _params(params), self._moves(levers), length)
        return Run(native, seed, future, length)

    def batch(
        self,
        n: int = 1000,
        seed: int = 1,
        params: Params = "default",
        *,
        levers: Levers | None = None,
        design: Any = None,
        first: int = 0,
        days: int | None = None,
        jobs: int | None = None,
        columns: Sequence[str] | None = None,
        rows: bool = True,
        progress: Progress = None,
        on: Ray | None = None,
    ) -> Batch:
        """Runs ``n`` futures, numbers ``first`` to ``first + n - 1``.

        ``params``: ``"default"``, ``"prior"`` (drawn from their ranges for every future), ``"posterior"`` (from what the record to
        31 August 2024 says, or else from their ranges), or numbers by id, the same for every future.
        ``design``: many settings at once: a table (pandas, polars, pyarrow, a dictionary of lists, or a list of dictionaries) with a
        row per setting. Its columns are ids of levers (moved on day 0), ids of parameters (a family's id moves all of it but those that
        stand there by their own), ``seed`` and ``futures``; ``n`` futures are run of each row that does not say how many.
        ``jobs``: threads, by default one per core; no number depends on it.
        ``columns``: keeps ``future`` and only these of the futures' columns; ``seed`` and ``setting`` are among those that can be kept,
        and ``m.run(row)`` needs ``setting``.
        ``rows=False``: sums alone, in the same memory for any number of futures; of one setting.
        ``progress``: called with futures done and to do; ``True`` shows a bar (needs tqdm), which notebooks show by themselves.
        ``on``: where to run it, if not here (:class:`detente.Ray`).

        >>> import detente
        >>> m = detente.Model("november-2024")
        >>> whole = m.batch(48, days=60)
        >>> m.batch(48, days=60, jobs=1).digest == whole.digest
        True
        >>> means = m.batch(4, design={"theta_war": [6.0, 9.0], "unifil.troops": [10000, 15000]}, days=60).means
        >>> len(means), means["futures"]
        (2, [4, 4])
        """
        length, jobs = self._days(days), _jobs(jobs)
        if design is None:
            settings = [_line(seed, _params(params), self._moves(levers), first, n)]
        else:
            settings = self._settings(design, n, seed, params, self._moves(levers), first)
        kept = None if columns is None else list(columns)
        if on is not None:
            return on.batch(self, settings, length, kept, rows, progress, design=design is not None)
        with _Told(progress) as told:
            native = self._native.design(settings, length, jobs, kept, rows, told)
        return Batch(self, native, settings, design=design is not None)

    def effect(
        self,
        levers: Levers,
        n: int = 1000,
        seed: int = 1,
        params: Params = "default",
        *,
        beside: Levers | None = None,
        first: int = 0,
        days: int | None = None,
        jobs: int | None = None,
        progress: Progress = None,
    ) -> Effect:
        """What moving ``levers`` changes, future by future on the same random numbers; ``beside`` is moved in both arms.

        >>> import detente
        >>> effect = detente.Model("november-2024").effect({"deal.architecture": "collective"}, 32, days=90)
        >>> effect.pairs
        32
        """
        line = _line(seed, _params(params), self._moves(beside), first, n)
        length, jobs = self._days(days), _jobs(jobs)
        with _Told(progress) as told:
            return Effect(self._native.effect(self._moves(levers), line, length, jobs, told))

    def joined(self, parts: Iterable[str]) -> Batch:
        """Joins parts of one batch that were run separately, from their sums (``Batch.sums``), in any order.

        All have one setting (scenario, days, seed, numbers, levers) and one version, and no future is in two of them.

        >>> import detente
        >>> m = detente.Model("november-2024")
        >>> parts = [m.batch(20, first=first, days=30, rows=False).sums for first in (20, 0)]
        >>> m.joined(parts).digest == m.batch(40, days=30).digest
        True
        """
        joining = self._native.joining()
        for part in parts:
            joining.add(part)
        return Batch(self, joining.batch())

    def _run_again(self, row: Any) -> Run:
        try:
            setting, future = row["setting"], row["future"]
        except (KeyError, IndexError, TypeError, ValueError):
            words = "the row has no `future` and `setting`; take a row of a batch's `futures`, with both of these columns"
            raise Error("row", [words]) from None
        seed, name, given, levers, future, days = self._native.again(str(setting), _whole(future, "future", "row"))
        native = self._native.run(seed, future, given if name == "given" else name, levers, days)
        return Run(native, seed, future, days)

    def _days(self, days: Any) -> int:
        return self.days if days is None else _whole(days, "days", below=1 << 32)

    def _moves(self, levers: Levers | None) -> list[_Move]:
        moves = []
        if not isinstance(levers, (Mapping, type(None))):
            raise Error("order", [f"levers = {levers!r}: give a dictionary of ids and values"])
        for lever, what in (levers or {}).items():
            pairs = [(0, what)] if isinstance(what, str) or not isinstance(what, Sequence) else list(what)
            for pair in pairs:
                try:
                    day, value = pair
                except (TypeError, ValueError):
                    raise Error("order", [f"{lever}: {pair!r} is no pair of a day and a value"]) from None
                moves.append((lever, _value(lever, value), self._day(lever, day)))
        return moves

    def _day(self, lever: str, day: Any) -> int:
        if isinstance(day, str):
            try:
                day = datetime.date.fromisoformat(day)
            except ValueError:
                raise Error("order", [f"{lever}: {day!r} is no day; write a number of days or a date"]) from None
        if isinstance(day, datetime.datetime):
            day = day.date()
        if isinstance(day, datetime.date):
            day = (day - self.start).days
        if _is_bool(day) or not hasattr(day, "__index__") or not 0 <= int(day) < 1 << 31:
            raise Error("order", [f"{lever}: {day} is no day of a run; the first is 0"])
        return int(day)

    def _settings(
        self, design: Any, n: int, seed: int, params: Params, moves: list[_Move], first: int
    ) -> list[_Line]:
        columns = _columns(design)
        levers = set(self.levers["lever"])
        given = [name for name in columns if name not in levers and name not in ("seed", "futures")]
        shared: dict[str, float] = {}
        if given and isinstance(params, Mapping):
            shared = dict(params)
        elif given and params != "default":
            raise Error("point", [f"the design gives {given[0]}, so the other numbers cannot be drawn; leave params at default"])
        length = max((len(column) for column in columns.values()), default=0)
        settings = []
        for i in range(length):
            try:
                here = list(moves)
                for name in columns:
                    if name in levers:
                        here.append((name, _value(name, columns[name][i]), 0))
                point: str | list[tuple[str, float]] = _params(params)
                if given:
                    point = _params({**shared, **{name: columns[name][i] for name in given}})
                own_seed = columns["seed"][i] if "seed" in columns else seed
                futures = _whole(columns["futures"][i], "futures") if "futures" in columns else n
                settings.append(_line(own_seed, point, here, first, futures))
            except Error as error:
                raise Error(error.code, [f"row {i}: {sentence}" for sentence in error.sentences]) from None
        if not settings:
            raise Error("bound", ["the design has no rows; there is nothing to run"])
        return settings


def _again(content: str, hash: str, version: str, nowcast: tuple[str, str] | None) -> Model:
    """A model that was pickled: the same one, or an error."""
    if version != _detente.VERSION:
        words = f"the model comes from version {version}, and this is {_detente.VERSION}; install the same version in both places"
        raise Error("scenario", [words])
    model = Model._of(_detente.Model.reload(content))
    if model.hash != hash:
        raise Error("scenario", [f"the model was {hash} and came as {model.hash}; load it here from its file"])
    if nowcast is not None:
        model = model.starting(nowcast[0])
        if model.nowcast != nowcast:
            raise Error("scenario", [f"the nowcast {nowcast[0]} is another one here; make the same one there and here"])
    return model


def _is_text(scenario: str) -> bool:
    if "\n" in scenario:
        return True
    return "=" in scenario and not scenario.endswith(".toml") and not os.path.exists(scenario)


def _is_bool(value: Any) -> bool:
    """Python's, and those of NumPy, which are no numbers either."""
    return isinstance(value, bool) or type(value).__name__ in ("bool", "bool_")


def _line(
    seed: int, params: str | list[tuple[str, float]], moves: list[_Move], first: int, futures: int
) -> _Line:
    return _whole(seed, "seed"), params, moves, _whole(first, "first"), _whole(futures, "n")


def _whole(number: Any, name: str, code: str = "bound", below: int = 1 << 63) -> int:
    """A whole number that is not negative, a float without a fraction among them; a bool is a slip of the pen."""
    whole = -1
    if not _is_bool(number):
        if hasattr(number, "__index__"):
            whole = int(number.__index__())
        elif hasattr(number, "is_integer") and number.is_integer():
            whole = int(number)
    if not 0 <= whole < below:
        raise Error(code, [f"{name} = {number!r}: it takes a whole number, not negative"])
    return whole


def _jobs(jobs: Any) -> int | None:
    if jobs is None:
        return None
    if (threads := _whole(jobs, "jobs", below=1 << 31)) < 1:
        raise Error("bound", ["jobs = 0: it takes a number of threads, 1 or more, or None for one per core"])
    return threads


def _params(params: Any) -> str | list[tuple[str, float]]:
    if isinstance(params, str):
        return params
    if not isinstance(params, Mapping):
        raise Error("point", [f"params = {params!r}: it is default, prior, posterior or numbers by id"])
    return [(str(name), _number(str(name), value)) for name, value in params.items()]


def _number(name: str, value: Any) -> float:
    """A number; texts and bools are none."""
    number = math.nan
    if not _is_bool(value) and not isinstance(value, (str, bytes)):
        try:
            number = float(value)
        except (TypeError, ValueError, OverflowError):
            pass
    if math.isnan(number):
        raise Error("point", [f"{name} = {value!r}: it takes a number"])
    return number


def _value(lever: str, value: Any) -> str:
    """A value as files write it."""
    if _is_bool(value) or value is None:
        raise Error("order", [f"{lever}: {value} is no value; give a number, an option, a date or 'off'"])
    if isinstance(value, str):
        return value
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    if isinstance(value, datetime.date):
        return value.isoformat()
    if hasattr(value, "__index__"):
        return str(value.__index__())
    try:
        return repr(float(value))
    except (TypeError, ValueError):
        raise Error("order", [f"{lever}: {value!r} is no value; give a number, an option, a date or 'off'"]) from None


def _by_name(columns: list[tuple[Any, list[Any]]]) -> dict[str, list[Any]]:
    names = [str(name) for name, _ in columns]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise Error("row", [f"the design has the column {name} more than once; keep one" for name in twice])
    return dict(zip(names, (column for _, column in columns)))


def _columns(design: Any) -> dict[str, list[Any]]:
    """A table of any of the usual kinds as lists by column."""
    columns: dict[str, list[Any]]
    if isinstance(design, Table):
        columns = design.to_dict()
    elif isinstance(design, Mapping):
        columns = _by_name([(name, list(column)) for name, column in design.items()])
    elif hasattr(design, "column_names") and hasattr(design, "column"):  # pyarrow
        columns = _by_name([(name, design.column(i).to_pylist()) for i, name in enumerate(design.column_names)])
    elif hasattr(design, "iloc") and hasattr(design, "columns"):  # pandas: by position, for labels of rows may recur
        columns = _by_name([(name, design.iloc[:, i].tolist()) for i, name in enumerate(design.columns)])
    elif hasattr(design, "get_columns"):  # polars
        columns = _by_name([(column.name, column.to_list()) for column in design.get_columns()])
    elif isinstance(design, Sequence) and not isinstance(design, str):
        names = list(dict.fromkeys(name for row in design for name in row))
        try:
            columns = {str(name): [row[name] for row in design] for name in names}
        except KeyError as name:
            raise Error("row", [f"a row of the design has no {name}, which others have; give it in all or in none"]) from None
    else:
        raise Error("row", ["the design is no table; give a data frame, a dictionary of lists or a list of dictionaries"])
    if len({len(column) for column in columns.values()}) > 1:
        raise Error("row", ["the columns of the design differ in length"])
    return columns


class _Told:
    """A callback for progress: what the caller gave, a bar where one is wanted or in a notebook, or nothing."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._bar: Any = None

    def __enter__(self) -> Callable[[int, int], object] | None:
        if callable(self._progress):
            return self._progress
        if self._progress is False or (self._progress is None and not _in_notebook()):
            return None
        try:
            from tqdm.auto import tqdm
        except ImportError:
            if self._progress is None:
                return None
            raise Error("name", ["a bar needs tqdm; install it, or give a function of what is done and to do"]) from None
        self._bar = tqdm(unit="futures")

        def tell(done: int, total: int) -> None:
            self._bar.total = total
            self._bar.update(done - self._bar.n)

        return tell

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.close()


def _in_notebook() -> bool:
    import sys

    shell = sys.modules.get("IPython")
    if shell is None:
        return False
    kernel = shell.get_ipython()
    return type(kernel).__name__ == "ZMQInteractiveShell"
