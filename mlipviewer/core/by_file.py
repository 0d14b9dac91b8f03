"""Things found by the file that holds them: one file, one thing, imported when it is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from importlib import import_module
from pkgutil import iter_modules
from typing import Generic, Protocol, TypeVar


class Named(Protocol):
    @property
    def name(self) -> str: ...


Held = TypeVar("Held", bound=Named)


class ByFile(Mapping[str, Held], Generic[Held]):
    """What the modules of some packages hold, by name: a module `a_b.py` with a constant of the
    kind's name in capitals, that is called `a-b`. A module is imported when its name is asked for,
    all of them when the names are listed."""

    def __init__(self, kind: type[Held], *packages: str) -> None:
        self._kind, self._packages = kind, packages

    @cached_property
    def _modules(self) -> dict[str, str]:
        """The modules by name, in order; some (of plots and the like) hold nothing of the kind."""
        found = {}
        for name in self._packages:
            package = import_module(name)
            for one in iter_modules(package.__path__):
                found[one.name.replace("_", "-")] = f"{package.__name__}.{one.name}"
        return dict(sorted(found.items()))

    @cached_property
    def _names(self) -> tuple[str, ...]:
        return tuple(name for name in self._modules if self._held(name) is not None)

    def _held(self, name: str) -> Held | None:
        held = getattr(import_module(self._modules[name]), self._kind.__name__.upper(), None)
        return held if isinstance(held, self._kind) and held.name == name else None

    def __getitem__(self, name: str) -> Held:
        found = self._held(name) if name in self._modules else None
        if found is None:
            raise KeyError(name)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)
