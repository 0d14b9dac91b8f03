"""Things found by the file that holds them: one file, one thing, imported when it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from importlib import import_module
from pkgutil import iter_modules
from typing import Generic, Protocol, TypeVar

from mlipviewer.core import plugins


class Named(Protocol):
    @property
    def name(self) -> str: ...


Held = TypeVar("Held", bound=Named)


class ByFile(Mapping[str, Held], Generic[Held]):
    """What the modules of some packages hold, by name: a module `a_b.py` with a constant of the
    kind's name in capitals, that is called `a-b`. A module is imported when its name is asked for,
    all of them when the names are listed.

    After them come the plug-ins of a kind, each as `guard` makes it; a name that is taken stays
    ours."""

    def __init__(
        self,
        kind: type[Held],
        *packages: str,
        plugged: plugins.Kind | None = None,
        guard: Callable[[Held], Held] | None = None,
    ) -> None:
        self._kind, self._packages = kind, packages
        self._plugged, self._guard = plugged, guard
        self._guarded: dict[str, tuple[Held, Held]] = {}

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

    def _plugin(self, name: str) -> Held | None:
        """That of a plug-in, guarded; the same object each time."""
        if self._plugged is None:
            return None
        held = plugins.load(self._plugged, name, self._kind)
        if held is None or self._guard is None:
            return held
        if name not in self._guarded or self._guarded[name][0] is not held:
            self._guarded[name] = (held, self._guard(held))
        return self._guarded[name][1]

    def __getitem__(self, name: str) -> Held:
        found = self._held(name) if name in self._modules else None
        if found is None:
            found = self._plugin(name)
        if found is None:
            raise KeyError(name)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter((*self._names, *self._plugin_names()))

    def _plugin_names(self) -> list[str]:
        if self._plugged is None:
            return []
        found = []
        for name in plugins.names(self._plugged):
            if name in self._names:
                plugins.refuse(self._plugged, name, "the name is taken by MLIPViewer itself")
            elif self._plugin(name) is not None:
                found.append(name)
        return found

    def __len__(self) -> int:
        return len(self._names) + len(self._plugin_names())
