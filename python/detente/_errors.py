"""What can be wrong."""

from __future__ import annotations

from typing import NamedTuple


class Place(NamedTuple):
    """Where something is wrong in a scenario."""

    #: The file as it was named, or ``built-in NAME``.
    file: str
    #: Line, from 1; 0 if the mistake is the file as a whole.
    line: int
    #: Column in characters, from 1; 0 if the mistake is the file as a whole.
    column: int
    #: Dotted path of the key; empty if there is none.
    key: str


class Error(Exception):
    """Everything that is wrong with what was asked, each in a sentence with a way out.

    >>> import detente
    >>> try:
    ...     detente.Model("november-2024").run(levers={"unifil.trops": 1})
    ... except detente.Error as error:
    ...     print(error.code, "-", error)
    order - there is no lever `unifil.trops`; did you mean `unifil.troops`?
    """

    #: What kind of thing is wrong; stays from version to version: scenario, order, point, name, bound, row or stopped.
    code: str
    #: Sentences; never empty.
    sentences: list[str]
    #: Places of what is wrong in a scenario; else empty.
    places: list[Place]

    def __init__(self, code: str, sentences: list[str], places: list[tuple[str, int, int, str]] | None = None) -> None:
        super().__init__("\n".join(sentences))
        self.code = code
        self.sentences = list(sentences)
        self.places = [Place(*place) for place in places or []]

    def __reduce__(self) -> tuple[type[Error], tuple[str, list[str], list[tuple[str, int, int, str]]]]:
        return type(self), (self.code, self.sentences, [(p.file, p.line, p.column, p.key) for p in self.places])

    @property
    def file(self) -> str | None:
        """The file of the first mistake, if it is one in a file."""
        return self.places[0].file if self.places else None

    @property
    def line(self) -> int | None:
        """Its line, from 1."""
        return self.places[0].line if self.places else None

    @property
    def key(self) -> str | None:
        """Its key, as a dotted path."""
        return self.places[0].key if self.places else None
