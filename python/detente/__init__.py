"""Détente: a reproducible what-if simulation of conflict and negotiation in the Middle East from late 2024.

Outputs are conditional on assumptions and are not predictions of real events.

>>> import detente
>>> m = detente.Model("november-2024")
>>> batch = m.batch(64, seed=1, params="prior", days=120)
>>> len(batch.futures), len(batch.digest)
(64, 16)
>>> run = m.run(batch.futures.row(12))          # that one future, with everything that happened in it
>>> run.events.row(0)["day"]
0

Tables hand themselves over as Arrow streams: ``pandas.DataFrame.from_arrow(batch.futures)``, ``polars.DataFrame(batch.futures)``,
``pyarrow.table(batch.futures)``, and DuckDB by way of any of these.
"""

from detente._detente import VERSION, Table
from detente._errors import Error, Place
from detente._model import Batch, Effect, Explanation, Model, Run, scenarios
from detente._ray import Ray

__all__ = [
    "VERSION",
    "Batch",
    "Effect",
    "Error",
    "Explanation",
    "Model",
    "Place",
    "Ray",
    "Run",
    "Table",
    "scenarios",
]

#: Version of the model: builds that may give different numbers never share it.
__version__: str = VERSION
