"""Free numbers and their ranges."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from detente._errors import Error
from detente._model import Model


class Number(NamedTuple):
    """A number that varies."""

    #: Id.
    name: str
    #: Least value.
    low: float
    #: Largest value.
    high: float
    #: Whether its range is logarithmic.
    log: bool = False

    def at(self, position: float) -> float:
        """Its value at a position in its range, 0 to 1; never outside, whatever rounding does."""
        if self.log:
            value = self.low * math.exp(position * math.log(self.high / self.low))
        else:
            value = self.low + position * (self.high - self.low)
        return min(max(value, self.low), self.high)


def numbers(model: Model, parameters: Sequence[str] | None = None) -> list[Number]:
    """Free numbers of a model: those of these ids, or all that ``params="prior"`` draws."""
    table = model.parameters.to_dict()
    rows = zip(*(table[name] for name in ("parameter", "low", "high", "log", "drawn")))
    free, drawn = {}, []
    for name, low, high, log, is_drawn in rows:
        free[name] = Number(name, low, high, bool(log))
        if is_drawn:
            drawn.append(name)
    if parameters is None:
        parameters = drawn
    missing = [name for name in parameters if name not in free]
    if missing:
        raise Error("point", [f"{name} is no free number of this scenario; `.parameters` lists them" for name in missing])
    return [free[name] for name in parameters]
