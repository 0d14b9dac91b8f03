"""One file, one analysis: a module of `models` or `atoms` that holds an `ANALYSIS` is one, and has
its name (`correlation-checks` is in `correlation_checks.py`).

Modules of `frames` hold a `COMPUTATION`: what is found about one frame.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from importlib import import_module
from pkgutil import iter_modules
from typing import Generic, TypeVar

from mlipviewer.core.analysis import Analysis
from mlipviewer.core.computation import Computation

Held = TypeVar("Held", bound=Analysis | Computation)


class ByFile(Mapping[str, Held], Generic[Held]):
    """What the modules of some folders hold, by name. A module is imported when its name is asked
    for, all of them when the names are listed: a window needs few of them to start."""

    def __init__(self, kind: type[Held], *folders: str) -> None:
        self._kind, self._folders = kind, folders

    @cached_property
    def _modules(self) -> dict[str, str]:
        """The modules by name, in order; those of plots and the like hold nothing of the kind."""
        found = {}
        for folder in self._folders:
            package = import_module(f"{__name__}.{folder}")
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


ANALYSES: Mapping[str, Analysis] = ByFile(Analysis, "models", "atoms")
"""All analyses by name. The modules are cheap: what is heavy they import when they run."""

COMPUTATIONS: Mapping[str, Computation] = ByFile(Computation, "frames")
"""All computations of one frame, by name."""
